/*
 * A child that looks up names for a process in the sandbox. It is asked in one
 * fixed form and answers in another; it does nothing else.
 */
#ifndef OS_NAME_SERVER_H
#define OS_NAME_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"

enum { NAME_MOST = 256 };

enum name_kind {
	NAME_OF_IPV4 = 4,
	NAME_OF_IPV6 = 16,
	NAME_OF_TCP_PORT = 6,
	NAME_OF_UDP_PORT = 17
};

/* Look the key up in this process: an address, or a port in two bytes. false:
   it has no name. */
bool name_look_up(enum name_kind kind, const uint8_t key[16],
		  char name[NAME_MOST]);

struct name_server;

/* Start one, while this process has no other thread. NULL: *err says why. */
struct name_server *name_server_open(struct err *err);

/* The same as name_look_up(), by the server. */
bool name_server_ask(struct name_server *server, enum name_kind kind,
		     const uint8_t key[16], char name[NAME_MOST]);

void name_server_close(struct name_server *server);

#endif
