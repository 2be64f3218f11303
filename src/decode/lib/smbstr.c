/* Reading texts of Microsoft's protocols. */
#include "decode/lib/smbstr.h"

#include "base/fmt.h"

enum { TEXT_MOST = 1024 }; /* bytes of a text that are shown */

/* One character as UTF-8; lone halves of pairs are shown as U+FFFD. */
static char *put_utf8(char *at, uint32_t ch)
{
	if (ch >= 0xd800 && ch <= 0xdfff)
		ch = 0xfffd;
	if (ch < 0x80) {
		*at++ = (char)ch;
	} else if (ch < 0x800) {
		*at++ = (char)(0xc0 | ch >> 6);
		*at++ = (char)(0x80 | (ch & 0x3f));
	} else if (ch < 0x10000) {
		*at++ = (char)(0xe0 | ch >> 12);
		*at++ = (char)(0x80 | (ch >> 6 & 0x3f));
		*at++ = (char)(0x80 | (ch & 0x3f));
	} else {
		*at++ = (char)(0xf0 | ch >> 18);
		*at++ = (char)(0x80 | (ch >> 12 & 0x3f));
		*at++ = (char)(0x80 | (ch >> 6 & 0x3f));
		*at++ = (char)(0x80 | (ch & 0x3f));
	}
	return at;
}

void take_utf16(struct dissect *d, struct cur *c, const struct field *f,
		size_t n)
{
	const uint8_t *p = cur_bytes(c, n);
	uint32_t ch, low;
	char *text, *at;
	size_t i, room;

	if (!p || !wants(d, f))
		return;
	if (n > TEXT_MOST)
		n = TEXT_MOST;
	room = n / 2 * 3;
	text = at = scratch_room(d, room);
	if (!text)
		return;
	for (i = 0; i + 1 < n; i += 2) {
		ch = (uint32_t)(p[i] | p[i + 1] << 8);
		if (ch >> 10 == 0x36 && i + 3 < n) {
			low = (uint32_t)(p[i + 2] | p[i + 3] << 8);
			if (low >> 10 == 0x37) {
				ch = 0x10000 +
				     ((ch & 0x3ff) << 10 | (low & 0x3ff));
				i += 2;
			}
		}
		at = put_utf8(at, ch);
	}
	add_bytes(d, f, text, (size_t)(at - text));
	scratch_return(d, room - (size_t)(at - text));
}

void take_zero_text(struct dissect *d, struct cur *c, const struct field *f,
		    bool utf16)
{
	size_t left = cur_left(c), n = 0;

	if (utf16) {
		while (n + 1 < left && (c->pos[n] || c->pos[n + 1]))
			n += 2;
		take_utf16(d, c, f, n);
		cur_skip(c, n + 1 < left ? 2 : 0);
	} else {
		while (n < left && c->pos[n])
			n++;
		take_bytes(d, c, f, n);
		cur_skip(c, n < left ? 1 : 0);
	}
}

void take_netbios_name(struct dissect *d, struct cur *c, const struct field *f)
{
	enum { HALVES = 32, SHOWN = 4 * 16 };
	const uint8_t *p;
	unsigned i, ch[16];
	char *text, *at, *end;

	/* a label of 32 letters, and perhaps others: the scope */
	if (cur_u8(c) != HALVES)
		return;
	p = cur_bytes(c, HALVES);
	if (!p)
		return;
	while (c->state == CUR_OK && cur_left(c) && *c->pos)
		cur_skip(c, 1u + *c->pos);
	cur_skip(c, 1);
	for (i = 0; i < 16; i++)
		ch[i] = ((p[2 * i] - (unsigned)'A') << 4 |
			 (p[2 * i + 1] - (unsigned)'A')) &
			0xff;
	if (!wants(d, f))
		return;
	text = at = end = scratch_room(d, SHOWN);
	if (!text)
		return;
	for (i = 0; i < 15; i++) {
		if (ch[i] < ' ' || ch[i] > '~') {
			*at++ = '<';
			at = fmt_hex(at, ch[i], 2);
			*at++ = '>';
		} else {
			*at++ = (char)ch[i];
		}
		if (ch[i] != ' ')
			end = at;
	}
	*end++ = '<';
	end = fmt_hex(end, ch[15], 2);
	*end++ = '>';
	add_bytes(d, f, text, (size_t)(end - text));
}
