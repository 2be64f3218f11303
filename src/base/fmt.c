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

static inline char *put_pair(char *at, uint32_t n)
{
	memcpy(at, fmt_pairs + n * 2, 2);
	return at + 2;
}

/* n < 10000, without leading zeros */
static inline char *put_short(char *at, uint32_t n)
{
	uint32_t high = n / 100;

	if (n >= 1000)
		return put_pair(put_pair(at, high), n % 100);
	if (n >= 100) {
		*at = (char)('0' + high);
		return put_pair(at + 1, n % 100);
	}
	if (n >= 10)
		return put_pair(at, n);
	*at = (char)('0' + n);
	return at + 1;
}

/* n < 10000, four digits */
static inline char *put_four(char *at, uint32_t n)
{
	return put_pair(put_pair(at, n / 100), n % 100);
}

char *fmt_dec(char *at, uint64_t n)
{
	uint32_t low;

	if (n < 10000)
		return put_short(at, (uint32_t)n);
	if (n > UINT32_MAX) {
		at = fmt_dec(at, n / 1000000000);
		return fmt_zeros(at, (uint32_t)(n % 1000000000), 9);
	}
	low = (uint32_t)n;
	if (low < 100000000) {
		at = put_short(at, low / 10000);
		return put_four(at, low % 10000);
	}
	at = put_short(at, low / 100000000);
	low %= 100000000;
	return put_four(put_four(at, low / 10000), low % 10000);
}

char *fmt_sdec(char *at, int64_t n)
{
	if (n >= 0)
		return fmt_dec(at, (uint64_t)n);
	*at = '-';
	return fmt_dec(at + 1, -(uint64_t)n);
}

char *fmt_nano(char *at, uint32_t n)
{
	uint32_t high = n / 10000;

	*at = (char)('0' + high / 10000);
	return put_four(put_four(at + 1, high % 10000), n % 10000);
}

char *fmt_zeros(char *at, uint32_t n, unsigned digits)
{
	char *end = at + digits;

	while (digits >= 2) {
		digits -= 2;
		memcpy(at + digits, fmt_pairs + n % 100 * 2, 2);
		n /= 100;
	}
	if (digits)
		at[0] = (char)('0' + n % 10);
	return end;
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

/* clang-format off */
#define NUMBER(n) {#n ".", sizeof(#n)},
#define TEN(n)                                                                 \
	NUMBER(n##0) NUMBER(n##1) NUMBER(n##2) NUMBER(n##3) NUMBER(n##4)       \
	NUMBER(n##5) NUMBER(n##6) NUMBER(n##7) NUMBER(n##8) NUMBER(n##9)
const struct fmt_octet fmt_octets[256] = {
	NUMBER(0) NUMBER(1) NUMBER(2) NUMBER(3) NUMBER(4)
	NUMBER(5) NUMBER(6) NUMBER(7) NUMBER(8) NUMBER(9)
	TEN(1) TEN(2) TEN(3) TEN(4) TEN(5) TEN(6) TEN(7) TEN(8) TEN(9)
	TEN(10) TEN(11) TEN(12) TEN(13) TEN(14) TEN(15) TEN(16) TEN(17)
	TEN(18) TEN(19) TEN(20) TEN(21) TEN(22) TEN(23) TEN(24)
	NUMBER(250) NUMBER(251) NUMBER(252)
	NUMBER(253) NUMBER(254) NUMBER(255)
};
/* clang-format on */

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
