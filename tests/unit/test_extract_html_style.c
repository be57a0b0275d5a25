/* test_extract_html_style.c - styles that hide, reverse, reorder or write text; and those that
 * only look so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "inspect/extract/extract_css.h"
#include "tests/support/extract_collect.h"

struct row {
	const char *name, *html;
	enum segment_where where;
	const char *words; /* that stand there */
	/* Of the finding, NULL: none at all.  An element is hidden (DH-003), anything longer
	 * is for a person to look at (RO-001). */
	const char *evidence;
};

static const struct row rows[] = {
	/* Escapes and comments. */
	{"escaped property", "<p style='displ\\61y:none'>藏", WHERE_HIDDEN, "藏", "p"},
	{"escaped value", "<p style='display:n\\00006fne'>藏", WHERE_HIDDEN, "藏", "p"},
	{"comment in a property", "<p style='/**/display/*x:y;*/:/**/none'>藏", WHERE_HIDDEN,
	 "藏", "p"},
	{"semicolon in a string", "<p style='quotes:\"a;b\";display:none'>藏", WHERE_HIDDEN,
	 "藏", "p"},
	{"escaped in a sheet", "<style>.x{displ\\61 y:none}</style><p class=x>藏", WHERE_HIDDEN,
	 "藏", "p"},
	{"no property", "<p style='displaynone:1;xdisplay:none'>见", WHERE_BODY, "见", NULL},
	/* Other ways to hide. */
	{"font: 0/0", "<p style='font:0/0 a'>藏", WHERE_HIDDEN, "藏", "p"},
	{"usual font", "<p style='font:bold 16px/1.5 Song'>见", WHERE_BODY, "见", NULL},
	{"weight of a font", "<p style='font:700 12px Song'>见", WHERE_BODY, "见", NULL},
	{"size of nothing", "<p style='font-size:0'><b style='font-size:2em'>藏</b>",
	 WHERE_HIDDEN, "藏", "p"},
	{"gap trick", "<p style='font-size:0'><b style='font-size:14px'>见</b>", WHERE_BODY,
	 "见", NULL},
	{"no size behind it", "<p style='font-size:0;font-size:x'>藏", WHERE_HIDDEN, "藏", "p"},
	{"security", "<p style='-webkit-text-security:disc'>藏", WHERE_HIDDEN, "藏", "p"},
	{"clip", "<p style='position:absolute;clip:rect(1px,1px,1px,1px)'>藏", WHERE_HIDDEN,
	 "藏", "p"},
	{"clip path", "<p style='clip-path:inset(50%)'>藏", WHERE_HIDDEN, "藏", "p"},
	{"clip of a part", "<p style='clip:rect(0px,60px,200px,0px)'>见", WHERE_BODY, "见",
	 NULL},
	{"off screen", "<p style='position:absolute;right:-9999px'>藏", WHERE_HIDDEN, "藏",
	 "p"},
	{"off screen in em", "<p style='position:absolute;left:-999em'>藏", WHERE_HIDDEN, "藏",
	 "p"},
	{"moved away", "<p style='transform:translate(-9999px, 0)'>藏", WHERE_HIDDEN, "藏",
	 "p"},
	{"moved a little", "<p style='left:-10px;transform:translateX(-50%)'>见", WHERE_BODY,
	 "见", NULL},
	{"no room", "<p style='height:0;overflow:hidden'>藏", WHERE_HIDDEN, "藏", "p"},
	{"no room, not cut", "<p style='height:0'>见", WHERE_BODY, "见", NULL},
	{"scale of nothing", "<p style='transform:scale(0)'>藏", WHERE_HIDDEN, "藏", "p"},
	{"opacity in percent", "<p style='opacity:1%'>藏", WHERE_HIDDEN, "藏", "p"},
	{"half opacity", "<p style='opacity:.5'>见", WHERE_BODY, "见", NULL},
	/* Colours. */
	{"hsl", "<p style='color:hsl(0 0% 100%)'>藏", WHERE_HIDDEN, "藏", "p"},
	{"rgb with shares", "<p style='color:rgb(100% 100% 100% / 1)'>藏", WHERE_HIDDEN, "藏",
	 "p"},
	{"hwb", "<p style='color:hwb(120 100% 0%)'>藏", WHERE_HIDDEN, "藏", "p"},
	{"with alpha", "<p style='color:#00000005'>藏", WHERE_HIDDEN, "藏", "p"},
	{"named", "<p style='background:mintcream;color:azure'>藏", WHERE_HIDDEN, "藏", "p"},
	{"system colour", "<p style='color:Canvas'>藏", WHERE_HIDDEN, "藏", "p"},
	{"fill", "<p style='-webkit-text-fill-color:#fff'>藏", WHERE_HIDDEN, "藏", "p"},
	{"nonsense behind", "<p style='color:#fff;color:nonsense'>藏", WHERE_HIDDEN, "藏", "p"},
	{"shorthand", "<p style='background:no-repeat center #123;color:#112233'>藏",
	 WHERE_HIDDEN, "藏", "p"},
	{"thin shade", "<p style='background:rgba(0,0,0,.05)'>见", WHERE_BODY, "见", NULL},
	{"colour of newer kind", "<p style='color:oklch(1 0 0)'>谁", WHERE_BODY, "谁",
	 "colour-not-read"},
	{"inner text with a colour", "<p style='color:#fff'><b style='color:#000'>见</b>",
	 WHERE_BODY, "见", NULL},
	/* Sheets. */
	{"class", "<style>.w{color:#fff}</style><p class='a w'>藏", WHERE_HIDDEN, "藏", "p"},
	{"rule behind the words", "<p class=w>藏</p><style>.w{color:#fff}</style>",
	 WHERE_HIDDEN, "藏", "p"},
	{"of another class", "<style>.w{color:#fff}</style><p class=ww>见", WHERE_BODY, "见",
	 NULL},
	{"button", "<style>.b{color:#fff;background:#06c}</style><p class=b>见", WHERE_BODY,
	 "见", NULL},
	{"stronger rule", "<style>#i{color:#000}p.w{color:#fff}</style><p id=i class=w>见",
	 WHERE_BODY, "见", NULL},
	{"important", "<style>.w{color:#fff!important}</style><p class=w style='color:red'>藏",
	 WHERE_HIDDEN, "藏", "p"},
	{"descendant", "<style>div.a p{color:#fff}</style><div class=a><section><p>藏",
	 WHERE_HIDDEN, "藏", "p"},
	{"not a child", "<style>div>p{color:#fff}</style><div><section><p>见", WHERE_BODY, "见",
	 NULL},
	{"while pointed at", "<style>p:hover{color:#fff}</style><p>见", WHERE_BODY, "见", NULL},
	{"under a condition", "<style>@media screen{p{color:#fff}}</style><p>谁", WHERE_BODY,
	 "谁", "may-be-hidden"},
	{"some of them", "<style>p:not(.x){color:#fff}</style><p>谁", WHERE_BODY, "谁",
	 "may-be-hidden"},
	{"both in the dark", "<style>@media x{p{color:#eee;background:#111}}</style><p>见",
	 WHERE_BODY, "见", NULL},
	{"variable", "<style>:root{--c:#fff}p{color:var(--c)}</style><p>藏", WHERE_HIDDEN, "藏",
	 "p"},
	{"variable of its own", "<p style='--d:none;display:var(--d)'>藏", WHERE_HIDDEN, "藏",
	 "p"},
	{"otherwise", "<p style='color:var(--x, white)'>藏", WHERE_HIDDEN, "藏", "p"},
	{"variable of a dark colour", "<style>:root{--c:#222}p{color:var(--c)}</style><p>见",
	 WHERE_BODY, "见", NULL},
	{"escaped class", "<style>.a\\:b{color:#fff}</style><p class='a:b'>藏", WHERE_HIDDEN,
	 "藏", "p"},
	{"sign beside a heading", "<style>a{opacity:1}</style><h1>见<a hidden>¶</a>",
	 WHERE_HIDDEN, "¶", NULL},
	/* What a sheet writes. */
	{"before", "<style>b::before{content:'机'}</style><p><b>密</b>", WHERE_BODY, "机密",
	 NULL},
	{"escaped after", "<style>b:after{content:'\\31\\33 8'}</style><p><b>电话</b>",
	 WHERE_BODY, "电话138", NULL},
	{"of an attribute", "<style>b::after{content:attr(data-x)}</style><b data-x=密>机</b>",
	 WHERE_BODY, "机密", NULL},
	{"not of this one", "<style>b.x::before{content:'机'}</style><p>a<b>密</b>", WHERE_BODY,
	 "a密", NULL},
	{"icon", "<style>b::before{content:'\\f101'}</style><p>机<b>密</b>", WHERE_BODY, "机密",
	 NULL},
	{"at times", "<style>b:hover::after{content:'绝密资料'}</style><b>x</b>", WHERE_ALT,
	 "绝密资料", NULL},
	{"quotes", "<style>q{quotes:'绝密资料' ''}</style><q>x</q>", WHERE_ALT, "绝密资料",
	 NULL},
	{"counter", "<p style='counter-reset:n 138'>电", WHERE_BODY, "电", "reordered"},
	{"usual counter", "<p style='counter-reset:n 0'>见", WHERE_BODY, "见", NULL},
	/* The order that a reader sees. */
	{"bdo", "<p>电话<bdo dir=rtl>4321</bdo>号", WHERE_BODY, "电话1234号", "reversed"},
	{"bdo, text", "<p>电话<bdo dir=rtl>4321</bdo>号", WHERE_BODY, "电话4321号", "reversed"},
	{"letters", "<p><bdo dir=rtl>密机</bdo>", WHERE_BODY, "机密", "reversed"},
	{"by style", "<p>a<b style='unicode-bidi:bidi-override;direction:rtl'>密机</b>",
	 WHERE_BODY, "a机密", "reversed"},
	{"by sheet", "<style>b{direction:rtl;unicode-bidi:isolate-override}</style><b>密机</b>",
	 WHERE_BODY, "机密", "reversed"},
	{"inherited direction", "<p dir=rtl><b style='unicode-bidi:bidi-override'>密机</b>",
	 WHERE_BODY, "机密", "reversed"},
	{"direction alone", "<p dir=rtl>见", WHERE_BODY, "见", NULL},
	{"override alone", "<p style='unicode-bidi:bidi-override'>见", WHERE_BODY, "见", NULL},
	{"mirrored", "<p style='transform:scaleX(-1)'>密机", WHERE_BODY, "机密", "reversed"},
	{"upside down", "<p style='rotate:180deg'>密机", WHERE_BODY, "机密", "reversed"},
	{"a little askew", "<p style='transform:rotate(-45deg)'>见", WHERE_BODY, "见", NULL},
	{"two lines", "<div style='transform:scale(-1,1)'>21<p>43", WHERE_BODY, "12",
	 "reversed"},
	{"row reverse", "<p style='display:flex;flex-direction:row-reverse'><b>2</b>",
	 WHERE_BODY, "2", "reordered"},
	{"order", "<style>.o{order:2}</style><p class=o>谁", WHERE_BODY, "谁", "reordered"},
	{"order nobody has", "<style>.o{order:2}</style><p>见", WHERE_BODY, "见", NULL},
	{"order of all", "<p style='order:0;flex-flow:row wrap'>见", WHERE_BODY, "见", NULL},
	{"from above", "<p style='writing-mode:vertical-rl'>谁", WHERE_BODY, "谁", "reordered"},
	{"usual writing", "<p style='writing-mode:horizontal-tb;letter-spacing:-1px'>见",
	 WHERE_BODY, "见", NULL},
	{"letters to the left", "<p style='letter-spacing:-2em'>谁", WHERE_BODY, "谁",
	 "reordered"},
};

static void styles(void **state)
{
	size_t bad = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct collected *c =
			collect_bytes("a.html", "text/html", r->html, strlen(r->html));
		bool found = false;

		for (size_t k = 0; k < c->n_findings; k++)
			found = found ||
				(r->evidence != NULL &&
				 strcmp(c->findings[k].rule,
					strlen(r->evidence) > 1 ? "RO-001" : "DH-003") == 0 &&
				 strcmp(c->findings[k].evidence, r->evidence) == 0);
		if (c->objects[0].state != OBJECT_INSPECTED ||
		    collect_segment(c, r->where, r->words) == NULL ||
		    found != (r->evidence != NULL) ||
		    (r->evidence == NULL && c->n_findings > 0)) {
			print_message("%s: %s\n", r->name, r->html);
			collect_print(c);
			bad++;
		}
		collect_free(c);
	}
	assert_int_equal(bad, 0);
}

/* A notice in the style of such pages, with the sheet of a common framework. */
static void a_notice_stays_quiet(void **state)
{
	struct collected *c = collect_file("notice.html", "text/html");

	(void)state;
	assert_non_null(c);
	assert_int_equal(collect_failed(c), 0);
	assert_int_equal(c->n_findings, 0);
	assert_non_null(collect_segment(c, WHERE_BODY, "各区人民政府："));
	assert_non_null(collect_segment(c, WHERE_BODY, "政务公开"));
	collect_free(c);
}

static void colours(void **state)
{
	static const struct {
		const char *value;
		int32_t want;
	} table[] = {
		{"#fff", 0xffffff},
		{"#12345", CSS_COLOR_UNKNOWN},
		{"#0000", CSS_COLOR_NONE},
		{"RebeccaPurple", 0x663399},
		{"rgb(1,2,3)", 0x010203},
		{"hsl(120,100%,50%)", 0x00ff00},
		{"hsl(.5turn 100% 50%)", 0x00ffff},
		{"hwb(0 50% 50%)", 0x808080},
		{"rgb(1,2)", CSS_COLOR_UNKNOWN},
		{"transparent", CSS_COLOR_NONE},
		{"rgba(0,0,0,.01)", CSS_COLOR_NONE},
		{"whitee", CSS_COLOR_UNKNOWN},
		{"", CSS_COLOR_UNKNOWN},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (extract_css_color(table[i].value) != table[i].want)
			fail_msg("%s: %x", table[i].value,
				 (unsigned)extract_css_color(table[i].value));
	assert_int_equal(extract_css_over(extract_css_color("rgba(0,0,0,.5)"), 0xffffff) >> 16,
			 0x80);
	assert_int_equal(extract_css_over(CSS_COLOR_NONE, 0x123456), 0x123456);
}

/* More rules than are kept: not a page that was read. */
static void sheets_without_end(void **state)
{
	struct buf b;
	struct collected *c;

	(void)state;
	buf_init(&b, 8 << 20);
	buf_puts(&b, "<style>");
	for (int i = 0; i < (1 << 15) + 1; i++)
		buf_puts(&b, "b{color:red}");
	buf_puts(&b, "</style><p>x");
	c = collect_bytes("a.html", "text/html", b.data, b.len);
	assert_string_equal(c->objects[0].reason, "over-limit");
	collect_free(c);
	buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(styles),
		cmocka_unit_test(a_notice_stays_quiet),
		cmocka_unit_test(colours),
		cmocka_unit_test(sheets_without_end),
	};

	collect_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
