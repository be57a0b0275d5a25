/* config.h - the three configuration files: gateway.yaml, outlet.yaml, client.yaml.
 *
 * Relative paths in a file are relative to the directory that holds the file
 * and are absolute once loaded.  Missing optional fields have the defaults
 * given here. */
#ifndef SL_BASE_CONFIG_H
#define SL_BASE_CONFIG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

struct config_list {
	char **item;
	unsigned n;
};

enum { CONFIG_REPEAT_MAX = 8, CONFIG_MAC_KEYS_MAX = 4, CONFIG_OLD_KEYS_MAX = 4 };

struct gateway_config {
	char *data;	       /* directory: store, objects, run, release state, outbox */
	char *policies;	       /* directory of rule packs and routes (YAML) */
	char *approval_policy; /* approval-policy.json, TUF target, signed by tuf-policy keys */
	char *repository;      /* initial signed metadata: root, targets, policy (directory) */
	char *trust_root;      /* root.json the gateway itself trusts */
	struct config_list listen; /* NNG URLs of the desk: ipc://…, tls+tcp://… */
	char *tls_certificate;	   /* PEM: certificate and key, needed for tls+tcp listeners */
	struct {
		char *desk;	 /* identity key of the desk (signs replies) */
		char *inspector; /* dsse-inspector */
		char *gateway;	 /* dsse-gateway (releaser) */
		char *releaser;	 /* tuf-rel + tuf-feed key of the releaser: two files in a
				    directory */
		char *checker;	 /* directory: its rel and feed keys */
		char *snapshot, *timestamp;
		char *link; /* link transport key */
		struct config_list
			seal; /* public seal keys of the secrecy officers (X25519 .pub) */
	} keys;
	struct {
		char *database; /* ClamAV signature directory */
		uint32_t
			max_age_days; /* default 7; a database older than this stops the line */
		bool demo; /* true: accept undated signatures; says loudly it is no protection
			    */
	} antivirus;
	struct {
		char *mode;	   /* "udp", "stream" or "directory" */
		char *url;	   /* stream: outlet's NNG PULL URL */
		char *directory;   /* directory: where units are put */
		char *ca;	   /* stream over TLS: PEM of the outlet's certificate, or of
				      whoever signs that and nothing else */
		char *certificate; /* stream over TLS: PEM, our own certificate and key */
		char *outlet_key;  /* public link key of the outlet (X25519 .pub): units are
				      sealed to it */
		/* udp: */
		char *address; /* HOST:PORT of the outlet; numbers, as nothing can be asked */
		char *source;  /* optional: IP of the interface towards the diode */
		char *mac_key; /* key of use link-mac, the same on both ends */
		char *rate;    /* "800kbit", "100Mbit", "2.5Gbit"; default 100Mbit */
		uint64_t rate_bits;  /* the same as bits a second, on the wire with headers */
		uint32_t mtu;	     /* default 1500: largest IP packet of the path */
		uint32_t loss;	     /* percent of datagrams that repair symbols make good,
					default 3, at most 50 */
		uint32_t interleave; /* default 512: blocks whose symbols take turns */
		bool no_offload;     /* true: never hand the kernel many datagrams in one */
		struct config_list repeat; /* pauses before each repetition, default
					      [5s, 1m, 10m, 1h]; [never] */
		uint32_t repeat_seconds[CONFIG_REPEAT_MAX];
		unsigned n_repeat;
		uint64_t keep_bytes; /* default 4 GiB: sent units kept for repeating */
	} link;
	struct {
		struct config_list optional; /* sandbox layers allowed to be missing */
	} sandbox;
	struct {
		uint64_t file_bytes;	  /* default 256 MiB: largest single file */
		uint64_t draft_bytes;	  /* default 512 MiB */
		uint32_t files;		  /* default 64 files in a draft */
		uint32_t inspect_seconds; /* default 120: one document through one filter */
		uint32_t workers;	  /* default 2: documents inspected at the same time */
		uint32_t
			see_seconds; /* default 600: one document drawn and its pictures read */
		uint32_t see_workers; /* default 1: of those, at the same time, in their own
					 queue */
		uint64_t free_bytes;  /* default 256 MiB: below this no new draft is accepted */
	} limits;
	char *office; /* optional: directory of LibreOffice, which reads formats before 2007;
			 NULL: where the distribution puts it */
	uint32_t timestamp_seconds; /* default 3600: re-sign timestamp.json */
	char *host;		    /* name of this gateway in logs, default "gateway" */
};

struct outlet_config {
	char *data;	  /* directory: quarantine, state, tree */
	char *tree;	  /* directory served; default DATA/tree */
	char *trust_root; /* root.json */
	struct {
		char *mode;	   /* "udp", "stream" or "directory" */
		char *url;	   /* stream: NNG URL to listen on */
		char *directory;   /* directory: where units appear */
		char *certificate; /* PEM with key for tls+tcp */
		char *ca;	   /* stream over TLS: PEM of the gateway's certificate, or of
				      whoever signs that and nothing else: every certificate
				      by it is let in */
		char *key;	   /* link transport key (X25519 secret) */
		struct config_list old_keys; /* earlier ones, which still open units */
		char *signer;		     /* public dsse-gateway key that signs units */
		/* udp: */
		char *listen;		     /* IP:PORT */
		struct config_list mac_keys; /* of use link-mac: one, and during a change of
						keys the old and the new one */
		uint64_t buffer_bytes;	     /* default 64 MiB: socket buffer asked for */
	} link;
	struct {
		char *address;		     /* default 127.0.0.1 */
		uint16_t port;		     /* default 8480 */
		uint32_t connections;	     /* default 1024 */
		uint32_t connections_per_ip; /* default 256 */
		uint32_t timeout_seconds;    /* default 30 */
	} http;
	char *announce; /* NNG PUB URL, e.g. ipc://… or tcp://…; NULL: none */
	struct {
		struct config_list optional;
	} sandbox;
};

struct client_config {
	char *gateway;	  /* NNG URL of the desk */
	char *server_key; /* 64 hex digits: the desk's identity key */
	char *tls_ca;	  /* PEM that signed the desk's certificate; NULL for ipc */
	char *key;	  /* secret key file of this person (dsse-author or dsse-reviewer) */
	/* Optional: an OpenSSH .pub file (sk-ssh-ed25519 or ssh-ed25519).  Decisions are then
	 * signed by ssh-keygen with that key, and `key` only opens the session. */
	char *approval_key;
	char *person;	/* pid, e.g. "p-07" */
	char *unit;	/* for display */
	char *policies; /* optional: local copy, to explain rules and to inspect again */
	/* root.json that the custodians gave this person: what proves the approval policy.
	 * Optional for authors only: without it sluice-review shows and signs nothing. */
	char *trust_root;
	/* When an approval needs that this machine inspects again: "required",
	 * "when-possible" (default) or "off". */
	char *recheck;
	struct {
		char *database; /* default /var/lib/clamav */
		bool demo;	/* accept undated signatures */
	} antivirus;		/* for that inspection */
	uint64_t lock_minutes;	/* optional: the terminal locks after so long; 0: 10 */
	char *cache;		/* directory for what was shown; default ~/.cache/sluice */
};

int config_gateway_load(const char *path, struct gateway_config **ret_c,
			struct sl_why *why) SL_MUST_USE;
void config_gateway_free(struct gateway_config *c);
int config_outlet_load(const char *path, struct outlet_config **ret_c,
		       struct sl_why *why) SL_MUST_USE;
void config_outlet_free(struct outlet_config *c);
/* path NULL: $SLUICE_CONFIG, then ~/.config/sluice/client.yaml. */
int config_client_load(const char *path, struct client_config **ret_c,
		       struct sl_why *why) SL_MUST_USE;
void config_client_free(struct client_config *c);
/* CACHE/<pid>, where this person's programs remember things; made if it is not there. */
int config_cache_dir(const struct client_config *config, char *out, size_t cap) SL_MUST_USE;

#endif
