/* act_form.c - the review form on the screen, and into a file that the person names. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/i18n.h"
#include "form/form_command.h"
#include "tui/dialog.h"
#include "tui/screen.h"
#include "tui/state.h"

enum { PATH_CAP = 4096 };

/* "~/x" is below the person's home, as in a shell. */
static bool path_of(const char *typed, char out[PATH_CAP])
{
	const char *home = getenv("HOME");
	int n = strncmp(typed, "~/", 2) == 0 && home != NULL
			? snprintf(out, PATH_CAP, "%s/%s", home, typed + 2)
			: snprintf(out, PATH_CAP, "%s", typed);

	return n > 0 && n < PATH_CAP;
}

/* Nothing is written over without a word. */
static bool may_write(struct tui *t, const char *path)
{
	char prompt[500], typed[8];
	struct stat st;

	if (lstat(path, &st) != 0)
		return true;
	if (!S_ISREG(st.st_mode)) {
		tui_say(t, true, _("That is no file: name one that ends in .pdf or .txt."));
		return false;
	}
	(void)snprintf(prompt, sizeof(prompt),
		       _("%.300s is there already; type y to write over it"), path);
	if (dialog_ask(prompt, typed, sizeof(typed)) && strcmp(typed, "y") == 0)
		return true;
	tui_say(t, false, _("Nothing was written."));
	return false;
}

static void save(struct tui *t, const char *typed)
{
	struct reader *r = &t->reader;
	char path[PATH_CAP], line[640], *whole;
	struct sl_why why = {""};
	int e;

	if (!path_of(typed, path)) {
		tui_say(t, true, _("That name is too long."));
		return;
	}
	if (!may_write(t, path))
		return;
	/* Paper takes a second or more. */
	tui_say(t, false, _("The form is being written …"));
	tui_draw(t);
	e = form_command_write(r->form, r->form_english ? FORM_EN : FORM_ZH, path, &why);
	/* What draws paper may have complained on the terminal itself. */
	screen_redraw();
	if (e != SL_OK) {
		tui_complain(t, e, &why);
		return;
	}
	whole = realpath(path, NULL);
	(void)snprintf(line, sizeof(line), _("The form is in %.500s"),
		       whole != NULL ? whole : path);
	free(whole);
	tui_say(t, false, line);
}

/* "en" or "zh" before the name of a file, as a word of its own. */
static const char *take_language(const char *arg, bool *ret_english)
{
	*ret_english = strncmp(arg, "en", 2) == 0 && (arg[2] == '\0' || arg[2] == ' ');
	if (!*ret_english && (strncmp(arg, "zh", 2) != 0 || (arg[2] != '\0' && arg[2] != ' ')))
		return arg;
	return arg + 2 + strspn(arg + 2, " ");
}

void act_form(struct tui *t, const char *arg)
{
	struct reader *r = &t->reader;
	const char *file = take_language(arg, &r->form_english);
	struct sl_why why = {""};
	int e = reader_show(r, PANEL_FORM, r->part, tui_body(t), t->cols, &why);

	if (e != SL_OK)
		tui_complain(t, e, &why);
	else if (file[0] != '\0')
		save(t, file);
	else
		tui_say(t, false,
			_(":form NAME.pdf writes it to print and archive, :form NAME.txt as "
			  "text; :form en is in English."));
}
