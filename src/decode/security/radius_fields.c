/* The table of the fields of RADIUS, and the names of their values. */
#include "decode/security/radius_fields.h"

#include "decode/lib/rows.h"

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

const struct field radius_fields[RAD_COUNT] = {
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
