/* filter_args.c - the command line that all filter programs share.
 *
 * Written by our own starter, never by a person; anything unknown is refused so
 * that a misspelt limit cannot be silently absent. */
#include "inspect/filter_args.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "sandbox/sandbox.h"

static const struct {
	const char *name;
	bool flag;
} known[] = {
	{"socket", false},   {"bytes", false},	  {"seconds", false}, {"optional", false},
	{"policies", false}, {"database", false}, {"max-age", false}, {"demo", true},
	{"turn", false},     {"office", false},
};

enum { SECONDS_MAX = 3600, LAYERS_MAX = 16 };
static const uint64_t BYTES_MAX = UINT64_C(1) << 30;

const char *filter_option(int argc, char **argv, const char *name)
{
	for (int i = 1; i + 1 < argc; i++) {
		if (strncmp(argv[i], "--", 2) == 0 && strcmp(argv[i] + 2, name) == 0)
			return argv[i + 1];
	}
	return NULL;
}

bool filter_flag(int argc, char **argv, const char *name)
{
	for (int i = 1; i < argc; i++) {
		if (strncmp(argv[i], "--", 2) == 0 && strcmp(argv[i] + 2, name) == 0)
			return true;
	}
	return false;
}

static int check_names(int argc, char **argv, struct sl_why *why)
{
	for (int i = 1; i < argc; i++) {
		unsigned k = 0;

		while (k < sizeof(known) / sizeof(known[0]) &&
		       (strncmp(argv[i], "--", 2) != 0 ||
			strcmp(argv[i] + 2, known[k].name) != 0))
			k++;
		if (k == sizeof(known) / sizeof(known[0]))
			return why_set(why, SL_E_USAGE, "unknown option %s", argv[i]);
		if (!known[k].flag && ++i == argc)
			return why_set(why, SL_E_USAGE, "%s needs a value", argv[i - 1]);
	}
	return SL_OK;
}

static int number(int argc, char **argv, const char *name, uint64_t max, uint64_t *ret_v,
		  struct sl_why *why)
{
	const char *text = filter_option(argc, argv, name);

	if (text == NULL || !text_to_u64(text, strlen(text), max, ret_v) || *ret_v == 0)
		return why_set(why, SL_E_USAGE, "--%s N is needed, at most %llu", name,
			       (unsigned long long)max);
	return SL_OK;
}

/* "namespaces,landlock" into bits. */
static int layers(const char *text, unsigned *ret_layers, struct sl_why *why)
{
	char copy[256], *item[LAYERS_MAX], *save = NULL;
	struct config_list list = {.item = item};

	if (strlen(text) >= sizeof(copy))
		return why_set(why, SL_E_USAGE, "--optional is too long");
	(void)snprintf(copy, sizeof(copy), "%s", text);
	for (char *p = strtok_r(copy, ",", &save); p != NULL; p = strtok_r(NULL, ",", &save)) {
		if (list.n == LAYERS_MAX)
			return why_set(why, SL_E_USAGE, "--optional has too many names");
		item[list.n++] = p;
	}
	return sandbox_optional(&list, ret_layers, why);
}

int filter_args_parse(int argc, char **argv, struct filter_args *ret_a, struct sl_why *why)
{
	struct filter_args a = {.socket = filter_option(argc, argv, "socket")};
	const char *optional = filter_option(argc, argv, "optional");
	const char *turn = filter_option(argc, argv, "turn");
	const char *slash;
	uint64_t seconds = 0, turns = 0;
	int r = check_names(argc, argv, why);

	if (r != SL_OK)
		return r;
	slash = a.socket != NULL ? strrchr(a.socket, '/') : NULL;
	if (slash == NULL || slash[1] == '\0' || strlen(a.socket) >= sizeof(a.dir))
		return why_set(why, SL_E_USAGE,
			       "--socket DIR/NAME.sock is needed, at most %zu bytes: choose a "
			       "shorter directory",
			       sizeof(a.dir));
	(void)snprintf(a.dir, sizeof(a.dir), "%.*s", (int)(slash - a.socket), a.socket);
	r = number(argc, argv, "bytes", BYTES_MAX, &a.bytes, why);
	if (r == SL_OK)
		r = number(argc, argv, "seconds", SECONDS_MAX, &seconds, why);
	if (r == SL_OK && optional != NULL)
		r = layers(optional, &a.optional, why);
	if (r == SL_OK && turn != NULL && !text_to_u64(turn, strlen(turn), 1, &turns))
		r = why_set(why, SL_E_USAGE, "--turn is 0 or 1");
	if (r != SL_OK)
		return r;
	a.seconds = (uint32_t)seconds;
	a.turn = (unsigned)turns;
	*ret_a = a;
	return SL_OK;
}
