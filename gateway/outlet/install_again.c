/* install_again.c - what was refused, tried once more by an installer that may know more.
 *
 * A unit that was sealed to a key that this outlet learns later is not lost: it lies in
 * quarantine/refused and its serial is missing.  Hostile: nothing here but names, which are
 * spool names or left alone. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "outlet/install.h"

static const char ending[] = ".reason";

struct reconsider {
	struct install *in;
	unsigned n;
};

static int put_back(const char *name, void *arg)
{
	struct reconsider *c = arg;
	struct install *in = c->in;
	char reason[SPOOL_NAME + 16];
	struct spool_entry e;

	if (!spool_parse(name, &e) || progress_done(&in->progress, e.serial) ||
	    file_exists(in->quarantine, name))
		return SL_OK;
	if (renameat(in->refused, name, in->quarantine, name) != 0)
		return sl_err_errno(errno);
	(void)snprintf(reason, sizeof(reason), "%s%s", name, ending);
	(void)unlinkat(in->refused, reason, 0);
	c->n++;
	return SL_OK;
}

static int drop_lonely(const char *name, void *arg)
{
	struct install *in = arg;
	size_t len = strlen(name), end = sizeof(ending) - 1;
	char unit[SPOOL_NAME + 1];

	if (len != SPOOL_NAME + end || strcmp(name + SPOOL_NAME, ending) != 0)
		return SL_OK;
	memcpy(unit, name, SPOOL_NAME);
	unit[SPOOL_NAME] = '\0';
	if (!file_exists(in->refused, unit) && unlinkat(in->refused, name, 0) != 0)
		return sl_err_errno(errno);
	return SL_OK;
}

int install_tidy(struct install *in)
{
	return file_each(in->refused, SPOOL_MAX, drop_lonely, in);
}

int install_reconsider(struct install *in, unsigned *ret_n)
{
	struct reconsider c = {.in = in};
	int r = file_each(in->refused, SPOOL_MAX, put_back, &c);

	if (r == SL_OK)
		*ret_n = c.n;
	return r;
}
