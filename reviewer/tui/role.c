/* role.c - what the signed words mean to a person; the words themselves stay as they are. */
#include "tui/role.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "policy/present_role.h"

const char *role_word(const char *role)
{
	static char ring[4][120];
	static unsigned next;
	char *out = ring[next++ % 4];
	const char *name = present_role_name(role);

	if (strcmp(name, role) == 0)
		(void)snprintf(out, sizeof(ring[0]), "%s", name);
	else
		(void)snprintf(out, sizeof(ring[0]), "%s (%s)", name, role);
	return out;
}
