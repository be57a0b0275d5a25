/* tuf-client.c - our TUF client behind the command line of the public conformance suite.
 *
 *   tuf-client --metadata-dir D init ROOT
 *   tuf-client --metadata-dir D --metadata-url U refresh
 *   tuf-client --metadata-dir D --metadata-url U --target-name T... --target-dir TD
 *              --target-base-url TU download
 *
 * The workflow is the one of sluice-pull; only the profile of files differs
 * (tuf_profile.c beside this file).  Ends with 0 or 1 and nothing else. */
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "crypto/hash.h"
#include "outlet/fetch.h"

enum { NAMES_MAX = 64, TARGET_MAX = 64 << 20, NAME_MAX_ENCODED = 3 * TUF_PATH_MAX + 1 };

struct options {
	const char *metadata_dir, *metadata_url, *target_dir, *target_url;
	const char *names[NAMES_MAX];
	unsigned n_names;
	const char *verb, *root;
};

struct source { /* where files come from */
	struct fetch *metadata, *targets;
	int cache;	    /* directory of targets, or -1 */
	const char *cached; /* file there that is offered instead of asking the server */
};

/* Percent-encoded; `slash`: '/' is left alone. */
static void encode(const char *s, bool slash, char out[NAME_MAX_ENCODED])
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~";
	size_t at = 0;

	for (; *s != '\0' && at + 4 < NAME_MAX_ENCODED; s++) {
		if (strchr(plain, *s) != NULL || (slash && *s == '/'))
			out[at++] = *s;
		else
			at += (size_t)snprintf(out + at, 4, "%%%02X", (unsigned char)*s);
	}
	out[at] = '\0';
}

static int get(void *arg, const char *path, size_t max, struct buf *out)
{
	static const char metadata[] = "metadata/", targets[] = "targets/";
	char encoded[NAME_MAX_ENCODED];
	struct source *s = arg;

	/* Names of roles come encoded: they are file names in the state directory, too. */
	if (strncmp(path, metadata, strlen(metadata)) == 0)
		return s->metadata == NULL
			       ? SL_E_UNREACHABLE
			       : fetch_get(s->metadata, path + strlen(metadata), max, out);
	if (s->cached != NULL)
		return file_read(s->cache, s->cached, max, out);
	encode(path + strlen(targets), true, encoded);
	return s->targets == NULL ? SL_E_UNREACHABLE : fetch_get(s->targets, encoded, max, out);
}

/* What is there already is as good as what the server has if it verifies. */
static int download(struct tuf_client *c, struct source *s, const char *name,
		    struct sl_why *why)
{
	char file[NAME_MAX_ENCODED];
	struct buf b;
	int r;

	encode(name, false, file);
	buf_init(&b, TARGET_MAX);
	s->cached = file;
	r = tuf_client_download(c, name, TARGET_MAX, &b, NULL);
	s->cached = NULL;
	if (r == SL_OK)
		goto out;
	buf_clear(&b);
	r = tuf_client_download(c, name, TARGET_MAX, &b, why);
	if (r == SL_OK)
		r = file_write_durable(s->cache, file, b.data, b.len, 0644);
out:
	buf_release(&b);
	return r;
}

static int init(const struct options *o, const struct tuf_fetcher *f, struct sl_why *why)
{
	struct tuf_client *c = NULL;
	struct buf b;
	int r;

	buf_init(&b, TUF_ROOT_MAX);
	r = file_read(AT_FDCWD, o->root, TUF_ROOT_MAX, &b);
	if (r == SL_OK)
		r = tuf_client_open(o->metadata_dir, b.data, b.len, f, &c, why);
	tuf_client_close(c);
	buf_release(&b);
	return r;
}

static int refresh(const struct options *o, const struct tuf_fetcher *f,
		   struct tuf_client **ret_c, struct sl_why *why)
{
	struct source *s = f->arg;
	int r = fetch_open(o->metadata_url, &s->metadata, why);

	if (r == SL_OK)
		r = tuf_client_open(o->metadata_dir, NULL, 0, f, ret_c, why);
	return r == SL_OK ? tuf_client_refresh(*ret_c, clock_now(), why) : r;
}

static int run(const struct options *o, struct sl_why *why)
{
	struct source s = {.cache = -1};
	const struct tuf_fetcher f = {.get = get, .arg = &s};
	struct tuf_client *c = NULL;
	int r;

	if (strcmp(o->verb, "init") == 0) {
		r = init(o, &f, why);
		goto out;
	}
	r = refresh(o, &f, &c, why);
	if (r != SL_OK || strcmp(o->verb, "download") != 0)
		goto out;
	r = fetch_open(o->target_url, &s.targets, why);
	if (r == SL_OK)
		s.cache = file_open_dir(AT_FDCWD, o->target_dir);
	if (r == SL_OK && s.cache < 0)
		r = s.cache;
	for (unsigned i = 0; r == SL_OK && i < o->n_names; i++)
		r = download(c, &s, o->names[i], why);
out:
	tuf_client_close(c);
	fetch_close(s.metadata);
	fetch_close(s.targets);
	file_close(s.cache);
	return r;
}

static bool complete(const struct options *o)
{
	if (o->verb == NULL || o->metadata_dir == NULL)
		return false;
	if (strcmp(o->verb, "init") == 0)
		return o->root != NULL;
	if (o->root != NULL || o->metadata_url == NULL)
		return false;
	return strcmp(o->verb, "refresh") == 0 ||
	       (strcmp(o->verb, "download") == 0 && o->n_names > 0 && o->target_dir != NULL &&
		o->target_url != NULL);
}

static bool parse(int argc, char **argv, struct options *o)
{
	static const struct option known[] = {{"metadata-dir", required_argument, NULL, 'd'},
					      {"metadata-url", required_argument, NULL, 'u'},
					      {"target-name", required_argument, NULL, 'n'},
					      {"target-dir", required_argument, NULL, 't'},
					      {"target-base-url", required_argument, NULL, 'b'},
					      {NULL, 0, NULL, 0}};
	int opt;

	while ((opt = getopt_long(argc, argv, "", known, NULL)) != -1) {
		switch (opt) {
		case 'd':
			o->metadata_dir = optarg;
			break;
		case 'u':
			o->metadata_url = optarg;
			break;
		case 'n':
			if (o->n_names == NAMES_MAX)
				return false;
			o->names[o->n_names++] = optarg;
			break;
		case 't':
			o->target_dir = optarg;
			break;
		case 'b':
			o->target_url = optarg;
			break;
		default:
			return false;
		}
	}
	if (optind < argc)
		o->verb = argv[optind++];
	if (optind < argc)
		o->root = argv[optind++];
	return optind == argc && complete(o);
}

int main(int argc, char **argv)
{
	struct sl_why why = {.text = ""};
	struct options o = {.verb = NULL};
	int r;

	if (!parse(argc, argv, &o)) {
		fprintf(stderr, "usage: tuf-client --metadata-dir D [--metadata-url U] "
				"[--target-name T]... [--target-dir TD] "
				"[--target-base-url TU] init ROOT|refresh|download\n");
		return 1;
	}
	r = crypto_start();
	if (r == SL_OK)
		r = fetch_start();
	if (r == SL_OK)
		r = run(&o, &why);
	if (r != SL_OK)
		fprintf(stderr, "tuf-client: %s\n", why_text(&why, r));
	return r == SL_OK ? 0 : 1;
}
