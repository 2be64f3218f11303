/*
 * Nothing is allocated per packet: a run over twice as many packets allocates
 * no more. The linker puts the functions below before malloc() and its kin
 * (see Makefile.am).
 */
#include <fcntl.h>
#include <stdatomic.h>
#include <unistd.h>

#include "base/array.h"
#include "file/savefile.h"
#include "output/print.h"
#include "pkt/select.h"
#include "tap.h"
#include "where/where.h"

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);
char *__wrap_strdup(const char *text);

static atomic_ulong allocations;

void *__wrap_malloc(size_t n)
{
	allocations++;
	return __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
	allocations++;
	return __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
	allocations++;
	return __real_realloc(p, n);
}

char *__wrap_strdup(const char *text)
{
	allocations++;
	return __real_strdup(text);
}

#define ETH "020000000002020000000001"
#define IP(len, proto) "08004500" len "0001400040" proto "00000a0000010a000002"

/* What the file consists of, over and over. */
static const char *const packets[] = {
    /* ARP, and a frame that is cut short */
    ETH "08060001080006040001020000000001c0a80001000000000000c0a80002",
    ETH "080045000028",
    /* TCP with options; and a request of HTTP */
    ETH IP("0034", "06") "04000050000000640000000080 10ffff00000000"
			 "0101080a0000000100000002",
    ETH IP("0036", "06") "04010050000000640000000150 18ffff00000000"
			 "474554202f20485454502f312e300d0a",
    /* a question to DNS; unknown UDP; ICMP */
    ETH IP("0039", "11") "040000350025000000070100000100000000000003777777"
			 "076578616d706c650000010001",
    ETH IP("0020", "11") "1388138a000c0000 41424344",
    ETH IP("001c", "01") "0800f7fd00010001",
    /* IPv6 with UDP */
    ETH "86dd6000000000081140fe800000000000000000000000000001"
	"fe800000000000000000000000000002138913890008ffff",
};

/* Threads hold no more windows of the file at once, if they are slow. */
#define WINDOWS 64

enum { KINDS = ARRAY_LEN(packets) };

static size_t bytes_of(const char *hex, uint8_t *out)
{
	size_t n = 0;
	unsigned byte;

	for (; *hex; hex += 2) {
		while (*hex == ' ')
			hex++;
		if (sscanf(hex, "%2x", &byte) != 1)
			break;
		out[n++] = (uint8_t)byte;
	}
	return n;
}

/* A file of n packets, a millisecond apart. */
static bool write_file(const char *path, uint32_t n)
{
	static const uint32_t head[6] = {0xa1b2c3d4, 4 << 16 | 2, 0,
					 0,	     65535,	  1};
	static uint8_t bytes[KINDS][256];
	uint32_t record[4], i, size[KINDS];
	FILE *f = fopen(path, "wb");

	if (!f)
		return false;
	for (i = 0; i < KINDS; i++)
		size[i] = (uint32_t)bytes_of(packets[i], bytes[i]);
	fwrite(head, 1, sizeof(head), f);
	for (i = 0; i < n; i++) {
		record[0] = 1700000000 + i / 1000;
		record[1] = i % 1000 * 1000;
		record[2] = record[3] = size[i % KINDS];
		fwrite(record, 1, sizeof(record), f);
		fwrite(bytes[i % KINDS], 1, record[2], f);
	}
	return fclose(f) == 0;
}

/* How often memory is allocated while the file is read and printed. */
static unsigned long count(const char *path,
			   const struct print_options *options)
{
	int fd = open("/dev/null", O_WRONLY);
	struct source *source;
	struct sink *sink;
	struct err err = {0};
	bool good;

	allocations = 0;
	source = savefile_open(path, NULL, &err);
	sink = print_open(options, fd, &err);
	good = source && sink && source_run(source, sink, &err);
	good = sink_close(sink, &err) && good;
	source_close(source);
	close(fd);
	return good ? allocations : 0;
}

/* The same with a field expression that makes bytes, and refuses some. */
static unsigned long count_where(const char *path)
{
	static const char expr[] =
	    "upper(http.request.method) == \"GET\" or string(udp.port) matches "
	    "\"5\" or ip.len * 2 in {64, 112} or eth.src[0,2-3] & 1 or not "
	    "{tcp.port + 1} === 80";
	static const char plain[] = "upper(dns.qry.name) contains \"WWW\"";
	struct where_options none = {.force = NULL};
	struct print_options options = {.form = PRINT_text, .jobs = 1};
	int fd = open("/dev/null", O_WRONLY);
	struct where *w;
	struct source *source;
	struct sink *sink;
	bool good;

	allocations = 0;
	w = where_open(expr, strlen(expr), &none, NULL);
	if (!w) /* without regular expressions */
		w = where_open(plain, strlen(plain), &none, NULL);
	source = savefile_open(path, NULL, NULL);
	sink = print_open(&options, fd, NULL);
	sink = sink ? select_open(sink, NULL) : NULL;
	good = w && sink && select_add(sink, where_selector(w, NULL), NULL);
	if (good)
		select_show_refused(sink);
	good = good && source && source_run(source, sink, NULL);
	sink_close(sink, NULL);
	source_close(source);
	where_close(w);
	close(fd);
	return good ? allocations : 0;
}

/* Printing twice as many packets allocates as often, with threads too. */
static void test_form(const char *small, const char *large,
		      struct print_options *options)
{
	unsigned long once, twice;
	char what[64];

	options->jobs = 1;
	count(small, options); /* makes the table of names, which stays */
	for (; options->jobs <= 3; options->jobs += 2) {
		once = count(small, options);
		twice = count(large, options);
		snprintf(what, sizeof(what), "%s, %d jobs: %lu",
			 print_form_names[options->form], (int)options->jobs,
			 once);
		ok(once > 0, what);
		/* how many windows are in use at once varies */
		ok(options->jobs > 1 ? twice < once + WINDOWS : twice == once,
		   "and no more for twice as many");
	}
}

int main(void)
{
	const char *fields = "frame.time_epoch,ip.src,ip.dst,tcp.dstport";
	const char *exprs = "frame.number,upper(http.request.method),"
			    "eth.src[0,2-3],ip.len * 0.5,string(tcp.port),"
			    "tcp.port == 80,{tcp.port & 15} + 1,tcp";
	const char *small = "alloc-small.tmp", *large = "alloc-large.tmp";
	struct print_options options;
	unsigned long once;
	int form;

	ok_all("two files", write_file(small, 20000), write_file(large, 40000));
	for (form = 0; form < PRINT_FORMS; form++) {
		options = (struct print_options){
		    .form = form,
		    .fields = form == PRINT_tsv ? fields : NULL,
		};
		test_form(small, large, &options);
	}
	options.fields = exprs;
	for (form = 0; form < PRINT_FORMS; form++) {
		options.form = form;
		if (form != PRINT_text && form != PRINT_hex)
			test_form(small, large, &options);
	}
	once = count_where(small);
	ok(once > 0, "a field expression runs");
	is_int(count_where(large), once, "and no more for twice as many");
	unlink(small);
	unlink(large);
	return done();
}
