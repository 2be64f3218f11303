/* Growing and shifting them. */
#include "decode/lib/app_bytes.h"

#include <stdlib.h>
#include <string.h>

bool app_bytes_add(struct app_bytes *b, const uint8_t *bytes, size_t n,
		   size_t *total)
{
	size_t room = (b->n + n) * 2;
	uint8_t *more;

	if (n > b->room - b->n) {
		more = realloc(b->bytes, room);
		if (!more)
			return false;
		*total += room - b->room;
		b->bytes = more;
		b->room = room;
	}
	if (n)
		memcpy(b->bytes + b->n, bytes, n);
	b->n += n;
	return true;
}

void app_bytes_take(struct app_bytes *b, size_t n)
{
	b->n -= n;
	if (b->n)
		memmove(b->bytes, b->bytes + n, b->n);
}

void app_bytes_free(struct app_bytes *b, size_t *total)
{
	*total -= b->room;
	free(b->bytes);
	*b = (struct app_bytes){0};
}
