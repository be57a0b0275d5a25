/* form_item.c - the blocks 信息 and 拟稿: what is to be published, and whose it is. */
#include <stdio.h>
#include <string.h>

#include "form/form_build.h"

enum { HALF = FORM_WIDTH / 2 };

/* Content types of domain.md 2.3, as the bureau calls them. */
static const struct {
	const char *id, *zh, *en;
} types[] = {
	{"CT01", "机构职能领导", "organisation and leaders"},
	{"CT02", "规范性文件", "normative paper"},
	{"CT03", "政策解读", "explanation of policy"},
	{"CT04", "警务动态", "news"},
	{"CT05", "通知公告", "notice"},
	{"CT06", "警情通报与案情", "incident report"},
	{"CT07", "安全提示与宣传", "safety advice"},
	{"CT08", "通缉悬赏寻人", "wanted, reward, missing"},
	{"CT09", "财政预决算", "budget"},
	{"CT10", "招标采购", "procurement"},
	{"CT11", "人事与公示名单", "personnel and lists"},
	{"CT12", "行政许可与处罚公示", "licences and penalties"},
	{"CT13", "权责清单与办事指南", "powers and guides"},
	{"CT14", "建议提案答复", "reply to a proposal"},
	{"CT15", "微博短讯", "microblog"},
	{"CT16", "论坛与信箱回复", "reply"},
	{"CT17", "依申请公开答复", "answer to a request"},
	{"CT18", "统计与年报", "statistics"},
	{"CT19", "更正撤稿声明", "correction"},
};

static void put_type(struct form_builder *b, struct buf *out)
{
	const char *type = form_str(form_manifest(b), "content_type");

	form_put_safe(out, type);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(types[i].id, type) == 0)
			buf_putf(out, " %s",
				 b->form->lang == FORM_ZH ? types[i].zh : types[i].en);
	}
}

static void put_marks(struct form_builder *b, struct buf *out)
{
	const json_t *report = json_obj(b->record, "report"), *row;
	enum form_lang lang = b->form->lang;
	int64_t unread = form_num(report, "unread");
	unsigned n = 0;
	char number[24];
	size_t i;

	if (form_str(report, "sha256")[0] == '\0') {
		buf_puts(out, form_word(lang, "marks.nothing"));
		return;
	}
	json_array_foreach(json_arr(report, "rules"), i, row)
	{
		/* The pack of national marks: policies/packs/sm.yaml. */
		if (strncmp(form_str(row, "rule"), "SM-", 3) != 0 ||
		    form_num(row, "count") <= 0)
			continue;
		buf_puts(out, n++ == 0 ? form_word(lang, "marks.found")
				       : form_word(lang, "list.comma"));
		form_put_safe(out, form_str(row, "rule"));
		buf_puts(out, " × ");
		form_put_num(out, form_num(row, "count"));
	}
	buf_puts(out, form_word(lang, n == 0 ? "marks.none" : "marks.end"));
	if (unread > 0) {
		(void)snprintf(number, sizeof(number), "%lld", (long long)unread);
		form_put_filled(out, lang, "marks.unread", number, NULL, NULL);
	}
}

static void put_file(struct form_builder *b, size_t i, const json_t *file)
{
	struct buf text;

	form_buf(&text);
	form_row(b, 0);
	form_cell(b, 4);
	form_put_num(&text, (int64_t)i + 1);
	form_line_buf(b, FORM_HEAD, &text);
	form_cell(b, 17);
	form_put_safe(&text, form_str(file, "name"));
	form_line_buf(b, FORM_PLAIN, &text);
	form_cell(b, 4);
	if (form_num(file, "pages") > 0)
		form_put_num(&text, form_num(file, "pages"));
	form_line_buf(b, FORM_HEAD, &text);
	form_cell(b, 6);
	form_put_num(&text, form_num(file, "length"));
	form_line_buf(b, FORM_HEAD, &text);
	form_cell(b, 17);
	form_put_safe(&text, form_str(file, "sha256"));
	form_line_buf(b, FORM_FINE, &text);
	buf_release(&text);
}

static void put_files(struct form_builder *b)
{
	static const struct {
		const char *word;
		unsigned width;
	} heads[] = {{"file.no", 4},
		     {"file.name", 17},
		     {"file.pages", 4},
		     {"file.length", 6},
		     {"file.sha256", 17}};
	const json_t *file;
	size_t i;

	form_row(b, 0);
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		form_cell(b, heads[i].width);
		form_line(b, FORM_HEAD, form_word(b->form->lang, heads[i].word));
	}
	json_array_foreach(json_arr(b->record, "files"), i, file) put_file(b, i, file);
}

void form_block_item(struct form_builder *b)
{
	static const char *const carriers[] = {"carrier.paper", "carrier.other", NULL};
	const json_t *m = form_manifest(b);
	const char *doc_no = form_str(m, "doc_no");
	struct buf text;

	form_buf(&text);
	form_block(b, "block.item");
	form_row(b, 0);
	form_field(b, FORM_WIDTH, "item.title", form_str(m, "title"));
	form_row(b, 0);
	form_field(b, HALF, "item.doc_no", doc_no);
	/* What has a number of its own is an official paper; without one nobody knows. */
	form_put_boxes(&text, b->form->lang, carriers, doc_no[0] != '\0' ? 1u : 0);
	form_field_buf(b, HALF, "item.carrier", &text);
	form_row(b, 0);
	put_type(b, &text);
	form_field_buf(b, HALF, "item.type", &text);
	form_field(b, HALF, "item.route", form_str(b->record, "route"));
	form_row(b, 0);
	put_marks(b, &text);
	form_field_buf(b, FORM_WIDTH, "item.marks", &text);
	put_files(b);
	buf_release(&text);
}

static void put_question(struct form_builder *b, const json_t *internal, struct buf *text)
{
	enum form_lang lang = b->form->lang;
	const char *received = form_str(internal, "received_on"),
		   *due = form_str(internal, "due_on");

	if (form_str(internal, "question")[0] == '\0')
		return;
	form_row(b, 0);
	form_label(b, "author.question");
	form_cell(b, FORM_WIDTH - FORM_LABEL_WIDTH);
	form_put_safe(text, form_str(internal, "question"));
	form_line_buf(b, FORM_PLAIN, text);
	if (received[0] == '\0' && due[0] == '\0')
		return;
	buf_puts(text, form_word(lang, "question.received"));
	form_put_safe(text, received);
	buf_puts(text, form_word(lang, "question.due"));
	form_put_safe(text, due);
	form_line_buf(b, FORM_PLAIN, text);
}

static void put_submission(struct form_builder *b, struct buf *text)
{
	const json_t *s = json_obj(b->record, "submission");
	enum form_lang lang = b->form->lang;

	form_row(b, 0);
	form_label(b, "author.signed");
	form_cell(b, FORM_WIDTH - FORM_LABEL_WIDTH);
	form_put_named(b, text, "names", form_str(s, "submitter"));
	buf_puts(text, "　");
	form_put_time(text, lang, form_str(s, "time"), false);
	buf_puts(text, "　");
	form_put_word(text, lang, "check", form_str(s, "check"));
	form_line_buf(b, strcmp(form_str(s, "check"), "valid") == 0 ? FORM_PLAIN : FORM_WARN,
		      text);
	buf_puts(text, form_word(lang, "vote.digest"));
	form_put_safe(text, form_str(s, "envelope_sha256"));
	form_line_buf(b, FORM_FINE, text);
	buf_puts(text, form_word(lang, "vote.key"));
	form_put_safe(text, form_str(s, "keyid"));
	form_line_buf(b, FORM_FINE, text);
}

static void put_origin(const json_t *m, struct buf *text)
{
	static const char *const names[] = {"source_name", "source_url", NULL};

	for (const char *const *n = names; *n != NULL; n++) {
		if (form_str(m, *n)[0] == '\0')
			continue;
		buf_puts(text, text->len > 0 ? " " : "");
		form_put_safe(text, form_str(m, *n));
	}
}

void form_block_author(struct form_builder *b)
{
	static const char *const sources[] = {"source.own", "source.repost", "source.forward",
					      "source.joint", NULL};
	static const char *const words[] = {"原创", "转载", "转发", "联合", NULL};
	const json_t *m = form_manifest(b), *internal = json_obj(b->record, "internal");
	const char *author = form_str(b->record, "author"),
		   *submitter = form_str(b->record, "submitter");
	struct buf text;

	form_buf(&text);
	form_block(b, "block.author");
	form_row(b, 0);
	form_put_safe(&text, form_str(m, "publisher"));
	buf_puts(&text, text.len > 0 ? "　" : "");
	form_put_named(b, &text, "units", form_str(b->record, "unit"));
	form_field_buf(b, HALF, "author.unit", &text);
	form_put_named(b, &text, "names", author);
	if (submitter[0] != '\0' && strcmp(submitter, author) != 0)
		form_put_filled(&text, b->form->lang, "author.submitter", submitter, NULL,
				NULL);
	form_field_buf(b, HALF, "author.person", &text);
	form_row(b, 0);
	form_field(b, HALF - 6, "author.phone", form_str(m, "contact_public"));
	form_put_boxes(&text, b->form->lang, sources,
		       form_named(form_str(m, "source_type"), words));
	form_field_buf(b, HALF + 6, "author.source", &text);
	form_row(b, 0);
	put_origin(m, &text);
	form_field_buf(b, HALF, "author.origin", &text);
	form_put_safe(&text, form_str(internal, "origin_agency"));
	buf_puts(&text, text.len > 0 && form_str(internal, "consent")[0] != '\0'
				? form_word(b->form->lang, "label.end")
				: "");
	form_put_safe(&text, form_str(internal, "consent"));
	form_field_buf(b, HALF, "author.others", &text);
	put_question(b, internal, &text);
	put_submission(b, &text);
	buf_release(&text);
}
