/* log.h - one line per event on standard error: time, level, process, event, key=value.
 *
 * Libraries never log; the role that handles an error logs it once.  Never
 * content, never keys.  Untrusted text only through log_q(). */
#ifndef SL_BASE_LOG_H
#define SL_BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_LEVEL_ERR, LOG_LEVEL_WARN, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* Name of this process in every line (copied), and the lowest level shown. */
void log_init(const char *process, enum log_level level);
void log_line(enum log_level level, const char *event, const char *fmt, ...) SL_PRINTF(3, 4);
#define log_err(event, ...)   log_line(LOG_LEVEL_ERR, event, __VA_ARGS__)
#define log_warn(event, ...)  log_line(LOG_LEVEL_WARN, event, __VA_ARGS__)
#define log_info(event, ...)  log_line(LOG_LEVEL_INFO, event, __VA_ARGS__)
#define log_debug(event, ...) log_line(LOG_LEVEL_DEBUG, event, __VA_ARGS__)
/* Untrusted text in double quotes, printable, at most 120 bytes; one of eight
 * rotating static buffers. */
const char *log_q(const char *text);

#endif
