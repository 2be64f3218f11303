/*
 * NetBIOS name service (RFC 1002, section 4.2): messages as those of DNS.
 *
 *	id (2), flags (2), four counts (2 each); then questions and records
 *
 * A NetBIOS name is 16 bytes; the last one is its purpose; each is sent
 * as two letters, one for each half, counted from A.
 */
#include "decode/lib/dnsname.h"
#include "decode/lib/rows.h"

enum {
	NBNS_ID,
	NBNS_FLAGS,
	NBNS_RESPONSE,
	NBNS_OPCODE,
	NBNS_AUTHORITATIVE,
	NBNS_TRUNCATED,
	NBNS_RECDESIRED,
	NBNS_RECAVAIL,
	NBNS_BROADCAST,
	NBNS_RCODE,
	NBNS_QUERIES,
	NBNS_ANSWERS,
	NBNS_AUTH,
	NBNS_ADD,
	NBNS_NAME,
	NBNS_TYPE,
	NBNS_CLASS,
	NBNS_TTL,
	NBNS_LENGTH,
	NBNS_NB_FLAGS,
	NBNS_NB_GROUP,
	NBNS_NB_ONT,
	NBNS_ADDR,
	NBNS_NAMES,
	NBNS_NETBIOS_NAME,
	NBNS_NAME_FLAGS,
	NBNS_NAME_GROUP,
	NBNS_NAME_ONT,
	NBNS_NAME_DRG,
	NBNS_NAME_CNF,
	NBNS_NAME_ACT,
	NBNS_NAME_PRM,
	NBNS_UNIT_ID,
	NBNS_DATA,
};

enum { TYPE_NB = 32, TYPE_NBSTAT = 33 };
enum { NAME_LEN = 16, NAME_ROOM = DNSNAME_MOST + 5 * NAME_LEN };

static const struct names opcode_names[] = {{0, "Name query"},
					    {5, "Registration"},
					    {6, "Release"},
					    {7, "WACK"},
					    {8, "Refresh"},
					    {9, "Refresh (altcode)"},
					    {15, "Multi-homed registration"},
					    {0, NULL}};

static const struct names rcode_names[] = {
    {0, "No error"},
    {1, "Request was invalidly formatted"},
    {2, "Name server cannot process the request"},
    {3, "Requested name does not exist"},
    {4, "Unsupported request"},
    {5, "Request refused"},
    {6, "Name is owned by another node"},
    {7, "Name is in conflict"},
    {0, NULL}};

static const struct names type_names[] = {
    {1, "A"}, {2, "NS"}, {10, "NULL"}, {TYPE_NB, "NB"}, {TYPE_NBSTAT, "NBSTAT"},
    {0, NULL}};
static const struct names class_names[] = {{1, "IN"}, {0, NULL}};
static const struct names ont_names[] = {
    {0, "B-node"}, {1, "P-node"}, {2, "M-node"}, {3, "H-node"}, {0, NULL}};

/* What the last byte of a name says. */
static const struct names purpose_names[] = {
    {0x00, "Workstation/Redirector"}, {0x01, "Browser"},
    {0x02, "Workstation/Redirector"}, {0x03, "Messenger service/Main name"},
    {0x05, "Forwarded name"},	      {0x06, "RAS Server service"},
    {0x1b, "Domain Master Browser"},  {0x1c, "Domain Controllers"},
    {0x1d, "Local Master Browser"},   {0x1e, "Browser Election Service"},
    {0x1f, "Net DDE Service"},	      {0x20, "Server service"},
    {0x21, "RAS client service"},     {0, NULL},
};

#define MASKED(nm, tt, m, table)                                               \
	{                                                                      \
		"nbns." nm, tt, table, .mask = (m), .type = FIELD_UINT,        \
				       .width = 2                              \
	}
#define MARK(nm, tt, m) FLAG("nbns." nm, tt, 2, m)

static const struct field fields[] = {
    [NBNS_ID] = UINT("nbns.id", "Transaction", 2, FIELD_HEX),
    [NBNS_FLAGS] = UINT("nbns.flags", "Flags", 2, FIELD_HEX | FIELD_LINE),
    [NBNS_RESPONSE] = MARK("flags.response", "Response", 0x8000),
    [NBNS_OPCODE] = MASKED("flags.opcode", "Opcode", 0x7800, opcode_names),
    [NBNS_AUTHORITATIVE] = MARK("flags.authoritative", "Authoritative", 0x0400),
    [NBNS_TRUNCATED] = MARK("flags.truncated", "Truncated", 0x0200),
    [NBNS_RECDESIRED] = MARK("flags.recdesired", "Recursion desired", 0x0100),
    [NBNS_RECAVAIL] = MARK("flags.recavail", "Recursion available", 0x0080),
    [NBNS_BROADCAST] = MARK("flags.broadcast", "Broadcast", 0x0010),
    [NBNS_RCODE] = MASKED("flags.rcode", "Reply code", 0x000f, rcode_names),
    [NBNS_QUERIES] = UINT("nbns.count.queries", "Questions", 2, 0),
    [NBNS_ANSWERS] = UINT("nbns.count.answers", "Answers", 2, 0),
    [NBNS_AUTH] = UINT("nbns.count.auth_rr", "Authorities", 2, 0),
    [NBNS_ADD] = UINT("nbns.count.add_rr", "Additional records", 2, 0),
    [NBNS_NAME] = TEXT("nbns.name", "Name", FIELD_LINE),
    [NBNS_TYPE] = NAMED("nbns.type", "Type", 2, FIELD_LINE, type_names),
    [NBNS_CLASS] = NAMED("nbns.class", "Class", 2, 0, class_names),
    [NBNS_TTL] = UINT("nbns.ttl", "Time to live, s", 4, 0),
    [NBNS_LENGTH] = UINT("nbns.data_length", "Data length", 2, 0),
    [NBNS_NB_FLAGS] = UINT("nbns.nb_flags", "Name flags", 2, FIELD_HEX),
    [NBNS_NB_GROUP] = MARK("nb_flags.group", "Group name", 0x8000),
    [NBNS_NB_ONT] = MASKED("nb_flags.ont", "Node type", 0x6000, ont_names),
    [NBNS_ADDR] = IPV4("nbns.addr", "Address", FIELD_LINE),
    [NBNS_NAMES] = UINT("nbns.number_of_names", "Number of names", 1, 0),
    [NBNS_NETBIOS_NAME] = TEXT("nbns.netbios_name", "Name", 0),
    [NBNS_NAME_FLAGS] = UINT("nbns.name_flags", "Name flags", 2, FIELD_HEX),
    [NBNS_NAME_GROUP] = MARK("name_flags.group", "Group name", 0x8000),
    [NBNS_NAME_ONT] = MASKED("name_flags.ont", "Node type", 0x6000, ont_names),
    [NBNS_NAME_DRG] = MARK("name_flags.drg", "Being deregistered", 0x1000),
    [NBNS_NAME_CNF] = MARK("name_flags.cnf", "In conflict", 0x0800),
    [NBNS_NAME_ACT] = MARK("name_flags.act", "Active", 0x0400),
    [NBNS_NAME_PRM] = MARK("name_flags.prm", "Permanent", 0x0200),
    [NBNS_UNIT_ID] = ETHER("nbns.unit_id", "Unit", 0),
    [NBNS_DATA] = BYTES("nbns.data", "Data", 0, 0),
};

/* ---- names -------------------------------------------------------------- */

/* 16 bytes in readable form: no blanks at the end, the last one as <xx>, and
   so others that are not text. */
static char *name_text(char *at, const uint8_t bytes[NAME_LEN])
{
	unsigned i, n = NAME_LEN - 1;

	while (n > 0 && bytes[n - 1] == ' ')
		n--;
	for (i = 0; i < NAME_LEN; i++) {
		if (i < n && bytes[i] >= ' ' && bytes[i] <= '~') {
			*at++ = (char)bytes[i];
		} else if (i < n || i == NAME_LEN - 1) {
			*at++ = '<';
			at = fmt_hex(at, bytes[i], 2);
			*at++ = '>';
		}
	}
	return at;
}

/* Undo the two letters a byte. false: not a NetBIOS name. */
static bool name_bytes(const char *letters, uint8_t bytes[NAME_LEN])
{
	unsigned i, high, low;

	for (i = 0; i < NAME_LEN; i++) {
		high = (unsigned)(uint8_t)letters[2 * i] - 'A';
		low = (unsigned)(uint8_t)letters[2 * i + 1] - 'A';
		if (high > 15 || low > 15)
			return false;
		bytes[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

/* The name of a question, or of a record, which says its purpose too. */
static void take_name(struct dissect *d, const struct cur *msg, struct cur *c,
		      bool record)
{
	char sent[DNSNAME_MOST], *room, *at;
	uint8_t bytes[NAME_LEN];
	const char *purpose;
	int n = dnsname_read(msg, c, sent);

	if (n < 2 * NAME_LEN || !wants(d, &fields[NBNS_NAME]))
		return;
	room = at = scratch_room(d, NAME_ROOM);
	if (!room)
		return;
	if (name_bytes(sent, bytes)) {
		at = name_text(at, bytes);
		memcpy(at, sent + 2 * NAME_LEN, (size_t)n - 2 * NAME_LEN);
		at += n - 2 * NAME_LEN; /* the scope */
		purpose = names_get(purpose_names, bytes[NAME_LEN - 1]);
		if (record && bytes[0] != '*' && purpose) {
			at = fmt_text(fmt_text(at, " ("), purpose);
			*at++ = ')';
		}
		add_bytes(d, &fields[NBNS_NAME], room, (size_t)(at - room));
	}
	scratch_return(d, NAME_ROOM - (size_t)(at - room));
}

/* ---- records ------------------------------------------------------------ */

static void decode_addresses(struct dissect *d, struct cur *c)
{
	unsigned flags;

	while (c->state == CUR_OK && c->claim >= 6) {
		flags = (unsigned)take(d, c, &fields[NBNS_NB_FLAGS]);
		add_bits_rows(d, &fields[NBNS_NB_GROUP], &fields[NBNS_NB_ONT],
			      flags);
		take(d, c, &fields[NBNS_ADDR]);
	}
}

/* A node's names, each 15 bytes with blanks after, its purpose and flags;
   then its MAC address and counters. */
static void decode_status(struct dissect *d, struct cur *c)
{
	unsigned count = (unsigned)take(d, c, &fields[NBNS_NAMES]), flags, n;
	const uint8_t *name;

	while (count-- && c->state == CUR_OK) {
		name = cur_bytes(c, NAME_LEN);
		if (!name)
			return;
		for (n = NAME_LEN - 1; n > 0 && name[n - 1] == ' '; n--)
			continue;
		add_bytes(d, &fields[NBNS_NETBIOS_NAME], name, n);
		flags = (unsigned)take(d, c, &fields[NBNS_NAME_FLAGS]);
		add_bits_rows(d, &fields[NBNS_NAME_GROUP],
			      &fields[NBNS_NAME_PRM], flags);
	}
	if (c->claim >= 6)
		take(d, c, &fields[NBNS_UNIT_ID]);
}

static void decode_record(struct dissect *d, const struct cur *msg,
			  struct cur *c)
{
	struct cur data;
	unsigned type, response = d->layer->fact[0] >> 15;

	take_name(d, msg, c, true);
	type = (unsigned)take(d, c, &fields[NBNS_TYPE]);
	take_rows(d, c, &fields[NBNS_CLASS], &fields[NBNS_TTL]);
	data = cur_part(c, take(d, c, &fields[NBNS_LENGTH]));
	if (type == TYPE_NB && !(response && data.claim < 6))
		decode_addresses(d, &data);
	else if (type == TYPE_NBSTAT)
		decode_status(d, &data);
	else if (data.claim)
		take_bytes(d, &data, &fields[NBNS_DATA], data.claim);
}

static void decode_flags(struct dissect *d, unsigned flags)
{
	unsigned i;

	for (i = NBNS_RESPONSE; i <= NBNS_RCODE; i++)
		if (flags & 0x8000 || (i != NBNS_AUTHORITATIVE &&
				       i != NBNS_RECAVAIL && i != NBNS_RCODE))
			add_bits(d, &fields[i], flags);
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur msg = *c;
	unsigned flags, questions, records, i;

	take(d, c, &fields[NBNS_ID]);
	flags = (unsigned)take(d, c, &fields[NBNS_FLAGS]);
	if (c->state != CUR_OK)
		return;
	d->layer->fact[0] = flags;
	decode_flags(d, flags);
	questions = (unsigned)take(d, c, &fields[NBNS_QUERIES]);
	records = (unsigned)take(d, c, &fields[NBNS_ANSWERS]);
	records += (unsigned)take(d, c, &fields[NBNS_AUTH]);
	records += (unsigned)take(d, c, &fields[NBNS_ADD]);
	for (i = 0; i < questions && c->state == CUR_OK; i++) {
		take_name(d, &msg, c, false);
		take_rows(d, c, &fields[NBNS_TYPE], &fields[NBNS_CLASS]);
	}
	for (i = 0; i < records && c->state == CUR_OK; i++)
		decode_record(d, &msg, c);
}

static void summary(struct summary *l)
{
	const struct value *flags = summary_value(l, NBNS_FLAGS);
	const struct value *name = summary_value(l, NBNS_NAME);
	const struct value *type = summary_value(l, NBNS_TYPE);
	const struct value *address = summary_value(l, NBNS_ADDR);

	summary_puts(l, "NBNS");
	if (!flags) {
		summary_mark(l);
		return;
	}
	summary_printf(l, " %s%s",
		       names_or(opcode_names, flags->num >> 11 & 15, "unknown"),
		       flags->num & 0x8000 ? " response" : "");
	if (type)
		summary_printf(l, " %s", names_or(type_names, type->num, "?"));
	if (name) {
		summary_puts(l, " ");
		summary_text(l, name);
	}
	if (address) {
		summary_puts(l, " ");
		summary_ip4(l, (uint32_t)address->num);
	}
	if (flags->num & 0x8000 && flags->num & 15)
		summary_printf(l, ", %s",
			       names_or(rcode_names, flags->num & 15, "error"));
	summary_mark(l);
	summary_printf(l, ", length %u", l->layer->len);
}

static const struct key keys[] = {{KEY_UDP_PORT, 137}};

const struct proto proto_nbns = {
    "nbns",	      "NetBIOS Name Service", PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,
};
