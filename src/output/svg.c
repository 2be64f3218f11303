/* Owns the drawing of charts as SVG (W3C SVG 1.1, 2nd edition). */
#include "output/svg.h"

#include <string.h>

enum {
	WIDTH = 960,
	MARGIN = 16,
	TITLE = 32,   /* height of a title */
	BAR = 20,     /* and of a bar with its label */
	LABEL = 400,  /* where bars begin */
	NUMBER = 110, /* room behind a bar for its number */
	LINE = 180,   /* height of a line chart */
};

/* Text, made harmless for terminals and for XML. */
static void put_text(struct str *out, const char *text)
{
	struct str harmless = STR_INIT;
	const char *p;

	str_foreign(&harmless, text, strlen(text));
	for (p = str_text(&harmless); *p; p++) {
		if (*p == '&')
			str_puts(out, "&amp;");
		else if (*p == '<')
			str_puts(out, "&lt;");
		else if (*p == '>')
			str_puts(out, "&gt;");
		else
			str_putc(out, *p);
	}
	out->failed |= harmless.failed;
	str_fini(&harmless);
}

static void put_label(struct str *out, unsigned x, unsigned y,
		      const char *anchor, const char *text)
{
	str_printf(out, "<text x=\"%u\" y=\"%u\" text-anchor=\"%s\">", x, y,
		   anchor);
	put_text(out, text);
	str_puts(out, "</text>\n");
}

static void add_bars(struct svg *svg, const struct chart *c)
{
	const double room = WIDTH - LABEL - NUMBER - MARGIN;
	double most = chart_most(c), width;
	unsigned y = svg->height, label_end = LABEL - 8;
	size_t i;

	for (i = 0; i < c->n; i++, y += BAR) {
		width = most > 0 && c->items[i].value > 0
			    ? c->items[i].value / most * room
			    : 0;
		put_label(&svg->body, label_end, y + 14, "end",
			  c->items[i].label);
		str_printf(&svg->body,
			   "<rect x=\"%d\" y=\"%u\" width=\"%.1f\" "
			   "height=\"%d\" fill=\"#4477aa\"/>\n",
			   LABEL, y + 2, width, BAR - 4);
		put_label(&svg->body, LABEL + (unsigned)width + 6, y + 14,
			  "start", c->items[i].number);
	}
	svg->height = y;
}

static void add_line(struct svg *svg, const struct chart *c)
{
	const double left = NUMBER + MARGIN, right = WIDTH - MARGIN;
	double most = chart_most(c), x = left, step = (right - left);
	unsigned y = svg->height, bottom = svg->height + LINE;
	const char *top = "0";
	size_t i;

	step /= (double)c->n;
	str_printf(&svg->body,
		   "<path fill=\"#4477aa\" stroke=\"none\" d=\"M%.1f %u", left,
		   bottom);
	for (i = 0; i < c->n; i++, x += step) {
		double high = most > 0 ? c->items[i].value / most * LINE : 0;

		str_printf(&svg->body, "V%.1fH%.1f", (double)bottom - high,
			   x + step);
		if (c->items[i].value >= most)
			top = c->items[i].number;
	}
	str_printf(&svg->body, "V%uZ\"/>\n", bottom);
	str_printf(&svg->body,
		   "<path fill=\"none\" stroke=\"#888888\" "
		   "d=\"M%.1f %uV%uH%.1f\"/>\n",
		   left, y, bottom, right);
	put_label(&svg->body, (unsigned)left - 6, y + 10, "end", top);
	put_label(&svg->body, (unsigned)left - 6, bottom, "end", "0");
	put_label(&svg->body, (unsigned)left, bottom + 16, "start",
		  c->items[0].label);
	put_label(&svg->body, (unsigned)right, bottom + 16, "end",
		  c->items[c->n - 1].label);
	svg->height = bottom + BAR;
}

void svg_add(struct svg *svg, const struct chart *chart)
{
	if (chart->n == 0)
		return;
	str_puts(&svg->body, "<g font-weight=\"bold\">");
	put_label(&svg->body, MARGIN, svg->height + TITLE - 10, "start",
		  chart->title);
	str_puts(&svg->body, "</g>\n");
	svg->height += TITLE;
	if (chart->line)
		add_line(svg, chart);
	else
		add_bars(svg, chart);
	svg->height += MARGIN;
}

void svg_write(const struct svg *svg, const char *title, struct str *out)
{
	str_printf(out,
		   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
		   "width=\"%d\" height=\"%u\" viewBox=\"0 0 %d %u\" "
		   "font-family=\"sans-serif\" font-size=\"12\">\n<title>",
		   WIDTH, svg->height + MARGIN, WIDTH, svg->height + MARGIN);
	put_text(out, title);
	str_puts(out, "</title>\n<rect width=\"100%\" height=\"100%\" "
		      "fill=\"#ffffff\"/>\n");
	str_put(out, str_text(&svg->body), svg->body.len);
	str_puts(out, "</svg>\n");
	out->failed |= svg->body.failed;
}

void svg_fini(struct svg *svg)
{
	str_fini(&svg->body);
}
