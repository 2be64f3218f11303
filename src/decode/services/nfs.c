/*
 * NFS (RFC 1094, 1813, 7530): arguments and results after the RPC header,
 * which says version and procedure; a reply's is that of its call.
 *
 * A procedure's contents are written as letters, one an item.
 */
#include "base/array.h"
#include "base/num.h"
#include "decode/lib/rows.h"
#include "decode/proto_ids.h"
#include "decode/services/rpc.h"

enum {
	NFS_V2,
	NFS_V3,
	NFS_V4,
	NFS_STATUS2,
	NFS_STATUS3,
	NFS_STATUS4,
	NFS_STATUS,
	NFS_HANDLE_LENGTH,
	NFS_HANDLE,
	NFS_NAME,
	NFS_LINK_TO,
	NFS_LINK_DATA,
	NFS_DATA,
	NFS_HANDLE_FOLLOWS,
	NFS_ATTR_FOLLOWS,
	NFS_TYPE3,
	NFS_MODE3,
	NFS_MODE3_SUID,
	NFS_MODE3_LAST = NFS_MODE3_SUID + 11,
	NFS_NLINK3,
	NFS_ATTR_UID3,
	NFS_ATTR_GID3,
	NFS_SIZE3,
	NFS_USED3,
	NFS_SPEC1,
	NFS_SPEC2,
	NFS_FSID3,
	NFS_FILEID3,
	NFS_ATIME,
	NFS_ATIME_SEC,
	NFS_ATIME_NSEC,
	NFS_ATIME_USEC,
	NFS_MTIME,
	NFS_MTIME_SEC,
	NFS_MTIME_NSEC,
	NFS_MTIME_USEC,
	NFS_CTIME,
	NFS_CTIME_SEC,
	NFS_CTIME_NSEC,
	NFS_CTIME_USEC,
	NFS_WCC_SIZE,
	NFS_SET_IT,
	NFS_UID3,
	NFS_GID3,
	NFS_SET_SIZE,
	NFS_GUARD,
	NFS_CHECK,
	NFS_RIGHTS,
	NFS_ACCESS_READ,
	NFS_ACCESS_LAST = NFS_ACCESS_READ + 5,
	NFS_OFFSET3,
	NFS_COUNT3,
	NFS_DIRCOUNT,
	NFS_MAXCOUNT,
	NFS_COOKIE3,
	NFS_VERIFIER,
	NFS_EOF,
	NFS_STABLE,
	NFS_COMMITTED,
	NFS_CREATEMODE,
	NFS_ENTRY,
	NFS_ENTRY3_FILEID,
	NFS_ENTRY3_NAME,
	NFS_ENTRY3_COOKIE,
	NFS_PLUS_FILEID,
	NFS_PLUS_NAME,
	NFS_PLUS_COOKIE,
	NFS_DIR_EOF,
	NFS_TBYTES,
	NFS_AFILES = NFS_TBYTES + 5,
	NFS_INVARSEC,
	NFS_RTMAX,
	NFS_DTPREF = NFS_RTMAX + 6,
	NFS_MAXFILE,
	NFS_DTIME,
	NFS_DTIME_SEC,
	NFS_DTIME_NSEC,
	NFS_PROPERTIES,
	NFS_PROPERTY,
	NFS_PROPERTY_LAST = NFS_PROPERTY + 3,
	NFS_LINKMAX,
	NFS_NAMEMAX,
	NFS_NO_TRUNC,
	NFS_CHOWN,
	NFS_CASE_IN,
	NFS_CASE_KEPT,
	/* of version 2 */
	NFS_TYPE,
	NFS_MODE,
	NFS_MODE_NAME,
	NFS_MODE_BITS,
	NFS_MODE_LAST = NFS_MODE_BITS + 11,
	NFS_NLINK,
	NFS_UID,
	NFS_GID,
	NFS_SIZE,
	NFS_BLOCKSIZE,
	NFS_RDEV,
	NFS_BLOCKS,
	NFS_FSID,
	NFS_FILEID,
	NFS_READ_OFFSET,
	NFS_READ_TOTAL = NFS_READ_OFFSET + 2,
	NFS_WRITE_BEGIN,
	NFS_WRITE_TOTAL = NFS_WRITE_BEGIN + 2,
	NFS_DIR_COOKIE,
	NFS_DIR_COUNT,
	NFS_ENTRY_FILEID,
	NFS_ENTRY_NAME,
	NFS_ENTRY_COOKIE,
	NFS_TSIZE,
	NFS_BAVAIL = NFS_TSIZE + 4,
	/* of version 4 */
	NFS_TAG,
	NFS_MINOR,
	NFS_OPS,
	NFS_OPCODE,
};

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

static const struct names op_names[] = {
    {3, "ACCESS"},
    {4, "CLOSE"},
    {5, "COMMIT"},
    {6, "CREATE"},
    {9, "GETATTR"},
    {10, "GETFH"},
    {11, "LINK"},
    {12, "LOCK"},
    {13, "LOCKT"},
    {14, "LOCKU"},
    {15, "LOOKUP"},
    {16, "LOOKUPP"},
    {17, "NVERIFY"},
    {18, "OPEN"},
    {20, "OPEN_CONFIRM"},
    {22, "PUTFH"},
    {23, "PUTPUBFH"},
    {24, "PUTROOTFH"},
    {25, "READ"},
    {26, "READDIR"},
    {27, "READLINK"},
    {28, "REMOVE"},
    {29, "RENAME"},
    {30, "RENEW"},
    {31, "RESTOREFH"},
    {32, "SAVEFH"},
    {33, "SECINFO"},
    {34, "SETATTR"},
    {35, "SETCLIENTID"},
    {36, "SETCLIENTID_CONFIRM"},
    {38, "WRITE"},
    {42, "EXCHANGE_ID"},
    {43, "CREATE_SESSION"},
    {44, "DESTROY_SESSION"},
    {53, "SEQUENCE"},
    {58, "RECLAIM_COMPLETE"},
    {0, NULL},
};

#define TIMES(index, nm, tt)                                                   \
	[index] = {nm, tt, .type = FIELD_TIME},                                \
	[(index) + 1] = UINT(nm ".sec", "Seconds", 4, 0),                      \
	[(index) + 2] = UINT(nm ".nsec", "Nanoseconds", 4, 0),                 \
	[(index) + 3] = UINT(nm ".usec", "Microseconds", 4, 0)

static const struct field fields[] = {
    [NFS_V2] = NAMED("nfs.procedure_v2", "Procedure", 0, FIELD_LINE, v2_names),
    [NFS_V3] = NAMED("nfs.procedure_v3", "Procedure", 0, FIELD_LINE, v3_names),
    [NFS_V4] = NAMED("nfs.procedure_v4", "Procedure", 0, FIELD_LINE, v4_names),
    [NFS_STATUS2] = UINT("nfs.status2", "Status", 0, 0),
    [NFS_STATUS3] = UINT("nfs.status3", "Status", 0, 0),
    [NFS_STATUS4] = UINT("nfs.nfsstat4", "Status", 0, 0),
    [NFS_STATUS] = UINT("nfs.status", "Status", 4, FIELD_LINE),
    [NFS_HANDLE_LENGTH] = UINT("nfs.fh.length", "Handle length", 4, 0),
    [NFS_HANDLE] = BYTES("nfs.fhandle", "File handle", 0, 0),
    [NFS_NAME] = TEXT("nfs.name", "Name", FIELD_LINE),
    [NFS_LINK_TO] = TEXT("nfs.symlink.to", "To", 0),
    [NFS_LINK_DATA] = TEXT("nfs.readlink.data", "Data", 0),
    [NFS_DATA] = BYTES("nfs.data", "Data", 0, 0),
    [NFS_HANDLE_FOLLOWS] = FLAG("nfs.handle_follow", "Handle follows", 4, 0),
    [NFS_ATTR_FOLLOWS] =
	FLAG("nfs.attributes_follow", "Attributes follow", 4, 0),
    [NFS_TYPE3] = UINT("nfs.fattr3.type", "Type", 4, 0),
    [NFS_MODE3] = UINT("nfs.mode3", "Mode", 4, 0),
    [NFS_MODE3_SUID] = FLAG("nfs.mode3.suid", "Set user id", 4, 04000),
    [NFS_MODE3_SUID + 1] = FLAG("nfs.mode3.sgid", "Set group id", 4, 02000),
    [NFS_MODE3_SUID + 2] = FLAG("nfs.mode3.sticky", "Sticky", 4, 01000),
    [NFS_MODE3_SUID + 3] = FLAG("nfs.mode3.rusr", "Owner may read", 4, 0400),
    [NFS_MODE3_SUID + 4] = FLAG("nfs.mode3.wusr", "Owner may write", 4, 0200),
    [NFS_MODE3_SUID + 5] = FLAG("nfs.mode3.xusr", "Owner may execute", 4, 0100),
    [NFS_MODE3_SUID + 6] = FLAG("nfs.mode3.rgrp", "Group may read", 4, 040),
    [NFS_MODE3_SUID + 7] = FLAG("nfs.mode3.wgrp", "Group may write", 4, 020),
    [NFS_MODE3_SUID + 8] = FLAG("nfs.mode3.xgrp", "Group may execute", 4, 010),
    [NFS_MODE3_SUID + 9] = FLAG("nfs.mode3.roth", "Others may read", 4, 04),
    [NFS_MODE3_SUID + 10] = FLAG("nfs.mode3.woth", "Others may write", 4, 02),
    [NFS_MODE3_LAST] = FLAG("nfs.mode3.xoth", "Others may execute", 4, 01),
    [NFS_NLINK3] = UINT("nfs.fattr3.nlink", "Links", 4, 0),
    [NFS_ATTR_UID3] = UINT("nfs.fattr3.uid", "User", 4, 0),
    [NFS_ATTR_GID3] = UINT("nfs.fattr3.gid", "Group", 4, 0),
    [NFS_SIZE3] = UINT("nfs.fattr3.size", "Size", 8, 0),
    [NFS_USED3] = UINT("nfs.fattr3.used", "Used", 8, 0),
    [NFS_SPEC1] = UINT("nfs.specdata1", "Special data 1", 4, 0),
    [NFS_SPEC2] = UINT("nfs.specdata2", "Special data 2", 4, 0),
    [NFS_FSID3] = UINT("nfs.fattr3.fsid", "File system", 8, FIELD_HEX),
    [NFS_FILEID3] = UINT("nfs.fattr3.fileid", "File id", 8, 0),
    TIMES(NFS_ATIME, "nfs.atime", "Last access"),
    TIMES(NFS_MTIME, "nfs.mtime", "Last modification"),
    TIMES(NFS_CTIME, "nfs.ctime", "Last change"),
    [NFS_WCC_SIZE] = UINT("nfs.wcc_attr.size", "Size before", 8, 0),
    [NFS_SET_IT] = UINT("nfs.set_it", "Set it", 4, 0),
    [NFS_UID3] = UINT("nfs.uid3", "User", 4, 0),
    [NFS_GID3] = UINT("nfs.gid3", "Group", 4, 0),
    [NFS_SET_SIZE] = UINT("nfs.set_size", "Size", 8, 0),
    [NFS_GUARD] = UINT("nfs.sattrguard3", "Guard", 4, 0),
    [NFS_CHECK] = {"nfs.access_check", "Check access", .type = FIELD_UINT,
		   .width = 4, .flags = FIELD_HEX, .digits = 2},
    [NFS_RIGHTS] = {"nfs.access_rights", "Access rights", .type = FIELD_UINT,
		    .width = 4, .flags = FIELD_HEX, .digits = 2},
    [NFS_ACCESS_READ] = FLAG("nfs.access_read", "May read", 4, 1),
    [NFS_ACCESS_READ + 1] = FLAG("nfs.access_lookup", "May look up", 4, 2),
    [NFS_ACCESS_READ + 2] = FLAG("nfs.access_modify", "May modify", 4, 4),
    [NFS_ACCESS_READ + 3] = FLAG("nfs.access_extend", "May extend", 4, 8),
    [NFS_ACCESS_READ + 4] = FLAG("nfs.access_delete", "May delete", 4, 0x10),
    [NFS_ACCESS_LAST] = FLAG("nfs.access_execute", "May execute", 4, 0x20),
    [NFS_OFFSET3] = UINT("nfs.offset3", "Offset", 8, 0),
    [NFS_COUNT3] = UINT("nfs.count3", "Count", 4, 0),
    [NFS_DIRCOUNT] = UINT("nfs.count3_dircount", "Directory count", 4, 0),
    [NFS_MAXCOUNT] = UINT("nfs.count3_maxcount", "Largest count", 4, 0),
    [NFS_COOKIE3] = UINT("nfs.cookie3", "Cookie", 8, 0),
    [NFS_VERIFIER] = BYTES("nfs.verifier", "Verifier", 8, 0),
    [NFS_EOF] = FLAG("nfs.read.eof", "End of file", 4, 0),
    [NFS_STABLE] = UINT("nfs.write.stable", "Stable", 4, 0),
    [NFS_COMMITTED] = UINT("nfs.write.committed", "Committed", 4, 0),
    [NFS_CREATEMODE] = UINT("nfs.createmode", "Create mode", 4, 0),
    [NFS_ENTRY] = HEADING("nfs.readdir.entry", "Entry"),
    [NFS_ENTRY3_FILEID] = UINT("nfs.readdir.entry3.fileid", "File id", 8, 0),
    [NFS_ENTRY3_NAME] = TEXT("nfs.readdir.entry3.name", "Name", 0),
    [NFS_ENTRY3_COOKIE] = UINT("nfs.readdir.entry3.cookie", "Cookie", 8, 0),
    [NFS_PLUS_FILEID] = UINT("nfs.readdirplus.entry.fileid", "File id", 8, 0),
    [NFS_PLUS_NAME] = TEXT("nfs.readdirplus.entry.name", "Name", 0),
    [NFS_PLUS_COOKIE] = UINT("nfs.readdirplus.entry.cookie", "Cookie", 8, 0),
    [NFS_DIR_EOF] = UINT("nfs.readdir.eof", "End of directory", 4, 0),
    [NFS_TBYTES] = UINT("nfs.fsstat3_resok.tbytes", "Total bytes", 8, 0),
    [NFS_TBYTES + 1] = UINT("nfs.fsstat3_resok.fbytes", "Free bytes", 8, 0),
    [NFS_TBYTES + 2] =
	UINT("nfs.fsstat3_resok.abytes", "Available bytes", 8, 0),
    [NFS_TBYTES + 3] = UINT("nfs.fsstat3_resok.tfiles", "Total files", 8, 0),
    [NFS_TBYTES + 4] = UINT("nfs.fsstat3_resok.ffiles", "Free files", 8, 0),
    [NFS_AFILES] = UINT("nfs.fsstat3_resok.afiles", "Available files", 8, 0),
    [NFS_INVARSEC] = UINT("nfs.fsstat.invarsec", "Seconds unchanged", 4, 0),
    [NFS_RTMAX] = UINT("nfs.fsinfo.rtmax", "Largest read", 4, 0),
    [NFS_RTMAX + 1] = UINT("nfs.fsinfo.rtpref", "Preferred read", 4, 0),
    [NFS_RTMAX + 2] = UINT("nfs.fsinfo.rtmult", "Read multiple", 4, 0),
    [NFS_RTMAX + 3] = UINT("nfs.fsinfo.wtmax", "Largest write", 4, 0),
    [NFS_RTMAX + 4] = UINT("nfs.fsinfo.wtpref", "Preferred write", 4, 0),
    [NFS_RTMAX + 5] = UINT("nfs.fsinfo.wtmult", "Write multiple", 4, 0),
    [NFS_DTPREF] = UINT("nfs.fsinfo.dtpref", "Preferred directory read", 4, 0),
    [NFS_MAXFILE] = UINT("nfs.fsinfo.maxfilesize", "Largest file", 8, 0),
    [NFS_DTIME] = {"nfs.dtime", "Time resolution", .type = FIELD_SPAN},
    [NFS_DTIME_SEC] = UINT("nfs.dtime.sec", "Seconds", 4, 0),
    [NFS_DTIME_NSEC] = UINT("nfs.dtime.nsec", "Nanoseconds", 4, 0),
    [NFS_PROPERTIES] =
	UINT("nfs.fsinfo.properties", "Properties", 4, FIELD_HEX),
    [NFS_PROPERTY] =
	FLAG("nfs.fsinfo.properties.setattr", "Sets times", 4, 0x10),
    [NFS_PROPERTY + 1] =
	FLAG("nfs.fsinfo.properties.pathconf", "Same PATHCONF", 4, 8),
    [NFS_PROPERTY + 2] =
	FLAG("nfs.fsinfo.properties.symlinks", "Symbolic links", 4, 2),
    [NFS_PROPERTY_LAST] =
	FLAG("nfs.fsinfo.properties.hardlinks", "Hard links", 4, 1),
    [NFS_LINKMAX] = UINT("nfs.pathconf.linkmax", "Most links", 4, 0),
    [NFS_NAMEMAX] = UINT("nfs.pathconf.name_max", "Longest name", 4, 0),
    [NFS_NO_TRUNC] =
	FLAG("nfs.pathconf.no_trunc", "Long names are refused", 4, 0),
    [NFS_CHOWN] =
	FLAG("nfs.pathconf.chown_restricted", "Only root changes owners", 4, 0),
    [NFS_CASE_IN] =
	FLAG("nfs.pathconf.case_insensitive", "Case does not matter", 4, 0),
    [NFS_CASE_KEPT] =
	FLAG("nfs.pathconf.case_preserving", "Case is preserved", 4, 0),
    [NFS_TYPE] = UINT("nfs.ftype", "Type", 4, 0),
    [NFS_MODE] = UINT("nfs.mode", "Mode", 4, 0),
    [NFS_MODE_NAME] = BITS("nfs.mode.name", "Kind", 4, 0170000, 0),
    [NFS_MODE_BITS] = FLAG("nfs.mode.set_user_id", "Set user id", 4, 04000),
    [NFS_MODE_BITS + 1] =
	FLAG("nfs.mode.set_group_id", "Set group id", 4, 02000),
    [NFS_MODE_BITS + 2] =
	FLAG("nfs.mode.save_swap_text", "Save swapped text", 4, 01000),
    [NFS_MODE_BITS + 3] =
	FLAG("nfs.mode.read_owner", "Owner may read", 4, 0400),
    [NFS_MODE_BITS + 4] =
	FLAG("nfs.mode.write_owner", "Owner may write", 4, 0200),
    [NFS_MODE_BITS + 5] =
	FLAG("nfs.mode.exec_owner", "Owner may execute", 4, 0100),
    [NFS_MODE_BITS + 6] = FLAG("nfs.mode.read_group", "Group may read", 4, 040),
    [NFS_MODE_BITS + 7] =
	FLAG("nfs.mode.write_group", "Group may write", 4, 020),
    [NFS_MODE_BITS + 8] =
	FLAG("nfs.mode.exec_group", "Group may execute", 4, 010),
    [NFS_MODE_BITS + 9] = FLAG("nfs.mode.read_other", "Others may read", 4, 04),
    [NFS_MODE_BITS + 10] =
	FLAG("nfs.mode.write_other", "Others may write", 4, 02),
    [NFS_MODE_LAST] = FLAG("nfs.mode.exec_other", "Others may execute", 4, 01),
    [NFS_NLINK] = UINT("nfs.fattr.nlink", "Links", 4, 0),
    [NFS_UID] = UINT("nfs.fattr.uid", "User", 4, 0),
    [NFS_GID] = UINT("nfs.fattr.gid", "Group", 4, 0),
    [NFS_SIZE] = UINT("nfs.fattr.size", "Size", 4, 0),
    [NFS_BLOCKSIZE] = UINT("nfs.fattr.blocksize", "Block size", 4, 0),
    [NFS_RDEV] = UINT("nfs.fattr.rdev", "Device", 4, 0),
    [NFS_BLOCKS] = UINT("nfs.fattr.blocks", "Blocks", 4, 0),
    [NFS_FSID] = UINT("nfs.fattr.fsid", "File system", 4, FIELD_HEX),
    [NFS_FILEID] = UINT("nfs.fattr.fileid", "File id", 4, 0),
    [NFS_READ_OFFSET] = UINT("nfs.read.offset", "Offset", 4, 0),
    [NFS_READ_OFFSET + 1] = UINT("nfs.read.count", "Count", 4, 0),
    [NFS_READ_TOTAL] = UINT("nfs.read.totalcount", "Total count", 4, 0),
    [NFS_WRITE_BEGIN] = UINT("nfs.write.beginoffset", "First offset", 4, 0),
    [NFS_WRITE_BEGIN + 1] = UINT("nfs.write.offset", "Offset", 4, 0),
    [NFS_WRITE_TOTAL] = UINT("nfs.write.totalcount", "Total count", 4, 0),
    [NFS_DIR_COOKIE] = UINT("nfs.readdir.cookie", "Cookie", 4, 0),
    [NFS_DIR_COUNT] = UINT("nfs.readdir.count", "Count", 4, 0),
    [NFS_ENTRY_FILEID] = UINT("nfs.readdir.entry.fileid", "File id", 4, 0),
    [NFS_ENTRY_NAME] = TEXT("nfs.readdir.entry.name", "Name", 0),
    [NFS_ENTRY_COOKIE] = UINT("nfs.readdir.entry.cookie", "Cookie", 4, 0),
    [NFS_TSIZE] = UINT("nfs.statfs.tsize", "Transfer size", 4, 0),
    [NFS_TSIZE + 1] = UINT("nfs.statfs.bsize", "Block size", 4, 0),
    [NFS_TSIZE + 2] = UINT("nfs.statfs.blocks", "Blocks", 4, 0),
    [NFS_TSIZE + 3] = UINT("nfs.statfs.bfree", "Free blocks", 4, 0),
    [NFS_BAVAIL] = UINT("nfs.statfs.bavail", "Available blocks", 4, 0),
    [NFS_TAG] = TEXT("nfs.tag", "Tag", 0),
    [NFS_MINOR] = UINT("nfs.minorversion", "Minor version", 4, 0),
    [NFS_OPS] = UINT("nfs.ops.count", "Operations", 4, 0),
    [NFS_OPCODE] = NAMED("nfs.opcode", "Operation", 4, FIELD_LINE, op_names),
};

/* ---- items --------------------------------------------------------------- */

void nfs_take_handle(struct dissect *d, struct cur *c, bool old)
{
	enum { OLD_HANDLE = 32 };
	struct also_state state = also_start(d, PROTO_nfs);
	size_t n = OLD_HANDLE;

	if (!old)
		n = take(d, c, &fields[NFS_HANDLE_LENGTH]);
	take_bytes(d, c, &fields[NFS_HANDLE], n);
	cur_skip(c, -n & 3);
	also_end(d, &state);
}

/* What is not to be set, in version 2. */
enum { NONE = UINT32_MAX };

/* Seconds and a fraction: of a second / unit. */
static void take_time(struct dissect *d, struct cur *c, unsigned field,
		      bool old)
{
	struct cur look = *c;
	uint64_t sec = cur_be32(&look), frac = cur_be32(&look);
	bool unset = old && sec == NONE && frac == NONE;

	if (look.state == CUR_OK)
		add_uint(
		    d, &fields[field],
		    sec * NS_PER_S +
			(unset ? 0 : frac * (old ? NS_PER_S / 1000000 : 1)));
	if (unset) {
		cur_skip(c, 8);
		return;
	}
	take(d, c, &fields[field + 1]);
	take(d, c, &fields[field + (old ? 3 : 2)]);
}

static void take_mode3(struct dissect *d, struct cur *c)
{
	uint32_t mode = (uint32_t)take(d, c, &fields[NFS_MODE3]);

	if (c->state == CUR_OK)
		add_bits_rows(d, &fields[NFS_MODE3_SUID],
			      &fields[NFS_MODE3_LAST], mode);
}

static void take_attributes(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[NFS_TYPE3]);
	take_mode3(d, c);
	take_rows(d, c, &fields[NFS_NLINK3], &fields[NFS_FILEID3]);
	take_time(d, c, NFS_ATIME, false);
	take_time(d, c, NFS_MTIME, false);
	take_time(d, c, NFS_CTIME, false);
}

static void take_post(struct dissect *d, struct cur *c)
{
	if (take(d, c, &fields[NFS_ATTR_FOLLOWS]) && c->state == CUR_OK)
		take_attributes(d, c);
}

/* What was before, and what is now. */
static void take_wcc(struct dissect *d, struct cur *c)
{
	if (take(d, c, &fields[NFS_ATTR_FOLLOWS]) && c->state == CUR_OK) {
		take(d, c, &fields[NFS_WCC_SIZE]);
		take_time(d, c, NFS_MTIME, false);
		take_time(d, c, NFS_CTIME, false);
	}
	take_post(d, c);
}

/* Attributes to be set. */
static void take_settings(struct dissect *d, struct cur *c)
{
	enum { CLIENT_TIME = 2 };

	if (take(d, c, &fields[NFS_SET_IT]))
		take_mode3(d, c);
	if (take(d, c, &fields[NFS_SET_IT]))
		take(d, c, &fields[NFS_UID3]);
	if (take(d, c, &fields[NFS_SET_IT]))
		take(d, c, &fields[NFS_GID3]);
	if (take(d, c, &fields[NFS_SET_IT]))
		take(d, c, &fields[NFS_SET_SIZE]);
	if (take(d, c, &fields[NFS_SET_IT]) == CLIENT_TIME)
		take_time(d, c, NFS_ATIME, false);
	if (take(d, c, &fields[NFS_SET_IT]) == CLIENT_TIME)
		take_time(d, c, NFS_MTIME, false);
}

static void take_new_handle(struct dissect *d, struct cur *c)
{
	if (take(d, c, &fields[NFS_HANDLE_FOLLOWS]))
		nfs_take_handle(d, c, false);
}

static void take_how(struct dissect *d, struct cur *c)
{
	enum { EXCLUSIVE = 2 };

	if (take(d, c, &fields[NFS_CREATEMODE]) == EXCLUSIVE)
		take(d, c, &fields[NFS_VERIFIER]);
	else
		take_settings(d, c);
}

static void take_rights(struct dissect *d, struct cur *c, unsigned field)
{
	uint32_t rights = (uint32_t)take(d, c, &fields[field]);
	unsigned i;

	for (i = NFS_ACCESS_READ; i <= NFS_ACCESS_LAST; i++)
		if (rights & fields[i].mask)
			add_uint(d, &fields[i], 1);
}

static void take_entries(struct dissect *d, struct cur *c, bool plus)
{
	while (c->state == CUR_OK && xdr_follows(d, c)) {
		add_uint(d, &fields[NFS_ENTRY], 0);
		take(d, c, &fields[plus ? NFS_PLUS_FILEID : NFS_ENTRY3_FILEID]);
		xdr_take(d, c, &fields[plus ? NFS_PLUS_NAME : NFS_ENTRY3_NAME]);
		take(d, c, &fields[plus ? NFS_PLUS_COOKIE : NFS_ENTRY3_COOKIE]);
		if (plus) {
			take_post(d, c);
			take_new_handle(d, c);
		}
	}
	take(d, c, &fields[NFS_DIR_EOF]);
}

static void take_old_entries(struct dissect *d, struct cur *c)
{
	while (c->state == CUR_OK && xdr_follows(d, c)) {
		add_uint(d, &fields[NFS_ENTRY], 0);
		take(d, c, &fields[NFS_ENTRY_FILEID]);
		xdr_take(d, c, &fields[NFS_ENTRY_NAME]);
		take(d, c, &fields[NFS_ENTRY_COOKIE]);
	}
	take(d, c, &fields[NFS_DIR_EOF]);
}

static void take_info(struct dissect *d, struct cur *c)
{
	struct cur look;
	uint64_t sec;
	uint32_t properties;

	take_rows(d, c, &fields[NFS_RTMAX], &fields[NFS_MAXFILE]);
	look = *c;
	sec = cur_be32(&look);
	if (cur_has(c, 8))
		add_uint(d, &fields[NFS_DTIME],
			 sec * NS_PER_S + cur_be32(&look));
	take_rows(d, c, &fields[NFS_DTIME_SEC], &fields[NFS_DTIME_NSEC]);
	properties = (uint32_t)take(d, c, &fields[NFS_PROPERTIES]);
	add_bits_rows(d, &fields[NFS_PROPERTY], &fields[NFS_PROPERTY_LAST],
		      properties);
}

static void take_old_mode(struct dissect *d, struct cur *c)
{
	uint32_t mode = (uint32_t)take(d, c, &fields[NFS_MODE]);

	if (mode != NONE && c->state == CUR_OK)
		add_bits_rows(d, &fields[NFS_MODE_NAME], &fields[NFS_MODE_LAST],
			      mode);
}

static void take_old_attributes(struct dissect *d, struct cur *c)
{
	take(d, c, &fields[NFS_TYPE]);
	take_old_mode(d, c);
	take_rows(d, c, &fields[NFS_NLINK], &fields[NFS_FILEID]);
	take_time(d, c, NFS_ATIME, true);
	take_time(d, c, NFS_MTIME, true);
	take_time(d, c, NFS_CTIME, true);
}

static void take_old_settings(struct dissect *d, struct cur *c)
{
	take_old_mode(d, c);
	take_rows(d, c, &fields[NFS_UID], &fields[NFS_SIZE]);
	take_time(d, c, NFS_ATIME, true);
	take_time(d, c, NFS_MTIME, true);
}

/* ---- procedures ---------------------------------------------------------- */

/* Items that are neighbouring fields, from first to last. text: one field,
   after its length. */
static const struct {
	char letter;
	uint8_t first, last;
	bool text;
} plain_items[] = {
    {'n', NFS_NAME, NFS_NAME, true},
    {'l', NFS_LINK_TO, NFS_LINK_TO, true},
    {'L', NFS_LINK_DATA, NFS_LINK_DATA, true},
    {'d', NFS_DATA, NFS_DATA, true},
    {'o', NFS_OFFSET3, NFS_OFFSET3, false},
    {'c', NFS_COUNT3, NFS_COUNT3, false},
    {'C', NFS_COOKIE3, NFS_COOKIE3, false},
    {'v', NFS_VERIFIER, NFS_VERIFIER, false},
    {'e', NFS_EOF, NFS_EOF, false},
    {'t', NFS_STABLE, NFS_STABLE, false},
    {'T', NFS_COMMITTED, NFS_COMMITTED, false},
    {'k', NFS_DIRCOUNT, NFS_MAXCOUNT, false},
    {'b', NFS_TBYTES, NFS_INVARSEC, false},
    {'B', NFS_TSIZE, NFS_BAVAIL, false},
    {'P', NFS_LINKMAX, NFS_CASE_KEPT, false},
    {'O', NFS_READ_OFFSET, NFS_READ_TOTAL, false},
    {'W', NFS_WRITE_BEGIN, NFS_WRITE_TOTAL, false},
    {'K', NFS_DIR_COOKIE, NFS_DIR_COUNT, false},
};

static void take_plain_item(struct dissect *d, struct cur *c, char letter)
{
	size_t i;

	for (i = 0; i < ARRAY_LEN(plain_items); i++) {
		if (plain_items[i].letter != letter)
			continue;
		if (plain_items[i].text)
			xdr_take(d, c, &fields[plain_items[i].first]);
		else
			take_rows(d, c, &fields[plain_items[i].first],
				  &fields[plain_items[i].last]);
	}
}

/* The item that a letter stands for; of version 2 are capitals. */
static void take_item(struct dissect *d, struct cur *c, char letter)
{
	switch (letter) {
	case 'f':
	case 'F':
		nfs_take_handle(d, c, letter == 'F');
		break;
	case 'a':
		take_attributes(d, c);
		break;
	case 'A':
		take_old_attributes(d, c);
		break;
	case 'p':
		take_post(d, c);
		break;
	case 'w':
		take_wcc(d, c);
		break;
	case 's':
		take_settings(d, c);
		break;
	case 'S':
		take_old_settings(d, c);
		break;
	case 'g':
		if (take(d, c, &fields[NFS_GUARD]))
			take_time(d, c, NFS_CTIME, false);
		break;
	case 'h':
		take_new_handle(d, c);
		break;
	case 'm':
		take_how(d, c);
		break;
	case 'x':
		take_rights(d, c, NFS_CHECK);
		break;
	case 'X':
		take_rights(d, c, NFS_RIGHTS);
		break;
	case 'r':
	case 'R':
		take_entries(d, c, letter == 'R');
		break;
	case 'D':
		take_old_entries(d, c);
		break;
	case 'i':
		take_info(d, c);
		break;
	default:
		take_plain_item(d, c, letter);
	}
}

static void take_items(struct dissect *d, struct cur *c, const char *letters)
{
	for (; *letters && c->state == CUR_OK; letters++)
		take_item(d, c, *letters);
}

/* Arguments, results, and results of a failure. */
struct procedure {
	const char *call, *reply, *failure;
};

static const struct procedure v2[] = {
    {"", "", ""},     {"F", "A", ""},	 {"FS", "A", ""},   {"", "", ""},
    {"Fn", "FA", ""}, {"F", "L", ""},	 {"FO", "Ad", ""},  {"", "", ""},
    {"FWd", "A", ""}, {"FnS", "FA", ""}, {"Fn", "", ""},    {"FnFn", "", ""},
    {"FFn", "", ""},  {"FnlS", "", ""},	 {"FnS", "FA", ""}, {"Fn", "", ""},
    {"FK", "D", ""},  {"F", "B", ""},
};

static const struct procedure v3[] = {
    {"", "", ""},	  {"f", "a", ""},	  {"fsg", "w", "w"},
    {"fn", "fpp", "p"},	  {"fx", "pX", "p"},	  {"f", "pL", "p"},
    {"foc", "pced", "p"}, {"foctd", "wcTv", "w"}, {"fnm", "hpw", "w"},
    {"fns", "hpw", "w"},  {"fnsl", "hpw", "w"},	  {"fn", "hpw", "w"},
    {"fn", "w", "w"},	  {"fn", "w", "w"},	  {"fnfn", "ww", "ww"},
    {"ffn", "pw", "pw"},  {"fCvc", "pvr", "p"},	  {"fCvk", "pvR", "p"},
    {"f", "pb", "p"},	  {"f", "pi", "p"},	  {"f", "pP", "p"},
    {"foc", "wv", "w"},
};

/* The version's own field, and the one for all. */
static uint64_t take_status(struct dissect *d, struct cur *c, unsigned field)
{
	uint64_t status = cur_be32(c);

	if (c->state != CUR_OK)
		return 0;
	add_uint(d, &fields[field], status);
	add_uint(d, &fields[NFS_STATUS], status);
	return status;
}

static void decode_procedure(struct dissect *d, struct cur *c,
			     const struct procedure *p, bool reply,
			     unsigned status)
{
	if (!reply)
		take_items(d, c, p->call);
	else if (take_status(d, c, status))
		take_items(d, c, p->failure);
	else
		take_items(d, c, p->reply);
}

/* COMPOUND: as far as the first operation. */
static void decode_compound(struct dissect *d, struct cur *c, bool reply)
{
	if (reply)
		take_status(d, c, NFS_STATUS4);
	xdr_take(d, c, &fields[NFS_TAG]);
	if (!reply)
		take(d, c, &fields[NFS_MINOR]);
	if (!take(d, c, &fields[NFS_OPS]))
		return;
	take(d, c, &fields[NFS_OPCODE]);
	if (reply)
		take_status(d, c, NFS_STATUS4);
}

static void decode(struct dissect *d, struct cur *c)
{
	const struct layer *rpc = d->layer - 1;
	uint32_t version = rpc->fact[RPC_FACT_VERSION];
	uint32_t procedure = rpc->fact[RPC_FACT_PROCEDURE];
	bool reply = rpc->fact[RPC_FACT_REPLY];

	if (!c->claim)
		d->layer->name = "";
	if (version < 2 || version > 4)
		return;
	add_uint(d, &fields[version - 2], procedure);
	if (!c->claim)
		return;
	if (version == 2 && procedure < ARRAY_LEN(v2))
		decode_procedure(d, c, &v2[procedure], reply, NFS_STATUS2);
	else if (version == 3 && procedure < ARRAY_LEN(v3))
		decode_procedure(d, c, &v3[procedure], reply, NFS_STATUS3);
	else if (version == 4 && procedure == 1)
		decode_compound(d, c, reply);
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
    .also = PROTO_rpc,
    .decode = decode,
    .summary = summary,
};
