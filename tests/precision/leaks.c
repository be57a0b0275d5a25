/* leaks.c - how many leaks the rules find that nobody had a rule in mind for.
 *
 * leaks.tsv was written from the law and the tasks of a bureau, before the rules were read.
 * One leak a line: group, part, packs, severity, text.  A leak is found when a rule of one of
 * the packs says something at least as severe.  "open" leaks were there to learn from;
 * "sealed" ones were measured before and after, and nobody looked at which were missed. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "crypto/hash.h"
#include "policy/policy.h"

enum { TODAY = 20500, FIELDS = 5, FILE_MAX = 1 << 20, GROUPS_MAX = 24 };

/* Percent that must be found of the open leaks and of the sealed ones. */
static const unsigned wanted[2] = {92, 76};

struct sum {
	char group[64];
	unsigned tried[2], found[2];
};

static struct sum sums[GROUPS_MAX];
static unsigned n_sums;

static size_t put_code_point(char *out, unsigned long c)
{
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	out[0] = (char)(0xe0 | c >> 12);
	out[1] = (char)(0x80 | (c >> 6 & 0x3f));
	out[2] = (char)(0x80 | (c & 0x3f));
	return 3;
}

/* \n, \t, \\ and \u{200B} are written out; in place, it only becomes shorter. */
static size_t unescape(char *s)
{
	char *out = s;

	for (const char *p = s; *p != '\0'; p++) {
		char *end = NULL;

		if (*p != '\\') {
			*out++ = *p;
		} else if (p[1] == 'u' && p[2] == '{') {
			out += put_code_point(out, strtoul(p + 3, &end, 16));
			p = end;
		} else {
			p++;
			*out++ = *p;
			if (*p == 'n')
				out[-1] = '\n';
			else if (*p == 't')
				out[-1] = '\t';
		}
	}
	*out = '\0';
	return (size_t)(out - s);
}

static bool of_pack(const char *rule, const char *packs)
{
	char pack[4] = {rule[0], rule[1], '\0'};

	return strstr(packs, pack) != NULL;
}

static bool scan(const struct policy *p, const char *text, size_t len, const char *packs,
		 const char *severity)
{
	const struct scan_context ctx = {.offline = true, .today = TODAY};
	const struct segment seg = {.text = text, .len = (uint32_t)len, .line = 1, .column = 1};
	struct finding *f = NULL;
	bool overflow = false, found = false;
	unsigned n = 0;

	if (policy_scan(p, &ctx, &seg, 1, &f, &n, &overflow) != SL_OK)
		abort();
	for (unsigned i = 0; i < n; i++)
		found |= of_pack(f[i].rule, packs) &&
			 strcmp(severity_name((enum severity)f[i].severity), severity) <= 0;
	free(f);
	return found;
}

static struct sum *sum_of(const char *group)
{
	for (unsigned i = 0; i < n_sums; i++)
		if (strcmp(sums[i].group, group) == 0)
			return &sums[i];
	if (n_sums == GROUPS_MAX)
		abort();
	(void)snprintf(sums[n_sums].group, sizeof(sums[n_sums].group), "%s", group);
	return &sums[n_sums++];
}

static void one(const struct policy *p, char *line)
{
	char *field[FIELDS], *rest = line;
	unsigned part;
	struct sum *s;

	for (unsigned i = 0; i < FIELDS; i++) {
		field[i] = strsep(&rest, "\t");
		if (field[i] == NULL) {
			(void)fprintf(stderr, "leaks: not five fields: %s\n", line);
			exit(1);
		}
	}
	part = strcmp(field[1], "sealed") == 0;
	s = sum_of(field[0]);
	s->tried[part]++;
	if (scan(p, field[4], unescape(field[4]), field[2], field[3]))
		s->found[part]++;
	else if (part == 0)
		printf("  missed (%s %s): %s\n", field[2], field[3], field[4]);
}

int main(int argc, char **argv)
{
	struct sl_why why = {.text = ""};
	struct sum all = {.group = "all"};
	struct policy *p = NULL;
	struct buf b;
	char *line, *rest, *text;

	buf_init(&b, FILE_MAX);
	if (argc != 3 || crypto_start() != SL_OK ||
	    file_read(AT_FDCWD, argv[2], FILE_MAX, &b) != SL_OK ||
	    policy_load(argv[1], &p, &why) != SL_OK) {
		(void)fprintf(stderr, "usage: leaks POLICIES LEAKS  %s\n", why.text);
		return 2;
	}
	rest = text = strdup(buf_str(&b));
	while ((line = strsep(&rest, "\n")) != NULL)
		if (line[0] != '\0' && line[0] != '#')
			one(p, line);
	for (unsigned i = 0; i < n_sums; i++) {
		printf("%-40s open %u of %u, sealed %u of %u\n", sums[i].group,
		       sums[i].found[0], sums[i].tried[0], sums[i].found[1], sums[i].tried[1]);
		for (unsigned part = 0; part < 2; part++) {
			all.tried[part] += sums[i].tried[part];
			all.found[part] += sums[i].found[part];
		}
	}
	printf("%-40s open %u of %u, sealed %u of %u\n", all.group, all.found[0], all.tried[0],
	       all.found[1], all.tried[1]);
	free(text);
	buf_release(&b);
	policy_free(p);
	for (unsigned part = 0; part < 2; part++)
		if (all.tried[part] == 0 ||
		    all.found[part] * 100 < all.tried[part] * wanted[part])
			return 1;
	return 0;
}
