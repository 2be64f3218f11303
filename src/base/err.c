/* Error values: what went wrong, where, and the exit status it leads to. */
#include "base/err.h"

#include <stdio.h>
#include <string.h>

bool err_vset(struct err *err, enum err_kind kind, const char *format,
	      va_list args)
{
	if (!err)
		return false;
	memset(err, 0, sizeof(*err));
	err->kind = kind;
	vsnprintf(err->text, sizeof(err->text), format, args);
	return false;
}

bool err_set(struct err *err, enum err_kind kind, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	err_vset(err, kind, format, args);
	va_end(args);
	return false;
}

bool err_copy(struct err *err, const struct err *from)
{
	if (err)
		*err = *from;
	return false;
}

bool err_same(const struct err *a, const struct err *b)
{
	return a->kind == b->kind && !strcmp(a->file, b->file) &&
	       !strcmp(a->text, b->text);
}

bool err_as(struct err *err, enum err_kind kind)
{
	if (err)
		err->kind = kind;
	return false;
}

bool err_at_word(struct err *err, int word)
{
	if (err)
		err->word = word;
	return false;
}

bool err_sys(struct err *err, enum err_kind kind, int errnum,
	     const char *format, ...)
{
	va_list args;
	size_t len;

	va_start(args, format);
	err_vset(err, kind, format, args);
	va_end(args);
	if (!err)
		return false;
	len = strlen(err->text);
	snprintf(err->text + len, sizeof(err->text) - len, ": %s",
		 strerror(errnum));
	return false;
}

bool err_nomem(struct err *err, const char *what)
{
	return err_set(err, ERR_FAULT, "out of memory (%s)", what);
}

bool err_in_file(struct err *err, const char *file)
{
	if (err)
		snprintf(err->file, sizeof(err->file), "%s", file);
	return false;
}

bool err_at(struct err *err, uint64_t offset, uint64_t packet)
{
	if (err) {
		err->placed = true;
		err->offset = offset;
		err->packet = packet;
	}
	return false;
}

bool err_show(struct err *err, const char *text, size_t len, size_t at,
	      size_t n)
{
	const size_t room = err ? sizeof(err->line) - 1 : 0;
	size_t start = at, end = at;

	if (!err)
		return false;
	while (start > 0 && text[start - 1] != '\n')
		start--;
	while (end < len && text[end] != '\n')
		end++;
	if (at + n > end)
		n = end - at;
	if (n > room / 2)
		n = room / 2;
	/* The window: all of the line, or the fault with as much before it as
	   leaves a third of the room after it. */
	if (end - start > room && at - start > room * 2 / 3 - n / 2)
		start = at + n / 2 - room * 2 / 3;
	if (end - start > room)
		end = start + room;
	memcpy(err->line, text + start, end - start);
	err->line[end - start] = '\0';
	err->mark = (uint8_t)(at - start);
	err->mark_len = (uint8_t)(n ? n : 1);
	return false;
}
