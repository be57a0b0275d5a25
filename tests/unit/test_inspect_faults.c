/* test_inspect_faults.c - real filters, and one that misbehaves in every way: never a pass. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "crypto/hash.h"
#include "inspect/inspect.h"
#include "tests/support/make_zip.h"

#define LIBEXEC	   SL_BUILD_DIR "/libexec/sluice"
#define POLICY	   SL_SOURCE_DIR "/tests/support/mini-policy"
#define SIGNATURES SL_SOURCE_DIR "/tests/support/signatures"
#define TESTFILES  "/usr/share/clamav-testfiles"
#define CORPUS	   SL_SOURCE_DIR "/tests/fuzz/corpus/identify"

enum { SECONDS = 60, SHORT = 2, REPORT_MAX = 2 << 20, TEXT_MAX = 64 << 20 };

struct bench {
	char dir[64];
	struct filters *filters;
	struct policy *policy;
	struct inspect *inspect;
};

static void start(struct bench *b, const char *libexec, uint32_t seconds)
{
	struct filters_options o = {.libexec = libexec,
				    .socket_dir = b->dir,
				    .policies = POLICY,
				    .av_database = SIGNATURES,
				    .av_max_age_days = 7,
				    .av_demo = true,
				    .file_bytes = 64 << 20,
				    .seconds = seconds,
				    .office = "/nonexistent"}; /* its start takes seconds */
	struct sl_why why = {{0}};

	if (filters_start(&o, &b->filters, &why) != SL_OK ||
	    policy_load_texts(POLICY, &b->policy, &why) != SL_OK ||
	    inspect_open(b->dir, b->policy, seconds, &b->inspect) != SL_OK)
		fail_msg("%s", why.text);
}

static void make_dir(struct bench *b)
{
	(void)snprintf(b->dir, sizeof(b->dir), "/tmp/sl-faults-XXXXXX");
	assert_non_null(mkdtemp(b->dir));
}

static void stop(struct bench *b)
{
	inspect_close(b->inspect);
	policy_free(b->policy);
	filters_stop(b->filters);
	assert_int_equal(file_remove_tree(AT_FDCWD, b->dir), SL_OK);
}

/* The digest covers the report without the filters and itself. */
static void check_content(json_t *j)
{
	char hex[HASH_HEX + 1], want[HASH_HEX + 1];
	struct buf body;

	(void)snprintf(want, sizeof(want), "%s", json_str(j, "content_sha256"));
	assert_int_equal(json_object_del(j, "content_sha256"), 0);
	assert_int_equal(json_object_del(j, "filters"), 0);
	buf_init(&body, REPORT_MAX);
	assert_int_equal(json_canonical(j, &body), SL_OK);
	hash_hex(body.data, body.len, hex);
	assert_string_equal(hex, want);
	buf_release(&body);
}

static enum verdict look_fd(struct bench *b, int fd, const char *name,
			    struct inspect_report *report)
{
	struct inspect_input in = {.name = name, .fd = fd, .context = {.today = 20000}};
	struct buf text;
	json_t *j = NULL;
	int64_t n = -1;

	buf_init(&text, TEXT_MAX);
	inspect_report_init(report);
	assert_int_equal(hash_fd(fd, in.sha256, &in.length), SL_OK);
	assert_int_equal(inspect_file(b->inspect, &in, report, &text), SL_OK);
	/* What is told beside the bytes is what they say. */
	assert_int_equal(json_parse_signed(buf_str(&report->bytes), report->bytes.len, &j),
			 SL_OK);
	assert_string_equal(json_str(j, "verdict"), verdict_name(report->verdict));
	assert_string_equal(json_str(j, "content_sha256"), report->content_sha256);
	assert_true(json_equal(json_object_get(j, "filters"), report->filters));
	for (unsigned s = 0; s < SEV_COUNT; s++) {
		assert_true(
			json_i64(json_obj(j, "counts"), severity_name((enum severity)s), &n));
		assert_int_equal(n, report->counts[s]);
	}
	assert_int_equal(report->spilling[0] != '\0', report->verdict == VERDICT_SPILL);
	check_content(j);
	json_decref(j);
	if (report->verdict == VERDICT_SPILL)
		assert_int_equal(text.len, 0);
	buf_release(&text);
	return report->verdict;
}

static enum verdict look(struct bench *b, const char *content, const char *name,
			 struct inspect_report *report)
{
	int fd = memfd_create("document", MFD_CLOEXEC), read_only;
	char self[64];
	enum verdict v;

	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, content, strlen(content)), SL_OK);
	/* As in the store: whoever gets the descriptor cannot write to the document. */
	(void)snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	read_only = open(self, O_RDONLY | O_CLOEXEC);
	assert_true(read_only >= 0);
	file_close(fd);
	v = look_fd(b, read_only, name, report);
	file_close(read_only);
	return v;
}

/* A directory of filters in which one is the evil one. */
static void make_evil(const char *dir, const char *evil)
{
	static const char *const all[] = {"type", "av", "extract", "see", "match", "office"};
	char from[512], to[512];

	for (unsigned i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (strcmp(all[i], evil) == 0)
			continue;
		(void)snprintf(from, sizeof(from), LIBEXEC "/sluice-filter-%s", all[i]);
		(void)snprintf(to, sizeof(to), "%s/sluice-filter-%s", dir, all[i]);
		assert_int_equal(symlink(from, to), 0);
	}
	(void)snprintf(to, sizeof(to), "%s/sluice-filter-%s", dir, evil);
	assert_int_equal(symlink(SL_BUILD_DIR "/tests/evil_filter", to), 0);
}

struct row {
	const char *name, *reason; /* a word of the report */
	enum verdict want;
};

/* Each as the document's name, or as its text. */
static void check_rows(struct bench *b, const struct row *rows, size_t n,
		       enum verdict (*look_at)(struct bench *b, const char *file,
					       const char *name, struct inspect_report *report),
		       const char *file)
{
	for (size_t i = 0; i < n; i++) {
		struct inspect_report report;
		enum verdict v = look_at(b, file, rows[i].name, &report);

		if (v != rows[i].want || report.filter_absent ||
		    strstr(buf_str(&report.bytes), rows[i].reason) == NULL)
			fail_msg("%s: %s %s", rows[i].name, verdict_name(v),
				 buf_str(&report.bytes));
		inspect_report_release(&report);
	}
}
#define ROWS(rows) (rows), sizeof(rows) / sizeof((rows)[0])

static enum verdict look_at_text(struct bench *b, const char *file, const char *name,
				 struct inspect_report *report)
{
	return look(b, name, file, report);
}

static void test_misbehaving_filter(void **state)
{
	static const struct row rows[] = {
		{"CRASH", "extract-crashed", VERDICT_HOLD},
		{"HANG", "extract-timeout", VERDICT_HOLD},
		{"GARBAGE", "extract-garbage", VERDICT_HOLD},
		{"FORGE", "extract-garbage", VERDICT_HOLD},
		{"SILENT", "extract-garbage", VERDICT_HOLD},
		{"EXIT", "extract-garbage", VERDICT_HOLD},
#ifndef SL_NO_SANDBOX /* these would succeed without one */
		{"MEMORY", "extract-crashed", VERDICT_HOLD},
		{"FORK", "extract-crashed", VERDICT_HOLD},
		{"ESCAPE", "", VERDICT_CLEAN},
#endif
		{"HONEST", "", VERDICT_CLEAN},
	};
	struct bench b = {.filters = NULL};
	struct inspect_report report;

	(void)state;
	make_dir(&b);
	make_evil(b.dir, "extract");
	start(&b, b.dir, SHORT);
	check_rows(&b, ROWS(rows), look_at_text, "a.txt");
	/* Nobody waits for it there: others have their turn, and this one another time. */
	inspect_set_see(b.inspect, INSPECT_SEE_LATER, 0);
	assert_int_equal(look(&b, "HANG", "a.txt", &report), VERDICT_HOLD);
	assert_true(report.timed_out && report.unfinished);
	inspect_report_release(&report);
	assert_int_equal(look(&b, "CRASH", "a.txt", &report), VERDICT_HOLD);
	assert_false(report.timed_out || report.unfinished);
	inspect_report_release(&report);
	stop(&b);
}

/* Those whose counts others are compared with. */
static void test_misbehaving_counters(void **state)
{
	static const char *const names[] = {"type", "av"};

	(void)state;
	for (unsigned i = 0; i < 2; i++) {
		char crashed[32], garbage[32];
		struct bench b = {.filters = NULL};

		(void)snprintf(crashed, sizeof(crashed), "%s-crashed", names[i]);
		(void)snprintf(garbage, sizeof(garbage), "%s-garbage", names[i]);
		const struct row rows[] = {
			{"CRASH", crashed, VERDICT_HOLD}, {"GARBAGE", garbage, VERDICT_HOLD},
			{"FORGE", garbage, VERDICT_HOLD}, {"SILENT", garbage, VERDICT_HOLD},
			{"EXIT", garbage, VERDICT_HOLD},
		};

		make_dir(&b);
		make_evil(b.dir, names[i]);
		start(&b, b.dir, SHORT);
		check_rows(&b, ROWS(rows), look_at_text, "a.txt");
		stop(&b);
	}
}

static enum verdict look_at_file(struct bench *b, const char *file, const char *name,
				 struct inspect_report *report)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	enum verdict v;

	assert_true(fd >= 0);
	v = look_fd(b, fd, name, report);
	file_close(fd);
	return v;
}

/* The same of the filter that sees, which is asked about pictures and PDF only. */
static void test_misbehaving_see(void **state)
{
	static const struct row rows[] = {
		{"CRASH.png", "see-crashed", VERDICT_HOLD},
		{"HANG.png", "see-timeout", VERDICT_HOLD},
		{"GARBAGE.png", "see-garbage", VERDICT_HOLD},
		{"FORGE.png", "see-garbage", VERDICT_HOLD},
		{"SILENT.png", "see-garbage", VERDICT_HOLD},
		{"EXIT.png", "see-garbage", VERDICT_HOLD},
		{"INVENT.png", "see-other-object", VERDICT_HOLD},
#ifndef SL_NO_SANDBOX
		{"MEMORY.png", "see-crashed", VERDICT_HOLD},
		{"ESCAPE.png", "PI-012", VERDICT_REVIEW},
#endif
		{"HONEST.png", "PI-012", VERDICT_REVIEW},
	};
	struct bench b = {.filters = NULL};
	struct inspect_report report;

	(void)state;
	make_dir(&b);
	make_evil(b.dir, "see");
	start(&b, b.dir, SHORT);
	check_rows(&b, ROWS(rows), look_at_file, CORPUS "/p.png");
	/* A text is none of its business, whatever state it is in. */
	assert_int_equal(look(&b, "an honest text\n", "CRASH.txt", &report), VERDICT_CLEAN);
	assert_null(strstr(buf_str(&report.bytes), "\"see\""));
	inspect_report_release(&report);
	/* Asked for later: the report says that it is no final one. */
	inspect_set_see(b.inspect, INSPECT_SEE_LATER, 0);
	assert_int_equal(look_at_file(&b, CORPUS "/p.png", "HONEST.png", &report),
			 VERDICT_HOLD);
	assert_true(report.unfinished);
	inspect_report_release(&report);
	assert_int_equal(look(&b, "an honest text\n", "a.txt", &report), VERDICT_CLEAN);
	assert_false(report.unfinished);
	inspect_report_release(&report);
	stop(&b);
}

static void load(const char *file, struct buf *out)
{
	buf_init(out, REPORT_MAX);
	assert_int_equal(file_read(AT_FDCWD, file, REPORT_MAX, out), SL_OK);
}

/* A ZIP with one member. */
static enum verdict look_zipped(struct bench *b, const char *file, const char *name,
				struct inspect_report *report)
{
	struct buf bytes, zip;
	int fd = memfd_create("zip", MFD_CLOEXEC);
	enum verdict v;

	assert_true(fd >= 0);
	load(file, &bytes);
	buf_init(&zip, REPORT_MAX);
	make_zip(
		(const struct zip_entry[]){
			{.name = name, .data = buf_str(&bytes), .len = bytes.len},
			{.name = NULL}},
		&zip);
	assert_int_equal(file_write_all(fd, zip.data, zip.len), SL_OK);
	v = look_fd(b, fd, "a.zip", report);
	file_close(fd);
	buf_release(&bytes);
	buf_release(&zip);
	return v;
}

/* Handed on from an archive to a filter that fails: the part is held, and why. */
static void test_misbehaving_see_of_parts(void **state)
{
	static const struct row rows[] = {
		{"CRASH.png", "see-crashed", VERDICT_HOLD},
		{"HANG.png", "see-timeout", VERDICT_HOLD},
		{"FORGE.png", "see-garbage", VERDICT_HOLD},
		{"SILENT.png", "see-garbage", VERDICT_HOLD},
		{"INVENT.png", "see-other-object", VERDICT_HOLD},
		{"SHORT.png", "see-other-bytes", VERDICT_HOLD},
		{"HONEST.png", "\"path\":\"a.zip/HONEST.png\"", VERDICT_CLEAN},
	};
	struct bench b = {.filters = NULL};
	struct inspect_report report;

	(void)state;
	make_dir(&b);
	make_evil(b.dir, "see");
	start(&b, b.dir, SHORT);
	check_rows(&b, ROWS(rows), look_zipped, CORPUS "/p.png");
	/* A PDF is text as well: without a look at its pages it is held all the same. */
	assert_int_equal(look_zipped(&b, CORPUS "/pdf-libreoffice.pdf", "CRASH.pdf", &report),
			 VERDICT_HOLD);
	assert_non_null(strstr(buf_str(&report.bytes), "see-crashed"));
	inspect_report_release(&report);
	assert_int_equal(look_zipped(&b, CORPUS "/pdf-libreoffice.pdf", "HONEST.pdf", &report),
			 VERDICT_HOLD);
	assert_non_null(strstr(buf_str(&report.bytes), "see-without-pages"));
	inspect_report_release(&report);
	inspect_set_see(b.inspect, INSPECT_SEE_LATER, 0);
	assert_int_equal(look_zipped(&b, CORPUS "/p.png", "HONEST.png", &report), VERDICT_HOLD);
	assert_true(report.unfinished);
	inspect_report_release(&report);
	stop(&b);
}

/* LibreOffice is not there: an old document in an archive is held with the advice. */
static void test_old_format_in_an_archive(void **state)
{
	struct bench b = {.filters = NULL};
	struct inspect_report report;

	(void)state;
	make_dir(&b);
	start(&b, LIBEXEC, SECONDS);
	assert_int_equal(look_zipped(&b, CORPUS "/doc-libreoffice.doc", "a.doc", &report),
			 VERDICT_HOLD);
	assert_non_null(strstr(buf_str(&report.bytes), "office-not-installed"));
	assert_non_null(strstr(buf_str(&report.bytes), "OF-001"));
	assert_non_null(strstr(buf_str(&report.bytes), "\"name\":\"office\""));
	inspect_report_release(&report);
	stop(&b);
}

/* Where nothing is installed to read pictures with, pictures are held and texts go on. */
static void test_without_see(void **state)
{
	struct bench b = {.filters = NULL};
	struct inspect_report report;
	char path[128];

	(void)state;
	make_dir(&b);
	make_evil(b.dir, "see");
	(void)snprintf(path, sizeof(path), "%s/sluice-filter-see", b.dir);
	assert_int_equal(unlink(path), 0);
	start(&b, b.dir, SHORT);
	assert_int_equal(look_at_file(&b, CORPUS "/p.png", "a.png", &report), VERDICT_HOLD);
	assert_non_null(strstr(buf_str(&report.bytes), "see-unreachable"));
	assert_true(report.filter_absent);
	inspect_report_release(&report);
	assert_int_equal(look_zipped(&b, CORPUS "/p.png", "a.png", &report), VERDICT_HOLD);
	assert_non_null(strstr(buf_str(&report.bytes), "see-unreachable"));
	assert_true(report.filter_absent);
	inspect_report_release(&report);
	assert_int_equal(look(&b, "an honest text\n", "a.txt", &report), VERDICT_CLEAN);
	inspect_report_release(&report);
	stop(&b);
}

/* Each filter in turn is not there at all. */
static void test_missing_filter(void **state)
{
	static const char *const names[] = {"type", "av", "extract", "match"};
	struct bench b = {.filters = NULL};

	(void)state;
	make_dir(&b);
	start(&b, LIBEXEC, SECONDS);
	for (unsigned i = 0; i < 4; i++) {
		char path[128], away[160];
		struct inspect_report report;

		(void)snprintf(path, sizeof(path), "%s/%s.sock", b.dir, names[i]);
		(void)snprintf(away, sizeof(away), "%s.away", path);
		assert_int_equal(rename(path, away), 0);
		assert_int_equal(look(&b, "an honest text\n", "a.txt", &report), VERDICT_HOLD);
		assert_true(report.filter_absent && report.filter_died);
		inspect_report_release(&report);
		assert_int_equal(rename(away, path), 0);
	}
	stop(&b);
}

/* The inspector was started with other rules than the match filter has loaded. */
static void test_other_policy(void **state)
{
	struct bench b = {.filters = NULL};
	struct inspect_report report;
	struct sl_why why = {{0}};

	(void)state;
	make_dir(&b);
	start(&b, LIBEXEC, SECONDS);
	inspect_close(b.inspect);
	policy_free(b.policy);
	b.policy = NULL;
	assert_int_equal(policy_load_texts(SL_SOURCE_DIR "/policies", &b.policy, &why), SL_OK);
	assert_int_equal(inspect_open(b.dir, b.policy, SECONDS, &b.inspect), SL_OK);
	assert_int_equal(look(&b, "an honest text\n", "a.txt", &report), VERDICT_HOLD);
	assert_non_null(strstr(buf_str(&report.bytes), "other-policy"));
	inspect_report_release(&report);
	stop(&b);
}

static void test_texts(void **state)
{
	static const struct {
		const char *name, *text;
		enum verdict want;
	} rows[] = {
		{"a.txt", "关于开展夏季行动的通告\n", VERDICT_CLEAN},
		{"a.txt", "含有内部样例词的稿件\n", VERDICT_REVIEW},
		{"a.txt", "含有绝密级样例的稿件\n", VERDICT_SPILL},
		{"绝密级样例.txt", "empty words\n", VERDICT_SPILL},
		{"a.docx", "plain text under a wrong name\n", VERDICT_BLOCK},
		{"a.vbs", "MsgBox 1\n", VERDICT_BLOCK},
		{"a.txt",
		 "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*",
		 VERDICT_BLOCK},
		{"a.txt", "", VERDICT_HOLD},
		{"a.txt", "\x01\x02\x03", VERDICT_HOLD},
		/* What is held for its form is still read for what it says. */
		{"a.txt", "see %PDF-1.4, and 绝密级样例\n", VERDICT_SPILL},
	};
	struct bench b = {.filters = NULL};

	(void)state;
	make_dir(&b);
	start(&b, LIBEXEC, SECONDS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct inspect_report report, again;
		enum verdict v;

		v = look(&b, rows[i].text, rows[i].name, &report);
		if (v != rows[i].want)
			fail_msg("row %zu: %s %s", i, verdict_name(v), buf_str(&report.bytes));
		if (i == 0)
			assert_non_null(strstr(buf_str(&report.bytes), "\"text\":\"full\""));
		/* The same bytes give the same report. */
		(void)look(&b, rows[i].text, rows[i].name, &again);
		assert_string_equal(buf_str(&report.bytes), buf_str(&again.bytes));
		inspect_report_release(&again);
		inspect_report_release(&report);
	}
	stop(&b);
}

/* The first byte of 通 is a jump of a COM program to libmagic when the text is long enough. */
static void test_long_notice(void **state)
{
	static const char line[] = "关于调整窗口办公时间的事项，请相互转告。\n";
	struct bench b = {.filters = NULL};
	struct inspect_report report;
	struct buf text;

	(void)state;
	buf_init(&text, 1 << 20);
	buf_puts(&text, "通告\n");
	for (unsigned i = 0; i < 900; i++)
		buf_puts(&text, line);
	make_dir(&b);
	start(&b, LIBEXEC, SECONDS);
	if (look(&b, buf_str(&text), "a.txt", &report) != VERDICT_CLEAN)
		fail_msg("%s", buf_str(&report.bytes));
	inspect_report_release(&report);
	stop(&b);
	buf_release(&text);
}

struct walk {
	struct bench *b;
	int dir;
	unsigned passed, seen;
};

static int one_malware(const char *name, void *arg)
{
	struct walk *w = arg;
	int fd = openat(w->dir, name, O_RDONLY | O_CLOEXEC);
	struct inspect_report report;
	enum verdict v;

	assert_true(fd >= 0);
	v = look_fd(w->b, fd, name, &report);
	if (v < VERDICT_HOLD)
		fail_msg("%s passed: %s", name, buf_str(&report.bytes));
	w->seen++;
	inspect_report_release(&report);
	file_close(fd);
	return SL_OK;
}

static void test_malware_in_containers(void **state)
{
	struct bench b = {.filters = NULL};
	struct walk w = {.b = &b};

	(void)state;
	w.dir = file_open_dir(AT_FDCWD, TESTFILES);
	if (w.dir < 0)
		skip(); /* package clamav-testfiles is not installed */
	make_dir(&b);
	start(&b, LIBEXEC, SECONDS);
	assert_int_equal(file_each(w.dir, 1000, one_malware, &w), SL_OK);
	assert_true(w.seen > 30);
	file_close(w.dir);
	stop(&b);
}

static void test_documents(void **state)
{
	static const struct {
		const char *file, *name;
		enum verdict want;
	} rows[] = {
		{"docx-libreoffice.docx", "a.docx", VERDICT_CLEAN},
		{"docx-libreoffice.docx", "a.pdf", VERDICT_BLOCK},
		{"trunc.zip", "a.zip", VERDICT_HOLD},
		{"trunc.zip", "a.docx", VERDICT_HOLD},
		{"trunc.zip", "a.pdf", VERDICT_BLOCK},
		{"corrupt.zip", "a.zip", VERDICT_HOLD},
		{"meth99.zip", "a.docx", VERDICT_HOLD},
		{"z5-enc.zip", "a.zip", VERDICT_BLOCK},
		{"elf.bin", "a.bin", VERDICT_BLOCK},
		{"p.png", "a.png", VERDICT_REVIEW}, /* a person looks at every picture */
		{"doc-libreoffice.doc", "a.doc", VERDICT_HOLD},
		{"encrypted.ole", "a.docx", VERDICT_HOLD},
	};
	struct bench b = {.filters = NULL};

	(void)state;
	make_dir(&b);
	start(&b, LIBEXEC, SECONDS);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct inspect_report report;
		char path[512];
		enum verdict v;
		int fd;

		(void)snprintf(path, sizeof(path), CORPUS "/%s", rows[i].file);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		assert_true(fd >= 0);
		v = look_fd(&b, fd, rows[i].name, &report);
		if (v != rows[i].want)
			fail_msg("%s: %s %s", rows[i].file, verdict_name(v),
				 buf_str(&report.bytes));
		inspect_report_release(&report);
		file_close(fd);
	}
	stop(&b);
}

/* No signatures, or undated ones where dates are asked for: nothing starts. */
static void test_database_stops_the_line(void **state)
{
	static const struct {
		const char *database;
		bool demo;
	} rows[] = {{"/nonexistent", true}, {SIGNATURES, false}, {POLICY "/packs", true}};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bench b = {.filters = NULL};
		struct filters_options o = {.libexec = LIBEXEC,
					    .policies = POLICY,
					    .av_database = rows[i].database,
					    .av_max_age_days = 7,
					    .av_demo = rows[i].demo,
					    .file_bytes = 1 << 20,
					    .seconds = 1};
		struct sl_why why = {{0}};

		make_dir(&b);
		o.socket_dir = b.dir;
		assert_int_equal(filters_start(&o, &b.filters, &why), SL_E_CONFIG);
		assert_non_null(strstr(why.text, "filter av: failed: "));
		assert_int_equal(file_remove_tree(AT_FDCWD, b.dir), SL_OK);
	}
}

static void test_merge(void **state)
{
	struct bench b = {.filters = NULL};
	struct inspect_report reports[2];
	struct inspect_merged merged = {.verdict = VERDICT_CLEAN};
	json_t *j = NULL, *file = NULL;

	(void)state;
	make_dir(&b);
	start(&b, LIBEXEC, SECONDS);
	(void)look(&b, "an honest text\n", "a.txt", &reports[0]);
	(void)look(&b, "内部样例词\n", "b.txt", &reports[1]);
	assert_int_equal(inspect_merge(reports, 2, &merged), SL_OK);
	assert_int_equal(merged.verdict, VERDICT_REVIEW);
	assert_int_equal(merged.counts[SEV_S2],
			 reports[0].counts[SEV_S2] + reports[1].counts[SEV_S2]);
	assert_false(merged.shortened);
	assert_int_equal(json_parse_signed(merged.bytes.data, merged.bytes.len, &j), SL_OK);
	assert_string_equal(json_str(j, "verdict"), "review");
	assert_string_equal(json_str(j, "schema"), "sluice-draft-report/1");
	assert_int_equal(json_array_size(json_arr(j, "files")), 2);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(
			json_parse_signed(reports[i].bytes.data, reports[i].bytes.len, &file),
			SL_OK);
		assert_true(json_equal(json_array_get(json_arr(j, "files"), i), file));
		json_decref(file);
	}
	json_decref(j);
	buf_release(&merged.bytes);
	assert_int_equal(inspect_merge(reports, 0, &merged), SL_E_FORMAT);
	inspect_report_release(&reports[1]);
	assert_int_equal(inspect_merge(reports, 2, &merged), SL_E_FORMAT);
	inspect_report_release(&reports[0]);
	stop(&b);
}

static int set_up(void **state)
{
	(void)state;
	return crypto_start();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_misbehaving_filter),
		cmocka_unit_test(test_misbehaving_counters),
		cmocka_unit_test(test_misbehaving_see),
		cmocka_unit_test(test_misbehaving_see_of_parts),
		cmocka_unit_test(test_old_format_in_an_archive),
		cmocka_unit_test(test_without_see),
		cmocka_unit_test(test_missing_filter),
		cmocka_unit_test(test_other_policy),
		cmocka_unit_test(test_texts),
		cmocka_unit_test(test_long_notice),
		cmocka_unit_test(test_malware_in_containers),
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_database_stops_the_line),
		cmocka_unit_test(test_merge),
	};

	return cmocka_run_group_tests(tests, set_up, NULL);
}
