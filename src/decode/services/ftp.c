/*
 * FTP (RFC 959, 2428): the control connection. Commands are words, answers
 * have a code of three digits; lines of a longer answer need not repeat it.
 * The first line of a segment is shown.
 */
#include "decode/lib/rows.h"
#include "decode/lib/starttls.h"
#include "decode/lib/textline.h"
#include "decode/proto_ids.h"

enum {
	FTP_REQUEST,
	FTP_RESPONSE,
	FTP_COMMAND,
	FTP_ARGUMENT,
	FTP_CODE,
	FTP_RESPONSE_ARGUMENT,
	FTP_PASSIVE_IP,
	FTP_PASSIVE_PORT,
	FTP_ACTIVE_IP,
	FTP_ACTIVE_PORT,
	FTP_EPSV_PORT,
};

enum { SECURED = 234, PASSIVE = 227, EXTENDED_PASSIVE = 229 };

static const struct field fields[] = {
    [FTP_REQUEST] = FLAG("ftp.request", "Request", 0, 0),
    [FTP_RESPONSE] = FLAG("ftp.response", "Response", 0, 0),
    [FTP_COMMAND] = TEXT("ftp.request.command", "Command", FIELD_LINE),
    [FTP_ARGUMENT] = TEXT("ftp.request.arg", "Argument", FIELD_LINE),
    [FTP_CODE] = NUMBER("ftp.response.code", "Code", FIELD_LINE, 0),
    [FTP_RESPONSE_ARGUMENT] = TEXT("ftp.response.arg", "Text", FIELD_LINE),
    [FTP_PASSIVE_IP] = IPV4("ftp.passive.ip", "Passive address", 0),
    [FTP_PASSIVE_PORT] = NUMBER("ftp.passive.port", "Passive port", 0, 0),
    [FTP_ACTIVE_IP] = IPV4("ftp.active.cip", "Active address", 0),
    [FTP_ACTIVE_PORT] = NUMBER("ftp.active.port", "Active port", 0, 0),
    [FTP_EPSV_PORT] = NUMBER("ftp.epsv.port", "Extended passive port", 0, 0),
};

/* "h1,h2,h3,h4,p1,p2" somewhere in the line: an address and a port. */
static void add_place(struct dissect *d, struct cur line, unsigned field)
{
	uint32_t part[6];
	struct cur look;
	unsigned n;

	for (; cur_left(&line); cur_skip(&line, 1)) {
		look = line;
		for (n = 0; n < 6; n++) {
			if (!text_number(&look, &part[n]) || part[n] > 255 ||
			    (n < 5 && !text_starts(&look, ",")))
				break;
			if (n < 5)
				cur_skip(&look, 1);
		}
		if (n == 6) {
			add_uint(d, &fields[field],
				 part[0] << 24 | part[1] << 16 | part[2] << 8 |
				     part[3]);
			add_uint(d, &fields[field + 1], part[4] << 8 | part[5]);
			return;
		}
	}
}

/* "(|||port|)" */
static void add_extended(struct dissect *d, struct cur line)
{
	size_t n = text_find(&line, '(');
	uint32_t port;

	if (n == SIZE_MAX || cur_left(&line) < n + 4)
		return;
	cur_skip(&line, n + 4);
	if (text_number(&line, &port))
		add_uint(d, &fields[FTP_EPSV_PORT], port);
}

static void decode_command(struct dissect *d, struct cur *c)
{
	struct cur line, word;

	if (text_last_line(c, &line)) {
		word = text_word(&line);
		text_note(d, &word, &fields[FTP_COMMAND]);
		text_note(d, &line, &fields[FTP_ARGUMENT]);
		if (text_is(&word, "PORT"))
			add_place(d, line, FTP_ACTIVE_IP);
	}
}

static void decode_answer(struct dissect *d, struct cur *c)
{
	struct cur line, look;
	uint32_t code;

	if (text_last_line(c, &line)) {
		look = line;
		if (text_number(&look, &code) == 3 && cur_left(&look) &&
		    (cur_peek8(&look, 0) == ' ' ||
		     cur_peek8(&look, 0) == '-')) {
			add_uint(d, &fields[FTP_CODE], code);
			line = look;
			cur_skip(&line, 1);
			if (code == PASSIVE)
				add_place(d, line, FTP_PASSIVE_IP);
			else if (code == EXTENDED_PASSIVE)
				add_extended(d, line);
		}
		text_note(d, &line, &fields[FTP_RESPONSE_ARGUMENT]);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	bool request = (d->layer - 1)->port == 21;

	add_uint(d, &fields[FTP_REQUEST], request);
	add_uint(d, &fields[FTP_RESPONSE], !request);
	if (request)
		decode_command(d, c);
	else
		decode_answer(d, c);
}

static void summary(struct summary *l)
{
	const struct value *code = summary_value(l, FTP_CODE);

	summary_puts(l, "FTP:");
	if (code)
		summary_printf(l, " %u", (unsigned)code->num);
	if (summary_value(l, FTP_COMMAND)) {
		summary_puts(l, " ");
		summary_text(l, summary_value(l, FTP_COMMAND));
	}
	if (summary_value(l, FTP_ARGUMENT)) {
		summary_puts(l, " ");
		summary_text(l, summary_value(l, FTP_ARGUMENT));
	}
	if (summary_value(l, FTP_RESPONSE_ARGUMENT)) {
		summary_puts(l, " ");
		summary_text(l, summary_value(l, FTP_RESPONSE_ARGUMENT));
	}
	if (l->layer->end > l->layer->first)
		text_more_lines(l, NULL);
}

/* "TLS", "TLS-C" or "TLS-P". */
static bool is_tls(const struct cur *word)
{
	struct cur c = *word;

	if (cur_left(&c) > 3)
		c = cur_unit(&c, 3);
	return text_is(&c, "TLS");
}

/* TLS begins after an answer to "AUTH TLS" (RFC 4217, section 4). */
static void follow(struct app_message *f)
{
	struct cur c = f->message, line, word;
	uint32_t code = 0;

	while (text_last_line(&c, &line))
		continue;
	if (f->to_server) {
		word = text_word(&line);
		f->app->state = text_is(&word, "AUTH") &&
				(is_tls(&line) || text_is(&line, "SSL"));
		return;
	}
	if (f->app->state && text_number(&line, &code) == 3 && code == SECURED)
		f->then = PROTO_tls;
	f->app->state = 0;
}

static const uint8_t leads[] = {PROTO_tls, PROTO_NONE};
static const struct key keys[] = {{KEY_TCP_PORT, 21}};

const struct proto proto_ftp = {
    "ftp",
    "File Transfer Protocol (FTP)",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
    .pdu_length = starttls_message,
    .on_message = follow,
};
