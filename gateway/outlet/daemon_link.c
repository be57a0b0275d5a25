/* daemon_link.c - what the outlet's doctor knows of its end of the link.
 *
 * Reads what the receiver left in DATA/status, a hint for people. */
#include "outlet/daemon_link.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "crypto/hash.h"
#include "crypto/mac.h"
#include "link/link_check.h"
#include "link/udp_in.h"
#include "outlet/daemon.h"

enum { CLOCK_SLACK_S = 60 };

static void look_at_key(const char *path, struct report *r)
{
	struct sl_why why = {.text = ""};
	struct mac_key *key = NULL;
	int e = mac_key_load(path, &key, &why);

	if (e == SL_OK)
		report_add(r, "link.mac_key", true, NULL,
			   _("%s: %.4s %.4s %.4s %.4s ...; the gateway must have the same"),
			   path, mac_key_id(key), mac_key_id(key) + 4, mac_key_id(key) + 8,
			   mac_key_id(key) + 12);
	else
		report_add(r, "link.mac_key", false,
			   _("Take a copy of the gateway's link.mac_key here on a medium, and "
			     "chmod 600 it."),
			   "%s", why_text(&why, e));
	mac_key_free(key);
}

/* What the receiver has got; when none runs, what one would get. */
static void look_at_buffer(const struct outlet_config *c, struct link_facts *f)
{
	json_t *receiver = daemon_receiver(c);
	const json_t *buffer = json_obj(receiver, "buffer");
	struct udp_in_sizes sizes = {.got = 0};
	struct udp_in *u = NULL;
	int64_t got = 0;

	if (receiver != NULL && json_i64(buffer, "got", &got) && got > 0)
		f->buffer_got = (uint64_t)got;
	else if (udp_in_open(c->link.listen, c->link.buffer_bytes, &u, NULL) == SL_OK) {
		udp_in_sizes(u, &sizes);
		f->buffer_got = sizes.got;
	}
	udp_in_close(u);
	json_decref(receiver);
}

/* The gateway says its time every second. */
static void look_at_clocks(const struct outlet_config *c, struct report *r)
{
	json_t *receiver = daemon_receiver(c);
	int64_t at = 0, sender_ms = 0, apart;

	if (json_time(receiver, "heard", &at) &&
	    json_i64(json_obj(receiver, "sender"), "time_ms", &sender_ms)) {
		apart = at - sender_ms / 1000;
		apart = apart < 0 ? -apart : apart;
		if (apart <= CLOCK_SLACK_S)
			report_add(r, "link.clock", true, NULL, "%s",
				   _("the gateway's clock agrees with this one"));
		else
			report_warn(
				r, "link.clock", _("Set the one that is wrong."),
				_("the gateway's clock and this one are %lld seconds apart"),
				(long long)apart);
	}
	json_decref(receiver);
}

void daemon_link_look(const struct outlet_config *c, struct report *r, struct settings *s)
{
	struct link_facts *f = calloc(1, sizeof(*f));

	if (f == NULL || crypto_start() != SL_OK) {
		report_add(r, "link", false, NULL, "%s", sl_strerror(SL_E_NOMEM));
		free(f);
		return;
	}
	for (unsigned i = 0; i < c->link.mac_keys.n; i++)
		look_at_key(c->link.mac_keys.item[i], r);
	link_facts_outlet(c, f);
	look_at_buffer(c, f);
	link_check_outlet(c, f, r, s);
	look_at_clocks(c, r);
	free(f);
}
