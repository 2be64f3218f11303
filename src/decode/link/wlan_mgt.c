/*
 * IEEE 802.11 management frames after the header: fixed fields by subtype,
 * then elements of number (1), length (1), value. Numbers are little-endian.
 */
#include "decode/link/wlan.h"

#include "decode/lib/rows.h"

enum {
	MGT_FIXED_TIMESTAMP,
	MGT_FIXED_BEACON,
	MGT_FIXED_CAPABILITIES,
	MGT_FIXED_CAPABILITIES_ESS,
	MGT_FIXED_CAPABILITIES_IBSS,
	MGT_FIXED_CAPABILITIES_PRIVACY,
	MGT_FIXED_CAPABILITIES_SHORT_PREAMBLE,
	MGT_FIXED_CAPABILITIES_SPEC_MAN,
	MGT_FIXED_CAPABILITIES_QOS,
	MGT_FIXED_CAPABILITIES_SHORT_SLOT_TIME,
	MGT_FIXED_CAPABILITIES_APSD,
	MGT_FIXED_CAPABILITIES_RADIO_MEASUREMENT,
	MGT_FIXED_CAPABILITIES_EPD,
	MGT_FIXED_LISTEN_IVAL,
	MGT_FIXED_STATUS_CODE,
	MGT_FIXED_AID,
	MGT_FIXED_CURRENT_AP,
	MGT_FIXED_REASON_CODE,
	MGT_FIXED_AUTH_ALG,
	MGT_FIXED_AUTH_SEQ,
	MGT_FIXED_CATEGORY_CODE,
	MGT_FIXED_ACTION_CODE,
	MGT_TAG_NUMBER,
	MGT_TAG_LENGTH,
	MGT_SSID,
	MGT_SUPPORTED_RATES,
	MGT_EXTENDED_SUPPORTED_RATES,
	MGT_DS_CURRENT_CHANNEL,
	MGT_TIM_DTIM_COUNT,
	MGT_TIM_DTIM_PERIOD,
	MGT_TIM_BMAPCTL,
	MGT_TIM_BMAPCTL_MULTICAST,
	MGT_TIM_BMAPCTL_OFFSET,
	MGT_TIM_PARTIAL_VIRTUAL_BITMAP,
	MGT_COUNTRY_INFO_CODE,
	MGT_ERP_INFO,
	MGT_ERP_INFO_ERP_PRESENT,
	MGT_ERP_INFO_USE_PROTECTION,
	MGT_ERP_INFO_BARKER_PREAMBLE_MODE,
	MGT_HT_CHANNEL,
	MGT_RSN_VERSION,
	MGT_RSN_GCS_OUI,
	MGT_RSN_GCS_TYPE,
	MGT_RSN_PCS_COUNT,
	MGT_RSN_PCS_OUI,
	MGT_RSN_PCS_TYPE,
	MGT_RSN_AKMS_COUNT,
	MGT_RSN_AKMS_OUI,
	MGT_RSN_AKMS_TYPE,
	MGT_RSN_CAPABILITIES,
	MGT_RSN_CAPABILITIES_PREAUTH,
	MGT_RSN_CAPABILITIES_NO_PAIRWISE,
	MGT_RSN_CAPABILITIES_PTKSA_REPLAY_COUNTER,
	MGT_RSN_CAPABILITIES_GTKSA_REPLAY_COUNTER,
	MGT_RSN_CAPABILITIES_MFPR,
	MGT_RSN_CAPABILITIES_MFPC,
	MGT_RSN_CAPABILITIES_JMR,
	MGT_RSN_CAPABILITIES_PEERKEY,
	MGT_TAG_OUI,
	MGT_TAG_VENDOR_OUI_TYPE,
	MGT_WFA_IE_TYPE,
	MGT_WFA_IE_WPA_VERSION,
	MGT_WFA_IE_WPA_MCS_OUI,
	MGT_WFA_IE_WPA_MCS_TYPE,
	MGT_WFA_IE_WPA_UCS_COUNT,
	MGT_WFA_IE_WPA_UCS_OUI,
	MGT_WFA_IE_WPA_UCS_TYPE,
	MGT_WFA_IE_WPA_AKMS_COUNT,
	MGT_WFA_IE_WPA_AKMS_OUI,
	MGT_WFA_IE_WPA_AKMS_TYPE,
};

enum {
	TAG_SSID,
	TAG_RATES,
	TAG_DS = 3,
	TAG_TIM = 5,
	TAG_COUNTRY = 7,
	TAG_ERP = 42,
	TAG_ERP_OLD = 47,
	TAG_RSN = 48,
	TAG_EXTENDED_RATES = 50,
	TAG_HT_OPERATION = 61,
	TAG_VENDOR = 221
};
enum { OUI_MICROSOFT = 0x0050f2, TYPE_WPA = 1 };

static const struct names auth_names[] = {
    {0, "Open System"}, {1, "Shared Key"}, {2, "Fast BSS Transition"},
    {3, "SAE"},		{4, "FILS"},	   {0x80, "Network EAP"},
    {0, NULL},
};

static const struct names category_names[] = {
    {0, "Spectrum management"},
    {1, "QoS"},
    {2, "DLS"},
    {3, "Block ack"},
    {4, "Public"},
    {5, "Radio measurement"},
    {6, "Fast BSS transition"},
    {7, "HT"},
    {8, "SA query"},
    {10, "WNM"},
    {12, "TDLS"},
    {13, "Mesh"},
    {15, "Self-protected"},
    {21, "VHT"},
    {127, "Vendor specific"},
    {0, NULL},
};

static const struct names reason_names[] = {
    {1, "Unspecified"},
    {2, "Authentication no longer valid"},
    {3, "Station is leaving the cell"},
    {4, "Inactivity"},
    {5, "Access point cannot serve all stations"},
    {6, "Frame of class 2 from a station that is not authenticated"},
    {7, "Frame of class 3 from a station that is not associated"},
    {8, "Station is leaving the cell"},
    {9, "Association without authentication"},
    {10, "Power capability unacceptable"},
    {11, "Supported channels unacceptable"},
    {12, "Cell transition"},
    {13, "Invalid element"},
    {14, "Wrong message integrity code"},
    {15, "Four-way handshake timed out"},
    {16, "Group key handshake timed out"},
    {17, "Element differs in the four-way handshake"},
    {18, "Invalid group cipher"},
    {19, "Invalid pairwise cipher"},
    {20, "Invalid key management"},
    {21, "Unsupported version of RSN"},
    {22, "Invalid RSN capabilities"},
    {23, "802.1X authentication failed"},
    {24, "Cipher rejected by policy"},
    {32, "Unspecified, QoS"},
    {33, "Access point has too little bandwidth"},
    {34, "Too many frames without acknowledgement"},
    {35, "Transmission outside its opportunity"},
    {36, "Station is leaving or resetting"},
    {37, "Station does not want the mechanism"},
    {38, "Mechanism was not set up"},
    {39, "Time-out"},
    {45, "Unsupported cipher"},
    {0, NULL},
};

static const struct names status_names[] = {
    {0, "Successful"},
    {1, "Unspecified failure"},
    {10, "Cannot support all capabilities"},
    {11, "Association not confirmed"},
    {12, "Denied for another reason"},
    {13, "Unsupported authentication algorithm"},
    {14, "Unexpected authentication sequence number"},
    {15, "Challenge failed"},
    {16, "Authentication timed out"},
    {17, "Too many stations"},
    {18, "Rates not supported"},
    {19, "Short preamble not supported"},
    {25, "Short slot time not supported"},
    {30, "Refused for now"},
    {31, "Violates frame protection policy"},
    {40, "Invalid element"},
    {41, "Invalid group cipher"},
    {42, "Invalid pairwise cipher"},
    {43, "Invalid key management"},
    {44, "Unsupported version of RSN"},
    {45, "Invalid RSN capabilities"},
    {46, "Cipher rejected by policy"},
    {0, NULL},
};

static const struct names cipher_names[] = {
    {0, "Use the group cipher"},
    {1, "WEP-40"},
    {2, "TKIP"},
    {4, "CCMP-128"},
    {5, "WEP-104"},
    {6, "BIP-CMAC-128"},
    {8, "GCMP-128"},
    {9, "GCMP-256"},
    {10, "CCMP-256"},
    {0, NULL},
};

static const struct names akm_names[] = {
    {1, "802.1X"},	    {2, "PSK"},		{3, "FT 802.1X"}, {4, "FT PSK"},
    {5, "802.1X SHA-256"},  {6, "PSK SHA-256"}, {8, "SAE"},	  {9, "FT SAE"},
    {12, "802.1X Suite B"}, {18, "OWE"},	{0, NULL},
};

static const struct field fields[] = {
    [MGT_FIXED_TIMESTAMP] =
	UINT("wlan.fixed.timestamp", "Timestamp", 8, FIELD_LITTLE),
    [MGT_FIXED_BEACON] =
	UINT("wlan.fixed.beacon", "Beacon interval", 2, FIELD_LITTLE),
    [MGT_FIXED_CAPABILITIES] =
	UINT("wlan.fixed.capabilities", "Capabilities information", 2,
	     FIELD_HEX | FIELD_LITTLE | FIELD_LINE),
    [MGT_FIXED_CAPABILITIES_ESS] =
	FLAG("wlan.fixed.capabilities.ess", "ESS capabilities", 2, 0x1),
    [MGT_FIXED_CAPABILITIES_IBSS] =
	FLAG("wlan.fixed.capabilities.ibss", "IBSS status", 2, 0x2),
    [MGT_FIXED_CAPABILITIES_PRIVACY] =
	FLAG("wlan.fixed.capabilities.privacy", "Privacy", 2, 0x10),
    [MGT_FIXED_CAPABILITIES_SHORT_PREAMBLE] = FLAG(
	"wlan.fixed.capabilities.short_preamble", "Short preamble", 2, 0x20),
    [MGT_FIXED_CAPABILITIES_SPEC_MAN] = FLAG("wlan.fixed.capabilities.spec_man",
					     "Spectrum management", 2, 0x100),
    [MGT_FIXED_CAPABILITIES_QOS] =
	FLAG("wlan.fixed.capabilities.qos", "QoS", 2, 0x200),
    [MGT_FIXED_CAPABILITIES_SHORT_SLOT_TIME] = FLAG(
	"wlan.fixed.capabilities.short_slot_time", "Short slot time", 2, 0x400),
    [MGT_FIXED_CAPABILITIES_APSD] =
	FLAG("wlan.fixed.capabilities.apsd", "Automatic power save delivery", 2,
	     0x800),
    [MGT_FIXED_CAPABILITIES_RADIO_MEASUREMENT] =
	FLAG("wlan.fixed.capabilities.radio_measurement", "Radio measurement",
	     2, 0x1000),
    [MGT_FIXED_CAPABILITIES_EPD] =
	FLAG("wlan.fixed.capabilities.epd", "EPD", 2, 0x2000),
    [MGT_FIXED_LISTEN_IVAL] = UINT("wlan.fixed.listen_ival", "Listen interval",
				   2, FIELD_HEX | FIELD_LITTLE),
    [MGT_FIXED_STATUS_CODE] =
	NAMED("wlan.fixed.status_code", "Status code", 2,
	      FIELD_HEX | FIELD_LITTLE | FIELD_LINE, status_names),
    [MGT_FIXED_AID] = {"wlan.fixed.aid", "Association id", .mask = 0x3fff,
		       .type = FIELD_UINT, .width = 2,
		       .flags = FIELD_HEX | FIELD_LITTLE, .digits = 4},
    [MGT_FIXED_CURRENT_AP] = ETHER("wlan.fixed.current_ap", "Current AP", 0),
    [MGT_FIXED_REASON_CODE] =
	NAMED("wlan.fixed.reason_code", "Reason code", 2,
	      FIELD_HEX | FIELD_LITTLE | FIELD_LINE, reason_names),
    [MGT_FIXED_AUTH_ALG] =
	NAMED("wlan.fixed.auth.alg", "Authentication algorithm", 2,
	      FIELD_LITTLE | FIELD_LINE, auth_names),
    [MGT_FIXED_AUTH_SEQ] = UINT("wlan.fixed.auth_seq", "Authentication SEQ", 2,
				FIELD_HEX | FIELD_LITTLE | FIELD_LINE),
    [MGT_FIXED_CATEGORY_CODE] = NAMED("wlan.fixed.category_code",
				      "Category code", 1, 0, category_names),
    [MGT_FIXED_ACTION_CODE] =
	UINT("wlan.fixed.action_code", "Action code", 1, 0),
    [MGT_TAG_NUMBER] = UINT("wlan.tag.number", "Tag number", 1, 0),
    [MGT_TAG_LENGTH] = UINT("wlan.tag.length", "Tag length", 1, 0),
    [MGT_SSID] = BYTES("wlan.ssid", "SSID", 0, FIELD_LINE),
    [MGT_SUPPORTED_RATES] = UINT("wlan.supported_rates", "Supported rates", 1,
				 FIELD_HEX | FIELD_LINE),
    [MGT_EXTENDED_SUPPORTED_RATES] =
	UINT("wlan.extended_supported_rates", "Extended supported rates", 1,
	     FIELD_HEX),
    [MGT_DS_CURRENT_CHANNEL] =
	UINT("wlan.ds.current_channel", "Current channel", 1, FIELD_LINE),
    [MGT_TIM_DTIM_COUNT] = UINT("wlan.tim.dtim_count", "DTIM count", 1, 0),
    [MGT_TIM_DTIM_PERIOD] = UINT("wlan.tim.dtim_period", "DTIM period", 1, 0),
    [MGT_TIM_BMAPCTL] =
	UINT("wlan.tim.bmapctl", "Bitmap control", 1, FIELD_HEX),
    [MGT_TIM_BMAPCTL_MULTICAST] =
	FLAG("wlan.tim.bmapctl.multicast", "Multicast", 1, 0x1),
    [MGT_TIM_BMAPCTL_OFFSET] = {"wlan.tim.bmapctl.offset", "Bitmap offset",
				.mask = 0xfe, .type = FIELD_UINT, .width = 1,
				.flags = FIELD_HEX, .digits = 2},
    [MGT_TIM_PARTIAL_VIRTUAL_BITMAP] = BYTES("wlan.tim.partial_virtual_bitmap",
					     "Partial virtual bitmap", 0, 0),
    [MGT_COUNTRY_INFO_CODE] = TEXT("wlan.country_info.code", "Code", 0),
    [MGT_ERP_INFO] = UINT("wlan.erp_info", "ERP information", 1, FIELD_HEX),
    [MGT_ERP_INFO_ERP_PRESENT] =
	FLAG("wlan.erp_info.erp_present", "Non ERP present", 1, 0x1),
    [MGT_ERP_INFO_USE_PROTECTION] =
	FLAG("wlan.erp_info.use_protection", "Use protection", 1, 0x2),
    [MGT_ERP_INFO_BARKER_PREAMBLE_MODE] = FLAG(
	"wlan.erp_info.barker_preamble_mode", "Barker preamble mode", 1, 0x4),
    [MGT_HT_CHANNEL] =
	UINT("wlan.ht.info.primarychannel", "Primary channel", 1, 0),
    [MGT_RSN_VERSION] =
	UINT("wlan.rsn.version", "RSN version", 2, FIELD_LITTLE),
    [MGT_RSN_GCS_OUI] =
	UINT("wlan.rsn.gcs.oui", "Group cipher suite OUI", 3, 0),
    [MGT_RSN_GCS_TYPE] = NAMED("wlan.rsn.gcs.type", "Group cipher suite type",
			       1, 0, cipher_names),
    [MGT_RSN_PCS_COUNT] = UINT("wlan.rsn.pcs.count",
			       "Pairwise cipher suite count", 2, FIELD_LITTLE),
    [MGT_RSN_PCS_OUI] =
	UINT("wlan.rsn.pcs.oui", "Pairwise cipher suite OUI", 3, 0),
    [MGT_RSN_PCS_TYPE] = NAMED(
	"wlan.rsn.pcs.type", "Pairwise cipher suite type", 1, 0, cipher_names),
    [MGT_RSN_AKMS_COUNT] =
	UINT("wlan.rsn.akms.count", "Auth key management (AKM) suite count", 2,
	     FIELD_LITTLE),
    [MGT_RSN_AKMS_OUI] =
	UINT("wlan.rsn.akms.oui", "Auth key management (AKM) OUI", 3, 0),
    [MGT_RSN_AKMS_TYPE] =
	NAMED("wlan.rsn.akms.type", "Auth key management (AKM) type", 1, 0,
	      akm_names),
    [MGT_RSN_CAPABILITIES] = UINT("wlan.rsn.capabilities", "RSN capabilities",
				  2, FIELD_HEX | FIELD_LITTLE),
    [MGT_RSN_CAPABILITIES_PREAUTH] = FLAG("wlan.rsn.capabilities.preauth",
					  "RSN Pre-Auth capabilities", 2, 0x1),
    [MGT_RSN_CAPABILITIES_NO_PAIRWISE] =
	FLAG("wlan.rsn.capabilities.no_pairwise",
	     "RSN no pairwise capabilities", 2, 0x2),
    [MGT_RSN_CAPABILITIES_PTKSA_REPLAY_COUNTER] =
	{"wlan.rsn.capabilities.ptksa_replay_counter",
	 "RSN PTKSA replay counter capabilities", .mask = 0xc,
	 .type = FIELD_UINT, .width = 2, .flags = FIELD_HEX, .digits = 4},
    [MGT_RSN_CAPABILITIES_GTKSA_REPLAY_COUNTER] =
	{"wlan.rsn.capabilities.gtksa_replay_counter",
	 "RSN GTKSA replay counter capabilities", .mask = 0x30,
	 .type = FIELD_UINT, .width = 2, .flags = FIELD_HEX, .digits = 4},
    [MGT_RSN_CAPABILITIES_MFPR] =
	FLAG("wlan.rsn.capabilities.mfpr",
	     "Management frame protection required", 2, 0x40),
    [MGT_RSN_CAPABILITIES_MFPC] =
	FLAG("wlan.rsn.capabilities.mfpc",
	     "Management frame protection capable", 2, 0x80),
    [MGT_RSN_CAPABILITIES_JMR] =
	FLAG("wlan.rsn.capabilities.jmr", "Joint Multi-band RSNA", 2, 0x100),
    [MGT_RSN_CAPABILITIES_PEERKEY] =
	FLAG("wlan.rsn.capabilities.peerkey", "PeerKey enabled", 2, 0x200),
    [MGT_TAG_OUI] = UINT("wlan.tag.oui", "OUI", 3, 0),
    [MGT_TAG_VENDOR_OUI_TYPE] =
	UINT("wlan.tag.vendor.oui.type", "Vendor specific OUI type", 1, 0),
    [MGT_WFA_IE_TYPE] = UINT("wlan.wfa.ie.type", "Type", 1, FIELD_HEX),
    [MGT_WFA_IE_WPA_VERSION] =
	UINT("wlan.wfa.ie.wpa.version", "WPA version", 2, FIELD_LITTLE),
    [MGT_WFA_IE_WPA_MCS_OUI] =
	UINT("wlan.wfa.ie.wpa.mcs.oui", "Multicast cipher suite OUI", 3, 0),
    [MGT_WFA_IE_WPA_MCS_TYPE] =
	NAMED("wlan.wfa.ie.wpa.mcs.type", "Multicast cipher suite type", 1, 0,
	      cipher_names),
    [MGT_WFA_IE_WPA_UCS_COUNT] =
	UINT("wlan.wfa.ie.wpa.ucs.count", "Unicast cipher suite count", 2,
	     FIELD_LITTLE),
    [MGT_WFA_IE_WPA_UCS_OUI] =
	UINT("wlan.wfa.ie.wpa.ucs.oui", "Unicast cipher suite OUI", 3, 0),
    [MGT_WFA_IE_WPA_UCS_TYPE] =
	NAMED("wlan.wfa.ie.wpa.ucs.type", "Unicast cipher suite type", 1, 0,
	      cipher_names),
    [MGT_WFA_IE_WPA_AKMS_COUNT] =
	UINT("wlan.wfa.ie.wpa.akms.count",
	     "Auth key management (AKM) suite count", 2, FIELD_LITTLE),
    [MGT_WFA_IE_WPA_AKMS_OUI] =
	UINT("wlan.wfa.ie.wpa.akms.oui", "Auth key management (AKM) OUI", 3, 0),
    [MGT_WFA_IE_WPA_AKMS_TYPE] =
	NAMED("wlan.wfa.ie.wpa.type", "Auth key management (AKM) type", 1, 0,
	      akm_names),
};

static void take_suites(struct dissect *d, struct cur *c, unsigned count)
{
	unsigned n = (unsigned)take(d, c, &fields[count]);

	for (; n > 0 && c->state == CUR_OK && c->claim >= 4; n--)
		take_rows(d, c, &fields[count + 1], &fields[count + 2]);
}

/* What networks protect themselves by (IEEE 802.11, 9.4.2.25); the end may be
   missing. */
static void decode_rsn(struct dissect *d, struct cur *c)
{
	take_rows(d, c, &fields[MGT_RSN_VERSION], &fields[MGT_RSN_GCS_TYPE]);
	if (c->claim < 2)
		return;
	take_suites(d, c, MGT_RSN_PCS_COUNT);
	if (c->claim < 2)
		return;
	take_suites(d, c, MGT_RSN_AKMS_COUNT);
	if (c->claim >= 2)
		take_bits(d, c, &fields[MGT_RSN_CAPABILITIES],
			  &fields[MGT_RSN_CAPABILITIES_PEERKEY]);
}

/* The same as it was before there was a standard. */
static void decode_wpa(struct dissect *d, struct cur *c)
{
	take_rows(d, c, &fields[MGT_WFA_IE_WPA_VERSION],
		  &fields[MGT_WFA_IE_WPA_MCS_TYPE]);
	if (c->claim < 2)
		return;
	take_suites(d, c, MGT_WFA_IE_WPA_UCS_COUNT);
	if (c->claim >= 2)
		take_suites(d, c, MGT_WFA_IE_WPA_AKMS_COUNT);
}

static void decode_vendor(struct dissect *d, struct cur *c)
{
	unsigned oui = (unsigned)take(d, c, &fields[MGT_TAG_OUI]), type;

	if (c->claim == 0)
		return;
	type = (unsigned)take(d, c, &fields[MGT_TAG_VENDOR_OUI_TYPE]);
	if (oui != OUI_MICROSOFT)
		return;
	add_uint(d, &fields[MGT_WFA_IE_TYPE], type);
	if (type == TYPE_WPA)
		decode_wpa(d, c);
}

static void decode_tag(struct dissect *d, struct cur *c, unsigned number)
{
	switch (number) {
	case TAG_SSID:
		take_bytes(d, c, &fields[MGT_SSID], c->claim);
		break;
	case TAG_RATES:
	case TAG_EXTENDED_RATES:
		while (c->state == CUR_OK && c->claim > 0)
			take(d, c,
			     &fields[number == TAG_RATES
					 ? MGT_SUPPORTED_RATES
					 : MGT_EXTENDED_SUPPORTED_RATES]);
		break;
	case TAG_DS:
		take(d, c, &fields[MGT_DS_CURRENT_CHANNEL]);
		break;
	case TAG_TIM:
		take_rows(d, c, &fields[MGT_TIM_DTIM_COUNT],
			  &fields[MGT_TIM_DTIM_PERIOD]);
		take_bits(d, c, &fields[MGT_TIM_BMAPCTL],
			  &fields[MGT_TIM_BMAPCTL_OFFSET]);
		take_bytes(d, c, &fields[MGT_TIM_PARTIAL_VIRTUAL_BITMAP],
			   c->claim);
		break;
	case TAG_COUNTRY:
		take_bytes(d, c, &fields[MGT_COUNTRY_INFO_CODE], 2);
		break;
	case TAG_ERP:
	case TAG_ERP_OLD:
		take_bits(d, c, &fields[MGT_ERP_INFO],
			  &fields[MGT_ERP_INFO_BARKER_PREAMBLE_MODE]);
		break;
	case TAG_RSN:
		decode_rsn(d, c);
		break;
	case TAG_HT_OPERATION:
		take(d, c, &fields[MGT_HT_CHANNEL]);
		break;
	case TAG_VENDOR:
		decode_vendor(d, c);
		break;
	}
}

static void decode_tags(struct dissect *d, struct cur *c)
{
	unsigned number;
	struct cur body;

	while (c->state == CUR_OK && c->claim >= 2) {
		number = (unsigned)take(d, c, &fields[MGT_TAG_NUMBER]);
		body = cur_part(c, (size_t)take(d, c, &fields[MGT_TAG_LENGTH]));
		decode_tag(d, &body, number);
	}
}

static void take_capabilities(struct dissect *d, struct cur *c)
{
	take_bits(d, c, &fields[MGT_FIXED_CAPABILITIES],
		  &fields[MGT_FIXED_CAPABILITIES_EPD]);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned subtype = d->layer[-1].fact[WLAN_FACT_SUBTYPE];

	d->layer->name = ""; /* a part of the layer below */
	switch (subtype) {
	case WLAN_ASSOC_REQUEST:
	case WLAN_REASSOC_REQUEST:
		take_capabilities(d, c);
		take(d, c, &fields[MGT_FIXED_LISTEN_IVAL]);
		if (subtype == WLAN_REASSOC_REQUEST)
			take(d, c, &fields[MGT_FIXED_CURRENT_AP]);
		break;
	case WLAN_ASSOC_RESPONSE:
	case WLAN_REASSOC_RESPONSE:
		take_capabilities(d, c);
		take_rows(d, c, &fields[MGT_FIXED_STATUS_CODE],
			  &fields[MGT_FIXED_AID]);
		break;
	case WLAN_PROBE_REQUEST:
		break;
	case WLAN_PROBE_RESPONSE:
	case WLAN_BEACON:
		take_rows(d, c, &fields[MGT_FIXED_TIMESTAMP],
			  &fields[MGT_FIXED_BEACON]);
		take_capabilities(d, c);
		break;
	case WLAN_DISASSOC:
	case WLAN_DEAUTH:
		take(d, c, &fields[MGT_FIXED_REASON_CODE]);
		break;
	case WLAN_AUTH:
		take_rows(d, c, &fields[MGT_FIXED_AUTH_ALG],
			  &fields[MGT_FIXED_AUTH_SEQ]);
		take(d, c, &fields[MGT_FIXED_STATUS_CODE]);
		break;
	case WLAN_ACTION:
		take_rows(d, c, &fields[MGT_FIXED_CATEGORY_CODE],
			  &fields[MGT_FIXED_ACTION_CODE]);
		return;
	default:
		return;
	}
	decode_tags(d, c);
}

/* "[1.0* 2.0*]": basic rates have a star. */
static void rates_line(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *before = " [";

	for (; v < end; v++) {
		if (summary_index(l, v) != MGT_SUPPORTED_RATES)
			continue;
		summary_printf(
		    l, "%s%u.%u%s", before, (unsigned)(v->num & 0x7f) / 2,
		    (unsigned)(v->num & 1) * 5, v->num & 0x80 ? "*" : "");
		before = " ";
	}
	if (*before == ' ' && !before[1])
		summary_puts(l, " Mbit]");
}

enum { CAN_ESS = 0x1, CAN_PRIVACY = 0x10 };

static void summary(struct summary *l)
{
	const struct value *ssid = summary_value(l, MGT_SSID);
	const struct value *capabilities =
	    summary_value(l, MGT_FIXED_CAPABILITIES);
	unsigned subtype = l->layer[-1].fact[WLAN_FACT_SUBTYPE];
	const struct value *v;

	if (ssid) {
		summary_puts(l, " (");
		summary_foreign(l, ssid->bytes, ssid->len);
		summary_puts(l, ")");
	}
	rates_line(l);
	v = summary_value(l, MGT_FIXED_AUTH_ALG);
	if (v)
		summary_printf(l, " (%s)-%u",
			       names_or(auth_names, v->num, "unknown"),
			       (unsigned)summary_num(l, MGT_FIXED_AUTH_SEQ));
	v = summary_value(l, MGT_FIXED_REASON_CODE);
	if (v)
		summary_printf(l, ": %s",
			       names_or(reason_names, v->num, "Reserved"));
	v = summary_value(l, MGT_FIXED_STATUS_CODE);
	if (v)
		summary_printf(l, ": %s",
			       names_or(status_names, v->num, "Reserved"));
	if (subtype == WLAN_BEACON && capabilities)
		summary_puts(l, capabilities->num & CAN_ESS ? " ESS" : " IBSS");
	v = summary_value(l, MGT_DS_CURRENT_CHANNEL);
	if (v)
		summary_printf(l, " CH: %u", (unsigned)v->num);
	if ((subtype == WLAN_BEACON || subtype == WLAN_PROBE_RESPONSE) &&
	    capabilities && capabilities->num & CAN_PRIVACY)
		summary_puts(l, ", PRIVACY");
	summary_mark(l);
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_wlan_mgt = {
    "wlan.mgt",
    "IEEE 802.11 Wireless Management",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
