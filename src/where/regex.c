/* Owns the calls of libpcre2. */
#include "where/regex.h"

#include <config.h>
#include <stdlib.h>

#ifdef HAVE_PCRE2

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Steps of one match: some milliseconds. */
enum { STEPS_MOST = 200000, HEAP_KIB = 4096, STACK_MOST = 1 << 20 };

struct regex {
	pcre2_code *code;
};

struct where_regex_state {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	uint64_t given_up;
};

bool regex_there(void)
{
	return true;
}

struct regex *regex_open(const char *pattern, size_t n, size_t *at,
			 struct err *err)
{
	struct regex *r = calloc(1, sizeof(*r));
	int code = 0;
	PCRE2_UCHAR text[128];

	*at = SIZE_MAX;
	if (!r) {
		err_nomem(err, "expression");
		return NULL;
	}
	r->code = pcre2_compile((PCRE2_SPTR)pattern, n,
				PCRE2_CASELESS | PCRE2_NEVER_UTF |
				    PCRE2_NO_AUTO_CAPTURE,
				&code, at, NULL);
	if (r->code) {
		/* without it matching is slower, that is all */
		(void)pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE);
		return r;
	}
	pcre2_get_error_message(code, text, sizeof(text));
	err_set(err, ERR_USAGE, "regular expression: %s", (char *)text);
	free(r);
	return NULL;
}

void regex_close(struct regex *r)
{
	if (!r)
		return;
	pcre2_code_free(r->code);
	free(r);
}

struct where_regex_state *regex_state_open(void)
{
	struct where_regex_state *state = calloc(1, sizeof(*state));

	if (!state)
		return NULL;
	state->data = pcre2_match_data_create(1, NULL);
	state->context = pcre2_match_context_create(NULL);
	if (!state->data || !state->context) {
		regex_state_close(state);
		return NULL;
	}
	pcre2_set_match_limit(state->context, STEPS_MOST);
	pcre2_set_heap_limit(state->context, HEAP_KIB);
	state->stack = pcre2_jit_stack_create(1 << 15, STACK_MOST, NULL);
	if (state->stack)
		pcre2_jit_stack_assign(state->context, NULL, state->stack);
	return state;
}

void regex_state_close(struct where_regex_state *state)
{
	if (!state)
		return;
	pcre2_match_data_free(state->data);
	pcre2_match_context_free(state->context);
	pcre2_jit_stack_free(state->stack);
	free(state);
}

bool regex_matches(const struct regex *r, struct where_regex_state *state,
		   const uint8_t *bytes, size_t n)
{
	int result =
	    pcre2_match(r->code, bytes, n, 0, 0, state->data, state->context);

	/* 0: it matches, and there is no room for the places */
	if (result < PCRE2_ERROR_PARTIAL)
		state->given_up++;
	return result >= 0;
}

uint64_t regex_given_up(const struct where_regex_state *state)
{
	return state ? state->given_up : 0;
}

#else

bool regex_there(void)
{
	return false;
}

struct regex *regex_open(const char *pattern, size_t n, size_t *at,
			 struct err *err)
{
	(void)pattern;
	(void)n;
	*at = SIZE_MAX;
	err_set(err, ERR_USAGE, "no 'matches': built without libpcre2");
	return NULL;
}

void regex_close(struct regex *r)
{
	(void)r;
}

struct where_regex_state *regex_state_open(void)
{
	return calloc(1, 1);
}

void regex_state_close(struct where_regex_state *state)
{
	free(state);
}

bool regex_matches(const struct regex *r, struct where_regex_state *state,
		   const uint8_t *bytes, size_t n)
{
	(void)r;
	(void)state;
	(void)bytes;
	(void)n;
	return false;
}

uint64_t regex_given_up(const struct where_regex_state *state)
{
	(void)state;
	return 0;
}

#endif
