/* demo.c - the order in which a trial installation is written.
 *
 * Trusted input (the person at the terminal), but the directory's name ends up in
 * YAML and shell files and in socket addresses, so it is checked for all three. */
#include "keys/demo.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "keys/demo_private.h"

/* The longest name of a socket that the set uses below its directory. */
#define LONGEST_SOCKET "/outlet/run/announce.sock"

int demo_put(const struct demo *d, const char *path, const void *bytes, size_t len,
	     unsigned mode, struct sl_why *why)
{
	char whole[DEMO_PATH + 512];
	char *slash;
	int r;

	(void)snprintf(whole, sizeof(whole), "%s/%s", d->dir, path);
	slash = strrchr(whole, '/');
	*slash = '\0';
	r = file_mkdirs(whole, 0700);
	*slash = '/';
	if (r == SL_OK)
		r = file_write_durable(AT_FDCWD, whole, bytes, len, mode);
	return r == SL_OK ? r : why_set(why, r, "%s: %s", whole, sl_strerror(r));
}

/* YAML in double quotes and sh in single quotes both carry everything but these. */
static bool plain(const char *s)
{
	for (; *s != '\0'; s++) {
		if ((unsigned char)*s < 0x20 || *s == 0x7f || strchr("'\"\\", *s) != NULL)
			return false;
	}
	return true;
}

static int check_dir(const char *dir, struct sl_why *why)
{
	if (!plain(dir))
		return why_set(
			why, SL_E_USAGE,
			"the directory's name has quotes, backslashes or control characters");
	if (strlen(dir) + strlen(LONGEST_SOCKET) > DEMO_SOCKET_MAX)
		return why_set(why, SL_E_LIMIT,
			       "%s is %zu bytes long; sockets below it may have %d bytes in "
			       "all, so choose "
			       "a directory of at most %zu bytes",
			       dir, strlen(dir), DEMO_SOCKET_MAX,
			       DEMO_SOCKET_MAX - strlen(LONGEST_SOCKET));
	return SL_OK;
}

static int open_dir(struct demo *d, struct sl_why *why)
{
	const char *name = d->o->dir;
	int r = check_dir(name, why);

	if (r != SL_OK)
		return r;
	r = file_mkdirs(name, 0700);
	if (r != SL_OK || realpath(name, d->dir) == NULL)
		return why_set(why, r != SL_OK ? r : SL_E_IO, "%s cannot be created", name);
	/* Once more: the absolute name is the one that counts. */
	r = check_dir(d->dir, why);
	if (r != SL_OK)
		return r;
	d->fd = file_open_dir(AT_FDCWD, d->dir);
	if (d->fd < 0)
		return why_set(why, d->fd, "%s cannot be opened", d->dir);
	if (file_exists(d->fd, "keys") || file_exists(d->fd, "gateway.yaml"))
		return why_set(why, SL_E_EXISTS, "%s already holds an installation", d->dir);
	return SL_OK;
}

bool demo_links(const struct demo_options *o, const char *mode)
{
	return strcmp(o->link == NULL ? "stream" : o->link, mode) == 0;
}

static int check_options(const struct demo_options *o, struct sl_why *why)
{
	if (o->policies == NULL || !plain(o->policies) ||
	    (o->listen != NULL && !plain(o->listen)))
		return why_set(why, SL_E_USAGE,
			       "an option has quotes, backslashes or control characters");
	if (o->port == 0 || o->port > 65533)
		return why_set(why, SL_E_USAGE, "the port must be 1 to 65533");
	if (!demo_links(o, "stream") && !demo_links(o, "udp") && !demo_links(o, "directory"))
		return why_set(why, SL_E_USAGE, "the link is stream, udp or directory");
	if (o->listen != NULL && strncmp(o->listen, "ipc://", 6) != 0 &&
	    strncmp(o->listen, "tls+tcp://", 10) != 0)
		return why_set(why, SL_E_USAGE, "the desk listens on ipc:// or tls+tcp://");
	return SL_OK;
}

static bool wants_tls(const struct demo_options *o)
{
	return o->tls || (o->listen != NULL && strncmp(o->listen, "tls+tcp://", 10) == 0);
}

static int make_tls(struct demo *d, struct demo_result *ret, struct sl_why *why)
{
	static const char *const names[] = {"desk", "outlet", "gateway"};
	int r = SL_OK;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]) && r == SL_OK; i++)
		r = demo_tls_write(d, names[i], why);
	d->tls = r == SL_OK;
	ret->tls_skipped = r == SL_E_NOTFOUND;
	/* A desk that was told to listen over TLS cannot do without a certificate. */
	return ret->tls_skipped && d->o->tls ? SL_OK : r;
}

int demo_write(const struct demo_options *o, struct demo_result *ret, struct sl_why *why)
{
	struct demo d = {.o = o, .fd = -1, .now = clock_now()};
	int r = crypto_start();

	memset(ret, 0, sizeof(*ret));
	if (r == SL_OK)
		r = check_options(o, why);
	if (r == SL_OK)
		r = open_dir(&d, why);
	if (r == SL_OK)
		r = demo_people_write(&d, why);
	if (r == SL_OK)
		r = demo_trust_write(&d, why);
	if (r == SL_OK)
		r = demo_rules_write(&d, why);
	if (r == SL_OK && wants_tls(o))
		r = make_tls(&d, ret, why);
	if (r == SL_OK)
		r = demo_config_write(&d, why);
	if (r == SL_OK)
		memcpy(ret->dir, d.dir, sizeof(ret->dir));
	for (unsigned i = 0; i < DEMO_KEYS_MAX; i++)
		key_free(d.keys[i]);
	file_close(d.fd);
	return r;
}
