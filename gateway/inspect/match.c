/* match.c - sluice-filter-match: the rule packs over text that the extract filter found.
 *
 * The "document" is a sealed memory file of segment_put records.  Its text is
 * hostile, its records are checked as if they were. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/text.h"
#include "inspect/filter.h"
#include "policy/policy.h"

enum { CHANNELS_MAX = 16 };

static struct policy *policy;
static char rules[80];

static const char *version(void) { return "sluice-match " SL_VERSION; }
static const char *data(void) { return rules; }

static int load(int argc, char **argv, struct sl_why *why)
{
	const char *dir = filter_option(argc, argv, "policies");
	char hex[65];
	int r;

	if (dir == NULL)
		return why_set(why, SL_E_USAGE, "--policies DIR is needed");
	r = policy_load(dir, &policy, why);
	if (r != SL_OK)
		return r;
	text_hex(policy_digest(policy), 32, hex);
	(void)snprintf(rules, sizeof(rules), "rules %u %.16s", policy_version(policy), hex);
	return SL_OK;
}

/* Records to an array whose texts point into `bytes`. */
static int parse(const uint8_t *bytes, size_t len, struct segment **ret_s, unsigned *ret_n)
{
	struct segment *s = NULL;
	unsigned n = 0, cap = 0;
	struct cur c;
	int r = SL_OK;

	cur_init(&c, bytes, len);
	while (r == SL_OK && cur_left(&c) > 0) {
		if (n == SEGMENT_COUNT_MAX) {
			r = SL_E_LIMIT;
			break;
		}
		if (n == cap) {
			struct segment *grown = realloc(s, (cap = cap * 2 + 64) * sizeof(*s));

			if (grown == NULL) {
				r = SL_E_NOMEM;
				break;
			}
			s = grown;
		}
		r = segment_get(&c, &s[n++]);
	}
	if (r != SL_OK) {
		free(s);
		return r;
	}
	*ret_s = s;
	*ret_n = n;
	return SL_OK;
}

/* "a,b,c" cut in place. */
static void split_channels(char *list, const char *channels[CHANNELS_MAX + 1])
{
	unsigned n = 0;

	for (char *p = list; *p != '\0' && n < CHANNELS_MAX;) {
		size_t len = strcspn(p, ",");

		channels[n++] = p;
		if (p[len] == '\0')
			break;
		p[len] = '\0';
		p += len + 1;
	}
	channels[n] = NULL;
}

static int report(struct filter_out *out, const struct finding *f, unsigned n, bool overflow)
{
	struct filter_object o = {.id = "0", .path = "text", .state = OBJECT_INSPECTED};
	uint32_t index;
	int r;

	if (overflow) {
		o.state = OBJECT_FAILED;
		(void)snprintf(o.reason, sizeof(o.reason), "too-many-findings");
	}
	r = filter_out_object(out, &o, &index);
	for (unsigned i = 0; r == SL_OK && i < n; i++)
		r = filter_out_finding(out, &f[i]);
	return r;
}

static int run(int fd, const struct filter_request *rq, struct filter_out *out)
{
	char list[sizeof(rq->channels)];
	const char *channels[CHANNELS_MAX + 1];
	struct scan_context ctx = {
		.content_type = rq->content_type[0] != '\0' ? rq->content_type : NULL,
		.column = rq->column[0] != '\0' ? rq->column : NULL,
		.channels = channels,
		.disclosure = rq->disclosure[0] != '\0' ? rq->disclosure : NULL,
		.offline = rq->offline,
		.today = rq->today,
	};
	struct segment *segments = NULL;
	struct finding *findings = NULL;
	unsigned n_segments = 0, n_findings = 0;
	bool overflow = false;
	void *bytes = MAP_FAILED;
	int r = SL_OK;

	memcpy(list, rq->channels, sizeof(list));
	split_channels(list, channels);
	if (rq->length > 0) {
		bytes = mmap(NULL, rq->length, PROT_READ, MAP_PRIVATE, fd, 0);
		if (bytes == MAP_FAILED)
			return SL_E_NOMEM;
		r = parse(bytes, rq->length, &segments, &n_segments);
	}
	if (r == SL_OK)
		r = policy_scan(policy, &ctx, segments, n_segments, &findings, &n_findings, &overflow);
	if (r == SL_OK)
		r = report(out, findings, n_findings, overflow);
	free(findings);
	free(segments);
	if (bytes != MAP_FAILED)
		(void)munmap(bytes, rq->length);
	return r;
}

int main(int argc, char **argv)
{
	static const struct filter_ops ops = {
		.name = "match",
		.load = load,
		.version = version,
		.data = data,
		.run = run,
		.memory_bytes = UINT64_C(2) << 30,
	};

	return filter_main(&ops, argc, argv);
}
