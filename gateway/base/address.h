/* address.h - a numeric address and a port as sockets take them. */
#ifndef SL_BASE_ADDRESS_H
#define SL_BASE_ADDRESS_H

#include <stdint.h>
#include <sys/socket.h>

/* host: "192.0.2.1" or "2001:db8::1", without brackets; a name is none.  Returns the length
 * for bind(2) and connect(2), 0 when it is no such address. */
socklen_t address_of(const char *host, uint16_t port, struct sockaddr_storage *ret_a);

#endif
