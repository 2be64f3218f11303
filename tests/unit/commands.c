/* Commands that are run for files: their words, how many at once, failures. */
#include "os/commands.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "os/signals.h"
#include "tap.h"

static struct str said; /* warnings */

static void hear(enum log_level level, const char *text)
{
	(void)level;
	str_puts(&said, text);
	str_putc(&said, '\n');
}

/* Run the command for each name, and wait for all. */
static void run_all(struct commands *c, const char *const *names, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		commands_run(c, names[i]);
	while (commands_left(c) > 0) {
		signals_wait();
		signals_take();
		commands_reap(c);
	}
	commands_close(c);
}

/* What is in the file, without its line ends. */
static const char *content(const char *path)
{
	static char text[256];
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(text, 1, sizeof(text) - 1, f) : 0, i;

	if (f)
		fclose(f);
	text[n] = '\0';
	for (i = 0; i < n; i++)
		if (text[i] == '\n')
			text[i] = ' ';
	return text;
}

static void check_words(void)
{
	static const char *const names[] = {"a b", "$HOME"};
	struct err err;

	run_all(commands_open("  cp\t--  source  ", false, 3, &err), names, 1);
	is_str(content("a b"), "x ",
	       "words are separated by blanks, and the file is one word");
	ok(!commands_open(" \t", false, 1, &err), "no word is refused");
	run_all(commands_open("echo \"<$1>\" >>lines", true, 1, &err), names,
		2);
	is_str(content("lines"), "<a b> <$HOME> ",
	       "a shell has the file in $1, and one runs after the other");
}

static void check_failures(void)
{
	static const char *const names[] = {"f", "g"};
	struct err err;

	run_all(commands_open("no-such-command-here", false, 1, &err), names,
		2);
	is_str(str_text(&said),
	       "f: cannot run 'no-such-command-here': No such file or "
	       "directory\n"
	       "g: cannot run 'no-such-command-here': No such file or "
	       "directory\n",
	       "a command that is not there is a warning for each file");
	str_clear(&said);
	run_all(commands_open("exit 3", true, 1, &err), names, 1);
	is_str(str_text(&said), "f: 'exit 3' failed with status 3\n",
	       "a status is reported");
	str_clear(&said);
	run_all(commands_open("kill -9 $$", true, 1, &err), names, 1);
	is_str(str_text(&said), "f: 'kill -9 $$' was ended by signal 9\n",
	       "a signal is reported");
}

static void check_many(void)
{
	static const char *const names[] = {"1", "2", "3", "4", "5"};
	struct commands *c;
	struct err err;

	c = commands_open("mkdir lock.$1 && set -- lock.* && "
			  "echo $# >>counts && sleep 0.05 && rmdir lock.*",
			  true, 1, &err);
	str_clear(&said);
	run_all(c, names, 5);
	is_str(content("counts"), "1 1 1 1 1 ", "one at once is one at once");
	is_str(str_text(&said), "", "and none fails");
}

int main(void)
{
	char folder[] = "/tmp/pcaptool-commands-XXXXXX";
	char line[64];
	struct err err;
	FILE *f;

	log_to(hear);
	if (!mkdtemp(folder) || chdir(folder) != 0 || !signals_catch(&err))
		return EXIT_FAILURE;
	f = fopen("source", "w");
	fputs("x\n", f);
	fclose(f);
	check_words();
	check_failures();
	check_many();
	signals_restore();
	str_fini(&said);
	snprintf(line, sizeof(line), "rm -r %s", folder);
	ok(system(line) == 0, "what was made is removed");
	return done();
}
