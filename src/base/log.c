/* Messages on the way: handed to the one receiver that main() installs. */
#include "base/log.h"

#include <stdio.h>
#include <string.h>

static log_receiver *the_receiver;

log_receiver *log_to(log_receiver *receiver)
{
	log_receiver *before = the_receiver;

	the_receiver = receiver;
	return before;
}

static void PRINTF_LIKE(2, 0)
    log_send(enum log_level level, const char *format, va_list args)
{
	char text[1024];

	if (!the_receiver)
		return;
	vsnprintf(text, sizeof(text), format, args);
	the_receiver(level, text);
}

void log_note(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_send(LOG_LEVEL_NOTE, format, args);
	va_end(args);
}

void log_notes(const char *lines)
{
	size_t n;

	for (; *lines; lines += n + (lines[n] != '\0')) {
		n = strcspn(lines, "\n");
		log_note("%.*s", (int)n, lines);
	}
}

void log_warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_send(LOG_LEVEL_WARNING, format, args);
	va_end(args);
}
