/* units.yaml, a line "---accounts---", accounts.yaml: whatever loads keeps duties apart. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "policy/house.h"
#include "policy/stand_in.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct accounts *a)
{
	const int64_t now = INT64_C(1795000000); /* in November 2026 */

	for (unsigned i = 0; i < a->accounts_count; i++) {
		const struct account *k = &a->accounts[i];
		const char *instead_of = NULL;

		BUG(account_has(k, "system-admin") &&
		    accounts_may(a, k->pid, "secrecy", now, &instead_of, NULL) == SL_OK);
		BUG(accounts_may(a, k->pid, "no-such", now, &instead_of, NULL) == SL_OK);
		BUG(accounts_find(a, k->pid) != k);
		for (unsigned n = 0; n < k->substitutes_count; n++)
			BUG(stand_in_allowed(a, k->pid, k->substitutes[n].instead_of,
					     k->substitutes[n].role, NULL) != SL_OK);
	}
}

static int put(const char *dir, const char *name, const uint8_t *data, size_t size)
{
	char path[96];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return file_write_durable(AT_FDCWD, path, data, size, 0600);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char line[] = "---accounts---\n";
	char dir[] = "/tmp/sl-fuzz-accounts-XXXXXX";
	const uint8_t *cut = size == 0 ? NULL : memmem(data, size, line, sizeof(line) - 1);
	struct house *h = NULL;
	struct sl_why why = {.text = ""};
	size_t first = cut == NULL ? size : (size_t)(cut - data);

	if (mkdtemp(dir) == NULL)
		return 0;
	if (put(dir, "units.yaml", data, first) == SL_OK &&
	    (cut == NULL || put(dir, "accounts.yaml", cut + sizeof(line) - 1,
				size - first - (sizeof(line) - 1)) == SL_OK)) {
		if (house_load(dir, &h, &why) == SL_OK && h->accounts != NULL)
			look(h->accounts);
		else if (h == NULL)
			BUG(why.text[0] == '\0');
		house_free(h);
	}
	BUG(file_remove_tree(AT_FDCWD, dir) != SL_OK);
	return 0;
}
