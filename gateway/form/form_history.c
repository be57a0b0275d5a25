/* form_history.c - a report in numbers, and what became of a draft after the votes. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "form/form_record.h"

enum { RULES_MAX = 500 };

static json_t *rule_row(json_t *rules, const json_t *finding, const char *rule,
			const char *severity)
{
	json_t *row;
	size_t i;

	json_array_foreach(rules, i, row)
	{
		if (strcmp(json_str(row, "rule"), rule) == 0 &&
		    strcmp(json_str(row, "severity"), severity) == 0)
			return row;
	}
	if (json_array_size(rules) == RULES_MAX)
		return NULL;
	row = json_pack("{s:s,s:s,s:i,s:i}", "rule", rule, "severity", severity, "count", 0,
			"suppressed", 0);
	if (row != NULL && json_obj(finding, "message") != NULL)
		(void)json_object_set(row, "message", json_object_get(finding, "message"));
	if (json_array_append_new(rules, row) != 0)
		return NULL;
	return row;
}

static void add_one(json_t *row, const char *name)
{
	int64_t n = 0;

	(void)json_i64(row, name, &n);
	(void)json_object_set_new(row, name, json_integer(n + 1));
}

static void count_finding(json_t *rules, json_t *counts, const json_t *f)
{
	const char *rule = json_str(f, "rule"), *severity = json_str(f, "severity");
	bool suppressed = json_obj(f, "suppressed") != NULL;
	json_t *row;

	if (rule == NULL || severity == NULL || severity[0] != 'S' || severity[1] < '0' ||
	    severity[1] > '4' || severity[2] != '\0')
		return;
	row = rule_row(rules, f, rule, severity);
	if (row != NULL)
		add_one(row, suppressed ? "suppressed" : "count");
	add_one(counts, suppressed ? "suppressed" : severity);
}

/* By severity and then by rule, whatever the order in the report was. */
static void sort_rules(json_t *rules)
{
	for (size_t i = 1; i < json_array_size(rules); i++) {
		for (size_t k = i; k > 0; k--) {
			json_t *a = json_array_get(rules, k - 1), *b = json_array_get(rules, k);
			int order = strcmp(json_str(a, "severity"), json_str(b, "severity"));

			if (order == 0)
				order = strcmp(json_str(a, "rule"), json_str(b, "rule"));
			if (order <= 0)
				break;
			json_incref(a);
			json_incref(b);
			(void)json_array_set_new(rules, k - 1, b);
			(void)json_array_set_new(rules, k, a);
		}
	}
}

json_t *form_record_report(const json_t *report, const char *sha256)
{
	json_t *counts = json_pack("{s:i,s:i,s:i,s:i,s:i,s:i}", "S0", 0, "S1", 0, "S2", 0, "S3",
				   0, "S4", 0, "suppressed", 0);
	json_t *rules = json_array(), *policy = NULL, *j;
	const json_t *file, *f, *o;
	int64_t unread = 0;
	size_t i, k;

	json_array_foreach(json_arr(report, "files"), i, file)
	{
		json_array_foreach(json_arr(file, "findings"), k, f)
			count_finding(rules, counts, f);
		json_array_foreach(json_arr(file, "objects"), k, o)
		{
			const char *state = json_str(o, "state");

			unread += state != NULL && strcmp(state, "inspected") != 0;
		}
		if (policy == NULL)
			policy = json_deep_copy(json_obj(file, "policy"));
	}
	sort_rules(rules);
	j = json_pack("{s:s,s:s,s:o,s:o,s:o,s:I}", "sha256", sha256, "verdict",
		      json_str(report, "verdict") != NULL ? json_str(report, "verdict") : "",
		      "counts", counts, "rules", rules, "rules_in_force",
		      policy != NULL ? policy : json_object(), "unread", (json_int_t)unread);
	return j;
}

int64_t form_record_pages(const json_t *report, size_t index)
{
	const json_t *file = json_array_get(json_arr(report, "files"), index), *o;
	static const char mark[] = "/page-";
	uint64_t most = 0, n;
	size_t i;

	json_array_foreach(json_arr(file, "objects"), i, o)
	{
		const char *path = json_str(o, "path"), *id = json_str(o, "id");
		const char *at = path != NULL ? strrchr(path, '/') : NULL;

		/* Pages of the file itself: one dot in the number, not those of a part. */
		if (at == NULL || id == NULL || strchr(id, '.') != strrchr(id, '.') ||
		    strncmp(at, mark, sizeof(mark) - 1) != 0)
			continue;
		at += sizeof(mark) - 1;
		if (text_to_u64(at, strlen(at), 1000000, &n) && n > most)
			most = n;
	}
	return (int64_t)most;
}

static const char *latest(const char *a, const char *b)
{
	int64_t t;

	if (b == NULL || !clock_parse(b, strlen(b), &t))
		return a;
	return strcmp(a, b) < 0 ? b : a;
}

/* Only what the form prints: moves that matter to it, and orders. */
static json_t *history_row(const json_t *entry)
{
	const json_t *record = json_obj(entry, "record");
	const char *time = json_str(entry, "time"), *actor = json_str(entry, "actor"),
		   *kind = json_str(entry, "kind"), *reason = json_str(record, "reason"), *what;
	int64_t serial = 0;
	json_t *row;

	if (time == NULL || actor == NULL || kind == NULL)
		return NULL;
	what = json_str(record, strcmp(kind, "draft.move") == 0 ? "to" : "action");
	if (what == NULL)
		return NULL;
	row = json_pack("{s:s,s:s,s:s,s:s,s:s}", "time", time, "actor", actor, "kind", kind,
			"what", what, "reason", reason != NULL ? reason : "");
	if (row != NULL && json_i64(record, "serial", &serial))
		(void)json_object_set_new(row, "serial", json_integer(serial));
	return row;
}

int form_record_history(const json_t *answer, json_t *record)
{
	const char *released = "", *as_of = "";
	const json_t *entry, *vote;
	json_t *list = json_array(), *row;
	size_t i;

	json_array_foreach(json_arr(answer, "entries"), i, entry)
	{
		row = history_row(entry);
		if (row == NULL)
			continue;
		if (strcmp(json_str(row, "what"), "RELEASED") == 0 && released[0] == '\0')
			released = json_str(entry, "time");
		as_of = latest(as_of, json_str(entry, "time"));
		(void)json_array_append_new(list, row);
	}
	json_array_foreach(json_arr(record, "votes"), i, vote) as_of =
		latest(as_of, json_str(vote, "time"));
	json_array_foreach(json_arr(record, "steps"), i, vote) as_of =
		latest(as_of, json_str(vote, "time"));
	as_of = latest(as_of, json_str(json_obj(record, "submission"), "time"));
	as_of = latest(as_of, json_str(json_obj(record, "manifest"), "created"));
	if (json_object_set_new(record, "history", list) != 0 ||
	    json_object_set_new(record, "released", json_string(released)) != 0 ||
	    json_object_set_new(record, "as_of", json_string(as_of)) != 0)
		return SL_E_NOMEM;
	return SL_OK;
}
