/* reinspect.c - fetch, keep the program that inspects again, and judge what it says.
 *
 * Its lines are made of hostile files: they are parsed as JSON with a ceiling and compared,
 * nothing else. */
#include "reinspect.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "assure.h"
#include "base/file.h"
#include "recompare.h"
#include "reinspect_run.h"
#include "trust/trust_memory.h"

enum {
	LINE_MAX = 4 << 20,
	READ_AT_ONCE = 64 << 10,
	SECONDS = 120,	    /* one document through one filter */
	SEE_SECONDS = 600,  /* drawn, and its pictures read */
	QUICK_SECONDS = 90, /* all of it, when pictures are left out */
	LONG_SECONDS = 1800,
	POLL_MS = 200
};

struct reinspect {
	struct session *s;     /* borrowed */
	struct review_case *c; /* borrowed */
	struct reinspect_options options;
	struct assurance assured;
	bool begun; /* what people signed is proved, and nothing is missing here */
	bool newer; /* the rules here are newer than the report's */
	struct reinspect_run run;
	struct recompare found;
	struct buf line;
	int64_t deadline;
	unsigned files;
	bool seen[CASE_FILES_MAX];
	json_t *result;
	json_t *rules; /* of this machine */
};

static const char *const state_names[REINSPECT_STATES] = {"same", "partly", "differs",
							  "other-rules", "not-possible"};

const char *reinspect_state_name(enum reinspect_state s)
{
	BUG((unsigned)s >= REINSPECT_STATES);
	return state_names[s];
}

static int conclude(struct reinspect *r, enum reinspect_state state, const char *reason)
{
	reinspect_run_end(&r->run);
	/* A difference that was found stays one, whatever ended the rest. */
	if (json_array_size(r->found.differences) > 0)
		state = REINSPECT_DIFFERS;
	r->result =
		json_pack("{s:s, s:O, s:O}", "state", reinspect_state_name(state),
			  "differences", r->found.differences, "left_out", r->found.left_out);
	if (r->result == NULL)
		return SL_E_NOMEM;
	if (reason != NULL && json_object_set_new(r->result, "why", json_string(reason)) != 0)
		return SL_E_NOMEM;
	if (r->rules != NULL && json_object_set(r->result, "rules", r->rules) != 0)
		return SL_E_NOMEM;
	if (r->newer && json_object_set_new(r->result, "newer", json_true()) != 0)
		return SL_E_NOMEM;
	return SL_OK;
}

static int conclude_all(struct reinspect *r)
{
	if (r->files < r->c->n_files)
		return conclude(r, REINSPECT_IMPOSSIBLE, "ended");
	return conclude(
		r, json_array_size(r->found.left_out) > 0 ? REINSPECT_PARTLY : REINSPECT_SAME,
		NULL);
}

static bool same_rules(const struct reinspect *r, const json_t *line)
{
	for (unsigned i = 0; i < r->c->n_files; i++) {
		if (!recompare_same_rules(case_file_report(r->c, i), line))
			return false;
	}
	return true;
}

/* Newer ones count when two officers stand by them; from then on this machine knows them. */
static int take_newer(struct reinspect *r, const json_t *line)
{
	const char *sha256 = json_str(json_obj(line, "policy"), "sha256");
	struct trust_memory *m = NULL;
	int64_t version = 0;
	int e;

	if (sha256 == NULL || !assure_own_rules(r->s->config, r->c->roster, sha256, &version) ||
	    version <= r->assured.version)
		return conclude(r, REINSPECT_OTHER_RULES, NULL);
	r->newer = true;
	e = trust_memory_open(r->s->config, &m, NULL);
	if (e == SL_OK)
		e = trust_memory_note(m, "rules", version);
	if (e == SL_OK)
		e = trust_memory_save(m);
	trust_memory_close(m);
	return e;
}

static int take_rules(struct reinspect *r, const json_t *line)
{
	return same_rules(r, line) ? SL_OK : take_newer(r, line);
}

static int compare_text(struct reinspect *r, const struct case_file *f, const json_t *line)
{
	const char *here = json_str(line, "text_sha256");

	if (here == NULL || strcmp(here, f->text_sha256) == 0)
		return SL_OK;
	return recompare_differs(&r->found, f->name, "text", f->text_sha256, here);
}

/* Of a file that was not read here to the end there is no text to compare; signatures have
 * nothing to do with its text. */
static bool was_read(const json_t *left_out, size_t before)
{
	bool read = true;

	for (size_t i = before; read && i < json_array_size(left_out); i++) {
		const char *why = json_str(json_array_get(left_out, i), "why");

		read = why != NULL && strcmp(why, "signatures") == 0;
	}
	return read;
}

static int take_file(struct reinspect *r, const json_t *line, int64_t index)
{
	const json_t *mine = json_obj(line, "report");
	bool unseen = false;
	unsigned k = 0;
	size_t before = json_array_size(r->found.left_out);
	int e;

	while (k < r->c->n_files && r->c->files[k].index != index)
		k++;
	if (k == r->c->n_files || r->seen[k] || mine == NULL)
		return SL_E_FORMAT;
	r->seen[k] = true;
	r->files++;
	(void)json_bool(line, "unseen", &unseen);
	e = (r->newer ? recompare_newer : recompare_file)(
		&r->found, r->c->files[k].name, case_file_report(r->c, k), mine, unseen);
	if (e == SL_OK && was_read(r->found.left_out, before))
		e = compare_text(r, &r->c->files[k], line);
	return e;
}

static int take_line(struct reinspect *r, const char *bytes, size_t len)
{
	const char *error;
	json_t *line = NULL;
	int64_t index = 0;
	int e = json_parse(bytes, len, LINE_MAX, &line);

	if (e != SL_OK)
		return conclude(r, REINSPECT_IMPOSSIBLE, "garbage");
	if (json_obj(line, "policy") != NULL) {
		r->rules = json_incref(json_object_get(line, "policy"));
		e = take_rules(r, line);
	} else if ((error = json_str(line, "error")) != NULL) {
		e = conclude(r, REINSPECT_IMPOSSIBLE, error);
	} else if (json_i64(line, "file", &index)) {
		e = take_file(r, line, index);
	}
	json_decref(line);
	return e;
}

static int take_lines(struct reinspect *r)
{
	char *end;
	int e = SL_OK;

	while (e == SL_OK && r->result == NULL && r->line.len > 0 &&
	       (end = memchr(r->line.data, '\n', r->line.len)) != NULL) {
		size_t n = (size_t)(end - (char *)r->line.data);

		e = take_line(r, (const char *)r->line.data, n);
		memmove(r->line.data, r->line.data + n + 1, r->line.len - n - 1);
		buf_cut(&r->line, r->line.len - n - 1);
	}
	return e;
}

int reinspect_fd(const struct reinspect *r)
{
	return r->result != NULL ? -1 : r->run.out;
}

static uint64_t total_bytes(const struct review_case *c)
{
	uint64_t n = 0;

	for (unsigned i = 0; i < c->n_files; i++)
		n += c->files[i].length;
	return n;
}

/* What people signed is proved first; a difference there stands whatever else is missing. */
static int begin(struct reinspect *r, struct sl_why *why)
{
	const char *missing = NULL;
	int e = assure_report(r->s, r->c, &r->found, &r->assured, why);

	r->begun = e == SL_OK;
	if (e != SL_OK)
		return e;
	missing = reinspect_run_missing(r->s->config);
	if (missing == NULL && r->options.bytes_max > 0 &&
	    total_bytes(r->c) > r->options.bytes_max)
		missing = "bytes";
	return missing != NULL ? conclude(r, REINSPECT_IMPOSSIBLE, missing) : SL_OK;
}

/* A piece of the files, and after the last one the program. */
static int fetch_step(struct reinspect *r, struct sl_why *why)
{
	const struct reinspect_ask ask = {.rules = r->assured.rules,
					  .version = r->assured.version,
					  .see = r->options.see,
					  .seconds = SECONDS,
					  .see_seconds = SEE_SECONDS};
	uint32_t seconds = r->options.seconds > 0 ? r->options.seconds
			   : r->options.see	  ? LONG_SECONDS
						  : QUICK_SECONDS;
	bool all = false;
	int e = reinspect_run_fetch(&r->run, r->s, r->c, &all, why);

	if (e != SL_OK || !all)
		return e;
	r->deadline = clock_mono_ms() + (int64_t)seconds * 1000;
	return reinspect_run_start(&r->run, r->s->config, r->c, &ask, why);
}

static int take_words(struct reinspect *r)
{
	char piece[READ_AT_ONCE];
	int e = SL_OK;

	while (e == SL_OK && r->result == NULL) {
		ssize_t n = read(r->run.out, piece, sizeof(piece));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN) {
			if (clock_mono_ms() >= r->deadline)
				e = conclude(r, REINSPECT_IMPOSSIBLE, "time");
			break;
		}
		if (n <= 0) {
			e = conclude_all(r);
			break;
		}
		buf_put(&r->line, piece, (size_t)n);
		e = buf_error(&r->line) != SL_OK ? conclude(r, REINSPECT_IMPOSSIBLE, "garbage")
						 : take_lines(r);
	}
	return e;
}

int reinspect_step(struct reinspect *r, bool *ret_done, unsigned *ret_files, struct sl_why *why)
{
	int e = SL_OK;

	if (r->result == NULL && !r->begun)
		e = begin(r, why);
	else if (r->result == NULL)
		e = r->run.out < 0 ? fetch_step(r, why) : take_words(r);
	*ret_done = r->result != NULL;
	*ret_files = r->files;
	return e;
}

int reinspect_wait(struct reinspect *r, void (*progress)(uint64_t, uint64_t),
		   struct sl_why *why)
{
	unsigned files = 0;
	bool done = false;
	int e = reinspect_step(r, &done, &files, why);

	while (e == SL_OK && !done) {
		struct pollfd p = {.fd = reinspect_fd(r), .events = POLLIN};

		if (p.fd >= 0)
			(void)poll(&p, 1, POLL_MS);
		e = reinspect_step(r, &done, &files, why);
		if (progress != NULL && r->c->n_files > 0)
			progress(files, r->c->n_files);
	}
	return e;
}

const json_t *reinspect_result(const struct reinspect *r)
{
	return r->result;
}

void reinspect_free(struct reinspect *r)
{
	if (r == NULL)
		return;
	reinspect_run_end(&r->run);
	recompare_release(&r->found);
	json_decref(r->result);
	json_decref(r->rules);
	buf_release(&r->line);
	free(r);
}

int reinspect_start(struct session *s, struct review_case *c, const struct reinspect_options *o,
		    struct reinspect **ret_r)
{
	struct reinspect *r = calloc(1, sizeof(*r));
	int e = r == NULL ? SL_E_NOMEM : SL_OK;

	if (e != SL_OK)
		return e;
	r->s = s;
	r->c = c;
	r->options = *o;
	buf_init(&r->line, LINE_MAX);
	reinspect_run_init(&r->run);
	e = recompare_init(&r->found);
	if (e == SL_OK)
		e = recompare_draft(&r->found, c->report, c->n_files);
	if (e != SL_OK)
		goto out;
	*ret_r = r;
	r = NULL; /* moved */
out:
	reinspect_free(r);
	return e;
}
