/* type.c - sluice-filter-type: what kind of file is it, and is it only that.
 *
 * Hostile: the whole document.  The structural identifier decides; libmagic has
 * a vote that can only make the answer worse.  Invariants: object 0 is INSPECTED
 * only when one reading of the file exists and every byte belongs to it. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <magic.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "inspect/filter.h"
#include "inspect/type/identify.h"

enum { DATABASE_MAX = 64 << 20, MAGIC_HEAD = 1 << 20, LARGE_PAGE = 2 << 20 };

static magic_t cookie;
static void *database; /* libmagic works on it in place */
static size_t database_len;
static char data_text[64];

/* Limits of libmagic said aloud: the defaults have changed between versions. */
static int set_limits(void)
{
	static const struct {
		int what;
		size_t value;
	} limits[] = {
		{MAGIC_PARAM_INDIR_MAX, 20},	     {MAGIC_PARAM_NAME_MAX, 50},
		{MAGIC_PARAM_ELF_PHNUM_MAX, 128},    {MAGIC_PARAM_ELF_SHNUM_MAX, 512},
		{MAGIC_PARAM_ELF_NOTES_MAX, 64},     {MAGIC_PARAM_REGEX_MAX, 4096},
		{MAGIC_PARAM_BYTES_MAX, MAGIC_HEAD}, {MAGIC_PARAM_ENCODING_MAX, 64 << 10},
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		if (magic_setparam(cookie, limits[i].what, &limits[i].value) != 0)
			return SL_E_INTERNAL;
	}
	return SL_OK;
}

static int load_database(struct sl_why *why)
{
	static const char *const places[] = {"/usr/lib/file/magic.mgc",
					     "/usr/share/misc/magic.mgc",
					     "/usr/share/file/magic.mgc"};
	char hex[HASH_HEX + 1];
	struct buf file;
	int r = SL_E_NOTFOUND;

	buf_init(&file, DATABASE_MAX);
	for (size_t i = 0; r != SL_OK && i < sizeof(places) / sizeof(places[0]); i++)
		r = file_read(AT_FDCWD, places[i], DATABASE_MAX, &file);
	if (r != SL_OK) {
		r = why_set(why, r, "libmagic's database is not installed");
		goto out;
	}
	hash_hex(file.data, file.len, hex);
	(void)snprintf(data_text, sizeof(data_text), "magic %d.%02d %.16s",
		       magic_version() / 100, magic_version() % 100, hex);
	/* Every document walks through all 8 MB: whole large pages, see filter_memory.h,
	 * spare it the cache misses of 2,000 page table entries. */
	database_len = file.len;
	database = aligned_alloc(LARGE_PAGE,
				 (file.len + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE);
	if (database != NULL)
		memcpy(database, file.data, file.len);
	else
		r = SL_E_NOMEM;
out:
	buf_release(&file);
	return r;
}

/* libmagic compiles a pattern when it first comes to it and keeps it: what these harmless
 * beginnings of the common kinds need is compiled once, here, and not by each child. */
static void warm(void)
{
	static const char *const samples[] = {
		"Notice of road works\n\nThe bridge is closed from 1 May to 3 May 2026.\n",
		"\xe5\x85\xb3\xe4\xba\x8e\xe9\x81\x93\xe8\xb7\xaf\xe6\x96\xbd\xe5\xb7\xa5"
		"\xe7\x9a\x84\xe9\x80\x9a\xe7\x9f\xa5\n",
		"<!DOCTYPE html>\n<html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
		"<title>t</title></head><body><p>t</p></body></html>\n",
		"%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n",
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>t</a>\n",
		"{\"a\": 1}\n",
		"a,b\n1,2\n",
	};
	static const uint8_t zip[] = "PK\3\4\24\0\0\0\10\0\0\0!"
				     "\0\0\0\0\0\0\0\0\0\0\0\0\0\23\0\0\0[Content_Types].xml";

	for (size_t i = 0; i < sizeof(samples) / sizeof(samples[0]); i++)
		(void)magic_buffer(cookie, samples[i], strlen(samples[i]));
	(void)magic_buffer(cookie, zip, sizeof(zip) - 1);
}

static int type_load(int argc, char **argv, struct sl_why *why)
{
	size_t size;
	void *blob;
	UErrorCode err = U_ZERO_ERROR;
	int r;

	(void)argc;
	(void)argv;
	(void)unsetenv("MAGIC"); /* would name another database */
	r = load_database(why);
	if (r != SL_OK)
		return r;
	cookie = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_NO_CHECK_ELF |
			    MAGIC_NO_CHECK_TAR | MAGIC_NO_CHECK_CDF | MAGIC_NO_CHECK_JSON |
			    MAGIC_NO_CHECK_CSV | MAGIC_NO_CHECK_APPTYPE | MAGIC_ERROR);
	blob = database;
	size = database_len;
	if (cookie == NULL || set_limits() != SL_OK ||
	    magic_load_buffers(cookie, &blob, &size, 1) != 0)
		return why_set(why, SL_E_INTERNAL, "libmagic: %s",
			       cookie != NULL ? magic_error(cookie) : "no memory");
	warm();
	/* First use of ICU's data happens here, where files may still be opened. */
	ucnv_close(ucnv_open("gb18030", &err));
	(void)unorm2_getNFKCCasefoldInstance(&err);
	return U_FAILURE(err) ? why_set(why, SL_E_INTERNAL, "ICU: %s", u_errorName(err))
			      : SL_OK;
}

static const char *type_version(void)
{
	return SL_VERSION;
}
static const char *type_data(void)
{
	return data_text;
}

/* DH-008: the name or the client promises one thing, the bytes are another; or a program. */
static int report(struct filter_out *out, const struct filter_request *rq,
		  const struct identity *id, const char *evidence)
{
	struct finding f = {.rule = "DH-008",
			    .severity = SEV_S1,
			    .where = WHERE_FILENAME,
			    .line = 1,
			    .column = 1};
	char line[400];

	(void)snprintf(line, sizeof(line), "%s: %s", rq->name,
		       id->type[0] != '\0' ? id->type : "?");
	(void)text_safe(line, strlen(line), f.excerpt, sizeof(f.excerpt));
	(void)snprintf(f.evidence, sizeof(f.evidence), "%s", evidence);
	(void)snprintf(f.fix_action, sizeof(f.fix_action), "return");
	return filter_out_finding(out, &f);
}

static int report_macro(struct filter_out *out)
{
	struct finding f = {.rule = "DH-005",
			    .severity = SEV_S1,
			    .where = WHERE_ATTACHMENT,
			    .line = 1,
			    .column = 1,
			    .evidence = "macro",
			    .fix_action = "delete"};

	return filter_out_finding(out, &f);
}

/* What contradicts the type, or NULL.  A damaged or locked container has only its
 * outermost type: that is held, and only a name of another kind is a contradiction. */
static const char *contradiction(const struct filter_request *rq, const struct identity *id)
{
	bool whole = id->reason[0] == '\0', locked = strcmp(id->reason, "encrypted") == 0;

	if (id->executable)
		return "executable";
	if (id->type[0] == '\0' || locked)
		return NULL;
	if (whole ? !identify_name_agrees(rq->name, id->type)
		  : !identify_name_possible(rq->name, id->type))
		return "name";
	return identify_declared_agrees(id->type, rq->declared) ? NULL : "declared";
}

static int findings(struct filter_out *out, const struct filter_request *rq,
		    const struct identity *id)
{
	bool ooxml =
		strstr(id->type, "openxmlformats") != NULL || strstr(id->type, ".12") != NULL;
	const char *evidence = contradiction(rq, id);
	int r = evidence != NULL ? report(out, rq, id, evidence) : SL_OK;

	/* `extract` names the macro's part inside OOXML; other kinds it does not open. */
	if (r == SL_OK && id->macro && !ooxml)
		r = report_macro(out);
	return r;
}

static int facts(struct filter_out *out, const struct identity *id, const char *vote)
{
	char number[16];
	int r = filter_out_fact(out, "type", id->type);

	if (r == SL_OK)
		r = filter_out_fact(out, "magic", vote);
	if (r == SL_OK && id->charset[0] != '\0')
		r = filter_out_fact(out, "charset", id->charset);
	if (r == SL_OK && id->macro)
		r = filter_out_fact(out, "macro", "1");
	if (r == SL_OK && id->container && id->reason[0] == '\0') {
		(void)snprintf(number, sizeof(number), "%u", id->members);
		r = filter_out_fact(out, "members", number);
		(void)snprintf(number, sizeof(number), "%u", id->entries);
		if (r == SL_OK)
			r = filter_out_fact(out, "entries", number);
	}
	if (r == SL_OK && id->revisions > 0) {
		(void)snprintf(number, sizeof(number), "%u", id->revisions);
		r = filter_out_fact(out, "revisions", number);
	}
	return r;
}

/* For libmagic a first byte of e9 is the jump that a COM program may begin with, and 通 in
 * UTF-8 begins with it: every long notice would be a program.  Later programs have a mark. */
static bool is_jump_only(const char *vote, const struct identity *id, const uint8_t *p,
			 size_t len)
{
	return strcmp(vote, "application/x-dosexec") == 0 && id->charset[0] != '\0' &&
	       len >= 2 && memcmp(p, "MZ", 2) != 0 && memcmp(p, "ZM", 2) != 0;
}

static int answer(struct filter_out *out, const struct filter_request *rq, const uint8_t *p,
		  size_t len)
{
	const struct identify_in in = {.p = p, .len = len, .name = rq->name};
	struct filter_object o = {.id = "0", .bytes = len};
	struct identity id;
	const char *vote;
	int r;

	identify(&in, &id);
	vote = len > 0 ? magic_buffer(cookie, p, len < MAGIC_HEAD ? len : MAGIC_HEAD) : "";
	if (vote == NULL || is_jump_only(vote, &id, p, len))
		vote = "";
	if (id.reason[0] == '\0' && !identify_vote_agrees(id.type, vote))
		id.reason = "polyglot";
	(void)snprintf(o.path, sizeof(o.path), "%s", rq->name);
	(void)snprintf(o.type, sizeof(o.type), "%s", id.type);
	(void)snprintf(o.reason, sizeof(o.reason), "%s", id.reason);
	o.state = id.reason[0] == '\0' ? OBJECT_INSPECTED : OBJECT_FAILED;
	r = filter_out_object(out, &o, NULL);
	if (r == SL_OK)
		r = facts(out, &id, vote);
	return r == SL_OK ? findings(out, rq, &id) : r;
}

static int type_run(int fd, const struct filter_request *rq, struct filter_out *out)
{
	size_t len = (size_t)rq->length;
	void *p;
	int r;

	if (len == 0)
		return answer(out, rq, (const uint8_t *)"", 0);
	p = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (p == MAP_FAILED)
		return SL_E_IO;
	r = answer(out, rq, p, len);
	(void)munmap(p, len);
	return r;
}

int main(int argc, char **argv)
{
	static const struct filter_ops ops = {
		.name = "type",
		.load = type_load,
		.version = type_version,
		.data = type_data,
		.run = type_run,
		.memory_bytes = UINT64_C(2) << 30,
	};

	return filter_main(&ops, argc, argv);
}
