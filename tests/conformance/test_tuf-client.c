/* test_tuf-client.c - the conformance program, verb by verb: exit codes, and files byte for
 * byte.  The repository is the one of the attack tests, served from a directory. */
#include <fcntl.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "trust/tuf_profile.h"

#include "../attack/attack_kit.h"

enum { ARGS_MAX = 24, PEM_CAP = 2048 };

struct stage {
	struct attack a;
	char d[96], td[96], metadata[96], targets[96];
};

static void setup(struct stage *s)
{
	attack_new(&s->a);
	(void)snprintf(s->d, sizeof(s->d), "%s/D", s->a.k.dir);
	(void)snprintf(s->td, sizeof(s->td), "%s/TD", s->a.k.dir);
	(void)snprintf(s->metadata, sizeof(s->metadata), "file://%s/tree/metadata/",
		       s->a.k.dir);
	(void)snprintf(s->targets, sizeof(s->targets), "file://%s/tree/targets/", s->a.k.dir);
	assert_int_equal(file_mkdirs(s->d, 0755), SL_OK);
	assert_int_equal(file_mkdirs(s->td, 0755), SL_OK);
}

static int run(const char *const *args)
{
	const char *argv[ARGS_MAX] = {SL_BUILD_DIR "/tests/tuf-client"};
	int status, quiet;
	pid_t pid;

	for (int i = 0; args[i] != NULL; i++)
		argv[i + 1] = args[i];
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		quiet = open("/dev/null", O_WRONLY | O_CLOEXEC);
		(void)dup2(quiet, 2);
		(void)execv(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	assert_true(waitpid(pid, &status, 0) == pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

static int init(const struct stage *s, const char *root)
{
	return run((const char *const[]){"--metadata-dir", s->d, "init", root, NULL});
}

static int refresh(const struct stage *s)
{
	return run((const char *const[]){"--metadata-url", s->metadata, "--metadata-dir", s->d,
					 "refresh", NULL});
}

static int download(const struct stage *s, const char *one, const char *two)
{
	return run((const char *const[]){"--metadata-url", s->metadata, "--metadata-dir", s->d,
					 "--target-name", one, "--target-dir", s->td,
					 "--target-base-url", s->targets,
					 two != NULL ? "--target-name" : "download",
					 two != NULL ? two : NULL, "download", NULL});
}

/* D/ROLE.json is what the repository has as PATH, byte for byte. */
static void holds(const struct stage *s, const char *role, const char *path)
{
	char own[160];
	char *got, *want = okit_read(s->a.k.tree, path);

	(void)snprintf(own, sizeof(own), "%s/%s.json", s->d, role);
	got = okit_read(AT_FDCWD, own);
	assert_string_equal(got, want);
	free(got);
	free(want);
}

static bool exists(const char *dir, const char *name)
{
	char path[512];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return file_exists(AT_FDCWD, path);
}

static void test_usage(void **state)
{
	struct stage s;

	(void)state;
	setup(&s);
	assert_int_equal(run((const char *const[]){NULL}), 1);
	assert_int_equal(run((const char *const[]){"refresh", NULL}), 1);
	assert_int_equal(run((const char *const[]){"--metadata-dir", s.d, "init", NULL}), 1);
	assert_int_equal(run((const char *const[]){"--metadata-dir", s.d, "refresh", NULL}), 1);
	assert_int_equal(run((const char *const[]){"--metadata-dir", s.d, "--metadata-url",
						   s.metadata, "download", NULL}),
			 1);
	assert_int_equal(run((const char *const[]){"--metadata-dir", s.d, "--metadata-url",
						   s.metadata, "update", NULL}),
			 1);
	assert_int_equal(run((const char *const[]){"--no-such-option", NULL}), 1);
	attack_free(&s.a);
}

static void test_init(void **state)
{
	struct stage s;
	char bad[160];
	char *text;

	(void)state;
	setup(&s);
	(void)snprintf(bad, sizeof(bad), "%s/bad.json", s.a.k.dir);
	assert_int_equal(init(&s, bad), 1);
	okit_write(AT_FDCWD, bad, "{}", 2);
	assert_int_equal(init(&s, bad), 1);
	text = okit_read(AT_FDCWD, s.a.root);
	*strstr(text, "\"sig\":\"") = 'x';
	okit_write(AT_FDCWD, bad, text, strlen(text));
	assert_int_equal(init(&s, bad), 1);
	free(text);
	assert_false(exists(s.d, "root.json"));
	assert_int_equal(refresh(&s), 1);
	assert_int_equal(init(&s, s.a.root), 0);
	holds(&s, "root", "metadata/1.root.json");
	attack_free(&s.a);
}

static void test_refresh(void **state)
{
	char snapshot[64];
	struct stage s;
	json_t *j = NULL;
	char *text, *pretty;
	size_t len;

	(void)state;
	setup(&s);
	assert_int_equal(init(&s, s.a.root), 0);
	assert_int_equal(refresh(&s), 0);
	(void)snprintf(snapshot, sizeof(snapshot), "metadata/%lld.snapshot.json",
		       (long long)attack_newest(&s.a, "snapshot"));
	holds(&s, "timestamp", "metadata/timestamp.json");
	holds(&s, "snapshot", snapshot);
	holds(&s, "targets", "metadata/1.targets.json");
	/* Indented, and a blank at the end: kept as received. */
	attack_seal(&s.a);
	text = okit_read(s.a.k.tree, "metadata/timestamp.json");
	assert_int_equal(json_parse(text, strlen(text), TUF_TIMESTAMP_MAX, &j), SL_OK);
	free(text);
	pretty = json_dumps(j, JSON_INDENT(2));
	assert_non_null(pretty);
	len = strlen(pretty);
	pretty[len] = ' ';
	okit_write(s.a.k.tree, "metadata/timestamp.json", pretty, len + 1);
	free(pretty);
	json_decref(j);
	assert_int_equal(refresh(&s), 0);
	holds(&s, "timestamp", "metadata/timestamp.json");
	/* A timestamp by another key: refused, and what is there stays. */
	text = okit_read(s.a.k.tree, "metadata/timestamp.json");
	attack_sign(&s.a, "timestamp", attack_body(&s.a, "timestamp"), s.a.k.snapshot);
	assert_int_equal(refresh(&s), 1);
	okit_write(s.a.k.tree, "metadata/timestamp.json", text, strlen(text));
	holds(&s, "timestamp", "metadata/timestamp.json");
	free(text);
	assert_false(exists(s.d, "feed.json")); /* delegated roles are fetched when asked for */
	attack_free(&s.a);
}

static void test_download(void **state)
{
	char path[600], name[256];
	struct stage s;
	struct buf head;
	char *got;

	(void)state;
	setup(&s);
	assert_int_equal(init(&s, s.a.root), 0);
	assert_int_equal(download(&s, "no/such/target", NULL), 1);
	holds(&s, "timestamp", "metadata/timestamp.json"); /* it refreshed first */
	assert_int_equal(download(&s, "feed/head.json", NULL), 0);
	buf_init(&head, 1 << 20);
	assert_int_equal(feed_write(&s.a.k.head, &head), SL_OK);
	(void)snprintf(path, sizeof(path), "%s/feed%%2Fhead.json", s.td);
	got = okit_read(AT_FDCWD, path);
	assert_string_equal(got, buf_str(&head));
	free(got);
	/* What is there already is not fetched again. */
	hash_hex(head.data, head.len, name);
	(void)snprintf(path, sizeof(path), "targets/feed/%s.head.json", name);
	assert_int_equal(unlinkat(s.a.k.tree, path, 0), 0);
	assert_int_equal(download(&s, "feed/head.json", NULL), 0);
	/* In the order given, up to the first that fails. */
	assert_int_equal(download(&s, "policy/approval-policy.json", "no/such/target"), 1);
	assert_true(exists(s.td, "policy%2Fapproval-policy.json"));
	assert_int_equal(download(&s, "no/such/target", "policy/approval-policy-7.json"), 1);
	assert_false(exists(s.td, "policy%2Fapproval-policy-7.json"));
	/* Bytes that are not what was signed are not kept. */
	(void)snprintf(path, sizeof(path), "%s/policy%%2Fapproval-policy.json", s.td);
	assert_int_equal(unlink(path), 0);
	(void)snprintf(path, sizeof(path), "targets/policy/%s.approval-policy.json",
		       s.a.k.policy_sha256);
	okit_write(s.a.k.tree, path, "{}", 2);
	assert_int_equal(download(&s, "policy/approval-policy.json", NULL), 1);
	assert_false(exists(s.td, "policy%2Fapproval-policy.json"));
	buf_release(&head);
	attack_free(&s.a);
}

static void pem_of(EVP_PKEY *key, char out[PEM_CAP])
{
	BIO *bio = BIO_new(BIO_s_mem());
	int n;

	assert_non_null(bio);
	assert_int_equal(PEM_write_bio_PUBKEY(bio, key), 1);
	n = BIO_read(bio, out, PEM_CAP - 1);
	assert_true(n > 0);
	out[n] = '\0';
	BIO_free(bio);
}

/* Hex of this key's signature over the body's canonical form. */
static void sign_with(EVP_PKEY *key, bool pss, const json_t *body, char hex[2048])
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *options = NULL;
	unsigned char sig[1024];
	size_t len = sizeof(sig);
	struct buf b;

	buf_init(&b, TUF_ROOT_MAX);
	assert_int_equal(tuf_profile_signed(body, &b), SL_OK);
	assert_int_equal(EVP_DigestSignInit(ctx, &options, EVP_sha256(), NULL, key), 1);
	if (pss)
		assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING),
				 1);
	assert_int_equal(EVP_DigestSign(ctx, sig, &len, b.data, b.len), 1);
	text_hex(sig, len, hex);
	EVP_MD_CTX_free(ctx);
	buf_release(&b);
}

/* {"signatures":[{keyid, sig}],"signed":body} as ROLE's next file; indented, as no file of
 * ours is. */
static void put_with(struct stage *s, const char *path, json_t *body, const char *keyid,
		     const char *sig)
{
	json_t *e = json_pack("{s:[],s:O}", "signatures", "signed", body);
	char *text;

	attack_add_signature(e, keyid, sig);
	text = json_dumps(e, JSON_INDENT(1));
	assert_non_null(text);
	okit_write(s->a.k.tree, path, text, strlen(text));
	free(text);
	json_decref(e);
}

/* Root 2 gives the timestamp to this key.  Its text has line ends, which TUF's canonical
 * form leaves as they are. */
static void write_root(struct stage *s, json_t *root, const char *keyid)
{
	json_t *entry = json_object_get(json_object_get(root, "roles"), "timestamp");
	char hex[2 * KEY_SIGNATURE + 1];
	uint8_t sig[KEY_SIGNATURE];
	struct buf b;

	assert_int_equal(json_object_set_new(entry, "keyids", json_pack("[s]", keyid)), 0);
	buf_init(&b, TUF_ROOT_MAX);
	assert_int_equal(tuf_profile_signed(root, &b), SL_OK);
	key_sign(s->a.k.root, b.data, b.len, sig);
	text_hex(sig, sizeof(sig), hex);
	buf_release(&b);
	put_with(s, "metadata/2.root.json", root, key_id(s->a.k.root), hex);
}

/* The program follows a root to such a key; what ships does not. */
static void scheme(const char *type, const char *name, EVP_PKEY *key, bool pss)
{
	static const char timestamp[] = "metadata/timestamp.json";
	char pem[PEM_CAP], hex[2048];
	json_t *root, *body;
	struct stage s;
	const char *id;

	assert_non_null(key);
	setup(&s);
	assert_int_equal(init(&s, s.a.root), 0);
	pem_of(key, pem);
	root = attack_body(&s.a, "root");
	id = attack_add_key(json_object_get(root, "keys"),
			    json_pack("{s:s,s:{s:s},s:s}", "keytype", type, "keyval", "public",
				      pem, "scheme", name));
	write_root(&s, root, id);
	body = attack_body(&s.a, "timestamp");
	sign_with(key, pss, body, hex);
	put_with(&s, timestamp, body, id, hex);
	assert_int_equal(refresh(&s), 0);
	holds(&s, "root", "metadata/2.root.json");
	holds(&s, "timestamp", timestamp);
	attack_refuses(&s.a, "root metadata");
	/* A signature over something else, and a true one with one digit changed. */
	assert_int_equal(json_object_set_new(body, "version", json_integer(90)), 0);
	put_with(&s, timestamp, body, id, hex);
	assert_int_equal(refresh(&s), 1);
	sign_with(key, pss, body, hex);
	hex[40] = hex[40] == 'a' ? 'b' : 'a';
	put_with(&s, timestamp, body, id, hex);
	assert_int_equal(refresh(&s), 1);
	hex[0] = '\0';
	put_with(&s, timestamp, body, id, hex);
	assert_int_equal(refresh(&s), 1);
	json_decref(body);
	json_decref(root);
	EVP_PKEY_free(key);
	attack_free(&s.a);
}

static void test_ecdsa(void **state)
{
	(void)state;
	scheme("ecdsa", "ecdsa-sha2-nistp256", EVP_EC_gen("P-256"), false);
}

static void test_rsa_pss(void **state)
{
	(void)state;
	scheme("rsa", "rsassa-pss-sha256", EVP_RSA_gen(2048), true);
}

/* A target that is known by its SHA-512 only. */
static void test_sha512(void **state)
{
	static const char bytes[] = "hello";
	unsigned char digest[EVP_MAX_MD_SIZE];
	char hex[2 * EVP_MAX_MD_SIZE + 1], path[256];
	json_t *feed;
	struct stage s;

	(void)state;
	setup(&s);
	assert_int_equal(init(&s, s.a.root), 0);
	assert_int_equal(EVP_Digest(bytes, 5, digest, NULL, EVP_sha512(), NULL), 1);
	text_hex(digest, 64, hex);
	(void)snprintf(path, sizeof(path), "targets/feed/%s.note", hex);
	okit_write(s.a.k.tree, path, bytes, 5);
	feed = attack_body(&s.a, "feed");
	assert_int_equal(json_object_set_new(json_object_get(feed, "targets"), "feed/note",
					     json_pack("{s:{s:s},s:i}", "hashes", "sha512", hex,
						       "length", 5)),
			 0);
	attack_sign(&s.a, "feed", feed, s.a.k.feed);
	attack_seal(&s.a);
	assert_int_equal(download(&s, "feed/note", NULL), 0);
	assert_true(exists(s.td, "feed%2Fnote"));
	attack_refuses(&s.a, "target feed/note");
	okit_write(s.a.k.tree, path, "hallo", 5);
	assert_int_equal(file_remove_tree(AT_FDCWD, s.td), SL_OK);
	assert_int_equal(file_mkdirs(s.td, 0755), SL_OK);
	assert_int_equal(download(&s, "feed/note", NULL), 1);
	assert_false(exists(s.td, "feed%2Fnote"));
	attack_free(&s.a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_usage),	cmocka_unit_test(test_init),
		cmocka_unit_test(test_refresh), cmocka_unit_test(test_download),
		cmocka_unit_test(test_ecdsa),	cmocka_unit_test(test_rsa_pss),
		cmocka_unit_test(test_sha512),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
