/* config_schema.c - which keys the three YAML files have, and where each goes.
 *
 * What is not listed is refused by libcyaml with its line. */
#include "base/config_schema.h"

#include <stddef.h>

#include "base/config.h"

enum { TEXT_MAX = 4000, LIST_MAX = 32 };

/* Inner mappings have no type of their own in config.h: they lie at offset 0 of
 * the outer structure and their fields use the outer structure's offsets. */
#define TEXT(s, key, member)                                                                   \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_DEFAULT, s, member, 1, TEXT_MAX)
#define TEXT_OPT(s, key, member)                                                               \
	CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_OPTIONAL, s, member, 1, TEXT_MAX)
#define NUMBER_OPT(s, key, member) CYAML_FIELD_UINT(key, CYAML_FLAG_OPTIONAL, s, member)
#define BOOL_OPT(s, key, member)   CYAML_FIELD_BOOL(key, CYAML_FLAG_OPTIONAL, s, member)
#define LIST(s, key, member, flags, min)                                                       \
	CYAML_FIELD_SEQUENCE_COUNT(key, (flags) | CYAML_FLAG_POINTER, s, member.item,          \
				   member.n, &list_entry, min, LIST_MAX)
#define INNER(s, name, f, inner_fields)                                                        \
	{                                                                                      \
		.key = name, .data_offset = 0, .value = {                                      \
			CYAML_VALUE_MAPPING(f, s, inner_fields)                                \
		}                                                                              \
	}

#define GW  struct gateway_config
#define OUT struct outlet_config
#define CL  struct client_config

static const cyaml_schema_value_t list_entry = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, TEXT_MAX),
};

static const cyaml_schema_field_t gateway_keys[] = {
	TEXT(GW, "desk", keys.desk),
	TEXT(GW, "inspector", keys.inspector),
	TEXT(GW, "gateway", keys.gateway),
	TEXT(GW, "releaser", keys.releaser),
	TEXT(GW, "checker", keys.checker),
	TEXT(GW, "snapshot", keys.snapshot),
	TEXT(GW, "timestamp", keys.timestamp),
	TEXT_OPT(GW, "link", keys.link),
	LIST(GW, "seal", keys.seal, CYAML_FLAG_OPTIONAL, 0),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t gateway_antivirus[] = {
	TEXT(GW, "database", antivirus.database),
	NUMBER_OPT(GW, "max_age_days", antivirus.max_age_days),
	BOOL_OPT(GW, "demo", antivirus.demo),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t gateway_link[] = {
	TEXT(GW, "mode", link.mode),
	TEXT_OPT(GW, "url", link.url),
	TEXT_OPT(GW, "directory", link.directory),
	TEXT_OPT(GW, "ca", link.ca),
	TEXT_OPT(GW, "certificate", link.certificate),
	TEXT_OPT(GW, "outlet_key", link.outlet_key),
	TEXT_OPT(GW, "address", link.address),
	TEXT_OPT(GW, "source", link.source),
	TEXT_OPT(GW, "mac_key", link.mac_key),
	TEXT_OPT(GW, "rate", link.rate),
	NUMBER_OPT(GW, "mtu", link.mtu),
	NUMBER_OPT(GW, "loss", link.loss),
	NUMBER_OPT(GW, "interleave", link.interleave),
	BOOL_OPT(GW, "no_offload", link.no_offload),
	/* An empty list would look like one that is not there. */
	LIST(GW, "repeat", link.repeat, CYAML_FLAG_OPTIONAL, 1),
	NUMBER_OPT(GW, "keep_bytes", link.keep_bytes),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t gateway_sandbox[] = {
	LIST(GW, "optional", sandbox.optional, CYAML_FLAG_OPTIONAL, 0),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t gateway_limits[] = {
	NUMBER_OPT(GW, "file_bytes", limits.file_bytes),
	NUMBER_OPT(GW, "draft_bytes", limits.draft_bytes),
	NUMBER_OPT(GW, "files", limits.files),
	NUMBER_OPT(GW, "inspect_seconds", limits.inspect_seconds),
	NUMBER_OPT(GW, "workers", limits.workers),
	NUMBER_OPT(GW, "see_seconds", limits.see_seconds),
	NUMBER_OPT(GW, "see_workers", limits.see_workers),
	NUMBER_OPT(GW, "free_bytes", limits.free_bytes),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t gateway_fields[] = {
	TEXT(GW, "data", data),
	TEXT(GW, "policies", policies),
	TEXT(GW, "approval_policy", approval_policy),
	TEXT(GW, "repository", repository),
	TEXT(GW, "trust_root", trust_root),
	LIST(GW, "listen", listen, CYAML_FLAG_DEFAULT, 1),
	TEXT_OPT(GW, "tls_certificate", tls_certificate),
	INNER(GW, "keys", CYAML_FLAG_DEFAULT, gateway_keys),
	INNER(GW, "antivirus", CYAML_FLAG_DEFAULT, gateway_antivirus),
	INNER(GW, "link", CYAML_FLAG_DEFAULT, gateway_link),
	INNER(GW, "sandbox", CYAML_FLAG_OPTIONAL, gateway_sandbox),
	INNER(GW, "limits", CYAML_FLAG_OPTIONAL, gateway_limits),
	TEXT_OPT(GW, "office", office),
	NUMBER_OPT(GW, "timestamp_seconds", timestamp_seconds),
	TEXT_OPT(GW, "host", host),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t config_schema_gateway = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, GW, gateway_fields)};

static const cyaml_schema_field_t outlet_link[] = {
	TEXT(OUT, "mode", link.mode),
	TEXT_OPT(OUT, "url", link.url),
	TEXT_OPT(OUT, "directory", link.directory),
	TEXT_OPT(OUT, "certificate", link.certificate),
	TEXT_OPT(OUT, "ca", link.ca),
	TEXT_OPT(OUT, "key", link.key),
	LIST(OUT, "old_keys", link.old_keys, CYAML_FLAG_OPTIONAL, 0),
	TEXT_OPT(OUT, "signer", link.signer),
	TEXT_OPT(OUT, "listen", link.listen),
	LIST(OUT, "mac_keys", link.mac_keys, CYAML_FLAG_OPTIONAL, 0),
	NUMBER_OPT(OUT, "buffer_bytes", link.buffer_bytes),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t outlet_http[] = {
	TEXT_OPT(OUT, "address", http.address),
	NUMBER_OPT(OUT, "port", http.port),
	NUMBER_OPT(OUT, "connections", http.connections),
	NUMBER_OPT(OUT, "connections_per_ip", http.connections_per_ip),
	NUMBER_OPT(OUT, "timeout_seconds", http.timeout_seconds),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t outlet_sandbox[] = {
	LIST(OUT, "optional", sandbox.optional, CYAML_FLAG_OPTIONAL, 0),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t outlet_fields[] = {
	TEXT(OUT, "data", data),
	TEXT_OPT(OUT, "tree", tree),
	TEXT(OUT, "trust_root", trust_root),
	INNER(OUT, "link", CYAML_FLAG_DEFAULT, outlet_link),
	INNER(OUT, "http", CYAML_FLAG_OPTIONAL, outlet_http),
	TEXT_OPT(OUT, "announce", announce),
	INNER(OUT, "sandbox", CYAML_FLAG_OPTIONAL, outlet_sandbox),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t config_schema_outlet = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, OUT, outlet_fields)};

static const cyaml_schema_field_t client_antivirus[] = {
	TEXT_OPT(CL, "database", antivirus.database),
	BOOL_OPT(CL, "demo", antivirus.demo),
	CYAML_FIELD_END,
};
static const cyaml_schema_field_t client_fields[] = {
	TEXT(CL, "gateway", gateway),
	TEXT(CL, "server_key", server_key),
	TEXT_OPT(CL, "tls_ca", tls_ca),
	TEXT(CL, "key", key),
	TEXT_OPT(CL, "approval_key", approval_key),
	TEXT(CL, "person", person),
	TEXT_OPT(CL, "unit", unit),
	TEXT_OPT(CL, "policies", policies),
	TEXT_OPT(CL, "trust_root", trust_root),
	TEXT_OPT(CL, "cache", cache),
	TEXT_OPT(CL, "recheck", recheck),
	INNER(CL, "antivirus", CYAML_FLAG_OPTIONAL, client_antivirus),
	NUMBER_OPT(CL, "lock_minutes", lock_minutes),
	CYAML_FIELD_END,
};
const cyaml_schema_value_t config_schema_client = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, CL, client_fields)};
