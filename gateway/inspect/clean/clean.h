/* clean.h - a copy of a document with masks, and without what nobody should get.
 *
 * What is published is a cleaned copy (inspection.md section 5), and the copy is inspected
 * again from the start: nothing here is trusted to have found everything.  Everything runs
 * in the disposable child: the bytes are hostile. */
#ifndef SL_INSPECT_CLEAN_CLEAN_H
#define SL_INSPECT_CLEAN_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

enum {
	CLEAN_CHANGES_MAX = 1000, /* said one by one; more are only counted */
	CLEAN_LEFT_MAX = 1000,
	CLEAN_MASKS_MAX = 2000,
	CLEAN_OUT_MAX = 256 << 20,
};

/* Wherever `text` stands in the document, `with` is to stand: UTF-8, text not empty. */
struct clean_mask {
	const char *text, *with;
};

struct clean_job {
	const char *name, *type; /* as the type filter decided */
	const uint8_t *bytes;
	size_t len;
	const struct clean_mask *masks; /* borrowed */
	size_t n_masks;
	/* A reviewer's exact words: nothing but the masks is put in, and nothing taken out.
	 * Office files only; what stands twice for readers of different age (a Fallback) counts
	 * once. */
	bool exact;
};

/* One thing that is different now. */
struct clean_change {
	char what[32];	 /* masked, removed, emptied, re-encoded, left */
	char where[160]; /* member, or "" for the file; of left: as where_name */
	char which[96];	 /* mask: its replacement; removed: name of the thing */
	uint32_t count;
};

struct clean_result {
	struct buf bytes; /* the copy */
	struct clean_change *changes;
	size_t n, cap;
	size_t n_left;
	size_t left_out; /* changes beyond CLEAN_CHANGES_MAX */
	bool nomem;
};
void clean_result_init(struct clean_result *r);
void clean_result_release(struct clean_result *r); /* wipes */

/* Libraries warmed before the sandbox. */
int clean_load(struct sl_why *why) SL_MUST_USE;
/* SL_E_UNSUPPORTED: this kind of file cannot be cleaned, or holds a member that we do not
 * know (why names it); SL_E_FORMAT, SL_E_LIMIT, SL_E_NOMEM.  The same input gives the same
 * bytes.  A copy without any change is the original, byte for byte.  The copy is read again:
 * what a mask was for and can still be read in it is said as "left". */
int clean_document(const struct clean_job *job, struct clean_result *ret_r,
		   struct sl_why *why) SL_MUST_USE;

/* For the cleaners of this folder: say that something is different. */
void clean_say(struct clean_result *r, const char *what, const char *where, const char *which,
	       uint32_t count);
/* That what this mask was for can still be read at this place ("" and "": beyond
 * CLEAN_LEFT_MAX, so that it holds for every mask). */
void clean_say_left(struct clean_result *r, const char *where, const char *with);
/* Read the copy again, and say what is left. */
int clean_left(const struct clean_job *job, struct clean_result *r,
	       struct sl_why *why) SL_MUST_USE;
/* Copy text with masks put in; ignorable characters (zero width, bidi controls) are left
 * out.  *ret_masked: how often each mask was used (n_masks numbers), added to;
 * *ret_removed: characters left out, added to. */
int clean_copy_text(const struct clean_job *job, const char *s, size_t len, struct buf *out,
		    uint32_t *ret_masked, uint32_t *ret_removed) SL_MUST_USE;

/* The cleaners. */
int clean_text_file(const struct clean_job *job, struct clean_result *r,
		    struct sl_why *why) SL_MUST_USE;
int clean_office(const struct clean_job *job, struct clean_result *r,
		 struct sl_why *why) SL_MUST_USE; /* OOXML, ODF */
int clean_pdf(const struct clean_job *job, struct clean_result *r,
	      struct sl_why *why) SL_MUST_USE;
int clean_jpeg(const struct clean_job *job, struct clean_result *r,
	       struct sl_why *why) SL_MUST_USE;
int clean_png(const struct clean_job *job, struct clean_result *r,
	      struct sl_why *why) SL_MUST_USE;
int clean_gif(const struct clean_job *job, struct clean_result *r,
	      struct sl_why *why) SL_MUST_USE;
int clean_webp(const struct clean_job *job, struct clean_result *r,
	       struct sl_why *why) SL_MUST_USE;
int clean_bmp(const struct clean_job *job, struct clean_result *r,
	      struct sl_why *why) SL_MUST_USE;
int clean_tiff(const struct clean_job *job, struct clean_result *r,
	       struct sl_why *why) SL_MUST_USE;
/* By its first bytes, whatever it is called.  SL_E_UNSUPPORTED: none of these. */
int clean_picture(const struct clean_job *job, struct clean_result *r,
		  struct sl_why *why) SL_MUST_USE;

#endif
