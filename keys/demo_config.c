/* demo_config.c - gateway.yaml, outlet.yaml, one client file a person, env and README. */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "keys/demo_private.h"

enum { TEXT_MAX = 64 << 10 };

static const char readme[] =
	"THESE KEYS ARE FOR DEMONSTRATION ONLY.\n\n"
	"Everything in this directory was written by \"sluice-keys demo-set\". All secret "
	"keys\n"
	"lie here unencrypted, those of all five custodians included, and the virus database\n"
	"knows one harmless test string only. Whoever can read this directory can publish\n"
	"anything. Never let a real platform trust trust/root.json, never copy a key from "
	"here.\n\n"
	"这些密钥只供演示。所有密钥都未加密地放在同一处，病毒库只认识一个无害的测试字符串。\n"
	"任何真实平台都不得信任这里的 trust/root.json，也不要把这里的密钥复制到别处使用。\n\n"
	"  env             shell variables for scripts: . ./env\n"
	"  gateway.yaml    sluiced --config gateway.yaml\n"
	"  outlet.yaml     sluice-outlet --config outlet.yaml\n"
	"  clients/        one configuration for each person of the story\n"
	"  keys/           secret keys; keys/names.yaml says who is who\n"
	"  policies/       the rules, signed by the two secrecy officers\n"
	"  repository/     the first signed metadata\n"
	"  trust/root.json what a platform starts from\n";

static int put_text(const struct demo *d, const char *path, struct buf *b, struct sl_why *why)
{
	int r = buf_error(b);

	if (r == SL_OK)
		r = demo_put(d, path, b->data, b->len, 0600, why);
	buf_release(b);
	return r;
}

static void put_desk_url(const struct demo *d, struct buf *b)
{
	if (d->o->listen != NULL)
		buf_puts(b, d->o->listen);
	else
		buf_putf(b, "ipc://%s/gateway/run/desk.sock", d->dir);
}

/* One end of the link; both prove themselves to each other where it can be reached. */
static void put_link(const struct demo *d, bool outlet, struct buf *b)
{
	buf_puts(b, "link:\n");
	if (demo_links(d->o, "directory")) {
		buf_putf(b, "  mode: \"directory\"\n  directory: \"%s/link\"\n", d->dir);
	} else if (demo_links(d->o, "udp")) {
		buf_putf(b, "  mode: \"udp\"\n  %s: \"127.0.0.1:%u\"\n",
			 outlet ? "listen" : "address", d->o->port + 2u);
		buf_putf(b,
			 outlet ? "  mac_keys: [\"%s/keys/link-mac\"]\n"
				: "  mac_key: \"%s/keys/link-mac\"\n",
			 d->dir);
	} else if (d->tls && d->o->tls) {
		buf_putf(b, "  mode: \"stream\"\n  url: \"tls+tcp://127.0.0.1:%u\"\n",
			 d->o->port + 2u);
		buf_putf(b, "  ca: \"%s/tls/%s.crt\"\n  certificate: \"%s/tls/%s.pem\"\n",
			 d->dir, outlet ? "gateway" : "outlet", d->dir,
			 outlet ? "outlet" : "gateway");
	} else {
		buf_putf(b, "  mode: \"stream\"\n  url: \"ipc://%s/outlet/run/link.sock\"\n",
			 d->dir);
	}
}

static int write_gateway(const struct demo *d, struct sl_why *why)
{
	struct buf b;

	buf_init(&b, TEXT_MAX);
	buf_puts(&b, "# Demonstration only: see README.\n");
	buf_putf(&b, "data: \"%s/gateway\"\npolicies: \"%s/policies\"\n", d->dir, d->dir);
	buf_putf(&b, "approval_policy: \"%s/repository/approval-policy.json\"\n", d->dir);
	buf_putf(&b, "repository: \"%s/repository\"\ntrust_root: \"%s/trust/root.json\"\n",
		 d->dir, d->dir);
	buf_puts(&b, "listen:\n  - \"");
	put_desk_url(d, &b);
	buf_puts(&b, "\"\n");
	if (d->tls && d->o->tls)
		buf_putf(&b, "  - \"tls+tcp://127.0.0.1:%u\"\n", d->o->port + 1u);
	if (d->tls)
		buf_putf(&b, "tls_certificate: \"%s/tls/desk.pem\"\n", d->dir);
	buf_putf(&b,
		 "keys:\n  desk: \"%s/keys/desk-identity\"\n  inspector: "
		 "\"%s/keys/inspector\"\n",
		 d->dir, d->dir);
	buf_putf(&b, "  gateway: \"%s/keys/gateway\"\n  releaser: \"%s/keys/releaser\"\n",
		 d->dir, d->dir);
	buf_putf(&b, "  checker: \"%s/keys/checker\"\n  snapshot: \"%s/keys/snapshot\"\n",
		 d->dir, d->dir);
	buf_putf(&b, "  timestamp: \"%s/keys/timestamp\"\n  link: \"%s/keys/link-gateway\"\n",
		 d->dir, d->dir);
	buf_putf(&b, "  seal:\n    - \"%s/keys/seal-secrecy-1.pub\"\n", d->dir);
	buf_putf(&b, "    - \"%s/keys/seal-secrecy-2.pub\"\n", d->dir);
	buf_putf(&b, "antivirus:\n  database: \"%s/av-demo\"\n  demo: true\n", d->o->policies);
	put_link(d, false, &b);
	buf_putf(&b, "  outlet_key: \"%s/keys/link-outlet.pub\"\n", d->dir);
	return put_text(d, "gateway.yaml", &b, why);
}

static int write_outlet(const struct demo *d, struct sl_why *why)
{
	struct buf b;

	buf_init(&b, TEXT_MAX);
	buf_puts(&b, "# Demonstration only: see README.\n");
	buf_putf(&b, "data: \"%s/outlet\"\ntrust_root: \"%s/trust/root.json\"\n", d->dir,
		 d->dir);
	put_link(d, true, &b);
	buf_putf(&b, "  key: \"%s/keys/link-outlet\"\n  signer: \"%s/keys/gateway.pub\"\n",
		 d->dir, d->dir);
	buf_putf(&b, "http:\n  address: \"127.0.0.1\"\n  port: %u\n", d->o->port);
	buf_putf(&b, "announce: \"ipc://%s/outlet/run/announce.sock\"\n", d->dir);
	return put_text(d, "outlet.yaml", &b, why);
}

static int write_client(const struct demo *d, const struct demo_person *p, struct sl_why *why)
{
	char hex[2 * KEY_PUBLIC + 1], path[128];
	struct buf b;

	text_hex(key_public(demo_people_key(d, "desk-identity")), KEY_PUBLIC, hex);
	buf_init(&b, TEXT_MAX);
	buf_puts(&b, "# Demonstration only: see README.\ngateway: \"");
	put_desk_url(d, &b);
	buf_putf(&b, "\"\nserver_key: \"%s\"\n", hex);
	if (d->tls)
		buf_putf(&b, "tls_ca: \"%s/tls/desk.crt\"\n", d->dir);
	buf_putf(&b, "key: \"%s/keys/%s\"\nperson: \"%s\"\nunit: \"%s\"\n", d->dir, p->name,
		 p->pid, p->unit);
	if (demo_people_by_ssh(d, p->name))
		buf_putf(&b, "approval_key: \"%s\"\n", d->o->ssh_key);
	buf_putf(&b,
		 "policies: \"%s/policies\"\ntrust_root: \"%s/trust/root.json\"\n"
		 "cache: \"%s/clients/cache/%s\"\n",
		 d->dir, d->dir, d->dir, p->name);
	buf_puts(&b,
		 "# Gateway and reviewers share one machine here, so a second look at every\n"
		 "# approval would prove nothing; sluice-review recheck ID takes one. The\n"
		 "# default is when-possible.\nrecheck: \"off\"\n");
	buf_putf(&b, "antivirus:\n  database: \"%s/av-demo\"\n  demo: true\n", d->o->policies);
	(void)snprintf(path, sizeof(path), "clients/%s.yaml", p->name);
	return put_text(d, path, &b, why);
}

static int write_env(const struct demo *d, struct sl_why *why)
{
	const struct demo_person *people;
	struct buf b;
	unsigned n;

	people = demo_people(&n);
	buf_init(&b, TEXT_MAX);
	buf_puts(&b, "# Demonstration only: see README.\n");
	buf_putf(&b, "SLUICE_DEMO_URL='http://127.0.0.1:%u'\n", d->o->port);
	buf_putf(&b, "SLUICE_DEMO_TRUST='%s/trust/root.json'\n", d->dir);
	buf_putf(&b, "SLUICE_DEMO_GATEWAY='%s/gateway.yaml'\n", d->dir);
	buf_putf(&b, "SLUICE_DEMO_OUTLET='%s/outlet.yaml'\n", d->dir);
	buf_putf(&b, "SLUICE_DEMO_ANNOUNCE='ipc://%s/outlet/run/announce.sock'\n", d->dir);
	for (unsigned i = 0; i < n; i++)
		buf_putf(&b, "SLUICE_DEMO_%s='%s/clients/%s.yaml'\n", people[i].env, d->dir,
			 people[i].name);
	buf_puts(&b, "export SLUICE_DEMO_URL SLUICE_DEMO_TRUST SLUICE_DEMO_GATEWAY "
		     "SLUICE_DEMO_OUTLET "
		     "SLUICE_DEMO_ANNOUNCE");
	for (unsigned i = 0; i < n; i++)
		buf_putf(&b, " SLUICE_DEMO_%s", people[i].env);
	buf_puts(&b, "\n");
	return put_text(d, "env", &b, why);
}

/* The folder that stands for an exchange platform. */
static int make_link_directory(const struct demo *d, struct sl_why *why)
{
	char path[DEMO_PATH + 8];
	int r;

	if (!demo_links(d->o, "directory"))
		return SL_OK;
	(void)snprintf(path, sizeof(path), "%s/link", d->dir);
	r = file_mkdirs(path, 0700);
	return r == SL_OK ? r : why_set(why, r, "%s: %s", path, sl_strerror(r));
}

int demo_config_write(const struct demo *d, struct sl_why *why)
{
	const struct demo_person *people;
	unsigned n;
	int r = demo_put(d, "README", readme, strlen(readme), 0644, why);

	if (r == SL_OK)
		r = make_link_directory(d, why);

	people = demo_people(&n);
	if (r == SL_OK)
		r = write_outlet(d, why);
	for (unsigned i = 0; i < n && r == SL_OK; i++)
		r = write_client(d, &people[i], why);
	if (r == SL_OK)
		r = write_env(d, why);
	/* Last, as its presence says that the set is complete. */
	return r == SL_OK ? write_gateway(d, why) : r;
}
