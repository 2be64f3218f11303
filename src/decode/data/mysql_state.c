/*
 * What packets of MySQL mean, which they do not say themselves: a client sends
 * a command, and what answers depends on it.
 */
#include "decode/data/mysql.h"
#include "decode/proto_ids.h"

#include <string.h>

static unsigned le16(struct cur *c)
{
	unsigned low = cur_u8(c);

	return low | (unsigned)cur_u8(c) << 8;
}

static uint32_t le32(struct cur *c)
{
	uint32_t low = le16(c);

	return low | (uint32_t)le16(c) << 16;
}

uint64_t mysql_number(struct cur *c, bool *null)
{
	unsigned first = cur_u8(c), n, i;
	uint64_t number = 0;

	*null = first == 0xfb;
	if (first < 0xfb)
		return first;
	n = first == 0xfc ? 2 : first == 0xfd ? 3 : first == 0xfe ? 8 : 0;
	if (!cur_has(c, n))
		return 0;
	for (i = 0; i < n; i++)
		number |= (uint64_t)cur_u8(c) << 8 * i;
	return number;
}

bool mysql_is_eof(const struct cur *c, uint32_t word)
{
	if (!cur_left(c) || cur_peek8(c, 0) != 0xfe)
		return false;
	return c->claim < 9 || (word & MYSQL_NO_EOF && c->claim < 0xffffff);
}

static uint32_t with_phase(uint32_t word, enum mysql_phase phase)
{
	return (word & ~(uint32_t)MYSQL_PHASE) | (uint32_t)phase;
}

static uint32_t with_columns(uint32_t word, uint64_t n)
{
	return (word & MYSQL_COUNT_MASK) | (uint32_t)(n > 0xffff ? 0xffff : n)
					       << MYSQL_COUNT;
}

enum mysql_phase mysql_phase_of(uint32_t word, const struct cur *c,
				unsigned number, bool client)
{
	enum mysql_phase phase = mysql_phase(word);

	/* a new command, whatever is still missing of the last answer */
	if (client && number == 0 && phase != MYSQL_OPAQUE)
		return MYSQL_COMMAND;
	if (phase != MYSQL_START)
		return phase;
	if (client)
		return number == 1 ? MYSQL_LOGIN : MYSQL_START;
	if (number == 0)
		return MYSQL_START;
	if (cur_left(c) && (cur_peek8(c, 0) == 0 || cur_peek8(c, 0) == 0xff))
		return MYSQL_OK;
	return MYSQL_START;
}

/* ---- the client's ------------------------------------------------------- */

static uint32_t step_login(uint32_t word, struct cur c)
{
	unsigned caps = le16(&c), ext;
	uint32_t maria;

	word &= MYSQL_MARIA;
	if (!(caps & MYSQL_CAP_41))
		return with_phase(word | MYSQL_OLD, MYSQL_AUTH);
	ext = le16(&c);
	if (ext & MYSQL_EXT_NO_EOF)
		word |= MYSQL_NO_EOF;
	if (ext & MYSQL_EXT_TRACK)
		word |= MYSQL_TRACK;
	cur_skip(&c, 4 + 1 + 19);
	maria = le32(&c);
	if (!(caps & MYSQL_CAP_LONG_PASSWORD) && word & MYSQL_MARIA) {
		if (maria & MYSQL_MARIA_METADATA)
			word |= MYSQL_EXT_META;
		if (maria & MYSQL_MARIA_CACHED)
			word |= MYSQL_CACHED;
	}
	if (caps & MYSQL_CAP_SSL && cur_left(&c) == 0)
		return with_phase(word | MYSQL_SSL, MYSQL_LOGIN);
	if (caps & MYSQL_CAP_COMPRESS)
		word |= MYSQL_PACKED;
	return with_phase(word, MYSQL_AUTH);
}

static uint32_t step_command(uint32_t word, struct cur c)
{
	unsigned command = cur_u8(&c);

	word = with_columns(word & ~(uint32_t)MYSQL_BINARY, 0);
	switch (command) {
	case MYSQL_QUERY:
	case MYSQL_PROCESS_INFO:
		return with_phase(word, MYSQL_TABLE);
	case MYSQL_STMT_EXECUTE:
		return with_phase(word | MYSQL_BINARY, MYSQL_TABLE);
	case MYSQL_STMT_FETCH:
		return with_phase(word | MYSQL_BINARY, MYSQL_ROWS);
	case MYSQL_FIELD_LIST:
		return with_phase(word, MYSQL_LIST);
	case MYSQL_STATISTICS:
		return with_phase(word, MYSQL_TEXT);
	case MYSQL_STMT_PREPARE:
		return with_phase(word, MYSQL_PREPARE);
	case MYSQL_CHANGE_USER:
		return with_phase(word, MYSQL_AUTH);
	case MYSQL_QUIT:
	case MYSQL_STMT_CLOSE:
	case MYSQL_STMT_LONG_DATA:
		return with_phase(word, MYSQL_NOTHING);
	}
	return with_phase(word, MYSQL_OK);
}

/* ---- the server's ------------------------------------------------------- */

bool mysql_is_maria(const uint8_t *version, size_t n)
{
	for (; n >= 7; version++, n--)
		if (!memcmp(version, "MariaDB", 7))
			return true;
	return false;
}

static uint32_t step_greeting(struct cur c)
{
	const uint8_t *end;

	if (cur_u8(&c) != 10)
		return MYSQL_START;
	end = memchr(cur_here(&c), 0, cur_left(&c));
	return with_phase(
	    end && mysql_is_maria(cur_here(&c), (size_t)(end - cur_here(&c)))
		? MYSQL_MARIA
		: 0,
	    MYSQL_LOGIN);
}

/* After an OK or the end of rows: are there more results? */
static uint32_t step_results(uint32_t word, unsigned status)
{
	return with_phase(word, status & MYSQL_MORE_RESULTS ? MYSQL_TABLE
							    : MYSQL_COMMAND);
}

/* The status in an OK, after its first byte. */
static unsigned ok_status(struct cur c)
{
	bool null;

	mysql_number(&c, &null);
	mysql_number(&c, &null);
	return le16(&c);
}

/* The status in what ended rows. */
static unsigned eof_status(struct cur c, uint32_t word)
{
	cur_skip(&c, 1);
	if (word & MYSQL_NO_EOF)
		return ok_status(c);
	cur_skip(&c, 2);
	return le16(&c);
}

static uint32_t step_table(uint32_t word, struct cur c)
{
	struct cur rest = c;
	unsigned first = cur_u8(&rest);
	bool null;

	if (first == 0)
		return step_results(word, ok_status(rest));
	if (first == 0xff)
		return with_phase(word, MYSQL_COMMAND);
	if (first == 0xfb)
		return with_phase(word, MYSQL_OK);
	word = with_columns(word, mysql_number(&c, &null));
	return with_phase(word, MYSQL_COLUMNS);
}

/* Descriptions; an EOF may follow the last. */
static uint32_t step_columns(uint32_t word, struct cur c)
{
	unsigned left = mysql_columns(word);

	if (mysql_is_eof(&c, 0))
		return with_phase(word, MYSQL_ROWS);
	word = with_columns(word, left ? left - 1 : 0);
	if (word & MYSQL_NO_EOF && left <= 1)
		return with_phase(word, MYSQL_ROWS);
	return word;
}

/* Parameters and columns are both among the columns that are due here, and so
   are the EOFs after each. */
static uint32_t step_prepare(uint32_t word, struct cur c)
{
	unsigned columns, params, due;

	if (cur_u8(&c) != 0)
		return with_phase(word, MYSQL_COMMAND);
	cur_skip(&c, 4);
	columns = le16(&c);
	params = le16(&c);
	due = columns + params;
	if (!(word & MYSQL_NO_EOF))
		due += (columns > 0) + (params > 0);
	return with_phase(with_columns(word, due),
			  due ? MYSQL_PARAMS : MYSQL_COMMAND);
}

static uint32_t step_rows(uint32_t word, struct cur c)
{
	if (cur_left(&c) && cur_peek8(&c, 0) == 0xff)
		return with_phase(word, MYSQL_COMMAND);
	if (mysql_is_eof(&c, word))
		return step_results(word, eof_status(c, word));
	return word;
}

static uint32_t step_auth(uint32_t word, struct cur c)
{
	unsigned first = cur_u8(&c);

	if (first != 0)
		return word; /* more of the login, or the end */
	return with_phase(word,
			  word & MYSQL_PACKED ? MYSQL_OPAQUE : MYSQL_COMMAND);
}

static uint32_t step_server(uint32_t word, struct cur c, enum mysql_phase phase)
{
	unsigned left;

	switch (phase) {
	case MYSQL_START:
		return step_greeting(c);
	case MYSQL_AUTH:
		return step_auth(word, c);
	case MYSQL_TABLE:
		return step_table(word, c);
	case MYSQL_COLUMNS:
		return step_columns(word, c);
	case MYSQL_ROWS:
		return step_rows(word, c);
	case MYSQL_LIST:
		return mysql_is_eof(&c, word) ? with_phase(word, MYSQL_COMMAND)
					      : word;
	case MYSQL_PREPARE:
		return step_prepare(word, c);
	case MYSQL_PARAMS:
		left = mysql_columns(word);
		word = with_columns(word, left ? left - 1 : 0);
		return left > 1 ? word : with_phase(word, MYSQL_COMMAND);
	case MYSQL_OPAQUE:
	case MYSQL_LOGIN:
		return word;
	default:
		return with_phase(word, MYSQL_COMMAND);
	}
}

uint32_t mysql_step(uint32_t word, struct cur c, unsigned number, bool client)
{
	enum mysql_phase phase = mysql_phase_of(word, &c, number, client);

	if (!client)
		return step_server(word, c, phase);
	if (phase == MYSQL_LOGIN)
		return step_login(word, c);
	if (phase == MYSQL_COMMAND)
		return step_command(word, c);
	return word;
}

void mysql_follow(struct app_message *f)
{
	struct cur c = f->message;
	unsigned number;

	cur_skip(&c, 3);
	number = cur_u8(&c);
	f->app->state = mysql_step(f->app->state, c, number, f->to_server);
	if (f->app->state & MYSQL_SSL)
		f->then = PROTO_tls;
}
