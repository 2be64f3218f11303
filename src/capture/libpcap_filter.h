/*
 * A second opinion on filter programs: libpcap's own check, listing and
 * interpreter. For `compile --engine libpcap`, and for what must look as that
 * library makes it look.
 */
#ifndef CAPTURE_LIBPCAP_FILTER_H
#define CAPTURE_LIBPCAP_FILTER_H

#include "base/err.h"
#include "base/str.h"
#include "pkt/pkt.h"
#include "pkt/program.h"

/* Append the program as the library lists it (bpf_image), a line for each
   instruction. false: it cannot, and nothing was appended. */
bool libpcap_filter_list(const struct program *, struct str *out);

/* Let the library print the program on standard output: form 1 to 3, as
   tcpdump's -d, -dd and -ddd (bpf_dump). false: it cannot, *err says why. */
bool libpcap_filter_dump(const struct program *, int form, struct err *err);

/* Does the library take the program (bpf_validate)? */
bool libpcap_filter_check(const struct program *, struct err *err);

/* Has the library what libpcap_filter_verdict() and libpcap_filter_matches()
 * need? */
bool libpcap_filter_runs(struct err *err);

/* The verdict of the library's interpreter (bpf_filter) on a packet. Only for
   programs that passed bpf_verify() without loops. */
uint32_t libpcap_filter_verdict(const struct program *, const struct pkt *);

/* The same question by way of pcap_offline_filter(). */
bool libpcap_filter_matches(const struct program *, const struct pkt *);

#endif
