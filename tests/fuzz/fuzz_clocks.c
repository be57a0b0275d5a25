/* clocks.yaml: whatever loads can be counted, and ends. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "policy/clocks.h"
#include "policy/reckon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look(const struct clocks *c, const struct clocks_rule *r)
{
	static const int64_t start = INT64_C(1795000000); /* in November 2026 */
	const struct reckon_pause pause = {start + 10, start + 200000};
	const struct reckon_term t = {.unit = r->unit,
				      .length = r->length,
				      .moves = r->holiday == CLOCK_NEXT,
				      .started = start,
				      .pause = &pause,
				      .n_pauses = 1};
	int64_t due = reckon_due(c, &t);
	char words[CLOCKS_WORDS];

	BUG(due <= start || r->length == 0 || r->end.n == 0 || r->warn_count == 0);
	BUG(reckon_used(c, &t, due, due) < 100 || reckon_used(c, &t, due, start) != 0);
	BUG(reckon_warn(r, 100) == 0);
	BUG(clocks_join(&r->end, words) != SL_OK || clocks_find(c, r->id) != r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char dir[] = "/tmp/sl-fuzz-clocks-XXXXXX", path[64];
	struct clocks *c = NULL;
	struct sl_why why = {.text = ""};

	if (mkdtemp(dir) == NULL)
		return 0;
	(void)snprintf(path, sizeof(path), "%s/clocks.yaml", dir);
	if (file_write_durable(AT_FDCWD, path, data, size, 0600) == SL_OK) {
		if (clocks_load(dir, &c, &why) == SL_OK) {
			for (unsigned i = 0; i < c->n; i++)
				look(c, &c->rule[i]);
		} else {
			BUG(why.text[0] == '\0');
		}
		clocks_free(c);
	}
	BUG(file_remove_tree(AT_FDCWD, dir) != SL_OK);
	return 0;
}
