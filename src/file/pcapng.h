/*
 * What a pcapng file is made of (draft-ietf-opsawg-pcapng). Every block is
 *
 *	type (4)  length (4)  body, padded to 32 bits  length again (4)
 *
 * in the byte order of its section, which the section header block tells.
 */
#ifndef FILE_PCAPNG_H
#define FILE_PCAPNG_H

#include "file/bytes.h"

#include "pkt/options.h"

enum {
	BLOCK_INTERFACE = 1,
	BLOCK_OLD_PACKET = 2,
	BLOCK_SIMPLE_PACKET = 3,
	BLOCK_NAMES = 4,
	BLOCK_STATISTICS = 5,
	BLOCK_PACKET = 6,
	BLOCK_JOURNAL = 9,
	BLOCK_SECRETS = 10,
	BLOCK_CUSTOM = 0xbad,
	BLOCK_CUSTOM_PRIVATE = 0x40000bad, /* not to be copied when changed */
	BLOCK_SECTION = 0x0a0d0d0a	   /* the same in both byte orders */
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4d

#define BLOCK_HEADER 8
#define BLOCK_FRAME 12	 /* what a block has around its body */
#define SECTION_FIXED 16 /* bytes of a body before the options */
#define INTERFACE_FIXED 8
#define PACKET_FIXED 20
#define SIMPLE_FIXED 4
#define STATISTICS_FIXED 12

enum { SHB_HARDWARE = 2, SHB_OS = 3, SHB_USERAPPL = 4 };

static inline size_t pad4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

#endif
