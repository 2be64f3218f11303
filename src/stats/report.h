/*
 * What a report is made of. A report is one file that defines one const struct
 * report, and one line in stats.def (and the file's name in Makefile.am).
 *
 * Its state is groups (stats/aggregate.h), of the shapes that it names; from
 * that follow threads with a state each, --save and --merge. packet() counts
 * what it sees in decoded values and never looks at bytes; show() makes rows
 * of what was counted. A report may show what another one counts (from).
 */
#ifndef STATS_REPORT_H
#define STATS_REPORT_H

#include <string.h>

#include "base/table.h"
#include "decode/dissect.h"
#include "pkt/pipeline.h"
#include "stats/aggregate.h"
#include "stats/stats.h"
#include "where/arena.h"

enum { REPORT_AGGREGATES = 16, REPORT_WISHES = 24, REPORT_COLUMNS = 40 };

/* One packet. */
struct observation {
	const struct pkt *pkt;
	const struct dissect *d;
	uint64_t marks; /* a bit for each --count that it matches */
	uint32_t len;	/* on the wire */
	bool timed;
	int64_t time_ns; /* 0 if it is not timed */
};

/* A field that a report reads, and for which kinds of it. */
struct field_wish {
	const char *name;
	unsigned kinds;
};

enum { ALL_KINDS = ~0 };

/* A report's state: one a thread while packets come, then one. */
struct report_state {
	const struct report *report;
	const struct stats_options *options;
	unsigned kinds;		/* that are wanted: a bit each */
	int ids[REPORT_WISHES]; /* numbers of the fields; -1: there is none */
	const struct field_list *list; /* of one that gets its fields */
	struct aggregate groups[REPORT_AGGREGATES];
	void *scratch; /* the report's own, zeroed; not a part of its state */
};

/* Rows, and how they are shown unless the user wants them differently. */
struct view {
	struct rows rows; /* first, so that rows can be cast to their view */
	const struct report_state *part;
	const struct aggregate *group; /* row i is its entry i, mostly */
	struct aggregate own; /* made for this view; else its shape is 0 */
	void *data;	      /* the report's; freed */
	const struct report *report;
	unsigned kind;
	const char *title; /* NULL: as that of the report */
	struct column columns[REPORT_COLUMNS + STATS_COUNTS];
	struct arena names; /* of columns, and the title */
	const char *sort;   /* key of a column; NULL: as the rows are */
	bool ascending;
	bool record;	   /* one row, that people read as a list of lines */
	bool whole;	   /* --top does not apply */
	const char *chart; /* key of the column that charts draw; NULL: none */
	/* Append what shows a row's packets: an expression for
	   pcap-filter(7), or options of read, and what to pipe it into. NULL:
	   nothing does. */
	void (*expression)(const struct view *, size_t row, struct str *);
	const struct tally_source *source; /* of a tally */
};

struct report {
	const char *name, *title;
	const char *const *kinds;  /* NULL after the last; NULL: one without
				      a name */
	const struct report *from; /* whose state this one shows */
	/* The rest belongs to those that count: */
	const struct field_wish *wishes; /* a NULL name after the last */
	bool all_layers;		 /* looks at every layer's name */
	bool lists;			 /* gets the fields that it counts by */
	bool only_values;		 /* does not look at layers */
	const struct aggregate_shape *shapes;
	unsigned n_shapes;
	unsigned kinds_shown; /* by default; 0: all */
	size_t scratch;
	bool keeps; /* scratch stays as it is when the state is emptied */
	/* The state is new, or empty again after it was merged into another;
	   scratch is zeroed. */
	void (*begin)(struct report_state *);
	/* Before any packet of the interface, in the thread that reads. */
	void (*iface)(struct report_state *, const struct iface *);
	/* Packets that are not decoded, in the thread that reads; marks[i] is
	   of packet i. */
	void (*packets)(struct report_state *, const struct pkt *, size_t n,
			const uint64_t *marks);
	void (*block)(struct report_state *, const struct block *);
	void (*iface_end)(struct report_state *, uint32_t iface,
			  const struct counters *);
	void (*file)(struct report_state *, const struct stats_file *);
	void (*end)(struct report_state *); /* no packets come any more */
	/* A decoded packet, in any thread. */
	void (*packet)(struct report_state *, const struct observation *);
	/* This went from a group that is full: what else is kept of it. */
	void (*spill)(struct report_state *, unsigned group,
		      const uint64_t *key, const uint64_t *values);
	/* Are rows of these kinds short of what went from that group? NULL:
	   yes. */
	bool (*lacks)(unsigned kinds, unsigned group);
	/* Could that text be a key of the group? NULL: any could. */
	bool (*is_key)(const struct report_state *, unsigned group,
		       const char *text, size_t len);
	/* Make the two ready to be merged. */
	void (*match)(struct report_state *, struct report_state *);
	/* Frees what scratch points to, before it is zeroed or freed. */
	void (*fini)(struct report_state *);
	/* Say what the rows leave out that was asked for. false: nothing. */
	bool (*remark)(const struct report_state *, struct str *out);
	/* Fill in the view of a kind. false: no memory. For reports with
	   `from` the part is that one's. */
	bool (*show)(const struct report_state *, struct view *);
};

/* All reports in the order of stats.def; a NULL ends them. */
extern const struct report *const reports[];

/* An address of up to 16 bytes in two words of a key, the same on every
   machine, and back. */
static inline uint64_t key_word(const uint8_t *p)
{
	uint64_t word;

	memcpy(&word, p, sizeof(word));
	return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? word
						      : __builtin_bswap64(word);
}

static inline void key_address(uint64_t key[2], const uint8_t *p, unsigned n)
{
	uint8_t padded[16] = {0};

	memcpy(padded, p, n);
	key[0] = key_word(padded);
	key[1] = key_word(padded + 8);
}

static inline void address_of(const uint64_t key[2], uint8_t p[16])
{
	uint64_t words[2] = {key[0], key[1]};

	if (__BYTE_ORDER__ != __ORDER_BIG_ENDIAN__) {
		words[0] = __builtin_bswap64(words[0]);
		words[1] = __builtin_bswap64(words[1]);
	}
	memcpy(p, words, sizeof(words));
}

/* The layer's value of the field with this number, or NULL. */
static inline const struct value *layer_value(const struct dissect *d,
					      const struct layer *layer, int id)
{
	const struct value *v = d->values + layer->first;
	const struct value *end = d->values + layer->end;

	for (; v < end; v++)
		if (v->field == id)
			return v;
	return NULL;
}

/* ---- for show() (view.c) ---- */

/* The columns of the view: these, and one for each --count. The rows are the
   entries of the group. */
void view_init(struct view *view, const struct column *columns, size_t n,
	       const struct aggregate *group,
	       void (*put)(const struct rows *, size_t, struct table *));

/* Append a part of an expression: "ip src host 192.0.2.1"; the direction is "",
   "src " or "dst ". */
void view_host(struct str *out, const char *direction, const uint64_t key[2],
	       unsigned n);

/* A copy of text that is harmless on a terminal and lives as long as the view;
   NULL: no memory. */
const char *view_name(struct view *view, const char *text, size_t len);

/* The cells of --count, the last ones of a row. */
void view_marks(const struct view *view, const uint64_t *values,
		struct table *t);

/* Part of the whole in percent; none where the whole is 0. */
void view_share(struct table *t, uint64_t part, uint64_t whole);

/* A time and a duration of aggregate_span() values; none where there is no
 * time. */
void view_time(struct table *t, int64_t ns, bool known);
void view_span(struct table *t, int64_t first, int64_t last);
/* n per second of the span, or of what the options say that rates are over;
   none where it is empty. */
void view_rate(const struct view *view, struct table *t, uint64_t n,
	       int64_t first, int64_t last);

/* Sum of a value over all entries, those that were evicted included. */
uint64_t aggregate_sum(const struct aggregate *g, unsigned value);

/*
 * A count by the values of a field: one more for the text, with bytes len. The
 * shape is tally_shape's: packets, bytes, first and last time.
 */
#define TALLY_SHAPE(called)                                                    \
	{                                                                      \
		.name = (called), .n_values = 4, .weight = 1, .rule = {        \
			AGGREGATE_SUM,                                         \
			AGGREGATE_SUM,                                         \
			AGGREGATE_MIN,                                         \
			AGGREGATE_MAX                                          \
		}                                                              \
	}
/* The columns of such counts, after those of what is counted. */
enum { TALLY_COLUMNS = 5 };
extern const struct column tally_columns[TALLY_COLUMNS];
/* The cells of these, and of --count; whole: what the share is of. */
void tally_counts(const struct view *view, const uint64_t *values,
		  uint64_t whole, struct table *t);
void tally_text(struct aggregate *g, const struct observation *s,
		const void *text, size_t len);
/* The field's value in the packet's layer, as people read it, if it is there.
   Numbers are "12 name" where they have a name. */
void tally_value(struct aggregate *g, const struct observation *s,
		 const struct value *value);
/* Every value of the field in the layer. */
void tally_layer(struct aggregate *g, const struct observation *s,
		 const struct layer *layer, int id);
/* Of an expression that awk judges: the first columns, and what follows the
   last one. */
#define VIEW_FIELDS "--fields frame.number,frame.time,"
#define VIEW_AWK " | awk -F'\\t' "

/* Where a tally's values come from: fields of read, with commas between, and
   awk's test of a line with them in columns 5 and on, with the value for %s. */
struct tally_source {
	const char *fields, *test;
};

/* The view of it; title: what is counted. source is static; NULL: the values
   are not those of fields. */
bool tally_show(const struct report_state *part, struct view *view,
		unsigned group, const char *key, const char *title,
		const struct tally_source *source);

#endif
