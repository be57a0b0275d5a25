/* form_command.c - print or save the review form of a draft. */
#include "form/form_command.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "form/form.h"
#include "form/form_record.h"
#include "form/form_paper.h"
#include "policy/present.h"
#include "trust/policy_trust.h"
#include "wire/session.h"

enum { TEXT_MAX = 32 << 20, PDF_MAX = 256 << 20 };

int form_command_fetch(struct session *s, const char *op, const char *draft, int64_t revision,
		       json_t **ret_record, struct sl_why *why)
{
	json_t *args = json_pack("{s:s,s:I}", "draft", draft, "revision", (json_int_t)revision);
	struct wire_reply reply = {0};
	struct roster *roster = NULL;
	char sha256[65];
	int r = args == NULL ? SL_E_NOMEM : wire_ask(s->wire, op, args, NULL, 0, &reply, why);

	if (r == SL_OK)
		r = policy_trust_get(s, &roster, sha256, why);
	if (r == SL_OK)
		r = form_record(reply.result, roster, ret_record, why);
	roster_free(roster);
	wire_reply_release(&reply);
	json_decref(args);
	return r;
}

static bool is_pdf(const char *path)
{
	size_t len = strlen(path);

	return len > 4 && strcmp(path + len - 4, ".pdf") == 0;
}

static int render_text(const json_t *record, enum form_lang lang, struct buf *out)
{
	struct form *f = NULL;
	int r = form_fields(record, lang, &f);

	if (r == SL_OK)
		r = form_text(f, out);
	form_free(f);
	return r;
}

int form_command_write(const json_t *record, enum form_lang lang, const char *path,
		       struct sl_why *why)
{
	struct buf bytes;
	int r;

	buf_init(&bytes, PDF_MAX);
	r = is_pdf(path) ? form_paper(record, lang, &bytes, why)
			 : render_text(record, lang, &bytes);
	if (r == SL_OK) {
		r = file_write_durable(AT_FDCWD, path, buf_str(&bytes), bytes.len, 0600);
		if (r != SL_OK)
			(void)why_set(why, r, "%s: %s", path, sl_strerror(r));
	}
	buf_release(&bytes);
	return r;
}

static int print_text(const json_t *record, enum form_lang lang)
{
	struct buf text;
	int r;

	buf_init(&text, TEXT_MAX);
	r = render_text(record, lang, &text);
	if (r == SL_OK) {
		(void)fputs(buf_str(&text), stdout);
		r = cli_written() ? SL_OK : SL_E_IO;
	}
	buf_release(&text);
	return r;
}

/* The form is a Chinese paper; only on demand is it another. */
static int lang_of(const struct cli *c, enum form_lang *ret_lang)
{
	const char *lang = cli_value(c, "lang");

	if (lang != NULL && strcmp(lang, "zh") != 0 && strcmp(lang, "en") != 0)
		return SL_E_USAGE;
	*ret_lang = lang != NULL && strcmp(lang, "en") == 0 ? FORM_EN : FORM_ZH;
	return SL_OK;
}

static bool is_bad(const json_t *line)
{
	const char *check = json_str(line, "check");

	return check == NULL || strcmp(check, "valid") != 0;
}

/* Signatures that do not verify: the form says so, and so does the exit code. */
static unsigned count_bad(const json_t *record)
{
	unsigned n = is_bad(json_obj(record, "submission"));
	const json_t *vote;
	size_t i;

	n += is_bad(json_obj(record, "inspection"));
	json_array_foreach(json_arr(record, "votes"), i, vote) n += is_bad(vote);
	json_array_foreach(json_arr(record, "steps"), i, vote) n += is_bad(vote);
	return n;
}

static int put_out(const struct cli *c, const json_t *record, enum form_lang lang,
		   struct sl_why *why)
{
	const char *out = cli_value(c, "out");
	int r = SL_OK;

	if (out != NULL)
		r = form_command_write(record, lang, out, why);
	if (r != SL_OK)
		return r;
	if (c->json)
		return json_print(record);
	if (out == NULL || cli_has(c, "text"))
		return print_text(record, lang);
	printf(_("%s is in %s\n"), present_text(json_str(record, "draft")), present_text(out));
	return SL_OK;
}

static int run(const struct cli *c, const char *op)
{
	json_t *record = NULL;
	struct sl_why why = {""};
	enum form_lang lang = FORM_ZH;
	struct session s;
	unsigned bad = 0;
	int code, r = lang_of(c, &lang);

	if (r != SL_OK)
		return cli_fail(r, NULL, _("--lang is zh or en"), NULL);
	r = session_open(c->config, &s, &why);
	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	r = form_command_fetch(&s, op, c->operands[0], 0, &record, &why);
	if (r == SL_OK)
		r = put_out(c, record, lang, &why);
	if (r == SL_OK)
		bad = count_bad(record);
	code = r == SL_OK ? CLI_DONE : cli_fail(r, &why, c->operands[0], NULL);
	if (bad > 0) {
		(void)fprintf(stderr,
			      ngettext("%u signature on this form does not verify; the form "
				       "says why.\n",
				       "%u signatures on this form do not verify; the form "
				       "says why.\n",
				       bad),
			      bad);
		code = CLI_REFUSED;
	}
	json_decref(record);
	session_close(&s);
	return code;
}

int form_command_run(const struct cli *c)
{
	return run(c, "review.form");
}

int form_command_own(const struct cli *c)
{
	return run(c, "draft.form");
}
