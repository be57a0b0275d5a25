/* err.h - the project's one error vocabulary.
 *
 * Functions return 0 or a negative enum sl_err.  Codes of libraries (errno,
 * SQLite, NNG, libsodium) become one of these inside their wrapper and nowhere
 * else.  Where a person will want more than the code, a function also takes a
 * `struct sl_why *` (may be NULL) and leaves one sentence in it: what happened,
 * to which thing. */
#ifndef SL_BASE_ERR_H
#define SL_BASE_ERR_H

#include <stdarg.h>
#include <stddef.h>

#define SL_MUST_USE	      __attribute__((warn_unused_result))
#define SL_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

enum sl_err {
	SL_OK = 0,
	SL_E_NOMEM = -1,	/* out of memory */
	SL_E_FORMAT = -2,	/* bytes do not have the required form */
	SL_E_LIMIT = -3,	/* larger, deeper or more than allowed */
	SL_E_NOTFOUND = -4,	/* no such thing */
	SL_E_EXISTS = -5,	/* it is already there */
	SL_E_DENIED = -6,	/* refused by rule: role, separation, state */
	SL_E_SIGNATURE = -7,	/* a signature or digest does not verify */
	SL_E_EXPIRED = -8,	/* too old: metadata, key, request, policy */
	SL_E_REPLAY = -9,	/* seen before: nonce, serial, rollback */
	SL_E_STATE = -10,	/* not possible in the present state */
	SL_E_CONFLICT = -11,	/* someone else changed it first */
	SL_E_IO = -12,		/* the system refused to read or write */
	SL_E_FULL = -13,	/* no space left */
	SL_E_TIMEOUT = -14,	/* no answer in time */
	SL_E_UNREACHABLE = -15, /* the other side is not there */
	SL_E_CORRUPT = -16,	/* our own stored data is damaged */
	SL_E_UNSUPPORTED = -17, /* understood, but not handled here */
	SL_E_CONFIG = -18,	/* configuration or policy file is wrong */
	SL_E_SANDBOX = -19,	/* a required isolation layer is missing */
	SL_E_CANCELED = -20,	/* stopped by a signal or a person */
	SL_E_USAGE = -21,	/* the command line is wrong */
	SL_E_INTERNAL = -22	/* our mistake, reported instead of crashing */
};
enum { SL_ERR_LOWEST = -22 };

/* English sentence for a code; never NULL.  Translate with _(). */
const char *sl_strerror(int code);
/* Stable lower-case name ("not-found"), for JSON and logs; never NULL. */
const char *sl_errname(int code);
/* Code for a stable name; SL_E_INTERNAL when unknown. */
int sl_err_from_name(const char *name);
/* Map errno to a code. */
int sl_err_errno(int saved_errno);

/* One sentence of detail beside a code.  Untrusted text put into it is made
 * printable by why_set. */
struct sl_why {
	char text[480];
};
/* Set detail (NULL why is fine); returns `code`, so `r = why_set(why, SL_E_X, ...)`. */
int why_set(struct sl_why *why, int code, const char *fmt, ...) SL_PRINTF(3, 4);
/* Put "prefix: " before the detail that is there; returns `code`. */
int why_prefix(struct sl_why *why, int code, const char *fmt, ...) SL_PRINTF(3, 4);
/* Detail if any, else sl_strerror(code). */
const char *why_text(const struct sl_why *why, int code);

/* Our mistake, never bad input: log file and line, abort this process. */
#define BUG(cond)                                                                              \
	do {                                                                                   \
		if (cond)                                                                      \
			sl_bug(__FILE__, __LINE__, #cond);                                     \
	} while (0)
void sl_bug(const char *file, int line, const char *cond) __attribute__((noreturn));

#endif
