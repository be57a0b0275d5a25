/* extract_html_sheet.h - the style sheets of one page, and which rules speak of an element. */
#ifndef SL_INSPECT_EXTRACT_HTML_SHEET_H
#define SL_INSPECT_EXTRACT_HTML_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "inspect/extract/extract_html_style.h"

enum {
	SHEET_RULES_MAX = 1 << 15,
	SHEET_TEXT_MAX = 4 << 20,
	SHEET_COMPOUNDS_MAX = 6,
	SHEET_CLASSES_MAX = 3,
	SHEET_BEFORE = 1, /* which content */
	SHEET_AFTER = 2,
	/* A page is looked at three times: with the rules that hold for sure; also with those
	   of conditions on an element; also with those of media. */
	SHEET_VIEWS = 3
};

struct sheet_effect {
	enum style_group group;
	bool important;
	int32_t first, last; /* with the first and the last value of its variables */
};

struct sheet_compound { /* offsets into text, 0: none */
	uint32_t type, id, classes[SHEET_CLASSES_MAX];
	char joint; /* to the one on its left: ' ', '>', '+', 0 none */
};

struct sheet_rule {
	struct sheet_compound compounds[SHEET_COMPOUNDS_MAX]; /* the last one first */
	size_t n_compounds, effects, n_effects;
	uint64_t mask;	  /* words that its element must have */
	uint32_t weight;  /* specificity */
	uint32_t content; /* offset of a value as written, 0 none */
	uint8_t of;	  /* 0, SHEET_BEFORE, SHEET_AFTER */
	uint8_t view;	  /* the first one in which it holds */
};

struct sheet_variable { /* offsets into text */
	uint32_t name, value;
};

struct html_sheet {
	struct buf text;
	struct sheet_rule *rules; /* owned */
	size_t n_rules, cap_rules;
	struct sheet_effect *effects; /* owned */
	size_t n_effects, cap_effects;
	struct sheet_variable *variables; /* owned */
	size_t n_variables, cap_variables;
	struct buf strings; /* of "content" and its like, a line each */
	bool any, hides;
	bool outside; /* a sheet that is not in the page */
	int error;    /* SL_E_LIMIT, SL_E_NOMEM */
};
void extract_html_sheet_init(struct html_sheet *s);
void extract_html_sheet_release(struct html_sheet *s);
/* Variables first, of the sheets and of attributes; then the rules. */
void extract_html_sheet_variables(struct html_sheet *s, const char *list, size_t len,
				  bool attribute);
void extract_html_sheet_rules(struct html_sheet *s, const char *css, size_t len);
/* A value with its variables replaced by their first or last values; what has none stays. */
void extract_html_sheet_resolve(const struct html_sheet *s, const char *value, bool last,
				char out[CSS_VALUE_MAX]);

/* An element and those around it: names, ids and classes, the innermost last. */
struct sheet_place {
	uint32_t name, id, classes; /* offsets into the text of the path */
	uint64_t mask;		    /* of extract_html_sheet_mask over all its words */
};
struct sheet_path {
	const char *text;
	const struct sheet_place *places;
	size_t n;
};
/* A few bits for each word, whatever its case: most rules are passed over by these alone. */
uint64_t extract_html_sheet_mask(const char *words);
/* In which view a rule speaks of the innermost element; SHEET_VIEWS: in none. */
unsigned extract_html_sheet_match(const struct html_sheet *s, const struct sheet_rule *r,
				  const struct sheet_path *path);

#endif
