/* form_opinions.c - the block 意见: a box for each stage, with every decision made in it. */
#include <stdio.h>
#include <string.h>

#include "form/form_build.h"

static const struct stage {
	const char *role;
	bool always; /* stands on the paper form, whatever the route */
} stages[] = {
	{"liaison", true},	   {"duty-leader", false}, {"unit-leader", true},
	{"column-owner", true},	   {"legal", true},	   {"secrecy", true},
	{"deputy", true},	   {"director", true},	   {"desk", true},
	{"duty-publisher", false},
};

static bool is_required(const struct form_builder *b, const char *role)
{
	const json_t *one;
	size_t i;

	json_array_foreach(json_arr(b->record, "required"), i, one)
	{
		const char *s = json_string_value(one);

		if (s != NULL && strcmp(s, role) == 0)
			return true;
	}
	return false;
}

static bool is_stage(const char *role)
{
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++) {
		if (strcmp(stages[i].role, role) == 0)
			return true;
	}
	return false;
}

static bool is_valid(const json_t *vote)
{
	return strcmp(form_str(vote, "check"), "valid") == 0;
}

static bool does_count(const json_t *vote)
{
	bool counts = false;

	return is_valid(vote) && json_bool(vote, "counts", &counts) && counts;
}

static bool has_votes(const struct form_builder *b, const char *role);

/* Where no secrecy officer is asked, the route says whose signature carries the opinion. */
static const char *secrecy_role(const struct form_builder *b)
{
	const char *by = form_str(b->record, "secrecy_by");

	return by[0] == '\0' || is_required(b, "secrecy") || has_votes(b, "secrecy") ? "secrecy"
										     : by;
}

/* 保密审查意见 has its own four boxes; the last decision that counts ticks one. */
static void put_secrecy_boxes(struct form_builder *b, struct buf *text)
{
	static const char *const boxes[] = {"secrecy.open", "secrecy.part", "secrecy.closed",
					    "secrecy.refer", NULL};
	const char *role = secrecy_role(b);
	const json_t *vote;
	unsigned ticked = 0;
	size_t i;

	json_array_foreach(json_arr(b->record, "votes"), i, vote)
	{
		const char *decision = form_str(vote, "decision");

		if (strcmp(form_str(vote, "role"), role) != 0 || !does_count(vote))
			continue;
		ticked = strcmp(decision, "approve") == 0  ? 1u
			 : strcmp(decision, "refuse") == 0 ? 1u << 2
							   : 0;
	}
	if (strcmp(form_str(b->record, "state"), "REFERRED") == 0)
		ticked |= 1u << 3;
	form_put_boxes(text, b->form->lang, boxes, ticked);
	form_line_buf(b, FORM_PLAIN, text);
}

/* Above a decision that nobody is proven to have signed. */
static void put_warning(struct form_builder *b, const json_t *vote, struct buf *text)
{
	if (is_valid(vote))
		return;
	form_put_word(text, b->form->lang, "check", form_str(vote, "check"));
	buf_puts(text, form_word(b->form->lang, "vote.claimed"));
	form_line_buf(b, FORM_WARN, text);
}

static void put_decision(struct form_builder *b, const json_t *vote, struct buf *text)
{
	enum form_lang lang = b->form->lang;
	const char *code = form_str(vote, "code"), *reason = form_str(vote, "reason");
	const json_t *ack;
	char word[64];
	size_t i;

	form_put_word(text, lang, "vote", form_str(vote, "decision"));
	if (code[0] != '\0') {
		(void)snprintf(word, sizeof(word), "code.%s", code);
		form_put_filled(text, lang, "vote.code", code, form_word(lang, word), NULL);
	}
	form_line_buf(b, FORM_PLAIN, text);
	if (reason[0] != '\0') {
		buf_puts(text, form_word(lang, "vote.grounds"));
		form_put_safe(text, reason);
		form_line_buf(b, FORM_PLAIN, text);
	}
	json_array_foreach(json_arr(vote, "acknowledged"), i, ack)
	{
		if (form_ack_repeats(vote, i))
			continue;
		if (!form_put_certificate(text, lang, form_str(ack, "rule")))
			form_put_filled(text, lang, "vote.acknowledged", form_str(ack, "rule"),
					NULL, NULL);
		form_put_safe(text, form_str(ack, "reason"));
		form_line_buf(b, FORM_PLAIN, text);
	}
}

static void put_signature(struct form_builder *b, const json_t *vote, bool name_role,
			  struct buf *text)
{
	enum form_lang lang = b->form->lang;
	const char *unit = form_str(vote, "unit"), *stands_for = form_str(vote, "stands_for");
	char number[24];

	form_put_named(b, text, "names", form_str(vote, "pid"));
	if (name_role) {
		buf_puts(text, " ");
		form_put_safe(text, form_str(vote, "role"));
	}
	if (unit[0] != '\0') {
		buf_puts(text, form_word(lang, "paren.open"));
		form_put_named(b, text, "units", unit);
		buf_puts(text, form_word(lang, "paren.close"));
	}
	if (stands_for[0] != '\0')
		form_put_filled(text, lang, "vote.stands_for", stands_for, NULL, NULL);
	buf_puts(text, "　");
	form_put_time(text, lang, form_str(vote, "time"), false);
	if (is_valid(vote)) {
		buf_puts(text, "　");
		buf_puts(text, form_word(lang, "check.valid"));
	}
	if (is_valid(vote) && !does_count(vote)) {
		buf_puts(text, "　");
		form_put_word(text, lang, "about", form_str(vote, "about"));
	}
	form_line_buf(b, FORM_SIGN, text);
	buf_puts(text, form_word(lang, "vote.digest"));
	form_put_safe(text, form_str(vote, "envelope_sha256"));
	form_line_buf(b, FORM_FINE, text);
	buf_puts(text, form_word(lang, "vote.key"));
	form_put_safe(text, form_str(vote, "keyid"));
	if (is_valid(vote)) {
		(void)snprintf(number, sizeof(number), "%lld",
			       (long long)form_num(vote, "policy_version"));
		buf_puts(text, "　");
		form_put_filled(text, lang, "vote.policy", number, NULL, NULL);
	}
	form_line_buf(b, FORM_FINE, text);
}

/* Every vote in this role, in the order in which they were given; how many there were. */
static unsigned put_votes(struct form_builder *b, const char *role, struct buf *text)
{
	const json_t *vote;
	unsigned n = 0;
	size_t i;

	json_array_foreach(json_arr(b->record, "votes"), i, vote)
	{
		const char *mine = form_str(vote, "role");

		if (role != NULL ? strcmp(mine, role) != 0 : is_stage(mine))
			continue;
		put_warning(b, vote, text);
		put_decision(b, vote, text);
		put_signature(b, vote, role == NULL, text);
		n++;
	}
	return n;
}

static bool has_votes(const struct form_builder *b, const char *role)
{
	const json_t *vote;
	size_t i;

	json_array_foreach(json_arr(b->record, "votes"), i, vote)
	{
		const char *mine = form_str(vote, "role");

		if (role != NULL ? strcmp(mine, role) == 0 : !is_stage(mine))
			return true;
	}
	return false;
}

static void put_stage(struct form_builder *b, const struct stage *s, struct buf *text)
{
	bool asked = is_required(b, s->role);
	char label[32];

	if (!s->always && !asked && !has_votes(b, s->role))
		return;
	form_row(b, 0);
	(void)snprintf(label, sizeof(label), "role.%s", s->role);
	form_label(b, label);
	form_cell(b, FORM_WIDTH - FORM_LABEL_WIDTH);
	if (strcmp(s->role, "secrecy") == 0)
		put_secrecy_boxes(b, text);
	if (put_votes(b, s->role, text) > 0)
		return;
	if (!asked && strcmp(s->role, "secrecy") == 0 &&
	    strcmp(secrecy_role(b), "secrecy") != 0) {
		buf_puts(text, form_word(b->form->lang, "opinion.by"));
		form_put_word(text, b->form->lang, "opinion", secrecy_role(b));
		buf_puts(text, form_word(b->form->lang, "opinion.end"));
		form_line_buf(b, FORM_PLAIN, text);
		return;
	}
	if (!asked) {
		form_line(b, FORM_PLAIN, form_word(b->form->lang, "vote.not_needed"));
		return;
	}
	form_line(b, FORM_PLAIN, "\n");
	form_line(b, FORM_SIGN, form_word(b->form->lang, "vote.by_hand"));
}

void form_block_opinions(struct form_builder *b)
{
	struct buf text;

	form_buf(&text);
	form_block(b, "block.opinions");
	for (size_t i = 0; i < sizeof(stages) / sizeof(stages[0]); i++)
		put_stage(b, &stages[i], &text);
	if (has_votes(b, NULL)) {
		form_row(b, 0);
		form_label(b, "role.other");
		form_cell(b, FORM_WIDTH - FORM_LABEL_WIDTH);
		(void)put_votes(b, NULL, &text);
	}
	form_rows_steps(b);
	buf_release(&text);
}
