/* record_reply.c - a reply against the question it answers and the day it is due.
 *
 * Hostile: question and reply.  Both are read up to a limit; a longer reply is no empty one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy/reckon.h"
#include "policy/record.h"

enum {
	QUESTION_TERMS_MAX = 512, /* pairs of Han characters of a question */
	TERMS_WANTED = 3,	  /* fewer say too little about a matter */
	REPLY_LEAST = 40,	  /* Han characters: a shorter reply may be exact */
	REPLY_MAX = 256 << 10,	  /* bytes */
	NOON = 12 * 3600,
};

/* ---- when ---- */

/* By the clock of its category (clocks.yaml); 0: none runs. */
static int64_t term_of(const struct record_look *l, const struct scan_record *r)
{
	const struct clocks *c = l->scan->policy->clocks;
	const char *type = l->scan->ctx->content_type;
	/* At noon of the day: the day of the event is not counted, whatever its hour. */
	const struct reckon_what w = {
		.start = "received",
		.end = "RELEASED",
		.content_type = type != NULL ? type : "",
		.category = r->category != NULL ? r->category : "",
		.started = clocks_day_end(c, r->received) - NOON,
	};
	int64_t due = reckon_first_due(c, &w);

	return due > 0 ? reckon_last_day(c, due) : 0;
}

bool record_reply_due(struct record_look *l)
{
	const struct scan_context *ctx = l->scan->ctx;
	const struct scan_record *r = ctx->record;
	const struct workdays *w = &l->scan->policy->clocks->workdays;
	char day[WORKDAYS_TEXT];
	int64_t due = r->due;

	if (due <= 0 && r->received > 0)
		due = term_of(l, r);
	/* Today's term, tomorrow's, and what is over. */
	if (due <= 0 || workdays_after(w, ctx->today, 1) < due)
		return false;
	workdays_format(due, day);
	(void)snprintf(l->excerpt, sizeof(l->excerpt), "%s", day);
	(void)snprintf(l->evidence, sizeof(l->evidence), "due:%s,%s%s", day,
		       ctx->today > due ? "overdue" : "last-day",
		       workdays_knows(w, due) ? "" : ",holidays-unknown");
	return true;
}

/* ---- what about ---- */

struct terms {
	char pair[QUESTION_TERMS_MAX][9]; /* two Han characters, at most 4 bytes each */
	unsigned n;
};

/* Words such as 请问 say nothing about the matter. */
static bool is_common(const struct policy *p, const char *pair)
{
	for (unsigned i = 0; i < p->common_word.n; i++) {
		if (strcmp(p->common_word.item[i], pair) == 0)
			return true;
	}
	return false;
}

static void find_terms(const struct policy *p, const struct norm *question, struct terms *t)
{
	const struct extent e = {question->text, question->len};
	size_t before = 0, at = 0, start = 0;
	uint32_t last = 0, cp;

	while (t->n < QUESTION_TERMS_MAX && (start = at, (cp = match_next(e, &at)) != 0)) {
		if (match_is_han(last) && match_is_han(cp)) {
			size_t n = at - before;

			memcpy(t->pair[t->n], e.text + before, n);
			t->pair[t->n][n] = '\0';
			t->n += is_common(p, t->pair[t->n]) ? 0 : 1;
		}
		last = cp;
		before = start;
	}
}

static bool any_term(const struct terms *t, const struct norm *text)
{
	for (unsigned i = 0; i < t->n; i++) {
		if (memmem(text->text, text->len, t->pair[i], strlen(t->pair[i])) != NULL)
			return true;
	}
	return false;
}

static size_t count_han(const struct norm *text)
{
	const struct extent e = {text->text, text->len};
	size_t at = 0, n = 0;
	uint32_t cp;

	while ((cp = match_next(e, &at)) != 0)
		n += match_is_han(cp);
	return n;
}

/* The reply in the form in which the question is: false when it has a term of it, when it is
 * long, or on an error. */
static bool says_nothing(struct record_look *l, const struct terms *t, size_t *ret_han)
{
	/* A title often repeats the question, which answers nothing. */
	enum {
		BESIDE = 1u << WHERE_TITLE | 1u << WHERE_FILENAME | 1u << WHERE_PROPERTY |
			 1u << WHERE_METADATA
	};
	size_t bytes = 0;

	*ret_han = 0;
	for (unsigned i = 0; i < l->n_segments; i++) {
		const struct segment *s = &l->segments[i];
		struct norm text = {.text = NULL};
		bool found;

		if ((BESIDE & 1u << s->where) != 0)
			continue;
		if ((bytes += s->len) > REPLY_MAX)
			return false;
		l->scan->error = normalise_text(l->scan->policy->fold, s->text, s->len, &text);
		if (l->scan->error != SL_OK)
			return false;
		found = any_term(t, &text);
		*ret_han += count_han(&text);
		normalise_release(&text);
		if (found)
			return false;
	}
	return true;
}

bool record_reply_missed(struct record_look *l)
{
	const char *question = l->scan->ctx->record->question;
	struct terms *t = question != NULL ? calloc(1, sizeof(*t)) : NULL;
	struct norm text = {.text = NULL};
	size_t han = 0;
	bool missed = false;

	if (question == NULL)
		return false;
	l->scan->error = t == NULL ? SL_E_NOMEM
				   : normalise_text(l->scan->policy->fold, question,
						    strlen(question), &text);
	if (l->scan->error == SL_OK) {
		find_terms(l->scan->policy, &text, t);
		missed = t->n >= TERMS_WANTED && says_nothing(l, t, &han) && han >= REPLY_LEAST;
		(void)snprintf(l->evidence, sizeof(l->evidence), "terms:%u,shared:0", t->n);
	}
	normalise_release(&text);
	free(t);
	return missed;
}
