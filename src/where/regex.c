/* Owns the calls of libpcre2. */
#include "where/regex.h"

#include <config.h>
#include <stdlib.h>

#ifdef HAVE_PCRE2

#include "os/libpcre2.h"

/* Steps of one match: some milliseconds. */
enum { STEPS_MOST = 200000, HEAP_KIB = 4096, STACK_MOST = 1 << 20 };

struct regex {
	const struct libpcre2 *lib;
	pcre2_code *code;
};

struct where_regex_state {
	const struct libpcre2 *lib;
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	uint64_t given_up;
};

bool regex_there(void)
{
	return libpcre2_get() != NULL;
}

struct regex *regex_open(const char *pattern, size_t n, size_t *at,
			 struct err *err)
{
	const struct libpcre2 *lib = libpcre2_get();
	struct regex *r;
	int code = 0;
	PCRE2_UCHAR text[128];

	*at = SIZE_MAX;
	if (!lib) {
		err_set(err, ERR_USAGE, "libpcre2 is not installed");
		return NULL;
	}
	r = calloc(1, sizeof(*r));
	if (!r) {
		err_nomem(err, "expression");
		return NULL;
	}
	r->lib = lib;
	r->code = lib->pcre2_compile_8((PCRE2_SPTR)pattern, n,
				       PCRE2_CASELESS | PCRE2_NEVER_UTF |
					   PCRE2_NO_AUTO_CAPTURE,
				       &code, at, NULL);
	if (r->code) {
		/* without it matching is slower, that is all */
		(void)lib->pcre2_jit_compile_8(r->code, PCRE2_JIT_COMPLETE);
		return r;
	}
	lib->pcre2_get_error_message_8(code, text, sizeof(text));
	err_set(err, ERR_USAGE, "regular expression: %s", (char *)text);
	free(r);
	return NULL;
}

void regex_close(struct regex *r)
{
	if (!r)
		return;
	r->lib->pcre2_code_free_8(r->code);
	free(r);
}

struct where_regex_state *regex_state_open(void)
{
	const struct libpcre2 *lib = libpcre2_get();
	struct where_regex_state *state =
	    lib ? calloc(1, sizeof(*state)) : NULL;

	if (!state)
		return NULL;
	state->lib = lib;
	state->data = lib->pcre2_match_data_create_8(1, NULL);
	state->context = lib->pcre2_match_context_create_8(NULL);
	if (!state->data || !state->context) {
		regex_state_close(state);
		return NULL;
	}
	lib->pcre2_set_match_limit_8(state->context, STEPS_MOST);
	lib->pcre2_set_heap_limit_8(state->context, HEAP_KIB);
	state->stack = lib->pcre2_jit_stack_create_8(1 << 15, STACK_MOST, NULL);
	if (state->stack)
		lib->pcre2_jit_stack_assign_8(state->context, NULL,
					      state->stack);
	return state;
}

void regex_state_close(struct where_regex_state *state)
{
	if (!state)
		return;
	state->lib->pcre2_match_data_free_8(state->data);
	state->lib->pcre2_match_context_free_8(state->context);
	state->lib->pcre2_jit_stack_free_8(state->stack);
	free(state);
}

bool regex_matches(const struct regex *r, struct where_regex_state *state,
		   const uint8_t *bytes, size_t n)
{
	int result = r->lib->pcre2_match_8(r->code, bytes, n, 0, 0, state->data,
					   state->context);

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
	err_set(err, ERR_USAGE, "built without libpcre2");
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
