/*
 * Domain names (RFC 1035, 3596, 2782, 6891), multicast DNS (RFC 6762) and
 * LLMNR (RFC 4795). Over TCP a message's length goes before it.
 *
 *	id (2), flags (2), four counts (2 each): questions, answers,
 *	authorities, additional records; then these
 *
 * A name is a list of labels; two bits set in a label's length make it the
 * offset of the rest of the name.
 */
#include "decode/services/dns.h"
#include "decode/lib/dnsname.h"
#include "decode/lib/join.h"
#include "decode/proto_ids.h"

enum { PORT_MDNS = 5353, PORT_LLMNR = 5355 };

static const struct names opcode_names[] = {{0, "Query"},  {1, "Inverse query"},
					    {2, "Status"}, {4, "Notify"},
					    {5, "Update"}, {0, NULL}};

#define UINT(index, nm, tt, bytes, more)                                       \
	[index] = {"dns." nm, tt, .type = FIELD_UINT, .width = (bytes),        \
		   .flags = (more)}
#define BITS(index, nm, tt, bit)                                               \
	[index] = {"dns.flags." nm, tt, .mask = (bit), .type = FIELD_BOOL}
#define NAME(index, nm, tt, more)                                              \
	[index] = {"dns." nm, tt, .type = FIELD_TEXT, .flags = (more)}

static const struct field fields[] = {
    UINT(DNS_LENGTH, "length", "Length", 2, 0),
    UINT(DNS_ID, "id", "Id", 2, FIELD_HEX),
    UINT(DNS_FLAGS, "flags", "Flags", 2, FIELD_HEX),
    BITS(DNS_RESPONSE, "response", "Response", 0x8000),
    [DNS_OPCODE] = {"dns.flags.opcode", "Opcode", opcode_names, .mask = 0x7800,
		    .type = FIELD_UINT},
    BITS(DNS_AUTHORITATIVE, "authoritative", "Authoritative", 0x0400),
    BITS(DNS_TRUNCATED, "truncated", "Truncated", 0x0200),
    BITS(DNS_RECDESIRED, "recdesired", "Recursion desired", 0x0100),
    BITS(DNS_RECAVAIL, "recavail", "Recursion available", 0x0080),
    BITS(DNS_CONFLICT, "conflict", "Conflict", 0x0400),
    BITS(DNS_TENTATIVE, "tentative", "Tentative", 0x0100),
    BITS(DNS_Z, "z", "Reserved", 0x0040),
    BITS(DNS_AUTHENTICATED, "authenticated", "Answer authenticated", 0x0020),
    BITS(DNS_CHECKDISABLE, "checkdisable", "Checking disabled", 0x0010),
    [DNS_RCODE] = {"dns.flags.rcode", "Reply code", dns_rcode_names,
		   .mask = 0x000f, .type = FIELD_UINT},
    UINT(DNS_QUERIES, "count.queries", "Questions", 2, 0),
    UINT(DNS_ANSWERS, "count.answers", "Answers", 2, 0),
    UINT(DNS_AUTH, "count.auth_rr", "Authorities", 2, 0),
    UINT(DNS_ADD, "count.add_rr", "Additional records", 2, 0),
    UINT(DNS_ZONES, "count.zones", "Zones", 2, 0),
    UINT(DNS_PREREQUISITES, "count.prerequisites", "Prerequisites", 2, 0),
    UINT(DNS_UPDATES, "count.updates", "Updates", 2, 0),
    NAME(DNS_QRY_NAME, "qry.name", "Question name", FIELD_LINE),
    UINT(DNS_QRY_NAME_LEN, "qry.name.len", "Length of the name", 0, 0),
    UINT(DNS_QRY_LABELS, "count.labels", "Labels", 0, 0),
    [DNS_QRY_TYPE] = {"dns.qry.type", "Question type", dns_type_names,
		      .type = FIELD_UINT, .width = 2, .flags = FIELD_LINE},
    [DNS_QRY_CLASS] = {"dns.qry.class", "Question class", dns_class_names,
		       .type = FIELD_UINT, .flags = FIELD_HEX | FIELD_LINE,
		       .digits = 4},
    [DNS_QRY_QU] = {"dns.qry.qu", "Unicast answer wanted", .mask = 0x8000,
		    .type = FIELD_BOOL, .flags = FIELD_LINE},
    NAME(DNS_RESP_NAME, "resp.name", "Name", FIELD_LINE_V),
    [DNS_RESP_TYPE] = {"dns.resp.type", "Type", dns_type_names,
		       .type = FIELD_UINT, .width = 2, .flags = FIELD_LINE},
    [DNS_RESP_CLASS] = {"dns.resp.class", "Class", dns_class_names,
			.type = FIELD_UINT, .flags = FIELD_HEX | FIELD_LINE,
			.digits = 4},
    [DNS_CACHE_FLUSH] = {"dns.resp.cache_flush", "Replaces others",
			 .mask = 0x8000, .type = FIELD_BOOL,
			 .flags = FIELD_LINE},
    UINT(DNS_RESP_TTL, "resp.ttl", "Time to live, s", 4, FIELD_LINE_V),
    UINT(DNS_RESP_LEN, "resp.len", "Data length", 2, 0),
    [DNS_A] = {"dns.a", "Address", .type = FIELD_IPV4, .width = 4,
	       .flags = FIELD_LINE},
    [DNS_AAAA] = {"dns.aaaa", "Address", .type = FIELD_IPV6, .width = 16,
		  .flags = FIELD_LINE},
    NAME(DNS_CNAME, "cname", "Canonical name", FIELD_LINE),
    NAME(DNS_DNAME, "dname", "Name that replaces this one's end", FIELD_LINE),
    NAME(DNS_NS, "ns", "Name server", FIELD_LINE),
    NAME(DNS_PTR, "ptr.domain_name", "Domain name", FIELD_LINE),
    UINT(DNS_MX_PREFERENCE, "mx.preference", "Preference", 2, FIELD_LINE),
    NAME(DNS_MX, "mx.mail_exchange", "Mail exchange", FIELD_LINE),
    NAME(DNS_TXT, "txt", "Text", FIELD_LINE),
    UINT(DNS_TXT_LENGTH, "txt.length", "Length of the text", 1, 0),
    NAME(DNS_SRV_SERVICE, "srv.service", "Service", FIELD_LINE_V),
    NAME(DNS_SRV_PROTO, "srv.proto", "Protocol", FIELD_LINE_V),
    NAME(DNS_SRV_NAME, "srv.name", "Name", FIELD_LINE_V),
    UINT(DNS_SRV_PRIORITY, "srv.priority", "Priority", 2, FIELD_LINE),
    UINT(DNS_SRV_WEIGHT, "srv.weight", "Weight", 2, FIELD_LINE),
    UINT(DNS_SRV_PORT, "srv.port", "Port", 2, FIELD_LINE),
    NAME(DNS_SRV_TARGET, "srv.target", "Target", FIELD_LINE),
    NAME(DNS_SOA_MNAME, "soa.mname", "Primary name server", FIELD_LINE_V),
    NAME(DNS_SOA_RNAME, "soa.rname", "Responsible mailbox", FIELD_LINE_V),
    UINT(DNS_SOA_SERIAL, "soa.serial_number", "Serial number", 4, FIELD_LINE_V),
    UINT(DNS_SOA_REFRESH, "soa.refresh_interval", "Refresh interval, s", 4,
	 FIELD_LINE_V),
    UINT(DNS_SOA_RETRY, "soa.retry_interval", "Retry interval, s", 4,
	 FIELD_LINE_V),
    UINT(DNS_SOA_EXPIRE, "soa.expire_limit", "Expires after, s", 4,
	 FIELD_LINE_V),
    UINT(DNS_SOA_MINIMUM, "soa.minimum_ttl", "Least time to live, s", 4,
	 FIELD_LINE_V),
    [DNS_NULL] = {"dns.null", "Any data", .type = FIELD_BYTES},
    [DNS_SIG_TYPE] = {"dns.rrsig.type_covered", "Type covered", dns_type_names,
		      .type = FIELD_UINT, .width = 2},
    UINT(DNS_SIG_ALGORITHM, "rrsig.algorithm", "Algorithm", 1, 0),
    UINT(DNS_SIG_LABELS, "rrsig.labels", "Labels", 1, 0),
    UINT(DNS_SIG_TTL, "rrsig.original_ttl", "Original time to live, s", 4, 0),
    [DNS_SIG_EXPIRATION] = {"dns.rrsig.signature_expiration",
			    "Signature expires", .type = FIELD_TIME},
    [DNS_SIG_INCEPTION] = {"dns.rrsig.signature_inception",
			   "Signature valid from", .type = FIELD_TIME},
    UINT(DNS_SIG_KEY_TAG, "rrsig.key_tag", "Key tag", 2, 0),
    NAME(DNS_SIG_SIGNER, "rrsig.signers_name", "Signer's name", 0),
    [DNS_SIG_SIGNATURE] = {"dns.rrsig.signature", "Signature",
			   .type = FIELD_BYTES},
    UINT(DNS_UDP_SIZE, "rr.udp_payload_size", "UDP payload size", 2,
	 FIELD_LINE),
    UINT(DNS_EXT_RCODE, "resp.ext_rcode", "Higher bits of the reply code", 1,
	 FIELD_HEX),
    UINT(DNS_EDNS_VERSION, "resp.edns0_version", "Version of EDNS", 1, 0),
    UINT(DNS_EDNS_Z, "resp.z", "Flags of EDNS", 2, FIELD_HEX),
    [DNS_EDNS_DO] = {"dns.resp.z.do", "DNSSEC wanted", .mask = 0x8000,
		     .type = FIELD_BOOL, .flags = FIELD_LINE_V},
    [DNS_EDNS_RESERVED] = {"dns.resp.z.reserved", "Reserved", .mask = 0x7fff,
			   .type = FIELD_UINT, .flags = FIELD_HEX, .digits = 4},
    UINT(DNS_OPT_CODE, "opt.code", "Option", 2, 0),
    UINT(DNS_OPT_LEN, "opt.len", "Length", 2, 0),
    [DNS_OPT_DATA] = {"dns.opt.data", "Data", .type = FIELD_BYTES},
};

/* A name as it is shown; bytes hold until the next packet, or are NULL if
   there is none. */
struct shown {
	const char *bytes;
	size_t n;
};

static struct shown read_name(struct dissect *d, const struct cur *msg,
			      struct cur *c, bool wanted)
{
	char skipped[DNSNAME_MOST], *name = skipped;
	struct shown shown = {NULL, 0};
	int n;

	if (wanted)
		name = scratch_room(d, DNSNAME_MOST);
	if (!name)
		name = skipped;
	n = dnsname_read(msg, c, name);
	if (n == DNSNAME_UNKNOWN || n == DNSNAME_LOOP) {
		d->layer->fact[FACT_BAD] = 1;
		shown.bytes = n == DNSNAME_UNKNOWN
				  ? "<Unknown extended label>"
				  : "<Name contains a pointer that loops>";
		shown.n = strlen(shown.bytes);
	} else if (n == 0) {
		shown = (struct shown){"<Root>", 6};
	} else if (n > 0 && name != skipped) {
		shown = (struct shown){name, (size_t)n};
	}
	if (name != skipped)
		scratch_return(d, DNSNAME_MOST - (size_t)(n > 0 ? n : 0));
	return shown;
}

static void take_name(struct dissect *d, const struct cur *msg, struct cur *c,
		      const struct field *f)
{
	struct shown name = read_name(d, msg, c, wants(d, f));

	if (name.bytes)
		add_bytes(d, f, name.bytes, name.n);
}

/* A service's name is its first label, its protocol the second. */
static void add_service(struct dissect *d, struct shown name)
{
	const char *dot = memchr(name.bytes, '.', name.n), *next;
	size_t left;

	if (!dot || *name.bytes != '_') {
		add_bytes(d, &fields[DNS_SRV_NAME], name.bytes, name.n);
		return;
	}
	add_bytes(d, &fields[DNS_SRV_SERVICE], name.bytes,
		  (size_t)(dot - name.bytes));
	left = name.n - (size_t)(++dot - name.bytes);
	next = memchr(dot, '.', left);
	if (*dot == '_' && next) {
		add_bytes(d, &fields[DNS_SRV_PROTO], dot, (size_t)(next - dot));
		left -= (size_t)(++next - dot);
		dot = next;
	}
	add_bytes(d, &fields[DNS_SRV_NAME], dot, left);
}

/* The name that a record is about. */
static void take_owner(struct dissect *d, const struct cur *msg, struct cur *c)
{
	struct shown name =
	    read_name(d, msg, c,
		      wants(d, &fields[DNS_RESP_NAME]) ||
			  wants_any(d, &fields[DNS_SRV_SERVICE],
				    DNS_SRV_NAME - DNS_SRV_SERVICE + 1));
	struct cur look = *c;

	if (!name.bytes)
		return;
	if (cur_be16(&look) == TYPE_SRV)
		add_service(d, name);
	else
		add_bytes(d, &fields[DNS_RESP_NAME], name.bytes, name.n);
}

/* ---- records ------------------------------------------------------------ */

static void take_question_name(struct dissect *d, const struct cur *msg,
			       struct cur *c)
{
	struct shown name =
	    read_name(d, msg, c,
		      wants_any(d, &fields[DNS_QRY_NAME],
				DNS_QRY_LABELS - DNS_QRY_NAME + 1));
	unsigned labels = 1;
	size_t i;

	if (!name.bytes)
		return;
	add_bytes(d, &fields[DNS_QRY_NAME], name.bytes, name.n);
	add_uint(d, &fields[DNS_QRY_NAME_LEN], name.n);
	if (!wants(d, &fields[DNS_QRY_LABELS]))
		return;
	for (i = 0; i < name.n; i++)
		labels += name.bytes[i] == '.';
	add_uint(d, &fields[DNS_QRY_LABELS], labels);
}

/* A question or a record that is not whole is not shown. */
static void decode_question(struct dissect *d, const struct cur *msg,
			    struct cur *c, bool multicast)
{
	unsigned class, before = d->n_values;

	take_question_name(d, msg, c);
	take(d, c, &fields[DNS_QRY_TYPE]);
	if (!cur_has(c, 2)) {
		d->n_values = before;
		return;
	}
	class = cur_be16(c);
	/* the highest bit: the answer may be unicast */
	add_uint(d, &fields[DNS_QRY_CLASS], multicast ? class & 0x7fff : class);
	if (multicast)
		add_bits(d, &fields[DNS_QRY_QU], class);
}

static void decode_texts(struct dissect *d, struct cur *c)
{
	while (c->state == CUR_OK && c->claim > 0) {
		unsigned n = (unsigned)take(d, c, &fields[DNS_TXT_LENGTH]);

		take_bytes(d, c, &fields[DNS_TXT], n);
	}
}

static void decode_soa(struct dissect *d, const struct cur *msg, struct cur *c)
{
	unsigned i;

	take_name(d, msg, c, &fields[DNS_SOA_MNAME]);
	take_name(d, msg, c, &fields[DNS_SOA_RNAME]);
	for (i = DNS_SOA_SERIAL; i <= DNS_SOA_MINIMUM; i++)
		take(d, c, &fields[i]);
}

static void take_seconds(struct dissect *d, struct cur *c,
			 const struct field *f)
{
	uint64_t seconds = cur_be32(c);

	if (c->state == CUR_OK)
		add_uint(d, f, seconds * 1000000000);
}

static void decode_signature(struct dissect *d, const struct cur *msg,
			     struct cur *c)
{
	unsigned i;

	for (i = DNS_SIG_TYPE; i <= DNS_SIG_TTL; i++)
		take(d, c, &fields[i]);
	take_seconds(d, c, &fields[DNS_SIG_EXPIRATION]);
	take_seconds(d, c, &fields[DNS_SIG_INCEPTION]);
	take(d, c, &fields[DNS_SIG_KEY_TAG]);
	take_name(d, msg, c, &fields[DNS_SIG_SIGNER]);
	take_bytes(d, c, &fields[DNS_SIG_SIGNATURE], cur_left(c));
}

/* Options of EDNS (RFC 6891). */
static void decode_edns(struct dissect *d, struct cur *c)
{
	unsigned len;

	while (c->state == CUR_OK && c->claim > 0) {
		take(d, c, &fields[DNS_OPT_CODE]);
		len = (unsigned)take(d, c, &fields[DNS_OPT_LEN]);
		if (len)
			take_bytes(d, c, &fields[DNS_OPT_DATA], len);
	}
}

static void decode_data(struct dissect *d, const struct cur *msg, struct cur *c,
			unsigned type)
{
	switch (type) {
	case TYPE_A:
		take(d, c, &fields[DNS_A]);
		break;
	case TYPE_AAAA:
		take(d, c, &fields[DNS_AAAA]);
		break;
	case TYPE_CNAME:
		take_name(d, msg, c, &fields[DNS_CNAME]);
		break;
	case TYPE_DNAME:
		take_name(d, msg, c, &fields[DNS_DNAME]);
		break;
	case TYPE_NS:
		take_name(d, msg, c, &fields[DNS_NS]);
		break;
	case TYPE_PTR:
		take_name(d, msg, c, &fields[DNS_PTR]);
		break;
	case TYPE_MX:
		take(d, c, &fields[DNS_MX_PREFERENCE]);
		take_name(d, msg, c, &fields[DNS_MX]);
		break;
	case TYPE_TXT:
		decode_texts(d, c);
		break;
	case TYPE_SRV:
		take(d, c, &fields[DNS_SRV_PRIORITY]);
		take(d, c, &fields[DNS_SRV_WEIGHT]);
		take(d, c, &fields[DNS_SRV_PORT]);
		take_name(d, msg, c, &fields[DNS_SRV_TARGET]);
		break;
	case TYPE_SOA:
		decode_soa(d, msg, c);
		break;
	case TYPE_NULL:
		take_bytes(d, c, &fields[DNS_NULL], cur_left(c));
		break;
	case TYPE_RRSIG:
		decode_signature(d, msg, c);
		break;
	case TYPE_OPT:
		decode_edns(d, c);
		break;
	}
}

/* What is special of OPT: its class and its time to live mean other things. */
static void decode_opt_head(struct dissect *d, struct cur *c, bool multicast)
{
	unsigned class = cur_be16(c), flags;

	add_uint(d, &fields[DNS_UDP_SIZE], multicast ? class & 0x7fff : class);
	if (multicast)
		add_bits(d, &fields[DNS_CACHE_FLUSH], class);
	d->layer->fact[FACT_EXT_RCODE] =
	    (uint32_t)take(d, c, &fields[DNS_EXT_RCODE]);
	take(d, c, &fields[DNS_EDNS_VERSION]);
	flags = (unsigned)take(d, c, &fields[DNS_EDNS_Z]);
	add_bits(d, &fields[DNS_EDNS_DO], flags);
	add_bits(d, &fields[DNS_EDNS_RESERVED], flags);
}

static void decode_class(struct dissect *d, struct cur *c, bool multicast)
{
	unsigned class;

	if (!cur_has(c, 2))
		return;
	class = cur_be16(c);
	add_uint(d, &fields[DNS_RESP_CLASS],
		 multicast ? class & 0x7fff : class);
	if (multicast)
		add_bits(d, &fields[DNS_CACHE_FLUSH], class);
	take(d, c, &fields[DNS_RESP_TTL]);
}

/* The record of this number. Data that is shorter than its type needs marks
   the record, and the next one follows where its length says. */
static void decode_record(struct dissect *d, const struct cur *msg,
			  struct cur *c, bool multicast, unsigned number)
{
	unsigned type, len, before = d->n_values;
	struct cur data;

	take_owner(d, msg, c);
	type = (unsigned)take(d, c, &fields[DNS_RESP_TYPE]);
	if (type == TYPE_OPT)
		decode_opt_head(d, c, multicast);
	else
		decode_class(d, c, multicast);
	len = (unsigned)take(d, c, &fields[DNS_RESP_LEN]);
	data = cur_part(c, len);
	if (c->state != CUR_OK || cur_left(&data) < len) {
		d->n_values = before;
		return;
	}
	/* RFC 2136: updates and their conditions are often without data */
	if (len == 0)
		return;
	decode_data(d, msg, &data, type);
	if (data.state == CUR_OK)
		return;
	if (number < 32)
		d->layer->fact[FACT_BAD_RECORDS] |= UINT32_C(1) << number;
	d->layer->fact[FACT_BAD] = 1;
}

enum variant { PLAIN, MULTICAST, LINK_LOCAL };

static void decode_flags(struct dissect *d, unsigned flags, enum variant as)
{
	bool response = flags & 0x8000;

	add_bits(d, &fields[DNS_RESPONSE], flags);
	add_bits(d, &fields[DNS_OPCODE], flags);
	add_bits(d, &fields[DNS_TRUNCATED], flags);
	if (as == LINK_LOCAL) {
		add_bits(d, &fields[DNS_CONFLICT], flags);
		add_bits(d, &fields[DNS_TENTATIVE], flags);
	} else {
		add_bits(d, &fields[DNS_RECDESIRED], flags);
		if (response) {
			add_bits(d, &fields[DNS_AUTHORITATIVE], flags);
			add_bits(d, &fields[DNS_RECAVAIL], flags);
		}
		add_bits(d, &fields[DNS_Z], flags);
		/* of questions it is worth a word when it is set */
		if (response || flags & 0x0020)
			add_bits(d, &fields[DNS_AUTHENTICATED], flags);
		add_bits(d, &fields[DNS_CHECKDISABLE], flags);
	}
	if (response)
		add_bits(d, &fields[DNS_RCODE], flags);
}

/* How many questions there are, and *records of all kinds. */
static unsigned take_counts(struct dissect *d, struct cur *c, bool update,
			    unsigned *records)
{
	const struct field *f = &fields[update ? DNS_ZONES : DNS_QUERIES];
	uint32_t *fact = d->layer->fact;
	unsigned questions = (unsigned)take(d, c, f);
	unsigned answers = (unsigned)take(d, c, f + 1);
	unsigned authorities = (unsigned)take(d, c, f + 2);
	unsigned more = (unsigned)take(d, c, &fields[DNS_ADD]);

	fact[FACT_QA] = questions << 16 | answers;
	fact[FACT_AA] = authorities << 16 | more;
	*records = answers + authorities + more;
	return questions;
}

static void decode_message(struct dissect *d, struct cur *c, enum variant as)
{
	enum { OPCODE = 0x7800, UPDATE = 5 << 11 };
	struct cur msg = *c;
	uint32_t *fact = d->layer->fact;
	unsigned questions, records, i, whole = (unsigned)c->claim;
	unsigned id = (unsigned)take(d, c, &fields[DNS_ID]);
	unsigned flags = (unsigned)take(d, c, &fields[DNS_FLAGS]);

	if (c->state != CUR_OK)
		return;
	decode_flags(d, flags, as);
	questions = take_counts(d, c, (flags & OPCODE) == UPDATE, &records);
	fact[FACT_FLAGS] = flags;
	fact[FACT_ID] = id;
	if (c->state == CUR_OK)
		fact[FACT_START] = whole;
	for (i = 0; i < questions && c->state == CUR_OK; i++)
		decode_question(d, &msg, c, as == MULTICAST);
	for (i = 0; i < records && c->state == CUR_OK; i++)
		decode_record(d, &msg, c, as == MULTICAST, i);
}

static bool port_is(const struct dissect *d, unsigned port)
{
	return d->layer[-1].id == PROTO_udp &&
	       (d->layer->key == port || d->layer[-1].fact[0] >> 16 == port);
}

/* A message of a stream, after its length; another layer for the next one. */
static void decode_stream(struct dissect *d, struct cur *c)
{
	unsigned len = (unsigned)take(d, c, &fields[DNS_LENGTH]);
	struct cur part;

	join_layer(d);
	if (c->state != CUR_OK)
		return;
	part = cur_part(c, len && len < c->claim ? len : c->claim);
	next_again(d, c);
	decode_message(d, &part, PLAIN);
	if (c->state == CUR_OK)
		c->state = part.state;
}

static bool message(struct cur c, struct framing *f)
{
	if (cur_left(&c) < 2)
		return false;
	f->size = 2 + (size_t)cur_be16(&c);
	return true;
}

static void decode(struct dissect *d, struct cur *c)
{
	enum variant as = port_is(d, PORT_MDNS)	   ? MULTICAST
			  : port_is(d, PORT_LLMNR) ? LINK_LOCAL
						   : PLAIN;
	if (as != PLAIN)
		d->layer->name = as == MULTICAST ? "mdns" : "llmnr";
	if (d->layer->via == KEY_TCP_PORT)
		decode_stream(d, c);
	else
		decode_message(d, c, as);
	if (d->layer->fact[FACT_BAD])
		cur_bad(c);
}

/* On other ports: a query or a response of one question for a plain name. */
static bool guess(struct cur c)
{
	unsigned flags, queries, records, answers, len, n = 0;

	cur_skip(&c, 2);
	flags = cur_be16(&c);
	queries = cur_be16(&c);
	answers = cur_be16(&c);
	records = answers + cur_be16(&c);
	records += cur_be16(&c);
	if (c.state != CUR_OK || flags & 0x7840 || queries != 1 ||
	    6 + 11 * records > c.claim || (!(flags & 0x8000) && answers))
		return false;
	while ((len = cur_u8(&c)) > 0) {
		const uint8_t *p = cur_bytes(&c, len);

		if (len >= 0x40 || !p || (n += len + 1) > DNSNAME_MOST)
			return false;
		while (len--)
			if (p[len] <= ' ' || p[len] > '~')
				return false;
	}
	cur_skip(&c, 2);
	len = cur_be16(&c); /* its class */
	return c.state == CUR_OK && (len == 1 || len == 3 || len == 255);
}

/* Over TCP: does the length suit the header? */
static bool fits(struct cur c)
{
	size_t len = cur_be16(&c), flags, need;

	cur_skip(&c, 2);
	flags = cur_be16(&c);
	need = 12 + 5 * cur_be16(&c);
	need += 11 * cur_be16(&c);
	need += 11 * cur_be16(&c);
	need += 11 * cur_be16(&c);
	/* what is not there is 0 */
	return !(flags & 0x40) && (flags >> 11 & 15) <= 6 &&
	       (c.state != CUR_OK || need <= len);
}

static const struct key keys[] = {{KEY_UDP_PORT, 53},
				  {KEY_TCP_PORT, 53},
				  {KEY_UDP_PORT, PORT_MDNS},
				  {KEY_UDP_PORT, PORT_LLMNR},
				  {KEY_UDP_GUESS, 1}};

const struct proto proto_dns = {
    "dns",
    "Domain Name System",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = dns_summary,
    .pdu_length = message,
    .fits = fits,
    .guess = guess,
};
