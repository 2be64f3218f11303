/* What Modbus/TCP's header tells the message in it. */
#ifndef DECODE_INDUSTRY_MODBUS_H
#define DECODE_INDUSTRY_MODBUS_H

#include <stdint.h>

/* A request, as a note for its answer (struct stream_note). */
struct modbus_request {
	uint32_t id; /* transaction and unit; also fact[0] of the header */
	uint16_t reference, count;
	uint8_t function;
};

#endif
