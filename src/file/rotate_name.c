/* The names of the files that a capture rotates through. */
#include "file/rotate_name.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>
#include <time.h>

#include "base/num.h"
#include "file/stem.h"
#include "os/outfile.h"

/* Digits of a number, as dumpcap has them. */
#define DIGITS 5

/* Names that are tried for a file whose name is taken. */
#define TRIES 10000

/* What dumpcap puts before the suffix. */
#define DEFAULT_PART "_%n_%Y%m%d%H%M%S"

unsigned rotate_name_width(uint64_t n)
{
	unsigned digits = 0;

	for (; n > 0; n /= 10)
		digits++;
	return digits < DIGITS ? DIGITS : digits;
}

/* What a template tells its files apart by. */
struct parts {
	bool number, time;
};

static struct parts parts_of(const char *template)
{
	struct parts parts = {false, false};
	const char *p;

	for (p = template; *p; p++) {
		if (*p != '%' || !p[1])
			continue;
		p++;
		parts.number |= *p == 'n';
		parts.time |= *p != 'n' && *p != 'i' && *p != '%';
	}
	return parts;
}

/* Foreign text as a part of a name, and of a format of strftime(). */
static void put_plain(struct str *out, const char *text)
{
	for (; *text; text++) {
		if (*text == '%')
			str_putc(out, '%');
		str_putc(out, *text == '/' ? '_' : *text);
	}
}

/* The template with its number and interface filled in: a format of
   strftime(). */
static void put_format(struct str *out, const struct rotate_name *name,
		       const char *template, size_t len, uint64_t number)
{
	size_t i;

	for (i = 0; i < len; i++) {
		const char *p = template + i;

		if (*p == '%' && i + 1 < len && p[1] == 'n')
			str_printf(out, "%0*" PRIu64, (int)name->width, number);
		else if (*p == '%' && i + 1 < len && p[1] == 'i')
			put_plain(out, name->iface);
		else if (*p == '%' && i + 1 < len)
			str_put(out, p, 2);
		else {
			str_putc(out, *p);
			continue;
		}
		i++;
	}
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

/* Append what strftime() makes of a format, which is the user's. */
static bool put_time(struct str *out, const char *format, int64_t ns,
		     struct err *err)
{
	int64_t rest = ns % NS_PER_S;
	time_t seconds =
	    (time_t)((ns - (rest < 0 ? rest + NS_PER_S : rest)) / NS_PER_S);
	char text[PATH_MAX];
	struct tm tm;

	if (!localtime_r(&seconds, &tm) ||
	    !strftime(text, sizeof(text), format, &tm))
		return err_set(err, ERR_USAGE, "the name becomes too long");
	str_puts(out, text);
	return true;
}

#pragma GCC diagnostic pop

bool rotate_name(struct str *out, const struct rotate_name *name,
		 uint64_t number, int64_t time_ns, uint64_t again,
		 struct err *err)
{
	const char *t = name->template;
	struct parts parts = parts_of(t);
	size_t stem = name_stem(t);
	struct str format = STR_INIT;
	bool good;

	put_format(&format, name, t, stem, number);
	if (!parts.number && !parts.time)
		put_format(&format, name, DEFAULT_PART, strlen(DEFAULT_PART),
			   number);
	if (again)
		str_printf(&format, "_%" PRIu64, again);
	put_format(&format, name, t + stem, strlen(t + stem), number);
	good = !format.failed || err_nomem(err, "name of a file");
	good = good && put_time(out, str_text(&format), time_ns, err);
	str_fini(&format);
	return good;
}

void rotate_names_fini(struct rotate_names *names)
{
	str_fini(&names->base);
}

/* A name as the template has it: is it that of the file before again? */
static void note_base(struct rotate_names *names, const struct str *name)
{
	if (names->base.len && !strcmp(str_text(&names->base), str_text(name)))
		names->repeats++;
	else
		names->repeats = 0;
	str_clear(&names->base);
	str_puts(&names->base, str_text(name));
}

bool rotate_names_next(struct rotate_names *names, struct str *out,
		       const struct rotate_name *name, uint64_t number,
		       int64_t time_ns, bool is_free, bool force,
		       struct err *err)
{
	const struct outfile_how how = {.force = force};
	int i;

	str_clear(out);
	if (!rotate_name(out, name, number, time_ns, 0, err))
		return false;
	note_base(names, out);
	for (i = 0; i < TRIES; i++) {
		str_clear(out);
		if (!rotate_name(out, name, number, time_ns, names->repeats,
				 err))
			return false;
		if (!is_free || outfile_may(str_text(out), &how, err))
			return !out->failed || err_nomem(err, "file names");
		names->repeats++;
	}
	return false;
}

void rotate_names_undo(struct rotate_names *names)
{
	if (names->repeats > 0)
		names->repeats--;
	else
		str_clear(&names->base);
}

bool rotate_name_check(const struct rotate_name *name, int64_t time_ns,
		       int64_t period_ns, struct err *err)
{
	struct parts parts = parts_of(name->template);
	struct str first = STR_INIT, second = STR_INIT;
	bool good;

	if (!strcmp(name->template, "-"))
		return err_set(err, ERR_USAGE,
			       "standard output is one file and cannot be "
			       "rotated");
	good = rotate_name(&first, name, 1, time_ns, 0, err) &&
	       rotate_name(&second, name, 2, time_ns + period_ns, 0, err);
	if (good && period_ns && parts.time &&
	    !strcmp(str_text(&first), str_text(&second)))
		good = err_set(err, ERR_USAGE,
			       "%s: two files in a row would have the same "
			       "name: put a finer time, or %%n, into it",
			       name->template);
	str_fini(&first);
	str_fini(&second);
	return good;
}
