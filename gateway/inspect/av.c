/* av.c - sluice-filter-av: malware signatures, by libclamav in a process of its own.
 *
 * Hostile: the whole document; libclamav is the largest parser we run and is
 * trusted with nothing.  Invariants: object 0 is INSPECTED only after the code
 * for "clean", with every promised member opened at its promised size. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "inspect/av/database.h"
#include "inspect/av/engine.h"
#include "inspect/filter.h"

enum { AGE_MAX = 3650 };

static struct engine *engine;
static char data_text[128];

static int av_load(int argc, char **argv, struct sl_why *why)
{
	struct database_options o = {.dir = filter_option(argc, argv, "database"),
				     .demo = filter_flag(argc, argv, "demo"),
				     .now = clock_now()};
	const struct engine_limits limits = {.bytes = filter_bytes(),
					     .seconds = filter_seconds()};
	const char *age = filter_option(argc, argv, "max-age");
	uint64_t days = 7;
	bool dated = false;
	int r;

	if (o.dir == NULL)
		return why_set(why, SL_E_USAGE, "--database DIR is needed");
	if (age != NULL && !text_to_u64(age, strlen(age), AGE_MAX, &days))
		return why_set(why, SL_E_USAGE, "--max-age DAYS is at most %d", AGE_MAX);
	o.max_age_days = (uint32_t)days;
	r = database_check(&o, data_text, sizeof(data_text), &dated, why);
	if (r != SL_OK)
		return r;
	if (o.demo)
		log_warn("av.demo",
			 "DEMONSTRATION SIGNATURES: THIS IS NO PROTECTION AGAINST MALWARE");
	r = engine_load(o.dir, &limits, &engine, why);
	return r == SL_OK ? engine_warm(engine, filter_temp_dir(), why) : r;
}

static const char *av_version(void)
{
	return engine_version();
}
static const char *av_data(void)
{
	return data_text;
}

/* Alerts that say "could not look" or "has macros" and nothing about malware. */
static const struct {
	const char *prefix;
	const char *reason; /* "": a finding, see av_alerts */
} soft_alerts[] = {
	{"Heuristics.Encrypted.", "encrypted"},
	{"Heuristics.Limits.Exceeded", "over-limit"},
	{"Heuristics.Broken.", "corrupt"},
	{"Heuristics.OLE2.ContainsMacros", ""},
};

static const char *soft_reason(const char *name)
{
	for (size_t i = 0; i < sizeof(soft_alerts) / sizeof(soft_alerts[0]); i++) {
		if (strncmp(name, soft_alerts[i].prefix, strlen(soft_alerts[i].prefix)) == 0)
			return soft_alerts[i].reason;
	}
	return NULL;
}

static int report_macro(struct filter_out *out)
{
	struct finding f = {.rule = "DH-005",
			    .severity = SEV_S1,
			    .where = WHERE_ATTACHMENT,
			    .line = 1,
			    .column = 1,
			    .evidence = "macro",
			    .fix_action = "delete"};

	return filter_out_finding(out, &f);
}

/* First name that is malware, or NULL; *ret_reason: why not scanned, "" none. */
static const char *sort_alerts(const struct engine_result *er, const char **ret_reason,
			       bool *ret_macro)
{
	*ret_reason = "";
	*ret_macro = false;
	if (er->alerts > er->n_names)
		return er->names[0]; /* more than we looked at: the hardest reading */
	for (unsigned i = 0; i < er->n_names; i++) {
		const char *reason = soft_reason(er->names[i]);

		if (reason == NULL)
			return er->names[i];
		if (reason[0] == '\0')
			*ret_macro = true;
		else
			*ret_reason = reason;
	}
	return NULL;
}

static void settle(const struct ledger_result *l, const struct engine_result *er,
		   const char *soft, struct filter_object *o)
{
	o->state = OBJECT_FAILED;
	if (er->word == ENGINE_ERROR)
		(void)snprintf(o->reason, sizeof(o->reason), "engine-error-%d", er->code);
	else if (soft[0] != '\0')
		(void)snprintf(o->reason, sizeof(o->reason), "%s", soft);
	else if (l->encrypted)
		(void)snprintf(o->reason, sizeof(o->reason), "encrypted");
	else if (l->overflow)
		(void)snprintf(o->reason, sizeof(o->reason), "over-limit");
	else if (l->promised != l->opened)
		(void)snprintf(o->reason, sizeof(o->reason), "members-promised-%u-opened-%u",
			       l->promised, l->opened);
	else
		o->state = OBJECT_INSPECTED;
}

static int number_fact(struct filter_out *out, const char *key, uint32_t n)
{
	char text[16];

	(void)snprintf(text, sizeof(text), "%u", n);
	return filter_out_fact(out, key, text);
}

static int answer(struct filter_out *out, const struct filter_request *rq,
		  const struct ledger_result *l, const struct engine_result *er)
{
	struct filter_object o = {.id = "0", .bytes = rq->length};
	const char *soft = "", *virus;
	bool macro = false;
	int r;

	virus = er->word == ENGINE_ALERT ? sort_alerts(er, &soft, &macro) : NULL;
	settle(l, er, soft, &o);
	(void)snprintf(o.path, sizeof(o.path), "%s", rq->name);
	r = filter_out_object(out, &o, NULL);
	if (r == SL_OK)
		r = number_fact(out, "members-promised", l->promised);
	if (r == SL_OK)
		r = number_fact(out, "members-opened", l->opened);
	if (r == SL_OK)
		r = number_fact(out, "layers", l->layers);
	if (r == SL_OK && l->archive)
		r = number_fact(out, "members", l->members);
	if (r == SL_OK)
		r = filter_out_fact(out, "root", l->root);
	if (r == SL_OK && virus != NULL)
		r = filter_out_fact(out, "virus", virus);
	if (r == SL_OK && macro)
		r = report_macro(out);
	return r;
}

static int av_run(int fd, const struct filter_request *rq, struct filter_out *out)
{
	struct ledger *ledger = ledger_new();
	struct ledger_result settled;
	struct engine_result result;
	int r = ledger == NULL ? SL_E_NOMEM
			       : engine_scan(engine, fd, filter_temp_dir(), ledger, &result);

	if (r == SL_OK) {
		ledger_settle(ledger, &settled);
		r = answer(out, rq, &settled, &result);
	}
	ledger_free(ledger);
	return r;
}

int main(int argc, char **argv)
{
	/* libclamav turns text of web pages into UTF-8 by iconv, whose tables are files. */
	static const char *const read_paths[] = {"/usr/lib/x86_64-linux-gnu/gconv",
						 "/usr/lib/aarch64-linux-gnu/gconv",
						 "/usr/lib/gconv", NULL};
	static const struct filter_ops ops = {
		.name = "av",
		.load = av_load,
		.version = av_version,
		.data = av_data,
		.run = av_run,
		.memory_bytes = UINT64_C(2) << 30,
		.read_paths = read_paths,
		.temp_dir = true,
	};

	return filter_main(&ops, argc, argv);
}
