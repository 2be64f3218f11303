/* list -v: MTU, speed, driver and so on. */
#include "cmd/list_links.h"

#include <inttypes.h>
#include <string.h>

#include "base/num.h"
#include "os/link_info.h"

/* ---- text ---------------------------------------------------------------- */

static void put_label(struct str *out, const char *label)
{
	str_printf(out, "      %-10s  ", label);
}

static void put_speed(const struct link_info *i, struct str *out)
{
	if (!i->speed)
		return;
	put_label(out, "speed");
	str_printf(out, "%" PRIu64 " Mb/s%s\n", i->speed / 1000000,
		   !i->duplex_known ? ""
		   : i->full_duplex ? ", full duplex"
				    : ", half duplex");
}

static void put_driver(const struct link_info *i, struct str *out)
{
	if (!i->driver[0])
		return;
	put_label(out, "driver");
	str_foreign(out, i->driver, strlen(i->driver));
	if (i->version[0]) {
		str_putc(out, ' ');
		str_foreign(out, i->version, strlen(i->version));
	}
	if (i->bus[0]) {
		str_puts(out, " at ");
		str_foreign(out, i->bus, strlen(i->bus));
	}
	str_putc(out, '\n');
}

static void put_name(struct str *out, const char *label, const char *name,
		     const char *more)
{
	if (!name[0])
		return;
	put_label(out, label);
	str_foreign(out, name, strlen(name));
	str_printf(out, "%s\n", more);
}

static void put_ring(struct str *out, const char *label,
		     const struct link_ring *r)
{
	if (!r->known)
		return;
	put_label(out, label);
	str_printf(out, "%" PRIu32 " of %" PRIu32 "\n", r->size, r->most);
}

void list_link_text(const char *name, struct str *out)
{
	char id[LINK_TEXT], known_as[LINK_TEXT];
	struct link_info i;

	link_info(name, &i);
	if (i.mtu) {
		put_label(out, "MTU");
		str_printf(out, "%" PRIu32 "\n", i.mtu);
	}
	put_speed(&i, out);
	put_driver(&i, out);
	put_name(out, "kind", i.kind, "");
	put_name(out, "parent", i.parent,
		 i.parent_elsewhere ? " in another namespace" : "");
	put_name(out, "master", i.master, "");
	put_ring(out, "rx ring", &i.rx);
	put_ring(out, "tx ring", &i.tx);
	if (i.offloads_known)
		put_name(out, "offloads", i.offloads[0] ? i.offloads : "none",
			 "");
	if (i.mtu && link_namespace(id, known_as)) {
		put_label(out, "namespace");
		str_foreign(out, known_as, strlen(known_as));
		str_printf(out, "%s%s\n", known_as[0] ? " " : "", id);
	}
}

/* ---- JSON ---------------------------------------------------------------- */

static void json_number(struct str *out, const char *key, bool known,
			uint64_t n)
{
	str_printf(out, ",\n  \"%s\": ", key);
	if (known)
		str_printf(out, "%" PRIu64, n);
	else
		str_puts(out, "null");
}

static void json_text(struct str *out, const char *key, const char *text)
{
	str_printf(out, ",\n  \"%s\": ", key);
	if (text[0])
		str_json_text(out, text);
	else
		str_puts(out, "null");
}

static void json_ring(struct str *out, const char *key,
		      const struct link_ring *r)
{
	if (r->known)
		str_printf(out,
			   ",\n  \"%s\": {\"size\": %" PRIu32
			   ", \"max\": %" PRIu32 "}",
			   key, r->size, r->most);
	else
		str_printf(out, ",\n  \"%s\": null", key);
}

static void json_offloads(struct str *out, const struct link_info *i)
{
	const char *at = i->offloads;
	size_t n;

	if (!i->offloads_known) {
		str_puts(out, ",\n  \"offloads\": null");
		return;
	}
	str_puts(out, ",\n  \"offloads\": [");
	for (; *at; at += n + (at[n] != '\0')) {
		n = strcspn(at, " ");
		str_printf(out, "%s\"%.*s\"", at > i->offloads ? ", " : "",
			   (int)n, at);
	}
	str_putc(out, ']');
}

void list_link_json(const char *name, struct str *out)
{
	char id[LINK_TEXT] = "", known_as[LINK_TEXT] = "";
	struct link_info i;

	link_info(name, &i);
	json_number(out, "mtu", i.mtu, i.mtu);
	json_number(out, "speed", i.speed, i.speed);
	json_text(out, "duplex",
		  !i.duplex_known ? ""
		  : i.full_duplex ? "full"
				  : "half");
	json_text(out, "driver", i.driver);
	json_text(out, "driver_version", i.version);
	json_text(out, "bus", i.bus);
	json_text(out, "kind", i.kind);
	json_text(out, "parent", i.parent);
	str_printf(out, ",\n  \"parent_elsewhere\": %s",
		   i.parent_elsewhere ? "true" : "false");
	json_text(out, "master", i.master);
	json_ring(out, "rx_ring", &i.rx);
	json_ring(out, "tx_ring", &i.tx);
	json_offloads(out, &i);
	if (i.mtu)
		link_namespace(id, known_as);
	json_text(out, "namespace", known_as);
	json_text(out, "namespace_id", id);
}
