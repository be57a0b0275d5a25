/* sluiced_trust.c - do the custodians' files hang together, what is new, what expires soon?
 *
 * Releaser and checker prove all of it again for themselves; this is for the operator
 * who has just copied files and wants to know before anything stops. */
#include "sluiced.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "release/chain.h"
#include "trust/due_files.h"

enum { NAMES_MAX = 1 << 20, ROLES = DUE_FILES_ROLES };

/* What the released tree has; 0 before the first release. */
static void published(const struct gateway_config *c, uint64_t newest[ROLES])
{
	char path[SLUICED_PATH];
	int dir = file_join(path, sizeof(path), c->data, "release/repo/metadata") == SL_OK
			  ? file_open_dir(AT_FDCWD, path)
			  : -1;

	memset(newest, 0, ROLES * sizeof(newest[0]));
	if (dir >= 0 && due_files_newest(dir, NAMES_MAX, newest) != SL_OK)
		memset(newest, 0, ROLES * sizeof(newest[0]));
	file_close(dir);
}

static void say_versions(const struct gateway_config *c, const struct chain *chain,
			 struct report *r)
{
	const struct tuf_meta *const meta[ROLES] = {chain->root, chain->targets, chain->policy};
	uint64_t newest[ROLES];
	char text[256] = "";
	size_t n = 0;

	published(c, newest);
	for (unsigned i = 0; i < ROLES && n < sizeof(text); i++) {
		long long have = (long long)meta[i]->version, out = (long long)newest[i];

		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%s %lld",
				      i == 0 ? "" : ", ", due_files_role(i), have);
		if (n < sizeof(text) && out != 0 && out != have)
			n += (size_t)snprintf(text + n, sizeof(text) - n,
					      _(" (platforms have %lld)"), out);
	}
	report_add(r, "trust", true, NULL, _("%s; approval policy version %lld"), text,
		   (long long)roster_version(chain->roster));
}

static struct chain_source source(const struct gateway_config *c)
{
	return (struct chain_source){.trust_root = c->trust_root,
				     .repository = c->repository,
				     .approval_policy = c->approval_policy};
}

void sluiced_trust_due(const struct gateway_config *c, struct due_list *l)
{
	struct sl_why why;

	due_files_directory(l, c->repository, NULL);
	/* A policy that cannot be read is for check to complain about. */
	if (due_files_one(l, c->approval_policy, &why) != SL_OK)
		return;
}

void sluiced_trust_check(const struct gateway_config *c, struct report *r)
{
	struct chain_source s = source(c);
	struct due_list due = {.n = 0};
	struct sl_why why = {.text = ""};
	struct chain *chain = NULL;
	int e = crypto_start();

	if (e == SL_OK)
		e = chain_load(&s, clock_now(), &chain, &why);
	if (e == SL_OK)
		say_versions(c, chain, r);
	else
		report_add(r, "trust", false,
			   _("Copy everything in the ceremony's result folder into the "
			     "repository; if that is done, the custodians must look at it."),
			   "%s", why_text(&why, e));
	sluiced_trust_due(c, &due);
	due_report(&due, clock_now(), r);
	chain_free(chain);
}
