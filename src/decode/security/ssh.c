/*
 * SSH (RFC 4253): the line that each side sends first, "SSH-2.0-...", then
 * packets, which are encrypted from New Keys on.
 *
 *	+--------+---------+---------+---------+---------
 *	| length | padding | message | content | padding
 *	+--------+---------+---------+---------+---------
 *	(4)      (1)       (1)
 *
 * The lists of algorithms in Key Exchange Init, and their digests: HASSH of the
 * client's, hasshServer of the server's.
 */
#include "base/be.h"
#include "decode/lib/fingerprint.h"
#include "decode/lib/rows.h"
#include "decode/lib/textline.h"
#include "decode/proto_ids.h"

enum {
	SSH_PROTOCOL,
	SSH_LENGTH,
	SSH_PADDING,
	SSH_MESSAGE,
	SSH_COOKIE,
	SSH_LISTS, /* and their lengths, in turn */
	SSH_FIRST_FOLLOWS = SSH_LISTS + 20,
	SSH_RESERVED,
	SSH_HASSH_LISTS,
	SSH_HASSH,
	SSH_HASSH_SERVER_LISTS,
	SSH_HASSH_SERVER,
	SSH_REASON,
	SSH_DESCRIPTION,
	SSH_DIRECTION,
};

/* The lists of Key Exchange Init that are part of a fingerprint, by who sends
   it: key exchange, encryption, authentication, compression. */
enum { LISTS = 10, PRINT_LISTS = 4 };
static const uint8_t print_lists[2][PRINT_LISTS] = {{0, 2, 4, 6}, {0, 3, 5, 7}};

enum {
	DISCONNECT = 1,
	KEX_INIT = 20,
	NEW_KEYS = 21,
	PORT = 22,
	COOKIE_SIZE = 16,
	LINE_MOST = 255,	/* bytes of the first line */
	LENGTH_MOST = 65536,	/* of a packet that is not encrypted */
	PRINT_MOST = 16 * 1024, /* bytes that a fingerprint is made of */
};

/* What is known of a direction: struct framing's hints. */
enum { FRESH, CLEAR, SECRET };

static const struct names message_names[] = {
    {DISCONNECT, "Disconnect"},
    {2, "Ignore"},
    {3, "Unimplemented"},
    {4, "Debug"},
    {5, "Service Request"},
    {6, "Service Accept"},
    {7, "Extension Information"},
    {KEX_INIT, "Key Exchange Init"},
    {NEW_KEYS, "New Keys"},
    {30, "Key Exchange 30"},
    {31, "Key Exchange 31"},
    {32, "Key Exchange 32"},
    {33, "Key Exchange 33"},
    {34, "Group Exchange Request"},
    {0, NULL},
};

#define LIST(index, nm, tt)                                                    \
	[SSH_LISTS +                                                           \
	    2 * (index)] = UINT("ssh." nm "_length", tt " length", 4, 0),      \
		[SSH_LISTS + 2 * (index) + 1] = TEXT("ssh." nm, tt, 0)

static const struct field fields[] = {
    [SSH_PROTOCOL] = TEXT("ssh.protocol", "Protocol", FIELD_LINE),
    [SSH_LENGTH] = UINT("ssh.packet_length", "Packet length", 4, 0),
    [SSH_PADDING] = UINT("ssh.padding_length", "Padding length", 1, 0),
    [SSH_MESSAGE] =
	NAMED("ssh.message_code", "Message", 1, FIELD_LINE, message_names),
    [SSH_COOKIE] = BYTES("ssh.cookie", "Cookie", COOKIE_SIZE, 0),
    LIST(0, "kex_algorithms", "Key exchange"),
    LIST(1, "server_host_key_algorithms", "Host keys"),
    LIST(2, "encryption_algorithms_client_to_server", "Encryption to server"),
    LIST(3, "encryption_algorithms_server_to_client", "Encryption to client"),
    LIST(4, "mac_algorithms_client_to_server", "Authentication to server"),
    LIST(5, "mac_algorithms_server_to_client", "Authentication to client"),
    LIST(6, "compression_algorithms_client_to_server", "Compression to server"),
    LIST(7, "compression_algorithms_server_to_client", "Compression to client"),
    LIST(8, "languages_client_to_server", "Languages to server"),
    LIST(9, "languages_server_to_client", "Languages to client"),
    [SSH_FIRST_FOLLOWS] =
	UINT("ssh.first_kex_packet_follows", "First packet follows", 1, 0),
    [SSH_RESERVED] = BYTES("ssh.kex.reserved", "Reserved", 4, 0),
    [SSH_HASSH_LISTS] = TEXT("ssh.kex.hassh_algorithms", "HASSH algorithms", 0),
    [SSH_HASSH] = TEXT("ssh.kex.hassh", "HASSH", FIELD_CRYPTO),
    [SSH_HASSH_SERVER_LISTS] =
	TEXT("ssh.kex.hasshserver_algorithms", "HASSH server algorithms", 0),
    [SSH_HASSH_SERVER] =
	TEXT("ssh.kex.hasshserver", "HASSH server", FIELD_CRYPTO),
    [SSH_REASON] =
	UINT("ssh.disconnect_reason", "Disconnect reason", 4, FIELD_HEX),
    [SSH_DESCRIPTION] =
	TEXT("ssh.disconnect_description", "Disconnect description", 0),
    [SSH_DIRECTION] = {"ssh.direction", "From the server", .type = FIELD_BOOL},
};

static bool guess(struct cur c)
{
	const uint8_t *p = cur_bytes(&c, 4);

	return p && !memcmp(p, "SSH-", 4);
}

/* Could this be a packet that is not encrypted? */
static bool is_clear(struct cur c)
{
	uint32_t len = cur_be32(&c);
	unsigned padding = cur_u8(&c), message = cur_u8(&c);

	return c.state == CUR_OK && len <= LENGTH_MOST && len >= 2 &&
	       padding < len - 1 && message > 0 && message < 50;
}

/* Where the first line was not captured: Key Exchange Init alone is certain
   enough. */
static bool is_init(struct cur c)
{
	return is_clear(c) && cur_peek8(&c, 5) == KEX_INIT &&
	       cur_peek8(&c, 0) == 0 && cur_peek8(&c, 1) == 0 &&
	       cur_peek8(&c, 4) >= 4;
}

/* Of n bytes, how many are the first line with its end? 0: there is none. */
static size_t line_size(const struct cur *c)
{
	size_t n = cur_left(c);
	const uint8_t *end = memchr(cur_here(c), '\n', n);

	return end ? (size_t)(end - cur_here(c)) + 1 : 0;
}

static bool message(struct cur c, struct framing *f)
{
	size_t left = cur_left(&c);

	f->size = left;
	if (f->phase == FRESH && left < 4 && text_may_start(&c, "SSH-"))
		return false;
	if (f->phase == FRESH && guess(c)) {
		f->size = line_size(&c);
		if (f->size == 0 && left < LINE_MOST)
			return false;
		if (f->size)
			f->phase = CLEAR;
		else
			f->size = left;
		return true;
	}
	if (f->phase == SECRET)
		return true;
	if (f->phase == CLEAR && left < 6)
		return false;
	if (f->phase == CLEAR ? !is_clear(c) : !is_init(c)) {
		f->phase = SECRET;
		return true;
	}
	f->phase = cur_peek8(&c, 5) == NEW_KEYS ? SECRET : CLEAR;
	f->size = (size_t)4 + cur_be32(&c);
	return true;
}

static void decode_line(struct dissect *d, struct cur *c)
{
	size_t n = line_size(c), text;

	if (n == 0)
		n = cur_left(c);
	text = n;
	if (text && cur_peek8(c, text - 1) == '\n')
		text--;
	if (text && cur_peek8(c, text - 1) == '\r')
		text--;
	add_bytes(d, &fields[SSH_PROTOCOL], cur_here(c), text);
	cur_skip(c, n);
}

/* Does the server send this? It has the well-known port, or else the lower. */
static bool from_server(const struct dissect *d)
{
	const struct layer *tcp;
	unsigned sport, dport;

	if (d->n_layers < 2)
		return false;
	tcp = d->layer - 1;
	while (tcp > d->layers && tcp->id != PROTO_tcp)
		tcp--;
	if (tcp->id != PROTO_tcp || tcp->caplen < 4)
		return false;
	sport = be16(tcp->data);
	dport = be16(tcp->data + 2);
	return sport == PORT || (dport != PORT && sport < dport);
}

/* Record the lists that make the fingerprint, and the fingerprint. */
static void add_print(struct dissect *d, const struct cur *lists, bool server)
{
	const struct field *text =
	    &fields[server ? SSH_HASSH_SERVER_LISTS : SSH_HASSH_LISTS];
	size_t n = PRINT_LISTS - 1, have;
	char *room, *at;
	unsigned i;

	if (!wants_any(d, text, 2))
		return;
	for (i = 0; i < PRINT_LISTS; i++)
		n += cur_left(&lists[print_lists[server][i]]);
	room = at = n > PRINT_MOST ? NULL : scratch_room(d, n);
	if (!room)
		return;
	for (i = 0; i < PRINT_LISTS; i++) {
		const struct cur *list = &lists[print_lists[server][i]];

		if (i)
			*at++ = ';';
		have = cur_left(list);
		if (have)
			memcpy(at, cur_here(list), have);
		at += have;
	}
	add_bytes(d, text, room, n);
	add_md5(d, text + 1, room, n);
}

static void decode_init(struct dissect *d, struct cur *c)
{
	struct cur lists[LISTS];
	const struct field *f = &fields[SSH_LISTS];
	uint32_t len;
	unsigned i;

	take(d, c, &fields[SSH_COOKIE]);
	for (i = 0; i < LISTS; i++, f += 2) {
		len = (uint32_t)take(d, c, f);
		lists[i] = cur_part(c, len);
		if (c->state != CUR_OK)
			return;
		add_bytes(d, f + 1, cur_here(&lists[i]), len);
	}
	take_rows(d, c, &fields[SSH_FIRST_FOLLOWS], &fields[SSH_RESERVED]);
	if (c->state == CUR_OK)
		add_print(d, lists, from_server(d));
}

static void decode_packet(struct dissect *d, struct cur *c)
{
	uint32_t len = (uint32_t)take(d, c, &fields[SSH_LENGTH]);
	struct cur body = cur_part(c, len);
	unsigned message;

	take(d, &body, &fields[SSH_PADDING]);
	message = (unsigned)take(d, &body, &fields[SSH_MESSAGE]);
	if (message == KEX_INIT) {
		decode_init(d, &body);
	} else if (message == DISCONNECT) {
		take(d, &body, &fields[SSH_REASON]);
		take_bytes(d, &body, &fields[SSH_DESCRIPTION], cur_be32(&body));
	}
	d->phase = message == NEW_KEYS ? SECRET : CLEAR;
}

static void decode(struct dissect *d, struct cur *c)
{
	if (d->phase == FRESH && guess(*c)) {
		decode_line(d, c);
		d->phase = CLEAR;
	}
	while (c->state == CUR_OK && (d->phase == CLEAR	  ? is_clear(*c)
				      : d->phase == FRESH ? is_init(*c)
							  : false))
		decode_packet(d, c);
	add_uint(d, &fields[SSH_DIRECTION], from_server(d));
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *between = ": ";

	summary_puts(l, "SSH");
	for (; v < end; v++) {
		if (summary_index(l, v) == SSH_PROTOCOL) {
			summary_puts(l, between);
			summary_text(l, v);
		} else if (summary_index(l, v) == SSH_MESSAGE) {
			summary_puts(l, between);
			summary_puts(l, names_or(message_names, v->num,
						 "unknown message"));
		} else {
			continue;
		}
		between = ", ";
	}
}

static const struct key keys[] = {{KEY_TCP_PORT, PORT}, {KEY_TCP_GUESS, 2}};

const struct proto proto_ssh = {
    "ssh",
    "SSH Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .guess = guess,
    .pdu_length = message,
};
