/* extract.h - text out of documents, with the place of every word.
 *
 * What the parsers of this folder share.  A document is a list of parts: part 0
 * is the file itself, every member, page picture, attachment or old revision is
 * another.  A part that is a document by itself (a member of an archive, an attached
 * file) is given to its own parser by extract_nested; its members become parts
 * below it.  A parser fills parts - text streams by place, and marks for what is
 * a finding by itself - and extract_emit hands them to a sink: objects first,
 * then their segments, then their findings.
 *
 * The text of an object is its streams in the order of enum segment_where, each
 * starting on a new line; line, column and offset of a segment or finding count
 * code points of that text.
 *
 * Everything here runs in the disposable child: the bytes are hostile. */
#ifndef SL_INSPECT_EXTRACT_EXTRACT_H
#define SL_INSPECT_EXTRACT_EXTRACT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "inspect/filter.h"

enum {
	EXTRACT_CHUNK = 32 << 20,	  /* longer streams become several segments */
	EXTRACT_OVERLAP = 4096,		  /* bytes that the next segment repeats */
	EXTRACT_MARKS_MAX = 64,		  /* of one rule in one part; the rest is counted */
	EXTRACT_XML_MAX = 64 << 20,	  /* bytes of one XML member */
	EXTRACT_UNPACKED_MAX = 256 << 20, /* inflated bytes of all members, at all depths */
	EXTRACT_NESTING_MAX = 5,	  /* documents inside documents */
	EXTRACT_DEPTH_MAX = 256,
	EXTRACT_PAGES_MAX = 2000,
	EXTRACT_REVISIONS_MAX = 16,
	EXTRACT_PIXELS_MAX =
		50 * 1000 * 1000, /* of one picture; a 600 dpi A4 scan has 35 million */
	EXTRACT_SIDE_MAX = 20000,
	/* Operators that one page of a PDF, or all of them, may cost (extract_pdf_cost). */
	EXTRACT_OPERATORS_MAX = 2000000,
	EXTRACT_OPERATORS_ALL_MAX = 20000000,
};

/* Where the result goes: the filter's record stream, or a test. */
struct extract_sink {
	int (*object)(void *arg, const struct filter_object *obj, uint32_t *ret_index);
	int (*segment)(void *arg, const struct segment *s);
	int (*finding)(void *arg, const struct finding *f);
	int (*fact)(void *arg, const char *key, const char *value);
	/* Bytes of an object that another filter must look at; NULL: they are not wanted. */
	int (*part)(void *arg, uint32_t object, const uint8_t *bytes, size_t len);
	void *arg;
};

/* Something found while parsing, at bytes of a stream of its part. */
struct extract_mark {
	char rule[FINDING_RULE_MAX];
	uint8_t severity, where;
	size_t start, len;
	char evidence[FINDING_EVIDENCE_MAX];
};

/* From byte `start` of stream `where` on, text stands on page `page`. */
struct extract_cut {
	uint8_t where;
	uint32_t page;
	size_t start;
};

struct extract;
struct extract_part {
	struct extract *owner;
	struct filter_object object; /* id, path and state are set by functions below */
	uint32_t n_below;	     /* parts made for its members */
	struct buf text[WHERE_COUNT];
	const char *borrowed; /* instead of text[WHERE_BODY]: bytes that outlive the part */
	size_t borrowed_len;
	struct extract_mark *marks;
	size_t n_marks, cap_marks;
	struct extract_cut *cuts;
	size_t n_cuts, cap_cuts;
	const uint8_t *handed; /* on to another filter: bytes that outlive the part, or NULL */
	size_t handed_len;
};

struct extract {
	/* What the running parser reads: the file, or inside extract_nested one document
	 * in it. */
	const char *name; /* as submitted, printable UTF-8 */
	const uint8_t *bytes;
	size_t len;
	struct extract_part *file; /* its part */
	size_t first;		   /* parts from here on are its members */
	unsigned depth;		   /* 0: the file itself */
	unsigned base;		   /* documents that file stands in, when it was handed on */

	struct extract_part **parts; /* owned; parts keep their address */
	size_t n_parts, cap_parts;
	struct buf *kept; /* owned bytes of nested documents, until release */
	size_t n_kept, cap_kept;
	size_t unpacked;   /* inflated so far, at most EXTRACT_UNPACKED_MAX */
	size_t text_bytes; /* in all streams, at most SEGMENT_TOTAL_MAX */
	unsigned n_handed; /* parts, at most FILTER_PARTS_MAX */
	size_t handed;	   /* their bytes, at most FILTER_HANDED_MAX */
	bool nomem;
	bool over;	  /* a ceiling of the whole document was hit */
	struct buf facts; /* key NUL value NUL ... */
};

/* Load converters, parsers and character maps, once, before the sandbox.
 * SL_E_CONFIG when something of the system is missing. */
int extract_load(struct sl_why *why) SL_MUST_USE;
/* "libxml2 2.9.14, poppler 22.12.0", for the report. */
const char *extract_engines(void);

/* Borrow the bytes; creates part 0. SL_E_NOMEM. */
int extract_init(struct extract *x, const char *name, const char *type, const uint8_t *bytes,
		 size_t len) SL_MUST_USE;
void extract_release(struct extract *x);

/* Room for one more in a list of n, which may move; doubles.  SL_E_LIMIT when it has max
 * already, SL_E_NOMEM. */
int extract_grow(void **list, size_t n, size_t *cap, size_t size, size_t max) SL_MUST_USE;

/* Choose the parser by media type and fill the parts.  0 also when parts failed;
 * an error only for lack of memory. */
int extract_document(struct extract *x) SL_MUST_USE;
/* Say everything to the sink.  When a ceiling was hit only object 0 is said,
 * failed "over-limit".  Errors are those of the sink. */
int extract_emit(struct extract *x, const struct extract_sink *sink) SL_MUST_USE;

/* The part of the document that is read now: part 0, or inside extract_nested another. */
struct extract_part *extract_file(struct extract *x);
/* A new part below it; path is FILE/member (made printable, bounded).  NULL: no memory
 * or too many parts (x->over is set). */
struct extract_part *extract_part_new(struct extract *x, const char *member, uint64_t bytes);
/* Part p is a document by itself: find out what it is by its structure, choose its parser
 * and fill it and the parts below.  Bytes move out of `bytes`, which is empty then.
 * What contradicts its name or is a program is a DH-008 mark; unknown, encrypted or too
 * deep: p is failed.  Pictures, PDF and formats before 2007 are handed on, save pictures
 * that `see` finds in the file itself.  SL_E_NOMEM is the one error. */
int extract_nested(struct extract *x, struct extract_part *p, const char *name,
		   struct buf *bytes) SL_MUST_USE;
/* The same for a picture, sound or film of a document: its texts are read; what is of no
 * such kind that we know (emf, wmf) is failed like pixels, for this reason. */
int extract_shown(struct extract *x, struct extract_part *p, const char *name,
		  struct buf *bytes, const char *reason) SL_MUST_USE;
/* Part p must be looked at by another filter, which gets these bytes; they live until
 * release.  Past the ceilings p is failed "over-limit" instead, whatever it was. */
void extract_hand_on(struct extract_part *p, const uint8_t *bytes, size_t len);
/* After a failed container: neither the document that is read now nor any of its members
 * counts as inspected. */
void extract_fail_all(struct extract *x, const char *reason);
/* State of the ledger entry.  The first failure of a part stays. */
void extract_fail(struct extract_part *p, const char *reason);
void extract_skip(struct extract_part *p, const char *rule);
/* Reason word for an error code: corrupt, over-limit, encrypted, … */
const char *extract_reason(int err);

/* Append to a stream; a line break is never doubled by extract_line_end. */
void extract_text(struct extract_part *p, enum segment_where w, const char *s, size_t len);
void extract_line_end(struct extract_part *p, enum segment_where w);
/* One whole line, "name: value" when name is not NULL; control characters of the
 * value become spaces. */
void extract_line(struct extract_part *p, enum segment_where w, const char *name,
		  const char *value, size_t len);
/* The following text of this stream stands on this page. */
int extract_cut(struct extract_part *p, enum segment_where w, uint32_t page) SL_MUST_USE;
/* A finding over stream bytes [start, end of stream).  More than
 * EXTRACT_MARKS_MAX of one rule only raise a counter in the last one. */
void extract_mark(struct extract_part *p, const char *rule, enum severity sev,
		  enum segment_where w, size_t start, const char *evidence);
size_t extract_stream_len(const struct extract_part *p, enum segment_where w);
/* A number of the file itself that other filters count as well: what a nested document
 * says is dropped. */
void extract_fact(struct extract *x, const char *key, uint64_t value);

/* The parsers. Each fills x->parts; hostile input only ever ends in failed
 * parts.  SL_E_NOMEM is the one error. */
int extract_plain_document(struct extract *x) SL_MUST_USE;
/* *out, taken over also on failure, in place of the text that extract_plain_document made the
 * body; its error is that of the buffer.  SL_E_NOMEM. */
int extract_plain_instead(struct extract *x, struct buf *out) SL_MUST_USE;
int extract_text_document(struct extract *x) SL_MUST_USE; /* the same, and Markdown */
int extract_json_document(struct extract *x) SL_MUST_USE;
int extract_csv_document(struct extract *x) SL_MUST_USE;
int extract_xml_document(struct extract *x) SL_MUST_USE;
int extract_svg_document(struct extract *x) SL_MUST_USE;
int extract_card_document(struct extract *x) SL_MUST_USE; /* calendars and cards */
int extract_html_document(struct extract *x) SL_MUST_USE;
int extract_docx_document(struct extract *x) SL_MUST_USE;
int extract_xlsx_document(struct extract *x) SL_MUST_USE;
int extract_pptx_document(struct extract *x) SL_MUST_USE;
int extract_odf_document(struct extract *x) SL_MUST_USE; /* odt, ods, odp, odg */
int extract_ofd_document(struct extract *x) SL_MUST_USE;
int extract_pdf_document(struct extract *x) SL_MUST_USE;
int extract_archive_document(struct extract *x) SL_MUST_USE; /* zip, tar, 7z, rar, gz */
int extract_rtf_document(struct extract *x) SL_MUST_USE;
int extract_mail_document(struct extract *x) SL_MUST_USE;
int extract_media_document(struct extract *x) SL_MUST_USE; /* sound and film: their texts */
int extract_image_document(struct extract *x) SL_MUST_USE; /* its metadata, not its pixels */

#endif
