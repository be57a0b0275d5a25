/* sluiced_resend.c - units that are missing at the outlet are put back on the schedule.
 *
 * What is kept is known here: the sender only gets the request.  Hostile: a list that came
 * from the outlet's side by hand. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "link/resend.h"
#include "link/spool.h"
#include "sluiced.h"
#include "sluiced_link.h"

struct resend {
	struct serials asked;
	struct spool_entry *have; /* kept and waiting ones, by serial */
	size_t n;
	int64_t highest;		  /* ever sent or waiting */
	unsigned again;			  /* kept ones that were asked for */
	unsigned waiting;		  /* asked for, not sent for the first time yet */
	struct serials not_kept, unknown; /* unknown: no such unit was made yet */
};

static void release(struct resend *r)
{
	serials_release(&r->asked);
	serials_release(&r->not_kept);
	serials_release(&r->unknown);
	free(r->have);
}

static int read_list(struct resend *r, const char *path, struct sl_why *why)
{
	struct buf b;
	int e;

	buf_init(&b, SERIALS_TEXT_MAX);
	e = file_read(AT_FDCWD, path, SERIALS_TEXT_MAX, &b);
	if (e != SL_OK)
		e = why_set(why, e, "%s: %s", path, sl_strerror(e));
	else
		e = serials_read(&r->asked, b.data, b.len, why);
	buf_release(&b);
	return e;
}

static int read_asked(const struct cli *c, struct resend *r, struct sl_why *why)
{
	const char *path = cli_value(c, "missing");
	int e = SL_OK;

	if (cli_has(c, "all") + (path != NULL) + (c->n_operands > 1) != 1)
		return why_set(why, SL_E_USAGE, "%s",
			       _("name serials, or give --all or --missing FILE"));
	if (cli_has(c, "all"))
		return serials_add(&r->asked, 1, INT64_MAX);
	if (path != NULL)
		return read_list(r, path, why);
	for (int i = 1; e == SL_OK && i < c->n_operands; i++) {
		e = serials_add_text(&r->asked, c->operands[i], strlen(c->operands[i]));
		if (e != SL_OK)
			e = why_set(why, SL_E_USAGE, _("\"%s\" is no serial such as 7 or 9-12"),
				    c->operands[i]);
	}
	return e;
}

static int by_serial(const void *a, const void *b)
{
	const struct spool_entry *x = a, *y = b;

	return (x->serial > y->serial) - (x->serial < y->serial);
}

/* What lies in DATA/name, which is asked for and counted. */
static int look(struct resend *r, const char *data, const char *name, unsigned *count)
{
	struct spool_entry *list = NULL, *grown;
	char path[SLUICED_PATH];
	size_t n = 0;
	int fd, e = file_join(path, sizeof(path), data, name);

	if (e != SL_OK)
		return e;
	fd = file_open_dir(AT_FDCWD, path);
	if (fd < 0)
		return fd;
	e = spool_list(fd, SPOOL_MAX, &list, &n);
	file_close(fd);
	grown = e == SL_OK ? realloc(r->have, (r->n + n + 1) * sizeof(*grown)) : NULL;
	if (grown == NULL) {
		free(list);
		return e == SL_OK ? SL_E_NOMEM : e;
	}
	r->have = grown;
	for (size_t i = 0; i < n; i++) {
		r->have[r->n++] = list[i];
		*count += serials_has(&r->asked, list[i].serial);
		if (list[i].serial > r->highest)
			r->highest = list[i].serial;
	}
	free(list);
	return SL_OK;
}

/* What of from..to is not there. */
static int gaps(struct resend *r, int64_t from, int64_t to)
{
	int e = SL_OK;

	if (to > r->highest) {
		e = serials_add(&r->unknown, from > r->highest ? from : r->highest + 1, to);
		to = r->highest;
	}
	for (size_t i = 0; e == SL_OK && i < r->n && from <= to; i++) {
		int64_t here = r->have[i].serial;

		if (here < from)
			continue;
		if (here > from)
			e = serials_add(&r->not_kept, from, here - 1 < to ? here - 1 : to);
		from = here + 1;
	}
	return e == SL_OK && from <= to ? serials_add(&r->not_kept, from, to) : e;
}

static int compare(const struct cli *c, const struct gateway_config *config, struct resend *r)
{
	json_t *sender = NULL;
	int e = look(r, config->data, "outbox/sent", &r->again);

	if (e == SL_OK)
		e = look(r, config->data, "outbox", &r->waiting);
	if (e != SL_OK)
		return e;
	if (sluiced_read_json(config->data, "status/sender.json", &sender) == SL_OK) {
		int64_t sent = 0;

		if (json_i64(sender, "sent", &sent) && sent > r->highest)
			r->highest = sent;
	}
	json_decref(sender);
	if (r->n > 1)
		qsort(r->have, r->n, sizeof(*r->have), by_serial);
	if (cli_has(c, "all"))
		return SL_OK;
	for (size_t i = 0; e == SL_OK && i < r->asked.n; i++)
		e = gaps(r, r->asked.range[i].from, r->asked.range[i].to);
	return e;
}

static int ask(const struct cli *c, const struct gateway_config *config, const struct resend *r)
{
	char path[SLUICED_PATH];
	int fd, e = file_join(path, sizeof(path), config->data, RESEND_DIRECTORY);

	if (e != SL_OK || r->again == 0)
		return e;
	fd = file_open_dir(AT_FDCWD, path);
	if (fd < 0)
		return fd;
	e = resend_ask(fd, cli_has(c, "all"), &r->asked);
	file_close(fd);
	return e;
}

static void print_ranges(const struct serials *s)
{
	for (size_t i = 0; i < s->n; i++) {
		printf("%s%lld", i > 0 ? ", " : "", (long long)s->range[i].from);
		if (s->range[i].to != s->range[i].from)
			printf("-%lld", (long long)s->range[i].to);
	}
	putchar('\n');
}

static void print_people(const struct cli *c, const struct resend *r, bool running)
{
	printf(running ? _("sent again now, and then repeated: %u units")
		       : _("sent again when the gateway runs, and then repeated: %u units"),
	       r->again);
	putchar('\n');
	if (r->waiting > 0) {
		printf(_("not sent for the first time yet: %u units"), r->waiting);
		putchar('\n');
	}
	if (r->not_kept.n > 0) {
		printf("%s%s: ", cli_paint(c, CLI_RED), _("not kept any more"));
		print_ranges(&r->not_kept);
		printf("%s%s\n", cli_paint(c, CLI_RESET),
		       _("The outlet installs in order, so it waits for the lowest of these; "
			 "nothing else can\ntake their place. Bring their files from a backup "
			 "of "
			 "outbox/sent below the data directory,\nput them there again and "
			 "repeat "
			 "this command. A larger link.keep_bytes keeps more of them."));
	}
	if (r->unknown.n > 0) {
		printf("%s: ", _("no such units were made yet"));
		print_ranges(&r->unknown);
	}
}

int sluiced_resend(const struct cli *c, const struct gateway_config *config)
{
	struct resend r = {.n = 0};
	struct sl_why why = {.text = ""};
	bool running = sluiced_link_runs(config);
	int code, e = read_asked(c, &r, &why);

	if (e == SL_OK)
		e = compare(c, config, &r);
	if (e == SL_OK)
		e = ask(c, config, &r);
	if (e != SL_OK) {
		code = cli_fail(e, &why, _("no unit is sent again"),
				e == SL_E_NOTFOUND && why.text[0] == '\0'
					? _("The gateway has not run with this data directory.")
					: NULL);
		goto out;
	}
	code = r.not_kept.n > 0 || r.unknown.n > 0 ? CLI_REFUSED : CLI_DONE;
	if (c->json)
		(void)json_print_take(json_pack(
			"{s:I,s:o,s:b,s:o,s:I}", "again", (json_int_t)r.again, "not_kept",
			serials_json(&r.not_kept), "running", running, "unknown",
			serials_json(&r.unknown), "waiting", (json_int_t)r.waiting));
	else
		print_people(c, &r, running);
out:
	release(&r);
	return code;
}
