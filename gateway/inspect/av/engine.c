/* engine.c - one engine, loaded once, asked by a forked child for one document.
 *
 * Traps this file answers: limits that are silent are set above our largest
 * file; the cache of clean files, keyed by MD5, is off; the return code counts
 * and never a name; an alert of the callback counts even when the code says
 * clean. */
#include "inspect/av/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <clamav.h>

#include "base/file.h"

struct engine {
	struct cl_engine *cl;
};
struct scan {
	struct ledger *ledger;
	struct engine_result *result;
};

static cl_error_t on_meta(const char *container, unsigned long packed, const char *name,
			  unsigned long size, int encrypted, unsigned int at, void *context)
{
	struct scan *s = context;

	(void)container;
	(void)packed;
	(void)at;
	ledger_promise(s->ledger, name, size, encrypted != 0);
	return CL_CLEAN;
}

static cl_error_t on_layer(int fd, const char *type, const char **ancestors, size_t parent_size,
			   const char *name, size_t size, const char *bytes, uint32_t level,
			   uint32_t attributes, void *context)
{
	struct scan *s = context;

	(void)fd;
	(void)ancestors;
	(void)parent_size;
	(void)bytes;
	(void)attributes;
	ledger_open(s->ledger, level, type, name, size);
	return CL_CLEAN;
}

static void on_alert(int fd, const char *name, void *context)
{
	struct scan *s = context;
	struct engine_result *r = s->result;

	(void)fd;
	r->alerts++;
	if (r->n_names < ENGINE_NAMES_MAX)
		(void)snprintf(r->names[r->n_names++], ENGINE_NAME_MAX, "%s",
			       name != NULL ? name : "unnamed");
}

static int set_limits(struct cl_engine *cl, const struct engine_limits *l)
{
	const long long all = (long long)l->bytes * 2;
	const struct {
		enum cl_engine_field field;
		long long value;
	} numbers[] = {
		{CL_ENGINE_MAX_FILESIZE, (long long)l->bytes + (64 << 20)},
		{CL_ENGINE_MAX_SCANSIZE, 4LL << 30},
		{CL_ENGINE_MAX_RECURSION, 32},
		{CL_ENGINE_MAX_FILES, 50000},
		{CL_ENGINE_MAX_SCANTIME, (long long)l->seconds * 1000},
		/* These say nothing when they are reached. */
		{CL_ENGINE_MAX_EMBEDDEDPE, all},
		{CL_ENGINE_MAX_HTMLNORMALIZE, all},
		{CL_ENGINE_MAX_HTMLNOTAGS, all},
		{CL_ENGINE_MAX_SCRIPTNORMALIZE, all},
		{CL_ENGINE_MAX_ZIPTYPERCG, all},
		{CL_ENGINE_PCRE_MAX_FILESIZE, all},
		{CL_ENGINE_MAX_PARTITIONS, 1000},
		{CL_ENGINE_MAX_ICONSPE, 1000},
		{CL_ENGINE_MAX_RECHWP3, 100},
		{CL_ENGINE_DISABLE_CACHE, 1},
		{CL_ENGINE_DISABLE_PE_STATS, 1},
		{CL_ENGINE_KEEPTMP, 0},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (cl_engine_set_num(cl, numbers[i].field, numbers[i].value) != CL_SUCCESS)
			return SL_E_INTERNAL;
	}
	return SL_OK;
}

static void quiet(enum cl_msg severity, const char *full, const char *text, void *context)
{
	(void)severity;
	(void)full;
	(void)text;
	(void)context;
}

void engine_quiet(void)
{
	cl_set_clcb_msg(quiet);
}

int engine_load(const char *dir, const struct engine_limits *limits, struct engine **ret_e,
		struct sl_why *why)
{
	struct engine *e = calloc(1, sizeof(*e));
	unsigned signatures = 0;
	int code, r = SL_E_NOMEM;

	if (e == NULL)
		return r;
	engine_quiet();
	code = cl_init(CL_INIT_DEFAULT);
	e->cl = code == CL_SUCCESS ? cl_engine_new() : NULL;
	if (e->cl == NULL || set_limits(e->cl, limits) != SL_OK) {
		r = why_set(why, SL_E_INTERNAL, "libclamav does not start: %s",
			    cl_strerror(code));
		goto out;
	}
	code = cl_load(dir, e->cl, &signatures, CL_DB_STDOPT);
	if (code != CL_SUCCESS || signatures == 0) {
		r = why_set(why, SL_E_NOTFOUND, "%s: %s", dir,
			    code != CL_SUCCESS ? cl_strerror(code) : "no signatures");
		goto out;
	}
	code = cl_engine_compile(e->cl);
	if (code != CL_SUCCESS) {
		r = why_set(why, SL_E_INTERNAL, "%s: %s", dir, cl_strerror(code));
		goto out;
	}
	cl_engine_set_clcb_meta(e->cl, on_meta);
	cl_engine_set_clcb_file_inspection(e->cl, on_layer);
	cl_engine_set_clcb_virus_found(e->cl, on_alert);
	*ret_e = e;
	e = NULL; /* moved */
	r = SL_OK;
out:
	if (e != NULL && e->cl != NULL)
		(void)cl_engine_free(e->cl);
	free(e);
	return r;
}

const char *engine_version(void)
{
	return cl_retver();
}

int engine_scan(struct engine *e, int fd, const char *temp, struct ledger *ledger,
		struct engine_result *ret_r)
{
	struct cl_scan_options options = {
		.general = CL_SCAN_GENERAL_ALLMATCHES | CL_SCAN_GENERAL_COLLECT_METADATA |
			   CL_SCAN_GENERAL_HEURISTICS,
		.parse = ~0u,
		.heuristic = CL_SCAN_HEURISTIC_EXCEEDS_MAX |
			     CL_SCAN_HEURISTIC_ENCRYPTED_ARCHIVE |
			     CL_SCAN_HEURISTIC_ENCRYPTED_DOC | CL_SCAN_HEURISTIC_MACROS |
			     CL_SCAN_HEURISTIC_BROKEN_MEDIA | CL_SCAN_HEURISTIC_BROKEN,
	};
	struct engine_result result = {.word = ENGINE_ERROR};
	struct scan scan = {.ledger = ledger, .result = &result};
	const char *name = NULL;
	unsigned long scanned = 0;

	if (cl_engine_set_str(e->cl, CL_ENGINE_TMPDIR, temp) != CL_SUCCESS)
		return SL_E_INTERNAL;
	result.code = cl_scandesc_callback(fd, NULL, &name, &scanned, e->cl, &options, &scan);
	if (result.code == CL_VIRUS && result.alerts == 0)
		on_alert(fd, name, &scan); /* the code alone is enough */
	if (result.alerts > 0)
		result.word = ENGINE_ALERT;
	else if (result.code == CL_CLEAN)
		result.word = ENGINE_CLEAN;
	*ret_r = result;
	return SL_OK;
}

int engine_warm(struct engine *e, const char *temp, struct sl_why *why)
{
	static const char page[] = "<html><body><p>warm</p></body></html>\n";
	struct ledger *ledger = ledger_new();
	struct engine_result result = {.word = ENGINE_ERROR};
	int fd = memfd_create("warm", MFD_CLOEXEC);
	int r = ledger == NULL || fd < 0 ? SL_E_IO : SL_OK;

	if (r == SL_OK)
		r = file_write_all(fd, page, sizeof(page) - 1);
	if (r == SL_OK)
		r = engine_scan(e, fd, temp, ledger, &result);
	if (r == SL_OK && result.word != ENGINE_CLEAN)
		r = SL_E_INTERNAL;
	file_close(fd);
	ledger_free(ledger);
	return r == SL_OK ? r
			  : why_set(why, r, "the antivirus engine fails on a harmless page");
}
