/* Which packets are of one flow. */
#include "pkt/flowkey.h"

#include "tap.h"

enum { A = 1, B = 2 };

/* An IPv4 packet: from and to are the last bytes of the addresses. */
struct shape {
	uint8_t from, to, proto;
	uint16_t sport, dport;
	uint16_t frag; /* the field with flags and offset */
	uint8_t id;
};

/* Make it; returns its length. */
static uint32_t build(uint8_t *p, const struct shape *s)
{
	memset(p, 0, 60);
	p[0] = 0x45;
	p[3] = 60;
	p[5] = s->id;
	p[6] = (uint8_t)(s->frag >> 8);
	p[7] = (uint8_t)s->frag;
	p[8] = 64;
	p[9] = s->proto;
	p[12] = p[16] = 10;
	p[15] = s->from;
	p[19] = s->to;
	p[20] = (uint8_t)(s->sport >> 8);
	p[21] = (uint8_t)s->sport;
	p[22] = (uint8_t)(s->dport >> 8);
	p[23] = (uint8_t)s->dport;
	p[32] = 0x50; /* as TCP: header length */
	return 60;
}

/* An ICMP message: an error quotes `quoted`, a query has an identifier. */
static uint32_t build_icmp(uint8_t *p, uint8_t from, uint8_t to, uint8_t type,
			   uint8_t id, const struct shape *quoted)
{
	const struct shape s = {.from = from, .to = to, .proto = 1};
	uint32_t n = build(p, &s);

	p[20] = type;
	p[25] = id;
	if (quoted)
		n = 28 + build(p + 28, quoted);
	p[3] = (uint8_t)n;
	return n;
}

static enum flow_kind key_of(const uint8_t *bytes, uint32_t n,
			     struct flowkey *key, struct flowkey *part,
			     bool *has_part)
{
	const struct pkt p = {.data = bytes, .caplen = n, .wirelen = n};

	return flowkey_of(101, &p, key, part, has_part);
}

static struct flowkey key_of_bytes(const uint8_t *bytes, uint32_t n)
{
	struct flowkey key, part;
	bool has_part;

	memset(&key, 0xff, sizeof(key));
	key_of(bytes, n, &key, &part, &has_part);
	return key;
}

static struct flowkey key_of_shape(const struct shape *s)
{
	uint8_t bytes[60];

	return key_of_bytes(bytes, build(bytes, s));
}

static bool same(struct flowkey a, struct flowkey b)
{
	return !memcmp(&a, &b, sizeof(a));
}

static void check_ports(void)
{
	const struct shape there = {A, B, 6, 1000, 80, 0, 0};
	const struct shape back = {B, A, 6, 80, 1000, 0, 0};
	const struct shape crossed = {B, A, 6, 1000, 80, 0, 0};
	const struct shape udp = {A, B, 17, 1000, 80, 0, 0};
	const struct shape self = {A, A, 6, 80, 1000, 0, 0};
	const struct shape self_back = {A, A, 6, 1000, 80, 0, 0};

	ok(same(key_of_shape(&there), key_of_shape(&back)), "there and back");
	ok(!same(key_of_shape(&there), key_of_shape(&crossed)),
	   "ports belong to addresses");
	ok(!same(key_of_shape(&there), key_of_shape(&udp)), "TCP is not UDP");
	ok(same(key_of_shape(&self), key_of_shape(&self_back)),
	   "a host with itself");
}

static void check_icmp(void)
{
	const struct shape there = {A, B, 17, 1000, 80, 0, 0};
	const struct shape other = {A, B, 17, 1001, 80, 0, 0};
	uint8_t request[100], reply[100], error[100];
	uint32_t n = build_icmp(request, A, B, 8, 5, NULL);
	struct flowkey key = key_of_bytes(request, n);

	n = build_icmp(reply, B, A, 0, 5, NULL);
	ok(same(key, key_of_bytes(reply, n)), "echo and its answer");
	n = build_icmp(reply, B, A, 0, 6, NULL);
	ok(!same(key, key_of_bytes(reply, n)), "  and not another's");
	n = build_icmp(error, 9, A, 3, 0, &there);
	ok(same(key_of_bytes(error, n), key_of_shape(&there)),
	   "an error belongs to what it quotes");
	ok(!same(key_of_bytes(error, n), key_of_shape(&other)),
	   "  and to nothing else");
}

static void check_fragments(void)
{
	const struct shape first = {A, B, 17, 1000, 80, 0x2000, 7};
	const struct shape later = {A, B, 17, 0, 0, 0x0003, 7};
	const struct shape back = {B, A, 17, 0, 0, 0x0003, 7};
	const struct shape whole = {A, B, 17, 1000, 80, 0, 0};
	struct flowkey key, part, part_later;
	uint8_t bytes[60];
	bool has_part;

	is_int(key_of(bytes, build(bytes, &first), &key, &part, &has_part),
	       FLOW_KNOWN, "a first fragment's flow is known");
	ok_all("  and that of the datagram", has_part,
	       same(key, key_of_shape(&whole)));
	is_int(
	    key_of(bytes, build(bytes, &later), &key, &part_later, &has_part),
	    FLOW_FRAGMENT, "a later one's is not");
	ok(same(part, part_later), "  but that it is of the same datagram is");
	key_of(bytes, build(bytes, &back), &key, &part_later, &has_part);
	ok(!same(part, part_later), "  and that of the way back is another");
}

int main(void)
{
	struct hash_seed seed = {1, 2};
	struct flowkey key, part;
	struct hash a, b;
	bool has_part;

	check_ports();
	check_icmp();
	check_fragments();
	is_int(key_of((const uint8_t *)"\x45", 1, &key, &part, &has_part),
	       FLOW_NONE, "a packet cut short has no flow");
	memset(&key, 0, sizeof(key));
	a = flowkey_hash(&key, &seed);
	key.addrs[1][15] = 1;
	b = flowkey_hash(&key, &seed);
	ok_all("every byte of a key counts", a.a != b.a, a.b != b.b);
	return done();
}
