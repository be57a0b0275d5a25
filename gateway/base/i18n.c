/* i18n.c - find the message catalogue beside the program or where it was installed. */
#include "base/i18n.h"

#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/catalogue.h"

#ifndef SL_LOCALEDIR
#define SL_LOCALEDIR "/usr/local/share/locale"
#endif

/* Set once in i18n_init and i18n_learn, before any thread exists. */
static int chinese;
static char folder[PATH_MAX];
static struct catalogue *learnt;
static _Thread_local enum i18n_lang spoken;

/* "DIR/bin/sluice" or "DIR/libexec/sluice/x" -> "DIR/share/locale" when that exists. */
static int beside_program(char *out, size_t cap)
{
	char exe[PATH_MAX];
	struct stat st;
	ssize_t n = readlink("/proc/self/exe", exe, sizeof(exe) - 1);

	if (n <= 0)
		return 0;
	exe[n] = '\0';
	for (int up = 0; up < 3; up++) {
		char *slash = strrchr(exe, '/');
		int len;

		if (slash == NULL)
			return 0;
		*slash = '\0';
		len = snprintf(out, cap, "%s/share/locale", exe);
		if (len > 0 && (size_t)len < cap && stat(out, &st) == 0 && S_ISDIR(st.st_mode))
			return 1;
	}
	return 0;
}

void i18n_init(void)
{
	const char *name;

	/* A C locale still carries UTF-8 bytes through; only messages change. */
	if (setlocale(LC_ALL, "") == NULL || strcmp(setlocale(LC_CTYPE, NULL), "C") == 0)
		(void)setlocale(LC_CTYPE, "C.UTF-8");
	(void)setlocale(LC_NUMERIC, "C");
	name = setlocale(LC_MESSAGES, NULL);
	chinese = name != NULL && strncmp(name, "zh", 2) == 0;
	if (!beside_program(folder, sizeof(folder)))
		(void)snprintf(folder, sizeof(folder), "%s", SL_LOCALEDIR);
	(void)bindtextdomain("sluice", folder);
	(void)bind_textdomain_codeset("sluice", "UTF-8");
	(void)textdomain("sluice");
	/* gettext opens the catalogue at its first message; a sandbox may forbid that later. */
	(void)gettext("Commands:");
}

bool i18n_learn(void)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/zh_CN/LC_MESSAGES/sluice.mo", folder);

	return n > 0 && (size_t)n < sizeof(path) && catalogue_open(path, &learnt) == SL_OK;
}

void i18n_speak(enum i18n_lang lang)
{
	spoken = lang;
}

const char *i18n_text(const char *text)
{
	const char *other = NULL;

	if (text[0] == '\0') /* the head of a catalogue */
		return text;
	if (spoken == I18N_OWN)
		return gettext(text);
	if (spoken == I18N_ZH && learnt != NULL)
		other = catalogue_find(learnt, text);
	return other != NULL ? other : text;
}

int i18n_is_zh(void)
{
	return spoken == I18N_OWN ? chinese : spoken == I18N_ZH;
}
