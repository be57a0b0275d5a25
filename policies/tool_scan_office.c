/* tool_scan_office.c - a look for old documents that costs less than loading LibreOffice.
 *
 * Hostile: the bytes, which are only searched. */
#include "policies/tool_scan_office.h"

#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/file.h"

enum { LOOKED_AT = 64 << 20 };

struct sign {
	const char *bytes;
	size_t len;
};
#define SIGN(s)                                                                                \
	{                                                                                      \
		(s), sizeof(s) - 1                                                             \
	}

/* Packers whose content only shows when it is unpacked. */
static const struct sign packed[] = {
	SIGN("7z\xbc\xaf\x27\x1c"),
	SIGN("Rar!"),
	SIGN("\x1f\x8b"),
};

/* The first bytes of such a document (as they are, in base64 of a mail, in RTF), and in a
 * ZIP or PDF the names of what may be one or may carry one. */
static const struct sign signs[] = {
	SIGN("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
	SIGN("0M8R4KGxGuE"),
	SIGN("d0cf11e0"),
	SIGN("D0CF11E0"),
	SIGN("embeddings/"),
	SIGN("EmbeddedFile"),
	SIGN(".doc"),
	SIGN(".xls"),
	SIGN(".ppt"),
	SIGN(".wps"),
	SIGN(".et"),
	SIGN(".dps"),
	SIGN(".DOC"),
	SIGN(".XLS"),
	SIGN(".PPT"),
	SIGN(".WPS"),
	SIGN(".zip"),
	SIGN(".7z"),
	SIGN(".rar"),
	SIGN(".tar"),
	SIGN(".gz"),
	SIGN(".tgz"),
	SIGN(".eml"),
};

static bool search(const void *bytes, size_t len)
{
	for (size_t i = 0; i < sizeof(packed) / sizeof(packed[0]); i++)
		if (len >= packed[i].len && memcmp(bytes, packed[i].bytes, packed[i].len) == 0)
			return true;
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++)
		if (memmem(bytes, len, signs[i].bytes, signs[i].len) != NULL)
			return true;
	return false;
}

/* Texts name files without carrying any. */
static bool may_carry(const char *path, const uint8_t *bytes, size_t len)
{
	const char *dot = strrchr(path, '.');

	return (dot != NULL && strcmp(dot, ".eml") == 0) ||
	       memchr(bytes, '\0', len < 4096 ? len : 4096) != NULL ||
	       (len > 5 && (memcmp(bytes, "{\\rtf", 5) == 0 || memcmp(bytes, "%PDF-", 5) == 0));
}

bool tool_scan_needs_office(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct stat st;
	void *map = MAP_FAILED;
	size_t len = 0;
	bool needs = false;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
		len = st.st_size < LOOKED_AT ? (size_t)st.st_size : LOOKED_AT;
		map = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	}
	if (map != MAP_FAILED) {
		needs = may_carry(path, map, len) && search(map, len);
		(void)munmap(map, len);
	}
	file_close(fd);
	return needs;
}
