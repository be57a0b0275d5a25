/* spray_kit.h - a line without a wire: a clock that moves when the sender waits, and every
 * datagram kept. */
#ifndef SL_TEST_SPRAY_KIT_H
#define SL_TEST_SPRAY_KIT_H

#include "link/spray.h"

struct spray_kit_datagram {
	struct datagram d; /* body points into `bytes` */
	uint8_t *bytes;
	size_t len;
	int64_t at_ns;
};
struct spray_kit {
	char dir[64];
	int dir_fd;
	int64_t now_ns;
	uint64_t headers;
	struct mac_key *key;
	struct session session;
	struct spray *spray;
	struct spray_kit_datagram *got;
	unsigned n, cap;
	unsigned fail_after; /* batches that leave before the line breaks; 0: never */
	unsigned batches;
};
/* rate in bits, mtu, permille, blocks. */
void spray_kit_new(struct spray_kit *k, uint64_t rate, uint32_t mtu, uint32_t loss,
		   uint32_t interleave);
void spray_kit_free(struct spray_kit *k);
void spray_kit_forget(struct spray_kit *k); /* what was kept */
/* A file in memory of `len` bytes that depend on `seed`; the caller closes it. */
int spray_kit_unit(size_t len, uint8_t seed);
/* Make the datagrams kept of this serial exactly these bytes?  Returns whether every symbol is
 * there; then it is also tried without the first ones of each block, as many as there are
 * repair symbols. */
bool spray_kit_whole(const struct spray_kit *k, uint32_t serial, int fd);

#endif
