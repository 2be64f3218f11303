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

enum {
	IF_NAME = 2,
	IF_DESCRIPTION = 3,
	IF_MACADDR = 6,
	IF_SPEED = 8,
	IF_TSRESOL = 9,
	IF_TZONE = 10,
	IF_FILTER = 11,
	IF_OS = 12,
	IF_FCSLEN = 13,
	IF_TSOFFSET = 14,
	IF_HARDWARE = 15,
	IF_TXSPEED = 16,
	IF_RXSPEED = 17,
	IF_LAST = 18 /* of those that are known */
};

enum {
	ISB_STARTTIME = 2,
	ISB_ENDTIME = 3,
	ISB_IFRECV = 4,
	ISB_IFDROP = 5,
	ISB_FILTERACCEPT = 6,
	ISB_OSDROP = 7,
	ISB_USRDELIV = 8
};

static inline size_t pad4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

#endif
