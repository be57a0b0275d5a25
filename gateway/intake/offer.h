/* offer.h - the manifests the desk offers an author to sign. */
#ifndef SL_INTAKE_OFFER_H
#define SL_INTAKE_OFFER_H

#include "base/json.h"
#include "store/store.h"

/* Public metadata an author may give, checked: texts, dates, keywords; NULL is
 * none.  SL_E_FORMAT or SL_E_LIMIT names the field. */
int offer_check_meta(const json_t *meta, struct sl_why *why) SL_MUST_USE;
/* Fields that stay in the house: texts and dates; NULL is none. */
int offer_check_internal(const json_t *internal, struct sl_why *why) SL_MUST_USE;
/* sluice-manifest/1 of a prepared draft for one class, canonical bytes appended.
 * Deterministic: a retry offers the same bytes. */
int offer_manifest(const struct draft *d, const char *klass, const char *organisation,
		   const json_t *meta, struct buf *out, struct sl_why *why) SL_MUST_USE;

#endif
