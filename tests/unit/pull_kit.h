/* pull_kit.h - a repository, its server, and a platform that pulls with the real program. */
#ifndef SL_TESTS_PULL_KIT_H
#define SL_TESTS_PULL_KIT_H

#include "outlet/site.h"
#include "outlet_kit.h"

struct stage { /* a repository, its server, and a platform's directory */
	struct okit k;
	struct site *site;
	char url[64], into[96], root[128], hook_log[96], hook[96];
};

void stage_new(struct stage *s);
void stage_free(struct stage *s);
/* Run the real program; its standard output is returned (caller frees). */
char *stage_run(const char *const *args, int *ret_exit);
/* Pull once: this exit code, and these words in the events. */
void stage_pull(struct stage *s, int want, const char *says);
void stage_pull_with(struct stage *s, const char *option, const char *value, int want,
		     const char *says);
/* Is there such a path in the platform's directory? */
bool stage_there(const struct stage *s, const char *path);
/* sluice-pull verify of releases/PACKAGE. */
void stage_verify(const struct stage *s, const char *package, int want);

#endif
