/* wire_kit.h - a real desk server in a thread, with its keys, for the tests of wire/. */
#ifndef SL_TESTS_WIRE_KIT_H
#define SL_TESTS_WIRE_KIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <stdatomic.h>

#include "wire/client.h"
#include "wire/server.h"

struct wire_kit {
	char dir[64], url[128], hex[65];
	struct key *author, *stranger, *desk;
	struct wire_server *server;
	atomic_int stop; /* of the thread that serves */
	atomic_int refused;
	pthread_t thread;
};
extern struct wire_kit wire_kit;
/* "echo" gives back its data, "fail" refuses. */
extern const struct wire_op wire_kit_ops[];

/* For cmocka's groups: keys, directory and a running server. */
int wire_kit_setup(void **state);
int wire_kit_teardown(void **state);
/* Start on wire_kit.url, or with other addresses and certificate; after wire_kit_halt. */
void wire_kit_start(int64_t known_ms);
void wire_kit_start_with(const struct wire_server_options *o);
void wire_kit_halt(void);
/* A throw-away certificate for localhost, made by openssl: with its key in `both`, alone in
 * `ca`; false when there is no openssl. */
bool wire_kit_certificate(char both[static 128], char ca[static 128]);
unsigned wire_kit_free_port(void);
struct wire_client *wire_kit_client(const struct key *k);

#endif
