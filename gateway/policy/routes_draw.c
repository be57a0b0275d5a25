/* routes_draw.c - box characters and words; widths count columns, as Han characters take two.
 */
#include "policy/routes_draw.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "policy/route_trigger.h"

enum { INDENT = 2, INNER = ROUTES_DRAW_COLUMNS - INDENT - 4, LINE = 512 };

static const struct {
	const char *role, *name;
} roles[] = {
	{"author", N_("author")},
	{"liaison", N_("unit liaison")},
	{"unit-leader", N_("unit leader")},
	{"unit-admin", N_("unit administrator")},
	{"column-owner", N_("column owner")},
	{"secrecy", N_("secrecy officer")},
	{"legal", N_("legal reviewer")},
	{"desk", N_("disclosure desk")},
	{"deputy", N_("deputy director")},
	{"director", N_("director")},
	{"duty-leader", N_("duty leader")},
	{"duty-publisher", N_("duty publisher")},
	{"operator", N_("platform operator")},
	{"auditor", N_("auditor")},
	{"inspector", N_("site inspector")},
};

const char *routes_role(const char *role)
{
	for (unsigned i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
		if (strcmp(roles[i].role, role) == 0)
			return _(roles[i].name);
	}
	return role;
}

static unsigned width(const char *s)
{
	size_t len = strlen(s), used;
	unsigned w = 0;

	for (size_t i = 0; i < len; i += used) {
		int cols = text_width(text_decode(s + i, len - i, &used));

		w += cols > 0 ? (unsigned)cols : 0;
	}
	return w;
}

static void repeat(struct buf *out, const char *s, unsigned n)
{
	while (n-- > 0)
		buf_puts(out, s);
}

static bool is_wide(uint32_t cp)
{
	return text_width(cp) == 2;
}

/* Bytes of s that fit into `room` columns, cut after a space or a wide character. */
static size_t fitting(const char *s, unsigned room)
{
	size_t len = strlen(s), used, good = 0, i = 0;
	unsigned w = 0;

	while (i < len) {
		uint32_t cp = text_decode(s + i, len - i, &used);
		int cols = text_width(cp);

		if (w + (cols > 0 ? (unsigned)cols : 0) > room)
			return good > 0 ? good : i;
		w += cols > 0 ? (unsigned)cols : 0;
		i += used;
		if (cp == ' ' || is_wide(cp))
			good = i;
	}
	return len;
}

/* Lines between two bars, or with `bar` "" and a lead, behind it. */
static void paragraph(struct buf *out, const char *text, const char *bar, const char *lead)
{
	const char *first = lead;
	unsigned room = INNER - width(lead);

	while (*text != '\0') {
		size_t n = fitting(text, room);
		char line[LINE];

		(void)snprintf(line, sizeof(line), "%s%.*s", first, (int)n, text);
		for (size_t k = strlen(line); k > 0 && line[k - 1] == ' '; k--)
			line[k - 1] = '\0';
		repeat(out, " ", INDENT);
		if (bar[0] != '\0')
			buf_putf(out, "%s %s", bar, line);
		else
			buf_puts(out, line);
		if (bar[0] != '\0') {
			repeat(out, " ", INNER - width(line));
			buf_putf(out, " %s", bar);
		}
		buf_puts(out, "\n");
		text += n;
		first = width(lead) > 0 ? "    " : "";
		room = INNER - width(first);
	}
}

static void edge(struct buf *out, const char *left, const char *middle, const char *right)
{
	unsigned half = INNER / 2;

	repeat(out, " ", INDENT);
	buf_puts(out, left);
	repeat(out, "─", half);
	buf_puts(out, middle);
	repeat(out, "─", INNER + 1 - half);
	buf_putf(out, "%s\n", right);
}

static void draw_step(const struct route *way, unsigned i, struct buf *out)
{
	const struct route_step *s = &way->steps[i];
	bool last = i + 1 == way->steps_count;
	char line[LINE];
	int n = snprintf(line, sizeof(line), _("%u. %s (%s), %u signing"), i + 1,
			 routes_role(s->role), s->role, s->count);

	edge(out, "┌", i == 0 ? "─" : "┴", "┐");
	if (s->from != NULL && strcmp(s->from, "unit") == 0)
		n += snprintf(line + n, sizeof(line) - (size_t)n, "%s",
			      _(", of the author's unit"));
	else if (s->from != NULL && strcmp(s->from, "column") == 0)
		n += snprintf(line + n, sizeof(line) - (size_t)n, "%s",
			      _(", of the unit that keeps the column"));
	if (s->opinion != NULL)
		(void)snprintf(line + n, sizeof(line) - (size_t)n, "%s",
			       _("; gives the secrecy opinion"));
	paragraph(out, line, "│", "");
	if (s->late_at > 0 && s->late_at < ROUTES_WHOLE)
		(void)snprintf(
			line, sizeof(line),
			_("late at %u %% of the time: %s is told; silence is no consent"),
			s->late_at, routes_role(s->late));
	else
		(void)snprintf(line, sizeof(line), _("late: %s is told; silence is no consent"),
			       routes_role(s->late));
	paragraph(out, line, "│", "   ");
	edge(out, "└", last ? "─" : "┬", "┘");
	if (!last) {
		repeat(out, " ", INDENT + 1 + INNER / 2);
		buf_puts(out, "▼\n");
	}
}

static void draw_orders(const struct route *way, struct buf *out)
{
	for (unsigned i = 0; i < way->orders_count; i++) {
		const struct route_order *o = &way->orders[i];
		char line[LINE];

		edge(out, "┌", "─", "┐");
		if (o->persons == 1 && strcmp(o->action, "freeze") == 0)
			(void)snprintf(line, sizeof(line),
				       _("%s: 1 of all reviewers, operators and auditors; at "
					 "once"),
				       o->action);
		else if (o->persons == 1)
			(void)snprintf(line, sizeof(line),
				       _("%s: 1, the author's unit; at once"), o->action);
		else
			(void)snprintf(line, sizeof(line), _("%s: %u different reviewers"),
				       o->action, o->persons);
		paragraph(out, line, "│", "");
		edge(out, "└", "─", "┘");
	}
}

static void note(struct buf *out, const char *lead, const char *text)
{
	paragraph(out, text, "", lead);
}

static void draw_modifiers(const struct routes *r, const struct route *way, struct buf *out)
{
	char line[LINE];

	for (unsigned i = 0; i < r->modifiers_count; i++) {
		const struct route_modifier *m = &r->modifiers[i];

		if (!route_modifier_changes(m, way))
			continue;
		if (m->add > 0)
			(void)snprintf(line, sizeof(line), _("%s: %s (%s, %u more)"), m->id,
				       routes_name(&m->name), routes_role(m->role), m->add);
		else
			(void)snprintf(line, sizeof(line), _("%s: %s (%s certifies)"), m->id,
				       routes_name(&m->name), routes_role(m->role));
		note(out, "+ ", line);
	}
}

static void draw_head(const struct route *way, struct buf *out)
{
	char line[LINE];

	buf_putf(out, _("Route %s  %s\n"), way->id, routes_name(&way->name));
	(void)snprintf(line, sizeof(line), _("clocks: target %s, outer limit %s"),
		       way->target != NULL ? way->target : _("none"), way->outer);
	note(out, "", line);
}

void routes_draw(const struct routes *r, const struct route *way, struct buf *out)
{
	char line[LINE];

	draw_head(way, out);
	for (unsigned i = 0; i < way->steps_count; i++)
		draw_step(way, i, out);
	draw_orders(way, out);
	if (way->raised != NULL) {
		(void)snprintf(line, sizeof(line),
			       _("an open S2, or like something refused or recalled: route %s "
				 "instead"),
			       way->raised);
		note(out, "⇒ ", line);
	}
	if (way->templates_count > 0) {
		(void)snprintf(line, sizeof(line), _("only texts of %u approved templates"),
			       way->templates_count);
		note(out, "! ", line);
	}
	if (way->review_after != NULL) {
		(void)snprintf(line, sizeof(line),
			       _("after the release: the type's own route in full, clock %s"),
			       way->review_after);
		note(out, "! ", line);
	}
	if (way->is_private)
		note(out, "! ",
		     _("handed over to the applicant by the desk; never published on a "
		       "channel"));
	draw_modifiers(r, way, out);
}

static void column(struct buf *out, const char *text, unsigned want)
{
	unsigned w = width(text);

	buf_puts(out, text);
	repeat(out, " ", want > w ? want - w : 1);
}

void routes_draw_types(const struct routes *r, struct buf *out)
{
	repeat(out, " ", INDENT);
	column(out, _("type"), 8);
	column(out, _("name"), 26);
	column(out, _("route"), 8);
	column(out, _("or"), 6);
	buf_putf(out, "%s\n", _("beside that"));
	for (unsigned i = 0; i < r->types_count; i++) {
		const struct route_type *t = &r->types[i];

		repeat(out, " ", INDENT);
		column(out, t->type, 8);
		column(out, t->name != NULL ? t->name : "", 26);
		column(out, t->route, 8);
		column(out, t->urgent != NULL ? t->urgent : "", 6);
		if (t->follows != NULL)
			buf_puts(out, _("route of the original"));
		if (t->target != NULL)
			buf_putf(out, _("clock %s"), t->target);
		if (t->column != NULL)
			buf_putf(out, _("column %s"), t->column);
		while (out->len > 0 && buf_str(out)[out->len - 1] == ' ')
			buf_cut(out, out->len - 1);
		buf_puts(out, "\n");
	}
}
