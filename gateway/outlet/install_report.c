/* install_report.c - what the installer says of itself, for DATA/status/installer.json. */
#include "base/clock.h"
#include "outlet/install.h"

static json_t *report_key(const struct install *in)
{
	char print[SEALED_PRINT + 1];

	if (in->opened_serial == 0)
		return NULL;
	sealed_fingerprint(key_public(in->link.key[in->opened_by]), print);
	return json_pack("{s:s,s:b,s:I,s:I}", "key", print, "old", in->opened_by != 0,
			 "opened_by_old", (json_int_t)in->opened_by_old, "serial",
			 (json_int_t)in->opened_serial);
}

json_t *install_report(const struct install *in)
{
	char now[CLOCK_TEXT + 1], expires[CLOCK_TEXT + 1] = "";

	clock_format(clock_now(), now);
	if (in->timestamp_expires > 0)
		clock_format(in->timestamp_expires, expires);
	return json_pack("{s:I,s:I,s:s,s:o*,s:I,s:I,s:s,s:s,s:I,s:s}", "feed_serial",
			 (json_int_t)in->feed_serial, "installed", (json_int_t)in->installed,
			 "last_refusal", in->last_refusal, "link_key", report_key(in), "next",
			 (json_int_t)in->progress.next, "refused", (json_int_t)in->n_refused,
			 "time", now, "timestamp_expires", expires, "timestamp_version",
			 (json_int_t)in->timestamp_version, "trouble", in->trouble);
}
