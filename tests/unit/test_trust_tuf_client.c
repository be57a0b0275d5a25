/* The client against a mirror that lies: rotation, rollback, freeze, mix and match,
 * roots (P4, P5, P6, P17, P18). */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tuf_kit.h"

static char dir[64];
static bool remember; /* tell each client of the snapshot that the last one has seen */
static struct tuf_meta *known;

static int setup(void **state)
{
	static struct repo r;

	kit_enter(dir);
	repo_init(&r);
	*state = &r;
	return 0;
}

static int setup_remembering(void **state)
{
	remember = true;
	return setup(state);
}

static int teardown(void **state)
{
	remember = false;
	tuf_free(known);
	known = NULL;
	repo_release(*state);
	kit_leave(dir);
	return 0;
}

static int refresh(struct repo *r)
{
	struct tuf_client *c = repo_client(r, "state");
	const struct tuf_meta *seen = NULL;
	struct sl_why why = {.text = ""};
	int got;

	tuf_client_know(c, known);
	got = tuf_client_refresh(c, KIT_NOW, &why);
	if (got == SL_OK && remember) {
		assert_int_equal(tuf_client_role(c, "snapshot", &seen, NULL), SL_OK);
		tuf_free(known);
		known = tuf_share(seen);
		assert_non_null(known);
	}
	tuf_client_close(c);
	return got;
}

static void stored_is(struct repo *r, const char *file, const char *name)
{
	struct buf b;

	buf_init(&b, 1 << 20);
	assert_int_equal(chdir("state"), 0);
	assert_int_equal(file_read(AT_FDCWD, file, 1 << 20, &b), SL_OK);
	assert_int_equal(chdir(".."), 0);
	assert_string_equal(buf_str(&b), repo_text(r, name));
	buf_release(&b);
}

static void finds_and_downloads(void **state)
{
	struct repo *r = *state;
	struct tuf_client *c = repo_client(r, "state");
	const struct tuf_meta *m = NULL;
	uint8_t sha256[HASH_LEN];
	struct sl_why why = {.text = ""};
	uint64_t length = 0;
	struct buf out;

	buf_init(&out, 100);
	assert_int_equal(tuf_client_find(c, "feed/head.json", &length, sha256, NULL),
			 SL_E_STATE);
	assert_int_equal(tuf_client_role(c, "root", &m, NULL), SL_E_STATE);
	if (tuf_client_refresh(c, KIT_NOW, &why) != SL_OK)
		fail_msg("%s", why.text);
	assert_int_equal(tuf_client_snapshot_version(c), 1);
	assert_int_equal(tuf_client_timestamp_expires(c), KIT_NOW + 86400);
	if (tuf_client_download(c, "rel/R-2026-000123/2/manifest.json", 100, &out, &why) !=
	    SL_OK)
		fail_msg("%s", why.text);
	assert_string_equal(buf_str(&out), "manifest");
	assert_int_equal(tuf_client_download(c, "policy/approval-policy.json", 1, &out, NULL),
			 SL_E_LIMIT);
	assert_int_equal(tuf_client_download(c, "feed/other.json", 100, &out, NULL),
			 SL_E_NOTFOUND);
	assert_int_equal(tuf_client_download(c, "rel/../x", 100, &out, NULL), SL_E_FORMAT);
	assert_int_equal(tuf_client_role(c, "feed", &m, NULL), SL_OK);
	assert_int_equal(m->version, 1);
	assert_int_equal(tuf_client_role(c, "timestamp", &m, NULL), SL_OK);
	assert_int_equal(tuf_client_role(c, "nobody", &m, NULL), SL_E_NOTFOUND);
	stored_is(r, "root.json", "1.root.json");
	stored_is(r, "timestamp.json", "timestamp.json");
	stored_is(r, "snapshot.json", "1.snapshot.json");
	stored_is(r, "targets.json", "1.targets.json");
	stored_is(r, "feed.json", "1.feed.json");
	buf_release(&out);
	tuf_client_close(c);
	tuf_client_close(NULL);
}

static void uses_what_it_has(void **state)
{
	struct repo *r = *state;

	assert_int_equal(refresh(r), SL_OK);
	r->fetched = 0;
	assert_int_equal(refresh(r), SL_OK);
	assert_int_equal(r->fetched, 1); /* the timestamp */
	repo_publish(r, RK_SNAPSHOT, RK_TIMESTAMP);
	assert_int_equal(refresh(r), SL_OK);
	stored_is(r, "snapshot.json", "2.snapshot.json");
}

/* The first letter among the hex digits of a signature becomes a capital. */
static void capital(struct repo *r, const char *name)
{
	char *text = strdup(repo_text(r, name)), *sig = strstr(text, "\"sig\":\"");

	assert_non_null(sig);
	sig += strlen("\"sig\":\"");
	sig += strcspn(sig, "abcdef");
	*sig = (char)(*sig - 'a' + 'A');
	repo_put(r, name, text, strlen(text));
	free(text);
}

/* Same version, same meaning, other bytes: the bytes that came first stay.  A client that
 * starts now keeps what it is served, and later versions replace either. */
static void other_spelling_of_a_signature(void **state)
{
	struct repo *r = *state;
	char *first = strdup(repo_text(r, "timestamp.json"));
	struct buf b;

	buf_init(&b, 1 << 20);
	assert_int_equal(refresh(r), SL_OK);
	capital(r, "timestamp.json");
	assert_string_not_equal(repo_text(r, "timestamp.json"), first);
	assert_int_equal(refresh(r), SL_OK);
	assert_int_equal(file_read(AT_FDCWD, "state/timestamp.json", 1 << 20, &b), SL_OK);
	assert_string_equal(buf_str(&b), first);
	assert_int_equal(unlink("state/timestamp.json"), 0);
	assert_int_equal(refresh(r), SL_OK);
	stored_is(r, "timestamp.json", "timestamp.json");
	repo_publish(r, RK_SNAPSHOT, RK_TIMESTAMP);
	assert_int_equal(refresh(r), SL_OK);
	stored_is(r, "timestamp.json", "timestamp.json");
	repo_write_root(r, RK_SNAPSHOT, RK_TIMESTAMP);
	capital(r, "2.root.json");
	assert_int_equal(refresh(r), SL_OK);
	stored_is(r, "root.json", "2.root.json");
	assert_int_equal(refresh(r), SL_OK);
	buf_release(&b);
	free(first);
}

static void changed_target_is_refused(void **state)
{
	struct repo *r = *state;
	struct tuf_client *c;
	struct buf out;

	buf_init(&out, 100);
	for (unsigned i = 0; i < r->n_files; i++) {
		if (strstr(r->files[i].name, "manifest.json") != NULL)
			r->files[i].bytes[0] ^= 1;
	}
	c = repo_client(r, "state");
	assert_int_equal(tuf_client_refresh(c, KIT_NOW, NULL), SL_OK);
	assert_int_equal(
		tuf_client_download(c, "rel/R-2026-000123/2/manifest.json", 100, &out, NULL),
		SL_E_SIGNATURE);
	assert_int_equal(out.len, 0);
	tuf_client_close(c);
	buf_release(&out);
}

static void follows_root_rotations(void **state)
{
	struct repo *r = *state;

	assert_int_equal(refresh(r), SL_OK);
	for (unsigned i = 0; i < 5; i++)
		repo_write_root(r, RK_SNAPSHOT, RK_TIMESTAMP);
	assert_int_equal(refresh(r), SL_OK);
	stored_is(r, "root.json", "6.root.json");
	/* The stored root is the start of the next walk, not the given one. */
	repo_remove(r, "3.root.json");
	assert_int_equal(refresh(r), SL_OK);
}

/* A mirror cannot keep a client busy for ever: 256 rotations a run. */
static void rotations_are_bounded(void **state)
{
	struct repo *r = *state;

	while (r->root <= TUF_ROOT_ROTATIONS + 4)
		repo_write_root(r, RK_SNAPSHOT, RK_TIMESTAMP);
	assert_int_equal(refresh(r), SL_OK);
	stored_is(r, "root.json", "257.root.json");
	assert_int_equal(refresh(r), SL_OK);
	stored_is(r, "root.json", "260.root.json");
}

static void give_root_to(struct repo *r, json_t *body, enum repo_key who)
{
	const char *id = key_id(r->keys[who]);

	assert_int_equal(json_object_set_new(json_object_get(body, "keys"), id,
					     tuf_key_object(key_public(r->keys[who]))),
			 0);
	assert_int_equal(
		json_object_set_new(json_object_get(body, "roles"), "root",
				    json_pack("{s:[s],s:i}", "keyids", id, "threshold", 1)),
		0);
}

/* P4: what a new root must satisfy; and a refused one leaves the old in place. */
static void p4_p5_bad_roots_are_not_cached(void **state)
{
	static const enum repo_key one[] = {RK_ROOT1, (enum repo_key) - 1},
				   other[] = {RK_OTHER, (enum repo_key) - 1},
				   two[] = {RK_ROOT1, RK_ROOT2, (enum repo_key) - 1};
	struct repo *r = *state;
	json_t *body;

	assert_int_equal(refresh(r), SL_OK);
	for (unsigned row = 0; row < 5; row++) {
		int want = row == 3 ? SL_E_REPLAY : SL_E_SIGNATURE;

		body = repo_root_body(r, row == 3 ? 3 : 2, RK_SNAPSHOT, RK_TIMESTAMP);
		/* 2: signed by the old keys but not by its own; 4: by its own only */
		if (row == 2 || row == 4)
			give_root_to(r, body, RK_OTHER);
		repo_put_json(r, "2.root.json",
			      repo_sign(r, body,
					row == 0	       ? one
					: row == 1 || row == 4 ? other
							       : two));
		if (refresh(r) != want)
			fail_msg("row %u", row);
		stored_is(r, "root.json", "1.root.json");
	}
	/* A fault on the way is not the end of the chain. */
	r->fail = SL_E_UNREACHABLE;
	(void)snprintf(r->fail_name, sizeof(r->fail_name), "2.root.json");
	assert_int_equal(refresh(r), SL_E_UNREACHABLE);
	r->fail = SL_OK;
	repo_remove(r, "2.root.json");
	assert_int_equal(refresh(r), SL_OK);
	/* P5: a version that is skipped is never reached. */
	r->root = 3;
	repo_write_root(r, RK_SNAPSHOT, RK_TIMESTAMP);
	assert_int_equal(refresh(r), SL_OK);
	stored_is(r, "root.json", "1.root.json");
}

static void expired_final_root_stops(void **state)
{
	struct repo *r = *state;

	r->expires = KIT_NOW;
	repo_write_root(r, RK_SNAPSHOT, RK_TIMESTAMP);
	assert_int_equal(refresh(r), SL_E_EXPIRED);
	r->expires = KIT_NOW + 1;
	repo_write_root(r, RK_SNAPSHOT, RK_TIMESTAMP); /* only the last one counts */
	assert_int_equal(refresh(r), SL_OK);
}

static void p5_p6_p17_bad_timestamps(void **state)
{
	struct repo *r = *state;

	repo_publish(r, RK_SNAPSHOT, RK_TIMESTAMP);
	repo_write_timestamp(r, 10, 2, RK_TIMESTAMP, r->expires);
	assert_int_equal(refresh(r), SL_OK);
	repo_write_timestamp(r, 9, 2, RK_TIMESTAMP, r->expires);
	assert_int_equal(refresh(r), SL_E_REPLAY);
	repo_write_timestamp(r, 11, 1, RK_TIMESTAMP, r->expires);
	assert_int_equal(refresh(r), SL_E_REPLAY);
	repo_write_timestamp(r, 11, 2, RK_SNAPSHOT, r->expires);
	assert_int_equal(refresh(r), SL_E_SIGNATURE);
	repo_write_timestamp(r, 11, 2, RK_TIMESTAMP, KIT_NOW);
	assert_int_equal(refresh(r), SL_E_EXPIRED);
	repo_put(r, "timestamp.json", "{}", 2);
	assert_int_equal(refresh(r), SL_E_FORMAT);
	repo_remove(r, "timestamp.json");
	assert_int_equal(refresh(r), SL_E_UNREACHABLE);
	/* None of those was stored: version 10 is still what is known. */
	repo_write_timestamp(r, 10, 2, RK_TIMESTAMP, r->expires);
	assert_int_equal(refresh(r), SL_OK);
	stored_is(r, "timestamp.json", "timestamp.json");
}

/* P18: a mirror that repeats the old timestamp is told by its age. */
static void p18_frozen_mirror_is_noticed(void **state)
{
	struct repo *r = *state;
	struct tuf_client *c = repo_client(r, "state");

	assert_int_equal(tuf_client_refresh(c, KIT_NOW, NULL), SL_OK);
	assert_int_equal(tuf_client_refresh(c, KIT_NOW + 86399, NULL), SL_OK);
	assert_int_equal(tuf_client_refresh(c, KIT_NOW + 86400, NULL), SL_E_EXPIRED);
	assert_int_equal(tuf_client_role(c, "root", &(const struct tuf_meta *){NULL}, NULL),
			 SL_E_STATE);
	tuf_client_close(c);
}

static void p6_bad_snapshots(void **state)
{
	static const uint8_t zero[HASH_LEN];
	struct repo *r = *state;
	json_t *meta;

	repo_publish(r, RK_SNAPSHOT, RK_TIMESTAMP);
	assert_int_equal(refresh(r), SL_OK);
	/* Next versions: snapshot 3, timestamp 3; leaves and targets are at 2. */
	r->leaf = r->targets_version = 2;
	meta = repo_meta(r);
	(void)json_object_del(meta, "rel-2026-0001.json");
	repo_write_snapshot(r, meta);
	assert_int_equal(refresh(r), SL_E_REPLAY);
	meta = repo_meta(r);
	tuf_meta_put(meta, "feed.json", 1, NULL, 0);
	r->timestamp++;
	repo_write_snapshot(r, meta);
	assert_int_equal(refresh(r), SL_E_REPLAY);
	/* Mix and match: the timestamp's digest is of another file. */
	r->timestamp++;
	repo_write_snapshot(r, repo_meta(r));
	repo_put_json(
		r, "timestamp.json",
		repo_sign(r, tuf_timestamp_body(r->timestamp, r->expires, r->snapshot, zero, 5),
			  (enum repo_key[]){RK_TIMESTAMP, (enum repo_key) - 1}));
	assert_true(refresh(r) < 0);
	repo_put_json(r, "timestamp.json",
		      repo_sign(r,
				tuf_timestamp_body(r->timestamp + 1, r->expires, r->snapshot,
						   zero, TUF_SNAPSHOT_MAX + 1),
				(enum repo_key[]){RK_TIMESTAMP, (enum repo_key) - 1}));
	assert_int_equal(refresh(r), SL_E_LIMIT);
	r->timestamp += 2;
	r->expires = KIT_NOW;
	meta = repo_meta(r);
	repo_put_json(r, "3.snapshot.json",
		      repo_sign(r, tuf_snapshot_body(3, KIT_NOW, meta),
				(enum repo_key[]){RK_SNAPSHOT, (enum repo_key) - 1}));
	json_decref(meta);
	repo_write_timestamp(r, r->timestamp, 3, RK_TIMESTAMP, KIT_NOW + 1);
	assert_int_equal(refresh(r), SL_E_EXPIRED);
	stored_is(r, "snapshot.json", "2.snapshot.json");
}

static void snapshot_signed_by_another_role(void **state)
{
	struct repo *r = *state;
	json_t *meta;

	r->leaf = r->targets_version = 1;
	meta = repo_meta(r);
	r->snapshot = 2;
	repo_put_json(r, "2.snapshot.json",
		      repo_sign(r, tuf_snapshot_body(2, r->expires, meta),
				(enum repo_key[]){RK_TIMESTAMP, (enum repo_key) - 1}));
	json_decref(meta);
	repo_write_timestamp(r, 2, 2, RK_TIMESTAMP, r->expires);
	assert_int_equal(refresh(r), SL_E_SIGNATURE);
}

/* Whoever stole the timestamp and snapshot keys signs far-future versions; new
 * keys start again at 1. */
static void fast_forward_is_recovered(void **state)
{
	struct repo *r = *state;

	r->leaf = r->targets_version = 1;
	r->snapshot = r->timestamp = INT64_C(1) << 52;
	repo_write_snapshot(r, repo_meta(r));
	assert_int_equal(refresh(r), SL_OK);
	repo_write_timestamp(r, 2, 1, RK_TIMESTAMP, r->expires);
	assert_int_equal(refresh(r), SL_E_REPLAY);
	repo_write_root(r, RK_OTHER, RK_FEED1);
	r->leaf = r->targets_version = r->snapshot = r->timestamp = 2;
	repo_publish(r, RK_OTHER, RK_FEED1);
	assert_int_equal(refresh(r), SL_OK);
	stored_is(r, "snapshot.json", "2.snapshot.json");
}

/* The trusted root a person gives, and the stored one. */
static void opening_again(void **state)
{
	struct repo *r = *state;
	struct tuf_fetcher f = repo_fetcher(r);
	struct tuf_client *c = NULL;
	char *other;

	assert_int_equal(tuf_client_open("state", NULL, 0, &f, &c, NULL), SL_E_NOTFOUND);
	assert_int_equal(tuf_client_open("state", "{}", 2, &f, &c, NULL), SL_E_FORMAT);
	repo_write_root(r, RK_SNAPSHOT, RK_TIMESTAMP);
	repo_write_root(r, RK_SNAPSHOT, RK_TIMESTAMP);
	assert_int_equal(refresh(r), SL_OK);
	stored_is(r, "root.json", "3.root.json");
	/* Without a given root the stored one is used. */
	assert_int_equal(tuf_client_open("state", NULL, 0, &f, &c, NULL), SL_OK);
	tuf_client_close(c);
	/* A newer given root that vouches for the stored one changes nothing. */
	assert_int_equal(tuf_client_open("state", repo_text(r, "2.root.json"),
					 strlen(repo_text(r, "2.root.json")), &f, &c, NULL),
			 SL_OK);
	tuf_client_close(c);
	stored_is(r, "root.json", "3.root.json");
	/* Not even signed by itself. */
	other = kit_replace(repo_text(r, "2.root.json"), "\"version\":2", "\"version\":9");
	assert_int_equal(tuf_client_open("state", other, strlen(other), &f, &c, NULL),
			 SL_E_SIGNATURE);
	free(other);
	/* Damaged on disk: said, not healed. */
	assert_int_equal(chdir("state"), 0);
	assert_int_equal(file_write_durable(AT_FDCWD, "root.json", "{", 1, 0644), SL_OK);
	assert_int_equal(chdir(".."), 0);
	assert_int_equal(tuf_client_open("state", NULL, 0, &f, &c, NULL), SL_E_CORRUPT);
}

int main(void)
{
#define WITH_REPO(f)   cmocka_unit_test_setup_teardown(f, setup, teardown)
#define REMEMBERING(f) cmocka_unit_test_setup_teardown(f, setup_remembering, teardown)
	const struct CMUnitTest tests[] = {
		WITH_REPO(finds_and_downloads),
		WITH_REPO(uses_what_it_has),
		WITH_REPO(other_spelling_of_a_signature),
		WITH_REPO(changed_target_is_refused),
		WITH_REPO(follows_root_rotations),
		WITH_REPO(rotations_are_bounded),
		WITH_REPO(p4_p5_bad_roots_are_not_cached),
		WITH_REPO(expired_final_root_stops),
		WITH_REPO(p5_p6_p17_bad_timestamps),
		WITH_REPO(p18_frozen_mirror_is_noticed),
		WITH_REPO(p6_bad_snapshots),
		WITH_REPO(snapshot_signed_by_another_role),
		WITH_REPO(fast_forward_is_recovered),
		WITH_REPO(opening_again),
		/* Knowing the last snapshot changes no decision. */
		REMEMBERING(uses_what_it_has),
		REMEMBERING(p6_bad_snapshots),
		REMEMBERING(snapshot_signed_by_another_role),
		REMEMBERING(fast_forward_is_recovered),
	};

	return crypto_start() == SL_OK ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
