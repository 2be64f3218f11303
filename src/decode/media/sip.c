/*
 * SIP (RFC 3261): a request or status line, headers, an empty line and a body,
 * which is mostly a session description.
 */
#include "base/array.h"
#include "decode/lib/join.h"
#include "decode/lib/rows.h"
#include "decode/lib/textline.h"
#include "decode/proto_ids.h"

enum {
	SIP_REQUEST_LINE,
	SIP_METHOD,
	SIP_URI,
	SIP_URI_USER,
	SIP_URI_HOST,
	SIP_URI_PORT,
	SIP_STATUS_LINE,
	SIP_STATUS,
	SIP_VIA,
	SIP_VIA_TRANSPORT,
	SIP_VIA_ADDRESS,
	SIP_VIA_PORT,
	SIP_VIA_BRANCH,
	SIP_VIA_RECEIVED,
	SIP_VIA_RPORT,
	SIP_FROM,
	SIP_FROM_DISPLAY,
	SIP_FROM_ADDR,
	SIP_FROM_USER,
	SIP_FROM_HOST,
	SIP_FROM_PORT,
	SIP_FROM_TAG,
	SIP_TO,
	SIP_TO_DISPLAY,
	SIP_TO_ADDR,
	SIP_TO_USER,
	SIP_TO_HOST,
	SIP_TO_PORT,
	SIP_TO_TAG,
	SIP_CONTACT,
	SIP_CONTACT_DISPLAY,
	SIP_CONTACT_URI,
	SIP_CONTACT_USER,
	SIP_CONTACT_HOST,
	SIP_CONTACT_PORT,
	SIP_CALL_ID,
	SIP_CSEQ,
	SIP_CSEQ_SEQ,
	SIP_CSEQ_METHOD,
	SIP_MAX_FORWARDS,
	SIP_CONTENT_TYPE,
	SIP_CONTENT_LENGTH,
	SIP_EXPIRES,
	SIP_USER_AGENT,
	SIP_SERVER,
	SIP_ALLOW,
	SIP_SUPPORTED,
	SIP_ACCEPT,
	SIP_ALLOW_EVENTS,
	SIP_MIN_SE,
	SIP_WWW_AUTHENTICATE,
	SIP_AUTHORIZATION,
	SIP_PROXY_AUTHENTICATE,
	SIP_PROXY_AUTHORIZATION,
	SIP_ROUTE,
	SIP_RECORD_ROUTE,
	SIP_EVENT,
	SIP_REASON,
	SIP_SUBJECT,
	SIP_DATE,
	SIP_WARNING,
};

#define HEADER(nm) TEXT("sip." nm, nm, 0)

static const struct field fields[] = {
    [SIP_REQUEST_LINE] = TEXT("sip.Request-Line", "Request line", 0),
    [SIP_METHOD] = TEXT("sip.Method", "Method", FIELD_LINE),
    [SIP_URI] = TEXT("sip.r-uri", "Request URI", FIELD_LINE),
    [SIP_URI_USER] = TEXT("sip.r-uri.user", "User", 0),
    [SIP_URI_HOST] = TEXT("sip.r-uri.host", "Host", 0),
    [SIP_URI_PORT] = TEXT("sip.r-uri.port", "Port", 0),
    [SIP_STATUS_LINE] = TEXT("sip.Status-Line", "Status line", FIELD_LINE),
    [SIP_STATUS] = NUMBER("sip.Status-Code", "Status", 0, 0),
    [SIP_VIA] = HEADER("Via"),
    [SIP_VIA_TRANSPORT] = TEXT("sip.Via.transport", "Transport", 0),
    [SIP_VIA_ADDRESS] = TEXT("sip.Via.sent-by.address", "Sent by", 0),
    [SIP_VIA_PORT] = NUMBER("sip.Via.sent-by.port", "Port", 0, 0),
    [SIP_VIA_BRANCH] = TEXT("sip.Via.branch", "Branch", 0),
    [SIP_VIA_RECEIVED] = TEXT("sip.Via.received", "Received from", 0),
    [SIP_VIA_RPORT] = TEXT("sip.Via.rport", "Received from port", 0),
    [SIP_FROM] = HEADER("From"),
    [SIP_FROM_DISPLAY] = TEXT("sip.from.display.info", "Display name", 0),
    [SIP_FROM_ADDR] = TEXT("sip.from.addr", "Address", FIELD_LINE_V),
    [SIP_FROM_USER] = TEXT("sip.from.user", "User", 0),
    [SIP_FROM_HOST] = TEXT("sip.from.host", "Host", 0),
    [SIP_FROM_PORT] = TEXT("sip.from.port", "Port", 0),
    [SIP_FROM_TAG] = TEXT("sip.from.tag", "Tag", 0),
    [SIP_TO] = HEADER("To"),
    [SIP_TO_DISPLAY] = TEXT("sip.to.display.info", "Display name", 0),
    [SIP_TO_ADDR] = TEXT("sip.to.addr", "Address", FIELD_LINE_V),
    [SIP_TO_USER] = TEXT("sip.to.user", "User", 0),
    [SIP_TO_HOST] = TEXT("sip.to.host", "Host", 0),
    [SIP_TO_PORT] = TEXT("sip.to.port", "Port", 0),
    [SIP_TO_TAG] = TEXT("sip.to.tag", "Tag", 0),
    [SIP_CONTACT] = HEADER("Contact"),
    [SIP_CONTACT_DISPLAY] = TEXT("sip.contact.display.info", "Display name", 0),
    [SIP_CONTACT_URI] = TEXT("sip.contact.uri", "URI", 0),
    [SIP_CONTACT_USER] = TEXT("sip.contact.user", "User", 0),
    [SIP_CONTACT_HOST] = TEXT("sip.contact.host", "Host", 0),
    [SIP_CONTACT_PORT] = TEXT("sip.contact.port", "Port", 0),
    [SIP_CALL_ID] = HEADER("Call-ID"),
    [SIP_CSEQ] = HEADER("CSeq"),
    [SIP_CSEQ_SEQ] = NUMBER("sip.CSeq.seq", "Number", 0, 0),
    [SIP_CSEQ_METHOD] = TEXT("sip.CSeq.method", "Method", 0),
    [SIP_MAX_FORWARDS] = NUMBER("sip.Max-Forwards", "Max-Forwards", 0, 0),
    [SIP_CONTENT_TYPE] = HEADER("Content-Type"),
    [SIP_CONTENT_LENGTH] = NUMBER("sip.Content-Length", "Content-Length", 0, 0),
    [SIP_EXPIRES] = NUMBER("sip.Expires", "Expires, s", 0, 0),
    [SIP_USER_AGENT] = HEADER("User-Agent"),
    [SIP_SERVER] = HEADER("Server"),
    [SIP_ALLOW] = HEADER("Allow"),
    [SIP_SUPPORTED] = HEADER("Supported"),
    [SIP_ACCEPT] = HEADER("Accept"),
    [SIP_ALLOW_EVENTS] = HEADER("Allow-Events"),
    [SIP_MIN_SE] = HEADER("Min-SE"),
    [SIP_WWW_AUTHENTICATE] = HEADER("WWW-Authenticate"),
    [SIP_AUTHORIZATION] = HEADER("Authorization"),
    [SIP_PROXY_AUTHENTICATE] = HEADER("Proxy-Authenticate"),
    [SIP_PROXY_AUTHORIZATION] = HEADER("Proxy-Authorization"),
    [SIP_ROUTE] = HEADER("Route"),
    [SIP_RECORD_ROUTE] = HEADER("Record-Route"),
    [SIP_EVENT] = HEADER("Event"),
    [SIP_REASON] = HEADER("Reason"),
    [SIP_SUBJECT] = HEADER("Subject"),
    [SIP_DATE] = HEADER("Date"),
    [SIP_WARNING] = HEADER("Warning"),
};

/* Headers, with the short forms of some. */
static const struct {
	const char *name, *brief;
	uint8_t field;
} headers[] = {
    {"Via", "v", SIP_VIA},
    {"From", "f", SIP_FROM},
    {"To", "t", SIP_TO},
    {"Contact", "m", SIP_CONTACT},
    {"Call-ID", "i", SIP_CALL_ID},
    {"CSeq", "", SIP_CSEQ},
    {"Max-Forwards", "", SIP_MAX_FORWARDS},
    {"Content-Type", "c", SIP_CONTENT_TYPE},
    {"Content-Length", "l", SIP_CONTENT_LENGTH},
    {"Expires", "", SIP_EXPIRES},
    {"User-Agent", "", SIP_USER_AGENT},
    {"Server", "", SIP_SERVER},
    {"Allow", "", SIP_ALLOW},
    {"Supported", "k", SIP_SUPPORTED},
    {"Accept", "", SIP_ACCEPT},
    {"Allow-Events", "u", SIP_ALLOW_EVENTS},
    {"Min-SE", "", SIP_MIN_SE},
    {"WWW-Authenticate", "", SIP_WWW_AUTHENTICATE},
    {"Authorization", "", SIP_AUTHORIZATION},
    {"Proxy-Authenticate", "", SIP_PROXY_AUTHENTICATE},
    {"Proxy-Authorization", "", SIP_PROXY_AUTHORIZATION},
    {"Route", "", SIP_ROUTE},
    {"Record-Route", "", SIP_RECORD_ROUTE},
    {"Event", "o", SIP_EVENT},
    {"Reason", "", SIP_REASON},
    {"Subject", "s", SIP_SUBJECT},
    {"Date", "", SIP_DATE},
    {"Warning", "", SIP_WARNING},
};

/* What comes before the first of these characters (of ASCII), or NUL, as a part
   of its own. */
static struct cur part_before(struct cur *c, const char *stops)
{
	uint64_t stop[4] = {1};
	size_t n = 0, left = cur_left(c);

	for (; *stops; stops++)
		stop[*stops >> 6] |= UINT64_C(1) << (*stops & 63);
	while (n < left &&
	       !(stop[cur_peek8(c, n) >> 6] >> (cur_peek8(c, n) & 63) & 1))
		n++;
	return cur_part(c, n);
}

/* user, host and port of "sip:user@host:port;..." into neighbouring fields. */
static void decode_uri(struct dissect *d, struct cur uri, unsigned user)
{
	size_t at;
	struct cur part;

	part_before(&uri, ":");
	if (cur_left(&uri) == 0)
		return;
	cur_skip(&uri, 1);
	uri = part_before(&uri, ">?");
	at = text_find(&uri, '@');
	if (at != SIZE_MAX) {
		part = cur_part(&uri, at);
		part = part_before(&part, ":");
		text_note(d, &part, &fields[user]);
		cur_skip(&uri, 1);
	}
	part = text_starts(&uri, "[") ? part_before(&uri, "]")
				      : part_before(&uri, ":; ");
	if (text_starts(&uri, "]"))
		cur_skip(&uri, 1);
	text_note(d, &part, &fields[user + 1]);
	if (!text_starts(&uri, ":"))
		return;
	cur_skip(&uri, 1);
	part = part_before(&uri, "; ");
	text_note(d, &part, &fields[user + 2]);
}

/* The value of ";name=value" in a header's parameters, into the field. */
static void add_parameter(struct dissect *d, struct cur c, const char *name,
			  unsigned field)
{
	struct cur part;
	size_t n = strlen(name);

	while (part_before(&c, ";"), cur_left(&c)) {
		cur_skip(&c, 1);
		text_spaces(&c);
		if (!text_starts(&c, name))
			continue;
		/* a name alone stands for itself */
		if (cur_left(&c) > n && cur_peek8(&c, n) == '=')
			cur_skip(&c, n + 1);
		part = part_before(&c, ";, >");
		text_note(d, &part, &fields[field]);
		return;
	}
}

/*
 * "Name" <uri>;tag=..., or a bare uri: the fields of display, uri, user, host
 * and port follow each other. A tag's field is after them; 0: none.
 */
static void decode_party(struct dissect *d, struct cur c, unsigned display,
			 unsigned tag)
{
	struct cur uri = c, name, quoted;
	size_t n = text_find(&c, '<');

	if (n != SIZE_MAX) {
		name = cur_part(&c, n);
		/* quoted: up to the second quote */
		quoted = name;
		if (text_starts(&name, "\"")) {
			cur_skip(&quoted, 1);
			n = text_find(&quoted, '"');
			if (n != SIZE_MAX)
				name = cur_unit(&name, n + 2);
		}
		text_note(d, &name, &fields[display]);
		cur_skip(&c, 1);
		uri = part_before(&c, ">");
	} else {
		uri = part_before(&c, ";");
	}
	text_note(d, &uri, &fields[display + 1]);
	decode_uri(d, uri, display + 2);
	if (tag)
		add_parameter(d, c, "tag", tag);
}

/* "SIP/2.0/UDP host:port;branch=..." */
static void decode_via(struct dissect *d, struct cur c)
{
	struct cur part, all;
	uint32_t port;

	part_before(&c, "/");
	cur_skip(&c, cur_left(&c) ? 1 : 0);
	part_before(&c, "/");
	cur_skip(&c, cur_left(&c) ? 1 : 0);
	part = part_before(&c, " \t");
	text_note(d, &part, &fields[SIP_VIA_TRANSPORT]);
	text_spaces(&c);
	all = c;
	part = text_starts(&c, "[") ? part_before(&c, "]")
				    : part_before(&c, ":; ,");
	if (text_starts(&c, "]"))
		cur_skip(&c, 1);
	text_note(d, &part, &fields[SIP_VIA_ADDRESS]);
	if (text_starts(&c, ":")) {
		cur_skip(&c, 1);
		if (text_number(&c, &port))
			add_uint(d, &fields[SIP_VIA_PORT], port);
	}
	add_parameter(d, all, "branch", SIP_VIA_BRANCH);
	add_parameter(d, all, "received", SIP_VIA_RECEIVED);
	add_parameter(d, all, "rport", SIP_VIA_RPORT);
}

static void decode_cseq(struct dissect *d, struct cur c)
{
	uint32_t number;

	if (!text_number(&c, &number))
		return;
	add_uint(d, &fields[SIP_CSEQ_SEQ], number);
	text_spaces(&c);
	text_note(d, &c, &fields[SIP_CSEQ_METHOD]);
}

/* What a message's end needs to know. */
struct body {
	uint32_t length;
	bool sdp;
};

static void decode_header(struct dissect *d, struct cur value, unsigned field,
			  struct body *body)
{
	const struct field *f = &fields[field];
	uint32_t number;

	if (f->type == FIELD_UINT) {
		if (!text_number(&value, &number))
			return;
		add_uint(d, f, number);
		if (field == SIP_CONTENT_LENGTH)
			body->length = number;
		return;
	}
	text_note(d, &value, f);
	switch (field) {
	case SIP_VIA:
		decode_via(d, value);
		break;
	case SIP_FROM:
		decode_party(d, value, SIP_FROM_DISPLAY, SIP_FROM_TAG);
		break;
	case SIP_TO:
		decode_party(d, value, SIP_TO_DISPLAY, SIP_TO_TAG);
		break;
	case SIP_CONTACT:
		decode_party(d, value, SIP_CONTACT_DISPLAY, 0);
		break;
	case SIP_CSEQ:
		decode_cseq(d, value);
		break;
	case SIP_CONTENT_TYPE:
		body->sdp = text_starts(&value, "application/sdp");
		break;
	}
}

static void decode_headers(struct dissect *d, struct cur *c, struct body *body)
{
	struct cur line, name;
	unsigned i;

	while (text_line(c, &line) && cur_left(&line)) {
		if (!text_header(&line, &name))
			continue;
		for (i = 0; i < ARRAY_LEN(headers); i++) {
			if (!text_is(&name, headers[i].name) &&
			    !text_is(&name, headers[i].brief))
				continue;
			decode_header(d, line, headers[i].field, body);
			break;
		}
	}
}

static bool decode_start(struct dissect *d, struct cur *c)
{
	struct cur line, word, look;
	uint32_t status;

	if (!text_last_line(c, &line))
		return false;
	look = line;
	if (text_starts(&line, "SIP/2.0 ")) {
		text_note(d, &line, &fields[SIP_STATUS_LINE]);
		text_word(&look);
		if (text_number(&look, &status))
			add_uint(d, &fields[SIP_STATUS], status);
		return true;
	}
	word = text_word(&look);
	text_word(&look);
	if (!text_starts(&look, "SIP/2.0"))
		return false;
	text_note(d, &line, &fields[SIP_REQUEST_LINE]);
	text_note(d, &word, &fields[SIP_METHOD]);
	text_word(&line);
	word = text_word(&line);
	text_note(d, &word, &fields[SIP_URI]);
	decode_uri(d, word, SIP_URI_USER);
	return true;
}

static bool guess(struct cur c)
{
	struct cur line;

	/* all methods are in capitals, and so is "SIP" */
	if (cur_left(&c) < 3 || cur_peek8(&c, 0) < 'A' ||
	    cur_peek8(&c, 0) > 'Z' || cur_peek8(&c, 1) < 'A' ||
	    cur_peek8(&c, 1) > 'Z' || !text_line(&c, &line))
		return false;
	if (text_starts(&line, "SIP/2.0 "))
		return true;
	text_word(&line);
	text_word(&line);
	return text_is(&line, "SIP/2.0");
}

static void decode(struct dissect *d, struct cur *c)
{
	struct body body;
	struct cur part;

	/* RFC 5626: keep-alives between messages */
	if (d->layer->via == KEY_TCP_PORT && text_starts(c, "\r\n")) {
		d->layer->name = "";
		d->layer->silent = true;
		return;
	}
	join_layer(d);
	while (c->state == CUR_OK && cur_left(c)) {
		body = (struct body){UINT32_MAX, false};
		if (!decode_start(d, c))
			return;
		decode_headers(d, c, &body);
		if (body.length > cur_left(c))
			body.length = (uint32_t)cur_left(c);
		part = cur_part(c, body.length);
		if (body.sdp && body.length)
			next_proto(d, &part, PROTO_sdp);
		if (d->layer->via == KEY_UDP_PORT)
			return;
	}
}

/* Messages announce media (expect.h). */
static void follow(struct app_message *f)
{
	if (f->wish->announced)
		f->wish->announced(f->wish->announced_with, &f->message);
}

static bool message(struct cur c, struct framing *f)
{
	return text_message(&c, f);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	bool first = true;

	summary_puts(l, "SIP");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case SIP_STATUS_LINE:
		case SIP_METHOD:
			line_between(l, &first, ": ");
			summary_text(l, v);
			break;
		case SIP_URI:
			summary_puts(l, " ");
			summary_text(l, v);
			break;
		case SIP_FROM_ADDR:
			if (!l->o->verbose)
				break;
			summary_puts(l, ", from ");
			summary_text(l, v);
			break;
		case SIP_TO_ADDR:
			if (!l->o->verbose)
				break;
			summary_puts(l, " to ");
			summary_text(l, v);
			break;
		}
	}
}

static const struct key keys[] = {{KEY_UDP_PORT, 5060},
				  {KEY_TCP_PORT, 5060},
				  {KEY_UDP_GUESS, 7},
				  {KEY_TCP_GUESS, 7}};
static const uint8_t leads_proto[] = {PROTO_sdp, PROTO_rtp, PROTO_rtcp,
				      PROTO_NONE};

const struct proto proto_sip = {
    "sip",
    "Session Initiation Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
    .guess = guess,
    .pdu_length = message,
    .on_message = follow,
};
