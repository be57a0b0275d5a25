/* signed_files.c - metadata of the repository and signatures beside sets of rules. */
#include "intake/signed_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "trust/custody.h"
#include "trust/vouch.h"

enum { PATH_SIZE = 4096, META_MAX = 2 << 20, SETS_MAX = 64 };

/* ---- policy.chain ---- */

static json_t *text_of(int dir, const char *name)
{
	json_t *text = NULL;
	struct buf b;

	buf_init(&b, META_MAX);
	if (file_read(dir, name, META_MAX, &b) == SL_OK)
		text = json_stringn(buf_str(&b), b.len);
	buf_release(&b);
	return text;
}

static int put_roots(int dir, int64_t known, json_t *into)
{
	json_t *roots = json_array();
	int r = SL_OK;

	for (int64_t v = known + 1; r == SL_OK && v <= known + TUF_ROOT_ROTATIONS; v++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "%lld.root.json", (long long)v);
		if (!file_exists(dir, name))
			break;
		r = json_array_append_new(roots, text_of(dir, name)) == 0 ? SL_OK : SL_E_IO;
	}
	if (json_object_set_new(into, "roots", roots) != 0)
		r = SL_E_NOMEM;
	return r;
}

static int put_newest(int dir, const char *role, json_t *into, struct sl_why *why)
{
	char name[CUSTODY_NAME];
	int64_t version;
	int r = custody_newest(dir, role, name, &version, why);

	if (r == SL_OK && json_object_set_new(into, role, text_of(dir, name)) != 0)
		r = SL_E_IO;
	return r;
}

int intake_policy_chain(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			struct wire_reply *ret, struct sl_why *why)
{
	const struct intake *in = arg;
	char path[PATH_SIZE];
	int64_t known = 0;
	int dir, r = file_join(path, sizeof(path), in->config->repository, "metadata");

	(void)peer;
	if (r != SL_OK)
		return r;
	if (!json_i64(rq->args, "root", &known) || known < 1 || known > INT32_MAX)
		return why_set(why, SL_E_FORMAT, _("\"root\" is missing"));
	dir = file_open_dir(AT_FDCWD, path);
	ret->result = json_object();
	r = dir < 0 ? dir : ret->result == NULL ? SL_E_NOMEM : SL_OK;
	if (r == SL_OK)
		r = put_roots(dir, known, ret->result);
	if (r == SL_OK)
		r = put_newest(dir, "targets", ret->result, why);
	if (r == SL_OK)
		r = put_newest(dir, "policy", ret->result, why);
	file_close(dir);
	return r;
}

/* ---- rules.signed ---- */

struct gathering {
	int dir; /* that is being gone through */
	const char *parent;
	uint8_t digest[HASH_LEN];
	json_t *lines;
};

static int take_file(const char *name, void *arg)
{
	struct gathering *g = arg;
	struct buf b;

	buf_init(&b, DSSE_MAX);
	if (json_array_size(g->lines) < VOUCH_FILES_MAX &&
	    file_read(g->dir, name, DSSE_MAX, &b) == SL_OK &&
	    vouch_is_about(b.data, b.len, g->digest))
		(void)json_array_append_new(g->lines, json_stringn(buf_str(&b), b.len));
	buf_release(&b);
	return SL_OK;
}

/* A set without signatures has no such folder. */
static int take_set(const char *set, struct gathering *g)
{
	char path[PATH_SIZE];
	int r = file_join(path, sizeof(path), set, VOUCH_FOLDER);

	if (r != SL_OK)
		return r;
	g->dir = file_open_dir(AT_FDCWD, path);
	r = g->dir < 0 ? SL_OK : file_each(g->dir, VOUCH_FILES_MAX, take_file, g);
	file_close(g->dir);
	return r;
}

static int take_slot(const char *name, void *arg)
{
	struct gathering *g = arg;
	char set[PATH_SIZE];
	int r = file_join(set, sizeof(set), g->parent, name);

	return r == SL_OK ? take_set(set, g) : r;
}

/* The set in force, the one before it, and the one of the configuration. */
int intake_rules_signed(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
			struct wire_reply *ret, struct sl_why *why)
{
	const struct intake *in = arg;
	const char *sha256 = json_str(rq->args, "sha256");
	struct gathering g = {.dir = -1};
	char slots[PATH_SIZE];
	int dir, r;

	(void)peer;
	if (sha256 == NULL || !text_is_sha256(sha256) ||
	    !text_unhex(sha256, strlen(sha256), g.digest, HASH_LEN))
		return why_set(why, SL_E_FORMAT, _("\"sha256\" is missing"));
	r = file_join(slots, sizeof(slots), in->config->data, "policies");
	if (r != SL_OK)
		return r;
	g.lines = json_array();
	g.parent = slots;
	r = take_set(in->config->policies, &g);
	dir = file_open_dir(AT_FDCWD, slots);
	if (r == SL_OK && dir >= 0)
		r = file_each(dir, SETS_MAX, take_slot, &g);
	file_close(dir);
	if (r == SL_OK) {
		ret->result = json_pack("{s:O}", "signatures", g.lines);
		r = ret->result == NULL ? SL_E_NOMEM : SL_OK;
	}
	json_decref(g.lines);
	return r;
}
