/* Work in a child process: its answer, and what ends it. */
#include "os/child_server.h"

#include <config.h>

#include "os/thread.h"
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

static void repeats(const void *question, size_t n, struct str *out)
{
	char *copy = malloc(n);

	memcpy(copy, question, n);
	str_put(out, copy, n);
	str_put(out, copy, n);
	free(copy);
}

static void aborts(const void *question, size_t n, struct str *out)
{
	(void)question, (void)n, (void)out;
	abort();
}

/* Hold the allocator's locks as often as can be. */
static void *allocates_for_ever(void *stop)
{
	while (!__atomic_load_n((bool *)stop, __ATOMIC_RELAXED))
		free(malloc(200));
	return NULL;
}

static void test_server(void)
{
	struct child_server *server, *other;
	struct thread thread;
	struct str out = STR_INIT;
	struct err err = {0};
	bool stop = false, good = true;
	int i;

	server = child_server_open(&limits, repeats, NULL, NULL, &err);
	other = child_server_open(&limits, aborts, NULL, NULL, &err);
	ok_all("two servers", server, other);
	ok(thread_start(&thread, allocates_for_ever, &stop, &err), "a thread");
	for (i = 0; i < 100 && good; i++)
		good = child_server_ask(server, "abc", 3, &out, &err) ==
			   BOUNDED_DONE &&
		       out.len == 6 * ((size_t)i + 1);
	ok(good, "a hundred questions in spite of it");
	ok_all("... and the answers", eq(out.len, 600),
	       !strncmp(str_text(&out), "abcabcabcabc", 12));
	is_int(child_server_ask(other, "abcdefgh", 8, &out, &err),
	       BOUNDED_CRASHED, "a crash in a server's child");
	is_int(child_server_ask(other, "abcdefgh", 8, &out, &err),
	       BOUNDED_CRASHED, "... leaves the server able to answer");
	is_int(out.len, 600, "... and nothing in the answer");
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	thread_join(&thread);
	child_server_close(server);
	child_server_close(other);
	str_fini(&out);
}

int main(void)
{
	char word[] = "word";
	char *nowhere = NULL;
	size_t n = 300000;
	struct str out = STR_INIT;
	struct err err = {0};

	str_puts(&out, "a ");
	is_int(bounded_child_run(&limits, answers, word, &out, &err),
	       BOUNDED_DONE, "work is done");
	is_str(str_text(&out), "a word", "its answer is appended");
	is_str(word, "word", "nothing else of it is left");
	str_clear(&out);
	is_int(bounded_child_run(&limits, answers_long, &n, &out, &err),
	       BOUNDED_DONE, "an answer longer than a pipe");
	is_int(out.len, n, "... is whole");
	str_clear(&out);
	n = 2 << 20;
	is_int(bounded_child_run(&limits, answers_long, &n, &out, &err),
	       BOUNDED_FAILED, "too long an answer");
	is_str(err.text, "child process: reply too long", "... is reported");
	is_int(bounded_child_run(&limits, loops, NULL, &out, &err),
	       BOUNDED_TIME, "work without an end is ended");
	is_int(bounded_child_run(&limits, crashes, &nowhere, &out, &err),
	       BOUNDED_CRASHED, "a child's crash is not ours");
	is_int(bounded_child_run(&limits, fails, NULL, &out, &err),
	       BOUNDED_FAILED, "a failure");
	is_str(err.text, "a child process failed", "... is reported");
	str_clear(&out);
	bounded_child_run(&limits, allocates, NULL, &out, &err);
#ifdef SANITIZERS /* these end the program instead */
	is_str(str_text(&out), "", "memory has a limit");
#else
	is_str(str_text(&out), "no memory", "memory has a limit");
#endif
	str_fini(&out);
	test_server();
	return done();
}
