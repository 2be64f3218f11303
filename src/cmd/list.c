/*
 * list: what there is to capture from, and what the tool and its libpcap know.
 *
 * Each word that can follow `list` is a row of topics[].
 */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/log.h"
#include "base/nearest.h"
#include "capture/linktype.h"
#include "capture/types.h"
#include "cmd/command.h"
#include "cmd/interfaces.h"
#include "cmd/list_libpcap.h"
#include "cmd/list_protocols.h"
#include "cmd/list_watch.h"
#include "cmd/message.h"
#include "cmd/remote_opts.h"
#include "decode/proto.h"
#include "decode/proto_ids.h"
#include "file/format.h"
#include "os/netns.h"
#include "os/password.h"
#include "output/rows.h"
#include "stats/report.h"

struct list_conf {
	bool json, verbose, linktypes, tstamp_types, monitor;
	const char *interface, *netns, *remote;
	struct remote_conf login;
	int64_t watch; /* an interval in ns; 0: once */
};

static const struct list_conf list_defaults = {0};

/* Append what the topic lists to out; operand is NULL where it takes none. */
typedef bool topic_run(const struct list_conf *conf, const char *operand,
		       struct str *out, struct err *err);

struct topic {
	const char *name;
	const char *operand; /* what its operand is called, in [] if it may be
				left out; NULL: takes none */
	bool per_interface;  /* -i, -L, -J and -I mean something to it */
	topic_run *run;
};

#define COLUMNS(columns) (columns), ARRAY_LEN(columns)

/* Print a table and end it. */
static bool finish(struct table *t, const struct list_conf *conf,
		   struct str *out, struct err *err)
{
	bool good = table_print(t, conf->json, out);

	table_fini(t);
	return good || err_nomem(err, "a table");
}

/* ---- types -------------------------------------------------------------- */

static bool link_table(const struct types *types, bool one_device,
		       const struct list_conf *conf, struct str *out,
		       struct err *err)
{
	const struct column columns[] = {
	    {"linktype", "LINKTYPE", true},
	    {"dlt", "DLT", true},
	    {"name", "NAME", false},
	    {"description", "DESCRIPTION", false},
	    {"default", "", false},
	};
	struct table t;
	size_t i;

	table_init(&t, columns, one_device ? 5 : 4);
	for (i = 0; i < types->n; i++) {
		table_number(&t, linktype_of_dlt(types->item[i].value));
		table_number(&t, types->item[i].value);
		table_text(&t, types->item[i].name);
		table_text(&t, types->item[i].description);
		if (one_device)
			table_answer(&t, types->item[i].is_default, "default",
				     "");
	}
	return finish(&t, conf, out, err);
}

static bool tstamp_table(const struct types *types, bool one_device,
			 const struct list_conf *conf, struct str *out,
			 struct err *err)
{
	const struct column columns[] = {
	    {"value", NULL, true},
	    {"name", "NAME", false},
	    {"description", "DESCRIPTION", false},
	    {"default", "", false},
	};
	struct table t;
	size_t i;

	table_init(&t, columns, one_device ? 4 : 3);
	for (i = 0; i < types->n; i++) {
		table_number(&t, types->item[i].value);
		table_text(&t, types->item[i].name);
		table_text(&t, types->item[i].description);
		if (one_device)
			table_answer(&t, types->item[i].is_default, "default",
				     "");
	}
	return finish(&t, conf, out, err);
}

static bool list_linktypes(const struct list_conf *conf, const char *operand,
			   struct str *out, struct err *err)
{
	struct types types;
	bool good;

	(void)operand;
	if (!types_all_link(&types, err))
		return false;
	good = link_table(&types, false, conf, out, err);
	types_fini(&types);
	return good;
}

static bool list_tstamp_types(const struct list_conf *conf, const char *operand,
			      struct str *out, struct err *err)
{
	struct types types;
	bool good;

	(void)operand;
	if (!types_all_tstamp(&types, err))
		return false;
	good = tstamp_table(&types, false, conf, out, err);
	types_fini(&types);
	return good;
}

/* ---- devices ------------------------------------------------------------ */

/* -L or -J: what the one interface offers. */
static bool list_offers(const struct list_conf *conf, const char *device,
			struct str *out, struct err *err)
{
	struct types types;
	bool good;

	if (conf->linktypes) {
		if (!types_of_link(&types, device, conf->monitor, err))
			return false;
		good = link_table(&types, true, conf, out, err);
	} else {
		if (!types_of_tstamp(&types, device, err))
			return false;
		if (!types.n)
			log_note("%s: its timestamp type cannot be set",
				 device);
		good = tstamp_table(&types, true, conf, out, err);
	}
	types_fini(&types);
	return good;
}

static bool list_interfaces(const struct list_conf *conf, struct str *out,
			    struct err *err)
{
	struct remote_options login = {0};
	const struct interfaces_wish wish = {
	    .only = conf->interface,
	    .remote = conf->remote,
	    .login = &login,
	    .monitor = conf->monitor,
	    .details = conf->verbose,
	    .json = conf->json,
	};
	char *password = NULL;
	bool good =
	    !conf->remote || remote_conf_read(&conf->login, conf->remote,
					      &login, &password, err);

	good = good && interfaces_print(&wish, out, err);
	password_free(password);
	return good;
}

static bool list_devices(const struct list_conf *conf, const char *operand,
			 struct str *out, struct err *err)
{
	char *device;
	bool good;

	(void)operand;
	if (conf->remote && (conf->linktypes || conf->tstamp_types ||
			     conf->monitor || conf->verbose))
		return err_set(err, ERR_USAGE,
			       "-L, -J, -I and -v do not go with --remote");
	if (conf->verbose && (conf->linktypes || conf->tstamp_types))
		return err_set(err, ERR_USAGE, "-v does not go with -L and -J");
	if (conf->linktypes && conf->tstamp_types)
		return err_set(err, ERR_USAGE,
			       "-L and -J ask for one list each: give one");
	if (conf->monitor && conf->tstamp_types)
		return err_set(err, ERR_USAGE,
			       "-I changes the link types, not what -J lists");
	if (conf->monitor && !conf->linktypes && !conf->interface)
		return err_set(err, ERR_USAGE, "-I needs -i or -L");
	if (!conf->remote && (conf->login.user || conf->login.password_file))
		return err_set(err, ERR_USAGE,
			       "--remote-user and --remote-password-file "
			       "require --remote");
	if (!conf->linktypes && !conf->tstamp_types)
		return list_interfaces(conf, out, err);
	if (!device_resolve(conf->interface, &device, err))
		return false;
	good = list_offers(conf, device, out, err);
	free(device);
	return good;
}

/* ---- what the tool knows ------------------------------------------------ */

static bool list_formats(const struct list_conf *conf, const char *operand,
			 struct str *out, struct err *err)
{
	static const struct column columns[] = {
	    {"name", "NAME", false},
	    {"suffixes", "SUFFIXES", false},
	    {"description", "DESCRIPTION", false},
	};
	const struct format *format;
	struct table t;

	(void)operand;
	table_init(&t, COLUMNS(columns));
	for (format = formats; format->name; format++) {
		table_text(&t, format->name);
		table_words(&t, format->suffixes);
		table_text(&t, format->title);
	}
	return finish(&t, conf, out, err);
}

static bool list_reports(const struct list_conf *conf, const char *operand,
			 struct str *out, struct err *err)
{
	static const struct column columns[] = {
	    {"name", "NAME", false},
	    {"description", "DESCRIPTION", false},
	    {"kinds", "KINDS", false},
	};
	struct str kinds = STR_INIT;
	struct table t;
	size_t i, k;

	(void)operand;
	table_init(&t, COLUMNS(columns));
	for (i = 0; reports[i]; i++) {
		table_text(&t, reports[i]->name);
		table_text(&t, reports[i]->title);
		str_clear(&kinds);
		for (k = 0; reports[i]->kinds && reports[i]->kinds[k]; k++)
			str_printf(&kinds, "%s ", reports[i]->kinds[k]);
		table_words(&t, str_text(&kinds));
	}
	str_fini(&kinds);
	return finish(&t, conf, out, err);
}

static bool list_protocols(const struct list_conf *conf, const char *operand,
			   struct str *out, struct err *err)
{
	struct table t;

	(void)operand;
	protocols_table(&t);
	return finish(&t, conf, out, err);
}

/* operand: the protocol whose fields are wanted; NULL: all of them */
static bool list_fields(const struct list_conf *conf, const char *operand,
			struct str *out, struct err *err)
{
	struct table t;

	return fields_table(&t, operand, err) && finish(&t, conf, out, err);
}

static bool list_api(const struct list_conf *conf, const char *operand,
		     struct str *out, struct err *err)
{
	struct table t;

	(void)operand;
	return api_table(&t, err) && finish(&t, conf, out, err);
}

static bool list_resolve(const struct list_conf *conf, const char *operand,
			 struct str *out, struct err *err)
{
	struct table t;
	bool some;

	if (!meanings_table(&t, operand, &some, err) ||
	    !finish(&t, conf, out, err))
		return false;
	return some || err_set(err, ERR_FAULT, "'%s' means nothing in a filter",
			       operand);
}

/* ---- the command -------------------------------------------------------- */

static const struct topic topics[] = {
    {"devices", NULL, true, list_devices},
    {"linktypes", NULL, false, list_linktypes},
    {"tstamp-types", NULL, false, list_tstamp_types},
    {"formats", NULL, false, list_formats},
    {"protocols", NULL, false, list_protocols},
    {"reports", NULL, false, list_reports},
    {"fields", "[PROTOCOL]", false, list_fields},
    {"api", NULL, false, list_api},
    {"resolve", "NAME", false, list_resolve},
};

#define TOPICS ARRAY_LEN(topics)

static void list_operands(const struct operand_at *place, struct str *out)
{
	unsigned id;
	size_t i;

	for (i = 0; place->n == 0 && i < TOPICS; i++)
		str_printf(out, "%s\n", topics[i].name);
	if (place->n == 1 && !strcmp(place->operands[0], "fields"))
		for (id = 1; id < PROTO_COUNT; id++)
			str_printf(out, "%s\n", proto_at(id)->name);
}

static const struct opt list_opts[] = {
    {
	.name = "json",
	.type = OPT_FLAG,
	.member = offsetof(struct list_conf, json),
	.help = "Print JSON.",
    },
    {0},
};

static const struct opt interface_opts[] = {
    {
	.letter = 'i',
	.name = "interface",
	.type = OPT_TEXT,
	.member = offsetof(struct list_conf, interface),
	.arg = "IFACE",
	.help = "Show only this interface: a name, or a number from the list.",
	.values = interface_values,
    },
    {
	.name = "netns",
	.type = OPT_TEXT,
	.member = offsetof(struct list_conf, netns),
	.arg = "NAMESPACE",
	.help = "The interfaces of this network namespace (Linux): a name that "
		"'ip netns' lists, a process id, or the path of a namespace "
		"file.",
	.values = netns_values,
    },
    {
	.letter = 'v',
	.name = "verbose",
	.type = OPT_FLAG,
	.member = offsetof(struct list_conf, verbose),
	.help = "Also show MTU, speed, driver, parent, rings, offloads and "
		"namespace, as far as they are known.",
    },
    {
	.name = "watch",
	.type = OPT_DURATION,
	.member = offsetof(struct list_conf, watch),
	.arg = "INTERVAL",
	.fallback = "1s",
	.min = 10 * NS_PER_MS,
	.max = INT64_MAX / 4,
	.help = "Show the counters of the interfaces, per second and in all, "
		"each INTERVAL (default: 1s), until q or Ctrl-C is typed; in "
		"lines if standard output is not a terminal.",
    },
    {
	.letter = 'L',
	.name = "list-data-link-types",
	.type = OPT_FLAG,
	.member = offsetof(struct list_conf, linktypes),
	.help = "List the link types of the interface (or the default one), "
		"for capture -y.",
    },
    {
	.letter = 'J',
	.name = "list-time-stamp-types",
	.type = OPT_FLAG,
	.member = offsetof(struct list_conf, tstamp_types),
	.help = "List the timestamp types of the interface (or the default "
		"one), for capture -j.",
    },
    {
	.letter = 'I',
	.name = "monitor-mode",
	.type = OPT_FLAG,
	.member = offsetof(struct list_conf, monitor),
	.help = "List link types available in monitor mode (IEEE 802.11).",
    },
    {
	.name = "remote",
	.type = OPT_TEXT,
	.member = offsetof(struct list_conf, remote),
	.arg = "SOURCE",
	.help = "The interfaces of the machine whose remote capture server is "
		"at rpcap://HOST[:PORT], or rpcaps:// for TLS. Requires "
		"libpcap built with remote capture.",
    },
    {0},
};

static const struct opt_group list_groups[] = {
    {.title = "Interfaces", .opts = interface_opts},
    {.title = "Interfaces",
     .opts = remote_login_opts,
     .base = offsetof(struct list_conf, login)},
    {.title = "Output", .opts = list_opts},
    {0},
};

/* The topic that word names; NULL: *err says that there is none. */
static const struct topic *find_topic(const char *word, struct err *err)
{
	struct nearest near = NEAREST_START(word);
	size_t i;

	for (i = 0; i < TOPICS; i++) {
		if (!strcmp(topics[i].name, word))
			return &topics[i];
		nearest_try(&near, topics[i].name);
	}
	if (near.best)
		err_set(err, ERR_USAGE, "unknown list '%s': did you mean '%s'?",
			word, near.best);
	else
		err_set(err, ERR_USAGE, "unknown list '%s'", word);
	return NULL;
}

/* Check operands and options against the topic. */
static bool fits(const struct topic *topic, const struct list_conf *conf,
		 const struct args *args, struct err *err)
{
	int most = topic->operand ? 2 : 1;

	if (topic->operand && topic->operand[0] != '[' && args->n < 2)
		return err_set(err, ERR_USAGE, "'list %s' needs a %s",
			       topic->name, topic->operand);
	if (args->n > most)
		return err_set(err, ERR_USAGE, "unexpected operand '%s'",
			       args->operands[most]);
	if (!topic->per_interface &&
	    (conf->interface || conf->linktypes || conf->tstamp_types ||
	     conf->monitor || conf->netns || conf->remote || conf->verbose ||
	     conf->watch))
		return err_set(err, ERR_USAGE,
			       "-i, -v, -L, -J, -I, --netns, --remote and "
			       "--watch do not go with 'list %s'",
			       topic->name);
	if (conf->watch && (conf->linktypes || conf->tstamp_types ||
			    conf->monitor || conf->remote || conf->verbose))
		return err_set(err, ERR_USAGE,
			       "option --watch: -L, -J, -I, -v and --remote do "
			       "not go with it");
	if (conf->netns && conf->remote)
		return err_set(err, ERR_USAGE,
			       "--netns and --remote exclude each other");
	if (conf->netns && conf->interface &&
	    netns_plain(conf->interface) != conf->interface)
		return err_set(err, ERR_USAGE,
			       "--netns and the namespace of -i exclude each "
			       "other");
	return true;
}

/* --watch. Returns the exit status. */
static int watch(const struct list_conf *conf)
{
	struct watch_wish wish = {.interval = conf->watch, .json = conf->json};
	char *device = NULL;
	struct err err;
	int status;

	if (conf->interface && !device_resolve(conf->interface, &device, &err))
		return message_err(&err);
	wish.only = device;
	status = list_watch(&wish);
	free(device);
	return status;
}

/* Make the list in the network namespace that it is about. Returns the exit
   status. */
static int run_there(const struct topic *topic, const struct list_conf *conf,
		     const char *operand, struct str *out)
{
	struct list_conf plain = *conf;
	struct netns_visit visit;
	struct err err;
	bool good;
	int status = 0;

	good = conf->netns
		   ? netns_enter(conf->netns, &visit, &err)
		   : netns_enter_of(conf->interface ? conf->interface : "",
				    &visit, &err);
	if (!good)
		return message_err(&err);
	if (conf->interface)
		plain.interface = netns_plain(conf->interface);
	if (plain.watch)
		status = watch(&plain);
	else if (!topic->run(&plain, operand, out, &err))
		status = message_err(&err);
	if (!netns_leave(&visit, &err) && !status)
		status = message_err(&err);
	return status;
}

static int list_run(const struct ctx *ctx, void *conf, const struct args *args)
{
	const struct list_conf *list = conf;
	const struct topic *topic = &topics[0];
	struct str out = STR_INIT;
	struct err err = {0};
	int status;

	(void)ctx;
	if (args->n)
		topic = find_topic(args->operands[0], &err);
	if (!topic || !fits(topic, conf, args, &err))
		return message_usage(&err, "list");
	status = run_there(topic, list, args->n > 1 ? args->operands[1] : NULL,
			   &out);
	if (out.len && !message_out(&out))
		status = report_out_status();
	str_fini(&out);
	return status;
}

static const struct example list_examples[] = {
    {"pcaptool list", "The interfaces, with addresses and link types."},
    {"pcaptool list --json | jq -r '.[] | select(.up).name'",
     "The names of those that are up."},
    {"pcaptool list -v -i eth0", "What there is to know of eth0."},
    {"pcaptool list -i eth0 -J", "The timestamp types of eth0."},
    {"pcaptool list --netns 1234",
     "The interfaces that process 1234 sees, as in a container."},
    {"pcaptool list fields ip", "The fields of IPv4, for 'read --fields'."},
    {"pcaptool list resolve domain", "What 'port domain' means in a filter."},
    {0},
};

const struct command list_command = {
    .name = "list",
    .operands = "[LIST | fields PROTOCOL | resolve NAME]",
    .summary = "show interfaces, and what the tool knows",
    .about =
	"LIST is one of: devices, the interfaces that can be captured on "
	"(the default); linktypes and tstamp-types, those that this "
	"libpcap has names for; formats, the savefile formats that can be "
	"written; protocols and fields, what read can show (of one protocol: "
	"list fields PROTOCOL); reports, those of stats; api, the functions of "
	"libpcap and the "
	"commands that use them. resolve shows what NAME means in a "
	"filter expression.",
    .groups = list_groups,
    .defaults = &list_defaults,
    .conf_size = sizeof(struct list_conf),
    .values = list_operands,
    .examples = list_examples,
    .run = list_run,
};
