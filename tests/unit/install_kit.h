/* install_kit.h - an outlet's installer beside a gateway's repository, in one process. */
#ifndef SL_TESTS_INSTALL_KIT_H
#define SL_TESTS_INSTALL_KIT_H

#include "outlet/install.h"
#include "outlet_kit.h"

struct host {
	struct okit k;
	struct install *in;
	struct buf root;
	char dir[96];
	int64_t serial; /* next unit */
};

void host_new(struct host *h);
void host_free(struct host *h);
/* Everything written since the last unit, into the quarantine (or elsewhere): its serial. */
int64_t host_send(struct host *h, const char *kind);
int64_t host_send_to(struct host *h, const char *kind, int priority, const char *folder);
/* Let the installer look once: this is what must come of it. */
void host_want(struct host *h, enum install_end end);
/* Is there such a file in the outlet's tree; is it equal to the gateway's? */
bool host_has(const struct host *h, const char *path);
void host_same(const struct host *h, const char *path);
/* Where the file of a release with this text lies. */
void host_blob_path(const char *body, char out[512]);

#endif
