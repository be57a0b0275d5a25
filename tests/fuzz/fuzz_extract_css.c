/* fuzz_extract_css.c - any bytes as a style sheet: its rules, declarations, strings, colours,
 * selectors and variables. */
#include <string.h>

#include "inspect/extract/extract_html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct sheet_place places[] = {
	{.name = 1, .mask = UINT64_MAX},
	{.name = 3, .id = 5, .classes = 7, .mask = UINT64_MAX}};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char names[] = "\0a\0b\0i\0w x";
	struct sheet_path path = {.text = names, .places = places, .n = 2};
	const char *s = (const char *)data;
	struct html_sheet sheet;
	struct css_declaration d;
	size_t at = 0, last = 0;

	if (size > 1 << 16)
		return 0;
	extract_html_sheet_init(&sheet);
	extract_html_sheet_variables(&sheet, s, size, false);
	extract_html_sheet_variables(&sheet, s, size, true);
	extract_html_sheet_rules(&sheet, s, size);
	for (size_t i = 0; i < sheet.n_rules; i++) {
		const struct sheet_rule *r = &sheet.rules[i];

		BUG(r->n_compounds == 0 || r->n_compounds > SHEET_COMPOUNDS_MAX);
		BUG(r->effects + r->n_effects > sheet.n_effects);
		BUG(extract_html_sheet_match(&sheet, r, &path) > SHEET_VIEWS);
	}
	while (extract_css_next(s, size, &at, &d)) {
		char value[CSS_VALUE_MAX];
		int32_t c = extract_css_color(d.value);

		BUG(at <= last || at > size || strlen(d.value) >= CSS_VALUE_MAX);
		last = at;
		BUG(c < CSS_COLOR_NONE || extract_css_over(c, 0xffffff) > 0xffffff);
		extract_html_sheet_resolve(&sheet, d.value, true, value);
		BUG(strlen(value) >= CSS_VALUE_MAX);
	}
	extract_html_sheet_release(&sheet);
	return 0;
}
