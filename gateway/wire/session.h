/* session.h - a person at a workstation: configuration, key and connection together. */
#ifndef SL_WIRE_SESSION_H
#define SL_WIRE_SESSION_H

#include "base/cli.h"
#include "wire/client.h"

struct session {
	struct client_config *config;
	struct key *key;
	struct wire_client *wire;
};

/* Load the configuration (NULL: the person's default), unlock the key (the
 * passphrase is asked for when the file has one) and prepare the connection.
 * The key may be for dsse-author or dsse-reviewer; its public half names it.
 * On failure `s` is empty and need not be closed. */
int session_open(const char *config_path, struct session *s, struct sl_why *why) SL_MUST_USE;
void session_close(struct session *s);
/* Wipe the key and close the connection, and open both again; `ask` as for key_load.  What
 * was locked stays so when that fails.  Nothing else of `s` changes. */
void session_lock(struct session *s);
int session_unlock(struct session *s, int (*ask)(const char *path, char *out, size_t cap),
		   struct sl_why *why) SL_MUST_USE;
/* A command from its session to its exit code: open one, `run`, close it, and tell people what
 * went wrong (`name`: the command).  CLI_DONE: *ret_result is what `run` gave, NULL or the
 * caller's. */
int session_command(const struct cli *c, const char *name,
		    int (*run)(const struct cli *c, struct session *s, json_t **ret_result,
			       struct sl_why *why),
		    json_t **ret_result) SL_MUST_USE;
/* A line on standard error when this person's last key ends soon.  Asks the desk;
 * whatever goes wrong is no reason to say anything, as the command itself will. */
void session_remind(struct session *s, const struct cli *c);
/* The same from the desk's answer to "whoami", NULL when there was none. */
void session_remind_of(const json_t *whoami, const struct cli *c);

#endif
