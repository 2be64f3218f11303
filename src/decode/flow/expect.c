/* Reading announcements. */
#include "decode/flow/expect.h"

#include "decode/lib/textline.h"

/* The address of "IN IP4 192.0.2.1", perhaps with "/127" behind it. */
static bool read_address(struct cur value, struct addr *addr)
{
	char text[ADDR_TEXT];
	size_t n = 0;

	text_word(&value);
	text_word(&value);
	while (n < cur_left(&value) && n < sizeof(text) - 1 &&
	       value.pos[n] != '/' && value.pos[n] != ' ') {
		text[n] = (char)value.pos[n];
		n++;
	}
	text[n] = '\0';
	return addr_parse(text, addr);
}

/* The port of "audio 16756 RTP/AVP 8"; 0: it is not for RTP. */
static uint16_t read_port(struct cur value)
{
	struct cur port;
	uint32_t number;

	text_word(&value);
	port = text_word(&value);
	if (!text_number(&port, &number) || number > 65534 ||
	    !text_starts(&value, "RTP/"))
		return 0;
	return (uint16_t)number;
}

unsigned expect_read(struct cur c, struct expectation *to)
{
	struct cur line;
	struct addr addr = {0}, session = {0};
	unsigned n = 0, letter;
	bool media = false;
	uint16_t port;

	/* a request, or an answer of SIP or MGCP */
	if (cur_left(&c) < 3 || c.pos[0] < '0' || c.pos[0] > 'Z')
		return 0;
	while (text_line(&c, &line) && cur_left(&line))
		continue;
	while (text_last_line(&c, &line)) {
		if (cur_left(&line) < 2 || line.pos[1] != '=')
			continue;
		letter = cur_u8(&line);
		cur_skip(&line, 1);
		if (letter == 'c' && read_address(line, &addr)) {
			/* for all media, or for the last one alone */
			if (!media)
				session = addr;
			else if (n && to[n - 1].port)
				to[n - 1].addr = addr;
		} else if (letter == 'm') {
			media = true;
			port = read_port(line);
			if (n < EXPECT_MOST)
				to[n++] = (struct expectation){session, port,
							       EXPECTED_RTP};
		}
	}
	return n;
}

/* "5000-5001" behind the name, wherever that is in the line; 0: not there. */
static unsigned read_ports(struct cur line, const char *name, uint32_t ports[2])
{
	while (line.state == CUR_OK && cur_left(&line)) {
		if (!text_starts(&line, name)) {
			cur_skip(&line, 1);
			continue;
		}
		cur_skip(&line, strlen(name));
		if (!text_number(&line, &ports[0]))
			return 0;
		if (cur_left(&line) && *line.pos == '-') {
			cur_skip(&line, 1);
			return text_number(&line, &ports[1]) ? 2 : 1;
		}
		return 1;
	}
	return 0;
}

unsigned expect_rtsp(struct cur c, struct expectation *to)
{
	struct cur line, name;
	uint32_t ports[2];
	unsigned n = 0, i;

	if (!text_starts(&c, "RTSP/"))
		return 0;
	while (text_line(&c, &line) && cur_left(&line)) {
		if (!text_header(&line, &name) || !text_is(&name, "Transport"))
			continue;
		n = read_ports(line, "client_port=", ports);
		for (i = 0; i < n; i++)
			to[i] = (struct expectation){
			    .port = (uint16_t)ports[i],
			    .kind = i ? EXPECTED_RTCP : EXPECTED_RTP,
			};
	}
	return n;
}

bool expect_tftp(struct cur c)
{
	enum { READ = 1, WRITE = 2 };
	unsigned opcode = cur_be16(&c);

	return c.state == CUR_OK && (opcode == READ || opcode == WRITE);
}
