/* NFS (RFC 1094, 1813, 7530): calls behind the RPC header, which says version
   and procedure. */
#include "decode/lib/rows.h"

enum { NFS_V2, NFS_V3, NFS_V4 };

static const struct names v2_names[] = {
    {0, "NULL"},     {1, "GETATTR"},  {2, "SETATTR"}, {3, "ROOT"},
    {4, "LOOKUP"},   {5, "READLINK"}, {6, "READ"},    {7, "WRITECACHE"},
    {8, "WRITE"},    {9, "CREATE"},   {10, "REMOVE"}, {11, "RENAME"},
    {12, "LINK"},    {13, "SYMLINK"}, {14, "MKDIR"},  {15, "RMDIR"},
    {16, "READDIR"}, {17, "STATFS"},  {0, NULL},
};

static const struct names v3_names[] = {
    {0, "NULL"},      {1, "GETATTR"},	   {2, "SETATTR"},  {3, "LOOKUP"},
    {4, "ACCESS"},    {5, "READLINK"},	   {6, "READ"},	    {7, "WRITE"},
    {8, "CREATE"},    {9, "MKDIR"},	   {10, "SYMLINK"}, {11, "MKNOD"},
    {12, "REMOVE"},   {13, "RMDIR"},	   {14, "RENAME"},  {15, "LINK"},
    {16, "READDIR"},  {17, "READDIRPLUS"}, {18, "FSSTAT"},  {19, "FSINFO"},
    {20, "PATHCONF"}, {21, "COMMIT"},	   {0, NULL},
};

static const struct names v4_names[] = {
    {0, "NULL"}, {1, "COMPOUND"}, {0, NULL}};

static const struct field fields[] = {
    [NFS_V2] = NAMED("nfs.procedure_v2", "Procedure", 0, FIELD_LINE, v2_names),
    [NFS_V3] = NAMED("nfs.procedure_v3", "Procedure", 0, FIELD_LINE, v3_names),
    [NFS_V4] = NAMED("nfs.procedure_v4", "Procedure", 0, FIELD_LINE, v4_names),
};

static void decode(struct dissect *d, struct cur *c)
{
	const struct layer *rpc = d->layer - 1;
	uint32_t version = rpc->fact[0], procedure = rpc->fact[1];

	(void)c;
	if (version >= 2 && version <= 4)
		add_uint(d, &fields[version - 2], procedure);
}

static void summary(struct summary *l)
{
	const struct value *v = l->d->values + l->layer->first;

	summary_puts(l, ": NFS");
	if (l->layer->first == l->layer->end)
		return;
	summary_puts(l, " ");
	summary_puts(l, names_or(l->d->rows[v->field]->names, v->num,
				 "unknown procedure"));
}

static const struct key keys[] = {{KEY_DIRECT, 0}};

const struct proto proto_nfs = {
    "nfs",
    "Network File System",
    PROTO_TABLES(fields, keys),
    .decode = decode,
    .summary = summary,
};
