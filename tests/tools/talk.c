/*
 * talk: a short TCP conversation with itself over the loopback interface, for
 * something to capture. One end asks, the other answers, both close: about
 * fifteen packets.
 *
 * usage: talk
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int fail(const char *what)
{
	perror(what);
	return 1;
}

/* From one end to the other, and to its last byte. */
static bool say(int from, int to, const char *text)
{
	char heard[128];
	size_t n = strlen(text), got = 0;

	if (write(from, text, n) != (ssize_t)n)
		return false;
	while (got < n) {
		ssize_t r = read(to, heard + got, sizeof(heard) - got);

		if (r <= 0)
			return false;
		got += (size_t)r;
	}
	return true;
}

int main(void)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET,
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	socklen_t size = sizeof(at);
	int listener = socket(AF_INET, SOCK_STREAM, 0);
	int client = socket(AF_INET, SOCK_STREAM, 0);
	int server;

	if (listener < 0 || client < 0)
		return fail("socket");
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) ||
	    listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&at, &size))
		return fail("listen on 127.0.0.1");
	if (connect(client, (struct sockaddr *)&at, sizeof(at)))
		return fail("connect to 127.0.0.1");
	server = accept(listener, NULL, NULL);
	if (server < 0)
		return fail("accept");
	if (!say(client, server, "Is anybody there?\n") ||
	    !say(server, client, "Yes: a packet, and another.\n") ||
	    !say(client, server, "Thank you. Goodbye.\n"))
		return fail("talk");
	close(client);
	close(server);
	close(listener);
	return 0;
}
