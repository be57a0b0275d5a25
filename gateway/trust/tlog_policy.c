/* tlog_policy.c - C2SP tlog-policy: whose signatures make a checkpoint believable.
 *
 * Hostile: the file and the notes judged by it.  Invariants: no public key stands for
 * two things; a name is defined before it is used and is a member at most once, so that
 * a witness is counted once; a quorum of nobody is refused, since a log could then show
 * everyone another history. */
#include <string.h>

#include "base/text.h"
#include "trust/tlog_proof.h"

enum { POLICY_MAX = 64 << 10, WORDS_MAX = 40, NODES_MAX = 2 * TLOG_POLICY_KEYS };

struct word {
	const char *s;
	size_t len;
};

struct node { /* a witness or a group */
	char name[NOTE_NAME_MAX];
	bool member; /* of a group, once */
	bool group;
	struct note_key key;
	uint64_t members; /* of a group: bits of nodes before it */
	unsigned need;
};

struct tlog_policy {
	struct note_key log[TLOG_POLICY_KEYS];
	unsigned n_logs, n_witnesses, n_groups, n_nodes;
	struct node node[NODES_MAX];
	bool has_quorum;
	unsigned quorum;
};

static bool is(const struct word *w, const char *s)
{
	return w->len == strlen(s) && memcmp(w->s, s, w->len) == 0;
}

static int find(const struct tlog_policy *p, const struct word *w)
{
	for (unsigned i = 0; i < p->n_nodes; i++) {
		if (is(w, p->node[i].name))
			return (int)i;
	}
	return -1;
}

static int bad(struct sl_why *why, unsigned line, const char *what)
{
	return why_set(why, SL_E_FORMAT, "witness policy, line %u: %s", line, what);
}

static bool key_is_new(const struct tlog_policy *p, const struct note_key *k)
{
	for (unsigned i = 0; i < p->n_logs; i++) {
		if (memcmp(p->log[i].public_key, k->public_key, KEY_PUBLIC) == 0)
			return false;
	}
	for (unsigned i = 0; i < p->n_nodes; i++) {
		if (!p->node[i].group &&
		    memcmp(p->node[i].key.public_key, k->public_key, KEY_PUBLIC) == 0)
			return false;
	}
	return true;
}

static int read_key(const struct tlog_policy *p, const struct word *w, enum note_kind kind,
		    struct note_key *ret_k, unsigned line, struct sl_why *why)
{
	if (note_key_parse(w->s, w->len, ret_k) != SL_OK)
		return bad(why, line, "this is no verifier key");
	if (ret_k->kind != kind)
		return bad(why, line, "this key is for another use");
	return key_is_new(p, ret_k) ? SL_OK : bad(why, line, "this key stands there already");
}

static int read_log(struct tlog_policy *p, const struct word *w, unsigned n, unsigned line,
		    struct sl_why *why)
{
	int r;

	if (n < 2 || n > 3)
		return bad(why, line, "a log is: log VKEY [URL]");
	if (p->n_logs == TLOG_POLICY_KEYS)
		return bad(why, line, "too many logs");
	r = read_key(p, &w[1], NOTE_LOG, &p->log[p->n_logs], line, why);
	if (r == SL_OK)
		p->n_logs++;
	return r;
}

static int new_node(struct tlog_policy *p, const struct word *w, struct node **ret_n,
		    unsigned line, struct sl_why *why)
{
	struct node *n = &p->node[p->n_nodes];

	if (w->len >= sizeof(n->name))
		return bad(why, line, "this name is too long");
	if (is(w, "none") || find(p, w) >= 0)
		return bad(why, line, "this name is taken");
	memset(n, 0, sizeof(*n));
	memcpy(n->name, w->s, w->len);
	*ret_n = n;
	return SL_OK;
}

static int read_witness(struct tlog_policy *p, const struct word *w, unsigned n, unsigned line,
			struct sl_why *why)
{
	struct node *node = NULL;
	int r;

	if (n < 3 || n > 4)
		return bad(why, line, "a witness is: witness NAME VKEY [URL]");
	if (p->n_witnesses == TLOG_POLICY_KEYS)
		return bad(why, line, "too many witnesses");
	r = new_node(p, &w[1], &node, line, why);
	if (r == SL_OK)
		r = read_key(p, &w[2], NOTE_COSIGNATURE, &node->key, line, why);
	if (r == SL_OK) {
		p->n_nodes++;
		p->n_witnesses++;
	}
	return r;
}

static int read_group(struct tlog_policy *p, const struct word *w, unsigned n, unsigned line,
		      struct sl_why *why)
{
	struct node *node = NULL;
	uint64_t need = 1;
	int r;

	if (n < 4)
		return bad(why, line, "a group is: group NAME all|any|NUMBER MEMBER...");
	if (p->n_groups == TLOG_POLICY_KEYS)
		return bad(why, line, "too many groups");
	r = new_node(p, &w[1], &node, line, why);
	if (r != SL_OK)
		return r;
	if (is(&w[2], "all"))
		need = n - 3;
	else if (!is(&w[2], "any") &&
		 (!text_to_u64(w[2].s, w[2].len, n - 3, &need) || need == 0))
		return bad(why, line, "the number must lie between 1 and that of the members");
	for (unsigned i = 3; i < n; i++) {
		int at = find(p, &w[i]);

		if (at < 0)
			return bad(why, line, "a member is not defined above");
		if (p->node[at].member)
			return bad(why, line, "a member is in a group already");
		p->node[at].member = true;
		node->members |= UINT64_C(1) << at;
	}
	node->group = true;
	node->need = (unsigned)need;
	p->n_nodes++;
	p->n_groups++;
	return SL_OK;
}

static int read_quorum(struct tlog_policy *p, const struct word *w, unsigned n, unsigned line,
		       struct sl_why *why)
{
	int at = n == 2 ? find(p, &w[1]) : -1;

	if (p->has_quorum)
		return bad(why, line, "there is a quorum already");
	if (n == 2 && is(&w[1], "none"))
		return bad(why, line, "at least one witness must be required");
	if (at < 0)
		return bad(why, line, "a quorum is: quorum NAME, of a witness or group above");
	p->quorum = (unsigned)at;
	p->has_quorum = true;
	return SL_OK;
}

static int read_line(struct tlog_policy *p, const char *s, size_t len, unsigned line,
		     struct sl_why *why)
{
	struct word w[WORDS_MAX];
	unsigned n = 0;

	for (size_t i = 0; i < len;) {
		size_t start;

		if (s[i] == ' ' || s[i] == '\t') {
			i++;
			continue;
		}
		if (n == 0 && s[i] == '#')
			return SL_OK;
		if (n == WORDS_MAX)
			return bad(why, line, "too many words");
		for (start = i; i < len && s[i] != ' ' && s[i] != '\t';)
			i++;
		w[n++] = (struct word){.s = s + start, .len = i - start};
	}
	if (n == 0)
		return SL_OK;
	if (is(&w[0], "log"))
		return read_log(p, w, n, line, why);
	if (is(&w[0], "witness"))
		return read_witness(p, w, n, line, why);
	if (is(&w[0], "group"))
		return read_group(p, w, n, line, why);
	if (is(&w[0], "quorum"))
		return read_quorum(p, w, n, line, why);
	return bad(why, line, "log, witness, group or quorum expected");
}

static bool octets_ok(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];

		if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f)
			return false;
	}
	return true;
}

int tlog_policy_parse(const void *bytes, size_t len, struct tlog_policy **ret_p,
		      struct sl_why *why)
{
	const char *s = bytes, *end = s + len, *text = NULL;
	struct tlog_policy *p = NULL;
	unsigned line = 0;
	size_t n = 0;
	int r = SL_OK;

	if (len > POLICY_MAX)
		return why_set(why, SL_E_LIMIT, "the witness policy is too large");
	if (len == 0 || end[-1] != '\n' || !octets_ok(s, len))
		return why_set(why, SL_E_FORMAT, "the witness policy is no text of lines");
	p = calloc(1, sizeof(*p));
	if (p == NULL)
		return SL_E_NOMEM;
	while (r == SL_OK && text_next_line(&s, end, &text, &n))
		r = read_line(p, text, n, ++line, why);
	if (r == SL_OK && p->n_logs == 0)
		r = why_set(why, SL_E_FORMAT, "the witness policy names no log");
	if (r == SL_OK && !p->has_quorum)
		r = why_set(why, SL_E_FORMAT, "the witness policy has no quorum line");
	if (r != SL_OK) {
		tlog_policy_free(p);
		return r;
	}
	*ret_p = p;
	return SL_OK;
}

void tlog_policy_free(struct tlog_policy *p)
{
	free(p);
}

const struct note_key *tlog_policy_log(const struct tlog_policy *p)
{
	return &p->log[0];
}

const struct note_key *tlog_policy_witness(const struct tlog_policy *p,
					   const uint8_t public_key[KEY_PUBLIC])
{
	for (unsigned i = 0; i < p->n_nodes; i++) {
		if (!p->node[i].group &&
		    memcmp(p->node[i].key.public_key, public_key, KEY_PUBLIC) == 0)
			return &p->node[i].key;
	}
	return NULL;
}

static int check_log(const struct tlog_policy *p, const void *note, size_t len,
		     const struct tlog_checkpoint *c, struct sl_why *why)
{
	bool known = false;

	for (unsigned i = 0; i < p->n_logs; i++) {
		int r;

		if (strcmp(p->log[i].name, c->origin) != 0)
			continue;
		known = true;
		r = note_verify(note, len, &p->log[i], NULL);
		if (r == SL_OK)
			return r;
		if (r != SL_E_NOTFOUND)
			return why_set(why, SL_E_SIGNATURE,
				       "the checkpoint's signature by %s is not good",
				       c->origin);
	}
	return why_set(why, SL_E_SIGNATURE,
		       known ? "the checkpoint is not signed by the log %s"
			     : "the checkpoint is of a log that the policy does not name: %s",
		       c->origin);
}

static int check_witnesses(const struct tlog_policy *p, const void *note, size_t len,
			   struct sl_why *why)
{
	uint64_t seen = 0;
	unsigned n = 0;

	/* Members stand before their group, so one pass decides. */
	for (unsigned i = 0; i < p->n_nodes; i++) {
		const struct node *node = &p->node[i];
		bool yes;

		if (node->group) {
			yes = (unsigned)__builtin_popcountll(seen & node->members) >=
			      node->need;
		} else {
			int r = note_verify(note, len, &node->key, NULL);

			if (r != SL_OK && r != SL_E_NOTFOUND)
				return why_set(why, SL_E_SIGNATURE,
					       "the checkpoint's cosignature by %s is not good",
					       node->key.name);
			yes = r == SL_OK;
			n += yes;
		}
		seen |= (uint64_t)yes << i;
	}
	if ((seen >> p->quorum & 1) != 0)
		return SL_OK;
	return why_set(why, SL_E_SIGNATURE,
		       "the checkpoint is cosigned by %u witnesses, which is not the quorum %s",
		       n, p->node[p->quorum].name);
}

int tlog_policy_check(const struct tlog_policy *p, const void *note, size_t len,
		      struct tlog_checkpoint *ret_c, struct sl_why *why)
{
	struct tlog_checkpoint c;
	size_t text = 0;
	int r = note_text(note, len, &text);

	if (r == SL_OK)
		r = tlog_checkpoint_parse(note, text, &c);
	if (r != SL_OK)
		return r == SL_E_NOMEM
			       ? r
			       : why_set(why, SL_E_SIGNATURE, "this is no signed checkpoint");
	r = check_log(p, note, len, &c, why);
	if (r == SL_OK)
		r = check_witnesses(p, note, len, why);
	if (r == SL_OK)
		*ret_c = c;
	return r;
}
