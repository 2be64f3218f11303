/* IPv4 and IPv6 addresses: text to bytes and back. */
#include "base/addr.h"

#include <string.h>

#include "base/be.h"
#include "base/fmt.h"

/* One decimal number up to 255 at *p. */
static bool quad_part(const char **p, uint8_t *byte)
{
	unsigned v = 0, len = 0;

	while (**p >= '0' && **p <= '9' && len < 4) {
		v = v * 10 + (unsigned)(*(*p)++ - '0');
		len++;
	}
	if (len == 0 || v > 255 || len != 1u + (v > 9) + (v > 99))
		return false;
	*byte = (uint8_t)v;
	return true;
}

static bool quad_parse(const char *p, uint8_t out[4])
{
	int i;

	for (i = 0; i < 4; i++) {
		if (i > 0 && *p++ != '.')
			return false;
		if (!quad_part(&p, &out[i]))
			return false;
	}
	return !*p;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Groups of hexadecimal digits, one "::" at most, a dotted quad last. */
static bool six_parse(const char *p, uint8_t out[16])
{
	uint8_t o[16] = {0};
	size_t len = 0, gap = SIZE_MAX;

	if (p[0] == ':' && p[1] != ':')
		return false;
	while (*p) {
		const char *group = p;
		unsigned v = 0;

		if (p[0] == ':' && p[1] == ':') {
			if (gap != SIZE_MAX)
				return false;
			gap = len;
			p += 2;
			continue;
		}
		p += *p == ':' && len > 0 && group[-1] != ':';
		group = p;
		while (hex_digit(*p) >= 0 && p - group < 4)
			v = v << 4 | (unsigned)hex_digit(*p++);
		if (*p == '.') {
			if (len > 12 || !quad_parse(group, o + len))
				return false;
			len += 4;
			break;
		}
		if (p == group || len > 14 || (*p && *p != ':'))
			return false;
		o[len++] = (uint8_t)(v >> 8);
		o[len++] = (uint8_t)v;
	}
	if (gap == SIZE_MAX ? len != 16 : len > 14)
		return false;
	if (gap == SIZE_MAX)
		gap = len;
	memset(out, 0, 16);
	memcpy(out, o, gap);
	memcpy(out + 16 - (len - gap), o + gap, len - gap);
	return true;
}

bool addr_parse(const char *text, struct addr *a)
{
	struct addr got = {0};

	got.version = strchr(text, ':') ? 6 : 4;
	if (got.version == 4 ? !quad_parse(text, got.bytes)
			     : !six_parse(text, got.bytes))
		return false;
	*a = got;
	return true;
}

bool addr_parse_prefix(const char *text, struct addr *a, unsigned *bits)
{
	char host[ADDR_TEXT + 4];
	size_t len = strcspn(text, "/");
	unsigned n, i;

	if (len >= sizeof(host))
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	if (!addr_parse(host, a))
		return false;
	n = addr_bits(a->version);
	if (text[len] == '/') {
		const char *p = text + len + 1;
		uint8_t given;

		if (!quad_part(&p, &given) || *p || given > n)
			return false;
		n = given;
	}
	for (i = 0; i < 16; i++) {
		if (n <= 8 * i)
			a->bytes[i] = 0;
		else if (n < 8 * i + 8)
			a->bytes[i] &= (uint8_t)(0xff << (8 * i + 8 - n));
	}
	*bits = n;
	return true;
}

size_t addr_text(unsigned version, const uint8_t *o, char *buf)
{
	char *end = version == 4 ? fmt_ip4(buf, be32(o)) : fmt_ip6(buf, o);

	*end = '\0';
	return (size_t)(end - buf);
}

void addr_mac_text(const uint8_t *bytes, char *buf)
{
	static const char digits[] = "0123456789abcdef";
	int i;

	for (i = 0; i < 6; i++) {
		*buf++ = digits[bytes[i] >> 4];
		*buf++ = digits[bytes[i] & 15];
		*buf++ = i < 5 ? ':' : '\0';
	}
}
