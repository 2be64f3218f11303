/* Owns packets that wait for earlier ones of other inputs. */
#include "pkt/time_order.h"

#include <stdlib.h>
#include <string.h>

/* Memory comes in chunks. The one used last is used next. */
#define CHUNK ((size_t)128 << 10)
#define SPARE_MAX 32

struct chunk {
	struct chunk *next;
	size_t cap, from, to; /* of bytes: where packets are */
	uint8_t bytes[];
};

/* In a chunk: this, then the packet's bytes. */
struct kept {
	struct pkt p;
	int64_t due; /* its window is over */
};

struct input {
	struct chunk *first, *last;
	uint64_t n, late;
	int64_t sure;	/* nothing earlier comes */
	int64_t passed; /* the time of the last packet that went on */
	bool busy;	/* it brought packets when it was asked last */
};

struct time_order {
	struct time_order_options options;
	uint64_t held; /* bytes of all chunks with packets */
	struct chunk *spare;
	unsigned n_spare;
	struct input *current; /* its first packet was handed out */
	struct input inputs[];
};

struct time_order *time_order_open(const struct time_order_options *options,
				   struct err *err)
{
	struct time_order *o =
	    calloc(1, sizeof(*o) + options->n * sizeof(struct input));
	size_t i;

	if (!o) {
		err_nomem(err, "packets to be ordered");
		return NULL;
	}
	o->options = *options;
	for (i = 0; i < options->n; i++)
		o->inputs[i].sure = o->inputs[i].passed = INT64_MIN;
	return o;
}

static void free_chunks(struct chunk *c)
{
	while (c) {
		struct chunk *next = c->next;

		free(c);
		c = next;
	}
}

void time_order_close(struct time_order *o)
{
	size_t i;

	if (!o)
		return;
	for (i = 0; i < o->options.n; i++)
		free_chunks(o->inputs[i].first);
	free_chunks(o->spare);
	free(o);
}

/* ---- packets that are kept ---- */

static size_t size_of(const struct pkt *p)
{
	return (sizeof(struct kept) + p->caplen + 7) / 8 * 8;
}

static struct kept *head_of(const struct input *in)
{
	return (void *)(in->first->bytes + in->first->from);
}

static struct chunk *add_chunk(struct time_order *o, struct input *in,
			       size_t size)
{
	struct chunk *c = o->spare;

	if (c && size <= CHUNK) {
		o->spare = c->next;
		o->n_spare--;
	} else {
		c = malloc(sizeof(*c) + (size < CHUNK ? CHUNK : size));
		if (!c)
			return NULL;
		c->cap = size < CHUNK ? CHUNK : size;
	}
	c->next = NULL;
	c->from = c->to = 0;
	if (in->last)
		in->last->next = c;
	else
		in->first = c;
	in->last = c;
	o->held += c->cap;
	return c;
}

static void drop_chunk(struct time_order *o, struct input *in)
{
	struct chunk *c = in->first;

	in->first = c->next;
	if (!in->first)
		in->last = NULL;
	o->held -= c->cap;
	if (c->cap != CHUNK || o->n_spare == SPARE_MAX) {
		free(c);
		return;
	}
	c->next = o->spare;
	o->spare = c;
	o->n_spare++;
}

static void drop_head(struct time_order *o, struct input *in)
{
	in->first->from += size_of(&head_of(in)->p);
	in->n--;
	if (in->first->from == in->first->to)
		drop_chunk(o, in);
}

bool time_order_keep(struct time_order *o, size_t i, const struct pkt *p,
		     int64_t now, struct err *err)
{
	struct input *in = &o->inputs[i];
	const size_t size = size_of(p);
	struct chunk *c = in->last;
	struct kept *k;

	if (!c || c->cap - c->to < size)
		c = add_chunk(o, in, size);
	if (!c)
		return err_nomem(err, "packets to be ordered");
	k = (void *)(c->bytes + c->to);
	k->p = *p;
	k->p.data = (uint8_t *)(k + 1);
	k->due = now + o->options.window_ns;
	memcpy(k + 1, p->data, p->caplen);
	c->to += size;
	in->n++;
	in->sure = p->time_ns;
	return true;
}

/* ---- which is next ---- */

/* It goes on: is it late? Only those of others tell, as the clock may have been
   set back. */
static void pass(struct time_order *o, struct input *in, const struct pkt *p)
{
	size_t i;

	for (i = 0; i < o->options.n; i++) {
		if (&o->inputs[i] == in || p->time_ns >= o->inputs[i].passed)
			continue;
		in->late++;
		break;
	}
	in->passed = p->time_ns;
}

bool time_order_passes(struct time_order *o, size_t i, const struct pkt *p)
{
	struct input *in = &o->inputs[i];
	size_t j;

	if (in->n)
		return false;
	for (j = 0; j < o->options.n; j++) {
		const struct input *other = &o->inputs[j];

		if (other != in &&
		    p->time_ns >
			(other->n ? head_of(other)->p.time_ns : other->sure))
			return false;
	}
	in->sure = p->time_ns;
	pass(o, in, p);
	return true;
}

static struct input *earliest(const struct time_order *o)
{
	const struct input *least = NULL;
	size_t i;

	for (i = 0; i < o->options.n; i++) {
		const struct input *in = &o->inputs[i];

		if (in->n && (!least || head_of(in)->p.time_ns <
					    head_of(least)->p.time_ns))
			least = in;
	}
	return (struct input *)least;
}

/* Is this packet kept for what in may bring? */
static bool awaits(const struct time_order *o, const struct input *in,
		   const struct kept *k, int64_t now)
{
	int64_t due = k->due;

	if (in->n || in->sure >= k->p.time_ns)
		return false;
	if (in->busy)
		due += (TIME_ORDER_BUSY - 1) * o->options.window_ns;
	return now < due;
}

const struct pkt *time_order_next(struct time_order *o, int64_t now, bool all,
				  size_t *input)
{
	struct input *in;
	size_t i;

	if (o->current)
		drop_head(o, o->current);
	o->current = NULL;
	in = earliest(o);
	if (!in)
		return NULL;
	all = all || o->held > o->options.limit;
	for (i = 0; !all && i < o->options.n; i++)
		if (awaits(o, &o->inputs[i], head_of(in), now))
			return NULL;
	pass(o, in, &head_of(in)->p);
	o->current = in;
	*input = (size_t)(in - o->inputs);
	return &head_of(in)->p;
}

/* ---- what is known of the inputs ---- */

void time_order_turn(struct time_order *o, size_t i, size_t packets)
{
	o->inputs[i].busy = packets > 0;
}

void time_order_sure(struct time_order *o, size_t i, int64_t time_ns)
{
	if (time_ns > o->inputs[i].sure)
		o->inputs[i].sure = time_ns;
}

bool time_order_awaits(const struct time_order *o, size_t i)
{
	const struct input *in = earliest(o);

	return in && awaits(o, &o->inputs[i], head_of(in), INT64_MIN);
}

int64_t time_order_due(const struct time_order *o)
{
	const struct input *in = earliest(o);

	return in ? head_of(in)->due : INT64_MAX;
}

uint64_t time_order_kept(const struct time_order *o, size_t i)
{
	return o->inputs[i].n;
}

uint64_t time_order_late(const struct time_order *o, size_t i)
{
	return o->inputs[i].late;
}
