/* generate.c - sluice-keys generate: one new key in two files. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "keys/commands.h"

enum { PASSPHRASE_MAX = 1024 };

/* The compiler may not drop this as a dead store. */
static void wipe(char *s, size_t n)
{
	volatile char *p = s;

	while (n-- > 0)
		*p++ = 0;
}

/* Asked for twice on a terminal, read once from a descriptor. */
static int new_passphrase(char out[PASSPHRASE_MAX], struct sl_why *why)
{
	char again[PASSPHRASE_MAX] = "";
	int r = cli_passphrase(_("New passphrase"), out, PASSPHRASE_MAX);

	if (r == SL_E_NOTFOUND)
		return why_set(why, r, _("there is no terminal to ask for a passphrase"));
	if (r == SL_OK && out[0] == '\0')
		return why_set(why, SL_E_USAGE, _("an empty passphrase protects nothing"));
	if (r != SL_OK || getenv("SLUICE_PASSPHRASE_FD") != NULL)
		return r;
	r = cli_passphrase(_("Again"), again, sizeof(again));
	if (r == SL_OK && strcmp(out, again) != 0)
		r = why_set(why, SL_E_USAGE, _("the two passphrases differ"));
	wipe(again, sizeof(again));
	return r;
}

static int report(const struct cli *c, const struct key *k, const char *path)
{
	char groups[SHOW_GROUPS + 1];
	struct buf line;
	json_t *j;

	show_groups(key_id(k), groups);
	if (!c->json) {
		printf(_("Wrote %s (secret, keep it) and %s.pub (public).\n"), path, path);
		printf(_("  use          %s\n  fingerprint  %s\n"),
		       key_use_name(key_get_use(k)), groups);
		return CLI_DONE;
	}
	buf_init(&line, 1 << 16);
	j = json_pack("{s:s,s:s,s:s}", "file", path, "keyid", key_id(k), "use",
		      key_use_name(key_get_use(k)));
	if (j != NULL && json_compact(j, &line) == SL_OK)
		printf("%s\n", buf_str(&line));
	json_decref(j);
	buf_release(&line);
	return CLI_DONE;
}

int generate_run(const struct cli *c)
{
	const char *use_name = cli_value(c, "use"), *path = cli_value(c, "out");
	bool bare = cli_has(c, "no-passphrase");
	char passphrase[PASSPHRASE_MAX] = "";
	struct sl_why why = {.text = ""};
	struct key *k = NULL;
	enum key_use use;
	int r = SL_E_USAGE;

	if (use_name == NULL || path == NULL)
		return cli_fail(r, NULL, _("what to make is not clear"),
				_("Give --use USE and --out FILE."));
	if (key_use_from_name(use_name, &use) != SL_OK)
		return cli_fail(
			r, NULL, _("there is no such use"),
			_("Uses are tuf-root, tuf-targets, tuf-policy, tuf-rel, tuf-feed, "
			  "tuf-snapshot, tuf-timestamp, dsse-gateway, dsse-inspector, "
			  "dsse-author, dsse-reviewer, seal, link, link-mac, desk, log and "
			  "witness."));
	r = crypto_start();
	if (r == SL_OK && !bare)
		r = new_passphrase(passphrase, &why);
	if (r == SL_OK)
		r = key_generate(use, NULL, &k);
	if (r == SL_OK) {
		r = key_write(k, path, bare ? NULL : passphrase);
		if (r != SL_OK)
			(void)why_set(&why, r, "%s: %s", path, _(sl_strerror(r)));
	}
	wipe(passphrase, sizeof(passphrase));
	r = r == SL_OK ? report(c, k, path)
		       : cli_fail(r, &why, _("no key was made"),
				  r == SL_E_EXISTS ? _("Choose another name; a key file is "
						       "never overwritten.")
						   : NULL);
	key_free(k);
	return r;
}
