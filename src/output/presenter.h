/* A presentation, as the printer sees it. */
#ifndef OUTPUT_PRESENTER_H
#define OUTPUT_PRESENTER_H

#include "base/str.h"
#include "decode/dissect.h"
#include "output/print.h"
#include "pkt/pipeline.h"

struct where_column;

struct print_column {
	struct where_column *expr; /* NULL: a field, */
	uint16_t field;		   /* with this number */
};

/* What is fixed for a run and shared by all threads. */
struct print_run {
	struct print_options options;
	struct plan *plan;
	struct print_column *columns; /* what was asked for, in order */
	size_t n_columns;	      /* 0: nothing was */
	size_t n_exprs;		      /* how many are expressions */
	bool *hidden; /* by field; NULL: all that are found are shown */
};

/* One thread's instance. */
struct presenter {
	const struct presenter_ops *ops;
	const struct print_run *run;
	uint64_t empty; /* packets that have none of the fields asked for */
	/* Beyond `room` bytes of text a form lets it go before there is more:
	   writes what is in out, and empties it. Set by who asks for packets;
	   NULL: out takes all. */
	void (*spill)(struct presenter *, struct str *out);
	void *spill_to;
	size_t room;
};

static inline void presenter_check(struct presenter *form, struct str *out)
{
	if (out->len > form->room && form->spill)
		form->spill(form, out);
}

struct presenter_ops {
	const char *name;
	/* Tell the plan what is needed beside the columns. May be NULL. */
	void (*wish)(const struct print_options *, struct plan *);
	/* NULL: no memory */
	struct presenter *(*open)(const struct print_run *);
	void (*close)(struct presenter *);
	/* Once, before the first packet. May be NULL. */
	void (*head)(struct presenter *, struct str *out);
	/* With -N: a block of the savefile other than a packet, which may have
	   names. May be NULL. */
	void (*block)(struct presenter *, const struct block *);
	/* The packet that d was last given. */
	void (*packet)(struct presenter *, const struct dissect *d,
		       struct str *out);
};

/* By enum print_form. */
const struct presenter_ops *presenter_find(int form);

#define OUTPUT(name, title) extern const struct presenter_ops presenter_##name;
#include "output/outputs.def"
#undef OUTPUT

#endif
