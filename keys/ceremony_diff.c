/* ceremony_diff.c - what changes, field by field, as a custodian reads it aloud.
 *
 * Computed from parsed, checked metadata only.  Both languages stand in the code side
 * by side and not in the catalogue, because the sheet on the table carries both
 * whatever the computer's language is. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "keys/ceremony.h"
#include "keys/ceremony_roles.h"
#include "keys/ceremony_words.h"

enum { DAY_S = 24 * 3600 };

static void put_key(struct buf *out, char mark, const char *word, const char *keyid)
{
	char groups[CEREMONY_GROUPS + 1];

	ceremony_groups(keyid, groups);
	buf_putf(out, "    %c %s  %.39s\n", mark, word, groups);
	/* Two lines of 32 digits: what one breath reads. */
	buf_putf(out, "      %*s  %s\n", (int)strlen(word), "", groups + 40);
}

static void put_role(const struct tuf_role *old, const struct tuf_role *new,
		     enum ceremony_language l, struct buf *out)
{
	if (old == NULL)
		buf_putf(out, "  %-10s %s %u / %u\n", new->name,
			 words(l, "signatures needed / keys:", "所需签名数/密钥数："),
			 new->threshold, new->n_keys);
	else
		buf_putf(out, "  %-10s %s %u / %u -> %u / %u%s\n", new->name,
			 words(l, "signatures needed / keys:", "所需签名数/密钥数："),
			 old->threshold, old->n_keys, new->threshold, new->n_keys,
			 old->threshold != new->threshold
				 ? words(l, "   THE NUMBER CHANGES", "   所需签名数有变化")
				 : "");
	for (unsigned i = 0; old != NULL && i < old->n_keys; i++) {
		if (!ceremony_roles_holds(new, old->keys[i]))
			put_key(out, '-', words(l, "leaves", "移出"), old->keyids[i]);
	}
	for (unsigned i = 0; i < new->n_keys; i++) {
		if (old == NULL || !ceremony_roles_holds(old, new->keys[i]))
			put_key(out, '+', words(l, "joins ", "加入"), new->keyids[i]);
	}
	for (unsigned i = 0; old != NULL && i < new->n_keys; i++) {
		if (ceremony_roles_holds(old, new->keys[i]))
			put_key(out, '=', words(l, "stays ", "保留"), new->keyids[i]);
	}
}

static void put_roles(const struct tuf_meta *old, const struct tuf_meta *new, bool of_root,
		      enum ceremony_language l, struct buf *out)
{
	struct ceremony_roles *a = calloc(2, sizeof(*a)), *b = a == NULL ? NULL : a + 1;
	struct sl_why why;

	if (a == NULL ||
	    ceremony_roles_read(of_root ? new : NULL, of_root ? NULL : new, b, &why) != SL_OK)
		goto out;
	if (old != NULL &&
	    ceremony_roles_read(of_root ? old : NULL, of_root ? NULL : old, a, &why) != SL_OK)
		goto out;
	for (unsigned i = 0; i < b->n; i++)
		put_role(ceremony_roles_find(a, b->role[i].name), &b->role[i], l, out);
	for (unsigned i = 0; i < a->n; i++) {
		if (ceremony_roles_find(b, a->role[i].name) == NULL)
			buf_putf(out, "  - %s %s\n", a->role[i].name,
				 words(l, "(the whole role goes away)", "（整个角色取消）"));
	}
out:
	free(a);
}

static void put_target(const char *path, const json_t *old, const json_t *new,
		       enum ceremony_language l, struct buf *out)
{
	const char *sha256 = json_str(json_obj(new, "hashes"), "sha256");
	char groups[CEREMONY_GROUPS + 1] = "";

	if (json_equal(old, new))
		return;
	buf_putf(out, "  %c %s%s\n",
		 old == NULL   ? '+'
		 : new == NULL ? '-'
			       : '*',
		 path,
		 new == NULL ? words(l, "  (is not listed any more)", "（不再列出）") : "");
	if (sha256 == NULL || !text_is_sha256(sha256))
		return;
	ceremony_groups(sha256, groups);
	buf_putf(out, "      SHA-256  %.39s\n               %s\n", groups, groups + 40);
}

static void put_targets(const struct tuf_meta *old, const struct tuf_meta *new,
			enum ceremony_language l, struct buf *out)
{
	json_t *a =
		old == NULL ? NULL : json_object_get((json_t *)(uintptr_t)old->body, "targets");
	json_t *b = json_object_get((json_t *)(uintptr_t) new->body, "targets"), *v;
	const char *path;

	json_object_foreach(b, path, v) put_target(path, json_object_get(a, path), v, l, out);
	json_object_foreach(a, path, v)
	{
		if (json_object_get(b, path) == NULL)
			put_target(path, v, NULL, l, out);
	}
}

static void put_document(const struct ceremony *c, enum ceremony_doc d,
			 enum ceremony_language l, struct buf *out)
{
	static const char *const titles[CEREMONY_DOCS][2] = {
		{"who may sign everything else", "根：谁有权签署其余一切"},
		{"which keys the gateway and the policy officers use",
		 "目标：网关与政策人员用哪些密钥"},
		{"which approval policy is in force", "政策：哪一版审批政策有效"},
	};
	const struct tuf_meta *old = c->old[d], *new = c->new[d];
	char was[CLOCK_TEXT + 1] = "", until[CLOCK_TEXT + 1];

	clock_format(new->expires, until);
	buf_putf(out, "\n[%s.json]  %s\n", ceremony_doc_name(d), titles[d][l]);
	if (old != NULL) {
		clock_format(old->expires, was);
		buf_putf(out, "  %s %lld -> %lld\n", words(l, "version", "版本"),
			 (long long)old->version, (long long)new->version);
		buf_putf(out, "  %s %.10s -> %.10s\n", words(l, "valid until", "有效期至"), was,
			 until);
	} else {
		buf_putf(out, "  %s %lld %s\n", words(l, "version", "版本"),
			 (long long)new->version, words(l, "(the first)", "（首次）"));
		buf_putf(out, "  %s %.10s\n", words(l, "valid until", "有效期至"), until);
	}
	if (d != CEREMONY_POLICY)
		put_roles(old, new, d == CEREMONY_ROOT, l, out);
	put_targets(d == CEREMONY_ROOT ? NULL : old, new, l, out);
	if (d == CEREMONY_POLICY && c->new_roster != NULL)
		roster_diff(c->old_roster, c->new_roster, l, out);
}

void ceremony_summary(const struct ceremony *c, enum ceremony_language l, struct buf *out)
{
	char number[HASH_HEX + 1], groups[CEREMONY_GROUPS + 1], old[HASH_HEX + 1];

	buf_putf(out, "%s\n",
		 words(l,
		       "WHAT THIS CHANGE DOES    ( - goes   + comes   = stays   * other "
		       "content )",
		       "本次变更内容（ - 移出  + 加入  = 保留  * 内容变化 ）"));
	if (c->old[CEREMONY_ROOT] != NULL) {
		text_hex(c->old[CEREMONY_ROOT]->sha256, HASH_LEN, old);
		ceremony_groups(old, groups);
		buf_putf(out, "%s\n  %.39s\n  %s\n",
			 words(l,
			       "SHA-256 of the root.json in force (compare with the last "
			       "transcript)",
			       "现行 root.json 的 SHA-256（与上次记录核对）"),
			 groups, groups + 40);
	}
	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		if (c->new[d] != NULL)
			put_document(c, (enum ceremony_doc)d, l, out);
	}
	ceremony_number(c, number);
	ceremony_groups(number, groups);
	buf_putf(out, "\n%s\n  %.39s\n  %s\n",
		 words(l, "Number of this change (all custodians must read the same)",
		       "本次变更编号（各保管人读数必须一致）"),
		 groups, groups + 40);
}
