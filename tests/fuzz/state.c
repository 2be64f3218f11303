/* Any bytes as a saved state, with the CRC that they should have: what is
   taken can be merged, shown and saved. */
#include "base/array.h"
#include "file/out.h"
#include "fuzz/fuzz.h"
#include "stats/report.h"

static const char *path(void)
{
	static char name[64];

	if (!name[0])
		snprintf(name, sizeof(name), "%sfuzz-state-%ld", fuzz_folder(),
			 (long)getpid());
	return name;
}

static uint64_t crc64(const uint8_t *p, size_t n)
{
	uint64_t c = ~UINT64_C(0);
	unsigned k;

	for (; n > 0; n--, p++) {
		c ^= *p;
		for (k = 0; k < 8; k++)
			c = c >> 1 ^ (c & 1 ? UINT64_C(0xc96c5795d7870f42) : 0);
	}
	return c;
}

static void write_state(const uint8_t *bytes, size_t n)
{
	size_t some = n > 8 ? n - 8 : 0;
	uint64_t crc = crc64(bytes, some);
	FILE *f = fopen(path(), "wb");
	unsigned i;

	if (!f)
		abort();
	fwrite(bytes, 1, some, f);
	for (i = 0; i < 8; i++)
		fputc((int)(crc >> 8 * i & 0xff), f);
	fclose(f);
}

/* Make some rows of every table. */
static void look_at(const struct stats *stats)
{
	struct table t;
	struct view *view;
	bool done = false;
	size_t i, k;

	for (i = 0; !done; i++) {
		view = stats_view(stats, i, &done);
		if (!view)
			continue;
		table_init(&t, view->rows.columns, view->rows.n_columns);
		for (k = 0; k < view->rows.n && k < 100; k++)
			view->rows.put(&view->rows, k, &t);
		if (t.n_cells != k * view->rows.n_columns)
			abort();
		table_fini(&t);
		view_close(view);
	}
}

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	struct stats *one, *two;
	struct err err = {0};

	write_state(bytes, n);
	one = stats_load(path(), &err);
	if (!one && !err.text[0])
		abort();
	two = stats_load(path(), &err);
	if (one && two) {
		if (!stats_same(one, two, &err))
			abort();
		stats_limit(one, 64);
		look_at(two);
		stats_add(one, two);
		look_at(one);
		if (!stats_save(one, path(), true, &err))
			abort();
	}
	stats_close(one);
	stats_close(two);
	unlink(path());
}

/* A state of every report with a few packets in it. */
static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	static const uint8_t arp[64] = {
	    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 1, 8, 6,
	    0,	  1,	8,    0,    6,	  4,	0, 1, 2, 0, 0, 0, 0, 1};
	static const uint8_t udp[64] = {
	    2,	  0, 0,	  0,  0, 1, 2, 0,  0,  0,  0, 2,  8,   0,
	    0x45, 0, 0,	  40, 0, 0, 0, 0,  64, 17, 0, 0,  192, 0,
	    2,	  1, 192, 0,  2, 2, 0, 53, 0,  53, 0, 20, 0,   0};
	static const char *const names[] = {"summary",
					    "protocols",
					    "conversations",
					    "sizes",
					    "rate",
					    "interfaces",
					    "fields:ip.src,eth.type,ip.src",
					    "fields:len(eth.src)"};
	const struct iface eth = {
	    .linktype = 1, .snaplen = 65535, .tsresol = 6};
	struct pkt p[2] = {{.data = arp, .caplen = 64, .wirelen = 64},
			   {.data = udp, .caplen = 64, .wirelen = 80}};
	struct stats_options options = {.max_flows = 1000, .jobs = 1};
	struct stats *stats;
	struct sink *sink;
	struct err err;
	uint8_t *file;
	size_t k, n;

	if (i > ARRAY_LEN(names))
		return 0;
	for (k = 0; k < ARRAY_LEN(names); k++)
		if ((i == 0 || i == k + 1) &&
		    !stats_want(&options, names[k], &err))
			abort();
	p[1].time_ns = 1700000000 * INT64_C(1000000000);
	stats = stats_open(&options, &err);
	sink = stats ? stats_sink(stats, NULL, &err) : NULL;
	if (!sink || !sink_iface(sink, &eth, &err) ||
	    sink_packets(sink, p, 2) != GO_ON || !sink_close(sink, &err) ||
	    !stats_save(stats, path(), true, &err))
		abort();
	stats_close(stats);
	file = fuzz_load(path(), &n);
	n = n < FUZZ_MAX ? n : FUZZ_MAX;
	memcpy(bytes, file, n);
	free(file);
	return n;
}
