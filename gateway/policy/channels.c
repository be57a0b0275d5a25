/* channels.c - one small YAML file, read by the desk and by the rules about channels. */
#include "policy/channels.h"

#include <string.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/yaml.h"

enum { PATH_CAP = 4096, CHANNELS_MAX = 256, WORD = 64, NAME = 200 };

static const cyaml_schema_field_t channel_fields[] = {
	CYAML_FIELD_STRING_PTR("id", CYAML_FLAG_POINTER, struct channel, id, 1, WORD - 1),
	CYAML_FIELD_STRING_PTR("name", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct channel,
			       name, 0, NAME),
	CYAML_FIELD_UINT("text_max", CYAML_FLAG_OPTIONAL, struct channel, text_max),
	CYAML_FIELD_UINT("title_max", CYAML_FLAG_OPTIONAL, struct channel, title_max),
	CYAML_FIELD_UINT("picture_max_kib", CYAML_FLAG_OPTIONAL, struct channel,
			 picture_max_kib),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t channel_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_DEFAULT, struct channel, channel_fields),
};
static const cyaml_schema_field_t file_fields[] = {
	CYAML_FIELD_SEQUENCE("channels", CYAML_FLAG_POINTER, struct channels, channels,
			     &channel_schema, 1, CHANNELS_MAX),
	CYAML_FIELD_END,
};
static const cyaml_schema_value_t file_schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct channels, file_fields),
};

int channels_load(const char *policies_dir, struct channels **ret_c, struct sl_why *why)
{
	char path[PATH_CAP];
	struct channels *c;
	void *file = NULL;
	int r = file_join(path, sizeof(path), policies_dir, "channels.yaml");

	if (r != SL_OK)
		return why_set(why, r, _("the path of the policies is too long"));
	r = yaml_load(path, &file_schema, &file, why);
	if (r != SL_OK)
		return r;
	c = file;
	for (unsigned i = 0; i < c->channels_count; i++) {
		if (channels_find(c, c->channels[i].id) != &c->channels[i]) {
			r = why_set(why, SL_E_CONFIG, _("%s names the channel %s twice"), path,
				    c->channels[i].id);
			channels_free(c);
			return r;
		}
	}
	*ret_c = c;
	return SL_OK;
}

void channels_free(struct channels *c)
{
	yaml_free(&file_schema, c, 0);
}

const struct channel *channels_find(const struct channels *c, const char *id)
{
	for (unsigned i = 0; c != NULL && i < c->channels_count; i++) {
		if (strcmp(c->channels[i].id, id) == 0)
			return &c->channels[i];
	}
	return NULL;
}
