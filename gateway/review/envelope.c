/* envelope.c - see the header.  Hostile: what a request carries. */
#include "review/envelope.h"

#include "base/clock.h"
#include "base/i18n.h"

enum { SKEW_S = 300 };

int envelope_take(const struct wire_request *rq, struct envelope *ret_e, struct sl_why *why)
{
	const json_t *line = json_object_get(rq->args, "envelope");

	*ret_e = (struct envelope){.line = json_string_value(line),
				   .len = json_string_length(line)};
	if (ret_e->line == NULL)
		return why_set(why, SL_E_FORMAT, _("\"envelope\" is missing"));
	return statement_parse(ret_e->line, ret_e->len, &ret_e->s, why);
}

bool envelope_is_now(int64_t time)
{
	int64_t now = clock_now();

	return time <= now + SKEW_S && time >= now - SKEW_S;
}

int envelope_stored(struct store *s, const char *sha256, struct statement **ret_s,
		    struct sl_why *why)
{
	struct buf line;
	int r;

	buf_init(&line, DSSE_MAX);
	r = store_object_get(s, sha256, DSSE_MAX, &line);
	if (r == SL_OK)
		r = statement_parse(line.data, line.len, ret_s, why);
	buf_release(&line);
	return r;
}
