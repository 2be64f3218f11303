/* Packed savefiles: frames, cut and damaged ones, bombs, what is refused. */
#include "savefile_case.h"

#define HEADER "d4c3b2a1 u16 2 u16 4 u64 0 u32 262144 u32 1"
#define PACKETS 1000

/* A pcap file with PACKETS packets. */
static void make_capture(struct str *to)
{
	int i;

	put_text(to, HEADER);
	for (i = 0; i < PACKETS; i++) {
		char text[96];

		snprintf(text, sizeof(text),
			 "u32 %d u32 0 u32 64 u32 64 u32 %d %02x*60", i, i,
			 (unsigned)i * 7 & 0xff);
		put_text(to, text);
	}
}

static void read_packed(struct collect *c, const struct str *bytes, bool single,
			struct err *err)
{
	const struct savefile_options o = {.single = single};
	const char *path = file_of(bytes);

	collect(c, &path, 1, &o, err);
	unlink(path);
}

static char *said(const char *what, const struct codec *codec)
{
	static char text[128];

	snprintf(text, sizeof(text), "%s: %s", codec->name, what);
	return text;
}

/* Frames that end anywhere, padding, then all that can be wrong. */
static void try_codec(const struct codec *codec, const struct str *capture)
{
	struct str packed = STR_INIT, whole = STR_INIT, twice = STR_INIT;
	size_t i;
	struct collect c;
	struct err err;

	pack(codec, &packed, capture->text, 4);
	pack(codec, &packed, capture->text + 4, 3996);
	pack(codec, &packed, capture->text + 4000, capture->len - 4000);
	for (i = 0; i < 2; i++) {
		read_packed(&c, &packed, i, &err);
		is_int(c.packets, PACKETS, said("three frames", codec));
		c.sink.ops->close(&c.sink, NULL);
	}
	str_put(&whole, packed.text, packed.len);
	str_pad(&whole, '\0', 512);
	read_packed(&c, &whole, false, &err);
	is_int(err.kind, ERR_NONE, said("zeros after the last frame", codec));
	c.sink.ops->close(&c.sink, NULL);
	str_puts(&whole, "garbage");
	read_packed(&c, &whole, false, &err);
	ok_all(said("garbage after the last frame", codec),
	       eq(err.kind, ERR_FAULT), eq(c.packets, PACKETS),
	       strstr(err.text, "trailing data"));
	c.sink.ops->close(&c.sink, NULL);

	str_clear(&whole);
	str_put(&whole, packed.text, packed.len - 5);
	read_packed(&c, &whole, true, &err);
	ok_all(said("cut: what is there is read first", codec),
	       eq(err.kind, ERR_FAULT), c.packets >= 49,
	       strstr(err.text, "cut short"));
	ok_all(said("both offsets are reported", codec), err.placed,
	       err.offset >= 4000, strstr(err.text, "of the compressed file"),
	       strstr(err.text, "offset in the decompressed data"));
	c.sink.ops->close(&c.sink, NULL);

	str_clear(&whole);
	str_put(&whole, packed.text, packed.len);
	whole.text[whole.len - 2] ^= 0x40;
	read_packed(&c, &whole, false, &err);
	ok_all(said("a bad checksum: the frames before it are read", codec),
	       eq(err.kind, ERR_FAULT), c.packets >= 49,
	       strstr(err.text, codec->name));
	c.sink.ops->close(&c.sink, NULL);

	pack(codec, &twice, packed.text, packed.len);
	read_packed(&c, &twice, false, &err);
	ok_all(said("nested: refused", codec), eq(err.kind, ERR_USAGE),
	       strstr(err.text, "nested compression"));
	c.sink.ops->close(&c.sink, NULL);
	str_fini(&packed);
	str_fini(&whole);
	str_fini(&twice);
}

/* Sixty million bytes of zeros after a header are a hole, found at once. */
static void try_bomb(const struct codec *codec)
{
	struct str zeros = STR_INIT, packed = STR_INIT;
	struct collect c;
	struct err err;
	int i;

	put_text(&zeros, HEADER);
	pack(codec, &packed, zeros.text, zeros.len);
	str_clear(&zeros);
	str_pad(&zeros, '\0', 1000000);
	for (i = 0; i < 60; i++)
		pack(codec, &packed, zeros.text, zeros.len);
	read_packed(&c, &packed, false, &err);
	ok_all(said("a bomb of zeros", codec), eq(err.kind, ERR_FAULT),
	       eq(err.offset, 24), strstr(err.text, "a hole"));
	c.sink.ops->close(&c.sink, NULL);
	str_fini(&zeros);
	str_fini(&packed);
}

static void try_window(void)
{
	struct str file = STR_INIT;
	struct collect c;
	struct err err;

	/* a frame that asks for a window of 2 GiB */
	put_text(&file, "28b52ffd 00 a8 010000 00*16");
	read_packed(&c, &file, false, &err);
	ok_all("zstd: a window of 2 GiB is refused", err.kind != ERR_NONE,
	       eq(c.packets, 0), strstr(err.text, "zstd"));
	c.sink.ops->close(&c.sink, NULL);
	str_fini(&file);
}

int main(void)
{
	struct str capture = STR_INIT;
	const struct codec *c;

	make_capture(&capture);
	for (c = codecs; c->name; c++) {
		if (!c->ops || !c->ops->pack)
			continue;
		try_codec(c, &capture);
		try_bomb(c);
	}
	if (codec_by_name("zstd")->ops)
		try_window();
	is_int(codec_by_suffix("a.pcap.gz") == codec_by_name("gzip"), true,
	       "a codec by a file's suffix");
	str_fini(&capture);
	str_fini(&case_notes);
	return done();
}
