/* Owns the reading of scripts: script.h describes them. */
#include "script.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "capture/pcaplib.h"

struct word {
	const char *name;
	int value;
	const char *description;
};

static const struct word linktypes[] = {
    {"NULL", DLT_NULL, "BSD loopback"},
    {"EN10MB", DLT_EN10MB, "Ethernet"},
    {"RAW", DLT_RAW, "Raw IP"},
    {"IEEE802_11", DLT_IEEE802_11, "802.11"},
    {"LINUX_SLL", DLT_LINUX_SLL, "Linux cooked v1"},
    {"IEEE802_11_RADIO", DLT_IEEE802_11_RADIO, "802.11 plus radiotap header"},
    {"DOCSIS", 143, "DOCSIS"},
    {"LINUX_SLL2", 276, "Linux cooked v2"},
    {NULL, -1, NULL},
};

static const struct word tstamp_types[] = {
    {"host", 0, "Host"},
    {"host_lowprec", 1, "Host, low precision"},
    {"host_hiprec", 2, "Host, high precision"},
    {"adapter", 3, "Adapter"},
    {"adapter_unsynced", 4, "Adapter, not synced with system time"},
    {"host_hiprec_unsynced", 5,
     "Host, high precision, not synced with system time"},
    {NULL, -1, NULL},
};

static const struct word flags[] = {
    {"loopback", 0x1, NULL},	    {"up", 0x2, NULL},
    {"running", 0x4, NULL},	    {"wireless", 0x8, NULL},
    {"connected", 0x10, NULL},	    {"disconnected", 0x20, NULL},
    {"not-applicable", 0x30, NULL}, {NULL, -1, NULL},
};

static const struct word signals[] = {
    {"INT", SIGINT, NULL},   {"TERM", SIGTERM, NULL}, {"HUP", SIGHUP, NULL},
    {"USR1", SIGUSR1, NULL}, {"USR2", SIGUSR2, NULL}, {"ALRM", SIGALRM, NULL},
    {"KILL", SIGKILL, NULL}, {NULL, -1, NULL},
};

static const struct word codes[] = {
    {"PCAP_ERROR", -1, NULL},
    {"PCAP_ERROR_NO_SUCH_DEVICE", -5, NULL},
    {"PCAP_ERROR_RFMON_NOTSUP", -6, NULL},
    {"PCAP_ERROR_PERM_DENIED", -8, NULL},
    {"PCAP_ERROR_IFACE_NOT_UP", -9, NULL},
    {"PCAP_ERROR_CANTSET_TSTAMP_TYPE", -10, NULL},
    {"PCAP_ERROR_PROMISC_PERM_DENIED", -11, NULL},
    {"PCAP_ERROR_TSTAMP_PRECISION_NOTSUP", -12, NULL},
    {"PCAP_ERROR_CAPTURE_NOTSUP", -13, NULL},
    {"PCAP_WARNING", 1, NULL},
    {"PCAP_WARNING_PROMISC_NOTSUP", 2, NULL},
    {"PCAP_WARNING_TSTAMP_TYPE_NOTSUP", 3, NULL},
    {NULL, 0, NULL},
};

/* The value of a name, else -1. */
static int word_value(const struct word *words, const char *name)
{
	while (words->name && strcasecmp(words->name, name) != 0)
		words++;
	return words->name ? words->value : -1;
}

static const char *word_name(const struct word *words, int value,
			     const char **description)
{
	while (words->name && words->value != value)
		words++;
	if (words->name && description)
		*description = words->description;
	return words->name;
}

int linktype_value(const char *name)
{
	return word_value(linktypes, name);
}

const char *linktype_name(int value, const char **description)
{
	return word_name(linktypes, value, description);
}

int tstamp_type_value(const char *name)
{
	return word_value(tstamp_types, name);
}

const char *tstamp_type_name(int value, const char **description)
{
	return word_name(tstamp_types, value, description);
}

/* Cut the next word off *rest; NULL: the line ends. */
static char *next_word(char **rest)
{
	char *start = *rest + strspn(*rest, " \t\r"), *end;

	if (!*start) {
		*rest = start;
		return NULL;
	}
	end = start + strcspn(start, " \t\r");
	*rest = *end ? end + 1 : end;
	*end = '\0';
	return start;
}

static char *rest_of_line(char *rest)
{
	rest += strspn(rest, " \t");
	rest[strcspn(rest, "\r")] = '\0';
	return rest;
}

static bool number(const char *text, long long *value)
{
	char *end;

	errno = 0;
	*value = strtoll(text, &end, 0);
	return end != text && !*end && !errno;
}

/* Milliseconds, maybe with a fraction, in nanoseconds. */
static bool milliseconds(const char *text, int64_t *ns)
{
	char *end;
	double ms = strtod(text, &end);

	*ns = (int64_t)(ms * 1e6);
	return end != text && !*end && ms >= 0;
}

static bool code_of(char **rest, int *code)
{
	char *name = next_word(rest);
	const struct word *known = codes;
	long long value;

	if (!name)
		return false;
	if (number(name, &value)) {
		*code = (int)value;
		return true;
	}
	while (known->name && strcmp(known->name, name) != 0)
		known++;
	*code = known->value;
	return known->name != NULL;
}

/* ADDRESS into *sa; bits >= 0: the mask of that many bits instead. */
static bool socket_address(const char *text, long bits,
			   struct sockaddr_storage *sa)
{
	struct sockaddr_in *in = (struct sockaddr_in *)sa;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)sa;
	uint8_t *bytes;
	long i, size;

	memset(sa, 0, sizeof(*sa));
	if (inet_pton(AF_INET, text, &in->sin_addr) == 1) {
		sa->ss_family = AF_INET;
		bytes = (uint8_t *)&in->sin_addr;
		size = 4;
	} else if (inet_pton(AF_INET6, text, &in6->sin6_addr) == 1) {
		sa->ss_family = AF_INET6;
		bytes = in6->sin6_addr.s6_addr;
		size = 16;
	} else {
		return false;
	}
	if (bits > size * 8)
		return false;
	for (i = 0; bits >= 0 && i < size; i++)
		bytes[i] = bits >= i * 8 + 8 ? 0xff
			   : bits <= i * 8
			       ? 0
			       : (uint8_t)(0xff00 >> (bits - i * 8));
	return true;
}

static bool add_address(struct device *device, char *rest)
{
	struct address *a = &device->addresses[device->address_count];
	char *word = next_word(&rest), *slash = word ? strchr(word, '/') : NULL;
	long long bits;

	if (!slash || device->address_count == LIST_MAX)
		return false;
	*slash = '\0';
	if (!number(slash + 1, &bits) || bits < 0 ||
	    !socket_address(word, -1, &a->address) ||
	    !socket_address(word, (long)bits, &a->mask))
		return false;
	while ((word = next_word(&rest))) {
		char *value = next_word(&rest);
		bool peer = !strcmp(word, "peer");

		if (!value || (!peer && strcmp(word, "broadcast") != 0) ||
		    !socket_address(value, -1, peer ? &a->peer : &a->broadcast))
			return false;
		*(peer ? &a->has_peer : &a->has_broadcast) = true;
	}
	device->address_count++;
	return true;
}

static bool add_types(const struct word *known, int *list, int *count,
		      char *rest)
{
	long long value;
	char *word;

	while ((word = next_word(&rest))) {
		if (!number(word, &value))
			value = word_value(known, word);
		if (value < 0 || *count == LIST_MAX)
			return false;
		list[(*count)++] = (int)value;
	}
	return *count > 0;
}

static struct event *add_event(struct device *device, enum event_kind kind)
{
	struct event *events, *e;

	events = realloc(device->events,
			 (device->event_count + 1) * sizeof(*events));
	if (!events)
		return NULL;
	device->events = events;
	e = &events[device->event_count++];
	*e = (struct event){.kind = kind, .count = 1, .number_at = -1};
	return e;
}

static bool set_packet_key(struct event *e, const char *key, const char *value)
{
	long long n = 0;
	double seconds;
	char *end;

	if (!strcmp(key, "wait"))
		return milliseconds(value, &e->wait_ns);
	if (!strcmp(key, "dir")) {
		e->outbound = !strcmp(value, "out");
		return e->outbound || !strcmp(value, "in");
	}
	if (!strcmp(key, "time")) {
		n = strtoll(value, &end, 10);
		seconds = *end == '.' ? strtod(end, &end) : 0;
		e->time_ns = n * 1000000000 + (int64_t)(seconds * 1e9 + 0.5);
		return end != value && !*end;
	}
	if (!number(value, &n) || n < 0 || n > UINT32_MAX)
		return false;
	if (!strcmp(key, "count"))
		e->count = (uint32_t)n;
	else if (!strcmp(key, "step"))
		e->step_ns = n;
	else if (!strcmp(key, "wire"))
		e->wire = (uint32_t)n;
	else if (!strcmp(key, "pad"))
		e->padded = (uint32_t)n;
	else if (!strcmp(key, "number"))
		e->number_at = (long)n;
	else
		return false;
	return true;
}

/* The bytes of hex digits after those the event has, in place. */
static bool add_hex(struct event *e, char *hex)
{
	if (!e->data)
		e->data = (uint8_t *)hex;
	for (; *hex; hex += 2) {
		char digits[3] = {hex[0], hex[1], '\0'}, *end;
		unsigned long byte = strtoul(digits, &end, 16);

		if (end != digits + 2)
			return false;
		e->data[e->len++] = (uint8_t)byte;
	}
	return true;
}

static bool add_packet(struct device *device, char *rest)
{
	struct event *e = add_event(device, EVENT_PACKET), *before;
	char *word, *equals;
	bool good = true;

	if (!e)
		return false;
	e->time_ns = -1;
	e->step_ns = 1000001;
	while (good && (word = next_word(&rest))) {
		equals = strchr(word, '=');
		if (equals)
			*equals = '\0';
		good = equals ? set_packet_key(e, word, equals + 1)
			      : add_hex(e, word);
	}
	if (e->time_ns < 0) {
		e->time_ns = INT64_C(1700000000000000000);
		for (before = device->events; before < e; before++)
			if (before->kind == EVENT_PACKET)
				e->time_ns = before->time_ns +
					     before->step_ns * before->count;
	}
	if (e->padded < e->len)
		e->padded = e->len;
	if (e->number_at >= 0 && (size_t)e->number_at + 4 > e->padded)
		return false;
	if (!e->wire)
		e->wire = e->padded;
	return good && e->wire >= e->padded;
}

static bool add_counter(struct device *device, enum event_kind kind, char *rest)
{
	struct event *e = add_event(device, kind);
	char *word = next_word(&rest);
	long long n;

	if (!e || !word || !number(word, &n) || n < 0 || n > UINT32_MAX)
		return false;
	e->count = (uint32_t)n;
	return true;
}

static bool add_signal(struct device *device, char *rest)
{
	struct event *e = add_event(device, EVENT_SIGNAL);
	char *word = next_word(&rest);

	if (!e || !word)
		return false;
	e->code = word_value(signals, word);
	return e->code > 0;
}

static bool add_error(struct device *device, char *rest)
{
	struct event *e = add_event(device, EVENT_ERROR);

	if (!e)
		return false;
	e->text = rest_of_line(rest);
	return true;
}

/* A pause is the wait of a counter that adds nothing. */
static bool add_pause(struct device *device, char *rest)
{
	struct event *e = add_event(device, EVENT_RECEIVED);
	char *word = next_word(&rest);

	if (!e || !word)
		return false;
	e->count = 0;
	return milliseconds(word, &e->wait_ns);
}

static bool add_device(struct script *script, char *rest)
{
	struct device *devices, *device;
	char *word = next_word(&rest);
	int flag;

	devices = realloc(script->devices,
			  (script->device_count + 1) * sizeof(*devices));
	if (!devices || !word)
		return false;
	script->devices = devices;
	device = &devices[script->device_count++];
	memset(device, 0, sizeof(*device));
	device->name = word;
	device->select_ms = -1;
	while ((word = next_word(&rest))) {
		flag = word_value(flags, word);
		if (flag < 0)
			return false;
		device->flags |= (unsigned)flag;
	}
	return true;
}

static bool set_mac(struct device *device, const char *text)
{
	unsigned o[6];
	int i;

	if (sscanf(text, "%2x:%2x:%2x:%2x:%2x:%2x", &o[0], &o[1], &o[2], &o[3],
		   &o[4], &o[5]) != 6)
		return false;
	for (i = 0; i < 6; i++)
		device->mac[i] = (uint8_t)o[i];
	device->has_mac = true;
	return true;
}

static bool set_no_fd(struct device *device, char *rest)
{
	char *word = next_word(&rest);
	long long ms;

	device->no_fd = true;
	if (word && !number(word, &ms))
		return false;
	if (word)
		device->select_ms = (long)ms;
	return true;
}

/* A statement that describes the interface. *known: it was one. */
static bool device_statement(struct device *d, const char *verb, char *rest,
			     bool *known)
{
	if (!strcmp(verb, "description"))
		d->description = rest_of_line(rest);
	else if (!strcmp(verb, "address"))
		return add_address(d, rest);
	else if (!strcmp(verb, "mac"))
		return set_mac(d, rest);
	else if (!strcmp(verb, "linktypes"))
		return add_types(linktypes, d->linktypes, &d->linktype_count,
				 rest);
	else if (!strcmp(verb, "tstamp-types"))
		return add_types(tstamp_types, d->tstamp_types,
				 &d->tstamp_type_count, rest);
	else if (!strcmp(verb, "rfmon"))
		d->rfmon = true;
	else if (!strcmp(verb, "micro"))
		d->micro = true;
	else if (!strcmp(verb, "no-fd"))
		return set_no_fd(d, rest);
	else if (!strcmp(verb, "activate"))
		return code_of(&rest, &d->activate) &&
		       (d->activate_text = rest_of_line(rest));
	else if (!strcmp(verb, "promisc"))
		return code_of(&rest, &d->promisc) &&
		       (d->promisc_text = rest_of_line(rest));
	else if (!strcmp(verb, "stats-fail"))
		d->stats_fail = rest_of_line(rest);
	else if (!strcmp(verb, "filter-fail"))
		d->filter_fail = rest_of_line(rest);
	else
		*known = false;
	return true;
}

/* A statement that makes something happen. */
static bool event_statement(struct device *d, const char *verb, char *rest)
{
	if (!strcmp(verb, "packet"))
		return add_packet(d, rest);
	if (!strcmp(verb, "pause"))
		return add_pause(d, rest);
	if (!strcmp(verb, "received"))
		return add_counter(d, EVENT_RECEIVED, rest);
	if (!strcmp(verb, "dropped"))
		return add_counter(d, EVENT_DROPPED, rest);
	if (!strcmp(verb, "if-dropped"))
		return add_counter(d, EVENT_IFDROPPED, rest);
	if (!strcmp(verb, "signal"))
		return add_signal(d, rest);
	if (!strcmp(verb, "error"))
		return add_error(d, rest);
	return false;
}

/* FUNCTION[:N] [CODE [TEXT]] */
static bool add_refusal(struct script *script, char *rest)
{
	struct refusal *r = &script->refusals[script->refusal_count];
	char *function = next_word(&rest), *colon;
	long long nth = 0;

	if (!function || script->refusal_count == LIST_MAX)
		return false;
	colon = strchr(function, ':');
	if (colon)
		*colon++ = '\0';
	if (colon && (!number(colon, &nth) || nth < 1))
		return false;
	*r = (struct refusal){
	    .function = function, .nth = (unsigned)nth, .code = PCAP_ERROR};
	if (*rest && !code_of(&rest, &r->code))
		return false;
	r->text = rest_of_line(rest);
	script->refusal_count++;
	return true;
}

bool script_refuses(const struct script *script, const char *function,
		    int *code, char *errbuf)
{
	static unsigned calls[LIST_MAX];
	const struct refusal *r = script->refusals;
	const struct refusal *end = r + script->refusal_count;

	for (; r < end; r++) {
		if (strcmp(r->function, function) != 0 ||
		    (++calls[r - script->refusals] != r->nth && r->nth))
			continue;
		*code = r->code;
		if (errbuf)
			snprintf(errbuf, PCAP_ERRBUF_SIZE, "%s",
				 r->text[0] ? r->text : "refused");
		return true;
	}
	return false;
}

bool environment_refuses(const char *function, int *code, char *errbuf)
{
	char unused[PCAP_ERRBUF_SIZE];
	struct script script;
	bool refused;

	if (!script_from_environment(&script, unused))
		return false;
	refused = script_refuses(&script, function, code, errbuf);
	script_free(&script);
	return refused;
}

static bool read_line(struct script *script, char *line)
{
	char *verb = next_word(&line);
	struct device *device = NULL;
	bool known = true, good;

	if (!verb || verb[0] == '#')
		return true;
	if (!strcmp(verb, "log"))
		return (script->log = next_word(&line)) != NULL;
	if (!strcmp(verb, "no-devices"))
		return (script->no_devices = rest_of_line(line)) != NULL;
	if (!strcmp(verb, "refuse"))
		return add_refusal(script, line);
	if (!strcmp(verb, "refuse-filter"))
		return (script->refused_filter = next_word(&line)) != NULL;
	if (!strcmp(verb, "interface"))
		return add_device(script, line);
	if (!script->device_count)
		return false;
	device = &script->devices[script->device_count - 1];
	good = device_statement(device, verb, line, &known);
	return known ? good : event_statement(device, verb, line);
}

static char *whole_file(const char *path)
{
	FILE *f = fopen(path, "r");
	size_t len = 0, cap = 65536, n;
	char *text = f ? malloc(cap + 1) : NULL, *more;

	while (text && (n = fread(text + len, 1, cap - len, f)) > 0) {
		len += n;
		if (len < cap)
			continue;
		cap *= 2;
		more = realloc(text, cap + 1);
		if (!more)
			break;
		text = more;
	}
	if (text)
		text[len] = '\0';
	if (f)
		fclose(f);
	return text;
}

void script_free(struct script *script)
{
	size_t i;

	for (i = 0; i < script->device_count; i++)
		free(script->devices[i].events);
	free(script->devices);
	free(script->text);
	memset(script, 0, sizeof(*script));
}

/* As it was when the library was loaded: in the sandbox it is not read. */
static char *loaded;

void script_load(void)
{
	const char *path = getenv("PCAPTOOL_FAKE");

	if (path)
		loaded = whole_file(path);
}

void script_unload(void)
{
	free(loaded);
	loaded = NULL;
}

bool script_from_environment(struct script *script, char *errbuf)
{
	const char *path = getenv("PCAPTOOL_FAKE");
	char *line, *next;
	int number_of_line = 1;

	memset(script, 0, sizeof(*script));
	if (!path)
		return true;
	script->text = whole_file(path);
	if (!script->text && loaded)
		script->text = strdup(loaded);
	if (!script->text) {
		snprintf(errbuf, PCAP_ERRBUF_SIZE, "%s: cannot be read", path);
		return false;
	}
	for (line = script->text; line; line = next, number_of_line++) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (read_line(script, line))
			continue;
		snprintf(errbuf, PCAP_ERRBUF_SIZE, "%s: line %d: %s ... ?",
			 path, number_of_line, line);
		script_free(script);
		return false;
	}
	return true;
}
