/* sluiced.h - inside sluiced*.c only: the supervisor program's own parts. */
#ifndef SL_SLUICED_H
#define SL_SLUICED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/cli.h"
#include "base/config.h"
#include "base/due.h"
#include "base/json.h"
#include "base/process.h"
#include "base/report.h"
#include "base/slot.h"
#include "base/supervisor.h"
#include "sandbox/sandbox.h"

enum { SLUICED_PATH = SUPERVISOR_PATH, SLUICED_VALUES = 8 };

/* Commands; each returns an enum cli_exit. */
int sluiced_run(const struct cli *c);
int sluiced_check(const struct cli *c);
int sluiced_doctor(const struct cli *c);
int sluiced_doctor_link(const struct cli *c); /* doctor --link */
int sluiced_status(const struct cli *c);
int sluiced_export(const struct cli *c);
int sluiced_record(const struct cli *c);
int sluiced_audit(const struct cli *c);
int sluiced_policy(const struct cli *c);
int sluiced_av(const struct cli *c);
int sluiced_link(const struct cli *c);

/* --config loaded, with a clear message when it cannot be: the exit code is in
 * *ret_exit then and NULL is returned. */
struct gateway_config *sluiced_config(const struct cli *c, int *ret_exit);

/* sluiced_status.c: DATA/name as JSON, of what our own roles write there. */
int sluiced_read_json(const char *data, const char *name, json_t **ret_j) SL_MUST_USE;
/* Does the supervisor live that wrote this run/status.json? */
bool sluiced_writer_lives(const json_t *status);

/* sluiced_link.c: the link, as configured and as the sender says. */

/* {"mode","to","rate","mtu","loss_percent","keep_bytes","running","cost":[…],"sender":{…}};
 * NULL without memory. */
json_t *sluiced_link_json(const struct gateway_config *c, bool running);
/* One line for `sluiced status`, and another when something is wrong. */
void sluiced_link_line(const struct cli *c, const json_t *link);

/* sluiced_host.c: facts about the host. */

/* The virus signature directory as ClamAV's own file headers describe it. */
struct sluiced_antivirus {
	unsigned databases; /* files with signatures */
	unsigned dated;	    /* of these, with ClamAV's header */
	int64_t newest;	    /* build time of the newest dated one */
	int64_t age_days;   /* of the newest; 0 when none is dated */
	char version[32];   /* of the newest, "" none */
};
int sluiced_host_antivirus(const char *dir, struct sluiced_antivirus *ret_a,
			   struct sl_why *why) SL_MUST_USE;
/* The directory of signatures in force: imported ones, else the configured. */
int sluiced_host_antivirus_dir(const struct gateway_config *c, char out[SLOT_PATH]) SL_MUST_USE;
/* May the line run with the signatures of this directory (NULL: those in force)? 0, or
 * SL_E_EXPIRED / SL_E_NOTFOUND with what to do in `why`. */
int sluiced_host_antivirus_fit(const struct gateway_config *c, const char *dir,
			       struct sl_why *why) SL_MUST_USE;
/* Header of one ClamAV file, at most its first 512 bytes: build time and
 * version.  SL_E_FORMAT when it is none. */
int sluiced_host_cvd_header(const char *bytes, size_t len, int64_t *ret_built,
			    char ret_version[32]) SL_MUST_USE;

/* sluiced_spawn.c: ask one of our programs. */

enum { SLUICED_ANSWER = 600 };
/* Run LIBEXEC/PROGRAM, whose path becomes args[0]; its standard output goes to out_fd
 * (-1: ours). */
int sluiced_spawn(const char *libexec, const char *program, const char *args[], int out_fd,
		  pid_t *ret_pid) SL_MUST_USE;
/* Its first line, as much as fits; what it says is untrusted. */
void sluiced_spawn_answer(int fd, char answer[SLUICED_ANSWER]);
int sluiced_spawn_end(pid_t pid); /* wait; its exit code */

/* sluiced_store.c: is the store fit for work? */

enum sluiced_store { SLUICED_STORE_SOUND, SLUICED_STORE_DAMAGED, SLUICED_STORE_UNWRITABLE };
const char *sluiced_store_name(enum sluiced_store s); /* "sound", "damaged", "unwritable" */
/* What it means for everyone and what the operator does now; "" for sound. */
const char *sluiced_store_advice(enum sluiced_store s);
/* Ask the desk's program, which reads all of the database: takes seconds for a
 * large one.  `why` gets a sentence when it is not sound. */
int sluiced_store_look(const char *config, const char *libexec, enum sluiced_store *ret_s,
		       struct sl_why *why) SL_MUST_USE;

/* Is LibreOffice where the configuration says? */
bool sluiced_host_office(const struct gateway_config *c);

/* sluiced_roles.c: which programs run, with which arguments. */

struct sluiced_roles {
	struct process_spec spec[PROCESS_MAX];
	unsigned n;
	char paths[PROCESS_MAX][2 * SLUICED_PATH]; /* program, then socket */
	char values[SLUICED_VALUES][64];
	char optional[256];
	char policies[SLUICED_PATH], database[SLUICED_PATH]; /* in force at that moment */
};
/* Fills r from the configuration; r borrows strings of c and `config`.  With a
 * store that is not sound: the desk alone, told so. */
int sluiced_roles_fill(const struct gateway_config *c, const char *config, const char *libexec,
		       enum sluiced_store store, struct sluiced_roles *r,
		       struct sl_why *why) SL_MUST_USE;
/* A program's line once more, as the successor of one whose turn was another (0 or 1). */
const struct process_spec *sluiced_roles_successor(struct sluiced_roles *r, const char *name,
						   unsigned turn);
/* Is the line of inspection broken without this process? */
bool sluiced_roles_is_filter(const char *name);
/* Sandbox profiles of this host, for doctor; ends with NULL. */
extern const char *const sluiced_roles_profiles[];

/* sluiced_rules.c: a set of rules is proved and put in place. */

struct sluiced_installed {
	uint32_t version;
	char sha256[65];
	unsigned rules, tests, persons;
	bool same;	 /* as what was in force already */
	bool no_key;	 /* suppressions end with it */
	char pid[2][48]; /* two who signed */
};
/* Copy `dir` below DATA/policies, check signatures, version and syntax, run the packs' tests,
 * and only then name it as the set in force.  Without new_key a set with another hmac_key than
 * the one in force is refused, since suppressions would end with it.  Nothing of it is used
 * when anything is wrong: `why` says file, line and what. */
int sluiced_rules_install(const struct gateway_config *c, const char *dir, bool new_key,
			  struct sluiced_installed *ret, struct sl_why *why) SL_MUST_USE;
/* Of the rules in force, else of the configured ones: do two officers stand by them?  Version
 * and names are filled in. */
int sluiced_rules_look(const struct gateway_config *c, struct sluiced_installed *ret,
		       struct sl_why *why) SL_MUST_USE;
/* Before the first start: the configured directory, in a process of its own. */
int sluiced_rules_first(const struct gateway_config *c, struct sl_why *why) SL_MUST_USE;

/* sluiced_wait.c: until the running gateway goes by what came into force. */
/* *ret_ms: how long it took, -1 when none runs. SL_E_TIMEOUT, SL_E_STATE with its reason. */
int sluiced_wait_in_force(const struct gateway_config *c, const char *kind, const char *name,
			  int64_t *ret_ms, struct sl_why *why) SL_MUST_USE;

/* sluiced_swap.c: what changes while the gateway runs. */

struct sluiced_swap {
	const struct gateway_config *c;
	const char *config, *libexec;
	struct sluiced_swap_kind {
		const char *kind, *filter;
		struct timespec seen;
		unsigned turn;
		bool loading;
		int64_t since, again;	      /* monotonic */
		char refused[PROCESS_REASON]; /* why the present one was not taken, "" it was */
		char wanted[SLOT_NAME], loaded[SLOT_NAME];
	} kind[2];
};
void sluiced_swap_init(struct sluiced_swap *w, const struct gateway_config *c,
		       const char *config, const char *libexec);
/* A turn: did something new come into force?  Start what reads it aside. True when the
 * status changed. */
bool sluiced_swap_turn(struct sluiced_swap *w, struct process_set *set);
/* {"policies":{"name","state","refused"?},"antivirus":{…}}; NULL without memory. */
json_t *sluiced_swap_json(const struct sluiced_swap *w);

/* sluiced_trust.c: what custodians signed. */

/* Does the chain from the trust root to the approval policy hold, which versions are
 * there, which of them platforms have not been given yet; what expires soon. */
void sluiced_trust_check(const struct gateway_config *c, struct report *r);
/* What of it is soon or over, and nothing else. */
void sluiced_trust_due(const struct gateway_config *c, struct due_list *l);

/* sluiced_check.c: everything the configuration names is there and private. */
void sluiced_check_all(const struct gateway_config *c, struct report *r);

#endif
