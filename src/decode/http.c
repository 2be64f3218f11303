/*
 * HTTP/1.x (RFC 9112): the head of a message that starts with this segment.
 *
 *	method SP target SP version CR LF	or	version SP code SP
 *phrase name ":" value CR LF, any number CR LF
 */
#include "decode/textline.h"

enum {
	HTTP_METHOD,
	HTTP_URI,
	HTTP_REQ_VERSION,
	HTTP_RESP_VERSION,
	HTTP_CODE,
	HTTP_PHRASE,
	HTTP_HOST,
	HTTP_USER_AGENT,
	HTTP_CONTENT_TYPE,
	HTTP_CONTENT_LENGTH,
	HTTP_SERVER,
	HTTP_LOCATION,
	HTTP_REFERER,
};

#define TEXT(index, nm, tt, more)                                              \
	[index] = {"http." nm, tt, .type = FIELD_TEXT, .flags = (more)}

static const struct field fields[] = {
    TEXT(HTTP_METHOD, "request.method", "Method", FIELD_LINE),
    TEXT(HTTP_URI, "request.uri", "Target", FIELD_LINE),
    TEXT(HTTP_REQ_VERSION, "request.version", "Version", FIELD_LINE),
    TEXT(HTTP_RESP_VERSION, "response.version", "Version", FIELD_LINE),
    [HTTP_CODE] = {"http.response.code", "Status", .type = FIELD_UINT,
		   .flags = FIELD_LINE},
    TEXT(HTTP_PHRASE, "response.phrase", "Phrase", FIELD_LINE),
    TEXT(HTTP_HOST, "host", "Host", 0),
    TEXT(HTTP_USER_AGENT, "user_agent", "User-Agent", 0),
    TEXT(HTTP_CONTENT_TYPE, "content_type", "Content-Type", 0),
    TEXT(HTTP_CONTENT_LENGTH, "content_length", "Content-Length", 0),
    TEXT(HTTP_SERVER, "server", "Server", 0),
    TEXT(HTTP_LOCATION, "location", "Location", 0),
    TEXT(HTTP_REFERER, "referer", "Referer", 0),
};

static const struct {
	const char *name;
	unsigned field;
} headers[] = {
    {"host", HTTP_HOST},
    {"user-agent", HTTP_USER_AGENT},
    {"content-type", HTTP_CONTENT_TYPE},
    {"content-length", HTTP_CONTENT_LENGTH},
    {"server", HTTP_SERVER},
    {"location", HTTP_LOCATION},
    {"referer", HTTP_REFERER},
};

static const char *const methods[] = {
    "GET",	 "POST",	"HEAD",	       "PUT",	      "DELETE",
    "OPTIONS",	 "CONNECT",	"TRACE",       "PATCH",	      "PROPFIND",
    "SUBSCRIBE", "UNSUBSCRIBE", "NOTIFY",      "M-SEARCH",    "REPORT",
    "MKCOL",	 "PROPPATCH",	"SEARCH",      "COPY",	      "MOVE",
    "LOCK",	 "UNLOCK",	"RPC_CONNECT", "RPC_IN_DATA", "RPC_OUT_DATA",
};

static bool is_request(const struct cur *c)
{
	unsigned i;
	size_t n = text_find(c, ' ');

	if (n == SIZE_MAX || n > 12)
		return false;
	for (i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
		if (strlen(methods[i]) == n && text_starts(c, methods[i]))
			return true;
	return false;
}

static bool guess(struct cur c)
{
	size_t n;

	if (text_starts(&c, "HTTP/1."))
		return true;
	if (!is_request(&c))
		return false;
	n = text_find(&c, '\n');
	return n != SIZE_MAX && n > 10 && c.pos[n - 1] == '\r' &&
	       !memcmp(c.pos + n - 9, "HTTP/1.", 7);
}

static void take_word(struct dissect *d, struct cur *line, unsigned field)
{
	struct cur word = text_word(line);

	text_note(d, &word, &fields[field]);
}

static void decode_status(struct dissect *d, struct cur *line)
{
	uint32_t code;

	take_word(d, line, HTTP_RESP_VERSION);
	text_number(line, &code);
	note(d, &fields[HTTP_CODE], code);
	text_spaces(line);
	text_note(d, line, &fields[HTTP_PHRASE]);
}

static void decode_header(struct dissect *d, struct cur *line)
{
	struct cur name;
	unsigned i;

	if (!text_header(line, &name))
		return;
	for (i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		if (text_is(&name, headers[i].name))
			note_octets(d, &fields[headers[i].field], line->pos,
				    cur_left(line));
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur line;
	bool request = is_request(c);

	if (!request && !text_starts(c, "HTTP/"))
		return; /* the middle of a message */
	d->layer->fact[0] = 1;
	if (d->layer->via == KEY_UDP_PORT)
		d->layer->name = "ssdp";
	if (!text_line(c, &line))
		return;
	if (request) {
		take_word(d, &line, HTTP_METHOD);
		take_word(d, &line, HTTP_URI);
		text_note(d, &line, &fields[HTTP_REQ_VERSION]);
	} else {
		decode_status(d, &line);
	}
	if (!wants_any(d, &fields[HTTP_HOST], HTTP_REFERER - HTTP_HOST + 1))
		return;
	while (text_line(c, &line) && cur_left(&line))
		decode_header(d, &line);
}

static void word_line(struct line *l, unsigned field, const char *before)
{
	const struct value *v = line_value(l, field);

	if (v) {
		line_puts(l, before);
		line_text(l, v);
	}
}

static void summary(struct line *l)
{
	line_puts(l, "HTTP");
	if (!l->layer->fact[0])
		return;
	word_line(l, HTTP_METHOD, ": ");
	word_line(l, HTTP_URI, " ");
	word_line(l, HTTP_REQ_VERSION, " ");
	word_line(l, HTTP_RESP_VERSION, ": ");
	if (line_value(l, HTTP_CODE))
		line_printf(l, " %u", (unsigned)line_num(l, HTTP_CODE));
	word_line(l, HTTP_PHRASE, " ");
}

static const struct key keys[] = {
    {KEY_TCP_PORT, 80},	   {KEY_TCP_PORT, 8080}, {KEY_TCP_PORT, 3128},
    {KEY_TCP_PORT, 3132},  {KEY_TCP_PORT, 5985}, {KEY_TCP_PORT, 8088},
    {KEY_TCP_PORT, 11371}, {KEY_TCP_PORT, 1900}, {KEY_UDP_PORT, 1900},
    {KEY_TCP_PORT, 2869},  {KEY_TCP_PORT, 2710}, {KEY_TCP_GUESS, 1}};

const struct proto proto_http = {
    "http",
    "Hypertext Transfer Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .guess = guess,
};
