/* Owns the questions to libpcap about link types and timestamp types. */
#include "capture/types.h"

#include <stdlib.h>
#include <string.h>

#include "capture/devices.h"
#include "capture/pcaplib.h"

/* LINKTYPE_ numbers have 16 bits; timestamp types are few. */
enum { LINK_VALUES = 65536, TSTAMP_VALUES = 256 };

static struct type link_type(int value)
{
	return (struct type){
	    .value = value,
	    .name = libpcap()->datalink_val_to_name(value),
	    .description = libpcap()->datalink_val_to_description(value),
	};
}

static struct type tstamp_type(int value)
{
	return (struct type){
	    .value = value,
	    .name = libpcap()->tstamp_type_val_to_name(value),
	    .description = libpcap()->tstamp_type_val_to_description(value),
	};
}

void types_fini(struct types *types)
{
	free(types->item);
	types->item = NULL;
	types->n = 0;
}

/* Ask make() for each of the n values. */
static bool fill(struct types *types, const int *values, int n,
		 struct type (*make)(int value), struct err *err)
{
	int i;

	types->item = calloc(n > 0 ? (size_t)n : 1, sizeof(*types->item));
	if (!types->item)
		return err_nomem(err, "a list of types");
	for (i = 0; i < n; i++)
		types->item[types->n++] = make(values[i]);
	return true;
}

/* Ask make() for all values below limit, and keep those that have a name. */
static bool fill_all(struct types *types, int limit,
		     struct type (*make)(int value), struct err *err)
{
	struct type *fitting;
	int value;

	memset(types, 0, sizeof(*types));
	types->item = calloc((size_t)limit, sizeof(*types->item));
	if (!types->item)
		return err_nomem(err, "a list of types");
	for (value = 0; value < limit; value++) {
		types->item[types->n] = make(value);
		if (types->item[types->n].name)
			types->n++;
	}
	fitting = realloc(types->item, (types->n + 1) * sizeof(*fitting));
	if (fitting)
		types->item = fitting;
	return true;
}

static pcap_t *create(const char *device, struct err *err)
{
	char errbuf[PCAP_ERRBUF_SIZE] = "";
	pcap_t *p;

	if (!pcaplib_ready(err))
		return NULL;
	p = libpcap()->create(device, errbuf);
	if (!p)
		err_set(err, ERR_FAULT, "%s: %s", device, errbuf);
	return p;
}

/* Open as little of the device as can be asked for its link types. */
static bool activate(pcap_t *p, const char *device, bool monitor, bool *denied,
		     struct err *err)
{
	const int snaplen = 64;
	int status;

	if (monitor && (!pcaplib_need(can_set_rfmon, err) ||
			!pcaplib_need(set_rfmon, err)))
		return false;
	if (monitor && (status = libpcap()->can_set_rfmon(p)) != 1)
		return device_refused(
		    device, status < 0 ? status : PCAP_ERROR_RFMON_NOTSUP,
		    status < 0 ? libpcap()->geterr(p) : "", err);
	libpcap()->set_snaplen(p, snaplen);
	if (monitor)
		libpcap()->set_rfmon(p, 1);
	status = libpcap()->activate(p);
	*denied = status == PCAP_ERROR_PERM_DENIED;
	return status >= 0 ||
	       device_refused(device, status, libpcap()->geterr(p), err);
}

bool types_of_link(struct types *types, const char *device, bool monitor,
		   struct err *err)
{
	pcap_t *p = create(device, err);
	int *values = NULL, n;
	bool good = false;
	size_t i;

	memset(types, 0, sizeof(*types));
	if (!p)
		return false;
	if (!activate(p, device, monitor, &types->denied, err))
		goto out;
	n = libpcap()->list_datalinks(p, &values);
	if (n < 0) {
		err_set(err, ERR_FAULT, "%s: %s", device, libpcap()->geterr(p));
		goto out;
	}
	good = fill(types, values, n, link_type, err);
	for (i = 0; good && i < types->n; i++)
		types->item[i].is_default =
		    types->item[i].value == libpcap()->datalink(p);
	libpcap()->free_datalinks(values);
out:
	libpcap()->close(p);
	return good;
}

static bool knows_tstamp_types(struct err *err)
{
	return pcaplib_need(list_tstamp_types, err) &&
	       pcaplib_need(free_tstamp_types, err) &&
	       pcaplib_need(tstamp_type_val_to_name, err) &&
	       pcaplib_need(tstamp_type_val_to_description, err);
}

bool types_of_tstamp(struct types *types, const char *device, struct err *err)
{
	int *values = NULL, n;
	bool good = false;
	pcap_t *p;

	memset(types, 0, sizeof(*types));
	if (!knows_tstamp_types(err) || !(p = create(device, err)))
		return false;
	n = libpcap()->list_tstamp_types(p, &values);
	if (n < 0) {
		err_set(err, ERR_FAULT, "%s: %s", device, libpcap()->geterr(p));
	} else {
		good = fill(types, values, n, tstamp_type, err);
		libpcap()->free_tstamp_types(values);
	}
	libpcap()->close(p);
	/* PCAP_TSTAMP_HOST is what every device starts with */
	if (good && types->n)
		types->item[0].is_default =
		    types->item[0].value == PCAP_TSTAMP_HOST;
	return good;
}

bool types_all_link(struct types *types, struct err *err)
{
	return pcaplib_ready(err) &&
	       fill_all(types, LINK_VALUES, link_type, err);
}

bool types_all_tstamp(struct types *types, struct err *err)
{
	return knows_tstamp_types(err) &&
	       fill_all(types, TSTAMP_VALUES, tstamp_type, err);
}
