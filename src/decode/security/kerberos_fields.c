/* The table of the fields of Kerberos, and the names of their values. */
#include "decode/security/kerberos_fields.h"

#include "decode/lib/rows.h"

static const struct names type_names[] = {
    {AS_REQ, "AS-REQ"},	  {AS_REP, "AS-REP"}, {TGS_REQ, "TGS-REQ"},
    {TGS_REP, "TGS-REP"}, {AP_REQ, "AP-REQ"}, {AP_REP, "AP-REP"},
    {20, "SAFE"},	  {21, "PRIV"},	      {22, "CRED"},
    {KRB_ERR, "ERROR"},	  {0, NULL},
};

static const struct names error_names[] = {
    {0, "none"},
    {1, "client expired"},
    {2, "service expired"},
    {3, "bad version"},
    {6, "client unknown"},
    {7, "service unknown"},
    {8, "principal not unique"},
    {9, "null key"},
    {12, "policy"},
    {13, "bad option"},
    {14, "no such encryption type"},
    {15, "no such checksum type"},
    {16, "no such preauthentication type"},
    {18, "client revoked"},
    {19, "service revoked"},
    {23, "key expired"},
    {24, "preauthentication failed"},
    {25, "preauthentication required"},
    {31, "bad integrity"},
    {32, "ticket expired"},
    {33, "ticket not yet valid"},
    {34, "repeated request"},
    {35, "not for us"},
    {36, "ticket does not match"},
    {37, "clock skew"},
    {38, "bad address"},
    {39, "bad protocol version"},
    {40, "bad message type"},
    {41, "modified"},
    {44, "bad key version"},
    {45, "no key"},
    {52, "response too big"},
    {60, "generic"},
    {61, "field too long"},
    {68, "wrong realm"},
    {0, NULL},
};

static const struct names etype_names[] = {
    {1, "des-cbc-crc"},
    {3, "des-cbc-md5"},
    {16, "des3-cbc-sha1-kd"},
    {17, "aes128-cts-hmac-sha1-96"},
    {18, "aes256-cts-hmac-sha1-96"},
    {19, "aes128-cts-hmac-sha256-128"},
    {20, "aes256-cts-hmac-sha384-192"},
    {23, "rc4-hmac"},
    {24, "rc4-hmac-exp"},
    {25, "camellia128-cts-cmac"},
    {26, "camellia256-cts-cmac"},
    {0, NULL},
};

static const struct names name_type_names[] = {
    {0, "unknown"},
    {1, "principal"},
    {2, "service and instance"},
    {3, "service and host"},
    {4, "service, host, rest"},
    {5, "unique id"},
    {6, "X.500"},
    {7, "mail address"},
    {10, "enterprise"},
    {11, "well-known"},
    {0, NULL},
};

static const struct names pa_names[] = {
    {1, "TGS-REQ"},
    {2, "ENC-TIMESTAMP"},
    {3, "PW-SALT"},
    {11, "ETYPE-INFO"},
    {16, "PK-AS-REQ"},
    {17, "PK-AS-REP"},
    {19, "ETYPE-INFO2"},
    {128, "PAC-REQUEST"},
    {129, "FOR-USER"},
    {133, "FX-COOKIE"},
    {136, "FX-FAST"},
    {137, "FX-ERROR"},
    {138, "ENCRYPTED-CHALLENGE"},
    {149, "REQ-ENC-PA-REP"},
    {165, "SUPPORTED-ENCTYPES"},
    {167, "PAC-OPTIONS"},
    {0, NULL},
};

#define SIGNED(nm, tt, fl, table)                                              \
	{                                                                      \
		nm, tt, table, .type = FIELD_INT, .flags = (fl)                \
	}
#define MOMENT(nm, tt)                                                         \
	{                                                                      \
		nm, tt, .type = FIELD_TIME                                     \
	}
#define OPTION(nm, tt, bit) FLAG("kerberos.KDCOptions." nm, tt, 4, bit)

const struct field kerberos_fields[KRB_COUNT] = {
    [KRB_RM_RESERVED] = FLAG("kerberos.rm.reserved", "Reserved", 4, 0x80000000),
    [KRB_RM_LENGTH] = BITS("kerberos.rm.length", "Length", 4, 0x7fffffff, 0),
    [KRB_PVNO] = SIGNED("kerberos.pvno", "Version", 0, NULL),
    [KRB_MSG_TYPE] =
	SIGNED("kerberos.msg_type", "Message", FIELD_LINE, type_names),
    [KRB_PADATA] = NUMBER("kerberos.padata", "Preauthentication data", 0, 0),
    [KRB_PA_TYPE] = SIGNED("kerberos.padata_type", "Type", 0, pa_names),
    [KRB_PA_VALUE] = BYTES("kerberos.padata_value", "Value", 0, 0),
    [KRB_INCLUDE_PAC] = FLAG("kerberos.include_pac", "Include PAC", 0, 0),
    [KRB_AP_OPTIONS] = BYTES("kerberos.ap_options", "Options", 0, 0),
    [KRB_USE_SESSION_KEY] = FLAG("kerberos.APOptions.use.session.key",
				 "Use session key", 4, 0x40000000),
    [KRB_MUTUAL] = FLAG("kerberos.APOptions.mutual.required",
			"Mutual authentication required", 4, 0x20000000),
    [KRB_OPTIONS] = BYTES("kerberos.kdc_options", "Options", 0, 0),
    [KRB_FORWARDABLE] = OPTION("forwardable", "Forwardable", 0x40000000),
    [KRB_FORWARDED] = OPTION("forwarded", "Forwarded", 0x20000000),
    [KRB_PROXIABLE] = OPTION("proxiable", "Proxiable", 0x10000000),
    [KRB_PROXY] = OPTION("proxy", "Proxy", 0x08000000),
    [KRB_ALLOW_POSTDATE] =
	OPTION("allow.postdate", "Allow postdate", 0x04000000),
    [KRB_POSTDATED] = OPTION("postdated", "Postdated", 0x02000000),
    [KRB_RENEWABLE] = OPTION("renewable", "Renewable", 0x00800000),
    [KRB_CONSTRAINED] =
	OPTION("constrained.delegation", "Constrained delegation", 0x00020000),
    [KRB_CANONICALIZE] = OPTION("canonicalize", "Canonicalize", 0x00010000),
    [KRB_ANONYMOUS] = OPTION("request.anonymous", "Anonymous", 0x00008000),
    [KRB_RENEWABLE_OK] =
	OPTION("renewable.ok", "Renewable is fine too", 0x00000010),
    [KRB_TKT_IN_SKEY] =
	OPTION("enc.tkt.in.skey", "Ticket in session key", 0x00000008),
    [KRB_RENEW] = OPTION("renew", "Renew", 0x00000002),
    [KRB_VALIDATE] = OPTION("validate", "Validate", 0x00000001),
    [KRB_CTIME] = MOMENT("kerberos.ctime", "Client's time"),
    [KRB_CUSEC] = NUMBER("kerberos.cusec", "Microseconds", 0, 0),
    [KRB_STIME] = MOMENT("kerberos.stime", "Server's time"),
    [KRB_SUSEC] = NUMBER("kerberos.susec", "Microseconds", 0, 0),
    [KRB_ERROR] =
	SIGNED("kerberos.error_code", "Error", FIELD_LINE, error_names),
    [KRB_CREALM] = TEXT("kerberos.crealm", "Client's realm", 0),
    [KRB_REALM] = TEXT("kerberos.realm", "Realm", 0),
    [KRB_NAME_TYPE] =
	SIGNED("kerberos.name_type", "Name type", 0, name_type_names),
    [KRB_CNAMES] =
	NUMBER("kerberos.cname_string", "Parts of client's name", 0, 0),
    [KRB_CNAME] = TEXT("kerberos.CNameString", "Client", FIELD_LINE),
    [KRB_SNAMES] =
	NUMBER("kerberos.sname_string", "Parts of server's name", 0, 0),
    [KRB_SNAME] = TEXT("kerberos.SNameString", "Server", FIELD_LINE),
    [KRB_FROM] = MOMENT("kerberos.from", "From"),
    [KRB_TILL] = MOMENT("kerberos.till", "Till"),
    [KRB_RTIME] = MOMENT("kerberos.rtime", "Renewable till"),
    [KRB_NONCE] = NUMBER("kerberos.nonce", "Nonce", 0, 0),
    [KRB_ETYPES] =
	NUMBER("kerberos.kdc-req-body.etype", "Encryption types", 0, 0),
    [KRB_ENCTYPE] =
	SIGNED("kerberos.ENCTYPE", "Encryption type", 0, etype_names),
    [KRB_ADDRESSES] = NUMBER("kerberos.addresses", "Addresses", 0, 0),
    [KRB_ADDR_TYPE] = SIGNED("kerberos.addr_type", "Address type", 0, NULL),
    [KRB_ADDR_NB] = TEXT("kerberos.addr_nb", "NetBIOS name", 0),
    [KRB_ADDR_IP] = IPV4("kerberos.addr_ip", "Address", 0),
    [KRB_TKT_VNO] = SIGNED("kerberos.tkt_vno", "Ticket version", 0, NULL),
    [KRB_ETYPE] = SIGNED("kerberos.etype", "Encryption type", 0, etype_names),
    [KRB_KVNO] = NUMBER("kerberos.kvno", "Key version", 0, 0),
    [KRB_CIPHER] = BYTES("kerberos.cipher", "Encrypted", 0, 0),
    [KRB_SALT2] = TEXT("kerberos.info2_salt", "Salt", 0),
    [KRB_E_TEXT] = TEXT("kerberos.e_text", "Text", 0),
    [KRB_E_DATA] = BYTES("kerberos.e_data", "Data", 0, 0),
};
