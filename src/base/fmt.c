/* Numbers and addresses as text, without printf. */
#include "base/fmt.h"

/* clang-format off */
const char fmt_pairs[200] =
	"00010203040506070809" "10111213141516171819" "20212223242526272829"
	"30313233343536373839" "40414243444546474849" "50515253545556575859"
	"60616263646566676869" "70717273747576777879" "80818283848586878889"
	"90919293949596979899";
/* clang-format on */

static const char digits16[] = "0123456789abcdef";

static inline unsigned count_digits(uint32_t n)
{
	if (n < 100)
		return n < 10 ? 1 : 2;
	if (n < 10000)
		return n < 1000 ? 3 : 4;
	if (n < 1000000)
		return n < 100000 ? 5 : 6;
	if (n < 100000000)
		return n < 10000000 ? 7 : 8;
	return n < 1000000000 ? 9 : 10;
}

static inline void put_digits(char *at, uint32_t n, unsigned count)
{
	while (count >= 2) {
		count -= 2;
		memcpy(at + count, fmt_pairs + n % 100 * 2, 2);
		n /= 100;
	}
	if (count)
		at[0] = (char)('0' + n % 10);
}

char *fmt_dec(char *at, uint64_t n)
{
	unsigned count;

	if (n > UINT32_MAX) {
		at = fmt_dec(at, n / 1000000000);
		put_digits(at, (uint32_t)(n % 1000000000), 9);
		return at + 9;
	}
	count = count_digits((uint32_t)n);
	put_digits(at, (uint32_t)n, count);
	return at + count;
}

char *fmt_sdec(char *at, int64_t n)
{
	if (n >= 0)
		return fmt_dec(at, (uint64_t)n);
	*at = '-';
	return fmt_dec(at + 1, -(uint64_t)n);
}

char *fmt_zeros(char *at, uint32_t n, unsigned digits)
{
	put_digits(at, n, digits);
	return at + digits;
}

char *fmt_hex(char *at, uint64_t n, unsigned digits)
{
	unsigned i;

	for (i = digits; i > 0; i--) {
		at[i - 1] = digits16[n & 15];
		n >>= 4;
	}
	return at + digits;
}

char *fmt_hex_short(char *at, uint64_t n)
{
	unsigned digits = 1;

	while (digits < 16 && n >> digits * 4)
		digits++;
	return fmt_hex(at, n, digits);
}

static inline char *put_octet(char *at, unsigned n)
{
	if (n >= 100) {
		*at++ = (char)('0' + n / 100);
		memcpy(at, fmt_pairs + n % 100 * 2, 2);
		return at + 2;
	}
	if (n >= 10) {
		memcpy(at, fmt_pairs + n * 2, 2);
		return at + 2;
	}
	*at = (char)('0' + n);
	return at + 1;
}

char *fmt_ip4(char *at, uint32_t address)
{
	at = put_octet(at, address >> 24);
	*at++ = '.';
	at = put_octet(at, address >> 16 & 255);
	*at++ = '.';
	at = put_octet(at, address >> 8 & 255);
	*at++ = '.';
	return put_octet(at, address & 255);
}

/* The longest run of two or more zero groups: its start, *n its length. */
static unsigned longest_zeros(const uint16_t group[8], unsigned *n)
{
	unsigned i, start = 0, run = 0, best = 8;

	*n = 1;
	for (i = 0; i < 8; i++) {
		if (group[i]) {
			run = 0;
			continue;
		}
		if (run++ == 0)
			start = i;
		if (run > *n) {
			*n = run;
			best = start;
		}
	}
	return best;
}

char *fmt_ip6(char *at, const uint8_t octets[16])
{
	uint16_t group[8];
	unsigned i, n, zeros;

	for (i = 0; i < 8; i++)
		group[i] = (uint16_t)(octets[2 * i] << 8 | octets[2 * i + 1]);
	zeros = longest_zeros(group, &n);
	for (i = 0; i < 8; i++) {
		if (i == zeros) {
			*at++ = ':';
			*at = ':';
			i += n - 1;
			at += i == 7;
			continue;
		}
		if (i)
			*at++ = ':';
		/* ::a.b.c.d and ::ffff:a.b.c.d, as inet_ntop() has them */
		if (i == 6 && zeros == 0 &&
		    (n == 6 || (n == 5 && group[5] == 0xffff)))
			return fmt_ip4(at, (uint32_t)group[6] << 16 | group[7]);
		at = fmt_hex_short(at, group[i]);
	}
	return at;
}

char *fmt_ether(char *at, const uint8_t octets[6])
{
	unsigned i;

	for (i = 0; i < 6; i++) {
		if (i)
			*at++ = ':';
		*at++ = digits16[octets[i] >> 4];
		*at++ = digits16[octets[i] & 15];
	}
	return at;
}
