/* What a packet's dissect has of the names in an expression. */
#ifndef WHERE_LOAD_H
#define WHERE_LOAD_H

#include "where/insn.h"

/* Is the field of that number one that the name stands for? */
static inline bool is_number_of(const struct where_name *name, unsigned number)
{
	unsigned k;

	for (k = 0; k < name->n; k++)
		if (name->numbers[k] == number)
			return true;
	return false;
}

/* Is the layer one that a protocol's name stands for? Several names of a layer
   have colons between. */
bool is_layer_of(const struct layer *l, const struct where_name *name);

/* Load the values of an instruction's fields, or the bytes of its protocol's
   layers, into its register; those of the layers that # asks for. */
void load_fields(struct where_run *run, const struct where_insn *in);
void load_protocol(struct where_run *run, const struct where_insn *in);

#endif
