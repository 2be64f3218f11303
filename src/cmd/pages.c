/* Pages about topics rather than commands. */
#include "cmd/pages.h"

#include <string.h>

#include "base/array.h"
#include "cmd/opt.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"
#include "file/codec.h"
#include "file/format.h"
#include "where/where.h"

const struct page pages[] = {
#include "cmd/pages.inc"
    {NULL, NULL},
};

const struct page *page_find(const char *name)
{
	const struct page *page;

	for (page = pages; page->name; page++)
		if (!strcmp(page->name, name))
			return page;
	return NULL;
}

const char *page_type(enum field_type type)
{
	static const char *const types[] = {
	    [FIELD_NONE] = "label",  [FIELD_UINT] = "unsigned",
	    [FIELD_INT] = "signed",  [FIELD_BOOL] = "boolean",
	    [FIELD_IPV4] = "ipv4",   [FIELD_IPV6] = "ipv6",
	    [FIELD_ETHER] = "ether", [FIELD_BYTES] = "bytes",
	    [FIELD_TEXT] = "text",   [FIELD_TIME] = "time",
	    [FIELD_EPOCH] = "epoch", [FIELD_SPAN] = "duration",
	    [FIELD_REAL] = "float",
	};

	return types[type];
}

/* One row of a list: a name, a word about it, and what it is. */
static void put_row(struct str *out, bool mdoc, const char *name,
		    const char *word, const char *what)
{
	if (mdoc) {
		str_printf(out, ".It Li \\&%s Pq \\&%s\n", name, word);
		opt_mdoc_text(out, what);
	} else {
		str_printf(out, "    %-36s %-9s %s\n", name, word, what);
	}
}

static void begin_list(struct str *out, bool mdoc)
{
	str_puts(out, mdoc ? ".Bl -tag -width Ds\n" : "");
}

static void end_list(struct str *out, bool mdoc)
{
	str_puts(out, mdoc ? ".El\n" : "");
}

static void put_fields(struct str *out, bool mdoc)
{
	unsigned id, i;

	for (id = 1; id < PROTO_COUNT; id++) {
		const struct proto *proto = proto_at(id);

		if (!proto->n_fields)
			continue;
		str_printf(out, mdoc ? ".Ss %s: " : "\n  %s: ", proto->name);
		if (mdoc)
			opt_mdoc_text(out, proto->title);
		else
			str_printf(out, "%s\n", proto->title);
		begin_list(out, mdoc);
		for (i = 0; i < proto->n_fields; i++)
			put_row(out, mdoc, proto->fields[i].name,
				page_type(proto->fields[i].type),
				proto->fields[i].title);
		end_list(out, mdoc);
	}
}

static void put_formats(struct str *out, bool mdoc)
{
	const struct format *format;

	begin_list(out, mdoc);
	for (format = formats; format->name; format++)
		put_row(out, mdoc, format->name, format->suffixes,
			format->title);
	end_list(out, mdoc);
}

static const char *codec_use(const struct codec *codec)
{
	if (!codec->ops)
		return "Not built in.";
	return codec->ops->pack ? "Read and written." : "Only read.";
}

static void put_codecs(struct str *out, bool mdoc)
{
	const struct codec *codec;

	begin_list(out, mdoc);
	for (codec = codecs; codec->name; codec++)
		put_row(out, mdoc, codec->name, codec->suffix,
			codec_use(codec));
	end_list(out, mdoc);
}

/* Lines of two columns with a tab between. */
static void put_lines(struct str *out, bool mdoc, const struct str *lines)
{
	const char *p = str_text(lines);
	size_t n, first;

	begin_list(out, mdoc);
	for (; *p; p += n + 1) {
		n = strcspn(p, "\n");
		first = strcspn(p, "\t");
		if (mdoc) {
			struct str text = STR_INIT;

			str_put(&text, p + first + 1, n - first - 1);
			str_printf(out, ".It Li \"\\&%.*s\"\n", (int)first, p);
			opt_mdoc_text(out, str_text(&text));
			str_fini(&text);
		} else {
			str_printf(out, "    %-28.*s %.*s\n", (int)first, p,
				   (int)(n - first - 1), p + first + 1);
		}
	}
	end_list(out, mdoc);
}

static void put_operators(struct str *out, bool mdoc)
{
	struct str lines = STR_INIT;

	where_list_operators(&lines);
	put_lines(out, mdoc, &lines);
	str_fini(&lines);
}

static void put_functions(struct str *out, bool mdoc)
{
	struct str lines = STR_INIT;

	where_list_functions(&lines);
	put_lines(out, mdoc, &lines);
	str_fini(&lines);
}

bool page_part(const char *name, bool mdoc, struct str *out)
{
	static const struct {
		const char *name;
		void (*put)(struct str *out, bool mdoc);
	} parts[] = {
	    {"FIELDS", put_fields},	  {"FORMATS", put_formats},
	    {"CODECS", put_codecs},	  {"OPERATORS", put_operators},
	    {"FUNCTIONS", put_functions},
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(parts); i++) {
		if (strcmp(parts[i].name, name) != 0)
			continue;
		parts[i].put(out, mdoc);
		return true;
	}
	return false;
}

/* A line "@WORD@" of n bytes is that part. */
static bool put_part(const char *line, size_t n, struct str *out)
{
	char name[32];

	if (n < 3 || n - 2 >= sizeof(name) || line[0] != '@')
		return false;
	memcpy(name, line + 1, n - 2);
	name[n - 2] = '\0';
	return page_part(name, false, out);
}

void page_text(const struct page *page, struct str *out)
{
	const char *line = page->text;

	while (*line) {
		size_t n = strcspn(line, "\n");

		if (!put_part(line, n, out)) {
			str_put(out, line, n);
			str_putc(out, '\n');
		}
		line += n + (line[n] == '\n');
	}
}
