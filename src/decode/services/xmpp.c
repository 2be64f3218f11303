/* XMPP (RFC 6120): a stream of XML. TLS is asked for by an element starttls,
   and begins after the element proceed. */
#include "decode/lib/starttls.h"
#include "decode/lib/textline.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

static bool guess(struct cur c)
{
	return text_starts(&c, "<?xml version='1.0'?><stream:stream") ||
	       text_starts(&c, "<?xml version=\"1.0\"?><stream:stream") ||
	       text_starts(&c, "<stream:stream");
}

/* XML has no other control characters. Clients of other protocols use the port
   because firewalls let it pass. */
static bool fits(struct cur c)
{
	uint8_t ch;
	size_t i;

	for (i = 0; i < 16 && i < cur_left(&c); i++) {
		ch = cur_peek8(&c, i);
		if (ch < ' ' && ch != '\t' && ch != '\n' && ch != '\r')
			return false;
	}
	return true;
}

static void decode(struct dissect *d, struct cur *c)
{
	d->layer->name = "xmpp:xml";
	(void)c;
}

static void summary(struct summary *l)
{
	starttls_line(l, "XMPP");
}

/* Is there an element of this name? */
static bool has_element(struct cur c, const char *element)
{
	size_t at;

	while ((at = text_find(&c, '<')) != SIZE_MAX) {
		cur_skip(&c, at);
		if (text_starts(&c, element))
			return true;
		cur_skip(&c, 1);
	}
	return false;
}

static void follow(struct app_message *f)
{
	/* a server's list of features has the first one too */
	if (has_element(f->message, "<proceed") && f->app->state)
		f->then = PROTO_tls;
	f->app->state |= has_element(f->message, "<starttls");
}

static const uint8_t leads[] = {PROTO_tls, PROTO_NONE};
static const struct key keys[] = {
    {KEY_TCP_PORT, 5222}, {KEY_TCP_PORT, 5269}, {KEY_TCP_GUESS, 11}};

const struct proto proto_xmpp = {
    "xmpp",
    "XMPP Protocol",
    PROTO_KEYS(keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
    .guess = guess,
    .fits = fits,
    .pdu_length = starttls_message,
    .on_message = follow,
};
