/*
 * Headers in front of packets that are in the byte order of the machine that
 * captured them (USB, NFLOG, PFLOG, CAN in cooked captures). In this program
 * they are in this host's order. In a savefile they are in the file's.
 */
#ifndef PKT_PSEUDO_H
#define PKT_PSEUDO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Do packets of a LINKTYPE_ have such headers? */
bool pseudo_has(uint32_t linktype);

/* Reverse the words of such a header in the n bytes of a packet. to_host: they
   are in the other order now, else in this host's. */
void pseudo_turn(uint32_t linktype, uint8_t *p, size_t n, bool to_host);

#endif
