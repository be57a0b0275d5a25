/* tool_scan.c - sluice-policy scan: the gateway's own filters on files, without a gateway.
 *
 * The files are hostile: this process only hashes their bytes and passes their
 * descriptors on; it reads what the sandboxed filters say, which inspect.h checks. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "inspect/inspect.h"
#include "policies/commands.h"
#include "policies/tool.h"
#include "policies/tool_shell.h"
#include "policy/present.h"

#define DATABASE_DEFAULT "/var/lib/clamav"

/* The limits of a gateway whose configuration says nothing else. */
enum {
	FILE_BYTES_MAX = 256 << 20,
	SECONDS_MAX = 120,
	SEE_SECONDS_MAX = 600,
	DATABASE_DAYS = 7,
	REPORT_MAX = 64 << 20,
	CHANNELS_MAX = 16,
	COUNT_KINDS = VERDICT_SPILL + 1
};

struct scan {
	const struct cli *c;
	struct scan_context context;
	const char *channels[CHANNELS_MAX + 1];
	char policies[TOOL_PATH], libexec[TOOL_PATH], database[TOOL_PATH];
	bool demo;
	unsigned count[COUNT_KINDS], unread;
};

static const char *advice(void)
{
	return _("Bring virus signatures up to date (freshclam, or --av-database DIR with "
		 "files you "
		 "brought), or add --demo-signatures to try rules without any protection.");
}

static bool is_empty_dir(const char *path)
{
	DIR *d = opendir(path);
	struct dirent *e;
	bool empty = true;

	if (d == NULL)
		return true;
	while (empty && (e = readdir(d)) != NULL)
		empty = e->d_name[0] == '.';
	(void)closedir(d);
	return empty;
}

static int choose_database(struct scan *s, struct sl_why *why)
{
	const char *given = cli_value(s->c, "av-database");
	int r = SL_OK;

	s->demo = cli_has(s->c, "demo-signatures");
	if (s->demo && given != NULL)
		return why_set(why, SL_E_USAGE,
			       _("--av-database and --demo-signatures exclude each other"));
	if (s->demo)
		r = file_join(s->database, sizeof(s->database), s->policies, "av-demo");
	else
		(void)snprintf(s->database, sizeof(s->database), "%s",
			       given != NULL ? given : DATABASE_DEFAULT);
	if (r == SL_OK && is_empty_dir(s->database))
		r = why_set(why, SL_E_UNREACHABLE, _("there are no virus signatures in %s"),
			    s->database);
	return r;
}

static int choose_context(struct scan *s, struct sl_why *why)
{
	unsigned n = 0;

	s->context = (struct scan_context){.content_type = cli_value(s->c, "type"),
					   .column = cli_value(s->c, "column"),
					   .disclosure = cli_value(s->c, "disclosure"),
					   .offline = !cli_has(s->c, "as-gateway")};
	while (cli_value_at(s->c, "channel", (int)n) != NULL) {
		if (n == CHANNELS_MAX)
			return why_set(why, SL_E_USAGE, _("more than %d channels"),
				       (int)CHANNELS_MAX);
		s->channels[n] = cli_value_at(s->c, "channel", (int)n);
		n++;
	}
	if (n > 0)
		s->context.channels = s->channels;
	return SL_OK;
}

static int prepare(struct scan *s, struct sl_why *why)
{
	int r = tool_policy_dir(s->c, s->policies);

	if (r == SL_OK)
		r = tool_beside("../libexec/sluice", s->libexec);
	if (r == SL_OK)
		r = choose_context(s, why);
	return r == SL_OK ? choose_database(s, why) : r;
}

/* A regular file, its length and the digest of its bytes. */
static int open_file(const char *path, struct inspect_input *in, struct sl_why *why)
{
	/* Not blocking: a fifo has no bytes to inspect, and nobody may write to it. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	const char *slash = strrchr(path, '/');
	struct stat st;
	int r;

	if (fd < 0)
		return why_set(why, sl_err_errno(errno), "%s", strerror(errno));
	in->fd = fd;
	in->name = slash != NULL ? slash + 1 : path;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return why_set(why, SL_E_UNSUPPORTED, _("this is not a file"));
	r = hash_fd(fd, in->sha256, &in->length);
	return r == SL_OK ? r : why_set(why, r, "%s", _(sl_strerror(r)));
}

static int show(const struct scan *s, const struct buf *report)
{
	json_t *j = NULL;
	int r;

	if (s->c->json)
		return printf("%s\n", buf_str(report)) < 0 ? sl_err_errno(errno) : SL_OK;
	r = json_parse(report->data, report->len, REPORT_MAX, &j);
	if (r == SL_OK)
		present_report(stdout, s->c, j);
	json_decref(j);
	return r;
}

static void scan_one(struct scan *s, struct inspect *i, const char *path)
{
	struct inspect_input in = {
		.fd = -1, .title = cli_value(s->c, "title"), .context = s->context};
	struct sl_why why = {.text = ""};
	struct inspect_report report;
	char safe[512];
	int r;

	inspect_report_init(&report);
	r = open_file(path, &in, &why);
	if (r == SL_OK)
		r = inspect_file(i, &in, &report, NULL);
	if (r == SL_OK)
		r = show(s, &report.bytes);
	if (r == SL_OK) {
		s->count[report.verdict]++;
	} else {
		s->unread++;
		(void)text_safe(path, strlen(path), safe, sizeof(safe));
		(void)cli_fail(r, &why, safe,
			       _("This file was not inspected; it counts as held."));
	}
	/* One line at a time for whoever reads along. */
	(void)fflush(stdout);
	file_close(in.fd);
	inspect_report_release(&report);
}

static void print_sum(const struct scan *s)
{
	if (s->c->json || s->c->n_operands < 2)
		return;
	printf(_("%d files: %u clean, %u for review, %u held, %u blocked, %u spilled\n"),
	       s->c->n_operands, s->count[VERDICT_CLEAN], s->count[VERDICT_REVIEW],
	       s->count[VERDICT_HOLD] + s->unread, s->count[VERDICT_BLOCK],
	       s->count[VERDICT_SPILL]);
}

static int exit_code(const struct scan *s)
{
	if (s->count[VERDICT_SPILL] > 0)
		return CLI_SPILL;
	return s->count[VERDICT_BLOCK] + s->count[VERDICT_HOLD] + s->unread > 0 ? CLI_REFUSED
										: CLI_DONE;
}

static int no_filters(int r, const struct sl_why *why)
{
	bool av = strstr(why->text, "filter av") != NULL;

	return cli_fail(av ? SL_E_UNREACHABLE : r, why,
			_("the filters do not run; nothing was inspected"),
			av ? advice() : NULL);
}

/* Does any file begin with one of these? */
static bool any_begins(const struct cli *c, const char *const *magic)
{
	bool any = false;

	for (int n = 0; n < c->n_operands && !any; n++) {
		int fd = open(c->operands[n], O_RDONLY | O_CLOEXEC | O_NONBLOCK);
		char head[16];
		ssize_t got = fd >= 0 ? pread(fd, head, sizeof(head), 0) : 0;

		for (const char *const *m = magic; *m != NULL && !any; m++)
			any = got >= (ssize_t)strlen(*m) && memcmp(head, *m, strlen(*m)) == 0;
		file_close(fd);
	}
	return any;
}

/* The inner half: in a child process, with a private directory. */
static int work(const char *dir, void *arg)
{
	/* Formats before 2007; what is drawn or read as a picture in any case.  Where others
	 * need these filters too, they are started late. */
	static const char *const office[] = {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NULL};
	static const char *const seen[] = {"%PDF-", "\x89PNG", "\xff\xd8\xff", NULL};
	struct scan *s = arg;
	const struct filters_options o = {.libexec = s->libexec,
					  .socket_dir = dir,
					  .policies = s->policies,
					  .av_database = s->database,
					  .av_max_age_days = DATABASE_DAYS,
					  .av_demo = s->demo,
					  .file_bytes = FILE_BYTES_MAX,
					  .seconds = SECONDS_MAX,
					  .see_seconds = SEE_SECONDS_MAX,
					  .late_office = !any_begins(s->c, office),
					  .late_see = !any_begins(s->c, seen)};
	bool bar = s->c->json || isatty(STDOUT_FILENO) == 0;
	struct filters *f = NULL;
	struct policy *p = NULL;
	struct inspect *i = NULL;
	struct sl_why why = {.text = ""};
	int r;

	if (isatty(STDERR_FILENO) != 0)
		(void)fprintf(stderr, "%s\n", _("Loading rules and signatures ..."));
	r = filters_start(&o, &f, &why);
	if (r == SL_OK)
		r = policy_load_texts(s->policies, &p, &why);
	if (r == SL_OK)
		r = inspect_open(dir, p, SECONDS_MAX, &i);
	if (r == SL_OK) {
		s->context.today = policy_today(p, clock_now());
		inspect_set_see(i, INSPECT_SEE_NOW, SEE_SECONDS_MAX);
		inspect_set_filters(i, f);
	}
	for (int n = 0; r == SL_OK && n < s->c->n_operands; n++) {
		scan_one(s, i, s->c->operands[n]);
		if (bar)
			cli_progress(_("inspecting"), (uint64_t)n + 1,
				     (uint64_t)s->c->n_operands);
	}
	inspect_close(i);
	policy_free(p);
	filters_stop(f);
	if (r != SL_OK)
		return no_filters(r, &why);
	print_sum(s);
	return exit_code(s);
}

int tool_scan_run(const struct cli *c)
{
	static struct scan s; /* three paths are much for a stack */
	struct sl_why why = {.text = ""};
	int code = CLI_REFUSED, r;

	s.c = c;
	r = prepare(&s, &why);
	if (r != SL_OK)
		return cli_fail(r, &why, _("nothing was inspected"),
				r == SL_E_UNREACHABLE ? advice() : NULL);
	if (s.demo)
		(void)fprintf(stderr, "%s\n",
			      _("*** DEMONSTRATION SIGNATURES: real malware is NOT recognised. "
				"Never publish "
				"on the strength of this scan. ***"));
	r = crypto_start();
	if (r == SL_OK)
		r = tool_shell_run(work, &s, &code, &why);
	return r == SL_OK ? code
			  : cli_fail(r, &why, _("the scan did not come to an end"), NULL);
}
