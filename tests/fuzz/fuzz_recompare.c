/* fuzz_recompare.c - a gateway's report against a machine's own: two lines of JSON, neither
 * of which is believed. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "crypto/hash.h"
#include "recheck.h"
#include "recompare.h"

enum { INPUT_MAX = 256 << 10 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	const uint8_t *end = len > 0 ? memchr(data, '\n', len) : NULL;
	size_t first = end != NULL ? (size_t)(end - data) : len;
	json_t *theirs = NULL, *mine = NULL, *result;
	char line[RECHECK_LINE];
	struct recompare c;

	if (crypto_start() != SL_OK || recompare_init(&c) != SL_OK)
		abort();
	if (json_parse(data, first, INPUT_MAX, &theirs) == SL_OK && end != NULL &&
	    json_parse(end + 1, len - first - 1, INPUT_MAX, &mine) == SL_OK) {
		if (recompare_draft(&c, theirs, 1) != SL_OK ||
		    recompare_file(&c, "f", theirs, mine, false) != SL_OK ||
		    recompare_newer(&c, "f", theirs, mine, false) != SL_OK)
			abort();
		result = json_pack("{s:s,s:O}", "state", "differs", "differences",
				   c.differences);
		recheck_line(result, line);
		if (memchr(line, '\0', sizeof(line)) == NULL)
			abort();
		json_decref(result);
	}
	json_decref(theirs);
	json_decref(mine);
	recompare_release(&c);
	return 0;
}
