/* Headers in the byte order of the machine that captured them. */
#include "pkt/pseudo.h"

#include <string.h>

#include "base/be.h"

enum {
	LINUX_SLL = 113,
	PFLOG = 117,
	USB_LINUX = 189,
	USB_LINUX_MMAPPED = 220,
	NFLOG = 239,
	LINUX_SLL2 = 276
};

/* Protocols of cooked captures. */
enum { SLL_CAN = 0x000c, SLL_CANFD = 0x000d, SLL_CANXL = 0x000e };

enum { USB_ISOCHRONOUS = 0, USB_HEADER = 48, USB_HEADER_MMAPPED = 64 };

/* The bytes at work, and how. */
struct turn {
	uint8_t *p;
	size_t n;
	bool to_host;
};

bool pseudo_has(uint32_t linktype)
{
	switch (linktype) {
	case LINUX_SLL:
	case PFLOG:
	case USB_LINUX:
	case USB_LINUX_MMAPPED:
	case NFLOG:
	case LINUX_SLL2:
		return true;
	}
	return false;
}

/* Reverse the word of size bytes at offset at, if it is there. */
static void word(const struct turn *t, size_t at, size_t size)
{
	size_t i;

	if (at > t->n || size > t->n - at)
		return;
	for (i = 0; i < size / 2; i++) {
		uint8_t byte = t->p[at + i];

		t->p[at + i] = t->p[at + size - 1 - i];
		t->p[at + size - 1 - i] = byte;
	}
}

/* The same, of a word that steers what follows. Returns it. */
static uint32_t word32(const struct turn *t, size_t at)
{
	uint32_t before = 0, after = 0;

	if (at > t->n || t->n - at < 4)
		return 0;
	memcpy(&before, t->p + at, 4);
	word(t, at, 4);
	memcpy(&after, t->p + at, 4);
	return t->to_host ? after : before;
}

/* User and process, that of the packet and of the rule. */
static void turn_pflog(const struct turn *t)
{
	const size_t uid = 44, end = 60;
	size_t at;

	for (at = uid; at < end && t->n > 0 && at + 4 <= t->p[0]; at += 4)
		word(t, at, 4);
}

static void turn_can(const struct turn *t, unsigned protocol, size_t at)
{
	if (protocol == SLL_CAN || protocol == SLL_CANFD) {
		word(t, at, 4);
	} else if (protocol == SLL_CANXL) {
		word(t, at, 4);	    /* priority and network */
		word(t, at + 6, 2); /* length */
		word(t, at + 8, 4); /* acceptance field */
	}
}

static void turn_sll(const struct turn *t, size_t protocol_at, size_t header)
{
	if (t->n >= header)
		turn_can(t, be16(t->p + protocol_at), header);
}

static void turn_usb(const struct turn *t, size_t header)
{
	bool isochronous = t->n > 9 && t->p[9] == USB_ISOCHRONOUS;
	uint32_t descriptors;
	size_t at;

	word(t, 0, 8);			/* id */
	word(t, 12, 2);			/* bus */
	word(t, 16, 8);			/* seconds */
	for (at = 24; at < 40; at += 4) /* microseconds, status, lengths */
		word(t, at, 4);
	if (isochronous) {
		word(t, 40, 4); /* errors */
		word(t, 44, 4); /* descriptors */
	}
	if (header == USB_HEADER)
		return;
	for (at = USB_HEADER; at < USB_HEADER_MMAPPED - 4; at += 4)
		word(t, at, 4);
	descriptors = word32(t, at);
	at = USB_HEADER_MMAPPED;
	for (; isochronous && descriptors > 0 && at < t->n; descriptors--) {
		word(t, at, 4);	    /* status */
		word(t, at + 4, 4); /* offset */
		word(t, at + 8, 4); /* length */
		at += 16;
	}
}

/* Elements of a length, a type, and a value in network order. */
static void turn_nflog(const struct turn *t)
{
	size_t at = 4;

	if (t->n < at || t->p[1] != 0)
		return;
	while (t->n - at >= 4) {
		uint16_t before, after;
		size_t len;

		memcpy(&before, t->p + at, 2);
		word(t, at, 2);
		word(t, at + 2, 2);
		memcpy(&after, t->p + at, 2);
		len = t->to_host ? after : before;
		len = (len + 3) & ~(size_t)3;
		if (len < 4 || len > t->n - at)
			return;
		at += len;
	}
}

void pseudo_turn(uint32_t linktype, uint8_t *p, size_t n, bool to_host)
{
	const struct turn t = {p, n, to_host};

	switch (linktype) {
	case LINUX_SLL:
		turn_sll(&t, 14, 16);
		break;
	case LINUX_SLL2:
		turn_sll(&t, 0, 20);
		break;
	case PFLOG:
		turn_pflog(&t);
		break;
	case USB_LINUX:
		turn_usb(&t, USB_HEADER);
		break;
	case USB_LINUX_MMAPPED:
		turn_usb(&t, USB_HEADER_MMAPPED);
		break;
	case NFLOG:
		turn_nflog(&t);
		break;
	}
}
