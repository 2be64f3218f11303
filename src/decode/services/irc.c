/*
 * IRC (RFC 2812): lines.
 *
 *	[":" prefix SP] command or number, parameters, [":" the last one]
 */
#include "decode/lib/rows.h"
#include "decode/lib/starttls.h"
#include "decode/lib/textline.h"
#include "decode/proto_ids.h"

/* Those of a request, and of a response, in the same order. */
enum {
	IRC_REQUEST,
	IRC_REQ_PREFIX,
	IRC_REQ_COMMAND,
	IRC_REQ_PARAMETER,
	IRC_REQ_TRAILER,
	IRC_RESPONSE,
	IRC_RSP_PREFIX,
	IRC_RSP_COMMAND,
	IRC_RSP_PARAMETER,
	IRC_RSP_TRAILER,
	IRC_RSP_NUMBER,
};

enum { PREFIX = 1, COMMAND, PARAMETER, TRAILER, TLS_STARTED = 670 };

static const struct field fields[] = {
    [IRC_REQUEST] = TEXT("irc.request", "Request", FIELD_LINE),
    [IRC_REQ_PREFIX] = TEXT("irc.request.prefix", "Prefix", 0),
    [IRC_REQ_COMMAND] = TEXT("irc.request.command", "Command", 0),
    [IRC_REQ_PARAMETER] = TEXT("irc.request.command_parameter", "Parameter", 0),
    [IRC_REQ_TRAILER] = TEXT("irc.request.trailer", "Trailer", 0),
    [IRC_RESPONSE] = TEXT("irc.response", "Response", FIELD_LINE),
    [IRC_RSP_PREFIX] = TEXT("irc.response.prefix", "Prefix", 0),
    [IRC_RSP_COMMAND] = TEXT("irc.response.command", "Command", 0),
    [IRC_RSP_PARAMETER] =
	TEXT("irc.response.command_parameter", "Parameter", 0),
    [IRC_RSP_TRAILER] = TEXT("irc.response.trailer", "Trailer", 0),
    [IRC_RSP_NUMBER] =
	NUMBER("irc.response.num_command", "Numeric command", 0, 0),
};

/* The prefix, if there is one. */
static bool take_prefix(struct cur *line, struct cur *prefix)
{
	if (!cur_left(line) || cur_peek8(line, 0) != ':')
		return false;
	cur_skip(line, 1);
	*prefix = text_word(line);
	return true;
}

static void decode_line(struct dissect *d, struct cur *line, unsigned first)
{
	struct cur word, look;
	uint32_t number;

	text_note(d, line, &fields[first]);
	if (take_prefix(line, &word))
		text_note(d, &word, &fields[first + PREFIX]);
	word = look = text_word(line);
	if (first == IRC_RESPONSE && text_number(&look, &number) == 3 &&
	    !cur_left(&look))
		add_uint(d, &fields[IRC_RSP_NUMBER], number);
	else
		text_note(d, &word, &fields[first + COMMAND]);
	text_spaces(line);
	while (cur_left(line) && cur_peek8(line, 0) != ':') {
		word = text_word(line);
		text_note(d, &word, &fields[first + PARAMETER]);
		text_spaces(line);
	}
	if (cur_left(line)) {
		cur_skip(line, 1);
		text_note(d, line, &fields[first + TRAILER]);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	bool request = to_server(d);
	struct cur line;

	while (text_last_line(c, &line))
		if (cur_left(&line))
			decode_line(d, &line,
				    request ? IRC_REQUEST : IRC_RESPONSE);
}

static void summary(struct summary *l)
{
	const struct value *v = summary_value(l, IRC_REQUEST);

	if (!v)
		v = summary_value(l, IRC_RESPONSE);
	summary_puts(l, "IRC");
	if (v) {
		summary_puts(l, ": ");
		summary_text(l, v);
	}
	summary_mark(l);
}

/* The last line of a segment decides. */
static void follow(struct app_message *f)
{
	struct cur c = f->message, line, word;
	uint32_t number = 0;

	while (text_last_line(&c, &line))
		continue;
	take_prefix(&line, &word);
	word = text_word(&line);
	if (f->to_server)
		f->app->state = text_is(&word, "STARTTLS");
	else if (text_number(&word, &number) && number == TLS_STARTED)
		f->then = PROTO_tls;
}

static const uint8_t leads[] = {PROTO_tls, PROTO_NONE};
static const struct key keys[] = {{KEY_TCP_PORT, 6667}, {KEY_TCP_PORT, 57000}};

const struct proto proto_irc = {
    "irc",
    "Internet Relay Chat",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
    .pdu_length = starttls_message,
    .on_message = follow,
};
