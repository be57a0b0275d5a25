/* match.c - sluice-filter-match: the rules of the house over the extracted text.
 *
 * Hostile: the segments, written by a process that had parsed the document; they
 * are checked field by field before the first rule sees them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/text.h"
#include "inspect/filter.h"
#include "policy/policy.h"

enum { CHANNELS_MAX = 16 };

static struct policy *policy;
static char data_text[POLICY_NAME];

static int match_load(int argc, char **argv, struct sl_why *why)
{
	const char *dir = filter_option(argc, argv, "policies");
	int r;

	if (dir == NULL)
		return why_set(why, SL_E_USAGE, "--policies DIR is needed");
	r = policy_load(dir, &policy, why);
	if (r != SL_OK)
		return r;
	policy_name(policy, data_text);
	return SL_OK;
}

static const char *match_version(void)
{
	return SL_VERSION;
}
static const char *match_data(void)
{
	return data_text;
}

static int parse_segments(const uint8_t *p, size_t len, struct segment **ret_s, unsigned *ret_n)
{
	struct segment *all = NULL;
	unsigned n = 0, cap = 0;
	struct cur c;

	cur_init(&c, p, len);
	while (cur_left(&c) > 0) {
		int r;

		if (n == cap) {
			struct segment *grown;

			cap = cap == 0 ? 64 : cap * 2;
			grown = n >= SEGMENT_COUNT_MAX ? NULL
						       : reallocarray(all, cap, sizeof(*all));
			if (grown == NULL) {
				free(all);
				return SL_E_LIMIT;
			}
			all = grown;
		}
		r = segment_get(&c, &all[n]);
		if (r != SL_OK) {
			free(all);
			return r;
		}
		n++;
	}
	*ret_s = all;
	*ret_n = n;
	return SL_OK;
}

struct context {
	struct scan_context scan;
	char channels[256];
	const char *channel[CHANNELS_MAX + 1];
	struct scan_record record;
};

static void fill_context(const struct filter_request *rq, struct context *c)
{
	char *save = NULL;
	unsigned n = 0;

	memset(c, 0, sizeof(*c));
	(void)snprintf(c->channels, sizeof(c->channels), "%s", rq->channels);
	for (char *p = strtok_r(c->channels, ",", &save); p != NULL && n < CHANNELS_MAX;
	     p = strtok_r(NULL, ",", &save))
		c->channel[n++] = p;
	c->scan = (struct scan_context){
		.content_type = rq->content_type[0] != '\0' ? rq->content_type : NULL,
		.column = rq->column[0] != '\0' ? rq->column : NULL,
		.channels = n > 0 ? c->channel : NULL,
		.disclosure = rq->disclosure[0] != '\0' ? rq->disclosure : NULL,
		.offline = rq->offline,
		.today = rq->today,
		.record = rq->has_record ? &c->record : NULL,
	};
	c->record = (struct scan_record){
		.given = rq->given,
		.source_type = rq->source_type[0] != '\0' ? rq->source_type : NULL,
		.question = rq->question[0] != '\0' ? rq->question : NULL,
		.category = rq->category[0] != '\0' ? rq->category : NULL,
		.received = rq->received,
		.due = rq->due,
		.bytes = rq->bytes,
		.picture = rq->picture,
		.first = rq->first,
	};
}

static int scan(const struct filter_request *rq, const uint8_t *p, size_t len,
		struct filter_out *out)
{
	struct segment *segments = NULL;
	struct finding *found = NULL;
	unsigned n = 0, n_found = 0;
	bool overflow = false;
	struct context context;
	char count[16];
	int r = parse_segments(p, len, &segments, &n);

	if (r != SL_OK)
		goto out;
	fill_context(rq, &context);
	r = policy_scan(policy, &context.scan, segments, n, &found, &n_found, &overflow);
	for (unsigned i = 0; r == SL_OK && i < n_found; i++)
		r = filter_out_finding(out, &found[i]);
	(void)snprintf(count, sizeof(count), "%u", n);
	if (r == SL_OK)
		r = filter_out_fact(out, "segments", count);
	if (r == SL_OK && overflow)
		r = filter_out_fact(out, "overflow", "1");
out:
	free(segments);
	free(found);
	return r;
}

static int match_run(int fd, const struct filter_request *rq, struct filter_out *out)
{
	size_t len = (size_t)rq->length;
	void *p;
	int r;

	if (len == 0)
		return scan(rq, (const uint8_t *)"", 0, out);
	p = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return SL_E_IO;
	r = scan(rq, p, len, out);
	(void)munmap(p, len);
	return r;
}

int main(int argc, char **argv)
{
	static const struct filter_ops ops = {
		.name = "match",
		.load = match_load,
		.version = match_version,
		.data = match_data,
		.run = match_run,
		.memory_bytes = UINT64_C(3) << 30,
		.least_bytes = FILTER_REPLY_MAX, /* text may be longer than its file */
	};

	return filter_main(&ops, argc, argv);
}
