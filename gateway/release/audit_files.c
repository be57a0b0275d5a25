/* audit_files.c - the files of an audit log as writer and verifier read them.
 *
 * Hostile: all of them; a disk, a restored backup or an intruder may have changed each. */
#include <string.h>

#include "base/file.h"
#include "release/audit_private.h"

void audit_note_release(struct audit_note *n)
{
	buf_release(&n->bytes);
}

int audit_note_read(int dir_fd, const char *name, const char *where, const struct note_key *k,
		    struct audit_note *ret_n, struct sl_why *why)
{
	struct audit_note n = {.there = true};
	size_t text = 0;
	int r;

	buf_init(&n.bytes, NOTE_MAX);
	r = file_read(dir_fd, name, NOTE_MAX, &n.bytes);
	if (r == SL_E_NOTFOUND) {
		n.there = false;
		*ret_n = n;
		return SL_OK;
	}
	if (r == SL_OK) {
		r = note_text(n.bytes.data, n.bytes.len, &text);
		if (r == SL_OK)
			r = tlog_checkpoint_parse(n.bytes.data, text, &n.c);
		if (r == SL_OK)
			r = note_verify(n.bytes.data, n.bytes.len, k, NULL);
		if (r == SL_OK && strcmp(n.c.origin, k->name) != 0)
			r = SL_E_SIGNATURE;
		if (r != SL_OK)
			r = why_set(why, r == SL_E_NOMEM ? r : SL_E_SIGNATURE,
				    "%s is no checkpoint that the key of %s signed", where,
				    k->name);
	} else {
		r = why_set(why, r, "%s cannot be read", where);
	}
	if (r == SL_OK)
		*ret_n = n; /* moved */
	else
		audit_note_release(&n);
	return r;
}

static int read_file(void *arg, const char *path, size_t max, struct buf *out)
{
	const int *dir_fd = arg;

	return file_read(*dir_fd, path, max, out);
}

struct tlog_reader audit_reader(const int *dir_fd)
{
	/* The reader's argument is not const because others keep state in it; this one reads.
	 */
	union {
		const int *in;
		void *out;
	} arg = {.in = dir_fd};

	return (struct tlog_reader){.read = read_file, .arg = arg.out};
}
