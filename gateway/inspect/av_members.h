/* av_members.h - members an archive promised against layers that were really opened.
 *
 * libclamav says OK to archives whose members it could not unpack.  It announces
 * each member (clcb_meta) and each layer it opens (clcb_file_inspection); what was
 * promised and never opened was not scanned.  A ZIP's members are announced from
 * the central directory and again from their local headers. */
#ifndef SL_INSPECT_AV_MEMBERS_H
#define SL_INSPECT_AV_MEMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AV_MEMBERS_MAX = 20000 };

struct av_members {
	struct {
		uint64_t size; /* unpacked */
		uint64_t name; /* hash of the name */
		uint32_t position, layer; /* in its container; layers opened before it was announced */
	} promised[AV_MEMBERS_MAX];
	uint64_t opened[AV_MEMBERS_MAX];
	uint32_t n_promised, n_opened;
	bool encrypted; /* some member is */
	bool overflow;  /* more than the table holds: cannot be reconciled */
	bool container; /* the file itself is an archive or compressed */
};

void av_members_promise(struct av_members *m, const char *name, uint64_t size, uint32_t position,
			bool encrypted);
void av_members_open(struct av_members *m, const char *type, uint64_t size, unsigned level);
/* Promised members that no opened layer accounts for; sorts both lists. */
uint32_t av_members_unopened(struct av_members *m);

#endif
