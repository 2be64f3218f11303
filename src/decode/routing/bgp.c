/*
 * BGP-4 (RFC 4271): all messages, path attributes, prefixes; with
 * capabilities (RFC 5492), other address families (RFC 4760) and route refresh
 * (RFC 2918).
 *
 *	marker (16), length (2), type (1), then what the type has
 */
#include "decode/routing/bgp.h"

/* Graceful restart (RFC 4724). */
static void decode_restart(struct dissect *d, struct cur *c)
{
	take_bits(d, c, &bgp_fields[BGP_CAP_GR_TIMERS],
		  &bgp_fields[BGP_CAP_GR_TIME]);
	while (c->state == CUR_OK && c->claim >= 4) {
		take_rows(d, c, &bgp_fields[BGP_CAP_GR_AFI],
			  &bgp_fields[BGP_CAP_GR_SAFI]);
		take_bits(d, c, &bgp_fields[BGP_CAP_GR_FLAG],
			  &bgp_fields[BGP_CAP_GR_PRESERVED]);
	}
}

static void decode_capability(struct dissect *d, struct cur *c)
{
	unsigned type = (unsigned)take(d, c, &bgp_fields[BGP_CAP_TYPE]);
	struct cur body =
	    cur_part(c, (size_t)take(d, c, &bgp_fields[BGP_CAP_LENGTH]));

	if (type == CAP_MULTIPROTOCOL) {
		take(d, &body, &bgp_fields[BGP_CAP_MP_AFI]);
		take(d, &body, &bgp_fields[BGP_CAP_RESERVED]);
		take(d, &body, &bgp_fields[BGP_CAP_MP_SAFI]);
	} else if (type == CAP_RESTART) {
		decode_restart(d, &body);
	} else if (type == CAP_ADD_PATH) {
		while (body.state == CUR_OK && body.claim >= 4)
			take_rows(d, &body, &bgp_fields[BGP_CAP_AP_AFI],
				  &bgp_fields[BGP_CAP_AP_SENDRECEIVE]);
	} else if (type == CAP_FOUR_OCTET_AS) {
		take(d, &body, &bgp_fields[BGP_CAP_4AS]);
	}
}

static void decode_open(struct dissect *d, struct cur *c)
{
	struct cur params, body;
	unsigned type;

	take_rows(d, c, &bgp_fields[BGP_OPEN_VERSION],
		  &bgp_fields[BGP_OPEN_IDENTIFIER]);
	params = cur_part(c, (size_t)take(d, c, &bgp_fields[BGP_OPEN_OPT_LEN]));
	while (params.state == CUR_OK && params.claim >= 2) {
		type = (unsigned)take(d, &params,
				      &bgp_fields[BGP_OPEN_OPT_PARAM_TYPE]);
		body = cur_part(
		    &params, (size_t)take(d, &params,
					  &bgp_fields[BGP_OPEN_OPT_PARAM_LEN]));
		while (type == PARAM_CAPABILITIES && body.state == CUR_OK &&
		       body.claim >= 2)
			decode_capability(d, &body);
	}
}

static void decode_notification(struct dissect *d, struct cur *c)
{
	unsigned major, minor, field, len;

	major = (unsigned)take(d, c, &bgp_fields[BGP_NOTIFY_MAJOR_ERROR]);
	if (!cur_has(c, 1))
		return;
	minor = cur_u8(c);
	field = major == ERROR_OPEN	? BGP_MINOR_OPEN
		: major == ERROR_UPDATE ? BGP_MINOR_UPDATE
		: major == ERROR_CEASE	? BGP_MINOR_CEASE
					: BGP_NOTIFY_MINOR_ERROR;
	add_uint(d, &bgp_fields[field], minor);
	/* why it was shut down or reset (RFC 8203) */
	if (major == ERROR_CEASE && (minor == 2 || minor == 4) && c->claim) {
		len = (unsigned)take(
		    d, c, &bgp_fields[BGP_NOTIFY_COMMUNICATION_LENGTH]);
		if (len > 0)
			take_bytes(d, c, &bgp_fields[BGP_NOTIFY_COMMUNICATION],
				   len);
	}
}

static void decode_message(struct dissect *d, struct cur *c, unsigned type)
{
	switch (type) {
	case OPEN:
		decode_open(d, c);
		break;
	case UPDATE:
		bgp_update(d, c);
		break;
	case NOTIFICATION:
		decode_notification(d, c);
		break;
	case ROUTE_REFRESH:
		take_rows(d, c, &bgp_fields[BGP_ROUTE_REFRESH_AFI],
			  &bgp_fields[BGP_ROUTE_REFRESH_SAFI]);
		break;
	}
}

/* Does a message start here? The beginning of the marker will do: others count
   on the length. */
static bool starts(struct cur look)
{
	const uint8_t *p = cur_bytes(&look, MARKER_LEN);
	unsigned i;

	for (i = 0; p && i < MARKER_LEN / 4; i++)
		if (p[i] != 0xff)
			return false;
	return p && cur_be16(&look) >= HEADER_LEN && look.state == CUR_OK;
}

/* How many bytes lie before the next whole marker: all, if there is none. */
static size_t before_marker(const struct cur *c)
{
	size_t n = cur_left(c), i, run = 0;

	for (i = 0; i < n; i++) {
		run = cur_peek8(c, i) == 0xff ? run + 1 : 0;
		if (run == MARKER_LEN && n - i > HEADER_LEN - MARKER_LEN)
			return i + 1 - MARKER_LEN;
	}
	return n;
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned len, type;
	struct cur body;

	if (!starts(*c))
		cur_skip(c, before_marker(c));
	while (c->state == CUR_OK && c->claim >= HEADER_LEN && starts(*c)) {
		take(d, c, &bgp_fields[BGP_MARKER]);
		len = (unsigned)take(d, c, &bgp_fields[BGP_LENGTH]);
		type = (unsigned)take(d, c, &bgp_fields[BGP_TYPE]);
		len -= HEADER_LEN;
		/* its rest may be in the next segment */
		body = cur_part(c, len < c->claim ? len : c->claim);
		decode_message(d, &body, type);
	}
}

static bool message(struct cur c, struct framing *f)
{
	if (cur_left(&c) < HEADER_LEN)
		return false;
	if (!starts(c)) {
		f->size = before_marker(&c);
		return true;
	}
	cur_skip(&c, MARKER_LEN);
	f->size = cur_be16(&c);
	return true;
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *before = "BGP: ";

	for (; v < end; v++) {
		if (summary_index(l, v) == BGP_TYPE) {
			summary_printf(
			    l, "%s%s", before,
			    names_or(bgp_type_names, v->num, "Unknown"));
			before = ", ";
		} else if (summary_index(l, v) == BGP_NOTIFY_MAJOR_ERROR) {
			summary_printf(
			    l, " (%s)",
			    names_or(bgp_error_names, v->num, "Unknown"));
		}
	}
	if (*before == 'B')
		summary_puts(l, "BGP");
	summary_mark(l);
}

static const struct key keys[] = {{KEY_TCP_PORT, PORT}};

const struct proto proto_bgp = {
    "bgp",
    "Border Gateway Protocol",
    PROTO_TABLES(bgp_fields, keys),
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
};
