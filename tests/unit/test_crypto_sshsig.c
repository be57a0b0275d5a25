/* SSHSIG containers: our parser and OpenSSH's own program agree, in both directions. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "ssh_kit.h"
#include "trust_kit.h"

static const char message[] = "DSSEv1 29 http://example.com/HelloWorld 11 hello world";
enum { MESSAGE = sizeof(message) - 1 };

static void make(const struct ssh_kit *k, uint8_t flags, struct buf *sig)
{
	buf_init(sig, SSHSIG_MAX);
	ssh_kit_sign(k, message, MESSAGE, flags, 7, sig);
}

static void touched_is_enough_unless_more_is_asked(void **state)
{
	struct ssh_kit fido, plain;
	struct buf sig;

	(void)state;
	ssh_kit_new(&fido, SSH_KEY_FIDO, 3);
	ssh_kit_new(&plain, SSH_KEY_PLAIN, 4);
	for (unsigned flags = 0; flags < 8; flags++) {
		bool present = (flags & SSHSIG_PRESENT) != 0,
		     verified = present && (flags & SSHSIG_VERIFIED) != 0;

		make(&fido, (uint8_t)flags, &sig);
		assert_int_equal(
			sshsig_verify(sig.data, sig.len, &fido.key, false, message, MESSAGE),
			present ? SL_OK : SL_E_SIGNATURE);
		assert_int_equal(
			sshsig_verify(sig.data, sig.len, &fido.key, true, message, MESSAGE),
			verified ? SL_OK : SL_E_SIGNATURE);
		buf_release(&sig);
	}
	make(&plain, 0, &sig);
	assert_int_equal(sshsig_verify(sig.data, sig.len, &plain.key, false, message, MESSAGE),
			 SL_OK);
	assert_int_equal(
		sshsig_verify(sig.data, sig.len, &plain.key, false, message, MESSAGE - 1),
		SL_E_SIGNATURE);
	/* The same bytes under another listing of the same key. */
	plain.key.type = SSH_KEY_FIDO;
	memcpy(plain.key.application, "ssh:", 5);
	assert_int_equal(sshsig_verify(sig.data, sig.len, &plain.key, false, message, MESSAGE),
			 SL_E_SIGNATURE);
	buf_release(&sig);
	make(&fido, SSHSIG_PRESENT, &sig);
	memcpy(fido.key.application, "ssh:other", 10);
	assert_int_equal(sshsig_verify(sig.data, sig.len, &fido.key, false, message, MESSAGE),
			 SL_E_SIGNATURE);
	buf_release(&sig);
}

static void no_other_byte_string_passes(void **state)
{
	struct ssh_kit k;
	struct sshsig s;
	struct buf sig;

	(void)state;
	ssh_kit_new(&k, SSH_KEY_FIDO, 3);
	make(&k, SSHSIG_PRESENT, &sig);
	assert_int_equal(sshsig_parse(sig.data, sig.len, &s), SL_OK);
	assert_true(s.counter == 7 && s.flags == SSHSIG_PRESENT);
	for (size_t i = 0; i < sig.len; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			sig.data[i] ^= (uint8_t)(1u << bit);
			if (sshsig_verify(sig.data, sig.len, &k.key, false, message, MESSAGE) !=
			    SL_E_SIGNATURE)
				fail_msg("byte %zu bit %u", i, bit);
			sig.data[i] ^= (uint8_t)(1u << bit);
		}
		assert_int_equal(sshsig_parse(sig.data, i, &s), SL_E_FORMAT);
	}
	buf_put(&sig, "", 1);
	assert_int_equal(sshsig_parse(sig.data, sig.len, &s), SL_E_FORMAT);
	assert_int_equal(sshsig_parse(sig.data, SSHSIG_MAX + 1, &s), SL_E_LIMIT);
	buf_release(&sig);
}

static void key_lines(void **state)
{
	static const struct {
		const char *line;
		int want;
	} rows[] = {
		{"", SL_E_FORMAT},
		{"ssh-ed25519", SL_E_FORMAT},
		{"ssh-ed25519 ", SL_E_FORMAT},
		{"ssh-ed25519 !!!! x", SL_E_FORMAT},
		{"ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7 x", SL_E_UNSUPPORTED},
		{"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA== x", SL_E_FORMAT},
	};
	struct ssh_kit k;
	struct ssh_key got;
	struct buf line;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (ssh_key_parse(rows[i].line, strlen(rows[i].line), &got) != rows[i].want)
			fail_msg("%s", rows[i].line);
	}
	for (unsigned t = 0; t <= SSH_KEY_FIDO; t++) {
		buf_init(&line, 1024);
		ssh_kit_new(&k, (enum ssh_key_type)t, 5);
		ssh_kit_line(&k, &line);
		assert_int_equal(ssh_key_parse(buf_str(&line), line.len, &got), SL_OK);
		assert_memory_equal(got.public_key, k.key.public_key, KEY_PUBLIC);
		assert_string_equal(got.application, k.key.application);
		/* A name that is not the one inside the blob. */
		memcpy(line.data, t == 0 ? "ssh-rsa" : "ssh-ed2", 7);
		assert_true(ssh_key_parse(buf_str(&line), line.len, &got) != SL_OK);
		buf_release(&line);
	}
	assert_true(ssh_key_application_ok("ssh:") && ssh_key_application_ok("ssh:sluice"));
	assert_false(ssh_key_application_ok("webauthn") || ssh_key_application_ok("ssh:a b") ||
		     ssh_key_application_ok(""));
}

static void write_verify_input(const struct ssh_kit *k, const struct buf *sig)
{
	struct buf text;

	buf_init(&text, 8192);
	buf_puts(&text, "p-07 ");
	ssh_kit_line(k, &text);
	kit_write_file("allowed", text.data, text.len);
	buf_clear(&text);
	ssh_kit_armour(sig, &text);
	kit_write_file("sig", text.data, text.len);
	buf_release(&text);
}

/* ssh-keygen -Y verify < message: it needs no hardware to verify. */
static int ssh_verifies(void)
{
	const char *const argv[] = {
		"sh", "-c",
		"ssh-keygen -Y verify -f allowed -I p-07 -n " SSHSIG_NAMESPACE
		" -s sig <message",
		NULL};

	kit_write_file("message", message, MESSAGE);
	return kit_run(argv);
}

static bool openssh_is_here(void)
{
	const char *const argv[] = {"ssh-keygen", "-Y", "check-novalidate", NULL};

	return kit_run(argv) != 127;
}

static void openssh_accepts_what_we_write(void **state)
{
	struct ssh_kit k;
	struct buf sig;
	char dir[64];

	(void)state;
	if (!openssh_is_here())
		skip();
	kit_enter(dir);
	for (unsigned t = 0; t <= SSH_KEY_FIDO; t++) {
		ssh_kit_new(&k, (enum ssh_key_type)t, 9);
		make(&k, SSHSIG_PRESENT, &sig);
		write_verify_input(&k, &sig);
		assert_int_equal(ssh_verifies(), 0);
		sig.data[sig.len - 8] ^= 1;
		write_verify_input(&k, &sig);
		assert_int_not_equal(ssh_verifies(), 0);
		buf_release(&sig);
	}
	kit_leave(dir);
}

static void we_accept_what_openssh_writes(void **state)
{
	const char *const generate[] = {"ssh-keygen", "-q", "-t", "ed25519", "-N",
					"",	      "-f", "k",  NULL};
	const char *const sign[] = {"ssh-keygen",     "-Y",	 "sign", "-f", "k", "-n",
				    SSHSIG_NAMESPACE, "message", NULL};
	const char *const foreign[] = {"ssh-keygen", "-Y",  "sign",  "-f", "k",
				       "-n",	     "git", "other", NULL};
	struct buf line, text, raw;
	struct ssh_key k;
	char dir[64];

	(void)state;
	if (!openssh_is_here())
		skip();
	kit_enter(dir);
	buf_init(&line, 4096);
	buf_init(&text, 4096);
	buf_init(&raw, SSHSIG_MAX);
	kit_write_file("message", message, MESSAGE);
	kit_write_file("other", message, MESSAGE);
	assert_int_equal(kit_run(generate), 0);
	assert_int_equal(kit_run(sign), 0);
	assert_int_equal(kit_run(foreign), 0);
	assert_int_equal(file_read(AT_FDCWD, "k.pub", 4096, &line), SL_OK);
	assert_int_equal(ssh_key_parse(buf_str(&line), line.len, &k), SL_OK);
	assert_int_equal(file_read(AT_FDCWD, "message.sig", 4096, &text), SL_OK);
	assert_int_equal(sshsig_unarmor(buf_str(&text), text.len, &raw), SL_OK);
	assert_int_equal(sshsig_verify(raw.data, raw.len, &k, false, message, MESSAGE), SL_OK);
	assert_int_equal(sshsig_unarmor(buf_str(&text), text.len - 1, &raw), SL_E_FORMAT);
	/* Made for another purpose with the same key over the same bytes. */
	buf_clear(&text);
	buf_clear(&raw);
	assert_int_equal(file_read(AT_FDCWD, "other.sig", 4096, &text), SL_OK);
	assert_int_equal(sshsig_unarmor(buf_str(&text), text.len, &raw), SL_OK);
	assert_int_equal(sshsig_verify(raw.data, raw.len, &k, false, message, MESSAGE),
			 SL_E_SIGNATURE);
	buf_release(&line);
	buf_release(&text);
	buf_release(&raw);
	kit_leave(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(touched_is_enough_unless_more_is_asked),
		cmocka_unit_test(no_other_byte_string_passes),
		cmocka_unit_test(key_lines),
		cmocka_unit_test(openssh_accepts_what_we_write),
		cmocka_unit_test(we_accept_what_openssh_writes),
	};

	assert_int_equal(crypto_start(), SL_OK);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
