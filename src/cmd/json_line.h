/* JSON objects, a line each, for programs that follow a capture: their members,
   and the file or descriptor that they go to. */
#ifndef CMD_JSON_LINE_H
#define CMD_JSON_LINE_H

#include "base/err.h"
#include "base/str.h"
#include "pkt/pkt.h"

/* Append ,"key":n; null for COUNT_UNKNOWN. */
void json_line_count(struct str *s, const char *key, uint64_t n);

/* Append ,"key": and seconds to the nanosecond; null unless it is known. */
void json_line_time(struct str *s, const char *key, bool known, int64_t ns);

/* Append the counters of an interface, "captured" and so on. */
void json_line_counters(struct str *s, const struct counters *c);

/* Open name for lines: a file (force: it may be replaced), fd:N, or - for
   standard output. -1: *err says why; else outfile_close() it. */
int json_line_open(const char *name, bool force, struct err *err);

/* Write line, which ends in \n, to such a descriptor; name is for messages.
   Waits for the reader of a pipe by the rules of os/blocking.h. false: *err
   says why. */
bool json_line_write(int fd, const char *name, const struct str *line,
		     struct err *err);

#endif
