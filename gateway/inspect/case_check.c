/* case_check.c - one filter's word against another's.
 *
 * A filter that was taken over, or that simply stopped early, is caught by the
 * number another one counted.  Every disagreement fails the file itself. */
#include "inspect/case.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void case_fail(struct inspect_case *c, const char *fmt, ...)
{
	struct filter_object *o = &c->objects[0];
	va_list ap;

	if (o->state == OBJECT_FAILED)
		return;
	o->state = OBJECT_FAILED;
	va_start(ap, fmt);
	(void)vsnprintf(o->reason, sizeof(o->reason), fmt, ap);
	va_end(ap);
}

/* type, av and extract each count the members of a package in their own way. */
static void check_members(struct inspect_case *c)
{
	const struct filter_reply *type = case_believed(c, FILTER_TYPE),
				  *av = case_believed(c, FILTER_AV);
	const struct filter_reply *extract = case_believed(c, FILTER_EXTRACT);
	uint64_t files, all, n, m;

	if (type == NULL || !filter_reply_number(type, "members", &files) ||
	    !filter_reply_number(type, "entries", &all))
		return;
	if (av != NULL && (!filter_reply_number(av, "members", &n) || n != files))
		case_fail(c, "members-type-%llu-av-differs", (unsigned long long)files);
	if (extract == NULL || !filter_reply_number(extract, "members-opened", &n))
		return;
	if (n != all || !filter_reply_number(extract, "members-promised", &m) || m != n)
		case_fail(c, "members-type-%llu-extract-%llu", (unsigned long long)all,
			  (unsigned long long)n);
}

static void check_av_counts(struct inspect_case *c)
{
	const struct filter_reply *av = case_believed(c, FILTER_AV);
	uint64_t promised, opened;

	if (av == NULL || av->n_objects == 0 || av->objects[0].state != OBJECT_INSPECTED)
		return;
	if (!filter_reply_number(av, "members-promised", &promised) ||
	    !filter_reply_number(av, "members-opened", &opened))
		case_fail(c, "av-without-counts");
	else if (promised != opened)
		case_fail(c, "members-promised-%llu-opened-%llu", (unsigned long long)promised,
			  (unsigned long long)opened);
}

/* What libclamav calls the file, where that contradicts the structure: the third vote. */
static const struct {
	const char *root;
	const char *types[3]; /* prefixes that agree */
} roots[] = {
	{"CL_TYPE_PDF", {"application/pdf"}},
	{"CL_TYPE_ZIP", {"application/"}},
	{"CL_TYPE_OOXML", {"application/vnd."}},
	{"CL_TYPE_MSOLE2", {"application/ms", "application/vnd.ms-", "application/x-ole"}},
	{"CL_TYPE_MSEXE", {"application/vnd.microsoft"}},
	{"CL_TYPE_ELF", {"application/x-executable"}},
	{"CL_TYPE_MACHO", {"application/x-mach"}},
	{"CL_TYPE_RAR", {"application/vnd.rar"}},
	{"CL_TYPE_7Z", {"application/x-7z"}},
	{"CL_TYPE_PNG", {"image/png"}},
	{"CL_TYPE_JPEG", {"image/jpeg"}},
	{"CL_TYPE_GIF", {"image/gif"}},
	{"CL_TYPE_TIFF", {"image/tiff"}},
};

static void check_votes(struct inspect_case *c)
{
	const struct filter_reply *av = case_believed(c, FILTER_AV);
	const char *root = av != NULL ? filter_reply_fact(av, "root") : NULL;
	const char *type = c->objects[0].type;

	if (av == NULL || type[0] == '\0')
		return;
	/* An empty or tiny file has no layer; then there is no vote to count. */
	for (size_t i = 0; root != NULL && i < sizeof(roots) / sizeof(roots[0]); i++) {
		bool agrees = false;

		if (strncmp(root, roots[i].root, strlen(roots[i].root)) != 0)
			continue;
		for (unsigned k = 0; k < 3 && roots[i].types[k] != NULL; k++)
			agrees = agrees || strncmp(type, roots[i].types[k],
						   strlen(roots[i].types[k])) == 0;
		if (!agrees)
			case_fail(c, "polyglot");
	}
}

void case_cross_check(struct inspect_case *c)
{
	check_members(c);
	check_av_counts(c);
	check_votes(c);
	case_see_check(c);
}
