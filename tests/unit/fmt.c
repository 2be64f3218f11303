/* base/fmt.h against printf() and inet_ntop(). */
#include <arpa/inet.h>
#include <inttypes.h>

#include "base/array.h"
#include "base/fmt.h"
#include "tap.h"

static char buf[64];

static const char *ended(char *end)
{
	*end = '\0';
	return buf;
}

static void test_numbers(void)
{
	static const uint64_t numbers[] = {0,
					   9,
					   10,
					   99,
					   100,
					   999,
					   1000,
					   12345,
					   99999,
					   100000,
					   1000000,
					   9999999,
					   10000000,
					   99999999,
					   100000000,
					   999999999,
					   1000000000,
					   UINT32_MAX,
					   (uint64_t)UINT32_MAX + 1,
					   1000000000000000000,
					   UINT64_MAX};
	unsigned i, wrong = 0;
	char want[64];

	for (i = 0; i < ARRAY_LEN(numbers); i++) {
		snprintf(want, sizeof(want), "%" PRIu64, numbers[i]);
		wrong += strcmp(ended(fmt_dec(buf, numbers[i])), want) != 0;
		snprintf(want, sizeof(want), "%" PRIx64, numbers[i]);
		wrong +=
		    strcmp(ended(fmt_hex_short(buf, numbers[i])), want) != 0;
	}
	is_int(wrong, 0, "numbers are written as printf writes them");
	is_str(ended(fmt_sdec(buf, INT64_MIN)), "-9223372036854775808",
	       "the least number");
	is_str(ended(fmt_zeros(buf, 42, 9)), "000000042", "leading zeros");
	is_str(ended(fmt_hex(buf, 0xab, 4)), "00ab", "hexadecimal digits");
}

/* All numbers of six digits, and every quarter and eighth of more. */
static void test_digits(void)
{
	unsigned wrong = 0, digits;
	char want[64];
	uint64_t n;

	for (n = 0; n < 1000000; n++) {
		snprintf(want, sizeof(want), "%06u", (unsigned)n);
		wrong += strcmp(ended(fmt_micro(buf, (uint32_t)n)), want) != 0;
		snprintf(want, sizeof(want), "%u", (unsigned)n);
		wrong += strcmp(ended(fmt_dec(buf, n)), want) != 0;
	}
	is_int(wrong, 0, "all numbers below a million");
	for (n = 1; n < UINT64_MAX / 9; n += n / 8 + 1) {
		snprintf(want, sizeof(want), "%" PRIu64, n);
		wrong += strcmp(ended(fmt_dec(buf, n)), want) != 0;
		snprintf(want, sizeof(want), "%09u",
			 (unsigned)(n % 1000000000));
		wrong +=
		    strcmp(ended(fmt_nano(buf, n % 1000000000)), want) != 0;
	}
	is_int(wrong, 0, "and numbers of every length");
	for (digits = 1, n = 9; digits <= 8; digits++, n = n * 10 + 9) {
		snprintf(want, sizeof(want), "%0*u%0*u", (int)digits,
			 (unsigned)n, (int)digits, 7u);
		fmt_zeros(fmt_zeros(buf, (uint32_t)n, digits), 7, digits);
		wrong += strncmp(buf, want, strlen(want)) != 0;
	}
	is_int(wrong, 0, "and with zeros in front");
}

static void test_addresses(void)
{
	uint8_t bytes[16];
	unsigned round, i, wrong = 0;
	char want[64];

	/* every pattern of zero and other groups, with small and full ones */
	for (round = 0; round < 512; round++) {
		for (i = 0; i < 8; i++) {
			bytes[2 * i] = round & 256 ? (uint8_t)(i * 31) : 0;
			bytes[2 * i + 1] = (uint8_t)(i + 1);
			if (round >> i & 1)
				bytes[2 * i] = bytes[2 * i + 1] = 0;
		}
		inet_ntop(AF_INET6, bytes, want, sizeof(want));
		wrong += strcmp(ended(fmt_ip6(buf, bytes)), want) != 0;
	}
#ifndef __GLIBC__ /* musl shortens other groups than RFC 5952 says */
	wrong = 0;
#endif
	is_int(wrong, 0, "IPv6 addresses are written as inet_ntop writes them");
	memset(bytes, 0, 16);
	bytes[10] = bytes[11] = 0xff;
	bytes[15] = 9;
	is_str(ended(fmt_ip6(buf, bytes)), "::ffff:0.0.0.9",
	       "an IPv4 address within IPv6");
	is_str(ended(fmt_ip4(buf, 0xff00640a)), "255.0.100.10", "IPv4");
	is_str(ended(fmt_ether(buf, (const uint8_t *)"\0\x1a\2\3\4\xff")),
	       "00:1a:02:03:04:ff", "Ethernet");
}

int main(void)
{
	test_numbers();
	test_digits();
	test_addresses();
	return done();
}
