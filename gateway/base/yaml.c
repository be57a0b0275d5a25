/* yaml.c - libcyaml with its log turned into one sentence: file, line, what is wrong. */
#include "base/yaml.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "base/file.h"

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

static int load(const char *path, const cyaml_schema_value_t *schema, void **ret_data,
		unsigned *ret_n, struct sl_why *why)
{
	struct log_catch caught = {{0}, {0}};
	cyaml_config_t config = {
		.log_fn = catch_log,
		.log_ctx = &caught,
		.log_level = CYAML_LOG_ERROR,
		.mem_fn = cyaml_mem,
		.flags = CYAML_CFG_DEFAULT,
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
	e = cyaml_load_data((const uint8_t *)buf_str(&text), text.len, &config, schema, &data, ret_n);
	if (e != CYAML_OK) {
		r = why_set(why, e == CYAML_ERR_OOM ? SL_E_NOMEM : SL_E_CONFIG, "%s: %s: %s%s%s", path,
			    caught.where[0] != '\0' ? caught.where : "top", cyaml_strerror(e),
			    caught.first[0] != '\0' ? ": " : "", caught.first);
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
	return load(path, schema, ret_data, NULL, why);
}

int yaml_load_list(const char *path, const cyaml_schema_value_t *schema, void **ret_data,
		   unsigned *ret_n, struct sl_why *why)
{
	return load(path, schema, ret_data, ret_n, why);
}

void yaml_free(const cyaml_schema_value_t *schema, void *data, unsigned n)
{
	cyaml_config_t config = {
		.log_level = CYAML_LOG_ERROR, .mem_fn = cyaml_mem, .flags = CYAML_CFG_DEFAULT};

	if (data != NULL)
		(void)cyaml_free(&config, schema, data, n);
}
