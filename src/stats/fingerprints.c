/* Fingerprints of what clients and servers of TLS, QUIC and SSH offer. */
#include "decode/proto_ids.h"
#include "stats/report.h"

enum { JA3, JA3S, JA4, HASSH, HASSH_SERVER, KINDS };

static const char *const kinds[] = {"ja3",   "ja3s",	     "ja4",
				    "hassh", "hassh-server", NULL};

static const struct field_wish wishes[] = {
    [JA3] = {"tls.handshake.ja3", 1 << JA3},
    [JA3S] = {"tls.handshake.ja3s", 1 << JA3S},
    [JA4] = {"tls.handshake.ja4", 1 << JA4},
    [HASSH] = {"ssh.kex.hassh", 1 << HASSH},
    [HASSH_SERVER] = {"ssh.kex.hasshserver", 1 << HASSH_SERVER},
    {NULL, 0},
};

static const struct aggregate_shape shapes[] = {
    [JA3] = TALLY_SHAPE("ja3"),
    [JA3S] = TALLY_SHAPE("ja3s"),
    [JA4] = TALLY_SHAPE("ja4"),
    [HASSH] = TALLY_SHAPE("hassh"),
    [HASSH_SERVER] = TALLY_SHAPE("hassh server"),
};

static void packet(struct report_state *p, const struct observation *s)
{
	const struct layer *l = s->d->layers, *end = l + s->d->n_layers;
	unsigned kind;

	for (; l < end && !l->quoted; l++)
		if (l->id == PROTO_tls || l->id == PROTO_ssh)
			for (kind = 0; kind < KINDS; kind++)
				if (p->kinds >> kind & 1)
					tally_layer(&p->groups[kind], s, l,
						    p->ids[kind]);
}

static bool show(const struct report_state *part, struct view *view)
{
	static const struct {
		const char *key, *title, *about;
	} shown[] = {
	    [JA3] = {"ja3", "JA3", "Clients of TLS and QUIC by JA3"},
	    [JA3S] = {"ja3s", "JA3S", "Servers of TLS and QUIC by JA3S"},
	    [JA4] = {"ja4", "JA4", "Clients of TLS and QUIC by JA4"},
	    [HASSH] = {"hassh", "HASSH", "Clients of SSH by HASSH"},
	    [HASSH_SERVER] = {"hassh_server", "HASSH SERVER",
			      "Servers of SSH by HASSH"},
	};
	static const struct tally_source sources[] = {
	    [JA3] = {"tls.handshake.ja3", "$5 == %s"},
	    [JA3S] = {"tls.handshake.ja3s", "$5 == %s"},
	    [JA4] = {"tls.handshake.ja4", "$5 == %s"},
	    [HASSH] = {"ssh.kex.hassh", "$5 == %s"},
	    [HASSH_SERVER] = {"ssh.kex.hasshserver", "$5 == %s"},
	};

	view->title = shown[view->kind].about;
	return tally_show(part, view, view->kind, shown[view->kind].key,
			  shown[view->kind].title, &sources[view->kind]);
}

const struct report report_fingerprints = {
    .name = "fingerprints",
    .title = "Fingerprints of clients and servers: TLS, QUIC, SSH",
    .kinds = kinds,
    .wishes = wishes,
    .shapes = shapes,
    .n_shapes = KINDS,
    .packet = packet,
    .show = show,
};
