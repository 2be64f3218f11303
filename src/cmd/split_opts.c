/* The options that split what is written over many savefiles. */
#include "cmd/split_opts.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "capture/linktype.h"
#include "cmd/split_name.h"
#include "file/create.h"
#include "os/seed.h"
#include "pkt/hashmap.h"
#include "pkt/split.h"
#include "pkt/stage.h"

/* Files that are open at a time: each has a buffer. */
#define FILES_OPEN 64

static const char *const by_words[] = {"flow", "host", "interface", "linktype",
				       NULL};

#define MEMBER(name) .member = offsetof(struct split_conf, name)

const struct opt split_opts[] = {
    {
	.name = "split-packets",
	.type = OPT_NUMBER,
	MEMBER(packets),
	.arg = "N",
	.min = 1,
	.max = INT64_MAX,
	.help = "Start a new file after N packets.",
    },
    {
	.name = "split-time",
	.type = OPT_DURATION,
	MEMBER(time),
	.arg = "DURATION",
	.min = 1,
	.max = INT64_MAX,
	.help = "Start a new file for each DURATION, aligned to midnight "
		"UTC of 1970-01-01, so that hours and days begin on the "
		"clock. Late packets go to the file of their time.",
    },
    {
	.name = "split-size",
	.type = OPT_SIZE,
	MEMBER(size),
	.arg = "SIZE",
	.min = 1,
	.max = INT64_MAX,
	.help = "Start a new file before the current one exceeds SIZE.",
    },
    {
	.name = "split-by",
	.type = OPT_WORD,
	MEMBER(by),
	.arg = "WHAT",
	.words = by_words,
	.help = "Write one file per flow, per host (a packet goes to the "
		"files of both its addresses), per interface or per link "
		"type.",
    },
    {
	.name = "max-files",
	.type = OPT_NUMBER,
	MEMBER(max_files),
	.arg = "N",
	.min = 1,
	.max = SPLIT_PARTS,
	.help = "Stop, with an error, before more than N files are made. The "
		"default is 10000.",
    },
    {0},
};

/* The stage in front of split, which keeps what opening files needs. */
struct split_files {
	struct stage stage;
	struct savefile_conf savefile;
	bool numbered;
	struct hash_seed seed;
	struct hashmap names; /* of all files made so far */
};

/* Is the name this part's, or free? Then it is this part's from now on.
   false: it is another's, or there is no memory. */
static bool take_name(struct split_files *f, const struct str *name,
		      const struct split_part *part, struct err *err)
{
	struct hash h = hash_start(&f->seed), owner = {.a = part->number};
	const struct hash *known;

	hash_add(&h, (const uint8_t *)name->text, name->len, &f->seed);
	known = hashmap_get(&f->names, h);
	if (known && known->a != part->number)
		return err_set(err, ERR_USAGE,
			       "two parts are to be named %s: put {n} into "
			       "the name given with -w",
			       name->text);
	return known || hashmap_put(&f->names, h, owner, SPLIT_PARTS) ||
	       err_nomem(err, "names of files");
}

/* The part's name; of keys that are the same as names the later ones get
   numbers. The same part has the same name again. */
static bool name_part(struct split_files *f, const struct split_part *part,
		      struct str *name, struct err *err)
{
	bool numbered = f->numbered, taken;

	do {
		str_clear(name);
		split_name(name, f->savefile.path, part, numbered);
		if (name->failed)
			return err_nomem(err, "name of a file");
		taken = take_name(f, name, part, err);
	} while (!taken && !numbered && (numbered = true));
	return taken;
}

static struct sink *open_file(void *arg, const struct split_part *part,
			      bool again, struct err *err)
{
	struct split_files *f = arg;
	struct savefile_conf conf = f->savefile;
	struct str name = STR_INIT;
	struct sink *sink = NULL;

	if (again)
		conf.append = conf.own = true;
	if (name_part(f, part, &name, err))
		sink = savefile_conf_create(&conf, str_text(&name), err);
	str_fini(&name);
	return sink;
}

static enum verdict hand_on(struct sink *s, const struct pkt *p, size_t n)
{
	return stage_push((struct stage *)s, p, n);
}

static bool split_files_close(struct sink *s, struct err *err)
{
	struct split_files *f = (struct split_files *)s;
	bool good = sink_close_next(s, f->stage.next, err);

	hashmap_fini(&f->names);
	free(f);
	return good;
}

static const struct sink_ops split_files_ops = {
    .name = "split files",
    .iface = stage_iface,
    .packets = hand_on,
    .block = stage_block,
    .flush = stage_flush,
    .iface_end = stage_iface_end,
    .close = split_files_close,
};

bool split_wanted(const struct split_conf *conf)
{
	return conf->packets || conf->time || conf->size || conf->by >= 0;
}

struct sink *split_files_open(const struct split_conf *conf,
			      const struct savefile_conf *savefile,
			      struct err *err)
{
	struct split_options o = {
	    .by = conf->by < 0 ? SPLIT_BY_NOTHING
			       : (enum split_by)(SPLIT_BY_FLOW + conf->by),
	    .packets = (uint64_t)conf->packets,
	    .period_ns = conf->time,
	    .size = conf->size,
	    .max_open = FILES_OPEN,
	    .max_parts = (uint64_t)conf->max_files,
	    .open = open_file,
	    .size_of = savefile_size,
	    .linktype_name = linktype_name,
	};
	struct split_files *f;

	if (!strcmp(savefile->path, "-")) {
		err_set(err, ERR_USAGE,
			"standard output is one file and cannot be split");
		return NULL;
	}
	if (strchr(savefile->path, '%'))
		log_note("%s: no %%-sequences in names; parts are named with "
			 "{n}, {time} and {key}",
			 savefile->path);
	f = calloc(1, sizeof(*f));
	if (!f) {
		err_nomem(err, "splitting");
		return NULL;
	}
	f->stage.sink.ops = &split_files_ops;
	f->savefile = *savefile;
	f->numbered = conf->packets || conf->time || conf->size;
	seed_get(&f->seed);
	o.arg = f;
	f->stage.next = split_open(&o, err);
	if (!f->stage.next) {
		free(f);
		return NULL;
	}
	return &f->stage.sink;
}
