/* policy_classes.c - who must agree to what, until the policy officers decide otherwise. */
#include "keys/policy_classes.h"

enum { NEEDS_MAX = 8, TTL_S = 604800 };

static const struct {
	const char *name;
	int persons;
	struct {
		const char *role;
		int min;
	} need[NEEDS_MAX];
} classes[] = {
	{"A", 3, {{"liaison", 1}, {"unit-leader", 1}, {"desk", 1}}},
	{"B",
	 5,
	 {{"liaison", 1},
	  {"unit-leader", 1},
	  {"desk", 1},
	  {"secrecy", 1},
	  {"column-owner", 1}}},
	{"C",
	 6,
	 {{"unit-leader", 1}, {"legal", 1}, {"secrecy", 2}, {"deputy", 1}, {"desk", 1}}},
	{"D", 4, {{"desk", 1}, {"legal", 1}, {"secrecy", 1}, {"deputy", 1}}},
	{"H",
	 6,
	 {{"unit-leader", 1}, {"legal", 1}, {"secrecy", 2}, {"director", 1}, {"desk", 1}}},
	{"R", 2, {{"unit-leader", 1}, {"desk", 1}}},
	{"S", 3, {{"unit-leader", 1}, {"secrecy", 1}, {"desk", 1}}},
	{"U", 2, {{"duty-leader", 1}, {"duty-publisher", 1}}},
};

static json_t *class_object(unsigned i)
{
	json_t *require = json_array();

	for (unsigned k = 0; k < NEEDS_MAX && classes[i].need[k].role != NULL; k++)
		(void)json_array_append_new(require, json_pack("{s:i,s:s}", "min",
							       classes[i].need[k].min, "role",
							       classes[i].need[k].role));
	return json_pack("{s:i,s:[s,s],s:i,s:o,s:[s]}", "approval_ttl_s", TTL_S, "exclude",
			 "author", "submitter", "min_persons", classes[i].persons, "require",
			 require, "veto", "secrecy");
}

json_t *policy_classes(void)
{
	json_t *rules = json_object();

	for (unsigned i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		(void)json_object_set_new(rules, classes[i].name, class_object(i));
	return rules;
}
