/* Reading lines and words of text. */
#include "decode/lib/textline.h"

size_t text_find(const struct cur *c, char ch)
{
	const uint8_t *p = memchr(c->pos, ch, cur_left(c));

	return p ? (size_t)(p - c->pos) : SIZE_MAX;
}

static uint8_t lower(uint8_t ch)
{
	return ch >= 'A' && ch <= 'Z' ? (uint8_t)(ch + 32) : ch;
}

bool text_same(const uint8_t *bytes, const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (lower(bytes[i]) != lower((uint8_t)text[i]))
			return false;
	return true;
}

bool text_line(struct cur *c, struct cur *line)
{
	const uint8_t *from = c->pos, *end;
	size_t n;

	if (c->state != CUR_OK)
		return false;
	end = memchr(from, '\n', cur_left(c));
	if (!end)
		return false;
	n = (size_t)(end - from);
	c->pos = end + 1;
	c->claim -= n + 1;
	if (n > 0 && end[-1] == '\r')
		n--;
	*line = cur_over(from, n, n);
	return true;
}

bool text_last_line(struct cur *c, struct cur *line)
{
	if (text_line(c, line))
		return true;
	if (c->state != CUR_OK || cur_left(c) == 0)
		return false;
	*line = cur_part(c, cur_left(c));
	return true;
}

void text_spaces(struct cur *line)
{
	while (cur_left(line) && (*line->pos == ' ' || *line->pos == '\t'))
		cur_skip(line, 1);
}

struct cur text_word(struct cur *line)
{
	size_t n = text_find(line, ' ');
	struct cur word = cur_part(line, n == SIZE_MAX ? cur_left(line) : n);

	text_spaces(line);
	return word;
}

unsigned text_number(struct cur *c, uint32_t *number)
{
	unsigned n = 0;

	*number = 0;
	while (n < 9 && n < cur_left(c) && c->pos[n] >= '0' && c->pos[n] <= '9')
		*number = *number * 10 + (c->pos[n++] - (unsigned)'0');
	cur_skip(c, n);
	return n;
}

void text_note(struct dissect *d, const struct cur *c, const struct field *f)
{
	if (c->state == CUR_OK && cur_left(c))
		add_bytes(d, f, c->pos, cur_left(c));
}

bool text_header(struct cur *line, struct cur *name)
{
	size_t n = text_find(line, ':');

	if (n == SIZE_MAX)
		return false;
	*name = cur_part(line, n);
	cur_skip(line, 1);
	while (cur_left(name) &&
	       (name->cap[-1] == ' ' || name->cap[-1] == '\t'))
		*name = cur_unit(name, cur_left(name) - 1);
	text_spaces(line);
	while (cur_left(line) &&
	       (line->cap[-1] == ' ' || line->cap[-1] == '\t'))
		*line = cur_unit(line, cur_left(line) - 1);
	return true;
}

/* f->state is the body's length + 1, once a header has said it. */
bool text_message(struct cur *c, struct framing *f)
{
	struct cur line, name;
	uint32_t length;
	const uint8_t *start;

	for (;;) {
		start = c->pos;
		if (!text_line(c, &line))
			return false;
		f->at += (size_t)(c->pos - start);
		if (cur_left(&line) == 0)
			break;
		if (text_header(&line, &name) &&
		    (text_is(&name, "Content-Length") || text_is(&name, "l")) &&
		    text_number(&line, &length))
			f->state = length + 1;
	}
	f->size = f->at + (f->state ? f->state - 1 : 0);
	return true;
}

void text_more_lines(struct summary *l, bool (*is)(const struct cur *line))
{
	struct cur text =
	    cur_over(l->layer->data, l->layer->caplen, l->layer->len);
	struct cur line;

	if (!text_line(&text, &line))
		return;
	while (text_last_line(&text, &line)) {
		if (!cur_left(&line) || (is && !is(&line)))
			continue;
		summary_puts(l, "; ");
		summary_foreign(l, line.pos, cur_left(&line));
	}
}
