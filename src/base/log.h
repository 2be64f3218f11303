/*
 * Messages on the way: notes and warnings that do not end the work. Where they
 * go is decided once by main(); without a receiver they are dropped.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_LEVEL_NOTE, LOG_LEVEL_WARNING };

/* text is one line without its end; it may hold foreign bytes. */
typedef void log_receiver(enum log_level level, const char *text);

/* Send all later messages to receiver; NULL drops them. Returns where they
   went before. */
log_receiver *log_to(log_receiver *receiver);

/* A note of each line. */
void log_notes(const char *lines);

void log_note(const char *format, ...) PRINTF_LIKE(1, 2);
void log_warn(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
