/* The line of a domain name message, as tcpdump says it. */
#include "decode/services/dns.h"

#include <string.h>

#include "base/array.h"

const struct names dns_type_names[] = {
    {1, "A"},	      {2, "NS"},	  {3, "MD"},	    {4, "MF"},
    {5, "CNAME"},     {6, "SOA"},	  {7, "MB"},	    {8, "MG"},
    {9, "MR"},	      {10, "NULL"},	  {11, "WKS"},	    {12, "PTR"},
    {13, "HINFO"},    {14, "MINFO"},	  {15, "MX"},	    {16, "TXT"},
    {17, "RP"},	      {18, "AFSDB"},	  {19, "X25"},	    {20, "ISDN"},
    {21, "RT"},	      {22, "NSAP"},	  {23, "NSAP_PTR"}, {24, "SIG"},
    {25, "KEY"},      {26, "PX"},	  {27, "GPOS"},	    {28, "AAAA"},
    {29, "LOC"},      {30, "NXT"},	  {31, "EID"},	    {32, "NIMLOC"},
    {33, "SRV"},      {34, "ATMA"},	  {35, "NAPTR"},    {36, "KX"},
    {37, "CERT"},     {38, "A6"},	  {39, "DNAME"},    {40, "SINK"},
    {41, "OPT"},      {42, "APL"},	  {43, "DS"},	    {44, "SSHFP"},
    {45, "IPSECKEY"}, {46, "RRSIG"},	  {47, "NSEC"},	    {48, "DNSKEY"},
    {50, "NSEC3"},    {51, "NSEC3PARAM"}, {52, "TLSA"},	    {64, "SVCB"},
    {65, "HTTPS"},    {99, "SPF"},	  {100, "UINFO"},   {101, "UID"},
    {102, "GID"},     {103, "UNSPEC"},	  {104, "UNSPECA"}, {249, "TKEY"},
    {250, "TSIG"},    {251, "IXFR"},	  {252, "AXFR"},    {253, "MAILB"},
    {254, "MAILA"},   {255, "ANY"},	  {256, "URI"},	    {257, "CAA"},
    {0, NULL}};

const struct names dns_class_names[] = {
    {1, "IN"}, {3, "CHAOS"}, {4, "HS"}, {255, "ANY"}, {0, NULL}};

const struct names dns_rcode_names[] = {
    {0, "NoError"}, {1, "FormErr"}, {2, "ServFail"}, {3, "NXDomain"},
    {4, "NotImp"},  {5, "Refused"}, {6, "YXDomain"}, {7, "YXRRSet"},
    {8, "NXRRSet"}, {9, "NotAuth"}, {10, "NotZone"}, {0, NULL}};

/* With the higher bits that OPT has (RFC 6895). */
static const struct names more_rcode_names[] = {
    {15, "NoChange"}, {16, "BadVers"}, {23, "BadCookie"}, {0, NULL}};

/* What a line says of one record. */
struct record {
	const struct value *owner[3];	 /* parts of its name, or NULL */
	const struct value *first, *end; /* what follows its type */
	unsigned type, class;
	bool flush, bad;
};

static void name_line(struct summary *l, const struct value *v)
{
	if (v->len == 6 && !memcmp(v->bytes, "<Root>", 6)) {
		summary_puts(l, ".");
		return;
	}
	summary_text(l, v);
	summary_puts(l, ".");
}

static void type_line(struct summary *l, unsigned type)
{
	const char *name = names_get(dns_type_names, type);

	if (name)
		summary_puts(l, name);
	else
		summary_printf(l, "Type%u", type);
}

static void class_line(struct summary *l, unsigned class)
{
	const char *name = names_get(dns_class_names, class);

	if (class == 1)
		return;
	if (name)
		summary_printf(l, " %s", name);
	else
		summary_printf(l, " (Class %u)", class);
}

static void value_line(struct summary *l, const struct value *v)
{
	switch (summary_index(l, v)) {
	case DNS_A:
		summary_puts(l, " ");
		summary_ip4(l, (uint32_t)v->num);
		break;
	case DNS_AAAA:
		summary_puts(l, " ");
		summary_ip(l, v->bytes, 16);
		break;
	case DNS_CNAME:
	case DNS_DNAME:
	case DNS_NS:
	case DNS_PTR:
	case DNS_MX:
	case DNS_SRV_TARGET:
	case DNS_SOA_MNAME:
	case DNS_SOA_RNAME:
		summary_puts(l, " ");
		name_line(l, v);
		break;
	case DNS_SOA_SERIAL:
	case DNS_SOA_REFRESH:
	case DNS_SOA_RETRY:
	case DNS_SOA_EXPIRE:
	case DNS_SOA_MINIMUM:
		summary_puts(l, " ");
		summary_dec(l, v->num);
		break;
	case DNS_TXT:
		summary_puts(l, " \"");
		summary_text(l, v);
		summary_puts(l, "\"");
		break;
	case DNS_UDP_SIZE:
		summary_printf(l, " UDPsize=%u", (unsigned)v->num);
		break;
	case DNS_EDNS_DO:
		if (v->num)
			summary_puts(l, " DO");
		break;
	}
}

/* What a record has before its name, but a line after it. */
static void after_name_line(struct summary *l, const struct record *r)
{
	const struct value *v, *have[DNS_SRV_PORT + 1] = {NULL};

	if (r->type != TYPE_MX && r->type != TYPE_SRV)
		return;
	for (v = r->first; v < r->end; v++)
		if (summary_index(l, v) <= DNS_SRV_PORT)
			have[summary_index(l, v)] = v;
	if (have[DNS_MX_PREFERENCE])
		summary_printf(l, " %u",
			       (unsigned)have[DNS_MX_PREFERENCE]->num);
	if (have[DNS_SRV_PRIORITY] && have[DNS_SRV_WEIGHT] &&
	    have[DNS_SRV_PORT])
		summary_printf(l, ":%u %u %u",
			       (unsigned)have[DNS_SRV_PORT]->num,
			       (unsigned)have[DNS_SRV_PRIORITY]->num,
			       (unsigned)have[DNS_SRV_WEIGHT]->num);
}

/* The record that starts at v, where a name or a type is; returns where the
   next one starts. */
static const struct value *read_record(const struct summary *l,
				       const struct value *v,
				       const struct value *end,
				       struct record *r)
{
	unsigned n = 0, index;

	*r = (struct record){.class = 1};
	for (; v < end && summary_index(l, v) != DNS_RESP_TYPE; v++)
		if (n < 3)
			r->owner[n++] = v;
	if (v == end)
		return v;
	r->type = (unsigned)v->num;
	for (r->first = ++v; v < end; v++) {
		index = summary_index(l, v);
		if (index == DNS_RESP_CLASS)
			r->class = (unsigned)v->num;
		else if (index == DNS_CACHE_FLUSH)
			r->flush = v->num;
		else if (index == DNS_RESP_NAME || index == DNS_RESP_TYPE ||
			 (index >= DNS_SRV_SERVICE && index <= DNS_SRV_NAME))
			break;
	}
	r->end = v;
	return v;
}

/* "1h2m3s" */
static void time_line(struct summary *l, uint32_t seconds)
{
	static const struct {
		uint32_t size;
		char unit;
	} units[] = {
	    {604800, 'w'}, {86400, 'd'}, {3600, 'h'}, {60, 'm'}, {1, 's'}};
	unsigned i;

	if (seconds == 0)
		summary_puts(l, "0s");
	for (i = 0; i < ARRAY_LEN(units); i++) {
		if (seconds >= units[i].size)
			summary_printf(l, "%u%c", seconds / units[i].size,
				       units[i].unit);
		seconds %= units[i].size;
	}
}

static void owner_line(struct summary *l, const struct record *r)
{
	unsigned i;

	for (i = 0; i < 3 && r->owner[i]; i++) {
		summary_puts(l, i ? "" : " ");
		name_line(l, r->owner[i]);
	}
}

static void ttl_line(struct summary *l, const struct record *r)
{
	const struct value *v;

	for (v = r->first; v < r->end; v++)
		if (summary_index(l, v) == DNS_RESP_TTL) {
			summary_puts(l, " [");
			time_line(l, (uint32_t)v->num);
			summary_puts(l, "]");
		}
}

static void record_line(struct summary *l, const struct record *r)
{
	const struct value *v;

	if (l->o->verbose)
		owner_line(l, r);
	if (r->flush)
		summary_puts(l, " (Cache flush)");
	if (r->type != TYPE_OPT)
		class_line(l, r->class);
	if (l->o->verbose > 2)
		ttl_line(l, r);
	summary_puts(l, " ");
	type_line(l, r->type);
	for (v = r->first; v < r->end; v++)
		value_line(l, v);
	after_name_line(l, r);
	if (r->bad)
		summary_puts(l, " [|dns]");
}

/* The records in turn, and what is shown of them. */
struct records {
	const struct value *at, *end;
	unsigned number;
	bool marked; /* one of those shown was marked */
};

static void records_open(const struct summary *l, struct records *records)
{
	unsigned index;

	*records = (struct records){
	    .at = l->d->values + l->layer->first,
	    .end = l->d->values + l->layer->end,
	};
	for (; records->at < records->end; records->at++) {
		index = summary_index(l, records->at);
		if (index == DNS_RESP_NAME || index == DNS_RESP_TYPE ||
		    (index >= DNS_SRV_SERVICE && index <= DNS_SRV_NAME))
			return;
	}
}

/* The next n of them, after a title if there are any. */
static void section_line(struct summary *l, struct records *records,
			 const char *title, unsigned n)
{
	uint32_t bad = l->layer->fact[FACT_BAD_RECORDS];
	struct record r;
	unsigned i;

	if (n && records->at < records->end)
		summary_puts(l, title);
	for (i = 0; i < n && records->at < records->end; i++) {
		records->at = read_record(l, records->at, records->end, &r);
		if (!r.first)
			return;
		r.bad = records->number < 32 && bad >> records->number & 1;
		records->number++;
		records->marked |= r.bad;
		if (i)
			summary_puts(l, ",");
		record_line(l, &r);
	}
}

/* The questions with what comes before the first one, and the others. */
static void questions_line(struct summary *l, const char *before,
			   const char *between)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const struct value *name = NULL, *type = NULL, *class;
	bool mdns = !strcmp(l->layer->name, "mdns"), first = true;

	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case DNS_QRY_NAME:
			name = v;
			continue;
		case DNS_QRY_TYPE:
			type = v;
			continue;
		case DNS_QRY_CLASS:
			break;
		default:
			continue;
		}
		if (!name || !type)
			return;
		class = v;
		summary_puts(l, first ? before : between);
		first = false;
		type_line(l, (unsigned)type->num);
		if (mdns)
			summary_puts(l, v + 1 < end &&
						summary_index(l, v + 1) ==
						    DNS_QRY_QU &&
						v[1].num
					    ? " (QU)"
					    : " (QM)");
		class_line(l, (unsigned)class->num);
		summary_puts(l, "? ");
		name_line(l, name);
		name = type = NULL;
	}
}

static void code_line(struct summary *l)
{
	unsigned rcode = (l->layer->fact[FACT_FLAGS] & 15) |
			 l->layer->fact[FACT_EXT_RCODE] << 4;
	const char *name = names_get(dns_rcode_names, rcode);

	if (!name)
		name = names_get(more_rcode_names, rcode);
	if (rcode == 0)
		return;
	if (name)
		summary_printf(l, " %s", name);
	else
		summary_printf(l, " Resp%u", rcode);
}

static bool response_line(struct summary *l, unsigned flags, unsigned questions)
{
	const uint32_t *fact = l->layer->fact;
	unsigned answers = fact[FACT_QA] & 0xffff, i;
	struct records records;

	code_line(l);
	summary_printf(l, "%s%s%s%s", flags & 0x0400 ? "*" : "",
		       flags & 0x0080 ? "" : "-", flags & 0x0200 ? "|" : "",
		       flags & 0x0020 ? "$" : "");
	if (questions != 1)
		summary_printf(l, " [%uq]", questions);
	if (l->o->verbose > 1)
		questions_line(l, " q: ", ", q: ");
	else
		for (i = 1; i < questions && i < 64; i++)
			summary_puts(l, ",");
	summary_printf(l, " %u/%u/%u", answers, fact[FACT_AA] >> 16,
		       fact[FACT_AA] & 0xffff);
	records_open(l, &records);
	section_line(l, &records, "", answers);
	if (l->o->verbose > 1) {
		section_line(l, &records, " ns:", fact[FACT_AA] >> 16);
		section_line(l, &records, " ar:", fact[FACT_AA] & 0xffff);
	}
	return records.marked;
}

static void counts_line(struct summary *l, bool inverse, unsigned questions,
			unsigned answers)
{
	uint32_t more = l->layer->fact[FACT_AA];

	if (inverse && questions)
		summary_printf(l, " [%uq]", questions);
	if (inverse ? answers != 1 : answers)
		summary_printf(l, " [%ua]", answers);
	if (!inverse && questions != 1)
		summary_printf(l, " [%uq]", questions);
	if (more >> 16)
		summary_printf(l, " [%un]", more >> 16);
	if (more & 0xffff)
		summary_printf(l, " [%uau]", more & 0xffff);
}

static bool query_line(struct summary *l, unsigned flags, unsigned questions)
{
	const uint32_t *fact = l->layer->fact;
	unsigned answers = fact[FACT_QA] & 0xffff;
	struct records records;

	summary_printf(l, "%s%s", flags & 0x0100 ? "+" : "",
		       flags & 0x0010 ? "%" : "");
	if (flags & 0x06cf)
		summary_printf(l, " [b2&3=0x%x]", flags);
	counts_line(l, (flags >> 11 & 15) == 1, questions, answers);
	questions_line(l, " ", " ");
	records_open(l, &records);
	if (l->o->verbose > 1) {
		section_line(l, &records, "", answers);
		section_line(l, &records, " ns:", fact[FACT_AA] >> 16);
		section_line(l, &records, " ar:", fact[FACT_AA] & 0xffff);
	}
	return records.marked;
}

void dns_summary(struct summary *l)
{
	static const char *const ops[16] = {
	    "",		" inv_q",    " stat",	  " op3",
	    " notify",	" update",   " op6",	  " op7",
	    " op8",	" updateA",  " updateD",  " updateDA",
	    " updateM", " updateMA", " zoneInit", " zoneRef"};
	const uint32_t *fact = l->layer->fact;
	unsigned flags = fact[FACT_FLAGS], questions = fact[FACT_QA] >> 16;
	bool marked;

	if (!fact[FACT_START]) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "%u%s", fact[FACT_ID], ops[flags >> 11 & 15]);
	marked = flags & 0x8000 ? response_line(l, flags, questions)
				: query_line(l, flags, questions);
	if (!marked)
		summary_mark(l);
	summary_printf(l, " (%u)", fact[FACT_START]);
}
