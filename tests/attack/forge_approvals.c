/* forge_approvals.c - attacks on who approved what: P9, P11, P12, P15, P16. */
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "forge.h"

enum { DAY = 86400 };

static void liaison_and_leader(struct forge *f)
{
	forge_approve(f, f->k.people[OKIT_LIAISON], "liaison");
	forge_approve(f, f->k.people[OKIT_LEADER], "unit-leader");
}

/* ---- rosters ---- */

static json_t *key_object(const struct okit *k, const struct key *key)
{
	char from[CLOCK_TEXT + 1], until[CLOCK_TEXT + 1], hex[65];

	clock_format(k->now - 30 * DAY, from);
	clock_format(k->now + 300 * DAY, until);
	text_hex(key_public(key), KEY_PUBLIC, hex);
	return json_pack("{s:s,s:s,s:s,s:s,s:s}", "from", from, "keyid", key_id(key), "public",
			 hex, "until", until, "use", key_use_name(key_get_use(key)));
}

static void give_key(const struct okit *k, json_t *persons, enum okit_person p,
		     enum key_use use, uint8_t n)
{
	struct key *key = okit_key(use, n);

	assert_int_equal(
		json_array_append_new(json_object_get(json_array_get(persons, p), "keys"),
				      key_object(k, key)),
		0);
	key_free(key);
}

static void give_role(json_t *persons, enum okit_person p, const char *role)
{
	assert_int_equal(
		json_array_append_new(json_object_get(json_array_get(persons, p), "roles"),
				      json_string(role)),
		0);
}

static void desk_with_three_keys(const struct okit *k, json_t *persons)
{
	give_key(k, persons, OKIT_DESK, KEY_DSSE_REVIEWER, FORGE_SECOND);
	give_key(k, persons, OKIT_DESK, KEY_DSSE_REVIEWER, FORGE_THIRD);
	give_role(persons, OKIT_DESK, "liaison");
	give_role(persons, OKIT_DESK, "unit-leader");
}

static void liaison_in_two_roles(const struct okit *k, json_t *persons)
{
	(void)k;
	give_role(persons, OKIT_LIAISON, "unit-leader");
}

void forge_author_reviews(const struct okit *k, json_t *persons)
{
	give_key(k, persons, OKIT_AUTHOR, KEY_DSSE_REVIEWER, FORGE_SECOND);
	give_role(persons, OKIT_AUTHOR, "desk");
}

static void desk_with_author_key(const struct okit *k, json_t *persons)
{
	give_key(k, persons, OKIT_DESK, KEY_DSSE_AUTHOR, FORGE_AUTHOR_KEY);
}

/* The desk's key is a security key now. */
static void desk_with_security_key(const struct okit *k, json_t *persons)
{
	char hex[65], id[KEY_ID_HEX + 1];
	struct ssh_kit ssh;
	json_t *key;

	give_key(k, persons, OKIT_DESK, KEY_DSSE_REVIEWER, FORGE_SECOND);
	key = json_array_get(json_object_get(json_array_get(persons, OKIT_DESK), "keys"), 1);
	ssh_kit_new(&ssh, SSH_KEY_FIDO, FORGE_SSH);
	text_hex(ssh.key.public_key, KEY_PUBLIC, hex);
	ssh_key_id(&ssh.key, id);
	assert_int_equal(json_object_set_new(key, "public", json_string(hex)), 0);
	assert_int_equal(json_object_set_new(key, "keyid", json_string(id)), 0);
	assert_int_equal(
		json_object_set_new(key, "type", json_string(ssh_key_type_name(ssh.key.type))),
		0);
	assert_int_equal(
		json_object_set_new(key, "application", json_string(ssh.key.application)), 0);
	assert_int_equal(json_object_set_new(key, "verified", json_false()), 0);
}

/* ---- P9 ---- */

static void control(struct forge *f)
{
	liaison_and_leader(f);
	forge_approve(f, f->k.people[OKIT_DESK], "desk");
}

static void by_new_key(struct forge *f, enum key_use use, uint8_t n, const char *role)
{
	struct key *key = okit_key(use, n);

	forge_approve(f, key, role);
	key_free(key);
}

static void p09_three_keys(struct forge *f)
{
	forge_approve(f, f->k.people[OKIT_DESK], "desk");
	by_new_key(f, KEY_DSSE_REVIEWER, FORGE_SECOND, "liaison");
	by_new_key(f, KEY_DSSE_REVIEWER, FORGE_THIRD, "unit-leader");
}

static void p09_two_slots(struct forge *f)
{
	forge_approve(f, f->k.people[OKIT_LIAISON], "liaison");
	forge_approve(f, f->k.people[OKIT_LIAISON], "unit-leader");
	forge_approve(f, f->k.people[OKIT_DESK], "desk");
}

/* ---- P11: the desk's good approval in another wrapping ---- */

static void payload_of_desk(struct forge *f, struct buf *payload)
{
	struct approval_facts a = forge_facts(f, "desk");
	json_t *predicate = approval_predicate(&a);

	buf_init(payload, DSSE_MAX);
	assert_int_equal(statement_payload(PRED_APPROVAL, f->subject, predicate, payload),
			 SL_OK);
	json_decref(predicate);
}

static void wrapped(struct forge *f, const char *type, const char *from, const char *to)
{
	struct buf payload, changed, line;
	const char *at;

	liaison_and_leader(f);
	payload_of_desk(f, &payload);
	buf_init(&changed, DSSE_MAX);
	buf_init(&line, DSSE_MAX);
	at = strstr(buf_str(&payload), from);
	assert_non_null(at);
	buf_putf(&changed, "%.*s%s%s", (int)(at - buf_str(&payload)), buf_str(&payload), to,
		 at + strlen(from));
	assert_int_equal(
		dsse_sign(f->k.people[OKIT_DESK], type, changed.data, changed.len, &line),
		SL_OK);
	forge_line(f, &line);
	buf_release(&payload);
	buf_release(&changed);
	buf_release(&line);
}

static void p11_payload_type(struct forge *f)
{
	wrapped(f, "application/vnd.in-toto+xml", "in-toto.io", "in-toto.io");
}
static void p11_statement_type(struct forge *f)
{
	wrapped(f, DSSE_INTOTO, "in-toto.io/Statement/v1", "in-toto.io/Statement/v0.1");
}
static void p11_predicate_type(struct forge *f)
{
	wrapped(f, DSSE_INTOTO, "attestation/approval/v1", "attestation/approval/v2");
}

/* ---- P12: the right person, the wrong key or format ---- */

static void ssh_envelope(struct forge *f, const struct ssh_kit *ssh, uint8_t flags,
			 const char *keyid, bool raw)
{
	struct buf payload, pae, sig, line;
	char id[KEY_ID_HEX + 1];

	liaison_and_leader(f);
	payload_of_desk(f, &payload);
	buf_init(&pae, 2 * DSSE_MAX);
	buf_init(&sig, SSHSIG_MAX);
	buf_init(&line, DSSE_MAX);
	dsse_pae(DSSE_INTOTO, payload.data, payload.len, &pae);
	ssh_key_id(&ssh->key, id);
	ssh_kit_sign(ssh, pae.data, pae.len, flags, 1, &sig);
	if (raw) { /* the key's bare Ed25519 over the bytes that an ordinary key signs */
		buf_clear(&sig);
		ssh_kit_raw(ssh, pae.data, pae.len, &sig);
	}
	assert_int_equal(dsse_wrap(DSSE_INTOTO, payload.data, payload.len,
				   keyid == NULL ? id : keyid, sig.data, sig.len, &line),
			 SL_OK);
	forge_line(f, &line);
	buf_release(&payload);
	buf_release(&pae);
	buf_release(&sig);
	buf_release(&line);
}

static void by_security_key(struct forge *f, uint8_t flags, const char *application, bool raw)
{
	struct ssh_kit ssh;
	char id[KEY_ID_HEX + 1];

	ssh_kit_new(&ssh, SSH_KEY_FIDO, FORGE_SSH);
	ssh_key_id(&ssh.key, id);
	if (application != NULL)
		(void)snprintf(ssh.key.application, sizeof(ssh.key.application), "%s",
			       application);
	ssh_envelope(f, &ssh, flags, id, raw);
}

static void p12_ssh_good(struct forge *f)
{
	by_security_key(f, SSHSIG_PRESENT, NULL, false);
}
static void p12_ssh_untouched(struct forge *f)
{
	by_security_key(f, 0, NULL, false);
}
static void p12_ssh_application(struct forge *f)
{
	by_security_key(f, SSHSIG_PRESENT, "ssh:login", false);
}
static void p12_ssh_raw(struct forge *f)
{
	by_security_key(f, SSHSIG_PRESENT, NULL, true);
}

/* The desk's ordinary key in OpenSSH's container. */
static void p12_plain_in_ssh(struct forge *f)
{
	struct ssh_kit ssh;

	ssh_kit_new(&ssh, SSH_KEY_PLAIN, OKIT_DESK + 1);
	ssh_kit_reseed(&ssh, OKIT_DESK + 1, KEY_DSSE_REVIEWER);
	assert_memory_equal(ssh.key.public_key, key_public(f->k.people[OKIT_DESK]), KEY_PUBLIC);
	ssh_envelope(f, &ssh, 0, key_id(f->k.people[OKIT_DESK]), false);
}

static void p12_gateway_key(struct forge *f)
{
	liaison_and_leader(f);
	forge_approve(f, f->k.people[OKIT_GATEWAY], "desk");
}
static void p12_author_key(struct forge *f)
{
	liaison_and_leader(f);
	by_new_key(f, KEY_DSSE_AUTHOR, FORGE_AUTHOR_KEY, "desk");
}

/* ---- P15 ---- */

static void desk_with(struct forge *f, const struct approval_facts *a)
{
	liaison_and_leader(f);
	forge_say(f, f->k.people[OKIT_DESK], PRED_APPROVAL, approval_predicate(a));
}

static void p15_revision(struct forge *f)
{
	struct approval_facts a = forge_facts(f, "desk");

	a.revision = 1;
	desk_with(f, &a);
}
static void p15_policy(struct forge *f)
{
	struct approval_facts a = forge_facts(f, "desk");

	a.policy_sha256 = f->subject;
	desk_with(f, &a);
}
static void p15_policy_version(struct forge *f)
{
	struct approval_facts a = forge_facts(f, "desk");

	a.policy_version = 6;
	desk_with(f, &a);
}
static void p15_report(struct forge *f)
{
	struct approval_facts a = forge_facts(f, "desk");

	a.inspection_sha256 = f->subject;
	desk_with(f, &a);
}
static void p15_expired(struct forge *f)
{
	struct approval_facts a = forge_facts(f, "desk");

	a.expires = f->k.now - 120; /* the release is of a minute ago */
	desk_with(f, &a);
}
static void p15_no(struct forge *f)
{
	struct approval_facts a = forge_facts(f, "desk");

	a.decision = "return";
	a.code = "wording";
	a.reason = "again";
	desk_with(f, &a);
}

/* ---- P16 ---- */

static void p16_author(struct forge *f)
{
	liaison_and_leader(f);
	forge_approve(f, f->k.people[OKIT_AUTHOR], "desk");
}
static void p16_second_key(struct forge *f)
{
	liaison_and_leader(f);
	by_new_key(f, KEY_DSSE_REVIEWER, FORGE_SECOND, "desk");
}

const struct forge_attack forge_approvals[] = {
	{"control", NULL, control, NULL},
	{"p09-three-keys", desk_with_three_keys, p09_three_keys, NULL},
	{"p09-two-slots", liaison_in_two_roles, p09_two_slots, NULL},
	{"p11-payload-type", NULL, p11_payload_type, NULL},
	{"p11-statement-type", NULL, p11_statement_type, NULL},
	{"p11-predicate-type", NULL, p11_predicate_type, NULL},
	{"p12-ssh-good", desk_with_security_key, p12_ssh_good, NULL},
	{"p12-ssh-untouched", desk_with_security_key, p12_ssh_untouched, NULL},
	{"p12-ssh-application", desk_with_security_key, p12_ssh_application, NULL},
	{"p12-ssh-raw", desk_with_security_key, p12_ssh_raw, NULL},
	{"p12-plain-in-ssh", NULL, p12_plain_in_ssh, NULL},
	{"p12-gateway-key", NULL, p12_gateway_key, NULL},
	{"p12-author-key", desk_with_author_key, p12_author_key, NULL},
	{"p15-revision", NULL, p15_revision, NULL},
	{"p15-policy", NULL, p15_policy, NULL},
	{"p15-policy-version", NULL, p15_policy_version, NULL},
	{"p15-report", NULL, p15_report, NULL},
	{"p15-expired", NULL, p15_expired, NULL},
	{"p15-no", NULL, p15_no, NULL},
	{"p16-author", forge_author_reviews, p16_author, NULL},
	{"p16-second-key", forge_author_reviews, p16_second_key, NULL},
	{NULL, NULL, NULL, NULL},
};
