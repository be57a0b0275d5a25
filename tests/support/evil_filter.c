/* evil_filter.c - a filter that has been taken over by its document.
 *
 * Stands in for the filter by whose name it is started; the first word of the document says
 * what it does, or for `see`, which is given pictures only, that of its name.  It runs in the
 * real frame and the real sandbox. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inspect/filter.h"
#include "inspect/filter_wire.h"

enum { FDS = 64, GULP = 64 << 20 };

static bool sees;

static int load(int argc, char **argv, struct sl_why *why)
{
	(void)argc;
	(void)argv;
	(void)why;
	return SL_OK;
}

static const char *version(void)
{
	return "evil";
}
static const char *data(void)
{
	return "";
}

static int say_clean(const struct filter_request *rq, struct filter_out *out)
{
	struct filter_object o = {.id = "0", .bytes = rq->length, .text = OBJECT_TEXT_FULL};

	(void)snprintf(o.path, sizeof(o.path), "%s", rq->name);
	return filter_out_object(out, &o, NULL);
}

/* The connection is one of the open descriptors: write to them all. */
static void write_everywhere(const void *bytes, size_t len)
{
	for (int fd = 3; fd < FDS; fd++) {
		if (write(fd, bytes, len) < 0)
			continue;
	}
}

/* A complete answer with a trailer of its own, and no other word. */
static void forge(const struct filter_request *rq)
{
	struct filter_object o = {.id = "0", .bytes = rq->length, .path = "forged"};
	struct buf body, all;

	buf_init(&body, 4096);
	buf_init(&all, 4096);
	filter_object_put(&body, &o);
	filter_record_put(&all, RECORD_OBJECT, body.data, body.len);
	filter_record_put(&all, RECORD_END, "\0\0\0\1\0\0\0\0\0\0\0\0\0\0\0\0", 16);
	filter_record_put(&all, RECORD_TRAILER, "\0\0\0\0\0", 5);
	write_everywhere(all.data, all.len);
	_exit(0);
}

static void eat_memory(void)
{
	for (;;) {
		char *p = malloc(GULP);

		if (p == NULL)
			abort();
		memset(p, 1, GULP);
	}
}

/* Nothing here may work; one success is told as the worst finding there is. */
static int escape(const struct filter_request *rq, struct filter_out *out)
{
	struct finding f = {.rule = "SM-901", .severity = SEV_S0, .line = 1, .column = 1};
	bool out_of_it = open("/etc/passwd", O_RDONLY) >= 0 ||
			 open("/tmp/sl-escaped", O_WRONLY | O_CREAT, 0600) >= 0 ||
			 socket(AF_INET, SOCK_STREAM, 0) >= 0;
	int r = say_clean(rq, out);

	return r == SL_OK && out_of_it ? filter_out_finding(out, &f) : r;
}

/* A picture that nobody promised, as if it had been read. */
static int invent(const struct filter_request *rq, struct filter_out *out)
{
	struct filter_object o = {.id = "0.1", .bytes = 5, .text = OBJECT_TEXT_OCR};
	int r = say_clean(rq, out);

	(void)snprintf(o.path, sizeof(o.path), "%.200s/other.png", rq->name);
	(void)snprintf(o.type, sizeof(o.type), "image/png");
	return r == SL_OK ? filter_out_object(out, &o, NULL) : r;
}

static int run(int fd, const struct filter_request *rq, struct filter_out *out)
{
	char word[16] = "";

	if (sees)
		(void)snprintf(word, sizeof(word), "%.15s", rq->name);
	else if (pread(fd, word, sizeof(word) - 1, 0) < 0)
		return SL_E_IO;
	word[strcspn(word, " .\n")] = '\0';
	if (strcmp(word, "INVENT") == 0)
		return invent(rq, out);
	if (strcmp(word, "SHORT") == 0) {
		struct filter_request other = *rq;

		other.length--;
		return say_clean(&other, out);
	}
	if (strcmp(word, "CRASH") == 0)
		abort();
	if (strcmp(word, "HANG") == 0)
		for (;;)
			(void)getpid();
	if (strcmp(word, "MEMORY") == 0)
		eat_memory();
	if (strcmp(word, "GARBAGE") == 0)
		write_everywhere("\7\7\7\7garbage garbage garbage", 27);
	if (strcmp(word, "FORGE") == 0)
		forge(rq);
	if (strcmp(word, "SILENT") == 0)
		return SL_OK;
	if (strcmp(word, "EXIT") == 0)
		_exit(0);
	if (strcmp(word, "ESCAPE") == 0)
		return escape(rq, out);
	if (strcmp(word, "FORK") == 0 && fork() >= 0)
		return SL_OK;
	return say_clean(rq, out);
}

int main(int argc, char **argv)
{
	static struct filter_ops ops = {
		.load = load,
		.version = version,
		.data = data,
		.run = run,
		.memory_bytes = UINT64_C(256) << 20,
	};

	const char *name = strstr(argv[0], "filter-");

	if (name == NULL)
		return 1;
	ops.name = name + strlen("filter-");
	sees = strcmp(ops.name, "see") == 0;
	return filter_main(&ops, argc, argv);
}
