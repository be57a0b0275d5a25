/* clean_bmp.c - a BMP of nothing but head, colours and pixels.
 *
 * Hostile: the layout, which bmp_open has checked; what stands between the parts and
 * behind them is left out or made zero, and the head says no more than there is. */
#include <string.h>

#include "inspect/clean/clean.h"
#include "inspect/type/bmp.h"
#include "inspect/type/identify.h"

enum { AT_SIZE = 2, AT_HEAD = 14, AT_SPACE = 14 + 56, AT_PROFILE = 14 + 112 };
#define SPACE_SRGB UINT32_C(0x73524742) /* "sRGB" */

static void put32(uint8_t *p, uint32_t v)
{
	for (unsigned i = 0; i < 4; i++)
		p[i] = (uint8_t)(v >> (8 * i));
}

static bool is_zero(const uint8_t *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (p[i] != 0)
			return false;
	return true;
}

int clean_bmp(const struct clean_job *job, struct clean_result *r, struct sl_why *why)
{
	const uint8_t *p = job->bytes;
	struct bmp b;
	const char *bad = bmp_open(p, job->len, &b);
	size_t table, end;

	if (bad != NULL)
		return why_set(why, SL_E_FORMAT, "the picture is damaged: %s", bad);
	table = b.colours + (size_t)b.n_colours * b.colour_len;
	end = b.pixels + b.pixels_len;
	buf_put(&r->bytes, p, end);
	if (buf_error(&r->bytes) != SL_OK)
		return buf_error(&r->bytes);
	if (!is_zero(p + table, b.pixels - table)) {
		memset(r->bytes.data + table, 0, b.pixels - table);
		clean_say(r, "removed", "", "bytes before the picture", 1);
	}
	if (b.profile != 0) {
		put32(r->bytes.data + AT_SPACE, SPACE_SRGB);
		memset(r->bytes.data + AT_PROFILE, 0, 8);
		clean_say(r, "removed", "", "profile", 1);
	}
	if (end < job->len && (b.profile == 0 || b.profile_len < job->len - end))
		clean_say(r, "removed", "", "bytes after the picture", 1);
	if (end < job->len)
		put32(r->bytes.data + AT_SIZE, (uint32_t)end);
	return SL_OK;
}
