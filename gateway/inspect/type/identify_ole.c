/* identify_ole.c - Word, Excel and PowerPoint before 2007, WPS, and what hides in
 * the same container: encrypted packages, rights management, macros.
 *
 * libclamav 1.4 says nothing about encryption here, so this file must. */
#include <string.h>

#include "inspect/type/identify.h"
#include "inspect/type/ole.h"

enum {
	FIB_LEN = 32,
	FIB_MAGIC = 0xa5ec,
	FIB_MAGIC_95 = 0xa5dc,
	FIB_ENCRYPTED = 0x0100,
	BIFF_FILEPASS = 0x002f,
	BIFF_EOF = 0x000a,
	BIFF_RECORDS_MAX = 20000,
	USER_ATOM = 0x0ff6,
};
static const uint32_t USER_ENCRYPTED = UINT32_C(0xf3d1c4df);

static bool has_any(const struct ole *o, const char *const *names)
{
	for (; *names != NULL; names++) {
		if (ole_find(o, *names) != NULL)
			return true;
	}
	return false;
}

static void word(const struct ole *o, const struct ole_entry *e, struct identity *id)
{
	uint8_t fib[FIB_LEN];
	uint32_t magic;

	id->type = "application/msword";
	if (ole_read(o, e, 0, fib, sizeof(fib)) != sizeof(fib)) {
		id->reason = "truncated";
		return;
	}
	magic = identify_le16(fib);
	if (magic != FIB_MAGIC && magic != FIB_MAGIC_95)
		id->reason = "corrupt";
	else if ((identify_le16(fib + 10) & FIB_ENCRYPTED) != 0)
		id->reason = "encrypted";
}

/* FILEPASS stands among the first records of the globals (MS-XLS 2.1.7.20.3). */
static void excel(const struct ole *o, const struct ole_entry *e, struct identity *id)
{
	uint8_t head[4];
	size_t at = 0;

	id->type = "application/vnd.ms-excel";
	for (unsigned n = 0; n < BIFF_RECORDS_MAX; n++) {
		if (ole_read(o, e, at, head, sizeof(head)) != sizeof(head)) {
			id->reason = n == 0 ? "truncated" : "corrupt";
			return;
		}
		if (n == 0 && (head[0] != 0x09 || head[1] > 0x08)) {
			id->reason = "corrupt"; /* not a BOF record */
			return;
		}
		if (identify_le16(head) == BIFF_FILEPASS) {
			id->reason = "encrypted";
			return;
		}
		if (identify_le16(head) == BIFF_EOF)
			return;
		at += 4 + identify_le16(head + 2);
	}
	id->reason = "over-limit";
}

static void powerpoint(const struct ole *o, struct identity *id)
{
	const struct ole_entry *user = ole_find(o, "Current User");
	uint8_t atom[16];

	id->type = "application/vnd.ms-powerpoint";
	if (ole_find(o, "EncryptedSummary") != NULL)
		id->reason = "encrypted";
	else if (user == NULL || ole_read(o, user, 0, atom, sizeof(atom)) != sizeof(atom) ||
		 identify_le16(atom + 2) != USER_ATOM)
		id->reason = "corrupt";
	else if (identify_le32(atom + 12) == USER_ENCRYPTED)
		id->reason = "encrypted";
}

static void decide(const struct ole *o, struct identity *id)
{
	static const char *const sealed[] = {"EncryptedPackage", "EncryptionInfo",
					     "\006DataSpaces", "DRMContent", NULL};
	static const char *const macros[] = {"VBA", "_VBA_PROJECT", "Macros",
					     "_VBA_PROJECT_CUR", NULL};
	const struct ole_entry *doc = ole_find(o, "WordDocument");
	const struct ole_entry *book = ole_find(o, "Workbook");
	const struct ole_entry *show = ole_find(o, "PowerPoint Document");

	if (book == NULL)
		book = ole_find(o, "Book");
	id->macro = has_any(o, macros);
	if (has_any(o, sealed))
		id->reason = "encrypted";
	else if (doc != NULL && book == NULL && show == NULL)
		word(o, doc, id);
	else if (book != NULL && doc == NULL && show == NULL)
		excel(o, book, id);
	else if (show != NULL && doc == NULL && book == NULL)
		powerpoint(o, id);
	else if (ole_find(o, "__properties_version1.0") != NULL)
		id->type = "application/vnd.ms-outlook";
	else /* an installer, a thumbnail cache, or documents of two kinds at once */
		id->reason = doc != NULL || book != NULL || show != NULL ? "polyglot"
									 : "unknown-type";
}

void identify_ole(const struct identify_in *in, struct identity *ret_id)
{
	struct ole o;
	const char *why = ole_open(&o, in->p, in->len);

	ret_id->type = "application/x-ole-storage";
	if (why != NULL)
		ret_id->reason = why;
	else
		decide(&o, ret_id);
	ole_release(&o);
}
