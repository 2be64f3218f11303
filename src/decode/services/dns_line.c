/* The line of a domain name message, as tcpdump says it. */
#include "decode/services/dns.h"

#include <string.h>

const struct names dns_type_names[] = {
    {TYPE_A, "A"},	{TYPE_NS, "NS"},     {TYPE_CNAME, "CNAME"},
    {TYPE_SOA, "SOA"},	{TYPE_NULL, "NULL"}, {TYPE_PTR, "PTR"},
    {13, "HINFO"},	{TYPE_MX, "MX"},     {TYPE_TXT, "TXT"},
    {17, "RP"},		{18, "AFSDB"},	     {24, "SIG"},
    {25, "KEY"},	{TYPE_AAAA, "AAAA"}, {29, "LOC"},
    {TYPE_SRV, "SRV"},	{35, "NAPTR"},	     {36, "KX"},
    {37, "CERT"},	{39, "DNAME"},	     {TYPE_OPT, "OPT"},
    {43, "DS"},		{44, "SSHFP"},	     {TYPE_RRSIG, "RRSIG"},
    {47, "NSEC"},	{48, "DNSKEY"},	     {50, "NSEC3"},
    {51, "NSEC3PARAM"}, {52, "TLSA"},	     {64, "SVCB"},
    {65, "HTTPS"},	{99, "SPF"},	     {249, "TKEY"},
    {250, "TSIG"},	{251, "IXFR"},	     {252, "AXFR"},
    {255, "ANY"},	{256, "URI"},	     {257, "CAA"},
    {0, NULL},
};

const struct names dns_rcode_names[] = {
    {0, "NoError"}, {1, "FormErr"}, {2, "ServFail"}, {3, "NXDomain"},
    {4, "NotImp"},  {5, "Refused"}, {6, "YXDomain"}, {7, "YXRRSet"},
    {8, "NXRRSet"}, {9, "NotAuth"}, {10, "NotZone"}, {0, NULL}};

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
	case DNS_NS:
	case DNS_PTR:
	case DNS_MX:
	case DNS_SRV_TARGET:
		summary_puts(l, " ");
		name_line(l, v);
		break;
	case DNS_TXT:
		summary_puts(l, " \"");
		summary_text(l, v);
		summary_puts(l, "\"");
		break;
	case DNS_UDP_SIZE:
		summary_printf(l, " UDPsize=%u", (unsigned)v->num);
		break;
	}
}

/* What a record has before its name, but a line has behind it. */
static void behind_line(struct summary *l, const struct value *v,
			const struct value *end)
{
	unsigned preference = 0, priority = 0, weight = 0, port = 0;
	bool mx = false, srv = false;

	for (; v < end && summary_index(l, v) != DNS_RESP_TYPE; v++) {
		switch (summary_index(l, v)) {
		case DNS_MX_PREFERENCE:
			preference = (unsigned)v->num;
			mx = true;
			break;
		case DNS_SRV_PRIORITY:
			priority = (unsigned)v->num;
			break;
		case DNS_SRV_WEIGHT:
			weight = (unsigned)v->num;
			break;
		case DNS_SRV_PORT:
			port = (unsigned)v->num;
			srv = true;
			break;
		}
	}
	if (mx)
		summary_printf(l, " %u", preference);
	if (srv)
		summary_printf(l, ":%u %u %u", port, priority, weight);
}

static void answers_line(struct summary *l, unsigned answers)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const struct value *record = NULL;
	unsigned n = 0;

	for (; v < end; v++) {
		if (summary_index(l, v) == DNS_RESP_TYPE) {
			if (record)
				behind_line(l, record, end);
			record = NULL;
			if (++n > answers)
				return;
			record = v + 1;
			summary_puts(l, n > 1 ? ", " : " ");
			type_line(l, (unsigned)v->num);
		} else if (n) {
			value_line(l, v);
		}
	}
	if (record)
		behind_line(l, record, end);
}

static void question_line(struct summary *l)
{
	const struct value *name = summary_value(l, DNS_QRY_NAME);
	const struct value *type = summary_value(l, DNS_QRY_TYPE);

	if (!name || !type)
		return;
	summary_puts(l, " ");
	type_line(l, (unsigned)type->num);
	if (!strcmp(l->layer->name, "mdns"))
		summary_puts(l, " (QM)");
	summary_puts(l, "? ");
	name_line(l, name);
}

void dns_summary(struct summary *l)
{
	static const char *const ops[16] = {"",	    " inv_q",  " stat",
					    " op3", " notify", " update",
					    " op6", " op7"};
	const uint32_t *fact = l->layer->fact;
	unsigned flags = fact[FACT_FLAGS], op = flags >> 11 & 15;
	unsigned questions = fact[FACT_QA] >> 16,
		 answers = fact[FACT_QA] & 0xffff;
	unsigned rcode = flags & 15;

	if (!fact[FACT_START]) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "%u%s", fact[FACT_ID], ops[op] ? ops[op] : " op");
	if (flags & 0x8000) {
		if (rcode)
			summary_printf(
			    l, " %s", names_or(dns_rcode_names, rcode, "Resp"));
		summary_printf(l, "%s%s%s%s", flags & 0x0400 ? "*" : "",
			       flags & 0x0080 ? "" : "-",
			       flags & 0x0200 ? "|" : "",
			       flags & 0x0020 ? "$" : "");
		if (questions != 1)
			summary_printf(l, " [%uq]", questions);
		summary_printf(l, " %u/%u/%u", answers, fact[FACT_AA] >> 16,
			       fact[FACT_AA] & 0xffff);
		answers_line(l, answers);
	} else {
		summary_printf(l, "%s%s", flags & 0x0100 ? "+" : "",
			       flags & 0x0010 ? "%" : "");
		if (flags & 0x06cf)
			summary_printf(l, " [b2&3=0x%x]", flags & 0x06cf);
		if (answers)
			summary_printf(l, " [%ua]", answers);
		if (questions != 1)
			summary_printf(l, " [%uq]", questions);
		if (fact[FACT_AA] >> 16)
			summary_printf(l, " [%un]", fact[FACT_AA] >> 16);
		if (fact[FACT_AA] & 0xffff)
			summary_printf(l, " [%uau]", fact[FACT_AA] & 0xffff);
		question_line(l);
	}
	summary_mark(l);
	summary_printf(l, " (%u)", fact[FACT_START]);
}
