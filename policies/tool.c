/* tool.c - directories, packs and printing for the commands of sluice-policy. */
#include "policies/tool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"

enum { OUTPUT_MAX = 64 << 20 };

struct reading {
	struct tool_packs *packs;
	char dir[TOOL_PATH];
	struct sl_why *why;
};

int tool_beside(const char *part, char out[TOOL_PATH])
{
	char self[TOOL_PATH];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (n <= 0)
		return SL_E_IO;
	self[n] = '\0';
	slash = strrchr(self, '/');
	if (slash == NULL)
		return SL_E_IO;
	*slash = '\0';
	return file_join(out, TOOL_PATH, self, part);
}

int tool_policy_dir(const struct cli *c, char out[TOOL_PATH])
{
	const char *given = cli_value(c, "policy");

	if (given == NULL) {
		int r = tool_beside("../share/sluice/policies", out);

		if (r == SL_OK && file_exists(AT_FDCWD, out))
			return SL_OK;
		given = SL_POLICIES_DIR;
	}
	return snprintf(out, TOOL_PATH, "%s", given) < TOOL_PATH ? SL_OK : SL_E_LIMIT;
}

static int read_pack(const char *name, void *arg)
{
	struct reading *w = arg;
	size_t n = strlen(name);
	char path[TOOL_PATH];
	int r;

	if (n <= 5 || strcmp(name + n - 5, ".yaml") != 0)
		return SL_OK;
	r = file_join(path, sizeof(path), w->dir, name);
	if (r == SL_OK)
		r = pack_load(path, &w->packs->pack[w->packs->n], w->why);
	if (r == SL_OK)
		w->packs->n++;
	return r;
}

int tool_packs_load(const char *dir, struct tool_packs *p, struct sl_why *why)
{
	struct reading w = {.packs = p, .why = why};
	int r = file_join(w.dir, sizeof(w.dir), dir, "packs");
	int fd;

	p->n = 0;
	if (r != SL_OK)
		return r;
	fd = file_open_dir(AT_FDCWD, w.dir);
	if (fd < 0)
		return why_set(why, fd, "%s: %s", w.dir, _(sl_strerror(fd)));
	r = file_each(fd, TOOL_PACKS_MAX, read_pack, &w);
	file_close(fd);
	return r;
}

void tool_packs_release(struct tool_packs *p)
{
	while (p->n > 0)
		pack_free(p->pack[--p->n]);
}

json_t *tool_words(const struct pack_words *w)
{
	json_t *a = json_array();

	for (unsigned i = 0; a != NULL && i < w->n; i++)
		(void)json_array_append_new(a, json_string(w->item[i]));
	return a;
}

int tool_print(json_t *j)
{
	struct buf line;
	int r = j == NULL ? SL_E_NOMEM : SL_OK;

	buf_init(&line, OUTPUT_MAX);
	if (r == SL_OK)
		r = json_compact(j, &line);
	if (r == SL_OK && printf("%s\n", buf_str(&line)) < 0)
		r = sl_err_errno(errno);
	buf_release(&line);
	json_decref(j);
	return r;
}
