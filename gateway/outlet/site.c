/* site.c - GET and HEAD for a tree of signed, static files.
 *
 * Hostile: every request.  Nothing is executed, nothing is written, no link is
 * followed, no directory is listed.  Invariants: a path is opened one component
 * at a time below the tree with O_NOFOLLOW; only regular files are sent. */
#include "outlet/site.h"

#include <errno.h>
#include <fcntl.h>
#include <microhttpd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/address.h"
#include "base/file.h"
#include "outlet/site_cache.h"
#include "outlet/site_path.h"

enum { CONNECTION_MEMORY = 8192 };

struct site {
	struct MHD_Daemon *daemon;
	struct site_cache *cache;
	struct site_pages *pages; /* NULL: none */
	struct MHD_Response *not_found, *bad_method;
	int tree;
};

/* One request on its way to an answer. */
struct ask {
	struct site *site;
	struct MHD_Connection *connection;
	char path[SITE_PATH_MAX];
	const char *none_match, *modified_since, *range, *if_range, *language;
	enum MHD_Result result;
	bool answered;
};

static enum MHD_Result header_seen(void *arg, enum MHD_ValueKind kind, const char *key,
				   const char *value)
{
	struct ask *a = arg;

	(void)kind;
	if (strcasecmp(key, MHD_HTTP_HEADER_IF_NONE_MATCH) == 0)
		a->none_match = value;
	else if (strcasecmp(key, MHD_HTTP_HEADER_IF_MODIFIED_SINCE) == 0)
		a->modified_since = value;
	else if (strcasecmp(key, MHD_HTTP_HEADER_RANGE) == 0)
		a->range = value;
	else if (strcasecmp(key, MHD_HTTP_HEADER_IF_RANGE) == 0)
		a->if_range = value;
	else if (strcasecmp(key, MHD_HTTP_HEADER_ACCEPT_LANGUAGE) == 0)
		a->language = value;
	return MHD_YES;
}

static void add(struct MHD_Response *r, const char *name, const char *value)
{
	(void)MHD_add_response_header(r, name, value);
}

static void describe(struct MHD_Response *r, const struct site_cache_entry *e)
{
	add(r, MHD_HTTP_HEADER_ETAG, e->etag);
	add(r, MHD_HTTP_HEADER_LAST_MODIFIED, e->date);
	add(r, MHD_HTTP_HEADER_CACHE_CONTROL, site_path_cache(e->path));
	add(r, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
	add(r, "X-Content-Type-Options", "nosniff");
	add(r, "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
	add(r, MHD_HTTP_HEADER_CONTENT_TYPE, site_path_type(e->path));
}

static void queue(struct ask *a, unsigned status, struct MHD_Response *r)
{
	a->answered = true;
	a->result = r == NULL ? MHD_NO : MHD_queue_response(a->connection, status, r);
}

static void queue_once(struct ask *a, unsigned status, struct MHD_Response *r)
{
	queue(a, status, r);
	if (r != NULL)
		MHD_destroy_response(r);
}

static struct MHD_Response *empty(void)
{
	return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
}

/* RFC 9110 section 13.2.2: If-None-Match decides alone when it is there. */
static bool unchanged(const struct ask *a, const struct site_cache_entry *e)
{
	if (a->none_match != NULL)
		return site_path_match(a->none_match, e->etag);
	return a->modified_since != NULL && strcmp(a->modified_since, e->date) == 0;
}

static bool wants_range(const struct ask *a, const struct site_cache_entry *e)
{
	if (a->range == NULL)
		return false;
	return a->if_range == NULL || strcmp(a->if_range, e->etag) == 0 ||
	       strcmp(a->if_range, e->date) == 0;
}

static void answer_unchanged(struct ask *a, const struct site_cache_entry *e)
{
	struct MHD_Response *r = empty();

	if (r != NULL)
		describe(r, e);
	queue_once(a, MHD_HTTP_NOT_MODIFIED, r);
}

/* From the cache, under its lock; leaves `answered` false for a range request. */
static void answer_cached(const struct site_cache_entry *e, void *arg)
{
	struct ask *a = arg;

	if (unchanged(a, e))
		answer_unchanged(a, e);
	else if (!wants_range(a, e))
		queue(a, MHD_HTTP_OK, e->full);
}

static int open_below(int tree, const char *path, struct stat *st)
{
	char part[SITE_PATH_MAX];
	int dir = tree, fd;
	const char *slash;

	while ((slash = strchr(path, '/')) != NULL) {
		memcpy(part, path, (size_t)(slash - path));
		part[slash - path] = '\0';
		fd = openat(dir, part, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (dir != tree)
			file_close(dir);
		if (fd < 0)
			return -1;
		dir = fd;
		path = slash + 1;
	}
	fd = openat(dir, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (dir != tree)
		file_close(dir);
	if (fd >= 0 && (fstat(fd, st) != 0 || !S_ISREG(st->st_mode))) {
		file_close(fd);
		fd = -1;
	}
	return fd;
}

static struct MHD_Response *from_memory(int fd, size_t size)
{
	char *bytes = malloc(size > 0 ? size : 1);
	struct MHD_Response *r = NULL;

	if (bytes == NULL)
		return NULL;
	if (file_read_all(fd, bytes, size) == SL_OK)
		r = MHD_create_response_from_buffer(size, bytes, MHD_RESPMEM_MUST_FREE);
	if (r == NULL)
		free(bytes);
	return r;
}

static void answer_range(struct ask *a, const struct site_cache_entry *e, int *fd)
{
	uint64_t size = (uint64_t)e->st.st_size, from = 0, len = 0;
	enum site_range kind = site_path_range(a->range, size, &from, &len);
	struct MHD_Response *r;
	char text[96];

	if (kind == SITE_RANGE_NONE)
		return;
	if (kind == SITE_RANGE_BAD) {
		r = empty();
		(void)snprintf(text, sizeof(text), "bytes */%llu", (unsigned long long)size);
	} else {
		r = MHD_create_response_from_fd_at_offset64(len, *fd, from);
		if (r != NULL)
			*fd = -1; /* moved to the response */
		(void)snprintf(text, sizeof(text), "bytes %llu-%llu/%llu",
			       (unsigned long long)from, (unsigned long long)(from + len - 1),
			       (unsigned long long)size);
	}
	if (r != NULL) {
		describe(r, e);
		add(r, MHD_HTTP_HEADER_CONTENT_RANGE, text);
	}
	queue_once(a,
		   kind == SITE_RANGE_BAD ? MHD_HTTP_RANGE_NOT_SATISFIABLE
					  : MHD_HTTP_PARTIAL_CONTENT,
		   r);
}

static void answer_whole(struct ask *a, struct site_cache_entry *e, int *fd)
{
	bool small = e->st.st_size <= SITE_CACHE_FILE_MAX;

	if (small) {
		e->full = from_memory(*fd, (size_t)e->st.st_size);
	} else {
		e->full = MHD_create_response_from_fd_at_offset64((uint64_t)e->st.st_size, *fd,
								  0);
		if (e->full != NULL)
			*fd = -1; /* moved to the response */
	}
	if (e->full != NULL)
		describe(e->full, e);
	queue(a, MHD_HTTP_OK, e->full);
	if (e->full == NULL)
		return;
	if (small)
		site_cache_put(a->site->cache, e);
	else
		MHD_destroy_response(e->full);
}

static void answer_file(struct ask *a)
{
	struct site_cache_entry e = {.full = NULL};
	int fd = open_below(a->site->tree, a->path, &e.st);

	if (fd < 0) {
		queue(a, MHD_HTTP_NOT_FOUND, a->site->not_found);
		return;
	}
	(void)snprintf(e.path, sizeof(e.path), "%s", a->path);
	site_path_etag(e.path, &e.st, e.etag);
	site_path_date(e.st.st_mtim.tv_sec, e.date);
	if (unchanged(a, &e))
		answer_unchanged(a, &e);
	else if (wants_range(a, &e))
		answer_range(a, &e, &fd);
	if (!a->answered)
		answer_whole(a, &e, &fd);
	file_close(fd);
}

static void answer_page(struct MHD_Response *answer, void *arg)
{
	struct ask *a = arg;

	queue(a, MHD_HTTP_OK, answer);
}

static enum MHD_Result handle(void *arg, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *upload,
			      size_t *upload_size, void **state)
{
	static char seen; /* its address marks the second call */
	struct ask a = {.site = arg, .connection = connection};
	const struct site_page *page;
	struct stat st;

	(void)version;
	(void)upload;
	/* Nobody has anything to tell us: answered before a body is read, which ends
	 * the connection. */
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 &&
	    strcmp(method, MHD_HTTP_METHOD_HEAD) != 0) {
		queue(&a, MHD_HTTP_METHOD_NOT_ALLOWED, a.site->bad_method);
		return a.result;
	}
	if (*upload_size != 0)
		return MHD_NO;
	/* An answer in the first call, before the body that is not there, would end the
	 * connection. */
	if (*state == NULL) {
		*state = &seen;
		return MHD_YES;
	}
	if (!site_path_clean(url, a.path)) {
		queue(&a, MHD_HTTP_NOT_FOUND, a.site->not_found);
		return a.result;
	}
	page = site_pages_find(a.site->pages, a.path);
	(void)MHD_get_connection_values(connection, MHD_HEADER_KIND, header_seen, &a);
	if (page != NULL) {
		site_pages_answer(a.site->pages, page, a.language, answer_page, &a);
		return a.result;
	}
	if (fstatat(a.site->tree, a.path, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode)) {
		queue(&a, MHD_HTTP_NOT_FOUND, a.site->not_found);
		return a.result;
	}
	if (st.st_size <= SITE_CACHE_FILE_MAX)
		(void)site_cache_use(a.site->cache, a.path, &st, answer_cached, &a);
	if (!a.answered)
		answer_file(&a);
	return a.result;
}

static struct MHD_Response *fixed(const char *text)
{
	union {
		const char *in;
		void *out;
	} body = {.in = text}; /* MHD only reads PERSISTENT bytes */
	struct MHD_Response *r =
		MHD_create_response_from_buffer(strlen(text), body.out, MHD_RESPMEM_PERSISTENT);

	if (r != NULL) {
		add(r, MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8");
		add(r, MHD_HTTP_HEADER_CACHE_CONTROL, "no-cache, max-age=0");
		add(r, "X-Content-Type-Options", "nosniff");
	}
	return r;
}

static int start(struct site *s, const struct site_options *o, struct sl_why *why)
{
	unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO;
	struct sockaddr_storage address;

	if (address_of(o->address, o->port, &address) == 0)
		return why_set(why, SL_E_CONFIG, "http.address %s is not an address",
			       o->address);
	s->daemon = MHD_start_daemon(
		flags | (address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0u), o->port, NULL,
		NULL, handle, s, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)o->connections,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)o->connections_per_ip,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)o->timeout_seconds,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY,
		MHD_OPTION_THREAD_POOL_SIZE, o->threads > 1 ? o->threads : 0u,
		MHD_OPTION_LISTEN_BACKLOG_SIZE, 511u, MHD_OPTION_END);
	if (s->daemon == NULL)
		return why_set(why, SL_E_IO, "cannot listen on %s port %u: %s", o->address,
			       (unsigned)o->port, strerror(errno));
	return SL_OK;
}

int site_open(const struct site_options *o, struct site **ret_s, struct sl_why *why)
{
	struct site *s = calloc(1, sizeof(*s));
	int r = s == NULL ? SL_E_NOMEM : site_cache_new(&s->cache);

	if (r == SL_OK && o->pages != NULL)
		r = site_pages_new(o->pages, o->make, o->make_arg, &s->pages);
	if (r == SL_OK) {
		s->tree = o->tree_fd;
		s->not_found = fixed("not found\n");
		s->bad_method = fixed("only GET and HEAD\n");
		if (s->not_found == NULL || s->bad_method == NULL)
			r = SL_E_NOMEM;
	}
	if (r == SL_OK) {
		add(s->bad_method, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
		r = start(s, o, why);
	}
	if (r != SL_OK) {
		site_close(s);
		return r;
	}
	*ret_s = s;
	return SL_OK;
}

uint16_t site_port(const struct site *s)
{
	const union MHD_DaemonInfo *info =
		MHD_get_daemon_info(s->daemon, MHD_DAEMON_INFO_BIND_PORT);

	return info == NULL ? 0 : info->port;
}

void site_close(struct site *s)
{
	if (s == NULL)
		return;
	if (s->daemon != NULL)
		MHD_stop_daemon(s->daemon);
	site_cache_free(s->cache);
	site_pages_free(s->pages);
	if (s->not_found != NULL)
		MHD_destroy_response(s->not_found);
	if (s->bad_method != NULL)
		MHD_destroy_response(s->bad_method);
	free(s);
}
