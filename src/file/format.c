/* The table of savefile formats. */
#include "file/format.h"

#include <string.h>

#include "file/reader.h"

const struct format formats[] = {
#define FORMAT(name, title, suffixes, read, write)                             \
	{name, title, suffixes, &read, write},
#include "file/formats.def"
#undef FORMAT
    {0},
};

const struct reader_format *format_by_content(const uint8_t *p, size_t n)
{
	const struct format *f;

	for (f = formats; f->name; f++)
		if (f->read->probe(p, n))
			return f->read;
	return NULL;
}

const struct format *format_by_name(const char *name)
{
	const struct format *f;

	for (f = formats; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

const struct format *format_by_suffix(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *dot = strrchr(slash ? slash : path, '.');
	size_t len = dot ? strlen(dot) : 0;
	const struct format *f;
	const char *p;

	for (f = formats; dot && f->name; f++) {
		for (p = f->suffixes; *p; p += strcspn(p, " ")) {
			p += *p == ' ';
			if (!strncmp(p, dot, len) && strchr(" ", p[len]))
				return f;
		}
	}
	return NULL;
}
