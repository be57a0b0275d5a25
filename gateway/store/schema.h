/* schema.h - the tables, and the steps from an older store to this one. */
#ifndef SL_STORE_SCHEMA_H
#define SL_STORE_SCHEMA_H

#include "store/db.h"

/* Bring the database to the newest version; each step in its own transaction. */
int schema_migrate(struct db *d, struct sl_why *why) SL_MUST_USE;
/* Is it exactly the version this program knows?  SL_E_STATE with a sentence. */
int schema_check(struct db *d, struct sl_why *why) SL_MUST_USE;
/* SQLite's own check of the file; SL_E_CORRUPT with its first finding. */
int schema_quick_check(struct db *d, struct sl_why *why) SL_MUST_USE;

#endif
