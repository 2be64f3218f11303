/* The times of packets in records of savefiles that this program encodes. */
#ifndef FILE_RECORD_TIME_H
#define FILE_RECORD_TIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "file/format.h"

/* How times are stored in one file. */
struct record_times {
	bool pcapng;
	int64_t unit;	/* of pcap's fractions, in ns */
	int64_t *units; /* of pcapng's interfaces, in their order */
	size_t n;
};

/* Of a file of that format, without interfaces. */
void record_times_init(struct record_times *, const struct format *);
void record_times_fini(struct record_times *);

/* One more interface. false: no memory. */
bool record_times_add(struct record_times *, const struct iface *,
		      struct err *err);

/* Of the record of a packet, in this host's byte order. */
int64_t record_time_ns(const struct record_times *, const uint8_t *record);

#endif
