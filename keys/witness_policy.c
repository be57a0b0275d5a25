/* witness_policy.c - sluice-keys witness-policy: which log counts, and who must have seen it.
 *
 * Writes the C2SP tlog-policy that goes through a ceremony as a policy file and that
 * every platform then checks the release log by. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "crypto/note.h"
#include "keys/commands.h"
#include "trust/tlog_proof.h"

enum { POLICY_MAX = 16 << 10, WITNESSES_MAX = 16 };

const struct cli_option witness_policy_options[] = {
	{"log", "ORIGIN=KEY.pub",
	 N_("the release log's name, for example BUREAU/release-log, and its key"), false},
	{"witness", "NAME=KEY.pub", N_("somebody who sees every checkpoint before it counts"),
	 true},
	{"quorum", "N", N_("how many witnesses must have signed (default: all)"), false},
	{"out", "FILE",
	 N_("new file, for: ceremony init --policy-file witness-policy.txt=FILE"), false},
	{.name = NULL},
};

/* NAME=KEY.pub as a verifier key. */
static int read_key(const char *text, enum key_use want, struct note_key *ret_k,
		    char name[NOTE_NAME_MAX], struct sl_why *why)
{
	const char *equals = strchr(text, '=');
	uint8_t public_key[KEY_PUBLIC];
	enum key_use use;
	int r;

	if (equals == NULL || (size_t)(equals - text) >= NOTE_NAME_MAX)
		return why_set(why, SL_E_USAGE, _("\"%s\" is not NAME=KEY.pub"), text);
	(void)snprintf(name, NOTE_NAME_MAX, "%.*s", (int)(equals - text), text);
	r = key_read_public(equals + 1, public_key, &use, why);
	if (r == SL_OK && use != want)
		r = why_set(why, SL_E_DENIED, _("%s is a key for %s, not for %s"), equals + 1,
			    key_use_name(use), key_use_name(want));
	if (r != SL_OK)
		return r;
	r = note_key_make(name, want == KEY_LOG ? NOTE_LOG : NOTE_COSIGNATURE, public_key,
			  ret_k);
	return r == SL_OK ? r
			  : why_set(why, r, _("\"%s\" cannot name a log or a witness"), name);
}

static int put_witnesses(const struct cli *c, struct buf *out, unsigned *ret_n,
			 struct sl_why *why)
{
	unsigned n = 0;
	int r = SL_OK;

	for (; r == SL_OK && cli_value_at(c, "witness", (int)n) != NULL; n++) {
		char name[NOTE_NAME_MAX];
		struct note_key k;

		if (n == WITNESSES_MAX)
			return why_set(why, SL_E_LIMIT, _("at most %d witnesses"),
				       WITNESSES_MAX);
		r = read_key(cli_value_at(c, "witness", (int)n), KEY_WITNESS, &k, name, why);
		if (r == SL_OK) {
			buf_putf(out, "witness w%u ", n + 1);
			note_key_write(&k, out);
			buf_puts(out, "\n");
		}
	}
	if (r == SL_OK && n == 0)
		r = why_set(why, SL_E_USAGE, _("no --witness is given"));
	*ret_n = n;
	return r;
}

static int write_policy(const struct cli *c, struct buf *out, struct sl_why *why)
{
	const char *log = cli_value(c, "log"), *quorum = cli_value(c, "quorum");
	struct tlog_policy *p = NULL;
	char name[NOTE_NAME_MAX];
	struct note_key k;
	unsigned n = 0;
	int r = log == NULL ? why_set(why, SL_E_USAGE, _("no --log is given"))
			    : read_key(log, KEY_LOG, &k, name, why);

	if (r != SL_OK)
		return r;
	buf_puts(out, "log ");
	note_key_write(&k, out);
	buf_puts(out, "\n");
	r = put_witnesses(c, out, &n, why);
	if (r != SL_OK)
		return r;
	buf_putf(out, "group witnesses %s", quorum != NULL ? quorum : "all");
	for (unsigned i = 0; i < n; i++)
		buf_putf(out, " w%u", i + 1);
	buf_puts(out, "\nquorum witnesses\n");
	/* The reader's own rules: nothing is written that a platform would refuse. */
	r = buf_error(out);
	if (r == SL_OK)
		r = tlog_policy_parse(out->data, out->len, &p, why);
	tlog_policy_free(p);
	return r;
}

int witness_policy_run(const struct cli *c)
{
	const char *path = cli_value(c, "out");
	struct sl_why why = {.text = ""};
	struct buf out;
	int r;

	buf_init(&out, POLICY_MAX);
	r = path == NULL ? why_set(&why, SL_E_USAGE, _("no --out FILE is given"))
			 : write_policy(c, &out, &why);
	if (r == SL_OK)
		r = file_create_durable(AT_FDCWD, path, out.data, out.len, 0644);
	if (r == SL_OK)
		printf(_("%s is written. It counts once the policy officers have signed it.\n"),
		       path);
	buf_release(&out);
	return r == SL_OK ? CLI_DONE
			  : cli_fail(r, &why, path != NULL ? path : "witness-policy", NULL);
}
