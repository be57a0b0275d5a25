/* said.c - an approval that a person really signed, whatever the desk would have said.
 *
 *   attack_said KEY ROLE SECONDS-AGO DRAFT.json [RULE=REASON]
 *
 * DRAFT.json: what `sluice-review show --json` prints.  The envelope goes to standard output.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/json.h"
#include "crypto/key.h"
#include "trust/statement.h"

enum { DOCUMENT_MAX = 8 << 20, WEEK = 7 * 86400 };

static const char *text_at(const json_t *j, const char *name)
{
	const char *s = json_str(j, name);

	if (s == NULL) {
		fprintf(stderr, "no \"%s\" in the draft\n", name);
		exit(2);
	}
	return s;
}

static json_t *acknowledged(const char *option)
{
	const char *sign = option != NULL ? strchr(option, '=') : NULL;
	static const char nothing[] =
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

	if (sign == NULL)
		return json_array();
	return json_pack("[{s:s,s:s%,s:s}]", "reason", sign + 1, "rule", option,
			 (size_t)(sign - option), "text_hmac", nothing);
}

int main(int argc, char **argv)
{
	struct approval_facts f = {.decision = "approve"};
	struct key *key = NULL;
	json_t *j = NULL, *predicate, *acks;
	struct buf b, line;
	int r;

	if (argc < 5)
		return 2;
	buf_init(&b, DOCUMENT_MAX);
	buf_init(&line, DSSE_MAX);
	r = crypto_start();
	if (r == SL_OK)
		r = file_read(AT_FDCWD, argv[4], DOCUMENT_MAX, &b);
	if (r == SL_OK)
		r = json_parse(b.data, b.len, DOCUMENT_MAX, &j);
	if (r == SL_OK)
		r = key_load(argv[1], KEY_DSSE_REVIEWER, NULL, &key, NULL);
	if (r != SL_OK) {
		fprintf(stderr, "%s\n", sl_strerror(r));
		return 1;
	}
	acks = acknowledged(argc > 5 ? argv[5] : NULL);
	f.role = argv[2];
	f.draft = text_at(json_obj(j, "draft"), "draft");
	(void)json_i64(json_obj(j, "draft"), "revision", &f.revision);
	f.inspection_sha256 = text_at(j, "report_sha256");
	f.shown_sha256 = f.inspection_sha256;
	f.policy_sha256 = text_at(json_obj(j, "policy"), "sha256");
	(void)json_i64(json_obj(j, "policy"), "version", &f.policy_version);
	f.acknowledged = acks;
	f.time = clock_now() - strtol(argv[3], NULL, 10);
	f.expires = f.time + WEEK;
	(void)snprintf(f.nonce, sizeof(f.nonce), "%032lx", (unsigned long)f.time);
	predicate = approval_predicate(&f);
	r = statement_sign(key, PRED_APPROVAL, text_at(j, "manifest_sha256"), predicate, &line);
	if (r == SL_OK)
		(void)fwrite(line.data, 1, line.len, stdout);
	json_decref(predicate);
	json_decref(acks);
	json_decref(j);
	key_free(key);
	buf_release(&b);
	buf_release(&line);
	return r == SL_OK ? 0 : 1;
}
