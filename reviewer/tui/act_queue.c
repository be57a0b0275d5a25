/* act_queue.c - what the commands do in the queue. */
#include <string.h>

#include "base/i18n.h"
#include "tui/dialog.h"
#include "tui/state.h"

void act_refresh(struct tui *t)
{
	struct sl_why why = {""};
	int r = queue_load(&t->s, &t->queue, &why);

	if (r != SL_OK)
		tui_complain(t, r, &why);
}

void act_queue(struct tui *t, enum command cmd, const char *arg)
{
	switch (cmd) {
	case COMMAND_OPEN:
		act_open(t, arg[0] != '\0' ? arg : queue_current(&t->queue));
		return;
	case COMMAND_REFRESH:
		act_refresh(t);
		return;
	default:
		(void)queue_move(&t->queue, cmd, t->rows - 2);
	}
}
