/* spill_open.c - ask, confirm, open: three runs by two officers.
 *
 *   A: open D --reason T                          signs the request
 *   B: open D --reason T --seal-key KB --with A   confirms; leaves his share, sealed to A
 *   A: open D --seal-key KA --into DIR            opens on his own machine
 *
 * The desk is not trusted with anything in the clear: bodies travel sealed to all officers, the
 * share sealed to A's key in the file B names.  What was opened is compared with the hash. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "crypto/seal.h"
#include "spill.h"

enum { FILES_MAX = 64, SHARE_MAX = 4096 };

static int ask_passphrase(const char *path, char *out, size_t cap)
{
	char prompt[512];

	(void)snprintf(prompt, sizeof(prompt), _("Passphrase for %s"), path);
	return cli_passphrase(prompt, out, cap);
}

/* Descriptor of the sealed file in memory, or an error. */
static int fetch(struct session *s, int64_t number, int64_t file, struct sl_why *why)
{
	int fd = memfd_create("sealed", MFD_CLOEXEC), r = fd < 0 ? sl_err_errno(errno) : SL_OK;
	int64_t offset = 0;
	bool done = false;

	while (r == SL_OK && !done) {
		struct wire_reply reply = {0};
		json_t *args = json_pack("{s:I,s:I,s:I}", "number", (json_int_t)number, "file",
					 (json_int_t)file, "offset", (json_int_t)offset);

		r = wire_ask(s->wire, "spill.get", args, NULL, 0, &reply, why);
		if (r == SL_OK &&
		    (!json_bool(reply.result, "done", &done) || (!done && reply.data.len == 0)))
			r = SL_E_FORMAT;
		if (r == SL_OK)
			r = file_write_all(fd, reply.data.data, reply.data.len);
		offset += (int64_t)reply.data.len;
		wire_reply_release(&reply);
		json_decref(args);
	}
	if (r == SL_OK)
		return fd;
	file_close(fd);
	return r;
}

/* My share of one file, sealed to the first officer, as hex. */
static int add_share(struct session *s, int64_t number, int64_t file, const struct key *mine,
		     const uint8_t to[KEY_PUBLIC], json_t *shares, struct sl_why *why)
{
	char hex[2 * SHARE_MAX + 1];
	struct buf share, boxed;
	int fd = fetch(s, number, file, why), r = fd < 0 ? fd : SL_OK;

	buf_init(&share, SHARE_MAX);
	buf_init(&boxed, SHARE_MAX);
	if (r == SL_OK)
		r = seal_share(fd, mine, &share, why);
	if (r == SL_OK)
		r = seal_box(to, share.data, share.len, &boxed);
	if (r == SL_OK) {
		text_hex(boxed.data, boxed.len, hex);
		r = json_array_append_new(shares, json_string(hex)) == 0 ? SL_OK : SL_E_NOMEM;
	}
	buf_wipe(&share);
	buf_release(&boxed);
	file_close(fd);
	return r;
}

static int leave_share(struct session *s, const char *with, int64_t number, int64_t files,
		       const struct key *mine, struct sl_why *why)
{
	json_t *shares = json_array(), *args = NULL;
	struct wire_reply reply = {0};
	uint8_t to[KEY_PUBLIC];
	enum key_use use;
	struct buf text;
	int r = key_read_public(with, to, &use, why);

	buf_init(&text, 256 << 10);
	if (r == SL_OK && use != KEY_SEAL)
		r = why_set(why, SL_E_DENIED, _("%s is no seal key"), with);
	for (int64_t i = 0; r == SL_OK && i < files; i++)
		r = add_share(s, number, i, mine, to, shares, why);
	if (r == SL_OK)
		r = json_compact(shares, &text);
	if (r == SL_OK)
		args = json_pack("{s:I,s:s}", "number", (json_int_t)number, "share",
				 buf_str(&text));
	if (r == SL_OK)
		r = args == NULL ? SL_E_NOMEM
				 : wire_ask(s->wire, "spill.share", args, NULL, 0, &reply, why);
	wire_reply_release(&reply);
	json_decref(args);
	json_decref(shares);
	buf_release(&text);
	return r;
}

static bool is_listed(const json_t *row, const uint8_t digest[HASH_LEN])
{
	char hex[HASH_HEX + 1];
	const json_t *h;
	bool found = false;
	size_t i;

	text_hex(digest, HASH_LEN, hex);
	json_array_foreach(json_arr(row, "sha256"), i, h) found |=
		json_is_string(h) && strcmp(json_string_value(h), hex) == 0;
	return found;
}

static int open_one(struct session *s, const json_t *row, int64_t number, int64_t file,
		    const struct key *mine, const char *theirs, int dir, struct sl_why *why)
{
	uint8_t raw[SHARE_MAX], digest[HASH_LEN];
	int fd = fetch(s, number, file, why), out = -1, r = fd < 0 ? fd : SL_OK;
	size_t n = theirs != NULL ? strlen(theirs) / 2 : 0;
	uint64_t len = 0;
	struct buf a, b;
	char name[64];

	buf_init(&a, SHARE_MAX);
	buf_init(&b, SHARE_MAX);
	(void)snprintf(name, sizeof(name), "%.24s-%lld.opened", json_str(row, "draft"),
		       (long long)file);
	if (r == SL_OK)
		r = seal_share(fd, mine, &a, why);
	if (r == SL_OK && (n == 0 || n > sizeof(raw) || !text_unhex(theirs, 2 * n, raw, n)))
		r = why_set(why, SL_E_FORMAT, _("the second officer's share is damaged"));
	if (r == SL_OK)
		r = seal_box_open(mine, raw, n, &b);
	if (r == SL_OK) {
		out = openat(dir, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
			     0600);
		r = out < 0 ? why_set(why, sl_err_errno(errno), "%s: %s", name, strerror(errno))
			    : seal_open(fd, &a, &b, out, why);
	}
	if (r == SL_OK && lseek(out, 0, SEEK_SET) != 0)
		r = SL_E_IO;
	if (r == SL_OK)
		r = hash_fd(out, digest, &len);
	if (r == SL_OK && !is_listed(row, digest))
		r = why_set(why, SL_E_SIGNATURE, _("it is not the file that spilled"));
	if (r != SL_OK && out >= 0)
		(void)unlinkat(dir, name, 0);
	buf_wipe(&a);
	buf_wipe(&b);
	file_close(out);
	file_close(fd);
	return r;
}

static int open_all(const char *into, struct session *s, const json_t *row, int64_t number,
		    int64_t files, const struct key *mine, struct sl_why *why)
{
	json_t *args = json_pack("{s:I}", "number", (json_int_t)number), *shares = NULL;
	struct wire_reply reply = {0};
	const char *text;
	int dir = -1, r = wire_ask(s->wire, "spill.share", args, NULL, 0, &reply, why);

	text = json_str(reply.result, "share");
	if (r == SL_OK)
		r = text == NULL ? SL_E_FORMAT
				 : json_parse(text, strlen(text), 256 << 10, &shares);
	if (r == SL_OK && mkdir(into, 0700) != 0)
		r = why_set(why, sl_err_errno(errno),
			    _("%s must be a directory that is not there yet"), into);
	if (r == SL_OK)
		r = dir = file_open_dir(AT_FDCWD, into);
	r = dir >= 0 ? SL_OK : r;
	for (int64_t i = 0; r == SL_OK && i < files; i++)
		r = open_one(s, row, number, i, mine,
			     json_string_value(json_array_get(shares, (size_t)i)), dir, why);
	file_close(dir);
	json_decref(shares);
	json_decref(args);
	wire_reply_release(&reply);
	return r;
}

static int load_seal_key(const struct cli *c, struct key **ret_k, struct sl_why *why)
{
	const char *path = cli_value(c, "seal-key");

	return path != NULL ? key_load(path, KEY_SEAL, ask_passphrase, ret_k, why)
			    : why_set(why, SL_E_USAGE,
				      _("your seal key is needed: --seal-key "
					"FILE"));
}

/* The second officer; also again, when the share did not get through. */
static int second(const struct cli *c, struct session *s, const json_t *row,
		  const json_t *order, json_t **ret, struct sl_why *why)
{
	const char *with = cli_value(c, "with"), *state = json_str(order, "state");
	int64_t number = 0, files = 0;
	struct key *mine = NULL;
	int r = with == NULL ? why_set(why, SL_E_USAGE,
				       _("name the first officer's public seal key: --with "
					 "FILE.pub"))
			     : load_seal_key(c, &mine, why);

	(void)json_i64(order, "number", &number);
	(void)json_i64(row, "files", &files);
	if (r == SL_OK && (files < 1 || files > FILES_MAX))
		r = SL_E_LIMIT;
	if (r == SL_OK && state != NULL && strcmp(state, "requested") == 0)
		r = spill_sign(s, row, "open", cli_value(c, "reason"), order, ret, why);
	if (r == SL_OK)
		r = leave_share(s, with, number, files, mine, why);
	key_free(mine);
	return r;
}

static int first(const struct cli *c, struct session *s, const json_t *row, const json_t *order,
		 struct sl_why *why)
{
	const char *into = cli_value(c, "into"), *state = json_str(order, "state");
	int64_t number = 0, files = 0;
	struct key *mine = NULL;
	int r = SL_OK;

	if (state == NULL || strcmp(state, "confirmed") != 0)
		return why_set(why, SL_E_DENIED,
			       _("another secrecy officer has not confirmed it yet; one alone "
				 "opens nothing"));
	if (into == NULL)
		return why_set(why, SL_E_USAGE, _("--into DIR is needed"));
	(void)json_i64(order, "number", &number);
	(void)json_i64(row, "files", &files);
	if (files < 1 || files > FILES_MAX)
		return SL_E_LIMIT;
	r = load_seal_key(c, &mine, why);
	if (r == SL_OK)
		r = open_all(into, s, row, number, files, mine, why);
	key_free(mine);
	if (r == SL_OK && !c->json)
		printf(_("Opened in %s. Delete it when the matter is closed.\n"), into);
	return r;
}

int spill_open(const struct cli *c, struct session *s, const json_t *row, json_t **ret,
	       struct sl_why *why)
{
	const json_t *order = spill_pending(row, "open");
	const char *asked = json_str(order, "first");

	if (order == NULL)
		return spill_sign(s, row, "open", cli_value(c, "reason"), NULL, ret, why);
	if (asked != NULL && strcmp(asked, s->config->person) == 0)
		return first(c, s, row, order, why);
	return second(c, s, row, order, ret, why);
}
