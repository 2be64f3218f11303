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
