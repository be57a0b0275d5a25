/* session.c - open what a person's program needs, in the order in which it can fail. */
#include "wire/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cli.h"
#include "base/clock.h"
#include "base/due.h"
#include "base/i18n.h"
#include "crypto/hash.h"

enum { TRIES = 3 };
static int tries; /* how often the passphrase was asked for */

static int ask_passphrase(const char *path, char *out, size_t cap)
{
	char prompt[512];

	if (tries++ > 0)
		(void)fprintf(stderr, "%s\n",
			      _("That passphrase does not open the key. Again:"));
	(void)snprintf(prompt, sizeof(prompt), _("Passphrase for %s"), path);
	return cli_passphrase(prompt, out, cap);
}

static int load_key(const struct client_config *c,
		    int (*ask)(const char *path, char *out, size_t cap), struct key **ret_k,
		    struct sl_why *why)
{
	uint8_t public_key[KEY_PUBLIC];
	enum key_use use;
	char path[4096];
	int n = snprintf(path, sizeof(path), "%s.pub", c->key);
	int r;

	if (n < 0 || (size_t)n >= sizeof(path))
		return why_set(why, SL_E_LIMIT, _("%s: the path is too long"), c->key);
	r = key_read_public(path, public_key, &use, why);
	if (r != SL_OK)
		return r;
	if (use != KEY_DSSE_AUTHOR && use != KEY_DSSE_REVIEWER)
		return why_set(why, SL_E_DENIED,
			       _("%s is a key for %s, not a person's signing key"), c->key,
			       key_use_name(use));
	return key_load(c->key, use, ask, ret_k, why);
}

/* Everybody mistypes what is not shown; a program that reads it from a descriptor does not. */
static int load_key_asking(const struct client_config *c, struct key **ret_k,
			   struct sl_why *why)
{
	int r, before;

	tries = 0;
	do {
		before = tries;
		r = load_key(c, ask_passphrase, ret_k, why);
	} while (r == SL_E_DENIED && tries > before && tries < TRIES &&
		 getenv("SLUICE_PASSPHRASE_FD") == NULL);
	return r;
}

int session_open(const char *config_path, struct session *s, struct sl_why *why)
{
	int r;

	memset(s, 0, sizeof(*s));
	r = crypto_start();
	if (r == SL_OK)
		r = config_client_load(config_path, &s->config, why);
	if (r == SL_OK)
		r = load_key_asking(s->config, &s->key, why);
	if (r == SL_OK)
		r = wire_client_open(s->config, s->key, &s->wire, why);
	if (r != SL_OK)
		session_close(s);
	return r;
}

void session_remind(struct session *s, const struct cli *c)
{
	struct wire_reply reply = {0};
	struct sl_why why = {.text = ""};

	if (wire_ask(s->wire, "whoami", NULL, NULL, 0, &reply, &why) == SL_OK)
		session_remind_of(reply.result, c);
	wire_reply_release(&reply);
}

void session_remind_of(const json_t *whoami, const struct cli *c)
{
	const char *text = json_str(whoami, "key_until");
	struct due_list l = {.n = 0};
	int64_t until = 0;

	if (text != NULL && clock_parse(text, strlen(text), &until))
		due_add(&l, until, "%s", _("your key"));
	due_print(&l, clock_now(), c, stderr);
}

void session_lock(struct session *s)
{
	wire_client_close(s->wire);
	s->wire = NULL;
	key_free(s->key);
	s->key = NULL;
}

int session_unlock(struct session *s, int (*ask)(const char *path, char *out, size_t cap),
		   struct sl_why *why)
{
	int r = load_key(s->config, ask, &s->key, why);

	if (r == SL_OK)
		r = wire_client_open(s->config, s->key, &s->wire, why);
	if (r != SL_OK)
		session_lock(s);
	return r;
}

void session_close(struct session *s)
{
	wire_client_close(s->wire);
	key_free(s->key);
	config_client_free(s->config);
	memset(s, 0, sizeof(*s));
}

int session_command(const struct cli *c, const char *name,
		    int (*run)(const struct cli *c, struct session *s, json_t **ret_result,
			       struct sl_why *why),
		    json_t **ret_result)
{
	struct sl_why why = {""};
	struct session s;
	int r = session_open(c->config, &s, &why);

	*ret_result = NULL;
	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	r = run(c, &s, ret_result, &why);
	session_close(&s);
	return r == SL_OK ? CLI_DONE : cli_fail(r, &why, name, NULL);
}
