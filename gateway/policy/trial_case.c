/* trial_case.c - read the circumstances of a test text and run the rules on it. */
#include "policy/trial_case.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"

bool trial_case_day(const char *text, int64_t *ret_day)
{
	uint64_t year, month, day;

	if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || text[0] == '0')
		return false;
	/* text_to_u64 refuses a leading zero, which months and days have. */
	if (!text_to_u64(text, 4, 9999, &year) ||
	    !text_to_u64(text + 5 + (text[5] == '0'), text[5] == '0' ? 1 : 2, 12, &month) ||
	    !text_to_u64(text + 8 + (text[8] == '0'), text[8] == '0' ? 1 : 2, 31, &day) ||
	    !clock_date_exists((int)year, (int)month, (int)day))
		return false;
	*ret_day = clock_days((int)year, (int)month, (int)day);
	return true;
}

static bool take_severity(const char *value, enum severity *ret_s)
{
	for (unsigned s = 0; s < SEV_COUNT; s++) {
		if (strcmp(value, severity_name((enum severity)s)) == 0) {
			*ret_s = (enum severity)s;
			return true;
		}
	}
	return false;
}

static bool take_channels(struct trial_case *k, char *value)
{
	unsigned n = 0;

	for (char *save = NULL, *one = strtok_r(value, ",", &save); one != NULL;
	     one = strtok_r(NULL, ",", &save)) {
		if (n == TRIAL_CASE_CHANNELS)
			return false;
		k->channels[n++] = one;
	}
	k->context.channels = k->channels;
	return n > 0;
}

static bool take(struct trial_case *k, const char *name, char *value)
{
	enum segment_where where;

	if (strcmp(name, "where") == 0) {
		if (where_from_name(value, &where) != SL_OK)
			return false;
		k->segment.where = (uint8_t)where;
		return true;
	}
	if (strcmp(name, "severity") == 0)
		return take_severity(value, &k->severity);
	if (strcmp(name, "today") == 0)
		return trial_case_day(value, &k->context.today);
	if (strcmp(name, "channel") == 0)
		return take_channels(k, value);
	if (strcmp(name, "type") == 0)
		k->context.content_type = value;
	else if (strcmp(name, "column") == 0)
		k->context.column = value;
	else if (strcmp(name, "disclosure") == 0)
		k->context.disclosure = value;
	else
		return false;
	return true;
}

int trial_case_parse(struct trial_case *k, const char *text, int64_t today, struct sl_why *why)
{
	const char *end = strncmp(text, "[[", 2) == 0 ? strstr(text, "]]") : NULL;
	size_t n = end != NULL ? (size_t)(end - text) - 2 : 0;

	memset(k, 0, sizeof(*k));
	k->severity = SEV_COUNT;
	k->context.offline = true;
	k->context.today = today;
	if (n >= sizeof(k->head))
		return why_set(why, SL_E_LIMIT, _("what stands between [[ and ]] is too long"));
	memcpy(k->head, text + (end != NULL ? 2 : 0), n);
	for (char *save = NULL, *word = strtok_r(k->head, " ", &save); word != NULL;
	     word = strtok_r(NULL, " ", &save)) {
		char *eq = strchr(word, '=');

		if (eq != NULL)
			*eq = '\0';
		if (eq == NULL || !take(k, word, eq + 1))
			return why_set(why, SL_E_FORMAT, _("\"%s=%s\" is not understood"), word,
				       eq != NULL ? eq + 1 : "");
	}
	k->segment.text = end != NULL ? end + 2 : text;
	k->segment.len = (uint32_t)strlen(k->segment.text);
	k->segment.line = k->segment.column = 1;
	return k->segment.len > 0 ? SL_OK : why_set(why, SL_E_FORMAT, _("there is no text"));
}

int trial_case_run(const struct trial_case *k, const struct policy *p, const char *rule,
		   bool *ret_found)
{
	struct finding *f = NULL;
	bool overflow = false, found = false;
	unsigned n = 0;
	int r = policy_scan(p, &k->context, &k->segment, 1, &f, &n, &overflow);

	for (unsigned i = 0; r == SL_OK && i < n; i++) {
		if (strcmp(f[i].rule, rule) == 0 &&
		    (k->severity == SEV_COUNT || f[i].severity == (uint8_t)k->severity))
			found = true;
	}
	free(f);
	if (r == SL_OK)
		*ret_found = found;
	return r;
}
