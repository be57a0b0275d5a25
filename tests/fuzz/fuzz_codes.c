/* codes.yaml: whatever loads has a code for each decision, and no two that are the same. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "policy/codes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct codes *c)
{
	unsigned n[2] = {0, 0};
	json_t *list = codes_json(c);

	for (unsigned i = 0; i < c->codes_count; i++) {
		enum code_outcome o = c->codes[i].outcome;

		n[o]++;
		BUG(codes_check(c, o, c->codes[i].id, NULL) != SL_OK);
		BUG(codes_check(c, o == CODE_RETURN ? CODE_REFUSE : CODE_RETURN, c->codes[i].id,
				NULL) == SL_OK);
	}
	BUG(n[CODE_RETURN] == 0 || n[CODE_REFUSE] == 0);
	json_decref(list); /* NULL when a text is not UTF-8 */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char dir[] = "/tmp/sl-fuzz-codes-XXXXXX", path[64];
	struct codes *c = NULL;
	struct sl_why why = {.text = ""};

	if (mkdtemp(dir) == NULL)
		return 0;
	(void)snprintf(path, sizeof(path), "%s/codes.yaml", dir);
	if (file_write_durable(AT_FDCWD, path, data, size, 0600) == SL_OK) {
		if (codes_load(dir, &c, &why) == SL_OK)
			look(c);
		else
			BUG(why.text[0] == '\0');
		codes_free(c);
	}
	BUG(file_remove_tree(AT_FDCWD, dir) != SL_OK);
	return 0;
}
