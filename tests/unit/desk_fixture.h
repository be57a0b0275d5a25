/* desk_fixture.h - a store in a temporary directory, and drafts put into it. */
#ifndef SL_TEST_DESK_FIXTURE_H
#define SL_TEST_DESK_FIXTURE_H

#include "store/store.h"

struct fixture {
	char dir[64];
	struct store *store;
};

void fixture_open(struct fixture *f);
void fixture_reopen(struct fixture *f);
void fixture_close(struct fixture *f); /* and remove the directory */
/* Upload bytes as this person; digest comes back. */
void fixture_upload(struct fixture *f, const char *pid, const char *bytes, char ret_sha256[65]);
/* A prepared draft of p-01 with one file; `revise` 0 or its number. draft_release it. */
void fixture_prepare(struct fixture *f, const char *token, int64_t revise, struct draft *ret_d);
/* Move without any change but the state; fails the test when it is refused. */
void fixture_move(struct fixture *f, const struct draft *d, enum draft_state from,
		  enum draft_state to);
/* One more than moves: prepared and submitted. */
void fixture_submit(struct fixture *f, const char *token, struct draft *ret_d);
enum draft_state fixture_state(struct fixture *f, const char *id, int64_t revision);

#endif
