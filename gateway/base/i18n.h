/* i18n.h - messages in English, translated in po/, in two macros.
 *
 * A program speaks the language of its person's environment.  One that answers other people
 * (the desk) speaks, for the time of one answer, the language that the request names. */
#ifndef SL_BASE_I18N_H
#define SL_BASE_I18N_H

#include <libintl.h>
#include <stdbool.h>

#define _(text)	 i18n_text(text) /* translate now */
#define N_(text) text		 /* mark for translation later */

enum i18n_lang { I18N_OWN, I18N_EN, I18N_ZH };

/* Bind the domain "sluice" from the environment's locale.  The catalogue is
 * looked for beside the program (../share/locale) and then where it was
 * installed.  Call once at the start of main(). */
void i18n_init(void);
/* Also read what i18n_speak needs for people of another language; once, before threads and
 * sandbox.  false: there is no catalogue, and they are answered in English. */
bool i18n_learn(void);
/* From now on this thread's messages are in that language; I18N_OWN: the environment's. */
void i18n_speak(enum i18n_lang lang);

/* The message in the language of this thread. */
const char *i18n_text(const char *text) __attribute__((format_arg(1)));

/* Is that Chinese? Chooses between the two languages that rule texts carry. */
int i18n_is_zh(void);

#endif
