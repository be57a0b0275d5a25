/* fuzz_outlet_url.c - a request path, a Range and an If-None-Match header, a line each. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "outlet/site_path.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = strndup((const char *)data, size), *range, *match;
	char path[SITE_PATH_MAX];
	uint64_t from = 0, len = 0;

	BUG(text == NULL);
	range = strchr(text, '\n');
	if (range != NULL)
		*range++ = '\0';
	match = range == NULL ? NULL : strchr(range, '\n');
	if (match != NULL)
		*match++ = '\0';
	if (site_path_clean(text, path)) {
		BUG(path[0] == '/' || path[0] == '.' || strstr(path, "/.") != NULL ||
		    strstr(path, "//") != NULL);
		(void)site_path_type(path);
		(void)site_path_cache(path);
	}
	if (site_path_range(range, 1000, &from, &len) == SITE_RANGE_OK)
		BUG(len == 0 || from >= 1000 || len > 1000 - from);
	(void)site_path_match(match, "\"abc\"");
	free(text);
	return 0;
}
