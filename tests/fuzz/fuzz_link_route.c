/* fuzz_link_route.c - what rtnetlink, /proc and nft answer the doctors, as if it were hostile.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "link/link_facts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t address[4] = {192, 0, 2, 2};
	enum route_neighbour n = ROUTE_NOBODY;
	char *text = malloc(size + 1);
	struct proc_net_softnet s;
	struct proc_net_device d;
	struct proc_net_udp u;
	struct route r;
	bool done;

	if (text == NULL)
		return 0;
	if (route_parse(data, size, &r) == SL_OK)
		BUG(r.interface == 0 || strlen(r.source) >= ROUTE_TEXT ||
		    strlen(r.gateway) >= ROUTE_TEXT);
	if (route_parse_neighbours(data, size, 7, address, 4, &n, &done) == SL_OK)
		BUG(n > ROUTE_UNANSWERED);
	memcpy(text, data, size);
	text[size] = '\0';
	if (proc_net_udp_of(text, &u) && strstr(text, "Udp:") == NULL)
		BUG(true);
	if (proc_net_device_of(text, "eth1", &d) && strstr(text, "eth1:") == NULL)
		BUG(true);
	if (proc_net_softnet_of(text, &s) && size == 0)
		BUG(true);
	if (link_facts_returns(text, "egress", "eth1") == LINK_RETURNS_DROPPED)
		BUG(strstr(text, "policy drop;") == NULL || strstr(text, "eth1") == NULL);
	free(text);
	return 0;
}
