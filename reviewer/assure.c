/* assure.c - which rules a report names, and who signed them.
 *
 * Hostile: the report and every answer of the gateway. */
#include "assure.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/text.h"
#include "trust/vouch.h"
#include "trust/trust_memory.h"

/* All files of a draft are judged by one set. */
static bool named_rules(const struct review_case *c, struct assurance *a)
{
	for (unsigned i = 0; i < c->n_files; i++) {
		const json_t *p = json_obj(case_file_report(c, i), "policy");
		const char *sha256 = json_str(p, "sha256");
		int64_t version = 0;

		if (sha256 == NULL || !text_is_sha256(sha256) ||
		    !json_i64(p, "version", &version) || version < 1)
			return false;
		if (i > 0 && (strcmp(sha256, a->rules) != 0 || version != a->version))
			return false;
		memcpy(a->rules, sha256, sizeof(a->rules));
		a->version = version;
	}
	return c->n_files > 0;
}

static bool digest_of(const char *sha256, uint8_t out[HASH_LEN])
{
	return text_is_sha256(sha256) && text_unhex(sha256, strlen(sha256), out, HASH_LEN);
}

bool assure_own_rules(const struct client_config *config, const struct roster *r,
		      const char *sha256, int64_t *ret_version)
{
	struct vouch_result by = {.n = 0};
	uint8_t digest[HASH_LEN];

	if (config->policies == NULL || !digest_of(sha256, digest) ||
	    vouch_check(config->policies, digest, r, clock_now(), &by, NULL) != SL_OK)
		return false;
	*ret_version = by.version;
	return true;
}

static int judge(const json_t *lines, const char *sha256, const struct roster *r,
		 int64_t *ret_version)
{
	struct vouch_line line[VOUCH_FILES_MAX];
	struct vouch_result by = {.n = 0};
	uint8_t digest[HASH_LEN];
	size_t n = 0, i;
	const json_t *v;
	int e;

	json_array_foreach(lines, i, v)
	{
		if (n < VOUCH_FILES_MAX && json_is_string(v))
			line[n++] = (struct vouch_line){json_string_value(v),
							json_string_length(v)};
	}
	if (!digest_of(sha256, digest))
		return SL_E_FORMAT;
	e = vouch_judge(line, n, digest, r, clock_now(), &by, NULL);
	if (e == SL_OK)
		*ret_version = by.version;
	return e;
}

static int ask_signatures(struct session *s, const struct review_case *c, const char *sha256,
			  bool *ret_signed, int64_t *ret_version, struct sl_why *why)
{
	json_t *args = json_pack("{s:s}", "sha256", sha256);
	struct wire_reply reply = {0};
	int r = args == NULL ? SL_E_NOMEM
			     : wire_ask(s->wire, "rules.signed", args, NULL, 0, &reply, why);

	json_decref(args);
	if (r == SL_OK)
		*ret_signed = judge(json_arr(reply.result, "signatures"), sha256, c->roster,
				    ret_version) == SL_OK;
	wire_reply_release(&reply);
	return r;
}

/* Own copy first, then what the gateway can show. */
static int prove_rules(struct session *s, const struct review_case *c, struct assurance *a,
		       struct sl_why *why)
{
	int64_t version = 0;
	int r = SL_OK;

	a->proved = assure_own_rules(s->config, c->roster, a->rules, &version);
	if (!a->proved)
		r = ask_signatures(s, c, a->rules, &a->proved, &version, why);
	/* A version that is not the signed one would be a way to look newer. */
	a->proved = a->proved && version == a->version;
	return r;
}

static int check_rules(struct session *s, const struct review_case *c, struct recompare *found,
		       struct assurance *a, struct sl_why *why)
{
	struct trust_memory *m = NULL;
	char line[120];
	int r;

	if (!named_rules(c, a)) {
		a->rules[0] = '\0';
		return recompare_differs(found, "", "rules", "", "");
	}
	r = prove_rules(s, c, a, why);
	if (r == SL_OK)
		r = trust_memory_open(s->config, &m, why);
	if (r == SL_OK && a->proved)
		r = trust_memory_note(m, "rules", a->version);
	if (r == SL_OK)
		r = trust_memory_save(m);
	if (r == SL_OK) {
		a->newest = trust_memory_newest(m, "rules");
		a->older = a->version < a->newest;
	}
	trust_memory_close(m);
	(void)snprintf(line, sizeof(line), "%lld, %.16s…", (long long)a->version, a->rules);
	/* Older ones nobody can show the signatures of: see recheck.c. */
	return r == SL_OK && !a->proved && !a->older
		       ? recompare_differs(found, "", "rules", line, "")
		       : r;
}

int assure_report(struct session *s, const struct review_case *c, struct recompare *found,
		  struct assurance *ret, struct sl_why *why)
{
	int r;

	*ret = (struct assurance){.version = 0};
	r = check_rules(s, c, found, ret, why);
	return r == SL_OK ? assure_marks(s, c, found, why) : r;
}
