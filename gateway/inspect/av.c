/* av.c - sluice-filter-av: libclamav over the bare object, and proof that it really looked.
 *
 * The only program that links libclamav (GPL-2.0).  Hostile: the whole document.
 * Invariants: object 0 is INSPECTED only on the exact code CL_CLEAN or CL_VIRUS with
 * every promised member opened; a name string is never the verdict. */
#include <clamav.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/text.h"
#include "inspect/av_database.h"
#include "inspect/av_members.h"
#include "inspect/filter.h"

enum { RECURSION_MAX = 20, AGE_DEFAULT = 7, SECONDS_GUARD = 2 };

static struct cl_engine *engine;
static struct av_database database;
static struct av_members members; /* of the one document this child looks at */
static bool found;

static const char *version(void) { return cl_retver(); }
static const char *data(void) { return database.identity; }

/* clcb_meta: an archive announces a member. */
static cl_error_t on_member(const char *container, unsigned long packed, const char *name,
			    unsigned long size, int encrypted, unsigned int position, void *context)
{
	(void)container;
	(void)packed;
	(void)position;
	(void)context;
	av_members_promise(&members, name, size, encrypted != 0);
	return CL_CLEAN;
}

/* clcb_file_inspection: a layer is open. */
static cl_error_t on_layer(int fd, const char *type, const char **ancestors, size_t parent_size,
			   const char *name, size_t size, const char *buffer, uint32_t level,
			   uint32_t attributes, void *context)
{
	(void)fd;
	(void)ancestors;
	(void)parent_size;
	(void)name;
	(void)buffer;
	(void)attributes;
	(void)context;
	av_members_open(&members, type, size, level);
	return CL_CLEAN;
}

static void on_virus(int fd, const char *name, void *context)
{
	(void)fd;
	(void)name;
	(void)context;
	found = true;
}

/* Everything that libclamav limits in silence is at or above our largest file. */
static int set_limits(uint64_t bytes)
{
	const long long whole = (long long)bytes;
	const struct {
		enum cl_engine_field field;
		long long value;
	} limits[] = {
		{CL_ENGINE_MAX_FILESIZE, whole + (1 << 20)},
		{CL_ENGINE_MAX_SCANSIZE, whole * 2 + (16 << 20)},
		{CL_ENGINE_MAX_RECURSION, RECURSION_MAX},
		{CL_ENGINE_MAX_FILES, AV_MEMBERS_MAX},
		{CL_ENGINE_MAX_SCANTIME, (long long)(filter_seconds() > SECONDS_GUARD * 2
							     ? filter_seconds() - SECONDS_GUARD
							     : filter_seconds()) * 1000},
		{CL_ENGINE_MAX_EMBEDDEDPE, whole + (1 << 20)},
		{CL_ENGINE_MAX_HTMLNORMALIZE, whole + (1 << 20)},
		{CL_ENGINE_MAX_HTMLNOTAGS, whole + (1 << 20)},
		{CL_ENGINE_MAX_SCRIPTNORMALIZE, whole + (1 << 20)},
		{CL_ENGINE_PCRE_MAX_FILESIZE, whole + (1 << 20)},
		{CL_ENGINE_MAX_PARTITIONS, 128},
		{CL_ENGINE_DISABLE_CACHE, 1}, /* it is keyed by MD5 */
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (cl_engine_set_num(engine, limits[i].field, limits[i].value) != CL_SUCCESS)
			return SL_E_INTERNAL;
	}
	return SL_OK;
}

static int load(int argc, char **argv, struct sl_why *why)
{
	const char *dir = filter_option(argc, argv, "database"), *age = filter_option(argc, argv, "max-age");
	bool demo = filter_flag(argc, argv, "demo");
	unsigned signatures = 0;
	uint64_t days = AGE_DEFAULT;
	cl_error_t e;
	int r;

	if (dir == NULL || (age != NULL && !text_to_u64(age, strlen(age), 36500, &days)))
		return why_set(why, SL_E_USAGE, "--database DIR and --max-age DAYS are needed");
	r = av_database_check(dir, (uint32_t)days, demo, &database, why);
	if (r != SL_OK)
		return r;
	if (demo && database.made == 0)
		log_warn("antivirus", "DEMONSTRATION SIGNATURES: THIS IS NO PROTECTION database=%s", log_q(dir));
	e = cl_init(CL_INIT_DEFAULT);
	if (e == CL_SUCCESS && (engine = cl_engine_new()) == NULL)
		e = CL_EMEM;
	if (e == CL_SUCCESS)
		e = cl_load(dir, engine, &signatures, CL_DB_STDOPT);
	if (e != CL_SUCCESS || signatures == 0)
		return why_set(why, SL_E_CONFIG, "the antivirus signatures in %s cannot be loaded: %s", dir,
			       e != CL_SUCCESS ? cl_strerror(e) : "there are none");
	r = set_limits(filter_bytes());
	if (r != SL_OK || cl_engine_compile(engine) != CL_SUCCESS)
		return why_set(why, SL_E_INTERNAL, "the antivirus engine cannot be prepared");
	cl_engine_set_clcb_meta(engine, on_member);
	cl_engine_set_clcb_file_inspection(engine, on_layer);
	cl_engine_set_clcb_virus_found(engine, on_virus);
	return SL_OK;
}

static int fact_number(struct filter_out *out, const char *key, uint64_t v)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%llu", (unsigned long long)v);
	return filter_out_fact(out, key, text);
}

/* A heuristic alert is libclamav saying that it could not look inside. */
static const char *reason_of_alert(const char *name)
{
	if (name == NULL)
		return "over-limit"; /* CL_VIRUS without a name happens there */
	if (strncmp(name, "Heuristics.Limits.", 18) == 0)
		return "over-limit";
	if (strncmp(name, "Heuristics.Encrypted.", 21) == 0)
		return "encrypted";
	if (strncmp(name, "Heuristics.Broken.", 18) == 0)
		return "corrupt";
	return NULL;
}

static void fail(struct filter_object *o, const char *reason)
{
	if (o->state == OBJECT_FAILED)
		return; /* the first reason is the cause */
	o->state = OBJECT_FAILED;
	(void)snprintf(o->reason, sizeof(o->reason), "%s", reason);
}

static int answer(cl_error_t e, const char *name, struct filter_object *o, struct filter_out *out)
{
	uint32_t missing = av_members_unopened(&members), index;
	char safe[200];
	int r;

	if (e != CL_CLEAN && e != CL_VIRUS)
		fail(o, e == CL_ETIMEOUT ? "timeout" : "scan-error");
	if (members.encrypted)
		fail(o, "encrypted");
	if (members.overflow)
		fail(o, "over-limit");
	if (missing > 0)
		fail(o, "members-not-opened");
	if (members.container && members.n_opened == 0 && members.n_promised == 0 && e == CL_CLEAN)
		fail(o, "nothing-opened");
	if (e == CL_VIRUS || found) {
		const char *reason = reason_of_alert(name);

		if (reason != NULL) {
			fail(o, reason);
		} else {
			(void)text_safe(name, strlen(name), safe, sizeof(safe));
			r = filter_out_fact(out, "virus", safe);
			if (r != SL_OK)
				return r;
		}
	}
	r = filter_out_object(out, o, &index);
	if (r == SL_OK)
		r = fact_number(out, "members-promised", members.n_promised);
	if (r == SL_OK)
		r = fact_number(out, "members-opened", members.n_opened);
	return r == SL_OK ? fact_number(out, "members-missing", missing) : r;
}

static int run(int fd, const struct filter_request *rq, struct filter_out *out)
{
	struct cl_scan_options options = {
		.general = CL_SCAN_GENERAL_ALLMATCHES | CL_SCAN_GENERAL_COLLECT_METADATA |
			   CL_SCAN_GENERAL_HEURISTICS,
		.parse = ~0u,
		.heuristic = CL_SCAN_HEURISTIC_EXCEEDS_MAX | CL_SCAN_HEURISTIC_ENCRYPTED_ARCHIVE |
			     CL_SCAN_HEURISTIC_ENCRYPTED_DOC | CL_SCAN_HEURISTIC_MACROS |
			     CL_SCAN_HEURISTIC_BROKEN_MEDIA | CL_SCAN_HEURISTIC_BROKEN,
	};
	struct filter_object o = {.id = "0", .bytes = rq->length, .state = OBJECT_INSPECTED};
	unsigned long scanned = 0;
	const char *name = NULL;
	cl_error_t e;

	(void)snprintf(o.path, sizeof(o.path), "%s", rq->name);
	if (cl_engine_set_str(engine, CL_ENGINE_TMPDIR, filter_temp_dir()) != CL_SUCCESS)
		return SL_E_INTERNAL;
	/* The bare object by its descriptor; the name would only invite rules about names. */
	e = cl_scandesc_callback(fd, NULL, &name, &scanned, engine, &options, NULL);
	return answer(e, name, &o, out);
}

int main(int argc, char **argv)
{
	static const struct filter_ops ops = {
		.name = "av",
		.load = load,
		.version = version,
		.data = data,
		.run = run,
		.memory_bytes = UINT64_C(2) << 30,
		.temp_dir = true,
	};

	return filter_main(&ops, argc, argv);
}
