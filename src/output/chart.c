/* Owns bars and lines drawn with characters. */
#include "output/chart.h"

#include <string.h>

enum { LINE_HEIGHT = 8, LABEL_MOST = 48, BAR_LEAST = 10 };

/* Eighths of a character, from the bottom. */
static const char *const heights[] = {
    " ",
    "\xe2\x96\x81",
    "\xe2\x96\x82",
    "\xe2\x96\x83",
    "\xe2\x96\x84",
    "\xe2\x96\x85",
    "\xe2\x96\x86",
    "\xe2\x96\x87",
    "\xe2\x96\x88",
};

/* A bar of value / most of width characters. utf8: in eighths of them. */
static void chart_bar(struct str *out, double value, double most,
		      unsigned width, bool utf8)
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
				str_puts(out, heights[level + 1]);
			else
				str_putc(out, plain[level]);
		}
	}
}

double chart_most(const struct chart *chart)
{
	double most = 0;
	size_t i;

	for (i = 0; i < chart->n; i++)
		if (chart->items[i].value > most)
			most = chart->items[i].value;
	return most;
}

size_t chart_width(const char *text)
{
	size_t width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

/* The text, cut to and filled up to width. */
static void put_label(struct str *out, const char *text, size_t width,
		      bool right)
{
	size_t has = chart_width(text);

	if (right && has < width)
		str_pad(out, ' ', width - has);
	for (; *text && (has <= width || width > 0); text++) {
		if (has > width && ((unsigned char)*text & 0xc0) != 0x80 &&
		    width-- == 0)
			return;
		str_putc(out, *text);
	}
	if (!right && has < width)
		str_pad(out, ' ', width - has);
}

static void put_bars(struct str *out, const struct chart *c, unsigned columns,
		     bool utf8)
{
	size_t labels = 0, numbers = 0, width, i;
	double most = chart_most(c);

	for (i = 0; i < c->n; i++) {
		width = chart_width(c->items[i].label);
		labels = width > labels ? width : labels;
		width = chart_width(c->items[i].number);
		numbers = width > numbers ? width : numbers;
	}
	labels = labels > LABEL_MOST ? LABEL_MOST : labels;
	width = labels + numbers + 4;
	width = width + BAR_LEAST < columns ? columns - width : BAR_LEAST;
	for (i = 0; i < c->n; i++) {
		put_label(out, c->items[i].label, labels, false);
		str_puts(out, "  ");
		put_label(out, c->items[i].number, numbers, true);
		str_puts(out, "  ");
		chart_bar(out, c->items[i].value, most, (unsigned)width, utf8);
		str_putc(out, '\n');
	}
}

/* The mean of column x of width. */
static double mean_at(const struct chart *c, size_t x, size_t width)
{
	size_t from = x * c->n / width, to = (x + 1) * c->n / width, i;
	double sum = 0;

	to = to > from ? to : from + 1;
	for (i = from; i < to; i++)
		sum += c->items[i].value;
	return sum / (double)(to - from);
}

static void put_line(struct str *out, const struct chart *c, unsigned columns,
		     bool utf8)
{
	double most = chart_most(c), height;
	const char *top = "0", *first, *last;
	size_t i, margin, width, used;
	int row, level;

	for (i = 0; i < c->n; i++)
		if (c->items[i].value >= most)
			top = c->items[i].number;
	margin = chart_width(top);
	width =
	    margin + BAR_LEAST + 2 < columns ? columns - margin - 2 : BAR_LEAST;
	for (row = LINE_HEIGHT - 1; row >= 0; row--) {
		put_label(out,
			  row == LINE_HEIGHT - 1 ? top
			  : row == 0		 ? "0"
						 : "",
			  margin, true);
		str_puts(out, utf8 ? " \xe2\x94\x82" : " |");
		for (i = 0; i < width; i++) {
			height = most > 0 ? mean_at(c, i, width) / most : 0;
			level = (int)(height * 8 * LINE_HEIGHT + 0.5) - 8 * row;
			level = level < 0 ? 0 : level > 8 ? 8 : level;
			if (utf8)
				str_puts(out, heights[level]);
			else
				str_putc(out, level >= 4 ? '#' : ' ');
		}
		str_putc(out, '\n');
	}
	first = c->items[0].label;
	last = c->items[c->n - 1].label;
	used = chart_width(first) + chart_width(last);
	str_pad(out, ' ', margin + 2);
	str_puts(out, first);
	str_pad(out, ' ', used + 2 < width ? width - used : 2);
	str_puts(out, last);
	str_putc(out, '\n');
}

void chart_text(struct str *out, const struct chart *chart, unsigned columns,
		bool utf8)
{
	if (chart->n == 0)
		return;
	if (chart->line)
		put_line(out, chart, columns, utf8);
	else
		put_bars(out, chart, columns, utf8);
}
