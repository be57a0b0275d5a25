/* tool_key.c - sluice-policy key: give a policy directory its own key for hashes of texts.
 *
 * Suppressions are bound to keyed hashes, and so is what is remembered of refused texts.
 * Without a key of its own a set's hashes are made with its digest, which every change
 * changes. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/yaml.h"
#include "crypto/hash.h"
#include "policies/commands.h"
#include "policies/tool.h"

static int give(const char *path, bool *ret_had, struct sl_why *why)
{
	struct pack_policy *head = NULL;
	struct buf text;
	size_t before;
	int r = pack_policy_load(path, &head, why);

	buf_init(&text, YAML_FILE_MAX);
	if (r == SL_OK)
		r = file_read(AT_FDCWD, path, YAML_FILE_MAX, &text);
	before = text.len;
	if (r == SL_OK && head->hmac_key == NULL)
		r = pack_policy_new_key(&text);
	if (r == SL_OK && text.len > before)
		r = file_write_durable(AT_FDCWD, path, buf_str(&text), text.len, 0644);
	if (r != SL_OK && why->text[0] == '\0')
		(void)why_set(why, r, "%s: %s", path, _(sl_strerror(r)));
	*ret_had = text.len == before;
	pack_policy_free(head);
	buf_wipe(&text);
	return r;
}

int tool_key_run(const struct cli *c)
{
	struct sl_why why = {.text = ""};
	char path[TOOL_PATH];
	bool had = false;
	int r = crypto_start();

	if (r == SL_OK)
		r = file_join(path, sizeof(path), c->operands[0], "policy.yaml");
	if (r == SL_OK)
		r = give(path, &had, &why);
	if (r != SL_OK)
		return cli_fail(r, &why, _("no key was made"), NULL);
	if (c->json)
		return tool_print(json_pack("{s:s,s:b}", "file", path, "made", !had)) == SL_OK
			       ? CLI_DONE
			       : CLI_REFUSED;
	if (had)
		printf(_("%s has an hmac_key already; it stays.\n"), path);
	else
		printf(_("%s has an hmac_key now. Keep this line in every later version: "
			 "suppressions live as long as it stays.\nRaise the version and have "
			 "the rules signed.\n"),
		       path);
	return CLI_DONE;
}
