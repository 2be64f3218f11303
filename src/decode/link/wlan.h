/* What the header of an IEEE 802.11 frame tells the decoder of its body. */
#ifndef DECODE_LINK_WLAN_H
#define DECODE_LINK_WLAN_H

/* In the layer's facts. */
enum { WLAN_FACT_SUBTYPE };

/* Subtypes of management frames. */
enum {
	WLAN_ASSOC_REQUEST,
	WLAN_ASSOC_RESPONSE,
	WLAN_REASSOC_REQUEST,
	WLAN_REASSOC_RESPONSE,
	WLAN_PROBE_REQUEST,
	WLAN_PROBE_RESPONSE,
	WLAN_BEACON = 8,
	WLAN_DISASSOC = 10,
	WLAN_AUTH,
	WLAN_DEAUTH,
	WLAN_ACTION,
};

#endif
