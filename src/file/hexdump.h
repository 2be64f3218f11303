/*
 * Packets from text: the hexadecimal dumps of xxd, od, hexdump, tcpdump -x,
 * tshark -x and what text2pcap takes.
 *
 * Each line holds an offset and bytes; offset 0 starts a packet. What is
 * after the bytes (their characters) is ignored. Offsets are hexadecimal,
 * or octal or decimal where only that fits. A text line before a packet may
 * begin with I or O, for its direction, and with its time: of day, since 1970
 * or with a date (UTC), as tcpdump and tshark print it. Packets without one are
 * a microsecond apart.
 */
#ifndef FILE_HEXDUMP_H
#define FILE_HEXDUMP_H

#include "pkt/pipeline.h"

/* A packet is not longer than this. */
#define HEXDUMP_MAX ((uint32_t)16 << 20)

/*
 * All packets of n files, one after the other ("-": standard input), as those
 * of one interface of this LINKTYPE_. A line that does not follow the one
 * before is a fault that ends the work, after the packets before it. NULL: a
 * file cannot be opened (ERR_USAGE), or no memory.
 */
struct source *hexdumps_open(const char *const *paths, size_t n,
			     uint32_t linktype, struct err *err);

#endif
