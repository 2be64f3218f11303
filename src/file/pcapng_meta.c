/* Reading pcapng: the blocks that describe interfaces, counts and names. */
#include <stdlib.h>

#include "file/pcapng_in.h"
#include "pkt/options.h"

/* Set meta to the options at p, without their end. false: one of them reaches
   beyond len; those before it are there. */
static bool ng_options(struct pkt_meta *meta, const uint8_t *p, size_t len,
		       bool swapped)
{
	struct options o = options_of(p, len, swapped);
	struct option option;

	while (options_next(&o, &option))
		;
	*meta = (struct pkt_meta){.options = p,
				  .options_len = (size_t)(o.pos - p),
				  .swapped = swapped};
	return !o.bad;
}

static bool bad_option(struct reader *r, const struct ng_block *block,
		       const struct pkt_meta *meta)
{
	size_t in_body =
	    (size_t)(meta->options + meta->options_len - block->body);

	return reader_fault(r, block->at + BLOCK_HEADER + in_body,
			    "an option reaches beyond the end of its block");
}

/* Keep a string of an interface; they are found again once all are there. */
static size_t keep_text(struct ng_in *f, const uint8_t *p, size_t len)
{
	const uint8_t *nul = len ? memchr(p, 0, len) : NULL;
	size_t at = f->text.len;

	str_put(&f->text, p, nul ? (size_t)(nul - p) : len);
	str_putc(&f->text, 0);
	return at + 1; /* 0 stands for none */
}

static const char *kept(const struct ng_in *f, size_t at)
{
	return at ? f->text.text + at - 1 : NULL;
}

static bool ng_add_iface(struct reader *r, struct ng_in *f,
			 const struct ng_block *block)
{
	uint32_t room = f->room ? f->room * 2 : 16;
	struct ng_in_iface *ifaces;

	if (r->facts.ifaces == NG_MAX_IFACES)
		return reader_fault(r, block->at,
				    "more than %u interfaces in a file",
				    NG_MAX_IFACES);
	if (f->n < f->room)
		return true;
	ifaces = realloc(f->ifaces, room * sizeof(*ifaces));
	if (!ifaces)
		return err_nomem(&r->err, "interfaces of a section");
	f->ifaces = ifaces;
	f->room = room;
	return true;
}

/* Where the strings of an interface were kept. */
struct texts {
	size_t name, description, hardware, os, filter;
};

static void ng_iface_option(struct ng_in *f, struct iface *i, struct texts *t,
			    const struct option *o)
{
	const uint8_t *v = o->value;

	switch (o->code) {
	case IF_NAME:
		t->name = keep_text(f, v, o->len);
		break;
	case IF_DESCRIPTION:
		t->description = keep_text(f, v, o->len);
		break;
	case IF_HARDWARE:
		t->hardware = keep_text(f, v, o->len);
		break;
	case IF_OS:
		t->os = keep_text(f, v, o->len);
		break;
	case IF_FILTER: /* kind 0 is text */
		if (o->len > 1 && v[0] == 0)
			t->filter = keep_text(f, v + 1, o->len - 1u);
		break;
	case IF_MACADDR:
		if (o->len == 6)
			i->mac = v;
		break;
	case IF_SPEED:
		if (o->len == 8)
			i->speed = get64(v, f->swapped);
		break;
	case IF_TSRESOL:
		if (o->len == 1)
			i->tsresol = v[0];
		break;
	case IF_FCSLEN:
		if (o->len == 1)
			i->fcslen = v[0];
		break;
	case IF_TSOFFSET:
		if (o->len == 8)
			i->tsoffset = (int64_t)get64(v, f->swapped);
		break;
	}
}

bool ng_take_iface(struct reader *r, struct ng_in *f,
		   const struct ng_block *block)
{
	struct iface *i = &r->iface;
	struct texts texts = {0};
	struct options options;
	struct option option;

	if (block->len < INTERFACE_FIXED)
		return reader_fault(r, block->at,
				    "an interface block of %zu bytes",
				    block->len + BLOCK_FRAME);
	if (!ng_add_iface(r, f, block))
		return false;
	*i = (struct iface){
	    .id = f->first + f->n,
	    .linktype = get16(block->body, f->swapped),
	    .snaplen = get32(block->body + 4, f->swapped),
	    .swapped = f->swapped,
	    .tsresol = TSRESOL_MICRO,
	    .fcslen = -1,
	    .section = (uint32_t)r->facts.sections,
	};
	if (!ng_options(&f->meta, block->body + INTERFACE_FIXED,
			block->len - INTERFACE_FIXED, f->swapped))
		return bad_option(r, block, &f->meta);
	i->meta = &f->meta;
	str_clear(&f->text);
	options = options_of_meta(&f->meta);
	while (options_next(&options, &option))
		ng_iface_option(f, i, &texts, &option);
	if (f->text.failed)
		return err_nomem(&r->err, "an interface's options");
	i->name = kept(f, texts.name);
	i->description = kept(f, texts.description);
	i->hardware = kept(f, texts.hardware);
	i->os = kept(f, texts.os);
	i->filter = kept(f, texts.filter);
	f->ifaces[f->n++] = (struct ng_in_iface){
	    .unit = tsunit_of(i->tsresol, i->tsoffset),
	    .snaplen = i->snaplen ? i->snaplen : UINT32_MAX,
	};
	r->facts.ifaces++;
	return true;
}

/* A time in two halves of 32 bits, the upper one first. */
static int64_t halves_ns(const struct tsunit *unit, const uint8_t *p,
			 bool swapped)
{
	uint64_t raw =
	    (uint64_t)get32(p, swapped) << 32 | get32(p + 4, swapped);
	int64_t ns = 0;

	tsunit_ns(unit, raw, &ns);
	return ns;
}

static void ng_count(struct reader *r, struct ng_in *f,
		     const struct tsunit *unit, const struct option *o)
{
	struct counters *c = &r->counters;

	if (o->len != 8)
		return;
	switch (o->code) {
	case ISB_STARTTIME:
		r->start_ns = halves_ns(unit, o->value, f->swapped);
		break;
	case ISB_ENDTIME:
		r->end_ns = halves_ns(unit, o->value, f->swapped);
		break;
	case ISB_IFRECV:
		if (c->received == COUNT_UNKNOWN)
			c->received = get64(o->value, f->swapped);
		break;
	case ISB_IFDROP:
		c->ifdropped = get64(o->value, f->swapped);
		break;
	case ISB_FILTERACCEPT:
		c->received = get64(o->value, f->swapped);
		break;
	case ISB_OSDROP:
		c->dropped = get64(o->value, f->swapped);
		break;
	case ISB_USRDELIV:
		c->delivered = get64(o->value, f->swapped);
		break;
	}
}

bool ng_take_stats(struct reader *r, struct ng_in *f,
		   const struct ng_block *block)
{
	const uint8_t *p = block->body;
	struct options options;
	struct option option;
	uint32_t id;

	if (block->len < STATISTICS_FIXED)
		return reader_fault(r, block->at,
				    "a statistics block of %zu bytes",
				    block->len + BLOCK_FRAME);
	id = get32(p, f->swapped);
	if (id >= f->n)
		return reader_fault(r, block->at,
				    "statistics of interface %u: the section "
				    "has %u so far",
				    id, f->n);
	r->counters = (struct counters){
	    .delivered = COUNT_UNKNOWN,
	    .received = COUNT_UNKNOWN,
	    .dropped = COUNT_UNKNOWN,
	    .ifdropped = COUNT_UNKNOWN,
	    .meta = &f->meta,
	    .time_raw = (uint64_t)get32(p + 4, f->swapped) << 32 |
			get32(p + 8, f->swapped),
	};
	r->stats_iface = f->first + id;
	r->start_ns = 0;
	r->end_ns = halves_ns(&f->ifaces[id].unit, p + 4, f->swapped);
	if (!ng_options(&f->meta, p + STATISTICS_FIXED,
			block->len - STATISTICS_FIXED, f->swapped))
		return bad_option(r, block, &f->meta);
	options = options_of_meta(&f->meta);
	while (options_next(&options, &option))
		ng_count(r, f, &f->ifaces[id].unit, &option);
	return true;
}

bool ng_names_are_good(const struct ng_block *block, bool swapped)
{
	size_t at = 0;

	while (block->len - at >= 4) {
		uint16_t type = get16(block->body + at, swapped);
		size_t len = get16(block->body + at + 2, swapped);

		if (type == 0)
			return true;
		if (pad4(len) > block->len - at - 4)
			return false;
		at += 4 + pad4(len);
	}
	return false;
}
