/* From DLT_ numbers to LINKTYPE_ numbers and back, and their names. */
#include "capture/linktype.h"

#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/num.h"
#include "capture/pcaplib.h"

/* Where the two differ; a DLT_ that this system lacks has no row. */
static const struct pair {
	int dlt;
	uint32_t linktype;
} pairs[] = {
    {DLT_ATM_RFC1483, 100}, {DLT_RAW, 101},	 {DLT_SLIP_BSDOS, 102},
    {DLT_PPP_BSDOS, 103},   {DLT_ATM_CLIP, 106}, {DLT_PPP_SERIAL, 50},
    {DLT_PPP_ETHER, 51},
#ifdef DLT_FR
    {DLT_FR, 107},
#endif
#ifdef DLT_ENC
    {DLT_ENC, 109},
#endif
#ifdef DLT_LOOP
    {DLT_LOOP, 108},
#endif
#ifdef DLT_C_HDLC
    {DLT_C_HDLC, 104},
#endif
#ifdef DLT_PFSYNC
    {DLT_PFSYNC, 246},
#endif
#ifdef DLT_PKTAP
    {DLT_PKTAP, 258},
#endif
};

#define PAIRS ARRAY_LEN(pairs)

uint32_t linktype_of_dlt(int dlt)
{
	for (size_t i = 0; i < PAIRS; i++) {
		if (pairs[i].dlt == dlt)
			return pairs[i].linktype;
	}
	return (uint32_t)dlt;
}

int linktype_dlt(uint32_t linktype)
{
	for (size_t i = 0; i < PAIRS; i++) {
		if (pairs[i].linktype == linktype)
			return pairs[i].dlt;
	}
	return (int)linktype;
}

bool linktype_parse(const char *text, uint32_t *linktype, struct err *err)
{
	const char *name = text;
	uint64_t number;
	int dlt;

	if (num_u64(text, &number)) {
		if (number > UINT16_MAX)
			return err_set(err, ERR_USAGE,
				       "link type %s: 65535 is the highest",
				       text);
		*linktype = (uint32_t)number;
		return true;
	}
	if (!strncasecmp(name, "DLT_", 4))
		name += 4;
	else if (!strncasecmp(name, "LINKTYPE_", 9))
		name += 9;
	if (!pcaplib_ready(err))
		return false;
	dlt = libpcap()->datalink_name_to_val(name);
	/* LINKTYPE_ETHERNET is the one everyday name that differs. */
	if (dlt < 0 && !strcasecmp(name, "ETHERNET"))
		dlt = DLT_EN10MB;
	if (dlt < 0)
		return err_set(
		    err, ERR_USAGE,
		    "unknown link type '%s' (see 'pcaptool list linktypes')",
		    text);
	*linktype = linktype_of_dlt(dlt);
	return true;
}

/* Names that need no library. */
static const struct known {
	uint32_t linktype;
	const char *name;
} known[] = {
#define LINKTYPE(number, name) {number, #name},
#include "capture/linktypes.def"
};

const char *linktype_name(uint32_t linktype)
{
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (known[i].linktype == linktype)
			return known[i].name;
	return pcaplib_ready(NULL)
		   ? libpcap()->datalink_val_to_name(linktype_dlt(linktype))
		   : NULL;
}
