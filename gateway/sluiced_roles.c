/* sluiced_roles.c - the programs of the gateway host and their command lines, in stages.
 *
 * Filters first, since nothing can be inspected without them; then the desk,
 * which makes the store; then those that wait for its work. */
#include "sluiced.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"

enum { FILTER_READY_SECONDS = 300, DESK_STAGE = 1, LAST_STAGE = 2 };

const char *const sluiced_roles_profiles[] = {
	"supervisor",
	"desk",
	"inspector",
	"filter-type",
	"filter-type-child",
	"filter-av",
	"filter-av-child",
	"av-check",
	"filter-extract",
	"filter-extract-child",
	"filter-see",
	"filter-see-child",
	"filter-office",
	"filter-office-child",
	"filter-match",
	"filter-match-child",
	"filter-clean",
	"filter-clean-child",
	"releaser",
	"checker",
	"sender",
	"sender-oneway",
	NULL,
};

static const char *const filters[] = {"type",  "av",  "extract", "match",
				      "clean", "see", "office"};
/* They take seconds to start and only some drafts need them, which wait for them or are
 * held; nothing else does. */
static const char see[] = "see", office[] = "office";
enum { N_FILTERS = sizeof(filters) / sizeof(filters[0]) };
static const struct {
	const char *name;
	unsigned stage;
} others[] = {
	{"desk", DESK_STAGE},	 {"inspector", LAST_STAGE}, {"releaser", LAST_STAGE},
	{"checker", LAST_STAGE}, {"sender", LAST_STAGE},
};
enum { N_OTHERS = sizeof(others) / sizeof(others[0]) };

static bool is_spare(const char *name)
{
	return strcmp(name, see) == 0 || strcmp(name, office) == 0;
}

bool sluiced_roles_is_filter(const char *name)
{
	for (unsigned i = 0; i < N_FILTERS; i++) {
		if (strcmp(name, filters[i]) == 0)
			return !is_spare(name);
	}
	return false;
}

static void arg(struct process_spec *s, const char *name, const char *value)
{
	unsigned n = 0;

	while (s->argv[n] != NULL)
		n++;
	BUG(n + 2 >= PROCESS_ARGS);
	s->argv[n++] = name;
	if (value != NULL)
		s->argv[n] = value;
}

/* "landlock,seccomp", as the filter programs take it. */
static int join_optional(const struct config_list *l, char *out, size_t cap)
{
	out[0] = '\0';
	for (unsigned i = 0; i < l->n; i++) {
		size_t used = strlen(out);

		if ((size_t)snprintf(out + used, cap - used, "%s%s", i > 0 ? "," : "",
				     l->item[i]) >= cap - used)
			return SL_E_LIMIT;
	}
	return SL_OK;
}

static int program_path(struct sluiced_roles *r, const char *libexec, const char *prefix,
			const char *name)
{
	char file[64];

	(void)snprintf(file, sizeof(file), "%s%s", prefix, name);
	return file_join(r->paths[r->n], SLUICED_PATH, libexec, file);
}

static int add_filter(const struct gateway_config *c, const char *libexec, const char *name,
		      unsigned stage, struct sluiced_roles *r)
{
	struct process_spec *s = &r->spec[r->n];
	char *socket = r->paths[r->n] + SLUICED_PATH;
	char file[64];
	int e = program_path(r, libexec, "sluice-filter-", name);

	(void)snprintf(file, sizeof(file), "run/filters/%s.sock", name);
	if (e == SL_OK)
		e = file_join(socket, SLUICED_PATH, c->data, file);
	if (e != SL_OK)
		return e;
	s->name = name;
	s->spare = is_spare(name);
	s->stage = stage;
	s->ready_seconds = FILTER_READY_SECONDS;
	s->argv[0] = r->paths[r->n];
	arg(s, "--socket", socket);
	arg(s, "--bytes", r->values[0]);
	arg(s, "--seconds", strcmp(name, see) == 0 ? r->values[3] : r->values[1]);
	if (r->optional[0] != '\0')
		arg(s, "--optional", r->optional);
	if (strcmp(name, "match") == 0)
		arg(s, "--policies", r->policies);
	if (strcmp(name, "av") == 0) {
		arg(s, "--database", r->database);
		arg(s, "--max-age", r->values[2]);
		if (c->antivirus.demo)
			arg(s, "--demo", NULL);
	}
	if (strcmp(name, office) == 0 && c->office != NULL)
		arg(s, "--office", c->office);
	r->n++;
	return SL_OK;
}

static int add_other(const char *config, const char *libexec, const char *name, unsigned stage,
		     struct sluiced_roles *r)
{
	struct process_spec *s = &r->spec[r->n];
	int e = program_path(r, libexec, "sluice-", name);

	if (e != SL_OK)
		return e;
	s->name = name;
	s->stage = stage;
	s->argv[0] = r->paths[r->n];
	arg(s, "--config", config);
	r->n++;
	return SL_OK;
}

/* Nothing could come of the work of the others. */
static int fill_read_only(const char *config, const char *libexec, enum sluiced_store store,
			  struct sluiced_roles *r)
{
	int e = add_other(config, libexec, "desk", 0, r);

	if (e == SL_OK)
		arg(&r->spec[0], "--read-only", sluiced_store_name(store));
	return e;
}

int sluiced_roles_fill(const struct gateway_config *c, const char *config, const char *libexec,
		       enum sluiced_store store, struct sluiced_roles *r, struct sl_why *why)
{
	int e;

	memset(r, 0, sizeof(*r));
	if (store != SLUICED_STORE_SOUND) {
		e = fill_read_only(config, libexec, store, r);
		goto out;
	}
	(void)snprintf(r->values[0], sizeof(r->values[0]), "%llu",
		       (unsigned long long)c->limits.file_bytes);
	(void)snprintf(r->values[1], sizeof(r->values[1]), "%u", c->limits.inspect_seconds);
	(void)snprintf(r->values[2], sizeof(r->values[2]), "%u", c->antivirus.max_age_days);
	(void)snprintf(r->values[3], sizeof(r->values[3]), "%u", c->limits.see_seconds);
	e = join_optional(&c->sandbox.optional, r->optional, sizeof(r->optional));
	if (e == SL_OK)
		e = slot_or(c->data, "policies", c->policies, r->policies);
	if (e == SL_OK)
		e = slot_or(c->data, "antivirus", c->antivirus.database, r->database);
	for (unsigned i = 0; i < N_FILTERS && e == SL_OK; i++)
		e = add_filter(c, libexec, filters[i], is_spare(filters[i]) ? LAST_STAGE : 0,
			       r);
	for (unsigned i = 0; i < N_OTHERS && e == SL_OK; i++)
		e = add_other(config, libexec, others[i].name, others[i].stage, r);
out:
	return e == SL_OK ? SL_OK : why_set(why, e, "%s: the path is too long", libexec);
}

const struct process_spec *sluiced_roles_successor(struct sluiced_roles *r, const char *name,
						   unsigned turn)
{
	for (unsigned i = 0; i < r->n; i++) {
		if (strcmp(r->spec[i].name, name) != 0)
			continue;
		arg(&r->spec[i], "--turn", turn == 0 ? "0" : "1");
		return &r->spec[i];
	}
	return NULL;
}
