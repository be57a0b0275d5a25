/* desk_house.c - reasons, units and accounts follow the rules in force.
 *
 * Trusted: whoever put a set of rules in force had two secrecy officers' signatures. */
#include "desk_house.h"

#include "base/log.h"
#include "base/slot.h"

static int read_house(struct desk_house *d, struct house **ret_h, struct sl_why *why)
{
	char dir[SLOT_PATH];
	int r;

	d->seen = slot_changed(d->config->data, "policies");
	r = slot_or(d->config->data, "policies", d->config->policies, dir);
	return r == SL_OK ? house_load(dir, ret_h, why) : r;
}

int desk_house_load(struct desk_house *d, const struct gateway_config *c, struct sl_why *why)
{
	d->config = c;
	return read_house(d, &d->now, why);
}

const struct house *desk_house_poll(struct desk_house *d)
{
	struct timespec t = slot_changed(d->config->data, "policies");
	struct house *next = NULL;
	struct sl_why why = {.text = ""};
	int r;

	if (t.tv_sec == d->seen.tv_sec && t.tv_nsec == d->seen.tv_nsec)
		return d->now;
	r = read_house(d, &next, &why);
	if (r == SL_OK) {
		house_free(d->now);
		d->now = next; /* moved */
	} else {
		log_err("house.refused", "error=%s why=%s", sl_errname(r),
			log_q(why_text(&why, r)));
	}
	return d->now;
}
