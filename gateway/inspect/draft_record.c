/* draft_record.c - names of the fields that are filled in, and the few values that rules read.
 *
 * Hostile: both objects come from an author's program; the desk has checked their form. */
#include "inspect/draft_record.h"

#include <stdio.h>
#include <string.h>

#include "policy/workdays.h"

static bool is_filled(const json_t *v)
{
	return json_is_string(v) ? json_string_length(v) > 0
				 : json_is_array(v) && json_array_size(v) > 0;
}

static void note(struct draft_record *r, const json_t *fields)
{
	const char *name;
	json_t *v;

	json_object_foreach((json_t *)(uintptr_t)fields, name, v)
	{
		size_t used = strlen(r->given);

		if (is_filled(v) && used + strlen(name) + 2 <= sizeof(r->given))
			(void)snprintf(r->given + used, sizeof(r->given) - used, "%s%s",
				       used > 0 ? "," : "", name);
	}
}

static void take_text(const json_t *fields, const char *name, char *out, size_t cap)
{
	const char *v = json_str(fields, name);

	(void)snprintf(out, cap, "%s", v != NULL && strlen(v) < cap ? v : "");
}

static int64_t take_day(const json_t *fields, const char *name)
{
	const char *v = json_str(fields, name);
	int64_t day = 0;

	return v != NULL && workdays_parse(v, &day) ? day : 0;
}

void draft_record_read(const json_t *manifest, const json_t *internal,
		       struct draft_record *ret_r)
{
	struct draft_record *x = ret_r;

	memset(x, 0, sizeof(*x));
	note(x, manifest);
	note(x, internal);
	take_text(manifest, "source_type", x->source_type, sizeof(x->source_type));
	take_text(internal, "question", x->question, sizeof(x->question));
	take_text(internal, "category", x->category, sizeof(x->category));
	x->scan = (struct scan_record){.given = x->given,
				       .source_type = x->source_type[0] != '\0' ? x->source_type
										: NULL,
				       .question = x->question[0] != '\0' ? x->question : NULL,
				       .category = x->category[0] != '\0' ? x->category : NULL,
				       .received = take_day(internal, "received_on"),
				       .due = take_day(internal, "due_on"),
				       .first = true};
}
