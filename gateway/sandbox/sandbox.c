/* sandbox.c - the layers in their order; a missing one stops the role unless allowed. */
#include "sandbox/sandbox.h"

#include <string.h>

#include "sandbox/layers.h"

static int no_dump(const struct sandbox_profile *p, struct sl_why *why)
{
	(void)p;
	return limits_no_dump(why);
}

static int no_new_privs(const struct sandbox_profile *p, struct sl_why *why)
{
	(void)p;
	return capabilities_no_new_privs(why);
}

/* The order matters: writing the uid map needs /proc/self of a dumpable process
 * and no Landlock yet; Landlock and seccomp need no-new-privs; seccomp is last
 * because it closes the calls that the others use. */
static const struct {
	unsigned layer;
	const char *name;
	int (*enter)(const struct sandbox_profile *p, struct sl_why *why);
} layers[] = {
	{SANDBOX_NAMESPACES, "namespaces", namespaces_enter},
	{SANDBOX_LIMITS, "limits", limits_enter},
	{SANDBOX_NO_DUMP, "no-dump", no_dump},
	{SANDBOX_CAPABILITIES, "capabilities", capabilities_drop},
	{SANDBOX_NO_NEW_PRIVS, "no-new-privs", no_new_privs},
	{SANDBOX_LANDLOCK, "landlock", landlock_enter},
	{SANDBOX_SECCOMP, "seccomp", syscalls_enter},
};
enum { N_LAYERS = sizeof(layers) / sizeof(layers[0]) };

const char *sandbox_layer_name(unsigned layer)
{
	for (unsigned i = 0; i < N_LAYERS; i++) {
		if (layers[i].layer == layer)
			return layers[i].name;
	}
	return "unknown";
}

int sandbox_optional(const struct config_list *names, unsigned *ret_layers, struct sl_why *why)
{
	unsigned found = 0;

	for (unsigned i = 0; i < names->n; i++) {
		unsigned k = 0;

		while (k < N_LAYERS && strcmp(layers[k].name, names->item[i]) != 0)
			k++;
		if (k == N_LAYERS)
			return why_set(why, SL_E_CONFIG,
				       "sandbox.optional: there is no layer \"%s\"",
				       names->item[i]);
		found |= layers[k].layer;
	}
	*ret_layers = found;
	return SL_OK;
}

#ifdef SL_NO_SANDBOX
static bool left_out(unsigned layer)
{
	return layer != SANDBOX_LIMITS;
}
int sandbox_prepare(const struct sandbox_profile *p, struct sl_why *why)
{
	(void)p;
	(void)why;
	return SL_OK;
}
#else
static bool left_out(unsigned layer)
{
	(void)layer;
	return false;
}
int sandbox_prepare(const struct sandbox_profile *p, struct sl_why *why)
{
	return (p->without & SANDBOX_SECCOMP) != 0 ? SL_OK : syscalls_prepare(p, why);
}
#endif

int sandbox_enter(const struct sandbox_profile *p, unsigned optional,
		  struct sandbox_report *ret_report, struct sl_why *why)
{
	struct sandbox_report report = {.landlock_abi = landlock_abi()};

	for (unsigned i = 0; i < N_LAYERS; i++) {
		unsigned layer = layers[i].layer;
		struct sl_why detail = {{0}};
		int r;

		if ((p->without & layer) != 0)
			continue;
		report.wanted |= layer;
		if (left_out(layer))
			continue;
		r = layers[i].enter(p, &detail);
		if (r == SL_OK)
			report.active |= layer;
		else if (r != SL_E_SANDBOX || (optional & layer) == 0)
			return why_set(why, r, "%s: sandbox layer %s: %s", p->role,
				       layers[i].name, why_text(&detail, r));
	}
	if (ret_report != NULL)
		*ret_report = report;
	return SL_OK;
}
