/* Reading announcements. */
#include "decode/flow/expect.h"

#include "decode/lib/textline.h"

enum { MEDIA_MOST = 8 /* that one line announces */ };

/* The address of "IN IP4 192.0.2.1", perhaps with "/127" after it. */
static bool read_address(struct cur value, struct addr *addr)
{
	char text[ADDR_TEXT];
	size_t n = 0;

	text_word(&value);
	text_word(&value);
	while (n < cur_left(&value) && n < sizeof(text) - 1 &&
	       cur_peek8(&value, n) != '/' && cur_peek8(&value, n) != ' ') {
		text[n] = (char)cur_peek8(&value, n);
		n++;
	}
	text[n] = '\0';
	return addr_parse(text, addr);
}

/* The media of "audio 16756 RTP/AVP 8", "video 5000/2 UDP/TLS/RTP/SAVPF 96".
   Returns how many: 0: they are not for RTP over UDP. */
static uint32_t read_medium(struct cur value, struct expectation *to)
{
	struct cur port, profile;
	uint32_t number, n = 1;
	size_t at;

	text_word(&value);
	port = text_word(&value);
	if (!text_number(&port, &number) || number > 65534)
		return 0;
	if (cur_left(&port) && cur_peek8(&port, 0) == '/') {
		cur_skip(&port, 1);
		text_number(&port, &n);
	}
	profile = text_word(&value);
	if (text_starts(&profile, "TCP/"))
		return 0;
	while (!text_starts(&profile, "RTP/")) {
		at = text_find(&profile, '/');
		if (at == SIZE_MAX)
			return 0;
		cur_skip(&profile, at + 1);
	}
	to->port = (uint16_t)number;
	to->kind = EXPECTED_RTP;
	to->secret = text_starts(&profile, "RTP/SAVP");
	return n < MEDIA_MOST ? n : MEDIA_MOST;
}

/* What is read of a session description. */
struct description {
	struct expectation *to;
	unsigned n, medium; /* the last medium's first place */
	struct addr session;
	bool in_media;
};

static void add_medium(struct description *s, const struct cur *line)
{
	struct expectation a = {.addr = s->session};
	uint32_t n = read_medium(*line, &a);

	s->in_media = true;
	s->medium = s->n;
	for (; n > 0 && a.port && s->n < EXPECT_MOST; n--) {
		s->to[s->n++] = a;
		a.port = (uint16_t)(a.port + 2);
	}
}

/* "rtcp:5001", perhaps with "IN IP4 192.0.2.1" after it (RFC 3605). */
static void add_rtcp(struct description *s, struct cur line)
{
	struct expectation a;
	uint32_t port;

	if (s->medium == s->n || s->n == EXPECT_MOST ||
	    !text_starts(&line, "rtcp:"))
		return;
	cur_skip(&line, 5);
	if (!text_number(&line, &port) || !port || port > UINT16_MAX)
		return;
	a = s->to[s->medium];
	s->to[s->medium].kind = EXPECTED_RTP_ALONE;
	a.kind = EXPECTED_RTCP;
	a.port = (uint16_t)port;
	text_spaces(&line);
	read_address(line, &a.addr);
	s->to[s->n++] = a;
}

/* An address for all media, or for the last one alone. */
static void set_address(struct description *s, const struct cur *line)
{
	struct addr addr = {0};
	unsigned i;

	if (!read_address(*line, &addr))
		return;
	if (!s->in_media)
		s->session = addr;
	for (i = s->in_media ? s->medium : s->n; i < s->n; i++)
		s->to[i].addr = addr;
}

unsigned expect_read(struct cur c, struct expectation *to)
{
	struct description s = {.to = to};
	struct cur line;
	unsigned letter;

	/* a request, or an answer of SIP or MGCP */
	if (cur_left(&c) < 3 || cur_peek8(&c, 0) < '0' ||
	    cur_peek8(&c, 0) > 'Z')
		return 0;
	while (text_line(&c, &line) && cur_left(&line))
		continue;
	while (text_last_line(&c, &line)) {
		if (cur_left(&line) < 2 || cur_peek8(&line, 1) != '=')
			continue;
		letter = cur_u8(&line);
		cur_skip(&line, 1);
		if (letter == 'c')
			set_address(&s, &line);
		else if (letter == 'm')
			add_medium(&s, &line);
		else if (letter == 'a')
			add_rtcp(&s, line);
	}
	return s.n;
}

/* "5000-5001" after the name, wherever that is in the line; 0: not there. */
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
		if (cur_left(&line) && cur_peek8(&line, 0) == '-') {
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
