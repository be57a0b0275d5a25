/* acknowledge.c - findings against the reasons given for passing them. */
#include "review/acknowledge.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"

enum { LIST_MAX = 300 };

static bool is_acknowledged(const json_t *list, const char *rule)
{
	const json_t *a;
	size_t i;

	json_array_foreach(list, i, a)
	{
		const char *said = json_str(a, "rule"), *reason = json_str(a, "reason");

		if (said != NULL && strcmp(said, rule) == 0 && reason != NULL &&
		    reason[0] != '\0')
			return true;
	}
	return false;
}

static bool listed(const struct buf *list, const char *rule)
{
	const char *at = strstr(buf_str(list), rule);

	return at != NULL && (at[strlen(rule)] == ',' || at[strlen(rule)] == '\0');
}

static int check_finding(const json_t *f, const json_t *acknowledged, struct buf *missing,
			 struct sl_why *why)
{
	const char *rule = json_str(f, "rule"), *severity = json_str(f, "severity");

	/* Our own inspector wrote it; if it cannot be read, nobody may pass it. */
	if (rule == NULL || severity == NULL)
		return why_set(why, SL_E_CORRUPT, _("the inspection report cannot be read"));
	/* Two persons have answered for it; a spill never comes here. */
	if (json_obj(f, "suppressed") != NULL && strcmp(severity, "S0") != 0)
		return SL_OK;
	if (strcmp(severity, "S0") == 0 || strcmp(severity, "S1") == 0)
		return why_set(why, SL_E_DENIED,
			       _("%s (%s) cannot be approved by anyone; only a new revision "
				 "can go on"),
			       rule, severity);
	if ((strcmp(severity, "S2") == 0 || strcmp(severity, "S3") == 0) &&
	    !is_acknowledged(acknowledged, rule) &&
	    missing->len + strlen(rule) + 2 < LIST_MAX && !listed(missing, rule))
		buf_putf(missing, "%s%s", missing->len > 0 ? ", " : "", rule);
	return buf_error(missing);
}

int acknowledge_check(const json_t *report, const json_t *acknowledged, struct sl_why *why)
{
	const json_t *file, *f;
	struct buf missing;
	size_t i, k;
	int r = SL_OK;

	buf_init(&missing, LIST_MAX);
	json_array_foreach(json_arr(report, "files"), i, file)
	{
		json_array_foreach(json_arr(file, "findings"), k, f)
		{
			r = check_finding(f, acknowledged, &missing, why);
			if (r != SL_OK)
				goto out;
		}
	}
	if (missing.len > 0)
		r = why_set(
			why, SL_E_DENIED,
			_("these findings need a reason from you before you can approve: %s"),
			buf_str(&missing));
out:
	buf_release(&missing);
	return r;
}
