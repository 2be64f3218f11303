/*
 * Sets of addresses: random prefixes of every length against a plain search
 * through a list, and what a file may hold.
 */
#include "pkt/hosts.h"

#include <unistd.h>

#include "tap.h"

#define PREFIXES 3000
#define LOOKUPS 20000

struct prefix {
	struct addr a;
	unsigned bits;
};

static uint64_t state = 1;

/* The same numbers on every run. */
static uint32_t number(void)
{
	state = state * UINT64_C(6364136223846793005) + 1442695040888963407;
	return (uint32_t)(state >> 33);
}

static bool prefix_has(const struct prefix *p, const uint8_t *bytes)
{
	unsigned i;

	for (i = 0; i < p->bits; i++) {
		unsigned bit = 0x80u >> i % 8;

		if ((p->a.bytes[i / 8] & bit) != (bytes[i / 8] & bit))
			return false;
	}
	return true;
}

/* An address of few different bytes, so that prefixes meet. */
static void random_addr(struct addr *a, unsigned version)
{
	unsigned i;

	memset(a, 0, sizeof(*a));
	a->version = (uint8_t)version;
	for (i = 0; i < addr_bits(version) / 8; i++)
		a->bytes[i] = (uint8_t)(number() % 4 == 0 ? number() % 256
							  : number() % 2);
}

static void clear_rest(struct prefix *p)
{
	unsigned i;

	for (i = p->bits; i < 128; i++)
		p->a.bytes[i / 8] &= (uint8_t) ~(0x80u >> i % 8);
}

static void check_random(unsigned version, unsigned shortest)
{
	static struct prefix list[PREFIXES];
	struct err err;
	struct hosts *h = hosts_new(&err);
	unsigned bits = addr_bits(version), hits = 0, wrong = 0;
	size_t i, j;

	for (i = 0; i < PREFIXES; i++) {
		random_addr(&list[i].a, version);
		list[i].bits = shortest + number() % (bits - shortest + 1);
		clear_rest(&list[i]);
		if (!hosts_add(h, &list[i].a, list[i].bits, &err))
			wrong++;
	}
	for (i = 0; i < LOOKUPS; i++) {
		bool want = false;
		struct addr a;

		random_addr(&a, version);
		if (i % 2) /* near one of the prefixes */
			memcpy(a.bytes, list[number() % PREFIXES].a.bytes,
			       bits / 8 - number() % 3);
		for (j = 0; j < PREFIXES && !want; j++)
			want = prefix_has(&list[j], a.bytes);
		hits += want;
		wrong += hosts_has(h, bits / 8, a.bytes) != want;
	}
	is_int(wrong, 0, "random prefixes are found as by plain search");
	ok_all("  some match and some do not", hits > 100,
	       hits < LOOKUPS - 100);
	hosts_free(h);
}

/* A set read from text; NULL and *err if it cannot be. */
static struct hosts *from_text(const char *text, struct err *err)
{
	char path[] = "/tmp/hosts.XXXXXX";
	int fd = mkstemp(path);
	struct hosts *h = hosts_new(err);
	bool good = fd >= 0 &&
		    write(fd, text, strlen(text)) == (ssize_t)strlen(text) &&
		    hosts_read(h, path, err);

	close(fd);
	unlink(path);
	if (good)
		return h;
	hosts_free(h);
	return NULL;
}

static bool has(const struct hosts *h, const char *text)
{
	struct addr a;

	return addr_parse(text, &a) &&
	       hosts_has(h, addr_bits(a.version) / 8, a.bytes);
}

static void check_file(void)
{
	struct err err;
	struct hosts *h = from_text("# ours\n192.0.2.1, 198.51.100.0/25\r\n"
				    "\n  2001:db8::/32 # doc\n0.0.0.0\n::",
				    &err);

	if (!ok(h != NULL, "a file of addresses"))
		return;
	ok_all("an IPv4 address", has(h, "192.0.2.1"), !has(h, "192.0.2.2"));
	ok_all("a prefix", has(h, "198.51.100.127"), !has(h, "198.51.100.128"));
	ok_all("an IPv6 one", has(h, "2001:db8:ffff::1"),
	       !has(h, "2001:db9::"));
	ok_all("the addresses of zeros", has(h, "0.0.0.0"), has(h, "::"));
	ok_all("  and not their neighbours", !has(h, "::1"),
	       !has(h, "0.0.0.1"));
	hosts_free(h);
	h = from_text("0.0.0.0/0", &err);
	ok_all("all of IPv4", has(h, "255.255.255.255"), !has(h, "::1"));
	hosts_free(h);
	h = from_text("::/0", &err);
	ok_all("all of IPv6", has(h, "ff::"), !has(h, "1.2.3.4"));
	hosts_free(h);
	h = from_text("", &err);
	ok_all("an empty file", h, !has(h, "1.2.3.4"), !has(h, "::"));
	hosts_free(h);
	ok(!from_text("1.2.3.4\n\n1.2.3.4/33 5.6.7.8\n", &err), "a fault");
	is_int(err.kind, ERR_USAGE, "  is wrong usage");
	is_str(err.text, "line 3: \"1.2.3.4/33\" is not an address or prefix",
	       "  with its line");
	ok(!hosts_read(NULL, "/nonexistent/file", &err), "a missing file");
}

int main(void)
{
	check_random(4, 8);
	check_random(4, 20);
	check_random(6, 4);
	check_random(6, 30);
	check_random(6, 100);
	check_file();
	return done();
}
