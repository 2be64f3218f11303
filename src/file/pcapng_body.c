/* What is in those pcapng blocks that are written seldom. */
#include "file/pcapng_body.h"

#include "file/pcapng.h"
#include "pkt/options.h"

#define OPTION_MAX 65532 /* bytes of an option's value */

void pcapng_body_u32(struct pcapng_body *b, uint32_t v)
{
	uint8_t bytes[4];

	put32(bytes, v, b->swapped);
	str_put(&b->text, bytes, sizeof(bytes));
}

void pcapng_body_u16(struct pcapng_body *b, uint16_t v)
{
	uint8_t bytes[2];

	put16(bytes, v, b->swapped);
	str_put(&b->text, bytes, sizeof(bytes));
}

void pcapng_body_option(struct pcapng_body *b, uint16_t code, const void *value,
			size_t len)
{
	if (len > OPTION_MAX)
		len = OPTION_MAX;
	pcapng_body_u16(b, code);
	pcapng_body_u16(b, (uint16_t)len);
	str_put(&b->text, value, len);
	str_pad(&b->text, '\0', -len & 3);
}

void pcapng_body_text(struct pcapng_body *b, uint16_t code, const char *text)
{
	if (text)
		pcapng_body_option(b, code, text, strlen(text));
}

static void body_u64(struct pcapng_body *b, uint16_t code, uint64_t v)
{
	uint8_t bytes[8];

	put64(bytes, v, b->swapped);
	pcapng_body_option(b, code, bytes, sizeof(bytes));
}

static void body_count(struct pcapng_body *b, uint16_t code, uint64_t v)
{
	if (v != COUNT_UNKNOWN)
		body_u64(b, code, v);
}

/* A 64-bit time as two halves, the upper one first. */
static void body_time(struct pcapng_body *b, uint16_t code, uint64_t v)
{
	uint8_t halves[8];

	put32(halves, (uint32_t)(v >> 32), b->swapped);
	put32(halves + 4, (uint32_t)v, b->swapped);
	pcapng_body_option(b, code, halves, sizeof(halves));
}

/* The capture filter as a string: kind 0, then the text. */
static void body_filter(struct pcapng_body *b, const char *text)
{
	struct str value = STR_INIT;

	if (!text)
		return;
	str_putc(&value, 0);
	str_puts(&value, text);
	pcapng_body_option(b, IF_FILTER, str_text(&value), value.len);
	str_fini(&value);
}

bool meta_has(const struct pkt_meta *meta, uint16_t code)
{
	struct options options = options_of_meta(meta);
	struct option o;

	while (options_next(&options, &o))
		if (o.code == code)
			return true;
	return false;
}

void pcapng_body_iface(struct pcapng_body *b, const struct iface *i)
{
	const struct pkt_meta *m = i->meta;
	const uint8_t fcslen = (uint8_t)i->fcslen;

	if (!meta_has(m, IF_NAME))
		pcapng_body_text(b, IF_NAME, i->name);
	if (!meta_has(m, IF_DESCRIPTION))
		pcapng_body_text(b, IF_DESCRIPTION, i->description);
	if (i->mac && !meta_has(m, IF_MACADDR))
		pcapng_body_option(b, IF_MACADDR, i->mac, 6);
	if (i->speed && !meta_has(m, IF_SPEED))
		body_u64(b, IF_SPEED, i->speed);
	if (i->tsresol != TSRESOL_MICRO && !meta_has(m, IF_TSRESOL))
		pcapng_body_option(b, IF_TSRESOL, &i->tsresol, 1);
	if (!meta_has(m, IF_FILTER))
		body_filter(b, i->filter);
	if (!meta_has(m, IF_OS))
		pcapng_body_text(b, IF_OS, i->os);
	if (i->fcslen >= 0 && !meta_has(m, IF_FCSLEN))
		pcapng_body_option(b, IF_FCSLEN, &fcslen, 1);
	if (i->tsoffset && !meta_has(m, IF_TSOFFSET))
		body_u64(b, IF_TSOFFSET, (uint64_t)i->tsoffset);
	if (!meta_has(m, IF_HARDWARE))
		pcapng_body_text(b, IF_HARDWARE, i->hardware);
}

void pcapng_body_counters(struct pcapng_body *b, const struct counters *c,
			  uint64_t start, uint64_t end, bool filtered)
{
	body_time(b, ISB_STARTTIME, start);
	body_time(b, ISB_ENDTIME, end);
	/* what passed the filter is what came only if there is no filter */
	if (!filtered)
		body_count(b, ISB_IFRECV, c->received);
	body_count(b, ISB_IFDROP, c->ifdropped);
	body_count(b, ISB_FILTERACCEPT, c->received);
	body_count(b, ISB_OSDROP, c->dropped);
	body_count(b, ISB_USRDELIV, c->delivered);
}
