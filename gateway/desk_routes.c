/* desk_routes.c - what class a draft takes and which clocks run follows the rules in force.
 *
 * Trusted: whoever put a set of rules in force had two secrecy officers' signatures. */
#include "desk_routes.h"

#include "base/log.h"
#include "base/slot.h"

static int read_routes(struct desk_routes *d, struct routes **ret_r, struct clocks **ret_c,
		       struct sl_why *why)
{
	struct routes *routes = NULL;
	char dir[SLOT_PATH];
	int r;

	d->seen = slot_changed(d->config->data, "policies");
	r = slot_or(d->config->data, "policies", d->config->policies, dir);
	if (r == SL_OK)
		r = routes_load(dir, &routes, why);
	if (r == SL_OK)
		r = clocks_load(dir, ret_c, why);
	if (r == SL_OK) {
		*ret_r = routes;
		routes = NULL; /* moved */
	}
	routes_free(routes);
	return r;
}

int desk_routes_load(struct desk_routes *d, const struct gateway_config *c, struct sl_why *why)
{
	d->config = c;
	return read_routes(d, &d->now, &d->clocks, why);
}

bool desk_routes_poll(struct desk_routes *d)
{
	struct timespec t = slot_changed(d->config->data, "policies");
	struct routes *next = NULL;
	struct clocks *clocks = NULL;
	struct sl_why why = {.text = ""};
	int r;

	if (t.tv_sec == d->seen.tv_sec && t.tv_nsec == d->seen.tv_nsec)
		return false;
	r = read_routes(d, &next, &clocks, &why);
	if (r != SL_OK) {
		log_err("routes.refused", "error=%s why=%s", sl_errname(r),
			log_q(why_text(&why, r)));
		return false;
	}
	desk_routes_release(d);
	d->now = next;	    /* moved */
	d->clocks = clocks; /* moved */
	log_info("routes.in-force", "by=policies");
	return true;
}

void desk_routes_release(struct desk_routes *d)
{
	routes_free(d->now);
	clocks_free(d->clocks);
	d->now = NULL;
	d->clocks = NULL;
}
