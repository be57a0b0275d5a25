/* extract_rtf_flow.h - where the reader of rich text stands: its groups and what they hold. */
#ifndef SL_INSPECT_EXTRACT_RTF_FLOW_H
#define SL_INSPECT_EXTRACT_RTF_FLOW_H

#include "inspect/extract/extract.h"
#include "inspect/extract/extract_rtf.h"

enum {
	RTF_FONTS_MAX = 1 << 15,
	RTF_COLOURS_MAX = 1024,
	RTF_SIZE_USUAL = 24, /* half points */
};

struct rtf_group {
	enum rtf_action kind; /* what the text in it is */
	enum segment_where where;
	const char *word; /* that said so */
	bool owns;	  /* this group, not one around it */
	bool starred;	  /* "\*" was its first word */
	bool hidden, deleted, revised, shaded;
	unsigned colour, skip, font;
	unsigned size, far_size; /* of western and of Chinese letters */
	size_t start;		 /* of its value, of its stream for a comment */
};

struct rtf_run { /* text of one look, which becomes one mark */
	const char *rule, *evidence;
	enum segment_where where;
	size_t start;
};

struct rtf {
	struct extract *x;
	struct extract_part *part;
	struct rtf_group stack[EXTRACT_DEPTH_MAX];
	size_t depth;
	struct rtf_run run;
	struct buf pending; /* bytes of the running code page */
	struct buf value;   /* text of properties and fields, one after the other */
	struct buf bytes;   /* of the picture or object that is read */
	int nibble;	    /* half a byte of it, -1 none */
	unsigned codepage, skip, files;
	uint32_t high; /* a surrogate that waits for its other half */
	uint8_t charsets[RTF_FONTS_MAX];
	bool white[RTF_COLOURS_MAX];
	unsigned colours, rgb;
	bool row_shaded;
	int error;
};

static inline struct rtf_group *rtf_top(struct rtf *r)
{
	return &r->stack[r->depth];
}
static inline bool rtf_is_hex(enum rtf_action kind)
{
	return kind == RTF_PICTURE || kind == RTF_OBJECT || kind == RTF_DATA;
}
static inline bool rtf_is_value(enum rtf_action kind)
{
	return kind == RTF_INFO || kind == RTF_FIELD || kind == RTF_TEMPLATE ||
	       kind == RTF_SHAPE;
}

void extract_rtf_flow_init(struct rtf *r, struct extract *x);
void extract_rtf_flow_release(struct rtf *r);
int extract_rtf_flow_end(struct rtf *r) SL_MUST_USE; /* the first error */

void extract_rtf_flow_open(struct rtf *r);  /* { */
void extract_rtf_flow_close(struct rtf *r); /* } */
/* The text of the group is something else from here on. */
void extract_rtf_flow_become(struct rtf *r, enum rtf_action kind, enum segment_where where,
			     const char *word);

void extract_rtf_flow_byte(struct rtf *r, uint8_t c);	 /* of the running code page */
void extract_rtf_flow_unicode(struct rtf *r, int32_t n); /* \\uN */
void extract_rtf_flow_letter(struct rtf *r, uint32_t cp);
void extract_rtf_flow_break(struct rtf *r); /* a line ends */
void extract_rtf_flow_flush(struct rtf *r); /* before the code page or the look changes */

#endif
