/* hints_private.h - shared by hints.c and hints_pages.c only. */
#ifndef SL_RELEASE_HINTS_PRIVATE_H
#define SL_RELEASE_HINTS_PRIVATE_H

#include "base/json.h"

/* What every page says of itself. */
#define HINTS_NOTE_ZH "本页未经签名，仅供浏览；平台以签名元数据为准。"
#define HINTS_NOTE_EN "This page is not signed; platforms verify the metadata instead."

/* `items` and `deleted` as in feed.json; `date` is now. */
void hints_html(const json_t *items, const json_t *deleted, struct buf *out);
void hints_atom(const json_t *items, const json_t *deleted, const char *date, struct buf *out);
/* Text without characters that XML has not, or that change how a line reads. */
void hints_clean(const char *s, struct buf *out);

#endif
