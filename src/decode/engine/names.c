/* Looking up the names of values. */
#include "decode/field.h"

const char *names_get(const struct names *names, uint64_t value)
{
	for (; names && names->name; names++)
		if (names->value == value)
			return names->name;
	return NULL;
}

const char *names_or(const struct names *names, uint64_t value,
		     const char *otherwise)
{
	const char *name = names_get(names, value);

	return name ? name : otherwise;
}
