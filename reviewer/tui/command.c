/* command.c - the table itself. */
#include "tui/command.h"

#include <string.h>

#include "base/i18n.h"
#include "tui/screen.h"

#define COMMAND_ROW(id, name, key, second, where, signs, arg, cli, help)                       \
	{name, key, second, where, signs, arg, cli, help},
const struct command_row command_table[COMMAND_COUNT] = {COMMANDS(COMMAND_ROW)};
#undef COMMAND_ROW

enum command command_of_key(uint32_t key, enum command_where view)
{
	for (int i = 0; i < COMMAND_COUNT; i++) {
		const struct command_row *c = &command_table[i];

		if (key != 0 && (c->where & view) != 0 && (c->key == key || c->second == key))
			return (enum command)i;
	}
	return COMMAND_COUNT;
}

static enum command find(const char *name, size_t len)
{
	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (strlen(command_table[i].name) == len &&
		    memcmp(command_table[i].name, name, len) == 0)
			return (enum command)i;
	}
	return COMMAND_COUNT;
}

enum command command_of_name(const char *name)
{
	return find(name, strlen(name));
}

enum command command_parse(const char *line, const char **ret_arg)
{
	size_t len;

	line += strspn(line, " ");
	len = strcspn(line, " ");
	*ret_arg = line + len + strspn(line + len, " ");
	return find(line, len);
}
