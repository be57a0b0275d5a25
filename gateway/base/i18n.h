/* i18n.h - gettext in two macros; messages in English, translated in po/. */
#ifndef SL_BASE_I18N_H
#define SL_BASE_I18N_H

#include <libintl.h>

#define _(text)	 gettext(text) /* translate now */
#define N_(text) text	       /* mark for translation later */

/* Bind the domain "sluice" from the environment's locale.  The catalogue is
 * looked for beside the program (../share/locale) and then where it was
 * installed.  Call once at the start of main(). */
void i18n_init(void);

/* Does the person's locale ask for Chinese? Chooses between the two languages
 * that rule texts carry. */
int i18n_is_zh(void);

#endif
