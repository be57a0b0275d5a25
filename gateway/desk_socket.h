/* desk_socket.h - the directories in which the desk works and listens. */
#ifndef SL_DESK_SOCKET_H
#define SL_DESK_SOCKET_H

#include "base/err.h"
#include "sandbox/role.h"

enum { DESK_SOCKET_PATH = 4096 };

/* Those below DATA, made 0700 where they are missing. */
int desk_folders_make(const char *data) SL_MUST_USE;
/* Directory of an ipc:// socket, made before the sandbox closes and added to `paths`; `dir`
 * keeps it and lives as long as they do.  Nothing for other addresses. */
int desk_socket_allow(const char *url, char dir[DESK_SOCKET_PATH], struct role_paths *paths,
		      struct sl_why *why) SL_MUST_USE;

#endif
