/* status_page.c - the outlet's status, as bytes of a page.
 *
 * Invariant: nothing but our own words and numbers goes in; every text of a file is read as
 * a time or a number first. */
#include "outlet/status_page.h"

#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"

enum { RANGES_SHOWN = 200 };

void status_page_of(const json_t *receiver, const json_t *installer, const json_t *timestamp,
		    int64_t now, struct status_page *ret_p)
{
	const json_t *stamp = json_obj(timestamp, "signed");
	int64_t installed = 0;

	*ret_p = (struct status_page){.now = now};
	if (!json_i64(stamp, "version", &ret_p->version) || ret_p->version < 1 ||
	    !json_time(stamp, "expires", &ret_p->expires) || ret_p->expires == 0)
		ret_p->version = ret_p->expires = 0;
	link_view_of(receiver, now, &ret_p->link);
	ret_p->running = ret_p->link.known && json_time(installer, "time", &installed) &&
			 installed > 0 && now - installed <= LINK_VIEW_OLD_S;
}

static json_t *time_json(int64_t t)
{
	char text[CLOCK_TEXT + 1];

	clock_format(t, text);
	return json_string(text);
}

/* What is on its way right now is not missing to anybody. */
static int64_t missing_of(const struct link_view *v)
{
	return v->missing_count - (int64_t)link_view_count(v, LINK_FATE_COMING);
}

int status_page_json(const struct status_page *p, struct buf *out)
{
	json_t *missing = json_array();
	json_t *j = json_pack("{s:s,s:b,s:O,s:I,s:b,s:b,s:o}", "format", STATUS_PAGE_FORMAT,
			      "full", (int)p->link.full, "missing", missing, "missing_count",
			      (json_int_t)missing_of(&p->link), "running", (int)p->running,
			      "silent", (int)p->link.silent, "time", time_json(p->now));
	int r;

	for (unsigned i = 0; i < p->link.n; i++) {
		if (p->link.missing[i].fate != LINK_FATE_COMING)
			(void)json_array_append_new(missing,
						    json_integer(p->link.missing[i].serial));
	}
	if (p->link.heard > 0)
		(void)json_object_set_new(j, "heard", time_json(p->link.heard));
	if (p->link.udp)
		(void)json_object_set_new(j, "link", json_string("udp"));
	if (p->version > 0)
		(void)json_object_set_new(j, "timestamp",
					  json_pack("{s:o,s:b,s:I}", "expires",
						    time_json(p->expires), "stale",
						    (int)(p->expires <= p->now), "version",
						    (json_int_t)p->version));
	r = j == NULL ? SL_E_NOMEM : json_compact(j, out);
	json_decref(missing);
	json_decref(j);
	return r;
}

static void line(struct buf *b, bool good, const char *text)
{
	buf_putf(b, "<li class=\"%s\">%s</li>\n", good ? "good" : "bad", text);
}

static void put_heard(const struct status_page *p, struct buf *b)
{
	const struct link_view *v = &p->link;
	char when[CLOCK_TEXT + 1], text[256];

	if (!v->udp)
		return;
	if (v->heard == 0) {
		line(b, false, _("Nothing was heard from the gateway yet."));
		return;
	}
	clock_format(v->heard, when);
	(void)snprintf(text, sizeof(text),
		       v->silent ? _("Nothing was heard from the gateway since %s.")
				 : _("The gateway was last heard at %s."),
		       when);
	line(b, !v->silent, text);
}

static void put_missing(const struct status_page *p, struct buf *b)
{
	static const enum link_fate fates[] = {LINK_FATE_REPEATED, LINK_FATE_ASK,
					       LINK_FATE_UNSAID};
	static const char *const words[] = {N_("Missing, will be sent again:"),
					    N_("Missing, must be asked for at the gateway:"),
					    N_("Missing:")};

	if (missing_of(&p->link) == 0) {
		line(b, true, _("No unit is missing."));
		return;
	}
	for (unsigned i = 0; i < sizeof(fates) / sizeof(fates[0]); i++) {
		if (link_view_count(&p->link, fates[i]) == 0)
			continue;
		buf_putf(b, "<li class=\"bad\">%s ", _(words[i]));
		link_view_ranges(&p->link, fates[i], ", ", RANGES_SHOWN, b);
		buf_puts(b, "</li>\n");
	}
}

static void put_timestamp(const struct status_page *p, struct buf *b)
{
	bool fresh = p->expires > p->now;
	char when[CLOCK_TEXT + 1], text[256];

	if (p->version == 0) {
		line(b, false, _("Nothing has been installed yet."));
		return;
	}
	clock_format(p->expires, when);
	(void)snprintf(text, sizeof(text),
		       fresh ? _("The signed word is fresh: version %lld, good until %s.")
			     : _("The signed word is too old, platforms show nothing new: "
				 "version %lld, good until %s."),
		       (long long)p->version, when);
	line(b, fresh, text);
}

int status_page_html(const struct status_page *p, bool zh, struct buf *out)
{
	char when[CLOCK_TEXT + 1];

	clock_format(p->now, when);
	i18n_speak(zh ? I18N_ZH : I18N_EN);
	buf_putf(out,
		 "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
		 "<meta name=\"viewport\" content=\"width=device-width\"><title>%s</title>"
		 "<style>body{font-family:sans-serif;margin:2em}.bad{color:#b00020}"
		 "</style></head>\n<body><h1>%s</h1>\n<ul>\n",
		 zh ? "zh-CN" : "en", _("Status of this outlet"), _("Status of this outlet"));
	line(out, p->running,
	     p->running ? _("The outlet is running.")
			: _("The outlet's receiver or installer does not run."));
	put_heard(p, out);
	put_missing(p, out);
	if (p->link.full)
		line(out, false, _("The disk is full; what arrives is dropped."));
	put_timestamp(p, out);
	buf_putf(out, "</ul>\n<p>%s</p>\n<p>%s</p>\n</body></html>\n", when,
		 _("This page is not signed; platforms verify the metadata instead."));
	i18n_speak(I18N_OWN);
	return buf_error(out);
}
