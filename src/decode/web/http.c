/*
 * HTTP/1.x (RFC 9112): the heads of messages, lines that end with CR LF.
 *
 *	method SP target SP version	or	version SP code SP phrase
 *	name ":" value			any number of these
 *	an empty line
 */
#include "base/array.h"
#include "decode/lib/textline.h"
#include "decode/proto_ids.h"
#include "decode/web/http_frame.h"

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
	HTTP_CONNECTION,
	HTTP_ACCEPT,
	HTTP_ACCEPT_ENCODING,
	HTTP_ACCEPT_LANGUAGE,
	HTTP_AUTHORIZATION,
	HTTP_CACHE_CONTROL,
	HTTP_CONTENT_ENCODING,
	HTTP_COOKIE,
	HTTP_DATE,
	HTTP_LAST_MODIFIED,
	HTTP_PROXY_AUTHENTICATE,
	HTTP_PROXY_AUTHORIZATION,
	HTTP_SET_COOKIE,
	HTTP_TRANSFER_ENCODING,
	HTTP_UPGRADE,
	HTTP_WWW_AUTHENTICATE,
	HTTP_X_FORWARDED_FOR,
	HTTP_LENGTH_HEADER,
	HTTP_LAST_HEADER = HTTP_LENGTH_HEADER,
	HTTP_REQUEST,
	HTTP_RESPONSE,
	HTTP_CODE_NAME,
	HTTP_URI_PATH,
	HTTP_URI_QUERY,
	HTTP_URI_PARAMETER,
	HTTP_FULL_URI,
	HTTP_REQUEST_LINE,
	HTTP_RESPONSE_LINE,
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
    [HTTP_CONTENT_LENGTH] = {"http.content_length", "Content-Length",
			     .type = FIELD_UINT},
    TEXT(HTTP_SERVER, "server", "Server", 0),
    TEXT(HTTP_LOCATION, "location", "Location", 0),
    TEXT(HTTP_REFERER, "referer", "Referer", 0),
    TEXT(HTTP_CONNECTION, "connection", "Connection", 0),
    TEXT(HTTP_ACCEPT, "accept", "Accept", 0),
    TEXT(HTTP_ACCEPT_ENCODING, "accept_encoding", "Accept-Encoding", 0),
    TEXT(HTTP_ACCEPT_LANGUAGE, "accept_language", "Accept-Language", 0),
    TEXT(HTTP_AUTHORIZATION, "authorization", "Authorization", 0),
    TEXT(HTTP_CACHE_CONTROL, "cache_control", "Cache-Control", 0),
    TEXT(HTTP_CONTENT_ENCODING, "content_encoding", "Content-Encoding", 0),
    TEXT(HTTP_COOKIE, "cookie", "Cookie", 0),
    TEXT(HTTP_DATE, "date", "Date", 0),
    TEXT(HTTP_LAST_MODIFIED, "last_modified", "Last-Modified", 0),
    TEXT(HTTP_PROXY_AUTHENTICATE, "proxy_authenticate", "Proxy-Authenticate",
	 0),
    TEXT(HTTP_PROXY_AUTHORIZATION, "proxy_authorization", "Proxy-Authorization",
	 0),
    TEXT(HTTP_SET_COOKIE, "set_cookie", "Set-Cookie", 0),
    TEXT(HTTP_TRANSFER_ENCODING, "transfer_encoding", "Transfer-Encoding", 0),
    TEXT(HTTP_UPGRADE, "upgrade", "Upgrade", 0),
    TEXT(HTTP_WWW_AUTHENTICATE, "www_authenticate", "WWW-Authenticate", 0),
    TEXT(HTTP_X_FORWARDED_FOR, "x_forwarded_for", "X-Forwarded-For", 0),
    TEXT(HTTP_LENGTH_HEADER, "content_length_header", "Content-Length as text",
	 FIELD_ASKED),
    [HTTP_REQUEST] = {"http.request", "Is a request", .type = FIELD_BOOL},
    [HTTP_RESPONSE] = {"http.response", "Is a response", .type = FIELD_BOOL},
    TEXT(HTTP_CODE_NAME, "response.code.desc", "Meaning of the status",
	 FIELD_ASKED),
    TEXT(HTTP_URI_PATH, "request.uri.path", "Path before a query", 0),
    TEXT(HTTP_URI_QUERY, "request.uri.query", "Query", 0),
    TEXT(HTTP_URI_PARAMETER, "request.uri.query.parameter", "Parameter", 0),
    TEXT(HTTP_FULL_URI, "request.full_uri", "Target with the host", 0),
    TEXT(HTTP_REQUEST_LINE, "request.line", "Header of a request", FIELD_ASKED),
    TEXT(HTTP_RESPONSE_LINE, "response.line", "Header of a response",
	 FIELD_ASKED),
};

static const struct {
	const char *name;
	unsigned field;
} headers[] = {
    {"host", HTTP_HOST},
    {"user-agent", HTTP_USER_AGENT},
    {"content-type", HTTP_CONTENT_TYPE},
    {"server", HTTP_SERVER},
    {"location", HTTP_LOCATION},
    {"referer", HTTP_REFERER},
    {"connection", HTTP_CONNECTION},
    {"accept", HTTP_ACCEPT},
    {"accept-encoding", HTTP_ACCEPT_ENCODING},
    {"accept-language", HTTP_ACCEPT_LANGUAGE},
    {"authorization", HTTP_AUTHORIZATION},
    {"cache-control", HTTP_CACHE_CONTROL},
    {"content-encoding", HTTP_CONTENT_ENCODING},
    {"cookie", HTTP_COOKIE},
    {"date", HTTP_DATE},
    {"last-modified", HTTP_LAST_MODIFIED},
    {"proxy-authenticate", HTTP_PROXY_AUTHENTICATE},
    {"proxy-authorization", HTTP_PROXY_AUTHORIZATION},
    {"set-cookie", HTTP_SET_COOKIE},
    {"transfer-encoding", HTTP_TRANSFER_ENCODING},
    {"upgrade", HTTP_UPGRADE},
    {"www-authenticate", HTTP_WWW_AUTHENTICATE},
    {"x-forwarded-for", HTTP_X_FORWARDED_FOR},
    {"content-length", HTTP_LENGTH_HEADER},
};

static const struct names code_names[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {102, "Processing"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {203, "Non-authoritative Information"},
    {204, "No Content"},
    {205, "Reset Content"},
    {206, "Partial Content"},
    {207, "Multi-Status"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {305, "Use Proxy"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Time-out"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Request Entity Too Large"},
    {414, "Request-URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Requested range not satisfiable"},
    {417, "Expectation Failed"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Time-out"},
    {505, "HTTP Version not supported"},
    {0, NULL},
};

/* What Wireshark calls the layer of a body, by its type's first bytes. */
static const struct {
	const char *type, *layers;
} bodies[] = {
    {"text/xml", "http:xml"},
    {"application/xml", "http:xml"},
    {"text/", "http:data-text-lines"},
    {"application/javascript", "http:data-text-lines"},
    {"application/x-javascript", "http:data-text-lines"},
    {"application/json", "http:json"},
    {"application/x-www-form-urlencoded", "http:urlencoded-form"},
    {"application/ocsp-", "http:ocsp"},
    {"image/jpeg", "http:image-jfif"},
    {"image/gif", "http:image-gif"},
    {"image/png", "http:png"},
    {"application/octet-stream", "http:data"},
    {"", "http:media"},
};

enum { FACT_HEAD };

static bool guess(struct cur c)
{
	size_t n;

	if (text_starts(&c, "HTTP/1."))
		return true;
	if (!http_is_request(&c))
		return false;
	n = text_find(&c, '\n');
	if (n == SIZE_MAX) /* cut by the capture */
		return cur_left(&c) < c.claim;
	n -= n && cur_peek8(&c, n - 1) == '\r';
	return n > 10 && !memcmp(cur_here(&c) + n - 8, "HTTP/1.", 7);
}

static void take_word(struct dissect *d, struct cur *line, unsigned field)
{
	struct cur word = text_word(line);

	text_note(d, &word, &fields[field]);
}

static void add_part(struct dissect *d, unsigned field, const uint8_t *from,
		     const uint8_t *to)
{
	add_bytes(d, &fields[field], from, (size_t)(to - from));
}

/* The parts of a target with a query. */
static void decode_query(struct dissect *d, const struct cur *uri)
{
	const uint8_t *end = cur_here(uri) + cur_left(uri), *from, *to;
	size_t at = text_find(uri, '?');

	if (at == SIZE_MAX)
		return;
	from = cur_here(uri) + at;
	add_part(d, HTTP_URI_PATH, cur_here(uri), from);
	add_part(d, HTTP_URI_QUERY, ++from, end);
	while (from < end) {
		to = memchr(from, '&', (size_t)(end - from));
		if (!to)
			to = end;
		add_part(d, HTTP_URI_PARAMETER, from, to);
		from = to + 1;
	}
}

/* The target after the host's name, unless it has one itself. */
static void add_full_uri(struct dissect *d, const struct cur *uri,
			 const struct cur *host)
{
	static const char scheme[] = "http://";
	size_t n = cur_left(uri), m = cur_left(host), k = sizeof(scheme) - 1;
	char *room;

	if (!wants(d, &fields[HTTP_FULL_URI]) || !m)
		return;
	if (text_starts(uri, scheme) || text_starts(uri, "https://")) {
		add_bytes(d, &fields[HTTP_FULL_URI], cur_here(uri), n);
		return;
	}
	room = scratch_room(d, k + m + n);
	if (!room)
		return;
	memcpy(room, scheme, k);
	memcpy(room + k, cur_here(host), m);
	memcpy(room + k + m, cur_here(uri), n);
	add_bytes(d, &fields[HTTP_FULL_URI], room, k + m + n);
}

static void add_name(struct dissect *d, uint32_t code)
{
	const char *name = names_get(code_names, code);

	if (name)
		add_bytes(d, &fields[HTTP_CODE_NAME], name, strlen(name));
}

static void decode_status(struct dissect *d, struct cur *line)
{
	struct cur word;
	uint64_t code;

	take_word(d, line, HTTP_RESP_VERSION);
	word = text_word(line);
	code = http_status(cur_here(&word), cur_left(&word));
	if (code != UINT64_MAX) {
		add_uint(d, &fields[HTTP_CODE], code);
		add_name(d, (uint32_t)code);
	}
	text_note(d, line, &fields[HTTP_PHRASE]);
}

/* What the head says that matters after it. */
struct head {
	struct cur uri, host, type;
};

/* Of a list that says nothing else, or of one word at least. */
static void add_length(struct dissect *d, struct cur line)
{
	uint64_t length = http_length(cur_here(&line), cur_left(&line));
	struct cur word = text_word(&line);

	if (length == UINT64_MAX)
		length = http_length(cur_here(&word), cur_left(&word));
	if (length != UINT64_MAX)
		add_uint(d, &fields[HTTP_CONTENT_LENGTH], length);
}

static void decode_header(struct dissect *d, struct cur *line,
			  struct head *head)
{
	struct cur name;
	unsigned i;

	if (!text_header(line, &name))
		return;
	if (text_is(&name, "host"))
		head->host = *line;
	else if (text_is(&name, "content-type"))
		head->type = *line;
	else if (text_is(&name, "content-length"))
		add_length(d, *line);
	for (i = 0; i < ARRAY_LEN(headers); i++)
		if (text_is(&name, headers[i].name))
			add_bytes(d, &fields[headers[i].field], cur_here(line),
				  cur_left(line));
}

/* A body is a layer of its own in Wireshark; c is at it. */
static void name_body(struct dissect *d, const struct cur *c,
		      const struct cur *type)
{
	unsigned i = 0;

	if (!c->claim)
		return;
	d->layer->name = "http:data";
	if (!cur_left(type))
		return;
	while (!text_starts(type, bodies[i].type))
		i++;
	d->layer->name = bodies[i].layers;
}

static void decode_headers(struct dissect *d, struct cur *c, bool request,
			   struct head *head)
{
	unsigned field = request ? HTTP_REQUEST_LINE : HTTP_RESPONSE_LINE;
	const uint8_t *from;
	struct cur line;

	for (;;) {
		from = cur_here(c);
		if (!http_line(c, &line))
			return;
		if (!cur_left(&line))
			break;
		add_part(d, field, from, cur_here(c));
		decode_header(d, &line, head);
	}
	if (d->protocols >= 0)
		name_body(d, c, &head->type);
	if (request)
		add_full_uri(d, &head->uri, &head->host);
}

static void decode_message(struct dissect *d, struct cur *c)
{
	bool request = http_is_request(c);
	struct head head = {0};
	struct cur line;

	if (!request && !text_starts(c, "HTTP/")) {
		if (!d->layer->fact[FACT_HEAD])
			d->layer->name = ""; /* the middle of a message */
		return;
	}
	d->layer->fact[FACT_HEAD] = 1;
	add_uint(d, &fields[request ? HTTP_REQUEST : HTTP_RESPONSE], 1);
	/* if the capture cut it, what there is of it */
	if (!http_line(c, &line) &&
	    (cur_left(c) == c->claim || !text_last_line(c, &line)))
		return;
	if (request) {
		take_word(d, &line, HTTP_METHOD);
		head.uri = text_word(&line);
		text_note(d, &head.uri, &fields[HTTP_URI]);
		decode_query(d, &head.uri);
		text_note(d, &line, &fields[HTTP_REQ_VERSION]);
	} else {
		decode_status(d, &line);
	}
	if (!wants_any(d, &fields[HTTP_HOST],
		       HTTP_LAST_HEADER - HTTP_HOST + 1) &&
	    !wants_any(d, &fields[HTTP_FULL_URI],
		       HTTP_RESPONSE_LINE - HTTP_FULL_URI + 1) &&
	    d->protocols < 0)
		return;
	decode_headers(d, c, request, &head);
}

/* Is it a response after which that to the next request comes? */
static bool is_final(const struct cur *c)
{
	return text_starts(c, "HTTP/") && http_code(c) / 100 != 1;
}

/* What is in a tunnel has this layer around it in name only. */
static void next_inside(struct dissect *d, const struct cur *c, unsigned id)
{
	d->inside = PROTO_NONE;
	d->layer->silent = true;
	d->layer->port = (uint16_t)d->layer->key;
	next_known(d, c, id, KEY_TCP_PORT, d->layer->key);
}

/* One message after the other. */
static void decode(struct dissect *d, struct cur *c)
{
	struct app_state app = {.owner = PROTO_http, .state = d->app_state};
	struct framing f;
	struct cur part, look;
	bool whole;

	if (d->inside || http_is_hello(*c)) {
		next_inside(d, c, d->inside ? d->inside : PROTO_tls);
		return;
	}
	if (d->layer->via == KEY_UDP_PORT)
		d->layer->name = "ssdp";
	if (text_starts(c, "PRI * HTTP/2.0") && next_proto(d, c, PROTO_http2)) {
		d->layer->silent = true;
		return;
	}
	do {
		f = (struct framing){.keep = SIZE_MAX, .app = &app};
		whole = http_message(*c, &f) && f.size && f.size < cur_left(c);
		look = *c;
		part = whole ? cur_part(c, f.size) : *c;
		decode_message(d, &part);
		if (is_final(&look))
			app.state = http_state_next(app.state);
	} while (whole);
	d->app_state = app.state;
	c->state = part.state;
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	bool first = true;

	summary_puts(l, "HTTP");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case HTTP_METHOD:
		case HTTP_RESP_VERSION:
			line_between(l, &first, ": ");
			summary_text(l, v);
			break;
		case HTTP_URI:
		case HTTP_REQ_VERSION:
		case HTTP_PHRASE:
			summary_puts(l, " ");
			summary_text(l, v);
			break;
		case HTTP_CODE:
			summary_printf(l, " %u", (unsigned)v->num);
			break;
		}
	}
}

static const struct key keys[] = {
    {KEY_TCP_PORT, 80},	   {KEY_TCP_PORT, 8080}, {KEY_TCP_PORT, 3128},
    {KEY_TCP_PORT, 3132},  {KEY_TCP_PORT, 5985}, {KEY_TCP_PORT, 8088},
    {KEY_TCP_PORT, 11371}, {KEY_TCP_PORT, 1900}, {KEY_UDP_PORT, 1900},
    {KEY_TCP_PORT, 2869},  {KEY_TCP_PORT, 2710}, {KEY_TCP_GUESS, 1}};

static const uint8_t leads[] = {PROTO_http2, PROTO_websocket, PROTO_tls,
				PROTO_NONE};

const struct proto proto_http = {
    "http",
    "Hypertext Transfer Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .guess = guess,
    .leads = LEADS_TO(KEY_TCP_PORT) | LEADS_TO(KEY_TCP_GUESS),
    .leads_proto = leads,
    .pdu_length = http_message,
    .on_message = http_on_message,
    .on_loss = http_on_loss,
    .free_state = http_free_state,
};
