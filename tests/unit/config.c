/* Configuration files: what is understood and what is refused, with its line.
 */
#include "cmd/config.h"

#include <unistd.h>

#include "tap.h"

static char path[] = "/tmp/pcaptool-config-XXXXXX";

static void put(const char *text)
{
	FILE *f = fopen(path, "w");

	if (!f || fputs(text, f) < 0 || fclose(f))
		exit(EXIT_FAILURE);
}

static void value(const char *text, const char *want, const char *what)
{
	struct config config = {0};
	struct err err = {0};

	put(text);
	if (!config_read(&config, path, &err))
		printf("# %s\n", err.text);
	is_str(config.libpcap ? config.libpcap : "unset", want, what);
	config_fini(&config);
}

static void refused(const char *text, const char *want, const char *what)
{
	struct config config = {0};
	struct err err = {0};

	put(text);
	ok_all("refused with the file's name",
	       !config_read(&config, path, &err), eq(err.kind, ERR_USAGE),
	       !strcmp(err.file, path));
	is_str(err.text, want, what);
	config_fini(&config);
}

int main(void)
{
	struct config config = {0};
	struct err err = {0};
	int fd = mkstemp(path);

	if (fd < 0)
		return EXIT_FAILURE;
	close(fd);
	value("", "unset", "an empty file");
	value("# libpcap = /x\n\n  \t\n", "unset", "comments and blank lines");
	value("libpcap = /x/y.so\n", "/x/y.so", "a bare value");
	value("\t libpcap=system", "system", "no blanks, no last newline");
	value("libpcap = /a b/c#d # here\r\n", "/a b/c#d",
	      "blanks and # inside, a comment and CR after");
	value("libpcap = \"/a # \\\"b\\\\\" # c\n", "/a # \"b\\", "quotes");
	value("libpcap = first\nlibpcap = second\n", "first",
	      "the first one counts");

	refused("\nlibpcpa = x\n",
		"line 2: unknown key 'libpcpa': did you mean 'libpcap'?",
		"the nearest key");
	refused("colour = x\n", "line 1: unknown key 'colour'",
		"a strange key");
	refused("libpcap\n", "line 1: 'key = value' expected", "no =");
	refused("= x\n", "line 1: 'key = value' expected", "no key");
	refused("libpcap = # x\n", "line 1: 'libpcap' has no value",
		"no value");
	refused("libpcap = \"x\n",
		"line 1: the value of 'libpcap' has no closing quote",
		"an open quote");
	refused("libpcap = \"x\" y\n",
		"line 1: text after the value of 'libpcap'",
		"text after the quote");

	put("libpcap = other\n");
	config.libpcap = strdup("mine");
	ok(config_read(&config, path, &err), "a second file is read");
	is_str(config.libpcap, "mine", "and changes nothing that is set");
	config_fini(&config);
	ok(config_read(&config, "/nonexistent/config", &err),
	   "a missing file is not an error");
	ok(!config_read(&config, "/", &err), "a directory is one");
	unlink(path);
	return done();
}
