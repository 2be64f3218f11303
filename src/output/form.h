/* A presentation, as the printer sees it. */
#ifndef OUTPUT_FORM_H
#define OUTPUT_FORM_H

#include "base/str.h"
#include "decode/dissect.h"
#include "output/print.h"

/* What is fixed for a run and shared by all threads. */
struct print_run {
	struct print_options options;
	struct plan *plan;
	uint16_t *columns; /* numbers of the fields asked for, in order */
	size_t n_columns;  /* 0: none was asked for by name */
};

/* One thread's instance. */
struct form {
	const struct form_ops *ops;
	const struct print_run *run;
};

struct form_ops {
	const char *name;
	/* Tell the plan what is needed beside the columns. May be NULL. */
	void (*wish)(const struct print_options *, struct plan *);
	/* NULL: no memory */
	struct form *(*open)(const struct print_run *);
	void (*close)(struct form *);
	/* Once, before the first packet. May be NULL. */
	void (*head)(struct form *, struct str *out);
	/* The packet that d was last given. */
	void (*packet)(struct form *, const struct dissect *d, struct str *out);
};

/* By enum print_form. */
const struct form_ops *form_find(int form);

#define OUTPUT(name, title) extern const struct form_ops form_##name;
#include "output/outputs.def"
#undef OUTPUT

#endif
