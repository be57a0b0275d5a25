/* detect_person.c - homes and minors. */
#include <string.h>

#include "policy/detect.h"

enum { ADDRESS_BACK = 24, NAME_BACK = 10 };

/* Characters an address is made of, going back from its number. */
static bool in_address(uint32_t cp)
{
	return match_is_han(cp) || (cp >= '0' && cp <= '9') || (cp >= 'A' && cp <= 'Z') ||
	       (cp >= 'a' && cp <= 'z') || cp == '-' || cp == '#';
}

static uint32_t char_at(const struct match *m, size_t at)
{
	size_t pos = 0;

	return match_next((struct extent){m->view->text + at, m->view->len - at}, &pos);
}

/* Move the start back to where the address begins: after a label or punctuation. */
static const char *find_start(struct match *m)
{
	static const char *const labels[] = {
		"现居住于", "现住址",	"居住地",   "居住在", "居住于", "住址",
		"户籍地",   "户籍地址", "家庭住址", "现住",   "家住",	"住在",
		"家中",	    "地址",	"位于",	    "住",     NULL};
	for (unsigned n = 0; n < ADDRESS_BACK && m->from > 0; n++) {
		size_t at = match_back(m, m->from, 1, true);
		struct extent before = {m->view->text + match_back(m, m->from, 5, true), 0};
		const char *label;

		before.len = m->from - (size_t)(before.text - m->view->text);
		label = match_ends(before, labels);
		if (label != NULL)
			return label;
		if (at == m->from || !in_address(char_at(m, at)))
			break;
		m->from = at;
	}
	return NULL;
}

/* "住:" stands before the punctuation that ended the walk back. */
static const char *label_before(const struct match *m)
{
	static const char *const homes[] = {"住址",   "现住", "家住",	  "住在", "居住",
					    "户籍地", "暂住", "家庭地址", NULL};

	return match_any(match_before(m, 8), homes);
}

/* "墓葬12座", "住的是2号楼": a count or a remark, no address. */
static bool is_count(const struct match *m, size_t hit)
{
	static const char *const counted[] = {"栋", "幢", "座", NULL};
	static const char *const building[] = {"栋", "幢", "座", "号楼", NULL};
	static const char *const before_number[] = {
		"小区", "新村", "花园", "公寓", "家园", "苑", "里",   "庭",
		"宿舍", "村",	"弄",	"巷",	"府",	"坊", "城",   "湾",
		"居",	"号",	"路",	"街",	"区",	"期", "大厦", NULL};
	static const char *const remarks[] = {"的", "是", "在", NULL}, *const stays[] = {"的是",
											 NULL};
	struct extent number = {m->view->text + hit, m->to - hit};
	struct extent whole = match_text(m), before = {whole.text, hit - m->from};
	const char *last = m->view->text + (hit > 0 ? hit - 1 : 0);

	if (match_starts(whole, remarks) != NULL || match_any(before, stays) != NULL)
		return true;
	if (before.len == 0)
		return match_ends(number, building) != NULL;
	if (match_ends(number, counted) == NULL)
		return false;
	/* A5栋, A座; letters that go on before are a word. */
	if (number.text[0] >= 'A')
		return *last >= 'A' && *last <= 'Z';
	return match_ends(before, before_number) == NULL;
}

bool detect_person_address(struct match *m)
{
	static const char *const homes_at[] = {"现住",	   "家住",   "住址",   "家庭住址",
					       "户籍地址", "户籍地", "居住在", "居住于",
					       "现居",	   NULL};
	static const char *const offices[] = {
		"局",	"中心", "大厦",	  "办公", "窗口", "派出所", "大厅", "开标",
		"会议", "法院", "委员会", "公司", "支队", "大队",   "学校", "医院",
		"广场", "商场", "酒店",	  "政府", "银行", NULL};
	static const char *const homes[] = {"小区", "新村", "花园", "公寓", "家园", "苑",
					    "里",   "庭",   "宿舍", "村",   "弄",   "巷",
					    "府",   "坊",   "城",   "湾",   "居",   NULL};
	static const char *const people[] = {"被害人", "受害人", "证人",   "当事人",   "举报人",
					     "报警人", "嫌疑人", "失主",   "申请人",   "伤者",
					     "男",     "女",	 "身份证", "公民身份", "出生",
					     "电话1",  "手机",	 "某",	   "户主",     NULL};
	const char *label = match_starts(match_text(m), homes_at), *person;
	size_t hit = m->from;
	struct extent e;
	bool office;

	if (label != NULL)
		m->from += strlen(label); /* the label was a part of the trigger */
	else
		label = find_start(m);
	e = match_text(m);
	if (hit >= m->from && is_count(m, hit))
		return false;
	if (label == NULL || strcmp(label, "地址") == 0 || strcmp(label, "位于") == 0)
		label = label_before(m);
	office = match_any(e, offices) != NULL;
	person = match_any(match_around(m, 60, 6), people);
	if (label == NULL && (office || (person == NULL && match_any(e, homes) == NULL)))
		return false;
	/* A house number alone is an office's address as well. */
	if (label == NULL && hit == m->from)
		return false;
	match_evidence(m, "shape%s%s", label != NULL ? ",context:" : "",
		       label != NULL ? label : "");
	m->severity = label != NULL || person != NULL ? SEV_S1 : SEV_S2;
	return true;
}

/* "周砚(男,13岁)": right before the age stands a full name. */
static bool named_before(const struct match *m)
{
	static const char *const between[] = {"(",  ")",  ",",	  " ",	  "、",
					      "男", "女", "今年", "现年", "年仅",
					      "才", "系", "名",	  "仅",	  NULL};
	const char *w;

	for (size_t at = match_back(m, m->from, NAME_BACK, true); at < m->from;
	     at = match_ahead(m, at, 1, false)) {
		size_t n = detect_name_at(m, at, true);
		struct extent gap = {m->view->text + at + n, 0};

		if (n == 0 || at + n >= m->from)
			continue;
		gap.len = m->from - at - n;
		while (gap.len > 0 && (w = match_starts(gap, between)) != NULL) {
			gap.text += strlen(w);
			gap.len -= strlen(w);
		}
		if (gap.len == 0)
			return true;
	}
	return false;
}

/* Trigger: an age under 18 or a class.  A particular child has a school or a
 * class and some sign of a person; rules about children have neither. */
bool detect_person_minor(struct match *m)
{
	static const char *const general[] = {"以上",	"以下", "未满",	      "不满", "至",
					      "周岁以", "以内", "左右的儿童", NULL};
	static const char *const numbers[] = {"十", "百", "二", "三", "满", NULL};
	static const char *const place[] = {"小学",   "中学", "初一", "初二", "初三",
					    "高一",   "高二", "高三", "年级", "班学生",
					    "幼儿园", "学生", "技校", NULL};
	static const char *const person[] = {"某",	 "男,",	 "女,",	 "(男",	 "(女",	 "被害",
					     "受害",	 "目击", "证人", "受伤", "溺水", "走失",
					     "未成年人", "被拐", "嫌疑", "抓获", "家住", NULL};
	struct extent after = match_after(m, 4), around = match_around(m, 24, 30);
	static const char *const acts[] = {
		"盗窃", "偷窃", "被害", "受害", "猥亵", "强奸", "性侵", "殴打", "虐待",
		"溺水", "走失", "被拐", "失足", "涉案", "违法", "嫌疑", "抓获", "自杀",
		"打架", "报警", "抢劫", "吸毒", "卖淫", "遗弃", NULL};
	struct extent near = match_sentence(m, 24);
	size_t best = 0;

	if (!match_whole(m) || match_starts(after, general) != NULL ||
	    match_ends(match_before(m, 3), general) != NULL ||
	    match_ends(match_before(m, 1), numbers) != NULL)
		return false;
	if (match_any(near, acts) != NULL && named_before(m)) {
		match_evidence(m, "age,name");
		return true;
	}
	if (match_any(near, person) == NULL || match_any(around, place) == NULL)
		return false;
	match_evidence(m, "age-or-class,school,person");
	/* Cover school and class as well: they are what must go. */
	after = match_after(m, 24);
	for (const char *const *w = place; *w != NULL; w++) {
		const char *hit = memmem(after.text, after.len, *w, strlen(*w));
		size_t end = hit != NULL ? (size_t)(hit - after.text) + strlen(*w) : 0;

		if (hit != NULL && memchr(after.text, '\n', end) == NULL && end > best)
			best = end;
	}
	m->to += best;
	return true;
}
