/* outcomes.c - what can become of a draft beside approve, return and refuse. */
#include "outcomes.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "policy/present.h"
#include "review/step.h"

static void print_codes(const json_t *codes, const char *outcome, const char *heading)
{
	const json_t *k;
	size_t i;

	printf("%s\n", heading);
	json_array_foreach(codes, i, k)
	{
		const char *of = json_str(k, "outcome");

		if (of == NULL || strcmp(of, outcome) != 0)
			continue;
		printf("  %-16s %s  (%s)\n", present_text(json_str(k, "id")),
		       present_text(json_str(k, i18n_is_zh() ? "zh" : "en")),
		       present_text(json_str(k, "basis")));
	}
}

int outcomes_codes(const struct cli *c)
{
	struct wire_reply reply = {0};
	struct sl_why why = {""};
	const json_t *codes;
	struct session s;
	int r = session_open(c->config, &s, &why);

	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	r = wire_ask(s.wire, "codes.list", NULL, NULL, 0, &reply, &why);
	session_close(&s);
	codes = json_arr(reply.result, "codes");
	if (r == SL_OK && c->json) {
		(void)json_print(reply.result);
	} else if (r == SL_OK && json_array_size(codes) == 0) {
		printf("%s\n", _("The rules in force have no list: any short word is a code."));
	} else if (r == SL_OK) {
		print_codes(codes, "return", _("To return a draft to its author:"));
		print_codes(codes, "refuse",
			    _("To refuse it, by the rows of the yearly report:"));
	}
	wire_reply_release(&reply);
	return r == SL_OK ? CLI_DONE : cli_fail(r, &why, _("the codes cannot be shown"), NULL);
}

/* The role the person gave, else the only one of `fit` that the person has. */
static int choose_role(const struct cli *c, struct session *s, const char *const fit[2],
		       const char **ret_role, struct sl_why *why)
{
	struct wire_reply me = {0};
	const json_t *have;
	size_t i;
	int r;

	*ret_role = cli_value(c, "role");
	if (*ret_role != NULL)
		return SL_OK;
	r = wire_ask(s->wire, "whoami", NULL, NULL, 0, &me, why);
	json_array_foreach(json_arr(me.result, "roles"), i, have)
	{
		const char *name = json_string_value(have);

		for (unsigned k = 0; name != NULL && k < 2; k++) {
			if (strcmp(name, fit[k]) == 0)
				*ret_role = *ret_role == NULL ? fit[k] : "";
		}
	}
	wire_reply_release(&me);
	if (r == SL_OK && *ret_role == NULL)
		return why_set(why, SL_E_DENIED, _("this is for the roles %s and %s"), fit[0],
			       fit[1]);
	if (r == SL_OK && (*ret_role)[0] == '\0')
		return why_set(why, SL_E_USAGE, "%s",
			       _("name the role you sign in: --role ROLE"));
	return r;
}

/* The letter itself never enters the gateway: nothing there has looked at it, and an answer
 * from outside may be classified.  Its digest says later which one it was. */
static int take_scan(const char *path, struct procedure_facts *f, char sha256[65],
		     struct sl_why *why)
{
	const char *slash = strrchr(path, '/');
	uint8_t digest[HASH_LEN];
	uint64_t length = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), r;

	if (fd < 0)
		return why_set(why, SL_E_NOTFOUND, _("%s cannot be opened"), path);
	r = hash_fd(fd, digest, &length);
	file_close(fd);
	if (r != SL_OK)
		return why_set(why, r, _("%s cannot be read"), path);
	text_hex(digest, sizeof(digest), sha256);
	f->scan_name = slash != NULL ? slash + 1 : path;
	f->scan_sha256 = sha256;
	f->scan_length = (int64_t)length;
	return SL_OK;
}

struct work { /* of one of the three commands */
	const char *op;
	struct procedure_facts f;
	const char *fit[2];  /* roles that may do it, when f.role is not given */
	const char *answers; /* member of the status whose envelope it answers, or NULL */
	const char *nothing; /* said when there is none */
	const char *scan;    /* path or NULL */
	const char *next;    /* a sentence: what comes after it */
};

static int send(const struct cli *c, struct session *s, struct work *w, json_t **ret_result,
		struct sl_why *why)
{
	json_t *status = NULL;
	char sha256[65];
	int r = w->f.role != NULL ? SL_OK : choose_role(c, s, w->fit, &w->f.role, why);

	if (r == SL_OK && w->scan != NULL)
		r = take_scan(w->scan, &w->f, sha256, why);
	if (r == SL_OK)
		r = step_status(s, c->operands[0], &status, why);
	if (r == SL_OK && w->answers != NULL) {
		w->f.answers = json_str(json_obj(status, w->answers), "envelope_sha256");
		if (w->f.answers == NULL)
			r = why_set(why, SL_E_STATE, "%s", w->nothing);
	}
	if (r == SL_OK)
		r = step_send(s, w->op, status, &w->f, ret_result, why);
	json_decref(status);
	return r;
}

static int run(const struct cli *c, struct work *w)
{
	struct sl_why why = {""};
	json_t *result = NULL;
	struct session s;
	int r = session_open(c->config, &s, &why);

	if (r != SL_OK)
		return cli_fail(r, &why, _("cannot start"),
				_("see the file given with --config"));
	r = send(c, &s, w, &result, &why);
	session_close(&s);
	if (r != SL_OK)
		return cli_fail(r, &why, c->operands[0], NULL);
	if (c->json)
		(void)json_print(result);
	else
		printf("%s: %s\n  %s\n", c->operands[0],
		       present_state(json_str(result, "state")), w->next);
	json_decref(result);
	return CLI_DONE;
}

static bool given(const char *text)
{
	return text != NULL && text[0] != '\0';
}

int outcomes_refer(const struct cli *c)
{
	struct work w = {.op = "review.refer",
			 .f = {.action = "refer",
			       .text = cli_value(c, "question"),
			       .body = cli_value(c, "to"),
			       .third_party = cli_has(c, "third-party")},
			 .fit = {"secrecy", "legal"},
			 .next = _("Nobody signs until the opinion is there. When it comes: "
				   "sluice-review answer ID --opinion \"what they say\"")};

	if (!given(w.f.text) || !given(w.f.body))
		return cli_fail(SL_E_USAGE, NULL, _("whom to ask, and what, is needed"),
				_("--to BODY --question \"one sentence\""));
	return run(c, &w);
}

int outcomes_answer(const struct cli *c)
{
	struct work w = {.op = "review.answer",
			 .f = {.action = "answer", .text = cli_value(c, "opinion")},
			 .fit = {"secrecy", "legal"},
			 .answers = "referral",
			 .nothing = _("no opinion is waited for"),
			 .scan = cli_value(c, "file"),
			 .next = _("The clocks run again, and what was signed before still "
				   "counts; sluice-review show ID says whose turn it is.")};

	if (!given(w.f.text))
		return cli_fail(SL_E_USAGE, NULL, _("the opinion is needed"),
				_("--opinion \"what they say\""));
	return run(c, &w);
}

int outcomes_decide_appeal(const struct cli *c)
{
	bool admit = cli_has(c, "admit");
	struct work w = {.op = "appeal.decide",
			 .f = {.action = admit ? "admit" : "uphold",
			       .role = "director",
			       .text = cli_value(c, "reason")},
			 .answers = "appeal",
			 .nothing = _("there is no appeal"),
			 .next = admit ? _("It is inspected anew and goes the strictest route; "
					   "what was decided before counts no more.")
				       : _("The refusal is final; its author is told.")};

	if (admit == cli_has(c, "uphold") || !given(w.f.text))
		return cli_fail(SL_E_USAGE, NULL,
				_("one of --uphold and --admit, and a reason, is needed"),
				_("--uphold (it stays refused) or --admit (it is reviewed "
				  "anew), and --reason \"one sentence\""));
	return run(c, &w);
}
