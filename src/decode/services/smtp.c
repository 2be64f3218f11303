/*
 * SMTP (RFC 5321): commands of four letters from the client, and answers of
 * three digits and a text from the server, which may have several lines.
 * Behind DATA, what the client sends up to a line with a point alone is a mail.
 */
#include "base/array.h"
#include "decode/lib/rows.h"
#include "decode/lib/starttls.h"
#include "decode/lib/textline.h"
#include "decode/proto_ids.h"

enum {
	SMTP_REQ,
	SMTP_RSP,
	SMTP_COMMAND_LINE,
	SMTP_COMMAND,
	SMTP_PARAMETER,
	SMTP_RESPONSE,
	SMTP_CODE,
	SMTP_RSP_PARAMETER,
};

static const struct field fields[] = {
    [SMTP_REQ] = FLAG("smtp.req", "Request", 0, 0),
    [SMTP_RSP] = FLAG("smtp.rsp", "Response", 0, 0),
    [SMTP_COMMAND_LINE] = TEXT("smtp.command_line", "Line", 0),
    [SMTP_COMMAND] = TEXT("smtp.req.command", "Command", FIELD_LINE),
    [SMTP_PARAMETER] = TEXT("smtp.req.parameter", "Parameter", FIELD_LINE),
    [SMTP_RESPONSE] = TEXT("smtp.response", "Line", 0),
    [SMTP_CODE] = NUMBER("smtp.response.code", "Code", FIELD_LINE, 0),
    [SMTP_RSP_PARAMETER] = TEXT("smtp.rsp.parameter", "Text", FIELD_LINE),
};

static const char *const commands[] = {
    "HELO",	"EHLO", "MAIL", "RCPT", "DATA",	   "RSET",     "VRFY", "EXPN",
    "HELP",	"NOOP", "QUIT", "AUTH", "BDAT",	   "TURN",     "ETRN", "LHLO",
    "STARTTLS", "SEND", "SOML", "SAML", "XCLIENT", "XFORWARD",
};

/* What is remembered of a conversation beside what starttls.h does. */
enum { IN_MAIL = 2 };

static bool is_command(const struct cur *word)
{
	unsigned i;

	for (i = 0; i < ARRAY_LEN(commands); i++)
		if (text_is(word, commands[i]))
			return true;
	return false;
}

static bool ends_mail(const struct cur *line)
{
	return cur_left(line) == 1 && cur_peek8(line, 0) == '.';
}

static void decode_commands(struct dissect *d, struct cur *c)
{
	struct cur line, word, whole = *c;
	bool in_mail = d->app_state & IN_MAIL;

	for (; text_line(c, &line); whole = *c) {
		if (in_mail) {
			in_mail = !ends_mail(&line);
			continue;
		}
		word = text_word(&line);
		if (!is_command(&word))
			return;
		if (!d->layer->fact[0])
			add_uint(d, &fields[SMTP_REQ], 1);
		add_bytes(d, &fields[SMTP_COMMAND_LINE], cur_here(&whole),
			  cur_since(c, &whole));
		text_note(d, &word, &fields[SMTP_COMMAND]);
		text_note(d, &line, &fields[SMTP_PARAMETER]);
		d->layer->fact[0] = 1;
	}
}

/* The code of a line "250-text" or "250 text". false: it is none. */
static bool take_code(struct cur *line, uint32_t *code, bool *last)
{
	if (text_number(line, code) != 3)
		return false;
	*last = cur_left(line) == 0 || cur_peek8(line, 0) != '-';
	if (cur_left(line))
		cur_skip(line, 1);
	return true;
}

static void decode_answers(struct dissect *d, struct cur *c)
{
	struct cur line, whole = *c;
	bool first = true, last = false;
	uint32_t code;

	while (text_line(c, &line) && take_code(&line, &code, &last)) {
		if (first) {
			if (cur_here(&whole) == d->layer->data)
				add_uint(d, &fields[SMTP_RSP], 1);
			add_bytes(d, &fields[SMTP_RESPONSE], cur_here(&whole),
				  cur_since(c, &whole));
			add_uint(d, &fields[SMTP_CODE], code);
		}
		text_note(d, &line, &fields[SMTP_RSP_PARAMETER]);
		first = last;
		whole = *c;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	const struct layer *below = d->layer - 1;

	/* ours is the destination: to a server */
	if (below->port == 25 || below->port == 587)
		decode_commands(d, c);
	else
		decode_answers(d, c);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	bool first = true, more = false;

	summary_puts(l, "SMTP");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case SMTP_CODE:
			line_between(l, &first, ": ");
			summary_dec(l, v->num);
			more = false;
			break;
		case SMTP_COMMAND:
			line_between(l, &first, ": ");
			summary_text(l, v);
			break;
		case SMTP_RSP_PARAMETER:
			/* of an answer's lines the first one */
			if (more)
				break;
			more = true;
			summary_puts(l, " ");
			summary_text(l, v);
			break;
		case SMTP_PARAMETER:
			summary_puts(l, " ");
			summary_text(l, v);
			break;
		}
	}
	summary_mark(l);
}

static bool last_line_is(struct cur c, const char *text)
{
	struct cur line = c;
	size_t n = cur_left(&c);

	/* from the end, since a mail has thousands of lines */
	while (n > 1 && cur_peek8(&c, n - 2) != '\n')
		n--;
	if (n > 1)
		cur_skip(&c, n - 1);
	text_last_line(&c, &line);
	return text_is(&line, text);
}

static void follow(struct app_message *f)
{
	if (f->app->state & IN_MAIL) {
		/* until it ends, or the server does not want it */
		if (f->to_server ? last_line_is(f->message, ".")
				 : cur_left(&f->message) &&
				       cur_peek8(&f->message, 0) != '3')
			f->app->state = 0;
		return;
	}
	if (f->to_server && last_line_is(f->message, "DATA")) {
		f->app->state = IN_MAIL;
		return;
	}
	starttls_follow(f, "STARTTLS", "220", false);
}

static const uint8_t leads[] = {PROTO_tls, PROTO_NONE};

static const struct key keys[] = {{KEY_TCP_PORT, 25}, {KEY_TCP_PORT, 587}};

const struct proto proto_smtp = {
    "smtp",
    "Simple Mail Transfer Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
    .pdu_length = starttls_message,
    .on_message = follow,
};
