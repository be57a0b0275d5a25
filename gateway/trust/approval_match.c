/* approval_match.c - a different person for every required slot.
 *
 * A system of distinct representatives: slots and persons, an edge where the
 * person approved in the slot's role.  Each slot in turn takes a person, and
 * backtracks along those already seated until one can move (augmenting paths):
 * exact, and polynomial however many approvals a hostile package brings. */
#include <string.h>

#include "trust/approval_private.h"

struct seating {
	const char *const *slot_role;
	unsigned n_slots;
	const struct approval_voice *voices;
	unsigned n_voices;
	const struct roster_person
		*person[ROSTER_SLOTS_MAX]; /* who sits in a slot, NULL: open */
	bool fixed[ROSTER_SLOTS_MAX];	   /* that seat may not move */
};

static int seat_of(const struct seating *s, const struct roster_person *p)
{
	for (unsigned i = 0; i < s->n_slots; i++) {
		if (s->person[i] == p)
			return (int)i;
	}
	return -1;
}

/* Find a person for `slot`; tried[] marks slots on the present path. */
static bool fill(struct seating *s, unsigned slot, bool tried[ROSTER_SLOTS_MAX])
{
	tried[slot] = true;
	for (unsigned v = 0; v < s->n_voices; v++) {
		const struct roster_person *p = s->voices[v].person;
		int seat;

		if (strcmp(s->voices[v].role, s->slot_role[slot]) != 0)
			continue;
		seat = seat_of(s, p);
		if (seat >= 0 &&
		    (s->fixed[seat] || tried[seat] || !fill(s, (unsigned)seat, tried)))
			continue;
		s->person[slot] = p;
		return true;
	}
	return false;
}

static unsigned fill_all(struct seating *s)
{
	unsigned filled = 0;

	for (unsigned i = 0; i < s->n_slots; i++) {
		bool tried[ROSTER_SLOTS_MAX] = {false};

		if (s->fixed[i] || fill(s, i, tried))
			filled++;
	}
	return filled;
}

/* Is there a complete filling that seats someone from outside the unit? */
static bool fill_with_outsider(const struct seating *empty, const char *unit)
{
	for (unsigned v = 0; v < empty->n_voices; v++) {
		if (strcmp(empty->voices[v].person->unit, unit) == 0)
			continue;
		for (unsigned i = 0; i < empty->n_slots; i++) {
			struct seating s = *empty;

			if (strcmp(s.voices[v].role, s.slot_role[i]) != 0)
				continue;
			s.person[i] = s.voices[v].person;
			s.fixed[i] = true;
			if (fill_all(&s) == s.n_slots)
				return true;
		}
	}
	return false;
}

unsigned approval_match(const struct roster_class *k, const struct approval_voice *voices,
			unsigned n, const char *unit, bool slot_filled[ROSTER_SLOTS_MAX],
			const char *slot_role[ROSTER_SLOTS_MAX], bool *ret_outside)
{
	struct seating empty = {.slot_role = slot_role, .voices = voices, .n_voices = n}, s;

	for (unsigned i = 0; i < k->n_require; i++) {
		for (unsigned m = 0; m < k->require[i].min; m++)
			slot_role[empty.n_slots++] = k->require[i].role;
	}
	s = empty;
	*ret_outside = fill_all(&s) == s.n_slots && fill_with_outsider(&empty, unit);
	for (unsigned i = 0; i < s.n_slots; i++)
		slot_filled[i] = s.person[i] != NULL;
	return s.n_slots;
}
