/* Numbers and addresses as text, without printf. */
#include "base/fmt.h"

/* clang-format off */
const char fmt_pairs[200] =
	"00010203040506070809" "10111213141516171819" "20212223242526272829"
	"30313233343536373839" "40414243444546474849" "50515253545556575859"
	"60616263646566676869" "70717273747576777879" "80818283848586878889"
	"90919293949596979899";
const char fmt_hex_pairs[512] =
	"000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
	"202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f"
	"404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f"
	"606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f"
	"808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
	"a0a1a2a3a4a5a6a7a8a9aaabacadaeafb0b1b2b3b4b5b6b7b8b9babbbcbdbebf"
	"c0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedf"
	"e0e1e2e3e4e5e6e7e8e9eaebecedeeeff0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
/* clang-format on */

static const char digits16[] = "0123456789abcdef";

/*
 * The eight digits of n < 10^8, the first in the lowest byte: halves, their
 * halves and theirs, several at a time. Division by 100 and by 10 is
 * multiplication and a shift, which is exact for numbers this small.
 */
static inline uint64_t eight_digits(uint32_t n)
{
	uint64_t x = n / 10000 | (uint64_t)(n % 10000) << 32, high;

	high = (x * 10486 >> 20) & 0x7f0000007f;
	x = high | (x - high * 100) << 16;
	high = (x * 103 >> 10) & 0x000f000f000f000f;
	return high | (x - high * 10) << 8;
}

/* Eight bytes, the lowest first. */
static inline void put_eight(char *at, uint64_t bytes)
{
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		bytes = __builtin_bswap64(bytes);
	memcpy(at, &bytes, 8);
}

/* n < 10^8 without leading zeros; eight bytes are written */
static inline char *put_short(char *at, uint32_t n)
{
	uint64_t digits = eight_digits(n);
	/* one digit stays */
	unsigned zeros = __builtin_ctzll(digits | UINT64_C(1) << 56) / 8;

	put_eight(at, (digits | 0x3030303030303030) >> zeros * 8);
	return at + 8 - zeros;
}

/* n < 10^8, eight digits */
static inline char *put_long(char *at, uint32_t n)
{
	put_eight(at, eight_digits(n) | 0x3030303030303030);
	return at + 8;
}

char *fmt_dec(char *at, uint64_t n)
{
	if (n < 100000000)
		return put_short(at, (uint32_t)n);
	if (n < UINT64_C(10000000000000000)) {
		at = put_short(at, (uint32_t)(n / 100000000));
		return put_long(at, (uint32_t)(n % 100000000));
	}
	at = put_short(at, (uint32_t)(n / UINT64_C(10000000000000000)));
	n %= UINT64_C(10000000000000000);
	at = put_long(at, (uint32_t)(n / 100000000));
	return put_long(at, (uint32_t)(n % 100000000));
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
	*at = (char)('0' + n / 100000000);
	return put_long(at + 1, n % 100000000);
}

char *fmt_micro(char *at, uint32_t n)
{
	char digits[8];

	put_long(digits, n);
	memcpy(at, digits + 2, 6);
	return at + 6;
}

char *fmt_zeros(char *at, uint32_t n, unsigned digits)
{
	char all[8];

	if (digits == 9)
		return fmt_nano(at, n);
	put_long(all, n);
	memcpy(at, all + 8 - digits, digits);
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
	return fmt_hex(at, n, (67u - (unsigned)__builtin_clzll(n | 1)) / 4);
}

/* clang-format off */
#define NUMBER(n) {#n ".", sizeof(#n)},
#define TEN(n)                                                                 \
	NUMBER(n##0) NUMBER(n##1) NUMBER(n##2) NUMBER(n##3) NUMBER(n##4)       \
	NUMBER(n##5) NUMBER(n##6) NUMBER(n##7) NUMBER(n##8) NUMBER(n##9)
const struct fmt_byte fmt_bytes[256] = {
	NUMBER(0) NUMBER(1) NUMBER(2) NUMBER(3) NUMBER(4)
	NUMBER(5) NUMBER(6) NUMBER(7) NUMBER(8) NUMBER(9)
	TEN(1) TEN(2) TEN(3) TEN(4) TEN(5) TEN(6) TEN(7) TEN(8) TEN(9)
	TEN(10) TEN(11) TEN(12) TEN(13) TEN(14) TEN(15) TEN(16) TEN(17)
	TEN(18) TEN(19) TEN(20) TEN(21) TEN(22) TEN(23) TEN(24)
	NUMBER(250) NUMBER(251) NUMBER(252)
	NUMBER(253) NUMBER(254) NUMBER(255)
};
/* clang-format on */

/* Four digits without leading zeros; four bytes are written. */
static inline char *put_group(char *at, uint16_t n)
{
	unsigned zeros = ((unsigned)__builtin_clz(n | 1u) - 16) / 4;
	char digits[8];

	memcpy(digits, fmt_hex_pairs + (n >> 8) * 2, 2);
	memcpy(digits + 2, fmt_hex_pairs + (n & 255) * 2, 2);
	memcpy(digits + 4, "", 1);
	memcpy(at, digits + zeros, 4);
	return at + 4 - zeros;
}

/* The longest run of two or more zero groups: its start, *n its length.
   zero: bit i for group i. */
static unsigned longest_zeros(unsigned zero, unsigned *n)
{
	unsigned runs = zero & zero >> 1, last = 0;

	*n = 1;
	/* runs: where one of *n + 1 groups starts */
	for (; runs; runs &= zero >> *n) {
		last = runs;
		++*n;
	}
	return last ? (unsigned)__builtin_ctz(last) : 8;
}

char *fmt_ip6(char *at, const uint8_t bytes[16])
{
	uint16_t group[8];
	unsigned i, n, zeros, zero = 0;

	for (i = 0; i < 8; i++) {
		group[i] = (uint16_t)(bytes[2 * i] << 8 | bytes[2 * i + 1]);
		zero |= (unsigned)!group[i] << i;
	}
	zeros = longest_zeros(zero, &n);
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
		at = put_group(at, group[i]);
	}
	return at;
}

char *fmt_ether(char *at, const uint8_t bytes[6])
{
	unsigned i;

	for (i = 0; i < 6; i++) {
		if (i)
			*at++ = ':';
		at = fmt_byte_hex(at, bytes[i]);
	}
	return at;
}
