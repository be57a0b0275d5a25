/* Transcripts of ceremonies: nothing that is accepted leaves the repository it is about. */
#include <string.h>

#include "crypto/hash.h"
#include "trust/transcript.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *j = NULL;
	const json_t *f;
	size_t i;

	if (crypto_start() != SL_OK || transcript_parse(data, size, &j, NULL) != SL_OK)
		return 0;
	json_array_foreach(json_arr(j, "files"), i, f)
	{
		const char *path = json_str(f, "path");

		BUG(path[0] == '/' || strstr(path, "..") == path ||
		    strstr(path, "/../") != NULL);
	}
	json_decref(j);
	return 0;
}
