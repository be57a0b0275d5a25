/* dialog.c - nothing is signed by one careless key: default is No, a word must be typed. */
#include "tui/dialog.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/text.h"
#include "policy/present.h"
#include "review/sign.h"
#include "tui/screen.h"

void dialog_say(bool bad, const char *text)
{
	int rows, cols;

	screen_size(&rows, &cols);
	(void)screen_puts(rows - 1, 0, cols, bad ? LOOK_ERROR : LOOK_GOOD, text);
	screen_flush();
}

static void erase_last(char *s)
{
	size_t n = strlen(s);

	while (n > 0 && ((unsigned char)s[n - 1] & 0xc0u) == 0x80)
		n--;
	s[n > 0 ? n - 1 : 0] = '\0';
}

bool dialog_ask(const char *prompt, char *out, size_t cap)
{
	int rows, cols;

	out[0] = '\0';
	for (;;) {
		char line[1200], utf8[4];
		size_t used, n = strlen(out);
		uint32_t key;
		int at;

		screen_size(&rows, &cols);
		(void)snprintf(line, sizeof(line), "%s: %s", prompt, out);
		at = screen_put(rows - 1, 0, cols - 1, LOOK_BOLD, line, strlen(line), true);
		screen_cursor(rows - 1, at);
		screen_flush();
		key = screen_key(-1);
		if (key == SCREEN_ENTER || key == SCREEN_ESCAPE) {
			screen_cursor(-1, 0);
			return key == SCREEN_ENTER;
		}
		if (key == SCREEN_BACKSPACE) {
			erase_last(out);
			continue;
		}
		used = key < 0x110000 && !text_is_deceptive(key) ? text_encode(key, utf8) : 0;
		if (used > 0 && used < cap - n) {
			memcpy(out + n, utf8, used);
			out[n + used] = '\0';
		}
	}
}

static bool ask_acks(const struct review_case *c, struct vote_choice *v, struct dialog_text *t)
{
	struct buf open;
	bool ok = true;

	buf_init(&open, 64 << 10);
	while (ok && vote_unacknowledged(c, v, &open) == SL_E_DENIED &&
	       v->n_acks < VOTE_ACKS_MAX) {
		char prompt[160];
		unsigned i = v->n_acks;

		/* The first rule of the list; it leaves the list once it has a reason. */
		(void)snprintf(t->rules[i], sizeof(t->rules[i]), "%.*s",
			       (int)strcspn(buf_str(&open), " \n"), buf_str(&open));
		(void)snprintf(prompt, sizeof(prompt), _("Why may %s stand"), t->rules[i]);
		ok = dialog_ask(prompt, t->reasons[i], sizeof(t->reasons[i])) &&
		     t->reasons[i][0] != '\0';
		v->ack[i].rule = t->rules[i];
		v->ack[i].reason = t->reasons[i];
		v->n_acks += ok ? 1 : 0;
		buf_clear(&open);
	}
	buf_release(&open);
	return ok;
}

static bool confirm(const struct session *s, const struct review_case *c,
		    const struct vote_choice *v)
{
	char line[900], typed[16], key[KEY_ID_HEX + 1];
	int rows, cols;

	if (sign_key_id(s, key) != SL_OK)
		return false;
	screen_size(&rows, &cols);
	(void)snprintf(line, sizeof(line), _(" You sign: %s  %s revision %lld  route %s"),
		       v->decision, c->id, (long long)c->revision, c->manifest->klass);
	(void)screen_puts(rows - 5, 0, cols, LOOK_BAR, line);
	(void)snprintf(line, sizeof(line), " %s", present_text(c->manifest->title));
	(void)screen_puts(rows - 4, 0, cols, LOOK_BOLD, line);
	(void)snprintf(line, sizeof(line), _(" bytes %.16s…  as %s  key %.16s…"),
		       c->manifest_sha256, v->role, key);
	(void)screen_puts(rows - 3, 0, cols, LOOK_PLAIN, line);
	(void)screen_puts(rows - 2, 0, cols, LOOK_DIM,
			  _(" Type the word sign to sign, anything else to leave it."));
	return dialog_ask(_("sign?"), typed, sizeof(typed)) && strcmp(typed, "sign") == 0;
}

/* The only role there is, or the one the person types; Enter takes the first offered. */
static bool ask_role(const struct session *s, const struct review_case *c,
		     struct vote_choice *v, struct dialog_text *t)
{
	const char *roles[ROSTER_SLOTS_MAX];
	unsigned n = vote_roles(s, c, roles);
	char prompt[300];
	size_t used;

	v->role = n > 0 ? roles[0] : NULL;
	if (n == 1)
		return true;
	used = (size_t)snprintf(prompt, sizeof(prompt), "%s", _("Role you sign in"));
	for (unsigned i = 0; i < n && used < sizeof(prompt); i++)
		used += (size_t)snprintf(prompt + used, sizeof(prompt) - used, "%s%s%s",
					 i == 0 ? " [" : " ", roles[i], i + 1 == n ? "]" : "");
	if (!dialog_ask(prompt, t->role, sizeof(t->role)) || (n == 0 && t->role[0] == '\0'))
		return false;
	if (t->role[0] != '\0')
		v->role = t->role;
	return true;
}

bool dialog_decision(const struct session *s, const struct review_case *c, const char *decision,
		     struct vote_choice *v, struct dialog_text *t)
{
	bool approve = strcmp(decision, "approve") == 0;

	memset(v, 0, sizeof(*v));
	memset(t, 0, sizeof(*t));
	v->decision = decision;
	if (!ask_role(s, c, v, t))
		return false;
	if (approve)
		return ask_acks(c, v, t) && confirm(s, c, v);
	if (!dialog_ask(_("Code (personal-data, wording, attachment, source, column, format, "
			  "other)"),
			t->code, sizeof(t->code)) ||
	    t->code[0] == '\0' ||
	    !dialog_ask(_("One sentence to the author"), t->reason, sizeof(t->reason)) ||
	    t->reason[0] == '\0')
		return false;
	v->code = t->code;
	v->reason = t->reason;
	return confirm(s, c, v);
}
