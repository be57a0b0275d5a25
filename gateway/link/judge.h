/* judge.h - udp mode: is this datagram from the gateway, and new?
 *
 * Hostile: every byte.  In this order, so that strangers never reach a parser: the MAC of
 * one of the link's keys, the shape, the replay window of that key.  What the windows know
 * is durable (DATA/state/windows.json), so that a replay after a restart is one too. */
#ifndef SL_LINK_JUDGE_H
#define SL_LINK_JUDGE_H

#include "base/json.h"
#include "link/datagram.h"
#include "link/window.h"

enum { JUDGE_KEYS_MAX = 4, JUDGE_REMEMBERED_MAX = 16, JUDGE_BATCH = 64, JUDGE_NO_KEY = -1 };
#define JUDGE_FILE "windows.json"

enum judge_answer {
	JUDGE_TAKEN,
	JUDGE_WRONG_MAC,
	JUDGE_MALFORMED,
	JUDGE_REPLAYED,
	JUDGE_OLD_SESSION,
	JUDGE_PROBE, /* authentic, and outside the windows: its session is the doctor's */
	JUDGE_ANSWERS
};
struct judge;

/* Up to JUDGE_KEYS_MAX keys, taken on success.  What an unreadable file of windows said is
 * lost: a replay is then possible, and harmless, since the units in it are installed. */
int judge_open(struct mac_key *const keys[], unsigned n, int state_fd,
	       struct judge **ret_j) SL_MUST_USE;
void judge_close(struct judge *j); /* NULL is fine */
/* On JUDGE_TAKEN and JUDGE_PROBE ret_d borrows from bytes. */
enum judge_answer judge_datagram(struct judge *j, const uint8_t *bytes, size_t len,
				 struct datagram *ret_d);
/* The same in two steps, for up to JUDGE_BATCH that arrived together: which key proves each
 * of them, as JUDGE_NO_KEY or a number for judge_proved(), to which each then goes once, in
 * the order of arrival. */
void judge_prove(struct judge *j, const struct iovec *datagrams, unsigned n, int8_t ret_by[]);
enum judge_answer judge_proved(struct judge *j, int8_t by, const uint8_t *bytes, size_t len,
			       struct datagram *ret_d);
uint64_t judge_count(const struct judge *j, enum judge_answer answer);
/* A session began that is not on disk yet. */
bool judge_unremembered(const struct judge *j);
/* Make durable what the windows know. */
int judge_remember(struct judge *j) SL_MUST_USE;
/* Call now and then with monotonic ms: what the loss of the last minute is measured by. */
void judge_tick(struct judge *j, int64_t now_ms);
/* {"loss_permille","lost","malformed","old_session","probes","replayed","taken",
 * "wrong_mac"}; lost:
 * gaps in the numbers of the sessions that were heard. */
json_t *judge_report(const struct judge *j);

#endif
