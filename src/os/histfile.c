/* A file of lines that were typed: only its user's, and bounded. */
#include "os/histfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/str.h"

/* More than the lines that are kept until the file is made shorter. */
#define FILE_MAX ((off_t)HISTFILE_LINES * 2 * HISTFILE_LINE_MAX)

static bool fault(struct err *err, const char *path, int errnum,
		  const char *what)
{
	if (errnum)
		err_sys(err, ERR_FAULT, errnum, "the history %s", what);
	else
		err_set(err, ERR_FAULT, "the history %s", what);
	return err_in_file(err, path);
}

/* Open what is, or is to be, our own regular file: no link, no pipe. -1: *why,
   or (why->kind ERR_NONE) there is none. */
static int open_own(const char *path, int flags, struct err *why)
{
	int fd = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
	struct stat st;

	why->kind = ERR_NONE;
	if (fd < 0) {
		if (errno != ENOENT)
			fault(why, path, errno, "cannot be used");
		return -1;
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    st.st_uid != geteuid() || st.st_size > FILE_MAX) {
		fault(why, path, 0,
		      "is not used: no file of this user, or too large");
		close(fd);
		return -1;
	}
	if (st.st_mode & 077)
		fchmod(fd, 0600);
	return fd;
}

static bool is_plain(const char *line, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if ((unsigned char)line[i] < 0x20 || line[i] == 0x7f)
			return false;
	return n > 0 && n <= HISTFILE_LINE_MAX;
}

/* All of the file, and where its lines begin. */
static bool read_all(int fd, struct str *text)
{
	char buf[16384];
	ssize_t n;

	while ((n = read(fd, buf, sizeof(buf))) > 0 && text->len < FILE_MAX)
		str_put(text, buf, (size_t)n);
	if (text->len && text->text[text->len - 1] != '\n')
		str_putc(text, '\n');
	return n >= 0 && !text->failed;
}

/* The beginning of the last HISTFILE_LINES lines; *all counts the lines. */
static size_t recent(const struct str *text, size_t *all)
{
	size_t at = text->len, kept = 0;

	*all = 0;
	for (size_t i = 0; i < text->len; i++)
		*all += text->text[i] == '\n';
	while (at > 0 && kept <= HISTFILE_LINES) {
		at--;
		kept += text->text[at] == '\n';
	}
	return kept > HISTFILE_LINES ? at + 1 : 0;
}

/* Replace the file by the text, atomically. Failure is harmless. */
static void replace(const char *path, const char *text, size_t n)
{
	struct str other = STR_INIT;
	int fd;

	str_printf(&other, "%s.%ld", path, (long)getpid());
	fd = open(str_text(&other), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
		  0600);
	if (fd >= 0) {
		bool good = write(fd, text, n) == (ssize_t)n;

		if (close(fd) != 0 || !good ||
		    rename(str_text(&other), path) != 0)
			unlink(str_text(&other));
	}
	str_fini(&other);
}

bool histfile_load(const char *path, void (*each)(void *arg, const char *line),
		   void *arg, struct err *err)
{
	struct str text = STR_INIT;
	struct err why;
	int fd = open_own(path, O_RDONLY, &why);
	size_t at, all;
	bool good;

	if (fd < 0) {
		err_copy(err, &why);
		return why.kind == ERR_NONE;
	}
	good = read_all(fd, &text);
	close(fd);
	at = good ? recent(&text, &all) : 0;
	if (good && all > 2 * HISTFILE_LINES)
		replace(path, text.text + at, text.len - at);
	while (good && at < text.len) {
		char *line = text.text + at, *end = strchr(line, '\n');
		size_t n = end ? (size_t)(end - line) : strlen(line);

		line[n] = '\0';
		if (is_plain(line, n))
			each(arg, line);
		at += n + 1;
	}
	str_fini(&text);
	return good || fault(err, path, errno, "cannot be read");
}

/* The folders above path, for the user alone. */
static void make_folders(const char *path)
{
	char *copy = strdup(path), *slash;

	if (!copy)
		return;
	for (slash = strchr(copy + 1, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0700);
		*slash = '/';
	}
	free(copy);
}

bool histfile_add(const char *path, const char *line, struct err *err)
{
	struct str text = STR_INIT;
	struct err why;
	bool good = true;
	int fd;

	if (!is_plain(line, strlen(line)))
		return true;
	make_folders(path);
	fd = open_own(path, O_WRONLY | O_APPEND | O_CREAT, &why);
	if (fd < 0) {
		if (why.kind == ERR_NONE)
			fault(&why, path, ENOENT, "cannot be made");
		return err_copy(err, &why);
	}
	/* in one piece: other shells may write to the same file */
	str_printf(&text, "%s\n", line);
	if (text.failed || write(fd, text.text, text.len) != (ssize_t)text.len)
		good = fault(err, path, errno, "cannot be written");
	close(fd);
	str_fini(&text);
	return good;
}

bool histfile_clear(const char *path, struct err *err)
{
	struct err why;
	int fd = open_own(path, O_WRONLY | O_TRUNC, &why);

	if (fd >= 0)
		close(fd);
	else
		err_copy(err, &why);
	return fd >= 0 || why.kind == ERR_NONE;
}
