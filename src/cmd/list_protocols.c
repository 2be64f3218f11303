/* The tables of protocols and their fields. */
#include "cmd/list_protocols.h"

#include <string.h>

#include "base/array.h"
#include "base/nearest.h"
#include "cmd/pages.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"

/* How what leads to a protocol is written, as in `read --as`; a row without a
   word is nothing that could be written. */
static const struct key_text {
	const char *word;
	int hex_digits; /* of the value; 0: decimal, -1: it says nothing */
} key_texts[KEY_SPACES] = {
    [KEY_LINKTYPE] = {"linktype", 0},
    [KEY_ETHERTYPE] = {"ethertype", 4},
    [KEY_SAP] = {"llc sap", 2},
    [KEY_PPP] = {"ppp", 4},
    [KEY_AF] = {"address family", 0},
    [KEY_IPPROTO] = {"ip proto", 0},
    [KEY_TCP_PORT] = {"tcp port", 0},
    [KEY_UDP_PORT] = {"udp port", 0},
    [KEY_TCP_GUESS] = {"tcp data", -1},
    [KEY_UDP_GUESS] = {"udp data", -1},
    [KEY_UDP_MEDIA] = {"announced media", -1},
};

static void put_keys(struct table *t, const struct proto *proto)
{
	struct str keys = STR_INIT;
	unsigned i;

	for (i = 0; i < proto->n_keys; i++) {
		const struct key *key = &proto->keys[i];
		const struct key_text *text = &key_texts[key->space];

		if (!text->word)
			continue;
		str_puts(&keys, text->word);
		if (text->hex_digits > 0)
			str_printf(&keys, " 0x%0*x", text->hex_digits,
				   key->value);
		else if (!text->hex_digits)
			str_printf(&keys, " %u", key->value);
		str_putc(&keys, '\n');
	}
	table_items(t, str_text(&keys));
	t->failed = t->failed || keys.failed;
	str_fini(&keys);
}

void protocols_table(struct table *t)
{
	static const struct column columns[] = {
	    {"name", "NAME", false},
	    {"description", "DESCRIPTION", false},
	    {"fields", "FIELDS", true},
	    {"found_by", "FOUND BY", false},
	};
	unsigned id;

	table_init(t, columns, ARRAY_LEN(columns));
	for (id = 1; id < PROTO_COUNT; id++) {
		const struct proto *proto = proto_at(id);

		table_text(t, proto->name);
		table_text(t, proto->title);
		table_number(t, proto->n_fields);
		put_keys(t, proto);
	}
}

static void put_fields(struct table *t, const struct proto *proto)
{
	unsigned i;

	for (i = 0; i < proto->n_fields; i++) {
		table_text(t, proto->fields[i].name);
		table_text(t, page_type(proto->fields[i].type));
		table_text(t, proto->fields[i].title);
		table_text(t, proto->name);
	}
}

bool fields_table(struct table *t, const char *protocol, struct err *err)
{
	static const struct column columns[] = {
	    {"name", "NAME", false},
	    {"type", "TYPE", false},
	    {"description", "DESCRIPTION", false},
	    {"protocol", NULL, false},
	};
	struct nearest near = NEAREST_START(protocol ? protocol : "");
	bool found = !protocol;
	unsigned id;

	table_init(t, columns, ARRAY_LEN(columns));
	for (id = 1; id < PROTO_COUNT; id++) {
		const struct proto *proto = proto_at(id);

		nearest_try(&near, proto->name);
		if (protocol && strcmp(protocol, proto->name) != 0)
			continue;
		put_fields(t, proto);
		found = true;
	}
	if (found)
		return true;
	table_fini(t);
	if (near.best)
		return err_set(err, ERR_USAGE,
			       "unknown protocol '%s': did you mean '%s'?",
			       protocol, near.best);
	return err_set(err, ERR_USAGE,
		       "unknown protocol '%s' ('pcaptool list protocols' has "
		       "all)",
		       protocol);
}
