/* Keys in OpenSSH's format in the roster: what loads, what does not, and what they sign. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ssh_kit.h"
#include "trust_kit.h"

static char *with_key(const struct ssh_kit *ssh, const char *use, const char *extra)
{
	struct key *desk = kit_person_key(KIT_DESK);
	char *text = kit_policy_text(), *once, *twice, *whole;
	char hex[65], old[65], id[KEY_ID_HEX + 1];
	char from[400], to[600];

	text_hex(key_public(desk), KEY_PUBLIC, old);
	text_hex(ssh->key.public_key, KEY_PUBLIC, hex);
	ssh_key_id(&ssh->key, id);
	once = kit_replace(text, key_id(desk), id);
	twice = kit_replace(once, old, hex);
	(void)snprintf(from, sizeof(from),
		       "\"public\":\"%s\",\"until\":\"2026-12-31T00:00:00Z\",\"use\":"
		       "\"dsse-reviewer\"}",
		       hex);
	/* `extra` stands between public and until: "type" sorts there. */
	(void)snprintf(
		to, sizeof(to),
		"\"public\":\"%s\",%s\"until\":\"2026-12-31T00:00:00Z\",\"use\":\"%s\"%s}", hex,
		extra, use, ssh->key.type == SSH_KEY_FIDO ? ",\"verified\":true" : "");
	whole = kit_replace(twice, from, to);
	key_free(desk);
	free(text);
	free(once);
	free(twice);
	return whole;
}

/* "application" sorts before "from". */
static char *with_application(char *text, const char *id, const char *application)
{
	char from[200], to[300];
	char *at = strstr(text, id), *out;

	assert_non_null(at);
	(void)snprintf(from, sizeof(from), "{\"from\":\"2026-01-01T00:00:00Z\",\"keyid\":\"%s",
		       id);
	(void)snprintf(to, sizeof(to), "{\"application\":\"%s\",%s", application, from + 1);
	out = kit_replace(text, from, to);
	free(text);
	return out;
}

#define TYPE_FIDO  "\"type\":\"sk-ssh-ed25519@openssh.com\","
#define TYPE_PLAIN "\"type\":\"ssh-ed25519\","

static void what_loads(void **state)
{
	static const struct {
		const char *name;
		enum ssh_key_type kind;
		const char *use, *extra, *application;
		int want;
	} rows[] = {
		{"security key", SSH_KEY_FIDO, "dsse-reviewer", TYPE_FIDO, "ssh:", SL_OK},
		{"plain key", SSH_KEY_PLAIN, "dsse-reviewer", TYPE_PLAIN, NULL, SL_OK},
		{"no application", SSH_KEY_FIDO, "dsse-reviewer", TYPE_FIDO, NULL, SL_E_FORMAT},
		{"another application", SSH_KEY_FIDO, "dsse-reviewer", TYPE_FIDO, "ssh:login",
		 SL_E_FORMAT},
		{"a web page's key", SSH_KEY_FIDO, "dsse-reviewer", TYPE_FIDO, "example.com",
		 SL_E_FORMAT},
		{"an author's", SSH_KEY_FIDO, "dsse-author", TYPE_FIDO, "ssh:", SL_E_DENIED},
		{"a sealing key", SSH_KEY_PLAIN, "seal", TYPE_PLAIN, NULL, SL_E_DENIED},
		{"plain with application", SSH_KEY_PLAIN, "dsse-reviewer", TYPE_PLAIN,
		 "ssh:", SL_E_FORMAT},
		{"unknown type", SSH_KEY_PLAIN, "dsse-reviewer", "\"type\":\"ssh-rsa\",", NULL,
		 SL_E_FORMAT},
		{"SSH key id without type", SSH_KEY_PLAIN, "dsse-reviewer", "", NULL,
		 SL_E_FORMAT},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sl_why why = {.text = ""};
		struct roster *r = NULL;
		struct ssh_kit ssh;
		char id[KEY_ID_HEX + 1];
		char *text;
		int got;

		ssh_kit_new(&ssh, rows[i].kind, 77);
		ssh_key_id(&ssh.key, id);
		text = with_key(&ssh, rows[i].use, rows[i].extra);
		if (rows[i].application != NULL)
			text = with_application(text, id, rows[i].application);
		got = roster_parse(text, strlen(text), &r, &why);
		if (got != rows[i].want)
			fail_msg("%s: %d %s", rows[i].name, got, why.text);
		roster_free(r);
		free(text);
	}
}

/* The desk's approval by a security key fills its slot like any other. */
static void its_approval_counts(void **state)
{
	struct approval_facts f;
	struct approval_result res;
	struct sl_why why = {.text = ""};
	struct buf payload, pae, sig, line;
	struct ssh_kit ssh;
	struct kit_case k;
	char id[KEY_ID_HEX + 1];
	json_t *predicate;
	char *text;

	(void)state;
	ssh_kit_new(&ssh, SSH_KEY_FIDO, 77);
	ssh_key_id(&ssh.key, id);
	kit_case_init(&k);
	roster_free(k.roster);
	text = with_application(with_key(&ssh, "dsse-reviewer", TYPE_FIDO), id, "ssh:");
	assert_int_equal(roster_parse(text, strlen(text), &k.roster, &why), SL_OK);
	text_hex(roster_digest(k.roster), HASH_LEN, k.policy);
	k.c.roster = k.roster;
	kit_submit(&k, KIT_AUTHOR, KIT_AUTHOR);
	kit_inspect(&k, "clean");
	kit_approve_as(&k, KIT_LIAISON, "liaison");
	kit_approve_as(&k, KIT_LEADER, "unit-leader");
	f = kit_facts(&k, "desk");
	predicate = approval_predicate(&f);
	buf_init(&payload, DSSE_MAX);
	buf_init(&pae, DSSE_MAX);
	assert_int_equal(statement_payload(PRED_APPROVAL, k.subject, predicate, &payload),
			 SL_OK);
	dsse_pae(DSSE_INTOTO, payload.data, payload.len, &pae);
	for (unsigned flags = 0; flags < 8; flags++) {
		/* This roster wants the key to know its person as well. */
		bool good = flags == (flags | SSHSIG_PRESENT | SSHSIG_VERIFIED);
		int r;

		buf_init(&sig, SSHSIG_MAX);
		buf_init(&line, DSSE_MAX);
		ssh_kit_sign(&ssh, pae.data, pae.len, (uint8_t)flags, 1, &sig);
		assert_int_equal(dsse_wrap(DSSE_INTOTO, payload.data, payload.len, id, sig.data,
					   sig.len, &line),
				 SL_OK);
		assert_int_equal(statement_parse(line.data, line.len, &k.list[k.c.n], &why),
				 SL_OK);
		k.c.n++;
		r = approval_judge(&k.c, &res, &why);
		assert_int_equal(r, good ? SL_OK : SL_E_SIGNATURE);
		assert_true(!good || (res.satisfied && res.persons == 3));
		statement_free(k.list[--k.c.n]);
		buf_release(&sig);
		buf_release(&line);
	}
	json_decref(predicate);
	buf_release(&payload);
	buf_release(&pae);
	free(text);
	kit_case_release(&k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_loads),
		cmocka_unit_test(its_approval_counts),
	};

	assert_int_equal(crypto_start(), SL_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
