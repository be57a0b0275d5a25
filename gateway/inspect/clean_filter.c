/* clean_filter.c - the program sluice-filter-clean: a copy of one document with masks, and
 * without what nobody should get.
 *
 * The document is hostile, and so is the copy: whoever takes it has it inspected again from
 * the start.  A document that cannot be cleaned is an object that failed, with the sentence
 * in the fact "why"; only a child that breaks ends with an error. */
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "inspect/clean/clean.h"
#include "inspect/clean_wire.h"
#include "inspect/extract/extract.h"
#include "inspect/filter.h"

static int load(int argc, char **argv, struct sl_why *why)
{
	(void)argc, (void)argv;
	return clean_load(why);
}

static const char *version(void)
{
	return SL_VERSION;
}

static const char *reason_of(int error)
{
	switch (error) {
	case SL_E_UNSUPPORTED:
		return "unsupported";
	case SL_E_FORMAT:
		return "corrupt";
	case SL_E_LIMIT:
		return "over-limit";
	case SL_E_DENIED:
		return "encrypted";
	default:
		return NULL;
	}
}

static int refuse(const struct filter_request *rq, size_t len, int error,
		  const struct sl_why *why, struct filter_out *out)
{
	struct filter_object o = {.id = "0", .bytes = len, .state = OBJECT_FAILED};
	const char *reason = reason_of(error);
	int r;

	if (reason == NULL)
		return error;
	(void)snprintf(o.path, sizeof(o.path), "%s", rq->name);
	(void)snprintf(o.reason, sizeof(o.reason), "%s", reason);
	r = filter_out_object(out, &o, NULL);
	return r == SL_OK ? filter_out_fact(out, "why", why_text(why, error)) : r;
}

static int answer(const struct filter_request *rq, const struct clean_job *job,
		  const struct clean_result *res, struct filter_out *out)
{
	struct filter_object o = {.id = "0", .bytes = job->len, .state = OBJECT_INSPECTED};
	char left_out[24];
	int r;

	(void)snprintf(o.path, sizeof(o.path), "%s", rq->name);
	r = filter_out_object(out, &o, NULL);
	for (size_t i = 0; r == SL_OK && i < res->n; i++) {
		const struct clean_change *c = &res->changes[i];
		struct filter_change change = {.count = c->count};

		memcpy(change.what, c->what, sizeof(change.what));
		memcpy(change.where, c->where, sizeof(change.where));
		memcpy(change.which, c->which, sizeof(change.which));
		r = filter_out_change(out, &change);
	}
	(void)snprintf(left_out, sizeof(left_out), "%zu", res->left_out);
	if (r == SL_OK && res->left_out > 0)
		r = filter_out_fact(out, "changes-left-out", left_out);
	return r == SL_OK ? filter_out_bytes(out, res->bytes.data, res->bytes.len) : r;
}

static int run(int fd, const struct filter_request *rq, struct filter_out *out)
{
	void *map = rq->length == 0
			    ? MAP_FAILED
			    : mmap(NULL, (size_t)rq->length, PROT_READ, MAP_PRIVATE, fd, 0);
	struct clean_job job = {.name = rq->name, .type = rq->type};
	struct clean_mask *masks = NULL;
	struct clean_result res;
	struct sl_why why = {""};
	struct cur c;
	int r;

	if (map == MAP_FAILED)
		return SL_E_IO;
	cur_init(&c, map, (size_t)rq->length);
	r = clean_wire_get(&c, &masks, &job.n_masks, &job.exact);
	if (r != SL_OK)
		return r;
	job.masks = masks;
	job.bytes = c.p;
	job.len = cur_left(&c);
	clean_result_init(&res);
	r = clean_document(&job, &res, &why);
	/* The process ends now: what was mapped and allocated goes with it. */
	return r == SL_OK ? answer(rq, &job, &res, out) : refuse(rq, job.len, r, &why, out);
}

int main(int argc, char **argv)
{
	static const char *const left_libraries[] = {
		"libX",	      "libxcb",	     "libbsd.",	    "libmd.",	 "libmount.",
		"libblkid.",  "libselinux.", "libgmodule-", "libacl.",	 "libnss",
		"libsmime3.", "libplc4.",    "libplds4.",   "libnspr4.", NULL};
	static const struct filter_ops ops = {
		.name = "clean",
		.load = load,
		.version = version,
		.data = extract_engines,
		.run = run,
		.memory_bytes = UINT64_C(2) << 30,
		/* The masks come before the document, which has its own limit at the desk. */
		.least_bytes = (uint64_t)CLEAN_OUT_MAX + CLEAN_HEAD_MAX,
		.left_libraries = left_libraries,
	};

	return filter_main(&ops, argc, argv);
}
