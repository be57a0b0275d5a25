/* panel_audit.c - everything that is on record about this draft. */
#include <string.h>

#include "base/i18n.h"
#include "compare.h"
#include "policy/present.h"
#include "audit.h"
#include "tui/panel.h"

static int more(void *arg, struct page *p)
{
	struct reader *r = arg;
	const json_t *entry = json_array_get(r->audit, r->item++);
	char line[AUDIT_WORDS_MAX];

	if (entry == NULL)
		return SL_E_NOTFOUND;
	audit_words(entry, r->c->id, line);
	return page_line(p, LOOK_PLAIN, line);
}

int panel_audit(struct reader *r, struct sl_why *why)
{
	int e;

	/* Asked for again each time: what was just done belongs to it. */
	json_decref(r->audit);
	r->audit = NULL;
	e = compare_audit(r->s, r->c->id, &r->audit, why);
	page_begin(r->page, r->cols, e == SL_OK ? more : NULL, r);
	r->item = 0;
	return e;
}
