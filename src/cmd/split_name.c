/* Names of the files that a savefile is split into. */
#include "cmd/split_name.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/num.h"
#include "file/stem.h"

/* "20260131T120000Z", with what a second has of fraction. */
static void put_time(struct str *out, int64_t ns)
{
	int64_t rest = ns % NS_PER_S;
	time_t seconds;
	char text[40];
	struct tm tm;

	if (rest < 0)
		rest += NS_PER_S;
	seconds = (time_t)((ns - rest) / NS_PER_S);
	if (!gmtime_r(&seconds, &tm) ||
	    !strftime(text, sizeof(text), "%Y%m%dT%H%M%S", &tm))
		return;
	str_puts(out, text);
	if (rest > 0)
		str_printf(out, ".%09" PRId64, rest);
	str_putc(out, 'Z');
}

static void put_number(struct str *out, const struct split_part *part)
{
	str_printf(out, "%05" PRIu64, part->number);
}

static void put_key(struct str *out, const struct split_part *part)
{
	str_puts(out, part->key ? part->key : "all");
}

void split_name(struct str *out, const char *name,
		const struct split_part *part, bool numbered)
{
	bool filled = false;
	size_t start = out->len, len = name_stem(name);
	const char *p;

	for (p = name; *p; p++) {
		size_t taken = 0;

		if (!strncmp(p, "{n}", taken = 3))
			put_number(out, part);
		else if (!strncmp(p, "{key}", taken = 5))
			put_key(out, part);
		else if (!strncmp(p, "{time}", taken = 6))
			put_time(out, part->time_ns);
		else
			taken = 0;
		filled |= taken > 0;
		if (taken > 0)
			p += taken - 1;
		else
			str_putc(out, *p);
	}
	if (filled)
		return;
	out->len = start;
	str_put(out, name, len);
	if (part->key) {
		str_putc(out, '-');
		put_key(out, part);
	}
	if (numbered) {
		str_putc(out, '-');
		put_number(out, part);
	}
	str_puts(out, name + len);
}
