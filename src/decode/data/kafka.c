/*
 * Apache Kafka: the headers of requests and responses.
 *
 *	length (4), then of a request: API (2), its version (2), correlation
 *	(4), client's name after its length (2; -1: none); of a response:
 *	correlation (4)
 *
 * A response does not say what it answers: requests are remembered.
 */
#include <stdlib.h>

#include "decode/lib/rows.h"
#include "decode/proto_ids.h"

enum {
	KAFKA_LENGTH,
	KAFKA_API,
	KAFKA_VERSION,
	KAFKA_REQUEST_KEY,
	KAFKA_REQUEST_VERSION,
	KAFKA_RESPONSE_KEY,
	KAFKA_RESPONSE_VERSION,
	KAFKA_CORRELATION,
	KAFKA_CLIENT,
};

enum { REMEMBERED = 32 }; /* requests of a conversation */

static const struct names api_names[] = {
    {0, "Produce"},
    {1, "Fetch"},
    {2, "Offsets"},
    {3, "Metadata"},
    {4, "LeaderAndISR"},
    {5, "StopReplica"},
    {6, "UpdateMetadata"},
    {7, "ControlledShutdown"},
    {8, "OffsetCommit"},
    {9, "OffsetFetch"},
    {10, "FindCoordinator"},
    {11, "JoinGroup"},
    {12, "Heartbeat"},
    {13, "LeaveGroup"},
    {14, "SyncGroup"},
    {15, "DescribeGroups"},
    {16, "ListGroups"},
    {17, "SaslHandshake"},
    {18, "ApiVersions"},
    {19, "CreateTopics"},
    {20, "DeleteTopics"},
    {21, "DeleteRecords"},
    {22, "InitProducerId"},
    {23, "OffsetForLeaderEpoch"},
    {24, "AddPartitionsToTxn"},
    {25, "AddOffsetsToTxn"},
    {26, "EndTxn"},
    {27, "WriteTxnMarkers"},
    {28, "TxnOffsetCommit"},
    {29, "DescribeAcls"},
    {30, "CreateAcls"},
    {31, "DeleteAcls"},
    {32, "DescribeConfigs"},
    {33, "AlterConfigs"},
    {34, "AlterReplicaLogDirs"},
    {35, "DescribeLogDirs"},
    {36, "SaslAuthenticate"},
    {37, "CreatePartitions"},
    {38, "CreateDelegationToken"},
    {39, "RenewDelegationToken"},
    {40, "ExpireDelegationToken"},
    {41, "DescribeDelegationToken"},
    {42, "DeleteGroups"},
    {43, "ElectLeaders"},
    {44, "IncrementalAlterConfigs"},
    {45, "AlterPartitionReassignments"},
    {46, "ListPartitionReassignments"},
    {47, "OffsetDelete"},
    {0, NULL},
};

static const struct field fields[] = {
    [KAFKA_LENGTH] = {"kafka.len", "Length", .type = FIELD_INT, .width = 4},
    [KAFKA_API] = {"kafka.api_key", "API", api_names, .type = FIELD_INT,
		   .width = 2},
    [KAFKA_VERSION] = {"kafka.api_version", "Version", .type = FIELD_INT,
		       .width = 2},
    [KAFKA_REQUEST_KEY] = {"kafka.request_key", "Request", api_names,
			   .type = FIELD_INT, .width = 2, .flags = FIELD_LINE},
    [KAFKA_REQUEST_VERSION] = {"kafka.request.version", "Version",
			       .type = FIELD_INT, .width = 2,
			       .flags = FIELD_LINE},
    [KAFKA_RESPONSE_KEY] = {"kafka.response_key", "Response", api_names,
			    .type = FIELD_INT, .width = 2, .flags = FIELD_LINE},
    [KAFKA_RESPONSE_VERSION] = {"kafka.response.version", "Version",
				.type = FIELD_INT, .width = 2,
				.flags = FIELD_LINE},
    [KAFKA_CORRELATION] = {"kafka.correlation_id", "Correlation",
			   .type = FIELD_INT, .width = 4},
    [KAFKA_CLIENT] = TEXT("kafka.client_id", "Client", FIELD_LINE),
};

/* A request, as it is remembered, and noted for its response. */
struct request {
	uint32_t id;
	int16_t api, version;
};

struct requests {
	struct request last[REMEMBERED];
	unsigned n, next;
};

static void add_int(struct dissect *d, unsigned field, int64_t number)
{
	add_uint(d, &fields[field], (uint64_t)number);
}

static void decode_request(struct dissect *d, struct cur *c)
{
	int16_t api = (int16_t)cur_be16(c), version = (int16_t)cur_be16(c), n;

	if (!cur_has(c, 4))
		return;
	add_int(d, KAFKA_REQUEST_KEY, api);
	add_int(d, KAFKA_API, api);
	add_int(d, KAFKA_REQUEST_VERSION, version);
	add_int(d, KAFKA_VERSION, version);
	add_int(d, KAFKA_CORRELATION, (int32_t)cur_be32(c));
	n = (int16_t)cur_be16(c);
	if (n > 0)
		take_bytes(d, c, &fields[KAFKA_CLIENT], (size_t)n);
}

static void decode_response(struct dissect *d, struct cur *c)
{
	const struct stream_note *note =
	    note_next(d, PROTO_kafka, 0, sizeof(struct request));
	struct request request;
	uint32_t id;

	if (!cur_has(c, 4))
		return;
	id = cur_be32(c);
	add_int(d, KAFKA_CORRELATION, (int32_t)id);
	if (!note)
		return;
	memcpy(&request, note->bytes, sizeof(request));
	if (request.id != id)
		return;
	note_taken(d);
	add_int(d, KAFKA_RESPONSE_KEY, request.api);
	add_int(d, KAFKA_API, request.api);
	add_int(d, KAFKA_RESPONSE_VERSION, request.version);
}

static void decode(struct dissect *d, struct cur *c)
{
	/* what a message promises may be in segments to come */
	struct cur all = cur_unit(c, SIZE_MAX / 2), body;
	bool request = to_server(d);
	uint32_t length;

	while (all.state == CUR_OK && cur_has(&all, 4)) {
		length = cur_be32(&all);
		add_int(d, KAFKA_LENGTH, (int32_t)length);
		body = cur_part(&all, length);
		if (request)
			decode_request(d, &body);
		else
			decode_response(d, &body);
		if (!cur_left(&all))
			break;
	}
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;
	const struct value *end = l->d->values + l->layer->end;
	const char *sep = " ";

	summary_puts(l, "Kafka");
	for (; v < end; v++) {
		unsigned field = summary_index(l, v);

		switch (field) {
		case KAFKA_REQUEST_KEY:
		case KAFKA_RESPONSE_KEY:
			summary_puts(l, sep);
			summary_puts(l, names_or(api_names, v->num, "Unknown"));
			summary_puts(l, field == KAFKA_REQUEST_KEY
					    ? " Request"
					    : " Response");
			sep = ", ";
			break;
		case KAFKA_REQUEST_VERSION:
		case KAFKA_RESPONSE_VERSION:
			summary_printf(l, " v%d", (int)v->num);
			break;
		case KAFKA_CLIENT:
			summary_puts(l, " \"");
			summary_text(l, v);
			summary_puts(l, "\"");
			break;
		}
	}
	summary_mark(l);
}

/* ---- in streams --------------------------------------------------------- */

static bool message(struct cur c, struct framing *f)
{
	uint32_t length = cur_be32(&c);

	f->size = 4 + (size_t)length;
	return c.state == CUR_OK;
}

static void remember(struct app_message *f, const struct request *request)
{
	struct requests *r = f->app->data;

	if (!r) {
		f->app->data = r = calloc(1, sizeof(*r));
		if (!r)
			return;
		*f->bytes += sizeof(*r);
	}
	if (r->n < REMEMBERED)
		r->last[r->n++] = *request;
	else
		r->last[r->next++ % REMEMBERED] = *request;
}

static void follow(struct app_message *f)
{
	struct requests *r = f->app->data;
	struct cur c = f->message;
	struct request request;
	uint8_t *room;
	unsigned i;

	cur_skip(&c, 4);
	if (f->to_server) {
		request.api = (int16_t)cur_be16(&c);
		request.version = (int16_t)cur_be16(&c);
		request.id = cur_be32(&c);
		if (c.state == CUR_OK)
			remember(f, &request);
		return;
	}
	request.id = cur_be32(&c);
	for (i = 0; r && i < r->n; i++) {
		if (r->last[i].id != request.id)
			continue;
		room = message_note(f, 0, sizeof(r->last[i]));
		if (room)
			memcpy(room, &r->last[i], sizeof(r->last[i]));
		/* it is answered once */
		r->last[i] = r->last[--r->n];
		break;
	}
}

static void forget(struct app_state *app, size_t *bytes)
{
	*bytes -= sizeof(struct requests);
	free(app->data);
}

static const struct key keys[] = {{KEY_TCP_PORT, 9092}};

const struct proto proto_kafka = {
    "kafka",
    "Kafka",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
    .pdu_length = message,
    .on_message = follow,
    .free_state = forget,
};
