/* access.c - one table: process, verb, table, column.
 *
 * A process that was taken over can still open the file by itself; the
 * authorizer is there against our own mistakes and against SQL that a parser
 * or a damaged schema smuggles in. */
#include "store/access.h"

#include <string.h>

#define DESK	  (1u << STORE_DESK)
#define INSPECTOR (1u << STORE_INSPECTOR)
#define RELEASER  (1u << STORE_RELEASER)

static const struct {
	unsigned who;
	int verb;
	const char *table, *column; /* column NULL: any */
} allowed[] = {
	{DESK | INSPECTOR | RELEASER, SQLITE_INSERT, "audit", NULL},
	{DESK | INSPECTOR, SQLITE_INSERT, "object", NULL},
	{DESK | INSPECTOR, SQLITE_DELETE, "object", NULL}, /* of a spill */
	{DESK, SQLITE_INSERT, "draft", NULL},
	{DESK, SQLITE_UPDATE, "draft", "newest"},
	{DESK | INSPECTOR | RELEASER, SQLITE_UPDATE, "draft", "state"},
	{DESK | INSPECTOR | RELEASER, SQLITE_UPDATE, "draft", "state_reason"},
	{DESK | INSPECTOR | RELEASER, SQLITE_UPDATE, "draft", "changed"},
	{DESK | INSPECTOR | RELEASER, SQLITE_UPDATE, "draft", "due"},
	{INSPECTOR, SQLITE_UPDATE, "draft", "seeing"},
	{DESK | INSPECTOR, SQLITE_UPDATE, "draft", "verdict"},
	{DESK | INSPECTOR, SQLITE_UPDATE, "draft", "manifest"},
	{DESK | INSPECTOR, SQLITE_UPDATE, "draft", "klass"},
	{DESK | INSPECTOR, SQLITE_UPDATE, "draft", "report"},
	{DESK | INSPECTOR, SQLITE_UPDATE, "draft", "worst"},
	{DESK | INSPECTOR, SQLITE_UPDATE, "draft", "rules"},
	{DESK | INSPECTOR, SQLITE_UPDATE, "draft", "inspection"},
	{DESK | INSPECTOR, SQLITE_UPDATE, "draft", "submission"},
	{RELEASER, SQLITE_UPDATE, "draft", "serial"},
	{DESK | INSPECTOR | RELEASER, SQLITE_INSERT, "draft_count", NULL}, /* by triggers */
	{DESK | INSPECTOR | RELEASER, SQLITE_UPDATE, "draft_count", "n"},
	{DESK | INSPECTOR | RELEASER, SQLITE_INSERT, "turn", NULL}, /* by triggers */
	{DESK | INSPECTOR | RELEASER, SQLITE_UPDATE, "turn", "next"},
	{DESK, SQLITE_DELETE, "turn", NULL},
	{DESK, SQLITE_INSERT, "escalation", NULL},
	{DESK, SQLITE_UPDATE, "escalation", "open"},
	{DESK, SQLITE_UPDATE, "escalation", "told"},
	{DESK, SQLITE_INSERT, "file", NULL},
	{INSPECTOR, SQLITE_UPDATE, "draft", "title"}, /* to nothing: a concealed spill */
	{INSPECTOR, SQLITE_UPDATE, "file", "name"},
	{INSPECTOR, SQLITE_UPDATE, "file", "report"},
	{INSPECTOR, SQLITE_UPDATE, "file", "body"},
	{DESK, SQLITE_INSERT, "offer", NULL},
	{DESK, SQLITE_UPDATE, "offer", NULL},
	{DESK, SQLITE_INSERT, "vote", NULL},
	{DESK, SQLITE_INSERT, "shown", NULL},
	{DESK, SQLITE_UPDATE, "shown", "sha256"},
	{DESK, SQLITE_INSERT, "upload", NULL},
	{DESK, SQLITE_UPDATE, "upload", NULL},
	{DESK, SQLITE_DELETE, "upload", NULL},
	{DESK | RELEASER, SQLITE_INSERT, "orders", NULL}, /* RELEASER: of a correction */
	{RELEASER, SQLITE_UPDATE, "orders", "done"},
	{RELEASER, SQLITE_UPDATE, "orders", "serial"},
	{DESK | INSPECTOR, SQLITE_INSERT, "spill", NULL},
	{INSPECTOR, SQLITE_INSERT, "recheck", NULL},
	{INSPECTOR, SQLITE_DELETE, "recheck", NULL},
	{INSPECTOR, SQLITE_INSERT, "recheck_basis", NULL},
	{INSPECTOR, SQLITE_DELETE, "recheck_basis", NULL},
	{INSPECTOR, SQLITE_INSERT, "alert", NULL},
	{DESK, SQLITE_UPDATE, "alert", "settled"},
	{DESK, SQLITE_INSERT, "suppression", NULL},
	{DESK, SQLITE_UPDATE, "suppression", "second_pid"},
	{DESK, SQLITE_UPDATE, "suppression", "second"},
	{DESK, SQLITE_UPDATE, "suppression", "confirmed"},
	{DESK, SQLITE_UPDATE, "suppression", "revoked"},
	{DESK, SQLITE_UPDATE, "suppression", "revoked_by"},
	{DESK, SQLITE_UPDATE, "suppression", "revocation"},
	{DESK, SQLITE_INSERT, "spill_order", NULL},
	{DESK, SQLITE_UPDATE, "spill_order", "second_pid"},
	{DESK, SQLITE_UPDATE, "spill_order", "second"},
	{DESK, SQLITE_UPDATE, "spill_order", "share"},
	{DESK, SQLITE_INSERT, "delegation", NULL},
	{DESK, SQLITE_UPDATE, "delegation", "ended"},
	{DESK, SQLITE_UPDATE, "delegation", "ended_by"},
	{DESK, SQLITE_UPDATE, "delegation", "ending"},
	{INSPECTOR, SQLITE_INSERT, "sketch", NULL},
	{INSPECTOR, SQLITE_DELETE, "sketch", NULL},
	{INSPECTOR, SQLITE_INSERT, "band", NULL},
	{INSPECTOR, SQLITE_DELETE, "band", NULL},
	{DESK, SQLITE_INSERT, "fix", NULL},
	{DESK, SQLITE_UPDATE, "fix", NULL},
	{INSPECTOR, SQLITE_UPDATE, "fix", "state"},
	{INSPECTOR, SQLITE_UPDATE, "fix", "record"},
	{INSPECTOR, SQLITE_UPDATE, "fix", "reason"},
	{INSPECTOR, SQLITE_DELETE, "fix", NULL}, /* of a spill */
	{DESK, SQLITE_INSERT, "internal", NULL},
	{DESK, SQLITE_INSERT, "referral", NULL},
	{DESK, SQLITE_UPDATE, "referral", NULL},
	{DESK, SQLITE_INSERT, "appeal", NULL},
	{DESK, SQLITE_UPDATE, "appeal", NULL},
	{INSPECTOR, SQLITE_DELETE, "internal", NULL}, /* of a spill */
	{DESK, SQLITE_INSERT, "clock", NULL},
	{DESK, SQLITE_UPDATE, "clock", NULL},
	{DESK, SQLITE_DELETE, "clock", NULL},
	{INSPECTOR | RELEASER, SQLITE_UPDATE, "clock", "started"},
	{INSPECTOR | RELEASER, SQLITE_UPDATE, "clock", "due"},
	{INSPECTOR | RELEASER, SQLITE_UPDATE, "clock", "paused"},
	{INSPECTOR | RELEASER, SQLITE_UPDATE, "clock", "paused_total"},
	{INSPECTOR | RELEASER, SQLITE_UPDATE, "clock", "ended"},
	{DESK | INSPECTOR | RELEASER, SQLITE_INSERT, "clock_pause", NULL},
	{DESK | INSPECTOR | RELEASER, SQLITE_DELETE, "clock_pause", NULL},
};

static const char *const functions[] = {"coalesce", "count", "hex",   "max", "length",
					"raise",    "like",  "instr", NULL};

static int function_allowed(const char *name)
{
	for (size_t i = 0; functions[i] != NULL; i++) {
		if (name != NULL && strcmp(name, functions[i]) == 0)
			return SQLITE_OK;
	}
	return SQLITE_DENY;
}

static int change_allowed(unsigned who, int verb, const char *table, const char *column)
{
	for (size_t i = 0; i < sizeof(allowed) / sizeof(allowed[0]); i++) {
		if ((allowed[i].who & who) != 0 && allowed[i].verb == verb &&
		    strcmp(allowed[i].table, table) == 0 &&
		    (allowed[i].column == NULL ||
		     (column != NULL && strcmp(allowed[i].column, column) == 0)))
			return SQLITE_OK;
	}
	return SQLITE_DENY;
}

static int authorize(void *arg, int verb, const char *a, const char *b, const char *db,
		     const char *trigger)
{
	unsigned who = 1u << *(const enum store_access *)arg;

	(void)db;
	(void)trigger;
	switch (verb) {
	case SQLITE_READ:
	case SQLITE_SELECT:
	case SQLITE_TRANSACTION:
		return SQLITE_OK;
	case SQLITE_FUNCTION: /* its name is the second argument */
		return function_allowed(b);
	case SQLITE_PRAGMA: /* db_begin_soft and what ends it */
		return who == DESK && strcmp(a, "synchronous") == 0 ? SQLITE_OK : SQLITE_DENY;
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		return change_allowed(who, verb, a, b);
	default:
		return SQLITE_DENY;
	}
}

int access_limit(struct db *d, enum store_access access)
{
	static const enum store_access kinds[] = {STORE_DESK, STORE_INSPECTOR, STORE_RELEASER,
						  STORE_READER};
	const enum store_access *kind = &kinds[access];
	union {
		const enum store_access *in;
		void *out;
	} arg = {.in = kind}; /* SQLite hands it back to authorize, which only reads it */

	return db_code(sqlite3_set_authorizer(d->handle, authorize, arg.out));
}
