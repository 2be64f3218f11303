/* Header fields of HTTP/2, from the notes of what was unpacked. */
#include "decode/proto_ids.h"
#include "decode/web/hpack.h"
#include "decode/web/http2.h"

struct header {
	const uint8_t *name, *value;
	size_t n_name, n_value;
};

static void add_form(struct dissect *d, const struct field *fields,
		     const struct h2_field *of)
{
	static const char *const texts[][2] = {
	    [HPACK_INDEXED] = {"Indexed Header Field", "Indexed Header Field"},
	    [HPACK_LITERAL_INDEXED] =
		{"Literal Header Field with Incremental Indexing - New Name",
		 "Literal Header Field with Incremental Indexing - Indexed "
		 "Name"},
	    [HPACK_LITERAL] =
		{"Literal Header Field without Indexing - New Name",
		 "Literal Header Field without Indexing - Indexed Name"},
	    [HPACK_LITERAL_NEVER] =
		{"Literal Header Field never Indexed - New Name",
		 "Literal Header Field never Indexed - Indexed Name"},
	};
	const char *text = texts[of->form & 3][of->index != 0];

	add_bytes(d, &fields[H2F_REPR], text, strlen(text));
	if (of->index)
		add_uint(d, &fields[H2F_INDEX], of->index);
	if (of->resized) {
		add_uint(d, &fields[H2F_RESIZED], 0);
		add_uint(d, &fields[H2F_SIZE], of->size);
	}
}

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value with each %XX replaced by its byte. */
static void add_unescaped(struct dissect *d, const struct field *f,
			  const struct header *h)
{
	char *room, *at;
	size_t i;

	if (!wants(d, f))
		return;
	if (!h->n_value || !memchr(h->value, '%', h->n_value)) {
		add_bytes(d, f, h->value, h->n_value);
		return;
	}
	room = at = scratch_room(d, h->n_value);
	if (!room)
		return;
	for (i = 0; i < h->n_value; i++) {
		if (h->value[i] == '%' && i + 2 < h->n_value &&
		    hex(h->value[i + 1]) >= 0 && hex(h->value[i + 2]) >= 0) {
			*at++ = (char)(hex(h->value[i + 1]) << 4 |
				       hex(h->value[i + 2]));
			i += 2;
		} else {
			*at++ = (char)h->value[i];
		}
	}
	add_bytes(d, f, room, (size_t)(at - room));
}

/* The field of this header, whose title is its name; NULL: none. */
static const struct field *find_known(const struct field *fields,
				      const struct header *h)
{
	unsigned low = H2F_KNOWN, high = H2F_END, mid;
	size_t n;
	int order;

	while (low < high) {
		mid = (low + high) / 2;
		n = strlen(fields[mid].title);
		order = memcmp(h->name, fields[mid].title,
			       h->n_name < n ? h->n_name : n);
		if (order == 0 && h->n_name == n)
			return &fields[mid];
		if (order < 0 || (order == 0 && h->n_name < n))
			high = mid;
		else
			low = mid + 1;
	}
	return NULL;
}

static void add_known(struct dissect *d, const struct field *f,
		      const struct header *h)
{
	uint64_t number = 0;
	size_t i;

	if (f->type != FIELD_UINT) {
		add_bytes(d, f, h->value, h->n_value);
		return;
	}
	for (i = 0; i < h->n_value && i < 19; i++) {
		if (h->value[i] < '0' || h->value[i] > '9')
			return;
		number = number * 10 + (h->value[i] - (unsigned)'0');
	}
	if (i)
		add_uint(d, f, number);
}

static void add_uri(struct dissect *d, const struct field *fields,
		    const struct header *scheme, const struct header *authority,
		    const struct header *path)
{
	size_t n = scheme->n_value + 3 + authority->n_value + path->n_value;
	char *at;

	if (!wants(d, &fields[H2F_FULL_URI]) || !scheme->n_value ||
	    !authority->n_value || !path->n_value)
		return;
	at = scratch_room(d, n);
	if (!at)
		return;
	add_bytes(d, &fields[H2F_FULL_URI], at, n);
	memcpy(at, scheme->value, scheme->n_value);
	at += scheme->n_value;
	memcpy(at, "://", 3);
	at += 3;
	memcpy(at, authority->value, authority->n_value);
	memcpy(at + authority->n_value, path->value, path->n_value);
}

/* The next note. false: it is none of a header field. */
static bool take_note(struct dissect *d, struct h2_field *note,
		      struct header *h)
{
	const struct stream_note *next =
	    note_next(d, PROTO_http2, H2_NOTE_FIELD, sizeof(*note));

	if (!next)
		return false;
	memcpy(note, next->bytes, sizeof(*note));
	h->name = next->bytes + sizeof(*note);
	h->n_name = note->n_name;
	h->value = h->name + h->n_name;
	h->n_value = note->n_value;
	note_taken(d);
	return true;
}

void http2_headers(struct dissect *d, const struct h2_note *notes,
		   const struct field *fields)
{
	enum { AUTHORITY = 0, PATH = 2, SCHEME = 3, URI_PARTS = 4 };
	struct header uri[URI_PARTS] = {{0}}, h;
	const struct field *known;
	struct h2_field field;
	uint32_t i;

	if (notes->broken)
		d->layer->fact[0] = 1;
	if (notes->count) {
		add_uint(d, &fields[H2F_HEADER_LENGTH], notes->length);
		add_uint(d, &fields[H2F_HEADER_COUNT], notes->count);
	}
	for (i = 0; i < notes->count && take_note(d, &field, &h); i++) {
		add_uint(d, &fields[H2F_HEADER], 0);
		add_uint(d, &fields[H2F_NAME_LENGTH], h.n_name);
		add_bytes(d, &fields[H2F_NAME], h.name, h.n_name);
		add_uint(d, &fields[H2F_VALUE_LENGTH], h.n_value);
		add_bytes(d, &fields[H2F_VALUE], h.value, h.n_value);
		known = find_known(fields, &h);
		if (known) {
			add_known(d, known, &h);
			if (known < &fields[H2F_KNOWN + URI_PARTS])
				uri[known - &fields[H2F_KNOWN]] = h;
		}
		add_unescaped(d, &fields[H2F_UNESCAPED], &h);
		add_form(d, fields, &field);
	}
	add_uri(d, fields, &uri[SCHEME], &uri[AUTHORITY], &uri[PATH]);
}
