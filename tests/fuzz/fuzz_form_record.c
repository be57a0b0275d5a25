/* Any JSON as the gateway's answer to review.form: what it makes of reports and signed lines. */
#include "form/form_record.h"
#include "form/form_signed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char policy[] =
	"{\"classes\":{},\"persons\":[],\"schema\":\"sluice-policy/1\",\"version\":1}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct roster *roster = NULL;
	json_t *j = NULL, *record = NULL;

	if (json_parse(data, size, 1 << 20, &j) != SL_OK)
		return 0;
	if (roster_parse(policy, sizeof(policy) - 1, &roster, NULL) == SL_OK &&
	    form_record(j, roster, &record, NULL) != SL_OK)
		record = NULL;
	json_decref(record);
	json_decref(form_record_report(j, ""));
	(void)form_record_pages(j, 0);
	json_decref(j);
	roster_free(roster);
	return 0;
}
