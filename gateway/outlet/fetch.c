/* fetch.c - the only network client on a platform's side; the only user of libcurl.
 *
 * Hostile: every byte and every header that comes back.  Nothing here decides
 * whether bytes are good; it only keeps them few and the wait short. */
#include "outlet/fetch.h"

#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"

enum { URL_MAX = 2048, CONNECT_S = 10, SLOW_S = 30, SLOW_BYTES = 200, TOTAL_S = 3600 };

struct fetch {
	CURL *curl;
	char base[URL_MAX];
};

struct sink {
	uint64_t max, got;
	struct buf *out; /* to memory, */
	int fd;		 /* or to a file with its hash */
	struct hash *hash;
	int error;
};

int fetch_start(void)
{
	return curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK ? SL_OK : SL_E_INTERNAL;
}

static size_t take(char *bytes, size_t size, size_t n, void *arg)
{
	struct sink *s = arg;
	size_t len = size * n;

	if (len > s->max - s->got) {
		s->error = SL_E_LIMIT;
		return 0;
	}
	s->got += len;
	if (s->out != NULL) {
		buf_put(s->out, bytes, len);
		s->error = buf_error(s->out);
	} else {
		hash_update(s->hash, bytes, len);
		s->error = file_write_all(s->fd, bytes, len);
	}
	return s->error == SL_OK ? len : 0;
}

static int set_options(CURL *c)
{
	/* Plain HTTP is fine: everything is verified by signature and hash. */
	return curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https,file") == CURLE_OK &&
			       curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
			       curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
			       curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L) == CURLE_OK &&
			       curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S) ==
				       CURLE_OK &&
			       curl_easy_setopt(c, CURLOPT_TIMEOUT, (long)TOTAL_S) ==
				       CURLE_OK &&
			       curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, (long)SLOW_S) ==
				       CURLE_OK &&
			       curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, (long)SLOW_BYTES) ==
				       CURLE_OK &&
			       curl_easy_setopt(c, CURLOPT_USERAGENT,
						"sluice-pull/" SL_VERSION) == CURLE_OK &&
			       curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take) == CURLE_OK
		       ? SL_OK
		       : SL_E_INTERNAL;
}

int fetch_open(const char *base, struct fetch **ret_f, struct sl_why *why)
{
	struct fetch *f;
	size_t len = strlen(base);
	int r = SL_E_NOMEM;

	if (strncmp(base, "http://", 7) != 0 && strncmp(base, "https://", 8) != 0 &&
	    strncmp(base, "file:///", 8) != 0)
		return why_set(why, SL_E_USAGE, "%s is neither http://, https:// nor file:///",
			       base);
	if (len >= URL_MAX)
		return why_set(why, SL_E_USAGE, "the address is too long");
	f = calloc(1, sizeof(*f));
	if (f == NULL)
		return SL_E_NOMEM;
	memcpy(f->base, base, len + 1);
	while (len > 0 && f->base[len - 1] == '/')
		f->base[--len] = '\0';
	f->curl = curl_easy_init();
	if (f->curl != NULL)
		r = set_options(f->curl);
	if (r != SL_OK) {
		fetch_close(f);
		return r;
	}
	*ret_f = f;
	return SL_OK;
}

void fetch_close(struct fetch *f)
{
	if (f == NULL)
		return;
	curl_easy_cleanup(f->curl);
	free(f);
}

static int code_of(CURL *c, CURLcode code)
{
	long status = 0;

	switch (code) {
	case CURLE_OK:
		return SL_OK;
	case CURLE_FILE_COULDNT_READ_FILE:
		return SL_E_NOTFOUND;
	case CURLE_HTTP_RETURNED_ERROR:
		(void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
		if (status == 404 || status == 403 || status == 410)
			return SL_E_NOTFOUND;
		return status >= 500 || status == 429 ? SL_E_UNREACHABLE : SL_E_IO;
	case CURLE_OPERATION_TIMEDOUT:
		return SL_E_TIMEOUT;
	case CURLE_FILESIZE_EXCEEDED:
		return SL_E_LIMIT;
	case CURLE_OUT_OF_MEMORY:
		return SL_E_NOMEM;
	case CURLE_PEER_FAILED_VERIFICATION:
		return SL_E_SIGNATURE;
	default:
		return SL_E_UNREACHABLE;
	}
}

static int perform(struct fetch *f, const char *path, struct sink *s)
{
	char url[URL_MAX + TUF_PATH_MAX + 8];
	int n = snprintf(url, sizeof(url), "%s/%s", f->base, path);
	CURLcode code;
	long status = 0;

	if (n < 0 || (size_t)n >= sizeof(url))
		return SL_E_LIMIT;
	if (curl_easy_setopt(f->curl, CURLOPT_URL, url) != CURLE_OK ||
	    curl_easy_setopt(f->curl, CURLOPT_WRITEDATA, s) != CURLE_OK)
		return SL_E_NOMEM;
	code = curl_easy_perform(f->curl);
	if (s->error != SL_OK)
		return s->error;
	if (code == CURLE_OK && strncmp(f->base, "file:", 5) != 0) {
		(void)curl_easy_getinfo(f->curl, CURLINFO_RESPONSE_CODE, &status);
		/* A redirect or an empty answer is not the file. */
		if (status != 200)
			return SL_E_IO;
	}
	return code_of(f->curl, code);
}

int fetch_get(struct fetch *f, const char *path, size_t max, struct buf *out)
{
	struct sink s = {.max = max, .out = out, .fd = -1};

	return perform(f, path, &s);
}

int fetch_blob(struct fetch *f, const char *path, uint64_t length, const char *sha256,
	       int out_fd)
{
	struct sink s = {.max = length, .fd = out_fd};
	uint8_t digest[HASH_LEN];
	char hex[HASH_HEX + 1];
	int r = hash_new(&s.hash);

	if (r == SL_OK)
		r = perform(f, path, &s);
	if (r == SL_OK) {
		hash_final(s.hash, digest);
		text_hex(digest, sizeof(digest), hex);
		r = s.got == length && strcmp(hex, sha256) == 0 ? SL_OK : SL_E_SIGNATURE;
	} else if (r == SL_E_LIMIT) {
		r = SL_E_SIGNATURE; /* longer than promised: not the file */
	}
	hash_free(s.hash);
	return r;
}

static int get(void *arg, const char *path, size_t max, struct buf *out)
{
	return fetch_get(arg, path, max, out);
}

struct tuf_fetcher fetch_tuf(struct fetch *f)
{
	return (struct tuf_fetcher){.get = get, .arg = f};
}
