/*
 * The header that Prism wireless drivers put before a frame: in the byte order
 * of the machine, which the message code tells. Some drivers write the AVS
 * header under the same link type.
 *
 *	code (4), length (4), device (16), then ten items of id (4), status
 *	(2), length (2), value (4)
 */
#include "base/array.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	PRISM_MSGCODE,
	PRISM_MSGLEN,
	PRISM_DEVNAME,
	PRISM_DID_TYPE,
	PRISM_DID_STATUS,
	PRISM_DID_LENGTH,
	PRISM_DID_HOSTTIME,
	PRISM_DID_MACTIME,
	PRISM_DID_CHANNEL,
	PRISM_DID_RSSI,
	PRISM_DID_SQ,
	PRISM_DID_SIGNAL,
	PRISM_DID_NOISE,
	PRISM_DID_RATE,
	PRISM_DID_ISTX,
	PRISM_DID_FRMLEN,
};

enum { CODE = 0x44, HEADER_LEN = 144, NAME_LEN = 16, AVS_MAGIC = 0x80211000 };

/* What an id says, and its field; drivers number them in two ways. */
static const struct {
	uint16_t id;
	uint8_t field;
} items[] = {
    {1, PRISM_DID_HOSTTIME}, {2, PRISM_DID_MACTIME}, {3, PRISM_DID_CHANNEL},
    {4, PRISM_DID_RSSI},     {5, PRISM_DID_SQ},	     {6, PRISM_DID_SIGNAL},
    {7, PRISM_DID_NOISE},    {8, PRISM_DID_RATE},    {9, PRISM_DID_ISTX},
    {10, PRISM_DID_FRMLEN},
};

static const struct names did_names[] = {
    {0x00010044, "Host time"},
    {0x00020044, "MAC time"},
    {0x00030044, "Channel"},
    {0x00040044, "RSSI"},
    {0x00050044, "Signal quality"},
    {0x00060044, "Signal"},
    {0x00070044, "Noise"},
    {0x00080044, "Rate"},
    {0x00090044, "Transmitted"},
    {0x000a0044, "Frame length"},
    {0x00001041, "Host time"},
    {0x00002041, "MAC time"},
    {0x00003041, "Channel"},
    {0x00004041, "RSSI"},
    {0x00005041, "Signal quality"},
    {0x00006041, "Signal"},
    {0x00007041, "Noise"},
    {0x00008041, "Rate"},
    {0x00009041, "Transmitted"},
    {0x0000a041, "Frame length"},
    {0, NULL},
};

static const struct field fields[] = {
    [PRISM_MSGCODE] = UINT("prism.msgcode", "Message code", 4, FIELD_HEX),
    [PRISM_MSGLEN] = UINT("prism.msglen", "Message length", 4, 0),
    [PRISM_DEVNAME] = TEXT("prism.devname", "Device name", 0),
    [PRISM_DID_TYPE] = NAMED("prism.did.type", "DID", 4, FIELD_HEX, did_names),
    [PRISM_DID_STATUS] = UINT("prism.did.status", "Status", 2, 0),
    [PRISM_DID_LENGTH] = UINT("prism.did.length", "Length", 2, 0),
    [PRISM_DID_HOSTTIME] = UINT("prism.did.hosttime", "Host time", 4, 0),
    [PRISM_DID_MACTIME] =
	UINT("prism.did.mactime", "MAC timestamp (lower 32 bits)", 4, 0),
    [PRISM_DID_CHANNEL] = UINT("prism.did.channel", "Channel", 4, FIELD_LINE),
    [PRISM_DID_RSSI] = {"prism.did.rssi", "RSSI", .type = FIELD_INT, .width = 4,
			.flags = 0},
    [PRISM_DID_SQ] = UINT("prism.did.sq", "Signal quality", 4, 0),
    [PRISM_DID_SIGNAL] = {"prism.did.signal", "Signal", .type = FIELD_INT,
			  .width = 4, .flags = FIELD_LINE},
    [PRISM_DID_NOISE] = {"prism.did.noise", "Noise", .type = FIELD_INT,
			 .width = 4, .flags = 0},
    [PRISM_DID_RATE] =
	UINT("prism.did.rate", "Data rate, 500 kbit/s", 4, FIELD_LINE),
    [PRISM_DID_ISTX] = UINT("prism.did.istx", "IsTX", 4, FIELD_HEX),
    [PRISM_DID_FRMLEN] = UINT("prism.did.frmlen", "Frame length", 4, 0),
};

static uint32_t word(struct cur *c, bool little)
{
	uint32_t num = cur_be32(c);

	return little ? __builtin_bswap32(num) : num;
}

static unsigned half(struct cur *c, bool little)
{
	uint16_t num = cur_be16(c);

	return little ? __builtin_bswap16(num) : num;
}

static void decode_item(struct dissect *d, struct cur *c, bool little)
{
	uint32_t id = word(c, little), value;
	unsigned number = (id & 0xffff) == CODE ? id >> 16 : id >> 12, i;

	add_uint(d, &fields[PRISM_DID_TYPE], id);
	add_uint(d, &fields[PRISM_DID_STATUS], half(c, little));
	add_uint(d, &fields[PRISM_DID_LENGTH], half(c, little));
	value = word(c, little);
	for (i = 0; i < ARRAY_LEN(items); i++)
		if (items[i].id == number)
			add_uint(d, &fields[items[i].field],
				 fields[items[i].field].type == FIELD_INT
				     ? (uint64_t)(int32_t)value
				     : value);
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur look = *c;
	uint32_t code = cur_be32(&look);
	bool little = (code & 0xffff) != CODE;
	unsigned i;

	if ((code & 0xfffff000) == AVS_MAGIC) {
		next_proto(d, c, PROTO_wlancap);
		return;
	}
	if (!cur_has(c, HEADER_LEN))
		return;
	add_uint(d, &fields[PRISM_MSGCODE], word(c, little));
	add_uint(d, &fields[PRISM_MSGLEN], word(c, little));
	take_padded(d, c, &fields[PRISM_DEVNAME], NAME_LEN);
	for (i = 0; i < ARRAY_LEN(items); i++)
		decode_item(d, c, little);
	next_proto(d, c, PROTO_wlan);
}

static void summary(struct summary *l)
{
	const struct value *channel = summary_value(l, PRISM_DID_CHANNEL);
	unsigned rate = (unsigned)summary_num(l, PRISM_DID_RATE);

	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	if (!channel)
		return;
	summary_printf(l, "%u.%u Mb/s channel %u ", rate / 2, rate % 2 * 5,
		       (unsigned)channel->num);
}

static const uint8_t leads[] = {PROTO_wlan, PROTO_wlancap, PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 119}};

const struct proto proto_prism = {
    "prism",
    "Prism capture header",
    PROTO_TABLES(fields, keys),
    .listed = LISTED_RADIO,
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
