/* verify_state.c - what the checker remembers, so that it signs each version once.
 *
 * state.json is the commit point: it is replaced whole and durably before an answer is
 * given, and what it says about a role overrides roles/ROLE.  The entries of the case
 * before are moved to roles/ first; done twice after a crash they are the same. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/text.h"
#include "release/verify.h"

enum { STATE_MAX = JSON_SIGNED_MAX, ROLE_MAX = 1024, ROLES_MAX = 1000000 };

static json_t *entry_new(const struct verify_signed *e)
{
	return json_pack("{s:s,s:s,s:I}", "before", e->before, "sha256", e->sha256, "version",
			 (json_int_t)e->version);
}

static bool read_entry(const char *role, const json_t *j, struct verify_signed *e)
{
	static const char *const members[] = {"before", "sha256", "version", NULL};
	const char *sha256 = json_str(j, "sha256"), *before = json_str(j, "before");

	if (!json_has_only(j, members, NULL) || sha256 == NULL || before == NULL ||
	    strlen(role) >= sizeof(e->role) || !text_is_sha256(sha256) ||
	    !json_i64(j, "version", &e->version) || e->version < 1 ||
	    (e->version == 1 ? before[0] != '\0' : !text_is_sha256(before)))
		return false;
	memcpy(e->role, role, strlen(role) + 1);
	memcpy(e->sha256, sha256, sizeof(e->sha256));
	memcpy(e->before, before, strlen(before) + 1);
	return true;
}

static int open_roles(int dirfd)
{
	if (mkdirat(dirfd, "roles", 0700) == 0) {
		int r = file_sync_dir(dirfd);

		if (r != SL_OK)
			return r;
	}
	return file_open_dir(dirfd, "roles");
}

static int by_role(const void *a, const void *b)
{
	const struct verify_signed *x = a, *y = b;

	return strcmp(x->role, y->role);
}

static int read_list(json_t *roles, struct verify_state *s)
{
	s->list = calloc(json_object_size(roles) + 1, sizeof(*s->list));
	if (s->list == NULL)
		return SL_E_NOMEM;
	for (void *at = json_object_iter(roles); at != NULL;
	     at = json_object_iter_next(roles, at)) {
		if (s->n == DELTA_ROLES_MAX ||
		    !read_entry(json_object_iter_key(at), json_object_iter_value(at),
				&s->list[s->n]))
			return SL_E_CORRUPT;
		s->n++;
	}
	if (s->n > 1)
		qsort(s->list, s->n, sizeof(*s->list), by_role);
	return SL_OK;
}

static json_t *log_new(const struct verify_log *l)
{
	json_t *nodes = json_array();
	char hex[HASH_HEX + 1];

	for (unsigned i = 0; i < l->tree.n && nodes != NULL; i++) {
		text_hex(l->tree.node[i], HASH_LEN, hex);
		if (json_array_append_new(nodes, json_string(hex)) != 0) {
			json_decref(nodes);
			nodes = NULL;
		}
	}
	return json_pack("{s:I,s:s,s:o,s:I,s:I,s:I}", "anchor", (json_int_t)l->anchor,
			 "approval", l->approval, "nodes", nodes, "policy",
			 (json_int_t)l->policy, "root", (json_int_t)l->root, "size",
			 (json_int_t)l->tree.size);
}

static bool read_approval(const json_t *j, struct verify_log *l)
{
	const char *sha256 = json_str(j, "approval");

	if (sha256 == NULL)
		return json_object_get(j, "approval") == NULL;
	if (sha256[0] != '\0' && !text_is_sha256(sha256))
		return false;
	memcpy(l->approval, sha256, strlen(sha256) + 1);
	return true;
}

static bool read_log(const json_t *j, struct verify_log *l)
{
	const json_t *nodes = json_arr(j, "nodes"), *v;
	int64_t size = 0;
	size_t i;

	if (nodes == NULL || !json_i64(j, "size", &size) || size < 0 ||
	    !json_i64(j, "root", &l->root) || !json_i64(j, "policy", &l->policy) ||
	    !json_i64(j, "anchor", &l->anchor) || !read_approval(j, l) ||
	    json_array_size(nodes) != (size_t)__builtin_popcountll((uint64_t)size))
		return false;
	l->tree.size = (uint64_t)size;
	json_array_foreach(nodes, i, v)
	{
		const char *hex = json_string_value(v);

		if (hex == NULL ||
		    !text_unhex(hex, strlen(hex), l->tree.node[l->tree.n++], HASH_LEN))
			return false;
	}
	return true;
}

static int read_state(json_t *j, struct verify_state *s)
{
	const char *schema = json_str(j, "schema");
	json_t *roles = json_object_get(j, "roles");

	if (schema == NULL || strcmp(schema, "sluice-checker/2") != 0 ||
	    !json_is_object(roles) || !json_i64(j, "number", &s->number) || s->number < 1 ||
	    !read_log(json_obj(j, "log"), &s->log) ||
	    !read_log(json_obj(j, "log_before"), &s->log_before))
		return SL_E_CORRUPT;
	return read_list(roles, s);
}

static int see_any(const char *name, void *arg)
{
	(void)name;
	(void)arg;
	return 1;
}

/* Without state.json nothing may have been signed. */
static int check_empty(int dirfd)
{
	int roles = file_open_dir(dirfd, "roles"), r;

	if (roles == SL_E_NOTFOUND)
		return SL_OK;
	r = roles < 0 ? roles : file_each(roles, ROLES_MAX, see_any, NULL);
	file_close(roles);
	return r == 1 ? SL_E_CORRUPT : r;
}

int verify_state_load(int dirfd, struct verify_state *ret_s)
{
	struct verify_state s = {.dirfd = dirfd};
	json_t *j = NULL;
	struct buf b;
	int r;

	buf_init(&b, STATE_MAX);
	r = file_read(dirfd, "state.json", STATE_MAX, &b);
	if (r == SL_E_NOTFOUND)
		r = check_empty(dirfd);
	else if (r == SL_OK)
		r = json_parse_signed(b.data, b.len, &j) == SL_OK ? read_state(j, &s)
								  : SL_E_CORRUPT;
	json_decref(j);
	buf_release(&b);
	if (r != SL_OK) {
		verify_state_release(&s);
		return r;
	}
	*ret_s = s; /* moved */
	return SL_OK;
}

void verify_state_release(struct verify_state *s)
{
	free(s->list);
	s->list = NULL;
	s->n = 0;
}

static const struct verify_signed *in_list(const struct verify_state *s, const char *role)
{
	struct verify_signed key;

	if (s->n == 0 || strlen(role) >= sizeof(key.role))
		return NULL;
	memcpy(key.role, role, strlen(role) + 1);
	return bsearch(&key, s->list, s->n, sizeof(*s->list), by_role);
}

static int read_role(const struct verify_state *s, const char *role, struct verify_signed *ret)
{
	char path[LAYOUT_ROLE_MAX + 8];
	json_t *j = NULL;
	struct buf b;
	int r;

	(void)snprintf(path, sizeof(path), "roles/%.31s", role);
	buf_init(&b, ROLE_MAX);
	r = file_read(s->dirfd, path, ROLE_MAX, &b);
	if (r == SL_OK)
		r = json_parse_signed(b.data, b.len, &j) == SL_OK && read_entry(role, j, ret)
			    ? SL_OK
			    : SL_E_CORRUPT;
	json_decref(j);
	buf_release(&b);
	return r;
}

int verify_state_role(const struct verify_state *s, const char *role, bool before,
		      struct verify_signed *ret)
{
	const struct verify_signed *e = in_list(s, role);

	if (e == NULL)
		return read_role(s, role, ret);
	if (before && e->version == 1)
		return SL_E_NOTFOUND;
	*ret = *e;
	if (before) {
		ret->version--;
		memcpy(ret->sha256, e->before, sizeof(ret->sha256));
		ret->before[0] = '\0';
	}
	return SL_OK;
}

struct each {
	int (*fn)(void *to, const char *role);
	void *to;
};

static int see_role(const char *name, void *arg)
{
	const struct each *e = arg;

	return e->fn(e->to, name);
}

int verify_state_each(const struct verify_state *s, int (*fn)(void *to, const char *role),
		      void *to)
{
	struct each e = {.fn = fn, .to = to};
	int roles = file_open_dir(s->dirfd, "roles");
	int r = roles == SL_E_NOTFOUND ? SL_OK
		: roles < 0	       ? roles
				       : file_each(roles, ROLES_MAX, see_role, &e);

	file_close(roles);
	for (unsigned i = 0; i < s->n && r == SL_OK; i++)
		r = fn(to, s->list[i].role);
	return r;
}

static int write_json(int dirfd, const char *name, json_t *j)
{
	struct buf b;
	int r;

	buf_init(&b, STATE_MAX);
	r = j == NULL ? SL_E_NOMEM : json_canonical(j, &b);
	if (r == SL_OK)
		r = file_write_durable(dirfd, name, b.data, b.len, 0600);
	json_decref(j);
	buf_release(&b);
	return r;
}

static int write_roles(const struct verify_state *s)
{
	int roles = open_roles(s->dirfd), r = roles < 0 ? roles : SL_OK;

	for (unsigned i = 0; i < s->n && r == SL_OK; i++)
		r = write_json(roles, s->list[i].role, entry_new(&s->list[i]));
	file_close(roles);
	return r;
}

static json_t *list_new(const struct verify_state *s)
{
	json_t *list = json_object();

	for (unsigned i = 0; i < s->n && list != NULL; i++) {
		if (json_object_set_new(list, s->list[i].role, entry_new(&s->list[i])) != 0) {
			json_decref(list);
			list = NULL;
		}
	}
	return list;
}

int verify_state_save(struct verify_state *s, struct verify_state *next)
{
	int r = SL_OK;

	if (next->number != s->number)
		r = write_roles(s);
	if (r == SL_OK)
		r = write_json(s->dirfd, "state.json",
			       json_pack("{s:o,s:o,s:I,s:o,s:s}", "log", log_new(&next->log),
					 "log_before", log_new(&next->log_before), "number",
					 (json_int_t)next->number, "roles", list_new(next),
					 "schema", "sluice-checker/2"));
	if (r != SL_OK)
		return r;
	verify_state_release(s);
	*s = *next; /* moved */
	next->list = NULL;
	next->n = 0;
	return SL_OK;
}
