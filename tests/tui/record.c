/* record.c - ask a gateway one thing and print the answer as a row of an answers file.
 *
 * tui_record CONFIG OP [ARGS as JSON] >>ROWS */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "wire/session.h"

enum { ANSWER_MAX = 1 << 20 };

static json_t *row_of(const char *op, json_t *args, const struct wire_reply *reply)
{
	json_t *row =
		json_pack("{s:s,s:O,s:O}", "op", op, "args", args, "result", reply->result);
	char *hex = malloc(2 * reply->data.len + 1);

	if (row == NULL || hex == NULL)
		abort();
	if (reply->error != SL_OK)
		(void)json_object_set_new(row, "error", json_string(sl_errname(reply->error)));
	text_hex(reply->data.data, reply->data.len, hex);
	if (reply->data.len > 0)
		(void)json_object_set_new(row, "data_hex", json_string(hex));
	free(hex);
	return row;
}

int main(int argc, char **argv)
{
	const char *text = argc > 3 ? argv[3] : "{}";
	struct wire_reply reply = {0};
	struct sl_why why = {""};
	struct session s;
	json_t *args = NULL;
	int r;

	if (argc < 3 || json_parse(text, strlen(text), ANSWER_MAX, &args) != SL_OK) {
		(void)fprintf(stderr, "usage: tui_record CONFIG OP [ARGS]\n");
		return 2;
	}
	r = session_open(argv[1], &s, &why);
	if (r == SL_OK)
		r = wire_call(s.wire, argv[2], args, NULL, 0, 30000, &reply, &why);
	if (r == SL_OK)
		r = json_print_take(row_of(argv[2], args, &reply));
	if (r != SL_OK)
		(void)fprintf(stderr, "%s\n", why_text(&why, r));
	wire_reply_release(&reply);
	json_decref(args);
	return r == SL_OK ? 0 : 1;
}
