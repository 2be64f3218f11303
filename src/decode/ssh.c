/* SSH (RFC 4253): the line that each side sends first, "SSH-2.0-..."; what
   follows is binary and soon encrypted. */
#include "decode/proto.h"

enum { SSH_PROTOCOL };

static const struct field fields[] = {
    [SSH_PROTOCOL] = {"ssh.protocol", "Protocol", .type = FIELD_TEXT,
		      .flags = FIELD_LINE},
};

static bool guess(struct cur c)
{
	const uint8_t *p = cur_octets(&c, 4);

	return p && !memcmp(p, "SSH-", 4);
}

static void decode(struct dissect *d, struct cur *c)
{
	const uint8_t *end;
	size_t n;

	if (!guess(*c))
		return;
	end = memchr(c->pos, '\n', cur_left(c));
	n = end ? (size_t)(end - c->pos) : cur_left(c);
	if (n && c->pos[n - 1] == '\r')
		n--;
	take_octets(d, c, &fields[SSH_PROTOCOL], n);
}

static void summary(struct line *l)
{
	const struct value *v = line_value(l, SSH_PROTOCOL);

	line_puts(l, "SSH");
	if (v) {
		line_puts(l, ": ");
		line_text(l, v);
	}
}

static const struct key keys[] = {{KEY_TCP_PORT, 22}, {KEY_TCP_GUESS, 2}};

const struct proto proto_ssh = {
    "ssh",
    "SSH Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .guess = guess,
};
