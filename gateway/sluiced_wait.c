/* sluiced_wait.c - what the running supervisor says of a filter that is being renewed. */
#include "sluiced.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"

/* Signatures take ten seconds and more to load. */
enum { WAIT_MS = 300000, LOOK_MS = 20, STATUS_MAX = 1 << 18 };

/* False: none runs. */
static bool read_state(const struct gateway_config *c, const char *kind, json_t **ret_one,
		       int64_t *ret_pid)
{
	char path[SLUICED_PATH];
	json_t *j = NULL;
	struct buf b;
	bool runs = false;

	buf_init(&b, STATUS_MAX);
	if (file_join(path, sizeof(path), c->data, "run/status.json") == SL_OK &&
	    file_read(AT_FDCWD, path, STATUS_MAX, &b) == SL_OK &&
	    json_parse(b.data, b.len, STATUS_MAX, &j) == SL_OK && json_i64(j, "pid", ret_pid) &&
	    *ret_pid > 0 && *ret_pid < INT32_MAX && kill((pid_t)*ret_pid, 0) == 0) {
		runs = true;
		*ret_one = json_incref(json_object_get(j, kind));
	}
	json_decref(j);
	buf_release(&b);
	return runs;
}

int sluiced_wait_in_force(const struct gateway_config *c, const char *kind, const char *name,
			  int64_t *ret_ms, struct sl_why *why)
{
	int64_t begun = clock_mono_ms(), pid = 0;
	struct timespec pause = {.tv_nsec = LOOK_MS * 1000000L};
	bool rung = false;
	int r = SL_E_TIMEOUT;

	*ret_ms = -1;
	while (r == SL_E_TIMEOUT && clock_mono_ms() - begun < WAIT_MS) {
		json_t *one = NULL;
		const char *state, *now;

		if (!read_state(c, kind, &one, &pid))
			return SL_OK;
		if (!rung) /* it need not wait for its next look */
			(void)kill((pid_t)pid, SIGHUP);
		rung = true;
		state = json_str(one, "state");
		now = json_str(one, "name");
		if (state != NULL && now != NULL && strcmp(state, "in-force") == 0 &&
		    strcmp(now, name) == 0)
			r = SL_OK;
		else if (state != NULL && strcmp(state, "refused") == 0)
			r = why_set(why, SL_E_STATE, _("the filter cannot take it: %s"),
				    json_str(one, "refused"));
		json_decref(one);
		if (r == SL_E_TIMEOUT)
			(void)nanosleep(&pause, NULL);
	}
	*ret_ms = clock_mono_ms() - begun;
	return r;
}
