/* channels.h - POLICIES/channels.yaml: the platforms a draft may name and what they take. */
#ifndef SL_POLICY_CHANNELS_H
#define SL_POLICY_CHANNELS_H

#include <stdint.h>

#include "base/err.h"

struct channel {
	char *id, *name;
	uint32_t text_max, title_max; /* characters; 0: no limit */
	uint32_t picture_max_kib;     /* 0: no limit */
};
struct channels { /* immutable */
	struct channel *channels;
	unsigned channels_count;
};

/* SL_E_CONFIG names file, line and what is wrong; SL_E_NOTFOUND. */
int channels_load(const char *policies_dir, struct channels **ret_c,
		  struct sl_why *why) SL_MUST_USE;
void channels_free(struct channels *c);
/* NULL: unknown; c may be NULL. */
const struct channel *channels_find(const struct channels *c, const char *id);

#endif
