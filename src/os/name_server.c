/* Owns the child process that looks up names. */
#include "config.h"

#include "os/name_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "os/child_pair.h"
#include "os/child_server.h"
#include "os/sandbox.h"

struct name_server {
	struct child_pair child;
};

/* Both are sent whole: neither side can make the other wait for more. */
struct question {
	uint8_t kind, key[16];
};

struct reply {
	uint8_t found;
	char name[NAME_MOST];
};

static bool name_of_address(enum name_kind kind, const uint8_t *key, char *name)
{
	struct sockaddr_in v4 = {.sin_family = AF_INET};
	struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
	const struct sockaddr *address = (struct sockaddr *)&v4;
	socklen_t size = sizeof(v4);

	memcpy(&v4.sin_addr, key, 4);
	memcpy(&v6.sin6_addr, key, 16);
	if (kind == NAME_OF_IPV6) {
		address = (struct sockaddr *)&v6;
		size = sizeof(v6);
	}
	return !getnameinfo(address, size, name, NAME_MOST, NULL, 0,
			    NI_NAMEREQD);
}

static bool name_of_port(enum name_kind kind, const uint8_t *key, char *name)
{
	const uint16_t port = (uint16_t)(key[0] << 8 | key[1]);
	const char *protocol = kind == NAME_OF_TCP_PORT ? "tcp" : "udp";
	const struct servent *service = getservbyport(htons(port), protocol);

	if (!service || strlen(service->s_name) >= NAME_MOST)
		return false;
	strcpy(name, service->s_name);
	return true;
}

bool name_look_up(enum name_kind kind, const uint8_t key[16],
		  char name[NAME_MOST])
{
	switch (kind) {
	case NAME_OF_IPV4:
	case NAME_OF_IPV6:
		return name_of_address(kind, key, name);
	case NAME_OF_TCP_PORT:
	case NAME_OF_UDP_PORT:
		return name_of_port(kind, key, name);
	}
	return false;
}

/* Until the other end is closed, or says what it should not. */
static void serve(int fd, const void *arg)
{
	struct question q;

	(void)arg;
	child_server_settle(fd);
	sandbox_enter_child(true);
	while (recv(fd, &q, sizeof(q), 0) == (ssize_t)sizeof(q)) {
		struct reply r;

		memset(&r, 0, sizeof(r));
		r.found = name_look_up((enum name_kind)q.kind, q.key, r.name);
		if (send(fd, &r, sizeof(r), MSG_NOSIGNAL) < 0)
			break;
	}
}

struct name_server *name_server_open(struct err *err)
{
	struct name_server *s = malloc(sizeof(*s));

	if (!s) {
		err_nomem(err, "names");
		return NULL;
	}
	sandbox_may_signal(); /* to end it */
	if (child_pair_open(&s->child, SOCK_SEQPACKET, serve, NULL, err))
		return s;
	free(s);
	return NULL;
}

bool name_server_ask(struct name_server *server, enum name_kind kind,
		     const uint8_t key[16], char name[NAME_MOST])
{
	struct question q = {.kind = (uint8_t)kind};
	struct reply r;
	ssize_t n;

	memcpy(q.key, key, sizeof(q.key));
	if (send(server->child.fd, &q, sizeof(q), MSG_NOSIGNAL) !=
	    (ssize_t)sizeof(q))
		return false;
	do {
		n = recv(server->child.fd, &r, sizeof(r), 0);
	} while (n < 0 && errno == EINTR);
	if (n != (ssize_t)sizeof(r) || !r.found ||
	    !memchr(r.name, '\0', sizeof(r.name)))
		return false;
	memcpy(name, r.name, sizeof(r.name));
	return true;
}

void name_server_close(struct name_server *server)
{
	if (!server)
		return;
	/* it ends when it sees that; one that waits for the network is not
	   waited for */
	close(server->child.fd);
	kill(server->child.pid, SIGKILL);
	while (waitpid(server->child.pid, NULL, 0) < 0 && errno == EINTR)
		;
	free(server);
}
