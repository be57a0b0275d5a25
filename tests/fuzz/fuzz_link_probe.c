/* fuzz_link_probe.c - probes as a gateway that was taken over could send them, and the table
 * that comes of them, read back.
 *
 * 30 bytes each: session, body of a probe, and two more for how long the datagram is. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "link/probe_advice.h"

enum { RECORD = 30, NOW_MS = 1000 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(struct probe_tally *t, const uint8_t *r)
{
	uint8_t body[PROBE_BODY + UINT16_MAX] = {0};
	struct datagram d = {.kind = DATAGRAM_PROBE, .body = body};

	d.session = (uint32_t)r[0] << 24 | (uint32_t)r[1] << 16 | (uint32_t)r[2] << 8 | r[3];
	memcpy(body, r + 4, PROBE_BODY);
	d.len = PROBE_BODY + ((size_t)r[28] << 8 | r[29]);
	if (d.len <= DATAGRAM_BODY_MAX)
		probe_tally_take(t, &d, NOW_MS);
}

static void read_back(const struct probe_tally *t, int64_t now)
{
	json_t *j = probe_tally_json(t, now);
	struct probe_advice a;
	struct probe_run run;

	if (j == NULL)
		return;
	BUG(probe_run_parse(j, &run) != SL_OK);
	probe_advise(&run, &a);
	BUG(a.loss < 3 || a.loss > 50 || a.interleave < 1 || a.interleave > 4096);
	json_decref(j);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct probe_tally *t = NULL;

	if (probe_tally_new(&t) != SL_OK)
		return 0;
	for (; size >= RECORD; size -= RECORD, data += RECORD)
		take(t, data);
	read_back(t, NOW_MS);
	read_back(t, NOW_MS + PROBE_OVER_MS);
	probe_tally_free(t);
	return 0;
}
