/* Owns bars and lines drawn with characters. */
#include "output/chart.h"

void chart_bar(struct str *out, double value, double most, unsigned width,
	       bool utf8)
{
	static const char *const parts[] = {
	    "",
	    "\xe2\x96\x8f",
	    "\xe2\x96\x8e",
	    "\xe2\x96\x8d",
	    "\xe2\x96\x8c",
	    "\xe2\x96\x8b",
	    "\xe2\x96\x8a",
	    "\xe2\x96\x89",
	};
	double eighths =
	    most > 0 && value > 0 ? value / most * 8 * (double)width + 0.5 : 0;
	unsigned n = eighths > 8.0 * width ? 8 * width : (unsigned)eighths;

	if (n == 0 && value > 0)
		n = 1;
	if (!utf8) {
		str_pad(out, '#', (n + 7) / 8);
		return;
	}
	for (; n >= 8; n -= 8)
		str_puts(out, "\xe2\x96\x88");
	str_puts(out, parts[n]);
}

void chart_line(struct str *out, const double *values, size_t n, unsigned width,
		bool utf8)
{
	static const char *const marks[] = {
	    "\xe2\x96\x81", "\xe2\x96\x82", "\xe2\x96\x83", "\xe2\x96\x84",
	    "\xe2\x96\x85", "\xe2\x96\x86", "\xe2\x96\x87", "\xe2\x96\x88",
	};
	static const char plain[] = "_.-:=+*#";
	size_t i, k, from, to;
	double most = 0, sum;
	unsigned pass, level;

	if (n < width)
		width = (unsigned)n;
	for (pass = 0; pass < 2; pass++) {
		for (i = 0; i < width; i++) {
			from = i * n / width;
			to = (i + 1) * n / width;
			for (sum = 0, k = from; k < to; k++)
				sum += values[k];
			sum /= (double)(to - from);
			if (pass == 0) {
				most = sum > most ? sum : most;
				continue;
			}
			level = most > 0 ? (unsigned)(sum / most * 7.999) : 0;
			if (sum <= 0)
				str_putc(out, ' ');
			else if (utf8)
				str_puts(out, marks[level]);
			else
				str_putc(out, plain[level]);
		}
	}
}
