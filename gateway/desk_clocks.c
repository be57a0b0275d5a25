/* desk_clocks.c - the desk alone has the calendar. */
#include "desk_clocks.h"

#include "base/log.h"
#include "review/escalate.h"
#include "store/clockwork.h"

void desk_clocks_again(struct store *s)
{
	int r = store_clocks_uncount(s);

	if (r != SL_OK)
		log_warn("clocks.again", "error=%s", sl_errname(r));
}

void desk_clocks_count(struct store *s, const struct clocks *k)
{
	unsigned n = 0;
	int r = clockwork_count(s, k, &n);

	/* A full batch may have left some for the next look, so that no request waits long. */
	if (r != SL_OK)
		log_warn("clocks.count", "error=%s", sl_errname(r));
}

void desk_clocks_escalate(const struct review *v)
{
	char draft[24];
	int r = escalate_look(v, draft);

	if (r != SL_OK)
		log_warn("escalate", "draft=%s error=%s", draft, sl_errname(r));
}

void desk_clocks_escalate_again(const struct review *v)
{
	int r = escalate_again(v);

	if (r != SL_OK)
		log_warn("escalate.again", "error=%s", sl_errname(r));
}
