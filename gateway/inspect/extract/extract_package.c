/* extract_package.c - libarchive over the document's bytes, with ceilings.
 *
 * Hostile: bombs (each member, the sum and the ratio are bounded), encrypted,
 * truncated and unsupported members (each fails by name), two members of one
 * name (programs differ in which they read), more or fewer members than the
 * end record promises. */
#include "inspect/extract/extract_package.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "inspect/extract/extract_archive.h"
#include "inspect/extract/extract_props.h"
#include "inspect/extract/extract_xml_unheard.h"

enum {
	MEMBERS_MAX = 10000,
	STEP = 1 << 16,
	RATIO_FROM = 4 << 20, /* smaller members may shrink as they like */
	RATIO_MAX = 300,
	END_RECORD = 22,
	END_COMMENT_MAX = 65535,
};

int extract_package_init(void)
{
	return (setlocale(LC_CTYPE, "C.UTF-8") != NULL) ? SL_OK : SL_E_CONFIG;
}

bool extract_ends_with(const char *s, const char *tail)
{
	size_t n = strlen(s), t = strlen(tail);

	return n >= t && strcasecmp(s + n - t, tail) == 0;
}

void extract_package_release(struct extract_package *pkg)
{
	for (size_t i = 0; i < pkg->n; i++) {
		free(pkg->members[i].name);
		free(pkg->members[i].data);
	}
	free(pkg->members);
	*pkg = (struct extract_package){0};
}

struct extract_member *extract_package_find(const struct extract_package *pkg, const char *name)
{
	for (size_t i = 0; i < pkg->n; i++) {
		struct extract_member *m = &pkg->members[i];

		if (strcasecmp(m->name, name) == 0 && m->data != NULL)
			return m;
	}
	return NULL;
}

int extract_package_shown(struct extract *x, struct extract_member *m, const char *reason)
{
	struct buf bytes = {
		.data = (uint8_t *)m->data, .len = m->len, .cap = m->len, .max = m->len};
	int r = SL_OK;

	if (m->data == NULL) {
		extract_fail(m->part, reason);
		return SL_OK;
	}
	m->data = NULL; /* moved */
	r = extract_shown(x, m->part, m->name, &bytes, reason);
	buf_release(&bytes);
	return r;
}

/* Entries that the end-of-directory record promises; -1 when there is none. */
static long promised(const uint8_t *s, size_t len)
{
	size_t low =
		(len > END_RECORD + END_COMMENT_MAX) ? len - END_RECORD - END_COMMENT_MAX : 0;

	if (len < END_RECORD)
		return -1;
	for (size_t at = len - END_RECORD + 1; at-- > low;)
		if (memcmp(s + at, "PK\5\6", 4) == 0)
			return s[at + 10] | s[at + 11] << 8;
	return -1;
}

static int member_add(struct extract_package *pkg, const char *name,
		      struct extract_member **ret_m)
{
	struct extract_member *m;

	if (pkg->n >= MEMBERS_MAX)
		return SL_E_LIMIT;
	if (pkg->n == pkg->cap) {
		size_t cap = (pkg->cap == 0) ? 32 : pkg->cap * 2;
		void *more = reallocarray(pkg->members, cap, sizeof(*m));

		if (more == NULL)
			return SL_E_NOMEM;
		pkg->members = more;
		pkg->cap = cap;
	}
	m = &pkg->members[pkg->n];
	*m = (struct extract_member){.name = strdup(name)};
	if (m->name == NULL)
		return SL_E_NOMEM;
	pkg->n++;
	*ret_m = m;
	return SL_OK;
}

bool extract_is_bomb(size_t unpacked, size_t packed)
{
	return unpacked > RATIO_FROM && unpacked / RATIO_MAX > packed;
}

int extract_inflate(struct archive *a, size_t max, struct buf *keep, size_t *ret_len)
{
	static uint8_t step[STEP];
	size_t len = 0;

	for (;;) {
		la_ssize_t n = archive_read_data(a, step, sizeof(step));

		if (n == 0)
			break;
		if (n < 0)
			return SL_E_FORMAT; /* method, checksum or damaged data */
		len += (size_t)n;
		if (len > max)
			return SL_E_LIMIT;
		if (keep == NULL)
			continue;
		buf_put(keep, step, (size_t)n);
		if (buf_error(keep) == SL_E_NOMEM)
			return SL_E_NOMEM;
		if (buf_error(keep) != SL_OK) { /* more than is wanted: only counted */
			buf_release(keep);
			keep = NULL;
		}
	}
	*ret_len = len;
	return SL_OK;
}

static bool is_xml(const char *name)
{
	static const char *const ends[] = {".xml", ".rels", ".vml", ".rdf"};

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (extract_ends_with(name, ends[i]))
			return true;
	return false;
}

/* Read one member; its failure is its own, x->unpacked guards the whole file. */
static int read_member(struct extract *x, struct archive *a, struct archive_entry *entry,
		       bool want, struct extract_member *m)
{
	struct buf keep;
	size_t max = EXTRACT_UNPACKED_MAX - x->unpacked;
	int r;

	/* A film may be as long as it likes, it is not looked at then; XML has to be read. */
	if (want && max > EXTRACT_XML_MAX && is_xml(m->name))
		max = EXTRACT_XML_MAX;
	buf_init(&keep, max < EXTRACT_XML_MAX ? max : EXTRACT_XML_MAX);
	if (archive_entry_is_encrypted(entry))
		m->error = SL_E_DENIED;
	else
		m->error = extract_inflate(a, max, want ? &keep : NULL, &m->len);
	r = (m->error == SL_E_NOMEM) ? SL_E_NOMEM : SL_OK;
	/* A bomb stops the whole package: what follows is no use. */
	if (m->error == SL_E_LIMIT || (m->error == SL_OK && extract_is_bomb(m->len, x->len)))
		r = SL_E_LIMIT;
	if (r == SL_OK && m->error == SL_OK) {
		x->unpacked += m->len;
		if (want && keep.len == m->len && m->len > 0)
			m->data = (char *)buf_take(&keep, &m->len);
	}
	m->part = (r == SL_OK) ? extract_part_new(x, m->name, m->len) : NULL;
	if (m->part != NULL && m->error != SL_OK)
		extract_fail(m->part, extract_reason(m->error));
	/* No office program shows the name of a member, but whoever unpacks the file sees it.
	 */
	if (m->part != NULL && extract_is_wordy(m->name, strlen(m->name)))
		extract_line(m->part, WHERE_FILENAME, NULL, m->name, strlen(m->name));
	if (m->part != NULL && m->data != NULL && is_xml(m->name))
		extract_xml_unheard(m->part, m->data, m->len, true);
	buf_release(&keep);
	if (r == SL_OK && m->part == NULL)
		r = x->nomem ? SL_E_NOMEM : SL_E_LIMIT;
	return r;
}

static int read_members(struct extract *x, struct archive *a, bool (*keep)(const char *name),
			struct extract_package *pkg)
{
	struct archive_entry *entry;
	int got;

	while ((got = archive_read_next_header(a, &entry)) == ARCHIVE_OK) {
		const char *name = archive_entry_pathname(entry);
		struct extract_member *m;
		int r;

		if (name == NULL || !text_is_utf8(name, strlen(name)))
			return SL_E_FORMAT;
		r = member_add(pkg, name, &m);
		if (r == SL_OK)
			r = read_member(x, a, entry, keep(name), m);
		if (r != SL_OK)
			return r;
	}
	return (got == ARCHIVE_EOF) ? SL_OK : SL_E_FORMAT;
}

static int by_name(const void *a, const void *b)
{
	return strcasecmp(*(const char *const *)a, *(const char *const *)b);
}

/* No two members of one name, upper and lower case alike. */
static int check_names(const struct extract_package *pkg)
{
	const char **names = calloc(pkg->n + 1, sizeof(*names));
	int r = SL_OK;

	if (names == NULL)
		return SL_E_NOMEM;
	for (size_t i = 0; i < pkg->n; i++)
		names[i] = pkg->members[i].name;
	qsort(names, pkg->n, sizeof(*names), by_name);
	for (size_t i = 1; i < pkg->n; i++)
		if (strcasecmp(names[i - 1], names[i]) == 0)
			r = SL_E_FORMAT;
	free(names);
	return r;
}

int extract_package_read(struct extract *x, bool (*keep)(const char *name),
			 struct extract_package *pkg)
{
	struct archive *a;
	long want = promised(x->bytes, x->len);
	int r = SL_E_FORMAT;

	if (want < 0)
		return SL_E_NOTFOUND;
	a = archive_read_new();
	if (a == NULL)
		return SL_E_NOMEM;
	if (archive_read_support_format_zip_seekable(a) == ARCHIVE_OK &&
	    archive_read_set_options(a, "hdrcharset=UTF-8") == ARCHIVE_OK &&
	    archive_read_open_memory(a, x->bytes, x->len) == ARCHIVE_OK)
		r = read_members(x, a, keep, pkg);
	if (r == SL_OK)
		r = check_names(pkg);
	if (r == SL_OK && (size_t)want != pkg->n)
		r = SL_E_FORMAT;
	(void)archive_read_free(a);
	if (r == SL_OK)
		extract_zip_notes(x);
	extract_fact(x, "members-promised", (uint64_t)want);
	extract_fact(x, "members-opened", pkg->n);
	return r;
}
