/* What is left of a packet when no decoder knows it. */
#include "decode/proto.h"

enum { DATA_DATA, DATA_LEN };

static const struct field fields[] = {
    [DATA_DATA] = {"data.data", "Data", .type = FIELD_BYTES},
    [DATA_LEN] = {"data.len", "Length", .type = FIELD_UINT},
};

static void decode(struct dissect *d, struct cur *c)
{
	size_t n = cur_left(c);

	add_uint(d, &fields[DATA_LEN], c->claim);
	take_bytes(d, c, &fields[DATA_DATA], n);
}

const struct proto proto_data = {
    "data",
    "Data",
    PROTO_FIELDS(fields),
    .decode = decode,
};
