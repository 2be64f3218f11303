/* HTTP/1.x: what begins a message, and where it ends. */
#ifndef DECODE_WEB_HTTP_FRAME_H
#define DECODE_WEB_HTTP_FRAME_H

#include "decode/proto.h"

/* Does a method that is known begin it? */
bool http_is_request(const struct cur *c);

/* The `message` of struct proto. */
bool http_message(struct cur c, struct framing *f);

#endif
