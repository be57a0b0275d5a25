/* demo_rules.c - a copy of the rules, signed by the two secrecy officers of the story.
 *
 * The gateway takes no rules that they have not signed, and the directory that came with the
 * programs is nobody's to write to. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/yaml.h"
#include "crypto/dsse.h"
#include "keys/demo_private.h"
#include "policy/calendar.h"
#include "policy/pack.h"
#include "policy/policy.h"
#include "trust/vouch.h"

enum { FILES_MAX = 200 };

struct copying {
	const struct demo *d;
	const char *folder; /* "" or "packs/" */
	char from[DEMO_PATH];
	struct sl_why *why;
};

static int copy_one(const char *name, void *arg)
{
	const struct copying *c = arg;
	char from[DEMO_PATH], to[512];
	size_t len = strlen(name);
	struct buf b;
	int r;

	if (len <= 5 ||
	    (strcmp(name + len - 5, ".yaml") != 0 &&
	     (strcmp(c->folder, CALENDAR_FOLDER "/") != 0 || !calendar_named(name))))
		return SL_OK;
	buf_init(&b, YAML_FILE_MAX);
	r = file_join(from, sizeof(from), c->from, name);
	if (r == SL_OK)
		r = file_read(AT_FDCWD, from, YAML_FILE_MAX, &b);
	if (r != SL_OK)
		(void)why_set(c->why, r, "%s: %s", from, sl_strerror(r));
	(void)snprintf(to, sizeof(to), "policies/%s%s", c->folder, name);
	if (r == SL_OK && strcmp(to, "policies/policy.yaml") == 0)
		r = pack_policy_new_key(&b);
	if (r == SL_OK)
		r = demo_put(c->d, to, b.data, b.len, 0644, c->why);
	buf_release(&b);
	return r;
}

static int copy_folder(const struct demo *d, const char *folder, struct sl_why *why)
{
	struct copying c = {.d = d, .folder = folder, .why = why};
	int fd, r = file_join(c.from, sizeof(c.from), d->o->policies, folder);

	if (r != SL_OK)
		return r;
	fd = file_open_dir(AT_FDCWD, c.from);
	if (fd == SL_E_NOTFOUND && strcmp(folder, CALENDAR_FOLDER "/") == 0)
		return SL_OK;
	if (fd < 0)
		return why_set(why, fd, "%s: %s", c.from, sl_strerror(fd));
	r = file_each(fd, FILES_MAX, copy_one, &c);
	file_close(fd);
	return r;
}

static int read_facts(const struct demo *d, struct vouch_facts *f, struct sl_why *why)
{
	char dir[DEMO_PATH + 16], path[DEMO_PATH + 32];
	struct pack_policy *head = NULL;
	int r;

	(void)snprintf(dir, sizeof(dir), "%s/policies", d->dir);
	(void)snprintf(path, sizeof(path), "%s/policy.yaml", dir);
	r = pack_policy_load(path, &head, why);
	if (r == SL_OK)
		r = policy_digest_of(dir, f->digest, why);
	if (r == SL_OK)
		r = vouch_files(dir, &f->files);
	if (r == SL_OK)
		f->version = head->version;
	f->time = d->now;
	pack_policy_free(head);
	return r;
}

static int sign(const struct demo *d, const char *officer, const struct vouch_facts *f,
		struct sl_why *why)
{
	struct buf body, line;
	char path[128];
	int r;

	buf_init(&body, DSSE_MAX);
	buf_init(&line, DSSE_MAX);
	r = vouch_write(f, &body);
	if (r == SL_OK)
		r = dsse_sign(demo_people_key(d, officer), VOUCH_TYPE, body.data, body.len,
			      &line);
	(void)snprintf(path, sizeof(path), "policies/" VOUCH_FOLDER "/%s.json", officer);
	if (r == SL_OK)
		r = demo_put(d, path, line.data, line.len, 0644, why);
	buf_release(&body);
	buf_release(&line);
	return r;
}

int demo_rules_write(const struct demo *d, struct sl_why *why)
{
	static const char *const folders[] = {"", "packs/", "lists/", CALENDAR_FOLDER "/"};
	struct vouch_facts f = {.version = 0};
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < sizeof(folders) / sizeof(folders[0]); i++)
		r = copy_folder(d, folders[i], why);
	if (r == SL_OK)
		r = read_facts(d, &f, why);
	if (r == SL_OK)
		r = sign(d, "secrecy-1", &f, why);
	if (r == SL_OK)
		r = sign(d, "secrecy-2", &f, why);
	vouch_release(&f);
	return r;
}
