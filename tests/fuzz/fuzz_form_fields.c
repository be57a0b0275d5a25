/* Any JSON as the record of a review form: fields and text in both languages, never paper
 * (the libraries for it get our own fields only). */
#include "crypto/hash.h"
#include "form/form.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	json_t *j = NULL;

	if (crypto_start() != SL_OK || json_parse(data, size, 1 << 20, &j) != SL_OK)
		return 0;
	for (int lang = FORM_ZH; lang <= FORM_EN; lang++) {
		struct form *f = NULL;
		struct buf text;

		buf_init(&text, 32 << 20);
		if (form_fields(j, (enum form_lang)lang, &f) == SL_OK)
			(void)!form_text(f, &text);
		form_free(f);
		buf_release(&text);
	}
	json_decref(j);
	return 0;
}
