/* server.c - read-only over the tree: HTTP for everyone, NNG PUB for whoever waits.
 *
 * Hostile: HTTP requests (site.c).  The announcement is an unsigned hint and
 * says only "look now"; platforms verify everything they then fetch.
 * Invariant: the process cannot write anything but its announcement socket. */
#include "outlet/server.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/config.h"
#include "base/file.h"
#include "base/i18n.h"
#include "base/json.h"
#include "base/log.h"
#include "base/process.h"
#include "base/wake.h"
#include "outlet/site.h"
#include "outlet/status_page.h"
#include "sandbox/role.h"
#include "wire/pipe.h"

enum { THREADS = 2, LOOK_MS = 2000, HINT_MAX = 64 << 10 };

struct server {
	int tree, status;
	struct wake *wake;
	struct site *site;
	struct wire_pipe *pub; /* NULL: no announcements wanted */
	int64_t version;       /* of the timestamp announced last */
};

static json_t *load(int dir, const char *path)
{
	json_t *j = NULL;
	struct buf b;

	buf_init(&b, HINT_MAX);
	if (file_read(dir, path, HINT_MAX, &b) != SL_OK ||
	    json_parse(b.data, b.len, HINT_MAX, &j) != SL_OK)
		j = NULL;
	buf_release(&b);
	return j;
}

static int64_t timestamp_version(const struct server *s)
{
	json_t *j = load(s->tree, "metadata/timestamp.json");
	int64_t version = 0;

	(void)json_i64(json_obj(j, "signed"), "version", &version);
	json_decref(j);
	return version;
}

/* The feed serial that belongs to this timestamp, if the installer left word of it. */
static int64_t serial_of(const struct server *s, int64_t version)
{
	json_t *j = load(s->status, "announce.json");
	int64_t of = 0, serial = 0;

	if (!json_i64(j, "timestamp_version", &of) || of != version ||
	    !json_i64(j, "serial", &serial))
		serial = 0;
	json_decref(j);
	return serial;
}

/* The pages about this outlet itself: what its roles left as hints, and the timestamp. */
static int make_status(void *arg, const struct site_page *page, bool zh, struct buf *out)
{
	const struct server *s = arg;
	json_t *receiver = load(s->status, "receiver.json"),
	       *installer = load(s->status, "installer.json"),
	       *timestamp = load(s->tree, "metadata/timestamp.json");
	struct status_page p;
	int r;

	status_page_of(receiver, installer, timestamp, clock_now(), &p);
	r = page->languages ? status_page_html(&p, zh, out) : status_page_json(&p, out);
	json_decref(receiver);
	json_decref(installer);
	json_decref(timestamp);
	return r;
}

static const struct site_page status_pages[] = {
	{"status", "text/html; charset=utf-8", true},
	{"status.json", "application/json", false},
	{.path = NULL},
};

static void announce(struct server *s)
{
	int64_t version = timestamp_version(s);
	char text[160];
	int n, r;

	if (version == s->version || version == 0)
		return;
	s->version = version;
	n = snprintf(text, sizeof(text),
		     "{\"event\":\"released\",\"serial\":%" PRId64
		     ",\"timestamp_version\":%" PRId64 "}",
		     serial_of(s, version), version);
	r = wire_pipe_send(s->pub, text, (size_t)n, 1000);
	if (r != SL_OK)
		log_warn("announce", "error=%s", sl_errname(r));
}

static int open_directories(struct server *s, const struct outlet_config *c, struct sl_why *why)
{
	char metadata[4096];
	int r = file_join(metadata, sizeof(metadata), c->tree, "metadata");

	if (r == SL_OK)
		r = file_mkdirs(metadata, 0755);
	s->status = r == SL_OK ? role_directory(c->data, "status", why) : r;
	if (s->status < 0)
		return s->status;
	s->tree = file_open_dir(AT_FDCWD, c->tree);
	if (s->tree < 0 || wake_new(&s->wake) != SL_OK ||
	    wake_watch(s->wake, metadata) != SL_OK)
		return why_set(why, SL_E_IO, "the tree %s cannot be watched", c->tree);
	return SL_OK;
}

static int confine(const struct outlet_config *c, struct sl_why *why)
{
	struct role_paths p = {.n = 0};
	char status[4096], sockets[4096];
	int r = file_join(status, sizeof(status), c->data, "status");

	if (r == SL_OK && role_path_listen(&p, c->announce, sockets, sizeof(sockets)) != SL_OK)
		r = why_set(why, SL_E_CONFIG, "announce: %s cannot be used", c->announce);
	if (r != SL_OK)
		return r;
	role_path(&p, c->tree, false, false);
	role_path(&p, status, false, false);
	role_paths_network(&p);
	return role_sandbox("server", &p, &c->sandbox.optional, why);
}

static int start(struct server *s, const struct outlet_config *c, struct sl_why *why)
{
	struct site_options o = {
		.address = c->http.address,
		.port = c->http.port,
		.connections = c->http.connections,
		.connections_per_ip = c->http.connections_per_ip,
		.timeout_seconds = c->http.timeout_seconds,
		.threads = THREADS,
		.pages = status_pages,
		.make = make_status,
		.make_arg = s,
	};
	int r = open_directories(s, c, why);

	if (r == SL_OK)
		r = confine(c, why);
	o.tree_fd = s->tree;
	if (r == SL_OK)
		r = site_open(&o, &s->site, why);
	if (r == SL_OK && c->announce != NULL)
		r = wire_pub_open(c->announce, &s->pub, why);
	return r;
}

int server_main(const char *config, struct sl_why *why)
{
	struct server s = {.tree = -1, .status = -1};
	struct outlet_config *c = NULL;
	int r = config_outlet_load(config, &c, why);

	if (r != SL_OK)
		return r;
	role_signals();
	if (!i18n_learn())
		log_warn("language", "the catalogue of messages is not there; /status speaks "
				     "English only");
	r = start(&s, c, why);
	if (r == SL_OK)
		log_info("start", "address=%s port=%u", c->http.address,
			 (unsigned)site_port(s.site));
	if (r == SL_OK)
		process_say_ready();
	s.version = r == SL_OK ? timestamp_version(&s) : 0;
	while (r == SL_OK && !role_stopping()) {
		if (wake_wait(s.wake, LOOK_MS) < 0)
			r = SL_E_IO;
		else if (s.pub != NULL)
			announce(&s);
	}
	site_close(s.site);
	if (s.pub != NULL)
		wire_pipe_close(s.pub);
	wake_free(s.wake);
	file_close(s.tree);
	file_close(s.status);
	config_outlet_free(c);
	return r;
}
