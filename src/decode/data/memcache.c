/*
 * The protocols of memcached: text, and binary.
 *
 *	text: lines of words. After a line that stores a value, and a line
 *	"VALUE key flags length", is the value in so many bytes and CR LF
 *	binary: magic (1), opcode (1), length of key (2), of extras (1), data
 *	type (1), reserved or status (2), length of all that follows (4),
 *	opaque (4), CAS (8), extras, key, value
 *	over UDP: before these request, number, count, 0 (2 each)
 */
#include "decode/lib/rows.h"
#include "decode/lib/textline.h"

enum {
	MC_MAGIC,
	MC_OPCODE,
	MC_KEY_LENGTH,
	MC_EXTRAS_LENGTH,
	MC_DATA_TYPE,
	MC_RESERVED,
	MC_STATUS,
	MC_VALUE_LENGTH,
	MC_BODY_LENGTH,
	MC_OPAQUE,
	MC_CAS,
	MC_EXTRAS,
	MC_EX_FLAGS,
	MC_EX_EXPIRATION,
	MC_EX_DELTA,
	MC_EX_INITIAL,
	MC_EX_UNKNOWN,
	MC_EX_RESPONSE,
	MC_KEY,
	MC_VALUE,
	MC_COMMAND,
	MC_SUBCOMMAND,
	MC_FLAGS,
	MC_EXPIRATION,
	MC_NOREPLY,
	MC_RESPONSE,
	MC_VERSION,
	MC_SLAB,
	MC_NAME,
	MC_NAME_VALUE,
};

enum { REQUEST = 0x80, RESPONSE = 0x81, HEAD = 24, UDP_HEAD = 8 };

static const struct names magic_names[] = {
    {REQUEST, "Request"}, {RESPONSE, "Response"}, {0, NULL}};

static const struct names opcode_names[] = {
    {0x00, "Get"},
    {0x01, "Set"},
    {0x02, "Add"},
    {0x03, "Replace"},
    {0x04, "Delete"},
    {0x05, "Increment"},
    {0x06, "Decrement"},
    {0x07, "Quit"},
    {0x08, "Flush"},
    {0x09, "Get Quietly"},
    {0x0a, "NOOP"},
    {0x0b, "Version"},
    {0x0c, "Get Key"},
    {0x0d, "Get Key Quietly"},
    {0x0e, "Append"},
    {0x0f, "Prepend"},
    {0x10, "Statistics"},
    {0x11, "Set Quietly"},
    {0x12, "Add Quietly"},
    {0x13, "Replace Quietly"},
    {0x14, "Delete Quietly"},
    {0x15, "Increment Quietly"},
    {0x16, "Decrement Quietly"},
    {0x17, "Quit Quietly"},
    {0x18, "Flush Quietly"},
    {0x19, "Append Quietly"},
    {0x1a, "Prepend Quietly"},
    {0, NULL},
};

static const struct names status_names[] = {
    {0, "No error"},
    {1, "Key not found"},
    {2, "Key exists"},
    {3, "Value too big"},
    {4, "Invalid arguments"},
    {5, "Item not stored"},
    {6, "Incr/Decr on a non-numeric value"},
    {0x81, "Unknown command"},
    {0x82, "Out of memory"},
    {0, NULL},
};

static const struct field fields[] = {
    [MC_MAGIC] = NAMED("memcache.magic", "Magic", 1, FIELD_LINE, magic_names),
    [MC_OPCODE] =
	NAMED("memcache.opcode", "Opcode", 1, FIELD_LINE, opcode_names),
    [MC_KEY_LENGTH] = UINT("memcache.key.length", "Length of key", 2, 0),
    [MC_EXTRAS_LENGTH] =
	UINT("memcache.extras.length", "Length of extras", 1, 0),
    [MC_DATA_TYPE] = UINT("memcache.data_type", "Data type", 1, 0),
    [MC_RESERVED] = UINT("memcache.reserved", "Reserved", 2, 0),
    [MC_STATUS] =
	NAMED("memcache.status", "Status", 2, FIELD_LINE, status_names),
    [MC_VALUE_LENGTH] =
	NUMBER("memcache.value.length", "Length of value", 0, 0),
    [MC_BODY_LENGTH] =
	UINT("memcache.total_body_length", "Length of all", 4, 0),
    [MC_OPAQUE] = UINT("memcache.opaque", "Opaque", 4, 0),
    [MC_CAS] = UINT("memcache.cas", "CAS", 8, 0),
    [MC_EXTRAS] = HEADING("memcache.extras", "Extras"),
    [MC_EX_FLAGS] = UINT("memcache.extras.flags", "Flags", 4, FIELD_HEX),
    [MC_EX_EXPIRATION] = UINT("memcache.extras.expiration", "Expiration", 4, 0),
    [MC_EX_DELTA] = UINT("memcache.extras.delta", "Amount", 8, 0),
    [MC_EX_INITIAL] = UINT("memcache.extras.initial", "Initial value", 8, 0),
    [MC_EX_UNKNOWN] = BYTES("memcache.extras.unknown", "Unknown", 0, 0),
    [MC_EX_RESPONSE] = UINT("memcache.extras.response", "Response", 8, 0),
    [MC_KEY] = TEXT("memcache.key", "Key", FIELD_LINE),
    [MC_VALUE] = TEXT("memcache.value", "Value", 0),
    [MC_COMMAND] = TEXT("memcache.command", "Command", 0),
    [MC_SUBCOMMAND] = TEXT("memcache.subcommand", "Subcommand", 0),
    [MC_FLAGS] = NUMBER("memcache.flags", "Flags", 0, 0),
    [MC_EXPIRATION] = NUMBER("memcache.expiration", "Expiration", 0, 0),
    [MC_NOREPLY] = TEXT("memcache.noreply", "No reply", 0),
    [MC_RESPONSE] = TEXT("memcache.response", "Response", 0),
    [MC_VERSION] = TEXT("memcache.version", "Version", 0),
    [MC_SLAB] = NUMBER("memcache.slabclass", "Slab class", 0, 0),
    [MC_NAME] = TEXT("memcache.name", "Name", 0),
    [MC_NAME_VALUE] = TEXT("memcache.name_value", "Value", 0),
};

/* ---- text --------------------------------------------------------------- */

/* Is one of these words, which end with an empty one, the word? */
static bool is_one(const struct cur *word, const char *const *words)
{
	for (; **words; words++)
		if (strlen(*words) == cur_left(word) &&
		    text_starts(word, *words))
			return true;
	return false;
}

static const char *const storing[] = {"set",	 "add", "replace", "append",
				      "prepend", "cas", ""};
static const char *const getting[] = {"get", "gets", ""};
static const char *const counting[] = {"incr", "decr", ""};
static const char *const others[] = {"delete", "version",   "stats",
				     "quit",   "flush_all", ""};
static const char *const answers[] = {
    "STORED", "NOT_STORED", "EXISTS", "NOT_FOUND", "DELETED", "OK", "END", ""};

/* The number that a word is; false: it is none. */
static bool number_of(const struct cur *word, uint64_t *number)
{
	size_t i, n = cur_left(word);

	*number = 0;
	for (i = 0; i < n && i < 20; i++) {
		if (cur_peek8(word, i) < '0' || cur_peek8(word, i) > '9')
			return false;
		*number = *number * 10 + (cur_peek8(word, i) - (unsigned)'0');
	}
	return n > 0 && n <= 20;
}

static void take_word(struct dissect *d, struct cur *line, unsigned field)
{
	struct cur word = text_word(line);

	text_note(d, &word, &fields[field]);
}

static uint64_t take_number(struct dissect *d, struct cur *line, unsigned field)
{
	struct cur word = text_word(line);
	uint64_t number;

	if (!number_of(&word, &number))
		return 0;
	add_uint(d, &fields[field], number);
	return number;
}

/* The bytes after a line, and the end of the line that they are. */
static void take_value(struct dissect *d, struct cur *c, uint64_t length)
{
	size_t n = cur_left(c);

	if (length < n)
		n = (size_t)length;
	if (n)
		take_bytes(d, c, &fields[MC_VALUE], n);
	if (cur_left(c) >= 2)
		cur_skip(c, 2);
}

static void take_noreply(struct dissect *d, struct cur *line)
{
	if (text_is(line, "noreply"))
		text_note(d, line, &fields[MC_NOREPLY]);
}

static void decode_storing(struct dissect *d, struct cur *line, struct cur *c,
			   bool cas)
{
	uint64_t length;

	take_word(d, line, MC_KEY);
	take_number(d, line, MC_FLAGS);
	take_number(d, line, MC_EXPIRATION);
	length = take_number(d, line, MC_VALUE_LENGTH);
	if (cas)
		take_number(d, line, MC_CAS);
	take_noreply(d, line);
	take_value(d, c, length);
}

static void decode_got(struct dissect *d, struct cur *line, struct cur *c)
{
	uint64_t length;

	take_word(d, line, MC_KEY);
	take_number(d, line, MC_FLAGS);
	length = take_number(d, line, MC_VALUE_LENGTH);
	if (cur_left(line))
		take_number(d, line, MC_CAS);
	take_value(d, c, length);
}

/* "name value", "class:name value" or "items:class:name value". */
static void decode_stat(struct dissect *d, struct cur *line)
{
	struct cur name = text_word(line), part;
	uint64_t number;
	size_t n;

	while ((n = text_find(&name, ':')) != SIZE_MAX) {
		part = cur_part(&name, n);
		cur_skip(&name, 1);
		if (number_of(&part, &number))
			add_uint(d, &fields[MC_SLAB], number);
		else
			text_note(d, &part, &fields[MC_SUBCOMMAND]);
	}
	text_note(d, &name, &fields[MC_NAME]);
	text_note(d, line, &fields[MC_NAME_VALUE]);
}

static void decode_command(struct dissect *d, struct cur *line,
			   const struct cur *word, struct cur *c)
{
	text_note(d, word, &fields[MC_COMMAND]);
	if (is_one(word, storing)) {
		decode_storing(d, line, c, text_is(word, "cas"));
	} else if (is_one(word, getting)) {
		while (cur_left(line))
			take_word(d, line, MC_KEY);
	} else if (is_one(word, counting)) {
		take_word(d, line, MC_KEY);
		take_word(d, line, MC_VALUE);
		take_noreply(d, line);
	} else if (text_is(word, "delete")) {
		take_word(d, line, MC_KEY);
		take_noreply(d, line);
	} else if (text_is(word, "stats")) {
		take_word(d, line, MC_SUBCOMMAND);
	} else if (text_is(word, "flush_all")) {
		if (cur_left(line) && cur_peek8(line, 0) >= '0' &&
		    cur_peek8(line, 0) <= '9')
			take_number(d, line, MC_EXPIRATION);
		take_noreply(d, line);
	}
}

/* *listed: values or statistics came before, which END ends. */
static void decode_line(struct dissect *d, struct cur *c, bool *listed)
{
	struct cur line, word;

	if (!text_line(c, &line)) {
		cur_skip(c, cur_left(c));
		return;
	}
	word = text_word(&line);
	if (is_one(&word, storing) || is_one(&word, getting) ||
	    is_one(&word, counting) || is_one(&word, others)) {
		decode_command(d, &line, &word, c);
	} else if (text_is(&word, "VALUE")) {
		decode_got(d, &line, c);
		*listed = true;
	} else if (text_is(&word, "STAT")) {
		text_note(d, &word, &fields[MC_COMMAND]);
		decode_stat(d, &line);
		*listed = true;
	} else if (text_is(&word, "VERSION")) {
		text_note(d, &line, &fields[MC_VERSION]);
	} else if (is_one(&word, answers)) {
		if (!*listed || !text_is(&word, "END"))
			text_note(d, &word, &fields[MC_RESPONSE]);
		*listed = false;
	}
}

/* ---- binary ------------------------------------------------------------- */

static void decode_extras(struct dissect *d, struct cur *c, unsigned opcode,
			  bool request)
{
	/* quiet forms of the first ones follow after them */
	unsigned what =
	    opcode >= 0x11 && opcode <= 0x1a ? opcode - 0x10 : opcode;

	add_uint(d, &fields[MC_EXTRAS], 0);
	if (request && what >= 1 && what <= 3 && c->claim == 8) {
		take(d, c, &fields[MC_EX_FLAGS]);
		take(d, c, &fields[MC_EX_EXPIRATION]);
	} else if (request && (what == 5 || what == 6) && c->claim == 20) {
		take(d, c, &fields[MC_EX_DELTA]);
		take(d, c, &fields[MC_EX_INITIAL]);
		take(d, c, &fields[MC_EX_EXPIRATION]);
	} else if (request && what == 8 && c->claim == 4) {
		take(d, c, &fields[MC_EX_EXPIRATION]);
	} else if (!request && c->claim == 4 &&
		   (opcode == 0 || opcode == 9 || opcode == 0xc ||
		    opcode == 0xd)) {
		take(d, c, &fields[MC_EX_FLAGS]);
	} else {
		take_bytes(d, c, &fields[MC_EX_UNKNOWN], c->claim);
	}
}

static void decode_binary(struct dissect *d, struct cur *c)
{
	bool request = (unsigned)take(d, c, &fields[MC_MAGIC]) == REQUEST;
	unsigned opcode = (unsigned)take(d, c, &fields[MC_OPCODE]), status = 0;
	size_t key = (size_t)take(d, c, &fields[MC_KEY_LENGTH]);
	size_t extras = (size_t)take(d, c, &fields[MC_EXTRAS_LENGTH]);
	struct cur body, part;
	size_t length;

	take(d, c, &fields[MC_DATA_TYPE]);
	if (request)
		take(d, c, &fields[MC_RESERVED]);
	else
		status = (unsigned)take(d, c, &fields[MC_STATUS]);
	length = (size_t)take(d, c, &fields[MC_BODY_LENGTH]);
	take(d, c, &fields[MC_OPAQUE]);
	take(d, c, &fields[MC_CAS]);
	if (c->state != CUR_OK)
		return;
	if (length < key + extras) {
		cur_bad(c);
		return;
	}
	add_uint(d, &fields[MC_VALUE_LENGTH], length - key - extras);
	body = cur_part(c, length);
	if (extras) {
		part = cur_part(&body, extras);
		decode_extras(d, &part, opcode, request);
	}
	if (key)
		take_bytes(d, &body, &fields[MC_KEY], key);
	if (!body.claim || body.state != CUR_OK)
		return;
	if (!request && !status && body.claim == 8 &&
	    (opcode == 5 || opcode == 6))
		take(d, &body, &fields[MC_EX_RESPONSE]);
	else
		take_bytes(d, &body, &fields[MC_VALUE], body.claim);
}

/* ------------------------------------------------------------------------- */

static bool is_binary(const struct cur *c)
{
	return cur_left(c) &&
	       (cur_peek8(c, 0) == REQUEST || cur_peek8(c, 0) == RESPONSE);
}

static void decode(struct dissect *d, struct cur *c)
{
	/* what a message promises may be in segments to come */
	struct cur all = cur_unit(c, SIZE_MAX / 2);
	bool listed = false;

	if (d->layer->via == KEY_UDP_PORT)
		cur_skip(&all, UDP_HEAD);
	d->layer->fact[0] = is_binary(&all);
	while (all.state == CUR_OK && cur_left(&all)) {
		if (is_binary(&all))
			decode_binary(d, &all);
		else
			decode_line(d, &all, &listed);
	}
	if (all.state == CUR_MALFORMED)
		cur_bad(c);
}

static void summary_binary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	unsigned messages = 0;

	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case MC_MAGIC:
			if (messages == 6) {
				summary_puts(l, ", ...");
				return;
			}
			summary_puts(l, messages++ ? ", " : " ");
			summary_puts(l, names_or(magic_names, v->num, "?"));
			break;
		case MC_OPCODE:
			summary_printf(
			    l, " %s",
			    names_or(opcode_names, v->num, "Unknown"));
			break;
		case MC_STATUS:
			if (v->num)
				summary_printf(l, " (%s)",
					       names_or(status_names, v->num,
							"unknown error"));
			break;
		case MC_KEY:
			summary_puts(l, " ");
			summary_text(l, v);
			break;
		}
	}
}

/* Does a command or an answer start this line? */
static bool is_message(struct cur line)
{
	struct cur word = text_word(&line);

	return is_one(&word, storing) || is_one(&word, getting) ||
	       is_one(&word, counting) || is_one(&word, others) ||
	       is_one(&word, answers) || text_is(&word, "VALUE") ||
	       text_is(&word, "STAT") || text_is(&word, "VERSION");
}

static void summary(struct summary *l)
{
	enum { MOST = 100, MOST_LINES = 8 };
	const struct layer *layer = l->layer;
	struct cur text = cur_over(layer->data, layer->caplen, layer->caplen);
	struct cur line;
	unsigned lines = 0;

	if (layer->via == KEY_UDP_PORT)
		cur_skip(&text, UDP_HEAD);
	summary_puts(l, "MEMCACHE");
	if (layer->fact[0])
		summary_binary(l);
	while (!layer->fact[0] && text_line(&text, &line)) {
		if (!cur_left(&line) || (lines && !is_message(line)))
			continue; /* data */
		summary_puts(l, lines ? "; " : " ");
		if (lines++ == MOST_LINES) {
			summary_puts(l, "...");
			break;
		}
		summary_foreign(l, cur_here(&line),
				cur_left(&line) < MOST ? cur_left(&line)
						       : MOST);
	}
	summary_mark(l);
}

/* Bytes after a line of text. */
static size_t bytes_after(struct cur line)
{
	struct cur word = text_word(&line);
	unsigned skip;
	uint64_t n;

	if (text_is(&word, "VALUE"))
		skip = 2;
	else if (is_one(&word, storing))
		skip = 3;
	else
		return 0;
	while (skip-- > 0)
		text_word(&line);
	word = text_word(&line);
	return number_of(&word, &n) && n < UINT32_MAX ? (size_t)n + 2 : 0;
}

static bool message(struct cur c, struct framing *f)
{
	const uint8_t *start = cur_here(&c);
	struct cur line;

	if (is_binary(&c)) {
		cur_skip(&c, 8);
		f->size = HEAD + (size_t)cur_be32(&c);
		return c.state == CUR_OK;
	}
	if (!text_line(&c, &line))
		return false;
	f->size = (size_t)(cur_here(&c) - start) + bytes_after(line);
	return true;
}

static const struct key keys[] = {{KEY_TCP_PORT, 11211}, {KEY_UDP_PORT, 11211}};

const struct proto proto_memcache = {
    "memcache",	      "Memcache Protocol", PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,  .pdu_length = message,
};
