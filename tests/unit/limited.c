/* Work in a child process: its answer, and what ends it. */
#include "os/limited.h"

#include <config.h>

#include "tap.h"

static const struct limits limits = {
    .cpu_s = 1, .wall_s = 30, .memory = (size_t)64 << 20, .answer = 1 << 20};

static void answers(void *arg, struct str *out)
{
	str_puts(out, arg);
	*(char *)arg = 'X'; /* in the child only */
}

static void answers_long(void *arg, struct str *out)
{
	str_pad(out, 'x', *(size_t *)arg);
}

static void loops(void *arg, struct str *out)
{
	volatile unsigned i = 0, forever = 1;

	(void)arg, (void)out;
	while (forever)
		i++;
}

static void crashes(void *arg, struct str *out)
{
	(void)out;
	**(volatile char **)arg = 1;
}

static void fails(void *arg, struct str *out)
{
	(void)arg;
	out->failed = true;
}

/* More than there may be: what malloc() says of it is the answer. */
static void allocates(void *arg, struct str *out)
{
	char *volatile much = malloc((size_t)1 << 30);

	(void)arg;
	str_puts(out, much ? "all of it" : "no memory");
	free(much);
}

int main(void)
{
	char word[] = "word";
	char *nowhere = NULL;
	size_t n = 300000;
	struct str out = STR_INIT;
	struct err err = {0};

	str_puts(&out, "a ");
	is_int(limited_run(&limits, answers, word, &out, &err), LIMITED_DONE,
	       "work is done");
	is_str(str_text(&out), "a word", "its answer is appended");
	is_str(word, "word", "nothing else of it is left");
	str_clear(&out);
	is_int(limited_run(&limits, answers_long, &n, &out, &err), LIMITED_DONE,
	       "an answer longer than a pipe");
	is_int(out.len, n, "... is whole");
	str_clear(&out);
	n = 2 << 20;
	is_int(limited_run(&limits, answers_long, &n, &out, &err),
	       LIMITED_FAILED, "too long an answer");
	is_str(err.text, "a child process answers too much", "... is told");
	is_int(limited_run(&limits, loops, NULL, &out, &err), LIMITED_TIME,
	       "work without an end is ended");
	is_int(limited_run(&limits, crashes, &nowhere, &out, &err),
	       LIMITED_CRASHED, "a crash is no crash of ours");
	is_int(limited_run(&limits, fails, NULL, &out, &err), LIMITED_FAILED,
	       "a failure");
	is_str(err.text, "a child process failed", "... is told");
	str_clear(&out);
	limited_run(&limits, allocates, NULL, &out, &err);
#ifdef SANITIZERS /* these end the program instead */
	is_str(str_text(&out), "", "memory has a limit");
#else
	is_str(str_text(&out), "no memory", "memory has a limit");
#endif
	str_fini(&out);
	return done();
}
