/* reinspector.c - the gateway's own filters over a draft's files, on a reviewer's machine.
 *
 * A program of its own, so that the one that holds a person's key carries no matcher and
 * starts quickly.  One request on standard input, whose files are inherited descriptors;
 * one line of JSON for each step on standard output.  The files are hostile: this process
 * only hashes them and passes their descriptors on to sandboxed filters. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "inspect/draft_record.h"
#include "inspect/inspect.h"
#include "policies/tool_shell.h"

enum {
	REQUEST_MAX = 4 << 20,
	TEXT_MAX = 300 << 20,
	FILE_BYTES_MAX = 256 << 20,
	DATABASE_DAYS = 7,
	CHANNELS_MAX = 16
};

struct work {
	json_t *request;
	const char *policies, *libexec, *database;
	bool see, demo;
	int64_t seconds, see_seconds;
	struct draft_record record;
	struct scan_context context;
	const char *channels[CHANNELS_MAX + 1];
};

/* One line at a time: whoever waits reads along. */
static int say(json_t *j)
{
	int r = json_print_take(j);

	return r == SL_OK && fflush(stdout) != 0 ? SL_E_IO : r;
}

static int say_error(int r, const struct sl_why *why)
{
	(void)say(json_pack("{s:s}", "error", why_text(why, r)));
	return r;
}

static bool has_files(const char *dir)
{
	DIR *d = dir != NULL ? opendir(dir) : NULL;
	struct dirent *e;
	bool any = false;

	while (d != NULL && !any && (e = readdir(d)) != NULL)
		any = e->d_name[0] != '.';
	if (d != NULL)
		(void)closedir(d);
	return any;
}

static int read_request(struct work *w)
{
	const json_t *row;
	int64_t fd = -1;
	struct buf b;
	size_t i;
	int r;

	buf_init(&b, REQUEST_MAX);
	r = file_read_fd(STDIN_FILENO, REQUEST_MAX, &b);
	if (r == SL_OK)
		r = json_parse(b.data, b.len, REQUEST_MAX, &w->request);
	buf_release(&b);
	if (r != SL_OK)
		return r;
	w->policies = json_str(w->request, "policies");
	w->libexec = json_str(w->request, "libexec");
	w->database = json_str(w->request, "database");
	(void)json_bool(w->request, "demo", &w->demo);
	(void)json_bool(w->request, "see", &w->see);
	if (w->policies == NULL || w->libexec == NULL ||
	    !json_i64(w->request, "seconds", &w->seconds) || w->seconds < 1 ||
	    !json_i64(w->request, "see_seconds", &w->see_seconds) || w->see_seconds < 1)
		return SL_E_FORMAT;
	json_array_foreach(json_arr(w->request, "files"), i, row)
	{
		/* Handed to us, not to the filters that we start. */
		if (json_i64(row, "fd", &fd) && fd > STDERR_FILENO && fd < 4096)
			(void)fcntl((int)fd, F_SETFD, FD_CLOEXEC);
	}
	/* Without signatures everything else is still worth a look. */
	if (!has_files(w->database))
		w->database = NULL;
	return SL_OK;
}

/* The manifest is signed; the same fields in the gateway's store come from it. */
static void read_context(struct work *w, const struct policy *p)
{
	const json_t *m = json_obj(w->request, "manifest"), *v;
	const char *text = json_str(w->request, "inspected");
	int64_t inspected = 0;
	size_t i;
	unsigned n = 0;

	draft_record_read(m, json_obj(w->request, "internal"), &w->record);
	json_array_foreach(json_arr(m, "channels"), i, v)
	{
		if (json_is_string(v) && n < CHANNELS_MAX)
			w->channels[n++] = json_string_value(v);
	}
	if (text == NULL || !clock_parse(text, strlen(text), &inspected))
		inspected = clock_now();
	w->context = (struct scan_context){.content_type = json_str(m, "content_type"),
					   .column = json_str(m, "column"),
					   .channels = w->channels,
					   .disclosure = json_str(m, "disclosure"),
					   .today = policy_today(p, inspected)};
}

static int answer(const json_t *row, const struct inspect_report *report,
		  const struct buf *text)
{
	char hex[HASH_HEX + 1] = "";
	json_t *j = NULL;
	int64_t index = 0;
	int r = json_parse(report->bytes.data, report->bytes.len, TEXT_MAX, &j);

	if (r != SL_OK)
		return r;
	if (text->len > 0)
		hash_hex(text->data, text->len, hex);
	(void)json_i64(row, "index", &index);
	return say(json_pack("{s:I, s:o, s:s, s:b}", "file", (json_int_t)index, "report", j,
			     "text_sha256", hex, "unseen", (int)report->unfinished));
}

static int inspect_row(const struct work *w, struct inspect *i, const json_t *row)
{
	struct scan_record record = w->record.scan;
	struct inspect_input in = {.name = json_str(row, "name"),
				   .declared_type = json_str(row, "media_type"),
				   .context = w->context};
	struct inspect_report report;
	int64_t index = 0, fd = -1;
	struct buf text;
	int r = SL_E_FORMAT;

	inspect_report_init(&report);
	buf_init(&text, TEXT_MAX);
	if (in.name != NULL && json_i64(row, "index", &index) && json_i64(row, "fd", &fd) &&
	    fd > STDERR_FILENO && fd < 4096) {
		in.fd = (int)fd;
		r = hash_fd(in.fd, in.sha256, &in.length);
	}
	record.first = index == 0;
	in.context.record = &record;
	if (index == 0)
		in.title = json_str(json_obj(w->request, "manifest"), "title");
	if (r == SL_OK)
		r = inspect_file(i, &in, &report, &text);
	if (r == SL_OK)
		r = answer(row, &report, &text);
	buf_wipe(&text);
	inspect_report_release(&report);
	return r;
}

static int inspect_rows(struct work *w, const char *dir, struct filters *f,
			const struct policy *p)
{
	const json_t *rows = json_arr(w->request, "files"), *row;
	struct inspect *i = NULL;
	size_t k;
	int r = inspect_open(dir, p, (uint32_t)w->seconds, &i);

	if (r != SL_OK)
		return r;
	inspect_set_see(i, w->see ? INSPECT_SEE_NOW : INSPECT_SEE_LATER,
			(uint32_t)w->see_seconds);
	inspect_set_filters(i, f);
	json_array_foreach(rows, k, row)
	{
		if (r == SL_OK)
			r = inspect_row(w, i, row);
	}
	inspect_close(i);
	return r;
}

/* Old or damaged signatures stop the virus filter: the others are started without it. */
static int start_filters(struct filters_options *o, struct filters **f, struct sl_why *why)
{
	int r = filters_start(o, f, why);

	if (r == SL_OK || o->av_database == NULL || strstr(why->text, "filter av") == NULL)
		return r;
	o->av_database = NULL;
	return filters_start(o, f, why);
}

static int run(const char *dir, void *arg)
{
	struct work *w = arg;
	struct filters_options o = {.libexec = w->libexec,
				    .socket_dir = dir,
				    .policies = w->policies,
				    .av_database = w->database,
				    .av_max_age_days = DATABASE_DAYS,
				    .av_demo = w->demo,
				    .file_bytes = FILE_BYTES_MAX,
				    .seconds = (uint32_t)w->seconds,
				    .see_seconds = (uint32_t)w->see_seconds,
				    .late_see = true,
				    .late_office = true};
	const char *wanted = json_str(w->request, "rules_sha256");
	int64_t below = INT64_MAX;
	struct filters *f = NULL;
	struct policy *p = NULL;
	struct sl_why why = {.text = ""};
	char hex[HASH_HEX + 1];
	int r = policy_load_texts(w->policies, &p, &why);

	if (r != SL_OK)
		return say_error(r, &why);
	text_hex(policy_digest(p), HASH_LEN, hex);
	r = say(json_pack("{s:{s:s, s:I}}", "policy", "sha256", hex, "version",
			  (json_int_t)policy_version(p)));
	(void)json_i64(w->request, "rules_version", &below);
	/* Under other rules a comparison says nothing; newer ones can still find more. */
	if (r != SL_OK || wanted == NULL ||
	    (strcmp(wanted, hex) != 0 && (int64_t)policy_version(p) <= below))
		goto out;
	read_context(w, p);
	r = start_filters(&o, &f, &why);
	if (r == SL_OK)
		r = say(json_pack("{s:b}", "ready", 1));
	if (r == SL_OK)
		r = inspect_rows(w, dir, f, p);
	filters_stop(f);
	if (r != SL_OK)
		r = say_error(r, &why);
out:
	policy_free(p);
	return r == SL_OK ? 0 : 1;
}

int main(void)
{
	static struct work w; /* the record holds a question's text */
	struct sl_why why = {.text = ""};
	int code = 1, r = crypto_start();

	if (r == SL_OK)
		r = read_request(&w);
	if (r == SL_OK)
		r = tool_shell_run(run, &w, &code, &why);
	if (r != SL_OK)
		(void)say_error(r, &why);
	json_decref(w.request);
	return r == SL_OK ? code : 1;
}
