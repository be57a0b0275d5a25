/* pull_hint.c - strict reading of an unsigned hint. */
#include "outlet/pull_hint.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/json.h"
#include "outlet/status_page.h"

enum { RANGES_SHOWN = 20, MINUTE = 60 };

static bool time_of(const json_t *j, const char *name, int64_t *ret_t)
{
	return json_time(j, name, ret_t) && *ret_t > 0;
}

static bool take_missing(const json_t *j, struct pull_hint *h)
{
	const json_t *list = json_arr(j, "missing");
	size_t n = json_array_size(list);

	if (list == NULL || n > PULL_HINT_MISSING ||
	    !json_i64(j, "missing_count", &h->missing_count) || h->missing_count < (int64_t)n ||
	    (n == 0 && h->missing_count > 0))
		return false;
	for (; h->n < n; h->n++) {
		const json_t *one = json_array_get(list, h->n);

		h->missing[h->n] = json_integer_value(one);
		if (!json_is_integer(one) || h->missing[h->n] < 1 ||
		    (h->n > 0 && h->missing[h->n] <= h->missing[h->n - 1]))
			return false;
	}
	return true;
}

static bool take(const json_t *j, struct pull_hint *h)
{
	static const char *const must[] = {"format",  "full",	"missing", "missing_count",
					   "running", "silent", "time",	   NULL};
	static const char *const may[] = {"heard", "link", "timestamp", NULL};
	const char *format = json_str(j, "format");

	if (format == NULL || strcmp(format, STATUS_PAGE_FORMAT) != 0 ||
	    !json_has_only(j, must, may))
		return false;
	return json_bool(j, "running", &h->running) && json_bool(j, "silent", &h->silent) &&
	       json_bool(j, "full", &h->full) && time_of(j, "time", &h->time) &&
	       (json_object_get(j, "heard") == NULL || time_of(j, "heard", &h->heard)) &&
	       take_missing(j, h);
}

int pull_hint_parse(const void *bytes, size_t len, struct pull_hint *ret_h)
{
	struct pull_hint h = {.n = 0};
	json_t *j = NULL;
	int r = json_parse(bytes, len, PULL_HINT_BYTES, &j);

	if (r == SL_OK && !take(j, &h))
		r = SL_E_FORMAT;
	if (r == SL_OK)
		*ret_h = h;
	json_decref(j);
	return r;
}

static void put_missing(const struct pull_hint *h, struct buf *out)
{
	unsigned ranges = 0;

	buf_puts(out, _("the outlet is missing units"));
	for (unsigned i = 0; i < h->n && ranges < RANGES_SHOWN; ranges++) {
		unsigned end = i + 1;

		while (end < h->n && h->missing[end] == h->missing[end - 1] + 1)
			end++;
		buf_putf(out, " %lld", (long long)h->missing[i]);
		if (end > i + 1)
			buf_putf(out, "-%lld", (long long)h->missing[end - 1]);
		i = end;
	}
	buf_puts(out, " ");
	buf_putf(out, _("(%lld in all)"), (long long)h->missing_count);
}

bool pull_hint_behind(const struct pull_hint *h, int64_t now, struct buf *out)
{
	/* Both times are of the outlet's clock, which need not be ours. */
	int64_t since = h->heard > 0 ? h->time - h->heard : 0;
	bool silent = h->silent && since >= PULL_HINT_SILENT_S;

	if (h->time < now - PULL_HINT_OLD_S || h->time > now + PULL_HINT_OLD_S)
		return false;
	if (h->missing_count > 0)
		put_missing(h, out);
	if (silent) {
		if (h->missing_count > 0)
			buf_puts(out, "; ");
		buf_putf(out,
			 _("the outlet has heard nothing from the gateway for %lld minutes"),
			 (long long)(since / MINUTE));
	}
	return h->missing_count > 0 || silent;
}

bool pull_hint_fetch(struct fetch *f, struct pull_hint *ret_h)
{
	struct buf b;
	bool ok;

	buf_init(&b, PULL_HINT_BYTES);
	ok = fetch_get(f, PULL_HINT_FILE, PULL_HINT_BYTES, &b) == SL_OK &&
	     pull_hint_parse(b.data, b.len, ret_h) == SL_OK;
	buf_release(&b);
	return ok;
}
