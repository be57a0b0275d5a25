/* engine.h - libclamav with every limit said aloud. */
#ifndef SL_INSPECT_AV_ENGINE_H
#define SL_INSPECT_AV_ENGINE_H

#include <stdint.h>

#include "base/err.h"
#include "inspect/av/ledger.h"

struct engine;
/* The library's own messages go nowhere: they quote documents.  engine_load sees to it;
 * for calls of libclamav before it. */
void engine_quiet(void);
struct engine_limits {
	uint64_t bytes; /* largest document; every silent limit is at least this */
	uint32_t seconds;
};
/* Load all signatures of a directory and compile.  SL_E_NOTFOUND when there is none. */
int engine_load(const char *dir, const struct engine_limits *limits, struct engine **ret_e,
		struct sl_why *why) SL_MUST_USE;
const char *engine_version(void);
/* Scan a few harmless bytes of our own, so that what libclamav and libcrypto set up
 * at first use is set up once, in the warm parent, and not in every child. */
int engine_warm(struct engine *e, const char *temp, struct sl_why *why) SL_MUST_USE;

enum { ENGINE_NAMES_MAX = 16, ENGINE_NAME_MAX = 128 };
enum engine_word {
	ENGINE_CLEAN, /* CL_CLEAN and nothing else */
	ENGINE_ALERT, /* CL_VIRUS, or any alert on the way */
	ENGINE_ERROR  /* every other code: not scanned */
};
struct engine_result {
	enum engine_word word;
	int code;	 /* libclamav's */
	unsigned alerts; /* all, also those past ENGINE_NAMES_MAX */
	unsigned n_names;
	char names[ENGINE_NAMES_MAX][ENGINE_NAME_MAX];
};
/* Scan through the descriptor; temp is a private directory.  Fills the ledger. */
int engine_scan(struct engine *e, int fd, const char *temp, struct ledger *ledger,
		struct engine_result *ret_r) SL_MUST_USE;

#endif
