/*
 * Devices of other machines, which libpcap's remote capture protocol (rpcap)
 * reaches. Such a handle has no descriptor to poll, and waits in each call: a
 * thread reads from it and queues the packets for the capture loop. A queue
 * that is full makes the thread wait, and with it the server, which counts what
 * it has to drop.
 */
#ifndef CAPTURE_REMOTE_H
#define CAPTURE_REMOTE_H

#include "base/err.h"
#include "capture/pcaplib.h"

/* What the server is asked for. Text is borrowed. */
struct remote_options {
	const char *user, *password; /* user: NULL: none is needed */
	/* Of the packets, each so-many'th one, or no more than one in so many
	   milliseconds; 0: all. Not every server heeds it. */
	uint32_t sample_packets, sample_ms;
};

/* Is that the name of one: rpcap://HOST[:PORT]/IFACE, or rpcaps:// (TLS)? */
bool remote_is(const char *device);

/* Log in and open; what the options ask for goes to the server with the first
   call that reads. NULL: *err says why. */
pcap_t *remote_open(const char *device, const struct remote_options *options,
		    uint32_t snaplen, int timeout_ms, bool promiscuous,
		    struct err *err);

/* pcap_findalldevs_ex(), which there must be. */
int remote_devices(const char *source, const struct remote_options *login,
		   pcap_if_t **devices, char *errbuf);

struct remote;

/* For a thread that reads from the handle: at most queue bytes wait, or the
   least that goes. NULL: *err says why. */
#define REMOTE_QUEUE_LEAST ((size_t)1 << 20) /* some of the longest packets */
struct remote *remote_new(pcap_t *pcap, size_t queue, struct err *err);

/* Start the thread: after the sandbox is entered. The handle is its own from
   now on but for pcap_geterr(), until remote_close(). */
bool remote_begin(struct remote *r, struct err *err);

/* The descriptor that is readable while packets wait. */
int remote_fd(const struct remote *remote);

/* As pcap_dispatch(), with what waits; at once. */
int remote_dispatch(struct remote *remote, int count, pcap_handler handler,
		    u_char *user);

/* From within a handler: this call, and the reading, end with this packet. */
void remote_break(struct remote *remote);

/* Read what has come already, then no more. */
void remote_stop(struct remote *remote);

/* May packets still come after remote_stop()? */
bool remote_has_more(struct remote *remote);

/* What the server said of its counters last; once the reading ends, for that
   it is waited. false: nothing. */
bool remote_counters(struct remote *remote, struct pcap_stat *counters);

/* Ends the thread. true: the handle is the caller's again. false: it waits for
   a server that does not answer, and keeps it. */
bool remote_close(struct remote *remote);

#endif
