/* The list of protocols. */
#include "decode/engine/plan.h"

#define PROTO(name) extern const struct proto proto_##name;
#include "decode/protos.def"
#undef PROTO

#define PROTO(name) [PROTO_##name] = &proto_##name,
const struct proto *const protos[PROTO_COUNT] = {
#include "decode/protos.def"
};
#undef PROTO
