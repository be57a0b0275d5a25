/* present_why.h - the evidence of a finding in words for people. */
#ifndef SL_POLICY_PRESENT_WHY_H
#define SL_POLICY_PRESENT_WHY_H

#include <stddef.h>

enum { PRESENT_WHY_MAX = 240 };

/* One word of "evidence" or "evasion", untrusted, as a printable phrase in the person's
 * language; a word that is not known is shown as it is. */
void present_why(const char *word, char out[PRESENT_WHY_MAX]);

#endif
