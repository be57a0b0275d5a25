/* bare_clam.c - libclamav as plainly as it can be used: the yardstick of the antivirus filter.
 */
#include <clamav.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct cl_engine *load(const char *database)
{
	unsigned signatures = 0;
	struct cl_engine *engine;

	if (cl_init(CL_INIT_DEFAULT) != CL_SUCCESS || (engine = cl_engine_new()) == NULL ||
	    cl_load(database, engine, &signatures, CL_DB_STDOPT) != CL_SUCCESS ||
	    cl_engine_compile(engine) != CL_SUCCESS) {
		(void)fprintf(stderr, "cannot load %s\n", database);
		return NULL;
	}
	return engine;
}

static void print_memory(void)
{
	char line[256];
	long kib = 0;
	FILE *f = fopen("/proc/self/status", "re");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (sscanf(line, "VmRSS: %ld", &kib) == 1)
			break;
	}
	if (f != NULL)
		(void)fclose(f);
	printf("%.1f\n", (double)kib / 1024);
}

static int scan(struct cl_engine *engine, const char *path)
{
	struct cl_scan_options options = {.general = CL_SCAN_GENERAL_ALLMATCHES |
						     CL_SCAN_GENERAL_HEURISTICS,
					  .parse = ~0u,
					  .heuristic = ~0u};
	const char *name = NULL;
	unsigned long scanned = 0;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	cl_error_t e;

	if (fd < 0)
		return -1;
	e = cl_scandesc(fd, path, &name, &scanned, engine, &options);
	(void)close(fd);
	return e == CL_CLEAN ? 0 : 1;
}

int main(int argc, char **argv)
{
	struct timespec a, b;
	struct cl_engine *engine;
	int not_clean = 0;

	if (argc == 3 && strcmp(argv[1], "--memory") == 0) {
		engine = load(argv[2]);
		if (engine == NULL)
			return 1;
		print_memory();
		return 0;
	}
	engine = argc > 2 ? load(argv[1]) : NULL;
	if (engine == NULL)
		return 1;
	(void)clock_gettime(CLOCK_MONOTONIC, &a);
	for (int i = 2; i < argc; i++)
		not_clean += scan(engine, argv[i]) != 0;
	(void)clock_gettime(CLOCK_MONOTONIC, &b);
	printf("%.3f\n", (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9);
	if (not_clean > 0)
		(void)fprintf(stderr, "bare libclamav: %d of %d not clean\n", not_clean,
			      argc - 2);
	(void)cl_engine_free(engine);
	return 0;
}
