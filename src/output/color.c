/* Which packets have which colour. */
#include "output/color.h"

#include <string.h>

#include "base/array.h"
#include "base/fmt.h"
#include "decode/proto_ids.h"

/* The colour has to fit over this, which stands for the terminal's own. */
static const char blank[] = "\033[0;39m";
enum { BLANK_AT = 2 };

/* The digits of SGR; the topmost layer that has a row decides. */
static const struct {
	enum proto_id id;
	char code[5];
} colours[] = {
    {PROTO_arp, "0;33"},  {PROTO_icmp, "0;35"}, {PROTO_icmpv6, "0;35"},
    {PROTO_igmp, "0;35"}, {PROTO_dns, "0;36"},	{PROTO_dhcp, "0;36"},
    {PROTO_http, "0;32"}, {PROTO_tls, "0;34"},	{PROTO_quic, "0;34"},
    {PROTO_ssh, "0;34"},  {PROTO_stp, "0;90"},	{PROTO_lldp, "0;90"},
};

static const char *colour_of(const struct dissect *d)
{
	unsigned i;
	size_t row;

	for (i = d->n_layers; i > 0; i--)
		for (row = 0; row < ARRAY_LEN(colours); row++)
			if (d->layers[i - 1].id == colours[row].id)
				return colours[row].code;
	return NULL;
}

static bool malformed(const struct dissect *d)
{
	unsigned i;

	for (i = 0; i < d->n_layers; i++)
		if (d->layers[i].state == CUR_MALFORMED)
			return true;
	return false;
}

size_t color_start(struct str *out)
{
	str_puts(out, blank);
	return out->len - strlen(blank);
}

void color_end(struct str *out, size_t start, const struct dissect *d,
	       bool alarm)
{
	const char *code = alarm || malformed(d) ? "1;31" : colour_of(d);

	str_puts(out, COLOR_END);
	if (code && !out->failed)
		fmt_text(out->text + start + BLANK_AT, code);
}
