/* JSON objects, a line each, and where they go. */
#include "cmd/json_line.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/num.h"
#include "os/blocking.h"
#include "os/outfile.h"
#include "pkt/pkt.h"

void json_line_count(struct str *s, const char *key, uint64_t n)
{
	str_printf(s, ",\"%s\":", key);
	if (n == COUNT_UNKNOWN)
		str_puts(s, "null");
	else
		str_printf(s, "%" PRIu64, n);
}

void json_line_time(struct str *s, const char *key, bool known, int64_t ns)
{
	str_printf(s, ",\"%s\":", key);
	if (known)
		str_printf(s, "%" PRId64 ".%09" PRId64, ns / NS_PER_S,
			   ns % NS_PER_S);
	else
		str_puts(s, "null");
}

void json_line_counters(struct str *s, const struct counters *c)
{
	uint64_t dropped = c->dropped;

	if (c->ifdropped != COUNT_UNKNOWN)
		count_add(&dropped, c->ifdropped);
	json_line_count(s, "captured", c->delivered);
	json_line_count(s, "received", c->received);
	json_line_count(s, "dropped", dropped);
	json_line_count(s, "dropped_by_kernel", c->dropped);
	json_line_count(s, "dropped_by_interface", c->ifdropped);
}

int json_line_open(const char *name, bool force, struct err *err)
{
	const struct outfile_how how = {.force = force};
	uint64_t n;

	if (strncmp(name, "fd:", 3) != 0)
		return outfile_open(name, &how, err);
	if (num_u64(name + 3, &n) && n <= INT32_MAX)
		return outfile_descriptor((int)n, name, err);
	err_set(err, ERR_USAGE, "'%s' is not a descriptor", name);
	return -1;
}

bool json_line_write(int fd, const char *name, const struct str *line,
		     struct err *err)
{
	size_t at = 0;
	ssize_t n;

	if (line->failed)
		return err_nomem(err, "a line of JSON");
	while (at < line->len) {
		n = blocking_write(fd, line->text + at, line->len - at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			err_sys(err, ERR_OUTPUT, errno, "cannot write");
			return err_in_file(err, name);
		}
		at += (size_t)n;
	}
	return true;
}
