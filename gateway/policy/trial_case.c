/* trial_case.c - read the circumstances of a test text and run the rules on it. */
#include "policy/trial_case.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "policy/workdays.h"

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

/* Facts of the draft's record; *ret_ok is false when the value is not understood. */
static bool take_record(struct trial_case *k, const char *name, char *value, bool *ret_ok)
{
	struct scan_record *r = &k->record;

	*ret_ok = true;
	if (strcmp(name, "given") == 0)
		r->given = value;
	else if (strcmp(name, "source") == 0)
		r->source_type = value;
	else if (strcmp(name, "question") == 0)
		r->question = value;
	else if (strcmp(name, "category") == 0)
		r->category = value;
	else if (strcmp(name, "received") == 0)
		*ret_ok = workdays_parse(value, &r->received);
	else if (strcmp(name, "due") == 0)
		*ret_ok = workdays_parse(value, &r->due);
	else if (strcmp(name, "picture") == 0)
		r->picture = *ret_ok = text_to_u64(value, strlen(value), INT64_MAX, &r->bytes);
	else
		return false;
	r->first = true;
	k->context.record = r;
	return true;
}

static bool take_repeat(struct trial_case *k, const char *value)
{
	uint64_t n;

	/* The text is not known yet: its length is this number until it is. */
	if (!text_to_u64(value, strlen(value), TRIAL_CASE_TEXT, &n) || n == 0)
		return false;
	k->segment.len = (uint32_t)n;
	return true;
}

static bool take(struct trial_case *k, const char *name, char *value)
{
	enum segment_where where;
	bool ok;

	if (take_record(k, name, value, &ok))
		return ok;
	if (strcmp(name, "repeat") == 0)
		return take_repeat(k, value);
	if (strcmp(name, "where") == 0) {
		if (where_from_name(value, &where) != SL_OK)
			return false;
		k->segment.where = (uint8_t)where;
		return true;
	}
	if (strcmp(name, "severity") == 0)
		return take_severity(value, &k->severity);
	if (strcmp(name, "today") == 0)
		return workdays_parse(value, &k->context.today);
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

/* The text behind the brackets, as often as the head says. */
static int take_text(struct trial_case *k, const char *text, struct sl_why *why)
{
	size_t n = k->segment.len > 0 ? k->segment.len : 1, len = strlen(text);

	if (len == 0)
		return why_set(why, SL_E_FORMAT, _("there is no text"));
	if (len > TRIAL_CASE_TEXT / n)
		return why_set(why, SL_E_LIMIT, _("the text is too long"));
	if (n > 1) {
		k->repeated = malloc(n * len);
		if (k->repeated == NULL)
			return SL_E_NOMEM;
		for (size_t i = 0; i < n; i++)
			memcpy(k->repeated + i * len, text, len);
		text = k->repeated;
	}
	k->segment.text = text;
	k->segment.len = (uint32_t)(n * len);
	k->segment.line = k->segment.column = 1;
	return SL_OK;
}

void trial_case_release(struct trial_case *k)
{
	free(k->repeated);
	k->repeated = NULL;
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
	return take_text(k, end != NULL ? end + 2 : text, why);
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
