/* identify.h - what a file really is, by its whole structure and not by its first bytes.
 *
 * Every identifier walks from the first byte to the last and says either a type
 * or why it will not: a file that two programs could read in two ways has no
 * type here.  All input is hostile; nothing is allocated by a size that the
 * input names without a ceiling. */
#ifndef SL_INSPECT_TYPE_IDENTIFY_H
#define SL_INSPECT_TYPE_IDENTIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct identity {
	const char *type; /* media type, "" when unknown; static */
	const char
		*reason; /* "" inspected, else why not: truncated, corrupt, encrypted, polyglot,
			    unsupported, over-limit, unknown-type, empty …; static */
	const char *charset; /* text only: "utf-8" "gb18030" "utf-16le" "utf-16be"; static */
	bool macro;	     /* carries VBA or the like */
	bool executable;     /* a program or script */
	bool container;	     /* a ZIP of any kind: `members` counts */
	uint32_t members;    /* files in the container, without directories */
	uint32_t entries;    /* with them */
	uint32_t revisions;  /* PDF: generations of the cross-reference table */
};

struct identify_in {
	const uint8_t *p;
	size_t len;
	const char *name; /* file name as submitted: only decides between kinds of text */
};

/* Decide.  Never fails: what cannot be said is a reason. */
void identify(const struct identify_in *in, struct identity *ret_id);

/* One per family; called when the leading bytes say so. */
void identify_zip(const struct identify_in *in, struct identity *ret_id);
void identify_ole(const struct identify_in *in, struct identity *ret_id);
void identify_pdf(const struct identify_in *in, struct identity *ret_id);
/* false: not one of our image formats. */
bool identify_image(const struct identify_in *in, struct identity *ret_id);
/* false: not text; id has no type then. */
bool identify_text(const struct identify_in *in, struct identity *ret_id);
/* Rich text; false: it does not begin like it. */
bool identify_rtf(const struct identify_in *in, struct identity *ret_id);
/* Does this text begin with the head of a mail? */
bool identify_is_mail(const struct identify_in *in);
/* tar, 7z, RAR, gzip; false: none of them. */
bool identify_archive(const struct identify_in *in, struct identity *ret_id);
/* Sound and film; false: none of them. */
bool identify_media(const struct identify_in *in, struct identity *ret_id);
/* Programs, and archives and media we know by name only. */
bool identify_other(const struct identify_in *in, struct identity *ret_id);
/* A second format hidden in a file that has passed as another: its name, or NULL. */
const char *identify_foreign(const struct identify_in *in, const struct identity *id);

/* May a file with this name be of this type?  true when the name says nothing. */
bool identify_name_agrees(const char *name, const char *type);
/* The same for a file whose walk ended early: is its container at least of the kind
 * that the name promises? */
bool identify_name_possible(const char *name, const char *type);
/* Does what the client declared fit? */
bool identify_declared_agrees(const char *ours, const char *declared);
/* Do the types come from the same family: what a client declares, or another program
 * says, may be vaguer than what we found. */
bool identify_vote_agrees(const char *ours, const char *theirs);
/* Extension of a name, "" when none: borrowed. */
const char *identify_extension(const char *name);

/* Little- and big-endian integers at a place that the caller has checked. */
static inline uint32_t identify_le16(const uint8_t *p)
{
	return (uint32_t)(p[0] | p[1] << 8);
}
static inline uint32_t identify_le32(const uint8_t *p)
{
	return identify_le16(p) | identify_le16(p + 2) << 16;
}
static inline uint64_t identify_le64(const uint8_t *p)
{
	return identify_le32(p) | (uint64_t)identify_le32(p + 4) << 32;
}
static inline uint32_t identify_be16(const uint8_t *p)
{
	return (uint32_t)(p[0] << 8 | p[1]);
}
static inline uint32_t identify_be32(const uint8_t *p)
{
	return identify_be16(p) << 16 | identify_be16(p + 2);
}

#endif
