/* The finished files of a rotation, and which of them are to go. */
#include "file/rotate_ring.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "os/outfile.h"

/* Files that are remembered where nothing limits what is kept. */
#define REMEMBERED 100000

struct ring_file {
	char *name;
	uint64_t size;
	int64_t end_ns;
};

/* Forget the oldest one; with its file, if that is to go. */
static void forget(struct rotate_ring *r, bool remove)
{
	struct ring_file *f = &r->files[0];

	if (remove && !outfile_remove(f->name))
		log_warn("%s: cannot remove: %s", f->name, strerror(errno));
	r->size -= f->size;
	free(f->name);
	memmove(f, f + 1, --r->n * sizeof(*f));
}

static bool has_limit(const struct rotate_keep *k)
{
	return k->files || k->size || k->time_ns;
}

bool rotate_ring_add(struct rotate_ring *r, const char *name, uint64_t size,
		     int64_t end_ns, struct err *err)
{
	char *copy = strdup(name);

	if (r->n >= REMEMBERED && !has_limit(&r->keep))
		forget(r, false);
	if (r->n == r->room) {
		size_t room = r->room ? r->room * 2 : 16;
		struct ring_file *more =
		    realloc(r->files, room * sizeof(*more));

		if (more) {
			r->files = more;
			r->room = room;
		}
	}
	if (!copy || r->n == r->room) {
		free(copy);
		return err_nomem(err, "names of files");
	}
	r->files[r->n++] =
	    (struct ring_file){.name = copy, .size = size, .end_ns = end_ns};
	r->size += size;
	return true;
}

static bool is_surplus(const struct rotate_ring *r, int64_t now_ns)
{
	const struct rotate_keep *k = &r->keep;

	return (k->files && r->n + 1 > k->files) ||
	       (k->size && r->size > k->size) ||
	       (k->time_ns && now_ns - r->files[0].end_ns > k->time_ns);
}

void rotate_ring_trim(struct rotate_ring *r, int64_t now_ns)
{
	while (r->n > 0 && is_surplus(r, now_ns))
		forget(r, true);
}

bool rotate_ring_drop(struct rotate_ring *r)
{
	if (r->n == 0)
		return false;
	log_warn("%s: removed, the disk is full", r->files[0].name);
	forget(r, true);
	return true;
}

void rotate_ring_fini(struct rotate_ring *r)
{
	while (r->n > 0)
		forget(r, false);
	free(r->files);
	r->files = NULL;
	r->room = 0;
}
