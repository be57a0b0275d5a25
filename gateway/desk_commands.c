/* desk_commands.c - the desk's program run by hand or asked by the supervisor: it answers and
 * ends.
 *
 * The database may be damaged, which makes it hostile; everything here only reads it. */
#include "desk_commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "sandbox/role.h"
#include "store/store.h"
#include "trust/transcript.h"

enum { PATH_CAP = 4096 };

static int configuration(const struct cli *c, struct gateway_config **ret_config,
			 struct sl_why *why)
{
	if (c->config == NULL)
		return why_set(why, SL_E_USAGE, _("no configuration file given"));
	return config_gateway_load(c->config, ret_config, why);
}

int desk_confine(const struct gateway_config *config, const char *const *names, size_t n,
		 struct sl_why *why)
{
	char path[DESK_CONFINE_MAX][PATH_CAP];
	struct role_paths paths = {.n = 0};
	int r = SL_OK;

	BUG(n > DESK_CONFINE_MAX);
	for (size_t i = 0; r == SL_OK && i < n; i++) {
		r = file_join(path[i], PATH_CAP, config->data, names[i]);
		/* Reading a database may need its shared memory beside it. */
		role_path(&paths, path[i], i == 0, true);
	}
	return r == SL_OK ? role_sandbox("desk", &paths, &config->sandbox.optional, why) : r;
}

/* A damaged database is no friend: as little as the desk itself may touch. */
static int confine(const struct gateway_config *config, struct sl_why *why)
{
	static const char *const names[] = {"store", "objects", "uploads"};

	return desk_confine(config, names, sizeof(names) / sizeof(names[0]), why);
}

int desk_commands_look(const struct cli *c)
{
	enum store_fitness fitness = STORE_SOUND;
	struct gateway_config *config = NULL;
	struct sl_why why = {.text = ""};
	int r = configuration(c, &config, &why);

	if (r == SL_OK)
		r = confine(config, &why);
	if (r == SL_OK)
		r = store_look(config->data, &fitness, &why);
	config_gateway_free(config);
	if (r != SL_OK)
		return cli_fail(r, &why, _("the store cannot be looked at"), NULL);
	printf("%s%s%s\n", store_fitness_name(fitness), why.text[0] != '\0' ? ": " : "",
	       why.text);
	return CLI_DONE;
}

static int export_to(const struct gateway_config *config, const char *path, uint64_t *ret_rows,
		     bool *ret_damaged, struct sl_why *why)
{
	struct store *s = NULL;
	int fd = -1, r = store_open(config->data, STORE_READER, &s, why);

	if (r != SL_OK)
		return r;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		r = why_set(why, sl_err_errno(errno), _("%s cannot be written: %s"), path,
			    strerror(errno));
	if (r == SL_OK)
		r = store_export(s, fd, ret_rows, ret_damaged);
	if (r == SL_OK && fsync(fd) != 0)
		r = sl_err_errno(errno);
	store_close(s);
	file_close(fd);
	return r;
}

int desk_commands_export(const struct cli *c)
{
	struct gateway_config *config = NULL;
	struct sl_why why = {.text = ""};
	bool damaged = false;
	uint64_t rows = 0;
	int r;

	r = configuration(c, &config, &why);
	if (r == SL_OK)
		r = export_to(config, c->operands[0], &rows, &damaged, &why);
	config_gateway_free(config);
	if (r != SL_OK)
		return cli_fail(r, &why, _("nothing was exported"), NULL);
	if (c->json)
		printf("{\"damaged\":%s,\"rows\":%llu}\n", damaged ? "true" : "false",
		       (unsigned long long)rows);
	else
		printf(_("%llu rows written to %s.\n"), (unsigned long long)rows,
		       c->operands[0]);
	if (damaged && !c->json)
		printf("%s\n", _("The database is damaged: some rows are missing, some may be "
				 "there twice."));
	return damaged ? CLI_REFUSED : CLI_DONE;
}

/* Only what is installed: an invented ceremony does not get into the audit log. */
static int record_in(const struct gateway_config *config, const char *path, json_t **ret_j,
		     struct sl_why *why)
{
	char sha256[HASH_HEX + 1];
	struct store *s = NULL;
	json_t *record, *j = NULL;
	struct buf b;
	int r;

	buf_init(&b, TRANSCRIPT_MAX);
	r = file_read(AT_FDCWD, path, TRANSCRIPT_MAX, &b);
	if (r != SL_OK)
		(void)why_set(why, r, "%s: %s", path, _(sl_strerror(r)));
	if (r == SL_OK)
		r = transcript_parse(b.data, b.len, &j, why);
	if (r == SL_OK)
		r = transcript_installed(j, config->repository, why);
	if (r == SL_OK)
		r = store_open(config->data, STORE_DESK, &s, why);
	if (r == SL_OK) {
		hash_hex(b.data, b.len, sha256);
		record = json_pack("{s:s,s:O}", "sha256", sha256, "transcript", j);
		r = record == NULL ? SL_E_NOMEM
				   : store_audit(s, "ceremony.recorded", "operator", record);
		json_decref(record);
	}
	store_close(s);
	buf_release(&b);
	if (r == SL_OK)
		*ret_j = j;
	else
		json_decref(j);
	return r;
}

int desk_commands_record(const struct cli *c)
{
	struct gateway_config *config = NULL;
	struct sl_why why = {.text = ""};
	json_t *j = NULL;
	int r = configuration(c, &config, &why);

	if (r == SL_OK)
		r = crypto_start();
	if (r == SL_OK)
		r = record_in(config, c->operands[0], &j, &why);
	config_gateway_free(config);
	if (r != SL_OK)
		return cli_fail(r, &why, _("nothing was entered in the audit log"),
				_("Install the files of the ceremony first; see "
				  "docs/ceremony.md."));
	if (c->json)
		(void)json_print_take(json_pack("{s:s}", "number", json_str(j, "number")));
	else
		printf(_("The ceremony of %s is in the audit log.\n"), json_str(j, "time"));
	json_decref(j);
	return CLI_DONE;
}
