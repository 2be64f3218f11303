/* Where a message of HTTP/1.x ends (RFC 9112, section 6.3). */
#include "decode/web/http_frame.h"

#include "base/array.h"
#include "decode/lib/textline.h"
#include "decode/proto_ids.h"

/* What is known of a message that is not whole yet. */
enum {
	SAW_START = 1,
	IS_RESPONSE = 2,
	HAS_LENGTH = 4,
	IS_CHUNKED = 8,
	IN_CHUNKS = 32,	 /* after the head */
	LAST_CHUNK = 64, /* what follows are trailers */
	NO_BODY = 512,
};

#define PREFACE "PRI * HTTP/2.0" /* of HTTP/2 */

/* n bytes are the word, which is in lower case, in any case. */
static bool is_word(const uint8_t *bytes, const char *word, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((bytes[i] | 0x20) != word[i] && bytes[i] != word[i])
			return false;
	return true;
}

static bool header_is(const struct cur *line, const char *name)
{
	size_t n;

	/* mostly that settles it */
	if (cur_left(line) == 0 || (cur_peek8(line, 0) | 0x20) != *name)
		return false;
	n = strlen(name);
	return cur_left(line) > n && cur_peek8(line, n) == ':' &&
	       is_word(cur_here(line), name, n);
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

/* Is the last item of a header's list the word (in lower case)? What follows
   it and belongs to no word is passed over. */
static bool list_ends(const struct cur *line, size_t name, const char *word)
{
	const uint8_t *start = cur_here(line) + name + 1;
	const uint8_t *end = cur_here(line) + cur_left(line), *at;
	size_t n = strlen(word);

	while (end > start && is_blank(end[-1]))
		end--;
	for (at = end; at > start && at[-1] != ','; at--)
		continue;
	while (at < end && is_blank(*at))
		at++;
	return (size_t)(end - at) >= n && is_word(at, word, n) &&
	       (at + n == end || is_blank(at[n]) || at[n] == ';');
}

bool http_line(struct cur *c, struct cur *line)
{
	struct cur whole = *c;
	const uint8_t *cr;

	if (!text_line(c, line))
		return false;
	cr = cur_left(line) ? memchr(cur_here(line), '\r', cur_left(line))
			    : NULL;
	if (!cr)
		return true;
	*c = whole;
	*line = cur_part(c, (size_t)(cr - cur_here(c)));
	cur_skip(c, 1);
	return true;
}

/* A number of the base given (10 or 16), after blanks; UINT64_MAX: there is
   none, or it is too large. */
static uint64_t read_number(const uint8_t *at, size_t n, unsigned base)
{
	uint64_t num = 0;
	size_t i = 0, start;
	unsigned digit;

	while (i < n && is_blank(at[i]))
		i++;
	for (start = i; i < n; i++) {
		if (at[i] >= '0' && at[i] <= '9')
			digit = at[i] - '0';
		else if (base == 16 && (at[i] | 32) >= 'a' &&
			 (at[i] | 32) <= 'f')
			digit = (at[i] | 32) - 'a' + 10;
		else
			break;
		if (num > UINT64_MAX / 32)
			return UINT64_MAX;
		num = num * base + digit;
	}
	return i > start ? num : UINT64_MAX;
}

uint64_t http_status(const uint8_t *at, size_t n)
{
	while (n && is_blank(*at)) {
		at++;
		n--;
	}
	return read_number(at, n < 3 ? n : 3, 10);
}

unsigned http_code(const struct cur *line)
{
	uint64_t code = UINT64_MAX;

	if (cur_left(line) > 9)
		code = http_status(cur_here(line) + 9, cur_left(line) - 9);
	return code < 1000 ? (unsigned)code : 0;
}

/* What is remembered of the connection. */
static uint32_t state_of(const struct framing *f)
{
	return f->app && f->app->owner == PROTO_http ? f->app->state : 0;
}

static void frame_start(struct framing *f, const struct cur *line)
{
	unsigned code;

	f->state |= SAW_START;
	if (!text_starts(line, "HTTP/"))
		return;
	f->state |= IS_RESPONSE;
	code = http_code(line);
	if (code / 100 == 1 || code == 204 || code == 304 ||
	    http_answers_head(state_of(f)) ||
	    (http_answers_connect(state_of(f)) && code / 100 == 2))
		f->state |= NO_BODY;
}

/* A number alone, with blanks around it. */
static uint64_t lone_number(const uint8_t *at, size_t n)
{
	size_t i;

	while (n && is_blank(at[n - 1]))
		n--;
	while (n && is_blank(*at)) {
		at++;
		n--;
	}
	for (i = 0; i < n; i++)
		if (at[i] < '0' || at[i] > '9')
			return UINT64_MAX;
	return read_number(at, n, 10);
}

uint64_t http_length(const uint8_t *at, size_t n)
{
	const uint8_t *end = at + n, *comma;
	uint64_t length = UINT64_MAX, next;

	for (;;) {
		comma = at < end ? memchr(at, ',', (size_t)(end - at)) : NULL;
		next = lone_number(at, (size_t)((comma ? comma : end) - at));
		if (length != UINT64_MAX && next != length)
			return UINT64_MAX;
		length = next;
		if (!comma || length == UINT64_MAX)
			return length;
		at = comma + 1;
	}
}

static void frame_header(struct framing *f, const struct cur *line)
{
	uint64_t n;

	if (header_is(line, "content-length")) {
		n = http_length(cur_here(line) + 15, cur_left(line) - 15);
		if (n > UINT32_MAX)
			return;
		f->state |= HAS_LENGTH;
		f->size = n;
	} else if (header_is(line, "transfer-encoding")) {
		if (list_ends(line, 17, "chunked"))
			f->state |= IS_CHUNKED;
	}
}

/* The head has ended at byte f->at. Is the message's end known? */
static bool frame_body(struct framing *f)
{
	f->keep = f->at;
	if (f->state & NO_BODY) {
		f->size = f->at;
		return true;
	}
	if (f->state & IS_CHUNKED) {
		f->state |= IN_CHUNKS;
		return false;
	}
	if (f->state & HAS_LENGTH) {
		f->size += f->at;
		return true;
	}
	if (f->state & IS_RESPONSE) {
		f->to_end = true;
		return false;
	}
	f->size = f->at;
	return true;
}

static bool frame_chunk(struct framing *f, const struct cur *line)
{
	uint64_t n;

	if (f->state & LAST_CHUNK) {
		/* anything but a trailer, "name: value", ends it too */
		f->size = f->at;
		return text_find(line, ':') == SIZE_MAX;
	}
	n = read_number(cur_here(line), cur_left(line), 16);
	if (n > SIZE_MAX / 2) {
		/* no chunk: it ends here */
		f->size = f->at;
		return true;
	}
	if (n == 0)
		f->state |= LAST_CHUNK;
	else
		f->at += (size_t)n + 2;
	return false;
}

static const char *const methods[] = {
    "GET",	 "POST",	"HEAD",	       "PUT",	      "DELETE",
    "OPTIONS",	 "CONNECT",	"TRACE",       "PATCH",	      "PROPFIND",
    "SUBSCRIBE", "UNSUBSCRIBE", "NOTIFY",      "M-SEARCH",    "REPORT",
    "MKCOL",	 "PROPPATCH",	"SEARCH",      "COPY",	      "MOVE",
    "LOCK",	 "UNLOCK",	"RPC_CONNECT", "RPC_IN_DATA", "RPC_OUT_DATA",
};

bool http_is_request(const struct cur *c)
{
	unsigned i;
	size_t n = text_find(c, ' ');

	if (n == SIZE_MAX || n > 12)
		return false;
	for (i = 0; i < ARRAY_LEN(methods); i++)
		if ((uint8_t)methods[i][0] == cur_peek8(c, 0) &&
		    strlen(methods[i]) == n && text_starts(c, methods[i]))
			return true;
	return false;
}

/* May this, perhaps a few bytes only, be the start of a
   message? */
static bool may_start(const struct cur *c)
{
	unsigned i;

	if (http_is_request(c) || text_may_start(c, "HTTP/") ||
	    text_may_start(c, PREFACE))
		return true;
	for (i = 0; i < ARRAY_LEN(methods); i++)
		if (text_may_start(c, methods[i]))
			return cur_left(c) <= strlen(methods[i]);
	return false;
}

bool http_is_hello(struct cur c)
{
	unsigned type = cur_u8(&c), version = cur_be16(&c), hello;

	cur_skip(&c, 2);
	hello = cur_u8(&c);
	return c.state == CUR_OK && type == 22 && version >> 8 == 3 &&
	       (hello == 1 || hello == 2);
}

bool http_message(struct cur c, struct framing *f)
{
	size_t start = f->at, skipped;
	const uint8_t *first = cur_here(&c);
	struct cur line;

	if (f->to_end)
		return false;
	if (!(f->state & SAW_START)) {
		if (text_starts(&c, PREFACE)) {
			f->other = PROTO_http2;
			return true;
		}
		/* there is a tunnel already, if none is asked for */
		if (!(state_of(f) & HTTP_CONNECT_LAST) && http_is_hello(c)) {
			f->other = PROTO_tls;
			return true;
		}
		if (!may_start(&c)) {
			f->size = cur_left(&c);
			return true;
		}
	}
	for (;;) {
		/* a chunk may lie between */
		skipped = f->at - start - (size_t)(cur_here(&c) - first);
		if (skipped > cur_left(&c))
			return false;
		cur_skip(&c, skipped);
		if (!http_line(&c, &line))
			return false;
		f->at = start + (size_t)(cur_here(&c) - first);
		if (f->state & IN_CHUNKS) {
			if (frame_chunk(f, &line))
				return true;
		} else if (!(f->state & SAW_START)) {
			frame_start(f, &line);
		} else if (cur_left(&line)) {
			frame_header(f, &line);
		} else if (frame_body(f)) {
			return true;
		} else if (f->to_end) {
			return false;
		}
	}
}
