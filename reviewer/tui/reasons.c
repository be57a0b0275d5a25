/* reasons.c - keep the answer to codes.list; its words are shown, its ids are signed. */
#include "tui/reasons.h"

#include <string.h>

#include "base/i18n.h"

int reasons_load(struct reasons *r, struct session *s, struct sl_why *why)
{
	struct wire_reply reply = {0};
	int e;

	if (r->list != NULL)
		return SL_OK;
	e = wire_ask(s->wire, "codes.list", NULL, NULL, 0, &reply, why);
	if (e == SL_OK && json_arr(reply.result, "codes") == NULL)
		e = why_set(why, SL_E_FORMAT, "%s",
			    _("the gateway's list of codes cannot be understood"));
	if (e == SL_OK)
		r->list = json_incref(json_object_get(reply.result, "codes"));
	wire_reply_release(&reply);
	return e;
}

void reasons_release(struct reasons *r)
{
	json_decref(r->list);
	r->list = NULL;
}

unsigned reasons_items(const struct reasons *r, bool refusal,
		       struct dialog_item items[REASONS_MAX])
{
	const char *wanted = refusal ? "refuse" : "return";
	unsigned n = 0;
	const json_t *k;
	size_t i;

	json_array_foreach(r->list, i, k)
	{
		const char *id = json_str(k, "id"), *of = json_str(k, "outcome");

		/* What would be cut is not what the list has. */
		if (id == NULL || of == NULL || strcmp(of, wanted) != 0 ||
		    strlen(id) >= DIALOG_CODE || n == REASONS_MAX)
			continue;
		items[n++] = (struct dialog_item){
			.code = id, .word = json_str(k, i18n_is_zh() ? "zh" : "en")};
	}
	return n;
}
