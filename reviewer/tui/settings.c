/* settings.c - a few lines in the person's own file. */
#include "tui/settings.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

enum { FILE_MAX = 64 << 10, PATH_CAP = 4096 };
static const char file_name[] = "review.settings";

static bool folder(char out[PATH_CAP])
{
	const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");

	if (base != NULL && base[0] == '/')
		return file_join(out, PATH_CAP, base, "sluice") == SL_OK;
	return home != NULL && file_join(out, PATH_CAP, home, ".config/sluice") == SL_OK;
}

static bool good_name(const char *name, size_t len)
{
	if (len == 0 || len >= SETTINGS_NAME || !text_is_utf8(name, len))
		return false;
	for (size_t i = 0; i < len; i++) {
		if ((unsigned char)name[i] <= ' ' || name[i] == 127 || name[i] == ':' ||
		    name[i] == '<' || name[i] == '>')
			return false;
	}
	return true;
}

static void take_line(struct settings *s, const char *line, size_t len)
{
	char text[SETTINGS_NAME + SETTINGS_WORDS + 16], *name, *words;

	if (len >= sizeof(text) || memchr(line, '\0', len) != NULL || !text_is_utf8(line, len))
		return;
	memcpy(text, line, len);
	text[len] = '\0';
	if (strncmp(text, "theme ", 6) == 0 && good_name(text + 6, len - 6)) {
		memcpy(s->theme, text + 6, len - 5);
		return;
	}
	if (strncmp(text, "filter ", 7) != 0)
		return;
	name = text + 7;
	words = strchr(name, ' ');
	if (words == NULL)
		return;
	*words++ = '\0';
	if (settings_set_filter(s, name, words) != SL_OK)
		return; /* not one of ours */
}

void settings_parse(struct settings *s, const char *bytes, size_t len)
{
	const char *end = bytes + len, *line;
	size_t n;

	memset(s, 0, sizeof(*s));
	while (text_next_line(&bytes, end, &line, &n))
		take_line(s, line, n);
}

void settings_load(struct settings *s)
{
	char dir[PATH_CAP], path[PATH_CAP];
	struct buf b;

	memset(s, 0, sizeof(*s));
	buf_init(&b, FILE_MAX);
	if (folder(dir) && file_join(path, sizeof(path), dir, file_name) == SL_OK &&
	    file_read(AT_FDCWD, path, FILE_MAX, &b) == SL_OK && b.len > 0)
		settings_parse(s, buf_str(&b), b.len);
	buf_release(&b);
}

int settings_save(const struct settings *s)
{
	char dir[PATH_CAP];
	struct buf b;
	int fd, r;

	if (!folder(dir))
		return SL_E_NOTFOUND;
	r = file_mkdirs(dir, 0700);
	fd = r == SL_OK ? file_open_dir(AT_FDCWD, dir) : r;
	if (fd < 0)
		return fd;
	buf_init(&b, FILE_MAX);
	if (s->theme[0] != '\0')
		buf_putf(&b, "theme %s\n", s->theme);
	for (unsigned i = 0; i < s->n; i++)
		buf_putf(&b, "filter %s %s\n", s->filter[i].name, s->filter[i].words);
	r = buf_error(&b);
	if (r == SL_OK)
		r = file_write_durable(fd, file_name, b.data, b.len, 0600);
	buf_release(&b);
	file_close(fd);
	return r;
}

static int find(const struct settings *s, const char *name)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (strcmp(s->filter[i].name, name) == 0)
			return (int)i;
	}
	return -1;
}

const char *settings_filter(const struct settings *s, const char *name)
{
	int i = find(s, name);

	return i < 0 ? NULL : s->filter[i].words;
}

int settings_set_filter(struct settings *s, const char *name, const char *words)
{
	int i = find(s, name);

	if (!good_name(name, strlen(name)) || strlen(words) >= SETTINGS_WORDS ||
	    strchr(words, '\n') != NULL)
		return SL_E_LIMIT;
	if (words[0] == '\0') {
		if (i >= 0)
			s->filter[i] = s->filter[--s->n];
		return SL_OK;
	}
	if (i < 0 && s->n == SETTINGS_FILTERS_MAX)
		return SL_E_LIMIT;
	if (i < 0)
		i = (int)s->n++;
	/* Both were measured above. */
	memcpy(s->filter[i].name, name, strlen(name) + 1);
	memcpy(s->filter[i].words, words, strlen(words) + 1);
	return SL_OK;
}
