/* config_link.c - the one-way link as the operator describes it: texts to numbers, then sense.
 */
#include "base/config_link.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

enum { MTU_LEAST = 576, MTU_MOST = 65535, LOSS_MOST = 50, INTERLEAVE_MOST = 4096 };

static bool is(const char *mode, const char *name)
{
	return strcmp(mode, name) == 0;
}

int config_rate(const char *text, uint64_t *ret_bits)
{
	static const struct {
		const char *unit;
		double bits;
	} units[] = {{"kbit", 1e3}, {"Mbit", 1e6}, {"Gbit", 1e9}};
	char *end = NULL;
	double n;

	/* strtod would take hexadecimal, infinity and leading blanks. */
	if (strspn(text, "0123456789.") == 0 || text[0] == '.')
		return SL_E_FORMAT;
	n = strtod(text, &end);
	if (end != text + strspn(text, "0123456789."))
		return SL_E_FORMAT;
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		if (!is(end, units[i].unit))
			continue;
		n *= units[i].bits;
		if (!(n >= 8e3 && n <= 400e9))
			return SL_E_LIMIT;
		*ret_bits = (uint64_t)n;
		return SL_OK;
	}
	return SL_E_FORMAT;
}

int config_duration(const char *text, uint32_t *ret_seconds)
{
	static const char units[] = "smhd";
	static const uint32_t seconds[] = {1, 60, 3600, 86400};
	size_t digits = strspn(text, "0123456789");
	const char *unit;
	uint64_t n;

	if (digits == 0 || digits > 8 || text[digits] == '\0' || text[digits + 1] != '\0')
		return SL_E_FORMAT;
	unit = strchr(units, text[digits]);
	if (unit == NULL)
		return SL_E_FORMAT;
	n = strtoull(text, NULL, 10) * seconds[unit - units];
	if (n == 0 || n > UINT64_C(366) * 86400)
		return SL_E_LIMIT;
	*ret_seconds = (uint32_t)n;
	return SL_OK;
}

int config_address(const char *text, char host[64], uint16_t *ret_port)
{
	const char *colon = strrchr(text, ':');
	size_t len = colon == NULL ? 0 : (size_t)(colon - text);
	bool six = text[0] == '[';
	uint8_t raw[16];
	unsigned long port;

	if (colon == NULL || strspn(colon + 1, "0123456789") != strlen(colon + 1) ||
	    strlen(colon + 1) > 5)
		return SL_E_FORMAT;
	port = strtoul(colon + 1, NULL, 10);
	if (port == 0 || port > UINT16_MAX)
		return SL_E_FORMAT;
	if (six && (len < 3 || text[len - 1] != ']'))
		return SL_E_FORMAT;
	if (six) {
		text++;
		len -= 2;
	}
	if (len >= 64)
		return SL_E_FORMAT;
	memcpy(host, text, len);
	host[len] = '\0';
	if (inet_pton(six ? AF_INET6 : AF_INET, host, raw) != 1)
		return SL_E_FORMAT;
	*ret_port = (uint16_t)port;
	return SL_OK;
}

static int check_mode(const char *path, const char *mode, const char *url,
		      const char *directory, struct sl_why *why)
{
	if (!is(mode, "udp") && !is(mode, "stream") && !is(mode, "directory"))
		return why_set(why, SL_E_CONFIG,
			       "%s: link.mode is \"%s\"; it must be udp, stream or directory",
			       path, mode);
	if (is(mode, "stream") && url == NULL)
		return why_set(why, SL_E_CONFIG, "%s: link.mode stream needs link.url", path);
	if (is(mode, "directory") && directory == NULL)
		return why_set(why, SL_E_CONFIG, "%s: link.mode directory needs link.directory",
			       path);
	return SL_OK;
}

static bool has_scheme(const char *url, const char *scheme)
{
	return strncmp(url, scheme, strlen(scheme)) == 0;
}

/* In numbers: what a name means can be changed from elsewhere. */
static bool is_this_host(const char *address)
{
	char host[64];
	uint16_t port = 0;

	return config_address(address, host, &port) == SL_OK &&
	       (is(host, "::1") || has_scheme(host, "127."));
}

/* Nobody may listen in on what is embargoed, and nobody but the gateway fill the outlet's
 * quarantine, so over a network both ends prove themselves. */
static int check_stream(const char *path, const char *url, const char *ca,
			const char *certificate, struct sl_why *why)
{
	static const char tcp[] = "tcp://";

	if (has_scheme(url, "ipc://") ||
	    (has_scheme(url, tcp) && is_this_host(url + sizeof(tcp) - 1)))
		return SL_OK;
	if (!has_scheme(url, "tls+tcp://"))
		return why_set(why, SL_E_CONFIG,
			       _("%s: link.url \"%s\" is neither tls+tcp:// nor ipc://; tcp:// "
				 "without encryption is for this host alone, such as "
				 "tcp://127.0.0.1:8482"),
			       path, url);
	if (certificate == NULL)
		return why_set(why, SL_E_CONFIG,
			       _("%s: link.url %s needs link.certificate, the PEM file with "
				 "this end's certificate and key: each end proves itself to "
				 "the other"),
			       path, url);
	if (ca == NULL)
		return why_set(why, SL_E_CONFIG,
			       _("%s: link.url %s needs link.ca, the PEM file of the other "
				 "end's certificate: each end proves itself to the other"),
			       path, url);
	return SL_OK;
}

static int check_repeat(const char *path, struct gateway_config *c, struct sl_why *why)
{
	static const uint32_t usual[] = {5, 60, 600, 3600};
	const struct config_list *list = &c->link.repeat;

	c->link.n_repeat = 0;
	if (list->n == 0) {
		memcpy(c->link.repeat_seconds, usual, sizeof(usual));
		c->link.n_repeat = sizeof(usual) / sizeof(usual[0]);
		return SL_OK;
	}
	if (list->n == 1 && is(list->item[0], "never"))
		return SL_OK;
	if (list->n > CONFIG_REPEAT_MAX)
		return why_set(why, SL_E_CONFIG, "%s: link.repeat has more than %d pauses",
			       path, CONFIG_REPEAT_MAX);
	for (unsigned i = 0; i < list->n; i++) {
		if (config_duration(list->item[i], &c->link.repeat_seconds[i]) != SL_OK)
			return why_set(why, SL_E_CONFIG,
				       "%s: link.repeat: \"%s\" is no pause such as 5s, 10m, "
				       "1h or 2d; [never] alone repeats nothing",
				       path, list->item[i]);
	}
	c->link.n_repeat = list->n;
	return SL_OK;
}

static int check_udp(const char *path, struct gateway_config *c, struct sl_why *why)
{
	char host[64];
	uint16_t port = 0;

	if (c->link.address == NULL || config_address(c->link.address, host, &port) != SL_OK)
		return why_set(why, SL_E_CONFIG,
			       "%s: link.mode udp needs link.address, a numeric address and a "
			       "port such as 192.0.2.1:8481",
			       path);
	if (c->link.mac_key == NULL)
		return why_set(why, SL_E_CONFIG,
			       "%s: link.mode udp needs link.mac_key, the key that the outlet "
			       "knows this gateway by",
			       path);
	if (c->link.mtu < MTU_LEAST || c->link.mtu > MTU_MOST)
		return why_set(why, SL_E_CONFIG, "%s: link.mtu must be %d to %d", path,
			       MTU_LEAST, MTU_MOST);
	if (c->link.loss > LOSS_MOST)
		return why_set(why, SL_E_CONFIG, "%s: link.loss is more than %d percent", path,
			       LOSS_MOST);
	if (c->link.interleave > INTERLEAVE_MOST)
		return why_set(why, SL_E_CONFIG, "%s: link.interleave is more than %d blocks",
			       path, INTERLEAVE_MOST);
	return SL_OK;
}

int config_link_gateway_check(const char *path, struct gateway_config *c, struct sl_why *why)
{
	int r = check_mode(path, c->link.mode, c->link.url, c->link.directory, why);

	if (r == SL_OK && config_rate(c->link.rate, &c->link.rate_bits) != SL_OK)
		r = why_set(why, SL_E_CONFIG,
			    "%s: link.rate is \"%s\"; it must be a rate such as 800kbit, "
			    "100Mbit or 2.5Gbit",
			    path, c->link.rate);
	if (r == SL_OK)
		r = check_repeat(path, c, why);
	if (r == SL_OK && is(c->link.mode, "stream"))
		r = check_stream(path, c->link.url, c->link.ca, c->link.certificate, why);
	if (r == SL_OK && is(c->link.mode, "udp"))
		r = check_udp(path, c, why);
	return r;
}

int config_link_outlet_check(const char *path, const struct outlet_config *c,
			     struct sl_why *why)
{
	int r = check_mode(path, c->link.mode, c->link.url, c->link.directory, why);
	char host[64];
	uint16_t port = 0;

	if (r == SL_OK && is(c->link.mode, "stream"))
		r = check_stream(path, c->link.url, c->link.ca, c->link.certificate, why);
	if (r == SL_OK && c->link.old_keys.n > CONFIG_OLD_KEYS_MAX)
		r = why_set(why, SL_E_CONFIG, _("%s: link.old_keys has more than %d keys"),
			    path, CONFIG_OLD_KEYS_MAX);
	if (r != SL_OK || !is(c->link.mode, "udp"))
		return r;
	if (c->link.listen == NULL || config_address(c->link.listen, host, &port) != SL_OK)
		return why_set(why, SL_E_CONFIG,
			       "%s: link.mode udp needs link.listen, a numeric address and a "
			       "port such as 192.0.2.1:8481",
			       path);
	if (c->link.mac_keys.n < 1 || c->link.mac_keys.n > CONFIG_MAC_KEYS_MAX)
		return why_set(why, SL_E_CONFIG,
			       "%s: link.mode udp needs link.mac_keys, one to %d of them", path,
			       CONFIG_MAC_KEYS_MAX);
	return SL_OK;
}
