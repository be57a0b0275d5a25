/* config_schema.h - inside config*.c only: the three files as libcyaml wants them. */
#ifndef SL_BASE_CONFIG_SCHEMA_H
#define SL_BASE_CONFIG_SCHEMA_H

#include "base/yaml.h"

extern const cyaml_schema_value_t config_schema_gateway;
extern const cyaml_schema_value_t config_schema_outlet;
extern const cyaml_schema_value_t config_schema_client;

#endif
