/* access.h - what each process may do to the database, enforced by SQLite's authorizer. */
#ifndef SL_STORE_ACCESS_H
#define SL_STORE_ACCESS_H

#include "store/db.h"
#include "store/store.h"

/* From here on the connection can do only what `access` allows. */
int access_limit(struct db *d, enum store_access access) SL_MUST_USE;

#endif
