/* The fields of TLS. */
#include "decode/lib/rows.h"
#include "decode/security/tls.h"

const struct names tls_content_names[] = {
    {20, "Change Cipher Spec"},
    {21, "Alert"},
    {22, "Handshake"},
    {23, "Application Data"},
    {24, "Heartbeat"},
    {25, "Connection ID"},
    {0, NULL},
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
    {TLS_VERIFY_REQUEST, "Hello Verify Request"},
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

const struct names tls_group_names[] = {
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

#define TLS "tls."
#define VERSIONS version_names

#define QP(nm, tt) NUMBER("tls.quic.parameter." nm, tt, FIELD_CRYPTO, 0)
#define QP_BYTES(nm, tt) BYTES("tls.quic.parameter." nm, tt, 0, FIELD_CRYPTO)

const struct field tls_fields[TLS_FIELDS] = {
#include "decode/security/tls_rows.def"
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
