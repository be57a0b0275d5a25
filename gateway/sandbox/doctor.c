/* doctor.c - what the probe found, as two tables for people or as JSON. */
#include "sandbox/doctor.h"

#include <stdio.h>

enum { N_LAYERS = 7, ROLE_COLUMN = 22 };

/* In the order of sandbox_enter. */
static const unsigned layers[N_LAYERS] = {
	SANDBOX_NAMESPACES,   SANDBOX_LIMITS,	SANDBOX_NO_DUMP, SANDBOX_CAPABILITIES,
	SANDBOX_NO_NEW_PRIVS, SANDBOX_LANDLOCK, SANDBOX_SECCOMP,
};

int doctor_examine(const char *const *roles, unsigned optional, struct doctor *ret_d)
{
	int r = SL_OK;

	ret_d->n = 0;
	ret_d->as_promised = true;
	for (; *roles != NULL && r == SL_OK; roles++) {
		unsigned i = ret_d->n;

		BUG(i == DOCTOR_ROLES_MAX);
		ret_d->role[i].profile = sandbox_profile_named(*roles);
		BUG(ret_d->role[i].profile == NULL);
		r = sandbox_probe(ret_d->role[i].profile, optional, &ret_d->role[i].result);
		ret_d->n++;
		if (r == SL_OK && !ret_d->role[i].result.as_promised)
			ret_d->as_promised = false;
	}
	return r;
}

static const char *layer_word(const struct doctor *d, unsigned i, unsigned layer)
{
	if ((d->role[i].profile->without & layer) != 0)
		return "left-out";
	return (d->role[i].result.report.active & layer) != 0 ? "active" : "missing";
}

static void print_layers(const struct doctor *d, const struct cli *c)
{
	printf("%s%-*s", cli_paint(c, CLI_BOLD), ROLE_COLUMN, _("layers"));
	for (unsigned k = 0; k < N_LAYERS; k++)
		printf(" %-12s", sandbox_layer_name(layers[k]));
	printf("%s\n", cli_paint(c, CLI_RESET));
	for (unsigned i = 0; i < d->n; i++) {
		printf("%-*s", ROLE_COLUMN, d->role[i].profile->role);
		for (unsigned k = 0; k < N_LAYERS; k++) {
			const char *word = layer_word(d, i, layers[k]);
			enum cli_paint paint = word[0] == 'a'	? CLI_GREEN
					       : word[0] == 'm' ? CLI_RED
								: CLI_DIM;

			printf(" %s%-12s%s", cli_paint(c, paint), word,
			       cli_paint(c, CLI_RESET));
		}
		putchar('\n');
		if (d->role[i].result.error != SL_OK)
			printf("  %s%s%s\n", cli_paint(c, CLI_RED),
			       why_text(&d->role[i].result.why, d->role[i].result.error),
			       cli_paint(c, CLI_RESET));
	}
}

static void print_attempt(const struct cli *c, bool permitted, bool happened)
{
	enum cli_paint paint = CLI_GREEN;
	const char *word = "denied";

	if (happened && permitted) {
		word = "may";
		paint = CLI_DIM;
	} else if (happened) {
		word = "LEAK";
		paint = CLI_RED;
	} else if (permitted) {
		word = "BROKEN";
		paint = CLI_YELLOW;
	}
	printf(" %s%-8s%s", cli_paint(c, paint), word, cli_paint(c, CLI_RESET));
}

static void print_attempts(const struct doctor *d, const struct cli *c)
{
	printf("\n%s%-*s", cli_paint(c, CLI_BOLD), ROLE_COLUMN, _("attempts from inside"));
	for (unsigned act = 0; act < SANDBOX_ACTS; act++)
		printf(" %-8s", sandbox_act_name((enum sandbox_act)act));
	printf("%s\n", cli_paint(c, CLI_RESET));
	for (unsigned i = 0; i < d->n; i++) {
		const struct sandbox_probe_result *result = &d->role[i].result;

		if (result->error != SL_OK)
			continue;
		printf("%-*s", ROLE_COLUMN, d->role[i].profile->role);
		for (unsigned act = 0; act < SANDBOX_ACTS; act++)
			print_attempt(c, result->act[act].permitted, result->act[act].happened);
		putchar('\n');
	}
	printf("%s%s%s\n", cli_paint(c, CLI_DIM),
	       _("denied: refused, as it should be; may: the role's work needs it; LEAK: it "
		 "worked and "
		 "must not; BROKEN: it must work and did not"),
	       cli_paint(c, CLI_RESET));
}

void doctor_print(const struct doctor *d, const struct cli *c)
{
	print_layers(d, c);
	print_attempts(d, c);
}

static json_t *role_json(const struct doctor *d, unsigned i)
{
	const struct sandbox_probe_result *result = &d->role[i].result;
	json_t *by_layer = json_object(), *attempts = json_object();
	int bad = by_layer == NULL || attempts == NULL;

	for (unsigned k = 0; k < N_LAYERS; k++)
		bad |= json_object_set_new(by_layer, sandbox_layer_name(layers[k]),
					   json_string(layer_word(d, i, layers[k])));
	for (unsigned act = 0; act < SANDBOX_ACTS && result->error == SL_OK; act++)
		bad |= json_object_set_new(attempts, sandbox_act_name((enum sandbox_act)act),
					   json_pack("{sb sb}", "permitted",
						     result->act[act].permitted, "happened",
						     result->act[act].happened));
	if (bad) {
		json_decref(by_layer);
		json_decref(attempts);
		return NULL;
	}
	return json_pack("{ss sb ss* so so}", "role", d->role[i].profile->role, "as_promised",
			 result->as_promised, "error",
			 result->error != SL_OK ? why_text(&result->why, result->error) : NULL,
			 "layers", by_layer, "attempts", attempts);
}

json_t *doctor_json(const struct doctor *d)
{
	json_t *all = json_array();

	for (unsigned i = 0; i < d->n && all != NULL; i++) {
		if (json_array_append_new(all, role_json(d, i)) != 0) {
			json_decref(all);
			all = NULL;
		}
	}
	return all;
}
