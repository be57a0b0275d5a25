/* Statements and the readers of every predicate; and the same bytes as an attest file. */
#include <string.h>

#include "trust/delegation.h"
#include "trust/order.h"
#include "trust/procedure.h"
#include "trust/suppression.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_all(const struct statement *s)
{
	const char *a, *b, *c;
	int64_t x, y, z;
	struct approval_facts f;
	struct notice_facts n;
	struct suppression_facts p;
	struct procedure_facts q;
	struct delegation_facts d;
	const json_t *j;

	(void)!submission_read(s, &a, &x, &b, &c, &y, NULL);
	(void)!inspection_read(s, &a, &b, NULL);
	(void)!approval_read(s, &f, NULL);
	(void)!release_read(s, &j, &a, &x, &y, &z, NULL);
	(void)!order_read(s, &n, NULL);
	(void)!notice_read(s, &n, NULL);
	(void)!notice_freeze(s, &x, NULL);
	(void)!suppression_read(s, &p, NULL);
	(void)!procedure_read(s, &q, NULL);
	if (delegation_read(s, &d, NULL) == SL_OK)
		BUG((strcmp(d.action, "end") == 0) != (d.begun[0] != '\0'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct statement *list[ATTEST_LINES_MAX], *s = NULL;
	unsigned n = 0;

	if (statement_parse(data, size, &s, NULL) == SL_OK)
		read_all(s);
	statement_free(s);
	if (attest_split(data, size, list, &n, NULL) == SL_OK) {
		while (n > 0)
			statement_free(list[--n]);
	}
	return 0;
}
