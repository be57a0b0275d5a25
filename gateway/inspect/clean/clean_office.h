/* clean_office.h - the inner parts of the cleaner of office packages. */
#ifndef SL_INSPECT_CLEAN_OFFICE_H
#define SL_INSPECT_CLEAN_OFFICE_H

#include "inspect/clean/clean.h"
#include "inspect/clean/clean_xml.h"

struct clean_rule;
struct clean_office {
	const struct clean_job *job;
	struct clean_result *result;
	struct sl_why *why;
	const struct clean_rule *rules;
};

enum clean_action { CLEAN_NONE, CLEAN_COPY, CLEAN_XML, CLEAN_PICTURE, CLEAN_LEAVE_OUT };

/* The first row that fits a member's name decides. */
struct clean_rule {
	const char *start, *end; /* of the name; NULL: any */
	enum clean_action action;
	/* CLEAN_XML: what goes beside masks; says it, and returns how much. */
	uint32_t (*change)(struct clean_office *o, xmlDoc *d, const char *member,
			   bool (*left_out)(void *arg, const char *member));
};

/* Ends with a row of CLEAN_NONE. */
const struct clean_rule *clean_office_rules(const char *type);

#endif
