/* desk_routes.c - what class a draft takes, which clocks run, who decides and with which
 * reasons follows the rules in force.
 *
 * Trusted: whoever put a set of rules in force had two secrecy officers' signatures. */
#include "desk_routes.h"

#include "base/log.h"
#include "base/slot.h"

/* All of a set or nothing of it. */
static int read_routes(struct desk_routes *d, struct desk_routes *ret, struct sl_why *why)
{
	struct desk_routes next = {.config = d->config};
	char dir[SLOT_PATH];
	int r;

	d->seen = next.seen = slot_changed(d->config->data, "policies");
	r = slot_or(d->config->data, "policies", d->config->policies, dir);
	if (r == SL_OK)
		r = routes_load(dir, &next.now, why);
	if (r == SL_OK)
		r = clocks_load(dir, &next.clocks, why);
	if (r == SL_OK)
		r = house_load(dir, &next.house, why);
	if (r != SL_OK) {
		desk_routes_release(&next);
		return r;
	}
	*ret = next; /* moved */
	return SL_OK;
}

static int compare(const struct desk_routes *d, const struct roster *roster, struct sl_why *why)
{
	return d->house == NULL || d->house->accounts == NULL
		       ? SL_OK
		       : accounts_same_unit(d->house->accounts, d->house->path, roster, why);
}

void desk_routes_compare(const struct desk_routes *d, const struct roster *roster)
{
	struct sl_why why = {.text = ""};

	if (compare(d, roster, &why) != SL_OK)
		log_err("accounts.other-unit", "why=%s", log_q(why.text));
}

int desk_routes_load(struct desk_routes *d, const struct gateway_config *c,
		     const struct roster *roster, struct sl_why *why)
{
	int r;

	d->config = c;
	r = read_routes(d, d, why);
	if (r == SL_OK)
		desk_routes_compare(d, roster);
	return r;
}

bool desk_routes_poll(struct desk_routes *d, const struct roster *roster)
{
	struct timespec t = slot_changed(d->config->data, "policies");
	struct desk_routes next;
	struct sl_why why = {.text = ""};
	int r;

	if (t.tv_sec == d->seen.tv_sec && t.tv_nsec == d->seen.tv_nsec)
		return false;
	r = read_routes(d, &next, &why);
	if (r == SL_OK) {
		r = compare(&next, roster, &why);
		if (r != SL_OK)
			desk_routes_release(&next);
	}
	if (r != SL_OK) {
		log_err("routes.refused", "error=%s why=%s", sl_errname(r),
			log_q(why_text(&why, r)));
		return false;
	}
	desk_routes_release(d);
	*d = next; /* moved */
	log_info("routes.in-force", "by=policies");
	return true;
}

void desk_routes_release(struct desk_routes *d)
{
	routes_free(d->now);
	clocks_free(d->clocks);
	house_free(d->house);
	d->now = NULL;
	d->clocks = NULL;
	d->house = NULL;
}
