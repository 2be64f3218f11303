/* Printing what went wrong, and what is worth a note. */
#include "cmd/message.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "os/blocking.h"

static bool drop_notes;
static void (*erase_status)(void);
static const struct typed *typed_line;
static bool reader_gone;
static char hint[1024];

void message_status_line(void (*erase)(void))
{
	erase_status = erase;
}

/* All of it, by the rules of os/blocking.h. */
static bool write_all(int fd, const struct str *text)
{
	size_t at = 0;
	ssize_t n;

	while (at < text->len) {
		n = blocking_write(fd, text->text + at, text->len - at);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			at += (size_t)n;
	}
	return true;
}

void message_text(const struct str *line)
{
	if (erase_status)
		erase_status();
	fflush(stderr);
	write_all(STDERR_FILENO, line);
}

void message_typed(const struct typed *typed)
{
	typed_line = typed;
}

/* Is text the word, or the value in "--name=value"? */
static bool is_word(const struct word *word, const char *text, size_t n)
{
	size_t len = strlen(word->text);

	return n > 0 && len >= n && !strncmp(word->text + len - n, text, n) &&
	       (len == n || word->text[len - n - 1] == '=');
}

/* Is word what the error is about: the file at fault, or in quotes? */
static bool speaks_of(const struct err *err, const struct word *word)
{
	const char *quote = strchr(err->text, '\''), *end;

	if (is_word(word, err->file, strlen(err->file)))
		return true;
	for (; quote; quote = strchr(end + 1, '\'')) {
		end = strchr(quote + 1, '\'');
		if (!end)
			return false;
		if (is_word(word, quote + 1, (size_t)(end - quote - 1)))
			return true;
	}
	return false;
}

/* Put the mark of the typed line into err, where it has none of its own. */
static void mark_typed(struct err *err)
{
	int at = err->word - 1, i;
	const struct word *word;

	for (i = 0; at < 0 && i < typed_line->n; i++)
		if (speaks_of(err, typed_line->words[i]))
			at = i;
	if (err->line[0] || at < 0 || at >= typed_line->n)
		return;
	word = typed_line->words[at];
	err_show(err, typed_line->line, strlen(typed_line->line), word->at,
		 word->len);
}

/* Columns that text takes once it is escaped. */
static size_t columns(const char *text, size_t n)
{
	struct str shown = STR_INIT;
	size_t count = 0;

	str_foreign(&shown, text, n);
	for (size_t i = 0; i < shown.len; i++)
		count += ((unsigned char)shown.text[i] & 0xc0) != 0x80;
	str_fini(&shown);
	return count;
}

/* The line at fault, and below it a mark under the fault. */
static void put_fault(struct str *out, const struct err *err)
{
	size_t len = strlen(err->line), n = err->mark_len;
	size_t after = err->mark < len ? len - err->mark : 0;

	str_puts(out, "  ");
	str_foreign(out, err->line, len);
	str_puts(out, "\n  ");
	str_pad(out, ' ', columns(err->line, err->mark));
	str_putc(out, '^');
	if (n > after)
		n = after;
	n = columns(err->line + err->mark, n);
	if (n > 1)
		str_pad(out, '~', n - 1);
	str_putc(out, '\n');
}

void report_hint(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(hint, sizeof(hint), format, args);
	va_end(args);
}

static void put_hint(struct str *out)
{
	const char *p = hint;

	while (*p) {
		size_t len = strcspn(p, "\n");

		str_foreign(out, p, len);
		str_putc(out, '\n');
		p += len + (p[len] == '\n');
	}
	hint[0] = '\0';
}

int message_err(const struct err *what)
{
	struct err marked = *what;
	const struct err *err = &marked;
	struct str line = STR_INIT;

	if (typed_line)
		mark_typed(&marked);
	str_puts(&line, "pcaptool: ");
	if (err->file[0]) {
		str_foreign(&line, err->file, strlen(err->file));
		str_puts(&line, ": ");
	}
	if (err->placed) {
		str_printf(&line, "offset %" PRIu64, err->offset);
		if (err->packet)
			str_printf(&line, " (packet %" PRIu64 ")", err->packet);
		str_puts(&line, ": ");
	}
	str_foreign(&line, err->text, strlen(err->text));
	str_putc(&line, '\n');
	if (err->line[0])
		put_fault(&line, err);
	if (err->kind == ERR_USAGE)
		put_hint(&line);
	message_text(&line);
	str_fini(&line);
	return (int)err->kind;
}

int message_usage(const struct err *err, const char *command)
{
	struct str line = STR_INIT;
	bool led_on = hint[0];

	message_err(err);
	if (led_on)
		return ERR_USAGE;
	str_printf(&line,
		   typed_line ? "Try 'help%s%s'.\n"
			      : "Try 'pcaptool%s%s --help'.\n",
		   command ? " " : "", command ? command : "");
	message_text(&line);
	str_fini(&line);
	return ERR_USAGE;
}

static void log_line(enum log_level level, const char *text)
{
	struct str line = STR_INIT;

	if (level == LOG_LEVEL_NOTE && drop_notes)
		return;
	str_printf(&line, "pcaptool: %s",
		   level == LOG_LEVEL_WARNING ? "warning: " : "");
	str_foreign(&line, text, strlen(text));
	str_putc(&line, '\n');
	message_text(&line);
	str_fini(&line);
}

void message_log(bool quiet)
{
	drop_notes = quiet;
	log_to(log_line);
}

bool message_out(const struct str *text)
{
	struct err err;

	if (text->failed) {
		err_nomem(&err, "text to print");
		message_err(&err);
		return false;
	}
	errno = 0;
	reader_gone = false;
	if (fflush(stdout) == 0 && write_all(STDOUT_FILENO, text))
		return true;
	reader_gone = errno == EPIPE;
	if (!reader_gone && errno != ECANCELED) {
		err_sys(&err, ERR_OUTPUT, errno, "standard output");
		message_err(&err);
	}
	return false;
}

int report_out_status(void)
{
	return reader_gone ? 0 : ERR_OUTPUT;
}
