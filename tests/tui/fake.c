/* fake.c - recorded answers in the place of the wire. */
#include "fake.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assure.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "crypto/hash.h"
#include "trust/policy_trust.h"
#include "wire/client.h"

enum { ANSWERS_MAX = 16 << 20 };

static json_t *answers;
static int64_t now = 1795770000; /* 2026-11-27T09:00:00Z */
static unsigned many, asked;
static bool gone;
static int64_t later_ms;

int __wrap_wire_ask(struct wire_client *c, const char *op, const json_t *args, const void *data,
		    size_t data_len, struct wire_reply *ret, struct sl_why *why);
int __wrap_wire_call(struct wire_client *c, const char *op, const json_t *args,
		     const void *data, size_t data_len, int timeout_ms, struct wire_reply *ret,
		     struct sl_why *why);
int64_t __wrap_clock_now(void);
int64_t __wrap_clock_mono_ms(void);
int64_t __real_clock_mono_ms(void);
int __wrap_wire_client_open(const struct client_config *c, const struct key *k,
			    struct wire_client **ret_c, struct sl_why *why);
int64_t __wrap_clock_now_ms(void);
int __wrap_policy_trust_get(struct session *s, struct roster **ret_r, char ret_sha256[65],
			    struct sl_why *why);
int __wrap_assure_report(struct session *s, const struct review_case *c,
			 struct recompare *found, struct assurance *ret, struct sl_why *why);

/* {"repeat": "x", "times": 3, "first": "a"?, "last": "b"?} -> "axxxb": long texts in a short
 * file. */
static json_t *repeated(const json_t *j)
{
	const char *text = json_str(j, "repeat");
	const char *first = json_str(j, "first"), *last = json_str(j, "last");
	int64_t times = 0;
	struct buf b;
	json_t *out;

	if (text == NULL || !json_i64(j, "times", &times))
		return NULL;
	buf_init(&b, ANSWERS_MAX);
	buf_puts(&b, first != NULL ? first : "");
	for (int64_t i = 0; i < times; i++)
		buf_puts(&b, text);
	buf_puts(&b, last != NULL ? last : "");
	out = json_string(buf_str(&b));
	buf_release(&b);
	return out;
}

static void expand(json_t *j)
{
	const char *key;
	json_t *each, *long_text;
	size_t i;

	json_array_foreach(j, i, each) expand(each);
	json_object_foreach(j, key, each)
	{
		long_text = repeated(each);
		if (long_text != NULL)
			(void)json_object_set_new(j, key, long_text);
		else
			expand(each);
	}
}

void fake_answers(const char *path)
{
	struct buf b;

	json_decref(answers);
	answers = NULL;
	buf_init(&b, ANSWERS_MAX);
	if (file_read(AT_FDCWD, path, ANSWERS_MAX, &b) != SL_OK ||
	    json_parse(b.data, b.len, ANSWERS_MAX, &answers) != SL_OK) {
		(void)fprintf(stderr, "%s cannot be read\n", path);
		exit(2);
	}
	buf_release(&b);
	expand(answers);
}

void fake_many(unsigned n)
{
	many = n;
}
void fake_gone(bool is_gone)
{
	gone = is_gone;
}
void fake_clock(int64_t t)
{
	now = t;
}
void fake_later(int64_t seconds)
{
	later_ms += seconds * 1000;
}
unsigned fake_asked(void)
{
	return asked;
}

void fake_release(void)
{
	json_decref(answers);
	answers = NULL;
	fake_again_release();
}

/* The key in a file, for who locks the terminal and comes back; only on demand, as its
 * passphrase is slow on purpose. */
static char *fake_key_file(const struct key *k, const char *home)
{
	const char *how = getenv("SL_TUI_KEY");
	char path[512];

	if (how == NULL)
		return NULL;
	(void)snprintf(path, sizeof(path), "%s/key", home);
	if (key_write(k, path, strcmp(how, "plain") == 0 ? NULL : "open sesame") != SL_OK)
		abort();
	return strdup(path);
}

void fake_session(struct session *ret_s, const char *home)
{
	static const uint8_t seed[32] = {7, 7, 7};
	struct client_config *c = calloc(1, sizeof(*c));
	const char *recheck = getenv("SL_TUI_RECHECK");

	if (c == NULL || crypto_start() != SL_OK ||
	    key_generate(KEY_DSSE_REVIEWER, seed, &ret_s->key) != SL_OK)
		abort();
	c->person = strdup("p-07");
	c->unit = strdup("u-20");
	c->cache = strdup(home);
	c->recheck = strdup(recheck != NULL ? recheck : "off");
	c->key = fake_key_file(ret_s->key, home);
	ret_s->config = c;
	ret_s->wire = NULL;
}

/* Draft number i of the many, as the desk would list it. */
static json_t *made_up(unsigned i)
{
	static const char *const worst[] = {"", "S1", "S2", "S3"};
	char id[24], title[80], due[CLOCK_TEXT + 1], changed[CLOCK_TEXT + 1], unit[16];

	(void)snprintf(id, sizeof(id), "D-2026-%06u", i + 1);
	(void)snprintf(title, sizeof(title), "第 %u 号施工通告", i + 1);
	(void)snprintf(unit, sizeof(unit), "u-%02u", i % 31);
	clock_format(now + (int64_t)i * 60 - 7200, due);
	clock_format(now - (int64_t)(i % 5000) * 61, changed);
	return json_pack("{s:s,s:i,s:s,s:s,s:s,s:s,s:[ss],s:s,s:i,s:s,s:s,s:s,s:s}", "draft",
			 id, "revision", 1, "title", title, "state", "IN_REVIEW", "verdict",
			 "review", "route", "A", "missing", "liaison", "desk", "due", due,
			 "findings", (int)(i % 7), "worst", worst[i % 4], "unit", unit,
			 "author", "p-31", "changed", changed);
}

static json_t *many_window(const json_t *args)
{
	int64_t limit = many, offset = 0;
	json_t *list = json_array();

	(void)json_i64(args, "limit", &limit);
	(void)json_i64(args, "offset", &offset);
	for (int64_t i = offset; i < (int64_t)many && i < offset + limit; i++)
		(void)json_array_append_new(list, made_up((unsigned)i));
	return json_pack("{s:o,s:I,s:I}", "drafts", list, "total", (json_int_t)many, "offset",
			 (json_int_t)offset);
}

static bool fits(const json_t *row, const char *op, const json_t *args)
{
	const char *name = json_str(row, "op"), *key;
	const json_t *want;
	json_t *each;
	int64_t times = 1;
	union {
		const json_t *in;
		json_t *out;
	} wanted;

	if (name == NULL || strcmp(name, op) != 0)
		return false;
	if (json_i64(row, "times", &times) && times == 0)
		return false;
	wanted.in = json_obj(row, "args");
	json_object_foreach(wanted.out, key, each)
	{
		want = json_object_get(args, key);
		if (want == NULL || !json_equal(each, want))
			return false;
	}
	return true;
}

static void put_data(const json_t *row, struct wire_reply *ret)
{
	const char *text = json_str(row, "data"), *hex = json_str(row, "data_hex");

	buf_init(&ret->data, ANSWERS_MAX);
	if (text != NULL)
		buf_puts(&ret->data, text);
	for (size_t i = 0; hex != NULL && hex[i] != '\0' && hex[i + 1] != '\0'; i += 2) {
		uint8_t byte = 0;

		(void)text_unhex(hex + i, 2, &byte, 1);
		buf_put(&ret->data, &byte, 1);
	}
}

static void answer(json_t *row, struct wire_reply *ret)
{
	const char *error = json_str(row, "error");
	int64_t times;

	if (json_i64(row, "times", &times) && times > 0)
		(void)json_object_set_new(row, "times", json_integer(times - 1));
	put_data(row, ret);
	ret->result = json_obj(row, "result") != NULL ? json_deep_copy(json_obj(row, "result"))
						      : json_object();
	if (error == NULL)
		return;
	ret->error = sl_err_from_name(error);
	(void)why_set(&ret->why, ret->error, "%s",
		      json_str(row, "why") != NULL ? json_str(row, "why") : error);
}

int __wrap_wire_call(struct wire_client *c, const char *op, const json_t *args,
		     const void *data, size_t data_len, int timeout_ms, struct wire_reply *ret,
		     struct sl_why *why)
{
	json_t *row;
	size_t i;

	(void)c;
	(void)data;
	(void)data_len;
	(void)timeout_ms;
	asked++;
	memset(ret, 0, sizeof(*ret));
	if (!gone && many > 0 && strcmp(op, "review.list") == 0) {
		ret->result = many_window(args);
		buf_init(&ret->data, 1);
		return SL_OK;
	}
	json_array_foreach(json_object_get(answers, "answers"), i, row)
	{
		if (!gone && fits(row, op, args)) {
			answer(row, ret);
			return SL_OK;
		}
	}
	return why_set(why, SL_E_UNREACHABLE, "ipc:///desk: the gateway is not there (%s)", op);
}

int __wrap_wire_ask(struct wire_client *c, const char *op, const json_t *args, const void *data,
		    size_t data_len, struct wire_reply *ret, struct sl_why *why)
{
	struct wire_reply rp = {0};
	int r = __wrap_wire_call(c, op, args, data, data_len, 0, &rp, why);

	if (r == SL_OK && rp.error != SL_OK) {
		r = why_set(why, rp.error, "%s", why_text(&rp.why, rp.error));
		wire_reply_release(&rp);
	}
	if (r == SL_OK)
		*ret = rp;
	return r;
}

/* Recorded answers are signed by nobody: what is proved of real ones is
 * tests/attack/P24-approval-policy.sh and those after it. */
int __wrap_policy_trust_get(struct session *s, struct roster **ret_r, char ret_sha256[65],
			    struct sl_why *why)
{
	struct wire_reply reply = {0};
	int r = __wrap_wire_ask(s->wire, "policy.get", NULL, NULL, 0, &reply, why);

	if (r == SL_OK)
		r = roster_parse(reply.data.data, reply.data.len, ret_r, why);
	if (r == SL_OK)
		text_hex(roster_digest(*ret_r), HASH_LEN, ret_sha256);
	wire_reply_release(&reply);
	return r;
}

int __wrap_assure_report(struct session *s, const struct review_case *c,
			 struct recompare *found, struct assurance *ret, struct sl_why *why)
{
	(void)s;
	(void)c;
	(void)found;
	(void)why;
	*ret = (struct assurance){.proved = true};
	return SL_OK;
}

int64_t __wrap_clock_now(void)
{
	return now;
}
int64_t __wrap_clock_mono_ms(void)
{
	return __real_clock_mono_ms() + later_ms;
}

int __wrap_wire_client_open(const struct client_config *c, const struct key *k,
			    struct wire_client **ret_c, struct sl_why *why)
{
	(void)c;
	(void)k;
	(void)why;
	*ret_c = NULL;
	return SL_OK;
}

int64_t __wrap_clock_now_ms(void)
{
	return now * 1000;
}
