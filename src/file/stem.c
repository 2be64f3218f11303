/* Where the suffix of a savefile's name begins. */
#include "file/stem.h"

#include <string.h>

#include "base/array.h"

size_t name_stem(const char *name)
{
	static const char *const packed[] = {".gz", ".zst", ".lz4", ".xz"};
	const char *base = strrchr(name, '/'), *dot;
	size_t len, i;

	base = base ? base + 1 : name;
	dot = strrchr(base, '.');
	if (!dot || dot == base)
		return strlen(name);
	len = (size_t)(dot - name);
	for (i = 0; i < ARRAY_LEN(packed); i++) {
		if (strcmp(dot, packed[i]) != 0)
			continue;
		while (dot > base && *--dot != '.')
			;
		if (dot > base)
			len = (size_t)(dot - name);
	}
	return len;
}
