/* command.h - one table behind keys, the ':' line, help, scripts and tests.
 *
 * A row: name, two keys (0: none), where it works, whether it signs, what may follow its
 * name on the ':' line (NULL: nothing), how the same is done without the terminal (NULL:
 * only a screen can do it), and help.  A key means one thing in one view and may mean
 * another in another. */
#ifndef SL_REVIEWER_TUI_COMMAND_H
#define SL_REVIEWER_TUI_COMMAND_H

#include <stdbool.h>
#include <stdint.h>

enum command_where { IN_QUEUE = 1, IN_DRAFT = 2, IN_BOTH = 3 };
enum { COMMAND_CTRL_B = 2, COMMAND_CTRL_F = 6, COMMAND_CTRL_L = 12 };

/* clang-format off */
#define COMMANDS(X)                                                                                                    \
	X(UP, "up", 'k', SCREEN_UP, IN_BOTH, false, NULL, NULL, N_("one line up"))                                     \
	X(DOWN, "down", 'j', SCREEN_DOWN, IN_BOTH, false, NULL, NULL, N_("one line down"))                             \
	X(PAGE_UP, "page-up", COMMAND_CTRL_B, SCREEN_PGUP, IN_BOTH, false, NULL, NULL, N_("one page up"))              \
	X(PAGE_DOWN, "page-down", COMMAND_CTRL_F, SCREEN_PGDN, IN_BOTH, false, NULL, NULL, N_("one page down"))        \
	X(READ_ON, "read-on", ' ', 0, IN_DRAFT, false, NULL, NULL, N_("one page down, at its end the next part"))      \
	X(HOME, "top", 'g', SCREEN_HOME, IN_BOTH, false, NULL, NULL, N_("to the top"))                                 \
	X(END, "bottom", 'G', SCREEN_END, IN_BOTH, false, NULL, NULL, N_("to the end"))                                \
	X(SEARCH, "search", '/', 0, IN_BOTH, false, "TEXT", NULL, N_("search; small letters find large ones too"))     \
	X(SEARCH_NEXT, "search-next", 'n', 0, IN_BOTH, false, NULL, NULL, N_("to the next place found"))               \
	X(SEARCH_PREV, "search-previous", 'N', 0, IN_BOTH, false, NULL, NULL, N_("to the place found before"))         \
	X(OPEN, "open", 'l', SCREEN_ENTER, IN_QUEUE, false, "ID", "show ID", N_("open the draft"))                     \
	X(JUMP, "jump", 'l', SCREEN_ENTER, IN_DRAFT, false, NULL, NULL, N_("from a finding to its place"))             \
	X(FILTER, "filter", '&', 0, IN_QUEUE, false, "WORDS", "list --filter WORDS",                                   \
	  N_("show only some: state: unit: rule: type: route: late: age> due< and words of the title"))                      \
	X(SORT, "sort", 's', 0, IN_QUEUE, false, "COLUMN", "list --sort COLUMN", N_("sort by the next column"))        \
	X(REVERSE, "reverse", 'S', 0, IN_QUEUE, false, NULL, "list --reverse", N_("sort the other way round"))         \
	X(MARK, "mark", ' ', 0, IN_QUEUE, false, NULL, NULL, N_("mark the draft, or unmark it"))                       \
	X(MARK_RANGE, "mark-range", 'V', 0, IN_QUEUE, false, NULL, NULL, N_("mark from the last marked draft to here"))\
	X(UNMARK, "unmark-all", 'U', 0, IN_QUEUE, false, NULL, NULL, N_("unmark all"))                                 \
	X(NEXT_PART, "next-part", ']', SCREEN_RIGHT, IN_DRAFT, false, NULL, NULL, N_("next part of the draft"))        \
	X(PREV_PART, "previous-part", '[', SCREEN_LEFT, IN_DRAFT, false, NULL, NULL, N_("previous part of the draft")) \
	X(NEXT_FINDING, "next-finding", '}', 0, IN_DRAFT, false, NULL, NULL, N_("to the next finding in the text"))    \
	X(PREV_FINDING, "previous-finding", '{', 0, IN_DRAFT, false, NULL, NULL, N_("to the finding before"))          \
	X(SUMMARY, "summary", '1', 0, IN_DRAFT, false, NULL, "show ID", N_("the summary"))                             \
	X(FINDINGS, "findings", 'f', 0, IN_DRAFT, false, NULL, "show ID", N_("findings: the rule, why, the law, the fix"))\
	X(PROPERTIES, "properties", 'p', 0, IN_DRAFT, false, NULL, "show ID --json", N_("properties of the files"))    \
	X(HIDDEN, "hidden", 'o', 0, IN_DRAFT, false, NULL, "show ID", N_("comments, tracked changes, hidden content")) \
	X(PAGES, "pages", 'P', 0, IN_DRAFT, false, "PAGE", "get ID --into DIR", N_("pages and pictures as they look; sixel or kitty when named")) \
	X(CHANGES, "changes", 'd', 0, IN_DRAFT, false, NULL, "diff ID", N_("what changed since the last revision"))    \
	X(VOTES, "votes", 'v', 0, IN_DRAFT, false, NULL, "show ID", N_("votes, the route, what is still missing"))     \
	X(AUDIT, "audit", 'A', 0, IN_DRAFT, false, NULL, "audit ID", N_("everything that happened to this draft"))     \
	X(RECHECK, "recheck", 'i', 0, IN_DRAFT, false, "WHAT", "recheck ID", N_("what this machine finds when it inspects again; pictures: those, too")) \
	X(FORM, "form", 'F', 0, IN_DRAFT, false, "FILE", "form ID", N_("the review form; with a name: as .pdf or text into that file"))  \
	X(APPROVE, "approve", 'a', 0, IN_DRAFT, true, NULL, "approve ID", N_("stage: approve exactly these bytes"))    \
	X(RETURN, "return", 'r', 0, IN_BOTH, true, NULL, "return ID", N_("stage: return to the author, with what to change"))\
	X(REFUSE, "refuse", 'x', 0, IN_DRAFT, true, NULL, "refuse ID", N_("stage: refuse, with the reason"))           \
	X(DECIDE_APPEAL, "decide-appeal", 'D', 0, IN_DRAFT, true, NULL, "decide-appeal ID", N_("as director: does a refusal stand"))\
	X(UNDO, "undo", 'u', 0, IN_BOTH, false, NULL, NULL, N_("take back the last staged decision"))                  \
	X(STAGED, "staged", 't', 0, IN_BOTH, false, NULL, NULL, N_("what is staged and not signed yet"))               \
	X(SIGN, "sign", '$', 0, IN_BOTH, true, NULL, "approve ID", N_("sign what is staged"))                          \
	X(GET, "get", 's', 0, IN_DRAFT, false, "DIR", "get ID --into DIR", N_("save the files into a directory"))      \
	X(BACK, "back", 'h', SCREEN_ESCAPE, IN_DRAFT, false, NULL, NULL, N_("back to the queue"))                      \
	X(REFRESH, "refresh", 'R', 0, IN_BOTH, false, NULL, NULL, N_("ask the gateway again"))                         \
	X(REDRAW, "redraw", COMMAND_CTRL_L, 0, IN_BOTH, false, NULL, NULL, N_("draw the screen again"))                \
	X(LOCK, "lock", 'L', 0, IN_BOTH, false, NULL, NULL, N_("clear the screen and wipe the key until you are back"))\
	X(UNIT, "unit", 'W', 0, IN_BOTH, false, "UNIT", "unit list", N_("who is who in the unit, who is away and stands in, what runs out"))\
	X(THEME, "theme", 'T', 0, IN_BOTH, false, "NAME", "--theme NAME", N_("colours: default, light, high-contrast, mono"))    \
	X(COMMAND, "command", ':', 0, IN_BOTH, false, NULL, NULL, N_("type a command by name"))                        \
	X(HELP, "help", '?', 0, IN_BOTH, false, NULL, "--help", N_("this help"))                                       \
	X(QUIT, "quit", 'q', 0, IN_BOTH, false, NULL, NULL, N_("quit"))
/* clang-format on */

#define COMMAND_ENUM(id, ...) COMMAND_##id,
enum command { COMMANDS(COMMAND_ENUM) COMMAND_COUNT };
#undef COMMAND_ENUM

struct command_row {
	const char *name;
	uint32_t key, second;
	enum command_where where;
	bool signs;
	const char *arg, *cli, *help;
};
extern const struct command_row command_table[COMMAND_COUNT];
/* Command of a key in this view; COMMAND_COUNT when there is none. */
enum command command_of_key(uint32_t key, enum command_where view);
/* Command of a typed name. */
enum command command_of_name(const char *name);
/* Split a typed line: the command, and what follows its name ("" when nothing does). */
enum command command_parse(const char *line, const char **ret_arg);

#endif
