/* filter_memory.c - a child must not pay for what loading left behind.
 *
 * Loading rules or signatures frees as much as it keeps.  Each child would take its first
 * allocations out of those holes, and every page it writes there is copied; sorting the
 * free lists alone touched 300 pages per document.  So the parent takes all holes itself
 * and keeps them, once.  Then it asks for large pages under what is loaded: a fork copies
 * one entry for each of them instead of 512.  Mappings of libraries that came
 * along for others, and that no document needs, are not copied at all. */
#include "inspect/filter_memory.h"

#ifndef SL_NO_SANDBOX

#include <inttypes.h>
#include <link.h>
#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE 25 /* Linux 6.1 */
#endif

enum {
	LARGEST = 1 << 20,
	SMALL = 1032, /* up to here the allocator has a list for every 16 bytes */
	STEP = 16,
	LEAST = 24, /* SMALL less a multiple of STEP: sizes that fill their pieces */
	TOP_PAD = 256 << 10,
	MAPPED_FROM = 128 << 10,
};
static const uintptr_t LARGE_PAGE = UINT64_C(2) << 20;

/* Takes every hole of this size that lies before the old end of the heap.  *budget is
 * what the holes can hold at most, so that a surprise of the allocator ends too. */
static void take(size_t size, uintptr_t low, uintptr_t end, size_t *budget)
{
	for (;;) {
		void *p = malloc(size);
		uintptr_t at = (uintptr_t)p;

		if (p == NULL)
			return;
		if (at < low || at >= end || *budget < size) {
			/* A small one would wait in a list of its own for the first
			 * child, in a page that is then copied: it stays taken. */
			if (size >= SMALL)
				free(p);
			return;
		}
		*budget -= size;
	}
}

static void take_holes(uintptr_t low)
{
	uintptr_t end;
	size_t budget;

	(void)malloc_trim(0); /* merges the small lists and ends the heap at its last byte */
	budget = mallinfo2().fordblks + LARGEST;
	end = (uintptr_t)sbrk(0);
	for (size_t size = LARGEST; size > SMALL; size /= 2)
		take(size, low, end, &budget);
	for (size_t size = SMALL; size >= LEAST; size -= STEP)
		take(size, low, end, &budget);
}

static void collapse(uintptr_t start, uintptr_t end)
{
	uintptr_t from = (start + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1);
	uintptr_t to = end & ~(LARGE_PAGE - 1);

	/* Without large pages everything works as before. */
	if (to > from)
		(void)madvise((void *)from, to - from, MADV_COLLAPSE);
}

/* Every private mapping that may be written and has no file behind it. */
static void collapse_all(void)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[512];

	while (maps != NULL && fgets(line, sizeof(line), maps) != NULL) {
		uintptr_t start, end;
		unsigned long inode;
		char rights[5];

		if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s %*s %*s %lu", &start, &end,
			   rights, &inode) == 4 &&
		    strcmp(rights, "rw-p") == 0 && inode == 0 &&
		    strstr(line, "[stack]") == NULL)
			collapse(start, end);
	}
	if (maps != NULL)
		(void)fclose(maps);
}

void filter_memory_settle(void)
{
	static char in_data; /* the heap begins after the program's own data */

	/* Large buffers keep mappings of their own, which come zeroed; the rest of the heap
	 * only grows: a child gives nothing back, it ends soon. */
	(void)mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
	(void)mallopt(M_TRIM_THRESHOLD, INT32_MAX);
	take_holes((uintptr_t)&in_data);
	(void)mallopt(M_TOP_PAD, TOP_PAD);
	collapse_all();
}

static bool is_listed(const char *path, const char *const *list)
{
	const char *slash = strrchr(path, '/');

	for (; slash != NULL && *list != NULL; list++) {
		if (strncmp(slash + 1, *list, strlen(*list)) == 0)
			return true;
	}
	return false;
}

static void leave_pages(uintptr_t from, uintptr_t to)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	from &= ~(page - 1);
	to = (to + page - 1) & ~(page - 1);
	if (from < to)
		(void)madvise((void *)from, to - from, MADV_DONTFORK);
}

/* Where the dynamic section lies, which the linker reads at every search of a name. */
static uintptr_t dynamic_of(const struct dl_phdr_info *info, uintptr_t *ret_end)
{
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];

		if (p->p_type == PT_DYNAMIC) {
			*ret_end = info->dlpi_addr + p->p_vaddr + p->p_memsz;
			return info->dlpi_addr + p->p_vaddr;
		}
	}
	return 0;
}

static int leave_one(struct dl_phdr_info *info, size_t size, void *list)
{
	uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), dynamic, dynamic_end = 0;

	(void)size;
	if (!is_listed(info->dlpi_name, list))
		return 0;
	dynamic = dynamic_of(info, &dynamic_end);
	for (unsigned i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *p = &info->dlpi_phdr[i];
		uintptr_t from = info->dlpi_addr + p->p_vaddr, to = from + p->p_memsz;

		/* The front of the file has the tables of names, which are searched too; in
		 * older layouts the code comes with it, and stays. */
		if (p->p_type != PT_LOAD || p->p_offset == 0)
			continue;
		if (from <= dynamic && dynamic < to) {
			leave_pages(from, dynamic & ~(page - 1));
			leave_pages((dynamic_end + page - 1) & ~(page - 1), to);
		} else {
			leave_pages(from, to);
		}
	}
	return 0;
}

void filter_memory_leave(const char *const *libraries)
{
	if (libraries != NULL)
		(void)dl_iterate_phdr(leave_one, (void *)(uintptr_t)libraries);
}

#else

void filter_memory_settle(void) {}

void filter_memory_leave(const char *const *libraries)
{
	(void)libraries;
}

#endif
