/* tool_routes.c - sluice-policy routes: each route as a drawing, and what takes it. */
#include <stdio.h>
#include <string.h>

#include "policies/commands.h"
#include "policies/tool.h"
#include "policy/routes.h"
#include "policy/routes_draw.h"

enum { DRAWING_MAX = 1 << 20 };

static int print_json(const struct routes *r, const char *only)
{
	json_t *list = json_array();

	for (unsigned i = 0; list != NULL && i < r->routes_count; i++) {
		if (only == NULL || strcmp(r->routes[i].id, only) == 0)
			(void)json_array_append_new(list, routes_json(r, &r->routes[i]));
	}
	return tool_print(
		json_pack("{s:o,s:o}", "routes", list, "types", routes_types_json(r)));
}

static int print_drawings(const struct routes *r, const char *only)
{
	struct buf out;
	int res;

	buf_init(&out, DRAWING_MAX);
	for (unsigned i = 0; i < r->routes_count; i++) {
		if (only != NULL && strcmp(r->routes[i].id, only) != 0)
			continue;
		routes_draw(r, &r->routes[i], &out);
		buf_puts(&out, "\n");
	}
	if (only == NULL)
		routes_draw_types(r, &out);
	res = buf_error(&out);
	if (res == SL_OK)
		(void)fputs(buf_str(&out), stdout);
	buf_release(&out);
	return res;
}

int tool_routes_run(const struct cli *c)
{
	const char *only = c->n_operands == 1 ? c->operands[0] : NULL;
	struct sl_why why = {.text = ""};
	struct routes *r = NULL;
	char dir[TOOL_PATH];
	int res = tool_policy_dir(c, dir);

	if (res == SL_OK)
		res = routes_load(dir, &r, &why);
	if (res == SL_OK && only != NULL && routes_find(r, only) == NULL)
		res = why_set(&why, SL_E_NOTFOUND, _("there is no route %s"), only);
	if (res == SL_OK)
		res = c->json ? print_json(r, only) : print_drawings(r, only);
	routes_free(r);
	return res == SL_OK ? CLI_DONE
			    : cli_fail(res, &why, _("the routes cannot be shown"),
				       _("sluice-policy check DIR says what is wrong."));
}
