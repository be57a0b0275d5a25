/* address.c - text to struct sockaddr, of both families. */
#include "base/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

socklen_t address_of(const char *host, uint16_t port, struct sockaddr_storage *ret_a)
{
	struct sockaddr_in *four = (struct sockaddr_in *)(void *)ret_a;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)ret_a;

	memset(ret_a, 0, sizeof(*ret_a));
	if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons(port);
		return sizeof(*four);
	}
	if (inet_pton(AF_INET6, host, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons(port);
		return sizeof(*six);
	}
	return 0;
}
