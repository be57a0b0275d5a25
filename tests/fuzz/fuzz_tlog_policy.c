/* Witness policies: what parses has a log, and believes no checkpoint nobody cosigned. */
#include <string.h>

#include "crypto/hash.h"
#include "trust/tlog_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Signed by the seed 00 01 … 1f; nobody has cosigned it. */
static const char note[] =
	"outlet.example/release-log\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\n"
	"\xe2\x80\x94 outlet.example/release-log RYtEKc34ffF/TGD9iOE67A9iikydqTQtUTA0LcIy/nU0Y/"
	"+qPpe60Sp9wPQtgQcOmFV9ebgmpcHvcc3gEEgTzD1TpQ8=\n";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tlog_policy *p = NULL;
	struct tlog_checkpoint c;
	struct sl_why why;

	if (crypto_start() != SL_OK || tlog_policy_parse(data, size, &p, &why) != SL_OK)
		return 0;
	BUG(tlog_policy_log(p)->kind != NOTE_LOG);
	BUG(tlog_policy_check(p, note, strlen(note), &c, &why) == SL_OK);
	tlog_policy_free(p);
	return 0;
}
