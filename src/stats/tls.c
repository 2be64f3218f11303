/* TLS: which servers are asked for, and what is agreed on. */
#include "decode/proto_ids.h"
#include "stats/report.h"

enum { NAMES, VERSIONS, CIPHERS, ALERTS };
enum { NAME, TYPE, VERSION, SUPPORTED, CIPHER, ALERT };
enum { SERVER_HELLO = 2 };

static const char *const kinds[] = {"names", "versions", "ciphers", "alerts",
				    NULL};

static const struct field_wish wishes[] = {
    [NAME] = {"tls.handshake.extensions_server_name", 1 << NAMES},
    [TYPE] = {"tls.handshake.type", ALL_KINDS},
    [VERSION] = {"tls.handshake.version", 1 << VERSIONS},
    [SUPPORTED] = {"tls.handshake.extensions.supported_version", 1 << VERSIONS},
    [CIPHER] = {"tls.handshake.ciphersuite", 1 << CIPHERS},
    [ALERT] = {"tls.alert_message.desc", 1 << ALERTS},
    {NULL, 0},
};

static const struct aggregate_shape shapes[] = {
    [NAMES] = TALLY_SHAPE("tls server names"),
    [VERSIONS] = TALLY_SHAPE("tls versions"),
    [CIPHERS] = TALLY_SHAPE("tls ciphers"),
    [ALERTS] = TALLY_SHAPE("tls alerts"),
};

static void count_layer(struct report_state *p, const struct observation *s,
			const struct layer *l)
{
	const struct value *v = s->d->values + l->first;
	const struct value *end = s->d->values + l->end;
	const struct value *version = NULL; /* that the server chose */
	bool server = false;

	for (; v < end; v++) {
		if (v->field == p->ids[NAME] && p->kinds & 1 << NAMES)
			tally_value(&p->groups[NAMES], s, v);
		else if (v->field == p->ids[ALERT] && p->kinds & 1 << ALERTS)
			tally_value(&p->groups[ALERTS], s, v);
		else if (v->field == p->ids[TYPE])
			server = v->num == SERVER_HELLO;
		else if (server && (v->field == p->ids[VERSION] ||
				    v->field == p->ids[SUPPORTED]))
			version = v;
		else if (server && v->field == p->ids[CIPHER] &&
			 p->kinds & 1 << CIPHERS)
			tally_value(&p->groups[CIPHERS], s, v);
	}
	if (version && p->kinds & 1 << VERSIONS)
		tally_value(&p->groups[VERSIONS], s, version);
}

static void packet(struct report_state *p, const struct observation *s)
{
	const struct layer *l = s->d->layers, *end = l + s->d->n_layers;

	for (; l < end && !l->quoted; l++)
		if (l->id == PROTO_tls)
			count_layer(p, s, l);
}

static bool show(const struct report_state *part, struct view *view)
{
	static const struct {
		const char *key, *title, *about;
	} shown[] = {
	    [NAMES] = {"name", "NAME", "TLS server names"},
	    [VERSIONS] = {"version", "VERSION", "TLS versions agreed on"},
	    [CIPHERS] = {"cipher", "CIPHER", "TLS cipher suites agreed on"},
	    [ALERTS] = {"alert", "ALERT", "TLS alerts"},
	};
	static const struct tally_source sources[] = {
	    [NAMES] = {"tls.handshake.extensions_server_name", "$5 == %s"},
	    [VERSIONS] = {"tls.handshake.type,tls.handshake.version,"
			  "tls.handshake.extensions.supported_version",
			  "$5 ~ /^2/ && ($7 ? $7 : $6) == %s"},
	    [CIPHERS] = {"tls.handshake.type,tls.handshake.ciphersuite",
			 "$5 ~ /^2/ && $6 == %s"},
	    [ALERTS] = {"tls.alert_message.desc", "$5 == %s"},
	};

	view->title = shown[view->kind].about;
	return tally_show(part, view, view->kind, shown[view->kind].key,
			  shown[view->kind].title, &sources[view->kind]);
}

const struct report report_tls = {
    .name = "tls",
    .title = "TLS: server names, versions, cipher suites, alerts",
    .kinds = kinds,
    .wishes = wishes,
    .shapes = shapes,
    .n_shapes = 4,
    .packet = packet,
    .show = show,
};
