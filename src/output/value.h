/* Values as text, by the type of their field. */
#ifndef OUTPUT_VALUE_H
#define OUTPUT_VALUE_H

#include "base/str.h"
#include "decode/field.h"

/* As columns show it: numbers, 0x... where the field says so, 0 or 1,
   addresses, hexadecimal digits, seconds with nine decimals. Foreign text as it
   is. */
void value_text(struct str *out, const struct field *field,
		const struct value *value);

/* As a JSON value: numbers as numbers, booleans as true and false, all else
   as strings. */
void value_json(struct str *out, const struct field *field,
		const struct value *value);

/* As value_text(), but harmless on a terminal. */
void value_shown(struct str *out, const struct field *field,
		 const struct value *value);

#endif
