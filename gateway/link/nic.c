/* nic.c - netdevice(7) and the ethtool ioctls that need no right. */
#include "link/nic.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/file.h"

enum { MASKS_MAX = 127 };

/* A question whose answer many drivers do not know. */
static bool ethtool(int fd, const char *name, void *command)
{
	struct ifreq q = {.ifr_data = command};

	(void)snprintf(q.ifr_name, sizeof(q.ifr_name), "%s", name);
	return ioctl(fd, SIOCETHTOOL, &q) == 0;
}

static void look_at_speed(int fd, struct nic *n)
{
	/* The masks follow the settings, as many words as the first answer says, negative. */
	uint32_t room[sizeof(struct ethtool_link_settings) / sizeof(uint32_t) + 3 * MASKS_MAX] =
		{0};
	struct ethtool_link_settings s = {.cmd = ETHTOOL_GLINKSETTINGS};

	memcpy(room, &s, sizeof(s));
	if (!ethtool(fd, n->name, room))
		return;
	memcpy(&s, room, sizeof(s));
	if (s.link_mode_masks_nwords >= 0)
		return;
	s.link_mode_masks_nwords = (int8_t)-s.link_mode_masks_nwords;
	s.cmd = ETHTOOL_GLINKSETTINGS;
	memcpy(room, &s, sizeof(s));
	if (!ethtool(fd, n->name, room))
		return;
	memcpy(&s, room, sizeof(s));
	if (s.speed != 0 && s.speed != UINT32_MAX)
		n->speed = s.speed * UINT64_C(1000000);
}

static void look_at_hardware(int fd, struct nic *n)
{
	struct ethtool_ringparam ring = {.cmd = ETHTOOL_GRINGPARAM};
	struct ethtool_pauseparam pause = {.cmd = ETHTOOL_GPAUSEPARAM};

	look_at_speed(fd, n);
	if (ethtool(fd, n->name, &ring)) {
		n->ring = ring.rx_pending;
		n->ring_max = ring.rx_max_pending;
	}
	n->pause_known = ethtool(fd, n->name, &pause);
	n->pause_send = n->pause_known && pause.tx_pause != 0;
	n->pause_take = n->pause_known && pause.rx_pause != 0;
}

int nic_look(const char *name, struct nic *ret_n)
{
	struct nic n = {.name = ""};
	struct ifreq q = {.ifr_flags = 0};
	int fd, r = SL_OK;

	if (strlen(name) >= sizeof(n.name))
		return SL_E_NOTFOUND;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return sl_err_errno(errno);
	(void)snprintf(n.name, sizeof(n.name), "%s", name);
	(void)snprintf(q.ifr_name, sizeof(q.ifr_name), "%s", name);
	if (ioctl(fd, SIOCGIFFLAGS, &q) != 0) {
		r = SL_E_NOTFOUND;
		goto out;
	}
	n.loopback = (q.ifr_flags & IFF_LOOPBACK) != 0;
	n.up = (q.ifr_flags & IFF_UP) != 0;
	n.carrier = n.up && (q.ifr_flags & IFF_RUNNING) != 0;
	n.arp = (q.ifr_flags & (IFF_LOOPBACK | IFF_NOARP | IFF_POINTOPOINT)) == 0;
	if (ioctl(fd, SIOCGIFMTU, &q) != 0) {
		r = sl_err_errno(errno);
		goto out;
	}
	n.mtu = (uint32_t)q.ifr_mtu;
	if (ioctl(fd, SIOCGIFTXQLEN, &q) == 0 && q.ifr_qlen > 0)
		n.queue = (uint32_t)q.ifr_qlen;
	look_at_hardware(fd, &n);
	*ret_n = n;
out:
	file_close(fd);
	return r;
}

int nic_look_index(unsigned index, struct nic *ret_n)
{
	char name[IF_NAMESIZE];

	return if_indextoname(index, name) == NULL ? SL_E_NOTFOUND : nic_look(name, ret_n);
}

static bool holds(const struct ifaddrs *a, int family, const uint8_t *wanted)
{
	if (a->ifa_addr == NULL || a->ifa_addr->sa_family != family)
		return false;
	if (family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, a->ifa_addr, sizeof(in));
		return memcmp(&in.sin_addr, wanted, sizeof(in.sin_addr)) == 0;
	}
	struct sockaddr_in6 in6;

	memcpy(&in6, a->ifa_addr, sizeof(in6));
	return memcmp(&in6.sin6_addr, wanted, sizeof(in6.sin6_addr)) == 0;
}

int nic_of_address(const char *host, struct nic *ret_n)
{
	int family = strchr(host, ':') != NULL ? AF_INET6 : AF_INET, r = SL_E_NOTFOUND;
	struct ifaddrs *all = NULL;
	uint8_t wanted[16];

	if (inet_pton(family, host, wanted) != 1)
		return SL_E_FORMAT;
	if (getifaddrs(&all) != 0)
		return sl_err_errno(errno);
	for (const struct ifaddrs *a = all; a != NULL; a = a->ifa_next) {
		if (holds(a, family, wanted)) {
			r = nic_look(a->ifa_name, ret_n);
			break;
		}
	}
	/* 127.0.0.0/8 is the loopback interface's as a whole. */
	if (r == SL_E_NOTFOUND && family == AF_INET && wanted[0] == 127)
		r = nic_look("lo", ret_n);
	freeifaddrs(all);
	return r;
}
