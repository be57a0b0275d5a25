/* policy.c - load a policy directory once, with or without its matcher; immutable from then on.
 */
#include "policy/policy.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/text.h"
#include "base/yaml.h"
#include "crypto/hash.h"
#include "policy/normalise.h"
#include "policy/rules.h"

enum { FILES_MAX = 200, PATH_SIZE = 1024 };

struct loading {
	struct policy *p;
	const char *dir;    /* policy directory */
	const char *folder; /* "" or the folder being read */
	struct sl_why *why;
};

static bool is_yaml(const char *name)
{
	size_t n = strlen(name);

	return n > 5 && strcmp(name + n - 5, ".yaml") == 0;
}

static int path_of(const struct loading *l, const char *name, char out[PATH_SIZE])
{
	char folder[PATH_SIZE];
	int r;

	if (l->folder[0] == '\0')
		return file_join(out, PATH_SIZE, l->dir, name);
	r = file_join(folder, sizeof(folder), l->dir, l->folder);
	return r != SL_OK ? r : file_join(out, PATH_SIZE, folder, name);
}

static int each_yaml(struct loading *l, const char *folder,
		     int (*fn)(const char *name, void *arg))
{
	char path[PATH_SIZE];
	int fd, r;

	l->folder = folder;
	r = folder[0] == '\0'
		    ? (snprintf(path, sizeof(path), "%s", l->dir) < PATH_SIZE ? SL_OK
									      : SL_E_LIMIT)
		    : file_join(path, sizeof(path), l->dir, folder);
	if (r != SL_OK)
		return r;
	fd = file_open_dir(AT_FDCWD, path);
	if (fd < 0)
		return why_set(l->why, fd, "%s: %s", path, sl_strerror(fd));
	r = file_each(fd, FILES_MAX, fn, l);
	file_close(fd);
	if (r == SL_E_LIMIT)
		return why_set(l->why, r, "%s holds more than %d files", path, FILES_MAX);
	return r;
}

static int load_pack(const char *name, void *arg)
{
	struct loading *l = arg;
	char path[PATH_SIZE];
	int r;

	if (!is_yaml(name))
		return SL_OK;
	r = path_of(l, name, path);
	if (r == SL_OK)
		r = pack_load(path, &l->p->pack[l->p->n_pack], l->why);
	if (r == SL_OK)
		l->p->n_pack++;
	return r;
}

static int load_list(const char *name, void *arg)
{
	struct loading *l = arg;
	char path[PATH_SIZE];
	int r;

	if (!is_yaml(name))
		return SL_OK;
	r = path_of(l, name, path);
	if (r == SL_OK)
		r = pack_list_load(path, &l->p->list[l->p->n_list], l->why);
	if (r != SL_OK)
		return r;
	if (rules_list(l->p, l->p->list[l->p->n_list]->name) != NULL)
		r = why_set(
			l->why, SL_E_CONFIG,
			_("%s:1: there is a list \"%s\" already: give this one another name"),
			path, l->p->list[l->p->n_list]->name);
	l->p->n_list++;
	return r;
}

/* Suppressions are bound to keyed hashes; with a key of its own they outlive a
 * change of the packs. */
static int derive_key(struct policy *p, const char *dir, struct sl_why *why)
{
	static const char domain[] = "sluice finding hash";
	const char *hex = p->head->hmac_key;

	if (hex == NULL) {
		hash_hmac(p->digest, domain, sizeof(domain) - 1, p->hmac_key);
		return SL_OK;
	}
	if (!text_unhex(hex, strlen(hex), p->hmac_key, sizeof(p->hmac_key)))
		return why_set(why, SL_E_CONFIG,
			       _("%s/policy.yaml: hmac_key is not 64 hex digits: take the line "
				 "out, sluice-policy key makes one"),
			       dir);
	return SL_OK;
}

static int named_words(struct policy *p, const char *name, struct words *ret_w,
		       struct sl_why *why)
{
	char ref[64], *item = ref;
	struct pack_words from = {.item = &item, .n = 1};

	(void)snprintf(ref, sizeof(ref), "@%s", name);
	return rules_words(p, &from, ret_w, why);
}

/* The same for a list that a policy directory may lack. */
static int optional_words(struct policy *p, const char *name, struct words *ret_w,
			  struct sl_why *why)
{
	return rules_list(p, name) == NULL ? SL_OK : named_words(p, name, ret_w, why);
}

static int not_a_surname(const struct policy *p, const char *list, const char *word,
			 bool single, struct sl_why *why)
{
	struct sl_why detail = {.text = ""};

	if (single)
		(void)why_set(&detail, SL_E_CONFIG, _("\"%s\" is not one character"), word);
	else
		(void)why_set(&detail, SL_E_CONFIG, _("\"%s\" is not two characters"), word);
	return pack_list_complain(rules_list(p, list), &detail, why);
}

/* Mark the first character of each word in a bit set over the BMP. */
static int mark_first(const struct policy *p, const char *list, const struct words *w,
		      uint64_t bits[1024], struct sl_why *why)
{
	bool single = strcmp(list, "surnames") == 0;

	for (unsigned i = 0; i < w->n; i++) {
		size_t used;
		uint32_t cp = text_decode(w->item[i], strlen(w->item[i]), &used);

		if (cp >= 0x10000 || (w->item[i][used] == '\0') != single)
			return not_a_surname(p, list, w->item[i], single, why);
		bits[cp / 64] |= UINT64_C(1) << (cp % 64);
	}
	return SL_OK;
}

static int load_surnames(struct policy *p, struct sl_why *why)
{
	struct words one = {0};
	int r = named_words(p, "surnames", &one, why);

	if (r == SL_OK)
		r = mark_first(p, "surnames", &one, p->surname, why);
	rules_words_free(&one);
	if (r == SL_OK)
		r = named_words(p, "surnames-two", &p->surname_two, why);
	if (r == SL_OK)
		r = mark_first(p, "surnames-two", &p->surname_two, p->surname_first, why);
	return r != SL_OK ? r : named_words(p, "not-names", &p->not_name, why);
}

static int load(struct loading *l)
{
	struct policy *p = l->p;
	char path[PATH_SIZE];
	int r = file_join(path, sizeof(path), l->dir, "policy.yaml");

	if (r != SL_OK || (r = pack_policy_load(path, &p->head, l->why)) != SL_OK)
		return r;
	p->version = p->head->version;
	if ((r = fold_new(&p->fold, l->why)) != SL_OK ||
	    (r = policy_digest_of(l->dir, p->digest, l->why)) != SL_OK ||
	    (r = derive_key(p, l->dir, l->why)) != SL_OK ||
	    (r = each_yaml(l, "lists", load_list)) != SL_OK ||
	    (r = each_yaml(l, "packs", load_pack)) != SL_OK ||
	    (r = load_surnames(p, l->why)) != SL_OK ||
	    (r = named_words(p, "public-lines", &p->public_line, l->why)) != SL_OK ||
	    (r = named_words(p, "public-hosts", &p->public_host, l->why)) != SL_OK ||
	    (r = optional_words(p, "mobile-prefixes", &p->mobile_prefix, l->why)) != SL_OK ||
	    (r = optional_words(p, "sensitive-places", &p->sensitive_place, l->why)) != SL_OK ||
	    (r = optional_words(p, "common-words", &p->common_word, l->why)) != SL_OK ||
	    (r = optional_words(p, "approved-sources", &p->source, l->why)) != SL_OK ||
	    (r = clocks_load(l->dir, &p->clocks, l->why)) != SL_OK)
		return r;
	r = channels_load(l->dir, &p->channels, l->why);
	if (r != SL_OK && r != SL_E_NOTFOUND)
		return r;
	return rules_build(p, l->why);
}

static int load_with(const char *dir, bool compile, struct policy **ret_p, struct sl_why *why)
{
	struct loading l = {
		.p = calloc(1, sizeof(struct policy)), .dir = dir, .folder = "", .why = why};
	int r = SL_E_NOMEM;

	if (l.p == NULL)
		return r;
	l.p->pack = calloc(FILES_MAX, sizeof(struct pack *));
	l.p->list = calloc(FILES_MAX, sizeof(struct pack_list *));
	if (l.p->pack == NULL || l.p->list == NULL)
		goto out;
	r = load(&l);
	if (r == SL_OK)
		r = compile ? compile_policy(l.p, why) : compile_check(l.p, why);
	if (r != SL_OK)
		goto out;
	*ret_p = l.p;
	l.p = NULL; /* moved */
out:
	policy_free(l.p);
	return r;
}

int policy_load(const char *dir, struct policy **ret_p, struct sl_why *why)
{
	return load_with(dir, true, ret_p, why);
}

int policy_load_texts(const char *dir, struct policy **ret_p, struct sl_why *why)
{
	return load_with(dir, false, ret_p, why);
}

void policy_free(struct policy *p)
{
	if (p == NULL)
		return;
	compile_release(p);
	rules_release(p);
	for (unsigned i = 0; i < p->n_pack; i++)
		pack_free(p->pack[i]);
	for (unsigned i = 0; i < p->n_list; i++)
		pack_list_free(p->list[i]);
	free(p->pack);
	free(p->list);
	rules_words_free(&p->surname_two);
	rules_words_free(&p->not_name);
	rules_words_free(&p->public_line);
	rules_words_free(&p->public_host);
	rules_words_free(&p->sensitive_place);
	rules_words_free(&p->mobile_prefix);
	rules_words_free(&p->common_word);
	rules_words_free(&p->source);
	clocks_free(p->clocks);
	channels_free(p->channels);
	pack_policy_free(p->head);
	fold_free(p->fold);
	free(p);
}

uint32_t policy_version(const struct policy *p)
{
	return p->version;
}
const uint8_t *policy_digest(const struct policy *p)
{
	return p->digest;
}
const struct clocks *policy_clocks(const struct policy *p)
{
	return p->clocks;
}
int64_t policy_today(const struct policy *p, int64_t now)
{
	return clocks_day(p->clocks, now);
}
bool policy_has_key(const struct policy *p)
{
	return p->head->hmac_key != NULL;
}
const uint8_t *policy_key(const struct policy *p)
{
	return p->hmac_key;
}
unsigned policy_rule_count(const struct policy *p)
{
	return p->n_rule;
}

const char *policy_rule_id(const struct policy *p, unsigned i)
{
	return i < p->n_rule ? p->rule[i].from->id : NULL;
}

bool policy_rule_text(const struct policy *p, const char *rule, struct rule_text *ret_t)
{
	const struct rule *r = rules_find(p, rule);

	if (r == NULL)
		return false;
	*ret_t = (struct rule_text){
		.id = r->from->id,
		.pack = r->pack->name,
		.title_en = r->from->title.en,
		.title_zh = r->from->title.zh,
		.message_en = r->from->message.en,
		.message_zh = r->from->message.zh,
		.basis = r->from->basis,
		.fix_en = r->from->fix.en,
		.fix_zh = r->from->fix.zh,
		.severity = r->severity,
	};
	return true;
}

int policy_severity(const struct policy *p, const char *rule, const struct scan_context *ctx,
		    enum severity *ret_s)
{
	const struct rule *r = rules_find(p, rule);
	const struct scope *s;

	if (r == NULL)
		return SL_E_NOTFOUND;
	s = rules_scope(r, ctx, WHERE_BODY, "", 0);
	*ret_s = s != NULL && s->severity < SEV_COUNT && r->severity != SEV_S0
			 ? (enum severity)s->severity
			 : r->severity;
	return SL_OK;
}

void policy_name(const struct policy *p, char out[POLICY_NAME])
{
	char hex[HASH_HEX + 1];

	text_hex(policy_digest(p), HASH_LEN, hex);
	(void)snprintf(out, POLICY_NAME, "policy %u %s", policy_version(p), hex);
}
