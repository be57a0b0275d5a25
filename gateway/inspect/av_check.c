/* av_check.c - sluice-av-check: would the antivirus filter take these signatures?
 *
 * Hostile: every file in the directory, which came on a medium.  Everything happens inside the
 * sandbox: signed containers are verified, all is loaded into a trial engine, and dated
 * signatures must find the test string that every official database knows.
 *
 *   sluice-av-check --database DIR --temp DIR --max-age DAYS [--demo] [--optional LAYERS]
 *
 * Says "good: NAME" or "bad: why" on standard output; exit code 0 or 1. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <clamav.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "inspect/av/database.h"
#include "inspect/av/engine.h"
#include "sandbox/role.h"

enum { FILES_MAX = 1000, AGE_MAX = 3650, SCAN_BYTES = 64 << 20, SCAN_SECONDS = 60 };

static const char *option(int argc, char **argv, const char *name)
{
	for (int i = 1; i + 1 < argc; i++) {
		if (strcmp(argv[i], name) == 0)
			return argv[i + 1];
	}
	return NULL;
}

static bool flag(int argc, char **argv, const char *name)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], name) == 0)
			return true;
	}
	return false;
}

struct verifying {
	const char *dir;
	struct sl_why *why;
};

static int verify_one(const char *name, void *arg)
{
	const struct verifying *v = arg;
	size_t n = strlen(name);
	char path[4096];
	int code, r;

	if (n <= 4 || (strcmp(name + n - 4, ".cvd") != 0 && strcmp(name + n - 4, ".cld") != 0))
		return SL_OK;
	r = file_join(path, sizeof(path), v->dir, name);
	if (r != SL_OK)
		return r;
	code = cl_cvdverify(path);
	return code == CL_SUCCESS
		       ? SL_OK
		       : why_set(v->why, SL_E_SIGNATURE, "%s: %s", name, cl_strerror(code));
}

static int verify(const char *dir, struct sl_why *why)
{
	struct verifying v = {.dir = dir, .why = why};
	int fd = file_open_dir(AT_FDCWD, dir), r;

	if (fd < 0)
		return why_set(why, fd, "%s: %s", dir, sl_strerror(fd));
	r = file_each(fd, FILES_MAX, verify_one, &v);
	file_close(fd);
	return r;
}

/* The EICAR test string, put together here so that this program does not hold it. */
static void test_string(char out[69])
{
	(void)snprintf(out, 69, "%s%s%s%s", "X5O!P%@AP[4\\PZX54(P^)7CC)7}", "$EICAR-STANDARD-",
		       "ANTIVIRUS-TEST-FILE!", "$H+H*");
}

static int find_test_string(struct engine *e, const char *temp, struct sl_why *why)
{
	struct ledger *ledger = ledger_new();
	struct engine_result result = {.word = ENGINE_ERROR};
	char text[69], path[4096];
	int fd = -1, r = ledger == NULL ? SL_E_NOMEM : file_join(path, sizeof(path), temp, "t");

	test_string(text);
	if (r == SL_OK) {
		fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
		r = fd < 0 ? sl_err_errno(errno) : file_write_all(fd, text, strlen(text));
	}
	if (r == SL_OK)
		r = engine_scan(e, fd, temp, ledger, &result);
	if (r == SL_OK && result.word != ENGINE_ALERT)
		r = why_set(why, SL_E_DENIED,
			    "the test string that every database finds is not found");
	file_close(fd);
	ledger_free(ledger);
	return r;
}

static int look(const struct database_options *o, const char *temp, char *name, size_t cap,
		struct sl_why *why)
{
	const struct engine_limits limits = {.bytes = SCAN_BYTES, .seconds = SCAN_SECONDS};
	struct engine *e = NULL;
	bool dated = false;
	int r;

	engine_quiet();
	r = verify(o->dir, why);
	if (r == SL_OK)
		r = database_check(o, name, cap, &dated, why);
	if (r == SL_OK)
		r = engine_load(o->dir, &limits, &e, why);
	if (r == SL_OK)
		r = engine_warm(e, temp, why);
	return r == SL_OK && dated ? find_test_string(e, temp, why) : r;
}

static int confine(const char *dir, const char *temp, const char *layers, struct sl_why *why)
{
	char *item[16], copy[256], *save = NULL;
	struct config_list optional = {.item = item};
	struct role_paths paths = {.n = 0};

	(void)snprintf(copy, sizeof(copy), "%s", layers != NULL ? layers : "");
	for (char *p = strtok_r(copy, ",", &save); p != NULL && optional.n < 16;
	     p = strtok_r(NULL, ",", &save))
		item[optional.n++] = p;
	role_path(&paths, dir, false, false);
	role_path(&paths, temp, true, false);
	return role_sandbox("av-check", &paths, &optional, why);
}

int main(int argc, char **argv)
{
	struct database_options o = {.dir = option(argc, argv, "--database"),
				     .demo = flag(argc, argv, "--demo"),
				     .now = clock_now()};
	const char *temp = option(argc, argv, "--temp"), *age = option(argc, argv, "--max-age");
	struct sl_why why = {.text = ""};
	char name[128] = "";
	uint64_t days = 0;
	int r = crypto_start();

	i18n_init();
	if (o.dir == NULL || temp == NULL || age == NULL ||
	    !text_to_u64(age, strlen(age), AGE_MAX, &days))
		r = why_set(&why, SL_E_USAGE, "started by sluiced, not by hand");
	o.max_age_days = (uint32_t)days;
	/* Where libclamav unpacks what it loads. */
	if (r == SL_OK && setenv("TMPDIR", temp, 1) != 0)
		r = SL_E_NOMEM;
	if (r == SL_OK)
		r = confine(o.dir, temp, option(argc, argv, "--optional"), &why);
	if (r == SL_OK)
		r = look(&o, temp, name, sizeof(name), &why);
	printf("%s: %s\n", r == SL_OK ? "good" : "bad", r == SL_OK ? name : why_text(&why, r));
	return r == SL_OK ? 0 : 1;
}
