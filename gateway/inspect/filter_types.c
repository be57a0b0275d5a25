/* filter_types.c - media types by the filter that looks at them. */
#include "inspect/filter_types.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

static bool is_one_of(const char *type, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcasecmp(type, *list) == 0)
			return true;
	return false;
}

static bool begins(const char *type, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strncasecmp(type, *list, strlen(*list)) == 0)
			return true;
	return false;
}

bool filter_type_is_office(const char *type)
{
	static const char *const types[] = {"application/msword", "application/vnd.ms-excel",
					    "application/vnd.ms-powerpoint", NULL};

	return is_one_of(type, types);
}

bool filter_type_is_picture(const char *type)
{
	return strncasecmp(type, "image/", 6) == 0;
}

bool filter_type_is_seen(const char *type)
{
	return filter_type_is_picture(type) || strcasecmp(type, "application/pdf") == 0;
}

bool filter_type_is_package(const char *type)
{
	static const char *const families[] = {"application/vnd.openxmlformats-officedocument.",
					       "application/vnd.oasis.opendocument.",
					       "application/vnd.ms-word.",
					       "application/vnd.ms-excel.",
					       "application/vnd.ms-powerpoint.",
					       "application/ofd",
					       NULL};

	return begins(type, families);
}

bool filter_type_is_cleaned(const char *type)
{
	static const char *const families[] = {"application/vnd.openxmlformats-officedocument.",
					       "application/vnd.oasis.opendocument.", NULL};
	static const char *const types[] = {"application/pdf", "text/plain",	   "text/html",
					    "text/csv",	       "application/json", NULL};

	return begins(type, families) || is_one_of(type, types) ||
	       filter_type_is_cleaned_picture(type);
}

bool filter_type_is_cleaned_picture(const char *type)
{
	static const char *const types[] = {"image/jpeg", "image/png", "image/gif",
					    "image/webp", "image/bmp", "image/tiff",
					    NULL};

	return is_one_of(type, types);
}
