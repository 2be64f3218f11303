/* The options that write savefiles, and the sink made of them. */
#include "cmd/savefile_opts.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "capture/offline.h"
#include "file/create.h"
#include "os/samefile.h"
#include "os/sandbox.h"
#include "pkt/used_ifaces.h"

#include <config.h>

/* The index of a word is that of its row in formats[]. */
static const char *const format_words[] = {
#define FORMAT(name, title, suffixes, read, write) name,
#include "file/formats.def"
#undef FORMAT
    NULL,
};

/* The index of a word is one more than that of its row in codecs[]. */
static const char *const compress_words[] = {
    "none",
#define CODEC(id, suffix, library, with) #id,
#include "file/codecs.def"
#undef CODEC
    NULL,
};

#define MEMBER(name) .member = offsetof(struct savefile_conf, name)

const struct opt savefile_opts[] = {
    {
	.letter = 'w',
	.name = "write",
	.type = OPT_TEXT,
	MEMBER(path),
	.arg = "FILE",
	.help = "Write the packets to FILE; - is standard output.",
	.values = opt_values_files,
    },
    {
	.name = "format",
	.type = OPT_WORD,
	MEMBER(format),
	.arg = "FORMAT",
	.words = format_words,
	.help = "Savefile format. Default: by the suffix of the file "
		"name, pcap for .pcap and .cap, otherwise pcapng.",
    },
    {
	.name = "compress",
	.type = OPT_WORD,
	MEMBER(compress),
	.arg = "HOW",
	.words = compress_words,
	.help = "Compress the savefile. Default: by the last suffix of "
		"the file name, .gz, .zst or .lz4. (xz can only be read.)",
    },
    {
	.name = "force",
	.type = OPT_FLAG,
	MEMBER(force),
	.help = "Replace an existing file or symbolic link, and write to a "
		"named pipe of this user.",
    },
    {
	.name = "append",
	.type = OPT_FLAG,
	MEMBER(append),
	.help = "Append to the file if it exists. It must be complete "
		"and, for pcap, have the same link type. Its format, byte "
		"order and compression are kept.",
    },
    {
	.name = "comment",
	.type = OPT_TEXT,
	MEMBER(comment),
	.arg = "TEXT",
	.help = "Set the comment of the savefile to TEXT (pcapng).",
    },
    {0},
};

static const struct format *format_of(const struct savefile_conf *conf,
				      const char *path)
{
	return conf->format < 0 ? format_by_suffix(path)
				: &formats[conf->format];
}

bool savefile_conf_one_linktype(const struct savefile_conf *conf)
{
	const struct format *format =
	    conf->path ? format_of(conf, conf->path) : NULL;

	return format && strcmp(format->name, "pcapng") != 0;
}

/* Through libpcap, which writes pcap and nothing else. */
static struct sink *create_by_libpcap(const struct savefile_conf *conf,
				      const char *path, struct err *err)
{
	const struct format *format = format_of(conf, path);
	const struct offline_options options = {
	    .nanoseconds = format && !strcmp(format->name, "pcap-ns"),
	    .append = conf->append,
	    .force = conf->force,
	};

	size_t i;

	for (i = 0; conf->append && !conf->own && i < conf->n_inputs; i++) {
		if (!same_file(path, conf->inputs[i]))
			continue;
		err_set(err, ERR_OUTPUT, "is both input and output");
		err_in_file(err, path);
		return NULL;
	}
	if (conf->compress > 0 || (conf->compress < 0 && codec_by_suffix(path)))
		err_set(err, ERR_USAGE, "libpcap does not compress");
	else if (format && !strcmp(format->name, "pcapng"))
		err_set(err, ERR_USAGE, "libpcap does not write pcapng");
	else
		return offline_create(path, &options, err);
	err_in_file(err, path);
	return NULL;
}

void savefile_conf_allow(const struct savefile_conf *conf)
{
	const size_t fixed = conf->path ? strcspn(conf->path, "{%") : 0;
	char *folder;

	if (conf->path && conf->append)
		sandbox_may_append(conf->path);
	if (!conf->path || !conf->path[fixed]) {
		sandbox_may_make(conf->path);
		return;
	}
	folder = strndup(conf->path, fixed);
	if (folder)
		sandbox_may_fill(folder);
	free(folder);
	sandbox_may_make(conf->path);
}

struct sink *savefile_conf_create(const struct savefile_conf *conf,
				  const char *path, struct err *err)
{
	const struct create_options options = {
	    .format = conf->format < 0 ? NULL : &formats[conf->format],
	    .codec = conf->compress > 0 ? &codecs[conf->compress - 1] : NULL,
	    .plain = conf->compress == 0,
	    .force = conf->force,
	    .private = conf->private,
	    .append = conf->append,
	    .own = conf->own,
	    .inputs = conf->inputs,
	    .n_inputs = conf->n_inputs,
	    .whole = conf->whole,
	    .salvage = conf->salvage,
	    .sync = conf->sync,
	    .prompt = conf->prompt,
	    .full = conf->full,
	    .full_arg = conf->full_arg,
	    .queue = conf->queue,
	    .ahead = conf->ahead,
	    .write = {.application = PACKAGE_STRING,
		      .comment = conf->comment,
		      .quiet = conf->quiet,
		      .edited = conf->edited},
	};

	if (!strncmp(path, SAVEFILE_LISTEN, strlen(SAVEFILE_LISTEN))) {
		err_set(err, ERR_USAGE,
			"only capture has readers connect: %s; ./%s is a file",
			path, path);
		return NULL;
	}
	if (conf->libpcap)
		return create_by_libpcap(conf, path, err);
	return savefile_create(path, &options, err);
}

struct sink *savefile_conf_create_used(const struct savefile_conf *conf,
				       struct err *err)
{
	const struct format *format = format_of(conf, conf->path);
	struct sink *sink = savefile_conf_create(conf, conf->path, err);

	if (strchr(conf->path, '%'))
		log_note("%s: no %%-sequences in names, it is called just that",
			 conf->path);
	if (sink && format && strcmp(format->name, "pcapng") != 0)
		sink = used_ifaces_open(sink, err);
	return sink;
}
