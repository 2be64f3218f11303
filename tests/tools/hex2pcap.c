/*
 * hex2pcap: makes a pcap file from commented text, so that every byte of a
 * test capture can be read and reviewed. It knows nothing of the tool's own
 * readers and writers.
 *
 * usage: hex2pcap [FILE.hex] >FILE.pcap
 *
 * A line is one of these; "#" outside quotes starts a comment:
 *   linktype N             of the file header; before the first packet (1)
 *   snaplen N              of the file header; before the first packet (262144)
 *   nano | big             time stamps in ns | a big-endian file; likewise
 *   packet SEC.FRACTION [WIRELEN]
 *                          a packet starts; WIRELEN if more than was captured
 *   0a 0b0c "text"         its bytes: hexadecimal pairs, and text as it is
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
	unsigned long linktype, snaplen;
	bool nano, big, started;
	bool in_packet;
	uint32_t sec, fraction, wirelen;
	uint8_t data[1 << 18];
	size_t n;
	unsigned long line;
} state = {.linktype = 1, .snaplen = 262144};

static void die(const char *why)
{
	fprintf(stderr, "hex2pcap: line %lu: %s\n", state.line, why);
	exit(1);
}

static void put(uint32_t value, int size)
{
	for (int i = 0; i < size; i++)
		putchar(value >> 8 * (state.big ? size - 1 - i : i) & 0xff);
}

static void put_header(void)
{
	if (state.started)
		return;
	state.started = true;
	put(state.nano ? 0xa1b23c4d : 0xa1b2c3d4, 4);
	put(2, 2);
	put(4, 2);
	put(0, 4);
	put(0, 4);
	put((uint32_t)state.snaplen, 4);
	put((uint32_t)state.linktype, 4);
}

static void end_packet(void)
{
	if (!state.in_packet)
		return;
	put(state.sec, 4);
	put(state.fraction, 4);
	put((uint32_t)state.n, 4);
	put(state.wirelen > state.n ? state.wirelen : (uint32_t)state.n, 4);
	fwrite(state.data, 1, state.n, stdout);
	state.in_packet = false;
}

static void start_packet(const char *text)
{
	int digits = state.nano ? 9 : 6;
	char *end;

	put_header();
	end_packet();
	state.in_packet = true;
	state.n = 0;
	state.sec = (uint32_t)strtoul(text, &end, 10);
	state.fraction = 0;
	if (end == text)
		die("packet: no time");
	if (*end == '.')
		end++;
	for (int i = 0; i < digits; i++)
		state.fraction =
		    state.fraction * 10 + (isdigit((unsigned char)*end)
					       ? (uint32_t)(*end++ - '0')
					       : 0);
	state.wirelen = (uint32_t)strtoul(end, NULL, 10);
}

static void add(int byte)
{
	if (state.n == sizeof(state.data))
		die("packet too long");
	state.data[state.n++] = (uint8_t)byte;
}

static int digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	if (!at)
		die("not a pair of hexadecimal digits");
	return (int)(at - digits);
}

static void bytes(const char *s)
{
	while (*s && *s != '#') {
		if (isspace((unsigned char)*s)) {
			s++;
		} else if (*s == '"') {
			for (s++; *s && *s != '"'; s++)
				add(*s);
			if (!*s++)
				die("text without an end");
		} else {
			int high = digit(s[0]);

			add(high << 4 | digit(s[1]));
			s += 2;
		}
	}
}

/* The text after a keyword, if the line starts with that. */
static const char *keyword(const char *line, const char *word)
{
	size_t n = strlen(word);

	if (strncmp(line, word, n) || isalnum((unsigned char)line[n]))
		return NULL;
	return line + n;
}

static void take(const char *line)
{
	const char *rest;

	line += strspn(line, " \t");
	if ((rest = keyword(line, "packet"))) {
		start_packet(rest + strspn(rest, " \t"));
	} else if ((rest = keyword(line, "linktype"))) {
		state.linktype = strtoul(rest, NULL, 0);
	} else if ((rest = keyword(line, "snaplen"))) {
		state.snaplen = strtoul(rest, NULL, 0);
	} else if (keyword(line, "nano")) {
		state.nano = true;
	} else if (keyword(line, "big")) {
		state.big = true;
	} else {
		size_t before = state.n;

		bytes(line);
		if (state.n != before && !state.in_packet)
			die("bytes before the first packet");
	}
}

int main(int argc, char **argv)
{
	static char line[4096];

	if (argc > 1 && !freopen(argv[1], "r", stdin)) {
		perror(argv[1]);
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		state.line++;
		if (!strchr(line, '\n') && !feof(stdin))
			die("line too long");
		line[strcspn(line, "\r\n")] = '\0';
		take(line);
	}
	put_header();
	end_packet();
	return fflush(stdout) ? 1 : 0;
}
