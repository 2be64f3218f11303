/*
 * PKTAP: what macOS knows of a packet, and whose it is, before a packet of any
 * link type. Numbers are in the byte order of the machine that captured, which
 * is taken to be little-endian. Text is filled up with zeroes.
 *
 *	length of all this (4), record type (4), link type (4), interface (24),
 *	flags (4), protocol family (4), lengths of the link's header and trailer
 *	(4, 4), process (4) and its command (20), service class (4), interface
 *	type (2) and unit (2), process on whose behalf (4) and its command (20)
 */
#include "decode/lib/rows.h"

enum {
	PKTAP_LENGTH,
	PKTAP_TYPE,
	PKTAP_DLT,
	PKTAP_IFACE,
	PKTAP_FLAGS,
	PKTAP_FAMILY,
	PKTAP_HEADER,
	PKTAP_TRAILER,
	PKTAP_PID,
	PKTAP_COMMAND,
	PKTAP_CLASS,
	PKTAP_IFTYPE,
	PKTAP_UNIT,
	PKTAP_EPID,
	PKTAP_ECOMMAND,
};

enum {
	HEADER_LEN = 108,
	IFACE_LEN = 24,
	COMMAND_LEN = 20,
	TYPE_PACKET = 1,
};

#define LITTLE(nm, tt, n, fl) UINT("pktap." nm, tt, n, FIELD_LITTLE | (fl))

static const struct field fields[] = {
    [PKTAP_LENGTH] = LITTLE("hdrlen", "Header length", 4, FIELD_LINE),
    [PKTAP_TYPE] = LITTLE("rectype", "Record type", 4, 0),
    [PKTAP_DLT] = LITTLE("dlt", "DLT", 4, FIELD_LINE),
    [PKTAP_IFACE] = TEXT("pktap.ifname", "Interface name", 0),
    [PKTAP_FLAGS] = LITTLE("flags", "Flags", 4, FIELD_HEX),
    [PKTAP_FAMILY] = LITTLE("pfamily", "Protocol family", 4, 0),
    [PKTAP_HEADER] = LITTLE("llhdrlen", "Link-layer header length", 4, 0),
    [PKTAP_TRAILER] = LITTLE("lltrlrlen", "Link-layer trailer length", 4, 0),
    [PKTAP_PID] = LITTLE("pid", "Process id", 4, 0),
    [PKTAP_COMMAND] = TEXT("pktap.cmdname", "Command name", 0),
    [PKTAP_CLASS] = LITTLE("svc_class", "Service class", 4, 0),
    [PKTAP_IFTYPE] = LITTLE("iftype", "Interface type", 2, 0),
    [PKTAP_UNIT] = LITTLE("ifunit", "Interface unit", 2, 0),
    [PKTAP_EPID] = LITTLE("epid", "Effective process id", 4, 0),
    [PKTAP_ECOMMAND] = TEXT("pktap.ecmdname", "Effective command name", 0),
};

/* Text in a place of n bytes. */
static void take_name(struct dissect *d, struct cur *c, size_t n,
		      const struct field *f)
{
	const uint8_t *at = cur_bytes(c, n), *end;

	if (!at)
		return;
	end = memchr(at, 0, n);
	add_bytes(d, f, at, end ? (size_t)(end - at) : n);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned len, type, linktype;

	len = (unsigned)take(d, c, &fields[PKTAP_LENGTH]);
	type = (unsigned)take(d, c, &fields[PKTAP_TYPE]);
	linktype = (unsigned)take(d, c, &fields[PKTAP_DLT]);
	if (c->state == CUR_OK && len < HEADER_LEN) {
		cur_bad(c);
		return;
	}
	take_name(d, c, IFACE_LEN, &fields[PKTAP_IFACE]);
	take_rows(d, c, &fields[PKTAP_FLAGS], &fields[PKTAP_PID]);
	take_name(d, c, COMMAND_LEN, &fields[PKTAP_COMMAND]);
	take_rows(d, c, &fields[PKTAP_CLASS], &fields[PKTAP_EPID]);
	take_name(d, c, COMMAND_LEN, &fields[PKTAP_ECOMMAND]);
	if (c->state != CUR_OK)
		return;
	cur_skip(c, len - HEADER_LEN);
	if (type != TYPE_PACKET)
		return;
	d->layer->name = "pktap:pcap_pktdata"; /* as Wireshark says */
	next_by(d, c, KEY_LINKTYPE, linktype);
}

static void summary(struct summary *l)
{
	if (l->layer->state != CUR_OK) {
		summary_puts(l, "PKTAP");
		summary_mark(l);
		return;
	}
	if (l->o->link)
		summary_printf(l, "DLT %u len %u, length %u: ",
			       (unsigned)summary_num(l, PKTAP_DLT),
			       (unsigned)summary_num(l, PKTAP_LENGTH),
			       l->layer->len);
	if (!l->next)
		summary_printf(l, "PKTAP, link type %u, length %u",
			       (unsigned)summary_num(l, PKTAP_DLT),
			       l->layer->len);
}

static const struct key keys[] = {{KEY_LINKTYPE, 258}};

const struct proto proto_pktap = {
    "pktap",
    "Apple PKTAP header",
    PROTO_TABLES(fields, keys),
    .leads = LEADS_TO(KEY_LINKTYPE),
    .decode = decode,
    .summary = summary,
};
