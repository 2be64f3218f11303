/* The times of packets in records of savefiles. */
#include "file/record_time.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "file/bytes.h"

void record_times_init(struct record_times *t, const struct format *format)
{
	*t = (struct record_times){
	    .pcapng = !strcmp(format->name, "pcapng"),
	    .unit = !strcmp(format->name, "pcap-ns") ? 1 : NS_PER_US,
	};
}

void record_times_fini(struct record_times *t)
{
	free(t->units);
}

bool record_times_add(struct record_times *t, const struct iface *iface,
		      struct err *err)
{
	int64_t *units = realloc(t->units, (t->n + 1) * sizeof(*units));

	if (!units)
		return err_nomem(err, "interfaces");
	t->units = units;
	units[t->n++] = iface->tsresol == TSRESOL_NANO ? 1 : NS_PER_US;
	return true;
}

int64_t record_time_ns(const struct record_times *t, const uint8_t *p)
{
	uint32_t iface;
	uint64_t time;

	if (!t->pcapng)
		return (int64_t)get32(p, false) * NS_PER_S +
		       (int64_t)get32(p + 4, false) * t->unit;
	iface = get32(p + 8, false);
	time = (uint64_t)get32(p + 12, false) << 32 | get32(p + 16, false);
	return (int64_t)time * (iface < t->n ? t->units[iface] : 1);
}
