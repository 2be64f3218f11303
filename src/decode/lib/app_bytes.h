/*
 * Bytes that a protocol keeps of a connection until a message is whole, as a
 * part of its app->data. The message is in several records, and each record was
 * reassembled already (flow/tcp_reassembly.h).
 */
#ifndef DECODE_LIB_APP_BYTES_H
#define DECODE_LIB_APP_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero: empty. */
struct app_bytes {
	uint8_t *bytes;
	size_t n, room;
};

/* Add n bytes. total: struct app_message's bytes, which is kept up. false: no
   memory. */
bool app_bytes_add(struct app_bytes *b, const uint8_t *bytes, size_t n,
		   size_t *total);

/* The first n are not needed any more. */
void app_bytes_take(struct app_bytes *b, size_t n);

void app_bytes_free(struct app_bytes *b, size_t *total);

#endif
