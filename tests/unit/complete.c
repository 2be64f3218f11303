/* Completion of a command line. */
#include "cmd/complete.h"

#include "tap.h"

static const struct vocabulary all = {.commands = commands};

/* The first two candidates for the last word of the line. */
static void completes(const char *line, const char *want)
{
	struct str out = STR_INIT;
	char copy[200], *first, *second;

	complete_line_print(&all, line, &out);
	snprintf(copy, sizeof(copy), "%.190s", str_text(&out));
	strtok(copy, "\n");
	/* the line of the word itself may be empty */
	first = line[strlen(line) - 1] == ' ' ? copy + 1 : strtok(NULL, "\n");
	if (line[strlen(line) - 1] == ' ' && first)
		strtok(first, "\n");
	second = first ? strtok(NULL, "\n") : NULL;
	snprintf(copy, sizeof(copy), "%s%s%s", first ? first : "",
		 second ? "," : "", second ? second : "");
	is_str(copy, want, line);
	str_fini(&out);
}

/* The same in the shell with files open. */
static void opened(const char *line, const char *want)
{
	struct completion c = COMPLETION_INIT;
	const struct vocabulary shell = {.commands = commands, .open = true};
	char copy[200], *words[20], *first, *second;
	int n = 0;

	snprintf(copy, sizeof(copy), "%s", line);
	for (first = strtok(copy, " "); first; first = strtok(NULL, " "))
		words[n++] = first;
	complete_words(&shell, words, n, &c);
	first = c.words.len ? strtok(c.words.text, "\n") : NULL;
	second = first ? strtok(NULL, "\n") : NULL;
	printf("# %s\n", first ? first : "nothing");
	snprintf(copy, sizeof(copy), "%s%s%s", first ? first : "",
		 second ? "," : "", second ? second : "");
	is_str(copy, want, line);
	completion_fini(&c);
}

static void hint(const char *last, const char *before, const char *want)
{
	struct completion c = COMPLETION_INIT;
	char a[40], b[40], *words[] = {a, b};

	snprintf(a, sizeof(a), "%s", before);
	snprintf(b, sizeof(b), "%s", last);
	complete_words(&all, words, 2, &c);
	ok(!strncmp(str_text(&c.hint), want, strlen(want)), want);
	printf("# %s\n", str_text(&c.hint));
	completion_fini(&c);
}

int main(void)
{
	completes("x rea", "read");
	completes("x read --output=j", "--output=json");
	completes("x read -oj", "-ojson");
	completes("x read -no j", "json");
	completes("x read --dedup-ignore ttl,li", "ttl,link");
	completes("x read -r a.pcap ud", "udp");
	completes("x read ud", "@files ");
	completes("x write --write=x", "@files --write=");
	completes("x filter -f tcp ud", "@files ");
	completes("x filter ud", "udp");
	completes("x filter udp ud", "@files ");
	completes("x filter 'udp and not(ic",
		  "udp and not(icmp,udp and not(icmp6");
	completes("x capture tcp po", "port,portrange");
	completes("x compile --bpf file ud", "");
	completes("x stats --count 'tcp po", "tcp port,tcp portrange");
	completes("x read -Y tcp.srcp", "tcp.srcport");
	completes("x read --where=tcp.srcp", "--where=tcp.srcport");
	completes("x capture -Y 'ip.ttl > 3 and tcp.srcp",
		  "ip.ttl > 3 and tcp.srcport");
	completes("x stats -Y 'ip.proto == TC", "ip.proto == TCP");
	completes("x filter tcp.srcp", "");
	completes("x list fie", "fields");
	completes("x list resolve x", "");
	completes("x nothing --", "");
	completes("x read --no-such=x", "");
	completes("x read -Z", "");
	completes("x read -c 5 --nu", "--numeric,--number");
	opened("filter tcp.srcp", "tcp.srcport");
	opened("filter tcp.port == 80 a", "and");
	opened("filter tcp port 80 a", "and");
	opened("filter tcp po", "port,portrange");
	opened("filter -Y tcp.srcp", "tcp.srcport");
	opened("filter -Y tcp.port == 80 and udp.srcp", "udp.srcport");
	hint("", "read", "read [OPTIONS] [FILE...]");
	hint("--max-packets", "read", "--max-packets=N  Stop after");
	hint("--dedup", "read", "--dedup[=WINDOW]  Remove duplicates");
	return done();
}
