/* filter_args.h - the options every filter program understands, parsed. */
#ifndef SL_INSPECT_FILTER_ARGS_H
#define SL_INSPECT_FILTER_ARGS_H

#include "inspect/filter.h"

struct filter_args {
	const char *socket; /* borrowed from argv */
	char dir[96];	    /* directory of the socket; a socket's address has 108 bytes */
	uint64_t bytes;	    /* largest document */
	uint32_t seconds;   /* wall clock for one document */
	unsigned optional;  /* enum sandbox_layer that may be missing */
	unsigned turn;	    /* 0 or 1: differs from that of a predecessor still at work */
};
/* SL_E_USAGE on anything unknown, absent or out of range. */
int filter_args_parse(int argc, char **argv, struct filter_args *ret_a,
		      struct sl_why *why) SL_MUST_USE;

#endif
