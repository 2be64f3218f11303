/* From savefile to savefile: what is kept, and how files come into being. */
#include <sys/stat.h>

#include "file/create.h"
#include "savefile_case.h"

#define MAX_FILE 65536

/* Copy files to a new one. false: *err says why not. */
static bool copy(const char *const *from, size_t n, const char *to,
		 const struct create_options *o, struct err *err)
{
	struct source *source;
	struct sink *sink;
	bool good;

	memset(err, 0, sizeof(*err));
	str_clear(&case_notes);
	log_to(case_note);
	sink = savefile_create(to, o, err);
	if (!sink)
		return false;
	source = savefiles_open(from, n, NULL, err);
	good = source && source_run(source, sink, err);
	source_close(source);
	return sink_close(sink, good ? err : NULL) && good;
}

static void write_file(const char *path, const struct str *bytes)
{
	FILE *f = fopen(path, "wb");

	if (!f || fwrite(str_text(bytes), 1, bytes->len, f) != bytes->len ||
	    fclose(f) != 0) {
		printf("Bail out! cannot write %s\n", path);
		exit(EXIT_FAILURE);
	}
}

static void read_file(const char *path, struct str *to)
{
	FILE *f = fopen(path, "rb");
	char *at;

	str_clear(to);
	at = str_room(to, MAX_FILE);
	if (!f)
		return;
	to->len = fread(at, 1, MAX_FILE, f);
	fclose(f);
}

static bool same(const struct str *a, const struct str *b)
{
	return a->len == b->len && !memcmp(a->text, b->text, a->len);
}

static bool exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0;
}

/* pcap to pcapng to pcap gives the same bytes. */
static void try_there_and_back(const char *name, const char *format,
			       const char *text)
{
	const struct create_options ng = {.force = true};
	const struct create_options back = {
	    .format = format_by_name(format),
	    .force = true,
	};
	static const char *const first = "carry-a.tmp", *second = "carry-b.tmp";
	struct str was = STR_INIT, is = STR_INIT;
	struct err err;
	bool good;

	put_text(&was, text);
	write_file(first, &was);
	good = copy(&first, 1, second, &ng, &err) &&
	       copy(&second, 1, first, &back, &err);
	read_file(first, &is);
	if (!ok_all(name, good, same(&was, &is)))
		printf("# %s; %zu bytes, were %zu\n", err.text, is.len,
		       was.len);
	unlink(first);
	unlink(second);
	str_fini(&was);
	str_fini(&is);
}

#define PACKET "u32 1000 u32 5 u32 4 u32 60 'abcd'\n"

static void there_and_back(void)
{
	try_there_and_back("pcap, plain", "pcap",
			   "d4c3b2a1 u16 2 u16 4 u64 0 u32 96 u32 1" PACKET);
	try_there_and_back("pcap, nanoseconds", "pcap-ns",
			   "4d3cb2a1 u16 2 u16 4 u64 0 u32 96 u32 1"
			   "u32 7 u32 999999999 u32 1 u32 1 'x'");
	try_there_and_back(
	    "pcap, FCS length", "pcap",
	    "d4c3b2a1 u16 2 u16 4 u64 0 u32 96 u32 0x24000001" PACKET);
	try_there_and_back("pcap, zone, accuracy, reserved bits, no snaplen",
			   "pcap",
			   "d4c3b2a1 u16 2 u16 4 u32 3600 u32 6 u32 0 "
			   "u32 0x02000065" PACKET);
	try_there_and_back("pcap in the other byte order", "pcap",
			   "a1b2c3d4 U16 2 U16 4 U64 0 U32 96 U32 1"
			   "U32 1000 U32 5 U32 4 U32 60 'abcd'");
	try_there_and_back("pcap, fraction and lengths that cannot be", "pcap",
			   "d4c3b2a1 u16 2 u16 4 u64 0 u32 2 u32 1"
			   "u32 1 u32 1000000 u32 4 u32 3 'abcd'"
			   "u32 1 u32 0xffffffff u32 0 u32 0"
			   "u32 0xffffffff u32 999999 u32 1 u32 0 'z'");
}

#define SECTION "0a0d0d0a u32 28 u32 0x1a2b3c4d u16 1 u16 0 ff*8 u32 28\n"
#define BIG_SECTION "0a0d0d0a U32 28 U32 0x1a2b3c4d U16 1 U16 0 ff*8 U32 28\n"

/* Sections of both orders, every kind of block. */
static const char everything[] =
    "0a0d0d0a u32 40 u32 0x1a2b3c4d u16 1 u16 0 ff*8"
    "u16 1 u16 2 'hi' 00*2 u32 0 u32 40"
    "u32 1 u32 40 u16 1 u16 0 u32 96 u16 2 u16 4 'eth0' u16 9 u16 1 09 00*3 "
    "u32 0 u32 40"
    "u32 6 u32 56 u32 0 u32 0 u32 7 u32 4 u32 60 'abcd' u16 2 u16 4 u32 2 "
    "u16 1 u16 1 'c' 00*3 u32 0 u32 56"
    "u32 4 u32 16 u32 0 u32 16"
    "u32 10 u32 24 u32 0x544c534b u32 4 'abcd' u32 24"
    "u32 0xbad u32 20 u32 32473 'abcd' u32 20"
    "u32 9 u32 16 'A=B' 0a u32 16"
    "u32 0x999 u32 16 'what' u32 16"
    "u32 3 u32 20 u32 4 'abcd' u32 20"
    "u32 5 u32 40 u32 0 u32 0 u32 9 u16 4 u16 8 u64 11 u32 0 u32 40\n"
    /* the other byte order */
    BIG_SECTION "U32 1 U32 36 U16 101 U16 0 U32 64 U16 8 U16 8 U64 1000 "
    "00*4 U32 36"
    "U32 0x999 U32 16 'what' U32 16"
    "U32 6 U32 32 U32 0 U32 0 U32 7 U32 0 U32 0 U32 32";

static void keep_everything(void)
{
	const struct create_options o = {.force = true};
	static const char *const a = "carry-a.tmp", *b = "carry-b.tmp";
	struct str was = STR_INIT, is = STR_INIT;
	struct err err;

	put_text(&was, everything);
	write_file(a, &was);
	if (!ok(copy(&a, 1, b, &o, &err), "pcapng to pcapng"))
		printf("# offset %llu: %s\n", (unsigned long long)err.offset,
		       err.text);
	read_file(b, &is);
	ok(same(&was, &is), "every block, option and section is kept");
	unlink(a);
	unlink(b);
	str_fini(&was);
	str_fini(&is);
}

/* Two files of different byte orders become one section. */
static void merge_orders(void)
{
	const struct create_options o = {.force = true};
	static const char *const both[] = {"carry-a.tmp", "carry-b.tmp"};
	static const char *const c = "carry-c.tmp";
	struct str bytes = STR_INIT;
	struct collect all;
	struct err err;

	put_text(&bytes,
		 SECTION "u32 1 u32 20 u16 1 u16 0 u32 96 u32 20"
			 "u32 6 u32 32 u32 0 u32 0 u32 7 u32 0 u32 0 u32 32");
	write_file(both[0], &bytes);
	str_clear(&bytes);
	put_text(&bytes, BIG_SECTION
		 "U32 1 U32 36 U16 1 U16 0 U32 96 U16 8 U16 8 U64 1000 00*4 "
		 "U32 36"
		 "U32 10 U32 24 U32 0x544c534b U32 4 'abcd' U32 24"
		 "U32 0x999 U32 16 'what' U32 16"
		 "U32 6 U32 52 U32 0 U32 0 U32 6 U32 0 U32 0 U16 2 U16 4 U32 2 "
		 "U16 1 U16 1 'c' 00*3 U16 7777 U16 0 U32 52");
	write_file(both[1], &bytes);
	ok(copy(both, 2, c, &o, &err), "two byte orders are merged");
	ok(strstr(str_text(&case_notes), "2 options and blocks") != NULL,
	   "what cannot be converted is reported");
	collect(&all, &c, 1, NULL, &err);
	is_str(str_text(&all.text),
	       "block 0xa0d0d0a len 16\n"
	       "iface 0 link 1 snap 96 res 6 offset 0 fcs -1 name -\n"
	       "block 0xa len 12\n"
	       "1 if 0 time 6000 len 0/0 flags 2 options 16\n"
	       "2 if 0 time 7000 len 0/0\n",
	       "one section, one interface, packets by time");
	all.sink.ops->close(&all.sink, NULL);
	unlink(both[0]);
	unlink(both[1]);
	unlink(c);
	str_fini(&bytes);
}

static void losses(void)
{
	const struct create_options o = {
	    .force = true,
	    .format = format_by_name("pcap"),
	};
	static const char *const a = "carry-a.tmp", *b = "carry-b.tmp";
	struct str bytes = STR_INIT;
	struct err err;

	put_text(&bytes, everything);
	write_file(a, &bytes);
	ok_all("pcap: two link types are refused", !copy(&a, 1, b, &o, &err),
	       strstr(err.text, "one link type"));
	str_clear(&bytes);
	put_text(&bytes, everything);
	bytes.len = 40 + 40 + 56 + 16; /* up to the names */
	write_file(a, &bytes);
	ok(copy(&a, 1, b, &o, &err), "pcapng to pcap");
	is_str(str_text(&case_notes),
	       "carry-b.tmp: lost, not representable in pcap: 2 comment(s); 1 "
	       "other option(s) of packets; 1 block(s) of names; 1 "
	       "timestamp(s) finer than the file's\n",
	       "what is lost is reported");
	unlink(a);
	unlink(b);
	str_fini(&bytes);
}

/* ---- how files come into being ---- */

static void packed(const char *path)
{
	const struct create_options o = {.force = true};
	static const char *const a = "carry-a.tmp";
	struct str bytes = STR_INIT;
	struct collect c;
	struct err err;

	put_text(&bytes, "d4c3b2a1 u16 2 u16 4 u64 0 u32 96 u32 1" PACKET);
	write_file(a, &bytes);
	ok(copy(&a, 1, path, &o, &err), "packed, by the suffix");
	collect(&c, &path, 1, NULL, &err);
	is_int(c.packets, 1, "and read again");
	c.sink.ops->close(&c.sink, NULL);
	read_file(path, &bytes);
	ok(codec_by_content((uint8_t *)bytes.text, bytes.len) ==
	       codec_by_suffix(path),
	   "it is packed");
	unlink(a);
	unlink(path);
	str_fini(&bytes);
}

static void append(const char *path)
{
	const struct create_options o = {.append = true};
	const struct create_options other = {
	    .append = true,
	    .format = format_by_name("pcap-ns"),
	};
	static const char *const a = "carry-a.tmp";
	struct str bytes = STR_INIT;
	struct collect c;
	struct err err;
	int i;

	put_text(&bytes, "d4c3b2a1 u16 2 u16 4 u64 0 u32 96 u32 1" PACKET);
	write_file(a, &bytes);
	unlink(path);
	for (i = 0; i < 3; i++)
		ok(copy(&a, 1, path, &o, &err), "append");
	collect(&c, &path, 1, NULL, &err);
	is_int(c.packets, 3, "a packet each time");
	is_int(err.kind, ERR_NONE, "and a sound file");
	c.sink.ops->close(&c.sink, NULL);
	ok_all("not in another format", !copy(&a, 1, path, &other, &err),
	       strstr(err.text, "cannot append"));
	read_file(path, &bytes);
	bytes.len -= 3;
	write_file(path, &bytes);
	ok_all("not to a file that is cut", !copy(&a, 1, path, &o, &err),
	       eq(err.kind, ERR_OUTPUT));
	unlink(a);
	unlink(path);
	str_fini(&bytes);
}

static void names(void)
{
	const struct create_options whole = {.whole = true};
	const struct create_options force = {.whole = true, .force = true};
	static const char *const a = "carry-a.tmp", *b = "carry-b.tmp";
	struct str bytes = STR_INIT;
	struct sink *sink;
	struct err err;

	put_text(&bytes, "d4c3b2a1 u16 2 u16 4 u64 0 u32 96 u32 1" PACKET);
	write_file(a, &bytes);
	unlink(b);
	sink = savefile_create(b, &whole, &err);
	ok_all("nothing under the name until it is whole", sink, !exists(b));
	sink_close(sink, NULL);
	ok(!exists(b), "nor when nothing came");
	ok_all("then it is there", copy(&a, 1, b, &whole, &err), exists(b));
	ok_all("an existing file is refused", !copy(&a, 1, b, &whole, &err),
	       strstr(err.text, "exists"));
	ok(copy(&a, 1, b, &force, &err), "but with force");
	unlink(b);
	sink = savefile_create(b, &whole, &err);
	sink_iface(sink, &(struct iface){.linktype = 1}, &err);
	write_file(b, &bytes);
	ok_all("a file that came meanwhile is not overwritten",
	       !sink_close(sink, &err), exists(b));
	unlink(a);
	unlink(b);
	str_fini(&bytes);
}

int main(void)
{
	there_and_back();
	keep_everything();
	merge_orders();
	losses();
	if (codec_by_name("gzip")->ops)
		packed("carry-b.pcap.gz");
	if (codec_by_name("zstd")->ops)
		packed("carry-b.pcapng.zst");
	if (codec_by_name("lz4")->ops)
		packed("carry-b.lz4");
	append("carry-b.pcap");
	append("carry-b.pcapng");
	if (codec_by_name("zstd")->ops)
		append("carry-b.pcapng.zst");
	names();
	str_fini(&case_notes);
	return done();
}
