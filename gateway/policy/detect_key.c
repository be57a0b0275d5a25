/* detect_key.c - secrets that open something: passwords, tokens, private keys.
 *
 * Code and manuals are full of words like password=; a value counts when it looks as if
 * it had been made up for use. */
#include <string.h>

#include "policy/detect.h"

enum { TOKEN_MIN = 16, KINDS_MIN = 2, VARIETY_MIN = 10 };

static const char *const examples[] = {"example", "EXAMPLE",	 "xxxx", "XXXX", "your",
				       "YOUR",	  "changeme",	 "****", "<",	 "$",
				       "{",	  "placeholder", NULL};

/* What stands behind the word, the colon or 为; without those, behind the Han characters. */
static struct extent value_of(const struct match *m)
{
	struct extent e = match_text(m);
	size_t i = 0;

	while (i < e.len && e.text[i] != ':' && e.text[i] != '=' &&
	       !(e.len - i > 3 && memcmp(e.text + i, "为", 3) == 0))
		i++;
	i = i < e.len ? i : 0;
	while (i < e.len &&
	       (strchr(":= \"'", e.text[i]) != NULL || (unsigned char)e.text[i] >= 0x80))
		i++;
	return (struct extent){e.text + i, e.len - i};
}

/* Different bytes in the value: words repeat few letters, made-up keys do not. */
static unsigned variety(struct extent e)
{
	bool seen[256] = {false};
	unsigned n = 0;

	for (size_t i = 0; i < e.len; i++) {
		n += !seen[(unsigned char)e.text[i]];
		seen[(unsigned char)e.text[i]] = true;
	}
	return n;
}

static unsigned kinds(struct extent e)
{
	bool digit = false, lower = false, upper = false, other = false;

	for (size_t i = 0; i < e.len; i++) {
		char c = e.text[i];

		digit |= c >= '0' && c <= '9';
		lower |= c >= 'a' && c <= 'z';
		upper |= c >= 'A' && c <= 'Z';
		other |= strchr("!@#$%^&*?~", c) != NULL;
	}
	return (unsigned)digit + lower + upper + other;
}

/* Trigger: password= and what follows.  Format strings and field names have no
 * digit; a password that anyone may type has one nearly always. */
bool detect_key_password(struct match *m)
{
	struct extent e = value_of(m);
	bool digit = false;

	for (size_t i = 0; i < e.len; i++)
		digit |= e.text[i] >= '0' && e.text[i] <= '9';
	if (!digit || match_any(e, examples) != NULL)
		return false;
	match_evidence(m, "value");
	m->score = SCORE_MEDIUM;
	return true;
}

/* Trigger: a word such as 密钥 or token and a long value. */
bool detect_key_token(struct match *m)
{
	struct extent e = value_of(m);

	if (e.len < TOKEN_MIN || match_any(e, examples) != NULL || kinds(e) < KINDS_MIN ||
	    variety(e) < VARIETY_MIN)
		return false;
	match_evidence(m, "value,random");
	m->score = SCORE_MEDIUM;
	return true;
}
