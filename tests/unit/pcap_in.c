/* Reading pcap: every variant of the header, and hostile files. */
#include "base/array.h"
#include "savefile_case.h"

/* A case: a file as text, and what comes of it. */
struct hostile {
	const char *name;
	const char *file;
	enum err_kind kind;
	uint64_t offset, packet; /* of the fault */
	uint64_t good;		 /* packets before it */
	const char *part;	 /* of the fault's text, or of the notes */
};

#define HEADER "d4c3b2a1 u16 2 u16 4 u32 0 u32 0 u32 262144 u32 1 # 24 bytes\n"
#define PACKET "u32 1000 u32 5 u32 4 u32 60 'abcd'\n"

static const struct hostile cases[] = {
    {"1: empty", "", ERR_USAGE, 0, 0, 0, "empty, no header"},
    {"2: three bytes", "d4c3b2", ERR_USAGE, 3, 0, 0, "truncated in the header"},
    {"2: 23 bytes", "d4c3b2a1 00*19", ERR_USAGE, 23, 0, 0,
     "ends within its header"},
    {"3: header only", HEADER, ERR_NONE, 0, 0, 0, ""},
    {"4: unknown magic", "0102030405060708", ERR_USAGE, 0, 0, 0,
     "begins with 01 02 03 04"},
    {"4: text", "'hello, this is text'", ERR_USAGE, 0, 0, 0, "like text"},
    {"4: ELF", "7f'ELF' 02010100", ERR_USAGE, 0, 0, 0, "ELF"},
    {"5: version 2.3",
     "d4c3b2a1 u16 2 u16 3 u64 0 u32 100 u32 1"
     "u32 1 u32 2 u32 60 u32 4 'abcd'",
     ERR_NONE, 0, 0, 1, "version 2.3"},
    {"5: version 9.9", "d4c3b2a1 u16 9 u16 9 u64 0 u32 100 u32 1", ERR_USAGE, 4,
     0, 0, "9.9 is not known"},
    {"6: snapshot length 0", "d4c3b2a1 u16 2 u16 4 u64 0 u32 0 u32 1" PACKET,
     ERR_NONE, 0, 0, 1, "snapshot length 0"},
    {"6: snapshot length 0xffffffff",
     "d4c3b2a1 u16 2 u16 4 u64 0 u32 0xffffffff u32 1" PACKET, ERR_NONE, 0, 0,
     1, "snapshot length 4294967295"},
    {"6: snapshot length 0x80000000",
     "d4c3b2a1 u16 2 u16 4 u64 0 u32 0x80000000 u32 1" PACKET, ERR_NONE, 0, 0,
     1, "snapshot length 2147483648"},
    {"7: packet beyond the snapshot length",
     "d4c3b2a1 u16 2 u16 4 u64 0 u32 32 u32 1"
     "u64 7 u32 64 u32 64 41*64",
     ERR_NONE, 0, 0, 1, "packet 1: 64 bytes, more than the snapshot"},
    {"8: link type 65000, reserved bits",
     "d4c3b2a1 u16 2 u16 4 u64 0 u32 96 u32 0x0200fde8" PACKET, ERR_NONE, 0, 0,
     1, "reserved bits"},
    {"9: captured length 0, three times",
     HEADER "u64 1 u64 0 u64 2 u64 0 u64 3 u64 0", ERR_NONE, 0, 0, 3, ""},
    {"9: three records of zeros", HEADER "00*48", ERR_NONE, 0, 0, 3, ""},
    {"10: captured more than there was",
     HEADER "u64 1 u32 4 u32 2 'abcd'" PACKET, ERR_NONE, 0, 0, 2,
     "4 bytes captured of a packet of 2"},
    {"11: fraction beyond a second",
     HEADER "u32 1 u32 1000000 u32 4 u32 4 'abcd'", ERR_NONE, 0, 0, 1,
     "1000000 us"},
    {"12: captured length 0x7fffffff",
     HEADER PACKET PACKET "u64 1 u32 0x7fffffff u32 4 00*100", ERR_FAULT, 64, 3,
     2, "2147483647 bytes"},
    {"13: captured length 0xffffffff",
     HEADER PACKET PACKET "u64 1 u32 0xffffffff u32 4 00*100", ERR_FAULT, 64, 3,
     2, "4294967295 bytes"},
    {"14: a packet of 300,000 bytes",
     HEADER "u64 7 u32 300000 u32 300000 41*300000" PACKET, ERR_NONE, 0, 0, 2,
     "packet 1: 300000 bytes, more than the snapshot length 262144"},
    {"15: last record cut in its data",
     HEADER PACKET PACKET "u64 1 u32 100 u32 100 'abc'", ERR_FAULT, 64, 3, 2,
     "100 bytes expected, 3 left in the file"},
    {"15: last record cut in its header", HEADER PACKET "u64 1 u32 4",
     ERR_FAULT, 44, 2, 1, "truncated packet header: 4 bytes missing"},
    {"16: random bytes in the middle",
     HEADER PACKET PACKET "a5*37" PACKET PACKET PACKET, ERR_FAULT, 64, 3, 2,
     "bytes"},
    {"17: a hole", HEADER PACKET "00*4096" PACKET, ERR_FAULT, 44, 2, 1,
     "a hole"},
    {"18: transferred as text",
     HEADER "u64 1 u32 11 u32 11 0d0a 0d0a 0d0a 0d0a 0d0a 0d0a"
	    "u64 2 u32 11 u32 11 0d0a 0d0a 0d0a 0d0a 0d0a 0d0a",
     ERR_FAULT, 51, 2, 1, "transferred as text"},
    {"19: Navtel's magic", "4d3c2ba1 00*20", ERR_USAGE, 0, 0, 0, "Navtel"},
    {"19: Navtel's magic and no more", "4d3c2ba1", ERR_USAGE, 0, 0, 0,
     "Navtel"},
    {"21: two files, one after the other", HEADER PACKET HEADER PACKET,
     ERR_FAULT, 44, 2, 1, "another pcap header"},
};

static void try_case(const struct hostile *h)
{
	struct collect c;
	struct str file = STR_INIT;
	struct err err;
	const char *path;
	bool good;

	put_text(&file, h->file);
	path = file_of(&file);
	collect(&c, &path, 1, NULL, &err);
	good = err.kind == h->kind && c.packets == h->good &&
	       (strstr(err.text, h->part) ||
		strstr(str_text(&case_notes), h->part));
	if (h->kind)
		good = good && err.offset == h->offset &&
		       err.packet == h->packet && !strcmp(err.file, path);
	if (!ok(good, h->name))
		printf("# got kind %d, offset %llu, packet %llu, %llu good\n"
		       "# text: %s\n# notes: %s\n",
		       err.kind, (unsigned long long)err.offset,
		       (unsigned long long)err.packet,
		       (unsigned long long)c.packets, err.text,
		       str_text(&case_notes));
	c.sink.ops->close(&c.sink, NULL);
	unlink(path);
	str_fini(&file);
}

static void try_text(const char *name, const char *file, const char *want)
{
	struct collect c;
	struct str bytes = STR_INIT;
	struct err err;
	const char *path;

	put_text(&bytes, file);
	path = file_of(&bytes);
	collect(&c, &path, 1, NULL, &err);
	is_str(str_text(&c.text), want, name);
	c.sink.ops->close(&c.sink, NULL);
	unlink(path);
	str_fini(&bytes);
}

int main(void)
{
	size_t i;

	try_text("microseconds, little-endian",
		 "d4c3b2a1 u16 2 u16 4 u64 0 u32 96 u32 105"
		 "u32 0x80000001 u32 7 u32 2 u32 3 'ab'",
		 "iface 0 link 105 snap 96 res 6 offset 0 fcs -1 name -\n"
		 "1 if 0 time 2147483649000007000 len 2/3\n");
	try_text("microseconds, big-endian",
		 "a1b2c3d4 U16 2 U16 4 U64 0 U32 96 U32 105"
		 "U32 0x80000001 U32 7 U32 2 U32 3 'ab'",
		 "iface 0 link 105 snap 96 res 6 offset 0 fcs -1 name -\n"
		 "1 if 0 time 2147483649000007000 len 2/3\n");
	try_text("nanoseconds, little-endian",
		 "4d3cb2a1 u16 2 u16 4 u64 0 u32 96 u32 1"
		 "u32 1 u32 999999999 u32 2 u32 3 'ab'",
		 "iface 0 link 1 snap 96 res 9 offset 0 fcs -1 name -\n"
		 "1 if 0 time 1999999999 len 2/3\n");
	try_text("nanoseconds, big-endian",
		 "a1b23c4d U16 2 U16 4 U64 0 U32 96 U32 1"
		 "U32 1 U32 999999999 U32 2 U32 3 'ab'",
		 "iface 0 link 1 snap 96 res 9 offset 0 fcs -1 name -\n"
		 "1 if 0 time 1999999999 len 2/3\n");
	try_text("modified, with 8 more bytes in a record",
		 "34cdb2a1 u16 2 u16 4 u64 0 u32 96 u32 1"
		 "u32 1 u32 2 u32 2 u32 3 u32 9 u32 9 'ab'"
		 "u32 2 u32 2 u32 1 u32 1 u32 9 u32 9 'c'",
		 "iface 0 link 1 snap 96 res 6 offset 0 fcs -1 name -\n"
		 "1 if 0 time 1000002000 len 2/3\n"
		 "2 if 0 time 2000002000 len 1/1\n");
	try_text("version 2.2: lengths swapped",
		 "d4c3b2a1 u16 2 u16 2 u64 0 u32 96 u32 1"
		 "u32 1 u32 2 u32 3 u32 2 'ab'",
		 "iface 0 link 1 snap 96 res 6 offset 0 fcs -1 name -\n"
		 "1 if 0 time 1000002000 len 2/3\n");
	try_text("frame check sequence of 4 bytes",
		 "d4c3b2a1 u16 2 u16 4 u64 0 u32 96 u32 0x24000001",
		 "iface 0 link 1 snap 96 res 6 offset 0 fcs 4 name -\n");
	try_text("10 and 11: odd lengths and times are flagged",
		 HEADER "u32 1 u32 1000001 u32 2 u32 1 'ab'",
		 "iface 0 link 1 snap 262144 res 6 offset 0 fcs -1 name -\n"
		 "1 if 0 time 2000001000 len 2/2 flags 30\n");
	try_text("20: times of 2038, 2106, again 2038, 1970, 1970",
		 HEADER "u32 0x80000000 u32 0 u64 0 u32 0xffffffff u32 999999 "
			"u64 0 u32 0x7fffffff u32 0 u64 0 u64 1 u64 0 u64 1 "
			"u64 0",
		 "iface 0 link 1 snap 262144 res 6 offset 0 fcs -1 name -\n"
		 "1 if 0 time 2147483648000000000 len 0/0\n"
		 "2 if 0 time 4294967295999999000 len 0/0\n"
		 "3 if 0 time 2147483647000000000 len 0/0\n"
		 "4 if 0 time 1000000000 len 0/0\n"
		 "5 if 0 time 1000000000 len 0/0\n");
	for (i = 0; i < ARRAY_LEN(cases); i++)
		try_case(&cases[i]);
	str_fini(&case_notes);
	return done();
}
