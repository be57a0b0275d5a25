/* steps.c - read and write step files. */
#include "steps.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"

enum { FILE_MAX = 16 << 20 };

static void *must(void *p)
{
	if (p == NULL)
		abort();
	return p;
}

static void add_step(struct steps *s, char *line, int number)
{
	char *rest = line + strcspn(line, " ");
	struct step *grown = must(realloc(s->step, (s->n + 1) * sizeof(*s->step)));

	s->step = grown;
	if (*rest != '\0')
		*rest++ = '\0';
	s->step[s->n++] = (struct step){
		.verb = must(strdup(line)), .rest = must(strdup(rest)), .line = number};
}

void steps_set_golden(struct steps *s, const char *name, const char *text)
{
	struct golden *grown;

	for (unsigned i = 0; i < s->n_golden; i++) {
		if (strcmp(s->golden[i].name, name) != 0)
			continue;
		free(s->golden[i].text);
		s->golden[i].text = must(strdup(text));
		return;
	}
	grown = must(realloc(s->golden, (s->n_golden + 1) * sizeof(*s->golden)));
	s->golden = grown;
	s->golden[s->n_golden++] =
		(struct golden){.name = must(strdup(name)), .text = must(strdup(text))};
}

const char *steps_golden(const struct steps *s, const char *name)
{
	for (unsigned i = 0; i < s->n_golden; i++) {
		if (strcmp(s->golden[i].name, name) == 0)
			return s->golden[i].text;
	}
	return NULL;
}

static void read_goldens(struct steps *s, char *at)
{
	while (at != NULL) {
		char *name = at + strlen("==== "), *text = strchr(name, '\n'), *next;

		if (text == NULL)
			return;
		*text++ = '\0';
		next = strncmp(text, "==== ", 5) == 0 ? text - 1 : strstr(text, "\n==== ");
		if (next != NULL) {
			char *end = next + 1;
			char kept = *end;

			*end = '\0';
			steps_set_golden(s, name, text);
			*end = kept;
			at = end;
		} else {
			steps_set_golden(s, name, text);
			at = NULL;
		}
	}
}

void steps_load(const char *path, struct steps *s)
{
	struct buf b;
	char *goldens, *line, *save = NULL, *text;
	int number = 0;

	memset(s, 0, sizeof(*s));
	buf_init(&b, FILE_MAX);
	if (file_read(AT_FDCWD, path, FILE_MAX, &b) != SL_OK || b.len == 0) {
		(void)fprintf(stderr, "%s cannot be read\n", path);
		exit(2);
	}
	s->path = must(strdup(path));
	text = must(strdup(buf_str(&b)));
	buf_release(&b);
	goldens = strstr(text, "\n==== ");
	if (goldens != NULL)
		*goldens++ = '\0';
	s->head = must(strdup(text));
	for (line = text; line != NULL; line = save) {
		save = strchr(line, '\n');
		if (save != NULL)
			*save++ = '\0';
		number++;
		if (line[0] != '\0' && line[0] != '#')
			add_step(s, line, number);
	}
	if (goldens != NULL)
		read_goldens(s, goldens);
	free(text);
}

void steps_release(struct steps *s)
{
	for (unsigned i = 0; i < s->n; i++) {
		free(s->step[i].verb);
		free(s->step[i].rest);
	}
	for (unsigned i = 0; i < s->n_golden; i++) {
		free(s->golden[i].name);
		free(s->golden[i].text);
	}
	free(s->step);
	free(s->golden);
	free(s->head);
	free(s->path);
	memset(s, 0, sizeof(*s));
}

bool steps_save(const struct steps *s)
{
	FILE *f = fopen(s->path, "we");
	size_t len = strlen(s->head);
	bool ok;

	if (f == NULL)
		return false;
	while (len > 0 && s->head[len - 1] == '\n')
		len--;
	(void)fwrite(s->head, 1, len, f);
	(void)fputc('\n', f);
	for (unsigned i = 0; i < s->n_golden; i++)
		(void)fprintf(f, "==== %s\n%s", s->golden[i].name, s->golden[i].text);
	ok = ferror(f) == 0;
	return fclose(f) == 0 && ok;
}

bool steps_variant(const struct steps *s, const char *variant)
{
	for (unsigned i = 0; i < s->n; i++) {
		if (strcmp(s->step[i].verb, "variants") == 0)
			return strstr(s->step[i].rest, variant) != NULL;
	}
	return true;
}
