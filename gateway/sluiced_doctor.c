/* sluiced_doctor.c - is this host fit: isolation tried from inside, signatures, clock, disk. */
#include "sluiced.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "policy/clocks.h"
#include "sandbox/doctor.h"

enum { REASON_MAX = 4096, CLOCK_SLACK_S = 120 };

static void look_at_antivirus(const struct gateway_config *c, struct report *r)
{
	struct sluiced_antivirus a;
	struct sl_why why = {.text = ""};
	char when[CLOCK_TEXT + 1] = "", dir[SLOT_PATH];
	int e = sluiced_host_antivirus_fit(c, NULL, &why);

	if (e != SL_OK || sluiced_host_antivirus_dir(c, dir) != SL_OK ||
	    sluiced_host_antivirus(dir, &a, &why) != SL_OK) {
		report_add(r, "antivirus", false,
			   _("Run freshclam daily, or bring signatures on a medium: sluiced av "
			     "import MEDIUM; the line stands still until then."),
			   "%s", why_text(&why, e));
		return;
	}
	if (a.dated == 0) {
		report_add(r, "antivirus", true, NULL, "%s",
			   _("DEMONSTRATION signatures without a date: NO PROTECTION"));
		return;
	}
	clock_format(a.newest, when);
	report_add(r, "antivirus", true, NULL, _("version %s of %s, %lld days old, %u allowed"),
		   a.version, when, (long long)a.age_days, c->antivirus.max_age_days);
}

/* Time of the last change of a file; 0 when it is not there. */
static int64_t changed_at(const char *dir, const char *name)
{
	char path[SLUICED_PATH];
	struct stat st;

	if (file_join(path, sizeof(path), dir, name) != SL_OK || stat(path, &st) != 0)
		return 0;
	return (int64_t)st.st_mtime;
}

static void look_at_clock(const struct gateway_config *c, struct report *r)
{
	const int64_t seen[] = {
		changed_at("/proc/self", "exe"),
		changed_at(c->data, "run/status.json"),
		changed_at(c->data, "store"),
		changed_at(c->data, "release/repo"),
	};
	int64_t now = clock_now(), newest = clock_days(2024, 1, 1) * 86400;
	char when[CLOCK_TEXT + 1];

	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
		if (seen[i] > newest)
			newest = seen[i];
	}
	clock_format(now, when);
	/* Deadlines and expiry mean nothing when time runs backwards. */
	report_add(r, "clock", now + CLOCK_SLACK_S >= newest,
		   _("Set the clock and let chrony or ntpd keep it."),
		   now + CLOCK_SLACK_S >= newest
			   ? "%s"
			   : _("%s is earlier than the newest file of the gateway"),
		   when);
}

static void look_at_disk(const struct gateway_config *c, struct report *r)
{
	char dir[SLUICED_PATH];
	char *slash;
	uint64_t bytes;
	int fd;

	(void)snprintf(dir, sizeof(dir), "%s", c->data);
	while ((fd = file_open_dir(AT_FDCWD, dir)) < 0 && (slash = strrchr(dir, '/')) != NULL &&
	       slash != dir)
		*slash = '\0';
	bytes = fd < 0 ? 0 : file_free_space(fd);
	file_close(fd);
	report_add(r, "disk", bytes >= c->limits.free_bytes,
		   _("Free some space: new drafts are refused meanwhile."),
		   _("%llu MiB free, %llu needed at least"), (unsigned long long)(bytes >> 20),
		   (unsigned long long)(c->limits.free_bytes >> 20));
}

static void look_at_stopped(const struct gateway_config *c, struct report *r)
{
	char path[SLUICED_PATH];
	struct buf text;

	buf_init(&text, REASON_MAX);
	if (file_join(path, sizeof(path), c->data, "run/stopped") == SL_OK &&
	    file_read(AT_FDCWD, path, REASON_MAX, &text) == SL_OK)
		report_add(
			r, "line", false, _("See the reason; it clears by itself when cured."),
			_("stopped: %.*s"), (int)strcspn(buf_str(&text), "\n"), buf_str(&text));
	else
		report_add(r, "line", true, NULL, "%s", _("not stopped"));
	buf_release(&text);
}

/* No fault of the host: drafts in those formats are held, with the advice. */
static void look_at_office(const struct gateway_config *c, struct report *r)
{
	report_add(r, "office", true, NULL, "%s",
		   sluiced_host_office(c)
			   ? _("LibreOffice is there to read .doc, .xls and .ppt")
			   : _("no LibreOffice: .doc, .xls and .ppt are held; install it, or "
			       "have them saved as .docx, .xlsx or .pptx"));
}

/* Working days are counted by the calendars of the rules in force. */
static void look_at_calendar(const struct gateway_config *c, struct report *r)
{
	const char *next = _("Put the file of that year into the rules' calendars/, have them "
			     "signed and install them: docs/clocks.md.");
	struct clocks *clocks = NULL;
	struct sl_why why = {.text = ""};
	char dir[SLOT_PATH];
	uint32_t missing;
	int e = slot_or(c->data, "policies", c->policies, dir);

	if (e == SL_OK)
		e = clocks_load(dir, &clocks, &why);
	if (e != SL_OK) {
		report_add(r, "calendar", false, next, "%s", why_text(&why, e));
		return;
	}
	missing = workdays_missing(&clocks->workdays, clocks_day(clocks, clock_now()));
	if (missing != 0)
		report_warn(r, "calendar", next,
			    _("the holidays of %u are not known: dates counted over that year "
			      "are provisional"),
			    missing);
	else
		report_add(r, "calendar", true, NULL, "%s", _("holidays are known"));
	clocks_free(clocks);
}

static void look_at_link(const struct gateway_config *c, struct report *r)
{
	struct stat st;

	if (strcmp(c->link.mode, "directory") == 0)
		report_add(r, "link", stat(c->link.directory, &st) == 0 && S_ISDIR(st.st_mode),
			   _("Create or mount the transfer directory."), "%s",
			   c->link.directory);
	else if (strcmp(c->link.mode, "udp") == 0)
		report_add(r, "link", true, NULL,
			   _("%s; sluiced doctor --link looks closer and measures it"),
			   c->link.address);
	else
		report_add(r, "link", true, NULL, "%s", c->link.url);
}

static int print_all(const struct cli *c, const struct doctor *d, const struct report *report,
		     bool well)
{
	if (c->json)
		return json_print_take(
			json_pack("{sb so sO si}", "ok", well, "roles", doctor_json(d), "host",
				  report->items, "landlock_abi",
				  d->n > 0 ? d->role[0].result.report.landlock_abi : 0));
	doctor_print(d, c);
	putchar('\n');
	report_print(report, c);
	printf("%s%s%s\n", cli_paint(c, CLI_BOLD),
	       well ? _("This host is fit to run the gateway.")
		    : _("This host needs attention."),
	       cli_paint(c, CLI_RESET));
	return SL_OK;
}

int sluiced_doctor(const struct cli *c)
{
	struct gateway_config *config;
	struct doctor *d = calloc(1, sizeof(*d));
	struct report report;
	struct sl_why why = {.text = ""};
	struct due_list due = {.n = 0};
	unsigned optional = 0;
	int code = CLI_REFUSED, r;
	bool well;

	if (cli_has(c, "link")) {
		free(d);
		return sluiced_doctor_link(c);
	}
	report_init(&report);
	config = sluiced_config(c, &code);
	if (config == NULL || d == NULL || crypto_start() != SL_OK)
		goto out;
	r = sandbox_optional(&config->sandbox.optional, &optional, &why);
	if (r == SL_OK)
		r = doctor_examine(sluiced_roles_profiles, optional, d);
	if (r != SL_OK) {
		code = cli_fail(r, &why, _("the sandbox could not be tried"), NULL);
		goto out;
	}
	look_at_antivirus(config, &report);
	look_at_clock(config, &report);
	look_at_disk(config, &report);
	look_at_office(config, &report);
	look_at_link(config, &report);
	look_at_calendar(config, &report);
	look_at_stopped(config, &report);
	sluiced_trust_due(config, &due);
	due_report(&due, clock_now(), &report);
	well = d->as_promised && report.all_ok;
	code = print_all(c, d, &report, well) == SL_OK && well ? CLI_DONE : CLI_REFUSED;
out:
	report_release(&report);
	free(d);
	config_gateway_free(config);
	return code;
}
