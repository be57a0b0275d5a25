/* get.c - deliver a draft outside the terminal, checked. */
#include "get.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "policy/segment.h"

enum { PLAIN_MAX = 300 << 20 };

int get_plain_text(const struct case_file *f, struct buf *out)
{
	struct cur cur;
	int r = SL_OK;

	cur_init(&cur, buf_str(&f->text), f->text.len);
	while (r == SL_OK && cur_left(&cur) > 0) {
		struct segment g;

		r = segment_get(&cur, &g);
		if (r != SL_OK)
			break;
		if (g.where != WHERE_BODY)
			buf_putf(out, "[%s] ", where_name(g.where));
		buf_put(out, g.text, g.len);
		if (g.len > 0 && g.text[g.len - 1] != '\n')
			buf_puts(out, "\n");
		r = buf_error(out);
	}
	return r;
}

static int write_json(int dir, const char *name, const json_t *j)
{
	struct buf b;
	int r;

	buf_init(&b, PLAIN_MAX);
	r = json_compact(j, &b);
	if (r == SL_OK)
		r = file_write_durable(dir, name, b.data, b.len, 0600);
	buf_release(&b);
	return r;
}

static int write_text(int dir, const struct case_file *f)
{
	struct buf b;
	char path[300];
	int r;

	if (!f->have_text)
		return SL_OK;
	buf_init(&b, PLAIN_MAX);
	(void)snprintf(path, sizeof(path), "text/%s.txt", f->name);
	r = get_plain_text(f, &b);
	if (r == SL_OK)
		r = file_write_durable(dir, path, buf_str(&b), b.len, 0600);
	buf_release(&b);
	return r;
}

static int fetch_file(struct session *s, struct review_case *c, unsigned i, int dir,
		      struct seen *seen, void (*progress)(uint64_t, uint64_t),
		      struct sl_why *why)
{
	struct case_file *f = &c->files[i];
	char path[300], part[32];
	int fd, r;

	/* The manifest's parser let only safe names through; the path stays inside DIR. */
	(void)snprintf(path, sizeof(path), "files/%s", f->name);
	fd = openat(dir, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return why_set(why, sl_err_errno(errno), "%s: %s", path, strerror(errno));
	r = case_file_into(s, c, i, fd, progress, why);
	file_close(fd);
	if (r != SL_OK) {
		/* Bytes that failed the check must not lie around under the real name. */
		(void)unlinkat(dir, path, 0);
		return r;
	}
	(void)snprintf(part, sizeof(part), "file:%u", f->index);
	return seen_add(seen, part, f->sha256);
}

int get_into(struct session *s, struct review_case *c, struct seen *seen, const char *dir,
	     void (*progress)(uint64_t, uint64_t), struct sl_why *why)
{
	char path[4096];
	int fd = -1, r = SL_OK;

	static const char *const subs[] = {"files", "text"};
	for (unsigned i = 0; r == SL_OK && i < 2; i++) {
		r = file_join(path, sizeof(path), dir, subs[i]);
		if (r == SL_OK)
			r = file_mkdirs(path, 0700);
	}
	if (r == SL_OK)
		r = fd = file_open_dir(AT_FDCWD, dir);
	if (fd < 0)
		return why_set(why, r, "%s: %s", dir, sl_strerror(r));
	r = write_json(fd, "manifest.json", c->manifest->json);
	if (r == SL_OK)
		r = write_json(fd, "report.json", c->report);
	for (unsigned i = 0; r == SL_OK && i < c->n_files; i++) {
		r = write_text(fd, &c->files[i]);
		if (r == SL_OK)
			r = fetch_file(s, c, i, fd, seen, progress, why);
	}
	file_close(fd);
	return r;
}

json_t *get_case_json(const struct review_case *c)
{
	json_t *doc = json_deep_copy(c->shown);
	json_t *rows = json_object_get(doc, "files"), *row;
	size_t i;

	json_array_foreach(rows, i, row)
	{
		struct buf b;

		if (i >= c->n_files || !c->files[i].have_text)
			continue;
		buf_init(&b, PLAIN_MAX);
		if (get_plain_text(&c->files[i], &b) == SL_OK)
			(void)json_object_set_new(row, "text", json_string(buf_str(&b)));
		buf_release(&b);
	}
	return doc;
}
