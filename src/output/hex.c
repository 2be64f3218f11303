/*
 * Hex: a line about the packet, then its bytes, sixteen a row. text2pcap reads
 * it back.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/fmt.h"
#include "output/presenter.h"
#include "output/timestamp.h"
#include "pkt/tail.h"

struct hex {
	struct presenter form;
	struct timestamp stamp;
};

static struct presenter *hex_open(const struct print_run *run)
{
	struct hex *h = calloc(1, sizeof(*h));

	if (!h)
		return NULL;
	h->form.ops = &presenter_hex;
	h->form.run = run;
	timestamp_init(&h->stamp, run->options.time ? run->options.time : 4,
		       run->options.digits, run->options.utc);
	return &h->form;
}

static void hex_close(struct presenter *form)
{
	free(form);
}

static void put_row(struct str *out, const uint8_t *bytes, size_t n,
		    size_t offset)
{
	char *at = str_room(out, 100);
	size_t i;

	if (!at)
		return;
	at = fmt_hex(at, offset, offset > 0xffff ? 8 : 4);
	*at++ = ' ';
	for (i = 0; i < 16; i++) {
		*at++ = ' ';
		if (i < n) {
			at = fmt_hex(at, bytes[i], 2);
		} else {
			*at++ = ' ';
			*at++ = ' ';
		}
	}
	at = fmt_text(at, "   ");
	for (i = 0; i < n; i++)
		*at++ =
		    bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char)bytes[i] : '.';
	*at++ = '\n';
	out->len = (size_t)(at - out->text);
}

static void put_rows(struct hex *h, const struct pkt *pkt, struct str *out)
{
	uint32_t end = pkt_captured(pkt), at, n, i;
	uint8_t buf[PKT_PIECE];
	const uint8_t *bytes;
	struct err err;

	for (at = 0; at < end; at += n) {
		n = end - at < PKT_PIECE ? end - at : (uint32_t)PKT_PIECE;
		bytes = pkt_piece(pkt, at, n, buf, &err);
		if (!bytes) {
			str_printf(out, "# the rest cannot be read: %s\n",
				   err.text);
			return;
		}
		for (i = 0; i < n; i += 16)
			put_row(out, bytes + i, n - i < 16 ? n - i : 16,
				at + i);
		presenter_check(&h->form, out);
	}
}

static void hex_packet(struct presenter *form, const struct dissect *d,
		       struct str *out)
{
	struct hex *h = (struct hex *)form;
	const struct pkt *pkt = d->pkt;
	char when[128], *end = when;

	if (!(pkt->flags & PKT_NO_TIME))
		end = timestamp_put(&h->stamp, when, pkt->time_ns,
				    timestamp_reference(&h->stamp, d->first_ns,
							d->previous_ns));
	*end = '\0';
	str_printf(out, "# %sframe %" PRIu64 ", length %u, captured %u\n", when,
		   pkt->number, (unsigned)pkt->wirelen,
		   (unsigned)pkt_captured(pkt));
	put_rows(h, pkt, out);
	str_putc(out, '\n');
}

const struct presenter_ops presenter_hex = {
    .name = "hex",
    .open = hex_open,
    .close = hex_close,
    .packet = hex_packet,
};
