/* fold.c - the fold table, asked from ICU once so that scanning needs no ICU. */
#include "policy/fold.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/utrans.h>

#include "base/buf.h"
#include "base/text.h"

enum {
	POOL_MAX = 1 << 20,
	/* A few ligatures become whole sentences; nobody hides a word in them, and
	 * a page full of them must not blow up. */
	UNITS_MAX = 8,
};

/* Radicals that NFKC leaves alone, from U+2E80 on: what a reader sees in them. */
static const char *const supplement[0x80] = {
	[0x01] = "厂", [0x05] = "亻", [0x06] = "冂", [0x08] = "刀", [0x0a] = "卜",
	[0x0c] = "小", [0x0d] = "小", [0x0e] = "兀", [0x0f] = "尢", [0x10] = "尢",
	[0x12] = "巳", [0x13] = "幺", [0x15] = "彑", [0x16] = "忄", [0x17] = "心",
	[0x18] = "扌", [0x19] = "攵", [0x1c] = "曰", [0x1d] = "月", [0x1e] = "歹",
	[0x20] = "民", [0x21] = "氵", [0x22] = "水", [0x23] = "灬", [0x24] = "爫",
	[0x26] = "丬", [0x27] = "牛", [0x28] = "犭", [0x29] = "王", [0x2a] = "疋",
	[0x2b] = "目", [0x2c] = "示", [0x2d] = "礻", [0x2f] = "糸", [0x30] = "纟",
	[0x32] = "罒", [0x36] = "羊", [0x37] = "羊", [0x38] = "羊", [0x39] = "耂",
	[0x3b] = "聿", [0x3c] = "肉", [0x3d] = "臼", [0x3e] = "艹", [0x3f] = "艹",
	[0x40] = "艹", [0x41] = "虎", [0x42] = "衤", [0x43] = "覀", [0x44] = "西",
	[0x45] = "见", [0x46] = "角", [0x47] = "角", [0x48] = "讠", [0x49] = "贝",
	[0x4a] = "足", [0x4b] = "车", [0x4c] = "辶", [0x4d] = "辶", [0x4e] = "辶",
	[0x4f] = "阝", [0x50] = "钅", [0x51] = "长", [0x52] = "长", [0x53] = "长",
	[0x54] = "门", [0x55] = "阜", [0x56] = "阝", [0x57] = "雨", [0x58] = "青",
	[0x59] = "韦", [0x5a] = "页", [0x5b] = "风", [0x5c] = "飞", [0x5d] = "食",
	[0x5e] = "食", [0x5f] = "食", [0x60] = "饣", [0x61] = "首", [0x62] = "马",
	[0x63] = "骨", [0x64] = "鬼", [0x65] = "鱼", [0x66] = "鸟", [0x67] = "卤",
	[0x68] = "麦", [0x69] = "黄", [0x6a] = "黾", [0x6b] = "齐", [0x6c] = "齐",
	[0x6d] = "齿", [0x6e] = "齿", [0x6f] = "龙", [0x70] = "龙", [0x71] = "龟",
	[0x72] = "龟",
};

/* Letters that pass for Latin capitals or digits in a number. */
static const struct {
	uint16_t cp;
	char latin;
} homoglyphs[] = {
	{0x0391, 'A'}, {0x0392, 'B'}, {0x0395, 'E'}, {0x0396, 'Z'}, {0x0397, 'H'},
	{0x0399, 'I'}, {0x039a, 'K'}, {0x039c, 'M'}, {0x039d, 'N'}, {0x039f, 'O'},
	{0x03a1, 'P'}, {0x03a4, 'T'}, {0x03a5, 'Y'}, {0x03a7, 'X'}, {0x03bf, 'o'},
	{0x03bd, 'v'}, {0x0405, 'S'}, {0x0406, 'I'}, {0x0408, 'J'}, {0x0410, 'A'},
	{0x0412, 'B'}, {0x0415, 'E'}, {0x041a, 'K'}, {0x041c, 'M'}, {0x041d, 'H'},
	{0x041e, 'O'}, {0x0420, 'P'}, {0x0421, 'C'}, {0x0422, 'T'}, {0x0425, 'X'},
	{0x0430, 'a'}, {0x0435, 'e'}, {0x043e, 'o'}, {0x0440, 'p'}, {0x0441, 'c'},
	{0x0443, 'y'}, {0x0445, 'x'}, {0x0455, 's'}, {0x0456, 'i'}, {0x0458, 'j'},
};

/* Numbers in circles that NFKC leaves alone: the first code point of each row from 1 on. */
static const uint16_t circled[] = {0x2776, 0x2780, 0x278a, 0x24f5};

/* Stars that are drawn otherwise; ☆ and * stay, rules name them. */
static const uint16_t stars[] = {0x22c6, 0x2726, 0x2727, 0x2729, 0x272a, 0x272b, 0x272c, 0x272d,
				 0x272e, 0x272f, 0x2730, 0x2734, 0x2735, 0x2736, 0x2737, 0x2738,
				 0x2739, 0x273a, 0x2742, 0x2b50, 0x2b51, 0x2b52, 0x235f};

/* Forms of characters that are neither compatible nor traditional ones. */
static const struct {
	const char *form, *plain;
} variants[] = {
	{"囯", "国"}, {"囻", "国"}, {"峯", "峰"}, {"羣", "群"}, {"査", "查"}, {"戸", "户"},
	{"戶", "户"}, {"祕", "秘"}, {"衞", "卫"}, {"衛", "卫"}, {"爲", "为"}, {"眞", "真"},
	{"黒", "黑"}, {"鉄", "铁"}, {"図", "图"}, {"気", "气"}, {"変", "变"}, {"対", "对"},
	{"発", "发"}, {"駅", "驿"}, {"県", "县"}, {"関", "关"}, {"総", "总"}, {"経", "经"},
	{"権", "权"}, {"実", "实"}, {"証", "证"}, {"拠", "据"}, {"児", "儿"}, {"内", "内"},
	{"內", "内"}, {"呉", "吴"}, {"吳", "吴"}, {"髙", "高"}, {"﨑", "崎"}, {"咲", "笑"},
	{"畧", "略"}, {"綫", "线"}, {"啓", "启"}, {"啟", "启"}, {"勅", "敕"}, {"強", "强"},
	{"彊", "强"}, {"隣", "邻"}, {"隷", "隶"}, {"牀", "床"}, {"氷", "冰"}, {"㑹", "会"},
	{"伝", "传"}, {"広", "广"}, {"応", "应"}, {"検", "检"}, {"済", "济"}, {"単", "单"},
	{"戦", "战"}, {"価", "价"}, {"処", "处"}, {"団", "团"}, {"労", "劳"}, {"営", "营"},
	{"覧", "览"}, {"観", "观"}, {"訳", "译"}, {"釈", "释"}, {"沢", "泽"}, {"拝", "拜"},
	{"仮", "假"}, {"仏", "佛"}, {"両", "两"}, {"巻", "卷"},
};

struct builder {
	const UNormalizer2 *nfkc;
	UTransliterator *simplify;
	struct fold *f;
	struct buf pool;
};

int32_t fold_index(uint32_t cp)
{
	if (cp < FOLD_BMP)
		return (int32_t)cp;
	if (cp >= 0x1d400 && cp < 0x1d800) /* mathematical letters and digits */
		return (int32_t)(FOLD_BMP + cp - 0x1d400);
	if (cp >= 0x1f100 && cp < 0x1f200) /* enclosed letters */
		return (int32_t)(FOLD_BMP + 0x400 + cp - 0x1f100);
	if (cp >= 0x2f800 && cp < 0x2fa20) /* compatibility ideographs */
		return (int32_t)(FOLD_BMP + 0x500 + cp - 0x2f800);
	return -1;
}

static uint32_t code_point(unsigned i)
{
	if (i < FOLD_BMP)
		return i;
	i -= FOLD_BMP;
	return i < 0x400 ? 0x1d400 + i : i < 0x500 ? 0x1f100 + i - 0x400 : 0x2f800 + i - 0x500;
}

static bool is_han(uint32_t c)
{
	return (c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) || c >= 0x20000;
}

static enum fold_kind why_folded(uint32_t cp, uint32_t to)
{
	if (!u_isalnum((UChar32)to) && !is_han(to))
		return FOLD_PLAIN;
	if (cp >= 0xff10 && cp <= 0xff5a)
		return FOLD_FULLWIDTH;
	if ((cp >= 0x2e80 && cp <= 0x2fd5) || (cp >= 0xf900 && cp <= 0xfaff) || cp >= 0x2f800)
		return FOLD_RADICAL;
	return FOLD_COMPAT;
}

/* What ICU gives is well-formed UTF-16. */
static uint32_t next16(const UChar *u, int32_t n, int32_t *at)
{
	uint32_t c = u[(*at)++];

	if (c >= 0xd800 && c <= 0xdbff && *at < n)
		c = 0x10000 + ((c - 0xd800) << 10) + ((uint32_t)u[(*at)++] - 0xdc00);
	return c;
}

/* Append `n` UTF-16 units as UTF-8 and make them the entry. */
static void set_entry(struct builder *b, unsigned i, const UChar *u, int32_t n,
		      enum fold_kind kind)
{
	size_t start = b->pool.len;

	for (int32_t at = 0; at < n;) {
		uint32_t c = next16(u, n, &at);
		char utf8[4];

		buf_put(&b->pool, utf8, text_encode(c, utf8));
	}
	b->f->entry[i] =
		(uint32_t)start << 12 | (uint32_t)(b->pool.len - start) << 4 | (uint32_t)kind;
}

/* One code point: NFKC, then simplified form of what came out. */
static void fold_one(struct builder *b, unsigned i)
{
	uint32_t cp = code_point(i);
	UChar in[2], out[64];
	int32_t n_in = 0, n, limit, at = 0;
	UErrorCode e = U_ZERO_ERROR;
	enum fold_kind kind = FOLD_PLAIN;
	uint32_t first;

	U16_APPEND_UNSAFE(in, n_in, (UChar32)cp);
	n = unorm2_normalize(b->nfkc, in, n_in, out, 60, &e);
	if (U_FAILURE(e) || n == 0 || n > UNITS_MAX) {
		memcpy(out, in, sizeof(in));
		n = n_in;
	} else if (n != n_in || memcmp(in, out, (size_t)n * sizeof(UChar)) != 0) {
		kind = why_folded(cp, next16(out, n, &at));
	}
	at = 0;
	first = next16(out, n, &at);
	if (n <= 2 && is_han(first)) {
		UChar before[2] = {out[0], out[1]};

		limit = n;
		e = U_ZERO_ERROR;
		utrans_transUChars(b->simplify, out, &n, 64, 0, &limit, &e);
		if (kind == FOLD_PLAIN && memcmp(before, out, (size_t)n * sizeof(UChar)) != 0)
			kind = FOLD_TRADITIONAL;
	} else if (n == 1 && first > 0x7f &&
		   u_charType((UChar32)first) == U_DECIMAL_DIGIT_NUMBER) {
		out[0] = (UChar)('0' + u_charDigitValue((UChar32)first));
		kind = FOLD_DIGIT;
	}
	if (n != n_in || memcmp(in, out, (size_t)n * sizeof(UChar)) != 0)
		set_entry(b, i, out, n, kind);
}

static void fold_drop(struct fold *f, uint32_t from, uint32_t to)
{
	for (uint32_t cp = from; cp <= to; cp++)
		f->entry[cp] = FOLD_ZERO_WIDTH; /* length 0 */
}

/* inspection.md section 6, normalisation step 3: what nobody sees, variation selectors, and
 * marks that are drawn over the character before them (机 with a bar is still 机); the tags of
 * plane 14 are dropped by the reader itself. */
static void fold_ignorables(struct fold *f)
{
	for (uint32_t cp = 0; cp < FOLD_BMP; cp++) {
		if (text_is_invisible(cp))
			fold_drop(f, cp, cp);
	}
	fold_drop(f, 0x0300, 0x036f);
	fold_drop(f, 0x20d0, 0x20f0);
	fold_drop(f, 0xfe00, 0xfe0f);
}

static void fold_tables(struct builder *b)
{
	for (unsigned i = 0x80; i < FOLD_BMP + FOLD_EXTRA; i++) {
		if (i < 0xd800 || i > 0xdfff)
			fold_one(b, i);
	}
	for (unsigned i = 0; i < 0x80; i++) {
		if (supplement[i] != NULL) {
			size_t len = strlen(supplement[i]);

			b->f->entry[0x2e80 + i] =
				(uint32_t)b->pool.len << 12 | (uint32_t)len << 4 | FOLD_RADICAL;
			buf_put(&b->pool, supplement[i], len);
		}
	}
	for (size_t i = 0; i < sizeof(homoglyphs) / sizeof(homoglyphs[0]); i++) {
		UChar latin = (UChar)homoglyphs[i].latin;

		set_entry(b, homoglyphs[i].cp, &latin, 1, FOLD_HOMOGLYPH);
	}
	for (size_t i = 0; i < sizeof(stars) / sizeof(stars[0]); i++) {
		static const UChar star = 0x2605;

		set_entry(b, stars[i], &star, 1, FOLD_HOMOGLYPH);
	}
	for (unsigned i = 0; i < 9 * sizeof(circled) / sizeof(circled[0]); i++) {
		UChar digit = (UChar)('1' + i % 9);

		set_entry(b, circled[i / 9] + i % 9, &digit, 1, FOLD_COMPAT);
	}
	set_entry(b, 0x24ff, &(UChar){'0'}, 1, FOLD_COMPAT);
	for (size_t i = 0; i < sizeof(variants) / sizeof(variants[0]); i++) {
		const char *form = variants[i].form, *plain = variants[i].plain;
		uint32_t cp = text_decode(form, strlen(form), &(size_t){0});
		UChar to = (UChar)text_decode(plain, strlen(plain), &(size_t){0});

		if (cp < FOLD_BMP && cp != to)
			set_entry(b, cp, &to, 1, FOLD_TRADITIONAL);
	}
	fold_ignorables(b->f);
}

int fold_new(struct fold **ret_f, struct sl_why *why)
{
	static const UChar id[] = u"Traditional-Simplified";
	struct builder b = {0};
	UErrorCode e = U_ZERO_ERROR;
	size_t len;
	int r;

	buf_init(&b.pool, POOL_MAX);
	b.f = calloc(1, sizeof(*b.f));
	b.nfkc = unorm2_getNFKCInstance(&e);
	b.simplify = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &e);
	if (b.f == NULL) {
		r = SL_E_NOMEM;
		goto out;
	}
	if (U_FAILURE(e)) {
		r = why_set(why, SL_E_INTERNAL, "ICU has no normalisation data: %s",
			    u_errorName(e));
		goto out;
	}
	fold_tables(&b);
	r = buf_error(&b.pool);
	if (r != SL_OK)
		goto out;
	b.f->pool = (char *)buf_take(&b.pool, &len);
	*ret_f = b.f;
	b.f = NULL; /* moved */
out:
	if (b.simplify != NULL)
		utrans_close(b.simplify);
	buf_release(&b.pool);
	fold_free(b.f);
	return r;
}

void fold_free(struct fold *f)
{
	if (f == NULL)
		return;
	free(f->pool);
	free(f);
}
