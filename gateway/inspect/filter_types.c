/* filter_types.c - media types by the filter that looks at them. */
#include "inspect/filter_types.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

bool filter_type_is_office(const char *type)
{
	static const char *const types[] = {"application/msword", "application/vnd.ms-excel",
					    "application/vnd.ms-powerpoint"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcasecmp(type, types[i]) == 0)
			return true;
	return false;
}

bool filter_type_is_seen(const char *type)
{
	return strncasecmp(type, "image/", 6) == 0 || strcasecmp(type, "application/pdf") == 0;
}

bool filter_type_is_package(const char *type)
{
	static const char *const families[] = {"application/vnd.openxmlformats-officedocument.",
					       "application/vnd.oasis.opendocument.",
					       "application/vnd.ms-word.",
					       "application/vnd.ms-excel.",
					       "application/vnd.ms-powerpoint.",
					       "application/ofd"};

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (strncasecmp(type, families[i], strlen(families[i])) == 0)
			return true;
	return false;
}
