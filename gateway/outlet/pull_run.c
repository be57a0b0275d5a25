/* pull_run.c - one look at the outlet, or one look after another.
 *
 *   fork hook helper -> open DIR, lock -> sandbox -> { refresh -> log -> feed -> apply -> hooks
 * }*
 *
 * Hostile: the outlet and its announcements.  An announcement only shortens the
 * wait; nothing in it is used.  What the outlet says about itself (pull_hint.h) is told to
 * people and changes nothing that is published. */
#include "outlet/pull_run.h"

#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "outlet/pull_apply.h"
#include "outlet/pull_hint.h"
#include "outlet/pull_log.h"
#include "sandbox/role.h"
#include "trust/due_files.h"
#include "wire/pipe.h"

enum { SLICE_MS = 500, CALM_MS = 1000, SAFE_TEXT = 1024, DAY_S = 86400 };

const char *pull_event_name(enum pull_event e)
{
	static const char *const names[] = {"released", "withdrawn",  "corrected", "refused",
					    "stale",	"up-to-date", "stale"};

	return names[e];
}

static void report_json(const struct pull_run *p, enum pull_event event,
			const struct feed_entry *e, int64_t serial, json_t *channels,
			const char *reason)
{
	json_t *j = json_pack("{s:s}", "event", pull_event_name(event));
	struct buf b;

	if (e != NULL) {
		(void)json_object_set_new(j, "id", json_string(e->id));
		(void)json_object_set_new(j, "version", json_integer(e->version));
	}
	if (channels != NULL)
		(void)json_object_set(j, "channels", channels);
	if (serial > 0)
		(void)json_object_set_new(j, "serial", json_integer(serial));
	if (reason != NULL)
		(void)json_object_set_new(j, "reason", json_string(reason));
	if (due_count(&p->due, clock_now(), NULL) > 0)
		(void)json_object_set_new(j, "due", due_json(&p->due, clock_now()));
	buf_init(&b, 16384);
	if (json_compact(j, &b) == SL_OK)
		(void)printf("%s\n", buf_str(&b));
	buf_release(&b);
	json_decref(j);
}

static void report_text(enum pull_event event, const struct feed_entry *e, int64_t serial,
			json_t *channels, const char *reason)
{
	static const char *const words[] = {
		N_("released"),
		N_("withdrawn"),
		N_("corrected"),
		N_("refused"),
		N_("stale: the outlet's word is too old, nothing new is published"),
		N_("up to date"),
		N_("stale: the outlet does not have everything"),
	};
	const char *name;
	json_t *v;

	(void)printf("%s", _(words[event]));
	if (e != NULL)
		(void)printf("  %s  %s %" PRId64, e->id, _("version"), e->version);
	if (serial > 0)
		(void)printf("  %s %" PRId64, _("serial"), serial);
	json_object_foreach(channels, name, v)
	{
		(void)printf("  ");
		(void)printf(_("%s number %lld"), name, (long long)json_integer_value(v));
	}
	if (reason != NULL)
		(void)printf(": %s", reason);
	(void)printf("\n");
}

/* What somebody on the telephone calls "number 57 of our channel". */
static json_t *channels_of(const struct pull_run *p, const struct feed_entry *e)
{
	const struct feed_channels *t = &p->state.at.channels;
	struct feed_numbers last = {.n = 0};
	json_t *j;

	/* Without an entry: the last number of the channel that this platform follows. */
	for (unsigned i = 0; e == NULL && p->o->channel != NULL && i < t->n; i++) {
		if (t->next[i] > 1 && strcmp(t->name[i], p->o->channel) == 0) {
			last.channel[0] = (uint8_t)i;
			last.serial[0] = t->next[i] - 1;
			last.n = 1;
		}
	}
	j = feed_channels_entry_json(t, e != NULL ? &e->numbers : &last, p->o->channel);
	if (json_object_size(j) > 0)
		return j;
	json_decref(j);
	return NULL;
}

void pull_run_report(struct pull_run *p, enum pull_event event, const struct feed_entry *e,
		     const char *reason)
{
	int64_t serial = e != NULL ? e->serial : p->state.at.serial;
	json_t *channels = channels_of(p, e);
	char safe[SAFE_TEXT];

	if (reason != NULL)
		(void)text_safe(reason, strlen(reason), safe, sizeof(safe));
	if (p->o->json)
		report_json(p, event, e, serial, channels, reason != NULL ? safe : NULL);
	else
		report_text(event, e, serial, channels, reason != NULL ? safe : NULL);
	json_decref(channels);
	(void)fflush(stdout);
}

/* The publisher must renew these, or nothing new can be shown one day: tell early. */
static void look_at_dates(struct pull_run *p)
{
	static const char *const roles[] = {"root", "targets", "policy"};
	const struct cli plain = {.color = false};
	struct sl_why why;

	p->due.n = 0;
	for (unsigned i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		const struct tuf_meta *m = NULL;

		if (tuf_client_role(p->source.tuf, roles[i], &m, &why) == SL_OK)
			due_files_meta(&p->due, m, roles[i]);
	}
	/* Who watches is told once a day. */
	if (p->o->json || p->source.now < p->told + DAY_S)
		return;
	p->told = p->source.now;
	due_print(&p->due, p->source.now, &plain, stderr);
}

/* The outlet's metadata was not good: say which kind of not good. */
static int refresh_failed(struct pull_run *p, int r, struct sl_why *why)
{
	switch (r) {
	case SL_E_UNREACHABLE:
	case SL_E_TIMEOUT:
	case SL_E_NOMEM:
	case SL_E_FULL:
	case SL_E_IO:
		return r;
	case SL_E_EXPIRED:
		pull_run_report(p, PULL_STALE, NULL, why_text(why, r));
		break;
	default:
		pull_run_report(p, PULL_REFUSED, NULL, why_text(why, r));
		break;
	}
	p->refused++;
	return SL_OK;
}

static int look_at(struct pull_run *p, struct sl_why *why)
{
	struct tuf_fetcher fetcher = fetch_tuf(p->source.fetch);
	struct pull_feed feed = {.entries = NULL};
	char state[4096];
	int r = file_join(state, sizeof(state), p->store.dir, ".state/tuf");

	p->source.now = clock_now();
	p->source.tuf = NULL;
	if (r == SL_OK)
		r = file_mkdirs(state, 0755);
	if (r == SL_OK)
		r = tuf_client_open(state, p->source.root->data, p->source.root->len, &fetcher,
				    &p->source.tuf, why);
	if (r == SL_OK)
		r = tuf_client_refresh(p->source.tuf, p->source.now, why);
	if (r == SL_OK)
		look_at_dates(p);
	if (r == SL_OK)
		r = pull_log_check(&p->source, p->store.state, why);
	if (r == SL_OK)
		r = pull_feed_read(p->source.tuf, &fetcher, &p->state.at, &feed, why);
	if (r == SL_OK)
		r = pull_apply_feed(p, &feed, why);
	else
		r = refresh_failed(p, r, why);
	pull_feed_release(&feed);
	tuf_client_close(p->source.tuf);
	p->source.tuf = NULL;
	return r;
}

/* An unsigned hint: told, never acted upon. */
static void look_at_hint(struct pull_run *p)
{
	struct pull_hint *h = malloc(sizeof(*h));
	struct buf b;

	p->behind = false;
	if (h == NULL)
		return;
	buf_init(&b, 4096);
	if (pull_hint_fetch(p->source.fetch, h))
		p->behind = pull_hint_behind(h, clock_now(), &b);
	if (p->behind)
		pull_run_report(p, PULL_BEHIND, NULL, buf_str(&b));
	buf_release(&b);
	free(h);
}

static void tell_hook(struct pull_run *p)
{
	struct pull_hook_record failed = {.serial = 0};
	int r;

	if (p->hook == NULL)
		return;
	r = pull_hook_flush(p->hook, p->store.hooks, &failed);
	if (r == SL_OK)
		return;
	p->refused++;
	(void)fprintf(stderr,
		      _("sluice-pull: the hook failed for %s %s version %lld (%s); it is tried "
			"again next time\n"),
		      failed.event, failed.id, (long long)failed.version, _(sl_strerror(r)));
}

static int look(struct pull_run *p, struct sl_why *why)
{
	int r;

	p->changed = p->refused = 0;
	r = look_at(p, why);
	tell_hook(p);
	if (r != SL_OK)
		return r;
	look_at_hint(p);
	if (p->refused > 0)
		return SL_E_DENIED;
	if (p->changed == 0 && !p->behind)
		pull_run_report(p, PULL_UP_TO_DATE, NULL, NULL);
	return SL_OK;
}

static void drain(struct wire_pipe *sub, struct buf *b)
{
	for (int i = 0; i < 1000; i++) {
		buf_clear(b);
		if (wire_pipe_recv(sub, b, 0) == SL_E_TIMEOUT)
			return;
	}
}

/* Until something is announced, the interval is over, or we are told to stop. */
static void wait_for_news(const struct pull_run *p, struct wire_pipe *sub)
{
	int64_t now = clock_mono_ms(), calm = now + CALM_MS,
		end = now + (int64_t)p->o->interval_s * 1000;
	bool told = false;
	struct buf b;

	buf_init(&b, 8192);
	while (!role_stopping() && now < end && !(told && now >= calm)) {
		buf_clear(&b);
		if (sub == NULL || told) {
			(void)poll(NULL, 0, told ? (int)(calm - now) : SLICE_MS);
		} else {
			int r = wire_pipe_recv(sub, &b, SLICE_MS);

			told = r == SL_OK || r == SL_E_LIMIT;
			if (r != SL_OK && r != SL_E_TIMEOUT)
				(void)poll(NULL, 0, SLICE_MS);
		}
		now = clock_mono_ms();
	}
	if (sub != NULL)
		drain(sub, &b);
	buf_release(&b);
}

static int watch(struct pull_run *p, struct sl_why *why)
{
	struct wire_pipe *sub = NULL;
	int r = SL_OK;

	if (p->o->announce != NULL)
		r = wire_sub_open(p->o->announce, "", &sub, why);
	if (r != SL_OK)
		return r;
	while (!role_stopping()) {
		struct sl_why trouble = {.text = ""};

		r = look(p, &trouble);
		if (r != SL_OK && r != SL_E_DENIED)
			(void)fprintf(stderr, "sluice-pull: %s\n", why_text(&trouble, r));
		wait_for_news(p, sub);
	}
	if (sub != NULL)
		wire_pipe_close(sub);
	return SL_OK;
}

static int confine(const struct pull_run *p, struct sl_why *why)
{
	static const struct config_list none;
	struct role_paths paths = {.n = 0};

	role_path(&paths, p->store.dir, true, false);
	if (strncmp(p->o->from, "file://", 7) == 0)
		role_path(&paths, p->o->from + 7, false, false);
	role_paths_network(&paths);
	return role_sandbox("pull", &paths, p->o->optional != NULL ? p->o->optional : &none,
			    why);
}

static int load_root(const char *path, struct buf *root, struct sl_why *why)
{
	struct tuf_meta *m = NULL;
	int r = file_read(AT_FDCWD, path, TUF_ROOT_MAX, root);

	if (r != SL_OK)
		return why_set(why, r, "the trust root %s cannot be read", path);
	r = tuf_parse(root->data, root->len, "root", &m, why);
	tuf_free(m);
	return r == SL_OK ? r : why_prefix(why, r, "%s", path);
}

static int start(struct pull_run *p, struct buf *root, struct sl_why *why)
{
	int r = crypto_start();

	if (r == SL_OK)
		r = load_root(p->o->trust, root, why);
	if (r == SL_OK && p->o->exec != NULL)
		r = pull_hook_start(p->o->exec, &p->hook, why);
	if (r == SL_OK)
		r = fetch_start();
	if (r == SL_OK)
		r = pull_store_open(p->o->into, &p->store, why);
	if (r == SL_OK)
		r = pull_state_load(p->store.state, &p->state);
	if (r == SL_E_CORRUPT)
		r = why_set(why, r,
			    "%s/.state/pull.json is damaged; remove it to start from the first "
			    "serial",
			    p->o->into);
	if (r == SL_OK)
		r = confine(p, why);
	if (r == SL_OK)
		r = fetch_open(p->o->from, &p->source.fetch, why);
	return r;
}

int pull_run(const struct pull_options *o, struct sl_why *why)
{
	struct pull_run *p = calloc(1, sizeof(*p));
	struct buf root;
	int r;

	if (p == NULL)
		return SL_E_NOMEM;
	buf_init(&root, TUF_ROOT_MAX);
	p->o = o;
	p->source.root = &root;
	pull_log_init(&p->source);
	p->store = (struct pull_store){-1, -1, -1, -1, -1, -1, -1, -1, ""};
	role_signals();
	r = start(p, &root, why);
	if (r == SL_OK)
		r = o->watch ? watch(p, why) : look(p, why);
	fetch_close(p->source.fetch);
	pull_store_close(&p->store);
	pull_hook_stop(p->hook);
	pull_log_release(&p->source);
	buf_release(&root);
	free(p);
	return r;
}
