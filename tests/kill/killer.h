/* killer.h - kill -9 before any one of the calls that change what a directory or a file holds.
 *
 * The calls themselves are the points: there are no names in the programs that could be
 * forgotten.  Between two of them a process changes nothing that outlives it (fsync changes
 * only what outlives the machine), so a kill before each of them is a kill between any two
 * writes, those of SQLite included.
 *
 * Linked into a test, killer_after() arms it for this process.  Preloaded into real programs
 * (LD_PRELOAD), it shares the file named by SLUICE_TEST_KILLER with whoever started them. */
#ifndef SL_TEST_KILLER_H
#define SL_TEST_KILLER_H

#include <stdatomic.h>
#include <stdint.h>

/* Let that many calls pass and die before the next one; negative: never. */
void killer_after(long calls);

enum { KILLER_PROGRAMS = 16, KILLER_ARMED = 8, KILLER_NAME = 32, KILLER_POINT = 224 };
enum { KILLER_LOG = 4 << 20 };

/* The shared file, read and written by killer.py too: keep both alike. */
struct killer_program {
	char name[KILLER_NAME];
	atomic_uint died; /* bit i: before point[i], once */
	int n;
	atomic_int calls; /* let that many pass and die before the next; negative: never */
	char point[KILLER_ARMED][KILLER_POINT];
};
struct killer_plan {
	atomic_int recording;
	atomic_uint log_len;
	struct killer_program program[KILLER_PROGRAMS];
	/* Lines "PROGRAM POINT ADDRESS ADDRESS ...": who called, innermost first. */
	char log[KILLER_LOG];
};

#endif
