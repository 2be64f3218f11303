/* The options that rotate the savefiles of a capture. */
#include "cmd/rotation_opts.h"

#include <string.h>

#include "cmd/capture_opts.h"

/* tcpdump's unit of -C. */
#define MEGABYTE UINT64_C(1000000)

/* As enum rotate_full has them. */
static const char *const full_words[] = {"stop", "drop-oldest", "pause", NULL};

/* -C: millions of bytes as with tcpdump, unless a unit is given. */
static bool set_size(void *conf, const struct opt *opt, const char *value,
		     struct err *err)
{
	struct rotation_conf *c = &((struct capture_conf *)conf)->rotation;
	bool plain = value[strspn(value, "0123456789")] == '\0';
	const uint64_t max = INT64_MAX;
	uint64_t size;

	(void)opt;
	if (!num_size(value, &size) || size == 0 ||
	    size > (plain ? max / MEGABYTE : max))
		return err_set(err, ERR_USAGE,
			       "invalid size '%s': use millions of bytes, or a "
			       "number with B, k, M or G",
			       value);
	c->size = plain ? size * MEGABYTE : size;
	return true;
}

static bool set_sync(void *conf, const struct opt *opt, const char *value,
		     struct err *err)
{
	struct rotation_conf *c = &((struct capture_conf *)conf)->rotation;

	(void)opt;
	if (!strcmp(value, "none"))
		c->sync = 0;
	else if (!strcmp(value, "rotate"))
		c->sync = -1;
	else if (!num_duration(value, &c->sync) || c->sync <= 0)
		return err_set(err, ERR_USAGE,
			       "invalid value '%s': use none, rotate or a "
			       "number of seconds",
			       value);
	return true;
}

static void sync_values(struct str *out)
{
	str_puts(out, "none\nrotate\n");
}

#define MEMBER(name) .member = offsetof(struct rotation_conf, name)

const struct opt rotation_opts[] = {
    {
	.letter = 'C',
	.name = "rotate-size",
	.type = OPT_CALL,
	.arg = "SIZE",
	.set = set_size,
	.help = "Begin a new file when the current one is larger than SIZE: a "
		"number is in millions of bytes, with k, M or G (KiB, MiB, "
		"GiB) in powers of 1024, with B in bytes.",
    },
    {
	.letter = 'G',
	.name = "rotate-time",
	.type = OPT_DURATION,
	MEMBER(time),
	.arg = "DURATION",
	.min = NS_PER_MS,
	.max = INT64_MAX,
	.help = "Begin a new file after this time, even if no packets arrive: "
		"seconds, or a number followed by ms, s, m, h or d.",
    },
    {
	.name = "rotate-align",
	.type = OPT_FLAG,
	MEMBER(align),
	.help = "Align -G to the local clock: hours begin on the hour.",
    },
    {
	.name = "rotate-packets",
	.type = OPT_NUMBER,
	MEMBER(packets),
	.arg = "N",
	.min = 1,
	.max = INT64_MAX,
	.help = "Begin a new file after N packets.",
    },
    {
	.letter = 'W',
	.name = "keep",
	.type = OPT_NUMBER,
	MEMBER(keep),
	.arg = "N",
	.min = 1,
	.max = INT32_MAX,
	.help = "Keep the last N files, including the one being written, and "
		"remove older ones.",
    },
    {
	.name = "keep-size",
	.type = OPT_SIZE,
	MEMBER(keep_size),
	.arg = "SIZE",
	.min = 1,
	.max = INT64_MAX,
	.help = "Remove the oldest finished files while all of them are larger "
		"than SIZE together.",
    },
    {
	.name = "keep-time",
	.type = OPT_DURATION,
	MEMBER(keep_time),
	.arg = "DURATION",
	.min = 1,
	.max = INT64_MAX,
	.help = "Remove files that were finished longer ago.",
    },
    {
	.name = "max-files",
	.type = OPT_NUMBER,
	MEMBER(max_files),
	.arg = "N",
	.min = 1,
	.max = INT64_MAX,
	.help = "Stop when N files are written.",
    },
    {
	.letter = 'z',
	.name = "on-file",
	.type = OPT_TEXT,
	MEMBER(on_file),
	.arg = "COMMAND",
	.help = "Run COMMAND for each finished file: words separated by "
		"blanks, to which the file name is added.",
    },
    {
	.name = "on-file-shell",
	.type = OPT_TEXT,
	MEMBER(on_file_shell),
	.arg = "LINE",
	.help = "Run LINE for each finished file with /bin/sh; the file name "
		"is in $1.",
    },
    {
	.name = "on-file-jobs",
	.type = OPT_NUMBER,
	MEMBER(on_file_jobs),
	.arg = "N",
	.min = 1,
	.max = 1000,
	.help = "Run at most N commands at once (default: 4).",
    },
    {
	.name = "stats-json",
	.type = OPT_TEXT,
	MEMBER(stats_json),
	.arg = "FILE",
	.values = opt_values_files,
	.help = "Write a JSON object, one per line, about each finished file "
		"to FILE, or to a descriptor: fd:N.",
    },
    {
	.name = "stats-interval",
	.type = OPT_DURATION,
	MEMBER(stats_interval),
	.arg = "DURATION",
	.min = NS_PER_MS,
	.max = INT64_MAX,
	.help = "To the file of --stats-json, also write a line with all "
		"counters of the capture, each time this has passed and at the "
		"end. Needs no rotation.",
    },
    {
	.name = "sync",
	.type = OPT_CALL,
	.arg = "WHEN",
	.set = set_sync,
	.values = sync_values,
	.help = "Wait for the disk: never (none, the default), before a "
		"finished file gets its name (rotate), or every so many "
		"seconds as well.",
    },
    {
	.name = "on-full",
	.type = OPT_WORD,
	MEMBER(on_full),
	.arg = "WHAT",
	.words = full_words,
	.help = "When the disk is full: stop (the default), remove the oldest "
		"file, or pause and lose packets until there is room.",
    },
    {0},
};

bool rotation_wanted(const struct rotation_conf *c)
{
	return c->size || c->time || c->packets || c->keep || c->keep_size ||
	       c->keep_time || c->max_files;
}

/* The name of an option that is given and only has a meaning with others; NULL:
   there is none. */
static const char *needs_rotation(const struct rotation_conf *c)
{
	return c->on_file			     ? "on-file"
	       : c->on_file_shell		     ? "on-file-shell"
	       : c->stats_json && !c->stats_interval ? "stats-json"
	       : c->sync			     ? "sync"
	       : c->on_full >= 0		     ? "on-full"
						     : NULL;
}

bool rotation_check(const struct rotation_conf *c, const char *path,
		    bool append, struct err *err)
{
	const char *alone = needs_rotation(c);

	if (c->stats_interval && !c->stats_json)
		return err_set(err, ERR_USAGE,
			       "option --stats-interval: needs --stats-json");
	if (c->align && !c->time)
		return err_set(err, ERR_USAGE,
			       "option --rotate-align: needs -G");
	if (c->on_file && c->on_file_shell)
		return err_set(err, ERR_USAGE,
			       "options --on-file and --on-file-shell exclude "
			       "each other");
	if (!rotation_wanted(c) && alone)
		return err_set(err, ERR_USAGE,
			       "option --%s: needs rotation (-C, -G, "
			       "--rotate-packets, -W or --max-files)",
			       alone);
	if (rotation_wanted(c) && !path)
		return err_set(err, ERR_USAGE, "rotation needs -w");
	if (rotation_wanted(c) && append)
		return err_set(err, ERR_USAGE,
			       "option --append: not with rotation");
	return true;
}
