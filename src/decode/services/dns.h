/*
 * Domain names in two parts: what is read of a message (dns.c), and how a line
 * says it (dns_line.c).
 */
#ifndef DECODE_SERVICES_DNS_H
#define DECODE_SERVICES_DNS_H

#include "decode/engine/summary.h"

/* The fields, in the order of their table. */
enum {
	DNS_LENGTH,
	DNS_ID,
	DNS_FLAGS,
	DNS_RESPONSE,
	DNS_OPCODE,
	DNS_AUTHORITATIVE,
	DNS_TRUNCATED,
	DNS_RECDESIRED,
	DNS_RECAVAIL,
	DNS_CONFLICT,
	DNS_TENTATIVE,
	DNS_Z,
	DNS_AUTHENTICATED,
	DNS_CHECKDISABLE,
	DNS_RCODE,
	DNS_QUERIES,
	DNS_ANSWERS,
	DNS_AUTH,
	DNS_ADD,
	DNS_ZONES, /* of updates, in place of the first three */
	DNS_PREREQUISITES,
	DNS_UPDATES,
	DNS_QRY_NAME,
	DNS_QRY_NAME_LEN,
	DNS_QRY_LABELS,
	DNS_QRY_TYPE,
	DNS_QRY_CLASS,
	DNS_QRY_QU,
	DNS_RESP_NAME,
	DNS_RESP_TYPE,
	DNS_RESP_CLASS,
	DNS_CACHE_FLUSH,
	DNS_RESP_TTL,
	DNS_RESP_LEN,
	DNS_A,
	DNS_AAAA,
	DNS_CNAME,
	DNS_DNAME,
	DNS_NS,
	DNS_PTR,
	DNS_MX_PREFERENCE,
	DNS_MX,
	DNS_TXT,
	DNS_TXT_LENGTH,
	DNS_SRV_SERVICE,
	DNS_SRV_PROTO,
	DNS_SRV_NAME,
	DNS_SRV_PRIORITY,
	DNS_SRV_WEIGHT,
	DNS_SRV_PORT,
	DNS_SRV_TARGET,
	DNS_SOA_MNAME,
	DNS_SOA_RNAME,
	DNS_SOA_SERIAL,
	DNS_SOA_REFRESH,
	DNS_SOA_RETRY,
	DNS_SOA_EXPIRE,
	DNS_SOA_MINIMUM,
	DNS_NULL,
	DNS_SIG_TYPE,
	DNS_SIG_ALGORITHM,
	DNS_SIG_LABELS,
	DNS_SIG_TTL,
	DNS_SIG_EXPIRATION,
	DNS_SIG_INCEPTION,
	DNS_SIG_KEY_TAG,
	DNS_SIG_SIGNER,
	DNS_SIG_SIGNATURE,
	DNS_UDP_SIZE,
	DNS_EXT_RCODE,
	DNS_EDNS_VERSION,
	DNS_EDNS_Z,
	DNS_EDNS_DO,
	DNS_EDNS_RESERVED,
	DNS_OPT_CODE,
	DNS_OPT_LEN,
	DNS_OPT_DATA,
};

enum {
	TYPE_A = 1,
	TYPE_NS = 2,
	TYPE_CNAME = 5,
	TYPE_SOA = 6,
	TYPE_NULL = 10,
	TYPE_PTR = 12,
	TYPE_MX = 15,
	TYPE_TXT = 16,
	TYPE_AAAA = 28,
	TYPE_SRV = 33,
	TYPE_DNAME = 39,
	TYPE_OPT = 41,
	TYPE_RRSIG = 46,
};

/* What dns_summary() gets beside the values. */
enum {
	FACT_ID,
	FACT_FLAGS,
	FACT_QA, /* counts of questions and answers, 16 bits each */
	FACT_AA, /* of authorities and additional records */
	FACT_START,
	FACT_BAD,	  /* 1: something contradicts itself */
	FACT_BAD_RECORDS, /* a bit for each of the first 32 records */
	FACT_EXT_RCODE,	  /* the higher 8 bits of the reply code (OPT) */
};

extern const struct names dns_type_names[], dns_rcode_names[],
    dns_class_names[];

void dns_summary(struct summary *l);

#endif
