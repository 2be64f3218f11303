/* What packets are grouped by, as text that is fit for a file's name. */
#include "pkt/keytext.h"

#include <string.h>

#include "base/addr.h"
#include "base/array.h"

void keytext_safe(struct str *s, const char *text)
{
	for (; *text; text++) {
		bool safe = (*text >= '0' && *text <= '9') ||
			    (*text >= 'a' && *text <= 'z') ||
			    (*text >= 'A' && *text <= 'Z') ||
			    strchr(".+-", *text);

		str_putc(s, safe ? *text : '_');
	}
}

void keytext_addr(struct str *s, unsigned version, const uint8_t *bytes)
{
	char text[ADDR_TEXT];

	addr_text(version, bytes, text);
	keytext_safe(s, text);
}

void keytext_flow(struct str *s, const struct flowkey *key)
{
	static const struct {
		uint8_t proto;
		const char *name;
	} names[] = {{1, "icmp"}, {6, "tcp"},	 {17, "udp"},  {47, "gre"},
		     {50, "esp"}, {58, "icmp6"}, {132, "sctp"}};
	size_t i;

	for (i = 0; i < ARRAY_LEN(names); i++)
		if (names[i].proto == key->proto)
			break;
	if (i < ARRAY_LEN(names))
		str_puts(s, names[i].name);
	else
		str_printf(s, "ip%u", key->proto);
	for (i = 0; i < 2; i++) {
		str_putc(s, '-');
		keytext_addr(s, key->version, key->addrs[i]);
		if (key->ports[0] || key->ports[1])
			str_printf(s, ".%u", key->ports[i]);
	}
	if (key->part)
		str_puts(s, "-fragments");
}
