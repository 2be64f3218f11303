/*
 * TCP options beside those that every connection has: multipath TCP (RFC
 * 8684), fast open (RFC 7413), authentication (RFC 5925), accurate ECN
 * feedback and experiments (RFC 6994). tcp.c has the others, and calls this
 * file; the fields stand apart from its own for the sake of its size.
 */
#include "decode/transport/tcpopts.h"

#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	OPT_MPTCP_SUBTYPE,
	OPT_MPTCP_VERSION,
	OPT_MPTCP_FLAGS,
	OPT_MPTCP_CHECKSUMREQ_FLAGS,
	OPT_MPTCP_EXTENSIBILITY_FLAG,
	OPT_MPTCP_NOMORESUBFLOWS_FLAG,
	OPT_MPTCP_SHA1_FLAG,
	OPT_MPTCP_SHA256_FLAG,
	OPT_MPTCP_DATAFIN_FLAG,
	OPT_MPTCP_DSEQN8_FLAG,
	OPT_MPTCP_DSEQNPRESENT_FLAG,
	OPT_MPTCP_DATAACK8_FLAG,
	OPT_MPTCP_DATAACKPRESENT_FLAG,
	OPT_MPTCP_SENDKEY,
	OPT_MPTCP_RECVKEY,
	OPT_MPTCP_RAWDATAACK,
	OPT_MPTCP_RAWDATASEQNO,
	OPT_MPTCP_SUBFLOWSEQNO,
	OPT_MPTCP_DATALVLLEN,
	OPT_MPTCP_BACKUP_FLAG,
	OPT_MPTCP_ADDRID,
	OPT_MPTCP_RECVTOK,
	OPT_MPTCP_SENDRAND,
	OPT_MPTCP_SENDTRUNCHMAC,
	OPT_MPTCP_SENDHMAC,
	OPT_MPTCP_IPVER,
	OPT_MPTCP_ECHO,
	OPT_MPTCP_IPV4,
	OPT_MPTCP_IPV6,
	OPT_MPTCP_PORT,
	OPT_MPTCP_ADDADDRTRUNCHMAC,
	OPT_MPTCP_RST_REASON,
	OPT_TFO_REQUEST,
	OPT_TFO_COOKIE,
	OPT_AO_KEYID,
	OPT_AO_RNEXTKEYID,
	OPT_AO_MAC,
	OPT_EXPERIMENTAL_EXID,
};

enum {
	KIND_AO = 29,
	KIND_MPTCP,
	KIND_TFO = 34,
	KIND_EXPERIMENT1 = 253,
	KIND_EXPERIMENT2,
	EXPERIMENT_TFO = 0xf989
};
enum {
	CAPABLE,
	JOIN,
	DSS,
	ADD_ADDRESS,
	REMOVE_ADDRESS,
	PRIORITY,
	FAIL,
	FAST_CLOSE,
	RESET
};

static const struct names subtype_names[] = {
    {CAPABLE, "MP_CAPABLE"},
    {JOIN, "MP_JOIN"},
    {DSS, "DSS"},
    {ADD_ADDRESS, "ADD_ADDR"},
    {REMOVE_ADDRESS, "REMOVE_ADDR"},
    {PRIORITY, "MP_PRIO"},
    {FAIL, "MP_FAIL"},
    {FAST_CLOSE, "MP_FASTCLOSE"},
    {RESET, "MP_TCPRST"},
    {0, NULL},
};

static const struct field fields[] = {
    [OPT_MPTCP_SUBTYPE] = {"tcp.options.mptcp.subtype", "Multipath TCP subtype",
			   subtype_names, .mask = 0xf0, .type = FIELD_UINT,
			   .width = 1, .flags = 0},
    [OPT_MPTCP_VERSION] =
	BITS("tcp.options.mptcp.version", "Multipath TCP version", 1, 0xf, 0),
    [OPT_MPTCP_FLAGS] =
	UINT("tcp.options.mptcp.flags", "Multipath TCP flags", 1, FIELD_HEX),
    [OPT_MPTCP_CHECKSUMREQ_FLAGS] = BITS("tcp.options.mptcp.checksumreq.flags",
					 "Checksum required", 1, 0x80, 0),
    [OPT_MPTCP_EXTENSIBILITY_FLAG] = BITS(
	"tcp.options.mptcp.extensibility.flag", "Extensibility", 1, 0x40, 0),
    [OPT_MPTCP_NOMORESUBFLOWS_FLAG] = BITS(
	"tcp.options.mptcp.nomoresubflows.flag",
	"Do not attempt to establish new subflows to this address and port", 1,
	0x20, 0),
    [OPT_MPTCP_SHA1_FLAG] =
	BITS("tcp.options.mptcp.sha1.flag", "Use HMAC-SHA1", 1, 0x1, 0),
    [OPT_MPTCP_SHA256_FLAG] =
	BITS("tcp.options.mptcp.sha256.flag", "Use HMAC-SHA256", 1, 0x1, 0),
    [OPT_MPTCP_DATAFIN_FLAG] =
	BITS("tcp.options.mptcp.datafin.flag", "DATA_FIN", 1, 0x10, 0),
    [OPT_MPTCP_DSEQN8_FLAG] =
	BITS("tcp.options.mptcp.dseqn8.flag", "Data sequence number is 8 bytes",
	     1, 0x8, 0),
    [OPT_MPTCP_DSEQNPRESENT_FLAG] =
	BITS("tcp.options.mptcp.dseqnpresent.flag",
	     "Data sequence number, subflow sequence number, Data-level "
	     "length, checksum present",
	     1, 0x4, 0),
    [OPT_MPTCP_DATAACK8_FLAG] = BITS("tcp.options.mptcp.dataack8.flag",
				     "Data ACK is 8 bytes", 1, 0x2, 0),
    [OPT_MPTCP_DATAACKPRESENT_FLAG] =
	BITS("tcp.options.mptcp.dataackpresent.flag", "Data ACK is present", 1,
	     0x1, 0),
    [OPT_MPTCP_SENDKEY] =
	UINT("tcp.options.mptcp.sendkey", "Sender's key", 8, 0),
    [OPT_MPTCP_RECVKEY] =
	UINT("tcp.options.mptcp.recvkey", "Receiver's key", 8, 0),
    [OPT_MPTCP_RAWDATAACK] =
	UINT("tcp.options.mptcp.rawdataack", "Original MPTCP data ACK", 8, 0),
    [OPT_MPTCP_RAWDATASEQNO] =
	UINT("tcp.options.mptcp.rawdataseqno", "Data sequence number", 8, 0),
    [OPT_MPTCP_SUBFLOWSEQNO] =
	UINT("tcp.options.mptcp.subflowseqno", "Subflow sequence number", 4, 0),
    [OPT_MPTCP_DATALVLLEN] =
	UINT("tcp.options.mptcp.datalvllen", "Data-level length", 2, 0),
    [OPT_MPTCP_BACKUP_FLAG] =
	BITS("tcp.options.mptcp.backup.flag", "Backup flag", 1, 0x1, 0),
    [OPT_MPTCP_ADDRID] = UINT("tcp.options.mptcp.addrid", "Address id", 1, 0),
    [OPT_MPTCP_RECVTOK] =
	UINT("tcp.options.mptcp.recvtok", "Receiver's token", 4, 0),
    [OPT_MPTCP_SENDRAND] =
	UINT("tcp.options.mptcp.sendrand", "Sender's random number", 4, 0),
    [OPT_MPTCP_SENDTRUNCHMAC] = UINT("tcp.options.mptcp.sendtrunchmac",
				     "Sender's truncated HMAC", 8, 0),
    [OPT_MPTCP_SENDHMAC] =
	BYTES("tcp.options.mptcp.sendhmac", "Sender's HMAC", 20, 0),
    [OPT_MPTCP_IPVER] =
	BITS("tcp.options.mptcp.ipver", "IP version", 1, 0xf, 0),
    [OPT_MPTCP_ECHO] = BITS("tcp.options.mptcp.echo", "Echo", 1, 0x1, 0),
    [OPT_MPTCP_IPV4] =
	IPV4("tcp.options.mptcp.ipv4", "Advertised IPv4 address", 0),
    [OPT_MPTCP_IPV6] =
	IPV6("tcp.options.mptcp.ipv6", "Advertised IPv6 address", 0),
    [OPT_MPTCP_PORT] = UINT("tcp.options.mptcp.port", "Advertised port", 2, 0),
    [OPT_MPTCP_ADDADDRTRUNCHMAC] =
	UINT("tcp.options.mptcp.addaddrtrunchmac", "Truncated HMAC", 8, 0),
    [OPT_MPTCP_RST_REASON] =
	UINT("tcp.options.mptcp.rst_reason", "TCPRST reason", 1, FIELD_HEX),
    [OPT_TFO_REQUEST] =
	HEADING("tcp.options.tfo.request", "Fast open cookie request"),
    [OPT_TFO_COOKIE] =
	BYTES("tcp.options.tfo.cookie", "Fast open cookie", 0, 0),
    [OPT_AO_KEYID] = UINT("tcp.options.ao.keyid", "AO KeyID", 1, 0),
    [OPT_AO_RNEXTKEYID] =
	UINT("tcp.options.ao.rnextkeyid", "AO RNextKeyID", 1, 0),
    [OPT_AO_MAC] = BYTES("tcp.options.ao.mac", "AO MAC", 0, 0),
    [OPT_EXPERIMENTAL_EXID] = UINT("tcp.options.experimental.exid",
				   "Experiment identifier", 2, FIELD_HEX),
};

/* A number of 4 bytes, or 8 if so flagged. */
static void take_long(struct dissect *d, struct cur *c, unsigned field,
		      bool eight)
{
	uint64_t num;

	if (!cur_has(c, eight ? 8 : 4))
		return;
	num = cur_be32(c);
	if (eight)
		num = num << 32 | cur_be32(c);
	add_uint(d, &fields[field], num);
}

static void decode_capable(struct dissect *d, struct cur *c, unsigned version)
{
	unsigned flags = (unsigned)take(d, c, &fields[OPT_MPTCP_FLAGS]);

	if (c->state != CUR_OK)
		return;
	add_bits_rows(d, &fields[OPT_MPTCP_CHECKSUMREQ_FLAGS],
		      &fields[OPT_MPTCP_EXTENSIBILITY_FLAG], flags);
	if (version == 1)
		add_bits(d, &fields[OPT_MPTCP_NOMORESUBFLOWS_FLAG], flags);
	add_bits(
	    d,
	    &fields[version == 1 ? OPT_MPTCP_SHA256_FLAG : OPT_MPTCP_SHA1_FLAG],
	    flags);
	if (c->claim >= 8)
		take(d, c, &fields[OPT_MPTCP_SENDKEY]);
	if (c->claim >= 8)
		take(d, c, &fields[OPT_MPTCP_RECVKEY]);
	if (c->claim >= 2)
		take(d, c, &fields[OPT_MPTCP_DATALVLLEN]);
}

/* Its three forms, of the three segments of a handshake, differ in length. */
static void decode_join(struct dissect *d, struct cur *c, unsigned first)
{
	size_t len = c->claim;

	if (len > 16) {
		cur_skip(c, 1);
		take(d, c, &fields[OPT_MPTCP_SENDHMAC]);
		return;
	}
	add_bits(d, &fields[OPT_MPTCP_BACKUP_FLAG], first);
	take(d, c, &fields[OPT_MPTCP_ADDRID]);
	take(d, c,
	     &fields[len > 10 ? OPT_MPTCP_SENDTRUNCHMAC : OPT_MPTCP_RECVTOK]);
	take(d, c, &fields[OPT_MPTCP_SENDRAND]);
}

static void decode_dss(struct dissect *d, struct cur *c)
{
	unsigned flags = (unsigned)take(d, c, &fields[OPT_MPTCP_FLAGS]);

	if (c->state != CUR_OK)
		return;
	add_bits_rows(d, &fields[OPT_MPTCP_DATAFIN_FLAG],
		      &fields[OPT_MPTCP_DATAACKPRESENT_FLAG], flags);
	if (flags & 1)
		take_long(d, c, OPT_MPTCP_RAWDATAACK, flags & 2);
	if (!(flags & 4))
		return;
	take_long(d, c, OPT_MPTCP_RAWDATASEQNO, flags & 8);
	take_rows(d, c, &fields[OPT_MPTCP_SUBFLOWSEQNO],
		  &fields[OPT_MPTCP_DATALVLLEN]);
}

static void decode_add_address(struct dissect *d, struct cur *c, unsigned first)
{
	size_t rest;
	bool ip4;

	take(d, c, &fields[OPT_MPTCP_ADDRID]);
	/* version 0 says which kind of address, version 1 depends on length and
	   has a flag there */
	rest = c->claim;
	ip4 = (first & 15) == 4 || ((first & 15) < 2 && rest <= 14);
	add_bits(d,
		 &fields[(first & 15) < 2 ? OPT_MPTCP_ECHO : OPT_MPTCP_IPVER],
		 first);
	take(d, c, &fields[ip4 ? OPT_MPTCP_IPV4 : OPT_MPTCP_IPV6]);
	if (c->claim == 2 || c->claim == 10)
		take(d, c, &fields[OPT_MPTCP_PORT]);
	if (c->claim == 8)
		take(d, c, &fields[OPT_MPTCP_ADDADDRTRUNCHMAC]);
}

static void decode_mptcp(struct dissect *d, struct cur *c)
{
	unsigned first, subtype;

	if (!cur_has(c, 1))
		return;
	first = cur_u8(c);
	subtype = (unsigned)add_bits(d, &fields[OPT_MPTCP_SUBTYPE], first);
	switch (subtype) {
	case CAPABLE:
		add_bits(d, &fields[OPT_MPTCP_VERSION], first);
		decode_capable(d, c, first & 15);
		break;
	case JOIN:
		decode_join(d, c, first);
		break;
	case DSS:
		decode_dss(d, c);
		break;
	case ADD_ADDRESS:
		decode_add_address(d, c, first);
		break;
	case REMOVE_ADDRESS:
		while (c->state == CUR_OK && c->claim > 0)
			take(d, c, &fields[OPT_MPTCP_ADDRID]);
		break;
	case PRIORITY:
		add_bits(d, &fields[OPT_MPTCP_BACKUP_FLAG], first);
		if (c->claim > 0)
			take(d, c, &fields[OPT_MPTCP_ADDRID]);
		break;
	case FAST_CLOSE:
		cur_skip(c, 1);
		take(d, c, &fields[OPT_MPTCP_RECVKEY]);
		break;
	case RESET:
		take(d, c, &fields[OPT_MPTCP_RST_REASON]);
		break;
	}
}

static void decode_fast_open(struct dissect *d, struct cur *c)
{
	if (c->claim == 0)
		add_uint(d, &fields[OPT_TFO_REQUEST], 0);
	else
		take_bytes(d, c, &fields[OPT_TFO_COOKIE], c->claim);
}

static void decode_kind(struct dissect *d, struct cur *c, unsigned kind)
{
	switch (kind) {
	case KIND_MPTCP:
		decode_mptcp(d, c);
		break;
	case KIND_TFO:
		decode_fast_open(d, c);
		break;
	case KIND_AO:
		take_rows(d, c, &fields[OPT_AO_KEYID],
			  &fields[OPT_AO_RNEXTKEYID]);
		if (c->claim > 0)
			take_bytes(d, c, &fields[OPT_AO_MAC], c->claim);
		break;
	case KIND_EXPERIMENT1:
	case KIND_EXPERIMENT2:
		if (take(d, c, &fields[OPT_EXPERIMENTAL_EXID]) ==
		    EXPERIMENT_TFO)
			decode_fast_open(d, c);
		break;
	}
}

void tcp_option_more(struct dissect *d, struct cur body, unsigned kind)
{
	struct also_state state = also_start(d, PROTO_tcpopts);

	if (kind == KIND_MPTCP) /* it counts as a layer of its own */
		d->layer->name = "tcp:mptcp";
	decode_kind(d, &body, kind);
	also_end(d, &state);
}

const struct proto proto_tcpopts = {
    "tcp.options",
    "TCP options of recent years",
    PROTO_FIELDS(fields),
};
