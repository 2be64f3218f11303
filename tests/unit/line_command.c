/* Commands whose lines are events: what counts, and how they end. */
#include "os/line_command.h"

#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/log.h"
#include "base/str.h"
#include "os/signals.h"
#include "tap.h"

static struct str said;

static void hear(enum log_level level, const char *text)
{
	(void)level;
	str_puts(&said, text);
}

/* A script of that text, to be run as ./script. */
static void make_script(const char *text)
{
	FILE *f = fopen("script", "w");

	if (!f)
		return;
	fprintf(f, "#!/bin/sh\n%s\n", text);
	fclose(f);
	if (system("chmod +x script") != 0)
		ok(false, "the script can be run");
}

/* The events of a script until its end was reported. */
static unsigned run(const char *script)
{
	struct line_command *c;
	unsigned events = 0;
	struct err err;

	str_clear(&said);
	make_script(script);
	c = line_command_start("./script one  two", &err);
	if (!c)
		return 99;
	while (line_command_fd(c) >= 0 || !said.len) {
		signals_wait();
		signals_take();
		events += line_command_take(c);
	}
	events += line_command_take(c);
	line_command_close(c);
	return events;
}

static void check_events(void)
{
	is_int(run("echo a; echo b; echo"), 3, "each line is an event");
	is_str(str_text(&said),
	       "'./script' has ended and triggers nothing any more",
	       "its end is reported");
	is_int(run("printf 'a\\nb'"), 2, "as is what no line end follows");
	is_int(run("exit 0"), 1, "without lines, success is one");
	is_int(run("exit 3"), 0, "and failure is none");
	is_str(str_text(&said),
	       "'./script' failed with status 3 and triggers nothing any more",
	       "but reported");
	is_int(run("echo a; kill -KILL $$"), 1, "lines before a signal count");
	is_str(str_text(&said),
	       "'./script' was ended by signal 9 and triggers nothing any more",
	       "which is reported");
	is_int(run("echo \"$#\"; test \"$2\" = two || echo bad"), 1,
	       "it gets its words");
}

static void check_start(void)
{
	struct err err;

	ok(!line_command_start("no-such-command", &err),
	   "what does not exist is refused");
	is_str(err.text,
	       "cannot run 'no-such-command': "
	       "No such file or directory",
	       "with the reason");
	ok(!line_command_start("  ", &err), "and so is nothing");
}

/* One that does not end by itself is ended, with what it started. */
static void check_close(void)
{
	struct line_command *c;
	struct pollfd p = {.events = POLLIN};
	struct err err;
	int ends[2];
	char text[128];

	ok(pipe(ends) == 0, "there is a pipe");
	snprintf(text, sizeof(text), "echo a; sleep 1000 >&%d", ends[1]);
	make_script(text);
	c = line_command_start("./script", &err);
	close(ends[1]);
	p.fd = line_command_fd(c);
	ok(poll(&p, 1, 60000) == 1, "its first line comes");
	is_int(line_command_take(c), 1, "and counts");
	line_command_close(c);
	ok(read(ends[0], text, 1) == 0, "no one is left when it is closed");
	close(ends[0]);
}

int main(void)
{
	char folder[] = "/tmp/pcaptool-lines-XXXXXX";
	struct err err;

	if (!mkdtemp(folder) || chdir(folder) != 0)
		return 1;
	log_to(hear);
	ok(signals_catch(&err), "signals are caught");
	check_events();
	check_start();
	check_close();
	signals_restore();
	unlink("script");
	str_fini(&said);
	if (chdir("/") != 0 || rmdir(folder) != 0)
		ok(false, "nothing is left");
	return done();
}
