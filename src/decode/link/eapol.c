/*
 * EAP over LAN (IEEE 802.1X), and the keys that IEEE 802.11 sends in it.
 *
 *	version (1), type (1), length (2); a key: descriptor (1), then for RSN
 *	and WPA information (2), key length (2), replay counter (8), nonce (32),
 *	IV (16), RSC (8), id (8), MIC (16), data length (2), data
 */
#include "decode/lib/rows.h"

enum {
	EAPOL_VERSION,
	EAPOL_TYPE,
	EAPOL_LEN,
	EAPOL_KEYDES_TYPE,
	EAPOL_MSGNR,
	EAPOL_INFO,
	EAPOL_INFO_VERSION,
	EAPOL_INFO_TYPE,
	EAPOL_INFO_INDEX,
	EAPOL_INFO_INSTALL,
	EAPOL_INFO_ACK,
	EAPOL_INFO_MIC,
	EAPOL_INFO_SECURE,
	EAPOL_INFO_ERROR,
	EAPOL_INFO_REQUEST,
	EAPOL_INFO_ENCRYPTED,
	EAPOL_INFO_SMK,
	EAPOL_KEYDES_KEY_LEN,
	EAPOL_KEYDES_REPLAY_COUNTER,
	EAPOL_NONCE,
	EAPOL_KEYDES_KEY_IV,
	EAPOL_RSC,
	EAPOL_ID,
	EAPOL_MIC,
	EAPOL_DATA_LEN,
	EAPOL_DATA,
	EAPOL_RC4_INDEX,
	EAPOL_RC4_INDEX_TYPE,
	EAPOL_RC4_INDEX_NUMBER,
	EAPOL_RC4_SIGNATURE,
	EAPOL_RC4_KEY,
};

enum { TYPE_KEY = 3, KEY_RC4 = 1, KEY_RSN = 2, KEY_WPA = 254 };
enum {
	INFO_PAIRWISE = 0x08,
	INFO_ACK = 0x80,
	INFO_MIC = 0x100,
	INFO_SECURE = 0x200
};

static const struct names type_names[] = {
    {0, "EAP packet"},
    {1, "EAPOL start"},
    {2, "EAPOL logoff"},
    {TYPE_KEY, "EAPOL key"},
    {4, "Encapsulated ASF alert"},
    {0, NULL},
};

static const struct names descriptor_names[] = {
    {KEY_RC4, "RC4"}, {KEY_RSN, "RSN"}, {KEY_WPA, "WPA"}, {0, NULL}};

static const struct field fields[] = {
    [EAPOL_VERSION] = UINT("eapol.version", "Version", 1, 0),
    [EAPOL_TYPE] = NAMED("eapol.type", "Type", 1, FIELD_LINE, type_names),
    [EAPOL_LEN] = UINT("eapol.len", "Length", 2, FIELD_LINE),
    [EAPOL_KEYDES_TYPE] = NAMED("eapol.keydes.type", "Key descriptor type", 1,
				0, descriptor_names),
    [EAPOL_MSGNR] =
	UINT("wlan_rsna_eapol.keydes.msgnr", "Message number", 1, FIELD_LINE),
    [EAPOL_INFO] = UINT("wlan_rsna_eapol.keydes.key_info", "Key information", 2,
			FIELD_HEX),
    [EAPOL_INFO_VERSION] =
	BITS("wlan_rsna_eapol.keydes.key_info.keydes_version",
	     "Key descriptor version", 2, 0x7, 0),
    [EAPOL_INFO_TYPE] =
	FLAG("wlan_rsna_eapol.keydes.key_info.key_type", "Key type", 2, 0x8),
    [EAPOL_INFO_INDEX] = BITS("wlan_rsna_eapol.keydes.key_info.key_index",
			      "Key index", 2, 0x30, 0),
    [EAPOL_INFO_INSTALL] =
	FLAG("wlan_rsna_eapol.keydes.key_info.install", "Install", 2, 0x40),
    [EAPOL_INFO_ACK] =
	FLAG("wlan_rsna_eapol.keydes.key_info.key_ack", "Key ACK", 2, 0x80),
    [EAPOL_INFO_MIC] =
	FLAG("wlan_rsna_eapol.keydes.key_info.key_mic", "Key MIC", 2, 0x100),
    [EAPOL_INFO_SECURE] =
	FLAG("wlan_rsna_eapol.keydes.key_info.secure", "Secure", 2, 0x200),
    [EAPOL_INFO_ERROR] =
	FLAG("wlan_rsna_eapol.keydes.key_info.error", "Error", 2, 0x400),
    [EAPOL_INFO_REQUEST] =
	FLAG("wlan_rsna_eapol.keydes.key_info.request", "Request", 2, 0x800),
    [EAPOL_INFO_ENCRYPTED] =
	FLAG("wlan_rsna_eapol.keydes.key_info.encrypted_key_data",
	     "Encrypted key data", 2, 0x1000),
    [EAPOL_INFO_SMK] = FLAG("wlan_rsna_eapol.keydes.key_info.smk_message",
			    "SMK message", 2, 0x2000),
    [EAPOL_KEYDES_KEY_LEN] = UINT("eapol.keydes.key_len", "Key length", 2, 0),
    [EAPOL_KEYDES_REPLAY_COUNTER] =
	UINT("eapol.keydes.replay_counter", "Replay counter", 8, 0),
    [EAPOL_NONCE] =
	BYTES("wlan_rsna_eapol.keydes.nonce", "WPA key nonce", 32, 0),
    [EAPOL_KEYDES_KEY_IV] = BYTES("eapol.keydes.key_iv", "Key IV", 16, 0),
    [EAPOL_RSC] = BYTES("wlan_rsna_eapol.keydes.rsc", "WPA key RSC", 8, 0),
    [EAPOL_ID] = BYTES("wlan_rsna_eapol.keydes.id", "WPA key id", 8, 0),
    [EAPOL_MIC] = BYTES("wlan_rsna_eapol.keydes.mic", "WPA key MIC", 16, 0),
    [EAPOL_DATA_LEN] =
	UINT("wlan_rsna_eapol.keydes.data_len", "WPA key data length", 2, 0),
    [EAPOL_DATA] = BYTES("wlan_rsna_eapol.keydes.data", "WPA key data", 0, 0),
    [EAPOL_RC4_INDEX] =
	UINT("eapol.keydes.key_index", "Key index", 1, FIELD_HEX),
    [EAPOL_RC4_INDEX_TYPE] =
	FLAG("eapol.keydes.key_index.type", "Type", 1, 0x80),
    [EAPOL_RC4_INDEX_NUMBER] =
	BITS("eapol.keydes.key_index.number", "Number", 1, 0x7f, 0),
    [EAPOL_RC4_SIGNATURE] =
	BYTES("eapol.keydes.key_signature", "Key signature", 16, 0),
    [EAPOL_RC4_KEY] = BYTES("eapol.keydes.key", "Key", 0, 0),
};

/* Which message of the four-way handshake (1 to 4), or of the group key
   handshake (1, 2), by the flags; the station's second message has data. */
static unsigned message_of(unsigned info, unsigned data_len)
{
	if (!(info & INFO_PAIRWISE))
		return info & INFO_ACK ? 1 : 2;
	if (info & INFO_ACK)
		return info & INFO_MIC ? 3 : 1;
	return data_len == 0 || info & INFO_SECURE ? 4 : 2;
}

static void decode_rsn(struct dissect *d, struct cur *c)
{
	struct cur look = *c;
	unsigned info, len;

	info = cur_be16(&look);
	cur_skip(&look, 90);
	len = cur_be16(&look);
	if (look.state == CUR_OK)
		add_uint(d, &fields[EAPOL_MSGNR], message_of(info, len));
	take_bits(d, c, &fields[EAPOL_INFO], &fields[EAPOL_INFO_SMK]);
	take_rows(d, c, &fields[EAPOL_KEYDES_KEY_LEN], &fields[EAPOL_MIC]);
	len = (unsigned)take(d, c, &fields[EAPOL_DATA_LEN]);
	if (len > 0)
		take_bytes(d, c, &fields[EAPOL_DATA], len);
}

static void decode_rc4(struct dissect *d, struct cur *c)
{
	unsigned len = (unsigned)take(d, c, &fields[EAPOL_KEYDES_KEY_LEN]);

	take(d, c, &fields[EAPOL_KEYDES_REPLAY_COUNTER]);
	take(d, c, &fields[EAPOL_KEYDES_KEY_IV]);
	take_bits(d, c, &fields[EAPOL_RC4_INDEX],
		  &fields[EAPOL_RC4_INDEX_NUMBER]);
	take(d, c, &fields[EAPOL_RC4_SIGNATURE]);
	if (len > 0 && c->claim >= len)
		take_bytes(d, c, &fields[EAPOL_RC4_KEY], len);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type, len, descriptor;

	d->layer->fact[0] = (uint32_t)take(d, c, &fields[EAPOL_VERSION]);
	type = (unsigned)take(d, c, &fields[EAPOL_TYPE]);
	len = (unsigned)take(d, c, &fields[EAPOL_LEN]);
	if (c->state != CUR_OK || type != TYPE_KEY)
		return;
	*c = cur_unit(c, len < c->claim ? len : c->claim);
	descriptor = (unsigned)take(d, c, &fields[EAPOL_KEYDES_TYPE]);
	if (descriptor == KEY_RSN || descriptor == KEY_WPA)
		decode_rsn(d, c);
	else if (descriptor == KEY_RC4)
		decode_rc4(d, c);
}

static void summary(struct summary *l)
{
	const struct value *type = summary_value(l, EAPOL_TYPE);
	const struct value *message = summary_value(l, EAPOL_MSGNR);
	const struct value *len = summary_value(l, EAPOL_LEN);

	if (!type || !len) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "%s (%u) v%u, len %u",
		       names_or(type_names, type->num, "unknown"),
		       (unsigned)type->num, l->layer->fact[0],
		       (unsigned)len->num);
	if (message)
		summary_printf(l, ", message %u", (unsigned)message->num);
	summary_mark(l);
}

static const struct key keys[] = {{KEY_ETHERTYPE, 0x888e}};

const struct proto proto_eapol = {
    "eapol",	      "802.1X Authentication", PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,
};
