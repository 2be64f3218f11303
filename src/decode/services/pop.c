/* POP3 (RFC 1939): commands, and answers that start with "+OK" or "-ERR". */
#include "decode/lib/rows.h"
#include "decode/lib/starttls.h"
#include "decode/lib/textline.h"
#include "decode/proto_ids.h"

enum { POP_COMMAND, POP_PARAMETER, POP_INDICATOR, POP_DESCRIPTION };

static const struct field fields[] = {
    [POP_COMMAND] = TEXT("pop.request.command", "Command", FIELD_LINE),
    [POP_PARAMETER] = TEXT("pop.request.parameter", "Parameter", FIELD_LINE),
    [POP_INDICATOR] = TEXT("pop.response.indicator", "Answer", FIELD_LINE),
    [POP_DESCRIPTION] = TEXT("pop.response.description", "Text", FIELD_LINE),
};

static bool is_command(struct cur word)
{
	if (cur_left(&word) < 3 || cur_left(&word) > 4)
		return false;
	for (; cur_left(&word); cur_skip(&word, 1))
		if ((cur_peek8(&word, 0) | 0x20) < 'a' ||
		    (cur_peek8(&word, 0) | 0x20) > 'z')
			return false;
	return true;
}

static void decode(struct dissect *d, struct cur *c)
{
	bool request = (d->layer - 1)->port == 110;
	struct cur line, word;

	if (!text_last_line(c, &line))
		return;
	word = line;
	/* else the middle of a mail, or encrypted */
	if (request ? !is_command(text_word(&word))
		    : !text_starts(&line, "+OK") && !text_starts(&line, "-ERR"))
		return;
	word = text_word(&line);
	text_note(d, &word, &fields[request ? POP_COMMAND : POP_INDICATOR]);
	text_note(d, &line, &fields[request ? POP_PARAMETER : POP_DESCRIPTION]);
}

static bool is_answer(const struct cur *line)
{
	return text_starts(line, "+OK") || text_starts(line, "-ERR");
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;

	summary_puts(l, "POP:");
	for (; v < end; v++) {
		summary_puts(l, " ");
		summary_text(l, v);
	}
	if (l->layer->end > l->layer->first)
		text_more_lines(l, l->layer[-1].port == 110 ? NULL : is_answer);
}

static void follow(struct app_message *f)
{
	starttls_follow(f, "STLS", "+OK", false);
}

static const uint8_t leads[] = {PROTO_tls, PROTO_NONE};
static const struct key keys[] = {{KEY_TCP_PORT, 110}};

const struct proto proto_pop = {
    "pop",
    "Post Office Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
    .pdu_length = starttls_message,
    .on_message = follow,
};
