/* link_facts.c - gathers them: netlink, ioctls, /proc, and nft where we may ask it. */
#include "link/link_facts.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/config_link.h"
#include "base/file.h"

enum { NFT_MAX = 1 << 20 };
#define GOVERNOR "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"

extern char **environ;

/* Is the name one of the words of s[0..len)?  nft quotes it, alone or in a list. */
static bool names(const char *s, size_t len, const char *device)
{
	static const char between[] = " \t\",{}=;";
	size_t want = strlen(device), n;

	for (const char *end = s + len; s < end; s += n + 1) {
		n = strcspn(s, between);
		if (n > (size_t)(end - s))
			n = (size_t)(end - s);
		if (n == want && memcmp(s, device, n) == 0)
			return true;
	}
	return false;
}

enum link_returns link_facts_returns(const char *text, const char *hook, const char *device)
{
	char head[64];

	(void)snprintf(head, sizeof(head), "type filter hook %s ", hook);
	while ((text = strstr(text, head)) != NULL) {
		const char *line = text + strlen(head);
		size_t len = strcspn(line, "\n");
		const char *policy = strstr(line, "policy drop;");

		if (names(line, len, device) && policy != NULL && policy < line + len)
			return LINK_RETURNS_DROPPED;
		text = line;
	}
	return LINK_RETURNS_OPEN;
}

/* Standard output of nft, which only root may ask; false when there is none. */
static bool ask_nft(struct buf *out)
{
	static const char *const programs[] = {"/usr/sbin/nft", "/sbin/nft"};
	char *argv[] = {(char[]){"nft"}, (char[]){"list"}, (char[]){"chains"},
			(char[]){"netdev"}, NULL};
	posix_spawn_file_actions_t actions;
	int ends[2] = {-1, -1}, status = 1, e = 1;
	pid_t pid = -1;

	if (geteuid() != 0 || pipe2(ends, O_CLOEXEC) != 0)
		return false;
	(void)posix_spawn_file_actions_init(&actions);
	if (posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO) == 0 &&
	    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY,
					     0) == 0) {
		for (size_t i = 0; e != 0 && i < sizeof(programs) / sizeof(programs[0]); i++)
			e = posix_spawn(&pid, programs[i], &actions, NULL, argv, environ);
	}
	(void)posix_spawn_file_actions_destroy(&actions);
	file_close(ends[1]);
	if (e == 0 && file_read_fd(ends[0], NFT_MAX, out) != SL_OK)
		(void)kill(pid, SIGKILL);
	file_close(ends[0]);
	if (e == 0 && waitpid(pid, &status, 0) != pid)
		status = 1;
	return e == 0 && status == 0;
}

static enum link_returns look_at_nft(const char *hook, const char *device)
{
	enum link_returns found = LINK_RETURNS_UNKNOWN;
	struct buf b;

	buf_init(&b, NFT_MAX);
	if (ask_nft(&b))
		found = link_facts_returns(buf_str(&b), hook, device);
	buf_release(&b);
	return found;
}

static void begin(const char *address, struct link_facts *f)
{
	uint16_t port = 0;

	memset(f, 0, sizeof(*f));
	/* The configuration was checked: it can be read. */
	if (address == NULL || config_address(address, f->host, &port) != SL_OK)
		f->host[0] = '\0';
	f->six = strchr(f->host, ':') != NULL;
	if (!proc_net_line(GOVERNOR, f->governor, sizeof(f->governor)))
		f->governor[0] = '\0';
}

static void look_at_nic(struct link_facts *f, const char *hook)
{
	f->counted = proc_net_device(f->nic.name, &f->device);
	f->returns = f->nic.loopback ? LINK_RETURNS_UNKNOWN : look_at_nft(hook, f->nic.name);
}

void link_facts_way(const struct gateway_config *c, struct link_facts *ret_f)
{
	struct link_facts *f = ret_f;
	const char *next;
	struct nic nic = {.name = ""};

	begin(c->link.address, f);
	f->source_here =
		c->link.source == NULL || nic_of_address(c->link.source, &nic) == SL_OK;
	f->found = route_find(f->host, f->source_here ? c->link.source : NULL, &f->route) ==
			   SL_OK &&
		   nic_look_index(f->route.interface, &f->nic) == SL_OK;
	if (!f->found) {
		f->nic = nic; /* why: it may be switched off */
		return;
	}
	next = f->route.gateway[0] != '\0' ? f->route.gateway : f->host;
	if (route_neighbour(next, f->route.interface, &f->neighbour) != SL_OK)
		f->neighbour = ROUTE_NOBODY;
}

void link_facts_gateway(const struct gateway_config *c, struct link_facts *ret_f)
{
	link_facts_way(c, ret_f);
	if (!proc_net_limit("net/core/wmem_max", &ret_f->buffer_limit))
		ret_f->buffer_limit = 0;
	if (ret_f->found)
		look_at_nic(ret_f, "ingress");
}

static bool is_any(const char *host)
{
	return strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
}

void link_facts_outlet(const struct outlet_config *c, struct link_facts *ret_f)
{
	struct link_facts *f = ret_f;
	char name[64];

	begin(c->link.listen, f);
	f->buffer_asked = c->link.buffer_bytes;
	f->any = is_any(f->host);
	f->found = f->any || nic_of_address(f->host, &f->nic) == SL_OK;
	if (!proc_net_limit("net/core/rmem_max", &f->buffer_limit))
		f->buffer_limit = 0;
	if (!proc_net_limit("net/core/netdev_max_backlog", &f->backlog))
		f->backlog = 0;
	if (!proc_net_limit("net/core/netdev_budget", &f->budget))
		f->budget = 0;
	f->udp_counted = proc_net_udp(&f->udp);
	f->softnet_counted = proc_net_softnet(&f->softnet);
	if (!f->found || f->any)
		return;
	(void)snprintf(name, sizeof(name), "net/ipv4/conf/%s/rp_filter", f->nic.name);
	if (f->six || !proc_net_limit(name, &f->strict_source))
		f->strict_source = 0;
	look_at_nic(f, "egress");
}
