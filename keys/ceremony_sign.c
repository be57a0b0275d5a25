/* ceremony_sign.c - "ceremony sign": one custodian reads, says yes, signs.
 *
 * The summary is computed from the bytes in memory that are then signed, so nothing
 * that happens on the medium in between can come between reading and signing. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "keys/ceremony_command.h"
#include "keys/commands.h"

enum { ANSWER = 16 };

static int ask(const char *path, char *out, size_t cap)
{
	char prompt[512];

	(void)snprintf(prompt, sizeof(prompt), _("Passphrase for %s"), path);
	return cli_passphrase(prompt, out, cap);
}

/* The whole word, on the terminal: a key pressed by accident signs nothing. */
static int say_yes(struct sl_why *why)
{
	int tty = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
	char answer[ANSWER] = "";
	ssize_t n;

	if (tty < 0)
		return why_set(why, SL_E_DENIED,
			       _("there is no terminal to say yes on; scripts use --yes"));
	(void)dprintf(tty, "%s ",
		      _("Is this the change that was read aloud? Type yes to sign:"));
	do
		n = read(tty, answer, sizeof(answer) - 1);
	while (n < 0 && errno == EINTR);
	file_close(tty);
	answer[n > 0 ? n : 0] = '\0';
	answer[strcspn(answer, "\r\n")] = '\0';
	if (strcmp(answer, "yes") == 0 || strcmp(answer, "是") == 0)
		return SL_OK;
	return why_set(why, SL_E_CANCELED, _("you did not say yes"));
}

/* Custodians bring the root.json of the last ceremony; the medium may not have another. */
static int check_root(const struct cli *c, const struct ceremony *x, struct sl_why *why)
{
	const char *path = cli_value(c, "root");
	uint8_t digest[HASH_LEN];
	struct buf b;
	int r;

	if (path == NULL)
		return SL_OK;
	if (x->old[CEREMONY_ROOT] == NULL)
		return why_set(why, SL_E_DENIED,
			       _("this folder claims to be a first ceremony, but you have a "
				 "root already"));
	buf_init(&b, TUF_ROOT_MAX);
	r = file_read(AT_FDCWD, path, TUF_ROOT_MAX, &b);
	if (r != SL_OK) {
		(void)why_set(why, r, "%s: %s", path, _(sl_strerror(r)));
		goto out;
	}
	hash_bytes(b.data, b.len, digest);
	if (memcmp(digest, x->old[CEREMONY_ROOT]->sha256, HASH_LEN) != 0)
		r = why_set(why, SL_E_SIGNATURE,
			    _("old/root.json is not %s, the one that you trust"), path);
out:
	buf_release(&b);
	return r;
}

static int load_key(const char *path, struct key **ret_k, struct sl_why *why)
{
	enum key_use use;
	int r = show_secret_use(path, &use, why);

	if (r != SL_OK)
		return r;
	if (use != KEY_TUF_ROOT && use != KEY_TUF_TARGETS && use != KEY_TUF_POLICY)
		return why_set(why, SL_E_DENIED,
			       _("%s is a key for %s; custodians sign with tuf-root, "
				 "tuf-targets and tuf-policy keys"),
			       path, key_use_name(use));
	return key_load(path, use, ask, ret_k, why);
}

static int has_any_part(const struct ceremony *x, const struct key *k, struct sl_why *why)
{
	bool part = false;

	for (unsigned d = 0; d < CEREMONY_DOCS; d++) {
		if (x->new[d] == NULL || key_get_use(k) != ceremony_doc_use(d) ||
		    !ceremony_has_part(x, d, key_public(k)))
			continue;
		part = true;
		if (ceremony_signed_by(x, d, key_public(k)) == NULL)
			return SL_OK;
	}
	if (part)
		return why_set(why, SL_E_EXISTS, _("this key has signed already"));
	return why_set(why, SL_E_DENIED, _("this %s key (%.16s) has no part in this change"),
		       key_use_name(key_get_use(k)), key_id(k));
}

static int report(const struct cli *c, const struct ceremony *x, const struct key *k,
		  unsigned n)
{
	char groups[SHOW_GROUPS + 1], number[HASH_HEX + 1];
	struct buf b;

	if (c->json) {
		ceremony_number(x, number);
		(void)json_print_take(json_pack("{s:s,s:s,s:i,s:o}", "keyid", key_id(k),
						"number", number, "signed", (int)n, "status",
						ceremony_status_json(x)));
		return CLI_DONE;
	}
	show_groups(key_id(k), groups);
	printf("\n");
	printf(_("Signed with the key\n  %s\n"), groups);
	buf_init(&b, 4096);
	ceremony_tally(x, i18n_is_zh() ? CEREMONY_ZH : CEREMONY_EN, &b);
	printf("%s", buf_str(&b));
	buf_release(&b);
	return CLI_DONE;
}

int ceremony_sign_run(const struct cli *c, const char *dir)
{
	struct ceremony *x = calloc(1, sizeof(*x));
	const char *path = cli_value(c, "key");
	struct sl_why why = {.text = ""};
	struct key *k = NULL;
	unsigned n = 0;
	int r = x == NULL ? SL_E_NOMEM : SL_OK, code;

	if (r == SL_OK && path == NULL)
		r = why_set(&why, SL_E_USAGE, _("--key FILE is needed"));
	if (r == SL_OK) {
		x->fd = -1;
		r = ceremony_load(dir, clock_now(), x, &why);
	}
	if (r == SL_OK)
		r = check_root(c, x, &why);
	if (r == SL_OK)
		r = load_key(path, &k, &why);
	if (r == SL_OK)
		r = has_any_part(x, k, &why);
	if (r == SL_OK && !c->json)
		ceremony_command_show(c, x);
	if (r == SL_OK && !cli_has(c, "yes"))
		r = say_yes(&why);
	if (r == SL_OK)
		r = ceremony_sign(x, k, clock_now(), &n, &why);
	code = r == SL_OK ? report(c, x, k, n)
			  : cli_fail(r, &why, _("nothing was signed"),
				     r == SL_E_SIGNATURE
					     ? _("Stop the ceremony: tell the others what this "
						 "program said.")
					     : NULL);
	key_free(k);
	if (x != NULL && x->fd >= 0)
		ceremony_release(x);
	free(x);
	return code;
}
