/* Owns the drawing of charts as SVG (W3C SVG 1.1, 2nd edition). */
#include "output/svg.h"

#include <inttypes.h>
#include <string.h>

#include "output/axis.h"
#include "output/markup.h"

enum {
	WIDTH = 960,
	MARGIN = 16,
	TITLE = 30,	  /* height of a title */
	BAR = 22,	  /* and of a bar with its label */
	AXIS = 44,	  /* below a chart: marks and what they are */
	LABEL_LEAST = 60, /* width of the labels of bars */
	LABEL_MOST = 360,
	INDENT = 14, /* of a level of a tree */
	NUMBER = 84, /* room after a bar for its number */
	LEFT = 84,   /* of a line: marks and what they are */
	LINE = 200,  /* height of a line chart */
	MARKS = 7,   /* of time at most */
};

/* How wide a character of 12 pixels is, more or less. */
#define CHARACTER 6.8

const char svg_style[] = ".c-back{fill:#fff}"
			 ".c-text{fill:#1f2328}"
			 ".c-soft{fill:#59636e}"
			 ".c-grid{stroke:#d8dee4;fill:none}"
			 ".c-axis{stroke:#818b98;fill:none}"
			 ".c-data{fill:#2f6db3}"
			 "@media (prefers-color-scheme:dark){"
			 ".c-back{fill:#0d1117}"
			 ".c-text{fill:#e6edf3}"
			 ".c-soft{fill:#9198a1}"
			 ".c-grid{stroke:#2b3138}"
			 ".c-axis{stroke:#656c76}"
			 ".c-data{fill:#5a9bdc}}"
			 "@media print{"
			 ".c-back{fill:#fff}"
			 ".c-text{fill:#000}"
			 ".c-soft{fill:#444}"
			 ".c-grid{stroke:#ccc}"
			 ".c-axis{stroke:#666}"
			 ".c-data{fill:#2f6db3}}";

/* ---- texts -------------------------------------------------------------- */

static void put_words(struct str *out, double x, double y, const char *anchor,
		      const char *class, const char *text)
{
	str_printf(out,
		   "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\" "
		   "class=\"%s\">",
		   x, y, anchor, class);
	markup_text(out, text, strlen(text));
	str_puts(out, "</text>\n");
}

/* Bytes of the text's first n characters; all of it if it has no more. */
static size_t first_of(const char *text, size_t n)
{
	size_t at = 0;

	for (; text[at]; at++)
		if (((unsigned char)text[at] & 0xc0) != 0x80 && n-- == 0)
			break;
	return at;
}

/* The text in so much room; where it is cut, all of it is shown to who points
   at it. */
static void put_fitting(struct str *out, double x, double y, double room,
			const char *text)
{
	struct str harmless = STR_INIT;
	size_t most =
	    room > 2 * CHARACTER ? (size_t)(room / CHARACTER + 0.01) : 2;
	const char *shown;

	str_foreign(&harmless, text, strlen(text));
	shown = str_text(&harmless);
	str_printf(out,
		   "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"start\" "
		   "class=\"c-text\">",
		   x, y);
	if (chart_width(shown) > most) {
		str_puts(out, "<title>");
		markup_text(out, shown, harmless.len);
		str_puts(out, "</title>");
		markup_text(out, shown, first_of(shown, most - 1));
		str_puts(out, "\xe2\x80\xa6");
	} else {
		markup_text(out, shown, harmless.len);
	}
	str_puts(out, "</text>\n");
	out->failed |= harmless.failed;
	str_fini(&harmless);
}

static void put_line(struct str *out, const char *class, double x1, double y1,
		     double x2, double y2)
{
	str_printf(out, "<path class=\"%s\" d=\"M%.1f %.1fL%.1f %.1f\"/>\n",
		   class, x1, y1, x2, y2);
}

/* What an axis is of: "Bit rate (kb/s)". */
static void name_axis(const struct chart *c, const struct axis *a,
		      struct str *out)
{
	str_puts(out, c->measure ? c->measure : "");
	if (*a->unit)
		str_printf(out, " (%s)", a->unit);
}

/* ---- bars --------------------------------------------------------------- */

/* How wide labels are, with their indentation. */
static double label_width(const struct chart *c)
{
	double most = LABEL_LEAST, width;
	size_t i;

	for (i = 0; i < c->n; i++) {
		const char *label = c->items[i].label;

		label += strspn(label, " ");
		width = CHARACTER * (double)chart_width(label) +
			INDENT * (double)c->items[i].depth;
		most = width > most ? width : most;
	}
	return most < LABEL_MOST ? most : LABEL_MOST;
}

/* Marks along the values' axis, and lines of a grid above them. */
static void put_value_marks(struct str *out, const struct chart *c,
			    const struct axis *a, double left, double room,
			    double top, double bottom)
{
	struct str text = STR_INIT;
	double x;
	unsigned i;

	for (i = 0; i <= a->n; i++) {
		x = left + room * i / a->n;
		put_line(out, i ? "c-grid" : "c-axis", x, top, x, bottom);
		str_clear(&text);
		axis_text(a, i, &text);
		put_words(out, x, bottom + 15, "middle", "c-soft",
			  str_text(&text));
	}
	str_clear(&text);
	name_axis(c, a, &text);
	put_words(out, left + room / 2, bottom + 33, "middle", "c-soft",
		  str_text(&text));
	str_fini(&text);
}

static void add_bars(struct svg *svg, const struct chart *c)
{
	double left = MARGIN + label_width(c) + 10;
	double room = WIDTH - left - NUMBER - MARGIN, width, indent;
	double y = svg->height + 4;
	double bottom = y + BAR * (double)c->n;
	struct axis a;
	size_t i;

	axis_init(&a, chart_most(c), c->form);
	put_value_marks(&svg->body, c, &a, left, room, y, bottom);
	for (i = 0; i < c->n; i++, y += BAR) {
		const struct chart_item *item = &c->items[i];

		width = item->value > 0 ? item->value / a.end * room : 0;
		indent = INDENT * (double)item->depth;
		if (indent > LABEL_MOST / 2)
			indent = LABEL_MOST / 2;
		put_fitting(&svg->body, MARGIN + indent, y + 15,
			    left - MARGIN - 10 - indent,
			    item->label + strspn(item->label, " "));
		str_printf(&svg->body,
			   "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" "
			   "height=\"%d\" class=\"c-data\"/>\n",
			   left, y + 3, width, BAR - 6);
		put_words(&svg->body, left + width + 6, y + 15, "start",
			  "c-text", item->number);
	}
	svg->height = (unsigned)bottom + AXIS;
}

/* ---- lines -------------------------------------------------------------- */

/* Where a line is drawn: its corner, and its size. */
struct field_box {
	double left, top, width, height;
};

/* The largest of the values that share a column of pixels, as a step. */
static void put_steps(struct str *out, const struct chart *c,
		      const struct axis *a, const struct field_box *b)
{
	size_t columns = c->n < (size_t)b->width ? c->n : (size_t)b->width, i,
	       k;
	double x = b->left, most;

	str_printf(out, "<path class=\"c-data\" d=\"M%.1f %.1f", b->left,
		   b->top + b->height);
	for (i = k = 0; i < columns; i++) {
		most = 0;
		for (; k < (i + 1) * c->n / columns; k++)
			if (c->items[k].value > most)
				most = c->items[k].value;
		x = b->left + b->width * (double)(i + 1) / (double)columns;
		str_printf(out, "V%.1fH%.1f",
			   b->top + b->height * (1 - most / a->end), x);
	}
	str_printf(out, "V%.1fZ\"/>\n", b->top + b->height);
}

static void put_height_marks(struct str *out, const struct chart *c,
			     const struct axis *a, const struct field_box *b)
{
	struct str text = STR_INIT;
	double y, middle = b->top + b->height / 2;
	unsigned i;

	for (i = 0; i <= a->n; i++) {
		y = b->top + b->height * (1 - (double)i / a->n);
		put_line(out, i ? "c-grid" : "c-axis", b->left, y,
			 b->left + b->width, y);
		str_clear(&text);
		axis_text(a, i, &text);
		put_words(out, b->left - 8, y + 4, "end", "c-soft",
			  str_text(&text));
	}
	str_clear(&text);
	name_axis(c, a, &text);
	str_printf(out, "<g transform=\"rotate(-90 %d %.1f)\">\n", MARGIN + 8,
		   middle);
	put_words(out, MARGIN + 8, middle, "middle", "c-soft", str_text(&text));
	str_puts(out, "</g>\n");
	str_fini(&text);
}

/* A mark of time; the date where it is another than at the mark before. */
static void put_time_mark(struct str *out, const struct chart *c, int64_t time,
			  int64_t step, double x, double bottom,
			  struct str *before)
{
	struct str clock = STR_INIT, date = STR_INIT;
	bool changed;

	axis_time_text(time, step, c->local, &clock, &date);
	changed = strcmp(str_text(before), str_text(&date)) != 0;
	put_words(out, x, bottom + 18, "middle", "c-soft",
		  str_text(clock.len ? &clock : &date));
	if (clock.len && changed)
		put_words(out, x, bottom + 33, "middle", "c-soft",
			  str_text(&date));
	str_clear(before);
	str_puts(before, str_text(&date));
	str_fini(&clock);
	str_fini(&date);
}

static void put_time_marks(struct str *out, const struct chart *c,
			   const struct field_box *b)
{
	int64_t first = c->items[0].time, mark;
	uint64_t span = (uint64_t)c->items[c->n - 1].time - (uint64_t)first +
			(uint64_t)c->interval;
	int64_t step = axis_time_step(span, MARKS);
	double bottom = b->top + b->height, x;
	struct str date = STR_INIT, text = STR_INIT;

	for (mark = axis_time_first(first, step, c->local);
	     mark >= first && (uint64_t)mark - (uint64_t)first <= span;
	     mark += step) {
		x = b->left + b->width * (double)(mark - first) / (double)span;
		put_line(out, "c-grid", x, b->top, x, bottom);
		put_line(out, "c-axis", x, bottom, x, bottom + 4);
		put_time_mark(out, c, mark, step, x, bottom, &date);
		if (mark > INT64_MAX - step)
			break;
	}
	str_printf(&text, "Time (%s)", c->zone && *c->zone ? c->zone : "UTC");
	put_words(out, b->left + b->width / 2, bottom + 50, "middle", "c-soft",
		  str_text(&text));
	str_fini(&date);
	str_fini(&text);
}

static void add_line(struct svg *svg, const struct chart *c)
{
	const struct field_box box = {
	    .left = LEFT,
	    .top = svg->height + 8,
	    .width = WIDTH - LEFT - 3 * MARGIN,
	    .height = LINE,
	};
	struct axis a;

	axis_init(&a, chart_most(c), c->form);
	put_height_marks(&svg->body, c, &a, &box);
	put_time_marks(&svg->body, c, &box);
	put_steps(&svg->body, c, &a, &box);
	svg->height += 8 + LINE + AXIS + MARGIN;
}

/* ---- pictures ----------------------------------------------------------- */

void svg_add(struct svg *svg, const struct chart *chart, bool titled)
{
	if (chart->n == 0)
		return;
	if (titled) {
		str_puts(&svg->body,
			 "<g font-weight=\"bold\" font-size=\"14\">\n");
		put_words(&svg->body, MARGIN, svg->height + TITLE - 8, "start",
			  "c-text", chart->title);
		str_puts(&svg->body, "</g>\n");
		svg->height += TITLE;
	}
	if (chart->line)
		add_line(svg, chart);
	else
		add_bars(svg, chart);
	if (titled)
		svg->height += MARGIN;
}

static void put_svg(const struct svg *svg, const char *title, const char *style,
		    struct str *out)
{
	str_printf(out,
		   "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
		   "width=\"%d\" height=\"%u\" viewBox=\"0 0 %d %u\" "
		   "font-family=\"system-ui,sans-serif\" font-size=\"12\">\n"
		   "<title>",
		   WIDTH, svg->height, WIDTH, svg->height);
	markup_text(out, title, strlen(title));
	str_puts(out, "</title>\n");
	if (style)
		str_printf(out,
			   "<style>%s</style>\n<rect width=\"100%%\" "
			   "height=\"100%%\" class=\"c-back\"/>\n",
			   style);
	str_put(out, str_text(&svg->body), svg->body.len);
	str_puts(out, "</svg>\n");
	out->failed |= svg->body.failed;
}

void svg_write(const struct svg *svg, const char *title, struct str *out)
{
	str_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	put_svg(svg, title, svg_style, out);
}

void svg_embed(const struct svg *svg, const char *title, struct str *out)
{
	put_svg(svg, title, NULL, out);
}

void svg_fini(struct svg *svg)
{
	str_fini(&svg->body);
}
