/* Expressions from the command line and from files. */
#include "cmd/expr_text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/addr.h"
#include "base/log.h"
#include "capture/expr.h"
#include "os/prefault.h"

/* No real expression is longer. */
#define EXPR_FILE_MAX ((size_t)1 << 20)

void expr_text_words(struct str *out, char *const *words, int n)
{
	for (int i = 0; i < n; i++) {
		if (i > 0)
			str_putc(out, ' ');
		str_puts(out, words[i]);
	}
}

/* Room for all of a file that says how long it is. */
static void make_room(struct str *out, FILE *f, size_t max)
{
	long size = fseek(f, 0, SEEK_END) ? -1 : ftell(f);
	char *to;

	rewind(f);
	if (size < 0 || (size_t)size > max)
		return;
	to = str_room(out, (size_t)size);
	if (to)
		prefault(to, (size_t)size);
}

bool read_whole_file(struct str *out, const char *path, size_t max,
		     struct err *err)
{
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
	size_t got = 1, start = out->len;
	char piece[4096];
	bool good;

	if (!f) {
		err_sys(err, ERR_USAGE, errno, "cannot be opened");
		return err_in_file(err, path);
	}
	if (f != stdin)
		make_room(out, f, max);
	while (got > 0 && out->len - start <= max) {
		got = fread(piece, 1, sizeof(piece), f);
		str_put(out, piece, got);
	}
	good = !ferror(f);
	if (!good)
		err_sys(err, ERR_USAGE, errno, "cannot be read");
	else if (out->len - start > max)
		good = err_set(err, ERR_USAGE,
			       "is longer than %zu bytes, the limit", max);
	else if (out->failed)
		good = err_nomem(err, "a file's content");
	if (f != stdin)
		fclose(f);
	return good || err_in_file(err, path);
}

bool expr_text_file(struct str *out, const char *path, struct err *err)
{
	size_t start = out->len;
	bool comment = false;

	if (!read_whole_file(out, path, EXPR_FILE_MAX, err))
		return false;
	for (size_t i = start; i < out->len; i++) {
		char c = out->text[i];

		if (c == '\0') {
			err_set(err, ERR_USAGE,
				"byte %zu is NUL: not an expression",
				i - start + 1);
			return err_in_file(err, path);
		}
		if (c == '\n' || c == '#')
			comment = c == '#';
		if (comment) /* lines stay, for the places of faults */
			out->text[i] = ' ';
	}
	return true;
}

void expr_text_and(struct str *all, const char *text)
{
	struct str one = STR_INIT;

	if (text[strspn(text, " \t\r\n")] == '\0')
		return;
	if (all->len == 0) {
		str_puts(all, text);
		return;
	}
	str_printf(&one, "(%s) and (%s)", str_text(all), text);
	str_clear(all);
	str_puts(all, str_text(&one));
	all->failed |= one.failed;
	str_fini(&one);
}

/* So many addresses are a list. */
#define LIST_LEAST 50

/* How many words of the text are addresses or prefixes. */
static size_t count_addresses(const char *text)
{
	static const char between[] = " \t\r\n()!&|";
	char word[64];
	struct addr addr;
	unsigned bits;
	size_t n = 0, len;

	for (; *text; text += len ? len : 1) {
		len = strcspn(text, between);
		if (len == 0 || len >= sizeof(word))
			continue;
		memcpy(word, text, len);
		word[len] = '\0';
		n += addr_parse_prefix(word, &addr, &bits);
	}
	return n;
}

bool expr_text_hosts_note(const char *text, const struct err *why)
{
	size_t n;

	if (!expr_was_too_much(why))
		return false;
	n = count_addresses(text);
	if (n < LIST_LEAST)
		return false;
	log_note("the filter has %zu addresses: put them in a file, and use "
		 "--hosts FILE, which takes any number",
		 n);
	return true;
}
