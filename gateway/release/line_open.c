/* line_open.c - everything the releaser needs, acquired before the sandbox closes. */
#include <string.h>

#include "base/file.h"
#include "release/line.h"
#include "sandbox/role.h"

static int load_key(const char *dir, const char *name, enum key_use use, struct key **ret_k,
		    struct sl_why *why)
{
	char path[4096];
	int r = name == NULL ? SL_OK : file_join(path, sizeof(path), dir, name);

	return r == SL_OK ? key_load(name == NULL ? dir : path, use, NULL, ret_k, why) : r;
}

static int load_keys(const struct gateway_config *c, struct build_keys *k, struct sl_why *why)
{
	int r = signers_load(c->keys.releaser, &k->own, why);

	if (r == SL_OK)
		r = load_key(c->keys.snapshot, NULL, KEY_TUF_SNAPSHOT, &k->snapshot, why);
	if (r == SL_OK)
		r = load_key(c->keys.timestamp, NULL, KEY_TUF_TIMESTAMP, &k->timestamp, why);
	if (r == SL_OK)
		r = load_key(c->keys.gateway, NULL, KEY_DSSE_GATEWAY, &k->gateway, why);
	if (r == SL_OK)
		r = load_key(c->keys.releaser, "log", KEY_LOG, &k->log, why);
	return r;
}

static int load_outlet(const struct gateway_config *c, uint8_t outlet[KEY_PUBLIC],
		       struct sl_why *why)
{
	enum key_use use;
	int r;

	if (c->link.outlet_key == NULL)
		return why_set(why, SL_E_CONFIG,
			       "link.outlet_key is missing: units are sealed to the outlet");
	r = key_read_public(c->link.outlet_key, outlet, &use, why);
	if (r == SL_OK && use != KEY_LINK)
		r = why_set(why, SL_E_CONFIG, "%s is a key for %s, not for the link",
			    c->link.outlet_key, key_use_name(use));
	return r;
}

static int open_directories(struct line *l, struct sl_why *why)
{
	struct {
		const char *name;
		int *fd;
	} const dirs[] = {
		{"release", &l->f.release_fd},	       {"release/cases", &l->f.cases_fd},
		{"release/repo", &l->f.repo_fd},       {"release/refs", &l->f.refs_fd},
		{"release/waiting", &l->f.waiting_fd}, {"outbox", &l->f.outbox_fd},
		{"log-signed", &l->f.signed_fd},
	};

	for (unsigned i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		*dirs[i].fd = role_directory(l->c->data, dirs[i].name, why);
		if (*dirs[i].fd < 0)
			return *dirs[i].fd;
	}
	return SL_OK;
}

int line_open(const struct gateway_config *c, struct line *ret_l, struct sl_why *why)
{
	struct line *l = ret_l;
	int r;

	memset(l, 0, sizeof(*l));
	l->c = c;
	l->source = (struct chain_source){.trust_root = c->trust_root,
					  .repository = c->repository,
					  .approval_policy = c->approval_policy};
	l->f = (struct finish){.release_fd = -1,
			       .cases_fd = -1,
			       .repo_fd = -1,
			       .refs_fd = -1,
			       .waiting_fd = -1,
			       .outbox_fd = -1,
			       .signed_fd = -1,
			       .keys = &l->keys,
			       .outlet = l->outlet};
	r = load_keys(c, &l->keys, why);
	if (r == SL_OK)
		r = load_outlet(c, l->outlet, why);
	if (r == SL_OK)
		r = open_directories(l, why);
	if (r == SL_OK)
		r = store_open(c->data, STORE_RELEASER, &l->store, why);
	l->f.store = l->store;
	if (r != SL_OK)
		line_close(l);
	return r;
}

void line_close(struct line *l)
{
	chain_free(l->chain);
	routes_signed_release(&l->routes);
	repo_free(l->repo);
	store_close(l->store);
	signers_release(&l->keys.own);
	key_free(l->keys.snapshot);
	key_free(l->keys.timestamp);
	key_free(l->keys.gateway);
	key_free(l->keys.log);
	file_close(l->f.release_fd);
	file_close(l->f.cases_fd);
	file_close(l->f.repo_fd);
	file_close(l->f.refs_fd);
	file_close(l->f.waiting_fd);
	file_close(l->f.outbox_fd);
	file_close(l->f.signed_fd);
	memset(l, 0, sizeof(*l));
	l->f.release_fd = l->f.cases_fd = l->f.repo_fd = l->f.refs_fd = -1;
	l->f.waiting_fd = l->f.outbox_fd = l->f.signed_fd = -1;
}
