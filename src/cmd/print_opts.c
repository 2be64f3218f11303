/* The options that print packets, and the sink made of them. */
#include "cmd/print_opts.h"

#include <string.h>
#include <unistd.h>

#include "cmd/macros.h"
#include "decode/dissect.h"

#define MEMBER(name) .member = offsetof(struct print_conf, name)

static const char *const occurrence_words[] = {"all", "first", "last", NULL};

static void field_values(struct str *out)
{
	unsigned i, n = field_count();

	for (i = 0; i < n; i++) {
		str_puts(out, field_at(i)->name);
		str_putc(out, '\n');
	}
}

const struct opt print_opts[] = {
    {
	.letter = 'o',
	.name = "output",
	.type = OPT_WORD,
	MEMBER(form),
	.arg = "FORM",
	.words = print_form_names,
	.help = "Output format: text is one line per packet, detail all "
		"fields of every layer, json one object per line, csv and "
		"tsv columns, hex the bytes. Default: text, or tsv with "
		"--fields.",
    },
    {
	.name = "fields",
	.type = OPT_TEXT,
	MEMBER(options.fields),
	.arg = "LIST",
	.help =
	    "Comma-separated list of fields to show: the columns of "
	    "csv and tsv, the only ones in json and detail. See "
	    "\"pcaptool list fields\". Anything that is not a field's name "
	    "is an expression (pcaptool-where(7)), as in 'len(tcp.payload)'.",
	.values = field_values,
	.commas = true,
    },
    {
	.name = "occurrence",
	.type = OPT_WORD,
	MEMBER(options.occurrence),
	.arg = "WHICH",
	.words = occurrence_words,
	.help = "If a field occurs several times in a packet, show all "
		"values in its column, separated by commas (the default), "
		"or only the first or last.",
    },
    {
	.name = "separator",
	.type = OPT_TEXT,
	MEMBER(options.separator),
	.arg = "TEXT",
	.help = "Separate columns with TEXT.",
    },
    {
	.name = "no-header",
	.type = OPT_FLAG,
	MEMBER(options.no_header),
	.help = "Omit the line of column names.",
    },
    {
	.name = "only-with-fields",
	.type = OPT_FLAG,
	MEMBER(options.only_with),
	.help = "With --fields: omit packets that have none of them. (JSON "
		"always omits them.)",
    },
    {
	.letter = 'e',
	.name = "link-level",
	.type = OPT_FLAG,
	MEMBER(options.link),
	.help = "Show the link-layer header on each line.",
    },
    {
	.letter = 'N',
	.name = "names",
	.type = OPT_FLAG,
	MEMBER(options.names),
	.help = "Resolve addresses and ports to names, using a pcapng file's "
		"own names, then this host's resolver, and (with --link-level) "
		"MAC addresses to vendors, if the IEEE registries are "
		"installed (Debian: "
		"ieee-data).",
    },
    {
	.letter = 'n',
	.name = "numeric",
	.type = OPT_FLAG,
	MEMBER(numeric),
	.help = "Do not resolve names (the default); overrides --names.",
    },
    {
	.letter = 'v',
	.name = "verbose",
	.type = OPT_COUNT,
	MEMBER(options.verbose),
	.help = "Show more on each line; -vv and -vvv show still more.",
    },
    {
	.letter = 'q',
	.name = "quick",
	.type = OPT_FLAG,
	MEMBER(options.quick),
	.help = "Show less protocol information on each line. A live "
		"capture also shows no status line.",
    },
    {
	.letter = 'x',
	.name = "hex",
	.type = OPT_COUNT,
	MEMBER(options.hex),
	.help = "Also show packet data in hexadecimal, without the "
		"link-layer header; -xx includes that header.",
    },
    {
	.letter = 'X',
	.name = "hex-text",
	.type = OPT_COUNT,
	MEMBER(options.hex_text),
	.help = "Also show packet data in hexadecimal and ASCII; -XX "
		"includes the link-layer header.",
    },
    {
	.letter = 'A',
	.name = "ascii",
	.type = OPT_COUNT,
	MEMBER(options.ascii),
	.help = "Also show packet data in ASCII; -AA includes the "
		"link-layer header.",
    },
    {
	.letter = 't',
	.name = "time",
	.type = OPT_COUNT,
	MEMBER(options.time),
	.help = "Once: no timestamp; -tt: seconds since 1970; -ttt: time "
		"since the previous packet; -tttt: date and time; -ttttt: "
		"time since the first packet.",
    },
    {
	.name = "utc",
	.type = OPT_FLAG,
	MEMBER(options.utc),
	.help = "Show times in UTC instead of the local time zone.",
    },
    {
	.letter = '#',
	.name = "number",
	.type = OPT_FLAG,
	MEMBER(options.number),
	.help = "Show the packet number at the start of each line: its "
		"number in the file, regardless of selection.",
    },
    {
	.letter = 'S',
	.name = "absolute-tcp-sequence-numbers",
	.type = OPT_FLAG,
	MEMBER(options.raw_seq),
	.help = "Show absolute TCP sequence numbers instead of relative "
		"ones.",
    },
    {
	.letter = 'l',
	.name = "line-buffered",
	.type = OPT_FLAG,
	MEMBER(options.unbuffered),
	.help = "Flush the output after each line.",
    },
    {
	.letter = 'U',
	.name = "packet-buffered",
	.type = OPT_FLAG,
	MEMBER(options.unbuffered),
	.help = "Flush the output after each packet.",
    },
    {
	.name = "as",
	.type = OPT_TEXTS,
	MEMBER(as),
	.arg = "RULE",
	.help = "Decode as another protocol, as in 'udp port 5300=dns', "
		"'tcp port 8000=http' or 'ethertype 0x9999=ip'. May be "
		"repeated.",
    },
    {
	.name = "no-reassemble",
	.type = OPT_FLAG,
	MEMBER(options.apart),
	.help = "Do not reassemble TCP messages and IP fragments. By "
		"default they are shown at the packet that completes "
		"them.",
    },
    {
	.name = "jobs",
	.type = OPT_NUMBER,
	MEMBER(options.jobs),
	.arg = "N",
	.min = 1,
	.max = 64,
	.help = "Decode with N threads; the output is the same. Default: "
		"one per processor.",
    },
    {0},
};

/* Append the separator with tabs for "\t". */
static void put_separator(struct str *out, const char *text)
{
	for (; *text; text++) {
		if (text[0] == '\\' && text[1] == 't') {
			str_putc(out, '\t');
			text++;
		} else {
			str_putc(out, *text);
		}
	}
	str_put(out, "", 0);
}

/* print_open() with the macros that the columns may have. */
static struct sink *open_printer(struct print_options *options,
				 const char *macros, struct err *err)
{
	struct where_macros *known;
	struct sink *sink;

	if (!macros_open(macros, &options->fields, 1, &known, err))
		return NULL;
	options->macros = known;
	sink = print_open(options, STDOUT_FILENO, err);
	where_macros_close(known); /* what was made of them stays */
	return sink;
}

struct where_options print_conf_decoding(const struct print_conf *conf)
{
	return (struct where_options){
	    .force = conf->as.item,
	    .n_force = conf->as.n,
	    .apart = conf->options.apart,
	};
}

struct sink *print_conf_open(const struct print_conf *conf,
			     const struct ctx *ctx, unsigned jobs,
			     struct err *err)
{
	struct print_options options = conf->options;
	struct str separator = STR_INIT;
	struct sink *sink;

	options.color = ctx->color;
	options.form = conf->form;
	if (conf->form < 0)
		options.form = options.fields ? PRINT_tsv : PRINT_text;
	if (conf->numeric)
		options.names = false;
	if (!options.jobs)
		options.jobs = jobs;
	if (options.separator) {
		put_separator(&separator, options.separator);
		options.separator = str_text(&separator);
	}
	options.force = conf->as.item;
	options.n_force = conf->as.n;
	if (separator.failed) {
		err_nomem(err, "the separator");
		sink = NULL;
	} else {
		sink = open_printer(&options, conf->macros, err);
	}
	str_fini(&separator); /* the printer has a copy */
	return sink;
}
