/*
 * Telnet (RFC 854): text, and commands that start with byte 255 (IAC):
 * negotiations of options (WILL, WON'T, DO, DON'T) and suboptions between SB
 * and SE. IAC twice is the byte itself.
 */
#include "decode/lib/rows.h"

enum { TELNET_CMD, TELNET_OPTION, TELNET_OPTION_DATA, TELNET_DATA };

enum { SE = 240, SB = 250, WILL, WONT, DO, DONT, IAC };

static const struct names command_names[] = {
    {SE, "SE"},	  {241, "NOP"},	  {242, "DMARK"}, {243, "BRK"}, {244, "IP"},
    {245, "AO"},  {246, "AYT"},	  {247, "EC"},	  {248, "EL"},	{249, "GA"},
    {SB, "SB"},	  {WILL, "WILL"}, {WONT, "WONT"}, {DO, "DO"},	{DONT, "DONT"},
    {236, "EOF"}, {237, "SUSP"},  {238, "ABORT"}, {239, "EOR"}, {0, NULL},
};

static const struct names option_names[] = {
    {0, "BINARY"},
    {1, "ECHO"},
    {2, "RECONNECT"},
    {3, "SUPPRESS GO AHEAD"},
    {4, "APPROX MESSAGE SIZE"},
    {5, "STATUS"},
    {6, "TIMING MARK"},
    {7, "REMOTE CONTROL"},
    {8, "LINE WIDTH"},
    {9, "PAGE SIZE"},
    {17, "EXTENDED ASCII"},
    {18, "LOGOUT"},
    {19, "BYTE MACRO"},
    {20, "DATA ENTRY TERMINAL"},
    {21, "SUPDUP"},
    {22, "SUPDUP OUTPUT"},
    {23, "SEND LOCATION"},
    {24, "TERMINAL TYPE"},
    {25, "END OF RECORD"},
    {26, "TACACS UID"},
    {27, "OUTPUT MARKING"},
    {28, "TERMINAL LOCATION"},
    {29, "3270 REGIME"},
    {30, "X.3 PAD"},
    {31, "NAWS"},
    {32, "TSPEED"},
    {33, "LFLOW"},
    {34, "LINEMODE"},
    {35, "XDISPLOC"},
    {36, "OLD-ENVIRON"},
    {37, "AUTHENTICATION"},
    {38, "ENCRYPT"},
    {39, "NEW-ENVIRON"},
    {40, "TN3270E"},
    {42, "CHARSET"},
    {44, "COM PORT CONTROL"},
    {46, "START TLS"},
    {47, "KERMIT"},
    {255, "EXTENDED OPTIONS LIST"},
    {0, NULL},
};

static const struct field fields[] = {
    [TELNET_CMD] = NAMED("telnet.cmd", "Command", 1, FIELD_LINE, command_names),
    [TELNET_OPTION] =
	NAMED("telnet.subcmd", "Option", 1, FIELD_LINE, option_names),
    [TELNET_OPTION_DATA] = BYTES("telnet.option_data", "Option data", 0, 0),
    [TELNET_DATA] = TEXT("telnet.data", "Data", FIELD_LINE),
};

/* Bytes before the next command, or all that are left. */
static size_t text_length(const struct cur *c)
{
	size_t n, left = cur_left(c);

	for (n = 0; n < left; n++) {
		if (cur_peek8(c, n) != IAC)
			continue;
		if (n + 1 == left || cur_peek8(c, n + 1) != IAC)
			break;
		n++;
	}
	return n;
}

/* Each line is a value, with its end. */
static void decode_text(struct dissect *d, struct cur *c, size_t n)
{
	const uint8_t *end;
	size_t line;

	while (n > 0 && c->state == CUR_OK) {
		end = memchr(cur_here(c), '\n', n);
		line = end ? (size_t)(end - cur_here(c)) + 1 : n;
		take_bytes(d, c, &fields[TELNET_DATA], line);
		n -= line;
	}
}

static void decode_command(struct dissect *d, struct cur *c)
{
	unsigned command;
	size_t n;

	cur_skip(c, 1);
	command = (unsigned)take(d, c, &fields[TELNET_CMD]);
	if (command < SB)
		return;
	take(d, c, &fields[TELNET_OPTION]);
	if (command != SB)
		return;
	n = text_length(c);
	if (n)
		take_bytes(d, c, &fields[TELNET_OPTION_DATA], n);
}

static void decode(struct dissect *d, struct cur *c)
{
	while (c->state == CUR_OK && cur_left(c)) {
		size_t n = text_length(c);

		if (n)
			decode_text(d, c, n);
		else
			decode_command(d, c);
	}
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	size_t n;

	summary_puts(l, "telnet");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case TELNET_CMD:
			summary_puts(l, " ");
			summary_puts(l, names_or(command_names, v->num, "IAC"));
			break;
		case TELNET_OPTION:
			summary_puts(l, " ");
			summary_puts(l,
				     names_or(option_names, v->num, "option"));
			break;
		case TELNET_DATA:
			n = v->len;
			while (n && (v->bytes[n - 1] == '\n' ||
				     v->bytes[n - 1] == '\r'))
				n--;
			summary_puts(l, " \"");
			summary_foreign(l, v->bytes, n);
			summary_puts(l, "\"");
			break;
		}
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_TCP_PORT, 23}};

const struct proto proto_telnet = {
    "telnet",	      "Telnet",		  PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,
};
