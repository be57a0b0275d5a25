/* extract_filter.c - the program sluice-filter-extract: text out of one document.
 *
 * The warm parent loads ICU's converters, libxml2 and poppler with its character
 * maps; each document is read by a fresh child that has its descriptor and, for
 * the character maps of rarer fonts, read access to poppler's data. */
#include <sys/mman.h>

#include "inspect/extract/extract.h"

static int load(int argc, char **argv, struct sl_why *why)
{
	(void)argc, (void)argv;
	return extract_load(why);
}

static const char *version(void)
{
	return SL_VERSION;
}

static int say_object(void *arg, const struct filter_object *obj, uint32_t *ret_index)
{
	return filter_out_object(arg, obj, ret_index);
}

static int say_segment(void *arg, const struct segment *s)
{
	return filter_out_segment(arg, s);
}

static int say_finding(void *arg, const struct finding *f)
{
	return filter_out_finding(arg, f);
}

static int say_fact(void *arg, const char *key, const char *value)
{
	return filter_out_fact(arg, key, value);
}

static int run(int fd, const struct filter_request *rq, struct filter_out *out)
{
	const struct extract_sink sink = {.object = say_object,
					  .segment = say_segment,
					  .finding = say_finding,
					  .fact = say_fact,
					  .arg = out};
	size_t len = (size_t)rq->length;
	void *map = NULL;
	struct extract x;
	int r;

	if (len > 0)
		map = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (map == MAP_FAILED)
		return SL_E_IO;
	r = extract_init(&x, rq->name, rq->type, (len > 0) ? map : (const uint8_t *)"", len);
	if (r == SL_OK)
		r = extract_document(&x);
	if (r == SL_OK)
		r = extract_emit(&x, &sink);
	/* The process ends now: what was mapped and allocated goes with it. */
	return r;
}

int main(int argc, char **argv)
{
	static const char *const read_paths[] = {"/usr/share/poppler", NULL};
	/* For windows on a screen (cairo), mounted disks (gio), access lists of unpacked
	 * files (libarchive) and proving signatures (poppler): nothing of it happens here. */
	static const char *const left_libraries[] = {
		"libX",	      "libxcb",	     "libbsd.",	    "libmd.",	 "libmount.",
		"libblkid.",  "libselinux.", "libgmodule-", "libacl.",	 "libnss",
		"libsmime3.", "libplc4.",    "libplds4.",   "libnspr4.", NULL};
	static const struct filter_ops ops = {
		.name = "extract",
		.load = load,
		.version = version,
		.data = extract_engines,
		.run = run,
		.memory_bytes = UINT64_C(1) << 30,
		.read_paths = read_paths,
		.left_libraries = left_libraries,
	};

	return filter_main(&ops, argc, argv);
}
