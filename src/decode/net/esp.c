/* IP encapsulating security payload (RFC 4303): SPI (4), sequence number (4),
   then what cannot be read without the key. */
#include "decode/proto.h"

enum { ESP_SPI, ESP_SEQUENCE };

static const struct field fields[] = {
    [ESP_SPI] = {"esp.spi", "Security parameters index", .type = FIELD_UINT,
		 .width = 4, .flags = FIELD_HEX | FIELD_LINE},
    [ESP_SEQUENCE] = {"esp.sequence", "Sequence number", .type = FIELD_UINT,
		      .width = 4, .flags = FIELD_LINE},
};

static void decode(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[ESP_SPI]);
	take(d, c, &fields[ESP_SEQUENCE]);
}

static void summary(struct summary *l)
{
	if (l->layer->state != CUR_OK) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "ESP(spi=0x%08x,seq=0x%x), length %u",
		       (unsigned)summary_num(l, ESP_SPI),
		       (unsigned)summary_num(l, ESP_SEQUENCE), l->layer->len);
}

static const struct key keys[] = {{KEY_IPPROTO, 50}};

const struct proto proto_esp = {
    "esp",
    "Encapsulating Security Payload",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
