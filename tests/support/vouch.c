/* vouch.c - sign a rule set without looking at it: vouch DIR VERSION[@SECONDS-AGO] KEYFILE...
 *
 * What two officers do who were deceived, or an attacker who has their keys: sluice-policy
 * signs only what loads, the gateway must not rely on that. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/dsse.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "policy/policy.h"
#include "trust/vouch.h"

static int sign(const char *dir, const char *key_file, const struct vouch_facts *f,
		struct sl_why *why)
{
	struct key *k = NULL;
	char path[4096];
	struct buf body, line;
	int r = key_load(key_file, KEY_DSSE_REVIEWER, NULL, &k, why);

	buf_init(&body, DSSE_MAX);
	buf_init(&line, DSSE_MAX);
	if (r == SL_OK)
		r = vouch_write(f, &body);
	if (r == SL_OK)
		r = dsse_sign(k, VOUCH_TYPE, body.data, body.len, &line);
	if (r == SL_OK) {
		(void)snprintf(path, sizeof(path), "%s/" VOUCH_FOLDER, dir);
		r = file_mkdirs(path, 0755);
	}
	if (r == SL_OK) {
		(void)snprintf(path, sizeof(path), "%s/" VOUCH_FOLDER "/%.16s.json", dir,
			       key_id(k));
		r = file_write_durable(AT_FDCWD, path, line.data, line.len, 0644);
	}
	key_free(k);
	buf_release(&body);
	buf_release(&line);
	return r;
}

int main(int argc, char **argv)
{
	struct vouch_facts f = {.time = time(NULL)};
	struct sl_why why = {.text = ""};
	uint64_t version = 0, ago = 0;
	size_t digits = argc < 4 ? 0 : strcspn(argv[2], "@");
	const char *at = argc < 4 || argv[2][digits] == '\0' ? "0" : argv[2] + digits + 1;
	int r = argc < 4 || !text_to_u64(argv[2], digits, INT32_MAX, &version) ||
				!text_to_u64(at, strlen(at), INT32_MAX, &ago)
			? SL_E_USAGE
			: crypto_start();

	f.version = (int64_t)version;
	f.time -= (int64_t)ago;
	if (r == SL_OK)
		r = policy_digest_of(argv[1], f.digest, &why);
	if (r == SL_OK)
		r = vouch_files(argv[1], &f.files);
	for (int i = 3; r == SL_OK && i < argc; i++)
		r = sign(argv[1], argv[i], &f, &why);
	vouch_release(&f);
	if (r != SL_OK)
		(void)fprintf(stderr, "vouch: %s\n", why_text(&why, r));
	return r == SL_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
