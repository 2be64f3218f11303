/* The fields of TLS. */
#include "decode/lib/rows.h"
#include "decode/security/tls.h"

static const struct names content_names[] = {
    {20, "Change Cipher Spec"}, {21, "Alert"},	   {22, "Handshake"},
    {23, "Application Data"},	{24, "Heartbeat"}, {0, NULL},
};

static const struct names version_names[] = {{0x0002, "SSL 2.0"},
					     {0x0300, "SSL 3.0"},
					     {0x0301, "TLS 1.0"},
					     {0x0302, "TLS 1.1"},
					     {0x0303, "TLS 1.2"},
					     {0x0304, "TLS 1.3"},
					     {0, NULL}};

const struct names tls_handshake_names[] = {
    {TLS_HELLO_REQUEST, "Hello Request"},
    {TLS_CLIENT_HELLO, "Client Hello"},
    {TLS_SERVER_HELLO, "Server Hello"},
    {4, "New Session Ticket"},
    {8, "Encrypted Extensions"},
    {11, "Certificate"},
    {12, "Server Key Exchange"},
    {13, "Certificate Request"},
    {14, "Server Hello Done"},
    {15, "Certificate Verify"},
    {16, "Client Key Exchange"},
    {20, "Finished"},
    {22, "Certificate Status"},
    {0, NULL},
};

static const struct names group_names[] = {
    {23, "secp256r1"},
    {24, "secp384r1"},
    {25, "secp521r1"},
    {29, "x25519"},
    {30, "x448"},
    {256, "ffdhe2048"},
    {257, "ffdhe3072"},
    {4587, "SecP256r1MLKEM768"},
    {4588, "X25519MLKEM768"},
    {25497, "X25519Kyber768Draft00"},
    {0, NULL},
};

static const struct names parameter_names[] = {
    {0x00, "original_destination_connection_id"},
    {0x01, "max_idle_timeout"},
    {0x02, "stateless_reset_token"},
    {0x03, "max_udp_payload_size"},
    {0x04, "initial_max_data"},
    {0x05, "initial_max_stream_data_bidi_local"},
    {0x06, "initial_max_stream_data_bidi_remote"},
    {0x07, "initial_max_stream_data_uni"},
    {0x08, "initial_max_streams_bidi"},
    {0x09, "initial_max_streams_uni"},
    {0x0a, "ack_delay_exponent"},
    {0x0b, "max_ack_delay"},
    {0x0c, "disable_active_migration"},
    {0x0d, "preferred_address"},
    {0x0e, "active_connection_id_limit"},
    {0x0f, "initial_source_connection_id"},
    {0x10, "retry_source_connection_id"},
    {0x11, "version_information"},
    {0x20, "max_datagram_frame_size"},
    {0x2ab2, "grease_quic_bit"},
    {0, NULL},
};

#define HS(nm, tt, bytes, fl) UINT("tls.handshake." nm, tt, bytes, fl)
#define HS_NAMED(nm, tt, bytes, fl, names)                                     \
	NAMED("tls.handshake." nm, tt, bytes, fl, names)
#define HS_BYTES(nm, tt, n) BYTES("tls.handshake." nm, tt, n, 0)
#define HS_TEXT(nm, tt, fl) TEXT("tls.handshake." nm, tt, fl)
#define QP(nm, tt) NUMBER("tls.quic.parameter." nm, tt, FIELD_CRYPTO, 0)
#define QP_BYTES(nm, tt) BYTES("tls.quic.parameter." nm, tt, 0, FIELD_CRYPTO)

const struct field tls_fields[TLS_FIELDS] = {
    [TLS_CONTENT_TYPE] = NAMED("tls.record.content_type", "Content type", 1,
			       FIELD_LINE, content_names),
    [TLS_OPAQUE_TYPE] = NAMED("tls.record.opaque_type", "Opaque type", 1,
			      FIELD_LINE, content_names),
    [TLS_VERSION] = NAMED("tls.record.version", "Version", 2,
			  FIELD_HEX | FIELD_LINE, version_names),
    [TLS_LENGTH] = UINT("tls.record.length", "Length", 2, 0),
    [TLS_HS_TYPE] =
	HS_NAMED("type", "Handshake type", 1, FIELD_LINE, tls_handshake_names),
    [TLS_HS_LENGTH] = HS("length", "Length", 3, 0),
    [TLS_HS_VERSION] =
	HS_NAMED("version", "Version", 2, FIELD_HEX, version_names),
    [TLS_RANDOM] = HS_BYTES("random", "Random", 32),
    [TLS_RANDOM_TIME] = {"tls.handshake.random_time", "Time in the random",
			 .type = FIELD_TIME},
    [TLS_RANDOM_BYTES] =
	HS_BYTES("random_bytes", "Random but for the time", 28),
    [TLS_SESSION_ID_LENGTH] =
	HS("session_id_length", "Session id length", 1, 0),
    [TLS_SESSION_ID] = HS_BYTES("session_id", "Session id", 0),
    [TLS_CIPHERSUITES_LENGTH] =
	HS("cipher_suites_length", "Cipher suites length", 2, 0),
    [TLS_CIPHERSUITE] =
	HS_NAMED("ciphersuite", "Cipher suite", 2, FIELD_HEX, tls_suite_names),
    [TLS_CIPHERSPEC] = HS("cipherspec", "Cipher specification", 3, FIELD_HEX),
    [TLS_COMP_LENGTH] =
	HS("comp_methods_length", "Compression methods length", 1, 0),
    [TLS_COMP] = HS("comp_method", "Compression method", 1, 0),
    [TLS_EXTS_LENGTH] = HS("extensions_length", "Extensions length", 2, 0),
    [TLS_EXT_TYPE] = HS("extension.type", "Extension", 2, 0),
    [TLS_EXT_LENGTH] = HS("extension.len", "Length", 2, 0),
    [TLS_EXT_DATA] = HS_BYTES("extension.data", "Data", 0),
    [TLS_SERVER_NAMES_LENGTH] =
	HS("extensions_server_name_list_len", "Server names length", 2, 0),
    [TLS_SERVER_NAME_TYPE] =
	HS("extensions_server_name_type", "Server name type", 1, 0),
    [TLS_SERVER_NAME_LENGTH] =
	HS("extensions_server_name_len", "Server name length", 2, 0),
    [TLS_SERVER_NAME] =
	HS_TEXT("extensions_server_name", "Server name", FIELD_LINE),
    [TLS_STATUS_TYPE] =
	HS("extensions_status_request_type", "Certificate status type", 1, 0),
    [TLS_STATUS_IDS_LENGTH] = HS("extensions_status_request_responder_ids_len",
				 "Responder ids length", 2, 0),
    [TLS_STATUS_EXTS_LENGTH] = HS("extensions_status_request_exts_len",
				  "Request extensions length", 2, 0),
    [TLS_GROUPS_LENGTH] = HS("extensions_supported_groups_length",
			     "Supported groups length", 2, 0),
    [TLS_GROUP] = HS_NAMED("extensions_supported_group", "Supported group", 2,
			   FIELD_HEX, group_names),
    [TLS_FORMATS_LENGTH] =
	HS("extensions_ec_point_formats_length", "Point formats length", 1, 0),
    [TLS_FORMAT] = HS("extensions_ec_point_format", "Point format", 1, 0),
    [TLS_SIGS_LENGTH] =
	HS("sig_hash_alg_len", "Signature algorithms length", 2, 0),
    [TLS_SIG] = HS("sig_hash_alg", "Signature algorithm", 2, FIELD_HEX),
    [TLS_SIG_HASH] = HS("sig_hash_hash", "Its hash", 1, 0),
    [TLS_SIG_SIG] = HS("sig_hash_sig", "Its signature", 1, 0),
    [TLS_HEARTBEAT] = HS("extension.heartbeat.mode", "Heartbeat mode", 1, 0),
    [TLS_ALPN_LENGTH] =
	HS("extensions_alpn_len", "Application protocols length", 2, 0),
    [TLS_ALPN_STR_LENGTH] =
	HS("extensions_alpn_str_len", "Application protocol length", 1, 0),
    [TLS_ALPN] = HS_TEXT("extensions_alpn_str", "Application protocol", 0),
    [TLS_PADDING] = HS_BYTES("extensions_padding_data", "Padding", 0),
    [TLS_COMPRESS_LENGTH] = UINT("tls.compress_certificate.algorithms_length",
				 "Algorithms length", 1, 0),
    [TLS_COMPRESS] = UINT("tls.compress_certificate.algorithm",
			  "Compression of certificates", 2, 0),
    [TLS_RECORD_SIZE_LIMIT] =
	UINT("tls.record_size_limit", "Record size limit", 2, 0),
    [TLS_SUPPORTED_LENGTH] = HS("extensions.supported_versions_len",
				"Supported versions length", 1, 0),
    [TLS_SUPPORTED_VERSION] =
	HS_NAMED("extensions.supported_version", "Supported version", 2,
		 FIELD_HEX, version_names),
    [TLS_COOKIE_LENGTH] = HS("extensions.cookie_len", "Cookie length", 2, 0),
    [TLS_COOKIE] = HS_BYTES("extensions.cookie", "Cookie", 0),
    [TLS_PSK_LENGTH] =
	HS("extensions.psk.identities.length", "PSK identities length", 2, 0),
    [TLS_PSK_ID_LENGTH] =
	HS("extensions.psk.identity.identity_length", "Identity length", 2, 0),
    [TLS_PSK_ID] = HS_BYTES("extensions.psk.identity.identity", "Identity", 0),
    [TLS_PSK_AGE] = HS("extensions.psk.identity.obfuscated_ticket_age",
		       "Obfuscated ticket age", 4, 0),
    [TLS_PSK_BINDERS] =
	HS("extensions.psk.binders_len", "PSK binders length", 2, 0),
    [TLS_PSK_SELECTED] =
	HS("extensions.psk.identity.selected", "Selected identity", 2, 0),
    [TLS_PSK_MODES_LENGTH] =
	UINT("tls.extension.psk_ke_modes_length", "PSK modes length", 1, 0),
    [TLS_PSK_MODE] = UINT("tls.extension.psk_ke_mode", "PSK mode", 1, 0),
    [TLS_SHARES_LENGTH] =
	HS("extensions_key_share_client_length", "Key shares length", 2, 0),
    [TLS_SHARE_GROUP] =
	HS_NAMED("extensions_key_share_group", "Group", 2, 0, group_names),
    [TLS_SHARE_LENGTH] = HS("extensions_key_share_key_exchange_length",
			    "Key exchange length", 2, 0),
    [TLS_SHARE] =
	HS_BYTES("extensions_key_share_key_exchange", "Key exchange", 0),
    [TLS_SHARE_SELECTED] = HS_NAMED("extensions_key_share_selected_group",
				    "Selected group", 2, 0, group_names),
    [TLS_ALPS_LENGTH] =
	HS("extensions_alps_len", "Application settings length", 2, 0),
    [TLS_ALPS_STR_LENGTH] =
	HS("extensions_alps_alpn_str_len", "Application protocol length", 1, 0),
    [TLS_ALPS] = HS_TEXT("extensions_alps_alpn_str",
			 "Application protocol with settings", 0),
    [TLS_NPN_LENGTH] =
	HS("extensions_npn_str_len", "Next protocol length", 1, 0),
    [TLS_NPN] = HS_TEXT("extensions_npn", "Next protocol", 0),
    [TLS_RENEG_LENGTH] = HS("extensions_reneg_info_len",
			    "Renegotiation information length", 1, 0),
    [TLS_RENEG] =
	HS_BYTES("extensions_reneg_info", "Renegotiation information", 0),
    [TLS_TICKET_LIFETIME] =
	HS("session_ticket_lifetime_hint", "Ticket lifetime", 4, 0),
    [TLS_TICKET_LENGTH] = HS("session_ticket_length", "Ticket length", 2, 0),
    [TLS_TICKET] = HS_BYTES("session_ticket", "Ticket", 0),
    [TLS_CERTS_LENGTH] = HS("certificates_length", "Certificates length", 3, 0),
    [TLS_CERT_LENGTH] = HS("certificate_length", "Certificate length", 3, 0),
    [TLS_CERT] = HS_BYTES("certificate", "Certificate", 0),
    [TLS_JA3_FULL] = HS_TEXT("ja3_full", "JA3 in full", 0),
    [TLS_JA3] = HS_TEXT("ja3", "JA3", FIELD_CRYPTO),
    [TLS_JA3S_FULL] = HS_TEXT("ja3s_full", "JA3S in full", 0),
    [TLS_JA3S] = HS_TEXT("ja3s", "JA3S", FIELD_CRYPTO),
    [TLS_JA4] = HS_TEXT("ja4", "JA4", FIELD_CRYPTO),
    [TLS_JA4_RAW] = HS_TEXT("ja4_r", "JA4 in full", 0),
    [TLS_ALERT_LEVEL] = NAMED("tls.alert_message.level", "Alert level", 1, 0,
			      tls_alert_level_names),
    [TLS_ALERT] =
	NAMED("tls.alert_message.desc", "Alert", 1, 0, tls_alert_names),
    [TLS_QP_TYPE] = {"tls.quic.parameter.type", "QUIC transport parameter",
		     parameter_names, .type = FIELD_UINT,
		     .flags = FIELD_CRYPTO},
    [TLS_QP_LENGTH] = QP("length", "Length"),
    [TLS_QP_VALUE] = QP_BYTES("value", "Value"),
    [TLS_QP_KNOWN] = QP_BYTES("original_destination_connection_id",
			      "Original destination id"),
    [TLS_QP_KNOWN + 1] = QP("max_idle_timeout", "Idle timeout (ms)"),
    [TLS_QP_KNOWN + 2] =
	QP_BYTES("stateless_reset_token", "Stateless reset token"),
    [TLS_QP_KNOWN + 3] = QP("max_udp_payload_size", "Largest UDP payload"),
    [TLS_QP_KNOWN + 4] = QP("initial_max_data", "Initial data limit"),
    [TLS_QP_KNOWN + 5] = QP("initial_max_stream_data_bidi_local",
			    "Initial limit of streams begun here"),
    [TLS_QP_KNOWN + 6] = QP("initial_max_stream_data_bidi_remote",
			    "Initial limit of streams begun there"),
    [TLS_QP_KNOWN + 7] =
	QP("initial_max_stream_data_uni", "Initial limit of one-way streams"),
    [TLS_QP_KNOWN + 8] = QP("initial_max_streams_bidi", "Streams"),
    [TLS_QP_KNOWN + 9] = QP("initial_max_streams_uni", "One-way streams"),
    [TLS_QP_KNOWN + 10] = QP("ack_delay_exponent", "Ack delay exponent"),
    [TLS_QP_KNOWN + 11] = QP("max_ack_delay", "Largest ack delay (ms)"),
    [TLS_QP_KNOWN + 12] =
	QP("active_connection_id_limit", "Connection id limit"),
    [TLS_QP_KNOWN + 13] =
	QP_BYTES("initial_source_connection_id", "Initial source id"),
    [TLS_QP_KNOWN + 14] =
	QP_BYTES("retry_source_connection_id", "Retry source id"),
    [TLS_QP_KNOWN + 15] =
	QP("max_datagram_frame_size", "Largest datagram frame"),
    [TLS_QP_KNOWN + 16] = QP("loss_bits", "Loss bits"),
    [TLS_QP_KNOWN + 17] = QP("min_ack_delay", "Smallest ack delay"),
    [TLS_QP_KNOWN + 18] = TEXT("tls.quic.parameter.google.user_agent",
			       "User agent", FIELD_CRYPTO),
    [TLS_QP_KNOWN + 19] = UINT("tls.quic.parameter.google.quic_version",
			       "Google's version", 4, FIELD_HEX | FIELD_CRYPTO),
    [TLS_QP_KNOWN + 20] = QP("google.initial_rtt", "Initial RTT (us)"),
    [TLS_QP_KNOWN + 21] = UINT("tls.quic.parameter.vi.chosen_version",
			       "Chosen version", 4, FIELD_HEX | FIELD_CRYPTO),
    [TLS_QP_KNOWN + 22] = UINT("tls.quic.parameter.vi.other_version",
			       "Other version", 4, FIELD_HEX | FIELD_CRYPTO),
    [TLS_QP_LAST] = QP("enable_time_stamp_v2", "Time stamps"),
};
