/* config.c - the three YAML files: loaded, then defaults, absolute paths and sense.
 *
 * Configuration is written by the operator, so it is trusted to mean well but
 * not to be right: unknown keys, missing keys and impossible combinations are
 * refused with the file and what to change, never guessed. */
#include "base/config.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/config_link.h"
#include "base/config_schema.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/yaml.h"

/* Absolute directory that holds the file. */
static int dir_of(const char *path, char out_dir[PATH_MAX], struct sl_why *why)
{
	char copy[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - path);

	if (strlen(path) >= sizeof(copy))
		return why_set(why, SL_E_LIMIT, "%s: the path is too long", path);
	memcpy(copy, path, len);
	copy[len] = '\0';
	if (realpath(slash == NULL ? "." : (len == 0 ? "/" : copy), out_dir) == NULL)
		return why_set(why, SL_E_NOTFOUND, "%s: %s", path, sl_strerror(SL_E_NOTFOUND));
	return SL_OK;
}

/* *field becomes prefix + dir + "/" + rest when `rest` is a relative path. */
static int rebase(char **field, const char *prefix, const char *dir)
{
	const char *rest = *field + strlen(prefix);
	const char *home = getenv("HOME");
	char joined[PATH_MAX], whole[PATH_MAX + 16];
	char *fresh;

	if (rest[0] == '/')
		return SL_OK;
	if (rest[0] == '~' && rest[1] == '/' && home != NULL) {
		dir = home;
		rest += 2;
	}
	while (rest[0] == '.' && rest[1] == '/')
		rest += 2;
	if (strcmp(rest, ".") == 0)
		rest = "";
	if (rest[0] != '\0'
		    ? file_join(joined, sizeof(joined), dir, rest) != SL_OK
		    : (size_t)snprintf(joined, sizeof(joined), "%s", dir) >= sizeof(joined))
		return SL_E_LIMIT;
	(void)snprintf(whole, sizeof(whole), "%s%s", prefix, joined);
	fresh = strdup(whole);
	if (fresh == NULL)
		return SL_E_NOMEM;
	free(*field);
	*field = fresh;
	return SL_OK;
}

static int path_field(char **field, const char *dir)
{
	return *field == NULL ? SL_OK : rebase(field, "", dir);
}

/* NNG names of sockets in the file system are paths too. */
static int url_field(char **field, const char *dir)
{
	if (*field == NULL || strncmp(*field, "ipc://", 6) != 0)
		return SL_OK;
	return rebase(field, "ipc://", dir);
}

static int all_paths(char **const *fields, unsigned n, const char *dir)
{
	int r = SL_OK;

	for (unsigned i = 0; i < n && r == SL_OK; i++)
		r = path_field(fields[i], dir);
	return r;
}

static int text_default(char **field, const char *value)
{
	if (*field == NULL)
		*field = strdup(value);
	return *field == NULL ? SL_E_NOMEM : SL_OK;
}

/* Zero means "not given": none of these may sensibly be zero. */
static void u32_default(uint32_t *field, uint32_t value)
{
	if (*field == 0)
		*field = value;
}

static void u64_default(uint64_t *field, uint64_t value)
{
	if (*field == 0)
		*field = value;
}

static void gateway_numbers(struct gateway_config *c)
{
	u32_default(&c->antivirus.max_age_days, 7);
	u64_default(&c->limits.file_bytes, UINT64_C(256) << 20);
	u64_default(&c->limits.draft_bytes, UINT64_C(512) << 20);
	u32_default(&c->limits.files, 64);
	u32_default(&c->limits.inspect_seconds, 120);
	u32_default(&c->limits.workers, 2);
	u32_default(&c->limits.see_seconds, 600);
	u32_default(&c->limits.see_workers, 1);
	u64_default(&c->limits.free_bytes, UINT64_C(256) << 20);
	u32_default(&c->timestamp_seconds, 3600);
	u32_default(&c->link.mtu, 1500);
	u32_default(&c->link.loss, 3);
	u32_default(&c->link.interleave, 512);
	u64_default(&c->link.keep_bytes, UINT64_C(4) << 30);
}

/* What the programs that are started with them would refuse only then. */
static int check_numbers(const char *path, const struct gateway_config *c, struct sl_why *why)
{
	const struct {
		const char *key;
		uint64_t value, most;
	} numbers[] = {
		{"antivirus.max_age_days", c->antivirus.max_age_days, 3650},
		{"limits.file_bytes", c->limits.file_bytes, UINT64_C(1) << 30},
		{"limits.inspect_seconds", c->limits.inspect_seconds, 3600},
		{"limits.see_seconds", c->limits.see_seconds, 3600},
		{"limits.workers", c->limits.workers, 64},
		{"limits.see_workers", c->limits.see_workers, 64},
	};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		if (numbers[i].value > numbers[i].most)
			return why_set(why, SL_E_CONFIG, "%s: %s is more than %" PRIu64, path,
				       numbers[i].key, numbers[i].most);
	}
	return SL_OK;
}

static int gateway_check(const char *path, void *config, struct sl_why *why)
{
	struct gateway_config *c = config;
	int r;

	if (c->limits.draft_bytes < c->limits.file_bytes)
		return why_set(why, SL_E_CONFIG,
			       "%s: limits.draft_bytes is smaller than limits.file_bytes",
			       path);
	r = check_numbers(path, c, why);
	if (r != SL_OK)
		return r;
	for (unsigned i = 0; i < c->listen.n; i++) {
		const char *url = c->listen.item[i];

		if (strncmp(url, "tls+tcp://", 10) == 0 && c->tls_certificate == NULL)
			return why_set(why, SL_E_CONFIG,
				       "%s: listening on %s needs tls_certificate", path, url);
		/* A listener without encryption beyond this host would show drafts to a tap. */
		if (strncmp(url, "tls+tcp://", 10) != 0 && strncmp(url, "ipc://", 6) != 0)
			return why_set(why, SL_E_CONFIG,
				       "%s: listen: \"%s\" is neither ipc:// nor tls+tcp://",
				       path, url);
	}
	return config_link_gateway_check(path, c, why);
}

static int gateway_finish(void *config, const char *dir)
{
	struct gateway_config *c = config;
	char **const paths[] = {
		&c->data,	    &c->policies,	 &c->approval_policy,
		&c->repository,	    &c->trust_root,	 &c->tls_certificate,
		&c->keys.desk,	    &c->keys.inspector,	 &c->keys.gateway,
		&c->keys.releaser,  &c->keys.checker,	 &c->keys.snapshot,
		&c->keys.timestamp, &c->keys.link,	 &c->antivirus.database,
		&c->link.directory, &c->link.ca,	 &c->link.certificate,
		&c->link.mac_key,   &c->link.outlet_key, &c->office,
	};
	int r = all_paths(paths, sizeof(paths) / sizeof(paths[0]), dir);

	for (unsigned i = 0; i < c->keys.seal.n && r == SL_OK; i++)
		r = path_field(&c->keys.seal.item[i], dir);
	for (unsigned i = 0; i < c->listen.n && r == SL_OK; i++)
		r = url_field(&c->listen.item[i], dir);
	if (r == SL_OK)
		r = url_field(&c->link.url, dir);
	if (r == SL_OK)
		r = text_default(&c->host, "gateway");
	if (r == SL_OK)
		r = text_default(&c->link.rate, "100Mbit");
	gateway_numbers(c);
	return r;
}

/* What the three files have in common: read by schema, fill in, judge, give away. */
struct kind {
	const cyaml_schema_value_t *schema;
	int (*finish)(void *config, const char *dir);
	int (*check)(const char *path, void *config, struct sl_why *why);
};

static int load(const struct kind *k, const char *path, void **ret_config, struct sl_why *why)
{
	void *c = NULL;
	char dir[PATH_MAX];
	int r = dir_of(path, dir, why);

	if (r == SL_OK)
		r = yaml_load(path, k->schema, &c, why);
	if (r != SL_OK)
		return r;
	r = k->finish(c, dir);
	if (r == SL_OK)
		r = k->check(path, c, why);
	else
		r = why_set(why, r, "%s: %s", path, sl_strerror(r));
	if (r != SL_OK)
		yaml_free(k->schema, c, 0);
	else
		*ret_config = c;
	return r;
}

int config_gateway_load(const char *path, struct gateway_config **ret_c, struct sl_why *why)
{
	static const struct kind kind = {&config_schema_gateway, gateway_finish, gateway_check};
	void *loaded = NULL;
	int r = load(&kind, path, &loaded, why);

	if (r == SL_OK)
		*ret_c = loaded;
	return r;
}

static int outlet_finish(void *config, const char *dir)
{
	struct outlet_config *c = config;
	char **const paths[] = {&c->data,
				&c->tree,
				&c->trust_root,
				&c->link.directory,
				&c->link.certificate,
				&c->link.ca,
				&c->link.key,
				&c->link.signer};
	char tree[PATH_MAX];
	int r = all_paths(paths, sizeof(paths) / sizeof(paths[0]), dir);

	for (unsigned i = 0; i < c->link.old_keys.n && r == SL_OK; i++)
		r = path_field(&c->link.old_keys.item[i], dir);
	for (unsigned i = 0; i < c->link.mac_keys.n && r == SL_OK; i++)
		r = path_field(&c->link.mac_keys.item[i], dir);
	u64_default(&c->link.buffer_bytes, UINT64_C(64) << 20);
	if (r == SL_OK)
		r = url_field(&c->link.url, dir);
	if (r == SL_OK)
		r = url_field(&c->announce, dir);
	if (r == SL_OK)
		r = file_join(tree, sizeof(tree), c->data, "tree");
	if (r == SL_OK)
		r = text_default(&c->tree, tree);
	if (r == SL_OK)
		r = text_default(&c->http.address, "127.0.0.1");
	if (c->http.port == 0)
		c->http.port = 8480;
	u32_default(&c->http.connections, 1024);
	u32_default(&c->http.connections_per_ip, 256);
	u32_default(&c->http.timeout_seconds, 30);
	return r;
}

static int outlet_check(const char *path, void *config, struct sl_why *why)
{
	struct outlet_config *c = config;

	return config_link_outlet_check(path, c, why);
}

int config_outlet_load(const char *path, struct outlet_config **ret_c, struct sl_why *why)
{
	static const struct kind kind = {&config_schema_outlet, outlet_finish, outlet_check};
	void *loaded = NULL;
	int r = load(&kind, path, &loaded, why);

	if (r == SL_OK)
		*ret_c = loaded;
	return r;
}

static int client_finish(void *config, const char *dir)
{
	struct client_config *c = config;
	char **const paths[] = {&c->tls_ca, &c->key,	    &c->policies,
				&c->cache,  &c->trust_root, &c->antivirus.database};
	const char *home = getenv("HOME");
	char cache[PATH_MAX];
	int r = all_paths(paths, sizeof(paths) / sizeof(paths[0]), dir);

	if (r == SL_OK)
		r = url_field(&c->gateway, dir);
	/* Without a home the cache lies beside the configuration. */
	if (r == SL_OK)
		r = home != NULL ? file_join(cache, sizeof(cache), home, ".cache/sluice")
				 : file_join(cache, sizeof(cache), dir, "cache");
	if (r == SL_OK)
		r = text_default(&c->cache, cache);
	if (r == SL_OK)
		r = text_default(&c->unit, "");
	if (r == SL_OK)
		r = text_default(&c->recheck, "when-possible");
	if (r == SL_OK)
		r = text_default(&c->antivirus.database, "/var/lib/clamav");
	return r;
}

/* The file a person meant: the one named, else the environment's, else the usual place. */
static int client_path(const char *path, char out_path[PATH_MAX], struct sl_why *why)
{
	const char *home = getenv("HOME");

	if (path == NULL)
		path = getenv("SLUICE_CONFIG");
	if (path == NULL && home == NULL)
		return why_set(why, SL_E_NOTFOUND, "%s",
			       _("no configuration: give --config FILE or set SLUICE_CONFIG"));
	if (path == NULL)
		return file_join(out_path, PATH_MAX, home, ".config/sluice/client.yaml");
	if ((size_t)snprintf(out_path, PATH_MAX, "%s", path) >= PATH_MAX)
		return why_set(why, SL_E_LIMIT, "%s: the path is too long", path);
	return SL_OK;
}

enum { LOCK_MINUTES_MAX = 480 };

static int client_check(const char *path, void *config, struct sl_why *why)
{
	const struct client_config *c = config;

	if (!text_is_sha256(c->server_key))
		return why_set(why, SL_E_CONFIG,
			       "%s: server_key must be 64 lower-case hexadecimal digits", path);
	if (strcmp(c->recheck, "required") != 0 && strcmp(c->recheck, "when-possible") != 0 &&
	    strcmp(c->recheck, "off") != 0)
		return why_set(why, SL_E_CONFIG,
			       "%s: recheck must be required, when-possible or off", path);
	/* A terminal that never locks would be one left open over night. */
	if (c->lock_minutes > LOCK_MINUTES_MAX)
		return why_set(why, SL_E_CONFIG, "%s: lock_minutes must be at most %d", path,
			       LOCK_MINUTES_MAX);
	return SL_OK;
}

int config_client_load(const char *path, struct client_config **ret_c, struct sl_why *why)
{
	static const struct kind kind = {&config_schema_client, client_finish, client_check};
	char found[PATH_MAX];
	void *loaded = NULL;
	int r = client_path(path, found, why);

	if (r == SL_OK)
		r = load(&kind, found, &loaded, why);
	/* Whoever starts for the first time has none, and is told whence it comes. */
	if (r == SL_E_NOTFOUND && path == NULL && loaded == NULL)
		r = why_set(
			why, r,
			_("there is no configuration of yours yet (%.200s): name it with "
			  "--config FILE or in SLUICE_CONFIG; whoever runs the gateway gives "
			  "it to you"),
			found);
	if (r == SL_OK)
		*ret_c = loaded;
	return r;
}

int config_cache_dir(const struct client_config *config, char *out, size_t cap)
{
	const char *home = getenv("HOME");
	char base[3072];
	int n;

	if (config->cache != NULL)
		n = snprintf(base, sizeof(base), "%s", config->cache);
	else
		n = snprintf(base, sizeof(base), "%s/.cache/sluice",
			     home != NULL ? home : "/tmp");
	if (n < 0 || (size_t)n >= sizeof(base))
		return SL_E_LIMIT;
	n = snprintf(out, cap, "%s/%s", base, config->person);
	if (n < 0 || (size_t)n >= cap)
		return SL_E_LIMIT;
	return file_mkdirs(out, 0700);
}

void config_gateway_free(struct gateway_config *c)
{
	yaml_free(&config_schema_gateway, c, 0);
}
void config_outlet_free(struct outlet_config *c)
{
	yaml_free(&config_schema_outlet, c, 0);
}
void config_client_free(struct client_config *c)
{
	yaml_free(&config_schema_client, c, 0);
}
