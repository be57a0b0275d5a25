/* ledger.h - members a scanner was promised against members it really opened.
 *
 * libclamav answers "clean" for a ZIP whose member it could not unpack; only the
 * difference between its two callbacks shows it. */
#ifndef SL_INSPECT_AV_LEDGER_H
#define SL_INSPECT_AV_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

struct ledger;

struct ledger *ledger_new(void); /* NULL: no memory */
void ledger_free(struct ledger *l);
/* An archive says it has a member; said more than once for the same one. */
void ledger_promise(struct ledger *l, const char *name, uint64_t size, bool encrypted);
/* A layer was opened: `level` 0 is the file itself.  type "CL_TYPE_ZIP" … */
void ledger_open(struct ledger *l, unsigned level, const char *type, const char *name,
		 uint64_t size);

struct ledger_result {
	uint32_t promised; /* different members with content, at any depth */
	uint32_t opened;   /* of those, how many were opened with the promised size */
	uint32_t layers;   /* everything opened, the file itself not counted */
	uint32_t members;  /* files announced by the outermost archive, empty ones too */
	bool encrypted;	   /* some member says so */
	bool archive;	   /* the file itself is a ZIP of some kind */
	bool overflow;	   /* more than could be recorded: nothing above is proof */
	char root[48];	   /* scanner's type of the file itself */
};
void ledger_settle(struct ledger *l, struct ledger_result *ret_r);

#endif
