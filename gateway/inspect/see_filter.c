/* see_filter.c - the program sluice-filter-see: what a person sees in one document.
 *
 * The warm parent loads the models that read, poppler with its character maps and the
 * index of fonts; each document is looked at by a fresh child that has its descriptor
 * and may read fonts and character maps. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "inspect/extract_answer.h"
#include "inspect/see/see.h"

static int null_fd = -1;

static int load(int argc, char **argv, struct sl_why *why)
{
	(void)argc, (void)argv;
	null_fd = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (null_fd < 0)
		return why_set(why, sl_err_errno(errno), "/dev/null: %s", strerror(errno));
	return see_load(why);
}

static const char *version(void)
{
	return SL_VERSION;
}

static int run(int fd, const struct filter_request *rq, struct filter_out *out)
{
	/* Decoders complain to standard error, in a document's words at times. */
	return dup2(null_fd, STDERR_FILENO) < 0 ? SL_E_IO
						: extract_answer(fd, rq, out, see_document);
}

int main(int argc, char **argv)
{
	static const char *const read_paths[] = {"/usr/share/poppler",
						 "/usr/share/fonts",
						 "/usr/local/share/fonts",
						 "/etc/fonts",
						 "/usr/share/fontconfig",
						 "/var/cache/fontconfig",
						 NULL};
	/* For pictures from the network (curl and what it needs), cameras and windows
	 * (zbar), and proving signatures (poppler): nothing of it happens here. */
	static const char *const left_libraries[] = {
		"libX",	       "libxcb",       "libdbus-",    "libsystemd.", "libv4l",
		"libcurl.",    "libssl.",      "libnghttp2.", "librtmp.",    "libssh2.",
		"libpsl.",     "libldap",      "liblber",     "libsasl2.",   "libgssapi",
		"libkrb5",     "libk5crypto.", "libcom_err.", "libmount.",   "libblkid.",
		"libselinux.", "libgmodule-",  "libnss",      "libsmime3.",  "libplc4.",
		"libplds4.",   "libnspr4.",    NULL};
	static const struct filter_ops ops = {
		.name = "see",
		.load = load,
		.version = version,
		.data = see_engines,
		.run = run,
		.memory_bytes = UINT64_C(1536) << 20,
		.read_paths = read_paths,
		.left_libraries = left_libraries,
	};
	/* Without Tesseract's farewell: it complains of the models that are still loaded. */
	_exit(filter_main(&ops, argc, argv));
}
