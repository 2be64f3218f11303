/* What SSH_CONNECTION says. */
#include "os/ssh.h"

#include <stdlib.h>

#include "base/array.h"
#include "tap.h"

static void test_parse(void)
{
	struct ssh_connection c;
	char text[ADDR_TEXT];

	is_int(ssh_parse("192.0.2.1 50000 192.0.2.2 22", &c), 1, "IPv4");
	is_int(c.client.port, 50000, "the client's port");
	is_int(c.server.port, 22, "the server's port");
	addr_text(c.server.addr.version, c.server.addr.bytes, text);
	is_str(text, "192.0.2.2", "the server's address");
	is_int(ssh_parse("fe80::1%eth0 1 fe80::2%eth0 65535", &c), 1,
	       "IPv6 with a zone");
	addr_text(c.client.addr.version, c.client.addr.bytes, text);
	is_str(text, "fe80::1", "the zone is left out");
}

static void test_refused(void)
{
	static const char *const wrong[] = {
	    "",
	    "192.0.2.1 50000 192.0.2.2",
	    "192.0.2.1 50000 192.0.2.2 22 x",
	    "192.0.2.1 0 192.0.2.2 22",
	    "192.0.2.1 65536 192.0.2.2 22",
	    "192.0.2.1 -1 192.0.2.2 22",
	    "192.0.2.300 1 192.0.2.2 22",
	    "host 1 other 22",
	    "UNKNOWN 65535 UNKNOWN 65535",
	    "1 or 1 2",
	};
	struct ssh_connection c;
	size_t i;

	for (i = 0; i < ARRAY_LEN(wrong); i++)
		is_int(ssh_parse(wrong[i], &c), 0, wrong[i]);
}

static void test_variable(void)
{
	struct ssh_connection c = {0};

	setenv("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22", 1);
	is_int(ssh_find(&c, NULL), 1, "found by the variable");
	is_int(c.client.port, 50000, "which is its own");
}

int main(void)
{
	test_parse();
	test_refused();
	test_variable();
	return done();
}
