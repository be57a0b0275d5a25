/* identify.c - from leading bytes to the family that walks the whole file. */
#include "inspect/type/identify.h"

#include <string.h>

static bool starts(const struct identify_in *in, const char *magic, size_t len)
{
	return in->len >= len && memcmp(in->p, magic, len) == 0;
}

static void by_family(const struct identify_in *in, struct identity *id)
{
	if (starts(in, "PK\3\4", 4) || starts(in, "PK\5\6", 4))
		identify_zip(in, id);
	else if (starts(in, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8))
		identify_ole(in, id);
	else if (starts(in, "%PDF-", 5))
		identify_pdf(in, id);
	else if (!identify_image(in, id) && !identify_archive(in, id) &&
		 !identify_media(in, id) && !identify_other(in, id) && !identify_rtf(in, id) &&
		 !identify_text(in, id))
		id->reason = "unknown-type";
}

void identify(const struct identify_in *in, struct identity *ret_id)
{
	struct identity id = {.type = "", .reason = "", .charset = ""};

	if (in->len == 0)
		id.reason = "empty";
	else
		by_family(in, &id);
	if (in->len > 0 && id.reason[0] == '\0' && identify_foreign(in, &id) != NULL)
		id.reason = "polyglot";
	/* Unknown from its first bytes on, yet a reader would find a document inside. */
	if (in->len > 0 && strcmp(id.reason, "unknown-type") == 0 && id.type[0] == '\0' &&
	    identify_foreign(in, &id) != NULL)
		id.reason = "polyglot";
	*ret_id = id;
}
