/* Making a new savefile, or adding to one. */
#include "file/create.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file/out_queued.h"
#include "file/savefile.h"
#include "file/writer.h"
#include "os/outfile.h"
#include "os/samefile.h"

static int refuse(const char *path, const char *why, struct err *err)
{
	err_set(err, ERR_OUTPUT, "%s", why);
	err_in_file(err, path);
	return -1;
}

/* A file beside path, to be renamed to it. */
static bool open_beside(struct out *out, const char *path,
			const struct outfile_how *how, struct err *err)
{
	char name[PATH_MAX];
	int fd = outfile_beside(path, how, name, sizeof(name), err);

	return fd >= 0 && out_open(out, fd, path, 0, err) &&
	       out_rename(out, name, path, how->force, err);
}

static bool open_whole(struct out *out, const char *path,
		       const struct outfile_how *how, struct err *err)
{
	int fd;

	if (outfile_is_file(path))
		return open_beside(out, path, how, err);
	fd = outfile_open(path, how, err);
	return fd >= 0 && out_open(out, fd, path, 0, err);
}

bool file_create(struct out *out, const char *path, bool force, struct err *err)
{
	const struct outfile_how how = {.force = force};

	*out = (struct out){.fd = -1};
	return open_whole(out, path, &how, err);
}

/* What is made. */
struct making {
	const struct format *format;
	const struct codec *codec; /* NULL: not packed */
	struct write_options write;
};

/* ---- appending ---- */

/* The first interface of a file that is added to. */
struct end {
	struct sink sink;
	struct iface iface; /* without what it borrows */
	bool some;	    /* it has one */
	bool own;	    /* the file was made in this run: it is sound */
};

static bool end_iface(struct sink *s, const struct iface *iface,
		      struct err *err)
{
	struct end *e = (struct end *)s;

	(void)err;
	if (e->some)
		return true;
	e->iface = (struct iface){
	    .linktype = iface->linktype,
	    .snaplen = iface->snaplen,
	    .fcslen = iface->fcslen,
	    .swapped = iface->swapped,
	};
	e->some = true;
	return true;
}

static enum verdict end_packets(struct sink *s, const struct pkt *p, size_t n)
{
	(void)p, (void)n;
	return ((struct end *)s)->own ? STOP : GO_ON;
}

static const struct sink_ops end_ops = {
    .name = "append",
    .iface = end_iface,
    .packets = end_packets,
};

/* Set what the file is made of, unless it cannot be added to as that. */
static bool take_facts(const struct savefile_facts *f,
		       const struct create_options *o, struct making *m,
		       struct err *err)
{
	const char *name = f->nanoseconds ? "pcap-ns" : f->format;

	m->codec = codec_by_name(f->compression);
	m->format = format_by_name(name);
	if ((o->codec && o->codec != m->codec) || (o->plain && m->codec))
		return err_set(err, ERR_OUTPUT,
			       "cannot append: its compression is %s",
			       f->compression);
	if (o->format && o->format != m->format)
		return err_set(err, ERR_OUTPUT,
			       "cannot append: it is %s, not %s", name,
			       o->format->name);
	if (f->modified)
		return err_set(err, ERR_OUTPUT,
			       "cannot append: it is modified pcap, which is "
			       "read, but not written");
	if (strcmp(f->format, "pcapng") != 0 && f->minor < 4)
		return err_set(err, ERR_OUTPUT,
			       "cannot append: it is pcap of version %u.%u, "
			       "which is read, but not written",
			       f->major, f->minor);
	if (f->padded)
		return err_set(err, ERR_OUTPUT,
			       "cannot append: zeros follow what is "
			       "compressed");
	return true;
}

/* Read all of the file: is it sound, and what is it? */
static bool can_append(const char *path, const struct create_options *o,
		       struct making *m, struct err *err)
{
	struct source *source = savefile_open(path, NULL, err);
	struct end end = {.sink.ops = &end_ops, .own = o->own};
	bool good = false;

	if (source && source_run(source, &end.sink, err)) {
		good = take_facts(savefile_facts(source, 0), o, m, err);
		m->write.resume = end.some;
		m->write.has = end.iface;
	} else {
		err_as(err, ERR_OUTPUT);
	}
	if (!good)
		err_in_file(err, path);
	source_close(source);
	return good;
}

/* Open path for appending. */
static bool open_append(struct out *out, const char *path,
			const struct create_options *o, struct making *m,
			struct err *err)
{
	struct stat st;
	int fd;

	fd = outfile_append(path, err);
	if (fd < 0)
		return false;
	if (fstat(fd, &st) != 0 || lseek(fd, 0, SEEK_END) < 0) {
		err_sys(err, ERR_OUTPUT, errno, "cannot append");
		close(fd);
		return err_in_file(err, path);
	}
	if (st.st_size > 0 && !can_append(path, o, m, err)) {
		close(fd);
		return false;
	}
	if (!out_open(out, fd, path, 0, err))
		return false;
	out->offset = (uint64_t)st.st_size;
	out_resume(out, o->whole);
	return true;
}

/* ---- choosing ---- */

static const struct codec *choose_codec(const char *path,
					const struct create_options *o)
{
	if (o->plain)
		return NULL;
	return o->codec ? o->codec : codec_by_suffix(path);
}

/* By the suffix that is left when that of a codec is taken away. */
static const struct format *choose_format(const char *path,
					  const struct create_options *o)
{
	return o->format ? o->format : savefile_format(path);
}

const struct format *savefile_format(const char *path)
{
	const struct codec *by_name = codec_by_suffix(path);
	const struct format *format;
	char name[PATH_MAX];

	snprintf(name, sizeof(name), "%.*s",
		 (int)(strlen(path) - (by_name ? strlen(by_name->suffix) : 0)),
		 path);
	format = format_by_suffix(name);
	return format ? format : &formats[0];
}

static bool can_pack(const struct codec *codec, struct err *err)
{
	if (!codec->ops)
		return err_set(err, ERR_OUTPUT, "%s: this build has no %s",
			       codec->name, codec->library);
	if (!codec->ops->pack)
		return err_set(err, ERR_OUTPUT, "%s is read, but not written",
			       codec->name);
	return true;
}

/* Open the file. false: *err says why; out_close() is due nevertheless. */
static bool open_file(struct out *out, const char *path,
		      const struct create_options *o, struct making *m,
		      struct err *err)
{
	const struct outfile_how how = {.force = o->force,
					.private = o->private};
	struct stat st;
	int fd;

	*out = (struct out){.fd = -1};
	if (o->append && outfile_is_file(path) && lstat(path, &st) == 0)
		return open_append(out, path, o, m, err);
	if (o->whole)
		return open_whole(out, path, &how, err);
	fd = outfile_open(path, &how, err);
	return fd >= 0 && out_open(out, fd, path, 0, err);
}

/* Can the file be made of that, and be added to? */
static bool can_create(const char *path, const struct create_options *o,
		       const struct making *m, struct err *err)
{
	size_t i;

	if (m->codec && !can_pack(m->codec, err))
		return err_in_file(err, path);
	for (i = 0; o->append && !o->own && i < o->n_inputs; i++)
		if (same_file(path, o->inputs[i]))
			return refuse(path, "is both input and output", err) ==
			       0;
	if (strcmp(path, "-") != 0 || !isatty(STDOUT_FILENO))
		return true;
	refuse("standard output",
	       "is a terminal: will not write a savefile to it", err);
	return false;
}

struct sink *savefile_create(const char *path, const struct create_options *o,
			     struct err *err)
{
	struct making m = {
	    .format = choose_format(path, o),
	    .codec = choose_codec(path, o),
	    .write = o->write,
	};
	struct out out = {.fd = -1};
	bool good;

	if (!can_create(path, o, &m, err))
		return NULL;
	good = open_file(&out, path, o, &m, err);
	if (good && m.codec)
		good = can_pack(m.codec, err) && out_pack(&out, m.codec, err);
	if (good && o->ahead)
		out_ahead(&out);
	if (o->salvage)
		out_salvage(&out, o->sync);
	out.sync = o->sync;
	out.prompt = o->prompt;
	out_when_full(&out, o->full, o->full_arg);
	if (good && o->queue)
		good = out_queue(&out, o->queue, err);
	if (good)
		return m.format->write(&out, &m.write, err);
	out.failed = true;
	out_close(&out, NULL);
	return NULL;
}

uint64_t savefile_size(const struct sink *s)
{
	return out_size(&((const struct writer *)s)->out);
}

void savefile_settle(struct sink *s)
{
	out_settle(&((struct writer *)s)->out);
}

void savefile_count(struct sink *s, struct out_end *end)
{
	((struct writer *)s)->out.end = end;
}

void savefile_when_closed(struct sink *s, out_closed *closed, void *arg)
{
	struct out *out = &((struct writer *)s)->out;

	out->closed = closed;
	out->closed_arg = arg;
}

bool savefile_sync(struct sink *s, struct err *err)
{
	struct out *out = &((struct writer *)s)->out;

	return out_sync(out) || err_copy(err, &out->err);
}

void savefile_hurry(struct sink *s)
{
	if (s)
		((struct writer *)s)->out.last_ns = 0;
}

int savefile_fd(const struct sink *s)
{
	return ((const struct writer *)s)->out.fd;
}

bool savefile_chown(struct sink *s, unsigned uid, unsigned gid, struct err *err)
{
	struct out *out = &((struct writer *)s)->out;
	struct stat st;

	if (fstat(out->fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    (st.st_uid == uid && st.st_gid == gid))
		return true;
	if (fchown(out->fd, uid, gid) == 0)
		return true;
	err_sys(err, ERR_OUTPUT, errno, "cannot give it to user %u", uid);
	return err_in_file(err, out->name);
}
