/* alerts.c - new hits in published items: shown to every reviewer, settled by one.
 *
 * A hit takes nothing down: a person freezes, or lets it stand and says why. */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "review/digest.h"
#include "store/recheck.h"

enum { REASON_MAX = 500, REPORT_MAX = 2 << 20 };

static int add(const struct alert *a, void *arg)
{
	json_t *j = json_pack("{s:s,s:s,s:I,s:s,s:s,s:s,s:s,s:o}", "release", a->release,
			      "draft", a->draft, "version", (json_int_t)a->revision, "title",
			      a->title, "worst", a->worst, "rules", a->rules, "report_sha256",
			      a->report, "time", digest_time(a->time));

	return json_array_append_new(arg, j) == 0 ? SL_OK : SL_E_NOMEM;
}

int review_alerts_add(const struct review *v, json_t *result)
{
	json_t *list = json_array();
	int r = list == NULL ? SL_E_NOMEM : store_alert_each(v->store, add, list);

	if (r == SL_OK && json_array_size(list) > 0 &&
	    json_object_set(result, "alerts", list) != 0)
		r = SL_E_NOMEM;
	json_decref(list);
	return r;
}

struct search {
	const char *release;
	char report[65]; /* of the newest alert about it */
};

static int match(const struct alert *a, void *arg)
{
	struct search *s = arg;

	if (s->report[0] == '\0' && strcmp(a->release, s->release) == 0)
		(void)snprintf(s->report, sizeof(s->report), "%s", a->report);
	return SL_OK;
}

int review_hits(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	struct search s = {.release = json_str(rq->args, "release")};
	json_t *report = NULL;
	struct buf text;
	int r;

	if (!review_is_reviewer(peer->person))
		return why_set(why, SL_E_DENIED, _("you hold no reviewing role"));
	r = s.release == NULL ? SL_E_FORMAT : store_alert_each(v->store, match, &s);
	if (r == SL_OK && s.report[0] == '\0')
		return why_set(why, SL_E_NOTFOUND, _("there is no open alert about %s"),
			       s.release);
	buf_init(&text, REPORT_MAX);
	if (r == SL_OK)
		r = store_object_get(v->store, s.report, REPORT_MAX, &text);
	if (r == SL_OK)
		r = json_parse(text.data, text.len, REPORT_MAX, &report);
	buf_release(&text);
	if (r != SL_OK)
		return r;
	ret->result = json_pack("{s:s,s:s,s:o}", "release", s.release, "report_sha256",
				s.report, "report", report);
	return ret->result == NULL ? SL_E_NOMEM : SL_OK;
}

int review_settle(void *arg, const struct wire_peer *peer, const struct wire_request *rq,
		  struct wire_reply *ret, struct sl_why *why)
{
	const struct review *v = arg;
	const char *release = json_str(rq->args, "release");
	const char *reason = json_str(rq->args, "reason");
	int r;

	if (!review_is_reviewer(peer->person))
		return why_set(why, SL_E_DENIED, _("you hold no reviewing role"));
	if (release == NULL || reason == NULL || reason[0] == '\0' ||
	    json_string_length(json_object_get(rq->args, "reason")) > REASON_MAX)
		return why_set(why, SL_E_FORMAT, _("a release and a reason are needed"));
	r = store_alert_settle(v->store, release, peer->pid, reason);
	if (r == SL_E_NOTFOUND)
		return why_set(why, r, _("there is no open alert about %s"), release);
	if (r != SL_OK)
		return r;
	ret->result = json_pack("{s:s,s:s}", "release", release, "settled_by", peer->pid);
	return ret->result == NULL ? SL_E_NOMEM : SL_OK;
}
