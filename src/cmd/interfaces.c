/* Owns how interfaces are shown. */
#include "cmd/interfaces.h"

#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "capture/types.h"
#include "cmd/list_links.h"
#include "os/netns.h"
#include "os/parallel.h"

/* What opening an interface tells; one for each that is shown. */
struct opened {
	bool tried, good;
	struct types types;
	struct err err;
};

struct listing {
	const struct interfaces_wish *wish;
	struct devices devices;
	const struct device *first; /* those that are shown */
	size_t n;
	struct opened *opened;
};

void interface_values(struct str *out)
{
	struct devices devices;
	size_t i;

	if (!devices_init(&devices, NULL))
		return;
	for (i = 0; i < devices.n; i++)
		str_printf(out, "%s\n", devices.item[i].name);
	devices_fini(&devices);
}

void netns_values(struct str *out)
{
	netns_names(out);
}

/* The names in types, which end with that. */
static void type_names(struct types *types, struct str *out)
{
	size_t i;

	for (i = 0; i < types->n; i++)
		if (types->item[i].name)
			str_printf(out, "%s\n", types->item[i].name);
	types_fini(types);
}

void linktype_values(struct str *out)
{
	struct types types;

	if (types_all_link(&types, NULL))
		type_names(&types, out);
}

void tstamp_type_values(struct str *out)
{
	struct types types;

	if (types_all_tstamp(&types, NULL))
		type_names(&types, out);
}

/* Only system interfaces are opened unasked: opening a packet queue of the
   kernel, say, would take its packets. */
static void open_one(void *arg, size_t i)
{
	struct listing *l = arg;
	struct opened *o = &l->opened[i];

	o->tried =
	    (l->first[i].is_network || l->wish->only) && !l->wish->remote;
	if (o->tried)
		o->good = types_of_link(&o->types, l->first[i].name,
					l->wish->monitor, &o->err);
}

/* ---- JSON --------------------------------------------------------------- */

static void json_flag(struct str *out, const char *key, bool known, bool flag)
{
	str_printf(out, ",\n  \"%s\": %s", key,
		   !known ? "null"
		   : flag ? "true"
			  : "false");
}

static void json_text(struct str *out, const char *key, const char *text)
{
	str_printf(out, ",\n  \"%s\": ", key);
	if (text)
		str_json_text(out, text);
	else
		str_puts(out, "null");
}

static void json_addr(struct str *out, const char *key, const struct addr *a)
{
	char text[ADDR_TEXT];

	addr_text(a->version, a->bytes, text);
	str_printf(out, ", \"%s\": \"%s\"", key, text);
}

static void json_addresses(struct str *out, const struct device *d)
{
	const struct device_address *a = d->addresses;
	size_t i;

	str_puts(out, ",\n  \"addresses\": [");
	for (i = 0; i < d->n_addresses; i++, a++) {
		str_printf(out, "%s\n   {\"family\": \"%s\"", i ? "," : "",
			   a->addr.version == 4 ? "inet" : "inet6");
		json_addr(out, "address", &a->addr);
		str_printf(out, ", \"prefix\": %u", a->bits);
		if (a->has_broadcast)
			json_addr(out, "broadcast", &a->broadcast);
		if (a->has_peer)
			json_addr(out, "peer", &a->peer);
		str_putc(out, '}');
	}
	str_puts(out, "]");
}

static void json_linktypes(struct str *out, const struct opened *o, bool remote)
{
	size_t i;

	if (!o->good) {
		json_text(out, "linktypes", NULL);
		json_text(out, "linktypes_error",
			  o->tried ? o->err.text
			  : remote ? "not asked of a remote machine"
				   : "not opened unasked");
		return;
	}
	str_puts(out, ",\n  \"linktypes\": [");
	for (i = 0; i < o->types.n; i++) {
		const struct type *t = &o->types.item[i];

		str_printf(out, "%s\n   {\"dlt\": %d, \"name\": ", i ? "," : "",
			   t->value);
		if (t->name)
			str_json_text(out, t->name);
		else
			str_puts(out, "null");
		str_puts(out, ", \"description\": ");
		if (t->description)
			str_json_text(out, t->description);
		else
			str_puts(out, "null");
		str_printf(out, ", \"default\": %s}",
			   t->is_default ? "true" : "false");
	}
	str_puts(out, "]");
}

static const char *link_text(enum device_link link)
{
	static const char *const text[] = {
	    [DEVICE_LINK_UNKNOWN] = NULL,
	    [DEVICE_CONNECTED] = "connected",
	    [DEVICE_DISCONNECTED] = "disconnected",
	    [DEVICE_LINK_NOT_APPLICABLE] = NULL,
	};

	return text[link];
}

static void print_json(const struct listing *l, struct str *out)
{
	char mac[ADDR_MAC_TEXT];
	size_t i;

	str_putc(out, '[');
	for (i = 0; i < l->n; i++) {
		const struct device *d = &l->first[i];

		str_printf(out, "%s\n {\"number\": %u", i ? "," : "",
			   d->number);
		json_text(out, "name", d->name);
		json_text(out, "description", d->description);
		json_flag(out, "default", true, d->is_default);
		json_flag(out, "up", d->flags_known, d->up);
		json_flag(out, "running", d->flags_known, d->running);
		json_flag(out, "loopback", true, d->loopback);
		json_flag(out, "wireless", d->flags_known, d->wireless);
		json_text(out, "connection", link_text(d->link));
		addr_mac_text(d->mac, mac);
		json_text(out, "mac", d->has_mac ? mac : NULL);
		json_addresses(out, d);
		json_linktypes(out, &l->opened[i], l->wish->remote != NULL);
		if (l->wish->details)
			list_link_json(d->name, out);
		str_putc(out, '}');
	}
	str_puts(out, l->n ? "\n]\n" : "]\n");
}

/* ---- text --------------------------------------------------------------- */

static void put_word(struct str *out, bool put, const char *word)
{
	if (!put)
		return;
	if (out->len)
		str_puts(out, ", ");
	str_puts(out, word);
}

/* "up, running, connected": never empty */
static void state_text(const struct device *d, struct str *out)
{
	put_word(out, d->up, "up");
	put_word(out, d->flags_known && d->is_network && !d->up, "down");
	put_word(out, d->running, "running");
	put_word(out, d->loopback, "loopback");
	put_word(out, d->wireless, "wireless");
	put_word(out, link_text(d->link) != NULL, link_text(d->link));
	put_word(out, d->is_default, "default");
	put_word(out, !out->len, "-");
}

static void print_address(struct str *out, const struct device_address *a)
{
	char text[ADDR_TEXT];

	addr_text(a->addr.version, a->addr.bytes, text);
	str_printf(out, "      %-10s  %s/%u",
		   a->addr.version == 4 ? "inet" : "inet6", text, a->bits);
	if (a->has_broadcast) {
		addr_text(a->broadcast.version, a->broadcast.bytes, text);
		str_printf(out, " broadcast %s", text);
	}
	if (a->has_peer) {
		addr_text(a->peer.version, a->peer.bytes, text);
		str_printf(out, " peer %s", text);
	}
	str_putc(out, '\n');
}

static void print_linktypes(struct str *out, const struct types *types)
{
	size_t i;

	str_printf(out, "      %-10s  ", "link types");
	for (i = 0; i < types->n; i++) {
		const struct type *t = &types->item[i];

		str_puts(out, i ? ", " : "");
		if (t->name)
			str_puts(out, t->name);
		else
			str_printf(out, "%d", t->value);
		if (t->description)
			str_printf(out, " (%s)", t->description);
	}
	str_putc(out, '\n');
}

static void print_device(struct str *out, const struct device *d,
			 const struct opened *o, size_t name_width,
			 size_t state_width)
{
	struct str state = STR_INIT;
	size_t len = strlen(d->name), i;
	char mac[ADDR_MAC_TEXT];

	state_text(d, &state);
	str_printf(out, "%3u. ", d->number);
	str_foreign(out, d->name, len);
	str_pad(out, ' ', name_width - len + 2);
	str_puts(out, str_text(&state));
	if (d->description) {
		str_pad(out, ' ', state_width - state.len + 2);
		str_foreign(out, d->description, strlen(d->description));
	}
	str_putc(out, '\n');
	if (d->has_mac) {
		addr_mac_text(d->mac, mac);
		str_printf(out, "      %-10s  %s\n", "ether", mac);
	}
	for (i = 0; i < d->n_addresses; i++)
		print_address(out, &d->addresses[i]);
	if (o->good)
		print_linktypes(out, &o->types);
	str_fini(&state);
}

static void print_text(const struct listing *l, struct str *out)
{
	size_t names = 0, states = 0, i;
	bool denied = false;

	for (i = 0; i < l->n; i++) {
		struct str state = STR_INIT;
		size_t len = strlen(l->first[i].name);

		state_text(&l->first[i], &state);
		names = len > names ? len : names;
		if (l->first[i].description && state.len > states)
			states = state.len;
		denied = denied || (l->opened[i].tried && !l->opened[i].good &&
				    l->opened[i].types.denied);
		str_fini(&state);
	}
	for (i = 0; i < l->n; i++) {
		print_device(out, &l->first[i], &l->opened[i], names, states);
		if (l->wish->details)
			list_link_text(l->first[i].name, out);
	}
	if (denied)
		log_note("link types are not shown: opening an interface needs "
			 "the capability CAP_NET_RAW");
}

/* Which devices are shown: all, or the one that was asked for. */
static bool choose(struct listing *l, struct err *err)
{
	const struct device *only;

	l->first = l->devices.item;
	l->n = l->devices.n;
	if (!l->wish->only)
		return true;
	only = devices_find(&l->devices, l->wish->only);
	if (!only)
		return device_unknown(l->wish->only, err);
	l->first = only;
	l->n = 1;
	return true;
}

bool interfaces_print(const struct interfaces_wish *wish, struct str *out,
		      struct err *err)
{
	struct listing l = {.wish = wish};
	bool good = false;
	size_t i;

	if (wish->remote ? !devices_init_remote(&l.devices, wish->remote,
						wish->login, err)
			 : !devices_init(&l.devices, err))
		return false;
	if (!choose(&l, err))
		goto out;
	l.opened = calloc(l.n ? l.n : 1, sizeof(*l.opened));
	if (!l.opened) {
		err_nomem(err, "the list of interfaces");
		goto out;
	}
	os_parallel(l.n, open_one, &l);
	if (wish->json)
		print_json(&l, out);
	else
		print_text(&l, out);
	good = !out->failed || err_nomem(err, "the list of interfaces");
	for (i = 0; i < l.n; i++)
		types_fini(&l.opened[i].types);
	free(l.opened);
out:
	devices_fini(&l.devices);
	return good;
}
