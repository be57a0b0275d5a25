/* installer.c - the role around install.c: keys in, sandbox, then unit after unit.
 *
 * Acquires the link key, the unit signer's public key and the trust root, then
 * gives up the network and every path but the outlet's own data.  It is the only
 * process that can write the tree. */
#include "outlet/installer.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/log.h"
#include "base/process.h"
#include "base/wake.h"
#include "crypto/hash.h"
#include "outlet/install.h"
#include "sandbox/role.h"
#include "trust/tuf.h"

enum { LOOK_MS = 2000, TROUBLE_MS = 1000, REPORT_MS = 5000 };

struct installer {
	struct install in;
	struct buf root;
	struct key *link[SEALED_KEYS_MAX]; /* the first is link.key */
	struct wake *wake;
	int64_t reported;
};

static void report(struct installer *s, bool force)
{
	int64_t now = clock_mono_ms();

	if (!force && now - s->reported < REPORT_MS)
		return;
	s->reported = now;
	role_status(s->in.status, "installer.json", install_report(&s->in));
}

/* 1: look again at once. */
static int step(struct installer *s)
{
	enum install_end end = INSTALL_IDLE;
	struct spool_entry unit = {.serial = 0};
	struct sl_why why = {.text = ""};
	int r = install_next(&s->in, &end, &unit, &why);

	if (r != SL_OK) {
		log_err("trouble", "serial=%lld error=%s reason=%s", (long long)unit.serial,
			sl_errname(r), log_q(why_text(&why, r)));
		(void)snprintf(s->in.trouble, sizeof(s->in.trouble), "%lld: %s",
			       (long long)unit.serial, why_text(&why, r));
		return r;
	}
	s->in.trouble[0] = '\0';
	if (end == INSTALL_DONE || end == INSTALL_REFUSED) {
		report(s, true);
		return 1;
	}
	return 0;
}

static int loop(struct installer *s)
{
	while (!role_stopping()) {
		int r = step(s);

		report(s, false);
		if (r != 1 && wake_wait(s->wake, r < 0 ? TROUBLE_MS : LOOK_MS) < 0)
			return SL_E_IO;
	}
	return SL_OK;
}

/* Each unit does the same if need be; a recall should not be the one that waits. */
static void prepare(struct installer *s)
{
	struct sl_why why = {.text = ""};
	int r = install_prepare(&s->in, &why);

	if (r != SL_OK)
		log_err("trouble", "error=%s reason=%s", sl_errname(r),
			log_q(why_text(&why, r)));
}

static int add_key(struct installer *s, const char *path, struct sl_why *why)
{
	unsigned n = s->in.link.n;
	int r = key_load(path, KEY_LINK, NULL, &s->link[n], why);

	if (r != SL_OK)
		return r;
	s->in.link.key[n] = s->link[n];
	s->in.link.n++;
	return SL_OK;
}

static int load_keys(struct installer *s, const struct outlet_config *c, struct sl_why *why)
{
	enum key_use use = KEY_USE_COUNT;
	struct tuf_meta *m = NULL;
	int r = file_read(AT_FDCWD, c->trust_root, TUF_ROOT_MAX, &s->root);

	if (r != SL_OK)
		return why_set(why, r, "the trust root %s cannot be read", c->trust_root);
	r = tuf_parse(s->root.data, s->root.len, "root", &m, why);
	tuf_free(m);
	if (r == SL_OK)
		r = add_key(s, c->link.key, why);
	for (unsigned i = 0; r == SL_OK && i < c->link.old_keys.n; i++)
		r = add_key(s, c->link.old_keys.item[i], why);
	if (r == SL_OK)
		r = key_read_public(c->link.signer, s->in.signer, &use, why);
	if (r == SL_OK && use != KEY_DSSE_GATEWAY)
		r = why_set(why, SL_E_CONFIG, "link.signer %s is not a gateway key",
			    c->link.signer);
	s->in.root = &s->root;
	return r;
}

static int open_directories(struct installer *s, const struct outlet_config *c,
			    struct sl_why *why)
{
	struct {
		const char *name;
		int *fd;
	} dirs[] = {
		{"quarantine", &s->in.quarantine},
		{"quarantine/refused", &s->in.refused},
		{"state", &s->in.state},
		{"status", &s->in.status},
	};
	char path[4096];
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < sizeof(dirs) / sizeof(*dirs); i++) {
		*dirs[i].fd = role_directory(c->data, dirs[i].name, why);
		r = *dirs[i].fd < 0 ? *dirs[i].fd : SL_OK;
	}
	if (r == SL_OK)
		r = file_mkdirs(c->tree, 0755);
	if (r == SL_OK) {
		s->in.tree = file_open_dir(AT_FDCWD, c->tree);
		r = s->in.tree < 0 ? s->in.tree : SL_OK;
	}
	if (r == SL_OK)
		r = file_join(s->in.work, sizeof(s->in.work), c->data, "state/work");
	if (r == SL_OK)
		r = file_join(path, sizeof(path), c->data, "quarantine");
	if (r == SL_OK)
		r = wake_new(&s->wake);
	if (r == SL_OK)
		r = wake_watch(s->wake, path);
	return r == SL_OK || why == NULL || why->text[0] != '\0'
		       ? r
		       : why_set(why, r, "%s and %s must be directories of ours", c->data,
				 c->tree);
}

static int confine(const struct outlet_config *c, struct sl_why *why)
{
	struct role_paths p = {.n = 0};
	char quarantine[4096], state[4096], status[4096];
	int r = file_join(quarantine, sizeof(quarantine), c->data, "quarantine");

	if (r == SL_OK)
		r = file_join(state, sizeof(state), c->data, "state");
	if (r == SL_OK)
		r = file_join(status, sizeof(status), c->data, "status");
	if (r != SL_OK)
		return r;
	role_path(&p, quarantine, true, false);
	role_path(&p, state, true, false);
	role_path(&p, status, true, false);
	role_path(&p, c->tree, true, false);
	role_path(&p, "/dev/urandom", false, true);
	return role_sandbox("installer", &p, &c->sandbox.optional, why);
}

/* For the status file only; every unit is judged against the tree itself. */
static void read_tree(struct install *in)
{
	struct tuf_meta *m = NULL;
	struct buf b;

	buf_init(&b, TUF_TIMESTAMP_MAX);
	if (file_read(in->tree, "metadata/timestamp.json", TUF_TIMESTAMP_MAX, &b) == SL_OK &&
	    tuf_parse(b.data, b.len, "timestamp", &m, NULL) == SL_OK) {
		in->timestamp_version = m->version;
		in->timestamp_expires = m->expires;
	}
	tuf_free(m);
	buf_release(&b);
}

static int reconsider(struct installer *s, struct sl_why *why)
{
	unsigned n = 0;
	int r = install_reconsider(&s->in, &n);

	if (r == SL_OK && n > 0)
		log_info("again", "units=%u that were refused are tried once more", n);
	return r == SL_OK ? r : why_set(why, r, "the refused units cannot be looked through");
}

static int start(struct installer *s, const struct outlet_config *c, struct sl_why *why)
{
	int r = crypto_start();

	if (r == SL_OK)
		r = load_keys(s, c, why);
	if (r == SL_OK)
		r = open_directories(s, c, why);
	if (r == SL_OK)
		r = confine(c, why);
	if (r == SL_OK) {
		r = progress_read(s->in.state, &s->in.progress);
		if (r != SL_OK)
			r = why_set(why, r, "%s/state/" PROGRESS_FILE " is damaged", c->data);
	}
	if (r == SL_OK)
		r = reconsider(s, why);
	if (r == SL_OK)
		read_tree(&s->in);
	return r;
}

int installer_main(const char *config, struct sl_why *why)
{
	struct installer *s = calloc(1, sizeof(*s));
	struct outlet_config *c = NULL;
	int r = s == NULL ? SL_E_NOMEM : config_outlet_load(config, &c, why);

	if (r != SL_OK) {
		free(s);
		return r;
	}
	buf_init(&s->root, TUF_ROOT_MAX);
	s->in.quarantine = s->in.refused = s->in.state = s->in.status = s->in.tree = -1;
	role_signals();
	r = start(s, c, why);
	if (r == SL_OK) {
		log_info("start", "next=%lld", (long long)s->in.progress.next);
		process_say_ready();
		report(s, true);
		prepare(s);
		r = loop(s);
	}
	install_forget(&s->in);
	wake_free(s->wake);
	for (unsigned i = 0; i < SEALED_KEYS_MAX; i++)
		key_free(s->link[i]);
	buf_release(&s->root);
	file_close(s->in.quarantine);
	file_close(s->in.refused);
	file_close(s->in.state);
	file_close(s->in.status);
	file_close(s->in.tree);
	config_outlet_free(c);
	free(s);
	return r;
}
