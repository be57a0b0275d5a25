/* Any JSON as the gateway's answer to review.form: what it makes of reports and signed lines.
 */
#include "form/form_record.h"
#include "form/form_signed.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Some people of tests/unit/trust_kit.c, whose signatures are in the corpus. */
static const char policy[] =
	"{\"classes\":{\"A\":{\"approval_ttl_s\":604800,\"exclude\":[\"author\",\"sub"
	"mitter\"],\"min_persons\":3,\"require\":[{\"min\":1,\"role\":\"liaison\"},{\""
	"min\":1,\"role\":\"unit-leader\"},{\"min\":1,\"role\":\"desk\"}],\"veto\":[\""
	"secrecy\"]}},\"persons\":[{\"keys\":[{\"from\":\"2026-01-01T00:00:00Z\",\"ke"
	"yid\":\"7ab6b86cb2c9684b0ddc10896153aa2595decf4d4327a5ff1a8ab7422c828b12\",\""
	"public\":\"8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c\""
	",\"until\":\"2026-12-31T00:00:00Z\",\"use\":\"dsse-reviewer\"}],\"pid\":\"p-"
	"01\",\"roles\":[\"author\",\"desk\"],\"unit\":\"u-01\"},{\"keys\":[{\"from\""
	":\"2026-01-01T00:00:00Z\",\"keyid\":\"3336b222894653a1c328c2636b5ada9d8c2f53"
	"be3b927369d64e7087014bf619\",\"public\":\"ca93ac1705187071d67b83c7ff0efe8108"
	"e8ec4530575d7726879333dbdabe7c\",\"until\":\"2026-12-31T00:00:00Z\",\"use\":"
	"\"dsse-reviewer\"}],\"pid\":\"p-04\",\"roles\":[\"desk\"],\"unit\":\"u-02\"}"
	",{\"keys\":[{\"from\":\"2026-01-01T00:00:00Z\",\"keyid\":\"f2e2bdd2a76c65abf"
	"2de0c2eded95abe3c23d3935f8b25a4135283e2dae99a75\",\"public\":\"fd1724385aa0c"
	"75b64fb78cd602fa1d991fdebf76b13c58ed702eac835e9f618\",\"until\":\"2026-12-31"
	"T00:00:00Z\",\"use\":\"dsse-inspector\"}],\"pid\":\"s-inspector\",\"roles\":"
	"[\"gateway-service\"],\"unit\":\"u-00\"}],\"schema\":\"sluice-policy/1\",\"v"
	"ersion\":7}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct roster *roster = NULL;
	json_t *j = NULL, *record = NULL;

	if (crypto_start() != SL_OK || json_parse(data, size, 1 << 20, &j) != SL_OK)
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
