/* recheck.c - remember a second inspection, and let no approval pass over a difference. */
#include "recheck.h"

#include <fcntl.h>
#include <string.h>

#include "assure.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "exact.h"
#include "reinspect.h"
#include "seen.h"

enum {
	RESULT_MAX = 256 << 10,
	UNASKED_BYTES = 64 << 20 /* more is not fetched a second time without being asked */
};

/* What a result holds for. */
static int basis_of(const struct review_case *c, char ret_hex[65])
{
	const char *inspected = json_str(c->shown, "inspected");
	struct hash *h = NULL;
	uint8_t digest[HASH_LEN];
	int r = hash_new(&h);

	if (r != SL_OK)
		return r;
	hash_update(h, c->manifest_sha256, strlen(c->manifest_sha256) + 1);
	hash_update(h, c->report_sha256, strlen(c->report_sha256) + 1);
	if (inspected != NULL)
		hash_update(h, inspected, strlen(inspected) + 1);
	for (unsigned i = 0; i < c->n_files; i++)
		hash_update(h, c->files[i].text_sha256, strlen(c->files[i].text_sha256) + 1);
	hash_final(h, digest);
	hash_free(h);
	text_hex(digest, sizeof(digest), ret_hex);
	return SL_OK;
}

static int path_of(const struct client_config *config, const struct review_case *c, char *out,
		   size_t cap)
{
	char dir[3500];
	int r = config_cache_dir(config, dir, sizeof(dir)), n;

	if (r != SL_OK)
		return r;
	n = snprintf(out, cap, "%s/%s-%lld-recheck.json", dir, c->id, (long long)c->revision);
	return n < 0 || (size_t)n >= cap ? SL_E_LIMIT : SL_OK;
}

int recheck_remember(const struct client_config *config, const struct review_case *c,
		     const json_t *result)
{
	json_t *kept = json_copy((json_t *)(uintptr_t)result);
	char path[4096], basis[65];
	struct buf b;
	int r = kept == NULL ? SL_E_NOMEM : basis_of(c, basis);

	buf_init(&b, RESULT_MAX);
	if (r == SL_OK && json_object_set_new(kept, "basis", json_string(basis)) != 0)
		r = SL_E_NOMEM;
	if (r == SL_OK)
		r = path_of(config, c, path, sizeof(path));
	if (r == SL_OK)
		r = json_compact(kept, &b);
	if (r == SL_OK)
		r = file_write_durable(AT_FDCWD, path, b.data, b.len, 0600);
	json_decref(kept);
	buf_release(&b);
	return r;
}

json_t *recheck_recall(const struct client_config *config, const struct review_case *c)
{
	char path[4096], basis[65] = "";
	json_t *kept = NULL;
	const char *held;
	struct buf b;
	int r = path_of(config, c, path, sizeof(path));

	buf_init(&b, RESULT_MAX);
	if (r == SL_OK)
		r = file_read(AT_FDCWD, path, RESULT_MAX, &b);
	if (r == SL_OK)
		r = json_parse(b.data, b.len, RESULT_MAX, &kept);
	if (r == SL_OK)
		r = basis_of(c, basis);
	buf_release(&b);
	held = json_str(kept, "basis");
	if (r == SL_OK && held != NULL && strcmp(held, basis) == 0)
		return kept;
	json_decref(kept);
	return NULL;
}

static int inspect_again(struct session *s, struct review_case *c,
			 const struct reinspect_options *o,
			 void (*progress)(uint64_t, uint64_t), json_t **ret_result,
			 struct sl_why *why)
{
	struct reinspect *x = NULL;
	int r = reinspect_start(s, c, o, &x);

	if (r == SL_OK)
		r = reinspect_wait(x, progress, why);
	if (r == SL_OK)
		r = recheck_remember(s->config, c, reinspect_result(x));
	if (r == SL_OK)
		*ret_result = json_incref((json_t *)(uintptr_t)reinspect_result(x));
	reinspect_free(x);
	return r;
}

int recheck_now(struct session *s, struct review_case *c, bool see,
		void (*progress)(uint64_t, uint64_t), json_t **ret_result, struct sl_why *why)
{
	const struct reinspect_options o = {.see = see};

	return inspect_again(s, c, &o, progress, ret_result, why);
}

static bool state_is(const json_t *result, enum reinspect_state state)
{
	const char *is = json_str(result, "state");

	return is != NULL && strcmp(is, reinspect_state_name(state)) == 0;
}

/* Virus signatures change several times a day; they alone are no reason to stop. */
static bool is_enough(const json_t *result)
{
	const json_t *l;
	size_t i;

	if (state_is(result, REINSPECT_SAME))
		return true;
	if (!state_is(result, REINSPECT_PARTLY))
		return false;
	json_array_foreach(json_arr(result, "left_out"), i, l)
	{
		const char *why = json_str(l, "why");

		if (why == NULL || strcmp(why, "signatures") != 0)
			return false;
	}
	return true;
}

/* What people signed of the report, proved now: a result of before may have been overtaken. */
static int assured(struct session *s, const struct review_case *c, struct assurance *ret_a,
		   struct sl_why *why)
{
	struct recompare found = {.differences = NULL};
	char line[RECHECK_LINE];
	json_t *result = NULL;
	int r = recompare_init(&found);

	if (r == SL_OK)
		r = assure_report(s, c, &found, ret_a, why);
	if (r == SL_OK && json_array_size(found.differences) > 0) {
		result =
			json_pack("{s:s,s:O}", "state", reinspect_state_name(REINSPECT_DIFFERS),
				  "differences", found.differences);
		recheck_line(result, line);
		r = why_set(why, SL_E_DENIED, "%s", line);
	}
	json_decref(result);
	recompare_release(&found);
	return r;
}

/* A revision that is said to be a reviewer's own words must be. */
static int check_exact(struct session *s, struct review_case *c, struct sl_why *why)
{
	struct exact_result x;
	char line[EXACT_LINE];
	int r = exact_check(s, c, &x, why);

	if (r != SL_OK || x.state != EXACT_NOT)
		return r;
	exact_line(&x, line);
	return why_set(why, SL_E_DENIED, "%s", line);
}

int recheck_assure(struct session *s, struct review_case *c, struct assurance *ret_a,
		   struct sl_why *why)
{
	int r = assured(s, c, ret_a, why);

	return r == SL_OK ? check_exact(s, c, why) : r;
}

static bool looked(const json_t *result)
{
	return state_is(result, REINSPECT_SAME) || state_is(result, REINSPECT_PARTLY);
}

/* Did this machine look by rules as new as the newest that it knows of? */
static bool by_newer(const json_t *result, const struct assurance *a)
{
	int64_t version = 0;

	return looked(result) && json_is_true(json_object_get(result, "newer")) &&
	       json_i64(json_obj(result, "rules"), "version", &version) && version >= a->newest;
}

/* Nobody may have rules of yesterday applied by naming them. */
static int check_age(const struct assurance *a, const json_t *result, bool off, char *note,
		     struct sl_why *why)
{
	if (!a->older || by_newer(result, a))
		return SL_OK;
	if (off && a->proved) {
		(void)snprintf(
			note, RECHECK_LINE,
			_("inspected by rules of version %lld, and version %lld is known "
			  "here"),
			(long long)a->version, (long long)a->newest);
		return SL_OK;
	}
	return why_set(why, SL_E_DENIED,
		       _("inspected by rules of version %lld, and version %lld is known here: "
			 "put the newer rules on this machine (policies in the configuration), "
			 "so that it can look by them"),
		       (long long)a->version, (long long)a->newest);
}

bool recheck_wants(const struct client_config *config, const json_t *known,
		   const struct assurance *a, struct reinspect_options *ret_o)
{
	bool required = strcmp(config->recheck, "required") == 0,
	     enough = (required ? is_enough(known) : looked(known)) &&
		      (a == NULL || !a->older || by_newer(known, a));

	if (strcmp(config->recheck, "off") == 0 || enough || recheck_differs(known))
		return false;
	*ret_o = (struct reinspect_options){.see = required,
					    .bytes_max = required ? 0 : UNASKED_BYTES};
	return true;
}

int recheck_judge(const struct client_config *config, const json_t *result,
		  const struct assurance *a, char note[RECHECK_LINE], struct sl_why *why)
{
	bool off = strcmp(config->recheck, "off") == 0;
	char line[RECHECK_LINE];

	note[0] = '\0';
	recheck_line(result, line);
	if (recheck_differs(result))
		return why_set(why, SL_E_DENIED, "%s", line);
	if (strcmp(config->recheck, "required") == 0 && !is_enough(result))
		return why_set(why, SL_E_DENIED, _("%s; your configuration requires it"), line);
	if (!off && !state_is(result, REINSPECT_SAME))
		(void)snprintf(note, RECHECK_LINE, "%s", line);
	return check_age(a, result, off, note, why);
}

int recheck_gate(struct session *s, struct review_case *c, void (*progress)(uint64_t, uint64_t),
		 char note[RECHECK_LINE], struct sl_why *why)
{
	json_t *result = recheck_recall(s->config, c);
	struct reinspect_options o;
	struct assurance a = {.version = 0};
	int r = recheck_assure(s, c, &a, why);

	note[0] = '\0';
	if (r == SL_OK && recheck_wants(s->config, result, &a, &o)) {
		json_decref(result);
		result = NULL;
		r = inspect_again(s, c, &o, progress, &result, why);
	}
	if (r == SL_OK)
		r = recheck_judge(s->config, result, &a, note, why);
	json_decref(result);
	return r;
}

static void show_progress(uint64_t done, uint64_t total)
{
	cli_progress(_("inspecting"), done, total);
}

int recheck_run(const struct cli *c)
{
	struct review_case *k = NULL;
	json_t *result = NULL;
	struct sl_why why = {""};
	struct session s;
	int code, r = session_open(c->config, &s, &why);

	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	r = case_open(&s, c->operands[0], 0, &k, &why);
	if (r == SL_OK)
		r = recheck_now(&s, k, !cli_has(c, "without-pictures"), show_progress, &result,
				&why);
	if (r != SL_OK) {
		code = cli_fail(r, &why, c->operands[0], NULL);
	} else {
		code = recheck_differs(result) ? CLI_REFUSED
		       : state_is(result, REINSPECT_SAME) || state_is(result, REINSPECT_PARTLY)
			       ? CLI_DONE
			       : CLI_UNREACHABLE;
		(void)json_object_set_new(result, "draft", json_string(k->id));
		(void)json_object_set_new(result, "revision", json_integer(k->revision));
		if (c->json)
			(void)json_print(result);
		else
			recheck_print(stdout, c, result);
	}
	json_decref(result);
	case_free(k);
	session_close(&s);
	return code;
}
