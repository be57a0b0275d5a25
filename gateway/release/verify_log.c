/* verify_log.c - the checker as the log's witness.
 *
 * Hostile: tiles, checkpoint and entries of the case.  Invariants: the tree only grows
 * from the checker's own frontier; each size of the log is cosigned once; every byte
 * below log/ follows from the entries; the keys that a new approval policy ended are
 * those that this checker counts. */
#include "release/verify_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "release/ended.h"

struct compare {
	int tree_fd;
	struct tree_list *files;
	struct sl_why *why;
};

/* A tile that the step makes lies in the tree, byte for byte. */
static int compare_file(void *arg, const char *path, const void *bytes, size_t len)
{
	const struct compare *x = arg;
	char whole[TLOG_PATH_MAX + 8], hex[HASH_HEX + 1];
	int r;

	(void)snprintf(whole, sizeof(whole), "log/%s", path);
	hash_hex(bytes, len, hex);
	r = tree_check(x->tree_fd, whole, len, hex);
	return r == SL_OK ? tree_list_add(x->files, whole)
			  : why_set(x->why, r, "%s does not follow from the entries", whole);
}

static bool is(const struct casefile_mark *m, int64_t version, const uint8_t sha256[HASH_LEN])
{
	char hex[HASH_HEX + 1];

	text_hex(sha256, HASH_LEN, hex);
	return m->version == version && strcmp(m->sha256, hex) == 0;
}

/* A root or policy that is new to the log has its entry; nothing else has. */
static int check_marks(const struct casefile *c, const struct chain *chain,
		       const struct verify_log *log, struct sl_why *why)
{
	bool root = chain->root->version > log->root,
	     policy = chain->policy->version > log->policy;

	if ((root ? !is(&c->root, chain->root->version, chain->root->sha256)
		  : c->root.version != 0) ||
	    (policy ? !is(&c->policy, roster_version(chain->roster),
			  roster_digest(chain->roster))
		    : c->policy.version != 0))
		return why_set(why, SL_E_EXPIRED,
			       "the custodians' files have changed since the case was made");
	if (c->anchor.version != 0 && c->anchor.version < log->anchor)
		return why_set(why, SL_E_REPLAY, "the audit log has shrunk");
	return SL_OK;
}

/* Every key that the new policy ended has its entry, and no other key has one. */
static int check_ended(const struct casefile *c, const struct chain *chain,
		       const struct verify_log *log, struct sl_why *why)
{
	struct casefile_ended *e = NULL;
	int r = SL_OK;

	if (c->policy.version == 0) /* then the case lists none (casefile_parse) */
		return SL_OK;
	if (log->policy > 0 && log->approval[0] == '\0')
		return why_set(why, SL_E_STATE,
			       "the checker does not remember which approval policy the log "
			       "has last: let it sign one more case under that policy (within "
			       "the hour) before the new one is installed");
	e = calloc(1, sizeof(*e));
	if (e == NULL)
		return SL_E_NOMEM;
	r = ended_keys(chain, log->policy > 0 ? log->approval : NULL, e, why);
	if (r == SL_OK && memcmp(e, &c->ended, sizeof(*e)) != 0)
		r = why_set(why, SL_E_DENIED,
			    "the case logs other keys than the new approval policy ended");
	free(e);
	return r;
}

static int read_note(int case_fd, struct buf *note, struct sl_why *why)
{
	int r = file_read(case_fd, "checkpoint", NOTE_MAX, note);

	return r == SL_OK ? r : why_set(why, r, "the case has no checkpoint");
}

static int cosign(struct log_step *s, const struct chain *chain, const struct key *witness,
		  int64_t time, char line[CASEFILE_LINE_MAX], struct sl_why *why)
{
	const struct note_key *me = tlog_policy_witness(chain->witness, key_public(witness));
	struct buf b;
	int r;

	if (me == NULL)
		return why_set(why, SL_E_DENIED,
			       "the witness policy does not name this checker's key");
	buf_init(&b, CASEFILE_LINE_MAX - 1);
	r = note_cosignature_line(witness, me->name, time, s->text.data, s->text.len, &b);
	if (r == SL_OK) {
		buf_cut(&b, b.len - 1); /* the line end */
		(void)snprintf(line, CASEFILE_LINE_MAX, "%s", buf_str(&b));
		log_step_cosigned(s, line);
		r = buf_error(&s->note);
	}
	buf_release(&b);
	return r;
}

int verify_log(const struct verify_log_case *v, const struct verify_log *log, bool again,
	       struct tree_list *files, struct log_step *s, char line[CASEFILE_LINE_MAX],
	       struct sl_why *why)
{
	const struct note_key *key = tlog_policy_log(v->chain->witness);
	struct compare x = {.tree_fd = v->tree_fd, .files = files, .why = why};
	int before_fd = file_open_dir(v->case_fd, "before");
	struct log_dir dir = {.dirfd = before_fd, .copy_fd = -1};
	struct tlog_reader old = log_dir_reader(&dir);
	struct buf note;
	int r = again ? SL_OK : check_marks(v->c, v->chain, log, why);

	buf_init(&note, NOTE_MAX);
	if (r == SL_OK && !again)
		r = check_ended(v->c, v->chain, log, why);
	if (r == SL_OK && (uint64_t)v->c->log_size != log->tree.size)
		r = why_set(why, SL_E_REPLAY, "the log has %llu entries, not %lld",
			    (unsigned long long)log->tree.size, (long long)v->c->log_size);
	if (r == SL_OK && before_fd < 0 && v->c->log_size > 0)
		r = why_set(why, SL_E_NOTFOUND, "the case lacks the tiles before it");
	if (r == SL_OK)
		r = log_step_take(s, v->c, key->name, &log->tree, &old, compare_file, &x);
	if (r == SL_E_CORRUPT && why != NULL && why->text[0] == '\0')
		r = why_set(why, r, "the tiles before the case are not those that were signed");
	if (r == SL_OK)
		r = read_note(v->case_fd, &note, why);
	if (r == SL_OK)
		r = log_step_note(s, &note, key, why);
	if (r == SL_OK)
		r = cosign(s, v->chain, v->witness, v->c->time, line, why);
	buf_release(&note);
	file_close(before_fd);
	return r;
}
