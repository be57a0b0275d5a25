/* office_kit.c - start LibreOffice once, then open and save in forked children.
 *
 * lok_preinit reads its configuration, its component libraries and the fonts; after a
 * fork lok_init costs little, and no code needs to be mapped any more, which the sandbox
 * of the child would refuse.  A trial in a child of our own comes first: what crashes or
 * hangs there never runs in the warm parent. */
#include "inspect/office/office_kit.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "base/text.h"

static char engine[160] = "no LibreOffice";
static bool ready;

bool office_kit_ready(void)
{
	return ready;
}

const char *office_kit_engine(void)
{
	return engine;
}

#ifdef SL_WITH_OFFICE

#define LOK_USE_UNSTABLE_API
#include <LibreOfficeKit/LibreOfficeKit.h>

enum {
	PATH_BYTES = 4096,
	VERSION_MAX = 4096,
	TRIAL_MS = 120000,
	THREADS_MS = 20000,
	STEP_MS = 20
};

typedef int preinit_function(const char *program, const char *profile);
typedef LibreOfficeKit *init_function(const char *program, const char *profile);

static char program[PATH_BYTES];
static init_function *init;
static int nowhere = -1; /* opened before the sandbox */

static void unavailable(const char *why)
{
	char safe[120];

	(void)text_safe(why, strlen(why), safe, sizeof(safe));
	(void)snprintf(engine, sizeof(engine), "no LibreOffice: %s", safe);
}

/* What it prints is for its own developers, and may quote the document. */
static void silence(void)
{
	if (nowhere >= 0)
		(void)dup2(nowhere, STDERR_FILENO);
}

/* Paths of ours hold no character that a URL writes in another way, save by a strange
 * configuration, which then fails here. */
static bool url_of(const char *path, char *out, size_t cap)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._-+";
	int n = snprintf(out, cap, "file://%s", path);

	return path[0] == '/' && strspn(path, plain) == strlen(path) && n > 0 &&
	       (size_t)n < cap;
}

/* It takes the signals that we and our children live by, each time it starts. */
static void keep_signals(struct sigaction kept[NSIG])
{
	for (int i = 1; i < NSIG; i++)
		(void)sigaction(i, NULL, &kept[i]);
}

static void return_signals(struct sigaction kept[NSIG])
{
	for (int i = 1; i < NSIG; i++)
		(void)sigaction(i, &kept[i], NULL);
}

static bool load_library(const char *profile)
{
	char path[PATH_BYTES + 32];
	struct sigaction kept[NSIG];
	preinit_function *preinit;
	void *library;
	int keep, r;

	(void)snprintf(path, sizeof(path), "%s/libmergedlo.so", program);
	library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
	if (library == NULL) {
		unavailable("its library cannot be loaded");
		return false;
	}
	*(void **)&preinit = dlsym(library, "lok_preinit");
	*(void **)&init = dlsym(library, "libreofficekit_hook_2");
	if (preinit == NULL || init == NULL) {
		unavailable("it is too old");
		return false;
	}
	keep_signals(kept);
	keep = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
	silence();
	r = preinit(program, profile);
	return_signals(kept);
	(void)dup2(keep, STDERR_FILENO);
	file_close(keep);
	if (r != 0)
		unavailable("it does not start");
	return r == 0;
}

static unsigned threads(void)
{
	DIR *d = opendir("/proc/self/task");
	const struct dirent *e;
	unsigned n = 0;

	while (d != NULL && (e = readdir(d)) != NULL)
		n += (e->d_name[0] != '.');
	if (d != NULL)
		(void)closedir(d);
	return n;
}

/* Its configuration is written by a thread that ends after a second; a sandbox can only
 * be entered by a process without threads. */
static bool settle(void)
{
	int64_t deadline = clock_mono_ms() + THREADS_MS;

	while (threads() != 1) {
		if (clock_mono_ms() >= deadline)
			return false;
		(void)poll(NULL, 0, STEP_MS);
	}
	return true;
}

/* {"ProductName":"LibreOffice","ProductVersion":"7.4","ProductExtension":".7.2",…}: the
 * report names what converted. */
static void read_version(int fd)
{
	json_t *j = NULL;
	struct buf b;

	(void)snprintf(engine, sizeof(engine), "LibreOffice");
	buf_init(&b, VERSION_MAX);
	if (file_read_fd(fd, VERSION_MAX, &b) == SL_OK &&
	    json_parse(b.data, b.len, VERSION_MAX, &j) == SL_OK &&
	    json_str(j, "ProductVersion") != NULL && json_str(j, "ProductExtension") != NULL)
		(void)snprintf(engine, sizeof(engine), "LibreOffice %.20s%.20s",
			       json_str(j, "ProductVersion"), json_str(j, "ProductExtension"));
	json_decref(j);
	buf_release(&b);
}

/* Everything that loading and a first document do, in a process that may end badly. */
static void try_out(const char *profile, int answer)
{
	LibreOfficeKit *kit;
	char *info;

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (!load_library(profile) || !settle())
		_exit(1);
	silence();
	kit = init(program, profile);
	if (kit == NULL)
		_exit(1);
	info = kit->pClass->getVersionInfo(kit);
	if (info != NULL)
		(void)!file_write_all(answer, info, strlen(info));
	_exit(0);
}

static bool trial(const char *profile)
{
	int64_t deadline = clock_mono_ms() + TRIAL_MS;
	int status = 0, ends[2];
	pid_t pid;

	unavailable("it cannot be tried out");
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	pid = fork();
	if (pid == 0)
		try_out(profile, ends[1]);
	file_close(ends[1]);
	if (pid < 0) {
		file_close(ends[0]);
		return false;
	}
	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (clock_mono_ms() >= deadline)
			(void)kill(pid, SIGKILL);
		(void)poll(NULL, 0, STEP_MS);
	}
	if (!WIFEXITED(status))
		unavailable("it crashes or hangs when it starts");
	else if (WEXITSTATUS(status) != 0)
		unavailable("it does not start");
	else
		read_version(ends[0]);
	file_close(ends[0]);
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

int office_kit_load(const char *dir, const char *scratch, struct sl_why *why)
{
	char base[PATH_BYTES - 16], trial_url[PATH_BYTES], url[PATH_BYTES];
	char path[PATH_BYTES + 32];

	if (snprintf(program, sizeof(program), "%s/program", dir) >= (int)sizeof(program) ||
	    !url_of(scratch, base, sizeof(base))) {
		unavailable("its path cannot be used");
		return SL_OK;
	}
	(void)snprintf(trial_url, sizeof(trial_url), "%s/trial", base);
	(void)snprintf(url, sizeof(url), "%s/profile", base);
	(void)snprintf(path, sizeof(path), "%.4000s/" OFFICE_KIT_LIBRARY, dir);
	if (access(path, R_OK) != 0) {
		unavailable("it is not installed");
		return SL_OK;
	}
	/* It draws into memory, and looks for no home but ours. */
	if (setenv("SAL_USE_VCLPLUGIN", "svp", 1) != 0 || setenv("HOME", scratch, 1) != 0 ||
	    setenv("TMPDIR", scratch, 1) != 0)
		return SL_E_NOMEM;
	nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (!trial(trial_url))
		return SL_OK;
	ready = load_library(url);
	if (!settle())
		return why_set(why, SL_E_INTERNAL, "LibreOffice keeps threads at work");
	return SL_OK;
}

int office_kit_convert(enum office_kind kind, const char *in, const char *out,
		       const char *scratch)
{
	static const char *const formats[] = {"docx", "xlsx", "pptx"};
	char from[PATH_BYTES], to[PATH_BYTES], base[PATH_BYTES - 16], profile[PATH_BYTES];
	LibreOfficeKitDocument *d;
	struct sigaction kept[NSIG];
	LibreOfficeKit *kit;

	if (!ready)
		return SL_E_UNSUPPORTED;
	if (!url_of(in, from, sizeof(from)) || !url_of(out, to, sizeof(to)) ||
	    !url_of(scratch, base, sizeof(base)) || setenv("TMPDIR", scratch, 1) != 0 ||
	    setenv("HOME", scratch, 1) != 0)
		return SL_E_INTERNAL;
	(void)snprintf(profile, sizeof(profile), "%s/profile", base);
	silence();
	keep_signals(kept);
	kit = init(program, profile);
	return_signals(kept);
	d = (kit != NULL) ? kit->pClass->documentLoad(kit, from) : NULL;
	if (d == NULL || d->pClass->getDocumentType(d) != (int)kind)
		return SL_E_FORMAT;
	return d->pClass->saveAs(d, to, formats[kind], "") != 0 ? SL_OK : SL_E_FORMAT;
}

#else

int office_kit_load(const char *dir, const char *scratch, struct sl_why *why)
{
	(void)dir, (void)scratch, (void)why;
	(void)snprintf(engine, sizeof(engine), "no LibreOffice: built without it");
	return SL_OK;
}

int office_kit_convert(enum office_kind kind, const char *in, const char *out,
		       const char *scratch)
{
	(void)kind, (void)in, (void)out, (void)scratch;
	return SL_E_UNSUPPORTED;
}

#endif
