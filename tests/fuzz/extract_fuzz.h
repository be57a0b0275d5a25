/* extract_fuzz.h - what the fuzz targets of the extract parsers share. */
#ifndef SL_TESTS_EXTRACT_FUZZ_H
#define SL_TESTS_EXTRACT_FUZZ_H

#include <stddef.h>
#include <stdint.h>

/* Run the parser of this media type and hold its answer against the rules of
 * segments and findings; abort when it breaks one. */
void extract_fuzz(const char *type, const uint8_t *data, size_t size);

#endif
