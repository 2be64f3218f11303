/* The payload of one conversation, as text, hexadecimal or raw bytes. */
#ifndef OUTPUT_STREAM_PRINT_H
#define OUTPUT_STREAM_PRINT_H

#include "output/print.h"

enum stream_form { STREAM_TEXT, STREAM_HEX, STREAM_RAW };

/* The name of each form, NULL-terminated. */
extern const char *const stream_form_names[];

/*
 * A sink that writes the payload of the conversation `which` to fd: a number
 * (tcp.stream), "tcp:N", "udp:N", or "tcp:ADDRESS:PORT,ADDRESS:PORT" (IPv6
 * addresses in brackets), which is the first one between these ends. TCP's
 * payload comes in order and once. Of the options only force, n_force and
 * unbuffered matter. NULL: *err says why (ERR_USAGE for a bad `which`).
 */
struct sink *stream_print_open(const char *which, enum stream_form form,
			       const struct print_options *options, int fd,
			       struct err *err);

#endif
