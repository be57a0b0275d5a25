/* sluiced_av.c - virus signatures from a medium, for a network without the makers' servers.
 *
 * Hostile: everything on the medium.  It is copied first and the copy is proved in a sandboxed
 * process (sluice-av-check), so that nothing can be exchanged between proof and use. */
#include "sluiced.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"

enum { FILES_MAX = 200, HEADER = 512, FAMILIES = 3 };
static const uint64_t FILE_BYTES = UINT64_C(2) << 30;
static const char *const families[FAMILIES] = {"daily", "main", "bytecode"};

struct import {
	const struct gateway_config *c;
	struct slot slot;
	char installed[SLOT_PATH];
	bool older; /* permitted */
	char name[SLOT_NAME], sha256[65];
	unsigned files;
	char said[SLUICED_ANSWER]; /* by the check: name of the signatures */
};

static bool has_end(const char *name, const char *const *ends)
{
	size_t n = strlen(name);

	for (; *ends != NULL; ends++) {
		size_t m = strlen(*ends);

		if (n > m && strcmp(name + n - m, *ends) == 0)
			return true;
	}
	return false;
}

/* Only what adds to what is found.  Bytecode and rules in other languages come inside the
 * makers' signed containers or not at all. */
static bool is_database(const char *name, const void *arg)
{
	static const char *const ends[] = {".cvd", ".cld", ".hdb", ".hsb", ".ndb", ".ldb",
					   ".mdb", ".msb", ".cdb", ".db",  NULL};

	(void)arg;
	return has_end(name, ends);
}

static int refuse_exceptions(const char *name, void *arg)
{
	static const char *const ends[] = {".fp", ".sfp", ".ign", ".ign2", NULL};
	struct sl_why *why = arg;

	if (!has_end(name, ends))
		return SL_OK;
	return why_set(why, SL_E_DENIED,
		       _("%s on the medium would make the engine overlook files: take it off "
			 "the medium and import again"),
		       name);
}

static int look_for_exceptions(const char *medium, struct sl_why *why)
{
	int fd = file_open_dir(AT_FDCWD, medium), r;

	if (fd < 0)
		return why_set(why, fd, _("%s cannot be read: is the medium mounted there?"),
			       medium);
	r = file_each(fd, FILES_MAX, refuse_exceptions, why);
	file_close(fd);
	return r == SL_E_LIMIT
		       ? why_set(why, r, "%s holds more than %d files", medium, FILES_MAX)
		       : r;
}

/* Version of DIR/FAMILY.cvd or .cld, whichever is newer; 0: not there. */
static uint64_t family_version(const char *dir, const char *family)
{
	static const char *const ends[] = {"cvd", "cld"};
	uint64_t newest = 0;

	for (unsigned i = 0; i < 2; i++) {
		char path[SLOT_PATH + 32], head[HEADER], version[32];
		uint64_t v = 0;
		int64_t built;
		ssize_t n;
		int fd;

		(void)snprintf(path, sizeof(path), "%s/%s.%s", dir, family, ends[i]);
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
		n = fd < 0 ? 0 : read(fd, head, sizeof(head));
		file_close(fd);
		if (n > 0 &&
		    sluiced_host_cvd_header(head, (size_t)n, &built, version) == SL_OK &&
		    text_to_u64(version, strlen(version), UINT32_MAX, &v) && v > newest)
			newest = v;
	}
	return newest;
}

/* FAMILY.cvd or FAMILY.cld */
static bool is_of_family(const char *name, const void *arg)
{
	const char *family = arg;
	size_t n = strlen(family);

	return strncmp(name, family, n) == 0 &&
	       (strcmp(name + n, ".cvd") == 0 || strcmp(name + n, ".cld") == 0);
}

/* A medium often brings the daily signatures only: the rest stays as it is installed. */
static int keep_families(struct import *m, struct sl_why *why)
{
	int r = SL_OK;

	for (unsigned i = 0; r == SL_OK && i < FAMILIES; i++) {
		struct slot_copy c = {.from = m->installed,
				      .folder = "",
				      .wanted = is_of_family,
				      .arg = families[i],
				      .files = FILES_MAX,
				      .bytes = FILE_BYTES};

		if (family_version(m->slot.incoming, families[i]) == 0 &&
		    family_version(m->installed, families[i]) != 0)
			r = slot_copy(&m->slot, &c, why);
	}
	return r;
}

static int check_newer(const struct import *m, struct sl_why *why)
{
	struct sluiced_antivirus before, after;

	for (unsigned i = 0; i < FAMILIES && !m->older; i++) {
		uint64_t have = family_version(m->installed, families[i]);
		uint64_t comes = family_version(m->slot.incoming, families[i]);

		if (comes < have)
			return why_set(why, SL_E_REPLAY,
				       _("%s on the medium is version %llu, installed is %llu: "
					 "fetch newer signatures, or say --older to go back"),
				       families[i], (unsigned long long)comes,
				       (unsigned long long)have);
	}
	if (m->older || sluiced_host_antivirus(m->installed, &before, NULL) != SL_OK ||
	    sluiced_host_antivirus(m->slot.incoming, &after, NULL) != SL_OK)
		return SL_OK;
	if (before.dated > 0 && after.dated == 0)
		return why_set(why, SL_E_REPLAY,
			       _("the medium has undated signatures only, dated ones are "
				 "installed: say --older if that is meant"));
	return SL_OK;
}

struct digest {
	int dir;
	struct hash *hash;
	unsigned files;
};

static int add_file(const char *name, void *arg)
{
	struct digest *d = arg;
	uint8_t sum[HASH_LEN];
	uint64_t len = 0;
	int fd = openat(d->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), r;

	r = fd < 0 ? SL_E_IO : hash_fd(fd, sum, &len);
	file_close(fd);
	hash_update(d->hash, name, strlen(name) + 1);
	hash_update(d->hash, sum, sizeof(sum));
	d->files++;
	return r;
}

static int digest_all(struct import *m, struct sl_why *why)
{
	struct digest d = {.dir = file_open_dir(AT_FDCWD, m->slot.incoming)};
	uint8_t sum[HASH_LEN];
	int r = d.dir < 0 ? d.dir : hash_new(&d.hash);

	if (r == SL_OK)
		r = file_each(d.dir, FILES_MAX, add_file, &d);
	if (r == SL_OK) {
		hash_final(d.hash, sum);
		text_hex(sum, HASH_LEN, m->sha256);
		m->files = d.files;
	}
	hash_free(d.hash);
	file_close(d.dir);
	return r == SL_OK ? r : why_set(why, r, "%s: %s", m->slot.incoming, sl_strerror(r));
}

/* "landlock,seccomp", as the program takes it. */
static void join_layers(const struct gateway_config *c, char *out, size_t cap)
{
	out[0] = '\0';
	for (unsigned i = 0; i < c->sandbox.optional.n; i++) {
		size_t n = strlen(out);

		(void)snprintf(out + n, cap - n, "%s%s", i > 0 ? "," : "",
			       c->sandbox.optional.item[i]);
	}
}

static int ask(struct import *m, const char *libexec, const char *temp, struct sl_why *why)
{
	char days[16], layers[256];
	const char *args[] = {NULL,
			      "--database",
			      m->slot.incoming,
			      "--temp",
			      temp,
			      "--max-age",
			      days,
			      "--optional",
			      layers,
			      m->c->antivirus.demo ? "--demo" : NULL,
			      NULL};
	char answer[SLUICED_ANSWER] = "";
	int ends[2] = {-1, -1}, r;
	pid_t pid = 0;

	(void)snprintf(days, sizeof(days), "%u", m->c->antivirus.max_age_days);
	join_layers(m->c, layers, sizeof(layers));
	if (pipe2(ends, O_CLOEXEC) != 0)
		return SL_E_IO;
	r = sluiced_spawn(libexec, "sluice-av-check", args, ends[1], &pid);
	file_close(ends[1]);
	if (r == SL_OK) {
		sluiced_spawn_answer(ends[0], answer);
		if (sluiced_spawn_end(pid) != 0 || strncmp(answer, "good: ", 6) != 0)
			r = why_set(why, SL_E_DENIED, "%s",
				    strncmp(answer, "bad: ", 5) == 0
					    ? answer + 5
					    : _("the check of the signatures died"));
		else
			(void)text_safe(answer + 6, strlen(answer + 6), m->said,
					sizeof(m->said));
	}
	file_close(ends[0]);
	return r;
}

static int check(struct import *m, struct sl_why *why)
{
	char libexec[SLUICED_PATH], temp[SLUICED_PATH];
	int r = supervisor_libexec(libexec, why);

	if (r == SL_OK)
		r = file_join(temp, sizeof(temp), m->c->data, "run/av-check");
	if (r == SL_OK)
		r = file_remove_tree(AT_FDCWD, temp);
	if (r == SL_OK)
		r = file_mkdirs(temp, 0700);
	if (r != SL_OK)
		return why_set(why, r, "%s: %s", m->c->data, why_text(why, r));
	r = ask(m, libexec, temp, why);
	(void)!file_remove_tree(AT_FDCWD, temp);
	return r;
}

static int put_in_force(struct import *m, struct sl_why *why)
{
	json_t *facts =
		json_pack("{s:s,s:s,s:I,s:i}", "sha256", m->sha256, "signatures", m->said,
			  "imported", (json_int_t)clock_now(), "files", (int)m->files);
	int r;

	(void)snprintf(m->name, sizeof(m->name), "%llu-%.16s",
		       (unsigned long long)family_version(m->slot.incoming, families[0]),
		       m->sha256);
	r = facts == NULL ? SL_E_NOMEM : slot_commit(&m->slot, m->name, facts, why);
	json_decref(facts);
	return r;
}

static int import(struct import *m, const char *medium, struct sl_why *why)
{
	struct slot_copy c = {.from = medium,
			      .folder = "",
			      .wanted = is_database,
			      .files = FILES_MAX,
			      .bytes = FILE_BYTES};
	int r = sluiced_host_antivirus_dir(m->c, m->installed);

	if (r == SL_OK)
		r = look_for_exceptions(medium, why);
	if (r == SL_OK)
		r = slot_begin(&m->slot, m->c->data, "antivirus", why);
	if (r == SL_OK)
		r = slot_copy(&m->slot, &c, why);
	if (r == SL_OK)
		r = keep_families(m, why);
	if (r == SL_OK)
		r = sluiced_host_antivirus_fit(m->c, m->slot.incoming, why);
	if (r == SL_OK)
		r = check_newer(m, why);
	if (r == SL_OK)
		r = check(m, why);
	if (r == SL_OK)
		r = digest_all(m, why);
	return r == SL_OK ? put_in_force(m, why) : r;
}

static void print(const struct cli *c, const struct import *m, int64_t ms)
{
	if (c->json) {
		(void)json_print_take(json_pack(
			"{ss ss si sb sI}", "signatures", m->said, "sha256", m->sha256, "files",
			(int)m->files, "running", ms >= 0, "milliseconds", (json_int_t)ms));
		return;
	}
	printf(_("These virus signatures are in force: %s\n  files   %u\n  digest  %s\n"),
	       m->said, m->files, m->sha256);
	if (ms >= 0)
		printf(_("The running gateway took it over in %lld ms; what waits for review "
			 "and what is public is inspected again.\n"),
		       (long long)ms);
}

int sluiced_av(const struct cli *c)
{
	struct import m = {.slot = {.root = -1, .lock = -1}, .older = cli_has(c, "older")};
	struct sl_why why = {.text = ""};
	struct gateway_config *config;
	int64_t ms = -1;
	int code = CLI_DONE, r;

	if (strcmp(c->operands[0], "import") != 0)
		return cli_fail(SL_E_USAGE, NULL, _("av knows \"import MEDIUM\" only"), NULL);
	config = sluiced_config(c, &code);
	if (config == NULL)
		return code;
	m.c = config;
	r = crypto_start();
	if (r == SL_OK)
		r = import(&m, c->operands[1], &why);
	if (r != SL_OK) {
		slot_explain(&m.slot, c->operands[1], &why);
		code = cli_fail(r, &why,
				_("the signatures were not taken, those in force stay"),
				_("Bring main.cvd, daily.cvd and bytecode.cvd as the makers "
				  "published them, not older than the configuration allows."));
	} else {
		slot_end(&m.slot);
		r = sluiced_wait_in_force(config, "antivirus", m.name, &ms, &why);
		if (r != SL_OK)
			code = cli_fail(r, &why,
					_("the running gateway has not taken the signatures"),
					_("Look at its log; it tries again by itself."));
		else
			print(c, &m, ms);
	}
	slot_end(&m.slot);
	config_gateway_free(config);
	return code;
}
