/* desk_socket.c - see the header. */
#include "desk_socket.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/i18n.h"

int desk_folders_make(const char *data)
{
	static const char *const names[] = {"store",
					    "objects",
					    "uploads",
					    "sealed",
					    "policies",
					    "run",
					    "run/wake/inspector",
					    "run/wake/releaser"};
	char path[DESK_SOCKET_PATH];
	int r = SL_OK;

	for (size_t i = 0; r == SL_OK && i < sizeof(names) / sizeof(names[0]); i++) {
		r = file_join(path, sizeof(path), data, names[i]);
		if (r == SL_OK)
			r = file_mkdirs(path, 0700);
	}
	return r;
}

int desk_socket_allow(const char *url, char dir[DESK_SOCKET_PATH], struct role_paths *paths,
		      struct sl_why *why)
{
	static const char scheme[] = "ipc://";
	char *slash;
	int r;

	if (strncmp(url, scheme, sizeof(scheme) - 1) != 0)
		return SL_OK;
	if ((size_t)snprintf(dir, DESK_SOCKET_PATH, "%s", url + sizeof(scheme) - 1) >=
	    DESK_SOCKET_PATH)
		return why_set(why, SL_E_CONFIG, _("%s is too long"), url);
	slash = strrchr(dir, '/');
	if (slash == NULL || slash == dir)
		return why_set(why, SL_E_CONFIG,
			       _("%s needs an absolute path below a directory"), url);
	*slash = '\0';
	r = file_mkdirs(dir, 0700);
	if (r != SL_OK)
		return why_set(why, r, _("cannot make %s"), dir);
	role_path(paths, dir, true, false);
	return SL_OK;
}
