/* desk_audit.c - an operator or auditor proves the audit; asked by hand through sluiced.
 *
 * Store and files may have been changed by whoever owned the host: they are only read,
 * inside the desk's sandbox. */
#include "desk_audit.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "desk_commands.h"
#include "release/audit_verify.h"

enum { PATH_CAP = 4096 };

struct audit {
	struct gateway_config *config;
	uint8_t public_key[KEY_PUBLIC];
	int audit_fd, signed_fd, release_fd;
	struct store *store;
};

/* The public half lies beside the secret one, which stays closed. */
static int read_key(struct audit *a, struct sl_why *why)
{
	char path[PATH_CAP];
	enum key_use use;
	int r = file_join(path, sizeof(path), a->config->keys.releaser, "log.pub");

	if (r == SL_OK)
		r = key_read_public(path, a->public_key, &use, why);
	if (r == SL_OK && use != KEY_LOG)
		r = why_set(why, SL_E_CONFIG, _("%s is no log's key"), path);
	return r;
}

static int open_dir(const char *data, const char *name, int *ret_fd, struct sl_why *why)
{
	char path[PATH_CAP];
	int r = file_join(path, sizeof(path), data, name);

	if (r == SL_OK)
		*ret_fd = file_open_dir(AT_FDCWD, path);
	if (r == SL_OK && *ret_fd < 0)
		r = why_set(why, *ret_fd, _("%s cannot be opened"), path);
	return r;
}

static int confine(const struct gateway_config *config, struct sl_why *why)
{
	static const char *const names[] = {"store", "objects",	   "uploads",
					    "audit", "log-signed", "release"};

	return desk_confine(config, names, sizeof(names) / sizeof(names[0]), why);
}

static void progress(uint64_t done, uint64_t total)
{
	cli_progress(_("entries"), done, total);
}

static int prove(const struct cli *c, struct audit *a, struct audit_verify_result *ret,
		 struct sl_why *why)
{
	struct audit_verify_options o = {.public_key = a->public_key,
					 .progress = c->json ? NULL : progress};
	int r = config_gateway_load(c->config, &a->config, why);

	if (r == SL_OK)
		r = crypto_start();
	if (r == SL_OK)
		r = read_key(a, why);
	if (r == SL_OK)
		r = confine(a->config, why);
	if (r == SL_OK)
		r = open_dir(a->config->data, "audit", &a->audit_fd, why);
	if (r == SL_OK)
		r = open_dir(a->config->data, "log-signed", &a->signed_fd, why);
	if (r == SL_OK)
		r = open_dir(a->config->data, "release", &a->release_fd, why);
	if (r == SL_OK)
		r = store_open(a->config->data, STORE_READER, &a->store, why);
	if (r != SL_OK)
		return r;
	o.store = a->store;
	o.audit_fd = a->audit_fd;
	o.signed_fd = a->signed_fd;
	o.release_fd = a->release_fd;
	return audit_verify(&o, ret, why);
}

static void print_json(const struct audit_verify_result *v, int r, const struct sl_why *why)
{
	char root[HASH_HEX + 1];
	json_t *j;

	text_hex(v->root, HASH_LEN, root);
	j = json_pack("{s:I,s:I,s:I,s:I,s:s,s:b}", "anchors", (json_int_t)v->anchors, "rows",
		      (json_int_t)v->rows, "size", (json_int_t)v->size, "unlogged",
		      (json_int_t)v->unlogged, "root", root, "ok", r == SL_OK);
	if (r != SL_OK)
		(void)json_object_set_new(j, "fault", json_string(why_text(why, r)));
	(void)json_print_take(j);
}

int desk_audit(const struct cli *c)
{
	struct audit a = {.audit_fd = -1, .signed_fd = -1, .release_fd = -1};
	struct audit_verify_result v = {.size = 0};
	struct sl_why why = {.text = ""};
	int r;

	if (c->config == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("no configuration file given"),
				_("Use --config gateway.yaml."));
	if (strcmp(c->operands[0], "verify") != 0)
		return cli_fail(SL_E_USAGE, NULL, _("the word after audit must be verify"),
				NULL);
	r = prove(c, &a, &v, &why);
	store_close(a.store);
	file_close(a.audit_fd);
	file_close(a.signed_fd);
	file_close(a.release_fd);
	config_gateway_free(a.config);
	if (c->json) {
		print_json(&v, r, &why);
		return r == SL_OK ? CLI_DONE : CLI_REFUSED;
	}
	if (r != SL_OK)
		return cli_fail(
			SL_E_SIGNATURE, &why, _("the audit does not hold"),
			_("Everything before this fault was proved. Change nothing, keep "
			  "a copy of the data directory, and tell the auditor."));
	printf(_("%sgood%s: %llu entries, each with its row in the store, follow from the "
		 "signed checkpoint; %llu rows are younger than it\n"),
	       cli_paint(c, CLI_GREEN), cli_paint(c, CLI_RESET), (unsigned long long)v.size,
	       (unsigned long long)v.unlogged);
	if (v.has_release_log)
		printf(_("%llu anchors in the release log agree\n"),
		       (unsigned long long)v.anchors);
	else
		printf("%s\n", _("there is no release log here: no anchor was compared"));
	return CLI_DONE;
}
