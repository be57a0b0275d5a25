/* sluiced_swap.c - new rules or signatures came into force: the filter that reads them is
 * started once more beside the one at work, which ends when the new one is ready.
 *
 * What is in force was proved before it was named, so a filter that cannot take it points to
 * the host (memory, a broken disk): the old one goes on, it is said, and tried again. */
#include "sluiced.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/log.h"

enum { KINDS = 2, GRACE_S = 60, AGAIN_MS = 10000 };

static void read_name(const struct sluiced_swap *w, const char *kind, char out[SLOT_NAME])
{
	char path[SLOT_PATH];
	json_t *facts = NULL;

	out[0] = '\0';
	if (slot_current(w->c->data, kind, path, &facts) == SL_OK)
		(void)snprintf(out, SLOT_NAME, "%s", json_str(facts, "name"));
	json_decref(facts);
}

void sluiced_swap_init(struct sluiced_swap *w, const struct gateway_config *c,
		       const char *config, const char *libexec)
{
	static const char *const names[KINDS][2] = {{"policies", "match"}, {"antivirus", "av"}};

	memset(w, 0, sizeof(*w));
	w->c = c;
	w->config = config;
	w->libexec = libexec;
	for (unsigned i = 0; i < KINDS; i++) {
		struct sluiced_swap_kind *k = &w->kind[i];

		k->kind = names[i][0];
		k->filter = names[i][1];
		k->seen = slot_changed(c->data, k->kind);
		read_name(w, k->kind, k->loaded);
	}
}

static int start(struct sluiced_swap *w, struct sluiced_swap_kind *k, struct process_set *set)
{
	struct sluiced_roles *r = calloc(1, sizeof(*r));
	const struct process_spec *spec = NULL;
	struct sl_why why = {.text = ""};
	int e = r == NULL ? SL_E_NOMEM
			  : sluiced_roles_fill(w->c, w->config, w->libexec, SLUICED_STORE_SOUND,
					       r, &why);

	if (e == SL_OK)
		spec = sluiced_roles_successor(r, k->filter, k->turn ^ 1u);
	if (e == SL_OK)
		e = spec == NULL ? SL_E_INTERNAL
				 : process_set_swap(set, spec,
						    1000 * (int)(w->c->limits.inspect_seconds +
								 GRACE_S));
	free(r);
	return e;
}

static void begin(struct sluiced_swap *w, struct sluiced_swap_kind *k, struct process_set *set)
{
	struct timespec t = slot_changed(w->c->data, k->kind);
	int e;

	read_name(w, k->kind, k->wanted);
	e = start(w, k, set);
	if (e == SL_E_UNREACHABLE) /* the other filter is at it */
		return;
	k->seen = t;
	k->loading = e == SL_OK;
	k->since = clock_mono_ms();
	k->again = 0;
	if (e == SL_OK)
		return;
	(void)snprintf(k->refused, sizeof(k->refused), "%s", sl_strerror(e));
	k->again = k->since + AGAIN_MS;
}

static void finish(struct sluiced_swap_kind *k, const char *refused)
{
	long long ms = (long long)(clock_mono_ms() - k->since);

	k->loading = false;
	(void)snprintf(k->refused, sizeof(k->refused), "%s", refused);
	if (refused[0] != '\0') {
		k->again = clock_mono_ms() + AGAIN_MS;
		log_err("swap.refused", "filter=%s wanted=%s why=%s", k->filter,
			log_q(k->wanted), log_q(refused));
		return;
	}
	k->turn ^= 1u;
	(void)snprintf(k->loaded, sizeof(k->loaded), "%s", k->wanted);
	log_info("swap.done", "filter=%s loaded=%s ms=%lld", k->filter, log_q(k->loaded), ms);
}

bool sluiced_swap_turn(struct sluiced_swap *w, struct process_set *set)
{
	const char *refused;
	bool busy = process_set_swapping(set, &refused), changed = false;

	for (unsigned i = 0; i < KINDS; i++) {
		struct sluiced_swap_kind *k = &w->kind[i];
		struct timespec t = slot_changed(w->c->data, k->kind);
		bool is_new = t.tv_sec != k->seen.tv_sec || t.tv_nsec != k->seen.tv_nsec;

		if (k->loading && !busy) {
			finish(k, refused);
			changed = true;
		}
		if (!k->loading && !busy &&
		    (is_new || (k->again != 0 && clock_mono_ms() >= k->again))) {
			begin(w, k, set);
			busy = k->loading;
			changed = true;
		}
	}
	return changed;
}

json_t *sluiced_swap_json(const struct sluiced_swap *w)
{
	json_t *all = json_object();

	for (unsigned i = 0; all != NULL && i < KINDS; i++) {
		const struct sluiced_swap_kind *k = &w->kind[i];
		json_t *one = json_pack("{ss ss}", "name", k->loaded, "state",
					k->loading		? "loading"
					: k->refused[0] != '\0' ? "refused"
								: "in-force");

		if (one != NULL && k->refused[0] != '\0')
			(void)json_object_set_new(one, "refused", json_string(k->refused));
		if (one == NULL || json_object_set_new(all, k->kind, one) != 0) {
			json_decref(all);
			all = NULL;
		}
	}
	return all;
}
