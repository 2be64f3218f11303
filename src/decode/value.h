/* Values as text, by the type of their field. */
#ifndef DECODE_VALUE_H
#define DECODE_VALUE_H

#include "base/str.h"
#include "decode/field.h"

/* Text of the second written last: packets mostly are of the same one. All
   zero: none yet. */
struct value_clock {
	int64_t epoch, date; /* seconds since 1970 */
	char epoch_text[24]; /* "1700000000." */
	unsigned epoch_len;  /* 0: none */
	bool date_known;
	char date_text[20]; /* "2023-11-14T22:13:20." */
};

/* Is the text of this field's values bounded by VALUE_SHORT? */
enum { VALUE_SHORT = 64 };
static inline bool value_is_short(const struct field *field)
{
	return field->type != FIELD_TEXT && field->type != FIELD_BYTES;
}

/* Such a value as value_text() shows it, at `at`, where VALUE_SHORT bytes are
   free. Returns the end. */
char *value_short(char *at, const struct field *field,
		  const struct value *value, struct value_clock *clock);

/* As columns show it: numbers, 0x... where the field says so, 0 or 1,
   addresses, hexadecimal digits, seconds with nine decimals. Foreign text as it
   is. */
void value_text(struct str *out, const struct field *field,
		const struct value *value, struct value_clock *clock);

/* As a JSON value: numbers as numbers, booleans as true and false, all else
   as strings. */
void value_json(struct str *out, const struct field *field,
		const struct value *value, struct value_clock *clock);

/* As value_text(), but harmless on a terminal. */
void value_shown(struct str *out, const struct field *field,
		 const struct value *value, struct value_clock *clock);

#endif
