/* verify_state.c - what the checker remembers, in one small file replaced whole. */
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "release/verify.h"

enum { STATE_MAX = 64 << 10 };

static json_t *roles_new(const struct verify_state *s)
{
	json_t *roles = json_object();
	int bad = roles == NULL;

	for (unsigned k = 0; k < DELTA_ROLES && !bad; k++) {
		if (s->version[k] > 0)
			bad = json_object_set_new(roles, delta_role_name(k),
						  json_pack("{s:s,s:I}", "sha256", s->sha256[k],
							    "version",
							    (json_int_t)s->version[k])) != 0;
	}
	if (bad) {
		json_decref(roles);
		return NULL;
	}
	return roles;
}

int verify_state_save(int dirfd, const struct verify_state *s)
{
	json_t *roles = roles_new(s), *j;
	struct buf b;
	int r;

	buf_init(&b, STATE_MAX);
	j = json_pack("{s:I,s:o,s:s}", "number", (json_int_t)s->number, "roles", roles,
		      "schema", "sluice-checker/1");
	r = j == NULL ? SL_E_NOMEM : json_canonical(j, &b);
	if (r == SL_OK)
		r = file_write_durable(dirfd, "state.json", b.data, b.len, 0600);
	json_decref(j);
	buf_release(&b);
	return r;
}

static int read_state(const json_t *j, struct verify_state *s)
{
	const char *schema = json_str(j, "schema");
	const json_t *roles = json_obj(j, "roles");

	if (schema == NULL || strcmp(schema, "sluice-checker/1") != 0 || roles == NULL ||
	    !json_i64(j, "number", &s->number) || s->number < 1)
		return SL_E_CORRUPT;
	/* The first case signs every role, so every role is here. */
	for (unsigned k = 0; k < DELTA_ROLES; k++) {
		const json_t *role = json_obj(roles, delta_role_name(k));
		const char *sha256 = json_str(role, "sha256");

		if (sha256 == NULL || !text_is_sha256(sha256) ||
		    !json_i64(role, "version", &s->version[k]) || s->version[k] < 1)
			return SL_E_CORRUPT;
		memcpy(s->sha256[k], sha256, sizeof(s->sha256[k]));
	}
	return SL_OK;
}

int verify_state_load(int dirfd, struct verify_state *ret_s)
{
	struct verify_state s = {.number = 0};
	json_t *j = NULL;
	struct buf b;
	int r;

	buf_init(&b, STATE_MAX);
	r = file_read(dirfd, "state.json", STATE_MAX, &b);
	if (r == SL_E_NOTFOUND) {
		*ret_s = s;
		r = SL_OK;
		goto out;
	}
	if (r == SL_OK)
		r = json_parse_signed(b.data, b.len, &j) == SL_OK ? read_state(j, &s)
								  : SL_E_CORRUPT;
	if (r == SL_OK)
		*ret_s = s;
out:
	json_decref(j);
	buf_release(&b);
	return r;
}
