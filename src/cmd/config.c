/* Owns the configuration files, and the order in which a libpcap or a file of
   macros is chosen. */
#include "config.h"

#include "cmd/config.h"

#include <ctype.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/log.h"
#include "base/nearest.h"
#include "base/str.h"
#include "capture/pcaplib.h"
#include "os/priv.h"
#include "os/user_file.h"

/* One key a row; all values are text. */
static const struct key {
	const char *name;
	size_t member;
} keys[] = {
    {"libpcap", offsetof(struct config, libpcap)},
    {"macros", offsetof(struct config, macros)},
    {"sandbox", offsetof(struct config, sandbox)},
};

#define KEYS ARRAY_LEN(keys)

/* Far more than a key and a path need; a longer line is not configuration. */
enum { LINE_MAX_BYTES = 8192 };

void config_fini(struct config *config)
{
	size_t i;

	for (i = 0; i < KEYS; i++) {
		char **value = (void *)((char *)config + keys[i].member);

		free(*value);
		*value = NULL;
	}
}

static char *skip_blanks(char *p)
{
	while (isspace((unsigned char)*p))
		p++;
	return p;
}

/* The text in quotes at *p, in place; *p moves after it. NULL: no end. */
static char *quoted(char **p)
{
	char *start = *p + 1, *from = start, *to = start;

	while (*from && *from != '"') {
		if (*from == '\\' && (from[1] == '"' || from[1] == '\\'))
			from++;
		*to++ = *from++;
	}
	if (!*from)
		return NULL;
	*p = from + 1;
	*to = '\0';
	return start;
}

/* The bare value at *p: up to a comment or the end, without blanks at the end.
   A # inside a word belongs to the value. */
static char *bare(char **p)
{
	char *start = *p, *end = start, *at;

	for (at = start; *at; at++) {
		if (*at == '#' &&
		    (at == start || isspace((unsigned char)at[-1])))
			break;
		if (!isspace((unsigned char)*at))
			end = at + 1;
	}
	*p = at + strlen(at);
	*end = '\0';
	return start;
}

static bool set_key(struct config *config, const char *name, const char *value,
		    struct err *err)
{
	struct nearest near = NEAREST_START(name);
	size_t i;

	for (i = 0; i < KEYS; i++) {
		char **member = (void *)((char *)config + keys[i].member);

		nearest_try(&near, keys[i].name);
		if (strcmp(name, keys[i].name) != 0)
			continue;
		if (!*member && !(*member = strdup(value)))
			return err_nomem(err, "a setting");
		return true;
	}
	if (near.best)
		return err_set(err, ERR_USAGE,
			       "unknown key '%s': did you mean '%s'?", name,
			       near.best);
	return err_set(err, ERR_USAGE, "unknown key '%s'", name);
}

/* One line, which is changed on the way. */
static bool read_line(struct config *config, char *line, struct err *err)
{
	char *key = skip_blanks(line), *p = key, *value;

	if (!*key || *key == '#')
		return true;
	while (*p && *p != '=' && *p != '#' && !isspace((unsigned char)*p))
		p++;
	value = skip_blanks(p);
	if (p == key || *value != '=')
		return err_set(err, ERR_USAGE, "'key = value' expected");
	*p = '\0';
	p = skip_blanks(value + 1);
	if (*p == '"') {
		value = quoted(&p);
		if (!value)
			return err_set(err, ERR_USAGE,
				       "the value of '%s' has no closing quote",
				       key);
		p = skip_blanks(p);
		if (*p && *p != '#')
			return err_set(err, ERR_USAGE,
				       "text after the value of '%s'", key);
	} else {
		value = bare(&p);
	}
	if (!*value)
		return err_set(err, ERR_USAGE, "'%s' has no value", key);
	return set_key(config, key, value, err);
}

/* Put "line N: " before the reason in err. */
static bool at_line(struct err *err, const char *path, unsigned long number)
{
	struct err why;

	if (!err)
		return false;
	why = *err;
	err_set(err, why.kind, "line %lu: %s", number, why.text);
	return err_in_file(err, path);
}

static bool unreadable(struct err *err, const char *path)
{
	err_sys(err, ERR_USAGE, errno, "cannot be read");
	return err_in_file(err, path);
}

bool config_read(struct config *config, const char *path, struct err *err)
{
	char line[LINE_MAX_BYTES];
	unsigned long number = 0;
	bool good = true;
	FILE *f = fopen(path, "r");

	if (!f && errno == EACCES)
		log_warn("%s is not read: permission denied", path);
	if (!f && (errno == ENOENT || errno == ENOTDIR || errno == EACCES))
		return true;
	if (!f)
		return unreadable(err, path);
	while (good && fgets(line, sizeof(line), f)) {
		number++;
		if (!strchr(line, '\n') && !feof(f))
			good = err_set(err, ERR_USAGE, "the line is too long");
		else
			good = read_line(config, line, err);
		if (!good)
			at_line(err, path, number);
	}
	if (good && ferror(f))
		good = unreadable(err, path);
	fclose(f);
	return good;
}

/* Set *path to the user's file of that name. false: HOME is not set. */
static bool user_file(struct str *path, const char *name)
{
	return user_file_path(path, "XDG_CONFIG_HOME", ".config", name) &&
	       !path->failed;
}

/*
 * What the files say about libpcap; *origin is the file that said it. The
 * user's file is not opened with raised privileges: its errors could show the
 * lines of a file that the user may not read.
 */
static bool read_files(struct config *config, bool privileged,
		       struct str *origin, struct err *err)
{
	struct str path = STR_INIT;
	bool good = true;

	if (user_file(&path, "config") && !privileged)
		good = config_read(config, str_text(&path), err);
	else if (privileged && os_user_may_read(str_text(&path)))
		log_warn("%s is not read: this process runs with raised "
			 "privileges",
			 str_text(&path));
	if (config->libpcap)
		str_puts(origin, str_text(&path));
	else
		str_puts(origin, SYSCONFDIR "/pcaptool.conf");
	if (good)
		good = config_read(config, SYSCONFDIR "/pcaptool.conf", err);
	str_fini(&path);
	return good;
}

/* Load choice (NULL: the system's library); an error says who chose it, unless
   that was the command line. */
static bool load(const char *choice, const char *origin, struct err *err)
{
	struct err why;

	if (pcaplib_load(choice ? choice : "system", &why))
		return true;
	if (choice && origin && err)
		snprintf(why.text + strlen(why.text),
			 sizeof(why.text) - strlen(why.text), " (chosen by %s)",
			 origin);
	return err_copy(err, &why);
}

bool config_libpcap(const char *option, struct err *err)
{
	const char *choice = option, *origin = NULL;
	bool privileged = os_is_privileged(), good = true;
	struct config config = {0};
	struct str file = STR_INIT;

	if (!choice) {
		choice = getenv("PCAPTOOL_LIBPCAP");
		origin = "$PCAPTOOL_LIBPCAP";
	}
	if (!choice || !*choice) {
		good = read_files(&config, privileged, &file, err);
		choice = config.libpcap;
		origin = str_text(&file);
	}
	if (good && choice && privileged && strcmp(choice, "system") != 0) {
		log_warn("the libpcap chosen by %s is ignored: this process "
			 "runs with raised privileges",
			 origin ? origin : "--libpcap");
		choice = NULL;
	}
	if (good)
		good = load(choice, origin, err);
	str_fini(&file);
	config_fini(&config);
	return good;
}

static bool take_level(const char *text, enum sandbox_level *level,
		       struct err *err)
{
	int i;

	for (i = 0; sandbox_levels[i]; i++)
		if (!strcmp(text, sandbox_levels[i])) {
			*level = (enum sandbox_level)i;
			return true;
		}
	return err_set(err, ERR_USAGE,
		       "'%s' is not a level of the sandbox: off, best, require "
		       "or strict",
		       text);
}

bool config_sandbox(int option, enum sandbox_level *level, struct err *err)
{
	const char *choice = getenv("PCAPTOOL_SANDBOX");
	bool privileged = os_is_privileged(), good = true;
	struct config config = {0};
	struct str unused = STR_INIT;

	*level = option < 0 ? SANDBOX_BEST : (enum sandbox_level)option;
	if (option >= 0)
		return true;
	if (!choice || !*choice || privileged) {
		/* what there is to warn of, config_libpcap() has */
		log_receiver *receiver = log_to(NULL);

		good = read_files(&config, privileged, &unused, err);
		choice = config.sandbox;
		log_to(receiver);
	}
	if (good && choice)
		good = take_level(choice, level, err);
	str_fini(&unused);
	config_fini(&config);
	return good;
}

bool config_macros(struct str *path, struct err *err)
{
	bool privileged = os_is_privileged(), good;
	struct config config = {0};
	struct str unused = STR_INIT;

	good = read_files(&config, privileged, &unused, err);
	if (good && config.macros)
		str_puts(path, config.macros);
	else if (good && !privileged && user_file(path, "macros") &&
		 access(path->text, F_OK) != 0)
		str_clear(path);
	str_fini(&unused);
	config_fini(&config);
	return good && (!path->failed || err_nomem(err, "macros"));
}

void config_allow(void)
{
	static const char *const names[] = {"config", "macros"};
	struct str path = STR_INIT;
	size_t i;

	if (!sandbox_ahead() || os_is_privileged())
		return;
	for (i = 0; i < ARRAY_LEN(names); i++) {
		str_clear(&path);
		if (user_file(&path, names[i]) &&
		    access(str_text(&path), R_OK) == 0)
			sandbox_may_read(str_text(&path));
	}
	str_fini(&path);
}
