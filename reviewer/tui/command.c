/* command.c - the table itself. */
#include "tui/command.h"

#include <string.h>

#include "base/i18n.h"
#include "tui/screen.h"

#define COMMAND_ROW(id, name, key, second, help) {name, key, second, help},
const struct command_row command_table[COMMAND_COUNT] = {COMMANDS(COMMAND_ROW)};
#undef COMMAND_ROW

enum command command_of_key(uint32_t key)
{
	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (key != 0 && (command_table[i].key == key || command_table[i].second == key))
			return (enum command)i;
	}
	return COMMAND_COUNT;
}

enum command command_of_name(const char *name)
{
	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(command_table[i].name, name) == 0)
			return (enum command)i;
	}
	return COMMAND_COUNT;
}
