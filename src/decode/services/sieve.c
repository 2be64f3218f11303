/* ManageSieve (RFC 5804): lines, and literals between them. */
#include "decode/lib/starttls.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

static void decode(struct dissect *d, struct cur *c)
{
	(void)d;
	(void)c;
}

static void summary(struct summary *l)
{
	starttls_line(l, "Sieve");
}

static void follow(struct app_message *f)
{
	starttls_follow(f, "STARTTLS", "OK", false);
}

static const uint8_t leads[] = {PROTO_tls, PROTO_NONE};
static const struct key keys[] = {{KEY_TCP_PORT, 4190}};

const struct proto proto_sieve = {
    "sieve",
    "ManageSieve",
    PROTO_KEYS(keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
    .pdu_length = starttls_message,
    .on_message = follow,
};
