/* What the writers of all formats have in common. */
#include "file/writer.h"

#include "base/num.h"

enum verdict writer_failed(struct writer *w)
{
	if (w->out.gone)
		return STOP;
	w->sink.err = w->out.err;
	return FAILED;
}

bool writer_flush(struct sink *s, struct err *err)
{
	struct writer *w = (struct writer *)s;

	if (out_flush_idle(&w->out) || w->out.gone)
		return true;
	return err_copy(err, &w->out.err);
}

/* ns nanoseconds, which may be before 1970, in units of 2^-n seconds (rounded
   down), n up to 64. In two steps, as the fraction of a second shifted by n
   would not always fit. */
static uint64_t time_in_halves(int64_t ns, unsigned n)
{
	unsigned first = n < 34 ? n : 34;
	int64_t seconds = ns / NS_PER_S - (ns % NS_PER_S < 0);
	uint64_t rest = (uint64_t)(ns - seconds * NS_PER_S) << first;
	uint64_t whole = n < 64 ? (uint64_t)seconds << n : 0;
	uint64_t part = rest / NS_PER_S;

	rest %= NS_PER_S;
	return whole + (part << (n - first)) + (rest << (n - first)) / NS_PER_S;
}

uint64_t time_in_units(int64_t ns, uint8_t tsresol)
{
	unsigned n = tsresol & 0x7f;
	int64_t unit = 1;

	if (tsresol & 0x80)
		return time_in_halves(ns, n > 64 ? 64 : n);
	for (; n < 9; n++)
		unit *= 10;
	ns /= unit;
	for (; n > 9 && n <= 19; n--)
		ns = (int64_t)((uint64_t)ns * 10);
	return (uint64_t)ns;
}
