/*
 * RADIUS (RFC 2865, 2866, 2869, 3162, 5176 and others), attributes by name.
 *
 *	code (1), id (1), length (2), authenticator (16), attributes
 *	attribute: type (1), length (1), value
 *
 * Values of tunnel attributes start with a tag (RFC 2868).
 */
#include "decode/lib/rows.h"

enum {
	RAD_CODE,
	RAD_ID,
	RAD_LENGTH,
	RAD_AUTHENTICATOR,
	RAD_AVP,
	RAD_AVP_TYPE,
	RAD_AVP_LENGTH,
	RAD_VENDOR,
	RAD_VENDOR_TYPE,
	RAD_VENDOR_LENGTH,
	RAD_EAP_FRAGMENT,
	RAD_PASSWORD,
	RAD_VLAN_TAG,
	RAD_VLAN_PAD,
	RAD_VLAN_ID,
	RAD_VLAN_NAME_TAG,
	RAD_VLAN_NAME,
	RAD_USER_NAME,
	RAD_CHAP_PASSWORD,
	RAD_NAS_IP_ADDRESS,
	RAD_NAS_PORT,
	RAD_SERVICE_TYPE,
	RAD_FRAMED_PROTOCOL,
	RAD_FRAMED_IP_ADDRESS,
	RAD_FRAMED_IP_NETMASK,
	RAD_FRAMED_ROUTING,
	RAD_FILTER_ID,
	RAD_FRAMED_MTU,
	RAD_FRAMED_COMPRESSION,
	RAD_LOGIN_IP_HOST,
	RAD_LOGIN_SERVICE,
	RAD_LOGIN_TCP_PORT,
	RAD_REPLY_MESSAGE,
	RAD_CALLBACK_NUMBER,
	RAD_CALLBACK_ID,
	RAD_FRAMED_ROUTE,
	RAD_FRAMED_IPX_NETWORK,
	RAD_STATE,
	RAD_CLASS,
	RAD_SESSION_TIMEOUT,
	RAD_IDLE_TIMEOUT,
	RAD_TERMINATION_ACTION,
	RAD_CALLED_STATION_ID,
	RAD_CALLING_STATION_ID,
	RAD_NAS_IDENTIFIER,
	RAD_PROXY_STATE,
	RAD_LOGIN_LAT_SERVICE,
	RAD_LOGIN_LAT_NODE,
	RAD_LOGIN_LAT_GROUP,
	RAD_FRAMED_APPLETALK_LINK,
	RAD_FRAMED_APPLETALK_NETWORK,
	RAD_FRAMED_APPLETALK_ZONE,
	RAD_ACCT_STATUS_TYPE,
	RAD_ACCT_DELAY_TIME,
	RAD_ACCT_INPUT_OCTETS,
	RAD_ACCT_OUTPUT_OCTETS,
	RAD_ACCT_SESSION_ID,
	RAD_ACCT_AUTHENTIC,
	RAD_ACCT_SESSION_TIME,
	RAD_ACCT_INPUT_PACKETS,
	RAD_ACCT_OUTPUT_PACKETS,
	RAD_ACCT_TERMINATE_CAUSE,
	RAD_ACCT_MULTI_SESSION_ID,
	RAD_ACCT_LINK_COUNT,
	RAD_ACCT_INPUT_GIGAWORDS,
	RAD_ACCT_OUTPUT_GIGAWORDS,
	RAD_EVENT_TIMESTAMP,
	RAD_INGRESS_FILTERS,
	RAD_USER_PRIORITY_TABLE,
	RAD_CHAP_CHALLENGE,
	RAD_NAS_PORT_TYPE,
	RAD_PORT_LIMIT,
	RAD_LOGIN_LAT_PORT,
	RAD_TUNNEL_TYPE,
	RAD_TUNNEL_MEDIUM_TYPE,
	RAD_TUNNEL_CLIENT_ENDPOINT,
	RAD_TUNNEL_SERVER_ENDPOINT,
	RAD_ACCT_TUNNEL_CONNECTION,
	RAD_TUNNEL_PASSWORD,
	RAD_ARAP_PASSWORD,
	RAD_ARAP_FEATURES,
	RAD_ARAP_ZONE_ACCESS,
	RAD_ARAP_SECURITY,
	RAD_ARAP_SECURITY_DATA,
	RAD_PASSWORD_RETRY,
	RAD_PROMPT,
	RAD_CONNECT_INFO,
	RAD_CONFIGURATION_TOKEN,
	RAD_MESSAGE_AUTHENTICATOR,
	RAD_TUNNEL_PRIVATE_GROUP_ID,
	RAD_TUNNEL_ASSIGNMENT_ID,
	RAD_TUNNEL_PREFERENCE,
	RAD_ARAP_CHALLENGE_RESPONSE,
	RAD_ACCT_INTERIM_INTERVAL,
	RAD_ACCT_TUNNEL_PACKETS_LOST,
	RAD_NAS_PORT_ID,
	RAD_FRAMED_POOL,
	RAD_CHARGEABLE_USER_IDENTITY,
	RAD_TUNNEL_CLIENT_AUTH_ID,
	RAD_TUNNEL_SERVER_AUTH_ID,
	RAD_NAS_FILTER_RULE,
	RAD_ORIGINATING_LINE_INFO,
	RAD_NAS_IPV6_ADDRESS,
	RAD_FRAMED_INTERFACE_ID,
	RAD_FRAMED_IPV6_PREFIX,
	RAD_LOGIN_IPV6_HOST,
	RAD_FRAMED_IPV6_ROUTE,
	RAD_FRAMED_IPV6_POOL,
	RAD_ERROR_CAUSE,
	RAD_EAP_KEY_NAME,
	RAD_DIGEST_RESPONSE,
	RAD_DELEGATED_IPV6_PREFIX,
	RAD_MIP6_FEATURE_VECTOR,
	RAD_MIP6_HOME_LINK_PREFIX,
	RAD_LOCATION_INFORMATION,
	RAD_LOCATION_DATA,
	RAD_FRAMED_IPV6_ADDRESS,
	RAD_DNS_SERVER_IPV6_ADDRESS,
	RAD_ROUTE_IPV6_INFORMATION,
	RAD_DELEGATED_IPV6_PREFIX_POOL,
};

enum { PASSWORD = 2, VENDOR = 26, VLAN_ID = 56, VLAN_NAME = 58, EAP = 79 };

static const struct names code_names[] = {
    {1, "Access-Request"},
    {2, "Access-Accept"},
    {3, "Access-Reject"},
    {4, "Accounting-Request"},
    {5, "Accounting-Response"},
    {11, "Access-Challenge"},
    {12, "Status-Server"},
    {13, "Status-Client"},
    {40, "Disconnect-Request"},
    {41, "Disconnect-ACK"},
    {42, "Disconnect-NAK"},
    {43, "CoA-Request"},
    {44, "CoA-ACK"},
    {45, "CoA-NAK"},
    {0, NULL},
};

static const struct field fields[] = {
    [RAD_CODE] = NAMED("radius.code", "Code", 1, FIELD_LINE, code_names),
    [RAD_ID] = UINT("radius.id", "Identifier", 1, FIELD_LINE),
    [RAD_LENGTH] = UINT("radius.length", "Length", 2, 0),
    [RAD_AUTHENTICATOR] = BYTES("radius.authenticator", "Authenticator", 16, 0),
    [RAD_AVP] = BYTES("radius.avp", "Attribute", 0, 0),
    [RAD_AVP_TYPE] = UINT("radius.avp.type", "Type", 1, 0),
    [RAD_AVP_LENGTH] = UINT("radius.avp.length", "Length", 1, 0),
    [RAD_VENDOR] = UINT("radius.avp.vendor_id", "Vendor", 4, 0),
    [RAD_VENDOR_TYPE] = UINT("radius.avp.vendor_type", "Vendor's type", 1, 0),
    [RAD_VENDOR_LENGTH] = UINT("radius.avp.vendor_len", "Length", 1, 0),
    [RAD_EAP_FRAGMENT] = BYTES("radius.eap_fragment", "EAP fragment", 0, 0),
    [RAD_PASSWORD] = BYTES("radius.User_Password_encrypted",
			   "User-Password, encrypted", 0, 0),
    [RAD_VLAN_TAG] = {"radius.egress_vlanid_tag", "Tagged", .mask = 0xff000000,
		      .type = FIELD_UINT, .width = 4, .flags = FIELD_HEX},
    [RAD_VLAN_PAD] = {"radius.egress_vlanid_pad", "Padding", .mask = 0x00fff000,
		      .type = FIELD_UINT, .width = 4, .flags = FIELD_HEX},
    [RAD_VLAN_ID] = BITS("radius.egress_vlanid", "VLAN", 4, 0x00000fff, 0),
    [RAD_VLAN_NAME_TAG] =
	UINT("radius.egress_vlan_name_tag", "Tagged", 1, FIELD_HEX),
    [RAD_VLAN_NAME] = TEXT("radius.egress_vlan_name", "VLAN", 0),
    [RAD_USER_NAME] = TEXT("radius.User_Name", "User-Name", FIELD_LINE),
    [RAD_CHAP_PASSWORD] = BYTES("radius.CHAP_Password", "CHAP-Password", 0, 0),
    [RAD_NAS_IP_ADDRESS] = IPV4("radius.NAS_IP_Address", "NAS-IP-Address", 0),
    [RAD_NAS_PORT] = UINT("radius.NAS_Port", "NAS-Port", 4, 0),
    [RAD_SERVICE_TYPE] = UINT("radius.Service_Type", "Service-Type", 4, 0),
    [RAD_FRAMED_PROTOCOL] =
	UINT("radius.Framed_Protocol", "Framed-Protocol", 4, 0),
    [RAD_FRAMED_IP_ADDRESS] =
	IPV4("radius.Framed-IP-Address", "Framed-IP-Address", 0),
    [RAD_FRAMED_IP_NETMASK] =
	IPV4("radius.Framed_IP_Netmask", "Framed-IP-Netmask", 0),
    [RAD_FRAMED_ROUTING] =
	UINT("radius.Framed_Routing", "Framed-Routing", 4, 0),
    [RAD_FILTER_ID] = TEXT("radius.Filter_Id", "Filter-Id", 0),
    [RAD_FRAMED_MTU] = UINT("radius.Framed_MTU", "Framed-MTU", 4, 0),
    [RAD_FRAMED_COMPRESSION] =
	UINT("radius.Framed_Compression", "Framed-Compression", 4, 0),
    [RAD_LOGIN_IP_HOST] = IPV4("radius.Login_IP_Host", "Login-IP-Host", 0),
    [RAD_LOGIN_SERVICE] = UINT("radius.Login_Service", "Login-Service", 4, 0),
    [RAD_LOGIN_TCP_PORT] =
	UINT("radius.Login_TCP_Port", "Login-TCP-Port", 4, 0),
    [RAD_REPLY_MESSAGE] =
	TEXT("radius.Reply_Message", "Reply-Message", FIELD_LINE),
    [RAD_CALLBACK_NUMBER] =
	TEXT("radius.Callback_Number", "Callback-Number", 0),
    [RAD_CALLBACK_ID] = TEXT("radius.Callback_Id", "Callback-Id", 0),
    [RAD_FRAMED_ROUTE] = TEXT("radius.Framed_Route", "Framed-Route", 0),
    [RAD_FRAMED_IPX_NETWORK] =
	IPV4("radius.Framed_IPX_Network", "Framed-IPX-Network", 0),
    [RAD_STATE] = BYTES("radius.State", "State", 0, 0),
    [RAD_CLASS] = BYTES("radius.Class", "Class", 0, 0),
    [RAD_SESSION_TIMEOUT] =
	UINT("radius.Session_Timeout", "Session-Timeout", 4, 0),
    [RAD_IDLE_TIMEOUT] = UINT("radius.Idle_Timeout", "Idle-Timeout", 4, 0),
    [RAD_TERMINATION_ACTION] =
	UINT("radius.Termination_Action", "Termination-Action", 4, 0),
    [RAD_CALLED_STATION_ID] =
	TEXT("radius.Called_Station_Id", "Called-Station-Id", 0),
    [RAD_CALLING_STATION_ID] =
	TEXT("radius.Calling_Station_Id", "Calling-Station-Id", 0),
    [RAD_NAS_IDENTIFIER] = TEXT("radius.NAS_Identifier", "NAS-Identifier", 0),
    [RAD_PROXY_STATE] = BYTES("radius.Proxy_State", "Proxy-State", 0, 0),
    [RAD_LOGIN_LAT_SERVICE] =
	TEXT("radius.Login_LAT_Service", "Login-LAT-Service", 0),
    [RAD_LOGIN_LAT_NODE] = TEXT("radius.Login_LAT_Node", "Login-LAT-Node", 0),
    [RAD_LOGIN_LAT_GROUP] =
	BYTES("radius.Login_LAT_Group", "Login-LAT-Group", 0, 0),
    [RAD_FRAMED_APPLETALK_LINK] =
	UINT("radius.Framed_AppleTalk_Link", "Framed-AppleTalk-Link", 4, 0),
    [RAD_FRAMED_APPLETALK_NETWORK] = UINT("radius.Framed_AppleTalk_Network",
					  "Framed-AppleTalk-Network", 4, 0),
    [RAD_FRAMED_APPLETALK_ZONE] =
	TEXT("radius.Framed_AppleTalk_Zone", "Framed-AppleTalk-Zone", 0),
    [RAD_ACCT_STATUS_TYPE] =
	UINT("radius.Acct_Status_Type", "Acct-Status-Type", 4, 0),
    [RAD_ACCT_DELAY_TIME] =
	UINT("radius.Acct_Delay_Time", "Acct-Delay-Time", 4, 0),
    [RAD_ACCT_INPUT_OCTETS] =
	UINT("radius.Acct_Input_Octets", "Acct-Input-Octets", 4, 0),
    [RAD_ACCT_OUTPUT_OCTETS] =
	UINT("radius.Acct_Output_Octets", "Acct-Output-Octets", 4, 0),
    [RAD_ACCT_SESSION_ID] =
	TEXT("radius.Acct_Session_Id", "Acct-Session-Id", 0),
    [RAD_ACCT_AUTHENTIC] =
	UINT("radius.Acct_Authentic", "Acct-Authentic", 4, 0),
    [RAD_ACCT_SESSION_TIME] =
	UINT("radius.Acct_Session_Time", "Acct-Session-Time", 4, 0),
    [RAD_ACCT_INPUT_PACKETS] =
	UINT("radius.Acct_Input_Packets", "Acct-Input-Packets", 4, 0),
    [RAD_ACCT_OUTPUT_PACKETS] =
	UINT("radius.Acct_Output_Packets", "Acct-Output-Packets", 4, 0),
    [RAD_ACCT_TERMINATE_CAUSE] =
	UINT("radius.Acct_Terminate_Cause", "Acct-Terminate-Cause", 4, 0),
    [RAD_ACCT_MULTI_SESSION_ID] =
	TEXT("radius.Acct_Multi_Session_Id", "Acct-Multi-Session-Id", 0),
    [RAD_ACCT_LINK_COUNT] =
	UINT("radius.Acct_Link_Count", "Acct-Link-Count", 4, 0),
    [RAD_ACCT_INPUT_GIGAWORDS] =
	UINT("radius.Acct_Input_Gigawords", "Acct-Input-Gigawords", 4, 0),
    [RAD_ACCT_OUTPUT_GIGAWORDS] =
	UINT("radius.Acct_Output_Gigawords", "Acct-Output-Gigawords", 4, 0),
    [RAD_EVENT_TIMESTAMP] = {"radius.Event_Timestamp", "Event-Timestamp",
			     .type = FIELD_TIME},
    [RAD_INGRESS_FILTERS] =
	UINT("radius.Ingress_Filters", "Ingress-Filters", 4, 0),
    [RAD_USER_PRIORITY_TABLE] =
	BYTES("radius.User_Priority_Table", "User-Priority-Table", 0, 0),
    [RAD_CHAP_CHALLENGE] =
	BYTES("radius.CHAP_Challenge", "CHAP-Challenge", 0, 0),
    [RAD_NAS_PORT_TYPE] = UINT("radius.NAS_Port_Type", "NAS-Port-Type", 4, 0),
    [RAD_PORT_LIMIT] = UINT("radius.Port_Limit", "Port-Limit", 4, 0),
    [RAD_LOGIN_LAT_PORT] = TEXT("radius.Login_LAT_Port", "Login-LAT-Port", 0),
    [RAD_TUNNEL_TYPE] = UINT("radius.Tunnel_Type", "Tunnel-Type", 4, 0),
    [RAD_TUNNEL_MEDIUM_TYPE] =
	UINT("radius.Tunnel_Medium_Type", "Tunnel-Medium-Type", 4, 0),
    [RAD_TUNNEL_CLIENT_ENDPOINT] =
	TEXT("radius.Tunnel_Client_Endpoint", "Tunnel-Client-Endpoint", 0),
    [RAD_TUNNEL_SERVER_ENDPOINT] =
	TEXT("radius.Tunnel_Server_Endpoint", "Tunnel-Server-Endpoint", 0),
    [RAD_ACCT_TUNNEL_CONNECTION] =
	TEXT("radius.Acct_Tunnel_Connection", "Acct-Tunnel-Connection", 0),
    [RAD_TUNNEL_PASSWORD] =
	TEXT("radius.Tunnel_Password", "Tunnel-Password", 0),
    [RAD_ARAP_PASSWORD] = BYTES("radius.ARAP_Password", "ARAP-Password", 0, 0),
    [RAD_ARAP_FEATURES] = BYTES("radius.ARAP_Features", "ARAP-Features", 0, 0),
    [RAD_ARAP_ZONE_ACCESS] =
	UINT("radius.ARAP_Zone_Access", "ARAP-Zone-Access", 4, 0),
    [RAD_ARAP_SECURITY] = UINT("radius.ARAP_Security", "ARAP-Security", 4, 0),
    [RAD_ARAP_SECURITY_DATA] =
	TEXT("radius.ARAP_Security_Data", "ARAP-Security-Data", 0),
    [RAD_PASSWORD_RETRY] =
	UINT("radius.Password_Retry", "Password-Retry", 4, 0),
    [RAD_PROMPT] = UINT("radius.Prompt", "Prompt", 4, 0),
    [RAD_CONNECT_INFO] = TEXT("radius.Connect_Info", "Connect-Info", 0),
    [RAD_CONFIGURATION_TOKEN] =
	TEXT("radius.Configuration_Token", "Configuration-Token", 0),
    [RAD_MESSAGE_AUTHENTICATOR] =
	BYTES("radius.Message_Authenticator", "Message-Authenticator", 0, 0),
    [RAD_TUNNEL_PRIVATE_GROUP_ID] =
	TEXT("radius.Tunnel_Private_Group_Id", "Tunnel-Private-Group-Id", 0),
    [RAD_TUNNEL_ASSIGNMENT_ID] =
	TEXT("radius.Tunnel_Assignment_Id", "Tunnel-Assignment-Id", 0),
    [RAD_TUNNEL_PREFERENCE] =
	UINT("radius.Tunnel_Preference", "Tunnel-Preference", 4, 0),
    [RAD_ARAP_CHALLENGE_RESPONSE] = BYTES("radius.ARAP_Challenge_Response",
					  "ARAP-Challenge-Response", 0, 0),
    [RAD_ACCT_INTERIM_INTERVAL] =
	UINT("radius.Acct_Interim_Interval", "Acct-Interim-Interval", 4, 0),
    [RAD_ACCT_TUNNEL_PACKETS_LOST] = UINT("radius.Acct_Tunnel_Packets_Lost",
					  "Acct-Tunnel-Packets-Lost", 4, 0),
    [RAD_NAS_PORT_ID] = TEXT("radius.NAS_Port_Id", "NAS-Port-Id", 0),
    [RAD_FRAMED_POOL] = TEXT("radius.Framed_Pool", "Framed-Pool", 0),
    [RAD_CHARGEABLE_USER_IDENTITY] =
	TEXT("radius.Chargeable_User_Identity", "Chargeable-User-Identity", 0),
    [RAD_TUNNEL_CLIENT_AUTH_ID] =
	TEXT("radius.Tunnel_Client_Auth_Id", "Tunnel-Client-Auth-Id", 0),
    [RAD_TUNNEL_SERVER_AUTH_ID] =
	TEXT("radius.Tunnel_Server_Auth_Id", "Tunnel-Server-Auth-Id", 0),
    [RAD_NAS_FILTER_RULE] =
	TEXT("radius.NAS_Filter_Rule", "NAS-Filter-Rule", 0),
    [RAD_ORIGINATING_LINE_INFO] =
	TEXT("radius.Originating_Line_Info", "Originating-Line-Info", 0),
    [RAD_NAS_IPV6_ADDRESS] =
	IPV6("radius.NAS_IPv6_Address", "NAS-IPv6-Address", 0),
    [RAD_FRAMED_INTERFACE_ID] =
	BYTES("radius.Framed_Interface_Id", "Framed-Interface-Id", 0, 0),
    [RAD_FRAMED_IPV6_PREFIX] =
	BYTES("radius.Framed_IPv6_Prefix", "Framed-IPv6-Prefix", 0, 0),
    [RAD_LOGIN_IPV6_HOST] =
	IPV6("radius.Login_IPv6_Host", "Login-IPv6-Host", 0),
    [RAD_FRAMED_IPV6_ROUTE] =
	TEXT("radius.Framed_IPv6_Route", "Framed-IPv6-Route", 0),
    [RAD_FRAMED_IPV6_POOL] =
	TEXT("radius.Framed_IPv6_Pool", "Framed-IPv6-Pool", 0),
    [RAD_ERROR_CAUSE] = UINT("radius.Error_Cause", "Error-Cause", 4, 0),
    [RAD_EAP_KEY_NAME] = TEXT("radius.EAP_Key_Name", "EAP-Key-Name", 0),
    [RAD_DIGEST_RESPONSE] =
	TEXT("radius.Digest_Response", "Digest-Response", 0),
    [RAD_DELEGATED_IPV6_PREFIX] =
	BYTES("radius.Delegated_IPv6_Prefix", "Delegated-IPv6-Prefix", 0, 0),
    [RAD_MIP6_FEATURE_VECTOR] =
	BYTES("radius.MIP6_Feature_Vector", "MIP6-Feature-Vector", 0, 0),
    [RAD_MIP6_HOME_LINK_PREFIX] =
	BYTES("radius.MIP6_Home_Link_Prefix", "MIP6-Home-Link-Prefix", 0, 0),
    [RAD_LOCATION_INFORMATION] =
	BYTES("radius.Location_Information", "Location-Information", 0, 0),
    [RAD_LOCATION_DATA] = BYTES("radius.Location_Data", "Location-Data", 0, 0),
    [RAD_FRAMED_IPV6_ADDRESS] =
	IPV6("radius.Framed_IPv6_Address", "Framed-IPv6-Address", 0),
    [RAD_DNS_SERVER_IPV6_ADDRESS] =
	IPV6("radius.DNS_Server_IPv6_Address", "DNS-Server-IPv6-Address", 0),
    [RAD_ROUTE_IPV6_INFORMATION] =
	BYTES("radius.Route_IPv6_Information", "Route-IPv6-Information", 0, 0),
    [RAD_DELEGATED_IPV6_PREFIX_POOL] = TEXT("radius.Delegated_IPv6_Prefix_Pool",
					    "Delegated-IPv6-Prefix-Pool", 0),
};

/* Attributes by type; 0: not known by name. */
static const uint8_t attributes[256] = {
    [1] = RAD_USER_NAME,
    [3] = RAD_CHAP_PASSWORD,
    [4] = RAD_NAS_IP_ADDRESS,
    [5] = RAD_NAS_PORT,
    [6] = RAD_SERVICE_TYPE,
    [7] = RAD_FRAMED_PROTOCOL,
    [8] = RAD_FRAMED_IP_ADDRESS,
    [9] = RAD_FRAMED_IP_NETMASK,
    [10] = RAD_FRAMED_ROUTING,
    [11] = RAD_FILTER_ID,
    [12] = RAD_FRAMED_MTU,
    [13] = RAD_FRAMED_COMPRESSION,
    [14] = RAD_LOGIN_IP_HOST,
    [15] = RAD_LOGIN_SERVICE,
    [16] = RAD_LOGIN_TCP_PORT,
    [18] = RAD_REPLY_MESSAGE,
    [19] = RAD_CALLBACK_NUMBER,
    [20] = RAD_CALLBACK_ID,
    [22] = RAD_FRAMED_ROUTE,
    [23] = RAD_FRAMED_IPX_NETWORK,
    [24] = RAD_STATE,
    [25] = RAD_CLASS,
    [27] = RAD_SESSION_TIMEOUT,
    [28] = RAD_IDLE_TIMEOUT,
    [29] = RAD_TERMINATION_ACTION,
    [30] = RAD_CALLED_STATION_ID,
    [31] = RAD_CALLING_STATION_ID,
    [32] = RAD_NAS_IDENTIFIER,
    [33] = RAD_PROXY_STATE,
    [34] = RAD_LOGIN_LAT_SERVICE,
    [35] = RAD_LOGIN_LAT_NODE,
    [36] = RAD_LOGIN_LAT_GROUP,
    [37] = RAD_FRAMED_APPLETALK_LINK,
    [38] = RAD_FRAMED_APPLETALK_NETWORK,
    [39] = RAD_FRAMED_APPLETALK_ZONE,
    [40] = RAD_ACCT_STATUS_TYPE,
    [41] = RAD_ACCT_DELAY_TIME,
    [42] = RAD_ACCT_INPUT_OCTETS,
    [43] = RAD_ACCT_OUTPUT_OCTETS,
    [44] = RAD_ACCT_SESSION_ID,
    [45] = RAD_ACCT_AUTHENTIC,
    [46] = RAD_ACCT_SESSION_TIME,
    [47] = RAD_ACCT_INPUT_PACKETS,
    [48] = RAD_ACCT_OUTPUT_PACKETS,
    [49] = RAD_ACCT_TERMINATE_CAUSE,
    [50] = RAD_ACCT_MULTI_SESSION_ID,
    [51] = RAD_ACCT_LINK_COUNT,
    [52] = RAD_ACCT_INPUT_GIGAWORDS,
    [53] = RAD_ACCT_OUTPUT_GIGAWORDS,
    [55] = RAD_EVENT_TIMESTAMP,
    [57] = RAD_INGRESS_FILTERS,
    [59] = RAD_USER_PRIORITY_TABLE,
    [60] = RAD_CHAP_CHALLENGE,
    [61] = RAD_NAS_PORT_TYPE,
    [62] = RAD_PORT_LIMIT,
    [63] = RAD_LOGIN_LAT_PORT,
    [64] = RAD_TUNNEL_TYPE,
    [65] = RAD_TUNNEL_MEDIUM_TYPE,
    [66] = RAD_TUNNEL_CLIENT_ENDPOINT,
    [67] = RAD_TUNNEL_SERVER_ENDPOINT,
    [68] = RAD_ACCT_TUNNEL_CONNECTION,
    [69] = RAD_TUNNEL_PASSWORD,
    [70] = RAD_ARAP_PASSWORD,
    [71] = RAD_ARAP_FEATURES,
    [72] = RAD_ARAP_ZONE_ACCESS,
    [73] = RAD_ARAP_SECURITY,
    [74] = RAD_ARAP_SECURITY_DATA,
    [75] = RAD_PASSWORD_RETRY,
    [76] = RAD_PROMPT,
    [77] = RAD_CONNECT_INFO,
    [78] = RAD_CONFIGURATION_TOKEN,
    [80] = RAD_MESSAGE_AUTHENTICATOR,
    [81] = RAD_TUNNEL_PRIVATE_GROUP_ID,
    [82] = RAD_TUNNEL_ASSIGNMENT_ID,
    [83] = RAD_TUNNEL_PREFERENCE,
    [84] = RAD_ARAP_CHALLENGE_RESPONSE,
    [85] = RAD_ACCT_INTERIM_INTERVAL,
    [86] = RAD_ACCT_TUNNEL_PACKETS_LOST,
    [87] = RAD_NAS_PORT_ID,
    [88] = RAD_FRAMED_POOL,
    [89] = RAD_CHARGEABLE_USER_IDENTITY,
    [90] = RAD_TUNNEL_CLIENT_AUTH_ID,
    [91] = RAD_TUNNEL_SERVER_AUTH_ID,
    [92] = RAD_NAS_FILTER_RULE,
    [94] = RAD_ORIGINATING_LINE_INFO,
    [95] = RAD_NAS_IPV6_ADDRESS,
    [96] = RAD_FRAMED_INTERFACE_ID,
    [97] = RAD_FRAMED_IPV6_PREFIX,
    [98] = RAD_LOGIN_IPV6_HOST,
    [99] = RAD_FRAMED_IPV6_ROUTE,
    [100] = RAD_FRAMED_IPV6_POOL,
    [101] = RAD_ERROR_CAUSE,
    [102] = RAD_EAP_KEY_NAME,
    [103] = RAD_DIGEST_RESPONSE,
    [123] = RAD_DELEGATED_IPV6_PREFIX,
    [124] = RAD_MIP6_FEATURE_VECTOR,
    [125] = RAD_MIP6_HOME_LINK_PREFIX,
    [127] = RAD_LOCATION_INFORMATION,
    [128] = RAD_LOCATION_DATA,
    [168] = RAD_FRAMED_IPV6_ADDRESS,
    [169] = RAD_DNS_SERVER_IPV6_ADDRESS,
    [170] = RAD_ROUTE_IPV6_INFORMATION,
    [171] = RAD_DELEGATED_IPV6_PREFIX_POOL,
};

/* Do values of this type start with a tag? */
static bool is_tagged(unsigned type)
{
	return (type >= 64 && type <= 67) || type == 69 ||
	       (type >= 81 && type <= 83) || type == 90 || type == 91;
}

/* Prefixes (RFC 3162): a reserved byte, the number of bits, and what of 16
   bytes is needed. */
static bool is_prefix(const struct cur *c)
{
	return c->claim >= 2 && c->claim <= 18 && cur_left(c) >= 2 &&
	       cur_peek8(c, 1) <= 128;
}

static void decode_named(struct dissect *d, struct cur *c, unsigned type)
{
	const struct field *f = &fields[attributes[type]];
	uint32_t number;

	if (f == fields || ((f == &fields[RAD_FRAMED_IPV6_PREFIX] ||
			     f == &fields[RAD_DELEGATED_IPV6_PREFIX]) &&
			    !is_prefix(c)))
		return;
	if (f->type == FIELD_TEXT || f->type == FIELD_BYTES) {
		/* a tag is below the characters of texts */
		if (is_tagged(type) && cur_left(c) && cur_peek8(c, 0) < 0x20)
			cur_skip(c, 1);
		take_bytes(d, c, f, c->claim);
	} else if (f->type == FIELD_TIME) {
		number = cur_be32(c);
		if (c->state == CUR_OK)
			add_uint(d, f, number * UINT64_C(1000000000));
	} else if (f->type == FIELD_UINT) {
		number = cur_be32(c);
		if (c->state == CUR_OK)
			add_uint(d, f,
				 is_tagged(type) ? number & 0xffffff : number);
	} else {
		take(d, c, f);
	}
}

/* Most vendors have attributes of the same form in theirs. */
static void decode_vendor(struct dissect *d, struct cur *c)
{
	unsigned len;

	take(d, c, &fields[RAD_VENDOR]);
	while (c->state == CUR_OK && c->claim >= 2) {
		take(d, c, &fields[RAD_VENDOR_TYPE]);
		len = (unsigned)take(d, c, &fields[RAD_VENDOR_LENGTH]);
		if (len < 2)
			return;
		cur_skip(c, len - 2);
	}
}

static void decode_attribute(struct dissect *d, struct cur *c, unsigned type)
{
	uint32_t vlan;

	switch (type) {
	case PASSWORD:
		take_bytes(d, c, &fields[RAD_PASSWORD], c->claim);
		break;
	case VENDOR:
		decode_vendor(d, c);
		break;
	case VLAN_ID:
		vlan = cur_be32(c);
		if (c->state == CUR_OK)
			add_bits_rows(d, &fields[RAD_VLAN_TAG],
				      &fields[RAD_VLAN_ID], vlan);
		break;
	case VLAN_NAME:
		take(d, c, &fields[RAD_VLAN_NAME_TAG]);
		take_bytes(d, c, &fields[RAD_VLAN_NAME], c->claim);
		break;
	case EAP:
		take_bytes(d, c, &fields[RAD_EAP_FRAGMENT], c->claim);
		break;
	default:
		decode_named(d, c, type);
	}
}

static void decode_attributes(struct dissect *d, struct cur *c)
{
	struct cur avp, whole;
	unsigned type, len;

	while (c->state == CUR_OK && c->claim > 0) {
		avp = *c;
		cur_skip(&avp, 1);
		len = cur_u8(&avp);
		if (avp.state != CUR_OK || len < 2) {
			cur_bad(c);
			return;
		}
		avp = whole = cur_part(c, len);
		take_bytes(d, &whole, &fields[RAD_AVP], len);
		type = (unsigned)take(d, &avp, &fields[RAD_AVP_TYPE]);
		take(d, &avp, &fields[RAD_AVP_LENGTH]);
		if (len > 2)
			decode_attribute(d, &avp, type);
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	struct cur body;
	unsigned len;

	take(d, c, &fields[RAD_CODE]);
	take(d, c, &fields[RAD_ID]);
	len = (unsigned)take(d, c, &fields[RAD_LENGTH]);
	take(d, c, &fields[RAD_AUTHENTICATOR]);
	if (c->state != CUR_OK)
		return;
	if (len < 20) {
		cur_bad(c);
		return;
	}
	body = cur_part(c, len - 20);
	decode_attributes(d, &body);
	if (body.state != CUR_OK)
		c->state = body.state;
}

static void summary(struct summary *l)
{
	const struct value *code = summary_value(l, RAD_CODE);
	const struct value *user = summary_value(l, RAD_USER_NAME);
	const struct value *reply = summary_value(l, RAD_REPLY_MESSAGE);

	summary_puts(l, "RADIUS");
	if (code)
		summary_printf(l, ", %s (%u), id: 0x%02x",
			       names_or(code_names, code->num, "unknown"),
			       (unsigned)code->num,
			       (unsigned)summary_num(l, RAD_ID));
	summary_printf(l, ", length: %u", l->layer->len);
	if (user) {
		summary_puts(l, ", user ");
		summary_text(l, user);
	}
	if (reply) {
		summary_puts(l, ", \"");
		summary_text(l, reply);
		summary_puts(l, "\"");
	}
	summary_mark(l);
}

static const struct key keys[] = {{KEY_UDP_PORT, 1645}, {KEY_UDP_PORT, 1646},
				  {KEY_UDP_PORT, 1700}, {KEY_UDP_PORT, 1812},
				  {KEY_UDP_PORT, 1813}, {KEY_UDP_PORT, 3799}};

const struct proto proto_radius = {
    "radius",	      "RADIUS Protocol",  PROTO_TABLES(fields, keys),
    .decode = decode, .summary = summary,
};
