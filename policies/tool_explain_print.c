/* tool_explain_print.c - a rule in the person's language. */
#include <stdio.h>
#include <string.h>

#include "policies/tool_explain.h"
#include "policy/detect.h"
#include "policy/present.h"
#include "policy/record.h"
#include "policy/rules.h"

enum { WORDS_SHOWN = 60 };

static const char *own(const struct pack_text *t)
{
	return present_text(i18n_is_zh() && t->zh != NULL ? t->zh : t->en);
}

static const char *severity_word(const char *severity)
{
	static const char *const words[SEV_COUNT] = {
		N_("spill: everything stops, secrecy officers are told"),
		N_("block: cannot go on as it is"),
		N_("high: reviewers decide, more of them are needed"),
		N_("review: reviewers decide"),
		N_("notice: shown, stops nothing"),
	};

	if (severity == NULL || severity[0] != 'S' || severity[1] < '0' || severity[1] > '4')
		return "";
	return _(words[severity[1] - '0']);
}

static void line(const char *label, const char *text)
{
	if (text != NULL && text[0] != '\0')
		printf("  %s %s\n", label, present_text(text));
}

static void words(const char *label, const struct pack_words *w)
{
	if (w->n == 0)
		return;
	printf("     %s", label);
	for (unsigned i = 0; i < w->n && i < WORDS_SHOWN; i++)
		printf("%s %s", i > 0 ? "," : "", present_text(w->item[i]));
	printf(w->n > WORDS_SHOWN ? _(" and %u more\n") : "\n", w->n - WORDS_SHOWN);
}

static void yields(const struct pack_words *w)
{
	for (unsigned i = 0; i < w->n; i++)
		printf("%s %s",
		       i == 0 ? _("  where one of these stands too, that one counts:") : ",",
		       present_text(w->item[i]));
	if (w->n > 0)
		fputc('\n', stdout);
}

static void note(const char *text)
{
	printf("     %s\n", text);
}

static void print_circumstances(const struct pack_detect *d)
{
	unsigned near = d->within > 0 ? d->within : CONTEXT_DEFAULT;
	unsigned apart = d->unless_within > 0 ? d->unless_within : UNLESS_DEFAULT;

	if (d->near.n + d->before.n + d->after.n > 0) {
		printf(_("     within %u characters\n"), near);
		words(_("  there stands one of:"), &d->near);
		words(_("  before it stands one of:"), &d->before);
		words(_("  after it stands one of:"), &d->after);
	}
	if (d->unless.n > 0) {
		printf(_("     but not when within %u characters\n"), apart);
		words(_("  there stands one of:"), &d->unless);
	}
	words(_("only in:"), &d->where);
	words(_("not in:"), &d->not_where);
}

static void print_conditions(const struct pack_detect *d)
{
	if (d->alone)
		note(_("alone on its line"));
	if (d->whole)
		note(_("not inside a longer word or number"));
	if (d->sentence)
		note(_("all in one sentence"));
	if (d->dense)
		note(_("also with spaces or signs between the characters"));
	if (d->disguised)
		note(_("in pinyin, initials, split or like-sounding characters"));
	if (d->first_lines > 0)
		printf(_("     in the first %u lines\n"), d->first_lines);
	if (d->at_least > 1)
		printf(_("     at least %u times\n"), d->at_least);
	if (d->severity != NULL)
		printf(_("     then its severity is %s\n"), present_text(d->severity));
}

static void print_detect(const struct pack_detect *d, unsigned number)
{
	const char *about = d->detector != NULL ? detect_about(d->detector) : NULL;

	printf(_("  way %u\n"), number);
	words(_("words:"), &d->words);
	words(_("pattern:"), &d->regex);
	words(_("different findings of one of:"), &d->gather);
	if (d->record != NULL && record_about(d->record) != NULL)
		printf(_("     about the draft: %s\n"), _(record_about(d->record)));
	words(_("fields:"), &d->fields);
	words(_("content types:"), &d->types);
	if (about != NULL)
		printf(_("     and it must be: %s\n"), _(about));
	print_circumstances(d);
	print_conditions(d);
}

static void print_scope(const struct pack_scope *s)
{
	if (s->severity != NULL && strcmp(s->severity, "off") == 0)
		printf("  %s", _("not applied"));
	else
		printf(_("  severity %s"), present_text(s->severity));
	if (s->exception != NULL)
		printf(_(" (exception %s)"), present_text(s->exception));
	fputc('\n', stdout);
	words(_("content types:"), &s->types);
	words(_("columns:"), &s->columns);
	words(_("channels:"), &s->channels);
	words(_("places:"), &s->where);
	words(_("but not near:"), &s->unless);
}

static void texts(const struct cli *c, const char *head, const struct pack_words *w)
{
	if (w->n == 0)
		return;
	printf("\n%s%s%s\n", cli_paint(c, CLI_BOLD), head, cli_paint(c, CLI_RESET));
	for (unsigned i = 0; i < w->n; i++)
		printf("  %s\n", present_text(w->item[i]));
}

static void print_fix(const struct pack_fix *f)
{
	const struct pack_text advice = {.en = f->en, .zh = f->zh};

	if (f->en != NULL || f->zh != NULL)
		line(_("what to do:"), own(&advice));
	else if (f->text != NULL)
		line(_("write instead:"), f->text);
}

void tool_explain_print(const struct cli *c, const struct pack *p, const struct pack_rule *rule)
{
	const char *bold = cli_paint(c, CLI_BOLD), *reset = cli_paint(c, CLI_RESET);

	printf("%s%s  %s%s\n", bold, present_text(rule->id), own(&rule->title), reset);
	printf("  %s\n", own(&rule->message));
	printf("  %s %s (%s)\n", _("severity:"), present_text(rule->severity),
	       severity_word(rule->severity));
	line(_("basis:"), rule->basis);
	print_fix(&rule->fix);
	printf("  %s %s (%s)\n", _("comes from:"), present_text(p->name),
	       present_text(p->path));
	printf("\n%s%s%s\n", bold, _("How it is found"), reset);
	if (rule->made_by != NULL)
		printf(_("  by the filter \"%s\", from the document itself\n"),
		       present_text(rule->made_by));
	for (unsigned i = 0; i < rule->detect_count; i++)
		print_detect(&rule->detect[i], i + 1);
	yields(&rule->yields_to);
	if (rule->scope_count > 0)
		printf("\n%s%s%s\n", bold, _("Where it is judged differently"), reset);
	for (unsigned i = 0; i < rule->scope_count; i++)
		print_scope(&rule->scope[i]);
	texts(c, _("It finds"), &rule->positives);
	texts(c, _("It leaves alone"), &rule->near_misses);
}
