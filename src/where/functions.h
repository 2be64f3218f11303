/* The one table of functions. */
#ifndef WHERE_FUNCTIONS_H
#define WHERE_FUNCTIONS_H

#include "where/run.h"

/* A call, as its function sees it. */
struct where_call {
	const struct where_function *function;
	const struct field *row; /* of the first argument, if it is a field */
	uint8_t type;		 /* of the result */
	uint8_t n;
	uint8_t types[]; /* of the arguments */
};

struct where_function {
	const char *name;
	uint8_t least, most; /* how many arguments */
	uint8_t result;	     /* enum where_type; WT_OPEN: that of the first */
	unsigned args;	     /* WT_BIT() of the types that it takes */
	/* Appends to out, which is empty. */
	void (*run)(struct where_run *run, const struct where_call *call,
		    const struct where_list *const *args,
		    struct where_list *out);
	const char *title; /* for people */
};

extern const struct where_function where_functions[];
extern const size_t where_function_count;

/* NULL: there is none of that name. */
const struct where_function *function_find(const char *name, size_t n);

/* The name that is most like this one, or NULL. */
const char *function_nearest(const char *name, size_t n);

#endif
