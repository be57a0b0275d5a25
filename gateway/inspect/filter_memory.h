/* filter_memory.h - make the warm parent's memory cheap to fork from. */
#ifndef SL_INSPECT_FILTER_MEMORY_H
#define SL_INSPECT_FILTER_MEMORY_H

/* Both are for once, after everything is loaded and before the first fork;
 * single-threaded, with /proc still readable.  They change no answer and have nothing to
 * fail: a fork only costs less.  Both do nothing in sanitizer builds, whose allocator and
 * shadow memory are others. */

/* Afterwards a child's allocations lie in fresh pages at the end of the heap, and what
 * was loaded lies in large pages where the kernel has them. */
void filter_memory_settle(void);
/* Code and data of libraries whose file names begin with one of these (ended by NULL; NULL:
 * none) are not there in children: a jump into one is a fault that ends the child.  What
 * the dynamic linker reads of them stays: a search for a name passes through every
 * library, and finds its way past these. */
void filter_memory_leave(const char *const *libraries);

#endif
