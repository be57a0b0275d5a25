/* config_link.h - what gateway.yaml and outlet.yaml say about the one-way link. */
#ifndef SL_BASE_CONFIG_LINK_H
#define SL_BASE_CONFIG_LINK_H

#include "base/config.h"

/* Each mode has what it needs, a stream over a network the certificates of both ends,
 * and numbers make sense; also fills rate_bits and repeat_seconds.  SL_E_CONFIG with the file,
 * the key and what it must be. */
int config_link_gateway_check(const char *path, struct gateway_config *c,
			      struct sl_why *why) SL_MUST_USE;
int config_link_outlet_check(const char *path, const struct outlet_config *c,
			     struct sl_why *why) SL_MUST_USE;

/* "800kbit", "100Mbit", "2.5Gbit": bits a second, 8,000 .. 400 Gbit. */
int config_rate(const char *text, uint64_t *ret_bits) SL_MUST_USE;
/* "5s", "1m", "10m", "1h", "2d": whole seconds, 1 .. 366 days. */
int config_duration(const char *text, uint32_t *ret_seconds) SL_MUST_USE;
/* "192.0.2.1:8481" or "[2001:db8::1]:8481": a literal address and a port that is not 0.
 * host gets at least 64 bytes. */
int config_address(const char *text, char host[64], uint16_t *ret_port) SL_MUST_USE;

#endif
