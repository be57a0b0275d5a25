/* site.h - the built-in HTTP server over a static tree. */
#ifndef SL_OUTLET_SITE_H
#define SL_OUTLET_SITE_H

#include <stdint.h>

#include "outlet/site_page.h"

struct site;

struct site_options {
	int tree_fd;	     /* borrowed: root of what is served */
	const char *address; /* IPv4 or IPv6 literal */
	uint16_t port;	     /* 0: any free one */
	uint32_t connections, connections_per_ip, timeout_seconds;
	unsigned threads;
	const struct site_page *pages; /* made by us; NULL: none, else ends with path NULL */
	site_page_make make;
	void *make_arg;
};
/* Starts threads. SL_E_CONFIG for a bad address, SL_E_IO when the port is taken. */
int site_open(const struct site_options *o, struct site **ret_s,
	      struct sl_why *why) SL_MUST_USE;
uint16_t site_port(const struct site *s);
void site_close(struct site *s); /* NULL is fine */

#endif
