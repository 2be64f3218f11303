/*
 * TFTP (RFC 1350), with options (RFC 2347): opcode (2), then
 *
 *	1 read, 2 write: file NUL mode NUL { option NUL value NUL }
 *	3 data: block (2), bytes	4 acknowledgement: block (2)
 *	5 error: code (2), text NUL	6 options: { option NUL value NUL }
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	TFTP_OPCODE,
	TFTP_SOURCE,
	TFTP_DESTINATION,
	TFTP_MODE,
	TFTP_OPTION_NAME,
	TFTP_OPTION_VALUE,
	TFTP_BLOCK,
	TFTP_ERROR_CODE,
	TFTP_ERROR,
};

enum { READ = 1, WRITE, DATA, ACK, ERROR, OPTIONS };

static const struct names opcode_names[] = {
    {READ, "Read Request"},
    {WRITE, "Write Request"},
    {DATA, "Data Packet"},
    {ACK, "Acknowledgement"},
    {ERROR, "Error Code"},
    {OPTIONS, "Option Acknowledgement"},
    {0, NULL},
};

static const struct names error_names[] = {
    {0, "Not defined"},
    {1, "File not found"},
    {2, "Access violation"},
    {3, "Disk full or allocation exceeded"},
    {4, "Illegal TFTP operation"},
    {5, "Unknown transfer ID"},
    {6, "File already exists"},
    {7, "No such user"},
    {8, "Option negotiation failed"},
    {0, NULL},
};

static const struct field fields[] = {
    [TFTP_OPCODE] = NAMED("tftp.opcode", "Opcode", 2, FIELD_LINE, opcode_names),
    [TFTP_SOURCE] = TEXT("tftp.source_file", "File", FIELD_LINE),
    [TFTP_DESTINATION] = TEXT("tftp.destination_file", "File", FIELD_LINE),
    [TFTP_MODE] = TEXT("tftp.type", "Mode", FIELD_LINE),
    [TFTP_OPTION_NAME] = TEXT("tftp.option.name", "Option", 0),
    [TFTP_OPTION_VALUE] = TEXT("tftp.option.value", "Value", 0),
    [TFTP_BLOCK] = UINT("tftp.block", "Block", 2, FIELD_LINE),
    [TFTP_ERROR_CODE] =
	NAMED("tftp.error.code", "Error", 2, FIELD_LINE, error_names),
    [TFTP_ERROR] = TEXT("tftp.error.message", "Text", FIELD_LINE),
};

/* Text up to a NUL, or the end. */
static void take_text(struct dissect *d, struct cur *c, const struct field *f)
{
	const uint8_t *end = memchr(cur_here(c), 0, cur_left(c));

	take_bytes(d, c, f, end ? (size_t)(end - cur_here(c)) : cur_left(c));
	if (end)
		cur_skip(c, 1);
}

static void decode_options(struct dissect *d, struct cur *c)
{
	while (c->state == CUR_OK && cur_left(c)) {
		take_text(d, c, &fields[TFTP_OPTION_NAME]);
		take_text(d, c, &fields[TFTP_OPTION_VALUE]);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned opcode = (unsigned)take(d, c, &fields[TFTP_OPCODE]);

	switch (opcode) {
	case READ:
	case WRITE:
		take_text(
		    d, c,
		    &fields[opcode == READ ? TFTP_SOURCE : TFTP_DESTINATION]);
		take_text(d, c, &fields[TFTP_MODE]);
		decode_options(d, c);
		break;
	case DATA:
		take(d, c, &fields[TFTP_BLOCK]);
		next_proto(d, c, PROTO_data);
		break;
	case ACK:
		take(d, c, &fields[TFTP_BLOCK]);
		break;
	case ERROR:
		take(d, c, &fields[TFTP_ERROR_CODE]);
		take_text(d, c, &fields[TFTP_ERROR]);
		break;
	case OPTIONS:
		decode_options(d, c);
		break;
	}
}

static void text_line(struct summary *l, unsigned field)
{
	const struct value *v = summary_value(l, field);

	if (!v)
		return;
	summary_puts(l, " \"");
	summary_text(l, v);
	summary_puts(l, "\"");
}

static void summary(struct summary *l)
{
	static const char *const words[] = {"",	   "RRQ",   "WRQ", "DATA",
					    "ACK", "ERROR", "OACK"};
	const struct value *opcode = summary_value(l, TFTP_OPCODE);
	const struct value *code = summary_value(l, TFTP_ERROR_CODE);

	summary_printf(l, "TFTP, length %u", l->layer->len);
	if (opcode && opcode->num && opcode->num <= OPTIONS)
		summary_printf(l, ", %s", words[opcode->num]);
	text_line(l, TFTP_SOURCE);
	text_line(l, TFTP_DESTINATION);
	if (summary_value(l, TFTP_MODE)) {
		summary_puts(l, " ");
		summary_text(l, summary_value(l, TFTP_MODE));
	}
	if (summary_value(l, TFTP_BLOCK))
		summary_printf(l, " block %u",
			       (unsigned)summary_num(l, TFTP_BLOCK));
	if (code)
		summary_printf(l, " %s", names_or(error_names, code->num, "?"));
	text_line(l, TFTP_ERROR);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, 69},
				  {KEY_UDP_MEDIA, MEDIA_TFTP}};
static const uint8_t leads_proto[] = {PROTO_data, PROTO_NONE};

const struct proto proto_tftp = {
    "tftp",
    "Trivial File Transfer Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
};
