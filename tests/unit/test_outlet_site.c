/* test_outlet_site.c - the built-in server: paths, conditions, ranges, and what a client sees.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "outlet/site.h"
#include "outlet/site_path.h"
#include "outlet_kit.h"

#define HASH "abcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcdefabcd"

static void test_clean(void **state)
{
	static const struct {
		const char *url, *want;
	} rows[] = {
		{"/", "index.html"},
		{"/metadata/timestamp.json", "metadata/timestamp.json"},
		{"/blobs/ab/" HASH, "blobs/ab/" HASH},
		{"", NULL},
		{"metadata", NULL},
		{"//etc/passwd", NULL},
		{"/a//b", NULL},
		{"/a/", NULL},
		{"/../x", NULL},
		{"/a/../b", NULL},
		{"/a/./b", NULL},
		{"/.hidden", NULL},
		{"/a/.placing", NULL},
		{"/a%2fb", NULL},
		{"/a b", NULL},
		{"/a\\b", NULL},
		{"/\xe4\xb8\xad", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char out[SITE_PATH_MAX];
		bool ok = site_path_clean(rows[i].url, out);

		if (ok != (rows[i].want != NULL) || (ok && strcmp(out, rows[i].want) != 0))
			fail_msg("%s", rows[i].url);
	}
}

static void test_ranges(void **state)
{
	static const struct {
		const char *header;
		enum site_range want;
		uint64_t from, len;
	} rows[] = {
		{NULL, SITE_RANGE_NONE, 0, 0},
		{"bytes=0-0", SITE_RANGE_OK, 0, 1},
		{"bytes=2-", SITE_RANGE_OK, 2, 8},
		{"bytes=2-99", SITE_RANGE_OK, 2, 8},
		{"bytes=-3", SITE_RANGE_OK, 7, 3},
		{"bytes=-99", SITE_RANGE_OK, 0, 10},
		{"bytes=-0", SITE_RANGE_BAD, 0, 0},
		{"bytes=10-", SITE_RANGE_BAD, 0, 0},
		{"bytes=5-2", SITE_RANGE_NONE, 0, 0},
		{"bytes=0-1,4-5", SITE_RANGE_NONE, 0, 0},
		{"bytes=", SITE_RANGE_NONE, 0, 0},
		{"bytes=-", SITE_RANGE_NONE, 0, 0},
		{"lines=1-2", SITE_RANGE_NONE, 0, 0},
		{"bytes=99999999999999999999-", SITE_RANGE_NONE, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint64_t from = 0, len = 0;
		enum site_range got = site_path_range(rows[i].header, 10, &from, &len);

		if (got != rows[i].want || from != rows[i].from || len != rows[i].len)
			fail_msg("%s", rows[i].header);
	}
}

static void test_words(void **state)
{
	char date[SITE_DATE + 1];

	(void)state;
	site_path_date(784111777, date); /* the example of RFC 9110 */
	assert_string_equal(date, "Sun, 06 Nov 1994 08:49:37 GMT");
	assert_true(site_path_match("*", "\"a\""));
	assert_true(site_path_match("\"x\", W/\"a\"", "\"a\""));
	assert_false(site_path_match("\"xa\"", "\"a\""));
	assert_false(site_path_match("\"a\"b", "\"a\""));
	assert_false(site_path_match(NULL, "\"a\""));
	assert_non_null(strstr(site_path_cache("metadata/12.rel-2026-0001.json"), "immutable"));
	assert_non_null(
		strstr(site_path_cache("targets/feed/" HASH ".head.json"), "immutable"));
	assert_null(strstr(site_path_cache("metadata/timestamp.json"), "immutable"));
	assert_null(strstr(site_path_cache("feed.json"), "immutable"));
	assert_string_equal(site_path_type("index.html"), "text/html; charset=utf-8");
	assert_string_equal(site_path_type("blobs/ab/x.html"), "application/octet-stream");
}

struct web {
	char dir[64];
	int tree;
	struct site *site;
};

static const struct site_page pages[] = {{"status", "text/html; charset=utf-8", true},
					 {"status.json", "application/json", false},
					 {.path = NULL}};

static int make_page(void *arg, const struct site_page *page, bool zh, struct buf *out)
{
	(void)arg;
	buf_putf(out, "%s %s", page->path, zh ? "zh" : "en");
	return SL_OK;
}

static void web_new(struct web *w)
{
	struct site_options o = {.pages = pages,
				 .make = make_page,
				 .address = "127.0.0.1",
				 .connections = 16,
				 .connections_per_ip = 16,
				 .timeout_seconds = 10,
				 .threads = 2};

	(void)snprintf(w->dir, sizeof(w->dir), "/tmp/sluice-web-XXXXXX");
	assert_non_null(mkdtemp(w->dir));
	w->tree = file_open_dir(AT_FDCWD, w->dir);
	okit_write(w->tree, "index.html", "<p>hello</p>", 12);
	okit_write(w->tree, "metadata/timestamp.json", "{}", 2);
	okit_write(w->tree, "blobs/ab/" HASH, "0123456789", 10);
	assert_int_equal(symlinkat("/etc/passwd", w->tree, "link.txt"), 0);
	assert_int_equal(symlinkat("metadata", w->tree, "linked"), 0);
	o.tree_fd = w->tree;
	assert_int_equal(site_open(&o, &w->site, NULL), SL_OK);
}

static void web_free(struct web *w)
{
	site_close(w->site);
	file_close(w->tree);
	assert_int_equal(file_remove_tree(AT_FDCWD, w->dir), SL_OK);
}

/* One request on a connection of its own; the whole answer, caller frees. */
static char *ask(const struct web *w, const char *line, const char *headers)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons(site_port(w->site)),
				.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char text[2048];
	struct buf b;
	size_t len;
	int n;

	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	n = snprintf(text, sizeof(text),
		     "%s HTTP/1.1\r\nHost: x\r\nConnection: close\r\n%s\r\n", line, headers);
	assert_int_equal(file_write_all(fd, text, (size_t)n), SL_OK);
	buf_init(&b, 1 << 20);
	assert_int_equal(file_read_fd(fd, 1 << 20, &b), SL_OK);
	file_close(fd);
	buf_put(&b, "", 1);
	return (char *)buf_take(&b, &len);
}

static void expect(const struct web *w, const char *line, const char *headers,
		   const char *status, const char *has)
{
	char *answer = ask(w, line, headers);

	if (strncmp(answer + 9, status, 3) != 0 || strstr(answer, has) == NULL)
		fail_msg("%s [%s]: wanted %s and \"%s\": %s", line, headers, status, has,
			 answer);
	free(answer);
}

static void test_served(void **state)
{
	static const char etag[] = "If-None-Match: \"" HASH "\"\r\n";
	struct web w;

	(void)state;
	web_new(&w);
	for (int again = 0; again < 2; again++) { /* from the disk, then from the cache */
		expect(&w, "GET /", "", "200", "<p>hello</p>");
		expect(&w, "GET /blobs/ab/" HASH, "", "200", "0123456789");
		expect(&w, "HEAD /blobs/ab/" HASH, "", "200", "Content-Length: 10\r\n");
		expect(&w, "GET /blobs/ab/" HASH, etag, "304", "ETag: \"" HASH "\"");
		expect(&w, "GET /blobs/ab/" HASH, "Range: bytes=2-4\r\n", "206", "\r\n\r\n234");
		expect(&w, "GET /blobs/ab/" HASH, "Range: bytes=2-4\r\n", "206",
		       "Content-Range: bytes 2-4/10");
		expect(&w, "GET /blobs/ab/" HASH, "Range: bytes=50-\r\n", "416",
		       "Content-Range: bytes */10");
		expect(&w, "GET /blobs/ab/" HASH, "Range: bytes=2-4\r\nIf-Range: \"other\"\r\n",
		       "200", "0123456789");
		expect(&w, "GET /metadata/timestamp.json", "", "200",
		       "Cache-Control: no-cache, max-age=0");
		expect(&w, "GET /metadata", "", "404", "");
		expect(&w, "GET /link.txt", "", "404", "");
		expect(&w, "GET /linked/timestamp.json", "", "404", "");
		expect(&w, "GET /%2e%2e/etc/passwd", "", "404", "");
		expect(&w, "GET /nothing", "", "404", "");
		expect(&w, "POST /", "Content-Length: 1\r\n", "405", "Allow: GET, HEAD");
		expect(&w, "DELETE /", "", "405", "");
	}
	web_free(&w);
}

/* A replaced or recalled file is never served from memory. */
static void test_changes(void **state)
{
	struct web w;

	(void)state;
	web_new(&w);
	expect(&w, "GET /metadata/timestamp.json", "", "200", "{}");
	okit_write(w.tree, "metadata/timestamp.json", "{\"v\":2}", 7);
	expect(&w, "GET /metadata/timestamp.json", "", "200", "{\"v\":2}");
	expect(&w, "GET /blobs/ab/" HASH, "", "200", "0123456789");
	assert_int_equal(unlinkat(w.tree, "blobs/ab/" HASH, 0), 0);
	expect(&w, "GET /blobs/ab/" HASH, "", "404", "");
	web_free(&w);
}

static void test_large(void **state)
{
	struct web w;
	char *body = malloc(300000), *answer;

	(void)state;
	web_new(&w);
	memset(body, 'x', 300000);
	okit_write(w.tree, "feed.json", body, 300000);
	answer = ask(&w, "GET /feed.json", "");
	assert_non_null(strstr(answer, "Content-Length: 300000\r\n"));
	assert_int_equal(strspn(strstr(answer, "\r\n\r\n") + 4, "x"), 300000);
	free(answer);
	free(body);
	web_free(&w);
}

/* Pages of now: made by us, stored by nobody, in the reader's language, never a file. */
static void test_pages(void **state)
{
	static const char zh[] = "Accept-Language: zh-CN,zh;q=0.9,en;q=0.8\r\n",
			  en[] = "Accept-Language: en-GB\r\n",
			  other[] = "Accept-Language: fr, de;q=0.5\r\n";
	struct web w;

	(void)state;
	web_new(&w);
	okit_write(w.tree, "status", "a file", 6);
	for (int again = 0; again < 2; again++) {
		expect(&w, "GET /status", zh, "200", "\r\n\r\nstatus zh");
		expect(&w, "GET /status", en, "200", "\r\n\r\nstatus en");
		expect(&w, "GET /status", other, "200", "\r\n\r\nstatus zh");
		expect(&w, "GET /status.json", en, "200", "\r\n\r\nstatus.json en");
	}
	expect(&w, "GET /status", "", "200", "Cache-Control: no-store\r\n");
	expect(&w, "GET /status", "If-None-Match: *\r\n", "200", "status zh");
	expect(&w, "GET /status", "Range: bytes=0-1\r\n", "200", "status zh");
	expect(&w, "GET /status", "", "200", "Vary: Accept-Language\r\n");
	expect(&w, "GET /status", "", "200", "X-Content-Type-Options: nosniff\r\n");
	expect(&w, "GET /status", "", "200", "Content-Security-Policy: default-src 'none'");
	expect(&w, "GET /status.json", "", "200", "Content-Type: application/json\r\n");
	expect(&w, "HEAD /status.json", "", "200", "Content-Length: 14\r\n");
	expect(&w, "GET /status/", "", "404", "");
	expect(&w, "GET /status.json/x", "", "404", "");
	web_free(&w);
}

static void test_languages(void **state)
{
	(void)state;
	assert_true(site_page_zh(NULL));
	assert_true(site_page_zh(""));
	assert_true(site_page_zh("zh"));
	assert_true(site_page_zh("ZH-Hant, en"));
	assert_true(site_page_zh("fr"));
	assert_true(site_page_zh("zho;q=1"));
	assert_false(site_page_zh("en"));
	assert_false(site_page_zh("fr, en;q=0.7, zh;q=0.3"));
	assert_false(site_page_zh(" ,\t,en-US;q=0.9"));
	assert_true(site_page_zh(",,,"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),	cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_words),	cmocka_unit_test(test_served),
		cmocka_unit_test(test_changes), cmocka_unit_test(test_large),
		cmocka_unit_test(test_pages),	cmocka_unit_test(test_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
