/* show.c - sluice-keys show: what a key file is, without giving its secret away.
 *
 * Hostile: the file.  A secret file is opened fully, so that "show" also proves
 * that the passphrase is right and the file undamaged. */
#include <fcntl.h>
#include <string.h>

#include "base/file.h"
#include "base/json.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "crypto/sshsig.h"
#include "keys/commands.h"

#define SECRET_HEAD "untrusted comment: sluice secret key use="

enum { FILE_MAX = 4096 };

void show_groups(const char *keyid, char out[SHOW_GROUPS + 1])
{
	size_t n = 0;

	for (unsigned i = 0; i < KEY_ID_HEX; i++) {
		if (i > 0 && i % 4 == 0)
			out[n++] = ' ';
		out[n++] = keyid[i];
	}
	out[n] = '\0';
}

static int ask(const char *path, char *out, size_t cap)
{
	char prompt[512];

	(void)snprintf(prompt, sizeof(prompt), _("Passphrase for %s"), path);
	return cli_passphrase(prompt, out, cap);
}

/* Which use does a secret file claim?  False when it is no secret file. */
static bool claims_secret(const char *text, size_t len, enum key_use *ret_use)
{
	const size_t head = strlen(SECRET_HEAD);
	char name[KEY_USE_MAX];
	size_t n = 0;

	if (len < head || memcmp(text, SECRET_HEAD, head) != 0)
		return false;
	while (head + n < len && text[head + n] != ' ' && n < sizeof(name) - 1) {
		name[n] = text[head + n];
		n++;
	}
	name[n] = '\0';
	return key_use_from_name(name, ret_use) == SL_OK;
}

int show_secret_use(const char *path, enum key_use *ret_use, struct sl_why *why)
{
	struct buf text;
	int r;

	buf_init(&text, FILE_MAX);
	r = file_read(AT_FDCWD, path, FILE_MAX, &text);
	if (r == SL_OK && !claims_secret(buf_str(&text), text.len, ret_use))
		r = SL_E_FORMAT;
	buf_wipe(&text);
	if (r == SL_E_FORMAT)
		return why_set(why, r, _("%s is not a secret key file"), path);
	return r == SL_OK ? r : why_set(why, r, "%s: %s", path, _(sl_strerror(r)));
}

struct facts {
	bool secret;
	enum key_use use;
	uint8_t public_key[KEY_PUBLIC];
};

static int read_facts(const char *path, struct facts *f, struct sl_why *why)
{
	struct key *k = NULL;
	struct buf text;
	int r;

	buf_init(&text, FILE_MAX);
	r = file_read(AT_FDCWD, path, FILE_MAX, &text);
	f->secret = r == SL_OK && claims_secret(buf_str(&text), text.len, &f->use);
	buf_wipe(&text);
	if (r != SL_OK)
		return why_set(why, r, "%s: %s", path, _(sl_strerror(r)));
	if (!f->secret)
		return key_read_public(path, f->public_key, &f->use, why);
	r = key_load(path, f->use, ask, &k, why);
	if (r == SL_OK)
		memcpy(f->public_key, key_public(k), KEY_PUBLIC);
	key_free(k);
	return r;
}

static void print_json(const struct facts *f, const char *id, const char *hex,
		       const char *groups)
{
	struct buf line;
	json_t *j = json_pack("{s:s,s:s,s:s,s:b,s:s}", "fingerprint", groups, "keyid", id,
			      "public", hex, "secret", f->secret, "use", key_use_name(f->use));

	buf_init(&line, 1 << 12);
	if (j != NULL && json_compact(j, &line) == SL_OK)
		printf("%s\n", buf_str(&line));
	json_decref(j);
	buf_release(&line);
}

/* An OpenSSH public key as the line that the roster needs; false when it is none. */
static bool show_ssh(const char *path)
{
	char id[KEY_ID_HEX + 1], hex[2 * KEY_PUBLIC + 1];
	struct ssh_key k;
	struct buf line;
	int r;

	buf_init(&line, FILE_MAX);
	r = file_read(AT_FDCWD, path, FILE_MAX, &line);
	if (r == SL_OK)
		r = ssh_key_parse(buf_str(&line), line.len, &k);
	buf_release(&line);
	if (r != SL_OK)
		return false;
	ssh_key_id(&k, id);
	text_hex(k.public_key, KEY_PUBLIC, hex);
	if (k.type == SSH_KEY_FIDO)
		(void)json_print_take(
			json_pack("{s:s,s:s,s:s,s:s,s:s,s:b}", "application", k.application,
				  "keyid", id, "public", hex, "type", ssh_key_type_name(k.type),
				  "use", key_use_name(KEY_DSSE_REVIEWER), "verified", 0));
	else
		(void)json_print_take(json_pack("{s:s,s:s,s:s,s:s}", "keyid", id, "public", hex,
						"type", ssh_key_type_name(k.type), "use",
						key_use_name(KEY_DSSE_REVIEWER)));
	return true;
}

int show_run(const struct cli *c)
{
	const char *path = c->operands[0];
	char id[KEY_ID_HEX + 1], hex[2 * KEY_PUBLIC + 1], groups[SHOW_GROUPS + 1];
	struct sl_why why = {.text = ""};
	struct facts f = {.secret = false};
	int r = crypto_start();

	if (r == SL_OK && show_ssh(path))
		return CLI_DONE;
	if (r == SL_OK)
		r = read_facts(path, &f, &why);
	if (r != SL_OK)
		return cli_fail(r, &why, _("the key cannot be shown"), NULL);
	key_id_of(f.public_key, id);
	text_hex(f.public_key, KEY_PUBLIC, hex);
	show_groups(id, groups);
	if (c->json) {
		print_json(&f, id, hex, groups);
		return CLI_DONE;
	}
	printf(_("kind         %s\n"), f.secret ? _("secret key") : _("public key"));
	printf(_("use          %s\nkey id       %s\npublic key   %s\nfingerprint  %s\n"),
	       key_use_name(f.use), id, hex, groups);
	return CLI_DONE;
}
