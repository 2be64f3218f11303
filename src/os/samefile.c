/* Telling one file under two names. */
#include "os/samefile.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool look(const char *path, struct stat *st)
{
	if (strcmp(path, "-") != 0)
		return stat(path, st) == 0;
	return fstat(STDIN_FILENO, st) == 0;
}

static bool same(const struct stat *a, const struct stat *b)
{
	return S_ISREG(a->st_mode) && a->st_dev == b->st_dev &&
	       a->st_ino == b->st_ino;
}

bool same_file(const char *a, const char *b)
{
	struct stat one, other;

	return look(a, &one) && look(b, &other) && same(&one, &other);
}

bool stdout_is(const char *path)
{
	struct stat one, other;

	return fstat(STDOUT_FILENO, &one) == 0 && look(path, &other) &&
	       same(&one, &other);
}
