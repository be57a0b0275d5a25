/* form_machine.c - the blocks 机检 and 结果: what the filters found, what became of it. */
#include <stdio.h>
#include <string.h>

#include "form/form_build.h"

enum { HALF = FORM_WIDTH / 2 };

static void put_counts(struct form_builder *b, const json_t *counts, struct buf *text)
{
	static const char *const levels[] = {"S0", "S1", "S2", "S3", "S4", NULL};
	int64_t suppressed = form_num(counts, "suppressed");
	char number[24];

	for (const char *const *l = levels; *l != NULL; l++) {
		buf_putf(text, "%s%s:", l == levels ? "" : "  ", *l);
		form_put_num(text, form_num(counts, *l));
	}
	if (suppressed > 0) {
		(void)snprintf(number, sizeof(number), "%lld", (long long)suppressed);
		form_put_filled(text, b->form->lang, "machine.suppressed", number, NULL, NULL);
	}
}

static void put_rule(struct form_builder *b, const json_t *row, struct buf *text)
{
	enum form_lang lang = b->form->lang;
	const char *message = form_str(json_obj(row, "message"), lang == FORM_ZH ? "zh" : "en");
	int64_t suppressed = form_num(row, "suppressed");
	char number[24];

	form_row(b, 0);
	form_cell(b, 8);
	form_put_safe(text, form_str(row, "rule"));
	form_line_buf(b, FORM_HEAD, text);
	form_cell(b, 4);
	form_put_safe(text, form_str(row, "severity"));
	form_line_buf(b, FORM_HEAD, text);
	form_cell(b, 4);
	form_put_num(text, form_num(row, "count"));
	form_line_buf(b, FORM_HEAD, text);
	form_cell(b, 32);
	form_put_safe(text, message);
	if (suppressed > 0) {
		(void)snprintf(number, sizeof(number), "%lld", (long long)suppressed);
		form_put_filled(text, lang, "machine.suppressed", number, NULL, NULL);
	}
	form_line_buf(b, FORM_PLAIN, text);
}

static void put_rules(struct form_builder *b, const json_t *rules, struct buf *text)
{
	static const struct {
		const char *word;
		unsigned width;
	} heads[] = {
		{"rule.id", 8}, {"rule.severity", 4}, {"rule.count", 4}, {"rule.message", 32}};
	const json_t *row;
	size_t i;

	if (json_array_size(rules) == 0)
		return;
	form_row(b, 0);
	for (i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		form_cell(b, heads[i].width);
		form_line(b, FORM_HEAD, form_word(b->form->lang, heads[i].word));
	}
	json_array_foreach(rules, i, row) put_rule(b, row, text);
}

static bool is_valid(const json_t *vote)
{
	return strcmp(form_str(vote, "check"), "valid") == 0;
}

/* Everybody who gave this reason, if `first` of these votes is the first to give it. */
static bool put_persons(struct form_builder *b, const json_t *ack, size_t first,
			struct buf *text)
{
	const json_t *vote, *other;
	unsigned n = 0;
	size_t i, k;

	json_array_foreach(json_arr(b->record, "votes"), i, vote)
	{
		bool said = false;

		json_array_foreach(json_arr(vote, "acknowledged"), k, other) said =
			said || form_same_ack(ack, other);
		if (!said || !is_valid(vote))
			continue;
		if (i < first)
			return false;
		buf_puts(text, n++ == 0 ? "" : form_word(b->form->lang, "list.comma"));
		form_put_named(b, text, "names", form_str(vote, "pid"));
	}
	return true;
}

/* Every reason that valid votes gave for a finding, once, with those who gave it. */
static void put_handling(struct form_builder *b, const json_t *rules, struct buf *text)
{
	const json_t *vote, *ack;
	struct buf persons;
	unsigned n = 0;
	size_t i, k;

	form_buf(&persons);
	form_row(b, 0);
	form_label(b, "machine.handling");
	form_cell(b, FORM_WIDTH - FORM_LABEL_WIDTH);
	json_array_foreach(json_arr(b->record, "votes"), i, vote)
	{
		json_array_foreach(json_arr(vote, "acknowledged"), k, ack)
		{
			buf_clear(&persons);
			if (!is_valid(vote) || form_ack_repeats(vote, k) ||
			    !put_persons(b, ack, i, &persons))
				continue;
			if (!form_put_certificate(text, b->form->lang, form_str(ack, "rule"))) {
				form_put_safe(text, form_str(ack, "rule"));
				buf_puts(text, form_word(b->form->lang, "label.end"));
			}
			form_put_safe(text, form_str(ack, "reason"));
			buf_puts(text, form_word(b->form->lang, "paren.open"));
			buf_puts(text, buf_str(&persons));
			buf_puts(text, form_word(b->form->lang, "paren.close"));
			form_line_buf(b, FORM_PLAIN, text);
			n++;
		}
	}
	if (n == 0)
		form_line(b, FORM_PLAIN,
			  form_word(b->form->lang, json_array_size(rules) == 0
							   ? "machine.none"
							   : "machine.pending"));
	buf_release(&persons);
}

static void put_report(struct form_builder *b, const json_t *report, struct buf *text)
{
	const json_t *s = json_obj(b->record, "inspection");
	enum form_lang lang = b->form->lang;

	form_row(b, 0);
	form_label(b, "machine.report");
	form_cell(b, FORM_WIDTH - FORM_LABEL_WIDTH);
	form_put_word(text, lang, "check", form_str(s, "check"));
	form_line_buf(b, is_valid(s) ? FORM_PLAIN : FORM_WARN, text);
	buf_puts(text, "SHA-256 ");
	form_put_safe(text, form_str(report, "sha256"));
	form_line_buf(b, FORM_FINE, text);
	buf_puts(text, form_word(lang, "vote.digest"));
	form_put_safe(text, form_str(s, "envelope_sha256"));
	form_line_buf(b, FORM_FINE, text);
}

void form_block_machine(struct form_builder *b)
{
	const json_t *report = json_obj(b->record, "report"),
		     *rules = json_arr(report, "rules");
	const json_t *packs = json_obj(report, "rules_in_force");
	enum form_lang lang = b->form->lang;
	char number[24];
	struct buf text;

	form_buf(&text);
	form_block(b, "block.machine");
	form_row(b, 0);
	form_label(b, "machine.rules");
	form_cell(b, FORM_WIDTH - FORM_LABEL_WIDTH);
	if (json_object_size(packs) > 0) {
		(void)snprintf(number, sizeof(number), "%lld",
			       (long long)form_num(packs, "version"));
		form_put_filled(&text, lang, "machine.version", number, NULL, NULL);
	}
	form_line_buf(b, FORM_PLAIN, &text);
	form_put_safe(&text, form_str(packs, "sha256"));
	form_line_buf(b, FORM_FINE, &text);
	form_row(b, 0);
	form_put_word(&text, lang, "verdict", form_str(report, "verdict"));
	form_field_buf(b, HALF - 2, "machine.verdict", &text);
	put_counts(b, json_obj(report, "counts"), &text);
	form_field_buf(b, HALF + 2, "machine.counts", &text);
	put_rules(b, rules, &text);
	put_handling(b, rules, &text);
	put_report(b, report, &text);
	buf_release(&text);
}

/* Who made the last valid decision to publish: the desk, or on route U the duty publisher. */
static const json_t *publisher(const struct form_builder *b)
{
	const json_t *vote, *last = NULL;
	size_t i;

	json_array_foreach(json_arr(b->record, "votes"), i, vote)
	{
		const char *role = form_str(vote, "role");

		if (is_valid(vote) && strcmp(form_str(vote, "decision"), "approve") == 0 &&
		    (strcmp(role, "desk") == 0 || strcmp(role, "duty-publisher") == 0))
			last = vote;
	}
	return last;
}

static bool is_public(const struct form_builder *b)
{
	return form_num(b->record, "serial") > 0;
}

static void put_history_row(struct form_builder *b, const json_t *row, struct buf *text)
{
	static const char *const told[] = {"CORRECTED", "FROZEN", "WITHDRAWN", NULL};
	const char *what = form_str(row, "what");
	enum form_lang lang = b->form->lang;
	bool order = strcmp(form_str(row, "kind"), "release.order") == 0, wanted = order;
	char number[24];

	for (const char *const *t = told; *t != NULL; t++)
		wanted = wanted || strcmp(what, *t) == 0;
	if (!wanted)
		return;
	form_put_time(text, lang, form_str(row, "time"), false);
	buf_puts(text, "　");
	form_put_named(b, text, "names", form_str(row, "actor"));
	buf_puts(text, " ");
	form_put_word(text, lang, order ? "order" : "state", what);
	if (form_num(row, "serial") > 0) {
		(void)snprintf(number, sizeof(number), "%lld",
			       (long long)form_num(row, "serial"));
		form_put_filled(text, lang, "history.serial", number, NULL, NULL);
	}
	if (form_str(row, "reason")[0] != '\0') {
		buf_puts(text, form_word(b->form->lang, "label.end"));
		form_put_safe(text, form_str(row, "reason"));
	}
	form_line_buf(b, FORM_PLAIN, text);
}

static void put_history(struct form_builder *b, struct buf *text)
{
	const char *old = form_str(json_obj(b->record, "manifest"), "supersedes");
	const json_t *row, *list = json_arr(b->record, "history");
	const struct form_row *mine;
	size_t i;

	form_row(b, 0);
	form_label(b, "result.history");
	form_cell(b, FORM_WIDTH - FORM_LABEL_WIDTH);
	if (old[0] != '\0') {
		form_put_filled(text, b->form->lang, "history.supersedes", old, NULL, NULL);
		form_line_buf(b, FORM_PLAIN, text);
	}
	json_array_foreach(list, i, row) put_history_row(b, row, text);
	if (b->error != SL_OK)
		return;
	mine = &b->form->blocks[b->form->n - 1].rows[b->form->blocks[b->form->n - 1].n - 1];
	if (mine->cell[1].n == 0)
		form_line(b, FORM_PLAIN,
			  is_public(b) ? form_word(b->form->lang, "history.none") : "");
}

static void put_links(struct form_builder *b, struct buf *text)
{
	const json_t *channel;
	size_t i;

	form_row(b, 0);
	form_label(b, "result.links");
	form_cell(b, FORM_WIDTH - FORM_LABEL_WIDTH);
	json_array_foreach(json_arr(json_obj(b->record, "manifest"), "channels"), i, channel)
	{
		form_put_word(text, b->form->lang, "channel",
			      json_string_value(channel) != NULL ? json_string_value(channel)
								 : "");
		buf_puts(text, form_word(b->form->lang, "label.end"));
		form_line_buf(b, FORM_PLAIN, text);
	}
}

static void put_release(struct form_builder *b, struct buf *text)
{
	const json_t *m = json_obj(b->record, "manifest"), *who = publisher(b);
	enum form_lang lang = b->form->lang;
	char number[24];

	form_row(b, 0);
	if (is_public(b) && who != NULL)
		form_put_named(b, text, "names", form_str(who, "pid"));
	form_field_buf(b, HALF, "result.publisher", text);
	if (is_public(b))
		form_put_time(text, lang, form_str(b->record, "released"), false);
	form_field_buf(b, HALF, "result.time", text);
	form_row(b, 0);
	if (is_public(b)) {
		form_put_safe(text, form_str(m, "id"));
		buf_puts(text, " ");
		(void)snprintf(number, sizeof(number), "%lld",
			       (long long)form_num(m, "version"));
		form_put_filled(text, lang, "result.version", number, NULL, NULL);
	}
	form_field_buf(b, HALF, "result.release", text);
	if (is_public(b))
		form_put_num(text, form_num(b->record, "serial"));
	form_field_buf(b, HALF, "result.serial", text);
}

void form_block_result(struct form_builder *b)
{
	struct buf text;

	form_buf(&text);
	form_block(b, "block.result");
	form_row(b, 0);
	form_put_word(&text, b->form->lang, "state", form_str(b->record, "state"));
	if (form_str(b->record, "reason")[0] != '\0') {
		buf_puts(&text, form_word(b->form->lang, "label.end"));
		form_put_word(&text, b->form->lang, "reason", form_str(b->record, "reason"));
	}
	form_field_buf(b, FORM_WIDTH, "result.state", &text);
	put_release(b, &text);
	put_links(b, &text);
	form_row(b, 0);
	form_field(b, HALF, "result.archive", "");
	form_field(b, HALF, "result.filed", "");
	put_history(b, &text);
	buf_release(&text);
}
