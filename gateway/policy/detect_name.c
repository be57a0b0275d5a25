/* detect_name.c - personal names: a surname of the list, one or two characters,
 * and then something that no name goes on with.
 *
 * The traps are function words that begin like a surname (当事人陈述, 申请人应当);
 * characters that no given name has, a list of such words, and what follows the
 * name keep them out. */
#include <string.h>

#include "base/text.h"
#include "policy/detect.h"

enum {
	NEAR = 30,
	FULL_NAME = 9, /* bytes: three characters */
	ROSTER = 120,
	ROSTER_NAMES = 2,
};

/* No given name contains these: they are grammar, law or the mask itself. */
static const char not_given[] =
	"的了在是有不或及与等对被将当须该此所者人于由从把到说称问请某何各每他她它我你您们这那些"
	"只都也就又再还很最无未已因但且则虽述证据害提出供报警告诉讼辩见间期号电话手机住址身份户"
	"籍";

static bool in_text(const char *list, uint32_t cp)
{
	char utf8[4];
	size_t n = text_encode(cp, utf8);

	return n > 0 && memmem(list, strlen(list), utf8, n) != NULL;
}

static bool in_bits(const uint64_t bits[1024], uint32_t cp)
{
	return cp < 0x10000 && (bits[cp / 64] >> (cp % 64) & 1) != 0;
}

/* "付一×", "向思1某": what courts put where the name goes on. */
static bool is_mask(struct extent rest)
{
	static const char *const masks[] = {"×", "*", "○", "某", NULL};

	while (rest.len > 0 && rest.text[0] >= '0' && rest.text[0] <= '9') {
		rest.text++;
		rest.len--;
	}
	return match_starts(rest, masks) != NULL;
}

/* What may follow a full name: punctuation, or one of these words. */
static bool ends_name(const struct match *m, size_t at)
{
	static const char *const next[] = {
		"男",	"女",	"系",	"的",	"在",	"于",	"称",	"说",	  "表示",
		"报警", "与",	"和",	"及",	"手机", "电话", "住",	"身份证", "公民",
		"被",	"等",	"向",	"因",	"现",	"到",	"将",	"、",	  "(",
		"出生", "反映", "发现", "受",	"遭",	"死",	"为",	"从",	  "已",
		"随",	"带",	"诉",	"同意", "指认", "提供", "举报", "检举",	  "控告",
		"解救", "获救", "长期", "由",	"之",	"家",	"自述", "陈述",	  "患",
		"确诊", "曾",	"至今", "每日", "实行", NULL};
	struct extent rest = {m->view->text + at, m->view->len - at};
	size_t pos = 0;
	uint32_t cp = match_next(rest, &pos);

	if (is_mask(rest))
		return false;
	return !match_is_han(cp) || match_starts(rest, next) != NULL;
}

/* Characters of a given name: 1 or 2 Han that are no grammar. */
static size_t given_at(const struct match *m, size_t at, size_t ret_end[2])
{
	struct extent rest = {m->view->text + at, m->view->len - at};
	size_t pos = 0, n = 0;

	while (n < 2) {
		uint32_t cp = match_next(rest, &pos);

		if (!match_is_han(cp) || in_text(not_given, cp))
			break;
		ret_end[n++] = at + pos;
	}
	return n;
}

/* 王先生, 李女士: a form of address hides the given name. */
static bool is_title(const struct match *m, size_t at)
{
	static const char *const titles[] = {
		"先生", "女士", "同志", "师傅", "老师", "警官", "小姐", "大爷", "大妈",
		"阿姨", "奶奶", "爷爷", "大婶", "大哥", "大姐", "大叔", "大嫂", "干部",
		"老板", "医生", "教授", "老汉", "家",	"姓",	NULL};

	return match_starts((struct extent){m->view->text + at, m->view->len - at}, titles) !=
	       NULL;
}

static bool is_word(const struct match *m, size_t at)
{
	struct extent rest = {m->view->text + at, m->view->len - at};

	for (unsigned i = 0; i < m->policy->not_name.n; i++) {
		const char *w = m->policy->not_name.item[i];

		if (strlen(w) <= rest.len && memcmp(rest.text, w, strlen(w)) == 0)
			return true;
	}
	return false;
}

static size_t surname_at(const struct match *m, size_t at)
{
	struct extent rest = {m->view->text + at, m->view->len - at};
	const struct words *two = &m->policy->surname_two;
	size_t pos = 0;
	uint32_t cp = match_next(rest, &pos);

	for (unsigned i = 0; i < two->n && in_bits(m->policy->surname_first, cp); i++) {
		if (strlen(two->item[i]) <= rest.len &&
		    memcmp(rest.text, two->item[i], strlen(two->item[i])) == 0)
			return strlen(two->item[i]);
	}
	return in_bits(m->policy->surname, cp) ? pos : 0;
}

size_t detect_name_at(const struct match *m, size_t at, bool whole)
{
	size_t surname, n, end[2];

	if (at >= m->view->len || (surname = surname_at(m, at)) == 0 || is_word(m, at))
		return 0;
	if (is_title(m, at + surname))
		return 0;
	n = given_at(m, at + surname, end);
	/* The longer reading first; a shorter one only if the name really ends there. */
	for (; n > 0; n--) {
		if (!whole || ends_name(m, end[n - 1]))
			return end[n - 1] - at;
	}
	return 0;
}

/* "刘×、董×": without the masks, which a view may have taken for noise, it reads like a name.
 */
static bool was_masked(const struct match *m, size_t from, size_t to)
{
	const struct norm *n = m->view;

	normalise_main(n, from, to, &from, &to);
	while (n->source != NULL)
		n = n->source;
	return memmem(n->text + from, to - from, "×", 2) != NULL;
}

/* Trigger: the role.  The name follows, perhaps after a few linking words. */
bool detect_name_role(struct match *m)
{
	static const char *const links[] = {
		":",	" ",	"为",	"是",	"系", "即",   "市民", "村民", "居民", "群众",
		"职工", "学生", "员工", "业主", "、", "姓名", "名单", "信息", NULL};
	size_t at = m->to, n;

	/* 保证人 is no 证人. */
	if (match_ends(match_before(m, 1), (const char *const[]){"保", NULL}) != NULL)
		return false;
	for (int i = 0; i < 4; i++) {
		const char *w = match_starts(
			(struct extent){m->view->text + at, m->view->len - at}, links);

		n = detect_name_at(m, at, true);
		if (n > 0 || w == NULL)
			break;
		at += strlen(w);
	}
	n = detect_name_at(m, at, true);
	if (n == 0 || was_masked(m, at, at + n))
		return false;
	match_evidence(m, "role:%.*s,surname",
		       (int)(m->to - m->from > 30 ? 30 : m->to - m->from),
		       m->view->text + m->from);
	m->from = at;
	m->to = at + n;
	return true;
}

/* Trigger: 您好.  The name stands between it and the start of the line. */
bool detect_name_greeting(struct match *m)
{
	struct extent line = match_line(m);
	size_t from = (size_t)(line.text - m->view->text), n;
	static const char *const polite[] = {"尊敬的", " ", NULL};
	static const char *const between[] = {"先生", "女士", "同志", ",", ":", " ", "!", NULL};
	const char *w;
	size_t at;

	while ((w = match_starts((struct extent){m->view->text + from, m->from - from},
				 polite)) != NULL)
		from += strlen(w);
	if (m->from - from > 24 || (n = detect_name_at(m, from, false)) == 0)
		return false;
	at = from + n;
	while (at < m->from &&
	       (w = match_starts((struct extent){m->view->text + at, m->from - at}, between)) !=
		       NULL)
		at += strlen(w);
	if (at != m->from)
		return false;
	match_evidence(m, "greeting,surname");
	m->from = from;
	m->to = from + n;
	return true;
}

/* A name that a sentence is about stands at its start, behind punctuation or a role. */
static bool begins(const struct match *m, size_t at)
{
	static const char *const roles[] = {"人", "员", "者", "生", "友", "民",
					    "妻", "夫", "子", "女", NULL};
	size_t from = match_back(m, at, 1, false), pos = 0;
	struct extent before = {m->view->text + from, at - from};

	return at == 0 || !match_is_han(match_next(before, &pos)) ||
	       match_ends(before, roles) != NULL;
}

/* "何清\t乙肝", "何清患有": nothing but this between a name and what is said of it. */
static bool close_to(const struct match *m, size_t end)
{
	static const char *const between[] = {" ",	  "\t",	  "|",	":",	  "(",
					      "患有",	  "患",	  "系", "确诊为", "诊断为",
					      "被诊断为", "确诊", "与", NULL};
	struct extent gap = {m->view->text + end, m->from - end};
	const char *w;

	while (gap.len > 0 && (w = match_starts(gap, between)) != NULL) {
		gap.text += strlen(w);
		gap.len -= strlen(w);
	}
	return gap.len == 0;
}

/* A name, whole or masked, that begins in [at, to). */
static bool name_within(struct match *m, size_t at, size_t to)
{
	static const char *const marks[] = {"某某", "某", NULL};
	size_t n;

	while (at < to) {
		size_t next = match_ahead(m, at, 1, false);
		struct extent after = {m->view->text + next, m->view->len - next};

		n = begins(m, at) ? detect_name_at(m, at, true) : 0;
		/* Two characters are a word too often, unless they stand next to it. */
		if (n >= FULL_NAME || (n > 0 && at + n <= m->from && close_to(m, at + n))) {
			match_evidence(m, "name");
			return true;
		}
		if (match_starts(after, marks) != NULL && surname_at(m, at) > 0) {
			match_evidence(m, "masked-name");
			m->severity = SEV_S3; /* nobody is named */
			return true;
		}
		at = next;
	}
	return false;
}

bool detect_name_near(struct match *m)
{
	return name_within(m, match_back(m, m->from, NEAR, true), m->from);
}

bool detect_name_around(struct match *m)
{
	return detect_name_near(m) || name_within(m, m->to, match_ahead(m, m->to, NEAR, true));
}

/* Trigger: the title of a roster.  Two names and more follow, across lines. */
bool detect_name_list(struct match *m)
{
	size_t at = m->to, to = match_ahead(m, m->to, ROSTER, false), n;
	unsigned names = 0;

	while (at < to && names < ROSTER_NAMES) {
		n = begins(m, at) ? detect_name_at(m, at, true) : 0;
		names += n > 0;
		at = n > 0 ? at + n : match_ahead(m, at, 1, false);
	}
	if (names < ROSTER_NAMES)
		return false;
	match_evidence(m, "names");
	return true;
}

/* Trigger: the sex behind a bracket or a comma.  A full name ends right before. */
bool detect_name_person(struct match *m)
{
	for (unsigned n = 2; n <= 4; n++) {
		size_t at = match_back(m, m->from, n, true);
		size_t name = detect_name_at(m, at, true);

		if (name == 0 || at + name != m->from)
			continue;
		m->to = m->from;
		m->from = at;
		match_evidence(m, "surname,sex");
		return true;
	}
	return false;
}
