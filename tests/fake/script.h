/*
 * What the fake libpcap plays, read from a text file.
 *
 * One statement a line; # begins a comment line. Words in [ ] may be left out,
 * MS is milliseconds, TEXT goes up to the end of the line, CODE is a number or
 * a name of <pcap/pcap.h> (PCAP_ERROR_PERM_DENIED, PCAP_WARNING, ...).
 *
 *   log FILE               append a line for every call that sets something
 *   no-devices TEXT        pcap_findalldevs fails with this error
 *   refuse FUNCTION[:N] [CODE [TEXT]]
 *                          the function fails (its Nth call alone): it returns
 *                          CODE (PCAP_ERROR) or NULL
 *   refuse-filter WORD     pcap_compile fails for expressions with WORD in them
 *
 *   interface NAME [up] [running] [loopback] [wireless] [connected]
 *                  [disconnected] [not-applicable]
 *
 * What follows belongs to the interface above it:
 *
 *   description TEXT
 *   address ADDRESS/BITS [broadcast ADDRESS] [peer ADDRESS]
 *   mac 02:00:00:00:00:01
 *   linktypes TYPE...      names or numbers; the first is the default
 *   tstamp-types TYPE...   names or numbers
 *   rfmon                  monitor mode can be set
 *   micro                  there are no nanoseconds
 *   no-fd [MS]             no descriptor to poll on; what
 *                          pcap_get_required_select_timeout says
 *   activate CODE [TEXT]   what pcap_activate returns, and the message
 *   promisc CODE [TEXT]    the same, but only in promiscuous mode
 *   stats-fail TEXT        pcap_stats fails
 *   filter-fail TEXT       pcap_setfilter fails
 *
 * and, in their order, the things that happen once it is activated:
 *
 *   packet [KEY=VALUE]... [HEX]...
 *       count=N    as many times (1)
 *       wait=MS    this long after what came before, each time (0: at once,
 *                  so that it waits in the ring)
 *       time=S[.F] time stamp of the first one (1700000000, or where the
 *                  packet before left off)
 *       step=NS    from one time stamp to the next (1000001)
 *       wire=N     length on the wire (as many bytes as there are)
 *       dir=in|out direction (in)
 *       pad=N      zeros after the bytes, to N bytes in all
 *       number=AT  a 32-bit big-endian number, counting from 1, at this offset
 *   pause MS               nothing happens for a while
 *   received N             N packets are counted as received by pcap_stats
 *   dropped N              the same for packets dropped (and received)
 *   if-dropped N           the same for packets dropped by the interface
 *   signal NAME            the process gets INT, TERM, HUP, USR1, USR2,
 *                          ALRM or KILL
 *   error TEXT             pcap_dispatch fails from now on
 */
#ifndef TESTS_FAKE_SCRIPT_H
#define TESTS_FAKE_SCRIPT_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

enum event_kind {
	EVENT_PACKET,
	EVENT_RECEIVED,
	EVENT_DROPPED,
	EVENT_IFDROPPED,
	EVENT_SIGNAL,
	EVENT_ERROR,
};

struct event {
	enum event_kind kind;
	int64_t wait_ns; /* before it happens, each time */
	uint32_t count;	 /* how many times, or how many to add */
	int code;	 /* of the signal */
	char *text;	 /* of the error */
	uint8_t *data;
	uint32_t len, wire, padded;
	int64_t time_ns, step_ns;
	long number_at; /* -1: nowhere */
	bool outbound;
};

struct address {
	bool has_broadcast, has_peer;
	struct sockaddr_storage address, mask, broadcast, peer;
};

enum { LIST_MAX = 16 };

struct device {
	char *name, *description;
	unsigned flags; /* PCAP_IF_... */
	struct address addresses[LIST_MAX];
	int address_count;
	bool has_mac;
	uint8_t mac[6];
	int linktypes[LIST_MAX], linktype_count;
	int tstamp_types[LIST_MAX], tstamp_type_count;
	bool rfmon, micro, no_fd;
	long select_ms; /* -1: none required */
	int activate, promisc;
	char *activate_text, *promisc_text, *stats_fail, *filter_fail;
	struct event *events;
	size_t event_count;
};

/* A function that is to fail. */
struct refusal {
	char *function, *text;
	unsigned nth; /* 0: each call */
	int code;
};

/* All text and data live in the storage of the file's text. */
struct script {
	char *text, *log, *no_devices, *refused_filter;
	struct refusal refusals[LIST_MAX];
	int refusal_count;
	struct device *devices;
	size_t device_count;
};

/* Read it ahead, for when it cannot be read any more. */
void script_load(void);
void script_unload(void);

/*
 * Read the script that $PCAPTOOL_FAKE names; without one there are no
 * interfaces. False: its file, line and reason are in errbuf, whose size is
 * PCAP_ERRBUF_SIZE, and there is nothing to free.
 */
bool script_from_environment(struct script *script, char *errbuf);
void script_free(struct script *script);

/*
 * Is this call of the function to fail? Then *code is what it returns, and the
 * reason is in errbuf (unless that is NULL). script_refuses() asks a script,
 * environment_refuses() the one that $PCAPTOOL_FAKE names.
 */
bool script_refuses(const struct script *script, const char *function,
		    int *code, char *errbuf);
bool environment_refuses(const char *function, int *code, char *errbuf);

/* Names of link types and timestamp types. NULL or -1: unknown. */
int linktype_value(const char *name);
const char *linktype_name(int value, const char **description);
int tstamp_type_value(const char *name);
const char *tstamp_type_name(int value, const char **description);

#endif
