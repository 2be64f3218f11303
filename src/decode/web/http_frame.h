/* HTTP/1.x: what begins a message, where it ends, and what is remembered. */
#ifndef DECODE_WEB_HTTP_FRAME_H
#define DECODE_WEB_HTTP_FRAME_H

#include "decode/proto.h"

/*
 * What is remembered of a connection, in struct app_state's `state`: which of
 * the requests that were not answered yet are HEAD (the oldest one is bit 0),
 * whether the last one is CONNECT, and how many there are. If CONNECT is the
 * only one, its port is in place of the first bits.
 */
enum {
	HTTP_HEADS = 23,
	HTTP_CONNECT_LAST = 1 << 23,
	HTTP_COUNT_SHIFT = 24,
};

/* Is the response that comes next one to CONNECT, to HEAD? */
static inline bool http_answers_connect(uint32_t state)
{
	return state & HTTP_CONNECT_LAST && state >> HTTP_COUNT_SHIFT == 1;
}

static inline bool http_answers_head(uint32_t state)
{
	return state & 1 && !http_answers_connect(state);
}

static inline uint16_t http_connect_port(uint32_t state)
{
	return (uint16_t)state;
}

/* The state once a final response was seen, without what is beyond its bits. */
static inline uint32_t http_state_next(uint32_t state)
{
	uint32_t n = state >> HTTP_COUNT_SHIFT;
	uint32_t heads = state & ((1u << HTTP_HEADS) - 1);

	if (n <= 1)
		return 0;
	return heads >> 1 | (state & HTTP_CONNECT_LAST) |
	       (n - 1) << HTTP_COUNT_SHIFT;
}

/* The functions of struct proto. */
void http_on_message(struct app_message *msg);
void http_on_loss(struct app_state *app);
void http_free_state(struct app_state *app, size_t *bytes);

/* Like text_line(), but a CR alone ends a line, too. */
bool http_line(struct cur *c, struct cur *line);

/* The code of a status line. */
unsigned http_code(const struct cur *line);

/* The same from the bytes after the version: three digits, whatever follows;
   UINT64_MAX: there are none. */
uint64_t http_status(const uint8_t *at, size_t n);

/* The value of Content-Length: one number, or the same several times;
   UINT64_MAX: it is invalid (RFC 9110, section 8.6). */
uint64_t http_length(const uint8_t *at, size_t n);

/* Does a method that is known begin it? */
bool http_is_request(const struct cur *c);

/* Does a hello of TLS begin here? */
bool http_is_hello(struct cur c);

/* struct proto's pdu_length(). */
bool http_message(struct cur c, struct framing *f);

#endif
