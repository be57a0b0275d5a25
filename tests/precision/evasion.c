/* evasion.c - how many of the packs' own positives are still found when they are disguised.
 *
 * Every positive of the packs SM, WS and PI goes through every transformation; the
 * transformations know no rule.  One that a reader could not undo either (letters put
 * between letters) is left out.  Prints a table; fails below the figures of the design. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "policy/pack.h"
#include "policy/trial_case.h"
#include "tests/precision/respelled.h"

enum { SHOWN = 6, WANTED = 99, WANTED_RESPELLED = 90, TODAY = 20500 };

struct sum {
	unsigned tried, found, shown;
};

static struct policy *policy;
static bool verbose;

/* The worst severity of a finding of `rule`, or of any rule of its pack when it is as bad. */
static bool scan(const struct trial_case *k, const struct disguised *d, const char *rule,
		 uint8_t worst, uint8_t *ret_severity)
{
	struct segment seg[DISGUISE_PARTS];
	struct finding *f = NULL;
	bool overflow = false, found = false;
	uint32_t offset = 0;
	unsigned n = 0;

	for (unsigned i = 0; i < d->parts; i++) {
		seg[i] = k->segment;
		seg[i].text = d->text + d->start[i];
		seg[i].len =
			(uint32_t)((i + 1 < d->parts ? d->start[i + 1] : d->len) - d->start[i]);
		seg[i].offset = offset;
		seg[i].column = offset + 1;
		for (uint32_t b = 0; b < seg[i].len; b++)
			offset += ((unsigned char)seg[i].text[b] & 0xc0) != 0x80;
	}
	if (policy_scan(policy, &k->context, seg, d->parts, &f, &n, &overflow) != SL_OK)
		abort();
	for (unsigned i = 0; i < n; i++) {
		bool same = strcmp(f[i].rule, rule) == 0;

		if (!same && (strncmp(f[i].rule, rule, 3) != 0 || f[i].severity > worst))
			continue;
		if (!found || f[i].severity < *ret_severity)
			*ret_severity = f[i].severity;
		found = true;
	}
	free(f);
	return found;
}

static void plain(const struct trial_case *k, struct disguised *d)
{
	d->len = k->segment.len;
	memcpy(d->text, k->segment.text, d->len);
	d->parts = 1;
	d->start[0] = 0;
}

static void try_one(const struct disguise *how, const char *rule, const struct trial_case *k,
		    struct sum *sum)
{
	struct disguised d;
	uint8_t severity = SEV_COUNT, now = SEV_COUNT;

	plain(k, &d);
	if (!scan(k, &d, rule, SEV_S0, &severity))
		return; /* `sluice-policy test` says so */
	for (unsigned variant = 0; how->make(k->segment.text, k->segment.len, variant, &d);
	     variant++) {
		if (d.parts == 0)
			continue; /* nothing to disguise */
		sum->tried++;
		if (scan(k, &d, rule, severity, &now)) {
			sum->found++;
		} else if (verbose || sum->shown++ < SHOWN) {
			printf("  %s missed (%s, %u): %.*s\n", rule, how->name, variant,
			       (int)d.len, d.text);
		}
	}
}

/* Rules that remind of what a paper lacks: whoever breaks up what is there gains nothing. */
static bool is_reminder(const struct pack_rule *rule)
{
	for (unsigned i = 0; i < rule->detect_count; i++) {
		const char *detector = rule->detect[i].detector;

		if (detector != NULL && strcmp(detector, "no-public-note") == 0)
			return true;
	}
	return false;
}

static void try_pack(const struct disguise *how, const char *dir, const char *name,
		     struct sum *sum)
{
	struct sl_why why = {.text = ""};
	struct pack *p = NULL;
	char path[1024];

	(void)snprintf(path, sizeof(path), "%s/packs/%s.yaml", dir, name);
	if (pack_load(path, &p, &why) != SL_OK) {
		(void)fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	for (unsigned r = 0; r < p->rules_count; r++) {
		const struct pack_words *w = &p->rules[r].positives;

		for (unsigned i = 0; !is_reminder(&p->rules[r]) && i < w->n; i++) {
			struct trial_case k;

			if (trial_case_parse(&k, w->item[i], TODAY, &why) == SL_OK)
				try_one(how, p->rules[r].id, &k, sum);
			trial_case_release(&k);
		}
	}
	pack_free(p);
}

static struct pack_list *load_list(const char *dir, const char *name)
{
	struct sl_why why = {.text = ""};
	struct pack_list *l = NULL;
	char path[1024];

	(void)snprintf(path, sizeof(path), "%s/lists/%s.yaml", dir, name);
	if (pack_list_load(path, &l, &why) != SL_OK) {
		(void)fprintf(stderr, "%s\n", why.text);
		exit(1);
	}
	return l;
}

/* Every phrase of a list that rules look for in other spellings. */
static void try_list(const struct respelling *how, const struct pack_list *l, const char *rule,
		     struct sum *sum)
{
	for (unsigned i = 0; i < l->words.n; i++) {
		struct sl_why why = {.text = ""};
		struct trial_case k;
		struct disguised d;
		uint8_t now = SEV_COUNT;

		if (trial_case_parse(&k, "x", TODAY, &why) != SL_OK)
			abort();
		for (unsigned variant = 0; how->make(l->words.item[i], variant, &d);
		     variant++) {
			if (d.parts == 0)
				continue;
			sum->tried++;
			if (scan(&k, &d, rule, SEV_S2, &now))
				sum->found++;
			else if (verbose || sum->shown++ < SHOWN)
				printf("  %s missed (%s, %u): %.*s\n", rule, how->name, variant,
				       (int)d.len, d.text);
		}
		trial_case_release(&k);
	}
}

static bool print(const char *name, const struct sum *sum, unsigned wanted)
{
	bool low = sum->tried == 0 || sum->found * 100 < sum->tried * wanted;

	printf("%-34s %5u of %5u  %6.2f %%%s\n", name, sum->found, sum->tried,
	       sum->tried > 0 ? 100.0 * sum->found / sum->tried : 0.0, low ? "  too few" : "");
	return low;
}

int main(int argc, char **argv)
{
	static const char *const packs[] = {"sm", "ws", "pi"};
	struct sl_why why = {.text = ""};
	struct pack_list *phrases, *marks, *split;
	int failed = 0;

	if (argc < 2 || crypto_start() != SL_OK)
		return 2;
	verbose = argc > 2;
	phrases = load_list(argv[1], "evasion");
	marks = load_list(argv[1], "evasion-marks");
	split = load_list(argv[1], "split-characters");
	if (policy_load(argv[1], &policy, &why) != SL_OK || disguise_start() != SL_OK ||
	    respelled_start(split) != SL_OK) {
		(void)fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	for (const struct disguise *how = disguise_table; how->name != NULL; how++) {
		struct sum sum = {0, 0, 0};

		for (size_t i = 0; i < sizeof(packs) / sizeof(packs[0]); i++)
			try_pack(how, argv[1], packs[i], &sum);
		failed += print(how->name, &sum, WANTED);
	}
	for (const struct respelling *how = respelling_table; how->name != NULL; how++) {
		struct sum sum = {0, 0, 0};

		try_list(how, marks, "SM-006", &sum);
		try_list(how, phrases, "WS-002", &sum);
		failed += print(how->name, &sum, WANTED_RESPELLED);
	}
	respelled_stop();
	disguise_stop();
	pack_list_free(phrases);
	pack_list_free(marks);
	pack_list_free(split);
	policy_free(policy);
	return failed > 0;
}
