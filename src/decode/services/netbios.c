/*
 * NetBIOS frames (NetBEUI; IBM's LAN Technical Reference), directly on LLC.
 *
 *	length of the header (2), 0xefff (2), command (1), data (1), data (2),
 *	correlators (2 each), then receiver's and sender's names (16 each), or
 *	in sessions (commands from 0x14 on) their numbers (1 each)
 *
 * Numbers have their least byte first. A name's last byte is its type.
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	NB_HDR_LEN,
	NB_DELIMITER,
	NB_COMMAND,
	NB_CALL_TYPE,
	NB_FLAGS,
	NB_FLAG_NO_ACK,
	NB_FLAG_ACK,
	NB_FLAG_ACK_WITH,
	NB_FLAG_ACK_EXPECTED,
	NB_FLAG_CONT,
	NB_MAX_DATA,
	NB_RESYNC,
	NB_TERMINATION,
	NB_XMIT,
	NB_RESP,
	NB_REMOTE,
	NB_LOCAL,
	NB_NAME,
	NB_NAME_TYPE,
};

enum {
	ADD_GROUP_NAME = 0,
	ADD_NAME,
	DATAGRAM = 8,
	DATAGRAM_BROADCAST,
	NAME_QUERY,
	NAME_RECOGNIZED = 14,
	DATA_ACK = 20,
	DATA_FIRST,
	DATA_LAST,
	SESSION_CONFIRM,
	SESSION_END,
	SESSION_INIT,
	HEADER_LEN = 12,
	NAME_LEN = 16,
	DELIMITER = 0xefff,
};

static const struct names command_names[] = {
    {ADD_GROUP_NAME, "Add Group Name Query"},
    {ADD_NAME, "Add Name Query"},
    {2, "Name In Conflict"},
    {3, "Status Query"},
    {7, "Terminate Trace"},
    {DATAGRAM, "Datagram"},
    {DATAGRAM_BROADCAST, "Broadcast Datagram"},
    {NAME_QUERY, "Name Query"},
    {13, "Add Name Response"},
    {NAME_RECOGNIZED, "Name Recognized"},
    {15, "Status Response"},
    {DATA_ACK, "Data Ack"},
    {DATA_FIRST, "Data First Middle"},
    {DATA_LAST, "Data Only Last"},
    {SESSION_CONFIRM, "Session Confirm"},
    {SESSION_END, "Session End"},
    {SESSION_INIT, "Session Initialize"},
    {26, "No Receive"},
    {27, "Receive Outstanding"},
    {28, "Receive Continue"},
    {31, "Session Alive"},
    {0, NULL},
};

#define LITTLE(nm, tt, fl) UINT("netbios." nm, tt, 2, FIELD_LITTLE | (fl))
#define OF_FLAGS(nm, tt, m) FLAG("netbios.flags." nm, tt, 1, m)

static const struct field fields[] = {
    [NB_HDR_LEN] = LITTLE("hdr_len", "Header length", 0),
    [NB_DELIMITER] = LITTLE("delimiter", "Delimiter", FIELD_HEX),
    [NB_COMMAND] = NAMED("netbios.command", "Command", 1,
			 FIELD_HEX | FIELD_LINE, command_names),
    [NB_CALL_TYPE] =
	UINT("netbios.call_name_type", "Caller's name type", 1, FIELD_HEX),
    [NB_FLAGS] = UINT("netbios.flags", "Flags", 1, FIELD_HEX),
    [NB_FLAG_NO_ACK] = OF_FLAGS("send_no_ack", "No acknowledgement", 0x80),
    [NB_FLAG_ACK] = OF_FLAGS("ack", "Acknowledgement", 8),
    [NB_FLAG_ACK_WITH] =
	OF_FLAGS("ack_with_data", "Acknowledgement with data", 4),
    [NB_FLAG_ACK_EXPECTED] =
	OF_FLAGS("ack_expected", "Acknowledgement expected", 2),
    [NB_FLAG_CONT] = OF_FLAGS("recv_cont_req", "To be continued", 1),
    [NB_MAX_DATA] = LITTLE("max_data_recv_size", "Longest message", 0),
    [NB_RESYNC] = LITTLE("resync_indicator", "To be synchronized", FIELD_HEX),
    [NB_TERMINATION] =
	LITTLE("termination_indicator", "Termination", FIELD_HEX),
    [NB_XMIT] = LITTLE("xmit_corrl", "Sender's correlator", FIELD_HEX),
    [NB_RESP] = LITTLE("resp_corrl", "Answer's correlator", FIELD_HEX),
    [NB_REMOTE] = UINT("netbios.remote_session", "Receiver's session", 1,
		       FIELD_HEX | FIELD_LINE),
    [NB_LOCAL] = UINT("netbios.local_session", "Sender's session", 1,
		      FIELD_HEX | FIELD_LINE),
    [NB_NAME] = TEXT("netbios.nb_name", "Name", FIELD_LINE),
    [NB_NAME_TYPE] =
	UINT("netbios.nb_name_type", "Its type", 1, FIELD_HEX | FIELD_LINE),
};

static void take_name(struct dissect *d, struct cur *c)
{
	const uint8_t *p = cur_here(c);
	size_t n = NAME_LEN - 1;

	if (!cur_has(c, NAME_LEN))
		return;
	while (n > 0 && (p[n - 1] == ' ' || p[n - 1] == 0))
		n--;
	add_bytes(d, &fields[NB_NAME], p, n);
	cur_skip(c, NAME_LEN - 1);
	take(d, c, &fields[NB_NAME_TYPE]);
}

/* What the first data say in this command. */
static void decode_data(struct dissect *d, struct cur *c, unsigned command)
{
	unsigned flags;

	switch (command) {
	case DATA_FIRST:
	case DATA_LAST:
		flags = (unsigned)take(d, c, &fields[NB_FLAGS]);
		add_bits_rows(d, &fields[NB_FLAG_ACK],
			      &fields[NB_FLAG_ACK_EXPECTED], flags);
		if (command == DATA_FIRST)
			add_bits(d, &fields[NB_FLAG_CONT], flags);
		break;
	case SESSION_CONFIRM:
	case SESSION_INIT:
		take_bits(d, c, &fields[NB_FLAGS], &fields[NB_FLAG_NO_ACK]);
		break;
	default:
		cur_skip(c, 1);
	}
	switch (command) {
	case NAME_QUERY:
	case NAME_RECOGNIZED:
		cur_skip(c, 1);
		take(d, c, &fields[NB_CALL_TYPE]);
		break;
	case DATA_FIRST:
	case DATA_LAST:
		take(d, c, &fields[NB_RESYNC]);
		break;
	case SESSION_CONFIRM:
	case SESSION_INIT:
		take(d, c, &fields[NB_MAX_DATA]);
		break;
	case SESSION_END:
		take(d, c, &fields[NB_TERMINATION]);
		break;
	default:
		cur_skip(c, 2);
	}
}

static bool has_correlator(unsigned command, bool answer)
{
	switch (command) {
	case ADD_GROUP_NAME:
	case ADD_NAME:
	case 3: /* of status */
	case NAME_QUERY:
		return answer;
	case DATA_ACK:
	case 13:
	case 15:
		return !answer;
	case NAME_RECOGNIZED:
	case DATA_FIRST:
	case DATA_LAST:
	case SESSION_CONFIRM:
	case SESSION_INIT:
		return true;
	}
	return false;
}

static void decode(struct dissect *d, struct cur *c)
{
	const uint8_t *start = cur_here(c);
	unsigned len, command;

	if (cur_left(c) < 4 ||
	    (cur_peek8(c, 2) | cur_peek8(c, 3) << 8) != DELIMITER) {
		next_proto(d, c, PROTO_data);
		return;
	}
	len = (unsigned)take(d, c, &fields[NB_HDR_LEN]);
	take(d, c, &fields[NB_DELIMITER]);
	command = (unsigned)take(d, c, &fields[NB_COMMAND]);
	decode_data(d, c, command);
	if (has_correlator(command, false))
		take(d, c, &fields[NB_XMIT]);
	else
		cur_skip(c, 2);
	if (has_correlator(command, true))
		take(d, c, &fields[NB_RESP]);
	else
		cur_skip(c, 2);
	if (command >= DATA_ACK) {
		take_rows(d, c, &fields[NB_REMOTE], &fields[NB_LOCAL]);
	} else {
		/* that of a group is asked for in the sender's place */
		if (command == ADD_GROUP_NAME || command == ADD_NAME)
			cur_skip(c, NAME_LEN);
		else
			take_name(d, c);
		take_name(d, c);
	}
	if (c->state == CUR_OK && len > (size_t)(cur_here(c) - start))
		cur_skip(c, len - (size_t)(cur_here(c) - start));
	if (command == DATAGRAM || command == DATAGRAM_BROADCAST ||
	    command == DATA_FIRST || command == DATA_LAST)
		next_proto(d, c,
			   cur_left(c) > 4 && cur_starts(c, "\xffSMB")
			       ? PROTO_smb
			       : PROTO_data);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;

	summary_puts(l, "NetBIOS");
	if (v == end)
		summary_puts(l, ", no frame");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case NB_COMMAND:
			summary_printf(
			    l, " %s", names_or(command_names, v->num, "frame"));
			break;
		case NB_NAME:
			summary_puts(l, " ");
			summary_text(l, v);
			break;
		case NB_NAME_TYPE:
			summary_printf(l, "<%02x>", (unsigned)v->num);
			break;
		case NB_REMOTE:
			summary_printf(l, ", session %u", (unsigned)v->num);
			break;
		case NB_LOCAL:
			summary_printf(l, " < %u", (unsigned)v->num);
			break;
		}
	}
	summary_mark(l);
	if (l->next && l->next->proto->summary)
		summary_puts(l, " ");
}

static const struct key keys[] = {{KEY_SAP, 0xf0}};
static const uint8_t leads_proto[] = {PROTO_smb, PROTO_data, PROTO_NONE};

const struct proto proto_netbios = {
    "netbios",
    "NetBIOS",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads_proto,
    .decode = decode,
    .summary = summary,
};
