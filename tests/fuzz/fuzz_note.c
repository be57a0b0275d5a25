/* Signed notes and vkeys: one split, and nothing verifies by chance. */
#include <string.h>

#include "crypto/hash.h"
#include "crypto/note.h"
#include "trust/tlog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void vkey(const uint8_t *data, size_t size)
{
	struct note_key k;
	struct buf b;

	if (note_key_parse((const char *)data, size, &k) != SL_OK)
		return;
	buf_init(&b, NOTE_VKEY_MAX);
	note_key_write(&k, &b);
	BUG(b.len != size || memcmp(b.data, data, size) != 0);
	buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tlog_checkpoint c;
	struct note_key nk;
	struct key *k = NULL;
	size_t len = 0;
	struct buf b;

	if (crypto_start() != SL_OK)
		return 0;
	vkey(data, size);
	if (note_text(data, size, &len) != SL_OK)
		return 0;
	BUG(len + 1 >= size || data[len - 1] != '\n' || data[len] != '\n');
	if (key_generate(KEY_LOG, NULL, &k) == SL_OK) {
		BUG(note_key_make("outlet.example/release-log", NOTE_LOG, key_public(k), &nk) !=
		    SL_OK);
		/* With the vector's id the signature is tried and must fail. */
		memcpy(nk.id, "\x45\x8b\x44\x29", 4);
		BUG(note_verify(data, size, &nk, NULL) == SL_OK);
	}
	key_free(k);
	if (tlog_checkpoint_parse(data, len, &c) != SL_OK)
		return 0;
	buf_init(&b, size + 1);
	tlog_checkpoint_write(&c, &b);
	BUG(b.len != len || memcmp(b.data, data, len) != 0);
	buf_release(&b);
	return 0;
}
