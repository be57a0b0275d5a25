/* pull.c - what the three ways of receiving have in common. */
#include "link/pull.h"

#include <string.h>

#include "base/log.h"

const struct pull_mode *pull_mode_named(const char *name)
{
	static const struct pull_mode *const modes[] = {&pull_udp_mode, &pull_stream_mode,
							&pull_directory_mode};

	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		if (strcmp(modes[i]->name, name) == 0)
			return modes[i];
	}
	return NULL;
}

void pull_taken(struct pull *p, int64_t serial, int r)
{
	if (r == 1)
		log_info("arrived", "serial=%lld", (long long)serial);
	else if (r < 0 && r != SL_E_EXISTS && r != SL_E_STATE)
		log_warn("dropped", "serial=%lld error=%s", (long long)serial, sl_errname(r));
	if (r == 1)
		p->news = true;
}

bool pull_room(struct pull *p)
{
	bool room = quarantine_room(p->quarantine);

	if (!room && !p->full)
		log_warn("full", "the quarantine is full; nothing is taken from the link until "
				 "there is room");
	if (room && p->full)
		log_info("room", "there is room in the quarantine again");
	p->full = !room;
	return room;
}
