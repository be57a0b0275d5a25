/* demo.h - a complete trial installation in one directory, for demonstration only.
 *
 * Every key is written unencrypted and all of them lie on one machine: whoever
 * reads the directory is every person of the story at once. */
#ifndef SL_KEYS_DEMO_H
#define SL_KEYS_DEMO_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { DEMO_PORT = 8480, DEMO_SOCKET_MAX = 107 /* bytes of a path in struct sockaddr_un */ };

struct demo_options {
	const char *dir;      /* created; must not hold an earlier set */
	const char *listen;   /* URL of the desk, NULL: a socket under dir */
	const char *policies; /* rule packs */
	/* Optional: this person ("desk") decides with the OpenSSH key of this .pub file, and
	 * the person's own key only opens sessions. */
	const char *ssh_person, *ssh_key;
	const char *link; /* "stream" (NULL too), "udp" or "directory" */
	uint16_t port;	  /* of the outlet's web server */
	bool tls; /* certificates; the desk over TLS on port + 1, a stream on port + 2 */
};
struct demo_result {
	char dir[4096];	  /* absolute */
	bool tls_skipped; /* asked for, but there is no openssl command */
};
/* SL_E_EXISTS when dir holds a set; SL_E_LIMIT when its path is too long for a
 * socket; SL_E_USAGE when its path has characters that configuration and shell
 * files cannot carry. */
int demo_write(const struct demo_options *o, struct demo_result *ret,
	       struct sl_why *why) SL_MUST_USE;

#endif
