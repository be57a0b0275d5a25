/* push_private.h - inside push*.c only: what a transport is. */
#ifndef SL_LINK_PUSH_PRIVATE_H
#define SL_LINK_PUSH_PRIVATE_H

#include "link/push.h"

/* A transport embeds struct push as its first member. */
struct push_kind {
	const char *mode;    /* of the configuration */
	const char *profile; /* of the sandbox */
	bool reaches_disk, buffers;
	int (*open)(const struct gateway_config *c, int outbox, struct push **ret_p,
		    struct sl_why *why);
	int (*start)(struct push *p, struct sl_why *why); /* NULL: nothing to do */
	void (*close)(struct push *p);
	int (*unit)(struct push *p, const struct spool_entry *e, int fd,
		    int (*between)(void *arg), void *arg);
	int (*heartbeat)(struct push *p, const struct heartbeat *h); /* NULL: has none */
	uint64_t (*bytes)(const struct push *p);
	json_t *(*report)(const struct push *p); /* NULL: nothing */
};
struct push {
	const struct push_kind *kind;
};

extern const struct push_kind push_stream, push_directory, push_udp;

#endif
