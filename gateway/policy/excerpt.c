/* excerpt.c - the mask forms of the bulletins cited in the packs.
 *
 * A rule that has no mask of its own shows its text as it is; the caller takes
 * care of identifiers of other rules inside it. */
#include "policy/excerpt.h"

#include <stdbool.h>
#include <string.h>

#include "base/text.h"

enum { UNITS = 200 };

struct units { /* the first code points of a text */
	uint32_t cp[UNITS];
	size_t n;
};

static void split(const char *text, size_t len, struct units *u)
{
	size_t used;

	u->n = 0;
	for (size_t i = 0; i < len && u->n < UNITS; i += used)
		u->cp[u->n++] = text_decode(text + i, len - i, &used);
}

static void join(const struct units *u, char *out, size_t cap)
{
	char utf8[UNITS * 4];
	size_t n = 0;

	for (size_t i = 0; i < u->n; i++)
		n += text_encode(u->cp[i] == TEXT_BAD ? 0xfffd : u->cp[i], utf8 + n);
	(void)text_safe(utf8, n, out, cap);
}

static bool is_alnum(uint32_t cp)
{
	return (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') || (cp >= 'a' && cp <= 'z');
}

/* Without separators: "3499 0219…" has the same mask as "34990219…". */
static void squeeze(struct units *u)
{
	size_t n = 0;

	for (size_t i = 0; i < u->n; i++) {
		if (u->cp[i] > 0x7f || is_alnum(u->cp[i]) || u->cp[i] == '*')
			u->cp[n++] = u->cp[i];
	}
	u->n = n;
}

/* Leave `head` and `tail` units, but never more than half of all. */
static void keep_ends(struct units *u, size_t head, size_t tail)
{
	if (head + tail > u->n / 2)
		head = tail = u->n / 4;
	for (size_t i = head; i + tail < u->n; i++)
		u->cp[i] = '*';
}

/* Street level: everything from the first number on is hidden. */
static void mask_address(struct units *u)
{
	size_t i = 0;

	while (i < u->n && !is_alnum(u->cp[i]))
		i++;
	for (; i < u->n; i++)
		u->cp[i] = '*';
}

static void mask_email(struct units *u)
{
	for (size_t i = 1; i < u->n && u->cp[i] != '@'; i++)
		u->cp[i] = '*';
}

/* The name stands at the end of the match: 被害人周若宁 -> 被害人周**. */
static void mask_name(struct units *u, uint32_t with)
{
	size_t given = u->n >= 3 ? u->n - 2 : 1;

	for (size_t i = given; i < u->n; i++)
		u->cp[i] = with;
}

static void mask_date(struct units *u)
{
	for (size_t i = 0; i < u->n; i++) {
		if (is_alnum(u->cp[i]))
			u->cp[i] = '*';
	}
}

void excerpt_mask(enum mask mask, const char *text, size_t len, char *out, size_t cap)
{
	struct units u;

	split(text, len, &u);
	if (mask == MASK_ID || mask == MASK_PHONE || mask == MASK_CARD || mask == MASK_PLATE)
		squeeze(&u);
	switch (mask) {
	case MASK_ID:
	case MASK_CARD:
		keep_ends(&u, 4, 4);
		break;
	case MASK_PHONE:
		keep_ends(&u, 3, 2);
		break;
	case MASK_PLATE:
		keep_ends(&u, 2, 0);
		break;
	case MASK_NAME:
		mask_name(&u, '*');
		break;
	case MASK_ADDRESS:
		mask_address(&u);
		break;
	case MASK_EMAIL:
		mask_email(&u);
		break;
	case MASK_DATE:
		mask_date(&u);
		break;
	case MASK_ALL:
		keep_ends(&u, 0, 0);
		break;
	case MASK_NONE:
	case MASK_COUNT:
		break;
	}
	join(&u, out, cap);
}

static void fill(struct units *u, size_t from, size_t to)
{
	for (size_t i = from; i < to && i < u->n; i++)
		u->cp[i] = '*';
}

void excerpt_fix(enum mask mask, const char *text, size_t len, char *out, size_t cap)
{
	struct units u;

	split(text, len, &u);
	switch (mask) {
	case MASK_ID: /* 35*************123 */
		squeeze(&u);
		fill(&u, 2, u.n > 3 ? u.n - 3 : u.n);
		break;
	case MASK_PHONE: /* 138****1234 */
		squeeze(&u);
		fill(&u, 3, u.n > 4 ? u.n - 4 : u.n);
		break;
	case MASK_CARD:
		squeeze(&u);
		fill(&u, 0, u.n > 4 ? u.n - 4 : u.n);
		break;
	case MASK_NAME:
		mask_name(&u, 0x67d0 /* 某 */);
		break;
	case MASK_ADDRESS: {
		size_t i = 0;

		while (i < u.n && !is_alnum(u.cp[i]))
			i++;
		u.n = i;
		break;
	}
	default:
		excerpt_mask(mask, text, len, out, cap);
		return;
	}
	join(&u, out, cap);
}
