/* The parser of command lines: rows in, config out. */
#include "cmd/opt.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/nearest.h"
#include "base/num.h"
#include "cmd/command.h"

/* Every row of every group, in order; body sees group and opt. */
#define OPT_EACH(command, group, opt)                                          \
	for (group = (command)->groups; group && group->title; group++)        \
		for (opt = group->opts; opt->help; opt++)

void opt_values_files(struct str *out)
{
	str_puts(out, "@files\n");
}

void opt_values_expression(struct str *out)
{
	str_puts(out, "@expression\n");
}

void opt_values_where(struct str *out)
{
	str_puts(out, "@where\n");
}

void opt_values_either(struct str *out)
{
	str_puts(out, "@either\n");
}

/* "option --count (-c)", as every message names it. */
static void name_option(const struct opt *opt, char *buf, size_t size)
{
	if (opt->letter && opt->name)
		snprintf(buf, size, "option --%s (-%c)", opt->name,
			 opt->letter);
	else if (opt->name)
		snprintf(buf, size, "option --%s", opt->name);
	else
		snprintf(buf, size, "option -%c", opt->letter);
}

static bool refuse(const struct opt *opt, struct err *err, const char *format,
		   ...) PRINTF_LIKE(3, 4);
static bool refuse(const struct opt *opt, struct err *err, const char *format,
		   ...)
{
	char name[80], reason[600];
	va_list args;

	va_start(args, format);
	vsnprintf(reason, sizeof(reason), format, args);
	va_end(args);
	name_option(opt, name, sizeof(name));
	return err_set(err, ERR_USAGE, "%s: %s", name, reason);
}

/* A limit as the user would write it. */
static void limit_text(const struct opt *opt, int64_t v, char *buf, size_t size)
{
	static const struct {
		int64_t ns;
		const char *name;
	} units[] = {{NS_PER_S, "s"}, {NS_PER_MS, "ms"}, {1, "ns"}};
	size_t i = 0;

	if (opt->type != OPT_DURATION) {
		snprintf(buf, size, "%" PRId64, v);
		return;
	}
	while (v % units[i].ns != 0)
		i++;
	snprintf(buf, size, "%" PRId64 "%s", v / units[i].ns, units[i].name);
}

static bool in_range(const struct opt *opt, const char *value, int64_t v,
		     struct err *err)
{
	bool any = opt->min == 0 && opt->max == 0;
	int64_t max = any ? INT64_MAX : opt->max;
	char low[32], high[32];

	if (v >= opt->min && v <= max)
		return true;
	limit_text(opt, opt->min, low, sizeof(low));
	limit_text(opt, max, high, sizeof(high));
	if (max == INT64_MAX)
		return refuse(opt, err, "'%s' is too small: at least %s", value,
			      low);
	return refuse(opt, err, "'%s' is out of range: %s to %s", value, low,
		      high);
}

static bool set_number(void *member, const struct opt *opt, const char *value,
		       struct err *err)
{
	int64_t v;

	if (!num_i64(value, &v))
		return refuse(opt, err, "'%s' is not a whole number", value);
	if (!in_range(opt, value, v, err))
		return false;
	*(int64_t *)member = v;
	return true;
}

static bool set_size(void *member, const struct opt *opt, const char *value,
		     struct err *err)
{
	uint64_t v;

	if (!num_size(value, &v) || v > INT64_MAX)
		return refuse(opt, err,
			      "'%s' is not a size: a number of bytes, "
			      "optionally with k, M, G or T (powers of 1024)",
			      value);
	if (!in_range(opt, value, (int64_t)v, err))
		return false;
	*(uint64_t *)member = v;
	return true;
}

static bool set_duration(void *member, const struct opt *opt, const char *value,
			 struct err *err)
{
	int64_t v;

	if (!num_duration(value, &v))
		return refuse(opt, err,
			      "'%s' is not a duration: a number with ns, us, "
			      "ms, s, m, h or d, such as 90s or 1h30m",
			      value);
	if (!in_range(opt, value, v, err))
		return false;
	*(int64_t *)member = v;
	return true;
}

static bool set_time(void *member, const struct opt *opt, const char *value,
		     struct err *err)
{
	if (num_moment(value, member))
		return true;
	return refuse(opt, err,
		      "'%s' is not a time: ISO 8601, such as "
		      "2026-01-31T12:00:00Z, seconds since 1970, a time of day "
		      "(12:00), +10m (after the first packet) or -5m (before "
		      "the last one)",
		      value);
}

static bool set_word(void *member, const struct opt *opt, const char *value,
		     struct err *err)
{
	char allowed[400] = "";
	struct nearest guess = NEAREST_START(value);
	size_t at = 0;
	int i;

	for (i = 0; opt->words[i]; i++) {
		if (!strcmp(opt->words[i], value)) {
			*(int *)member = i;
			return true;
		}
		nearest_try(&guess, opt->words[i]);
		if (at < sizeof(allowed))
			at += (size_t)snprintf(allowed + at,
					       sizeof(allowed) - at, "%s%s",
					       i ? ", " : "", opt->words[i]);
	}
	if (guess.best)
		return refuse(opt, err,
			      "'%s' is unknown; did you mean '%s'? allowed: %s",
			      value, guess.best, allowed);
	return refuse(opt, err, "'%s' is unknown; allowed: %s", value, allowed);
}

static bool add_text(struct texts *texts, const char *value, struct err *err)
{
	const char **item =
	    realloc(texts->item, (texts->n + 1) * sizeof(*item));

	if (!item)
		return err_nomem(err, "options");
	texts->item = item;
	texts->item[texts->n++] = value;
	return true;
}

/* Carry out one option. value is NULL exactly if it takes no argument. */
static bool apply(const struct opt_group *group, const struct opt *opt,
		  void *conf, const char *value, struct err *err)
{
	char *base =
	    (char *)(group->scope ? group->scope(conf) : conf) + group->base;
	void *member = base + opt->member;
	char name[80];
	struct err why;

	switch (opt->type) {
	case OPT_FLAG:
		*(bool *)member = true;
		return true;
	case OPT_COUNT:
		++*(int *)member;
		return true;
	case OPT_NUMBER:
		return set_number(member, opt, value, err);
	case OPT_SIZE:
		return set_size(member, opt, value, err);
	case OPT_DURATION:
		return set_duration(member, opt, value, err);
	case OPT_TIME:
		return set_time(member, opt, value, err);
	case OPT_TEXT:
		*(const char **)member = value;
		return true;
	case OPT_TEXTS:
		return add_text(member, value, err);
	case OPT_WORD:
		return set_word(member, opt, value, err);
	case OPT_CALL:
		break;
	}
	if (opt->set(conf, opt, value, &why))
		return true;
	name_option(opt, name, sizeof(name));
	return err_set(err, why.kind, "%s: %.600s", name, why.text);
}

const struct opt *opt_by_letter(const struct command *command, char letter,
				const struct opt_group **group)
{
	const struct opt_group *g;
	const struct opt *o;

	OPT_EACH (command, g, o) {
		if (o->letter == letter) {
			*group = g;
			return o;
		}
	}
	return NULL;
}

const struct opt *opt_by_name(const struct command *command, const char *name,
			      const struct opt_group **group)
{
	const struct opt_group *g;
	const struct opt *o, *found = NULL;
	size_t len = strlen(name), hits = 0;

	OPT_EACH (command, g, o) {
		if (!o->name || strncmp(o->name, name, len) != 0)
			continue;
		found = o;
		*group = g;
		if (o->name[len] == '\0')
			return o;
		hits++;
	}
	return hits == 1 ? found : NULL;
}

/* No row for a long name: several, or none; say which come near. */
static bool unknown_long(const struct command *command, const char *name,
			 struct err *err)
{
	const struct opt_group *g;
	const struct opt *o;
	struct nearest guess = NEAREST_START(name);
	char several[300] = "";
	size_t at = 0, len = strlen(name);

	OPT_EACH (command, g, o) {
		if (!o->name)
			continue;
		nearest_try(&guess, o->name);
		if (len && !strncmp(o->name, name, len) && at < sizeof(several))
			at +=
			    (size_t)snprintf(several + at, sizeof(several) - at,
					     "%s--%s", at ? ", " : "", o->name);
	}
	if (at)
		return err_set(err, ERR_USAGE,
			       "option --%s is ambiguous: it could be %s", name,
			       several);
	if (guess.best)
		return err_set(err, ERR_USAGE,
			       "unknown option --%s; did you mean --%s?", name,
			       guess.best);
	return err_set(err, ERR_USAGE, "unknown option --%s", name);
}

struct parse {
	const struct command *command;
	void *conf;
	char **argv;
	int argc, at;
	struct args *args;
};

/* "--name", "--name=value" or "--name value"; text is after the dashes. */
static bool parse_long(struct parse *p, const char *text, struct err *err)
{
	const char *equals = strchr(text, '='), *value = NULL;
	size_t len = equals ? (size_t)(equals - text) : strlen(text);
	const struct opt_group *group;
	const struct opt *opt;
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)len, text);
	if (!strcmp(name, "help") && !equals) {
		p->args->help = true;
		return true;
	}
	opt = len && len < sizeof(name) ? opt_by_name(p->command, name, &group)
					: NULL;
	if (!opt)
		return unknown_long(p->command, name, err);
	if (equals && !opt->arg)
		return refuse(opt, err, "takes no argument, but '%s' was given",
			      equals + 1);
	if (equals)
		value = equals + 1;
	else if (opt->fallback)
		value = opt->fallback;
	else if (opt->arg && p->at < p->argc)
		value = p->argv[p->at++];
	else if (opt->arg)
		return refuse(opt, err, "needs an argument (%s)", opt->arg);
	return apply(group, opt, p->conf, value, err);
}

/* "-abc" or "-aVALUE" or "-a VALUE"; text is after the dash. */
static bool parse_letters(struct parse *p, const char *text, struct err *err)
{
	const struct opt_group *group;
	const struct opt *opt;

	for (; *text; text++) {
		const char *value = NULL;

		opt = opt_by_letter(p->command, *text, &group);
		if (!opt)
			return err_set(err, ERR_USAGE, "unknown option -%c",
				       *text);
		if (!opt->arg || opt->fallback) {
			if (!apply(group, opt, p->conf, opt->fallback, err))
				return false;
			continue;
		}
		if (text[1])
			value = text + 1;
		else if (p->at < p->argc)
			value = p->argv[p->at++];
		else
			return refuse(opt, err, "needs an argument (%s)",
				      opt->arg);
		return apply(group, opt, p->conf, value, err);
	}
	return true;
}

/* Everything from here on is left as it is. */
static void take_rest(struct parse *p)
{
	p->args->rest = p->argv + p->at;
	p->args->n_rest = p->argc - p->at;
}

/* After "--": no options any more. */
static void take_behind_dashes(struct parse *p)
{
	struct args *args = p->args;

	if (p->command->stops_early && p->at < p->argc)
		args->operands[args->n++] = p->argv[p->at++];
	if (p->command->wants_rest || p->command->stops_early) {
		take_rest(p);
		return;
	}
	while (p->at < p->argc)
		args->operands[args->n++] = p->argv[p->at++];
}

bool opt_parse(const struct command *command, void *conf, int argc, char **argv,
	       struct args *args, struct err *err)
{
	struct parse p = {command, conf, argv, argc, 0, args};

	*args =
	    (struct args){.command = command, .words = argv, .n_words = argc};
	args->operands = calloc((size_t)argc + 1, sizeof(*args->operands));
	if (!args->operands)
		return err_nomem(err, "operands");
	while (p.at < argc && !args->help) {
		char *word = argv[p.at++];
		bool good = true;

		if (!strcmp(word, "--")) {
			take_behind_dashes(&p);
			break;
		}
		if (word[0] == '-' && word[1] == '-') {
			good = parse_long(&p, word + 2, err);
		} else if (word[0] == '-' && word[1]) {
			good = parse_letters(&p, word + 1, err);
		} else {
			args->operands[args->n++] = word;
			if (command->stops_early) {
				take_rest(&p);
				break;
			}
		}
		if (!good)
			return err_at_word(err, p.at);
	}
	return true;
}

void args_fini(struct args *args)
{
	free(args->operands);
	memset(args, 0, sizeof(*args));
}

void opt_fini(const struct command *command, void *conf)
{
	const struct opt_group *g;
	const struct opt *o;

	OPT_EACH (command, g, o) {
		struct texts *texts;

		if (o->type != OPT_TEXTS || g->scope)
			continue;
		texts = (void *)((char *)conf + g->base + o->member);
		free(texts->item);
		*texts = (struct texts){NULL, 0};
	}
}
