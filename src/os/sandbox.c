/* Owns what the process gives up before it reads foreign bytes: the plan of
   what it will need, the steps, and what came of them. */
#include "config.h"

#include "os/sandbox.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/log.h"
#include "os/landlock.h"
#include "os/outfile.h"
#include "os/priv.h"
#include "os/sandbox_ids.h"
#include "os/sandbox_test.h"
#include "os/seccomp.h"
#include "os/tempfile.h"

#ifdef __linux__
#include <sys/prctl.h>
#endif

#define MAKES (LANDLOCK_LIST | LANDLOCK_WRITE | LANDLOCK_MAKE | LANDLOCK_REMOVE)

const char *const sandbox_levels[] = {"off", "best", "require", "strict", NULL};

/* What each step came to. */
enum step { STEP_OPEN, STEP_DONE, STEP_PART, STEP_FAILED, STEP_MISSING };

static struct {
	struct sandbox_wish wish;
	struct sandbox_place *places;
	size_t n, room;
	size_t reads, makes;
	bool failed;	/* there was no memory for a place */
	bool spills;	/* temporary files are made */
	bool signals;	/* processes outside are sent signals */
	unsigned leave; /* of system calls: SECCOMP_LEAVE_ */
	bool entered;
	const char *user; /* who was root; NULL: it stays */
	enum sandbox_caps caps;
	enum step privs, files, calls;
	int version; /* of Landlock */
} box;

void sandbox_want(const struct sandbox_wish *wish)
{
	box.wish = *wish;
}

bool sandbox_ahead(void)
{
	return box.wish.level != SANDBOX_OFF && !box.entered;
}

/* ---- the plan ------------------------------------------------------------*/

static void add_place(const char *path, size_t len, unsigned rights)
{
	struct sandbox_place *more = box.places;
	size_t room = box.room ? box.room * 2 : 16;
	char *copy = strndup(path, len);

	if (box.n == box.room) {
		more = realloc(box.places, room * sizeof(*more));
		if (more)
			box.room = room;
	}
	if (!more || !copy) {
		box.failed = true;
		free(copy);
		return;
	}
	box.places = more;
	box.places[box.n++] =
	    (struct sandbox_place){.path = copy, .rights = rights};
}

void sandbox_may_read(const char *path)
{
	if (!sandbox_ahead() || !path || !strcmp(path, "-"))
		return;
	add_place(path, strlen(path), LANDLOCK_READ);
	box.reads++;
}

/* The folder of path, with these rights. */
static void add_folder(const char *path, unsigned rights)
{
	const char *slash = strrchr(path, '/');

	if (slash)
		add_place(path, (size_t)(slash - path) + 1, rights);
	else
		add_place(".", 1, rights);
}

void sandbox_may_read_beside(const char *path)
{
	if (sandbox_ahead() && strcmp(path, "-") != 0)
		add_folder(path, LANDLOCK_READ);
}

void sandbox_may_fill(const char *beginning)
{
	if (!sandbox_ahead())
		return;
	add_folder(beginning, MAKES);
	box.makes++;
}

void sandbox_may_append(const char *path)
{
	struct stat st;

	/* its end is read; a link is not followed */
	if (sandbox_ahead() && outfile_is_file(path) && lstat(path, &st) == 0 &&
	    S_ISREG(st.st_mode))
		add_place(path, strlen(path), LANDLOCK_READ | LANDLOCK_WRITE);
}

void sandbox_may_finish(const char *path)
{
	if (!sandbox_ahead() || !strcmp(path, "-") || !outfile_is_file(path))
		return;
	add_folder(path, LANDLOCK_LIST | LANDLOCK_MAKE | LANDLOCK_REMOVE);
	box.makes++;
}

void sandbox_may_make(const char *path)
{
	if (!sandbox_ahead() || !path || !strcmp(path, "-"))
		return;
	if (!outfile_is_file(path)) {
		add_place(path, strlen(path), LANDLOCK_WRITE);
		return;
	}
	add_folder(path, MAKES);
	box.makes++;
}

void sandbox_may_spill(void)
{
	const char *folder = tempfile_folder();

	if (sandbox_ahead() && !box.spills)
		add_place(folder, strlen(folder), MAKES | LANDLOCK_READ);
	box.spills = true;
}

void sandbox_may_signal(void)
{
	box.signals = true;
}

void sandbox_may_accept(void)
{
	box.leave |= SECCOMP_LEAVE_ACCEPT;
}

void sandbox_may_bind(void)
{
	box.leave |= SECCOMP_LEAVE_BIND;
}

static void forget_places(void)
{
	size_t i;

	for (i = 0; i < box.n; i++)
		free(box.places[i].path);
	free(box.places);
	box.places = NULL;
	box.n = box.room = 0;
}

/* ---- what this system lets -----------------------------------------------*/

/* A program that makes code while it runs, or keeps watch with system calls of
   its own from within this process, cannot do so in the sandbox. */
static bool is_instrumented(void)
{
#ifdef SANITIZERS
	return true;
#else
	const char *preload = getenv("LD_PRELOAD");

	return preload && strstr(preload, "/vgpreload_");
#endif
}

#ifdef __linux__

static bool no_new_privs(void)
{
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

static bool try_files(void)
{
	int rules = no_new_privs() ? landlock_begin(false) : -1;

	return rules >= 0 && landlock_enter(rules);
}

static bool try_calls(void)
{
	return seccomp_enter(SECCOMP_DENY, 0);
}

/* Does it work in a child, which a policy may end for asking? */
static bool survives(bool (*step)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		log_to(NULL);
		_exit(step() ? 0 : 1);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return false;
	return pid > 0 && status == 0;
}

/* Without a filter in force there is no policy, and nothing to try out. */
static bool is_filtered(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) != 0;
}

#else

static bool no_new_privs(void)
{
	return false;
}

#endif

static bool may_try_files(void)
{
#ifdef __linux__
	return !is_filtered() || survives(try_files);
#else
	return false;
#endif
}

static bool may_try_calls(void)
{
#ifdef __linux__
	return !is_filtered() || survives(try_calls);
#else
	return false;
#endif
}

/* ---- the steps -----------------------------------------------------------*/

/* No core file shows what only root could read, and no other process of the
   user looks into this one. */
static void hide(void)
{
	struct rlimit none = {0, 0};

	if (geteuid() == 0 || os_is_privileged())
		setrlimit(RLIMIT_CORE, &none);
#if defined(__linux__) && !defined(SANITIZERS)
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

/* Files that any program may need, and that tell nothing. */
static void add_common(int rules)
{
	static const char *const common[] = {
	    "/etc/localtime",
	    "/etc/ssl/openssl.cnf",
	    "/etc/pki/tls/openssl.cnf",
	    "/proc/meminfo",
	};
	size_t i;

	for (i = 0; i < ARRAY_LEN(common); i++)
		landlock_add(rules, common[i], LANDLOCK_READ);
	landlock_add(rules, "/dev/null", LANDLOCK_READ | LANDLOCK_WRITE);
#ifdef SANITIZERS
	/* the leak checker reads /proc, the symbolizer all objects */
	landlock_add(rules, "/", LANDLOCK_READ | LANDLOCK_LIST);
#endif
}

static enum step give_up_files(void)
{
	int rules;
	size_t i;

	if (box.failed || !may_try_files())
		return STEP_FAILED;
	box.version = landlock_version();
	if (!box.version)
		return STEP_MISSING;
	rules = landlock_begin(!box.signals);
	if (rules < 0)
		return STEP_FAILED;
	add_common(rules);
	/* what cannot be opened now is reported by who needs it */
	for (i = 0; i < box.n; i++)
		landlock_add(rules, box.places[i].path, box.places[i].rights);
	return landlock_enter(rules) ? STEP_DONE : STEP_FAILED;
}

static enum step give_up_calls(void)
{
	if (!seccomp_available())
		return STEP_MISSING;
	if (!may_try_calls())
		return STEP_FAILED;
	return seccomp_enter(box.wish.level == SANDBOX_STRICT ? SECCOMP_STRICT
							      : SECCOMP_DENY,
			     box.leave)
		   ? STEP_DONE
		   : STEP_FAILED;
}

static void take_steps(void)
{
	const bool instrumented = is_instrumented();

	/* what is loaded later could not be */
	tzset();
	if (!instrumented)
		seccomp_available();
	hide();
	sandbox_drop_bounds();
	if (!box.makes && !instrumented)
		box.user = sandbox_leave_root(box.places, box.n);
	box.caps = sandbox_drop_caps(box.places, box.n);
	box.privs = no_new_privs() ? STEP_DONE : STEP_FAILED;
#ifdef SANITIZERS
	box.files = give_up_files();
#else
	box.files = instrumented ? STEP_MISSING : give_up_files();
#endif
	box.calls = instrumented ? STEP_MISSING : give_up_calls();
}

/* ---- telling of it -------------------------------------------------------*/

static void describe_files(struct str *out)
{
	if (box.files == STEP_DONE)
		str_printf(out,
			   ", files (Landlock %d: %zu to read, %zu to "
			   "make)",
			   box.version, box.reads, box.makes);
	else if (box.files == STEP_MISSING)
		str_puts(out, ", no Landlock");
	else
		str_puts(out, ", Landlock refused");
}

static void describe_calls(struct str *out)
{
	if (box.calls == STEP_DONE)
		str_printf(out, ", system calls (seccomp: %s)",
			   box.wish.level == SANDBOX_STRICT ? "allow list"
							    : "deny list");
	else if (box.calls == STEP_MISSING)
		str_puts(out, ", no seccomp");
	else
		str_puts(out, ", seccomp refused");
}

void sandbox_describe_offer(struct str *out)
{
	const bool files = may_try_files() && landlock_version() > 0;

	str_printf(out, "sandbox: %s (here: ", sandbox_levels[box.wish.level]);
	if (is_instrumented())
		str_puts(out, "instrumented, ");
	if (files)
		str_printf(out, "Landlock %d, ", landlock_version());
	else
		str_puts(out, "no Landlock, ");
	str_puts(out, seccomp_available() && may_try_calls()
			  ? "seccomp filters)"
			  : "no seccomp filters)");
}

static void describe(struct str *out)
{
	str_printf(out, "sandbox: %s", sandbox_levels[box.wish.level]);
	if (!box.entered)
		return;
	if (box.privs == STEP_DONE)
		str_puts(out, ", no new privileges");
	str_puts(out, box.caps == SANDBOX_CAPS_NONE ? ", no capabilities"
		      : box.caps == SANDBOX_CAPS_FILES
			  ? ", capabilities for the files of others"
			  : ", capabilities kept");
	if (box.user)
		str_printf(out, ", user %s", box.user);
	else if (geteuid() == 0)
		str_puts(out, ", still user root");
	describe_files(out);
	describe_calls(out);
	if (is_instrumented())
		str_puts(out, " (instrumented)");
}

/* ---- entering ------------------------------------------------------------*/

/* What is missing from all of it; NULL: nothing. */
static const char *shortcoming(void)
{
	if (box.privs != STEP_DONE)
		return "new privileges cannot be ruled out";
	if (box.caps != SANDBOX_CAPS_NONE)
		return "capabilities are left";
	if (box.files != STEP_DONE)
		return "no Landlock";
	if (box.calls != STEP_DONE)
		return "no seccomp filter";
	return NULL;
}

bool sandbox_enter(struct err *err)
{
	struct str text = STR_INIT;
	const char *lacks;

	if (!sandbox_ahead())
		return true;
	box.entered = true;
	take_steps();
	forget_places();
	if (box.wish.tells) {
		describe(&text);
		log_note("%s", str_text(&text));
		str_fini(&text);
	}
	sandbox_test_thread();
	lacks = shortcoming();
	return !lacks || box.wish.level == SANDBOX_BEST ||
	       err_set(err, ERR_FAULT, "the sandbox is not complete: %s",
		       lacks);
}

void sandbox_enter_child(bool names)
{
	int rules;

	if (box.wish.level == SANDBOX_OFF)
		return;
	sandbox_drop_caps(NULL, 0);
	if (!no_new_privs() || is_instrumented())
		return;
	seccomp_available();
	rules =
	    may_try_files() && landlock_version() ? landlock_begin(true) : -1;
	if (rules >= 0) {
		if (names)
			landlock_add(rules, "/", LANDLOCK_READ | LANDLOCK_LIST);
		landlock_enter(rules);
	}
	if (seccomp_available() && may_try_calls())
		seccomp_enter(names ? SECCOMP_LOOKUP
			      : box.wish.level == SANDBOX_STRICT
				  ? SECCOMP_STRICT
				  : SECCOMP_ALLOW,
			      0);
}

void sandbox_enter_server(void)
{
	if (box.wish.level == SANDBOX_OFF)
		return;
	hide();
	sandbox_drop_caps(NULL, 0);
	no_new_privs();
	/* for the children, which have no memory to spare */
	seccomp_available();
}
