/* forge.c - sign metadata that a test has written: forge USE KEYFILE... <BODY >ENVELOPE
 *
 * BODY is any JSON of the signed profile; ENVELOPE is canonical.  What custodians do with
 * sluice-keys on several machines a test does here at once, and an attacker who has keys
 * does the same. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "trust/tuf_writer.h"

static int sign(json_t *envelope, enum key_use use, char **files, struct sl_why *why)
{
	int r = SL_OK;

	for (; *files != NULL && r == SL_OK; files++) {
		struct key *k = NULL;

		r = key_load(*files, use, NULL, &k, why);
		if (r == SL_OK)
			r = tuf_add_signature(envelope, k);
		key_free(k);
	}
	return r;
}

int main(int argc, char **argv)
{
	json_t *body = NULL, *envelope = NULL;
	struct sl_why why = {.text = ""};
	enum key_use use;
	struct buf b;
	int r;

	buf_init(&b, TUF_TARGETS_MAX);
	r = argc < 3 ? SL_E_USAGE : key_use_from_name(argv[1], &use);
	if (r == SL_OK)
		r = crypto_start();
	if (r == SL_OK)
		r = file_read_fd(STDIN_FILENO, TUF_TARGETS_MAX, &b);
	if (r == SL_OK)
		r = json_parse(b.data, b.len, TUF_TARGETS_MAX, &body);
	if (r == SL_OK)
		envelope = tuf_envelope_new(body);
	if (r == SL_OK)
		r = envelope == NULL ? SL_E_NOMEM : sign(envelope, use, argv + 2, &why);
	buf_clear(&b);
	if (r == SL_OK)
		r = json_canonical(envelope, &b);
	if (r == SL_OK)
		r = file_write_all(STDOUT_FILENO, b.data, b.len);
	if (r != SL_OK)
		fprintf(stderr, "forge: %s\n", why_text(&why, r));
	json_decref(body);
	json_decref(envelope);
	buf_release(&b);
	return r == SL_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
