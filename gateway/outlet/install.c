/* install.c - order of units, and what happens to one.
 *
 *   waiting ── unseal, signature ──✗──▶ refused, serial stays open (anyone can send garbage)
 *      │ ✓
 *      ├── proof (admit.c) ────────✗──▶ refused, serial is dealt with (the gateway sent it)
 *      │ ✓          └ metadata not here yet: waits for the units before it
 *      └── place, remove, progress ───▶ gone from the quarantine
 *
 * Hostile: the quarantine.  Killed at any instant, the same unit is simply dealt
 * with again: proof depends on the tree alone, and placing may be repeated. */
#include "outlet/install.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "link/sealed.h"
#include "outlet/place.h"
#include "outlet/refs.h"

struct open_unit { /* the work directory while one unit is in hand */
	int work, files, scratch;
	char scratch_path[4200];
	struct unit unit;
};

static bool trouble_here(int r)
{
	return r == SL_E_IO || r == SL_E_FULL || r == SL_E_NOMEM;
}

static void clean_work(const struct install *in)
{
	if (file_remove_tree(AT_FDCWD, in->work) != SL_OK)
		log_warn("work", "the work directory cannot be emptied");
}

static int fresh_work(const struct install *in, struct open_unit *o, struct sl_why *why)
{
	char path[4200];
	int r = file_remove_tree(AT_FDCWD, in->work);

	if (r == SL_OK)
		r = file_join(path, sizeof(path), in->work, "files");
	if (r == SL_OK)
		r = file_mkdirs(path, 0700);
	if (r == SL_OK)
		r = file_join(o->scratch_path, sizeof(o->scratch_path), in->work, "tuf");
	if (r == SL_OK)
		r = file_mkdirs(o->scratch_path, 0700);
	if (r == SL_OK) {
		o->work = file_open_dir(AT_FDCWD, in->work);
		o->files = file_open_dir(AT_FDCWD, path);
		o->scratch = file_open_dir(AT_FDCWD, o->scratch_path);
		if (o->work < 0 || o->files < 0 || o->scratch < 0)
			r = SL_E_IO;
	}
	return r == SL_OK ? r : why_set(why, r, "the work directory cannot be used");
}

/* The gateway changes keys after the outlet: until then the old one is no fault. */
static void note_key(struct install *in, unsigned by, int64_t serial)
{
	char print[SEALED_PRINT + 1];

	sealed_fingerprint(key_public(in->link.key[by]), print);
	if (by != 0 && (in->opened_serial == 0 || by != in->opened_by))
		log_warn("old_key",
			 "serial=%lld key=%s the gateway still seals to an old link key",
			 (long long)serial, log_q(print));
	else if (by != in->opened_by)
		log_info("new_key", "serial=%lld key=%s", (long long)serial, log_q(print));
	in->opened_by = by;
	in->opened_serial = serial;
	in->opened_by_old += by != 0;
}

/* Unseal and take apart.  The signature is good when this returns SL_OK. */
static int open_sealed(struct install *in, const char *name, struct open_unit *o,
		       struct sl_why *why)
{
	unsigned by = 0;
	int sealed =
		openat(in->quarantine, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	int plain = -1, r = sealed < 0 ? sl_err_errno(errno) : SL_OK;

	if (r == SL_OK) {
		plain = openat(o->work, "unit",
			       O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		r = plain < 0 ? sl_err_errno(errno)
			      : sealed_read(sealed, &in->link, plain, &by, why);
	}
	if (r == SL_OK && lseek(plain, 0, SEEK_SET) != 0)
		r = SL_E_IO;
	if (r == SL_OK)
		r = unit_read(plain, in->signer, o->files, &o->unit, why);
	if (r == SL_OK)
		note_key(in, by, o->unit.serial);
	(void)unlinkat(o->work, "unit", 0);
	file_close(sealed);
	file_close(plain);
	return r;
}

static void close_unit(const struct install *in, struct open_unit *o)
{
	unit_release(&o->unit);
	file_close(o->work);
	file_close(o->files);
	file_close(o->scratch);
	clean_work(in);
}

static int finished(struct install *in, const char *name, int64_t serial)
{
	int r = progress_add(&in->progress, serial);

	if (r == SL_OK)
		r = progress_write(in->state, &in->progress);
	/* Only now: a unit may be seen twice, never be forgotten. */
	if (r == SL_OK && unlinkat(in->quarantine, name, 0) != 0 && errno != ENOENT)
		r = sl_err_errno(errno);
	return r;
}

static int refuse(struct install *in, const struct spool_entry *e, const char *name, int code,
		  const struct sl_why *why)
{
	char reason_name[SPOOL_NAME + 16];
	const char *text = why_text(why, code);
	int r;

	(void)snprintf(reason_name, sizeof(reason_name), "%s.reason", name);
	(void)snprintf(in->last_refusal, sizeof(in->last_refusal), "%lld: %s",
		       (long long)e->serial, text);
	in->n_refused++;
	log_err("refused", "serial=%lld error=%s reason=%s", (long long)e->serial,
		sl_errname(code), log_q(text));
	r = file_write_durable(in->refused, reason_name, text, strlen(text), 0644);
	if (r == SL_OK && renameat(in->quarantine, name, in->refused, name) != 0 &&
	    errno != ENOENT)
		r = sl_err_errno(errno);
	if (r == SL_OK)
		r = file_sync_dir(in->refused);
	if (r == SL_OK)
		r = spool_prune(in->refused, INSTALL_REFUSED_KEPT);
	if (r == SL_OK)
		r = install_tidy(in);
	return r;
}

/* A hint for the server, which announces it when timestamp.json has changed. */
struct hint {
	const struct install *in;
	const struct admit *a;
};

static void leave_hint(void *arg)
{
	const struct hint *h = arg;
	char text[128];
	int n = snprintf(text, sizeof(text), "{\"serial\":%lld,\"timestamp_version\":%lld}",
			 (long long)h->a->feed_serial, (long long)h->a->timestamp_version);

	if (file_write_durable(h->in->status, "announce.json", text, (size_t)n, 0644) != SL_OK)
		log_warn("announce", "the hint for the server cannot be written");
}

static int open_refs(const struct install *in, int *ret_fd, struct sl_why *why)
{
	bool made = false;
	int r = refs_open(in->state, in->tree, ret_fd, &made, why);

	if (r == SL_OK && made)
		log_info("references", "state/refs was made from the tree");
	return r;
}

int install_prepare(struct install *in, struct sl_why *why)
{
	int fd = -1, r = open_refs(in, &fd, why);

	file_close(fd);
	return r;
}

void install_forget(struct install *in)
{
	admit_listed_drop(&in->listed);
}

static int place_admitted(struct install *in, struct admit *a, struct sl_why *why)
{
	struct hint h = {.in = in, .a = a};
	unsigned removed = 0;
	int r = open_refs(in, &a->refs_fd, why);

	if (r == SL_OK)
		r = refs_expect(a->refs_fd, a, why);
	if (r == SL_OK)
		r = place_unit(a, leave_hint, &h, why);
	if (r == SL_OK)
		r = place_removes(a, &removed, why);
	file_close(a->refs_fd);
	if (r != SL_OK)
		admit_listed_drop(&in->listed);
	if (r == SL_OK && !a->late) {
		admit_listed_keep(a, &in->listed);
		in->timestamp_version = a->timestamp_version;
		in->timestamp_expires = a->timestamp_expires;
		in->feed_serial = a->feed_serial;
	}
	if (r == SL_OK)
		log_info("installed",
			 "serial=%lld kind=%s files=%u removed=%u late=%d stale=%d",
			 (long long)a->view.unit->serial, a->view.unit->kind,
			 a->view.unit->n_files, removed, (int)a->late, (int)a->stale);
	return r;
}

/* A unit whose signature is good. 0, trouble here, or what is wrong with it. */
static int prove_and_place(struct install *in, struct open_unit *o, bool *ret_bad,
			   struct sl_why *why)
{
	struct admit a = {
		.view = {.tree_fd = in->tree,
			 .files_fd = o->files,
			 .unit = &o->unit,
			 .metadata = true},
		.root = in->root,
		.listed = &in->listed,
		.refs_fd = -1,
	};
	int r = admit_unit(&a, o->scratch_path, o->scratch, why);

	*ret_bad = r != SL_OK && !trouble_here(r);
	if (r == SL_OK)
		r = place_admitted(in, &a, why);
	admit_release(&a);
	return r;
}

static int take(struct install *in, const struct spool_entry *e, enum install_end *ret_end,
		struct sl_why *why)
{
	struct open_unit o = {.work = -1, .files = -1, .scratch = -1};
	char name[SPOOL_NAME + 1];
	bool genuine = false, bad = false, early = e->serial > in->progress.next;
	int r = fresh_work(in, &o, why);

	spool_name(e, name);
	*ret_end = INSTALL_DONE;
	if (r != SL_OK)
		goto out;
	r = open_sealed(in, name, &o, why);
	if (r == SL_OK && o.unit.serial != e->serial)
		r = why_set(why, SL_E_SIGNATURE, "this is unit %lld under another number",
			    (long long)o.unit.serial);
	genuine = r == SL_OK;
	if (genuine && early && strcmp(o.unit.kind, "notice") != 0) {
		*ret_end = INSTALL_WAITS;
		goto out;
	}
	if (genuine)
		r = prove_and_place(in, &o, &bad, why);
	if (genuine && early && r == SL_E_UNREACHABLE) {
		*ret_end =
			INSTALL_WAITS; /* builds on metadata of units that are still to come */
		r = SL_OK;
		goto out;
	}
	if (r != SL_OK && (genuine ? !bad : trouble_here(r)))
		goto out;
	if (r != SL_OK) {
		*ret_end = INSTALL_REFUSED;
		r = refuse(in, e, name, r, why);
	}
	if (r == SL_OK && genuine)
		r = finished(in, name, e->serial);
	in->installed += r == SL_OK && *ret_end == INSTALL_DONE ? 1 : 0;
out:
	close_unit(in, &o);
	return r;
}

static void drop_known(struct install *in, const struct spool_entry *e)
{
	char name[SPOOL_NAME + 1];

	spool_name(e, name);
	if (unlinkat(in->quarantine, name, 0) != 0)
		log_warn("quarantine", "unit %lld cannot be removed", (long long)e->serial);
}

static void note_waiting(struct install *in, int64_t serial)
{
	if (in->waiting_for != in->progress.next || serial > in->waiting_serial)
		in->waiting_serial = serial;
	in->waiting_for = in->progress.next;
}

int install_next(struct install *in, enum install_end *ret_end, struct spool_entry *ret_unit,
		 struct sl_why *why)
{
	struct spool_entry *list = NULL;
	enum install_end end = INSTALL_IDLE;
	size_t n = 0;
	int r = spool_list(in->quarantine, SPOOL_MAX, &list, &n);

	for (size_t i = 0; r == SL_OK && i < n && (end == INSTALL_IDLE || end == INSTALL_WAITS);
	     i++) {
		/* A recall that needs more is tried again only when more is there. */
		bool recall = list[i].priority == SPOOL_RECALL &&
			      (in->waiting_for != in->progress.next ||
			       list[i].serial > in->waiting_serial);

		if (progress_done(&in->progress, list[i].serial)) {
			drop_known(in, &list[i]);
			continue;
		}
		if (list[i].serial != in->progress.next && !recall)
			continue;
		*ret_unit = list[i];
		r = take(in, &list[i], &end, why);
		if (r == SL_OK && end == INSTALL_WAITS)
			note_waiting(in, list[i].serial);
	}
	free(list);
	*ret_end = end;
	return r;
}
