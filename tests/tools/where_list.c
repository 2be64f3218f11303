/*
 * where_list: which packets each of many field expressions selects.
 *
 * usage: where_list [-a] LIST FILE...
 *
 * LIST has an expression a line, after its last tab; lines that begin with #
 * are comments. For each savefile and expression, prints the file,
 * the expression's line in LIST, and the numbers of the packets that
 * "pcaptool read -Y" prints: tabs between, blanks between numbers. With -a
 * every packet is decoded, whatever its headers say. Exits with 2 if an
 * expression is wrong, which it says.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "file/savefile.h"
#include "where/where.h"

enum { MOST = 256 };

struct entry {
	unsigned line;
	struct where *where;
	struct selector *selector; /* of the file that is read */
	struct str numbers;
};

struct asker {
	struct sink sink;
	struct entry *entries;
	size_t n;
	bool decode_all;
};

static bool give_iface(struct sink *sink, const struct iface *iface,
		       struct err *err)
{
	struct asker *a = (struct asker *)sink;
	size_t i;

	for (i = 0; i < a->n; i++)
		if (!selector_iface(a->entries[i].selector, iface, err))
			return false;
	return true;
}

/* At most MOST packets, all at once, as a run asks. */
static enum verdict ask_packets(struct entry *e, const struct pkt *p, size_t n)
{
	uint8_t keep[MOST];
	enum verdict v;
	size_t i;

	memset(keep, 1, n);
	v = e->selector->ops->match(e->selector, p, n, keep);
	for (i = 0; i < n; i++)
		if (keep[i])
			str_printf(&e->numbers, "%s%" PRIu64,
				   e->numbers.len ? " " : "", p[i].number);
	return v;
}

static enum verdict give_packets(struct sink *sink, const struct pkt *p,
				 size_t n)
{
	struct asker *a = (struct asker *)sink;
	size_t i, from, now;

	for (from = 0; from < n; from += now) {
		now = n - from < MOST ? n - from : MOST;
		for (i = 0; i < a->n; i++)
			if (ask_packets(&a->entries[i], p + from, now) ==
			    FAILED) {
				sink->err = a->entries[i].selector->err;
				return FAILED;
			}
	}
	return GO_ON;
}

static bool close_nothing(struct sink *sink, struct err *err)
{
	(void)sink;
	(void)err;
	return true;
}

static const struct sink_ops asker_ops = {
    .name = "where_list",
    .iface = give_iface,
    .packets = give_packets,
    .close = close_nothing,
};

static void die(const char *what, const struct err *err)
{
	fprintf(stderr, "where_list: %s: %s\n", what, err->text);
	exit(2);
}

static void ask_file(struct asker *a, const char *path)
{
	struct err err = {.kind = ERR_FAULT};
	struct source *source = savefile_open(path, NULL, &err);
	size_t i;

	if (!source)
		die(path, &err);
	for (i = 0; i < a->n; i++) {
		a->entries[i].selector =
		    where_selector(a->entries[i].where, &err);
		if (!a->entries[i].selector)
			die(path, &err);
	}
	if (!source_run(source, &a->sink, &err))
		fprintf(stderr, "where_list: %s\n", err.text);
	source_close(source);
	for (i = 0; i < a->n; i++) {
		printf("%s\t%u\t%s\n", path, a->entries[i].line,
		       str_text(&a->entries[i].numbers));
		str_clear(&a->entries[i].numbers);
		selector_close(a->entries[i].selector);
	}
}

static void add_entry(struct asker *a, unsigned line, const char *text)
{
	const struct where_options options = {.decode_all = a->decode_all};
	struct err err = {.kind = ERR_FAULT};
	struct entry *more = realloc(a->entries, (a->n + 1) * sizeof(*more));

	if (!more)
		exit(1);
	a->entries = more;
	more[a->n] = (struct entry){.line = line};
	more[a->n].where = where_open(text, strlen(text), &options, &err);
	if (!more[a->n].where)
		die(text, &err);
	a->n++;
}

static void load(struct asker *a, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[4096], *text;
	unsigned n;

	if (!f) {
		perror(path);
		exit(2);
	}
	for (n = 1; fgets(line, sizeof(line), f); n++) {
		line[strcspn(line, "\n")] = '\0';
		text = strrchr(line, '\t');
		if (line[0] != '#' && text)
			add_entry(a, n, text + 1);
	}
	fclose(f);
}

int main(int argc, char **argv)
{
	struct asker a = {.sink.ops = &asker_ops};
	size_t i;

	if (argc > 1 && !strcmp(argv[1], "-a")) {
		a.decode_all = true;
		argc--;
		argv++;
	}
	if (argc < 2)
		return 2;
	load(&a, argv[1]);
	for (int k = 2; k < argc; k++)
		ask_file(&a, argv[k]);
	for (i = 0; i < a.n; i++) {
		where_close(a.entries[i].where);
		str_fini(&a.entries[i].numbers);
	}
	free(a.entries);
	return 0;
}
