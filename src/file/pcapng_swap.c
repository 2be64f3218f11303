/* pcapng blocks and options from one byte order to the other. */
#include "file/pcapng_swap.h"

#include "file/pcap.h"
#include "file/pcapng.h"
#include "pkt/options.h"

/* The layout of an option's value. */
enum shape { BYTES, WORDS32, WORDS64, CUSTOM, UNKNOWN };

static enum shape shape_of_iface(uint16_t code)
{
	switch (code) {
	case IF_SPEED:
	case IF_TSOFFSET:
	case IF_TXSPEED:
	case IF_RXSPEED:
		return WORDS64;
	case IF_TZONE:
		return WORDS32;
	case OPTION_PCAP_HEADER:
		return BYTES;
	}
	return code >= IF_NAME && code <= IF_LAST ? BYTES : UNKNOWN;
}

static enum shape shape_of_packet(uint16_t code)
{
	switch (code) {
	case EPB_FLAGS:
	case EPB_QUEUE:
	case EPB_PROCESSID:
	case OPTION_PCAP_TIME:
		return WORDS32;
	case EPB_DROPCOUNT:
	case EPB_PACKETID:
		return WORDS64;
	case EPB_HASH:
		return BYTES;
	}
	return UNKNOWN;
}

static enum shape shape_of(enum swap_from from, uint16_t code)
{
	switch (code) {
	case OPTION_COMMENT:
		return BYTES;
	case OPTION_CUSTOM:
	case OPTION_CUSTOM_TEXT:
	case OPTION_CUSTOM_PRIVATE:
	case OPTION_CUSTOM_TEXT_PRIVATE:
		return CUSTOM;
	}
	switch (from) {
	case SWAP_IFACE:
		return shape_of_iface(code);
	case SWAP_PACKET:
		return shape_of_packet(code);
	case SWAP_STATS:
		if (code == ISB_STARTTIME || code == ISB_ENDTIME)
			return WORDS32;
		return code <= ISB_USRDELIV ? WORDS64 : UNKNOWN;
	default: /* texts and addresses */
		return code <= 4 ? BYTES : UNKNOWN;
	}
}

/* Turn every word of size bytes in the n bytes at p round. */
static void turn_words(uint8_t *p, size_t n, size_t size)
{
	size_t i;

	for (; n >= size; n -= size, p += size) {
		for (i = 0; i < size / 2; i++) {
			uint8_t byte = p[i];

			p[i] = p[size - 1 - i];
			p[size - 1 - i] = byte;
		}
	}
}

static bool is_private(uint16_t code)
{
	return code == OPTION_CUSTOM_PRIVATE ||
	       code == OPTION_CUSTOM_TEXT_PRIVATE;
}

static void turn(uint8_t *value, size_t len, enum shape shape)
{
	if (shape == WORDS32)
		turn_words(value, len, 4);
	else if (shape == WORDS64)
		turn_words(value, len, 8);
	else if (shape == CUSTOM && len >= 4)
		turn_words(value, 4, 4); /* whose it is; the rest is theirs */
}

unsigned swap_options(struct str *to, const struct pkt_meta *meta,
		      enum swap_from from, bool swapped, bool edited)
{
	struct options options = options_of_meta(meta);
	struct option o;
	unsigned lost = 0;

	while (options_next(&options, &o)) {
		enum shape shape = BYTES;
		size_t whole = 4 + pad4(o.len);
		uint8_t *p;

		if (edited && is_private(o.code))
			continue;
		if (meta->swapped != swapped)
			shape = shape_of(from, o.code);
		if (shape == UNKNOWN) {
			lost++;
			continue;
		}
		p = (uint8_t *)str_room(to, whole);
		if (!p)
			break;
		put16(p, o.code, swapped);
		put16(p + 2, o.len, swapped);
		memcpy(p + 4, o.value, pad4(o.len));
		turn(p + 4, o.len, shape);
		to->len += whole;
	}
	return lost;
}

/* Append n bytes, the first `words` of them as words of 32 bits. */
static uint8_t *carry_words(struct str *to, const uint8_t *p, size_t n,
			    size_t words)
{
	uint8_t *at = (uint8_t *)str_room(to, n);

	if (at) {
		memcpy(at, p, n);
		turn_words(at, words, 4);
		to->len += n;
	}
	return at;
}

static void carry_rest(struct str *to, const struct block *b, size_t from,
		       bool swapped, bool edited)
{
	struct pkt_meta rest = {.swapped = b->swapped};

	if (from >= b->len)
		return;
	rest.options = b->body + from;
	rest.options_len = b->len - from;
	swap_options(to, &rest, SWAP_OTHER, swapped, edited);
	str_pad(to, '\0', 4); /* the end of the options */
}

static bool carry_names(struct str *to, const struct block *b, bool swapped,
			bool edited)
{
	size_t at = 0;

	while (b->len - at >= 4) {
		uint16_t type = get16(b->body + at, b->swapped);
		size_t len = get16(b->body + at + 2, b->swapped);
		uint8_t *p;

		if (pad4(len) > b->len - at - 4)
			return false;
		p = carry_words(to, b->body + at, 4 + pad4(len), 0);
		if (p) {
			put16(p, type, swapped);
			put16(p + 2, (uint16_t)len, swapped);
		}
		at += 4 + pad4(len);
		if (type == 0)
			break;
	}
	carry_rest(to, b, at, swapped, edited);
	return true;
}

static bool carry_secrets(struct str *to, const struct block *b, bool swapped,
			  bool edited)
{
	size_t len = b->len >= 8 ? get32(b->body + 4, b->swapped) : SIZE_MAX;

	if (b->len < 8 || len > b->len - 8)
		return false;
	len = pad4(len) <= b->len - 8 ? pad4(len) : b->len - 8;
	carry_words(to, b->body, 8 + len, 8);
	carry_rest(to, b, 8 + len, swapped, edited);
	return true;
}

bool swap_block(struct str *to, const struct block *b, bool swapped,
		bool edited)
{
	if (edited && b->type == BLOCK_CUSTOM_PRIVATE)
		return true;
	if (b->swapped == swapped) {
		str_put(to, b->body, b->len);
		return true;
	}
	switch (b->type) {
	case BLOCK_NAMES:
		return carry_names(to, b, swapped, edited);
	case BLOCK_SECRETS:
		return carry_secrets(to, b, swapped, edited);
	case BLOCK_CUSTOM:
	case BLOCK_CUSTOM_PRIVATE:
		if (b->len < 4)
			return false;
		carry_words(to, b->body, b->len, 4);
		return true;
	case BLOCK_JOURNAL:
		str_put(to, b->body, b->len);
		return true;
	}
	return false;
}
