/* sluice-paper.c - a record on standard input, the PDF of its form on standard output.
 *
 * sluice-review starts it with "zh" or "en".  It opens nothing but fonts and holds no key. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/i18n.h"
#include "crypto/hash.h"
#include "form/form.h"

enum { RECORD_MAX = 16 << 20, PDF_MAX = 256 << 20 };

static int print(enum form_lang lang, struct buf *bytes, struct buf *pdf, struct sl_why *why)
{
	struct form *f = NULL;
	json_t *record = NULL;
	int r = file_read_fd(STDIN_FILENO, RECORD_MAX, bytes);

	if (r == SL_OK)
		r = json_parse(bytes->data, bytes->len, RECORD_MAX, &record);
	if (r == SL_OK)
		r = form_fields(record, lang, &f);
	if (r == SL_OK)
		r = form_pdf(f, pdf, why);
	if (r == SL_OK)
		r = file_write_all(STDOUT_FILENO, pdf->data, pdf->len);
	form_free(f);
	json_decref(record);
	return r;
}

int main(int argc, char **argv)
{
	struct sl_why why = {""};
	struct buf bytes, pdf;
	int r = crypto_start();

	i18n_init();
	buf_init(&bytes, RECORD_MAX);
	buf_init(&pdf, PDF_MAX);
	if (r == SL_OK)
		r = print(argc == 2 && strcmp(argv[1], "en") == 0 ? FORM_EN : FORM_ZH, &bytes,
			  &pdf, &why);
	if (r != SL_OK)
		(void)fprintf(stderr, "sluice-paper: %s\n", why_text(&why, r));
	buf_release(&bytes);
	buf_release(&pdf);
	return r == SL_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
