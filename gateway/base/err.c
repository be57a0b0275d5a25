/* err.c - texts of the error codes, and the detail sentence beside a code. */
#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

static const struct {
	const char *name;
	const char *text;
} errors[] = {
	{"ok", N_("done")},
	{"no-memory", N_("out of memory")},
	{"format", N_("the data does not have the required form")},
	{"limit", N_("larger than allowed")},
	{"not-found", N_("there is no such thing")},
	{"exists", N_("it exists already")},
	{"denied", N_("refused by rule")},
	{"signature", N_("a signature or digest does not verify")},
	{"expired", N_("too old")},
	{"replay", N_("seen before or older than what is known")},
	{"state", N_("not possible in the present state")},
	{"conflict", N_("someone else changed it first")},
	{"io", N_("the system could not read or write")},
	{"full", N_("no space left")},
	{"timeout", N_("no answer in time")},
	{"unreachable", N_("the other side cannot be reached")},
	{"corrupt", N_("stored data is damaged")},
	{"unsupported", N_("not supported")},
	{"config", N_("the configuration is wrong")},
	{"sandbox", N_("a required isolation layer is missing")},
	{"canceled", N_("stopped before it was done")},
	{"usage", N_("the command line is wrong")},
	{"internal", N_("internal error")},
};
enum { N_ERRORS = sizeof(errors) / sizeof(errors[0]) };
_Static_assert(N_ERRORS == -SL_ERR_LOWEST + 1, "every sl_err needs a row");

static int row_of(int code)
{
	return (code > 0 || code < SL_ERR_LOWEST) ? -SL_ERR_LOWEST : -code;
}

const char *sl_strerror(int code)
{
	return errors[row_of(code)].text;
}
const char *sl_errname(int code)
{
	return errors[row_of(code)].name;
}

int sl_err_from_name(const char *name)
{
	for (int i = 0; i < N_ERRORS; i++) {
		if (strcmp(name, errors[i].name) == 0)
			return -i;
	}
	return SL_E_INTERNAL;
}

int sl_err_errno(int saved_errno)
{
	switch (saved_errno) {
	case 0:
		return SL_OK;
	case ENOMEM:
		return SL_E_NOMEM;
	case ENOENT:
	case ENOTDIR:
		return SL_E_NOTFOUND;
	case EEXIST:
	case ENOTEMPTY:
		return SL_E_EXISTS;
	case EACCES:
	case EPERM:
	case ELOOP:
		return SL_E_DENIED;
	case ENOSPC:
	case EDQUOT:
		return SL_E_FULL;
	case EFBIG:
	case ENAMETOOLONG:
	case EMFILE:
	case ENFILE:
		return SL_E_LIMIT;
	case ETIMEDOUT:
	case EAGAIN:
		return SL_E_TIMEOUT;
	case ECONNREFUSED:
	case ECONNRESET:
	case EPIPE:
	case ENOTCONN:
		return SL_E_UNREACHABLE;
	default:
		return SL_E_IO;
	}
}

static void why_vset(struct sl_why *why, const char *fmt, va_list ap)
{
	char raw[sizeof(why->text)];

	(void)vsnprintf(raw, sizeof(raw), fmt, ap);
	(void)text_safe(raw, strlen(raw), why->text, sizeof(why->text));
}

int why_set(struct sl_why *why, int code, const char *fmt, ...)
{
	va_list ap;

	if (why == NULL)
		return code;
	va_start(ap, fmt);
	why_vset(why, fmt, ap);
	va_end(ap);
	return code;
}

int why_prefix(struct sl_why *why, int code, const char *fmt, ...)
{
	struct sl_why head, old;
	va_list ap;

	if (why == NULL)
		return code;
	old = *why;
	va_start(ap, fmt);
	why_vset(&head, fmt, ap);
	va_end(ap);
	if (snprintf(why->text, sizeof(why->text), "%s: %s", head.text, why_text(&old, code)) <
	    0)
		why->text[0] = '\0';
	return code;
}

const char *why_text(const struct sl_why *why, int code)
{
	return (why != NULL && why->text[0] != '\0') ? why->text : _(sl_strerror(code));
}

void sl_bug(const char *file, int line, const char *cond)
{
	(void)fprintf(stderr, "sluice: BUG at %s:%d: %s\n", file, line, cond);
	abort();
}
