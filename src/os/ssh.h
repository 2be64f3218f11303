/* The ssh connection that this process was started through. */
#ifndef OS_SSH_H
#define OS_SSH_H

#include "base/addr.h"
#include "base/err.h"

struct ssh_end {
	struct addr addr;
	uint16_t port;
};

struct ssh_connection {
	struct ssh_end client, server;
};

/* Take what SSH_CONNECTION holds apart: address and port of the client, then of
   the server. An IPv6 address may have a zone after %, which is left out.
   false: it is something else. */
bool ssh_parse(const char *text, struct ssh_connection *c);

/*
 * The connection that SSH_CONNECTION names or, as sudo takes that away, the
 * nearest parent process: in its environment or (on Linux), if it is sshd, by
 * its sockets. false: there is none, or it cannot be found (ERR_USAGE).
 */
bool ssh_find(struct ssh_connection *c, struct err *err);

#endif
