/* test_policy_evasion.c - disguises: each variant of each text must still be found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "policy_kit.h"

enum { TEXT = 1024 };

static int stop(void **state)
{
	(void)state;
	kit_end();
	return 0;
}

struct target {
	const char *text;     /* what is disguised */
	const char *rules[3]; /* any of these finds it */
};

static const struct target targets[] = {
	{"机密★1年", {"SM-001", "SM-006", NULL}},
	{"绝密★长期", {"SM-001", "SM-006", NULL}},
	{"秘密★10年", {"SM-001", "SM-006", NULL}},
	{"内部资料", {"WS-002", NULL, NULL}},
	{"请勿外传", {"WS-002", NULL, NULL}},
	{"传达范围限于", {"WS-002", NULL, NULL}},
	{"349902199208031041", {"PI-001", NULL, NULL}},
	{"349901198705143123", {"PI-001", NULL, NULL}},
};

typedef void (*disguise)(const char *in, unsigned at, char *out);

/* Copy, putting `with` behind every character (at == 0) or behind the at-th only. */
static void put_between(const char *in, unsigned at, const char *with, char *out)
{
	size_t len = strlen(in), n = 0, used;
	unsigned k = 1;

	for (size_t i = 0; i < len; i += used, k++) {
		(void)text_decode(in + i, len - i, &used);
		memcpy(out + n, in + i, used);
		n += used;
		if (i + used < len && (at == 0 || at == k)) {
			memcpy(out + n, with, strlen(with));
			n += strlen(with);
		}
	}
	out[n] = '\0';
}

static void zero_width(const char *in, unsigned at, char *out)
{
	put_between(in, at, "\xe2\x80\x8b", out);
}
static void joiner(const char *in, unsigned at, char *out)
{
	put_between(in, at, "\xe2\x81\xa0", out);
}
static void soft_hyphen(const char *in, unsigned at, char *out)
{
	put_between(in, at, "\xc2\xad", out);
}
static void space(const char *in, unsigned at, char *out)
{
	put_between(in, at, " ", out);
}
static void wide_space(const char *in, unsigned at, char *out)
{
	put_between(in, at, "　", out);
}
static void dots(const char *in, unsigned at, char *out)
{
	put_between(in, at, "·", out);
}
static void hyphens(const char *in, unsigned at, char *out)
{
	put_between(in, at, "-", out);
}
static void underscores(const char *in, unsigned at, char *out)
{
	put_between(in, at, "__", out);
}
static void wrapped(const char *in, unsigned at, char *out)
{
	if (at == 0)
		put_between(in, 2, "\n", out);
	else
		put_between(in, at, "\n", out);
}
static void wrapped_indented(const char *in, unsigned at, char *out)
{
	put_between(in, at == 0 ? 2 : at, "\r\n  ", out);
}

static void full_width(const char *in, unsigned at, char *out)
{
	size_t len = strlen(in), n = 0, used;

	(void)at;
	for (size_t i = 0; i < len; i += used) {
		uint32_t cp = text_decode(in + i, len - i, &used);

		n += text_encode(cp > 0x20 && cp < 0x7f ? cp + 0xfee0 : cp, out + n);
	}
	out[n] = '\0';
}

/* Letters between Han characters, one or two. */
static void letters(const char *in, unsigned at, char *out)
{
	put_between(in, at, at % 2 == 0 ? "x" : "qz", out);
}

static bool is_number(const struct target *t)
{
	return t->text[0] >= '0' && t->text[0] <= '9';
}

static bool found(const struct target *t, const char *text)
{
	char whole[TEXT * 2];
	struct kit_scan s;

	(void)snprintf(whole, sizeof(whole), "云汀市公安局通知。\n请看：%s。\n特此通知。",
		       text);
	kit_text(whole, &s);
	for (int i = 0; i < 3 && t->rules[i] != NULL; i++) {
		if (kit_find(&s, t->rules[i]) != NULL)
			return true;
	}
	printf("missed: %s\n", text);
	return false;
}

static void disguises(void **state)
{
	static const struct {
		disguise fn;
		bool numbers; /* does it make sense for digits? */
	} all[] = {
		{zero_width, true},  {joiner, true},
		{soft_hyphen, true}, {space, true},
		{wide_space, true},  {dots, true},
		{hyphens, true},     {underscores, true},
		{wrapped, true},     {wrapped_indented, true},
		{full_width, true},  {letters, false},
	};
	unsigned tried = 0, missed = 0;

	(void)state;
	for (size_t t = 0; t < sizeof(targets) / sizeof(targets[0]); t++) {
		for (size_t d = 0; d < sizeof(all) / sizeof(all[0]); d++) {
			if (is_number(&targets[t]) && !all[d].numbers)
				continue;
			for (unsigned at = 0; at < 3; at++) {
				char text[TEXT];

				all[d].fn(targets[t].text, at, text);
				tried++;
				missed += !found(&targets[t], text);
			}
		}
	}
	printf("%u of %u disguises found\n", tried - missed, tried);
	assert_true(missed * 100 <= tried);
}

static void spellings(void **state)
{
	static const struct target rows[] = {
		{"機密★一年", {"SM-006", NULL, NULL}},
		{"絕密★長期", {"SM-006", NULL, NULL}},
		{"祕密★5年", {"SM-006", NULL, NULL}},
		{"jimi★1年", {"SM-006", NULL, NULL}},
		{"JUE MI★", {"SM-006", NULL, NULL}},
		{"木几密★1年", {"SM-006", NULL, NULL}},
		{"木几宓山", {"SM-006", NULL, NULL}},
		{"禾必密", {"SM-006", NULL, NULL}},
		{"內部資料", {"WS-002", NULL, NULL}},
		{"請勿外傳", {"WS-002", NULL, NULL}},
		{"傳達範圍限於", {"WS-002", NULL, NULL}},
		{"身份证三四九九〇二一九九二〇八〇三一〇四一", {"PI-001", NULL, NULL}},
		{"手机壹伍肆零零零零壹贰叁肆", {"PI-004", NULL, NULL}},
		{"手机𝟏𝟓𝟒𝟎𝟎𝟎𝟎𝟏𝟐𝟑𝟒", {"PI-004", NULL, NULL}},
		{"手机①⑤④⓪⓪⓪⓪①②③④", {"PI-004", NULL, NULL}},
		{"34052419800101001Х", {"PI-001", NULL, NULL}},
		{"34052419800101001Ⅹ", {"PI-001", NULL, NULL}},
		{"34052419800101001×", {"PI-001", NULL, NULL}},
	};
	unsigned missed = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		missed += !found(&rows[i], rows[i].text);
	assert_int_equal(missed, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(disguises),
		cmocka_unit_test(spellings),
	};

	return cmocka_run_group_tests(tests, NULL, stop);
}
