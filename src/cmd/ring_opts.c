/* The options of a capture that keeps the last packets in memory. */
#include "cmd/ring_opts.h"

#include <string.h>

#include "cmd/capture_opts.h"
#include "file/recorder.h"

/* A duration, whose unit is not left out. */
static bool is_duration(const char *text, int64_t *ns)
{
	return text[strspn(text, "0123456789.")] && num_duration(text, ns) &&
	       *ns > 0;
}

static bool is_size(const char *text, uint64_t *size)
{
	return text[strspn(text, "0123456789.")] && num_size(text, size) &&
	       *size >= RECORDER_LEAST && *size <= INT64_MAX;
}

/* --ring: a size, a duration, or both with a comma in between. */
static bool set_ring(void *conf, const struct opt *opt, const char *value,
		     struct err *err)
{
	struct ring_conf *c = &((struct capture_conf *)conf)->ring;
	const char *comma = strchr(value, ',');
	char first[64];
	size_t n = comma ? (size_t)(comma - value) : strlen(value);
	bool good = n < sizeof(first);

	(void)opt;
	c->size = RING_SIZE_DEFAULT;
	c->duration = 0;
	if (good) {
		memcpy(first, value, n);
		first[n] = '\0';
		good = is_duration(first, &c->duration)
			   ? !comma || is_size(comma + 1, &c->size)
			   : !comma && is_size(first, &c->size);
	}
	return good || err_set(err, ERR_USAGE,
			       "'%s' is neither a size of at least 1M (with k, "
			       "M or G) nor a duration (with ms, s, m or h)",
			       value);
}

static void ring_values(struct str *out)
{
	str_puts(out, "64M\n1G\n60s\n");
}

static void trigger_values(struct str *out)
{
	str_puts(out, TRIGGER_SIGNAL "\n" TRIGGER_COMMAND "\n");
	opt_values_expression(out);
}

#define MEMBER(name) .member = offsetof(struct ring_conf, name)

const struct opt ring_opts[] = {
    {
	.name = "ring",
	.type = OPT_CALL,
	.arg = "SIZE|DURATION",
	.set = set_ring,
	.values = ring_values,
	.help = "Keep the last packets in memory only, and write a file (-w) "
		"for each trigger: as many as fit into SIZE (with k, M or G), "
		"or those of the last DURATION (with ms, s, m or h), in at "
		"most 256M, or another size after a comma, as in 60s,1G.",
    },
    {
	.name = "trigger",
	.type = OPT_TEXTS,
	MEMBER(triggers),
	.arg = "WHAT",
	.values = trigger_values,
	.help = "Trigger by a packet that matches this expression "
		"(pcap-filter(7)), by the signal SIGUSR2, or with cmd:COMMAND "
		"by each line that COMMAND prints. May be repeated.",
    },
    {
	.name = "trigger-where",
	.type = OPT_TEXTS,
	MEMBER(where),
	.arg = "EXPR",
	.values = opt_values_where,
	.help = "Trigger by a packet whose fields match this expression "
		"(pcaptool-where(7)). May be repeated.",
    },
    {
	.name = "before",
	.type = OPT_DURATION,
	MEMBER(before),
	.arg = "DURATION",
	.max = INT64_MAX,
	.help = "Write packets from this long before the trigger on. Default: "
		"all that the ring has.",
    },
    {
	.name = "after",
	.type = OPT_DURATION,
	MEMBER(after),
	.arg = "DURATION",
	.max = INT64_MAX / 4,
	.help = "Write packets up to this long after the last trigger. "
		"Default: 0, none.",
    },
    {0},
};

/* An option that is given and has no meaning without a ring; NULL: none. */
static const char *needs_ring(const struct ring_conf *c)
{
	return c->triggers.n	? "trigger"
	       : c->where.n	? "trigger-where"
	       : c->before >= 0 ? "before"
	       : c->after >= 0	? "after"
				: NULL;
}

/* An option that is given and has no meaning with a ring; NULL: none. */
static const char *excludes_ring(const struct capture_conf *conf)
{
	const struct rotation_conf *r = &conf->rotation;

	return r->size		       ? "rotate-size"
	       : r->time	       ? "rotate-time"
	       : r->packets	       ? "rotate-packets"
	       : r->keep	       ? "keep"
	       : r->keep_size	       ? "keep-size"
	       : r->keep_time	       ? "keep-time"
	       : r->max_files	       ? "max-files"
	       : r->on_full >= 0       ? "on-full"
	       : r->sync > 0	       ? "sync (other than none or rotate)"
	       : conf->savefile.append ? "append"
	       : conf->max_bytes       ? "max-bytes"
				       : NULL;
}

bool ring_check(const struct capture_conf *conf, struct err *err)
{
	const struct ring_conf *c = &conf->ring;
	const char *name = c->size ? excludes_ring(conf) : needs_ring(c);

	if (name)
		return err_set(err, ERR_USAGE, "option --%s: %s --ring", name,
			       c->size ? "not with" : "needs");
	if (!c->size)
		return true;
	if (!c->triggers.n && !c->where.n)
		return err_set(err, ERR_USAGE,
			       "option --ring: needs --trigger or "
			       "--trigger-where");
	if (!conf->savefile.path || !strcmp(conf->savefile.path, "-"))
		return err_set(err, ERR_USAGE,
			       "option --ring: needs the name of a file (-w)");
	if (conf->rotation.on_file && conf->rotation.on_file_shell)
		return err_set(err, ERR_USAGE,
			       "options --on-file and --on-file-shell exclude "
			       "each other");
	if (c->duration && c->before > c->duration)
		return err_set(err, ERR_USAGE,
			       "option --before: longer than the ring "
			       "(--ring)");
	return true;
}
