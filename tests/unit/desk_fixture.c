/* desk_fixture.c - see the header. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "desk_fixture.h"

void fixture_open(struct fixture *f)
{
	assert_int_equal(crypto_start(), SL_OK);
	(void)snprintf(f->dir, sizeof(f->dir), "/tmp/sl-store-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	f->store = NULL;
	fixture_reopen(f);
}

void fixture_reopen(struct fixture *f)
{
	struct sl_why why = {0};

	store_close(f->store);
	f->store = NULL;
	if (store_open(f->dir, STORE_DESK, &f->store, &why) != SL_OK)
		fail_msg("%s", why.text);
}

static int one_more(const struct draft *d, void *arg)
{
	(void)d;
	++*(uint64_t *)arg;
	return 0;
}

/* The numbers that are kept are those that counting gives, whatever a test has done. */
static void check_counts(const struct fixture *f)
{
	uint64_t kept[DRAFT_STATE_COUNT];

	assert_int_equal(store_draft_counts(f->store, kept), SL_OK);
	for (int i = 0; i < DRAFT_STATE_COUNT; i++) {
		const enum draft_state state = (enum draft_state)i;
		const struct draft_filter of = {.states = &state, .n_states = 1};
		uint64_t counted = 0;

		assert_int_equal(store_draft_each(f->store, &of, one_more, &counted), SL_OK);
		assert_int_equal(kept[i], counted);
	}
}

void fixture_close(struct fixture *f)
{
	if (f->store != NULL)
		check_counts(f);
	store_close(f->store);
	f->store = NULL;
	assert_int_equal(file_remove_tree(AT_FDCWD, f->dir), SL_OK);
}

void fixture_upload(struct fixture *f, const char *pid, const char *bytes, char ret_sha256[65])
{
	struct sl_why why = {0};
	uint64_t offset = 0;

	hash_hex(bytes, strlen(bytes), ret_sha256);
	if (store_upload_begin(f->store, pid, ret_sha256, strlen(bytes), &offset, &why) !=
		    SL_OK ||
	    (offset < strlen(bytes) &&
	     store_upload_chunk(f->store, pid, ret_sha256, offset, bytes + offset,
				strlen(bytes) - offset, &offset, &why) != SL_OK) ||
	    store_upload_finish(f->store, pid, ret_sha256, &why) != SL_OK)
		fail_msg("%s", why.text);
}

void fixture_prepare(struct fixture *f, const char *token, int64_t revise, struct draft *ret_d)
{
	struct draft d = {.number = revise, .n_channels = 1, .n_files = 1};
	struct sl_why why = {0};

	(void)snprintf(d.author, sizeof(d.author), "p-01");
	(void)snprintf(d.submitter, sizeof(d.submitter), "p-01");
	(void)snprintf(d.unit, sizeof(d.unit), "u-12");
	(void)snprintf(d.title, sizeof(d.title), "关于调整交通组织的通告");
	(void)snprintf(d.content_type, sizeof(d.content_type), "CT05");
	(void)snprintf(d.channels[0], sizeof(d.channels[0]), "official-site");
	(void)snprintf(d.klass, sizeof(d.klass), "A");
	d.files = calloc(1, sizeof(*d.files));
	assert_non_null(d.files);
	(void)snprintf(d.files[0].name, sizeof(d.files[0].name), "通告.txt");
	(void)snprintf(d.files[0].media_type, sizeof(d.files[0].media_type), "text/plain");
	fixture_upload(f, "p-01", token, d.files[0].sha256);
	d.files[0].length = strlen(token);
	if (store_draft_prepare(f->store, &d, token, &why) != SL_OK)
		fail_msg("%s", why.text);
	*ret_d = d;
}

void fixture_move(struct fixture *f, const struct draft *d, enum draft_state from,
		  enum draft_state to)
{
	const struct draft_change c = {.actor = "test", .serial = to == DRAFT_RELEASED ? 7 : 0};
	struct sl_why why = {0};

	/* A serial is the releaser's to give; tests borrow its rights. */
	if (to == DRAFT_RELEASED) {
		struct store *releaser = NULL;

		assert_int_equal(store_open(f->dir, STORE_RELEASER, &releaser, &why), SL_OK);
		if (store_move(releaser, d->id, d->revision, from, to, &c, &why) != SL_OK)
			fail_msg("%s", why.text);
		store_close(releaser);
		return;
	}
	if (store_move(f->store, d->id, d->revision, from, to, &c, &why) != SL_OK)
		fail_msg("%s", why.text);
}

void fixture_submit(struct fixture *f, const char *token, struct draft *ret_d)
{
	fixture_prepare(f, token, 0, ret_d);
	fixture_move(f, ret_d, DRAFT_PREPARED, DRAFT_SUBMITTED);
}

enum draft_state fixture_state(struct fixture *f, const char *id, int64_t revision)
{
	struct draft d;

	assert_int_equal(store_draft_get(f->store, id, revision, &d), SL_OK);
	draft_release(&d);
	return d.state;
}
