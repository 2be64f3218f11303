/*
 * The libpcap in use: a table with one pointer per function of the library.
 *
 * All calls go through `libpcap()->NAME(...)`. The table holds the system's
 * library until pcaplib_load() puts another one in its place as a whole. The
 * system's is loaded when it is first needed, since it and what it needs make
 * up a third of the time that a start takes (one static file has it linked):
 * pcaplib_ready() before the first call says whether that worked. Slots of
 * functions that pcaplib.def calls optional may be NULL: ask pcaplib_need()
 * before the call.
 */
#ifndef CAPTURE_PCAPLIB_H
#define CAPTURE_PCAPLIB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <pcap/pcap.h>

#include <pcap/namedb.h>

#include "base/err.h"

/* What the headers of libpcap 1.0 do not have yet; the values are fixed. */
#ifndef PCAP_NETMASK_UNKNOWN
#define PCAP_NETMASK_UNKNOWN 0xffffffff
#endif
#ifndef PCAP_ERROR_CANTSET_TSTAMP_TYPE
#define PCAP_ERROR_CANTSET_TSTAMP_TYPE (-10)
#define PCAP_WARNING_TSTAMP_TYPE_NOTSUP 3
#define PCAP_TSTAMP_HOST 0
#endif
#ifndef PCAP_ERROR_PROMISC_PERM_DENIED
#define PCAP_ERROR_PROMISC_PERM_DENIED (-11)
#endif
#ifndef PCAP_ERROR_TSTAMP_PRECISION_NOTSUP
#define PCAP_ERROR_TSTAMP_PRECISION_NOTSUP (-12)
#define PCAP_TSTAMP_PRECISION_MICRO 0
#define PCAP_TSTAMP_PRECISION_NANO 1
#endif
#ifndef PCAP_IF_UP
#define PCAP_IF_UP 0x00000002
#define PCAP_IF_RUNNING 0x00000004
#endif
#ifndef PCAP_IF_WIRELESS
#define PCAP_IF_WIRELESS 0x00000008
#define PCAP_IF_CONNECTION_STATUS 0x00000030
#define PCAP_IF_CONNECTION_STATUS_CONNECTED 0x00000010
#define PCAP_IF_CONNECTION_STATUS_DISCONNECTED 0x00000020
#define PCAP_IF_CONNECTION_STATUS_NOT_APPLICABLE 0x00000030
#endif
#ifndef PCAP_CHAR_ENC_UTF_8
#define PCAP_CHAR_ENC_UTF_8 0x00000001U
#endif

struct addrinfo;
struct pcap_rmtauth;
struct pcap_samp;

struct pcaplib {
#define FUNCTION(type, name, symbol, args, since, commands) type(*name) args;
#include "capture/pcaplib.def"
};

/* The table in use, never NULL; any thread may ask. Where no library can be
   loaded all slots are. */
const struct pcaplib *libpcap(void);

/* Load the system's library, unless one is in use. Returns false with *err
   (ERR_FAULT) if that fails. */
bool pcaplib_ready(struct err *err);

/*
 * Use another library: "system" (loaded when it is needed), "tcpdump" (a
 * libpcap.so in the tool's own library directory), "npcap" or "wpcap"
 * (Windows), or an absolute path. False: it cannot be loaded, is not libpcap,
 * or lacks a needed function (ERR_USAGE, naming file and function); the table
 * stays as it was. Also initialises the library for UTF-8 where it can
 * (pcap_init). A library that was in use stays loaded: handles of it remain
 * valid. To be called while no other thread uses the table.
 */
bool pcaplib_load(const char *choice, struct err *err);

/* Use the caller's table, which stays: tests have functions of their own. NULL:
   the system's library. */
void pcaplib_use(const struct pcaplib *table);

/* The library's own words: "libpcap version 1.10.3 (with TPACKET_V3)". NULL:
   there is none. */
const char *pcaplib_version(void);

/* The same in two words, for messages: "libpcap 1.10.3". Static storage. */
const char *pcaplib_name(void);

/* The file that the library in use came from; NULL: it is part of this
   program, or the system cannot say. Static storage. */
const char *pcaplib_file(void);

/* May libpcap->SLOT be called? If not, an ERR_USAGE that names library,
   function and the first version that has it. */
#define pcaplib_need(slot, err)                                                \
	(libpcap()->slot != NULL || pcaplib_lacks(#slot, (err)))

/* Fill err for a missing function (its slot's name). Always false. */
bool pcaplib_lacks(const char *slot, struct err *err);

enum pcaplib_kind {
	PCAPLIB_NEEDED,
	PCAPLIB_OPTIONAL,
	PCAPLIB_REMOTE,
	PCAPLIB_WINDOWS
};

/* A row of pcaplib.def, for `list api`. */
struct pcaplib_row {
	enum pcaplib_kind kind;
	const char *type, *slot, *symbol, *args;
	const char *since;    /* "1.5", or "WinPcap" */
	const char *commands; /* separated by spaces; "": none */
	size_t offset;	      /* in struct pcaplib; not for PCAPLIB_WINDOWS */
};

/* All rows; *count is how many. Static storage. */
const struct pcaplib_row *pcaplib_rows(size_t *count);

/* Does the library in use have the function? Never for PCAPLIB_WINDOWS. */
bool pcaplib_has(const struct pcaplib_row *row);

#endif
