/* NNTP (RFC 3977): lines; articles between them. TLS by RFC 4642. */
#include "decode/lib/rows.h"
#include "decode/lib/starttls.h"
#include "decode/proto_ids.h"

enum { NNTP_REQUEST, NNTP_RESPONSE };

static const struct field fields[] = {
    [NNTP_REQUEST] = FLAG("nntp.request", "Request", 0, 0),
    [NNTP_RESPONSE] = FLAG("nntp.response", "Response", 0, 0),
};

static void decode(struct dissect *d, struct cur *c)
{
	bool request = to_server(d);

	add_uint(d, &fields[request ? NNTP_REQUEST : NNTP_RESPONSE], 1);
	(void)c;
}

static void summary(struct summary *l)
{
	starttls_line(l, "NNTP");
}

static void follow(struct app_message *f)
{
	starttls_follow(f, "STARTTLS", "382", false);
}

static const uint8_t leads[] = {PROTO_tls, PROTO_NONE};
static const struct key keys[] = {{KEY_TCP_PORT, 119}};

const struct proto proto_nntp = {
    "nntp",
    "Network News Transfer Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
    .pdu_length = starttls_message,
    .on_message = follow,
};
