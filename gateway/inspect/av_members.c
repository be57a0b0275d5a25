/* av_members.c - two multisets of sizes and their difference. */
#include "inspect/av_members.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a: only to tell one announcement from another, nothing is trusted to it. */
static uint64_t name_hash(const char *name)
{
	uint64_t h = UINT64_C(14695981039346656037);

	for (; name != NULL && *name != '\0'; name++)
		h = (h ^ (unsigned char)*name) * UINT64_C(1099511628211);
	return h;
}

/* The same member of the same container, told a second time? Both tellings come
 * before the next layer is opened. */
static bool told_before(const struct av_members *m, uint64_t name, uint64_t size, uint32_t position)
{
	for (uint32_t i = m->n_promised; i-- > 0 && m->promised[i].layer == m->n_opened;) {
		if (m->promised[i].position == position && m->promised[i].name == name &&
		    m->promised[i].size == size)
			return true;
	}
	return false;
}

void av_members_promise(struct av_members *m, const char *name, uint64_t size, uint32_t position,
			bool encrypted)
{
	size_t n = name == NULL ? 0 : strlen(name);
	uint64_t hash = name_hash(name);

	m->encrypted |= encrypted;
	/* Folders and empty members have nothing that could be opened. */
	if (size == 0 || (n > 0 && (name[n - 1] == '/' || name[n - 1] == '\\')))
		return;
	if (told_before(m, hash, size, position))
		return;
	if (m->n_promised == AV_MEMBERS_MAX) {
		m->overflow = true;
		return;
	}
	m->promised[m->n_promised].size = size;
	m->promised[m->n_promised].name = hash;
	m->promised[m->n_promised].position = position;
	m->promised[m->n_promised++].layer = m->n_opened;
}

static bool is_container(const char *type)
{
	static const char *const types[] = {
		"CL_TYPE_ZIP",  "CL_TYPE_GZ",      "CL_TYPE_BZ",      "CL_TYPE_RAR",    "CL_TYPE_7Z",
		"CL_TYPE_XZ",   "CL_TYPE_MSCAB",   "CL_TYPE_ARJ",     "CL_TYPE_OOXML_WORD",
		"CL_TYPE_OOXML_XL", "CL_TYPE_OOXML_PPT", "CL_TYPE_POSIX_TAR", "CL_TYPE_OLD_TAR",
		"CL_TYPE_CPIO_OLD", "CL_TYPE_CPIO_ODC", "CL_TYPE_CPIO_NEWC", "CL_TYPE_CPIO_CRC",
		"CL_TYPE_EGG",  "CL_TYPE_ALZ",     "CL_TYPE_ISO9660", "CL_TYPE_XAR",    "CL_TYPE_LHA_LZH"};

	for (size_t i = 0; type != NULL && i < sizeof(types) / sizeof(types[0]); i++) {
		if (strcmp(type, types[i]) == 0)
			return true;
	}
	return false;
}

void av_members_open(struct av_members *m, const char *type, uint64_t size, unsigned level)
{
	if (level == 0) {
		m->container = is_container(type);
		return;
	}
	if (m->n_opened == AV_MEMBERS_MAX)
		m->overflow = true;
	else
		m->opened[m->n_opened++] = size;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

uint32_t av_members_unopened(struct av_members *m)
{
	static uint64_t wanted[AV_MEMBERS_MAX];
	uint32_t k = 0, missing = 0;

	for (uint32_t i = 0; i < m->n_promised; i++)
		wanted[i] = m->promised[i].size;
	qsort(wanted, m->n_promised, sizeof(wanted[0]), by_size);
	qsort(m->opened, m->n_opened, sizeof(m->opened[0]), by_size);
	for (uint32_t i = 0; i < m->n_promised; i++) {
		while (k < m->n_opened && m->opened[k] < wanted[i])
			k++; /* a layer nobody promised: embedded or normalised content */
		if (k < m->n_opened && m->opened[k] == wanted[i])
			k++;
		else
			missing++;
	}
	return missing;
}
