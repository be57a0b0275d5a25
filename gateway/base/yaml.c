/* yaml.c - libcyaml with its log turned into one sentence: file, line, what is wrong. */
#include "base/yaml.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"

struct log_catch {
	char first[256]; /* the first complaint is the cause, the rest is the path to it */
	char where[128]; /* the innermost "line: N, column: M" */
};

static void catch_log(cyaml_log_t level, void *ctx, const char *fmt, va_list ap)
{
	struct log_catch *c = ctx;
	char line[256];
	const char *text, *at;

	if (level < CYAML_LOG_ERROR)
		return;
	if (vsnprintf(line, sizeof(line), fmt, ap) < 0)
		return;
	line[strcspn(line, "\n")] = '\0';
	text = strncmp(line, "Load: ", 6) == 0 ? line + 6 : line;
	at = strstr(text, "line:");
	if (at != NULL && c->where[0] == '\0')
		(void)snprintf(c->where, sizeof(c->where), "%.100s", at);
	else if (c->first[0] == '\0' && strstr(text, "Backtrace") == NULL)
		(void)snprintf(c->first, sizeof(c->first), "%s", text);
}

/* Line to show.  libcyaml names the place it had reached before the offending
 * key, so for complaints that end in a key's name that key is looked for. */
static unsigned long line_of(const struct log_catch *c, const char *text)
{
	unsigned long at = strtoul(c->where + strcspn(c->where, "0123456789"), NULL, 10);
	const char *key = strrchr(c->first, ' ');
	size_t len = key != NULL ? strlen(++key) : 0;
	unsigned long line = 1;

	if (len == 0 || strstr(c->first, "key") == NULL)
		key = strstr(c->first, "already seen") != NULL ? key : NULL;
	while (key != NULL && *text != '\0') {
		size_t indent = strspn(text, " -");

		if (line >= at && strncmp(text + indent, key, len) == 0 &&
		    text[indent + len] == ':' &&
		    (line > at || strstr(c->first, "seen") == NULL))
			return line;
		text += strcspn(text, "\n");
		text += *text == '\n';
		line++;
	}
	return at == 0 ? 1 : at;
}

static int load(const char *path, const cyaml_schema_value_t *schema, cyaml_cfg_flags_t flags,
		void **ret_data, unsigned *ret_n, struct sl_why *why)
{
	struct log_catch caught = {{0}, {0}};
	cyaml_config_t config = {
		.log_fn = catch_log,
		.log_ctx = &caught,
		.log_level = CYAML_LOG_ERROR,
		.mem_fn = cyaml_mem,
		.flags = flags,
	};
	struct buf text;
	cyaml_data_t *data = NULL;
	cyaml_err_t e;
	int r;

	buf_init(&text, YAML_FILE_MAX);
	r = file_read(AT_FDCWD, path, YAML_FILE_MAX, &text);
	if (r != SL_OK) {
		r = why_set(why, r, "%s: %s", path, sl_strerror(r));
		goto out;
	}
	e = cyaml_load_data((const uint8_t *)buf_str(&text), text.len, &config, schema, &data,
			    ret_n);
	if (e != CYAML_OK) {
		r = why_set(why, e == CYAML_ERR_OOM ? SL_E_NOMEM : SL_E_CONFIG, "%s:%lu: %s",
			    path, line_of(&caught, buf_str(&text)),
			    caught.first[0] != '\0' ? caught.first : cyaml_strerror(e));
		goto out;
	}
	/* An empty file is a good document to libcyaml. */
	if (data == NULL && ret_n == NULL) {
		r = why_set(why, SL_E_CONFIG, _("%s:1: the file says nothing"), path);
		goto out;
	}
	*ret_data = data;
out:
	buf_release(&text);
	return r;
}

int yaml_load(const char *path, const cyaml_schema_value_t *schema, void **ret_data,
	      struct sl_why *why)
{
	return load(path, schema, CYAML_CFG_DEFAULT, ret_data, NULL, why);
}

int yaml_load_open(const char *path, const cyaml_schema_value_t *schema, void **ret_data,
		   struct sl_why *why)
{
	return load(path, schema, CYAML_CFG_IGNORE_UNKNOWN_KEYS, ret_data, NULL, why);
}

int yaml_load_list(const char *path, const cyaml_schema_value_t *schema, void **ret_data,
		   unsigned *ret_n, struct sl_why *why)
{
	return load(path, schema, CYAML_CFG_DEFAULT, ret_data, ret_n, why);
}

void yaml_free(const cyaml_schema_value_t *schema, void *data, unsigned n)
{
	cyaml_config_t config = {
		.log_level = CYAML_LOG_ERROR, .mem_fn = cyaml_mem, .flags = CYAML_CFG_DEFAULT};

	if (data != NULL)
		(void)cyaml_free(&config, schema, data, n);
}

/* The first place of `needle` at or after `s`: as a whole word, else anywhere; or NULL. */
static const char *find_word(const char *s, const char *end, const char *needle)
{
	size_t n = strlen(needle);
	const char *anywhere = memmem(s, (size_t)(end - s), needle, n);

	for (const char *hit = anywhere; hit != NULL;
	     hit = memmem(hit + 1, (size_t)(end - hit - 1), needle, n)) {
		if (hit + n == end || strchr(" \r\n,:}]\"'#", hit[n]) != NULL)
			return hit;
	}
	return anywhere;
}

/* 1-based line of `needle` at or after byte `from`; 0 when it is not there. */
static unsigned find_line(const struct buf *b, const char *needle, size_t from, size_t *ret_at)
{
	const char *s = buf_str(b), *hit = NULL;
	unsigned line = 1;

	if (needle != NULL && needle[0] != '\0' && from < b->len)
		hit = find_word(s + from, s + b->len, needle);
	if (hit == NULL)
		return 0;
	for (const char *c = s; c < hit; c++)
		line += *c == '\n';
	*ret_at = (size_t)(hit - s);
	return line;
}

int yaml_complain(const char *path, const char *anchor, const char *text, const char *what,
		  struct sl_why *why)
{
	unsigned line = 0, at_anchor, at_text;
	size_t at = 0;
	struct buf b;

	buf_init(&b, YAML_FILE_MAX);
	if (file_read(AT_FDCWD, path, YAML_FILE_MAX, &b) == SL_OK) {
		at_anchor = find_line(&b, anchor, 0, &at);
		at += at_anchor > 0 ? strlen(anchor) : 0;
		at_text = find_line(&b, text, at, &at);
		line = at_text > 0 ? at_text : at_anchor;
	}
	buf_release(&b);
	return why_set(why, SL_E_CONFIG, "%s:%u: %s", path, line > 0 ? line : 1, what);
}
