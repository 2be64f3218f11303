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
	if (err)
		*err = w->out.err;
	return false;
}

uint64_t time_in_units(int64_t ns, uint8_t tsresol)
{
	unsigned n = tsresol & 0x7f;
	int64_t unit = 1;

	if (tsresol & 0x80) {
		__int128 v = (__int128)ns << (n > 64 ? 64 : n);

		return (uint64_t)(v / NS_PER_S);
	}
	for (; n < 9; n++)
		unit *= 10;
	ns /= unit;
	for (; n > 9 && n <= 19; n--)
		ns = (int64_t)((uint64_t)ns * 10);
	return (uint64_t)ns;
}
