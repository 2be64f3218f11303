/*
 * The interpreter for packet filter programs. A program is verified and turned
 * into a compact form once, then run on any number of packets, from any number
 * of threads. Its results are those of libpcap's bpf_filter(): a load beyond
 * the captured bytes and a division by zero end with the verdict 0, and all
 * arithmetic is that of uint32_t.
 */
#ifndef BPF_VM_H
#define BPF_VM_H

#include "base/err.h"
#include "bpf/insn.h"
#include "pkt/pkt.h"

struct vm;

/*
 * A machine for the program, which is copied. NULL: it does not pass
 * bpf_verify() (VERIFY_LOOPS only when program->loops), or no memory. Loops
 * are cut short, with verdict 0, after as many rounds as a packet has bytes.
 */
struct vm *vm_open(const struct program *program, struct err *err);
void vm_close(struct vm *);

/*
 * Run on one packet: caplen bytes at data of a packet that had wirelen on the
 * wire. Returns the verdict: 0 is no, anything else is yes (the number of
 * bytes to keep). Without a machine (NULL) everything passes.
 */
uint32_t vm_run(const struct vm *, const uint8_t *data, uint32_t wirelen,
		uint32_t caplen);

/*
 * Run on those of n packets whose keep[i] is 1, and set keep[i] to 0 where the
 * verdict is 0. Without a machine (NULL) nothing changes.
 */
void vm_matches(const struct vm *, const struct pkt *packets, size_t n,
		uint8_t *keep);

/* The same with a machine, but verdicts[i] becomes the verdict: 255 if that is
   more. */
void vm_verdicts(const struct vm *, const struct pkt *packets, size_t n,
		 uint8_t *verdicts);

#endif
