/* tls.h - the PEM files by which the two ends of a tls+tcp connection know each other. */
#ifndef SL_WIRE_TLS_H
#define SL_WIRE_TLS_H

struct wire_tls {
	const char *certificate; /* our own, with its key; NULL: we have none */
	const char *ca; /* what the other end's must be or be signed by; NULL: anyone's */
};

#endif
