/*
 * MySQL and MariaDB in four parts: what each packet means, by what came before
 * (mysql_state.c), what is read of it (mysql.c), its line (mysql_line.c), and
 * the table of fields.
 */
#ifndef DECODE_DATA_MYSQL_H
#define DECODE_DATA_MYSQL_H

#include "decode/data/mysql_fields.h"
#include "decode/proto.h"

/*
 * What is remembered of a conversation, in one word: the phase, flags, and in
 * the upper half how many descriptions of columns are due.
 */
enum mysql_phase {
	MYSQL_START, /* nothing is known */
	MYSQL_LOGIN,
	MYSQL_AUTH,    /* the answer to a login, or more of it */
	MYSQL_COMMAND, /* the next one is the client's */
	MYSQL_OK,      /* answers: OK or an error, */
	MYSQL_TEXT,    /* text, */
	MYSQL_TABLE,   /* the number of columns, */
	MYSQL_COLUMNS, /* their descriptions, */
	MYSQL_ROWS,
	MYSQL_LIST,    /* descriptions alone, */
	MYSQL_PREPARE, /* what was prepared, */
	MYSQL_PARAMS,  /* descriptions of its parameters and columns, */
	MYSQL_NOTHING, /* none */
	MYSQL_OPAQUE,  /* compressed from here on */
};

enum {
	MYSQL_PHASE = 0xf,
	MYSQL_NO_EOF = 0x10,
	MYSQL_TRACK = 0x20,
	MYSQL_MARIA = 0x40,
	MYSQL_EXT_META = 0x80,
	MYSQL_CACHED = 0x100,
	MYSQL_OLD = 0x200,     /* before version 4.1 */
	MYSQL_BINARY = 0x400,  /* rows are of a prepared statement */
	MYSQL_SSL = 0x800,     /* TLS begins */
	MYSQL_PACKED = 0x1000, /* what follows the login is compressed */
	MYSQL_COUNT = 16,      /* the lowest bit of the number of columns, */
	MYSQL_COUNT_MASK = 0xffff, /* and the bits below it */
};

/* Capabilities: the first half, the second, MariaDB's. */
enum {
	MYSQL_CAP_LONG_PASSWORD = 0x1,
	MYSQL_CAP_DATABASE = 0x8,
	MYSQL_CAP_COMPRESS = 0x20,
	MYSQL_CAP_41 = 0x200,
	MYSQL_CAP_SSL = 0x800,
	MYSQL_CAP_SECURE = 0x8000,
	MYSQL_EXT_PLUGIN = 0x8,
	MYSQL_EXT_ATTRS = 0x10,
	MYSQL_EXT_TRACK = 0x80,
	MYSQL_EXT_NO_EOF = 0x100,
	MYSQL_MARIA_METADATA = 0x8,
	MYSQL_MARIA_CACHED = 0x10,
};

enum { MYSQL_HEAD = 4, MYSQL_MORE_RESULTS = 0x8 };

static inline enum mysql_phase mysql_phase(uint32_t word)
{
	return (enum mysql_phase)(word & MYSQL_PHASE);
}

static inline unsigned mysql_columns(uint32_t word)
{
	return word >> MYSQL_COUNT;
}

/* A number of one to nine bytes; the first says how many. *null: it
   is none, but means no value. */
uint64_t mysql_number(struct cur *c, bool *null);

/* Does this version belong to MariaDB? */
bool mysql_is_maria(const uint8_t *version, size_t n);

/* A packet without its head that ends rows or descriptions, or is an OK. */
bool mysql_is_eof(const struct cur *c, uint32_t word);

/* What the phase of START is, as far as the packet (without its head) shows;
   else that of the word. */
enum mysql_phase mysql_phase_of(uint32_t word, const struct cur *c,
				unsigned number, bool client);

/* The word after this packet; its head was read. */
uint32_t mysql_step(uint32_t word, struct cur c, unsigned number, bool client);

/* struct proto's. */
void mysql_follow(struct app_message *f);
void mysql_summary(struct summary *l);

#endif
