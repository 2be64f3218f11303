/*
 * USB as Linux delivers it (LINKTYPE_USB_LINUX, _MMAPPED): the header before
 * what was transferred, in the byte order of the machine, which is taken for
 * little-endian.
 *
 *	id (8), type (1), transfer (1), endpoint (1), device (1), bus (2),
 *	setup flag (1), data flag (1), seconds (8), microseconds (4), status
 *	(4), length asked for (4), length captured (4), setup or status (8);
 *	the longer header goes on with interval, start frame, transfer flags
 *	and number of descriptors (4 each)
 */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	USB_URB_ID,
	USB_URB_TYPE,
	USB_TRANSFER_TYPE,
	USB_ENDPOINT_ADDRESS,
	USB_ENDPOINT_ADDRESS_DIRECTION,
	USB_ENDPOINT_ADDRESS_NUMBER,
	USB_DEVICE_ADDRESS,
	USB_BUS_ID,
	USB_SETUP_FLAG,
	USB_DATA_FLAG,
	USB_URB_TS_SEC,
	USB_URB_TS_USEC,
	USB_URB_STATUS,
	USB_URB_LEN,
	USB_DATA_LEN,
	USB_BMREQUESTTYPE,
	USB_BMREQUESTTYPE_DIRECTION,
	USB_BMREQUESTTYPE_TYPE,
	USB_BMREQUESTTYPE_RECIPIENT,
	USB_SETUP_BREQUEST,
	USB_SETUP_WVALUE,
	USB_SETUP_WINDEX,
	USB_SETUP_WLENGTH,
	USB_INTERVAL,
	USB_START_FRAME,
	USB_COPY_OF_TRANSFER_FLAGS,
	USB_ISO_NUMDESC,
};

enum { LINKTYPE_MMAPPED = 220, SUBMIT = 'S', CONTROL = 2, GET_DESCRIPTOR = 6 };

static const struct names urb_names[] = {
    {SUBMIT, "SUBMIT"}, {'C', "COMPLETE"}, {'E', "ERROR"}, {0, NULL}};

static const struct names transfer_names[] = {
    {0, "ISOCHRONOUS"}, {1, "INTERRUPT"}, {2, "CONTROL"},
    {3, "BULK"},	{0, NULL},
};

static const struct field fields[] = {
    [USB_URB_ID] = UINT("usb.urb_id", "URB id", 8, FIELD_HEX | FIELD_LITTLE),
    [USB_URB_TYPE] = TEXT("usb.urb_type", "URB type", FIELD_HEX | FIELD_LINE),
    [USB_TRANSFER_TYPE] = NAMED("usb.transfer_type", "URB transfer type", 1,
				FIELD_HEX | FIELD_LINE, transfer_names),
    [USB_ENDPOINT_ADDRESS] =
	UINT("usb.endpoint_address", "Endpoint", 1, FIELD_HEX | FIELD_LINE),
    [USB_ENDPOINT_ADDRESS_DIRECTION] =
	BITS("usb.endpoint_address.direction", "Direction", 1, 0x80, 0),
    [USB_ENDPOINT_ADDRESS_NUMBER] =
	BITS("usb.endpoint_address.number", "Endpoint number", 1, 0xf, 0),
    [USB_DEVICE_ADDRESS] = UINT("usb.device_address", "Device", 1, FIELD_LINE),
    [USB_BUS_ID] =
	UINT("usb.bus_id", "URB bus id", 2, FIELD_LITTLE | FIELD_LINE),
    [USB_SETUP_FLAG] =
	TEXT("usb.setup_flag", "Device setup request", FIELD_HEX),
    [USB_DATA_FLAG] = TEXT("usb.data_flag", "Data", FIELD_HEX),
    [USB_URB_TS_SEC] = UINT("usb.urb_ts_sec", "URB sec", 8, FIELD_LITTLE),
    [USB_URB_TS_USEC] = UINT("usb.urb_ts_usec", "URB usec", 4, FIELD_LITTLE),
    [USB_URB_STATUS] = {"usb.urb_status", "URB status", .type = FIELD_INT,
			.width = 4, .flags = FIELD_LITTLE},
    [USB_URB_LEN] =
	UINT("usb.urb_len", "URB length [bytes]", 4, FIELD_LITTLE | FIELD_LINE),
    [USB_DATA_LEN] =
	UINT("usb.data_len", "Data length [bytes]", 4, FIELD_LITTLE),
    [USB_BMREQUESTTYPE] =
	UINT("usb.bmRequestType", "bmRequestType", 1, FIELD_HEX),
    [USB_BMREQUESTTYPE_DIRECTION] =
	FLAG("usb.bmRequestType.direction", "Direction", 1, 0x80),
    [USB_BMREQUESTTYPE_TYPE] = {"usb.bmRequestType.type", "Type", .mask = 0x60,
				.type = FIELD_UINT, .width = 1,
				.flags = FIELD_HEX, .digits = 2},
    [USB_BMREQUESTTYPE_RECIPIENT] = {"usb.bmRequestType.recipient", "Recipient",
				     .mask = 0x1f, .type = FIELD_UINT,
				     .width = 1, .flags = FIELD_HEX,
				     .digits = 2},
    [USB_SETUP_BREQUEST] = UINT("usb.setup.bRequest", "bRequest", 1, 0),
    [USB_SETUP_WVALUE] =
	UINT("usb.setup.wValue", "wValue", 2, FIELD_HEX | FIELD_LITTLE),
    [USB_SETUP_WINDEX] = UINT("usb.setup.wIndex", "wIndex", 2, FIELD_LITTLE),
    [USB_SETUP_WLENGTH] = UINT("usb.setup.wLength", "wLength", 2, FIELD_LITTLE),
    [USB_INTERVAL] = UINT("usb.interval", "Interval", 4, FIELD_LITTLE),
    [USB_START_FRAME] = UINT("usb.start_frame", "Start frame", 4, FIELD_LITTLE),
    [USB_COPY_OF_TRANSFER_FLAGS] =
	UINT("usb.copy_of_transfer_flags", "Copy of transfer flags", 4,
	     FIELD_HEX | FIELD_LITTLE),
    [USB_ISO_NUMDESC] =
	UINT("usb.iso.numdesc", "Number of ISO descriptors", 4, FIELD_LITTLE),
};

/* A byte that is a character, shown as in C. */
static unsigned take_char(struct dissect *d, struct cur *c, unsigned field)
{
	unsigned byte = cur_u8(c);
	char text[8] = "'", *at = text + 1;

	if (byte >= ' ' && byte < 0x7f)
		*at++ = (char)byte;
	else if (byte == 0)
		at = fmt_text(at, "\\0");
	else
		at = fmt_hex(fmt_text(at, "\\x"), byte, 2);
	*at++ = '\'';
	*at = '\0';
	if (c->state == CUR_OK)
		add_text(d, &fields[field], text);
	return byte;
}

static void decode_setup(struct dissect *d, struct cur *c)
{
	take_bits(d, c, &fields[USB_BMREQUESTTYPE],
		  &fields[USB_BMREQUESTTYPE_RECIPIENT]);
	if (take(d, c, &fields[USB_SETUP_BREQUEST]) == GET_DESCRIPTOR)
		cur_skip(c, 4);
	else
		take_rows(d, c, &fields[USB_SETUP_WVALUE],
			  &fields[USB_SETUP_WINDEX]);
	take(d, c, &fields[USB_SETUP_WLENGTH]);
}

static void decode(struct dissect *d, struct cur *c)
{
	unsigned type, transfer, no_setup;
	uint64_t status;
	struct cur setup;

	take(d, c, &fields[USB_URB_ID]);
	type = take_char(d, c, USB_URB_TYPE);
	d->layer->fact[0] = type;
	transfer = (unsigned)take(d, c, &fields[USB_TRANSFER_TYPE]);
	take_bits(d, c, &fields[USB_ENDPOINT_ADDRESS],
		  &fields[USB_ENDPOINT_ADDRESS_NUMBER]);
	take_rows(d, c, &fields[USB_DEVICE_ADDRESS], &fields[USB_BUS_ID]);
	no_setup = take_char(d, c, USB_SETUP_FLAG);
	take_char(d, c, USB_DATA_FLAG);
	take_rows(d, c, &fields[USB_URB_TS_SEC], &fields[USB_URB_TS_USEC]);
	if (!cur_has(c, 4))
		return;
	status = get_uint(c, &fields[USB_URB_STATUS]);
	add_uint(d, &fields[USB_URB_STATUS],
		 (uint64_t)(int32_t)(uint32_t)status);
	take_rows(d, c, &fields[USB_URB_LEN], &fields[USB_DATA_LEN]);
	setup = cur_part(c, 8);
	if (d->iface && d->iface->linktype == LINKTYPE_MMAPPED)
		take_rows(d, c, &fields[USB_INTERVAL],
			  &fields[USB_ISO_NUMDESC]);
	if (type == SUBMIT && transfer == CONTROL && no_setup == 0)
		decode_setup(d, &setup);
	next_proto(d, c, PROTO_data);
}

static void summary(struct summary *l)
{
	struct summary_got got;

	summary_get(l, &got);
	if (!summary_has(&got, USB_URB_LEN)) {
		summary_mark(l);
		return;
	}
	summary_printf(l, "%s to %u:%u:%u",
		       names_or(transfer_names, got.v[USB_TRANSFER_TYPE].num,
				"Unknown transfer type"),
		       (unsigned)got.v[USB_BUS_ID].num,
		       (unsigned)got.v[USB_DEVICE_ADDRESS].num,
		       (unsigned)got.v[USB_ENDPOINT_ADDRESS].num & 15);
	summary_printf(l, ", %s %s, length %u",
		       names_or(urb_names, l->layer->fact[0], "UNKNOWN"),
		       got.v[USB_ENDPOINT_ADDRESS].num & 0x80 ? "in" : "out",
		       (unsigned)got.v[USB_URB_LEN].num);
	summary_mark(l);
}

static const uint8_t leads[] = {PROTO_data, PROTO_NONE};
static const struct key keys[] = {{KEY_LINKTYPE, 189},
				  {KEY_LINKTYPE, LINKTYPE_MMAPPED}};

const struct proto proto_usb = {
    "usb",
    "USB",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .decode = decode,
    .summary = summary,
};
