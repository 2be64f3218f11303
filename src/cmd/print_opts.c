/* The options that print packets, and the sink made of them. */
#include "cmd/print_opts.h"

#include <string.h>
#include <unistd.h>

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
	.help = "How packets are shown: text is one line a packet, detail all "
		"fields of every layer, json one object a line, csv and tsv "
		"columns, hex the bytes. The default is text, or tsv with "
		"--fields.",
    },
    {
	.name = "fields",
	.type = OPT_TEXT,
	MEMBER(options.fields),
	.arg = "LIST",
	.help =
	    "The fields to show, with commas between: the columns of csv "
	    "and tsv, the only ones in json and detail. See \"pcaptool list "
	    "fields\" for all of them.",
	.values = field_values,
	.commas = true,
    },
    {
	.name = "occurrence",
	.type = OPT_WORD,
	MEMBER(options.occurrence),
	.arg = "WHICH",
	.words = occurrence_words,
	.help = "Of a field that a packet has several times show all values in "
		"the column, with commas between (the default), or the first "
		"or the last one.",
    },
    {
	.name = "separator",
	.type = OPT_TEXT,
	MEMBER(options.separator),
	.arg = "TEXT",
	.help = "Put TEXT between columns.",
    },
    {
	.name = "no-header",
	.type = OPT_FLAG,
	MEMBER(options.no_header),
	.help = "Leave the line of column names out.",
    },
    {
	.name = "only-with-fields",
	.type = OPT_FLAG,
	MEMBER(options.only_with),
	.help =
	    "With --fields: leave out packets that have none of them. (JSON "
	    "never shows these.)",
    },
    {
	.letter = 'e',
	.name = "link-level",
	.type = OPT_FLAG,
	MEMBER(options.link),
	.help = "Show the link-layer header in each line.",
    },
    {
	.letter = 'N',
	.name = "names",
	.type = OPT_FLAG,
	MEMBER(options.names),
	.help = "Show names for addresses and ports in each line, as this "
		"host's resolver knows them, and (with --link-level) the "
		"vendors of MAC addresses, if the IEEE's registries are "
		"installed (Debian: ieee-data).",
    },
    {
	.letter = 'n',
	.name = "numeric",
	.type = OPT_FLAG,
	MEMBER(numeric),
	.help = "Show numbers: the default; overrides --names.",
    },
    {
	.letter = 'v',
	.name = "verbose",
	.type = OPT_COUNT,
	MEMBER(options.verbose),
	.help = "Show more in each line; -vv and -vvv show still more.",
    },
    {
	.letter = 'q',
	.name = "quick",
	.type = OPT_FLAG,
	MEMBER(options.quick),
	.help = "Show less about protocols in each line. A live capture "
		"shows no status line, too.",
    },
    {
	.letter = 'x',
	.name = "hex",
	.type = OPT_COUNT,
	MEMBER(options.hex),
	.help = "Show the bytes behind the link-layer header in hexadecimal "
		"as well; -xx shows that header too.",
    },
    {
	.letter = 'X',
	.name = "hex-text",
	.type = OPT_COUNT,
	MEMBER(options.hex_text),
	.help = "The same in hexadecimal and as text; -XX with the link-layer "
		"header.",
    },
    {
	.letter = 'A',
	.name = "ascii",
	.type = OPT_COUNT,
	MEMBER(options.ascii),
	.help = "The same as text alone; -AA with the link-layer header.",
    },
    {
	.letter = 't',
	.name = "time",
	.type = OPT_COUNT,
	MEMBER(options.time),
	.help = "Once: no time in each line; -tt: seconds since 1970; -ttt: "
		"time since the packet before; -tttt: date and time; -ttttt: "
		"time since the first packet.",
    },
    {
	.name = "utc",
	.type = OPT_FLAG,
	MEMBER(options.utc),
	.help = "Show times in UTC, not in the local time zone.",
    },
    {
	.letter = '#',
	.name = "number",
	.type = OPT_FLAG,
	MEMBER(options.number),
	.help = "Put the packet's number at the start of each line: that in "
		"the file, whatever is selected of it.",
    },
    {
	.letter = 'S',
	.name = "absolute-tcp-sequence-numbers",
	.type = OPT_FLAG,
	MEMBER(options.raw_seq),
	.help = "Show TCP sequence numbers as they are in the packet, not "
		"counted from the start of the flow.",
    },
    {
	.letter = 'l',
	.name = "line-buffered",
	.type = OPT_FLAG,
	MEMBER(options.unbuffered),
	.help = "Let every line reach the output at once.",
    },
    {
	.letter = 'U',
	.name = "packet-buffered",
	.type = OPT_FLAG,
	MEMBER(options.unbuffered),
	.help = "Let every packet reach the output at once.",
    },
    {
	.name = "as",
	.type = OPT_TEXTS,
	MEMBER(as),
	.arg = "RULE",
	.help = "Decode as another protocol what RULE says, such as 'udp port "
		"5300=dns', 'tcp port 8000=http' or 'ethertype 0x9999=ip'. May "
		"be repeated.",
    },
    {
	.name = "no-reassemble",
	.type = OPT_FLAG,
	MEMBER(options.apart),
	.help = "Decode each segment and fragment as it is. Otherwise messages "
		"that are "
		"longer than one TCP segment, and datagrams in fragments, are "
		"put together and shown with what makes them whole.",
    },
    {
	.name = "jobs",
	.type = OPT_NUMBER,
	MEMBER(options.jobs),
	.arg = "N",
	.min = 1,
	.max = 64,
	.help = "Decode with N threads; the output is the same. The default is "
		"one for each processor.",
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
		sink = print_open(&options, STDOUT_FILENO, err);
	}
	str_fini(&separator); /* the printer has a copy */
	return sink;
}
