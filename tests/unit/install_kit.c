/* install_kit.c - see install_kit.h. */
#include "install_kit.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"

static int sub(const struct host *h, const char *name)
{
	char path[160];

	(void)snprintf(path, sizeof(path), "%s/%s", h->dir, name);
	assert_int_equal(file_mkdirs(path, 0755), SL_OK);
	return file_open_dir(AT_FDCWD, path);
}

void host_new(struct host *h)
{
	char path[128];

	memset(h, 0, sizeof(*h));
	log_init("test", LOG_LEVEL_ERR);
	okit_new(&h->k, clock_now());
	(void)snprintf(h->dir, sizeof(h->dir), "%s/outlet", h->k.dir);
	h->in = calloc(1, sizeof(*h->in));
	assert_non_null(h->in);
	buf_init(&h->root, TUF_ROOT_MAX);
	okit_root_path(&h->k, path);
	assert_int_equal(file_read(AT_FDCWD, path, TUF_ROOT_MAX, &h->root), SL_OK);
	h->in->quarantine = sub(h, "quarantine");
	h->in->refused = sub(h, "quarantine/refused");
	h->in->state = sub(h, "state");
	h->in->status = sub(h, "status");
	h->in->tree = sub(h, "tree");
	(void)snprintf(h->in->work, sizeof(h->in->work), "%s/state/work", h->dir);
	h->in->link = (struct sealed_keys){.key = {h->k.link}, .n = 1};
	memcpy(h->in->signer, key_public(h->k.people[OKIT_GATEWAY]), KEY_PUBLIC);
	h->in->root = &h->root;
	progress_init(&h->in->progress);
	h->serial = 1;
}

void host_free(struct host *h)
{
	file_close(h->in->quarantine);
	file_close(h->in->refused);
	file_close(h->in->state);
	file_close(h->in->status);
	file_close(h->in->tree);
	install_forget(h->in);
	free(h->in);
	buf_release(&h->root);
	okit_free(&h->k);
}

int64_t host_send_to(struct host *h, const char *kind, int priority, const char *folder)
{
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s/%020" PRId64 ".%d.unit", h->dir, folder,
		       h->serial, priority);
	okit_unit(&h->k, h->serial, kind, path, NULL);
	return h->serial++;
}

int64_t host_send(struct host *h, const char *kind)
{
	return host_send_to(h, kind, strcmp(kind, "notice") == 0 ? 0 : 5, "quarantine");
}

void host_want(struct host *h, enum install_end end)
{
	enum install_end got = INSTALL_IDLE;
	struct spool_entry unit = {.serial = 0};
	struct sl_why why = {.text = ""};
	int r = install_next(h->in, &got, &unit, &why);

	if (r != SL_OK || got != end)
		fail_msg("unit %lld: %s, end %d, not %d: %s (%s)", (long long)unit.serial,
			 sl_errname(r), (int)got, (int)end, why.text, h->in->last_refusal);
}

bool host_has(const struct host *h, const char *path)
{
	return file_exists(h->in->tree, path);
}

void host_same(const struct host *h, const char *path)
{
	char *a = okit_read(h->k.tree, path), *b = okit_read(h->in->tree, path);

	assert_string_equal(a, b);
	free(a);
	free(b);
}

void host_blob_path(const char *body, char out[512])
{
	char hex[65];

	hash_hex(body, strlen(body), hex);
	(void)snprintf(out, 512, "blobs/%.2s/%s", hex, hex);
}
