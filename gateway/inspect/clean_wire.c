/* clean_wire.c - masks as bytes.  They come from the inspector; what they say was taken out of
 * a hostile document, so every length is checked all the same. */
#include "inspect/clean_wire.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

void clean_wire_put(struct buf *b, const struct clean_mask *masks, size_t n, bool exact)
{
	buf_put_u32(b, exact ? 1 : 0);
	buf_put_u32(b, (uint32_t)n);
	for (size_t i = 0; i < n; i++) {
		buf_put_str(b, masks[i].text);
		buf_put_str(b, masks[i].with);
	}
}

static int take_text(struct cur *c, size_t least, const char **ret_text)
{
	size_t len = 0;
	const uint8_t *bytes = cur_blob(c, CLEAN_MASK_TEXT_MAX, &len);
	char *text;

	if (c->error != SL_OK)
		return c->error;
	if (len < least || !text_is_utf8((const char *)bytes, len) ||
	    memchr(bytes, '\0', len) != NULL)
		return SL_E_FORMAT;
	text = strndup((const char *)bytes, len);
	if (text == NULL)
		return SL_E_NOMEM;
	*ret_text = text;
	return SL_OK;
}

int clean_wire_get(struct cur *c, struct clean_mask **ret_masks, size_t *ret_n, bool *ret_exact)
{
	uint32_t exact = cur_u32(c), n = cur_u32(c);
	struct clean_mask *masks;
	int r = SL_OK;

	if (c->error != SL_OK)
		return c->error;
	if (exact > 1)
		return SL_E_FORMAT;
	if (n > CLEAN_MASKS_MAX)
		return SL_E_LIMIT;
	masks = calloc((size_t)n + 1, sizeof(*masks));
	if (masks == NULL)
		return SL_E_NOMEM;
	for (uint32_t i = 0; r == SL_OK && i < n; i++) {
		r = take_text(c, 1, &masks[i].text);
		if (r == SL_OK)
			r = take_text(c, 0, &masks[i].with);
	}
	if (r != SL_OK) {
		clean_wire_free(masks, n);
		return r;
	}
	*ret_masks = masks;
	*ret_n = n;
	*ret_exact = exact == 1;
	return SL_OK;
}

void clean_wire_free(struct clean_mask *masks, size_t n)
{
	for (size_t i = 0; masks != NULL && i < n; i++) {
		free((char *)(uintptr_t)masks[i].text);
		free((char *)(uintptr_t)masks[i].with);
	}
	free(masks);
}
