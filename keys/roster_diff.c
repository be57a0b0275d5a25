/* roster_diff.c - two versions of an approval policy, person by person. */
#include <string.h>

#include "base/clock.h"
#include "keys/ceremony.h"
#include "keys/ceremony_words.h"

enum { LINE = 2048 };

static void put_key(const struct roster_key *k, char mark, enum ceremony_language l,
		    struct buf *out)
{
	char from[CLOCK_TEXT + 1], until[CLOCK_TEXT + 1], groups[CEREMONY_GROUPS + 1];

	clock_format(k->from, from);
	clock_format(k->until, until);
	ceremony_groups(k->keyid, groups);
	buf_putf(out, "      %c %s %s %.39s\n", mark, key_use_name(k->use),
		 words(l, "key", "密钥"), groups);
	buf_putf(out, "        %*s %s\n        %.10s %s %.10s\n",
		 (int)strlen(key_use_name(k->use)) + (l == CEREMONY_ZH ? 5 : 4), "",
		 groups + 40, from, words(l, "to", "至"), until);
}

static const struct roster_key *key_in(const struct roster_person *p,
				       const struct roster_key *k)
{
	for (unsigned i = 0; p != NULL && i < p->n_keys; i++) {
		if (memcmp(p->keys[i].public_key, k->public_key, KEY_PUBLIC) == 0)
			return &p->keys[i];
	}
	return NULL;
}

static bool same_key(const struct roster_key *a, const struct roster_key *b)
{
	return a->use == b->use && a->from == b->from && a->until == b->until;
}

static bool same_person(const struct roster_person *a, const struct roster_person *b)
{
	bool same = a->n_keys == b->n_keys && a->n_roles == b->n_roles &&
		    strcmp(a->unit, b->unit) == 0;

	for (unsigned i = 0; same && i < a->n_roles; i++)
		same = roster_has_role(b, a->roles[i]);
	for (unsigned i = 0; same && i < a->n_keys; i++) {
		const struct roster_key *k = key_in(b, &a->keys[i]);

		same = k != NULL && same_key(&a->keys[i], k);
	}
	return same;
}

static void put_roles(const struct roster_person *old, const struct roster_person *new,
		      struct buf *out)
{
	for (unsigned i = 0; old != NULL && i < old->n_roles; i++) {
		if (!roster_has_role(new, old->roles[i]))
			buf_putf(out, " -%s", old->roles[i]);
	}
	for (unsigned i = 0; i < new->n_roles; i++)
		buf_putf(out, " %s%s",
			 old == NULL || !roster_has_role(old, new->roles[i]) ? "+" : "",
			 new->roles[i]);
	buf_puts(out, "\n");
}

static void put_person(const struct roster_person *old, const struct roster_person *new,
		       enum ceremony_language l, struct buf *out)
{
	bool moves = old != NULL && strcmp(old->unit, new->unit) != 0;

	buf_putf(out, "    %c %s (", old == NULL ? '+' : '*', new->pid);
	if (moves)
		buf_putf(out, "%s -> ", old->unit);
	buf_putf(out, "%s)", new->unit);
	put_roles(old, new, out);
	for (unsigned i = 0; old != NULL && i < old->n_keys; i++) {
		const struct roster_key *k = key_in(new, &old->keys[i]);

		if (k == NULL || !same_key(k, &old->keys[i]))
			put_key(&old->keys[i], '-', l, out);
	}
	for (unsigned i = 0; i < new->n_keys; i++) {
		const struct roster_key *k = key_in(old, &new->keys[i]);

		if (k == NULL || !same_key(k, &new->keys[i]))
			put_key(&new->keys[i], '+', l, out);
	}
}

static void class_line(const struct roster_class *k, enum ceremony_language l, struct buf *out)
{
	buf_putf(out, "%s: %s %u, %s %lld s", k->name, words(l, "persons", "最少人数"),
		 k->min_persons, words(l, "lasts", "时效"), (long long)k->approval_ttl_s);
	for (unsigned i = 0; i < k->n_require; i++)
		buf_putf(out, ", %u x %s", k->require[i].min, k->require[i].role);
	for (unsigned i = 0; i < k->n_veto; i++)
		buf_putf(out, ", %s %s", words(l, "veto", "可否决"), k->veto[i]);
	buf_putf(out, ", %s%s%s", words(l, "not by", "不得由"),
		 k->exclude_author ? " author" : "", k->exclude_submitter ? " submitter" : "");
	if (!k->exclude_author || !k->exclude_submitter)
		buf_puts(out, words(l, " (AUTHOR OR SUBMITTER MAY APPROVE)",
				    "（作者或提交人可参与审批）"));
}

static void put_class(const struct roster_class *old, const struct roster_class *new,
		      enum ceremony_language l, struct buf *out)
{
	struct buf a, b;

	buf_init(&a, LINE);
	buf_init(&b, LINE);
	if (old != NULL)
		class_line(old, l, &a);
	if (new != NULL)
		class_line(new, l, &b);
	if (strcmp(buf_str(&a), buf_str(&b)) != 0) {
		if (old != NULL)
			buf_putf(out, "    - %s %s\n", words(l, "class", "类别"), buf_str(&a));
		if (new != NULL)
			buf_putf(out, "    + %s %s\n", words(l, "class", "类别"), buf_str(&b));
	}
	buf_release(&a);
	buf_release(&b);
}

void roster_diff(const struct roster *old, const struct roster *new, enum ceremony_language l,
		 struct buf *out)
{
	const struct roster_class *k;

	buf_putf(out, "  %s ", words(l, "approval policy, version", "审批政策，版本"));
	if (old != NULL)
		buf_putf(out, "%lld -> ", (long long)roster_version(old));
	buf_putf(out, "%lld\n", (long long)roster_version(new));
	for (unsigned i = 0; (k = roster_class_at(new, i)) != NULL; i++)
		put_class(old == NULL ? NULL : roster_class(old, k->name), k, l, out);
	for (unsigned i = 0; old != NULL && (k = roster_class_at(old, i)) != NULL; i++) {
		if (roster_class(new, k->name) == NULL)
			put_class(k, NULL, l, out);
	}
	for (unsigned i = 0; old != NULL && i < roster_count(old); i++) {
		const struct roster_person *p = roster_person_at(old, i);

		if (p != NULL && roster_person(new, p->pid) == NULL)
			buf_putf(out, "    - %s (%s) %s\n", p->pid, p->unit,
				 words(l, "leaves", "离开"));
	}
	for (unsigned i = 0; i < roster_count(new); i++) {
		const struct roster_person *p = roster_person_at(new, i);
		const struct roster_person *was =
			old == NULL || p == NULL ? NULL : roster_person(old, p->pid);

		if (p != NULL && (was == NULL || !same_person(was, p)))
			put_person(was, p, l, out);
	}
}
