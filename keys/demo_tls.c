/* demo_tls.c - self-signed P-256 certificates, made by the openssl command where there is one.
 *
 * A trial needs encrypted sockets, not a public key infrastructure, and no library
 * of ours makes X.509 certificates. */
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>

#include "base/file.h"
#include "keys/demo_private.h"

enum { PEM_MAX = 64 << 10 };

extern char **environ;

/* Run quietly; SL_E_NOTFOUND when the program is not there. */
static int run(char *const argv[])
{
	posix_spawn_file_actions_t quiet;
	int status = 0, e;
	pid_t child;

	if (posix_spawn_file_actions_init(&quiet) != 0)
		return SL_E_NOMEM;
	e = posix_spawn_file_actions_addopen(&quiet, 1, "/dev/null", O_WRONLY, 0);
	if (e == 0)
		e = posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", O_WRONLY, 0);
	if (e == 0)
		e = posix_spawnp(&child, argv[0], &quiet, NULL, argv, environ);
	(void)posix_spawn_file_actions_destroy(&quiet);
	if (e != 0)
		return e == ENOENT ? SL_E_NOTFOUND : sl_err_errno(e);
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return SL_E_IO;
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return SL_E_NOTFOUND;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? SL_OK : SL_E_IO;
}

/* NNG wants certificate and key in one file. */
static int join_pem(const struct demo *d, const char *crt, const char *key, const char *name,
		    struct sl_why *why)
{
	char path[64];
	struct buf b;
	int r;

	buf_init(&b, PEM_MAX);
	r = file_read(AT_FDCWD, crt, PEM_MAX, &b);
	if (r == SL_OK)
		r = file_read(AT_FDCWD, key, PEM_MAX, &b);
	(void)snprintf(path, sizeof(path), "tls/%s.pem", name);
	if (r == SL_OK)
		r = demo_put(d, path, b.data, b.len, 0600, why);
	buf_wipe(&b);
	return r;
}

int demo_tls_write(const struct demo *d, const char *name, struct sl_why *why)
{
	char dir[DEMO_PATH + 8], crt[DEMO_PATH + 64], key[DEMO_PATH + 64];
	char *const argv[] = {(char[]){"openssl"}, (char[]){"req"}, (char[]){"-x509"},
			      (char[]){"-newkey"}, (char[]){"ec"}, (char[]){"-pkeyopt"},
			      (char[]){"ec_paramgen_curve:P-256"}, (char[]){"-nodes"},
			      (char[]){"-days"}, (char[]){"365"}, (char[]){"-subj"},
			      /* In the common name alone: mbedTLS 2.28 does not read IP
			       * addresses from subjectAltName. */
			      (char[]){"/CN=127.0.0.1"}, (char[]){"-keyout"}, key,
			      (char[]){"-out"}, crt, NULL};
	int r;

	(void)snprintf(dir, sizeof(dir), "%s/tls", d->dir);
	(void)snprintf(crt, sizeof(crt), "%s/%s.crt", dir, name);
	(void)snprintf(key, sizeof(key), "%s/%s.key", dir, name);
	r = file_mkdirs(dir, 0700);
	if (r == SL_OK)
		r = run(argv);
	if (r == SL_OK)
		r = join_pem(d, crt, key, name, why);
	if (r == SL_OK)
		(void)remove(key); /* the .pem holds it too */
	return r == SL_OK ? r : why_set(why, r, "the openssl command made no certificate");
}
