/* extract_filter.c - the program sluice-filter-extract: text out of one document.
 *
 * The warm parent loads ICU's converters, libxml2 and poppler with its character
 * maps; each document is read by a fresh child that has its descriptor and, for
 * the character maps of rarer fonts, read access to poppler's data. */
#include "inspect/extract/extract.h"
#include "inspect/extract_answer.h"

static int load(int argc, char **argv, struct sl_why *why)
{
	(void)argc, (void)argv;
	return extract_load(why);
}

static const char *version(void)
{
	return SL_VERSION;
}

static int run(int fd, const struct filter_request *rq, struct filter_out *out)
{
	return extract_answer(fd, rq, out, extract_document);
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
