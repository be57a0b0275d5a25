/* predicate_release.c - what the gateway itself states, and the orders it acts on.
 *
 * Hostile: predicates of parsed statements; read as strictly as in predicate.c. */
#include <string.h>

#include "base/text.h"
#include "trust/predicate_private.h"

/* The properties a release statement claims: fixed, so that "proved" cannot be
 * read as less by one platform and more by another. */
static const char *const proved[] = {"approvals", "inspection", "manifest", "policy", NULL};

static json_t *proved_new(void)
{
	json_t *list = json_array();

	for (unsigned i = 0; proved[i] != NULL && list != NULL; i++) {
		if (json_array_append_new(list, json_string(proved[i])) != 0) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

json_t *release_predicate(const char *const *inputs, unsigned n, const char *policy_sha256,
			  int64_t policy_version, int64_t serial, int64_t time)
{
	const char *sorted[ATTEST_LINES_MAX];
	json_t *list;

	if (n > ATTEST_LINES_MAX)
		return NULL;
	list = json_array();
	for (unsigned i = 0; i < n; i++)
		sorted[i] = inputs[i];
	qsort(sorted, n, sizeof(sorted[0]), by_text);
	for (unsigned i = 0; i < n; i++) {
		if (json_array_append_new(list, json_string(sorted[i])) != 0) {
			json_decref(list);
			return NULL;
		}
	}
	return json_pack("{s:o,s:{s:s,s:I},s:o,s:I,s:o}", "inputs", list, "policy", "sha256",
			 policy_sha256, "version", (json_int_t)policy_version, "proved",
			 proved_new(), "serial", (json_int_t)serial, "time",
			 predicate_time_new(time));
}

static bool proved_ok(const json_t *list)
{
	json_t *want = proved_new();
	bool same = json_equal(list, want) == 1;

	json_decref(want);
	return same;
}

/* Sorted strictly ascending, so no envelope is named twice. */
static bool inputs_ok(const json_t *list)
{
	const char *before = "";
	const json_t *v;
	size_t i;

	if (list == NULL || json_array_size(list) == 0 ||
	    json_array_size(list) >= ATTEST_LINES_MAX)
		return false;
	json_array_foreach(list, i, v)
	{
		const char *s = json_string_value(v);

		if (s == NULL || !text_is_sha256(s) || strcmp(before, s) >= 0)
			return false;
		before = s;
	}
	return true;
}

int release_read(const struct statement *s, const json_t **ret_inputs,
		 const char **ret_policy_sha256, int64_t *ret_policy_version,
		 int64_t *ret_serial, int64_t *ret_time, struct sl_why *why)
{
	static const char *const names[] = {"inputs", "policy", "proved",
					    "serial", "time",	NULL};
	const json_t *j = s->predicate, *inputs = json_arr(j, "inputs");
	int64_t version, serial, time;
	const char *policy;

	if (s->kind != PRED_RELEASE || !json_has_only(j, names, NULL) || !inputs_ok(inputs) ||
	    !predicate_policy(j, &policy, &version) || !proved_ok(json_arr(j, "proved")) ||
	    !json_i64(j, "serial", &serial) || serial < 1 || !json_time(j, "time", &time))
		return why_set(why, SL_E_FORMAT, "release is malformed");
	*ret_inputs = inputs;
	*ret_policy_sha256 = policy;
	*ret_policy_version = version;
	*ret_serial = serial;
	*ret_time = time;
	return SL_OK;
}
