/*
 * Messages of TLS's handshake that do not end where their records do (RFC 8446,
 * section 5.1): in the order of packets what is there of one is kept, and the
 * record that ends it gets a note with the whole.
 *
 * app->state counts the records of handshakes, for finding notes; below
 * the count is, for each direction, whether what follows is encrypted, and
 * whether it is TLS 1.3. There ChangeCipherSpec says nothing
 * (RFC 8446, D.4): a second ClientHello may follow it.
 */
#include <stdlib.h>

#include "decode/flow/hints.h"
#include "decode/lib/app_bytes.h"
#include "decode/proto_ids.h"
#include "decode/security/tls.h"

enum {
	RECORD_HEAD = 5,
	MESSAGE_HEAD = 4,
	HELLO_FIXED = 34, /* version and random */
	EARLY_DATA = 42,
	CHANGE_CIPHER = 20,
	HANDSHAKE = 22,
	MESSAGE_MOST = 128 * 1024,
	SECRETS = 3,
};

/* What is there of a message, by direction. */
struct tls_state {
	struct app_bytes side[2];
};

void tls_forget(struct app_state *app, size_t *bytes)
{
	struct tls_state *t = app->data;
	unsigned i;

	if (!t)
		return;
	for (i = 0; i < 2; i++)
		app_bytes_free(&t->side[i], bytes);
	*bytes -= sizeof(*t);
	free(t);
}

/* Does this ClientHello, from its version on, announce data before the answer?
   Only TLS 1.3 has them (RFC 8446, section 4.2.10). */
static bool has_early_data(struct cur c)
{
	unsigned type;

	cur_skip(&c, HELLO_FIXED);
	cur_skip(&c, cur_u8(&c));   /* session id */
	cur_skip(&c, cur_be16(&c)); /* cipher suites */
	cur_skip(&c, cur_u8(&c));   /* compression */
	cur_skip(&c, 2);
	while (c.state == CUR_OK && cur_left(&c)) {
		type = cur_be16(&c);
		if (type == EARLY_DATA)
			return c.state == CUR_OK;
		cur_skip(&c, cur_be16(&c));
	}
	return false;
}

/* Is it TLS 1.3, by the server's choice or because nothing else will do? */
static void look_at(struct app_message *f, const uint8_t *p, size_t n)
{
	struct cur hello = cur_over(p, n, n);

	if (n < MESSAGE_HEAD)
		return;
	cur_skip(&hello, MESSAGE_HEAD);
	if (p[0] == TLS_SERVER_HELLO   ? hints_is_tls13(hello)
	    : p[0] == TLS_CLIENT_HELLO ? has_early_data(hello)
				       : false) {
		f->app->state |= TLS_WORD_13;
		f->app->state &= ~(uint32_t)SECRETS;
	}
}

/* How many bytes of these are whole messages? *bad: what follows them is not a
   beginning of another. */
static size_t whole_messages(const uint8_t *p, size_t n, bool *bad)
{
	size_t at = 0, size;

	*bad = false;
	while (n - at >= 1 && !*bad) {
		*bad = !names_get(tls_handshake_names, p[at]);
		if (*bad || n - at < MESSAGE_HEAD)
			break;
		size = (size_t)p[at + 1] << 16 | (size_t)p[at + 2] << 8 |
		       p[at + 3];
		*bad = size > MESSAGE_MOST;
		if (*bad || size > n - at - MESSAGE_HEAD)
			break;
		at += MESSAGE_HEAD + size;
	}
	return at;
}

/* Add bytes to what is there. false: no memory. */
static bool add(struct app_message *f, const uint8_t *bytes, size_t n)
{
	struct tls_state *t = f->app->data;

	if (!t) {
		t = calloc(1, sizeof(*t));
		if (!t)
			return false;
		f->app->data = t;
		*f->bytes += sizeof(*t);
	}
	return app_bytes_add(&t->side[f->from], bytes, n, f->bytes);
}

/* The record goes on with a message. Its note: the record's number, then the
   messages that are whole now. */
static void go_on(struct app_message *f, const uint8_t *bytes, size_t n)
{
	struct tls_state *t = f->app->data;
	struct app_bytes *kept = &t->side[f->from];
	uint32_t count = f->app->state / TLS_WORD_COUNT;
	uint8_t *note;
	size_t whole;
	bool bad;

	if (!add(f, bytes, n)) {
		kept->n = 0;
		return;
	}
	whole = whole_messages(kept->bytes, kept->n, &bad);
	look_at(f, kept->bytes, whole);
	note = message_note(f, 0, sizeof(count) + whole);
	if (note) {
		memcpy(note, &count, sizeof(count));
		memcpy(note + sizeof(count), kept->bytes, whole);
	}
	app_bytes_take(kept, whole);
	if (bad || kept->n > MESSAGE_MOST)
		kept->n = 0;
}

void tls_follow(struct app_message *f)
{
	struct cur c = f->message;
	uint32_t secret = 1u << f->from;
	const struct tls_state *t;
	unsigned type = cur_u8(&c);
	size_t whole;
	bool bad;

	cur_skip(&c, RECORD_HEAD - 1);
	if (type == CHANGE_CIPHER && !(f->app->state & TLS_WORD_13))
		f->app->state |= secret;
	if (type != HANDSHAKE || c.state != CUR_OK)
		return;
	f->app->state += TLS_WORD_COUNT;
	if (f->app->state & secret || cur_left(&c) < c.claim)
		return;
	t = f->app->data;
	if (t && t->side[f->from].n) {
		go_on(f, cur_here(&c), cur_left(&c));
		return;
	}
	whole = whole_messages(cur_here(&c), cur_left(&c), &bad);
	look_at(f, cur_here(&c), whole);
	if (!bad && whole < cur_left(&c) &&
	    !add(f, cur_here(&c) + whole, cur_left(&c) - whole))
		f->app->state |= secret;
}

const struct stream_note *tls_note(struct dissect *d)
{
	const struct stream_note *note =
	    note_next(d, PROTO_tls, 0, sizeof(uint32_t));
	uint32_t count;

	d->app_state += TLS_WORD_COUNT;
	if (!note)
		return NULL;
	memcpy(&count, note->bytes, sizeof(count));
	if (count != d->app_state / TLS_WORD_COUNT)
		return NULL;
	note_taken(d);
	return note;
}

struct cur tls_noted(const struct stream_note *note)
{
	size_t n = note->n - sizeof(uint32_t);

	return cur_over(note->bytes + sizeof(uint32_t), n, n);
}
