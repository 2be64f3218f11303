/*
 * The numbers of protocols: PROTO_ip and so on. Adding one rebuilds all files
 * that include this. Headers that many files include do without: they have ids
 * as plain numbers, and PROTO_NONE from decode/dissect.h.
 */
#ifndef DECODE_PROTO_IDS_H
#define DECODE_PROTO_IDS_H

#include "decode/dissect.h"

#define PROTO(name) PROTO_##name,
enum proto_id {
	PROTO_NO_ID = PROTO_NONE,
#include "decode/protos.def"
	PROTO_COUNT
};
#undef PROTO

#endif
