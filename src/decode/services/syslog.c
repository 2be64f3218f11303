/*
 * syslog: "<priority>" and a text, whose beginning RFC 5424 gives a form
 * (version, time, host, application, process, message id) and RFC 3164
 * another (time, host, process).
 */
#include "decode/lib/rows.h"
#include "decode/lib/textline.h"

enum {
	SYSLOG_FACILITY,
	SYSLOG_LEVEL,
	SYSLOG_MSG,
	SYSLOG_VERSION,
	SYSLOG_HOSTNAME,
	SYSLOG_APPNAME,
	SYSLOG_PROCID,
	SYSLOG_MSGID,
	SYSLOG_TIMESTAMP_3164,
};

static const struct names facility_names[] = {
    {0, "kernel"},  {1, "user"},      {2, "mail"},	{3, "daemon"},
    {4, "auth"},    {5, "syslog"},    {6, "lpr"},	{7, "news"},
    {8, "uucp"},    {9, "cron"},      {10, "authpriv"}, {11, "ftp"},
    {12, "ntp"},    {13, "security"}, {14, "console"},	{15, "cron2"},
    {16, "local0"}, {17, "local1"},   {18, "local2"},	{19, "local3"},
    {20, "local4"}, {21, "local5"},   {22, "local6"},	{23, "local7"},
    {0, NULL},
};

static const struct names level_names[] = {
    {0, "emergency"}, {1, "alert"},   {2, "critical"},
    {3, "error"},     {4, "warning"}, {5, "notice"},
    {6, "info"},      {7, "debug"},   {0, NULL},
};

static const struct field fields[] = {
    [SYSLOG_FACILITY] = {"syslog.facility", "Facility", facility_names,
			 .mask = 0x3f8, .type = FIELD_UINT,
			 .flags = FIELD_LINE},
    [SYSLOG_LEVEL] = {"syslog.level", "Level", level_names, .mask = 0x7,
		      .type = FIELD_UINT, .flags = FIELD_LINE},
    [SYSLOG_MSG] = TEXT("syslog.msg", "Message", FIELD_LINE),
    [SYSLOG_VERSION] = TEXT("syslog.version", "Version", 0),
    [SYSLOG_HOSTNAME] = TEXT("syslog.hostname", "Host", 0),
    [SYSLOG_APPNAME] = TEXT("syslog.appname", "Application", 0),
    [SYSLOG_PROCID] = TEXT("syslog.procid", "Process", 0),
    [SYSLOG_MSGID] = TEXT("syslog.msgid", "Message id", 0),
    [SYSLOG_TIMESTAMP_3164] = TEXT("syslog.timestamp_rfc3164", "Time", 0),
};

/* "Oct 11 22:14:15 " */
static bool is_time(const struct cur *c)
{
	static const char form[] = "Aaa  0 00:00:00 ";
	unsigned i;

	if (cur_left(c) < sizeof(form) - 1)
		return false;
	for (i = 0; form[i]; i++) {
		uint8_t ch = cur_peek8(c, i);

		if (form[i] == '0' ? ch < '0' || ch > '9'
		    : form[i] == 'A' || form[i] == 'a'
			? (ch | 0x20) < 'a' || (ch | 0x20) > 'z'
			: ch != (uint8_t)form[i] &&
			      !(i == 4 && ch >= '1' && ch <= '3'))
			return false;
	}
	return true;
}

static void take_word(struct dissect *d, struct cur *c, unsigned field)
{
	struct cur word = text_word(c);

	text_note(d, &word, &fields[field]);
}

/* The process ends before its number, or a colon. */
static void take_process(struct dissect *d, struct cur *c)
{
	size_t n = 0;

	while (n < cur_left(c) && cur_peek8(c, n) != '[' &&
	       cur_peek8(c, n) != ':' && cur_peek8(c, n) != ' ')
		n++;
	if (n && n < cur_left(c) && cur_peek8(c, n) != ' ')
		take_bytes(d, c, &fields[SYSLOG_PROCID], n);
}

static void decode(struct dissect *d, struct cur *c)
{
	uint32_t priority;
	struct cur look = *c;

	cur_skip(&look, 1);
	if (!text_starts(c, "<") || !text_number(&look, &priority) ||
	    !text_starts(&look, ">") || priority > 0x3ff) {
		text_note(d, c, &fields[SYSLOG_MSG]);
		return;
	}
	*c = look;
	add_bits(d, &fields[SYSLOG_FACILITY], priority);
	add_bits(d, &fields[SYSLOG_LEVEL], priority);
	cur_skip(c, 1);
	text_note(d, c, &fields[SYSLOG_MSG]);
	if (text_starts(c, "1 ")) {
		take_word(d, c, SYSLOG_VERSION);
		text_word(c); /* the time, a text in an ISO form */
		take_word(d, c, SYSLOG_HOSTNAME);
		take_word(d, c, SYSLOG_APPNAME);
		take_word(d, c, SYSLOG_PROCID);
		take_word(d, c, SYSLOG_MSGID);
	} else if (is_time(c)) {
		take_bytes(d, c, &fields[SYSLOG_TIMESTAMP_3164], 15);
		cur_skip(c, 1);
		take_word(d, c, SYSLOG_HOSTNAME);
		take_process(d, c);
	}
}

static void summary(struct summary *l)
{
	const struct value *level = summary_value(l, SYSLOG_LEVEL);

	summary_puts(l, "SYSLOG");
	if (level)
		summary_printf(l, " %s.%s",
			       names_or(facility_names,
					summary_num(l, SYSLOG_FACILITY),
					"unknown"),
			       names_or(level_names, level->num, ""));
	summary_printf(l, ", length: %u: ", l->layer->len);
	summary_text(l, summary_value(l, SYSLOG_MSG));
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, 514}};

const struct proto proto_syslog = {
    "syslog",	      "Syslog",		  PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,
};
