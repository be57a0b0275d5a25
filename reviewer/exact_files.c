/* exact_files.c - the bytes of each file, or the words of those that were written anew. */
#include "exact.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "crypto/hash.h"
#include "policy/edit_text.h"
#include "policy/present.h"
#include "policy/segment.h"

static int file_differs(struct exact_result *x, const struct case_file *f)
{
	x->state = EXACT_NOT;
	(void)snprintf(x->why, sizeof(x->why), _("%s is something else"),
		       present_text(f->name));
	return SL_OK;
}

/* They lie in memory that has no name. */
int exact_bytes(struct session *s, const struct review_case *c, unsigned i, struct buf *out,
		struct sl_why *why)
{
	int fd = memfd_create("draft", MFD_CLOEXEC);
	int r = fd < 0 ? sl_err_errno(errno) : case_file_unread(s, c, i, fd, why);

	if (r == SL_OK && lseek(fd, 0, SEEK_SET) != 0)
		r = sl_err_errno(errno);
	if (r == SL_OK)
		r = file_read_fd(fd, EDIT_TEXT_MAX, out);
	file_close(fd);
	return r;
}

static int apply(struct buf *b, const json_t *edits, const char *part, bool nth, bool *ret_all)
{
	const json_t *edit;
	size_t i;
	int r = SL_OK;

	json_array_foreach(edits, i, edit)
	{
		enum edit_outcome outcome = EDIT_DONE;

		if (r == SL_OK && edit_is_of(edit, part))
			r = edit_text(b, edit, nth, &outcome);
		*ret_all = *ret_all && outcome == EDIT_DONE;
	}
	return r;
}

static int plain(struct session *s, struct review_case *before, unsigned i,
		 const struct case_file *now, const json_t *edits, const char *part, bool nth,
		 struct exact_result *x, struct sl_why *why)
{
	char hex[HASH_HEX + 1];
	bool all = true;
	struct buf b;
	int r;

	buf_init(&b, EDIT_TEXT_MAX);
	r = exact_bytes(s, before, i, &b, why);
	if (r == SL_OK)
		r = apply(&b, edits, part, nth, &all);
	if (r == SL_OK) {
		hash_hex(buf_str(&b), b.len, hex);
		if (!all || strcmp(hex, now->sha256) != 0)
			r = file_differs(x, now);
	}
	buf_wipe(&b);
	return r;
}

/* What stands beside the words and may be taken out, but not put in. */
static bool is_beside(uint8_t w)
{
	return !edit_is_word(w) && w != WHERE_TITLE && w != WHERE_FILENAME &&
	       w != WHERE_PROPERTY && w != WHERE_METADATA;
}

static void put_segment(const struct segment *g, struct buf *out)
{
	buf_puts(out, where_name(g->where));
	buf_puts(out, "\n");
	buf_put(out, g->text, g->len);
	buf_puts(out, "\n");
}

static int gather(const struct case_file *f, bool (*wanted)(uint8_t where), struct buf *out)
{
	struct cur c;
	int r = SL_OK;

	cur_init(&c, buf_str(&f->text), f->text.len);
	while (r == SL_OK && cur_left(&c) > 0) {
		struct segment g;

		r = segment_get(&c, &g);
		if (r == SL_OK && wanted(g.where)) {
			put_segment(&g, out);
			r = buf_error(out);
		}
	}
	return r;
}

int exact_words(const struct case_file *f, struct buf *out)
{
	return gather(f, edit_is_word, out);
}

/* Is all that stands beside the words of `now` in `before` already? */
static int nothing_new(const struct case_file *before, const struct case_file *now,
		       bool *ret_yes)
{
	struct buf all, one;
	struct cur c;
	int r;

	buf_init(&all, CASE_TEXT_MAX);
	buf_init(&one, CASE_TEXT_MAX);
	r = gather(before, is_beside, &all);
	cur_init(&c, buf_str(&now->text), now->text.len);
	while (r == SL_OK && *ret_yes && cur_left(&c) > 0) {
		struct segment g;

		r = segment_get(&c, &g);
		if (r != SL_OK || !is_beside(g.where))
			continue;
		buf_clear(&one);
		put_segment(&g, &one);
		r = buf_error(&one);
		*ret_yes = r == SL_OK &&
			   memmem(buf_str(&all), all.len, buf_str(&one), one.len) != NULL;
	}
	buf_wipe(&all);
	buf_wipe(&one);
	return r;
}

static int words(struct session *s, struct review_case *before, unsigned i,
		 struct review_case *now, unsigned k, const json_t *edits, const char *part,
		 struct exact_result *x, struct sl_why *why)
{
	bool all = true;
	struct buf a, b;
	int r = case_text(s, before, i, why);

	buf_init(&a, CASE_TEXT_MAX);
	buf_init(&b, CASE_TEXT_MAX);
	if (r == SL_OK)
		r = case_text(s, now, k, why);
	if (r == SL_OK)
		r = exact_words(&before->files[i], &a);
	if (r == SL_OK)
		r = exact_words(&now->files[k], &b);
	if (r == SL_OK)
		r = apply(&a, edits, part, false, &all);
	if (r == SL_OK)
		r = nothing_new(&before->files[i], &now->files[k], &all);
	if (r == SL_OK && (!all || a.len != b.len || memcmp(a.data, b.data, a.len) != 0))
		r = file_differs(x, &now->files[k]);
	else if (r == SL_E_NOTFOUND)
		r = file_differs(x, &now->files[k]);
	else if (r == SL_OK)
		x->state = EXACT_WORDS;
	buf_wipe(&a);
	buf_wipe(&b);
	return r;
}

static bool has_edits(const json_t *edits, const char *part)
{
	const json_t *edit;
	size_t i;

	json_array_foreach(edits, i, edit)
	{
		if (edit_is_of(edit, part))
			return true;
	}
	return false;
}

static int one_file(struct session *s, struct review_case *before, unsigned i,
		    struct review_case *now, unsigned k, const json_t *edits,
		    struct exact_result *x, struct sl_why *why)
{
	const json_t *report = case_file_report(before, i);
	const char *type = json_str(json_array_get(json_arr(report, "objects"), 0), "type");
	const struct case_file *was = &before->files[i], *is = &now->files[k];
	char part[16];
	bool nth = false;

	(void)snprintf(part, sizeof(part), "file:%u", was->index);
	if (!has_edits(edits, part))
		return strcmp(was->sha256, is->sha256) == 0 ? SL_OK : file_differs(x, is);
	if (type != NULL && edit_is_plain(type, &nth))
		return plain(s, before, i, is, edits, part, nth, x, why);
	return words(s, before, i, now, k, edits, part, x, why);
}

/* Files stand in the same order under the same names, or something else was done. */
int exact_files(struct session *s, struct review_case *before, struct review_case *now,
		const json_t *edits, struct exact_result *x, struct sl_why *why)
{
	int r = SL_OK;

	if (before->n_files != now->n_files) {
		x->state = EXACT_NOT;
		(void)snprintf(x->why, sizeof(x->why), "%s", _("another number of files"));
		return SL_OK;
	}
	for (unsigned i = 0; r == SL_OK && x->state != EXACT_NOT && i < now->n_files; i++) {
		if (strcmp(before->files[i].name, now->files[i].name) != 0 ||
		    before->files[i].index != now->files[i].index)
			r = file_differs(x, &now->files[i]);
		else
			r = one_file(s, before, i, now, i, edits, x, why);
	}
	return r;
}
