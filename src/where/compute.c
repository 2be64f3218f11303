/*
 * Sums, differences and products are right modulo 2^32 whatever is between;
 * what else is computed needs the numbers themselves.
 */
#include "where/compute.h"

/* The values that something can have. */
struct range {
	int64_t low, high;
};

static bool is_word(const struct range *r)
{
	return r->low >= 0 && r->high <= UINT32_MAX;
}

static bool is_constant(const struct where_node *node)
{
	return node->kind == NODE_CONST;
}

/* ---- ranges ------------------------------------------------------------- */

static bool range_of_constant(const struct where_node *node, struct range *r)
{
	r->low = r->high = (int64_t)node->value.low.num;
	return type_in(node->type, WT_WHOLE) &&
	       node->value.low.num == node->value.high.num &&
	       r->low >= -(int64_t)UINT32_MAX && r->low <= UINT32_MAX;
}

static bool range_of_field(const struct where_node *node, struct range *r)
{
	struct header_question q;

	if (!header_field(node, &q) || q.ends != 1 || q.size > 4)
		return false;
	r->low = 0;
	r->high = q.id == PROTO_frame ? HEADER_LONGEST : (q.mask >> q.shift);
	return true;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static bool range_of_product(const struct range *a, const struct range *b,
			     struct range *r)
{
	int64_t ends[4];
	unsigned i;

	if (__builtin_mul_overflow(a->low, b->low, &ends[0]) ||
	    __builtin_mul_overflow(a->low, b->high, &ends[1]) ||
	    __builtin_mul_overflow(a->high, b->low, &ends[2]) ||
	    __builtin_mul_overflow(a->high, b->high, &ends[3]))
		return false;
	r->low = r->high = ends[0];
	for (i = 1; i < 4; i++) {
		r->low = least(r->low, ends[i]);
		r->high = most(r->high, ends[i]);
	}
	return true;
}

static bool range_of_both(enum where_op op, const struct range *a,
			  const struct range *b, struct range *r)
{
	switch (op) {
	case OP_ADD:
		return !__builtin_add_overflow(a->low, b->low, &r->low) &&
		       !__builtin_add_overflow(a->high, b->high, &r->high);
	case OP_SUB:
		return !__builtin_sub_overflow(a->low, b->high, &r->low) &&
		       !__builtin_sub_overflow(a->high, b->low, &r->high);
	case OP_MUL:
		return range_of_product(a, b, r);
	case OP_BITAND:
		*r = (struct range){0, least(a->high, b->high)};
		break;
	case OP_DIV:
		*r = (struct range){0, a->high};
		break;
	case OP_MOD:
		*r = (struct range){0, least(a->high, b->high)};
		break;
	default:
		return false;
	}
	return is_word(a) && is_word(b) && b->high > 0;
}

/* false: it is not known, or no number of up to `levels` operations. */
static bool range_of(const struct where_node *node, unsigned levels,
		     struct range *r)
{
	static const struct range zero;
	struct range a, b;

	if (is_constant(node))
		return range_of_constant(node, r);
	if (node->kind == NODE_NAME)
		return type_in(node->type, WT_BIT(WT_UINT) | WT_BIT(WT_BOOL)) &&
		       range_of_field(node, r);
	if (levels == 0 ||
	    !type_in(node->type, WT_BIT(WT_UINT) | WT_BIT(WT_INT)))
		return false;
	if (node->kind == NODE_NEGATE)
		return range_of(node->kids[0], levels - 1, &a) &&
		       range_of_both(OP_SUB, &zero, &a, r);
	return node->kind == NODE_ARITH &&
	       range_of(node->kids[0], levels - 1, &a) &&
	       range_of(node->kids[1], levels - 1, &b) &&
	       range_of_both((enum where_op)node->op, &a, &b, r);
}

/* ---- conditions --------------------------------------------------------- */

/* How the program compares two sides. */
struct comparison {
	const struct where_node *left, *right; /* NULL: with zero */
	enum where_op op;
	bool direct;  /* as they are, else: by their difference */
	int64_t base; /* the lowest value of that difference */
};

static bool both_addresses(const struct where_node *a,
			   const struct where_node *b)
{
	return a->kind == NODE_NAME && b->kind == NODE_NAME &&
	       a->type == WT_IPV4 && b->type == WT_IPV4;
}

/* The sides of a condition, and what they can be. */
static bool take_sides(const struct where_node *node, struct comparison *c,
		       struct range *left, struct range *right)
{
	*c = (struct comparison){.left = node->kids[0], .op = OP_NE};
	*right = (struct range){0, 0};
	if (node->kind == NODE_TRUTH)
		return type_in(c->left->kind,
			       WT_BIT(NODE_ARITH) | WT_BIT(NODE_NEGATE)) &&
		       range_of(c->left, SCRATCH_WORDS, left);
	if (node->kind != NODE_COMPARE || node->set)
		return false;
	c->right = node->kids[1];
	c->op = (enum where_op)node->op;
	if (both_addresses(c->left, c->right))
		return range_of_field(c->left, left) &&
		       range_of_field(c->right, right);
	return range_of(c->left, SCRATCH_WORDS, left) &&
	       range_of(c->right, SCRATCH_WORDS, right);
}

static bool take(const struct where_node *node, struct comparison *c)
{
	struct range left, right, r;

	if (!take_sides(node, c, &left, &right))
		return false;
	c->direct = is_word(&left) && is_word(&right);
	if (c->direct)
		return true;
	if (!range_of_both(OP_SUB, &left, &right, &r))
		return false;
	c->base = least(r.low, 0);
	r.high = most(r.high, 0);
	return c->base >= -(int64_t)UINT32_MAX &&
	       r.high <= UINT32_MAX + c->base;
}

bool compute_can(const struct where_node *node)
{
	struct comparison c;

	return take(node, &c);
}

/* ---- the program -------------------------------------------------------- */

struct putter {
	struct emitter *e;
	const struct header_places *places;
};

static bool uses_x(const struct where_node *node)
{
	if (node->kind == NODE_NEGATE)
		return uses_x(node->kids[0]);
	return node->kind == NODE_ARITH &&
	       (!is_constant(node->kids[1]) || uses_x(node->kids[0]));
}

static uint16_t operation(unsigned op, bool with_x)
{
	switch (op) {
	case OP_ADD:
		return with_x ? OP_ADD_X : OP_ADD_K;
	case OP_SUB:
		return with_x ? OP_SUB_X : OP_SUB_K;
	case OP_MUL:
		return with_x ? OP_MUL_X : OP_MUL_K;
	case OP_BITAND:
		return with_x ? OP_AND_X : OP_AND_K;
	case OP_DIV:
		return with_x ? OP_DIV_X : OP_DIV_K;
	default:
		return with_x ? OP_MOD_X : OP_MOD_K;
	}
}

static place put_value(const struct putter *p, const struct where_node *node,
		       unsigned level);

/* The value of a in A, and that of b in X; M[level] and those after it may be
   changed. */
static place put_pair(const struct putter *p, const struct where_node *a,
		      const struct where_node *b, unsigned level)
{
	bool keep = uses_x(a);

	if (keep)
		emit_insn(p->e, OP_LDX_MEM, level);
	put_value(p, a, level + keep);
	emit_insn(p->e, keep ? OP_ST : OP_TAX, keep ? level : 0);
	return put_value(p, b, level);
}

/* A becomes what op makes of a and b. */
static place put_operation(const struct putter *p, unsigned op,
			   const struct where_node *a,
			   const struct where_node *b, unsigned level)
{
	bool with_x = !is_constant(b);

	emit_insn(p->e, operation(op, with_x),
		  with_x ? 0 : (uint32_t)b->value.low.num);
	return with_x ? put_pair(p, a, b, level) : put_value(p, a, level);
}

/* A becomes the node's value. */
static place put_value(const struct putter *p, const struct where_node *node,
		       unsigned level)
{
	struct header_question q;

	switch (node->kind) {
	case NODE_CONST:
		return emit_insn(p->e, OP_LD_IMM,
				 (uint32_t)node->value.low.num);
	case NODE_NAME:
		header_field(node, &q);
		return header_load(p->e, &q, p->places);
	case NODE_NEGATE:
		emit_insn(p->e, OP_NEG, 0);
		return put_value(p, node->kids[0], level);
	default:
		return put_operation(p, node->op, node->kids[0], node->kids[1],
				     level);
	}
}

/* How A is to X or to k. */
static place put_order(struct emitter *e, enum where_op op, bool with_x,
		       uint32_t k, place yes, place no)
{
	uint16_t equal = with_x ? OP_JEQ_X : OP_JEQ_K;
	uint16_t above = with_x ? OP_JGT_X : OP_JGT_K;
	uint16_t from = with_x ? OP_JGE_X : OP_JGE_K;

	switch (op) {
	case OP_EQ:
	case OP_ALL_EQ:
		return emit_test(e, equal, k, yes, no);
	case OP_GT:
		return emit_test(e, above, k, yes, no);
	case OP_GE:
		return emit_test(e, from, k, yes, no);
	case OP_LT:
		return emit_test(e, from, k, no, yes);
	case OP_LE:
		return emit_test(e, above, k, no, yes);
	default:
		return emit_test(e, equal, k, no, yes);
	}
}

place compute_test(struct emitter *e, const struct where_node *node,
		   const struct header_places *places, place yes, place no)
{
	const struct putter p = {e, places};
	struct comparison c;
	uint32_t k = 0;
	bool with_x;

	if (yes == no || !take(node, &c))
		return no;
	with_x = c.direct && c.right && !is_constant(c.right);
	if (c.direct && c.right && !with_x)
		k = (uint32_t)c.right->value.low.num;
	else if (!c.direct)
		k = (uint32_t)-c.base;
	put_order(e, c.op, with_x, k, yes, no);
	if (c.direct)
		return with_x ? put_pair(&p, c.left, c.right, 0)
			      : put_value(&p, c.left, 0);
	emit_insn(e, OP_ADD_K, (uint32_t)-c.base);
	return c.right ? put_operation(&p, OP_SUB, c.left, c.right, 0)
		       : put_value(&p, c.left, 0);
}
