/* desk_routes.c - what class a draft takes follows the rules in force.
 *
 * Trusted: whoever put a set of rules in force had two secrecy officers' signatures. */
#include "desk_routes.h"

#include "base/log.h"
#include "base/slot.h"

static int read_routes(struct desk_routes *d, struct routes **ret_r, struct sl_why *why)
{
	char dir[SLOT_PATH];
	int r;

	d->seen = slot_changed(d->config->data, "policies");
	r = slot_or(d->config->data, "policies", d->config->policies, dir);
	return r == SL_OK ? routes_load(dir, ret_r, why) : r;
}

int desk_routes_load(struct desk_routes *d, const struct gateway_config *c, struct sl_why *why)
{
	d->config = c;
	return read_routes(d, &d->now, why);
}

const struct routes *desk_routes_poll(struct desk_routes *d)
{
	struct timespec t = slot_changed(d->config->data, "policies");
	struct routes *next = NULL;
	struct sl_why why = {.text = ""};
	int r;

	if (t.tv_sec == d->seen.tv_sec && t.tv_nsec == d->seen.tv_nsec)
		return d->now;
	r = read_routes(d, &next, &why);
	if (r == SL_OK) {
		routes_free(d->now);
		d->now = next; /* moved */
		log_info("routes.in-force", "by=policies");
	} else {
		log_err("routes.refused", "error=%s why=%s", sl_errname(r),
			log_q(why_text(&why, r)));
	}
	return d->now;
}
