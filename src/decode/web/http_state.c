/*
 * What a connection of HTTP/1.x remembers: the requests that were not answered
 * yet, as responses to HEAD have no body, and CONNECT (RFC 9110, section 9.3.6)
 * makes a tunnel; and what a response changes the connection to.
 */
#include <stdlib.h>

#include "decode/lib/textline.h"
#include "decode/proto_ids.h"
#include "decode/web/http_frame.h"
#include "decode/web/websocket.h"

enum { COUNT_MOST = 255, WORDS = 8 };

/* Which of the unanswered requests are HEAD, where there are more of them than
   the word has bits. */
struct more_heads {
	uint32_t bits[WORDS];
};

static struct more_heads *more_heads(struct app_message *msg)
{
	if (!msg->app->data) {
		msg->app->data = calloc(1, sizeof(struct more_heads));
		if (msg->app->data)
			*msg->bytes += sizeof(struct more_heads);
	}
	return msg->app->data;
}

void http_free_state(struct app_state *app, size_t *bytes)
{
	*bytes -= sizeof(struct more_heads);
	free(app->data);
}

/* The answer is unknown. */
void http_on_loss(struct app_state *app)
{
	app->state = 0;
	if (app->data)
		*(struct more_heads *)app->data = (struct more_heads){0};
}

/* The port of "host:port". */
static uint16_t port_of(const struct cur *target)
{
	struct cur c = *target;
	uint32_t port;
	size_t at;

	while ((at = text_find(&c, ':')) != SIZE_MAX)
		cur_skip(&c, at + 1);
	return text_number(&c, &port) && port <= UINT16_MAX ? (uint16_t)port
							    : 0;
}

static void add_head(struct app_message *msg, uint32_t n)
{
	struct more_heads *more = msg->app->data;

	if (n < HTTP_HEADS)
		msg->app->state |= 1u << n;
	else
		more = more_heads(msg);
	if (more)
		more->bits[n / 32] |= 1u << n % 32;
}

static void see_request(struct app_message *msg, struct cur *line)
{
	struct cur method = text_word(line), target;
	uint32_t n = msg->app->state >> HTTP_COUNT_SHIFT;

	if (n == COUNT_MOST)
		return;
	if (http_answers_connect(msg->app->state))
		msg->app->state &= ~(uint32_t)UINT16_MAX;
	msg->app->state += 1u << HTTP_COUNT_SHIFT;
	msg->app->state &= ~(uint32_t)HTTP_CONNECT_LAST;
	if (text_is(&method, "head")) {
		add_head(msg, n);
	} else if (text_is(&method, "connect")) {
		msg->app->state |= HTTP_CONNECT_LAST;
		target = text_word(line);
		if (n == 0)
			msg->app->state |= port_of(&target);
	}
}

/* The oldest request has its answer. */
static void see_answer(struct app_state *app)
{
	struct more_heads *more = app->data;
	unsigned i;

	app->state = http_state_next(app->state);
	if (!more)
		return;
	for (i = 0; i < WORDS; i++)
		more->bits[i] = more->bits[i] >> 1 |
				(i + 1 < WORDS ? more->bits[i + 1] << 31 : 0);
	app->state |= more->bits[0] & (1u << (HTTP_HEADS - 1));
}

/* The response that changes protocols names the new one in a header. */
static void see_switch(struct app_message *msg, struct cur *c)
{
	struct cur line, name;

	while (text_line(c, &line) && cur_left(&line)) {
		if (!text_header(&line, &name))
			continue;
		if (text_is(&name, "sec-websocket-extensions") &&
		    text_starts(&line, "permessage-deflate"))
			msg->then_word |= WS_DEFLATE;
		if (!text_is(&name, "upgrade"))
			continue;
		if (text_is(&line, "h2c"))
			msg->then = PROTO_http2;
		else if (text_is(&line, "websocket"))
			msg->then = PROTO_websocket;
		else if (text_starts(&line, "TLS/")) /* RFC 2817 */
			msg->then = PROTO_tls;
		else /* whatever it is, it is HTTP no more */
			msg->tunnel = true;
	}
}

void http_on_message(struct app_message *msg)
{
	struct cur c = msg->message, line;
	unsigned code;

	if (http_is_request(&c)) {
		if (text_last_line(&c, &line))
			see_request(msg, &line);
		return;
	}
	if (!text_starts(&c, "HTTP/") || !text_last_line(&c, &line))
		return;
	code = http_code(&line);
	if (code == 101)
		see_switch(msg, &c);
	if (code / 100 == 1)
		return;
	if (code / 100 == 2 && http_answers_connect(msg->app->state)) {
		msg->tunnel = true;
		msg->tunnel_port = http_connect_port(msg->app->state);
	}
	see_answer(msg->app);
}
