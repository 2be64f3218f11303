/*
 * Session descriptions (SDP, RFC 8866): lines "letter=value". Those after the
 * first "m=" belong to a medium, those before it to the session.
 */
#include "decode/lib/rows.h"
#include "decode/lib/textline.h"

enum {
	SDP_VERSION,
	SDP_OWNER,
	SDP_OWNER_USER,
	SDP_OWNER_SESSION,
	SDP_OWNER_VERSION,
	SDP_OWNER_NETWORK,
	SDP_OWNER_ADDRESS_TYPE,
	SDP_OWNER_ADDRESS,
	SDP_NAME,
	SDP_INFO,
	SDP_CONNECTION,
	SDP_CONNECTION_NETWORK,
	SDP_CONNECTION_TYPE,
	SDP_CONNECTION_ADDRESS,
	SDP_BANDWIDTH,
	SDP_BANDWIDTH_MODIFIER,
	SDP_BANDWIDTH_VALUE,
	SDP_TIME,
	SDP_TIME_START,
	SDP_TIME_STOP,
	SDP_SESSION_ATTR,
	SDP_SESSION_ATTR_FIELD,
	SDP_SESSION_ATTR_VALUE,
	SDP_MEDIA,
	SDP_MEDIA_KIND,
	SDP_MEDIA_PORT,
	SDP_MEDIA_PORT_TEXT,
	SDP_MEDIA_PROTO,
	SDP_MEDIA_FORMAT,
	SDP_MEDIA_ATTR,
	SDP_MEDIA_ATTR_FIELD,
	SDP_MEDIA_ATTR_VALUE,
	SDP_MIME_TYPE,
	SDP_SAMPLE_RATE,
};

static const struct field fields[] = {
    [SDP_VERSION] = TEXT("sdp.version", "Version", 0),
    [SDP_OWNER] = TEXT("sdp.owner", "Owner", 0),
    [SDP_OWNER_USER] = TEXT("sdp.owner.username", "User", 0),
    [SDP_OWNER_SESSION] = TEXT("sdp.owner.sessionid", "Session", 0),
    [SDP_OWNER_VERSION] = TEXT("sdp.owner.version", "Version", 0),
    [SDP_OWNER_NETWORK] = TEXT("sdp.owner.network_type", "Network type", 0),
    [SDP_OWNER_ADDRESS_TYPE] =
	TEXT("sdp.owner.address_type", "Address type", 0),
    [SDP_OWNER_ADDRESS] = TEXT("sdp.owner.address", "Address", 0),
    [SDP_NAME] = TEXT("sdp.session_name", "Session", 0),
    [SDP_INFO] = TEXT("sdp.session_info", "Information", 0),
    [SDP_CONNECTION] = TEXT("sdp.connection_info", "Connection", 0),
    [SDP_CONNECTION_NETWORK] =
	TEXT("sdp.connection_info.network_type", "Network type", 0),
    [SDP_CONNECTION_TYPE] =
	TEXT("sdp.connection_info.address_type", "Address type", 0),
    [SDP_CONNECTION_ADDRESS] =
	TEXT("sdp.connection_info.address", "Address", FIELD_LINE),
    [SDP_BANDWIDTH] = TEXT("sdp.bandwidth", "Bandwidth", 0),
    [SDP_BANDWIDTH_MODIFIER] = TEXT("sdp.bandwidth.modifier", "Modifier", 0),
    [SDP_BANDWIDTH_VALUE] = TEXT("sdp.bandwidth.value", "Value", 0),
    [SDP_TIME] = TEXT("sdp.time", "Time", 0),
    [SDP_TIME_START] = TEXT("sdp.time.start", "Start", 0),
    [SDP_TIME_STOP] = TEXT("sdp.time.stop", "Stop", 0),
    [SDP_SESSION_ATTR] = TEXT("sdp.session_attr", "Attribute", 0),
    [SDP_SESSION_ATTR_FIELD] = TEXT("sdp.session_attr.field", "Name", 0),
    [SDP_SESSION_ATTR_VALUE] = TEXT("sdp.session_attr.value", "Value", 0),
    [SDP_MEDIA] = TEXT("sdp.media", "Medium", 0),
    [SDP_MEDIA_KIND] = TEXT("sdp.media.media", "Kind", FIELD_LINE),
    [SDP_MEDIA_PORT] = NUMBER("sdp.media.port", "Port", FIELD_LINE, 0),
    [SDP_MEDIA_PORT_TEXT] = TEXT("sdp.media.port_string", "Port", 0),
    [SDP_MEDIA_PROTO] = TEXT("sdp.media.proto", "Protocol", 0),
    [SDP_MEDIA_FORMAT] = TEXT("sdp.media.format", "Format", 0),
    [SDP_MEDIA_ATTR] = TEXT("sdp.media_attr", "Attribute", 0),
    [SDP_MEDIA_ATTR_FIELD] = TEXT("sdp.media_attribute.field", "Name", 0),
    [SDP_MEDIA_ATTR_VALUE] = TEXT("sdp.media_attribute.value", "Value", 0),
    [SDP_MIME_TYPE] = TEXT("sdp.mime.type", "MIME type", 0),
    [SDP_SAMPLE_RATE] = TEXT("sdp.sample_rate", "Samples a second", 0),
};

/* Names of RTP's payload types that are fixed (RFC 3551). */
static const struct names payload_names[] = {
    {0, "ITU-T G.711 PCMU"},
    {3, "GSM 06.10"},
    {4, "ITU-T G.723"},
    {5, "DVI4 8000 samples/s"},
    {6, "DVI4 16000 samples/s"},
    {7, "Experimental linear predictive encoding from Xerox PARC"},
    {8, "ITU-T G.711 PCMA"},
    {9, "ITU-T G.722"},
    {10, "16-bit uncompressed audio, stereo"},
    {11, "16-bit uncompressed audio, monaural"},
    {12, "Qualcomm Code Excited Linear Predictive coding"},
    {13, "Comfort noise"},
    {14, "MPEG-I/II Audio"},
    {15, "ITU-T G.728"},
    {16, "DVI4 11025 samples/s"},
    {17, "DVI4 22050 samples/s"},
    {18, "ITU-T G.729"},
    {25, "Sun CellB video encoding"},
    {26, "JPEG-compressed video"},
    {28, "'nv' program"},
    {31, "ITU-T H.261"},
    {32, "MPEG-I/II Video"},
    {33, "MPEG-II transport streams"},
    {34, "ITU-T H.263"},
    {0, NULL},
};

/* The words of a value into neighbouring fields. */
static void add_words(struct dissect *d, struct cur value, unsigned first,
		      unsigned last)
{
	struct cur word;
	unsigned i;

	for (i = first; i <= last && cur_left(&value); i++) {
		word = i == last ? value : text_word(&value);
		text_note(d, &word, &fields[i]);
	}
}

/* "name:value" into neighbouring fields; a name alone is nothing more than the
   whole. */
static void add_pair(struct dissect *d, struct cur value, unsigned field)
{
	struct cur name;
	size_t n = text_find(&value, ':');

	if (n == SIZE_MAX)
		return;
	name = cur_part(&value, n);
	text_note(d, &name, &fields[field]);
	cur_skip(&value, 1);
	text_note(d, &value, &fields[field + 1]);
}

static void decode_format(struct dissect *d, struct cur *word, bool rtp)
{
	const char *name = NULL;
	struct cur look = *word;
	char dynamic[40];
	uint32_t number;

	if (rtp && text_number(&look, &number) && !cur_left(&look)) {
		name = names_get(payload_names, number);
		if (!name && number >= 96 && number <= 127) {
			*fmt_dec(fmt_text(dynamic, "DynamicRTP-Type-"),
				 number) = '\0';
			add_text(d, &fields[SDP_MEDIA_FORMAT], dynamic);
			return;
		}
	}
	if (name)
		add_bytes(d, &fields[SDP_MEDIA_FORMAT], name, strlen(name));
	else
		text_note(d, word, &fields[SDP_MEDIA_FORMAT]);
}

/* "rtpmap:103 G726-32/8000" and "fmtp:103 ...": about one of the formats. */
static bool decode_map(struct dissect *d, struct cur value)
{
	struct cur word;
	uint32_t rate;
	bool map = text_starts(&value, "rtpmap:");
	size_t n;

	if (!map && !text_starts(&value, "fmtp:"))
		return false;
	n = text_find(&value, ':');
	word = cur_part(&value, n);
	text_note(d, &word, &fields[SDP_MEDIA_ATTR_FIELD]);
	cur_skip(&value, 1);
	word = text_word(&value);
	text_note(d, &word, &fields[SDP_MEDIA_FORMAT]);
	if (!map)
		return true;
	n = text_find(&value, '/');
	word = cur_part(&value, n == SIZE_MAX ? cur_left(&value) : n);
	text_note(d, &word, &fields[SDP_MIME_TYPE]);
	if (n == SIZE_MAX)
		return true;
	cur_skip(&value, 1);
	word = value;
	n = text_number(&word, &rate);
	word = cur_part(&value, n);
	text_note(d, &word, &fields[SDP_SAMPLE_RATE]);
	return true;
}

/* "audio 16756 RTP/AVP 8 101", the port perhaps with "/2" after it. */
static void decode_media(struct dissect *d, struct cur value)
{
	struct cur word;
	uint32_t port;
	bool rtp;

	word = text_word(&value);
	text_note(d, &word, &fields[SDP_MEDIA_KIND]);
	word = text_word(&value);
	text_note(d, &word, &fields[SDP_MEDIA_PORT_TEXT]);
	if (text_number(&word, &port))
		add_uint(d, &fields[SDP_MEDIA_PORT], port);
	word = text_word(&value);
	rtp = text_starts(&word, "RTP");
	text_note(d, &word, &fields[SDP_MEDIA_PROTO]);
	while (cur_left(&value)) {
		word = text_word(&value);
		decode_format(d, &word, rtp);
	}
}

static void decode_line(struct dissect *d, struct cur value, unsigned letter,
			bool *media)
{
	switch (letter) {
	case 'v':
		text_note(d, &value, &fields[SDP_VERSION]);
		break;
	case 'o':
		text_note(d, &value, &fields[SDP_OWNER]);
		add_words(d, value, SDP_OWNER_USER, SDP_OWNER_ADDRESS);
		break;
	case 's':
		text_note(d, &value, &fields[SDP_NAME]);
		break;
	case 'i':
		if (!*media)
			text_note(d, &value, &fields[SDP_INFO]);
		break;
	case 'c':
		text_note(d, &value, &fields[SDP_CONNECTION]);
		add_words(d, value, SDP_CONNECTION_NETWORK,
			  SDP_CONNECTION_ADDRESS);
		break;
	case 'b':
		text_note(d, &value, &fields[SDP_BANDWIDTH]);
		add_pair(d, value, SDP_BANDWIDTH_MODIFIER);
		break;
	case 't':
		text_note(d, &value, &fields[SDP_TIME]);
		add_words(d, value, SDP_TIME_START, SDP_TIME_STOP);
		break;
	case 'm':
		*media = true;
		text_note(d, &value, &fields[SDP_MEDIA]);
		decode_media(d, value);
		break;
	case 'a':
		text_note(d, &value,
			  &fields[*media ? SDP_MEDIA_ATTR : SDP_SESSION_ATTR]);
		if (*media && decode_map(d, value))
			break;
		add_pair(d, value,
			 *media ? SDP_MEDIA_ATTR_FIELD
				: SDP_SESSION_ATTR_FIELD);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur line;
	unsigned letter;
	bool media = false;

	while (text_last_line(c, &line)) {
		if (cur_left(&line) < 2 || cur_peek8(&line, 1) != '=')
			continue;
		letter = cur_u8(&line);
		cur_skip(&line, 1);
		decode_line(d, line, letter, &media);
	}
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;

	summary_puts(l, ", SDP");
	for (; v < end; v++) {
		switch (summary_index(l, v)) {
		case SDP_CONNECTION_ADDRESS:
		case SDP_MEDIA_KIND:
			summary_puts(l, " ");
			summary_text(l, v);
			break;
		case SDP_MEDIA_PORT:
			summary_printf(l, " %u", (unsigned)v->num);
			break;
		}
	}
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_sdp = {
    "sdp",
    "Session Description Protocol",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
