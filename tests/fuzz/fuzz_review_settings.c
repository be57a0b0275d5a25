/* A person's own settings file: whatever stands in it, names and words stay bounded, and what
 * was understood is understood again. */
#include <string.h>

#include "tui/settings.h"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static struct settings s, copy; /* 14 KiB each */

	settings_parse(&s, (const char *)data, size);
	BUG(s.n > SETTINGS_FILTERS_MAX || memchr(s.theme, '\0', sizeof(s.theme)) == NULL);
	memset(&copy, 0, sizeof(copy));
	for (unsigned i = 0; i < s.n; i++) {
		BUG(s.filter[i].name[0] == '\0' || s.filter[i].words[0] == '\0');
		BUG(settings_set_filter(&copy, s.filter[i].name, s.filter[i].words) != SL_OK);
		BUG(strcmp(settings_filter(&copy, s.filter[i].name), s.filter[i].words) != 0);
	}
	BUG(copy.n != s.n);
	return 0;
}
