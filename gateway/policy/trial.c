/* trial.c - each text of each rule, tried on the rules as they are loaded. */
#include "policy/trial.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "policy/match.h"
#include "policy/rules.h"
#include "policy/trial_case.h"

enum { TEXTS_WANTED = 3 };

struct trial {
	const struct policy *policy;
	const struct trial_watch *watch;
	int64_t today; /* texts with dates are read as on the day of the rule set */
	struct trial_result result;
};

static int fail(struct trial *t, const struct pack *p, const char *rule, const char *text,
		const char *kind, const char *reason)
{
	struct sl_why why = {.text = ""};
	struct trial_failure f = {
		.file = p->path, .rule = rule, .kind = kind, .text = text, .message = why.text};

	t->result.failed++;
	(void)pack_complain(p, rule, text, &why, "%s", reason);
	return t->watch->failed != NULL ? t->watch->failed(&f, t->watch->arg) : SL_OK;
}

/* Texts of one kind: all must be found, or none. */
static int try_all(struct trial *t, const struct pack *p, const struct pack_rule *rule,
		   bool positive)
{
	const struct pack_words *w = positive ? &rule->positives : &rule->near_misses;
	const char *kind = positive ? "positive" : "near-miss";
	int r = SL_OK;

	*(positive ? &t->result.positives : &t->result.near_misses) += w->n;
	if (w->n < TEXTS_WANTED)
		r = fail(t, p, rule->id, NULL, kind,
			 positive ? _("has fewer than three positives")
				  : _("has fewer than three near-misses"));
	for (unsigned i = 0; r == SL_OK && i < w->n; i++) {
		struct sl_why why = {.text = ""};
		struct trial_case k;
		bool found = false;

		r = trial_case_parse(&k, w->item[i], t->today, &why);
		if (r != SL_OK) {
			trial_case_release(&k);
			r = fail(t, p, rule->id, w->item[i], kind, why_text(&why, r));
			continue;
		}
		r = trial_case_run(&k, t->policy, rule->id, &found);
		trial_case_release(&k);
		if (r == SL_OK && found != positive)
			r = fail(t, p, rule->id, w->item[i], kind,
				 positive ? _("does not find this positive")
					  : _("finds this near-miss, which it must not"));
	}
	return r;
}

static bool has_han(const char *text)
{
	size_t len = strlen(text), used;

	for (size_t i = 0; i < len; i += used) {
		if (match_is_han(text_decode(text + i, len - i, &used)))
			return true;
	}
	return false;
}

static bool has_letters(const char *text)
{
	return text[strcspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")] !=
	       '\0';
}

/* What people read is there in both languages: a copied text is no translation. */
static int check_texts(struct trial *t, const struct pack *p, const struct pack_rule *rule)
{
	const struct {
		const char *en, *zh;
	} texts[] = {{rule->title.en, rule->title.zh},
		     {rule->message.en, rule->message.zh},
		     {rule->fix.en, rule->fix.zh}};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!has_han(texts[i].zh))
			return fail(t, p, rule->id, texts[i].zh, "text",
				    _("the zh text has no Chinese characters: translate it"));
		if (!has_letters(texts[i].en))
			return fail(t, p, rule->id, texts[i].en, "text",
				    _("the en text has no English words: translate it"));
	}
	return SL_OK;
}

/* Findings of the matcher itself can be made from a line of text. */
static bool is_made_here(const struct pack_rule *rule)
{
	return rule->made_by == NULL || strcmp(rule->made_by, "match") == 0;
}

static int try_pack(struct trial *t, const struct pack *p)
{
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < p->rules_count; i++) {
		const struct pack_rule *rule = &p->rules[i];

		r = check_texts(t, p, rule);
		if (!is_made_here(rule)) {
			t->result.elsewhere++;
			continue;
		}
		t->result.rules++;
		if (r == SL_OK)
			r = try_all(t, p, rule, true);
		if (r == SL_OK)
			r = try_all(t, p, rule, false);
	}
	return r;
}

int trial_run(const struct policy *p, const struct trial_watch *w, struct trial_result *ret)
{
	struct trial t = {.policy = p, .watch = w};
	int r = SL_OK;

	if (p->head->date == NULL || !workdays_parse(p->head->date, &t.today))
		t.today = clock_now() / 86400;
	for (unsigned i = 0; r == SL_OK && i < p->n_pack; i++) {
		r = try_pack(&t, p->pack[i]);
		if (w->step != NULL)
			w->step(i + 1, p->n_pack, w->arg);
	}
	if (r == SL_OK)
		*ret = t.result;
	return r;
}
