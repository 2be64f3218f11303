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

static void print_line(const struct str *line)
{
	if (erase_status)
		erase_status();
	fwrite(str_text(line), 1, line->len, stderr);
	fflush(stderr);
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
	print_line(&line);
	str_fini(&line);
	return (int)err->kind;
}

int report_usage(const struct err *err, const char *command)
{
	struct str line = STR_INIT;

	report_err(err);
	str_printf(&line, "Try 'pcaptool%s%s --help'.\n", command ? " " : "",
		   command ? command : "");
	print_line(&line);
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
	print_line(&line);
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
