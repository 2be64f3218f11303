/*
 * IMAP (RFC 9051): lines that start with a tag, "*" (untagged) or "+" (go
 * on). Requests: tag, command, arguments. Answers: tag, status, text.
 */
#include "decode/lib/rows.h"
#include "decode/lib/starttls.h"
#include "decode/lib/textline.h"
#include "decode/proto_ids.h"

enum {
	IMAP_IS_REQUEST,
	IMAP_LINE,
	IMAP_REQUEST_TAG,
	IMAP_REQUEST_COMMAND,
	IMAP_RESPONSE_TAG,
	IMAP_RESPONSE_STATUS,
};

static const struct field fields[] = {
    [IMAP_IS_REQUEST] = FLAG("imap.isrequest", "Request", 0, 0),
    [IMAP_LINE] = TEXT("imap.line", "Line", FIELD_LINE),
    [IMAP_REQUEST_TAG] = TEXT("imap.request_tag", "Tag", 0),
    [IMAP_REQUEST_COMMAND] = TEXT("imap.request.command", "Command", 0),
    [IMAP_RESPONSE_TAG] = TEXT("imap.response_tag", "Tag", 0),
    [IMAP_RESPONSE_STATUS] = TEXT("imap.response.status", "Status", 0),
};

static bool is_status(const struct cur *word)
{
	return text_is(word, "OK") || text_is(word, "NO") ||
	       text_is(word, "BAD") || text_is(word, "PREAUTH") ||
	       text_is(word, "BYE");
}

static void decode_line(struct dissect *d, struct cur *line, bool request)
{
	struct cur word = text_word(line);

	if (text_is(&word, "*") || text_is(&word, "+"))
		return;
	text_note(d, &word,
		  &fields[request ? IMAP_REQUEST_TAG : IMAP_RESPONSE_TAG]);
	word = text_word(line);
	if (request)
		text_note(d, &word, &fields[IMAP_REQUEST_COMMAND]);
	else if (is_status(&word))
		text_note(d, &word, &fields[IMAP_RESPONSE_STATUS]);
}

static void decode(struct dissect *d, struct cur *c)
{
	bool request = (d->layer - 1)->port == 143;
	struct cur line, start = *c;

	add_uint(d, &fields[IMAP_IS_REQUEST], request);
	while (text_line(c, &line)) {
		add_bytes(d, &fields[IMAP_LINE], cur_here(&start),
			  cur_since(c, &start));
		decode_line(d, &line, request);
		start = *c;
	}
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	bool first = true;
	size_t n;

	summary_puts(l, "IMAP:");
	for (; v < end; v++) {
		if (summary_index(l, v) != IMAP_LINE)
			continue;
		n = v->len;
		while (n &&
		       (v->bytes[n - 1] == '\n' || v->bytes[n - 1] == '\r'))
			n--;
		if (!n)
			continue;
		line_between(l, &first, " ");
		summary_foreign(l, v->bytes, n);
	}
}

static void follow(struct app_message *f)
{
	starttls_follow(f, "STARTTLS", "OK", true);
}

static const uint8_t leads[] = {PROTO_tls, PROTO_NONE};

static const struct key keys[] = {{KEY_TCP_PORT, 143}};

const struct proto proto_imap = {
    "imap",
    "Internet Message Access Protocol",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
    .pdu_length = starttls_message,
    .on_message = follow,
};
