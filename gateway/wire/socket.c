/* socket.c - opening NNG's listeners and dialers the way this project wants them.
 *
 * The other end of each is hostile until it has proved itself by signature;
 * here it is only bounded (receive maximum) and, over TLS, encrypted. */
#include "wire/socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#include <nng/nng.h>
#include <nng/supplemental/tls/tls.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/i18n.h"
#include "wire/hangup.h"

enum { BROKEN_OFF_MS = 3000 };

static const char ipc_scheme[] = "ipc://", tls_scheme[] = "tls+tcp://";

static bool has_scheme(const char *url, const char *scheme)
{
	return strncmp(url, scheme, strlen(scheme)) == 0;
}

bool socket_is_tls(const char *url)
{
	return has_scheme(url, tls_scheme);
}

static int code_of(int rv)
{
	switch (rv) {
	case 0:
		return SL_OK;
	case NNG_ENOMEM:
		return SL_E_NOMEM;
	case NNG_ETIMEDOUT:
	case NNG_EAGAIN:
		return SL_E_TIMEOUT;
	case NNG_ECONNREFUSED:
	case NNG_ECONNRESET:
	case NNG_ECONNABORTED:
	case NNG_ECONNSHUT:
	case NNG_ECLOSED:
	case NNG_EUNREACHABLE:
	case NNG_ENOENT: /* no ipc socket there */
		return SL_E_UNREACHABLE;
	case NNG_EPEERAUTH:
	case NNG_ECRYPTO:
		return SL_E_SIGNATURE;
	case NNG_EINVAL:
	case NNG_EADDRINVAL:
	case NNG_EADDRINUSE:
	case NNG_ENOTSUP:
		return SL_E_CONFIG;
	case NNG_EPERM:
		return SL_E_DENIED;
	case NNG_EMSGSIZE:
	case NNG_ENOFILES:
		return SL_E_LIMIT;
	default:
		return SL_E_IO;
	}
}

int socket_error(int rv, const char *url, struct sl_why *why)
{
	int r = code_of(rv);

	if (r != SL_OK && url != NULL)
		(void)why_set(why, r, "%s: %s", url, nng_strerror(rv));
	return r;
}

/* The directory decides who may connect, so it is made before the socket. */
static int prepare_ipc(const char *url, struct sl_why *why)
{
	const char *path = url + strlen(ipc_scheme);
	const char *slash = strrchr(path, '/');
	char dir[sizeof(((struct sockaddr_un *)0)->sun_path)];
	int r;

	if (slash == NULL || slash == path || strlen(path) >= sizeof(dir))
		return why_set(
			why, SL_E_CONFIG,
			_("%s: the socket path must be absolute and shorter than %zu bytes"),
			url, sizeof(dir));
	memcpy(dir, path, (size_t)(slash - path));
	dir[slash - path] = '\0';
	r = file_mkdirs(dir, 0700);
	return r == SL_OK ? r : why_set(why, r, _("cannot create the directory %s"), dir);
}

/* Host of tls+tcp://host:port; brackets of an IPv6 address removed. */
static int host_of(const char *url, char *out, size_t cap)
{
	nng_url *u = NULL;
	const char *host;
	size_t len;
	int r = code_of(nng_url_parse(&u, url));

	if (r != SL_OK)
		return r;
	host = u->u_hostname;
	len = strlen(host);
	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		host++;
		len -= 2;
	}
	r = len == 0 || len >= cap ? SL_E_CONFIG : SL_OK;
	if (r == SL_OK) {
		memcpy(out, host, len);
		out[len] = '\0';
	}
	nng_url_free(u);
	return r;
}

static int show_certificate(nng_tls_config *t, const char *certificate, struct sl_why *why)
{
	int rv = nng_tls_config_cert_key_file(t, certificate, NULL);

	return rv == 0 ? SL_OK
		       : why_set(why, SL_E_CONFIG,
				 _("%s: not a PEM certificate with its key: %s"), certificate,
				 nng_strerror(rv));
}

static int demand_certificate(nng_tls_config *t, const char *ca, struct sl_why *why)
{
	int rv = nng_tls_config_auth_mode(t, NNG_TLS_AUTH_MODE_REQUIRED);

	if (rv == 0)
		rv = nng_tls_config_ca_file(t, ca);
	return rv == 0 ? SL_OK
		       : why_set(why, SL_E_CONFIG, _("%s: not a PEM certificate: %s"), ca,
				 nng_strerror(rv));
}

static int server_tls(const char *url, const struct wire_tls *tls, nng_tls_config **ret_t,
		      struct sl_why *why)
{
	nng_tls_config *t = NULL;
	int r;

	if (tls == NULL || tls->certificate == NULL)
		return why_set(why, SL_E_CONFIG, _("%s needs a certificate"), url);
	r = socket_error(nng_tls_config_alloc(&t, NNG_TLS_MODE_SERVER), url, why);
	if (r == SL_OK)
		r = show_certificate(t, tls->certificate, why);
	if (r == SL_OK && tls->ca != NULL)
		r = demand_certificate(t, tls->ca, why);
	if (r != SL_OK && t != NULL)
		nng_tls_config_free(t);
	else if (r == SL_OK)
		*ret_t = t;
	return r;
}

static int client_tls(const char *url, const struct wire_tls *tls, nng_tls_config **ret_t,
		      struct sl_why *why)
{
	nng_tls_config *t = NULL;
	char host[256];
	int r;

	if (tls == NULL || tls->ca == NULL)
		return why_set(why, SL_E_CONFIG, _("%s needs the server's CA"), url);
	if (host_of(url, host, sizeof(host)) != SL_OK)
		return why_set(why, SL_E_CONFIG, _("%s: not a URL"), url);
	r = socket_error(nng_tls_config_alloc(&t, NNG_TLS_MODE_CLIENT), url, why);
	if (r == SL_OK)
		r = socket_error(nng_tls_config_server_name(t, host), url, why);
	if (r == SL_OK)
		r = demand_certificate(t, tls->ca, why);
	if (r == SL_OK && tls->certificate != NULL)
		r = show_certificate(t, tls->certificate, why);
	if (r != SL_OK && t != NULL)
		nng_tls_config_free(t);
	else if (r == SL_OK)
		*ret_t = t;
	return r;
}

static int start_listener(nng_listener l)
{
	/* The socket is born 0600.  NNG's own option would chmod it afterwards, which
	 * leaves a moment for others and needs a right that a read-only role lacks. */
	mode_t old = umask(0177);
	int rv = nng_listener_start(l, 0);

	(void)umask(old);
	return rv;
}

int socket_listen(nng_socket s, const char *url, const struct wire_tls *tls, size_t max,
		  nng_listener *ret_l, struct sl_why *why)
{
	nng_listener l = NNG_LISTENER_INITIALIZER;
	nng_tls_config *t = NULL;
	int r = hangup_guarded(why), rv;

	if (r == SL_OK && has_scheme(url, ipc_scheme))
		r = prepare_ipc(url, why);
	else if (r == SL_OK && socket_is_tls(url))
		r = server_tls(url, tls, &t, why);
	if (r != SL_OK)
		goto out;
	rv = nng_listener_create(&l, s, url);
	if (rv == 0)
		rv = nng_listener_set_size(l, NNG_OPT_RECVMAXSZ, max);
	if (rv == 0 && t != NULL)
		rv = nng_listener_set_ptr(l, NNG_OPT_TLS_CONFIG, t);
	if (rv == 0)
		rv = start_listener(l);
	if (rv == 0)
		*ret_l = l;
	else if (nng_listener_id(l) > 0)
		(void)nng_listener_close(l);
	r = socket_error(rv, url, why);
out:
	if (t != NULL)
		nng_tls_config_free(t); /* the listener holds its own */
	return r;
}

/* A listener with more callers than it can greet breaks some off, and one that is
 * renewed all of them; over TLS it is away for a moment then.  Nothing has been said
 * yet, so trying again is free. */
static bool is_broken_off(int rv, const char *url)
{
	return rv == NNG_ECONNRESET || rv == NNG_ECONNSHUT || rv == NNG_ECONNABORTED ||
	       (rv == NNG_ECONNREFUSED && socket_is_tls(url));
}

static int dial_now(nng_dialer d, const char *url)
{
	static const struct timespec pause = {.tv_nsec = 100000000};
	int64_t until = clock_mono_ms() + BROKEN_OFF_MS;
	int rv = nng_dialer_start(d, 0);

	while (is_broken_off(rv, url) && clock_mono_ms() < until) {
		(void)nanosleep(&pause, NULL);
		rv = nng_dialer_start(d, 0);
	}
	return rv;
}

int socket_dial(nng_socket s, const char *url, const struct wire_tls *tls, size_t max,
		bool background, struct sl_why *why)
{
	nng_dialer d = NNG_DIALER_INITIALIZER;
	nng_tls_config *t = NULL;
	int r = hangup_guarded(why), rv;

	if (r == SL_OK && socket_is_tls(url))
		r = client_tls(url, tls, &t, why);
	if (r != SL_OK)
		goto out;
	rv = nng_dialer_create(&d, s, url);
	if (rv == 0)
		rv = nng_dialer_set_size(d, NNG_OPT_RECVMAXSZ, max);
	if (rv == 0)
		rv = nng_dialer_set_ms(d, NNG_OPT_RECONNMINT, 100);
	if (rv == 0)
		rv = nng_dialer_set_ms(d, NNG_OPT_RECONNMAXT, 5000);
	if (rv == 0 && t != NULL)
		rv = nng_dialer_set_ptr(d, NNG_OPT_TLS_CONFIG, t);
	if (rv == 0)
		rv = background ? nng_dialer_start(d, NNG_FLAG_NONBLOCK) : dial_now(d, url);
	r = socket_error(rv, url, why);
out:
	if (t != NULL)
		nng_tls_config_free(t);
	return r;
}

/* An address of any interface is reached at this host's own. */
static int knock_url(const char *url, char *out, size_t cap)
{
	nng_url *u = NULL;
	int rv = nng_url_parse(&u, url);
	int n;

	if (rv != 0)
		return rv;
	if (has_scheme(url, ipc_scheme) || u->u_hostname[0] != '\0')
		n = snprintf(out, cap, "%s", url);
	else
		n = snprintf(out, cap, "%s://127.0.0.1:%s", u->u_scheme, u->u_port);
	nng_url_free(u);
	return n < 0 || (size_t)n >= cap ? NNG_EADDRINVAL : 0;
}

int socket_knock(nng_socket s, const char *url)
{
	nng_dialer d = NNG_DIALER_INITIALIZER;
	nng_tls_config *t = NULL;
	char at[512];
	int rv = knock_url(url, at, sizeof(at));

	if (rv == 0)
		rv = nng_dialer_create(&d, s, at);
	if (rv == 0)
		rv = nng_dialer_set_ms(d, NNG_OPT_RECONNMINT, 500);
	if (rv == 0 && socket_is_tls(url)) {
		rv = nng_tls_config_alloc(&t, NNG_TLS_MODE_CLIENT);
		if (rv == 0)
			rv = nng_tls_config_auth_mode(t, NNG_TLS_AUTH_MODE_NONE);
		if (rv == 0)
			rv = nng_dialer_set_ptr(d, NNG_OPT_TLS_CONFIG, t);
	}
	if (rv == 0)
		rv = nng_dialer_start(d, NNG_FLAG_NONBLOCK);
	if (t != NULL)
		nng_tls_config_free(t);
	return code_of(rv);
}
