/* From text to tokens. */
#ifndef WHERE_LEXER_H
#define WHERE_LEXER_H

#include "where/operators.h"
#include "where/tree.h"

enum where_token {
	TOKEN_END,
	TOKEN_OPERATOR,
	TOKEN_OPEN,    /* ( */
	TOKEN_CLOSE,   /* ) */
	TOKEN_BRACE,   /* { */
	TOKEN_UNBRACE, /* } */
	TOKEN_COMMA,
	TOKEN_RANGE, /* .. */
	TOKEN_WORD,
	TOKEN_STRING,
	TOKEN_CHAR,
	TOKEN_RAW /* @ */
};

struct lexer {
	struct where_source *source;
	size_t pos; /* after the token */
	enum where_token kind;
	const struct where_operator *operator; /* OPERATOR; of a WORD, if it
						  is spelt like one */
	size_t at, n;			       /* the token in the text */
	const char *text; /* STRING, CHAR: without quotes and escapes */
	size_t len;
};

/* The first token. false: the source's err says why it is none. */
bool lexer_start(struct lexer *l, struct where_source *source);

/* The next one, from l->pos on. */
bool lexer_next(struct lexer *l);

/* Go over blanks at l->pos. */
void lexer_skip_blanks(struct lexer *l);

/* Does this character follow, after blanks? It is then skipped. */
bool lexer_follows(struct lexer *l, char c);

#endif
