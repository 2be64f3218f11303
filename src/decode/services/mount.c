/* The mount protocol of NFS (RFC 1094, appendix A; RFC 1813, appendix I). */
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"
#include "decode/services/rpc.h"

enum {
	MOUNT_V1,
	MOUNT_V2,
	MOUNT_V3,
	MOUNT_PATH,
	MOUNT_STATUS,
	MOUNT_DUMP_ENTRY,
	MOUNT_DUMP_HOST,
	MOUNT_DUMP_DIRECTORY,
	MOUNT_EXPORT_ENTRY,
	MOUNT_EXPORT_DIRECTORY,
	MOUNT_EXPORT_GROUP,
	MOUNT_FLAVORS,
	MOUNT_FLAVOR,
};

enum { MNT = 1, DUMP, UMNT, UMNTALL, EXPORT };

static const struct names procedure_names[] = {
    {0, "NULL"},    {1, "MNT"},	   {2, "DUMP"},	     {3, "UMNT"},
    {4, "UMNTALL"}, {5, "EXPORT"}, {6, "EXPORTALL"}, {0, NULL},
};

static const struct field fields[] = {
    [MOUNT_V1] = NAMED("mount.procedure_v1", "Procedure", 0, FIELD_LINE,
		       procedure_names),
    [MOUNT_V2] = NAMED("mount.procedure_v2", "Procedure", 0, FIELD_LINE,
		       procedure_names),
    [MOUNT_V3] = NAMED("mount.procedure_v3", "Procedure", 0, FIELD_LINE,
		       procedure_names),
    [MOUNT_PATH] = TEXT("mount.path", "Path", FIELD_LINE),
    [MOUNT_STATUS] = UINT("mount.status", "Status", 4, FIELD_LINE),
    [MOUNT_DUMP_ENTRY] = HEADING("mount.dump.entry", "Mount list entry"),
    [MOUNT_DUMP_HOST] = TEXT("mount.dump.hostname", "Host", 0),
    [MOUNT_DUMP_DIRECTORY] = TEXT("mount.dump.directory", "Directory", 0),
    [MOUNT_EXPORT_ENTRY] = HEADING("mount.export.entry", "Export list entry"),
    [MOUNT_EXPORT_DIRECTORY] = TEXT("mount.export.directory", "Directory", 0),
    [MOUNT_EXPORT_GROUP] = TEXT("mount.export.group", "Group", 0),
    [MOUNT_FLAVORS] = UINT("mount.flavors", "Flavors", 4, 0),
    [MOUNT_FLAVOR] = UINT("mount.flavor", "Flavor", 4, 0),
};

static void decode_exports(struct dissect *d, struct cur *c)
{
	while (c->state == CUR_OK && xdr_follows(d, c)) {
		add_uint(d, &fields[MOUNT_EXPORT_ENTRY], 0);
		xdr_take(d, c, &fields[MOUNT_EXPORT_DIRECTORY]);
		while (c->state == CUR_OK && xdr_follows(d, c))
			xdr_take(d, c, &fields[MOUNT_EXPORT_GROUP]);
	}
}

static void decode_mounted(struct dissect *d, struct cur *c, uint32_t version)
{
	uint32_t n;

	if (take(d, c, &fields[MOUNT_STATUS]) != 0 || c->state != CUR_OK)
		return;
	nfs_take_handle(d, c, version < 3);
	if (version < 3)
		return;
	n = (uint32_t)take(d, c, &fields[MOUNT_FLAVORS]);
	while (n-- > 0 && c->state == CUR_OK)
		take(d, c, &fields[MOUNT_FLAVOR]);
}

static void decode_reply(struct dissect *d, struct cur *c, uint32_t version,
			 uint32_t procedure)
{
	switch (procedure) {
	case MNT:
		decode_mounted(d, c, version);
		break;
	case DUMP:
		while (c->state == CUR_OK && xdr_follows(d, c)) {
			add_uint(d, &fields[MOUNT_DUMP_ENTRY], 0);
			xdr_take(d, c, &fields[MOUNT_DUMP_HOST]);
			xdr_take(d, c, &fields[MOUNT_DUMP_DIRECTORY]);
		}
		break;
	case EXPORT:
	case EXPORT + 1:
		decode_exports(d, c);
		break;
	}
}

static void decode(struct dissect *d, struct cur *c)
{
	const struct layer *rpc = d->layer - 1;
	uint32_t version = rpc->fact[RPC_FACT_VERSION];
	uint32_t procedure = rpc->fact[RPC_FACT_PROCEDURE];

	if (!c->claim)
		d->layer->name = "";
	if (version < 1 || version > 3)
		return;
	add_uint(d, &fields[version - 1], procedure);
	if (rpc->fact[RPC_FACT_REPLY])
		decode_reply(d, c, version, procedure);
	else if (procedure == MNT || procedure == UMNT)
		xdr_take(d, c, &fields[MOUNT_PATH]);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;

	summary_puts(l, ": MOUNT");
	if (l->layer->first == l->layer->end)
		return;
	summary_puts(l, " ");
	summary_puts(l, names_or(l->d->rows[v->field]->names, v->num,
				 "unknown procedure"));
	if (summary_value(l, MOUNT_PATH)) {
		summary_puts(l, " ");
		summary_text(l, summary_value(l, MOUNT_PATH));
	} else if (summary_value(l, MOUNT_STATUS)) {
		summary_printf(l, " status %u",
			       (unsigned)summary_num(l, MOUNT_STATUS));
	}
}

static const uint8_t leads[] = {PROTO_nfs, PROTO_NONE};
static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_mount = {
    "mount",
    "Mount Service",
    PROTO_TABLES(fields, keys),
    .leads_proto = leads,
    .also = PROTO_rpc,
    .decode = decode,
    .summary = summary,
};
