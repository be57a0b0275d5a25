/* sluiced_store.c - what becomes of the gateway when its store is damaged or cannot be written.
 *
 * A damaged database is hostile bytes, so the supervisor never opens it: it asks
 * the desk's program, whose folder alone knows SQLite, and believes one word. */
#include "sluiced.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"

static const char *const names[] = {"sound", "damaged", "unwritable"};
enum { N_NAMES = sizeof(names) / sizeof(names[0]) };

const char *sluiced_store_name(enum sluiced_store s)
{
	return names[s];
}

const char *sluiced_store_advice(enum sluiced_store s)
{
	switch (s) {
	case SLUICED_STORE_DAMAGED:
		return _("The store is damaged: what is left can be read, nothing can be "
			 "handed in or signed and nothing goes out. Save what is left with "
			 "\"sluiced export FILE\", stop the gateway, restore the backup, start "
			 "again.");
	case SLUICED_STORE_UNWRITABLE:
		return _("The store cannot be written: drafts can be read, nothing can be "
			 "handed in or signed and nothing goes out. Make it writable for the "
			 "gateway's user, then start the gateway again.");
	default:
		return "";
	}
}

static int understand(const char *answer, enum sluiced_store *ret_s, struct sl_why *why)
{
	size_t len = strcspn(answer, ":");

	for (unsigned i = 0; i < N_NAMES; i++) {
		if (strlen(names[i]) != len || memcmp(answer, names[i], len) != 0)
			continue;
		if (answer[len] != '\0')
			(void)why_set(why, SL_OK, "%s",
				      answer + len + strspn(answer + len, ": "));
		*ret_s = (enum sluiced_store)i;
		return SL_OK;
	}
	return SL_E_FORMAT;
}

int sluiced_store_look(const char *config, const char *libexec, enum sluiced_store *ret_s,
		       struct sl_why *why)
{
	const char *args[] = {NULL, "--config", config, "look", NULL};
	char answer[SLUICED_ANSWER] = "";
	int ends[2] = {-1, -1}, r;
	pid_t pid = 0;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return sl_err_errno(errno);
	r = sluiced_spawn(libexec, "sluice-desk", args, ends[1], &pid);
	file_close(ends[1]);
	if (r == SL_OK) {
		sluiced_spawn_answer(ends[0], answer);
		if (sluiced_spawn_end(pid) != CLI_DONE ||
		    understand(answer, ret_s, why) != SL_OK)
			r = SL_E_IO; /* it has said why on standard error */
	}
	file_close(ends[0]);
	return r == SL_OK ? r : why_set(why, r, _("the store cannot be looked at"));
}

/* The desk's program does it: `word` FILE. */
static int through_desk(const struct cli *c, const char *word, const char *failed)
{
	/* "--": what follows is the file, whatever its name. */
	const char *text[] = {NULL, "--config", c->config, word, "--", c->operands[0], NULL};
	const char *json[] = {NULL, "--config", c->config,	"--json",
			      word, "--",	c->operands[0], NULL};
	char libexec[SLUICED_PATH];
	struct sl_why why = {.text = ""};
	pid_t pid = 0;
	int r;

	if (c->config == NULL)
		return cli_fail(SL_E_USAGE, NULL, _("no configuration file given"),
				_("Use --config gateway.yaml."));
	r = supervisor_libexec(libexec, &why);
	if (r == SL_OK)
		r = sluiced_spawn(libexec, "sluice-desk", c->json ? json : text, -1, &pid);
	return r == SL_OK ? sluiced_spawn_end(pid) : cli_fail(r, &why, failed, NULL);
}

int sluiced_export(const struct cli *c)
{
	return through_desk(c, "export", _("nothing was exported"));
}

int sluiced_record(const struct cli *c)
{
	return through_desk(c, "record", _("nothing was entered in the audit log"));
}

int sluiced_audit(const struct cli *c)
{
	return through_desk(c, "audit", _("the audit was not looked at"));
}
