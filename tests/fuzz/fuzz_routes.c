/* routes.yaml: whatever loads can be drawn, told as data and walked to its end. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "policy/route_template.h"
#include "policy/route_walk.h"
#include "policy/routes_check.h"
#include "policy/routes_draw.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char channels[] = "channels:\n  - {id: official-site}\n";

static void walk(const struct routes *r, const struct route *way)
{
	struct walk_voice said[WALK_VOICES_MAX];
	char pid[WALK_VOICES_MAX][8];
	struct walk_case c = {.routes = r,
			      .way = way,
			      .type = r->types[0].type,
			      .unit = "u",
			      .column = "",
			      .voices = said};
	struct walk w;

	/* One person after the other signs where it is open; nobody ever signs twice. */
	for (unsigned n = 0; n < WALK_VOICES_MAX && route_walk(&c, &w) == SL_OK; n++) {
		if (w.open == w.n)
			break;
		BUG(w.complete || w.step[w.open].state != WALK_OPEN);
		(void)snprintf(pid[n], sizeof(pid[n]), "p%u", n);
		said[n] = (struct walk_voice){.pid = pid[n],
					      .unit = "u",
					      .role = w.step[w.open].role,
					      .pages = true,
					      .source = true};
		BUG(route_walk_admits(&c, &w, &said[n], NULL) != SL_OK);
		c.n_voices = n + 1;
	}
}

static void look(const struct routes *r)
{
	struct buf out;

	buf_init(&out, 4 << 20);
	for (unsigned i = 0; i < r->routes_count; i++) {
		const struct route *way = &r->routes[i];
		json_t *j = routes_json(r, way);

		routes_draw(r, way, &out);
		BUG(way->outer == NULL || routes_find(r, way->id) != way);
		json_decref(j);
		if (way->steps_count > 0)
			walk(r, way);
		for (unsigned k = 0; k < way->templates_count; k++)
			(void)route_template_fits(&way->templates[k], way->templates[k].title,
						  way->templates[k].text,
						  strlen(way->templates[k].text));
	}
	routes_draw_types(r, &out);
	for (unsigned i = 0; i < r->types_count; i++)
		BUG(routes_find(r, r->types[i].route)->steps_count == 0);
	buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char dir[] = "/tmp/sl-fuzz-routes-XXXXXX", path[64];
	struct routes *r = NULL;
	struct sl_why why = {.text = ""};

	if (mkdtemp(dir) == NULL)
		return 0;
	(void)snprintf(path, sizeof(path), "%s/channels.yaml", dir);
	BUG(file_write_durable(AT_FDCWD, path, channels, strlen(channels), 0600) != SL_OK);
	(void)snprintf(path, sizeof(path), "%s/routes.yaml", dir);
	if (file_write_durable(AT_FDCWD, path, data, size, 0600) == SL_OK) {
		if (routes_load(dir, &r, &why) == SL_OK)
			look(r);
		else
			BUG(why.text[0] == '\0');
		routes_free(r);
	}
	BUG(file_remove_tree(AT_FDCWD, dir) != SL_OK);
	return 0;
}
