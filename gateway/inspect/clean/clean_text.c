/* clean_text.c - masks in running text, and files that are nothing but text.
 *
 * Hostile: the text.  The longest mask that fits at a place is taken, so that a mask for
 * a part of a number never leaves the rest of it. */
#include "inspect/clean/clean.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "inspect/extract/extract_csv.h"
#include "inspect/extract/extract_decode.h"

static const struct clean_mask *mask_at(const struct clean_job *job, const char *s, size_t len,
					size_t *ret_len)
{
	const struct clean_mask *best = NULL;

	*ret_len = 0;
	for (size_t i = 0; i < job->n_masks; i++) {
		size_t n;

		if (job->masks[i].text[0] != s[0]) /* nearly always, so it comes first */
			continue;
		n = strlen(job->masks[i].text);
		if (n > *ret_len && n <= len && memcmp(s, job->masks[i].text, n) == 0) {
			best = &job->masks[i];
			*ret_len = n;
		}
	}
	return best;
}

int clean_copy_text(const struct clean_job *job, const char *s, size_t len, struct buf *out,
		    uint32_t *ret_masked, uint32_t *ret_removed)
{
	size_t used, n;

	for (size_t i = 0; i < len; i += used) {
		const struct clean_mask *m = mask_at(job, s + i, len - i, &n);
		uint32_t cp;

		if (m != NULL) {
			buf_put(out, m->with, strlen(m->with));
			ret_masked[m - job->masks]++;
			used = n;
			continue;
		}
		cp = text_decode(s + i, len - i, &used);
		if (!job->exact && text_is_invisible(cp))
			(*ret_removed)++;
		else
			buf_put(out, s + i, used);
	}
	return buf_error(out);
}

/* The page says its encoding; after re-encoding it must say the new one. */
static void correct_charset(struct buf *b)
{
	char *at = strcasestr(buf_str(b), "charset=");
	size_t from, n;
	struct buf out;

	if (at == NULL || (size_t)(at - buf_str(b)) > 4096)
		return;
	at += strlen("charset=");
	at += strspn(at, "\"'");
	n = strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_");
	from = (size_t)(at - buf_str(b));
	buf_init(&out, CLEAN_OUT_MAX);
	buf_put(&out, b->data, from);
	buf_put(&out, "utf-8", 5);
	buf_put(&out, b->data + from + n, b->len - from - n);
	buf_wipe(b);
	*b = out;
}

static void put_cell(const char *s, size_t len, bool quoted, struct buf *out)
{
	if (!quoted && len == strcspn(s, ",;\t\r\n")) {
		buf_put(out, s, len);
		return;
	}
	buf_put_u8(out, '"');
	for (size_t i = 0; i < len; i++) {
		if (s[i] == '"')
			buf_put_u8(out, '"');
		buf_put_u8(out, (uint8_t)s[i]);
	}
	buf_put_u8(out, '"');
}

/* A table: masks are of what a cell says, which is not always what is written in it. */
static int copy_cells(const struct clean_job *job, const char *s, size_t len, struct buf *out,
		      uint32_t *masked, uint32_t *removed)
{
	struct extract_csv c = {.s = s, .len = len};
	struct extract_csv_cell cell;
	struct buf value, copy;
	int r = SL_OK;

	buf_init(&value, CLEAN_OUT_MAX);
	buf_init(&copy, CLEAN_OUT_MAX);
	while (r == SL_OK && extract_csv_next(&c, &value, &cell)) {
		r = clean_copy_text(job, buf_str(&value), value.len, &copy, masked, removed);
		if (copy.len == value.len &&
		    memcmp(buf_str(&copy), buf_str(&value), value.len) == 0)
			buf_put(out, cell.raw, cell.raw_len);
		else
			put_cell(buf_str(&copy), copy.len, cell.quoted, out);
		buf_put(out, cell.end, cell.end_len);
		if (r == SL_OK)
			r = buf_error(&value);
		buf_clear(&value);
		buf_clear(&copy);
	}
	buf_wipe(&value);
	buf_wipe(&copy);
	return r == SL_OK ? buf_error(out) : r;
}

int clean_text_file(const struct clean_job *job, struct clean_result *r, struct sl_why *why)
{
	uint32_t *masked = calloc(job->n_masks + 1, sizeof(*masked)), removed = 0;
	const char *s;
	size_t len;
	struct buf own, table;
	int e;

	if (masked == NULL)
		return SL_E_NOMEM;
	buf_init(&own, CLEAN_OUT_MAX);
	buf_init(&table, CLEAN_OUT_MAX);
	e = extract_decode(job->bytes, job->len, EXTRACT_DETECT, &own, &s, &len);
	if (e != SL_OK) {
		e = why_set(why, e, "the text has no encoding that is certain");
		goto out;
	}
	/* The decoder leaves the byte order mark out. */
	if (len != job->len || memcmp(s, job->bytes, len) != 0)
		clean_say(r, "re-encoded", "", "utf-8", 1);
	if (strcmp(job->type, "text/csv") == 0) {
		e = copy_cells(job, s, len, &table, masked, &removed);
		s = buf_str(&table);
		len = table.len;
	}
	/* Of a table what runs over several cells. */
	if (e == SL_OK)
		e = clean_copy_text(job, s, len, &r->bytes, masked, &removed);
	for (size_t i = 0; i < job->n_masks; i++)
		if (masked[i] > 0)
			clean_say(r, "masked", "", job->masks[i].with, masked[i]);
	if (removed > 0)
		clean_say(r, "removed", "", "invisible characters", removed);
	if (e == SL_OK && strcmp(job->type, "text/html") == 0 && r->n > 0)
		correct_charset(&r->bytes);
out:
	buf_wipe(&own);
	buf_wipe(&table);
	free(masked);
	return e;
}
