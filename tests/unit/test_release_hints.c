/* Pages for people: hostile titles stay text, and what was taken down is said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "release/hints_private.h"

static json_t *item(const char *title)
{
	return json_pack("{s:{s:i},s:[{s:s,s:s}],s:s,s:s,s:s,s:s}", "_channels",
			 "official-site", 57, "attachments", "title", title, "url",
			 "blobs/aa/aa", "id", "R-2026-000002", "title", title, "_corrects",
			 "R-2026-000001", "date_published", "2026-05-28T20:26:40Z");
}

static bool tool_accepts(const char *command, const struct buf *page)
{
	FILE *p = popen(command, "w");

	assert_non_null(p);
	assert_int_equal(fwrite(page->data, 1, page->len, p), page->len);
	return pclose(p) == 0;
}

static void titles_stay_text(void **state)
{
	static const char *const titles[] = {
		"<script>alert(1)</script>",
		"\"><img src=x onerror='x'>",
		"]]>&amp;&lt;",
		"a\xe2\x80\xae"
		"txt.exe",
		"\x01\x1b[31mred\x7f",
		"\xef\xbf\xbf\xef\xbf\xbe",
		"broken \xff\xfe utf-8",
		"--> <!ENTITY x SYSTEM 'file:///etc/passwd'>",
	};
	bool xmllint = access("/usr/bin/xmllint", X_OK) == 0;

	(void)state;
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		json_t *list = json_array(), *gone = json_array(), *j = item(titles[i]);
		struct buf html, atom;

		/* jansson refuses what is not UTF-8: a manifest cannot carry it either. */
		if (j == NULL)
			j = item("x");
		buf_init(&html, 1 << 20);
		buf_init(&atom, 1 << 20);
		assert_int_equal(json_array_append_new(list, j), 0);
		hints_html(list, gone, &html);
		hints_atom(list, gone, "2026-05-28T20:26:40Z", &atom);
		assert_int_equal(buf_error(&html), SL_OK);
		assert_int_equal(buf_error(&atom), SL_OK);
		assert_null(strstr(buf_str(&html), "<script"));
		assert_null(strstr(buf_str(&html), "<img"));
		assert_null(strstr(buf_str(&atom), "<!ENTITY"));
		assert_null(strstr(buf_str(&atom), "\xe2\x80\xae"));
		assert_null(strchr(buf_str(&atom), '\x1b'));
		if (xmllint)
			assert_true(tool_accepts("xmllint --noout - 2>/dev/null", &atom));
		json_decref(list);
		json_decref(gone);
		buf_release(&html);
		buf_release(&atom);
	}
}

static void what_is_gone_is_said(void **state)
{
	json_t *none = json_array(), *list = json_array(), *gone = json_array();
	struct buf html, atom;

	(void)state;
	buf_init(&html, 1 << 20);
	buf_init(&atom, 1 << 20);
	assert_int_equal(json_array_append_new(list, item("关于道路施工的通告")), 0);
	assert_int_equal(json_array_append_new(
				 gone, json_pack("{s:{s:i},s:s,s:s,s:s,s:s}", "_channels",
						 "micro-blog", 8, "id", "R-2026-000001",
						 "replaced_by", "R-2026-000002", "status",
						 "replaced", "when", "2026-05-28T20:26:40Z")),
			 0);
	hints_html(list, gone, &html);
	hints_atom(list, gone, "2026-05-28T20:26:40Z", &atom);
	assert_non_null(strstr(buf_str(&atom),
			       "<at:deleted-entry ref=\"urn:sluice:R-2026-000001\" "
			       "when=\"2026-05-28T20:26:40Z\"><link rel=\"successor-version\" "
			       "href=\"urn:sluice:R-2026-000002\"/><at:comment>replaced"));
	assert_non_null(strstr(buf_str(&atom), "rel=\"predecessor-version\" "
					       "href=\"urn:sluice:R-2026-000001\""));
	assert_non_null(strstr(buf_str(&html), "<s>R-2026-000001</s>"));
	/* What people call it by. */
	assert_non_null(strstr(buf_str(&html), " · official-site 57</small>"));
	assert_non_null(strstr(buf_str(&html), " · micro-blog 8</small>"));
	assert_non_null(strstr(buf_str(&atom), "<category term=\"official-site\" "
					       "label=\"official-site 57\"/>"));
	/* Each says that nobody signed it. */
	assert_non_null(strstr(buf_str(&html), HINTS_NOTE_EN));
	assert_non_null(strstr(buf_str(&atom), HINTS_NOTE_EN));
	buf_clear(&html);
	hints_html(none, none, &html);
	assert_null(strstr(buf_str(&html), "Taken down"));
	json_decref(none);
	json_decref(list);
	json_decref(gone);
	buf_release(&html);
	buf_release(&atom);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(titles_stay_text),
		cmocka_unit_test(what_is_gone_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
