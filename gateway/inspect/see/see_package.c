/* see_package.c - the pictures in a package, whatever their names say.
 *
 * Hostile: bombs and damage, which extract_package_read bounds and fails.  A member is
 * a picture by its first bytes or by its name: one that only pretends is failed. */
#include <stdio.h>

#include "inspect/extract/extract_package.h"
#include "inspect/see/see_header.h"
#include "inspect/see/see_picture.h"

static bool keep_all(const char *name)
{
	(void)name;
	return true;
}

static bool is_picture_name(const char *name)
{
	static const char *const tails[] = {".png", ".jpg",  ".jpeg", ".gif",
					    ".bmp", ".tiff", ".tif",  ".webp"};

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++)
		if (extract_ends_with(name, tails[i]))
			return true;
	return false;
}

static int one_member(struct extract *x, const struct extract_member *m, unsigned *n)
{
	const uint8_t *bytes = (const uint8_t *)m->data;
	bool picture = m->data != NULL && see_kind(bytes, m->len) != SEE_NONE;

	if (m->error != SL_OK || (!picture && !is_picture_name(m->name)))
		return SL_OK;
	if (++*n > SEE_PICTURES_MAX) {
		x->over = true;
		return SL_OK;
	}
	(void)snprintf(m->part->object.type, sizeof(m->part->object.type), "%s",
		       see_kind_type(picture ? see_kind(bytes, m->len) : SEE_NONE));
	return see_picture(m->part, bytes != NULL ? bytes : (const uint8_t *)"", m->len, false);
}

int see_package_document(struct extract *x)
{
	struct extract_package pkg = {0};
	unsigned n = 0;
	int r = extract_package_read(x, keep_all, &pkg);

	for (size_t i = 0; r == SL_OK && i < pkg.n; i++)
		r = one_member(x, &pkg.members[i], &n);
	if (r != SL_OK && r != SL_E_NOMEM)
		extract_fail(extract_file(x), extract_reason(r));
	extract_fact(x, "pictures", n);
	extract_package_release(&pkg);
	return r == SL_E_NOMEM ? r : SL_OK;
}
