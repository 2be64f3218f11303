/*
 * CAPWAP (RFC 5415): what access points and their controllers say to each
 * other, and, on another port, the frames of their stations.
 *
 *	version and type (4 bits each); type 1: reserved (3), DTLS
 *	type 0: length in words (5 bits), radio (5), binding (5), flags (9),
 *		fragment id (2), offset (13 bits), [length (1), MAC address],
 *		[length (1), wireless info], padding
 *	control: message type (4), sequence (1), length (2), flags (1),
 *elements: type (2), length (2), value
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	CW_VERSION,
	CW_TYPE,
	CW_RESERVED,
	CW_LENGTH,
	CW_RADIO,
	CW_BINDING,
	CW_FLAGS,
	CW_FLAG_T,
	CW_FLAG_F,
	CW_FLAG_L,
	CW_FLAG_W,
	CW_FLAG_M,
	CW_FLAG_K,
	CW_FLAG_R,
	CW_FRAGMENT,
	CW_OFFSET,
	CW_OFFSET_RESERVED,
	CW_MAC_LENGTH,
	CW_MAC,
	CW_MAC_OTHER,
	CW_WIRELESS_LENGTH,
	CW_WIRELESS,
	CW_INFO,
	CW_RSSI,
	CW_SNR,
	CW_RATE,
	CW_PADDING,
	CW_MESSAGE,
	CW_ENTERPRISE,
	CW_SPECIFIC,
	CW_SEQUENCE,
	CW_ELEMENTS_LENGTH,
	CW_CONTROL_FLAGS,
	CW_ELEMENT,
	CW_ELEMENT_LENGTH,
	CW_VALUE,
};

enum {
	DATA_PORT = 5247,
	TYPE_DTLS = 1,
	FLAG_NATIVE = 0x100, /* the binding's own frames */
	FLAG_FRAGMENT = 0x80,
	FLAG_WIRELESS = 0x20,
	FLAG_MAC = 0x10,
	FLAG_KEEPALIVE = 8,
	BINDING_80211 = 1,
	PREAMBLE_LEN = 1,
	CONTROL_COUNTED = 3, /* bytes of its header that the length counts */
};

static const struct names message_names[] = {
    {1, "Discovery Request"},
    {2, "Discovery Response"},
    {3, "Join Request"},
    {4, "Join Response"},
    {5, "Configuration Status Request"},
    {6, "Configuration Status Response"},
    {7, "Configuration Update Request"},
    {8, "Configuration Update Response"},
    {9, "WTP Event Request"},
    {10, "WTP Event Response"},
    {11, "Change State Request"},
    {12, "Change State Response"},
    {13, "Echo Request"},
    {14, "Echo Response"},
    {15, "Image Data Request"},
    {16, "Image Data Response"},
    {17, "Reset Request"},
    {18, "Reset Response"},
    {19, "Primary Discovery Request"},
    {20, "Primary Discovery Response"},
    {21, "Data Transfer Request"},
    {22, "Data Transfer Response"},
    {23, "Clear Configuration Request"},
    {24, "Clear Configuration Response"},
    {25, "Station Configuration Request"},
    {26, "Station Configuration Response"},
    {3398913, "IEEE 802.11 WLAN Configuration Request"},
    {3398914, "IEEE 802.11 WLAN Configuration Response"},
    {0, NULL},
};

#define OF_FLAGS(nm, tt, m) FLAG("capwap.header.flags." nm, tt, 3, m)
#define OF_FRAME(nm) "capwap.header.wireless.data.ieee80211.fi" nm

static const struct field fields[] = {
    [CW_VERSION] = BITS("capwap.preamble.version", "Version", 1, 0xf0, 0),
    [CW_TYPE] = BITS("capwap.preamble.type", "Type", 1, 0x0f, FIELD_LINE),
    [CW_RESERVED] = UINT("capwap.preamble.reserved", "Reserved", 3, 0),
    [CW_LENGTH] =
	BITS("capwap.header.length", "Length in words", 3, 0xf80000, 0),
    [CW_RADIO] = BITS("capwap.header.rid", "Radio", 3, 0x07c000, 0),
    [CW_BINDING] = BITS("capwap.header.wbid", "Binding", 3, 0x003e00, 0),
    [CW_FLAGS] = {"capwap.header.flags", "Flags", .mask = 0x1ff,
		  .type = FIELD_UINT, .width = 3, .flags = FIELD_HEX},
    [CW_FLAG_T] = OF_FLAGS("t", "Native frame", FLAG_NATIVE),
    [CW_FLAG_F] = OF_FLAGS("f", "Fragment", FLAG_FRAGMENT),
    [CW_FLAG_L] = OF_FLAGS("l", "Last fragment", 0x40),
    [CW_FLAG_W] = OF_FLAGS("w", "Wireless info", FLAG_WIRELESS),
    [CW_FLAG_M] = OF_FLAGS("m", "MAC address", FLAG_MAC),
    [CW_FLAG_K] = OF_FLAGS("k", "Keep alive", FLAG_KEEPALIVE),
    [CW_FLAG_R] = {"capwap.header.flags.r", "Reserved", .mask = 7,
		   .type = FIELD_UINT, .width = 3, .flags = FIELD_HEX},
    [CW_FRAGMENT] = UINT("capwap.header.fragment.id", "Fragment", 2, 0),
    [CW_OFFSET] = BITS("capwap.header.fragment.offset", "Offset", 2, 0xfff8, 0),
    [CW_OFFSET_RESERVED] =
	BITS("capwap.header.fragment.reserved", "Reserved", 2, 7, 0),
    [CW_MAC_LENGTH] = UINT("capwap.header.mac.length", "Length", 1, 0),
    [CW_MAC] = ETHER("capwap.header.mac.eui48", "Radio", 0),
    [CW_MAC_OTHER] = BYTES("capwap.header.mac.data", "Radio", 0, 0),
    [CW_WIRELESS_LENGTH] =
	UINT("capwap.header.wireless.length", "Length", 1, 0),
    [CW_WIRELESS] = BYTES("capwap.header.wireless.data", "Wireless info", 0, 0),
    [CW_INFO] = BYTES(OF_FRAME(""), "Frame info", 0, 0),
    [CW_RSSI] = {OF_FRAME(".rssi"), "Signal, dBm", .type = FIELD_INT},
    [CW_SNR] = UINT(OF_FRAME(".snr"), "Signal to noise, dB", 1, 0),
    [CW_RATE] = UINT(OF_FRAME(".data_rate"), "Rate, 0.1 Mb/s", 2, 0),
    [CW_PADDING] = BYTES("capwap.header.padding", "Padding", 0, 0),
    [CW_MESSAGE] = NAMED("capwap.control.header.message_type", "Message", 4,
			 FIELD_LINE, message_names),
    [CW_ENTERPRISE] =
	NUMBER("capwap.control.header.message_type.enterprise_number",
	       "Enterprise", 0, 0),
    [CW_SPECIFIC] =
	NUMBER("capwap.control.header.message_type.enterprise_specific",
	       "Its message", 0, 0),
    [CW_SEQUENCE] = UINT("capwap.control.header.sequence_number", "Sequence", 1,
			 FIELD_LINE),
    [CW_ELEMENTS_LENGTH] = UINT("capwap.control.header.message_element_length",
				"Length of elements", 2, 0),
    [CW_CONTROL_FLAGS] = UINT("capwap.control.header.flags", "Flags", 1, 0),
    [CW_ELEMENT] = UINT("capwap.message_element.type", "Element", 2, 0),
    [CW_ELEMENT_LENGTH] = UINT("capwap.message_element.length", "Length", 2, 0),
    [CW_VALUE] = BYTES("capwap.message_element.value", "Value", 0, 0),
};

/* What was received of 802.11: as signal, signal to noise and rate; info may
   be shorter than that. */
static void decode_info(struct dissect *d, struct cur *c)
{
	uint64_t signal;

	if (cur_left(c) < 4)
		return;
	add_bytes(d, &fields[CW_INFO], cur_here(c), 4);
	signal = (uint64_t)(int8_t)cur_u8(c);
	add_uint(d, &fields[CW_RSSI], signal);
	take_rows(d, c, &fields[CW_SNR], &fields[CW_RATE]);
}

/* What the flags add to a header; false: it ends too early. */
static bool decode_options(struct dissect *d, struct cur *c, uint32_t flags,
			   unsigned binding, bool received)
{
	unsigned len;
	struct cur info;

	if (flags & FLAG_MAC) {
		len = (unsigned)take(d, c, &fields[CW_MAC_LENGTH]);
		if (len == 6)
			take(d, c, &fields[CW_MAC]);
		else
			take_bytes(d, c, &fields[CW_MAC_OTHER], len);
	}
	if (flags & FLAG_WIRELESS) {
		len = (unsigned)take(d, c, &fields[CW_WIRELESS_LENGTH]);
		info = *c;
		take_bytes(d, c, &fields[CW_WIRELESS], len);
		if (c->state == CUR_OK && received && binding == BINDING_80211)
			decode_info(d, &info);
	}
	return c->state == CUR_OK;
}

static void decode_elements(struct dissect *d, struct cur *c)
{
	unsigned len;

	while (c->state == CUR_OK && cur_left(c)) {
		take(d, c, &fields[CW_ELEMENT]);
		len = (unsigned)take(d, c, &fields[CW_ELEMENT_LENGTH]);
		take_bytes(d, c, &fields[CW_VALUE], len);
	}
}

static void decode_control(struct dissect *d, struct cur *c)
{
	uint32_t message = (uint32_t)take(d, c, &fields[CW_MESSAGE]);
	struct cur elements;
	unsigned len;

	if (c->state != CUR_OK)
		return;
	add_uint(d, &fields[CW_ENTERPRISE], message >> 8);
	add_uint(d, &fields[CW_SPECIFIC], message & 255);
	take(d, c, &fields[CW_SEQUENCE]);
	len = (unsigned)take(d, c, &fields[CW_ELEMENTS_LENGTH]);
	take(d, c, &fields[CW_CONTROL_FLAGS]);
	if (c->state != CUR_OK)
		return;
	len -= len < CONTROL_COUNTED ? len : CONTROL_COUNTED;
	elements = cur_part(c, len);
	decode_elements(d, &elements);
	if (elements.state == CUR_MALFORMED)
		cur_bad(c);
}

/* Frames of stations, or is it control? As the ports of UDP say. */
static bool is_data(const struct dissect *d, bool *received)
{
	const struct layer *below = d->layer - 1;

	if (d->layer == d->layers || below->id != PROTO_udp ||
	    below->caplen < 4)
		return false;
	*received = below->port == DATA_PORT;
	return *received || (below->data[0] << 8 | below->data[1]) == DATA_PORT;
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned preamble, binding, fragment, offset;
	bool received = false, data = is_data(d, &received);
	const uint8_t *start = cur_here(c);
	size_t pad, len;
	uint32_t word;

	if (data)
		d->layer->name = "capwap.data";
	if (!cur_has(c, 4))
		return;
	preamble = cur_u8(c);
	add_bits_rows(d, &fields[CW_VERSION], &fields[CW_TYPE], preamble);
	if ((preamble & 15) == TYPE_DTLS) {
		take(d, c, &fields[CW_RESERVED]);
		return;
	}
	word = (uint32_t)cur_u8(c) << 16 | cur_be16(c);
	add_bits_rows(d, &fields[CW_LENGTH], &fields[CW_FLAG_R], word);
	binding = word >> 9 & 31;
	take(d, c, &fields[CW_FRAGMENT]);
	offset = cur_be16(c);
	if (c->state != CUR_OK)
		return;
	add_bits_rows(d, &fields[CW_OFFSET], &fields[CW_OFFSET_RESERVED],
		      offset);
	if (!decode_options(d, c, word, binding, received))
		return;
	fragment = word & FLAG_FRAGMENT;
	pad = (size_t)(cur_here(c) - start) % 4;
	if (pad)
		take_bytes(d, c, &fields[CW_PADDING], 4 - pad);
	/* there are longer headers than their parts */
	len = (word >> 19) * 4;
	if (len > (size_t)(cur_here(c) - start))
		cur_skip(c, len - (size_t)(cur_here(c) - start));
	if (!data) {
		if (!fragment)
			decode_control(d, c);
	} else if (fragment && offset >> 3) {
		next_proto(d, c, PROTO_data);
	} else if (word & FLAG_KEEPALIVE) {
		cur_skip(c, 2); /* the length of what follows */
		decode_elements(d, c);
	} else {
		next_proto(d, c, word & FLAG_NATIVE ? PROTO_wlan : PROTO_eth);
	}
}

static void summary(struct summary *l)
{
	struct summary_got got;

	summary_get(l, &got);
	summary_puts(l, "CAPWAP");
	if (!strcmp(l->layer->name, "capwap.data"))
		summary_puts(l, " data");
	if (summary_has(&got, CW_TYPE) && got.v[CW_TYPE].num == TYPE_DTLS)
		summary_puts(l, ", DTLS");
	if (summary_has(&got, CW_SEQUENCE))
		summary_printf(
		    l, ", seq %u, %s", (unsigned)got.v[CW_SEQUENCE].num,
		    names_or(message_names, got.v[CW_MESSAGE].num, "message"));
	summary_mark(l);
	if (l->next && l->next->proto->summary)
		summary_puts(l, ": ");
}

static const struct key keys[] = {{KEY_UDP_PORT, 5246},
				  {KEY_UDP_PORT, DATA_PORT}};
static const uint8_t leads_proto[] = {PROTO_wlan, PROTO_eth, PROTO_data,
				      PROTO_NONE};

const struct proto proto_capwap = {
    "capwap",
    "Control And Provisioning of Wireless Access Points",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
};
