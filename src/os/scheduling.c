/* Processors and priorities of threads. */
#include "os/scheduling.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

#ifdef __linux__
#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

/* The largest number that the system may know. */
#define CPU_MOST 1023

/* A number at *text, which is moved past it. */
static bool take_number(const char **text, unsigned *n)
{
	char *end;
	unsigned long value;

	if (**text < '0' || **text > '9')
		return false;
	value = strtoul(*text, &end, 10);
	*text = end;
	*n = (unsigned)value;
	return value <= CPU_MOST;
}

/* A number or a range at *text, which is moved past it. */
static bool take_range(const char **text, struct cpu_list *list)
{
	unsigned first, last;

	if (!take_number(text, &first))
		return false;
	last = first;
	if (**text == '-') {
		++*text;
		if (!take_number(text, &last))
			return false;
	}
	for (; first <= last; first++) {
		if (list->n == ARRAY_LEN(list->cpu))
			return false;
		list->cpu[list->n++] = first;
	}
	return true;
}

bool cpu_list_parse(const char *text, struct cpu_list *list, struct err *err)
{
	const char *p = text;
	bool good;

	list->n = 0;
	for (good = take_range(&p, list); good && *p == ',';) {
		p++;
		good = take_range(&p, list);
	}
	if (good && list->n > 0 && *p == '\0')
		return true;
	return err_set(err, ERR_USAGE,
		       "invalid list of processors '%s': use numbers and "
		       "ranges, as in 2,4-7",
		       text);
}

#ifdef __linux__

bool scheduling_pin(const struct cpu_list *list, size_t from, struct err *err)
{
	cpu_set_t set;
	size_t i;

	CPU_ZERO(&set);
	for (i = from; i < list->n; i++)
		CPU_SET(list->cpu[i], &set);
	if (sched_setaffinity(0, sizeof(set), &set) == 0)
		return true;
	return err_sys(err, ERR_USAGE, errno, "cannot run on processor %u",
		       list->cpu[from]);
}

bool scheduling_raise(enum scheduling_priority priority)
{
	const bool realtime = priority == SCHEDULING_REALTIME;
	const struct sched_param param = {.sched_priority = realtime};
	const int policy =
	    (realtime ? SCHED_FIFO : SCHED_OTHER) | SCHED_RESET_ON_FORK;

	/* musl's sched_setscheduler() refuses */
	if (syscall(SYS_sched_setscheduler, 0, policy, &param) != 0)
		return false;
	return realtime || setpriority(PRIO_PROCESS, 0, -20) == 0;
}

#else

bool scheduling_pin(const struct cpu_list *list, size_t from, struct err *err)
{
	(void)list;
	(void)from;
	return err_set(err, ERR_USAGE,
		       "this system cannot bind threads to processors");
}

bool scheduling_raise(enum scheduling_priority priority)
{
	(void)priority;
	errno = ENOSYS;
	return false;
}

#endif
