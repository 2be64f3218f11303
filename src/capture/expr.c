/* Owns the calls of libpcap's compiler, and the search for what it dislikes. */
#include "capture/expr.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/log.h"
#include "base/str.h"
#include "capture/devices.h"
#include "capture/expr_names.h"
#include "capture/linktype.h"
#include "capture/pcaplib.h"
#include "os/child_server.h"
#include "os/sandbox.h"
#include "os/user.h"

_Static_assert(sizeof(struct insn) == sizeof(struct bpf_insn),
	       "libpcap's programs are copied as they are");

/* The search for the place of a fault compiles once more each time that it
   halves the text. When it has taken that long it ends without a place, but for
   that of a word that the reason names. */
#define PLACE_CLOCKS CLOCKS_PER_SEC

/* What the child is asked; it sees the parent's memory. */
struct task {
	const char *text;
	const struct expr_setup *setup;
	pcap_t *handle; /* NULL: the child makes its own */
};

/* What the child answers: this, then the instructions or libpcap's reason. */
struct answer {
	bool good;
	bool placed;
	uint32_t n; /* instructions, or bytes of the reason */
	size_t at, len;
};

/* ---- the child -----------------------------------------------------------*/

/* Compile, forget the program; the reason stays in the handle. */
static bool acceptable(const struct task *task, const char *text)
{
	struct bpf_program program;

	if (libpcap()->compile(task->handle, &program, text, 0,
			       task->setup->netmask) != 0)
		return false;
	libpcap()->freecode(&program);
	return true;
}

/* The end of the word that begins at text + at: a name, number or address, or
   an operator. */
static size_t word_end(const char *text, size_t at)
{
	static const char *const pairs[] = {
	    "<<", ">>", "<=", ">=", "==", "!=", "&&", "||"};
	size_t end = at;

	while (isalnum((unsigned char)text[end]) ||
	       (text[end] && strchr("._:/\\-", text[end])))
		end++;
	if (end > at)
		return end;
	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		if (!strncmp(text + at, pairs[i], 2))
			return at + 2;
	}
	return at + 1;
}

static size_t word_start(const char *text, size_t at)
{
	while (isspace((unsigned char)text[at]))
		at++;
	return at;
}

/*
 * Does libpcap still dislike the same when the text ends at end, followed by a
 * word that is wrong in itself? It reads words from left to right, so what it
 * complains about tells whether it got beyond end.
 */
static bool fails_before(const struct task *task, size_t end,
			 const char *reason)
{
	static const char wrong[] = " 98765432109876";
	char *text = malloc(end + sizeof(wrong));
	bool same;

	if (!text)
		return false;
	memcpy(text, task->text, end);
	memcpy(text + end, wrong, sizeof(wrong));
	same = !acceptable(task, text) &&
	       !strcmp(libpcap()->geterr(task->handle), reason);
	free(text);
	return same;
}

/* The last word named in quotes in libpcap's reason, before the place where
   the reason is found: at, len. */
static bool find_quoted(const char *text, size_t limit, const char *reason,
			struct answer *a)
{
	const char *open = strchr(reason, '\'');
	const char *close = open ? strchr(open + 1, '\'') : NULL;
	size_t len = close ? (size_t)(close - open - 1) : 0;

	for (size_t at = limit; len > 0 && at-- > 0;) {
		if (at + len <= limit && !strncmp(text + at, open + 1, len)) {
			a->at = at;
			a->len = len;
			return true;
		}
	}
	return false;
}

/* Find the first word with which the text becomes wrong. */
static void find_place(const struct task *task, const char *reason,
		       struct answer *a)
{
	const char *text = task->text;
	size_t low = 0, high, *ends, n = 0;
	clock_t start = clock();

	ends = malloc((strlen(text) + 1) * sizeof(*ends));
	if (!ends)
		return;
	for (size_t at = word_start(text, 0); text[at];
	     at = word_start(text, ends[n - 1]))
		ends[n++] = word_end(text, at);
	/* ends[0..low) are fine, ends[high] is not; n: the end is too early */
	for (high = n; low < high;) {
		size_t middle = low + (high - low) / 2;

		if (clock() - start > PLACE_CLOCKS) {
			a->placed = find_quoted(text, strlen(text), reason, a);
			free(ends);
			return;
		}
		if (fails_before(task, ends[middle], reason))
			high = middle;
		else
			low = middle + 1;
	}
	a->placed = true;
	a->at =
	    low == 0 ? word_start(text, 0) : word_start(text, ends[low - 1]);
	if (low < n)
		a->len = ends[low] - a->at;
	else
		a->at = n > 0 ? ends[n - 1] + 1 : 0;
	if (a->at > strlen(text))
		a->at = strlen(text);
	find_quoted(text, low < n ? ends[low] : strlen(text), reason, a);
	free(ends);
}

static void put_answer(struct str *out, const struct answer *a,
		       const void *after, size_t n)
{
	str_put(out, a, sizeof(*a));
	str_put(out, after, n);
}

/* By the way that takes no handle, and tells no reason. */
static bool compile_nopcap(const struct task *task, struct bpf_program *program)
{
	const struct expr_setup *setup = task->setup;

	return setup->nopcap && libpcap()->compile_nopcap &&
	       libpcap()->compile_nopcap(
		   (int)(setup->snaplen ? setup->snaplen : EXPR_SNAPLEN),
		   linktype_dlt(setup->linktype), program, task->text,
		   setup->optimize, setup->netmask) == 0;
}

static uint32_t in_order(uint32_t v, bool swapped)
{
	if (!swapped)
		return v;
	return v << 24 | (v & 0xff00) << 8 | (v >> 8 & 0xff00) | v >> 24;
}

/*
 * A savefile without packets: with it as its handle the compiler knows that it
 * compiles for one. NULL: this libpcap or this system cannot.
 */
static pcap_t *open_empty(const struct expr_setup *setup)
{
	uint32_t snaplen = setup->snaplen ? setup->snaplen : EXPR_SNAPLEN;
	const uint16_t one = 1;
	bool little = *(const uint8_t *)&one == 1;
	/* magic, version 2.4, two zeros, snapshot length, link type */
	uint32_t head[6] = {0xa1b2c3d4};
	char why[PCAP_ERRBUF_SIZE];
	FILE *file;
	pcap_t *p;

	head[0] = in_order(head[0], setup->swapped);
	head[1] = in_order(little != setup->swapped ? 0x00040002 : 0x00020004,
			   setup->swapped);
	head[4] =
	    in_order(snaplen > INT32_MAX ? INT32_MAX : snaplen, setup->swapped);
	head[5] = in_order(setup->linktype, setup->swapped);
	if (!libpcap()->fopen_offline)
		return NULL;
	file = fmemopen(head, sizeof(head), "rb");
	if (!file)
		return NULL;
	p = libpcap()->fopen_offline(file, why);
	if (!p)
		fclose(file);
	return p;
}

static void forget(struct task *task, bool ours)
{
	if (ours)
		libpcap()->close(task->handle);
}

static void compile(void *arg, struct str *out)
{
	struct task *task = arg;
	const struct expr_setup *setup = task->setup;
	struct bpf_program program;
	struct answer a = {.good = false};
	char reason[PCAP_ERRBUF_SIZE];
	bool ours = task->handle == NULL;

	sandbox_enter_child(expr_may_name(task->text));
	if (!task->handle && setup->savefile)
		task->handle = open_empty(setup);
	if (!task->handle)
		task->handle = libpcap()->open_dead(
		    linktype_dlt(setup->linktype),
		    (int)(setup->snaplen ? setup->snaplen : EXPR_SNAPLEN));
	if (!task->handle) {
		out->failed = true;
		return;
	}
	if (compile_nopcap(task, &program) ||
	    libpcap()->compile(task->handle, &program, task->text,
			       setup->optimize, setup->netmask) == 0) {
		a.good = true;
		a.n = program.bf_len;
		put_answer(out, &a, program.bf_insns,
			   a.n * sizeof(struct insn));
		libpcap()->freecode(&program);
		forget(task, ours);
		return;
	}
	strncpy(reason, libpcap()->geterr(task->handle), sizeof(reason) - 1);
	reason[sizeof(reason) - 1] = '\0';
	a.n = (uint32_t)strlen(reason);
	find_place(task, reason, &a);
	put_answer(out, &a, reason, a.n);
	forget(task, ours);
}

/* What a compiler is asked; the text follows. The handle lies where it did
   when the compiler was forked off. */
struct question {
	struct expr_setup setup;
	pcap_t *handle;
};

static void compile_question(const void *question, size_t n, struct str *out)
{
	const char *text = (const char *)question + sizeof(struct question);
	struct question q;
	struct task task = {.text = text, .setup = &q.setup};

	if (n <= sizeof(q) || text[n - sizeof(q) - 1]) {
		out->failed = true;
		return;
	}
	memcpy(&q, question, sizeof(q));
	task.handle = q.handle;
	compile(&task, out);
}

/* ---- the parent ----------------------------------------------------------*/

static const struct limits limits = {
    .cpu_s = 2,
    .wall_s = 60, /* names are looked up, which may take that long */
    .memory = (size_t)256 << 20,
    .stack = (size_t)64 << 20,
    .answer = sizeof(struct answer) + PROGRAM_MAX * sizeof(struct insn),
};

#define TOO_LONG "the filter is too long or too deep for "

/* Is it an answer to a lack of memory: in the compiler, or for its stack? */
static bool is_shortage(const char *reason)
{
	return strstr(reason, "out of memory") || !strcmp(reason, "malloc") ||
	       strstr(reason, "memory exhausted");
}

/* Where a text is too long to be shown, its line and column, from 1. */
static void put_place(const char *text, size_t at, char *out, size_t size)
{
	size_t line = 1, i, start = 0;

	out[0] = '\0';
	for (i = 0; i < at; i++)
		if (text[i] == '\n') {
			line++;
			start = i + 1;
		}
	if (strchr(text, '\n'))
		snprintf(out, size, "line %zu, column %zu: ", line,
			 at - start + 1);
	else if (strlen(text) > ERR_LINE)
		snprintf(out, size, "column %zu: ", at - start + 1);
}

/* The compiler's reason, and the place that it is about. Returns false. */
static bool take_reason(const struct answer *a, const char *reason, size_t n,
			const char *text, struct err *err)
{
	bool placed = a->placed && a->at <= strlen(text);
	char place[64] = "", why[PCAP_ERRBUF_SIZE];

	snprintf(why, sizeof(why), "%.*s", (int)n, reason);
	if (is_shortage(why))
		return err_set(err, ERR_USAGE,
			       TOO_LONG "%s (%zu MiB to compile): %s",
			       pcaplib_name(), limits.memory >> 20, why);
	if (placed)
		put_place(text, a->at, place, sizeof(place));
	err_set(err, ERR_USAGE, "%s%s", place, why);
	if (placed)
		err_show(err, text, strlen(text), a->at, a->len);
	return false;
}

/* Turn the child's answer into a program or an error. */
static bool take_answer(const struct str *out, const char *text,
			struct program *program, struct err *err)
{
	struct answer a;
	const char *after = out->text + sizeof(a);
	size_t left = out->len - sizeof(a);

	if (out->len < sizeof(a))
		return err_set(err, ERR_FAULT,
			       "no answer from libpcap's compiler");
	memcpy(&a, out->text, sizeof(a));
	if (!a.good) {
		return take_reason(&a, after, left, text, err);
	}
	if (left != a.n * sizeof(struct insn) || a.n > PROGRAM_MAX)
		return err_set(err, ERR_FAULT, "an incomplete program");
	*program = (struct program){.n = a.n, .loops = true};
	program->insns = malloc(left ? left : 1);
	if (!program->insns)
		return err_nomem(err, "a filter program");
	memcpy(program->insns, after, left);
	return true;
}

static bool too_slow(struct err *err)
{
	return err_set(err, ERR_USAGE,
		       "the filter takes %s more than %u s to compile",
		       pcaplib_name(), limits.cpu_s);
}

bool expr_was_too_much(const struct err *why)
{
	struct err slow;

	too_slow(&slow);
	return !strcmp(why->text, slow.text) ||
	       !strncmp(why->text, TOO_LONG, strlen(TOO_LONG));
}

/* Turn how the child ended into a program or an error. */
static bool take_end(enum bounded_child_end end, const struct str *out,
		     const char *text, struct program *program, struct err *err)
{
	switch (end) {
	case BOUNDED_DONE:
		return take_answer(out, text, program, err);
	case BOUNDED_TIME:
		return too_slow(err);
	case BOUNDED_CRASHED:
		return err_set(err, ERR_USAGE, TOO_LONG "%s", pcaplib_name());
	case BOUNDED_FAILED:
		break;
	}
	return false;
}

static bool compile_task(struct task *task, struct program *program,
			 struct err *err)
{
	struct str out = STR_INIT;
	enum bounded_child_end end;
	bool good;

	if (!pcaplib_ready(err))
		return false;
	end = bounded_child_run(&limits, compile, task, &out, err);
	good = take_end(end, &out, task->text, program, err);
	str_fini(&out);
	return good;
}

/* There is nothing in one but the process. It has the library from here: the
   child would load it for each of its own. */
static struct expr_compiler *open_compiler(bool (*prepare)(const void *),
					   const struct user *user,
					   struct err *err)
{
	if (!pcaplib_ready(err))
		return NULL;
	return (void *)child_server_open(&limits, compile_question, prepare,
					 user, err);
}

struct expr_compiler *expr_compiler_open(struct err *err)
{
	return open_compiler(NULL, NULL, err);
}

/* What parses expressions needs no rights. */
static bool give_up_rights(const void *user)
{
	log_to(NULL); /* what it warns of, the capture says as well */
	return (!user || user_become(user, NULL)) &&
	       user_drop_capabilities(NULL);
}

struct expr_compiler *expr_compiler_open_as(const struct user *user,
					    struct err *err)
{
	return open_compiler(give_up_rights, user, err);
}

void expr_compiler_close(struct expr_compiler *compiler)
{
	child_server_close((void *)compiler);
}

bool expr_compiler_ask(struct expr_compiler *compiler, struct pcap *handle,
		       const char *text, const struct expr_setup *setup,
		       struct err *err)
{
	struct question q;
	struct str question = STR_INIT;
	bool good;

	memset(&q, 0, sizeof(q));
	q.setup = *setup;
	q.handle = handle;
	str_put(&question, &q, sizeof(q));
	str_put(&question, text, strlen(text) + 1);
	if (question.failed)
		good = err_nomem(err, "a filter");
	else
		good = child_server_send((void *)compiler, str_text(&question),
					 question.len, err);
	str_fini(&question);
	return good;
}

bool expr_compiler_ready(const struct expr_compiler *compiler)
{
	return child_server_ready((const void *)compiler);
}

bool expr_compiler_take(struct expr_compiler *compiler, const char *text,
			struct program *program, struct err *err)
{
	struct str out = STR_INIT;
	enum bounded_child_end end =
	    child_server_receive((void *)compiler, &out, err);
	bool good = take_end(end, &out, text, program, err);

	str_fini(&out);
	return good;
}

bool expr_compile_by(struct expr_compiler *compiler, const char *text,
		     const struct expr_setup *setup, struct program *program,
		     struct err *err)
{
	return expr_compiler_ask(compiler, NULL, text, setup, err) &&
	       expr_compiler_take(compiler, text, program, err);
}

bool expr_compile(const char *text, const struct expr_setup *setup,
		  struct program *program, struct err *err)
{
	struct task task = {.text = text, .setup = setup};

	return compile_task(&task, program, err);
}

bool expr_compile_on(struct pcap *handle, const char *text,
		     const struct expr_setup *setup, struct program *program,
		     struct err *err)
{
	struct task task = {.text = text, .setup = setup, .handle = handle};

	return compile_task(&task, program, err);
}

uint32_t expr_netmask(const char *device)
{
	char reason[PCAP_ERRBUF_SIZE];
	bpf_u_int32 net, mask;

	if (!pcaplib_ready(NULL) ||
	    libpcap()->lookupnet(device, &net, &mask, reason) != 0)
		return EXPR_NO_NETMASK;
	return ntohl(mask);
}

bool expr_compile_live(const char *device, const char *text,
		       struct expr_setup *setup, struct program *program,
		       struct err *err)
{
	char reason[PCAP_ERRBUF_SIZE] = "", *name;
	bool good = false;
	pcap_t *handle;
	int code;

	if (!pcaplib_ready(err) || !device_resolve(device, &name, err))
		return false;
	handle = libpcap()->create(name, reason);
	if (!handle) {
		err_set(err, ERR_FAULT, "%s: %s", name, reason);
		goto out;
	}
	libpcap()->set_snaplen(handle, (int)setup->snaplen);
	code = libpcap()->activate(handle);
	if (code < 0) {
		device_refused(name, code, libpcap()->geterr(handle), err);
		goto out;
	}
	setup->linktype = linktype_of_dlt(libpcap()->datalink(handle));
	if (setup->netmask == EXPR_NO_NETMASK)
		setup->netmask = expr_netmask(name);
	good = expr_compile_on(handle, text, setup, program, err);
out:
	if (handle)
		libpcap()->close(handle);
	free(name);
	return good;
}
