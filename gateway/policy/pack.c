/* pack.c - rule packs, lists and policy.yaml as cyaml schemas. */
#include "policy/pack.h"

#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "base/yaml.h"
#include "crypto/hash.h"

enum { TEXT_MAX = 4000, WORDS_MAX = 20000, RULES_MAX = 1000, DETECT_MAX = 64, SCOPE_MAX = 16 };

#define TEXT(s, key, member)                                                                   \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_DEFAULT, s, member, 1, TEXT_MAX)
#define TEXT_OPT(s, key, member)                                                               \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_OPTIONAL, s, member, 1, TEXT_MAX)
#define NUMBER_OPT(s, key, member) CYAML_FIELD_UINT(key, CYAML_FLAG_OPTIONAL, s, member)
#define BOOL_OPT(s, key, member)   CYAML_FIELD_BOOL(key, CYAML_FLAG_OPTIONAL, s, member)
#define WORDS(s, key, member)                                                                  \
	CYAML_FIELD_SEQUENCE_COUNT(key, CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER, s,           \
				   member.item, member.n, &word_entry, 0, WORDS_MAX)

static const cyaml_schema_value_t word_entry = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, TEXT_MAX),
};

static const cyaml_schema_field_t text_fields[] = {
	TEXT(struct pack_text, "en", en),
	TEXT(struct pack_text, "zh", zh),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t fix_fields[] = {
	TEXT_OPT(struct pack_fix, "action", action),
	TEXT_OPT(struct pack_fix, "mask", mask),
	TEXT_OPT(struct pack_fix, "text", text),
	TEXT(struct pack_fix, "en", en),
	TEXT(struct pack_fix, "zh", zh),
	CYAML_FIELD_END,
};

static const cyaml_schema_field_t detect_fields[] = {
	WORDS(struct pack_detect, "words", words),
	WORDS(struct pack_detect, "regex", regex),
	TEXT_OPT(struct pack_detect, "detector", detector),
	TEXT_OPT(struct pack_detect, "severity", severity),
	WORDS(struct pack_detect, "near", near),
	WORDS(struct pack_detect, "before", before),
	WORDS(struct pack_detect, "after", after),
	WORDS(struct pack_detect, "unless", unless),
	NUMBER_OPT(struct pack_detect, "within", within),
	NUMBER_OPT(struct pack_detect, "unless_within", unless_within),
	WORDS(struct pack_detect, "gather", gather),
	TEXT_OPT(struct pack_detect, "record", record),
	WORDS(struct pack_detect, "fields", fields),
	WORDS(struct pack_detect, "types", types),
	WORDS(struct pack_detect, "where", where),
	WORDS(struct pack_detect, "not_where", not_where),
	BOOL_OPT(struct pack_detect, "alone", alone),
	BOOL_OPT(struct pack_detect, "whole", whole),
	BOOL_OPT(struct pack_detect, "dense", dense),
	BOOL_OPT(struct pack_detect, "caseless", caseless),
	BOOL_OPT(struct pack_detect, "disguised", disguised),
	BOOL_OPT(struct pack_detect, "sentence", sentence),
	NUMBER_OPT(struct pack_detect, "first_lines", first_lines),
	NUMBER_OPT(struct pack_detect, "at_least", at_least),
	NUMBER_OPT(struct pack_detect, "grow_before", grow_before),
	NUMBER_OPT(struct pack_detect, "grow_after", grow_after),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t detect_entry = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct pack_detect, detect_fields),
};

static const cyaml_schema_field_t scope_fields[] = {
	WORDS(struct pack_scope, "types", types),
	WORDS(struct pack_scope, "columns", columns),
	WORDS(struct pack_scope, "channels", channels),
	WORDS(struct pack_scope, "where", where),
	WORDS(struct pack_scope, "unless", unless),
	TEXT(struct pack_scope, "severity", severity),
	TEXT_OPT(struct pack_scope, "exception", exception),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t scope_entry = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct pack_scope, scope_fields),
};

static const cyaml_schema_field_t rule_fields[] = {
	TEXT(struct pack_rule, "id", id),
	TEXT(struct pack_rule, "severity", severity),
	CYAML_FIELD_MAPPING("title", CYAML_FLAG_DEFAULT, struct pack_rule, title, text_fields),
	CYAML_FIELD_MAPPING("message", CYAML_FLAG_DEFAULT, struct pack_rule, message,
			    text_fields),
	TEXT(struct pack_rule, "basis", basis),
	CYAML_FIELD_MAPPING("fix", CYAML_FLAG_DEFAULT, struct pack_rule, fix, fix_fields),
	TEXT_OPT(struct pack_rule, "made_by", made_by),
	CYAML_FIELD_SEQUENCE("detect", CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER,
			     struct pack_rule, detect, &detect_entry, 0, DETECT_MAX),
	CYAML_FIELD_SEQUENCE("scope", CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER,
			     struct pack_rule, scope, &scope_entry, 0, SCOPE_MAX),
	WORDS(struct pack_rule, "yields_to", yields_to),
	WORDS(struct pack_rule, "positives", positives),
	WORDS(struct pack_rule, "near_misses", near_misses),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t rule_entry = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct pack_rule, rule_fields),
};

static const cyaml_schema_field_t pack_fields[] = {
	TEXT(struct pack, "pack", name),
	TEXT(struct pack, "title", title),
	CYAML_FIELD_SEQUENCE("rules", CYAML_FLAG_POINTER, struct pack, rules, &rule_entry, 1,
			     RULES_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t pack_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct pack, pack_fields),
};

static const cyaml_schema_field_t replace_fields[] = {
	TEXT(struct pack_replace, "word", word),
	TEXT(struct pack_replace, "fix", fix),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t replace_entry = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct pack_replace, replace_fields),
};

static const cyaml_schema_field_t list_fields[] = {
	TEXT(struct pack_list, "list", name),
	TEXT(struct pack_list, "about", about),
	WORDS(struct pack_list, "words", words),
	CYAML_FIELD_SEQUENCE("replace", CYAML_FLAG_OPTIONAL | CYAML_FLAG_POINTER,
			     struct pack_list, replace, &replace_entry, 0, WORDS_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t list_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct pack_list, list_fields),
};

static const cyaml_schema_field_t policy_fields[] = {
	CYAML_FIELD_UINT("version", CYAML_FLAG_DEFAULT, struct pack_policy, version),
	TEXT(struct pack_policy, "name", name),
	TEXT(struct pack_policy, "date", date),
	TEXT_OPT(struct pack_policy, "hmac_key", hmac_key),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t policy_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct pack_policy, policy_fields),
};

int pack_load(const char *path, struct pack **ret_p, struct sl_why *why)
{
	void *data = NULL;
	struct pack *p;
	int r = yaml_load(path, &pack_schema, &data, why);

	if (r != SL_OK)
		return r;
	p = data;
	p->path = strdup(path);
	if (p->path == NULL) {
		pack_free(p);
		return SL_E_NOMEM;
	}
	*ret_p = p;
	return SL_OK;
}

void pack_free(struct pack *p)
{
	if (p == NULL)
		return;
	free(p->path);
	p->path = NULL;
	yaml_free(&pack_schema, p, 0);
}

int pack_list_load(const char *path, struct pack_list **ret_l, struct sl_why *why)
{
	void *data = NULL;
	int r = yaml_load(path, &list_schema, &data, why);

	struct pack_list *l;

	if (r != SL_OK)
		return r;
	l = data;
	l->path = strdup(path);
	if (l->path == NULL) {
		pack_list_free(l);
		return SL_E_NOMEM;
	}
	*ret_l = l;
	return SL_OK;
}

void pack_list_free(struct pack_list *l)
{
	if (l == NULL)
		return;
	free(l->path);
	l->path = NULL;
	yaml_free(&list_schema, l, 0);
}

int pack_policy_load(const char *path, struct pack_policy **ret_p, struct sl_why *why)
{
	void *data = NULL;
	int r = yaml_load(path, &policy_schema, &data, why);

	if (r == SL_OK)
		*ret_p = data;
	return r;
}

void pack_policy_free(struct pack_policy *p)
{
	yaml_free(&policy_schema, p, 0);
}

int pack_policy_new_key(struct buf *text)
{
	static const char name[] = "hmac_key:";
	uint8_t key[32];
	char hex[2 * sizeof(key) + 1], line[sizeof(name) + sizeof(hex) + 8];

	for (const char *at = buf_str(text); at != NULL; at = strchr(at, '\n')) {
		at += *at == '\n';
		if (strncmp(at, name, sizeof(name) - 1) == 0)
			return SL_OK;
	}
	random_bytes(key, sizeof(key));
	text_hex(key, sizeof(key), hex);
	(void)snprintf(line, sizeof(line), "%s%s \"%s\"\n",
		       text->len > 0 && text->data[text->len - 1] != '\n' ? "\n" : "", name,
		       hex);
	buf_put(text, line, strlen(line));
	return buf_error(text);
}

int pack_complain(const struct pack *p, const char *rule, const char *text, struct sl_why *why,
		  const char *fmt, ...)
{
	char what[320], head[64];
	size_t n = (size_t)snprintf(what, sizeof(what), "%s: ", rule);
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(what + n, sizeof(what) - n, fmt, ap);
	va_end(ap);
	(void)snprintf(head, sizeof(head), "id: %s", rule);
	return yaml_complain(p->path, head, text, what, why);
}

/* What stands in the first pair of quotes, as much as fits. */
static void quoted(const char *text, char *out, size_t cap)
{
	const char *from = strchr(text, '"');
	size_t n = from != NULL ? strcspn(from + 1, "\"") : 0;

	(void)snprintf(out, cap, "%.*s", (int)(n < cap ? n : cap - 1),
		       from != NULL ? from + 1 : "");
}

int pack_complain_of(const struct pack *p, const char *rule, const struct sl_why *detail,
		     struct sl_why *why)
{
	char word[120];

	quoted(detail->text, word, sizeof(word));
	return pack_complain(p, rule, word, why, "%s", detail->text);
}

int pack_list_complain(const struct pack_list *l, const struct sl_why *detail,
		       struct sl_why *why)
{
	char word[120];

	quoted(detail->text, word, sizeof(word));
	return yaml_complain(l->path, "list:", word, detail->text, why);
}
