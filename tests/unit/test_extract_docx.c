/* test_extract_docx.c - every place of a word processing file where words hide. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/extract_collect.h"
#include "tests/support/make_zip.h"

#define DOCX "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#define MAIN "application/vnd.openxmlformats-officedocument.wordprocessingml."
#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>"

static const char types[] = HEAD
	"<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
	"<Default Extension=\"rels\" "
	"ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
	"<Default Extension=\"xml\" ContentType=\"application/xml\"/>"
	"<Default Extension=\"png\" ContentType=\"image/png\"/>"
	"<Default Extension=\"bin\" "
	"ContentType=\"application/vnd.openxmlformats-officedocument.oleObject\"/>"
	"<Override PartName=\"/word/document.xml\" ContentType=\"" MAIN "document.main+xml\"/>"
	"<Override PartName=\"/word/styles.xml\" ContentType=\"" MAIN "styles+xml\"/>"
	"<Override PartName=\"/word/vbaProject.bin\" "
	"ContentType=\"application/vnd.ms-office.vbaProject\"/>"
	"<Override PartName=\"/word/comments.xml\" ContentType=\"" MAIN "comments+xml\"/>"
	"<Override PartName=\"/word/settings.xml\" ContentType=\"" MAIN "settings+xml\"/>"
	"</Types>";

static const char styles[] = "<w:styles xmlns:w=\"w\"><w:style w:type=\"character\" "
			     "w:styleId=\"Gone\"><w:rPr><w:vanish/></w:rPr></w:style>"
			     "<w:style w:type=\"character\" w:styleId=\"GoneChild\"><w:basedOn "
			     "w:val=\"Gone\"/></w:style>"
			     "<w:style w:type=\"paragraph\" w:styleId=\"Pale\"><w:rPr><w:color "
			     "w:val=\"FFFFFF\"/></w:rPr></w:style>"
			     "<w:style w:type=\"character\" w:styleId=\"Loop\"><w:basedOn "
			     "w:val=\"Loop\"/></w:style></w:styles>";

/* A package whose body is `body`; extra members until name NULL. */
static struct collected *docx(const char *body, const struct zip_entry *extra)
{
	struct zip_entry e[12] = {{.name = "[Content_Types].xml", .data = types},
				  {.name = "word/styles.xml", .data = styles}};
	struct buf document, zip;
	struct collected *c;
	size_t n = 3;

	buf_init(&document, 1 << 20);
	buf_init(&zip, 1 << 22);
	buf_putf(&document,
		 HEAD
		 "<w:document xmlns:w=\"w\" xmlns:mc=\"mc\" xmlns:wps=\"wps\" xmlns:v=\"v\" "
		 "xmlns:wp=\"wp\" xmlns:a=\"a\" xmlns:m=\"m\"><w:body>%s</w:body></w:document>",
		 body);
	e[2] = (struct zip_entry){.name = "word/document.xml", .data = buf_str(&document)};
	for (; extra != NULL && extra->name != NULL; extra++)
		e[n++] = *extra;
	make_zip(e, &zip);
	c = collect_bytes("a.docx", DOCX, zip.data, zip.len);
	buf_release(&document);
	buf_release(&zip);
	return c;
}

#define P(inside)      "<w:p>" inside "</w:p>"
#define R(props, text) "<w:r><w:rPr>" props "</w:rPr><w:t>" text "</w:t></w:r>"
#define T(text)	       "<w:r><w:t>" text "</w:t></w:r>"
#define BOX(text)      "<w:txbxContent>" P(T(text)) "</w:txbxContent>"

struct row {
	const char *name, *body;
	enum segment_where where;
	const char *text; /* whole stream, NULL absent */
	const char *rule; /* finding there, NULL none */
};

static const struct row rows[] = {
	{"split runs", P(T("机") T("密") T("文件")), WHERE_BODY, "机密文件\n", NULL},
	{"tab and break", P("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>"),
	 WHERE_BODY, "a\tb\nc\n", NULL},
	{"tab stops are no tabs",
	 P("<w:pPr><w:tabs><w:tab w:val=\"left\"/></w:tabs></w:pPr>" T("a")), WHERE_BODY, "a\n",
	 NULL},
	{"table",
	 "<w:tbl><w:tr><w:tc>" P(T("姓名")) "</w:tc><w:tc>" P(
		 T("电话")) "</w:tc></w:tr><w:tr><w:tc>" P("") "</w:tc><w:tc>" P(T("1"))
		 P(T("2")) "</w:tc></w:tr></w:tbl>" P(T("后")),
	 WHERE_BODY, "姓名\t电话\n\t1\n2\n后\n", NULL},
	{"deleted",
	 P(T("前") "<w:del "
		   "w:author=\"周\"><w:r><w:delText>删</w:delText></w:r><w:r><w:delText>去"
		   "</w:delText></w:r></w:del>" T("后")),
	 WHERE_DELETED, "删去\n", "DH-001"},
	{"deleted is not body",
	 P(T("前") "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>" T("后")), WHERE_BODY,
	 "前后\n", NULL},
	{"moved away", P("<w:moveFrom>" T("移") "</w:moveFrom>"), WHERE_DELETED, "移\n",
	 "DH-001"},
	{"inserted", P(T("机") "<w:ins>" T("密") "</w:ins>"), WHERE_INSERTED, "密\n", "DH-001"},
	{"inserted is body too", P(T("机") "<w:ins>" T("密") "</w:ins>"), WHERE_BODY, "机密\n",
	 NULL},
	{"author of a change", P("<w:ins w:author=\"周拟稿\">" T("x") "</w:ins>"),
	 WHERE_PROPERTY, "author: 周拟稿\n", "DH-004"},
	{"former formatting",
	 P("<w:r><w:rPr><w:b/><w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange></w:rPr>"
	   "<w:t>见</w:t></w:r>"),
	 WHERE_BODY, "见\n", "DH-001"},
	{"vanish", P(T("机") R("<w:vanish/>", "藏") T("会")), WHERE_HIDDEN, "藏\n", "DH-003"},
	{"around vanish", P(T("机") R("<w:vanish/>", "藏") T("密")), WHERE_BODY, "机密\n",
	 NULL},
	{"vanish off", P(R("<w:vanish w:val=\"0\"/>", "见")), WHERE_BODY, "见\n", NULL},
	{"vanish in pieces", P(R("<w:vanish/>", "机") R("<w:vanish/>", "密")), WHERE_HIDDEN,
	 "机密\n", "DH-003"},
	{"vanish by style", P(R("<w:rStyle w:val=\"GoneChild\"/>", "藏")), WHERE_HIDDEN, "藏\n",
	 "DH-003"},
	{"style loop", P(R("<w:rStyle w:val=\"Loop\"/>", "见")), WHERE_BODY, "见\n", NULL},
	{"white by style", "<w:p><w:pPr><w:pStyle w:val=\"Pale\"/></w:pPr>" T("藏") "</w:p>",
	 WHERE_HIDDEN, "藏\n", "DH-003"},
	{"white", P(R("<w:color w:val=\"FFFFFF\"/>", "藏")), WHERE_HIDDEN, "藏\n", "DH-003"},
	{"nearly white", P(R("<w:color w:val=\"FDFDFD\"/>", "藏")), WHERE_HIDDEN, "藏\n",
	 "DH-003"},
	{"white on blue",
	 P(R("<w:color w:val=\"FFFFFF\"/><w:shd w:val=\"clear\" w:fill=\"1F497D\"/>", "见")),
	 WHERE_BODY, "见\n", NULL},
	{"white in a blue cell",
	 "<w:tbl><w:tr><w:tc><w:tcPr><w:shd w:fill=\"1F497D\"/></w:tcPr>" P(
		 R("<w:color w:val=\"FFFFFF\"/>", "见")) "</w:tc></w:tr></w:tbl>",
	 WHERE_BODY, "见\n", NULL},
	{"one point", P(R("<w:sz w:val=\"2\"/>", "藏")), WHERE_HIDDEN, "藏\n", "DH-003"},
	{"web hidden", P(R("<w:webHidden/>", "藏字")), WHERE_HIDDEN, "藏字\n", "DH-003"},
	{"page number of contents", P(R("<w:webHidden/>", "12")), WHERE_BODY, "12\n", NULL},
	{"black bar", P(R("<w:highlight w:val=\"black\"/>", "盖")), WHERE_COVERED, "盖\n",
	 "DH-007"},
	{"black on black", P(R("<w:color w:val=\"000000\"/><w:shd w:fill=\"000000\"/>", "盖")),
	 WHERE_COVERED, "盖\n", "DH-007"},
	{"text box", P(T("段") "<w:r>" BOX("框内") "</w:r>" T("落")), WHERE_BODY,
	 "段落\n框内\n", NULL},
	{"fallback says the same",
	 P(T("段") "<w:r><mc:AlternateContent><mc:Choice>" BOX(
		 "框内") "</mc:Choice><mc:Fallback>" BOX("框内") "</mc:Fallback></"
								 "mc:AlternateContent></w:r>"),
	 WHERE_BODY, "段\n框内\n", NULL},
	{"fallback says another thing",
	 P("<w:r><mc:AlternateContent><mc:Choice>" BOX("公开") "</mc:Choice><mc:Fallback>" BOX(
		 "内部") "</mc:Fallback></mc:AlternateContent></w:r>"),
	 WHERE_HIDDEN, "内部\n", "DH-003"},
	{"word art", P("<w:r><v:shape><v:textpath string=\"机密\"/></v:shape></w:r>"),
	 WHERE_BODY, "\n机密\n", NULL},
	{"star of a symbol font",
	 P(T("秘密") "<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0AB\"/></w:r>" T("5年")),
	 WHERE_BODY, "秘密★5年\n", NULL},
	{"field code",
	 P("<w:r><w:instrText> HYPER</w:instrText></w:r><w:r><w:instrText>LINK "
	   "\"x\"</w:instrText></w:r>"),
	 WHERE_FIELD, " HYPERLINK \"x\"\n", NULL},
	{"field that reaches out", P("<w:r><w:instrText> DDEAUTO c:\\\\x</w:instrText></w:r>"),
	 WHERE_FIELD, " DDEAUTO c:\\\\x\n", "DH-005"},
	{"simple field", P("<w:fldSimple w:instr=\" INCLUDETEXT x\"/>"), WHERE_FIELD,
	 " INCLUDETEXT x\n", "DH-005"},
	{"alternative text", P("<w:r><wp:docPr descr=\"说明\" title=\"题\"/></w:r>"), WHERE_ALT,
	 "说明\n题\n", NULL},
	{"content control",
	 P("<w:sdt><w:sdtPr><w:alias w:val=\"承办人\"/></w:sdtPr><w:sdtContent>" T(
		 "x") "</w:sdtContent></w:sdt>"),
	 WHERE_FIELD, "承办人\n", NULL},
	{"ruby",
	 P("<w:r><w:ruby><w:rt>" T("mi") "</w:rt><w:rubyBase>" T(
		 "密") "</w:rubyBase></w:ruby></w:r>"),
	 WHERE_BODY, "密\nmi\n", NULL},
	{"formula", P("<m:oMath><m:r><m:t>x=1</m:t></m:r></m:oMath>"), WHERE_BODY, "x=1\n",
	 NULL},
	{"stray words", "游离<w:p/>", WHERE_METADATA, "游离\n", NULL},
};

static void test_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *r = &rows[i];
		struct collected *c = docx(r->body, NULL);
		const struct segment *s = collect_segment(c, r->where, "");

		print_message("%s\n", r->name);
		assert_int_equal(collect_failed(c), 0);
		assert_string_equal(s != NULL ? s->text : "", r->text);
		assert_int_equal(s->object, 0);
		if (r->rule != NULL)
			assert_non_null(collect_finding(c, r->rule, r->where));
		else
			assert_null(collect_finding(c, "DH-003", r->where));
		collect_free(c);
	}
}

/* Streams of one object follow each other: line, column and offset go on. */
static void test_offsets(void **state)
{
	struct collected *c = docx(P(T("第一")) P(T("第二") R("<w:vanish/>", "藏起来")), NULL);
	const struct segment *hidden = collect_segment(c, WHERE_HIDDEN, "藏");
	const struct finding *f = collect_finding(c, "DH-003", WHERE_HIDDEN);

	(void)state;
	assert_int_equal(hidden->line, 3);
	assert_int_equal(hidden->column, 1);
	assert_int_equal(hidden->offset, 6);
	assert_int_equal(f->line, 3);
	assert_int_equal(f->offset, 6);
	assert_int_equal(f->length, 3);
	assert_string_equal(f->evidence, "near-line:2");
	assert_string_equal(f->excerpt, "藏起来");
	collect_free(c);
}

/* A number never leaves whole in a finding. */
static void test_excerpt_is_masked(void **state)
{
	struct collected *c =
		docx(P(R("<w:vanish/>", "证号349902 199208031041，2024年")), NULL);

	(void)state;
	assert_string_equal(collect_finding(c, "DH-003", WHERE_HIDDEN)->excerpt,
			    "证号349*** ************，2024年");
	collect_free(c);
}

/* Bytes in base64: text is said, a structure of Word is none, a file is for a person. */
static void test_packed(void **state)
{
#define FIELD(data) P("<w:r><w:fldChar><w:fldData>" data "</w:fldData></w:fldChar></w:r>")
#define BLOB(data)  "<Properties xmlns:vt=\"vt\"><vt:blob>" data "</vt:blob></Properties>"
	static const struct {
		const char *name, *body, *property, *text;
		enum segment_where where;
		unsigned failed;
	} cases[] = {
		{"field, UTF-8", FIELD("5rWL6K+V 5a+G6ZKl"), NULL, "测试密钥", WHERE_PROPERTY,
		 0},
		{"field, UTF-16 at an odd byte", FIELD("/wEAS23Vi8Zbpf8="), NULL, "测试密",
		 WHERE_METADATA, 0},
		{"field of numbers", FIELD("0Mnqefm6zhGMggCqAEupCwIAAAA="), NULL, NULL,
		 WHERE_METADATA, 0},
		{"field that is no base64", FIELD("5rWL!6K+V"), NULL, "fldData: 5rWL!6K+V",
		 WHERE_METADATA, 1},
		{"file",
		 P("<w:r><w:pict><w:binData>/wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxg=</w:binData>"
		   "</w:pict></w:r>"),
		 NULL, NULL, WHERE_METADATA, 1},
		{"property", P(T("x")), BLOB("suLK1MPc1L8="), "测试密钥", WHERE_PROPERTY, 0},
		{"property of numbers", P(T("x")), BLOB("/wABAgMEBQYHCAkKCwwNDg8QERITFBUWFxg="),
		 NULL, WHERE_METADATA, 1},
		{"property of few numbers", P(T("x")), BLOB("/wABAg=="), NULL, WHERE_METADATA,
		 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct zip_entry extra[] = {
			{.name = (cases[i].property != NULL) ? "docProps/custom.xml" : NULL,
			 .data = cases[i].property},
			{0},
		};
		struct collected *c = docx(cases[i].body, extra);

		print_message("%s\n", cases[i].name);
		assert_int_equal(collect_failed(c), cases[i].failed);
		if (cases[i].text != NULL)
			assert_non_null(collect_segment(c, cases[i].where, cases[i].text));
		else
			assert_null(collect_segment(c, cases[i].where, ""));
		collect_free(c);
	}
#undef FIELD
#undef BLOB
}

/* A word is said however many others stand before it. */
static void test_behind_decoys(void **state)
{
	enum { DECOYS = 250 };
	char body[DECOYS * 12 + 256] = "<w:p><w:r><w:fldChar><w:fldData>";
	size_t n = strlen(body);
	struct collected *c;

	(void)state;
	for (unsigned i = 0; i < DECOYS; i++, n += 12)
		memcpy(body + n, "ZGVjb3lzAQEB", 12);	 /* decoys 01 01 01 */
	(void)snprintf(body + n, sizeof(body) - n, "%s", /* 机密文件 01 */
		       "5py65a+G5paH5Lu2AQ==</w:fldData></w:fldChar></w:r></w:p>");
	c = docx(body, NULL);
	assert_non_null(collect_segment(c, WHERE_METADATA, "机密文件"));
	collect_free(c);
}

static void test_members(void **state)
{
	static const char rels[] =
		"<Relationships><Relationship Type=\"x/hyperlink\" "
		"Target=\"http://a.example/\" TargetMode=\"External\"/>"
		"<Relationship Type=\"x/attachedTemplate\" "
		"Target=\"file:///C:\\Users\\li\\t.dotm\" TargetMode=\"External\"/>"
		"<Relationship Type=\"x/oleObject\" Target=\"\\\\10.34.126.5\\share\\b.xlsx\" "
		"TargetMode=\"External\"/>"
		"<Relationship Type=\"x/styles\" Target=\"styles.xml\"/></Relationships>";
	static const char comments[] =
		"<w:comments xmlns:w=\"w\"><w:comment "
		"w:author=\"李审核\"><w:p><w:r><w:t>先别公开</w:t></w:r></w:p>"
		"</w:comment></w:comments>";
	static const char settings[] =
		"<w:settings xmlns:w=\"w\"><w:docVars><w:docVar w:name=\"办案人\" "
		"w:val=\"周若宁\"/></w:docVars></w:settings>";
	static const struct zip_entry extra[] = {
		{.name = "word/_rels/document.xml.rels", .data = rels},
		{.name = "word/comments.xml", .data = comments},
		{.name = "word/settings.xml", .data = settings},
		{.name = "word/media/image1.png", .data = "\x89PNG"},
		{.name = "word/embeddings/oleObject1.bin", .data = "\1\2\3"},
		{.name = "word/vbaProject.bin", .data = "x"},
		{.name = "customXml/item1.xml", .data = "<i><n>自定义内容</n></i>"},
		{.name = "word/unknown.dat", .data = "x"},
		{0},
	};
	struct collected *c = docx(P(T("x")), extra);

	(void)state;
	assert_int_equal(c->n_objects, 12);
	assert_string_equal(collect_object(c, "image1.png")->reason, "picture-not-read");
	assert_string_equal(collect_object(c, "oleObject1.bin")->reason, "unknown-type");
	assert_string_equal(collect_object(c, "vbaProject.bin")->reason, "unsupported");
	assert_string_equal(collect_object(c, "unknown.dat")->reason, "unsupported");
	assert_int_equal(collect_failed(c), 4);
	assert_non_null(strstr(c->facts, "macro=1"));
	assert_non_null(strstr(c->facts, "members-opened=11"));
	assert_non_null(collect_segment(c, WHERE_COMMENT, "先别公开"));
	assert_non_null(collect_finding(c, "DH-002", WHERE_COMMENT));
	assert_non_null(collect_segment(c, WHERE_PROPERTY, "办案人: 周若宁"));
	assert_non_null(collect_segment(c, WHERE_PROPERTY, "n: 自定义内容"));
	assert_non_null(collect_segment(c, WHERE_FIELD, "hyperlink: http://a.example/"));
	assert_non_null(
		collect_segment(c, WHERE_FIELD, "oleObject: \\\\10.34.126.5\\share\\b.xlsx"));
	assert_non_null(collect_finding(c, "DH-005", WHERE_FIELD));
	assert_int_equal(collect_finding(c, "DH-004", WHERE_PROPERTY)->severity,
			 SEV_S2); /* the template */
	assert_non_null(
		collect_segment(c, WHERE_PROPERTY, "template: file:///C:\\Users\\li\\t.dotm"));
	collect_free(c);
}

struct file_row {
	const char *file;
	enum segment_where where;
	const char *words, *rule;
};

/* What LibreOffice writes. */
static void test_files(void **state)
{
	static const struct file_row table[] = {
		{"clean.docx", WHERE_BODY,
		 "一、9月17日18时至22时，青棠区春和路（湖滨街至榆湾街段）禁止机动车通行。\n",
		 NULL},
		{"clean.docx", WHERE_BODY, "路段\t时间\n春和路\t18时至22时\n", NULL},
		{"tracked-changes.docx", WHERE_BODY, "当日，一名市民报警称手机被盗。\n", NULL},
		{"tracked-changes.docx", WHERE_DELETED,
		 "被害人周若宁，身份证号349902199208031041\n", "DH-001"},
		{"tracked-changes.docx", WHERE_INSERTED, "一名市民\n", "DH-001"},
		{"tracked-changes.docx", WHERE_PROPERTY, "author: 周拟稿\n", "DH-004"},
		{"comments.docx", WHERE_COMMENT, "这段先别公开，联系电话15400001234\n",
		 "DH-002"},
		{"hidden.docx", WHERE_HIDDEN, "内部名额3名已定\n面试题目见附件\n极小字\n",
		 "DH-003"},
		{"hidden.docx", WHERE_BODY,
		 "机动车停放在大院东侧。\n说明如下。\n文本框里的字\n", NULL},
		{"hidden.docx", WHERE_HEADER, "页眉：云汀市公安局\n", NULL},
		{"hidden.docx", WHERE_FOOTER, "页脚：内部联系15400001234\n", NULL},
		{"hidden.docx", WHERE_NOTE, "脚注里的说明\n", NULL},
		{"hidden.docx", WHERE_FIELD, "hyperlink: http://10.34.126.5/zp/index.html\n",
		 NULL},
		{"properties.docx", WHERE_PROPERTY, "creator: 王起草\n", "DH-004"},
		{"properties.docx", WHERE_PROPERTY, "lastModifiedBy: 赵修改\n", "DH-004"},
		{"properties.docx", WHERE_PROPERTY, "承办单位: 指挥中心\n", "DH-004"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct collected *c = collect_file(table[i].file, DOCX);

		print_message("%s %s\n", table[i].file, table[i].words);
		assert_non_null(c);
		assert_int_equal(collect_failed(c), 0);
		assert_non_null(collect_segment(c, table[i].where, table[i].words));
		if (table[i].rule != NULL)
			assert_non_null(collect_finding(c, table[i].rule, table[i].where));
		else
			assert_null(collect_finding(c, "DH-001", table[i].where));
		collect_free(c);
	}
}

static void test_clean_has_no_findings(void **state)
{
	struct collected *c = collect_file("clean.docx", DOCX);

	(void)state;
	assert_non_null(c);
	assert_int_equal(c->n_findings, 0);
	assert_int_equal(collect_failed(c), 0);
	collect_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_places),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_excerpt_is_masked),
		cmocka_unit_test(test_packed),
		cmocka_unit_test(test_behind_decoys),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_clean_has_no_findings),
	};

	collect_start();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
