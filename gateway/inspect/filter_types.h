/* filter_types.h - which filter looks at a document of which media type.
 *
 * Asked on both sides: a filter hands on what another one must look at, and the
 * orchestrator decides by itself whom it asks. */
#ifndef SL_INSPECT_FILTER_TYPES_H
#define SL_INSPECT_FILTER_TYPES_H

#include <stdbool.h>

/* A format before 2007, which is read by way of LibreOffice: `office`. */
bool filter_type_is_office(const char *type);
bool filter_type_is_picture(const char *type);
/* Pages or pixels: a picture or a PDF, which `see` looks at wherever it stands. */
bool filter_type_is_seen(const char *type);
/* A document whose own pictures `see` finds in it: OOXML, OpenDocument, OFD.  Those of a
 * document inside it, and of every other kind of file, are handed on. */
bool filter_type_is_package(const char *type);
/* `clean` makes copies of it without metadata: OOXML and OpenDocument, PDF, pictures, text. */
bool filter_type_is_cleaned(const char *type);
/* A picture whose metadata that takes away, alone or in a document of those. */
bool filter_type_is_cleaned_picture(const char *type);

#endif
