/* filter_environment.c - one program start more, so that every start is the same. */
#include "inspect/filter_environment.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const kept[] = {"LANG",	    "LC_ALL",	    "ASAN_OPTIONS",
				   "UBSAN_OPTIONS", "TSAN_OPTIONS", "SLUICE_FIXED_TIME"};

static const struct {
	const char *name, *value;
} own[] = {
	/* Every library is bound at the start and not by each child anew; it also leaves no
	 * table of addresses that could still be written. */
	{"LD_BIND_NOW", "1"},
	/* Parsers make and free small pieces by the hundred thousand: the allocator keeps
	 * more than 7 of a size at hand. */
	{"GLIBC_TUNABLES", "glibc.malloc.tcache_count=65535"},
	/* A core is for a document: Tesseract starts no thread for each. */
	{"OMP_THREAD_LIMIT", "1"},
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static bool is_set(void)
{
	for (size_t i = 0; i < COUNT(own); i++) {
		const char *value = getenv(own[i].name);

		if (value == NULL || strcmp(value, own[i].value) != 0)
			return false;
	}
	return true;
}

int filter_environment(char **argv, struct sl_why *why)
{
	char text[COUNT(kept) + COUNT(own)][256];
	char *environment[COUNT(kept) + COUNT(own) + 1];
	size_t n = 0;

	if (is_set())
		return SL_OK;
	for (size_t i = 0; i < COUNT(kept); i++) {
		const char *value = getenv(kept[i]);

		if (value == NULL)
			continue;
		if (snprintf(text[n], sizeof(text[n]), "%s=%s", kept[i], value) >=
		    (int)sizeof(text[n]))
			return why_set(why, SL_E_LIMIT, "%s: too long", kept[i]);
		environment[n] = text[n];
		n++;
	}
	for (size_t i = 0; i < COUNT(own); i++, n++) {
		(void)snprintf(text[n], sizeof(text[n]), "%s=%s", own[i].name, own[i].value);
		environment[n] = text[n];
	}
	environment[n] = NULL;
	(void)execve(argv[0], argv, environment);
	return why_set(why, sl_err_errno(errno), "%s: %s", argv[0], strerror(errno));
}
