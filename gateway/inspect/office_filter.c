/* office_filter.c - the program sluice-filter-office: Word, Excel and PowerPoint before
 * 2007, and WPS, by way of LibreOffice.
 *
 * The warm parent holds LibreOffice when the host has it.  Each document is read by a
 * fresh child: our own walker first, which sees what a conversion would drop; then
 * LibreOffice saves it in today's format inside the child's private directory, and the
 * extract library reads that.  The answer is of the same kind as the extract filter's.
 * Without LibreOffice the program runs all the same and holds what it cannot read. */
#include <sys/resource.h>

#include "inspect/extract_answer.h"
#include "inspect/office/office_document.h"
#include "inspect/office/office_kit.h"
#include "inspect/office/office_runs.h"
#include "sandbox/sandbox.h"

enum { READ_PATHS = 17, JOBS = 2, NICE = 10 };

static int load(int argc, char **argv, struct sl_why *why)
{
	const char *dir = filter_option(argc, argv, "office");
	int r = extract_load(why);

	if (r == SL_OK)
		r = office_runs_load();
	/* A slow conversion takes no time from a text that waits beside it. */
	(void)setpriority(PRIO_PROCESS, 0, NICE);
	return (r == SL_OK) ? office_kit_load((dir != NULL) ? dir : OFFICE_KIT_DIR,
					      filter_temp_dir(), why)
			    : r;
}

static const char *version(void)
{
	return SL_VERSION;
}

static const char *data(void)
{
	return office_kit_engine();
}

static int convert(struct extract *x)
{
	return office_document(x, filter_temp_dir());
}

static int run(int fd, const struct filter_request *rq, struct filter_out *out)
{
	return extract_answer(fd, rq, out, convert);
}

int main(int argc, char **argv)
{
	const char *dir = filter_option(argc, argv, "office");
	const char *const read_paths[READ_PATHS] = {
		(dir != NULL) ? dir : OFFICE_KIT_DIR,
		"/etc/libreoffice",
		"/usr/share/libreoffice",
		"/var/lib/libreoffice",
		"/var/spool/libreoffice",
		"/etc/fonts",
		"/usr/share/fonts",
		"/usr/share/fontconfig",
		"/usr/local/share/fonts",
		"/var/cache/fontconfig",
		"/usr/share/hyphen",
		"/usr/share/mythes",
		"/usr/share/liblangtag",
		"/usr/share/poppler",
		"/dev/urandom",
	};
	const struct filter_ops ops = {
		.name = "office",
		.load = load,
		.version = version,
		.data = data,
		.run = run,
		.extra_calls = SANDBOX_THREADS,
		.memory_bytes = UINT64_C(1) << 30,
		.read_paths = read_paths,
		.temp_dir = true,
		.jobs = JOBS,
	};

	return filter_main(&ops, argc, argv);
}
