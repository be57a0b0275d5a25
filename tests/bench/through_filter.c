/* through_filter.c - one filter alone, as the inspector drives it: a fresh sandboxed child
 * for each document, as many at a time as there are workers. */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "inspect/filter_reply.h"
#include "inspect/inspect.h"

enum { SECONDS = 300 };

static int scan(const char *socket_path, const char *path)
{
	struct filter_request rq = {0};
	struct filter_call call, *one = &call;
	struct filter_reply reply;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r;

	if (fd < 0 || fstat(fd, &st) != 0)
		return -1;
	(void)snprintf(rq.name, sizeof(rq.name), "document");
	(void)snprintf(rq.type, sizeof(rq.type), "%s",
		       strstr(path, ".pdf") != NULL   ? "application/pdf"
		       : strstr(path, ".png") != NULL ? "image/png"
						      : "");
	rq.length = (uint64_t)st.st_size;
	filter_call_start(&call, socket_path, fd, &rq, clock_mono_ms() + SECONDS * 1000);
	filter_call_wait(&one, 1);
	r = call.error != SL_OK
		    ? call.error
		    : filter_reply_parse(call.answer.data, call.answer.len, 0, &reply);
	if (call.error == SL_OK)
		filter_reply_release(&reply);
	filter_call_release(&call);
	file_close(fd);
	return r;
}

/* Every `workers`-th file; the exit status tells whether all gave an answer. */
static int share(const char *socket_path, char **files, int n, int first, int workers)
{
	int failed = 0;

	for (int i = first; i < n; i += workers)
		failed += scan(socket_path, files[i]) != SL_OK;
	return failed > 0;
}

static int scan_all(const char *socket_path, char **files, int n, int workers)
{
	pid_t pid[8];
	int failed = 0, status;

	for (int w = 0; w < workers; w++) {
		pid[w] = fork();
		if (pid[w] == 0)
			_exit(share(socket_path, files, n, w, workers));
	}
	for (int w = 0; w < workers; w++)
		failed += pid[w] < 0 || waitpid(pid[w], &status, 0) != pid[w] || status != 0;
	return failed;
}

int main(int argc, char **argv)
{
	char dir[] = "/tmp/sl-av.XXXXXX", socket_path[64];
	struct filters *filters = NULL;
	struct sl_why why = {""};
	int64_t start;
	int failed, workers = argc > 2 && strcmp(argv[2], "2") == 0 ? 2 : 1;

	if (argc < 6 || mkdtemp(dir) == NULL) {
		(void)fprintf(stderr,
			      "usage: through_filter av|see 1|2 LIBEXEC DATABASE FILE...\n");
		return 2;
	}
	struct filters_options o = {.libexec = argv[3],
				    .socket_dir = dir,
				    .policies = SL_SOURCE_DIR "/policies",
				    .av_database = argv[4],
				    .av_demo = true,
				    .file_bytes = 256u << 20,
				    .seconds = SECONDS,
				    .late_office = true};
	if (filters_start(&o, &filters, &why) != SL_OK) {
		(void)fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	(void)snprintf(socket_path, sizeof(socket_path), "%s/%s.sock", dir, argv[1]);
	start = clock_mono_ms();
	failed = workers == 1 ? share(socket_path, argv + 5, argc - 5, 0, 1)
			      : scan_all(socket_path, argv + 5, argc - 5, workers);
	printf("%.3f\n", (double)(clock_mono_ms() - start) / 1000);
	filters_stop(filters);
	if (failed > 0)
		(void)fprintf(stderr, "through_filter: some documents gave no answer\n");
	return file_remove_tree(AT_FDCWD, dir) == SL_OK ? 0 : 1;
}
