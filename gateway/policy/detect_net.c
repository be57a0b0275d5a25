/* detect_net.c - addresses and hosts that belong to the intranet or are no office's own. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "policy/detect.h"

enum { HOST_MAX = 253, URL_MAX = 400, LOCAL_MAX = 64 };

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Four decimal parts, each at most 255; false otherwise.  What keeps them apart is the
 * rule's affair: a dot, or what somebody wrote for one. */
static bool parts(struct extent e, unsigned out[4])
{
	size_t i = 0;

	for (int k = 0; k < 4; k++) {
		size_t start = i;
		unsigned v = 0;

		while (i < e.len && i - start < 3 && is_digit(e.text[i]))
			v = v * 10 + (unsigned)(e.text[i++] - '0');
		if (i == start || v > 255)
			return false;
		while (k < 3 && i < e.len && !is_digit(e.text[i]))
			i++;
		out[k] = v;
	}
	return i == e.len;
}

bool detect_net_private(struct match *m)
{
	static const char *const versions[] = {"版本",	  "V",	"v",	"version",
					       "Version", "第", "固件", NULL};
	struct extent after = match_after(m, 2), before = match_before(m, 1);
	struct extent e = match_text(m);
	unsigned a[4];

	if (!match_whole(m) || match_ends(match_before(m, 8), versions) != NULL)
		return false;
	if (e.text[0] == 'f' || e.text[0] == 'F') {
		match_evidence(m, "local-address");
		return true;
	}
	if ((before.len == 1 && before.text[0] == '.') ||
	    (after.len == 2 && after.text[0] == '.' && after.text[1] >= '0' &&
	     after.text[1] <= '9'))
		return false;
	if (!parts(e, a))
		return false;
	if (a[0] != 10 && !(a[0] == 172 && a[1] >= 16 && a[1] < 32) &&
	    !(a[0] == 192 && a[1] == 168) && !(a[0] == 100 && a[1] >= 64 && a[1] < 128) &&
	    !(a[0] == 169 && a[1] == 254))
		return false;
	match_evidence(m, "private-range");
	m->score = SCORE_MEDIUM;
	return true;
}

static bool is_host_byte(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       c == '-' || c == '.';
}

/* The trigger is a suffix such as ".intranet": there must be a host before it
 * and nothing after it. */
bool detect_net_host(struct match *m)
{
	const char *s = m->view->text;
	size_t from = m->from;

	if (m->to < m->view->len && is_host_byte(s[m->to]) &&
	    !(s[m->to] == '.' && (m->to + 1 == m->view->len || !is_host_byte(s[m->to + 1]))))
		return false;
	while (from > 0 && m->from - from < HOST_MAX && is_host_byte(s[from - 1]))
		from--;
	/* "/etc/rc.local" is a file. */
	if (from == m->from ||
	    (from > 0 && s[from - 1] == '/' && (from < 2 || s[from - 2] != '/')))
		return false;
	m->from = from;
	match_evidence(m, "inner-suffix");
	m->score = SCORE_MEDIUM;
	return true;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* Trigger: \\\\host\\x, file:// or a user's folder.  "\\\\x9a\\x99" is how programs write
 * bytes. */
bool detect_net_path(struct match *m)
{
	struct extent e = match_text(m);

	if (e.len > 5 && e.text[0] == '\\' && (e.text[2] == 'x' || e.text[2] == 'u') &&
	    is_hex(e.text[3]) && is_hex(e.text[4]))
		return false;
	match_evidence(m, "path");
	return true;
}

/* Endings of public names: of every country, and what else people register. */
static bool is_public_ending(const char *label, size_t n)
{
	static const char countries[] = " ac ad ae af ag ai al am ao aq ar as at au aw ax az "
					"ba bb bd be bf bg bh bi bj bm "
					"bn bo br bs bt bv bw by bz ca cc cd cf cg ch ci ck cl "
					"cm cn co cr cu cv cw cx cy "
					"cz de dj dk dm do dz ec ee eg er es et eu fi fj fk fm "
					"fo fr ga gd ge gf gg gh gi "
					"gl gm gn gp gq gr gs gt gu gw gy hk hm hn hr ht hu id "
					"ie il im in io iq ir is it "
					"je jm jo jp ke kg kh ki km kn kp kr kw ky kz la lb lc "
					"li lk lr ls lt lu lv ly ma "
					"mc md me mg mh mk ml mm mn mo mp mq mr ms mt mu mv mw "
					"mx my mz na nc ne nf ng ni "
					"nl no np nr nu nz om pa pe pf pg ph pk pl pm pn pr ps "
					"pt pw py qa re ro rs ru rw "
					"sa sb sc sd se sg sh si sj sk sl sm sn so sr ss st su "
					"sv sx sy sz tc td tf tg th "
					"tj tk tl tm tn to tr tt tv tw tz ua ug uk us uy uz va "
					"vc ve vg vi vn vu wf ws ye "
					"yt za zm zw ";
	static const char *const own[] = {"ga", "gat", "gaj", "gaw", NULL}; /* 公安, 公安厅 … */
	char two[5] = " xx ";

	if (n != 2)
		return match_ends((struct extent){label, n}, own) == NULL ||
		       (n == 4 && strncasecmp(label, "yoga", 4) == 0);
	two[1] = (char)tolower((unsigned char)label[0]);
	two[2] = (char)tolower((unsigned char)label[1]);
	return strstr(countries, two) != NULL;
}

/* An address as one number: 0x0a010203, 167838211. */
static bool is_number(const char *host, size_t n)
{
	return (n == 10 && host[0] == '0' && host[1] == 'x') ||
	       (n >= 8 && n <= 10 && strspn(host, "0123456789") == n);
}

/* Trigger: the start of a link.  A host without a dot, or under an ending that nobody can
 * register, answers inside a network only. */
bool detect_net_inner_link(struct match *m)
{
	static const char *const words[] = {"内网", "局域网", "公安", "平台",
					    "系统", "专网",   "警务", NULL};
	struct extent e = match_text(m);
	const char *s = m->view->text + m->from, *colon = memchr(s, ':', e.len), *dot;
	size_t n = 0, last;

	if (colon == NULL)
		return false;
	colon += 3; /* "://" */
	while (colon + n < m->view->text + m->view->len && n < HOST_MAX &&
	       is_host_byte(colon[n]))
		n++;
	while (n > 0 && colon[n - 1] == '.')
		n--;
	dot = memrchr(colon, '.', n);
	last = dot != NULL ? (size_t)(dot + 1 - colon) : 0;
	if (n > 0 && m->view->source == NULL && is_number(colon, n)) {
		match_evidence(m, "number");
		return true; /* an address that somebody did not want to be read */
	}
	if (n == 0 || is_digit(colon[last]) || strncasecmp(colon, "localhost", n) == 0)
		return false;
	if (dot != NULL && is_public_ending(colon + last, n - last))
		return false;
	/* Manuals write http://server/. */
	if (match_any(match_around(m, CONTEXT_DEFAULT, CONTEXT_DEFAULT), words) == NULL)
		return false;
	m->to = (size_t)(colon + n - m->view->text);
	match_evidence(m, "no-public-name");
	return true;
}

static bool is_url_byte(char c)
{
	return is_host_byte(c) || (c != '\0' && strchr("_~:/?#@!$&*+=%", c) != NULL);
}

static bool is_public_host(const struct match *m, const char *host, size_t n)
{
	const struct words *w = &m->policy->public_host;

	for (unsigned i = 0; i < w->n; i++) {
		size_t k = strlen(w->item[i]);

		if (n >= k && strncasecmp(host + n - k, w->item[i], k) == 0)
			return true;
		/* ".gov.cn" also stands for "gov.cn" itself. */
		if (w->item[i][0] == '.' && n == k - 1 &&
		    strncasecmp(host, w->item[i] + 1, n) == 0)
			return true;
	}
	return false;
}

bool detect_net_link(struct match *m)
{
	struct extent e = match_text(m);
	bool plain = strncasecmp(e.text, "http:", 5) == 0;
	const char *host = memchr(e.text, ':', e.len);
	const char *end = m->view->text + m->view->len;
	size_t n = 0;

	if (host == NULL)
		return false;
	host += 3; /* "://" */
	while (host + n < end && n < HOST_MAX && is_host_byte(host[n]))
		n++;
	if (!plain && is_public_host(m, host, n))
		return false;
	if (plain)
		match_evidence(m, "plain-http");
	if (!is_public_host(m, host, n))
		match_evidence(m, "foreign-host");
	/* The whole address is what a reviewer opens. */
	while (m->to < m->view->len && m->to - m->from < URL_MAX &&
	       is_url_byte(m->view->text[m->to]))
		m->to++;
	return true;
}

bool detect_net_email(struct match *m)
{
	const char *s = m->view->text;
	size_t at = m->from, from = m->from, to = m->to;

	while (at < m->to && s[at] != '@')
		at++;
	if (at == m->to)
		return true; /* an account name of a chat service */
	while (from > 0 && at - from < LOCAL_MAX &&
	       (is_host_byte(s[from - 1]) || s[from - 1] == '_' || s[from - 1] == '+' ||
		s[from - 1] == '%'))
		from--;
	while (to < m->view->len && to - at < HOST_MAX && is_host_byte(s[to]))
		to++;
	while (to > at + 1 && (s[to - 1] == '.' || s[to - 1] == '-'))
		to--;
	if (memchr(s + at, '.', to - at) == NULL || is_public_host(m, s + at + 1, to - at - 1))
		return false;
	m->from = from;
	m->to = to;
	match_evidence(m, "foreign-host");
	return true;
}
