/*
 * Protocols of lines that go on with TLS once a command asked for it and an
 * answer agreed (RFC 3207, 2595).
 */
#ifndef DECODE_LIB_STARTTLS_H
#define DECODE_LIB_STARTTLS_H

#include "decode/proto.h"

/* For message(): segments as they are. */
bool starttls_message(struct cur c, struct framing *f);

/* For on_message(): the command, and the first word of the answer that agrees
   to it. tagged: each is after another word. */
void starttls_follow(struct app_message *f, const char *command,
		     const char *yes, bool tagged);

/* For summary(): the protocol's name, and the first line. */
void starttls_line(struct summary *l, const char *name);

#endif
