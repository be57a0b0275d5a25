/* filter_cost.c - what each filter but the one that sees costs: CPU of its warm parent and of
 * all its children, in milliseconds per document.
 *
 * Each document goes through type, av, extract and match, one filter at a time, with
 * requests like those of the inspector.  With --answers FILE every answer is written there
 * as it came, so that two builds can be compared byte by byte. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "inspect/filter_reply.h"
#include "inspect/inspect.h"

enum { FILTERS = 4, TEXT_MAX = FILTER_REPLY_MAX };
enum which { TYPE, AV, EXTRACT, MATCH };
static const char *const names[FILTERS] = {"type", "av", "extract", "match"};

struct bench {
	char dir[32];
	FILE *answers; /* NULL: not wanted */
	int failed;
};

/* Ticks a filter and its dead children have used, user and system: fields 14 to 17 of
 * its line in /proc.  The filters are our only children and are known by their names. */
static int ticks_of(pid_t pid, char *ret_name, size_t cap, unsigned long ret_ticks[2])
{
	char path[64], line[1024], *end;
	unsigned long user, system, user_dead, system_dead;
	FILE *f;

	(void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	f = fopen(path, "re");
	if (f == NULL || fgets(line, sizeof(line), f) == NULL || strchr(line, '(') == NULL)
		return -1;
	(void)fclose(f);
	end = strrchr(line, ')');
	if (end == NULL ||
	    sscanf(end + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu %lu %lu",
		   &user, &system, &user_dead, &system_dead) != 4)
		return -1;
	*end = '\0';
	(void)snprintf(ret_name, cap, "%s", strchr(line, '(') + 1);
	ret_ticks[0] = user + user_dead;
	ret_ticks[1] = system + system_dead;
	return 0;
}

static void measure(unsigned long ticks[FILTERS][2])
{
	char path[64];
	FILE *children;
	int pid;

	(void)snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
	children = fopen(path, "re");
	while (children != NULL && fscanf(children, "%d", &pid) == 1) {
		char name[64];
		unsigned long t[2];

		if (ticks_of(pid, name, sizeof(name), t) != 0)
			continue;
		/* The kernel keeps 15 bytes of a name: "sluice-filter-t". */
		for (int w = 0; w < FILTERS; w++) {
			if (name[strlen("sluice-filter-")] == names[w][0])
				memcpy(ticks[w], t, sizeof(t));
		}
	}
	if (children != NULL)
		(void)fclose(children);
}

static int ask(struct bench *b, enum which w, int fd, const struct filter_request *rq,
	       struct filter_call *call, struct filter_reply *ret_reply)
{
	char path[96];
	int r;

	(void)snprintf(path, sizeof(path), "%s/%s.sock", b->dir, names[w]);
	filter_call_start(call, path, fd, rq, clock_mono_ms() + 60000);
	filter_call_wait(&call, 1);
	if (b->answers != NULL)
		(void)fwrite(call->answer.data, 1, call->answer.len, b->answers);
	r = call->error != SL_OK ? call->error
				 : filter_reply_parse(buf_str(&call->answer), call->answer.len,
						      FILTER_OBJECTS_MAX, ret_reply);
	if (r != SL_OK) {
		filter_call_release(call);
		b->failed++;
		(void)fprintf(stderr, "%s: %s: %s\n", names[w], rq->name, sl_strerror(r));
	}
	return r;
}

/* The text as the inspector hands it to `match`. */
static int segments_file(const char *name, const struct filter_reply *x, uint64_t *ret_length)
{
	struct segment s = {.where = WHERE_FILENAME,
			    .line = 1,
			    .column = 1,
			    .text = name,
			    .len = (uint32_t)strlen(name)};
	struct buf b;
	int fd = memfd_create("segments", MFD_CLOEXEC);

	buf_init(&b, TEXT_MAX);
	segment_put(&b, &s);
	for (uint32_t i = 0; x != NULL && i < x->n_segments; i++)
		segment_put(&b, &x->segments[i]);
	if (fd >= 0 && file_write_all(fd, buf_str(&b), b.len) != SL_OK) {
		file_close(fd);
		fd = -1;
	}
	*ret_length = b.len;
	buf_release(&b);
	return fd;
}

static void one_document(struct bench *b, const char *path)
{
	const char *slash = strrchr(path, '/');
	struct filter_request rq = {.today = 20000}, text = {.today = 20000};
	struct filter_call call;
	struct filter_reply reply;
	struct stat st;
	int fd = open(path, O_RDONLY | O_CLOEXEC), segments = -1;

	if (fd < 0 || fstat(fd, &st) != 0) {
		b->failed++;
		return;
	}
	(void)snprintf(rq.name, sizeof(rq.name), "%s", slash != NULL ? slash + 1 : path);
	(void)snprintf(text.name, sizeof(text.name), "%s", rq.name);
	(void)snprintf(text.content_type, sizeof(text.content_type), "CT04");
	rq.length = (uint64_t)st.st_size;
	if (ask(b, TYPE, fd, &rq, &call, &reply) == SL_OK) {
		if (reply.n_objects > 0)
			(void)snprintf(rq.type, sizeof(rq.type), "%s", reply.objects[0].type);
		filter_reply_release(&reply);
		filter_call_release(&call);
	}
	if (ask(b, AV, fd, &rq, &call, &reply) == SL_OK) {
		filter_reply_release(&reply);
		filter_call_release(&call);
	}
	if (ask(b, EXTRACT, fd, &rq, &call, &reply) == SL_OK) {
		segments = segments_file(rq.name, &reply, &text.length);
		filter_reply_release(&reply);
		filter_call_release(&call);
	}
	if (segments >= 0 && ask(b, MATCH, segments, &text, &call, &reply) == SL_OK) {
		filter_reply_release(&reply);
		filter_call_release(&call);
	}
	file_close(segments);
	file_close(fd);
}

static void print(unsigned long before[FILTERS][2], unsigned long after[FILTERS][2], int n)
{
	double ms = 1000.0 / (double)sysconf(_SC_CLK_TCK) / n;

	for (int w = 0; w < FILTERS; w++) {
		double user = (double)(after[w][0] - before[w][0]) * ms;
		double system = (double)(after[w][1] - before[w][1]) * ms;

		printf("%-8s %6.2f ms a document (user %.2f, system %.2f)\n", names[w],
		       user + system, user, system);
	}
}

int main(int argc, char **argv)
{
	struct bench b = {.dir = "/tmp/sl-cost.XXXXXX"};
	bool keep = argc > 3 && strcmp(argv[1], "--answers") == 0;
	int first = keep ? 5 : 3;
	struct filters *filters = NULL;
	struct sl_why why = {""};
	unsigned long before[FILTERS][2] = {{0}}, after[FILTERS][2] = {{0}};

	if (argc <= first || mkdtemp(b.dir) == NULL) {
		(void)fprintf(
			stderr,
			"usage: filter_cost [--answers FILE] LIBEXEC DATABASE DOCUMENT...\n");
		return 2;
	}
	b.answers = keep ? fopen(argv[2], "we") : NULL;
	struct filters_options o = {.libexec = argv[first - 2],
				    .socket_dir = b.dir,
				    .policies = SL_SOURCE_DIR "/policies",
				    .av_database = argv[first - 1],
				    .av_demo = true,
				    .file_bytes = 256u << 20,
				    .seconds = 60,
				    .late_office = true};
	if (filters_start(&o, &filters, &why) != SL_OK) {
		(void)fprintf(stderr, "%s\n", why.text);
		return 1;
	}
	measure(before);
	for (int i = first; i < argc; i++)
		one_document(&b, argv[i]);
	measure(after);
	filters_stop(filters);
	if (b.answers != NULL)
		(void)fclose(b.answers);
	print(before, after, argc - first);
	if (b.failed > 0)
		(void)fprintf(stderr, "filter_cost: %d answers are missing\n", b.failed);
	return file_remove_tree(AT_FDCWD, b.dir) == SL_OK && b.failed == 0 ? 0 : 1;
}
