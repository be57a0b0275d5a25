/* draw_main.c - the program sluice-draw: TYPE PAGE COLS ROWS KIND COLOR, the file's bytes on
 * standard input, the answer on standard output.
 *
 * Started by the reviewers' terminal, which holds a key and so looks at no picture itself.
 * Exit 0: drawn; 2: wrong words; 3: nothing to draw in such a file; 4: too large; 5: no such
 * page; 1: anything else, a file that is not what it claims among it. */
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "inspect/draw/draw.h"
#include "sandbox/sandbox.h"

enum { EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_NOTHING = 3, EXIT_LARGE = 4, EXIT_NO_PAGE = 5 };

typedef int (*draw_how)(const uint8_t *bytes, size_t len, const struct draw_wish *w,
			struct draw_pixels *ret_p);

static bool read_number(const char *s, uint64_t max, unsigned *ret)
{
	uint64_t v = 0;

	if (!text_to_u64(s, strlen(s), max, &v) || v == 0)
		return false;
	*ret = (unsigned)v;
	return true;
}

static bool read_wish(char **argv, struct draw_wish *w)
{
	w->kind = argv[5][0];
	w->color = strcmp(argv[6], "color") == 0;
	return read_number(argv[2], 1000000, &w->page) &&
	       read_number(argv[3], DRAW_COLS_MAX, &w->cols) &&
	       read_number(argv[4], DRAW_ROWS_MAX, &w->rows) &&
	       (w->kind == 's' || w->kind == 'x' || w->kind == 'k');
}

static draw_how how_of(const char *type)
{
	if (strcmp(type, "application/pdf") == 0)
		return draw_pdf;
	return strncmp(type, "image/", 6) == 0 && strcmp(type, "image/svg+xml") != 0
		       ? draw_picture
		       : NULL;
}

/* poppler reads fonts and character maps; nothing else is there. */
static int close_in(void)
{
	static const struct sandbox_path paths[] = {
		{.path = "/usr/share/poppler", .optional = true},
		{.path = "/usr/share/fonts", .optional = true},
		{.path = "/usr/local/share/fonts", .optional = true},
		{.path = "/etc/fonts", .optional = true},
		{.path = "/usr/share/fontconfig", .optional = true},
		{.path = "/var/cache/fontconfig", .optional = true},
		{0},
	};
	const struct sandbox_profile *named = sandbox_profile_named("draw");
	struct sandbox_profile p;

	if (named == NULL)
		return SL_E_SANDBOX;
	p = *named;
	p.paths = paths;
	/* A workstation may not offer namespaces to everybody; without a call that makes a
	 * socket there is no network either way. */
	return sandbox_enter(&p, SANDBOX_NAMESPACES, NULL, NULL);
}

static int exit_of(int r)
{
	if (r == SL_OK)
		return 0;
	return r == SL_E_LIMIT ? EXIT_LARGE : r == SL_E_NOTFOUND ? EXIT_NO_PAGE : EXIT_FAILED;
}

int main(int argc, char **argv)
{
	struct draw_pixels pixels = {0};
	struct draw_wish w = {0};
	draw_how how = argc == 7 ? how_of(argv[1]) : NULL;
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC), r;
	struct buf out;
	struct stat st;
	void *bytes;

	if (argc != 7 || !read_wish(argv, &w))
		return EXIT_USAGE;
	if (how == NULL)
		return EXIT_NOTHING;
	/* Decoders complain in a document's words; nobody reads that. */
	if (null < 0 || dup2(null, STDERR_FILENO) < 0 || close_in() != SL_OK)
		return EXIT_FAILED;
	if (fstat(STDIN_FILENO, &st) != 0 || st.st_size <= 0)
		return EXIT_FAILED;
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, STDIN_FILENO, 0);
	if (bytes == MAP_FAILED)
		return EXIT_FAILED;
	buf_init(&out, DRAW_ANSWER_MAX);
	r = how(bytes, (size_t)st.st_size, &w, &pixels);
	if (r == SL_OK)
		r = draw_answer(&pixels, &w, &out);
	if (r == SL_OK)
		r = file_write_all(STDOUT_FILENO, out.data, out.len);
	draw_pixels_release(&pixels);
	buf_release(&out);
	/* At once: libraries have nothing to tidy up that would be worth a risk. */
	_exit(exit_of(r));
}
