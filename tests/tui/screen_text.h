/* screen_text.h - what a person would see, as text. */
#ifndef SL_TEST_TUI_SCREEN_TEXT_H
#define SL_TEST_TUI_SCREEN_TEXT_H

#include "base/buf.h"

/* Each line after a '|', blanks at its end left out.  Initialises *out; buf_release it. */
void screen_text(struct buf *out);

#endif
