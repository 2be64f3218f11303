/* The file of lines that were typed. */
#include "os/histfile.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

static char folder[] = "/tmp/pcaptool-histfile-XXXXXX";
static char path[100];

struct seen {
	size_t n;
	char first[80], last[80];
};

static void see(void *arg, const char *line)
{
	struct seen *seen = arg;

	if (!seen->n++)
		snprintf(seen->first, sizeof(seen->first), "%s", line);
	snprintf(seen->last, sizeof(seen->last), "%s", line);
}

static struct seen load(bool *good)
{
	struct seen seen = {0};
	struct err err;

	*good = histfile_load(path, see, &seen, &err);
	return seen;
}

static size_t lines_in_file(void)
{
	FILE *f = fopen(path, "r");
	size_t n = 0;
	int c;

	while (f && (c = getc(f)) != EOF)
		n += c == '\n';
	if (f)
		fclose(f);
	return n;
}

static void test_kept(void)
{
	struct stat st;
	struct seen seen;
	bool good;

	seen = load(&good);
	ok_all("no file: no lines, and no fault", good, !seen.n);
	umask(0);
	ok(histfile_add(path, "read a.pcap", NULL), "the first line");
	ok_all("for the user alone", eq(stat(path, &st), 0),
	       eq((st.st_mode & 0777), 0600));
	ok(histfile_add(path, "view", NULL), "another line");
	ok(histfile_add(path, "evil \033[31m", NULL), "a hostile line");
	ok(histfile_add(path, "two\nlines", NULL), "two lines in one");
	ok(histfile_add(path, "", NULL), "an empty line");
	seen = load(&good);
	ok(good, "the file is read");
	is_int(seen.n, 2, "without those");
	is_str(seen.first, "read a.pcap", "the oldest first");
	is_str(seen.last, "view", "the newest last");
	chmod(path, 0644);
	load(&good);
	ok_all("what others could read, they cannot any more",
	       eq(stat(path, &st), 0), eq((st.st_mode & 0777), 0600));
	ok(histfile_clear(path, NULL), "all forgotten");
	seen = load(&good);
	ok_all("so it is", good, !seen.n);
}

static void test_bounded(void)
{
	char line[40];
	struct seen seen;
	bool good;
	int i;

	for (i = 1; i <= 2 * HISTFILE_LINES + 1; i++) {
		snprintf(line, sizeof(line), "line %d", i);
		histfile_add(path, line, NULL);
	}
	seen = load(&good);
	is_int(seen.n, HISTFILE_LINES, "the last lines are kept");
	is_str(seen.first, "line 1002", "those");
	is_str(seen.last, "line 2001", "up to the last one");
	is_int(lines_in_file(), HISTFILE_LINES, "and the file got shorter");
	seen = load(&good);
	is_str(seen.first, "line 1002", "the same the next time");
}

static void test_not_ours(void)
{
	char other[120];
	struct seen seen;
	struct err err;
	bool good;

	unlink(path);
	snprintf(other, sizeof(other), "%s.other", path);
	close(open(other, O_WRONLY | O_CREAT, 0600));
	ok(symlink(other, path) == 0, "a link");
	ok_all("nothing is written through it", !histfile_add(path, "x", &err),
	       eq(err.kind, ERR_FAULT));
	seen = load(&good);
	ok_all("nor read", !good, !seen.n);
	unlink(path);
	ok(mkfifo(path, 0600) == 0, "a pipe");
	seen = load(&good);
	ok_all("is not waited for", !good, !seen.n);
	unlink(path);
	unlink(other);
}

static void test_bytes(void)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	struct seen seen;
	bool good;

	ok(write(fd, "a\0b\nno end", 10) == 10, "bytes of all kinds");
	close(fd);
	seen = load(&good);
	ok(good, "are read");
	is_str(seen.last, "no end", "a last line without an end is one");
	unlink(path);
}

int main(void)
{
	if (!mkdtemp(folder))
		return 1;
	snprintf(path, sizeof(path), "%s/deep/er/history", folder);
	test_kept();
	test_bounded();
	test_not_ours();
	test_bytes();
	snprintf(path, sizeof(path), "%s/deep/er", folder);
	rmdir(path);
	snprintf(path, sizeof(path), "%s/deep", folder);
	rmdir(path);
	ok(rmdir(folder) == 0, "nothing else is left");
	return done();
}
