/* push.c - the transports of the sender behind one interface, chosen by configuration. */
#include <string.h>

#include "link/push_private.h"

static const struct push_kind *const kinds[] = {&push_udp, &push_stream, &push_directory};

int push_open(const struct gateway_config *c, int outbox, struct push **ret_p,
	      struct sl_why *why)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i]->mode, c->link.mode) == 0)
			return kinds[i]->open(c, outbox, ret_p, why);
	}
	return why_set(why, SL_E_CONFIG, "link.mode is %s; udp, stream and directory are known",
		       c->link.mode);
}

int push_start(struct push *p, struct sl_why *why)
{
	return p->kind->start == NULL ? SL_OK : p->kind->start(p, why);
}

void push_close(struct push *p)
{
	if (p != NULL)
		p->kind->close(p);
}

const char *push_profile(const struct push *p)
{
	return p->kind->profile;
}

bool push_reaches_disk(const struct push *p)
{
	return p->kind->reaches_disk;
}

bool push_buffers(const struct push *p)
{
	return p->kind->buffers;
}

int push_unit(struct push *p, const struct spool_entry *e, int fd, int (*between)(void *arg),
	      void *arg)
{
	return p->kind->unit(p, e, fd, between, arg);
}

int push_heartbeat(struct push *p, const struct heartbeat *h)
{
	return p->kind->heartbeat == NULL ? SL_OK : p->kind->heartbeat(p, h);
}

bool push_beats(const struct push *p)
{
	return p->kind->heartbeat != NULL;
}

uint64_t push_bytes(const struct push *p)
{
	return p->kind->bytes(p);
}

json_t *push_report(const struct push *p)
{
	return p->kind->report == NULL ? json_object() : p->kind->report(p);
}
