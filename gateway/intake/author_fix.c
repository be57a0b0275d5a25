/* author_fix.c - the desk's answers are checked here: names and digests of the copies are
 * what the record says, and the record is of the draft that was asked for. */
#include "intake/author_fix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "crypto/hash.h"

enum { RECORD_MAX = 1 << 20 };

static int misunderstood(struct sl_why *why)
{
	return why_set(why, SL_E_FORMAT, _("the gateway's answer cannot be understood"));
}

static int ask_state(struct session *s, const char *draft, const struct author_fix *f,
		     char state[16], struct sl_why *ret_reason, struct sl_why *why)
{
	json_t *args =
		json_pack("{s:s,s:I}", "draft", draft, "revision", (json_int_t)f->revision);
	struct wire_reply reply = {0};
	int r = wire_ask(s->wire, "draft.fixed", args, NULL, 0, &reply, why);

	if (r == SL_OK) {
		const char *word = json_str(reply.result, "state"),
			   *reason = json_str(reply.result, "reason");

		(void)snprintf(state, 16, "%s", word != NULL ? word : "");
		(void)why_set(ret_reason, SL_OK, "%s", reason != NULL ? reason : "");
	}
	wire_reply_release(&reply);
	json_decref(args);
	return r;
}

static int wait_done(struct session *s, const char *draft, const struct author_fix *f,
		     int timeout_ms, struct sl_why *why)
{
	int64_t deadline = clock_mono_ms() + timeout_ms;
	struct sl_why reason = {""};
	char state[16] = "";
	int wait_ms = 10, r = ask_state(s, draft, f, state, &reason, why);

	while (r == SL_OK && (strcmp(state, "asked") == 0 || strcmp(state, "working") == 0)) {
		struct timespec t = {.tv_nsec = wait_ms * 1000000L};

		if (clock_mono_ms() >= deadline)
			return why_set(why, SL_E_TIMEOUT,
				       _("the copy of %s is still being made"), draft);
		if (nanosleep(&t, NULL) != 0)
			return SL_E_CANCELED;
		/* Quick at first for the short text, then kind to the desk. */
		wait_ms = wait_ms < 250 ? wait_ms + wait_ms / 3 : 250;
		r = ask_state(s, draft, f, state, &reason, why);
	}
	if (r == SL_OK && strcmp(state, "failed") == 0)
		r = why_set(why, SL_E_UNSUPPORTED, "%s", reason.text);
	else if (r == SL_OK && strcmp(state, "done") != 0)
		r = misunderstood(why);
	return r;
}

/* One part in pieces; *ret_sha256: of what came. */
static int fetch(struct session *s, const char *draft, int64_t revision, const char *part,
		 int (*take)(void *arg, const void *bytes, size_t len), void *arg,
		 char ret_sha256[65], struct sl_why *why)
{
	int64_t offset = 0;
	uint8_t digest[HASH_LEN];
	struct hash *h = NULL;
	bool done = false;
	int r = hash_new(&h);

	while (r == SL_OK && !done) {
		json_t *args = json_pack("{s:s,s:I,s:s,s:I}", "draft", draft, "revision",
					 (json_int_t)revision, "part", part, "offset",
					 (json_int_t)offset);
		struct wire_reply reply = {0};

		r = wire_ask(s->wire, "draft.fixed", args, NULL, 0, &reply, why);
		if (r == SL_OK &&
		    (!json_bool(reply.result, "done", &done) || (!done && reply.data.len == 0)))
			r = misunderstood(why);
		if (r == SL_OK && reply.data.len > 0) {
			hash_update(h, reply.data.data, reply.data.len);
			r = take(arg, reply.data.data, reply.data.len);
			offset += (int64_t)reply.data.len;
		}
		wire_reply_release(&reply);
		json_decref(args);
	}
	if (r == SL_OK) {
		hash_final(h, digest);
		text_hex(digest, sizeof(digest), ret_sha256);
	}
	hash_free(h);
	return r;
}

static int take_into_buf(void *arg, const void *bytes, size_t len)
{
	buf_put(arg, bytes, len);
	return buf_error(arg);
}

static int take_into_file(void *arg, const void *bytes, size_t len)
{
	return file_write_all(*(const int *)arg, bytes, len);
}

static int fetch_record(struct session *s, const char *draft, struct author_fix *f,
			struct sl_why *why)
{
	const char *schema, *named;
	int64_t revision = 0;
	struct buf b;
	int r;

	buf_init(&b, RECORD_MAX);
	r = fetch(s, draft, f->revision, "record", take_into_buf, &b, f->record_sha256, why);
	if (r == SL_OK && json_parse(b.data, b.len, RECORD_MAX, &f->record) != SL_OK)
		r = misunderstood(why);
	buf_release(&b);
	if (r != SL_OK)
		return r;
	schema = json_str(f->record, "schema");
	named = json_str(f->record, "draft");
	if (schema == NULL || strcmp(schema, "sluice-fix/1") != 0 || named == NULL ||
	    strcmp(named, draft) != 0 || !json_i64(f->record, "revision", &revision) ||
	    revision != f->revision)
		r = misunderstood(why);
	return r;
}

int author_fix(struct session *s, const char *draft, bool accept, int timeout_ms,
	       struct author_fix *ret_f, struct sl_why *why)
{
	json_t *args = json_pack("{s:s,s:b}", "draft", draft, "accept", (int)accept);
	struct author_fix f = {.record = NULL};
	struct wire_reply reply = {0};
	const char *manifest;
	int r = wire_ask(s->wire, "draft.fix", args, NULL, 0, &reply, why);

	manifest = json_str(reply.result, "manifest");
	if (r == SL_OK &&
	    (manifest == NULL || !json_i64(reply.result, "revision", &f.revision) ||
	     json_parse(manifest, strlen(manifest), MANIFEST_MAX, &f.manifest) != SL_OK))
		r = misunderstood(why);
	if (r == SL_OK)
		r = wait_done(s, draft, &f, timeout_ms, why);
	if (r == SL_OK)
		r = fetch_record(s, draft, &f, why);
	wire_reply_release(&reply);
	json_decref(args);
	if (r != SL_OK) {
		author_fix_release(&f);
		return r;
	}
	*ret_f = f;
	return SL_OK;
}

void author_fix_release(struct author_fix *f)
{
	json_decref(f->record);
	json_decref(f->manifest);
	*f = (struct author_fix){.record = NULL};
}

static int fetch_file(struct session *s, const char *draft, const struct author_fix *f,
		      size_t i, int dir, struct sl_why *why)
{
	const json_t *row = json_array_get(json_arr(f->record, "files"), i);
	const char *name = json_str(row, "name"), *after = json_str(row, "after");
	char part[32], sha256[65];
	int fd, r;

	/* A name from outside becomes a path here. */
	if (name == NULL || after == NULL || !text_is_safe_name(name, strlen(name)))
		return misunderstood(why);
	fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return why_set(why, sl_err_errno(errno), "%s: %s", name, strerror(errno));
	(void)snprintf(part, sizeof(part), "file:%zu", i);
	r = fetch(s, draft, f->revision, part, take_into_file, &fd, sha256, why);
	file_close(fd);
	if (r == SL_OK && strcmp(sha256, after) != 0)
		r = why_set(why, SL_E_SIGNATURE, _("%s was changed on its way"), name);
	if (r != SL_OK)
		(void)unlinkat(dir, name, 0);
	return r;
}

int author_fix_files(struct session *s, const char *draft, const struct author_fix *f, int dir,
		     struct sl_why *why)
{
	size_t n = json_array_size(json_arr(f->record, "files"));
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < n; i++)
		r = fetch_file(s, draft, f, i, dir, why);
	return r;
}
