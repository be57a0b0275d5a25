/* hostile_unit_main.c - the makers of tests/support/hostile_unit.c as a program.
 *
 *   hostile-unit list                           a line a unit: NAME END REASON
 *   hostile-unit NAME SERIAL SIGNER LINK.pub    the sealed unit on standard output, a file */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "tests/support/hostile_unit.h"

static int list(void)
{
	static const char *const ends[] = {"open", "done", "void"};

	for (const struct hostile_unit *u = hostile_units(); u->name != NULL; u++)
		printf("%s %s %s\n", u->name, ends[u->end], u->says != NULL ? u->says : "");
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct sl_why why = {.text = ""};
	struct key *signer = NULL;
	uint8_t link[KEY_PUBLIC];
	enum key_use use;
	int r = crypto_start();

	if (argc == 2 && strcmp(argv[1], "list") == 0)
		return list();
	if (r == SL_OK && argc != 5)
		r = why_set(&why, SL_E_USAGE, "NAME SERIAL SIGNER LINK.pub");
	if (r == SL_OK)
		r = key_load(argv[3], KEY_DSSE_GATEWAY, NULL, &signer, &why);
	if (r == SL_OK)
		r = key_read_public(argv[4], link, &use, &why);
	if (r == SL_OK)
		r = hostile_write(argv[1], strtoll(argv[2], NULL, 10), signer, link,
				  STDOUT_FILENO, &why);
	if (r != SL_OK)
		fprintf(stderr, "hostile-unit: %s\n", why_text(&why, r));
	key_free(signer);
	return r == SL_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
