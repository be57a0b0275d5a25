/* extract_word_flow.h - runs of text put back together as a reader sees them.
 *
 * Paragraphs, table rows and text boxes on one side; on the other the lines of
 * what is not simply text (deleted, inserted, hidden, covered, field codes),
 * each of which becomes a line of its own stream and, by kind, a mark. */
#ifndef SL_INSPECT_EXTRACT_WORD_FLOW_H
#define SL_INSPECT_EXTRACT_WORD_FLOW_H

#include <stdbool.h>
#include <stdint.h>

#include "inspect/extract/extract.h"
#include "inspect/extract/extract_styles.h"

enum { WORD_FRAMES_MAX = 24 };

enum word_frame_kind { FRAME_BASE, FRAME_TEXT_BOX, FRAME_CHOICE, FRAME_FALLBACK, FRAME_RUBY };

/* A flow of paragraphs of its own. */
struct word_frame {
	enum word_frame_kind kind;
	struct buf line;	 /* text of this flow that is not yet in the stream */
	struct buf after;	 /* text boxes anchored in the present paragraph */
	struct buf choice;	 /* what mc:Choice said, for comparing mc:Fallback */
	char pending;		 /* separator owed before the next text, 0 none */
	int cells;		 /* nesting of table cells */
	int32_t cell_shade;	 /* RGB or FORMAT_UNSET */
	bool background_unknown; /* filled shape: colours prove nothing */
	bool styled_table;	 /* nor do they in a table with a style of its own */
	struct extract_format para, para_style, run, run_style;
};

struct word_flow {
	struct extract_part *part;
	const struct extract_styles *styles;
	enum segment_where where; /* of plain text */
	struct word_frame frames[WORD_FRAMES_MAX];
	int top;
	int deleted, inserted; /* nesting of w:del, w:ins and the moves */
	int32_t page_color;
	uint64_t seq; /* counts texts, to know neighbours */
	struct {
		bool open;
		size_t start;
		uint64_t seq;
	} line[WHERE_COUNT];
	uint32_t lines; /* line breaks of plain text so far */
	bool too_deep;
};

void word_flow_init(struct word_flow *f, struct extract_part *p,
		    const struct extract_styles *styles, enum segment_where where);
void word_flow_finish(struct word_flow *f); /* flush, close and free */

struct word_frame *word_flow_top(struct word_flow *f);
void word_flow_push(struct word_flow *f, enum word_frame_kind kind);
void word_flow_pop(struct word_flow *f);

/* Text of a run: goes where its formatting and the open revisions say. */
void word_flow_text(struct word_flow *f, const char *s, size_t len);
/* Text that is deleted by its very element. */
void word_flow_deleted(struct word_flow *f, const char *s, size_t len);
void word_flow_field(struct word_flow *f, const char *s, size_t len);
void word_flow_field_end(struct word_flow *f);
/* A visible line beside the paragraph (WordArt). */
void word_flow_beside(struct word_flow *f, const char *s, size_t len);

void word_flow_paragraph(struct word_flow *f);
void word_flow_paragraph_end(struct word_flow *f);
void word_flow_cell(struct word_flow *f);
void word_flow_cell_end(struct word_flow *f);
void word_flow_row_end(struct word_flow *f);

#endif
