/* The option parser: what rows make of a command line. */
#include "cmd/opt.h"

#include <stddef.h>

#include "base/num.h"
#include "cmd/command.h"
#include "tap.h"

struct scoped {
	int64_t snaplen;
};

struct conf {
	bool flag;
	int verbose, word;
	int64_t number, duration;
	struct moment time;
	uint64_t size;
	const char *text, *window;
	struct texts texts;
	struct scoped scope[3];
	int n_scopes;
};

static const char *const words[] = {"pcap", "pcap-ns", "pcapng", NULL};

static bool add_scope(void *conf, const struct opt *opt, const char *value,
		      struct err *err)
{
	struct conf *c = conf;

	(void)opt;
	if (!strcmp(value, "bad"))
		return err_set(err, ERR_USAGE, "bad is bad");
	c->n_scopes++;
	return true;
}

static void *scope(void *conf)
{
	struct conf *c = conf;

	return &c->scope[c->n_scopes];
}

static const struct opt opts[] = {
    {'n', "numeric", OPT_FLAG, offsetof(struct conf, flag), .help = "h"},
    {'v', "verbose", OPT_COUNT, offsetof(struct conf, verbose), .help = "h"},
    {'c', "count", OPT_NUMBER, offsetof(struct conf, number), .arg = "N",
     .help = "h", .min = 1, .max = 1000},
    {0, "for", OPT_DURATION, offsetof(struct conf, duration), .arg = "D",
     .help = "h", .min = 1000000, .max = INT64_MAX},
    {0, "from", OPT_TIME, offsetof(struct conf, time), .arg = "T", .help = "h"},
    {'B', "buffer", OPT_SIZE, offsetof(struct conf, size), .arg = "SIZE",
     .help = "h"},
    {'w', "write", OPT_TEXT, offsetof(struct conf, text), .arg = "FILE",
     .help = "h"},
    {0, "dedup", OPT_TEXT, offsetof(struct conf, window), .arg = "WINDOW",
     .help = "h", .fallback = "5"},
    {'r', "read", OPT_TEXTS, offsetof(struct conf, texts), .arg = "FILE",
     .help = "h"},
    {0, "format", OPT_WORD, offsetof(struct conf, word), .arg = "FORMAT",
     .help = "h", .words = words},
    {'i', "interface", OPT_CALL, .arg = "I", .help = "h", .set = add_scope},
    {0},
};

static const struct opt scoped_opts[] = {
    {'s', "snaplen", OPT_NUMBER, offsetof(struct scoped, snaplen), .arg = "N",
     .help = "h"},
    {0},
};

static const struct opt_group groups[] = {
    {.title = "All", .opts = opts},
    {.title = "Scoped", .opts = scoped_opts, .scope = scope},
    {0},
};

static const struct conf defaults;

static const struct command command = {
    .name = "test",
    .operands = "",
    .groups = groups,
    .defaults = &defaults,
    .conf_size = sizeof(struct conf),
};

static struct conf conf;
static struct args args;
static struct err err;

static bool parse(const struct command *cmd, const char *line)
{
	static char copy[256];
	static char *argv[32];
	int argc = 0;

	opt_fini(&command, &conf);
	args_fini(&args);
	conf = defaults;
	memset(&err, 0, sizeof(err));
	snprintf(copy, sizeof(copy), "%s", line);
	for (char *p = strtok(copy, " "); p; p = strtok(NULL, " "))
		argv[argc++] = p;
	argv[argc] = NULL;
	return opt_parse(cmd, &conf, argc, argv, &args, &err);
}

static void refused(const char *line, const char *reason)
{
	ok_all(line, !parse(&command, line), eq(err.kind, ERR_USAGE));
	is_str(err.text, reason, "  its reason");
}

static void refusals(void)
{
	refused("-c 0", "option --count (-c): '0' is out of range: 1 to 1000");
	refused("--for 9ns", "option --for: '9ns' is too small: at least 1ms");
	refused("-c x", "option --count (-c): 'x' is not a whole number");
	refused("-c", "option --count (-c): needs an argument (N)");
	refused("--numeric=1",
		"option --numeric (-n): takes no argument, but '1' was given");
	refused("--nummeric", "unknown option --nummeric; did you mean "
			      "--numeric?");
	refused("--fo",
		"option --fo is ambiguous: it could be --for, --format");
	refused("-Q", "unknown option -Q");
	refused("--=3", "unknown option --");
	refused("--format=pcapgn",
		"option --format: 'pcapgn' is unknown; did you mean 'pcapng'? "
		"allowed: pcap, pcap-ns, pcapng");
	refused("--for 3y",
		"option --for: '3y' is not a duration: a number with ns, us, "
		"ms, s, m, h or d, such as 90s or 1h30m");
	refused("-B -1",
		"option --buffer (-B): '-1' is not a size: a number of bytes, "
		"optionally with k, M, G or T (powers of 1024)");
	refused("-i bad", "option --interface (-i): bad is bad");
}

static void scopes(void)
{
	ok_all("scoped rows write to the scope of the moment",
	       parse(&command, "-s 1 -i a -s 2 -i b --snaplen=3"),
	       eq(conf.scope[0].snaplen, 1), eq(conf.scope[1].snaplen, 2),
	       eq(conf.scope[2].snaplen, 3));
}

static void ends(void)
{
	struct command rest = command, early = command;

	rest.wants_rest = true;
	early.stops_early = true;
	ok_all("-- ends the options", parse(&command, "a -n -- -v b"),
	       eq(args.n, 3), conf.flag, !conf.verbose,
	       eq_str(args.operands[1], "-v"));
	ok_all("what is after -- is kept apart where a command wants it",
	       parse(&rest, "a -- ping -c 1"), eq(args.n, 1),
	       eq(args.n_rest, 3), eq_str(args.rest[0], "ping"));
	ok_all("the first operand ends the options where the command says so",
	       parse(&early, "-n list -v"), eq(args.n, 1), eq(args.n_rest, 1),
	       conf.flag, !conf.verbose, eq_str(args.rest[0], "-v"));
	ok_all("--help ends it all", parse(&command, "-n - --help --unknown"),
	       args.help);
}

int main(void)
{
	ok_all("letters in a cluster, operands among options",
	       parse(&command, "-nvv -c5 tcp port -w - 80"), conf.flag,
	       eq(conf.verbose, 2), eq(conf.number, 5), eq_str(conf.text, "-"),
	       eq(args.n, 3), eq_str(args.operands[2], "80"));
	ok(parse(&command, "--count=7 --verb --size") == false, "no --size");
	ok_all("long names, abbreviated",
	       parse(&command, "--c=7 --verb --buf 64k"), eq(conf.number, 7),
	       eq(conf.verbose, 1), eq(conf.size, 65536));
	ok_all("a duration and a time",
	       parse(&command, "--for 1m --from 1970-01-01T00:00:01Z"),
	       eq(conf.duration, 60 * NS_PER_S),
	       eq(conf.time.base, MOMENT_FIXED), eq(conf.time.ns, NS_PER_S));
	ok_all("an optional argument is not the next word",
	       parse(&command, "--dedup 9"), eq_str(conf.window, "5"),
	       eq(args.n, 1));
	ok_all("an optional argument after =", parse(&command, "--dedup=9"),
	       eq_str(conf.window, "9"));
	ok_all("a list", parse(&command, "-r a -rb --read=c"),
	       eq(conf.texts.n, 3), eq_str(conf.texts.item[2], "c"));
	ok_all("a word", parse(&command, "--format pcap-ns"), eq(conf.word, 1));
	refusals();
	scopes();
	ends();
	opt_fini(&command, &conf);
	args_fini(&args);
	return done();
}
