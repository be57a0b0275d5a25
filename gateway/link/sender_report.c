/* sender_report.c - status/sender.json: what `sluiced status` and `sluiced link` show. */
#include <string.h>

#include "base/clock.h"
#include "link/sender_private.h"
#include "sandbox/role.h"

/* A status on its own is a hint: members that find no memory are left out. */
static void put(json_t *j, const char *name, json_t *v)
{
	if (v != NULL)
		(void)json_object_set_new(j, name, v);
}

static json_t *text_of(int64_t unix_s)
{
	char text[CLOCK_TEXT + 1];

	clock_format(unix_s, text);
	return json_string(text);
}

static json_t *serial_and_time(int64_t serial, int64_t unix_s)
{
	return json_pack("{s:I,s:o}", "serial", (json_int_t)serial, "time", text_of(unix_s));
}

static json_t *kept(const struct sender *s, const struct carousel_view *v)
{
	return json_pack("{s:I,s:I,s:I,s:I,s:I}", "bytes", (json_int_t)s->carousel.bytes,
			 "highest", (json_int_t)v->highest, "lowest", (json_int_t)v->lowest,
			 "most", (json_int_t)s->c->link.keep_bytes, "units",
			 (json_int_t)s->carousel.n);
}

static json_t *repeating(const struct carousel_view *v, const struct kept_now *now)
{
	json_t *j = json_pack("{s:I,s:I}", "lowest", (json_int_t)v->lowest_repeating, "units",
			      (json_int_t)v->repeating);

	if (v->due != CAROUSEL_NEVER)
		put(j, "next",
		    serial_and_time(v->next.serial,
				    now->unix_s + (v->due - now->mono_ms) / 1000));
	return j;
}

static json_t *stuck(const struct sender *s)
{
	json_t *j = json_array();

	for (unsigned i = 0; i < s->n_stuck; i++)
		(void)json_array_append_new(j, json_integer(s->stuck[i]));
	return j;
}

static json_t *whole(const struct sender *s)
{
	const struct kept_now now = sender_now();
	struct carousel_view v;
	json_t *j = push_report(s->push);

	carousel_view(&s->carousel, &v);
	put(j, "mode", json_string(s->c->link.mode));
	put(j, "connected", json_boolean(s->down_since == 0));
	put(j, "sent", json_integer(s->last_serial));
	put(j, "time", text_of(now.unix_s));
	put(j, "waiting", json_integer((json_int_t)(s->waiting.n - s->waiting.at)));
	put(j, "bytes", json_integer((json_int_t)push_bytes(s->push)));
	put(j, "repeated", json_integer((json_int_t)s->n_repeated));
	put(j, "kept", kept(s, &v));
	put(j, "repeating", repeating(&v, &now));
	put(j, "stuck", stuck(s));
	if (s->ended.serial != 0)
		put(j, "ended", serial_and_time(s->ended.serial, s->ended.at));
	if (s->n_early != 0) {
		json_t *early = serial_and_time(s->early.serial, s->early.at);

		put(early, "units", json_integer((json_int_t)s->n_early));
		put(j, "pruned_early", early);
	}
	put(j, "errors", json_integer((json_int_t)s->errors.n));
	if (s->errors.n > 0)
		put(j, "last_error",
		    json_pack("{s:s,s:o}", "error", sl_errname(s->errors.last), "time",
			      text_of(s->errors.at)));
	if (s->down_since != 0)
		put(j, "down_since",
		    text_of(now.unix_s - (now.mono_ms - s->down_since) / 1000));
	return j;
}

void sender_report(struct sender *s, int64_t least_ms)
{
	int64_t now = clock_mono_ms();

	if (!s->changed || now - s->reported < least_ms)
		return;
	s->changed = false;
	s->reported = now;
	role_status(s->status, "sender.json", whole(s));
}
