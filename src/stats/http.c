/* What is asked of web servers, and what they answer. */
#include "decode/proto_ids.h"
#include "stats/report.h"

enum { HOSTS, METHODS, CODES, TYPES };

static const char *const kinds[] = {"hosts", "methods", "codes", "types", NULL};

static const struct field_wish wishes[] = {
    [HOSTS] = {"http.host", 1 << HOSTS},
    [METHODS] = {"http.request.method", 1 << METHODS},
    [CODES] = {"http.response.code", 1 << CODES},
    [TYPES] = {"http.content_type", 1 << TYPES},
    {NULL, 0},
};

static const struct aggregate_shape shapes[] = {
    [HOSTS] = TALLY_SHAPE("http hosts"),
    [METHODS] = TALLY_SHAPE("http methods"),
    [CODES] = TALLY_SHAPE("http codes"),
    [TYPES] = TALLY_SHAPE("http types"),
};

static void packet(struct report_state *p, const struct observation *s)
{
	const struct layer *l = s->d->layers, *end = l + s->d->n_layers;
	unsigned kind;

	for (; l < end && !l->quoted; l++) {
		if (l->id != PROTO_http)
			continue;
		for (kind = HOSTS; kind <= TYPES; kind++)
			if (p->kinds >> kind & 1)
				tally_layer(&p->groups[kind], s, l,
					    p->ids[kind]);
	}
}

static bool show(const struct report_state *part, struct view *view)
{
	static const struct {
		const char *key, *title, *about;
	} shown[] = {
	    [HOSTS] = {"host", "HOST", "HTTP hosts"},
	    [METHODS] = {"method", "METHOD", "HTTP requests"},
	    [CODES] = {"code", "CODE", "HTTP responses"},
	    [TYPES] = {"type", "TYPE", "HTTP content types"},
	};
	static const struct tally_source sources[] = {
	    [HOSTS] = {"http.host", "$5 == %s"},
	    [METHODS] = {"http.request.method", "$5 == %s"},
	    [CODES] = {"http.response.code", "$5 == %s"},
	    [TYPES] = {"http.content_type", "$5 == %s"},
	};

	view->title = shown[view->kind].about;
	return tally_show(part, view, view->kind, shown[view->kind].key,
			  shown[view->kind].title, &sources[view->kind]);
}

const struct report report_http = {
    .name = "http",
    .title = "HTTP: hosts, methods, status codes, content types",
    .kinds = kinds,
    .wishes = wishes,
    .shapes = shapes,
    .n_shapes = 4,
    .packet = packet,
    .show = show,
};
