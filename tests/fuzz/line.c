/* Any line typed in the shell: its words, and its completions. */
#include "base/array.h"
#include "cmd/complete.h"
#include "cmd/expr_words.h"
#include "cmd/words.h"
#include "fuzz/fuzz.h"

static void must(bool good, const char *what, const char *line)
{
	if (good)
		return;
	fprintf(stderr, "%s: %s\n", what, line);
	abort();
}

/* What is quoted is the same word again. */
static void try_quote(const char *text)
{
	static const char quotes[] = {0, '\'', '"'};
	size_t i;

	for (i = 0; i < sizeof(quotes); i++) {
		struct str line = STR_INIT;
		struct words w;

		if (quotes[i])
			str_putc(&line, quotes[i]);
		words_quote(&line, text, quotes[i]);
		if (quotes[i])
			str_putc(&line, quotes[i]);
		must(words_split(&w, str_text(&line), NULL), "memory", text);
		if (text[0] || quotes[i])
			must(w.n == 1 && !strcmp(w.item[0].text, text),
			     "quoted, it is another word", text);
		words_fini(&w);
		str_fini(&line);
	}
}

static void try_words(const char *line)
{
	size_t len = strlen(line), after = 0, i;
	struct words w;

	must(words_split(&w, line, NULL), "memory", line);
	for (i = 0; i < w.n; i++) {
		must(w.item[i].at >= after && w.item[i].len > 0 &&
			 w.item[i].at + w.item[i].len <= len,
		     "a word is not in the line", line);
		after = w.item[i].at + w.item[i].len;
		if (w.item[i].kind == WORD_TEXT && i < 8)
			try_quote(w.item[i].text);
	}
	words_fini(&w);
}

/* Each candidate begins as the word does that it is for. */
static void try_completion(const char *line)
{
	const struct vocabulary all = {.commands = commands,
				       .more = shell_commands};
	struct str out = STR_INIT;
	const char *typed, *p;
	size_t n;

	complete_line_print(&all, line, &out);
	typed = str_text(&out);
	n = strcspn(typed, "\n");
	for (p = typed + n; *p; p += strcspn(p, "\n")) {
		p++;
		must(!*p || !strncmp(p, typed, n) || *p == '@' ||
			 memchr(typed, '\n', n),
		     "it does not begin so", line);
	}
	str_fini(&out);
}

static void fuzz_one(const uint8_t *bytes, size_t n)
{
	char *line = malloc(n + 1);
	struct str out = STR_INIT;

	if (!line)
		exit(1);
	memcpy(line, bytes, n);
	line[n] = '\0';
	try_words(line);
	if (!strchr(line, '\n')) /* a line is one */
		try_completion(line);
	must(expr_last_word(line) <= strlen(line), "the last word", line);
	expr_complete(line, &out);
	expr_hint(line, &out);
	str_fini(&out);
	free(line);
}

static size_t fuzz_seed(size_t i, uint8_t bytes[FUZZ_MAX])
{
	static const char *const lines[] = {
	    "x filter 'tcp port 80 and (host 192.0.2.1 or len >= 100)' a.pcap",
	    "x read --fields ip.src,tcp.dstp",
	    "x read -no json \"two words\" it\\'s | less -S > x",
	    "x compile tcp[tcpflags] & (tcp-syn|tcp-ack) != 0 && not vl",
	    "x write --format=pcap -w a\\ b >>'c d' # comment",
	    "x undo al",
	    "x list fields ic",
	};
	size_t n;

	if (i >= ARRAY_LEN(lines))
		return 0;
	n = strlen(lines[i]);
	memcpy(bytes, lines[i], n);
	return n;
}
