/* Printing what went wrong, and what is worth a note. */
#include "cmd/report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"

static bool drop_notes;
static void (*erase_status)(void);

void report_status_line(void (*erase)(void))
{
	erase_status = erase;
}

void report_text(const struct str *line)
{
	if (erase_status)
		erase_status();
	fwrite(str_text(line), 1, line->len, stderr);
	fflush(stderr);
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
	size_t behind = err->mark < len ? len - err->mark : 0;

	str_puts(out, "  ");
	str_foreign(out, err->line, len);
	str_puts(out, "\n  ");
	str_pad(out, ' ', columns(err->line, err->mark));
	str_putc(out, '^');
	if (n > behind)
		n = behind;
	n = columns(err->line + err->mark, n);
	if (n > 1)
		str_pad(out, '~', n - 1);
	str_putc(out, '\n');
}

int report_err(const struct err *err)
{
	struct str line = STR_INIT;

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
	report_text(&line);
	str_fini(&line);
	return (int)err->kind;
}

int report_usage(const struct err *err, const char *command)
{
	struct str line = STR_INIT;

	report_err(err);
	str_printf(&line, "Try 'pcaptool%s%s --help'.\n", command ? " " : "",
		   command ? command : "");
	report_text(&line);
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
	report_text(&line);
	str_fini(&line);
}

void report_log(bool quiet)
{
	drop_notes = quiet;
	log_to(log_line);
}

bool report_out(const struct str *text)
{
	struct err err;

	if (text->failed) {
		err_nomem(&err, "text to print");
		report_err(&err);
		return false;
	}
	errno = 0;
	if (fwrite(str_text(text), 1, text->len, stdout) == text->len &&
	    fflush(stdout) == 0)
		return true;
	if (errno != EPIPE) {
		err_sys(&err, ERR_OUTPUT, errno, "standard output");
		report_err(&err);
	}
	return false;
}
