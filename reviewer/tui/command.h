/* command.h - one table behind keys, the ':' line and help. */
#ifndef SL_REVIEWER_TUI_COMMAND_H
#define SL_REVIEWER_TUI_COMMAND_H

#include <stdint.h>

/*            id        name        key   second key     help */
#define COMMANDS(X)                                                                            \
	X(UP, "up", 'k', SCREEN_UP, N_("one line up"))                                         \
	X(DOWN, "down", 'j', SCREEN_DOWN, N_("one line down"))                                 \
	X(PAGE_UP, "page-up", 2, SCREEN_PGUP, N_("one page up"))                               \
	X(PAGE_DOWN, "page-down", ' ', SCREEN_PGDN, N_("one page down"))                       \
	X(HOME, "top", 'g', SCREEN_HOME, N_("to the top"))                                     \
	X(END, "bottom", 'G', SCREEN_END, N_("to the end"))                                    \
	X(OPEN, "open", 'l', SCREEN_ENTER, N_("open the draft"))                               \
	X(BACK, "back", 'h', SCREEN_ESCAPE, N_("back to the queue"))                           \
	X(NEXT_PART, "next-part", ']', SCREEN_RIGHT, N_("next part of the draft"))             \
	X(PREV_PART, "previous-part", '[', SCREEN_LEFT, N_("previous part of the draft"))      \
	X(NEXT_FINDING, "next-finding", 'n', 0, N_("to the next finding in the text"))         \
	X(PREV_FINDING, "previous-finding", 'N', 0, N_("to the finding before"))               \
	X(APPROVE, "approve", 'a', 0, N_("approve: sign exactly these bytes"))                 \
	X(RETURN, "return", 'r', 0, N_("return to the author, with what to change"))           \
	X(REFUSE, "refuse", 'x', 0, N_("refuse, with the reason"))                             \
	X(GET, "get", 's', 0, N_("save the files into a directory"))                           \
	X(REFRESH, "refresh", 'R', 0, N_("ask the gateway again"))                             \
	X(COMMAND, "command", ':', 0, N_("type a command by name"))                            \
	X(HELP, "help", '?', 0, N_("this help"))                                               \
	X(QUIT, "quit", 'q', 0, N_("quit"))

#define COMMAND_ENUM(id, name, key, second, help) COMMAND_##id,
enum command { COMMANDS(COMMAND_ENUM) COMMAND_COUNT };
#undef COMMAND_ENUM

struct command_row {
	const char *name;
	uint32_t key, second;
	const char *help;
};
extern const struct command_row command_table[COMMAND_COUNT];
/* Command of a key or a typed name; COMMAND_COUNT when there is none. */
enum command command_of_key(uint32_t key);
enum command command_of_name(const char *name);

#endif
