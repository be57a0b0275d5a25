/* vouch.c - signatures beside a set of rules, read and counted.
 *
 * Hostile: every byte in the folder.  Whoever can write there can add files, so one that does
 * not count never spoils those that do. */
#include "trust/vouch.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/text.h"

enum { PATH_SIZE = 4096, SKEW_S = 300, NAMES = 200 };
static const char schema[] = "sluice-rules/1";
static const char role[] = "secrecy";

int vouch_write(const struct vouch_facts *f, struct buf *out)
{
	char digest[HASH_HEX + 1], when[CLOCK_TEXT + 1];
	json_t *j;
	int r;

	text_hex(f->digest, HASH_LEN, digest);
	clock_format(f->time, when);
	j = json_pack("{s:s,s:s,s:s,s:I}", "digest", digest, "schema", schema, "time", when,
		      "version", (json_int_t)f->version);
	if (j != NULL && f->files != NULL && json_object_set(j, "files", f->files) != 0) {
		json_decref(j);
		j = NULL;
	}
	r = j == NULL ? SL_E_NOMEM : json_canonical(j, out);
	json_decref(j);
	return r;
}

void vouch_release(struct vouch_facts *f)
{
	json_decref(f->files);
	f->files = NULL;
}

int vouch_read(const void *bytes, size_t len, struct vouch_facts *ret_f)
{
	static const char *const names[] = {"digest", "schema", "time", "version", NULL};
	static const char *const optional[] = {"files", NULL};
	struct vouch_facts f = {.version = 0};
	const char *digest, *when, *what;
	json_t *j = NULL;
	int r = json_parse_signed(bytes, len, &j);

	if (r != SL_OK)
		return r;
	digest = json_str(j, "digest");
	when = json_str(j, "time");
	what = json_str(j, "schema");
	if (!json_has_only(j, names, optional) || digest == NULL || when == NULL ||
	    what == NULL || strcmp(what, schema) != 0 || !text_is_sha256(digest) ||
	    !text_unhex(digest, strlen(digest), f.digest, HASH_LEN) ||
	    !clock_parse(when, strlen(when), &f.time) || !json_i64(j, "version", &f.version) ||
	    f.version < 1 || !vouch_files_ok(json_object_get(j, "files"))) {
		r = SL_E_FORMAT;
	} else {
		f.files = json_incref(json_object_get(j, "files"));
		*ret_f = f;
	}
	json_decref(j);
	return r;
}

struct count {
	int dir;
	const uint8_t *digest;
	const struct roster *roster;
	int64_t now;
	struct vouch_result result;
	/* Of the newest statement of an officer about other bytes. */
	struct vouch_facts other;
	char other_pid[ROSTER_NAME_MAX];
};

static bool counted(const struct vouch_result *v, const char *pid)
{
	for (unsigned i = 0; i < v->n; i++) {
		if (strcmp(v->pid[i], pid) == 0)
			return true;
	}
	return false;
}

/* Is it an officer's word, and whose?  *f is filled then. */
static const struct roster_person *officer(const struct count *c, const struct dsse *e,
					   struct vouch_facts *f)
{
	const struct roster_key *k = NULL;
	const struct roster_person *p = roster_find_key(c->roster, e->keyid, &k);

	if (p == NULL || k->use != KEY_DSSE_REVIEWER || !roster_has_role(p, role) ||
	    strcmp(e->payload_type, VOUCH_TYPE) != 0 || roster_verify(k, e) != SL_OK ||
	    vouch_read(e->payload, e->payload_len, f) != SL_OK)
		return NULL;
	if (f->time < k->from || f->time > k->until || f->time > c->now + SKEW_S) {
		vouch_release(f);
		return NULL;
	}
	return p;
}

/* Kept to say what was touched since. */
static void keep_other(struct count *c, const struct roster_person *p, struct vouch_facts *f)
{
	if (f->files == NULL || f->time < c->other.time)
		return;
	vouch_release(&c->other);
	c->other = *f;
	f->files = NULL; /* moved */
	(void)snprintf(c->other_pid, sizeof(c->other_pid), "%s", p->pid);
}

static void count_one(struct count *c, const struct roster_person *p, struct vouch_facts *f)
{
	if (memcmp(f->digest, c->digest, HASH_LEN) != 0) {
		keep_other(c, p, f);
		return;
	}
	/* Two who mean different versions do not mean the same. */
	if (!counted(&c->result, p->pid) && c->result.n < VOUCH_FILES_MAX &&
	    (c->result.n == 0 || c->result.version == f->version)) {
		c->result.version = f->version;
		c->result.time = f->time > c->result.time ? f->time : c->result.time;
		(void)snprintf(c->result.pid[c->result.n++], ROSTER_NAME_MAX, "%s", p->pid);
	}
}

static void hear(struct count *c, const void *bytes, size_t len)
{
	const struct roster_person *p = NULL;
	struct vouch_facts f = {.files = NULL};
	struct dsse e = {.payload = NULL};

	if (dsse_parse(bytes, len, &e) == SL_OK)
		p = officer(c, &e, &f);
	if (p != NULL)
		count_one(c, p, &f);
	vouch_release(&f);
	dsse_release(&e);
}

static int look(const char *name, void *arg)
{
	struct count *c = arg;
	struct buf b;
	size_t len = strlen(name);

	if (len <= 5 || strcmp(name + len - 5, ".json") != 0)
		return SL_OK;
	buf_init(&b, DSSE_MAX);
	if (file_read(c->dir, name, DSSE_MAX, &b) == SL_OK)
		hear(c, b.data, b.len);
	buf_release(&b);
	return SL_OK;
}

/* "; since p-05 signed, packs/pi.yaml was changed", or "". */
static void since(const struct count *c, const char *dir, char out[NAMES + VOUCH_DIFFERENCE])
{
	char what[VOUCH_DIFFERENCE] = "";
	json_t *now = NULL;

	out[0] = '\0';
	if (c->other.files == NULL || vouch_files(dir, &now) != SL_OK)
		return;
	vouch_files_differ(c->other.files, now, what);
	json_decref(now);
	if (what[0] != '\0')
		(void)snprintf(out, NAMES + VOUCH_DIFFERENCE, _("; since %s signed, %s"),
			       c->other_pid, what);
}

static void names_of(const struct vouch_result *v, char names[NAMES])
{
	names[0] = '\0';
	for (unsigned i = 0; i < v->n; i++) {
		size_t n = strlen(names);

		(void)snprintf(names + n, NAMES - n, "%s%s", i > 0 ? ", " : "", v->pid[i]);
	}
}

static int complain(const struct count *c, const char *dir, struct sl_why *why)
{
	const struct vouch_result *v = &c->result;
	char names[NAMES], touched[NAMES + VOUCH_DIFFERENCE];

	names_of(v, names);
	since(c, dir, touched);
	return why_set(why, SL_E_SIGNATURE,
		       _("%s: these bytes need the signatures of %d secrecy officers, and have "
			 "%u%s%s%s: let them run sluice-policy sign"),
		       dir, VOUCH_PERSONS, v->n, v->n > 0 ? ": " : "", names, touched);
}

int vouch_check(const char *dir, const uint8_t digest[HASH_LEN], const struct roster *r,
		int64_t now, struct vouch_result *ret, struct sl_why *why)
{
	struct count c = {.dir = -1, .digest = digest, .roster = r, .now = now};
	char path[PATH_SIZE];
	int e = file_join(path, sizeof(path), dir, VOUCH_FOLDER);

	if (e != SL_OK)
		return e;
	c.dir = file_open_dir(AT_FDCWD, path);
	if (c.dir >= 0)
		e = file_each(c.dir, VOUCH_FILES_MAX, look, &c);
	file_close(c.dir);
	if (e != SL_OK)
		e = why_set(why, e, "%s: %s", path, sl_strerror(e));
	else if (c.result.n < VOUCH_PERSONS)
		e = complain(&c, dir, why);
	else
		*ret = c.result;
	vouch_release(&c.other);
	return e;
}

int vouch_judge(const struct vouch_line *lines, size_t n, const uint8_t digest[HASH_LEN],
		const struct roster *r, int64_t now, struct vouch_result *ret,
		struct sl_why *why)
{
	struct count c = {.dir = -1, .digest = digest, .roster = r, .now = now};
	char names[NAMES];

	for (size_t i = 0; i < n; i++)
		hear(&c, lines[i].bytes, lines[i].len);
	vouch_release(&c.other);
	names_of(&c.result, names);
	if (c.result.n < VOUCH_PERSONS)
		return why_set(why, SL_E_SIGNATURE,
			       _("these rules need the signatures of %d secrecy officers, and "
				 "have %u%s%s"),
			       VOUCH_PERSONS, c.result.n, c.result.n > 0 ? ": " : "", names);
	*ret = c.result;
	return SL_OK;
}

bool vouch_is_about(const void *bytes, size_t len, const uint8_t digest[HASH_LEN])
{
	struct vouch_facts f = {.files = NULL};
	struct dsse e = {.payload = NULL};
	bool is = dsse_parse(bytes, len, &e) == SL_OK &&
		  strcmp(e.payload_type, VOUCH_TYPE) == 0 &&
		  vouch_read(e.payload, e.payload_len, &f) == SL_OK &&
		  memcmp(f.digest, digest, HASH_LEN) == 0;

	vouch_release(&f);
	dsse_release(&e);
	return is;
}
