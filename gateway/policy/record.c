/* record.c - metadata that is missing, contradicts, or does not fit the channel.
 *
 * Hostile: the values, which an author wrote.  They are compared and counted, and shown only
 * where this file says so.  Findings carry no text hash: what is about the whole draft can be
 * acknowledged, but never be suppressed for every other draft. */
#include "policy/record.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"

/* What the desk takes for a draft (intake/offer.c): public ones and those of the house. */
static const char *const fields[] = {
	"audience_class", "column",	   "consent",	  "contact_public",
	"created_on",	  "disclosure",	   "doc_no",	  "due_on",
	"effective_on",	  "expires_on",	   "genre_class", "keywords",
	"publisher",	  "question",	   "received_on", "source_name",
	"source_type",	  "source_url",	   "subtitle",	  "summary",
	"topic_class",	  "origin_agency", "validity",	  NULL,
};

bool record_field_known(const char *name)
{
	for (const char *const *f = fields; *f != NULL; f++) {
		if (strcmp(*f, name) == 0)
			return true;
	}
	return false;
}

static bool given(const struct record_look *l, const char *field)
{
	const struct scan_context *ctx = l->scan->ctx;
	const char *at = ctx->record->given;
	size_t n = strlen(field);

	if (strcmp(field, "column") == 0)
		return ctx->column != NULL;
	if (strcmp(field, "disclosure") == 0)
		return ctx->disclosure != NULL;
	while (at != NULL && (at = strstr(at, field)) != NULL) {
		if ((at == ctx->record->given || at[-1] == ',') &&
		    (at[n] == ',' || at[n] == '\0'))
			return true;
		at += n;
	}
	return false;
}

static void put(char *out, size_t cap, const char *word)
{
	size_t used = strlen(out);

	if (strlen(word) + 2 <= cap - used)
		(void)snprintf(out + used, cap - used, "%s%s", used > 0 ? "," : "", word);
}

/* Every field of the item that is not there. */
static bool lacks(struct record_look *l)
{
	const struct pack_words *w = &l->entry->from->fields;

	for (unsigned i = 0; i < w->n; i++) {
		if (!given(l, w->item[i]))
			put(l->excerpt, sizeof(l->excerpt), w->item[i]);
	}
	if (l->excerpt[0] == '\0')
		return false;
	(void)snprintf(l->evidence, sizeof(l->evidence), "missing:%.120s", l->excerpt);
	return true;
}

static bool any(const char *text, const char *const *list)
{
	for (; text != NULL && *list != NULL; list++) {
		if (strstr(text, *list) != NULL)
			return true;
	}
	return false;
}

/* The paper of somebody else, by what the author says of its source. */
static bool is_foreign(const struct record_look *l)
{
	static const char *const kinds[] = {"转发", "转载", "翻印", "批转",
					    "联合", "会签", NULL};

	return any(l->scan->ctx->record->source_type, kinds) || given(l, "origin_agency");
}

static bool unsourced(struct record_look *l)
{
	static const char *const reposts[] = {"转载", "转发", "转自", NULL};
	const struct scan_record *r = l->scan->ctx->record;

	if (!any(r->source_type, reposts) || given(l, "source_name") || given(l, "source_url"))
		return false;
	put(l->excerpt, sizeof(l->excerpt), r->source_type);
	put(l->evidence, sizeof(l->evidence), "missing:source_name");
	return true;
}

/* A paper that is already on its maker's site needs no consent any more. */
static bool unconsented(struct record_look *l)
{
	const struct scan_record *r = l->scan->ctx->record;

	if (!is_foreign(l) || given(l, "consent") || given(l, "source_url"))
		return false;
	put(l->excerpt, sizeof(l->excerpt),
	    r->source_type != NULL ? r->source_type : "origin_agency");
	put(l->evidence, sizeof(l->evidence), "missing:consent");
	return true;
}

static bool attribute_closed(struct record_look *l)
{
	static const char *const closed[] = {"不公开",	 "不予公开", "依申请公开",
					     "暂不公开", "不宜公开", NULL};
	const struct scan_context *ctx = l->scan->ctx;

	if (ctx->channels == NULL || ctx->channels[0] == NULL || !any(ctx->disclosure, closed))
		return false;
	put(l->excerpt, sizeof(l->excerpt), ctx->disclosure);
	put(l->evidence, sizeof(l->evidence), "declared-attribute");
	return true;
}

/* Characters of all segments of these places. */
static size_t count(const struct record_look *l, uint32_t places)
{
	size_t n = 0;

	for (unsigned i = 0; i < l->n_segments; i++) {
		if ((places & 1u << l->segments[i].where) != 0)
			n += text_count(l->segments[i].text, l->segments[i].len);
	}
	return n;
}

static bool over(struct record_look *l, const struct channel *c, const char *what,
		 uint64_t have, uint64_t limit)
{
	if (limit == 0 || have <= limit)
		return false;
	put(l->excerpt, sizeof(l->excerpt), c->name != NULL ? c->name : c->id);
	(void)snprintf(l->evidence, sizeof(l->evidence), "%s:%s,%llu,limit:%llu", c->id, what,
		       (unsigned long long)have, (unsigned long long)limit);
	return true;
}

/* The first channel that will not take it. */
static bool channel_limit(struct record_look *l)
{
	enum { TITLE = 1u << WHERE_TITLE, BODY = 1u << WHERE_BODY };
	const struct scan_record *r = l->scan->ctx->record;
	const char *const *id = l->scan->ctx->channels;
	size_t title = count(l, TITLE), body = count(l, BODY);

	for (; id != NULL && *id != NULL; id++) {
		const struct channel *c = channels_find(l->scan->policy->channels, *id);

		if (c == NULL)
			continue;
		if (over(l, c, "text", body, c->text_max) ||
		    over(l, c, "title", title, c->title_max) ||
		    (r->picture &&
		     over(l, c, "picture-kib", r->bytes >> 10, c->picture_max_kib)))
			return true;
	}
	return false;
}

static const struct {
	const char *name;
	record_fn fn;
	bool text_only; /* asks about nothing that only a draft's record has */
	const char *about;
} table[] = {
	{"lacks", lacks, false, N_("one of these fields of the draft's metadata is empty")},
	{"unsourced", unsourced, false,
	 N_("the draft is said to be a repost and names no source")},
	{"unconsented", unconsented, false,
	 N_("the draft is another body's paper, with neither a record of its consent nor the "
	    "address where that body published it")},
	{"attribute-closed", attribute_closed, true,
	 N_("the declared attribute of disclosure is not public, and a channel is named")},
	{"channel-limit", channel_limit, false,
	 N_("text, title or picture is larger than channels.yaml allows for a named channel")},
	{"reply-due", record_reply_due, false,
	 N_("the term for the reply is over, or ends within one working day")},
	{"question-missed", record_reply_missed, false,
	 N_("question and reply have no term in common, and the reply is not a short one")},
};

static size_t index_of(const char *kind)
{
	size_t i = 0;

	while (i < sizeof(table) / sizeof(table[0]) && strcmp(table[i].name, kind) != 0)
		i++;
	return i;
}

record_fn record_find(const char *kind)
{
	size_t i = index_of(kind);

	return i < sizeof(table) / sizeof(table[0]) ? table[i].fn : NULL;
}

const char *record_about(const char *kind)
{
	size_t i = index_of(kind);

	return i < sizeof(table) / sizeof(table[0]) ? table[i].about : NULL;
}

static bool for_type(const struct pack_words *types, const char *type)
{
	for (unsigned i = 0; i < types->n; i++) {
		if (type != NULL && strcmp(types->item[i], type) == 0)
			return true;
	}
	return types->n == 0;
}

static void look(struct scan *s, const struct entry *e, const struct segment *segments,
		 unsigned n)
{
	struct record_look l = {.scan = s, .entry = e, .segments = segments, .n_segments = n};
	size_t kind = index_of(e->from->record);

	if (s->ctx->record == NULL && !table[kind].text_only)
		return;
	/* What concerns the draft is said of its first file, each picture is looked at. */
	if (s->ctx->record != NULL && !s->ctx->record->first && table[kind].fn != channel_limit)
		return;
	if (for_type(&e->from->types, s->ctx->content_type) && table[kind].fn(&l))
		report_record(s, e, &segments[0], l.evidence, l.excerpt);
}

void record_findings(struct scan *s, const struct segment *segments, unsigned n)
{
	for (unsigned i = 0; i < s->policy->n_rule; i++) {
		const struct rule *rule = &s->policy->rule[i];

		for (unsigned k = 0; k < rule->n_entry && s->error == SL_OK; k++) {
			if (rule->entry[k].from->record != NULL)
				look(s, &rule->entry[k], segments, n);
		}
	}
}
