/* extract_links.c - relationships of a part, with targets made into member names.
 *
 * Hostile: targets that climb out of the package end at its root, as in office
 * programs; ids may be given twice (the first one counts). */
#include "inspect/extract/extract_links.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "inspect/extract/extract_xml.h"

enum { LINKS_MAX = 16384, ID_MAX = 64, TYPE_MAX = 64 };

struct link_row {
	char id[ID_MAX], type[TYPE_MAX], member[EXTRACT_MEMBER_NAME_MAX];
};

struct extract_links {
	struct link_row *rows;
	size_t n, cap;
	const char *base; /* member that the targets are relative to; while reading */
	int error;
};

void extract_member_name(const char *base, const char *target,
			 char out[EXTRACT_MEMBER_NAME_MAX])
{
	const char *slash = strrchr(base, '/');
	size_t n = 0;

	if (target[0] != '/' && slash != NULL) {
		n = (size_t)(slash - base) + 1;
		n = (n < EXTRACT_MEMBER_NAME_MAX) ? n : 0;
		memcpy(out, base, n);
	}
	while (*target != '\0') {
		size_t len = strcspn(target, "/");
		bool more = target[len] == '/';

		if (len == 2 && memcmp(target, "..", 2) == 0) {
			n = (n > 0) ? n - 1 : 0;
			while (n > 0 && out[n - 1] != '/')
				n--;
		} else if (len > 0 && !(len == 1 && target[0] == '.')) {
			if (n + len + 2 > EXTRACT_MEMBER_NAME_MAX)
				break;
			memcpy(out + n, target, len);
			n += len;
			if (more)
				out[n++] = '/';
		}
		target += len + more;
	}
	out[n] = '\0';
}

static void on_start(void *arg, const char *name, const struct extract_xml_attrs *a)
{
	struct extract_links *l = arg;
	void *list = l->rows;
	char type[256], target[EXTRACT_MEMBER_NAME_MAX], mode[16];
	const char *tail;
	struct link_row *row;

	if (strcmp(name, "Relationship") != 0 ||
	    (extract_xml_attr(a, "TargetMode", mode, sizeof(mode)) &&
	     strcasecmp(mode, "External") == 0) ||
	    l->error != SL_OK)
		return;
	l->error = extract_grow(&list, l->n, &l->cap, sizeof(*row), LINKS_MAX);
	l->rows = list;
	if (l->error != SL_OK)
		return;
	row = &l->rows[l->n++];
	(void)extract_xml_attr(a, "Id", row->id, sizeof(row->id));
	(void)extract_xml_attr(a, "Type", type, sizeof(type));
	(void)extract_xml_attr(a, "Target", target, sizeof(target));
	tail = strrchr(type, '/');
	(void)snprintf(row->type, sizeof(row->type), "%.63s", (tail != NULL) ? tail + 1 : type);
	extract_member_name(l->base, target, row->member);
}

int extract_links_read(const struct extract_package *pkg, const char *member,
		       struct extract_links **ret_l)
{
	static const struct extract_xml_events events = {.start = on_start};
	const char *slash = strrchr(member, '/');
	int dir = (slash != NULL) ? (int)(slash - member) + 1 : 0;
	const struct extract_member *m;
	struct extract_links *l;
	char rels[EXTRACT_MEMBER_NAME_MAX];
	int r = SL_OK;

	l = calloc(1, sizeof(*l));
	if (l == NULL)
		return SL_E_NOMEM;
	l->base = member;
	(void)snprintf(rels, sizeof(rels), "%.*s_rels/%s.rels", dir, member, member + dir);
	m = extract_package_find(pkg, rels);
	if (m != NULL)
		r = extract_xml_parse(m->data, m->len, &events, l);
	if (r == SL_OK)
		r = l->error;
	if (r != SL_OK) {
		extract_links_free(l);
		return r;
	}
	*ret_l = l;
	return SL_OK;
}

void extract_links_free(struct extract_links *l)
{
	if (l == NULL)
		return;
	free(l->rows);
	free(l);
}

const char *extract_links_get(const struct extract_links *l, const char *id)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->rows[i].id, id) == 0)
			return l->rows[i].member;
	return NULL;
}

const char *extract_links_of_type(const struct extract_links *l, const char *type)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->rows[i].type, type) == 0)
			return l->rows[i].member;
	return NULL;
}
