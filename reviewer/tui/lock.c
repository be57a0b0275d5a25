/* lock.c - the session's key is wiped by its owner, crypto/key.c; here is when. */
#include "tui/lock.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "tui/dialog.h"
#include "tui/screen.h"

enum { DEFAULT_MINUTES = 10, MINUTE_MS = 60000 };

static int64_t idle_ms(const struct tui *t)
{
	uint64_t minutes = t->s.config->lock_minutes;

	return (int64_t)(minutes > 0 ? minutes : DEFAULT_MINUTES) * MINUTE_MS;
}

void lock_touch(struct tui *t)
{
	t->touched_ms = clock_mono_ms();
	/* A question that nobody answers is given up by then, and the loop comes here. */
	screen_idle_after((int)idle_ms(t));
}

bool lock_due(const struct tui *t)
{
	return clock_mono_ms() - t->touched_ms >= idle_ms(t);
}

static void draw(void *arg)
{
	const struct tui *t = arg;
	int rows, cols;

	(void)t;
	screen_size(&rows, &cols);
	screen_clear();
	(void)screen_puts(rows / 2 - 1 > 0 ? rows / 2 - 1 : 0, 0, cols, LOOK_BOLD,
			  _("  Locked: the key is wiped. Any key asks for the passphrase, q "
			    "quits."));
	screen_cursor(-1, 0);
	screen_flush();
}

static int ask(const char *path, char *out, size_t cap)
{
	char prompt[400];

	(void)snprintf(prompt, sizeof(prompt), _("Passphrase for %s"), path);
	return dialog_secret(prompt, out, cap) ? SL_OK : SL_E_CANCELED;
}

/* The desk may have been asked in the background: that connection signs with the key too. */
static int unlock(struct tui *t, struct sl_why *why)
{
	int r = session_unlock(&t->s, ask, why);

	if (r == SL_OK)
		gate_resume(&t->gate);
	return r;
}

void lock_now(struct tui *t)
{
	struct sl_why why = {""};
	bool locked = true;

	gate_pause(&t->gate);
	session_lock(&t->s);
	dialog_behind(draw, t);
	while (locked && !t->quit) {
		uint32_t key;
		int r;

		draw(t);
		if (why.text[0] != '\0') {
			int rows, cols;

			screen_size(&rows, &cols);
			(void)screen_puts(rows - 1, 0, cols, LOOK_ERROR, why.text);
			screen_flush();
		}
		key = dialog_key();
		if (key == 'q') {
			t->quit = true;
			break;
		}
		if (key == SCREEN_RESIZE || key == SCREEN_ESCAPE)
			continue;
		why.text[0] = '\0';
		r = unlock(t, &why);
		if (r != SL_OK && r != SL_E_CANCELED && why.text[0] == '\0')
			(void)why_set(&why, r, "%s", sl_strerror(r));
		locked = r != SL_OK;
	}
	tui_behind(t);
	lock_touch(t);
	if (!locked)
		tui_say(t, false, _("Unlocked."));
}
