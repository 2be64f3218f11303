/*
 * SOME/IP service discovery (AUTOSAR PRS_SOMEIPServiceDiscoveryProtocol).
 *
 *	flags (1), reserved (3), length of entries (4), entries (16 each),
 *	length of options (4), options: length (2), type (1), reserved (1), ...
 *	entry: type (1), indices of options (1 each), their numbers (4 bits
 *		each), service (2), instance (2), version (1), time to live (3),
 *		minor version (4); of event groups: reserved (1), flags and
 *		counter (1), group (2)
 */
#include "decode/lib/rows.h"

enum {
	SD_FLAGS,
	SD_REBOOT,
	SD_UNICAST,
	SD_INITIAL,
	SD_RESERVED,
	SD_ENTRIES_LENGTH,
	SD_TYPE,
	SD_INDEX1,
	SD_INDEX2,
	SD_COUNT1,
	SD_COUNT2,
	SD_SERVICE,
	SD_INSTANCE,
	SD_MAJOR,
	SD_TTL,
	SD_MINOR,
	SD_ENTRY_RESERVED,
	SD_ENTRY_INITIAL,
	SD_ENTRY_RESERVED2,
	SD_COUNTER,
	SD_GROUP,
	SD_FIND,
	SD_OFFER,
	SD_STOP_OFFER,
	SD_SUBSCRIBE,
	SD_STOP_SUBSCRIBE,
	SD_ACK,
	SD_NACK,
	SD_OPTIONS_LENGTH,
	SD_OPTION_LENGTH,
	SD_OPTION_TYPE,
	SD_OPTION_RESERVED,
	SD_IPV4,
	SD_IPV6,
	SD_OPTION_RESERVED2,
	SD_PROTOCOL,
	SD_PORT,
	SD_PRIORITY,
	SD_WEIGHT,
	SD_CONFIGURATION,
	SD_ELEMENT,
	SD_UNKNOWN,
};

enum {
	ENTRY_LEN = 16,
	FIND = 0,
	OFFER,
	SUBSCRIBE = 6,
	ACKNOWLEDGE,
	OPTION_CONFIGURATION = 1,
	OPTION_BALANCE,
	OPTION_IPV4 = 4,
	OPTION_IPV6 = 6,
	OPTION_MULTICAST = 0x10,
	OPTION_SD = 0x20, /* 4 and 6, and with one of these */
};

static const struct names type_names[] = {
    {FIND, "Find Service"},
    {OFFER, "Offer Service"},
    {SUBSCRIBE, "Subscribe Eventgroup"},
    {ACKNOWLEDGE, "Subscribe Eventgroup Ack"},
    {0, NULL},
};

#define WHO(nm, tt)                                                            \
	{                                                                      \
		"someipsd.entry." nm, tt, .type = FIELD_UINT,                  \
					  .flags = FIELD_HEX | FIELD_ASKED,    \
					  .digits = 16                         \
	}

static const struct field fields[] = {
    [SD_FLAGS] = UINT("someipsd.flags", "Flags", 1, FIELD_HEX),
    [SD_REBOOT] = FLAG("someipsd.flags.reboot", "Reboot", 1, 0x80),
    [SD_UNICAST] = FLAG("someipsd.flags.unicast", "Unicast", 1, 0x40),
    [SD_INITIAL] =
	FLAG("someipsd.flags.exp_init_events", "Initial events", 1, 0x20),
    [SD_RESERVED] = UINT("someipsd.reserved", "Reserved", 3, FIELD_HEX),
    [SD_ENTRIES_LENGTH] =
	UINT("someipsd.length_entriesarray", "Length of entries", 4, 0),
    [SD_TYPE] = NAMED("someipsd.entry.type", "Entry", 1, FIELD_HEX | FIELD_LINE,
		      type_names),
    [SD_INDEX1] = UINT("someipsd.entry.index1", "Options from", 1, FIELD_HEX),
    [SD_INDEX2] = UINT("someipsd.entry.index2", "Options from", 1, FIELD_HEX),
    [SD_COUNT1] = BITS("someipsd.entry.numopt1", "Options", 1, 0xf0, FIELD_HEX),
    [SD_COUNT2] = BITS("someipsd.entry.numopt2", "Options", 1, 0x0f, FIELD_HEX),
    [SD_SERVICE] =
	UINT("someipsd.entry.serviceid", "Service", 2, FIELD_HEX | FIELD_LINE),
    [SD_INSTANCE] = UINT("someipsd.entry.instanceid", "Instance", 2,
			 FIELD_HEX | FIELD_LINE),
    [SD_MAJOR] = UINT("someipsd.entry.majorver", "Version", 1, 0),
    [SD_TTL] = UINT("someipsd.entry.ttl", "Time to live, s", 3, FIELD_LINE),
    [SD_MINOR] = UINT("someipsd.entry.minorver", "Minor version", 4, 0),
    [SD_ENTRY_RESERVED] =
	UINT("someipsd.entry.reserved", "Reserved", 1, FIELD_HEX),
    [SD_ENTRY_INITIAL] =
	FLAG("someipsd.entry.initialevents", "Initial events", 1, 0x80),
    [SD_ENTRY_RESERVED2] =
	BITS("someipsd.entry.reserved2", "Reserved", 1, 0x70, FIELD_HEX),
    [SD_COUNTER] =
	BITS("someipsd.entry.counter", "Counter", 1, 0x0f, FIELD_HEX),
    [SD_GROUP] = UINT("someipsd.entry.eventgroupid", "Event group", 2,
		      FIELD_HEX | FIELD_LINE),
    [SD_FIND] = WHO("findservice", "Find"),
    [SD_OFFER] = WHO("offerservice", "Offer"),
    [SD_STOP_OFFER] = WHO("stopofferservice", "Stop offer"),
    [SD_SUBSCRIBE] = WHO("subscribeeventgroup", "Subscribe"),
    [SD_STOP_SUBSCRIBE] = WHO("stopsubscribeeventgroup", "Stop subscribe"),
    [SD_ACK] = WHO("subscribeeventgroupack", "Acknowledged"),
    [SD_NACK] = WHO("subscribeeventgroupnack", "Refused"),
    [SD_OPTIONS_LENGTH] =
	UINT("someipsd.length_optionsarray", "Length of options", 4, 0),
    [SD_OPTION_LENGTH] = UINT("someipsd.option.length", "Length", 2, 0),
    [SD_OPTION_TYPE] = UINT("someipsd.option.type", "Option", 1, 0),
    [SD_OPTION_RESERVED] = BYTES("someipsd.option.reserved", "Reserved", 1, 0),
    [SD_IPV4] = IPV4("someipsd.option.ipv4address", "Address", FIELD_LINE),
    [SD_IPV6] = IPV6("someipsd.option.ipv6address", "Address", FIELD_LINE),
    [SD_OPTION_RESERVED2] =
	BYTES("someipsd.option.reserved2", "Reserved", 1, 0),
    [SD_PROTOCOL] = UINT("someipsd.option.proto", "Protocol", 1, FIELD_LINE),
    [SD_PORT] = UINT("someipsd.option.port", "Port", 2, FIELD_LINE),
    [SD_PRIORITY] = UINT("someipsd.option.priority", "Priority", 2, 0),
    [SD_WEIGHT] = UINT("someipsd.option.weight", "Weight", 2, 0),
    [SD_CONFIGURATION] =
	TEXT("someipsd.option.config_string", "Configuration", 0),
    [SD_ELEMENT] = TEXT("someipsd.option.config_string_element", "Item", 0),
    [SD_UNKNOWN] = BYTES("someipsd.option.unknown_data", "Data", 0, 0),
};

static unsigned meaning_of(unsigned type, bool stop)
{
	switch (type) {
	case FIND:
		return SD_FIND;
	case OFFER:
		return stop ? SD_STOP_OFFER : SD_OFFER;
	case SUBSCRIBE:
		return stop ? SD_STOP_SUBSCRIBE : SD_SUBSCRIBE;
	case ACKNOWLEDGE:
		return stop ? SD_NACK : SD_ACK;
	}
	return 0;
}

static void decode_entry(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &fields[SD_TYPE]), counts, meaning;
	uint64_t who;
	bool stop;

	take_rows(d, c, &fields[SD_INDEX1], &fields[SD_INDEX2]);
	counts = cur_u8(c);
	add_bits_rows(d, &fields[SD_COUNT1], &fields[SD_COUNT2], counts);
	who = take(d, c, &fields[SD_SERVICE]) << 32;
	who |= take(d, c, &fields[SD_INSTANCE]) << 16;
	take(d, c, &fields[SD_MAJOR]);
	stop = take(d, c, &fields[SD_TTL]) == 0;
	if (type >= SUBSCRIBE) {
		take(d, c, &fields[SD_ENTRY_RESERVED]);
		counts = cur_u8(c);
		add_bits_rows(d, &fields[SD_ENTRY_INITIAL], &fields[SD_COUNTER],
			      counts);
		who |= take(d, c, &fields[SD_GROUP]);
	} else {
		take(d, c, &fields[SD_MINOR]);
	}
	meaning = meaning_of(type, stop);
	if (meaning)
		add_uint(d, &fields[meaning], who);
}

/* Items of a length and text each, up to one that is empty. */
static void decode_configuration(struct dissect *d, struct cur *c)
{
	const uint8_t *start = cur_here(c);

	while (c->state == CUR_OK && cur_left(c) && cur_peek8(c, 0))
		take_bytes(d, c, &fields[SD_ELEMENT], cur_u8(c));
	add_bytes(d, &fields[SD_CONFIGURATION], start,
		  (size_t)(cur_here(c) - start));
}

static void decode_option(struct dissect *d, struct cur *c)
{
	size_t len = (size_t)take(d, c, &fields[SD_OPTION_LENGTH]);
	unsigned type = (unsigned)take(d, c, &fields[SD_OPTION_TYPE]);
	struct cur body;

	if (c->state != CUR_OK)
		return;
	body = cur_part(c, len);
	take(d, &body, &fields[SD_OPTION_RESERVED]);
	switch (type) {
	case OPTION_CONFIGURATION:
		decode_configuration(d, &body);
		break;
	case OPTION_BALANCE:
		take_rows(d, &body, &fields[SD_PRIORITY], &fields[SD_WEIGHT]);
		break;
	case OPTION_IPV4:
	case OPTION_IPV4 | OPTION_MULTICAST:
	case OPTION_IPV4 | OPTION_SD:
		take(d, &body, &fields[SD_IPV4]);
		take_rows(d, &body, &fields[SD_OPTION_RESERVED2],
			  &fields[SD_PORT]);
		break;
	case OPTION_IPV6:
	case OPTION_IPV6 | OPTION_MULTICAST:
	case OPTION_IPV6 | OPTION_SD:
		take_rows(d, &body, &fields[SD_IPV6], &fields[SD_PORT]);
		break;
	default:
		if (body.claim)
			take_bytes(d, &body, &fields[SD_UNKNOWN], body.claim);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur part;

	take_bits(d, c, &fields[SD_FLAGS], &fields[SD_INITIAL]);
	take(d, c, &fields[SD_RESERVED]);
	part = cur_part(c, (size_t)take(d, c, &fields[SD_ENTRIES_LENGTH]));
	while (part.state == CUR_OK && cur_left(&part) >= ENTRY_LEN)
		decode_entry(d, &part);
	part = cur_part(c, (size_t)take(d, c, &fields[SD_OPTIONS_LENGTH]));
	while (part.state == CUR_OK && cur_left(&part))
		decode_option(d, &part);
	if (part.state == CUR_MALFORMED)
		cur_bad(c);
}

/* A time to live of 0 takes an entry back. */
static void entry_line(struct summary *l, unsigned type, unsigned service,
		       unsigned instance, bool stop)
{
	summary_printf(l, "%s%s 0x%04x.%u",
		       !stop		     ? ""
		       : type == ACKNOWLEDGE ? "Refused "
					     : "Stop ",
		       names_or(type_names, type, "Entry"), service, instance);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	unsigned type = 0, service = 0, instance = 0, proto = 0;
	const char *sep = "";

	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case SD_TYPE:
			type = (unsigned)v->num;
			break;
		case SD_SERVICE:
			service = (unsigned)v->num;
			break;
		case SD_INSTANCE:
			instance = (unsigned)v->num;
			break;
		case SD_TTL:
			summary_puts(l, sep);
			entry_line(l, type, service, instance, v->num == 0);
			sep = ", ";
			break;
		case SD_GROUP:
			summary_printf(l, " group %u", (unsigned)v->num);
			break;
		case SD_IPV4:
			summary_puts(l, ", at ");
			summary_ip4(l, (uint32_t)v->num);
			break;
		case SD_IPV6:
			summary_puts(l, ", at ");
			summary_ip(l, v->bytes, 16);
			break;
		case SD_PROTOCOL:
			proto = (unsigned)v->num;
			break;
		case SD_PORT:
			summary_printf(l, " %s %u",
				       proto == 6    ? "TCP"
				       : proto == 17 ? "UDP"
						     : "port",
				       (unsigned)v->num);
			break;
		}
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_someipsd = {
    "someipsd",
    "SOME/IP Service Discovery Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
