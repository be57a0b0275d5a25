/* test_policy_follow.c - a correction never takes a shorter review than what it corrects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "crypto/hash.h"
#include "policy/route_follow.h"
#include "policy/route_prove.h"

static struct routes *shipped(void)
{
	struct sl_why why = {""};
	struct routes *r = NULL;

	if (routes_load(SL_SOURCE_DIR "/policies", &r, &why) != SL_OK)
		fail_msg("%s", why.text);
	return r;
}

static void covering(void **state)
{
	static const struct {
		const char *way, *other;
		bool want;
	} rows[] = {
		{"A", "A", true},  {"B", "A", true},  {"A", "B", false}, {"C", "B", false},
		{"B", "C", false}, {"S", "R", true},  {"R", "S", false}, {"C", "R", true},
		{"C", "S", true},  {"H", "C", false}, {"C", "H", false}, {"A", "R", true},
		{"C", "A", false}, {"D", "D", true},  {"D", "R", false}, {"C", "D", false},
	};
	struct routes *r = shipped();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (route_covers(routes_find(r, rows[i].way), routes_find(r, rows[i].other)) !=
		    rows[i].want)
			fail_msg("%s over %s", rows[i].way, rows[i].other);
	}
	routes_free(r);
}

static void corrections(void **state)
{
	static const struct {
		const char *type, *klass, *released, *want; /* want NULL: refused */
	} rows[] = {
		{"CT05", NULL, NULL, "A"},
		{"CT19", NULL, NULL, "A"},
		{"CT05", "A", "CT04", "A"},
		{"CT04", "B", "CT10", "B"},
		{"CT10", "A", "CT04", "B"},
		{"CT04", "C", "CT06", NULL},
		{"CT19", "C", "CT06", "C"},
		{"CT06", "C", "CT04", "C"},
		{"CT10", "C", "CT10", NULL},
		{"CT16", "S", "CT16", "S"},
		{"CT16", "A", "CT05", "A"},
		{"CT06", "S", "CT16", "C"},
		{"CT08", "C", "CT06", NULL},
		{"CT17", "A", "CT04", NULL},
		/* What was released at once counts as what its type is otherwise. */
		{"CT05", "U", "CT05", "A"},
		{"CT19", "U", "CT07", "A"},
		{"CT04", "Q", "CT10", "B"},
	};
	struct routes *r = shipped();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct route *old =
			rows[i].klass == NULL
				? NULL
				: route_of_released(r, rows[i].klass, rows[i].released);
		const struct route *way = route_for(r, routes_type(r, rows[i].type), old);

		if ((way == NULL) != (rows[i].want == NULL) ||
		    (way != NULL && strcmp(way->id, rows[i].want) != 0))
			fail_msg("%s of %s by %s: %s", rows[i].type, rows[i].released,
				 rows[i].klass, way == NULL ? "none" : way->id);
	}
	routes_free(r);
}

/* The same once more, by who does not believe the desk. */
static void proved(void **state)
{
	static const struct {
		const char *type, *original, *way;
		int want;
	} rows[] = {
		{"CT05", NULL, "A", SL_OK},	  {"CT05", NULL, "C", SL_OK},
		{"CT05", NULL, "U", SL_OK},	  {"CT05", NULL, "B", SL_E_DENIED},
		{"CT19", NULL, "B", SL_E_DENIED}, {"CT19", "B", "B", SL_OK},
		{"CT19", "B", "C", SL_OK},	  {"CT19", "B", "A", SL_E_DENIED},
		{"CT05", "B", "B", SL_OK},	  {"CT05", "B", "A", SL_E_DENIED},
		{"CT05", "A", "U", SL_OK},	  {"CT05", "B", "U", SL_E_DENIED},
		{"CT05", "C", "A", SL_E_DENIED},  {"CT05", "C", "C", SL_E_DENIED},
		{"CT99", "A", "A", SL_E_DENIED},
	};
	struct routes *r = shipped();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct route *old =
			rows[i].original != NULL ? routes_find(r, rows[i].original) : NULL;
		struct sl_why why = {""};

		if (route_may_take(r, rows[i].type, old, routes_find(r, rows[i].way), &why) !=
		    rows[i].want)
			fail_msg("%s of %s by %s", rows[i].type, rows[i].original, rows[i].way);
	}
	routes_free(r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(covering),
		cmocka_unit_test(corrections),
		cmocka_unit_test(proved),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
