/* The options that edit packets, and the stages made of them. */
#include "cmd/edit_opts.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/num.h"
#include "capture/linktype.h"
#include "capture/pcaplib.h"
#include "cmd/interfaces.h"
#include "os/sandbox.h"
#include "pkt/chop.h"
#include "pkt/comments.h"
#include "pkt/prepend_block.h"
#include "pkt/retype.h"
#include "pkt/shift.h"
#include "pkt/snap.h"

#define MEMBER(name) .member = offsetof(struct edit_conf, name)

static void snaplen_values(struct str *out)
{
	str_puts(out, "headers\n96\n");
}

const struct opt edit_opts[] = {
    {
	.name = "shift",
	.type = OPT_DURATION,
	MEMBER(shift),
	.arg = "DURATION",
	.min = INT64_MIN,
	.max = INT64_MAX,
	.help = "Add DURATION, which may be negative, to all timestamps.",
    },
    {
	.name = "chop",
	.type = OPT_TEXTS,
	MEMBER(chop),
	.arg = "[OFFSET:]N",
	.help = "Remove N bytes from the start of each packet or, if N is "
		"negative, from its end. With OFFSET: after (or before) "
		"that byte, counted from the start or, if negative, from "
		"the end. The original length is reduced too. May be "
		"repeated.",
    },
    {
	.letter = 's',
	.name = "snapshot-length",
	.type = OPT_TEXT,
	MEMBER(snaplen),
	.arg = "N",
	.help = "Truncate packets to N bytes, or with 'headers' to the "
		"link, network and transport headers. The original length "
		"is kept.",
	.values = snaplen_values,
    },
    {
	.name = "sort",
	.type = OPT_FLAG,
	MEMBER(sort),
	.help = "Sort packets by time. Large inputs are sorted in "
		"temporary files in $TMPDIR or /tmp.",
    },
    {
	.name = "linktype",
	.type = OPT_TEXT,
	MEMBER(linktype),
	.arg = "TYPE",
	.help = "Set the link type of all packets: a name or a LINKTYPE_ "
		"number. Packet data is unchanged.",
	.values = linktype_values,
    },
    {
	.name = "packet-comment",
	.type = OPT_TEXTS,
	MEMBER(comments),
	.arg = "N:TEXT",
	.help = "Add a comment to packet N, counted from 1 in the input "
		"(pcapng). May be repeated.",
    },
    {
	.name = "drop-comments",
	.type = OPT_FLAG,
	MEMBER(drop_comments),
	.help = "Drop all comments on packets, interfaces and sections in "
		"the input.",
    },
    {
	.name = "secrets",
	.type = OPT_TEXTS,
	MEMBER(secrets),
	.arg = "TYPE:FILE",
	.help = "Add the decryption secrets in FILE to the savefile "
		"(pcapng). TYPE is tls, ssh, wireguard, zigbee-nwk, "
		"zigbee-aps or opcua. May be repeated.",
    },
    {0},
};

/* ---- single edits, each put in front of next ---- */

static struct sink *bad_option(struct sink *next, struct err *err,
			       const char *option, const char *value,
			       const char *what)
{
	err_set(err, ERR_USAGE, "option %s: '%s' is %s", option, value, what);
	sink_abandon(next);
	return NULL;
}

static struct sink *add_chop(const char *text, struct sink *next,
			     struct err *err)
{
	struct chop chop;

	if (!chop_parse(text, &chop))
		return bad_option(next, err, "--chop", text, "not [OFFSET:]N");
	return chop_open(&chop, next, err);
}

static struct sink *add_snaplen(const char *text, struct sink *next,
				struct err *err)
{
	uint64_t n;

	if (!strcmp(text, "headers"))
		return snap_headers_open(next, err);
	if (!num_u64(text, &n) || n == 0 || n > INT32_MAX)
		return bad_option(next, err, "--snapshot-length (-s)", text,
				  "neither a number of bytes nor headers");
	return snap_open((uint32_t)n, next, err);
}

static struct sink *add_linktype(const char *text, struct sink *next,
				 struct err *err)
{
	uint32_t linktype;

	if (linktype_parse(text, &linktype, err))
		return retype_open(linktype, next, err);
	sink_abandon(next);
	return NULL;
}

bool edits_change_bytes(const struct edit_conf *conf)
{
	return conf->snaplen || conf->chop.n > 0;
}

static struct sink *add_comments(const struct edit_conf *conf,
				 struct sink *next, struct err *err)
{
	size_t n = conf->comments.n, i;
	struct comment *list = calloc(n + 1, sizeof(*list));
	struct sink *s;

	if (!list) {
		err_nomem(err, "comments");
		sink_abandon(next);
		return NULL;
	}
	for (i = 0; i < n; i++) {
		const char *text = conf->comments.item[i];
		size_t digits = strspn(text, "0123456789");
		char number[24];

		snprintf(number, sizeof(number), "%.*s", (int)digits, text);
		if (text[digits] != ':' || digits >= sizeof(number) ||
		    !num_u64(number, &list[i].number)) {
			free(list);
			return bad_option(next, err, "--packet-comment", text,
					  "not N:TEXT");
		}
		if (!list[i].number) {
			free(list);
			return bad_option(next, err, "--packet-comment", text,
					  "about packet 0, but they are "
					  "counted from 1");
		}
		list[i].text = text + digits + 1;
	}
	s = comments_open(
	    &(struct comments_options){
		.list = list,
		.n = n,
		.drop = conf->drop_comments,
		.changed = edits_change_bytes(conf),
	    },
	    next, err);
	free(list);
	return s;
}

/* ---- decryption secrets ---- */

#define SECRETS_MAX ((size_t)64 << 20)
#define BLOCK_SECRETS 10

/* Types of draft-ietf-opsawg-pcapng, section 4.7. */
static const struct {
	const char *name;
	uint32_t type;
} secret_types[] = {
    {"tls", 0x544c534b},	{"ssh", 0x5353484b},
    {"wireguard", 0x57474b4c},	{"zigbee-nwk", 0x5a4e574b},
    {"zigbee-aps", 0x5a415053}, {"opcua", 0x55414b4c},
};

/* All of a file after what *to holds. */
static bool read_whole(const char *path, struct str *to, struct err *err)
{
	FILE *f = fopen(path, "rb");
	bool good = false;
	size_t n = 0;

	if (!f) {
		err_sys(err, ERR_USAGE, errno, "cannot be opened");
		return err_in_file(err, path);
	}
	do {
		char *room = str_room(to, 65536);

		if (!room)
			break;
		n = fread(room, 1, 65536, f);
		to->len += n;
	} while (n > 0 && to->len <= SECRETS_MAX);
	if (ferror(f))
		err_sys(err, ERR_USAGE, errno, "cannot be read");
	else if (to->len > SECRETS_MAX)
		err_set(err, ERR_USAGE, "is too large for secrets");
	else if (to->failed)
		err_nomem(err, "secrets");
	else
		good = true;
	fclose(f);
	return good || err_in_file(err, path);
}

static struct sink *add_secrets(const char *text, struct sink *next,
				struct err *err)
{
	const char *colon = strchr(text, ':');
	size_t len = colon ? (size_t)(colon - text) : 0, i;
	struct str body = STR_INIT;
	uint32_t head[2] = {0};
	bool good = false;

	for (i = 0; i < ARRAY_LEN(secret_types); i++)
		if (len == strlen(secret_types[i].name) &&
		    !strncmp(text, secret_types[i].name, len))
			head[0] = secret_types[i].type;
	if (!head[0])
		return bad_option(next, err, "--secrets", text,
				  "not TYPE:FILE with one of the known types");
	str_put(&body, head, sizeof(head));
	if (!body.failed && read_whole(colon + 1, &body, err)) {
		head[1] = (uint32_t)(body.len - sizeof(head));
		memcpy(body.text, head, sizeof(head));
		str_pad(&body, '\0', -body.len & 3);
		good = !body.failed || err_nomem(err, "secrets");
	}
	if (good) {
		next = prepend_block_open(
		    &(struct block){
			.type = BLOCK_SECRETS,
			.body = (const uint8_t *)str_text(&body),
			.len = body.len,
		    },
		    next, err);
	} else {
		sink_abandon(next);
		next = NULL;
	}
	str_fini(&body);
	return next;
}

/* ---- all of them ---- */

void edits_allow(const struct edit_conf *conf)
{
	const char *file;
	size_t i;

	for (i = 0; i < conf->secrets.n; i++) {
		file = strchr(conf->secrets.item[i], ':');
		sandbox_may_read(file ? file + 1 : NULL);
	}
	if (conf->sort)
		sandbox_may_spill();
	if (conf->linktype && sandbox_ahead())
		pcaplib_ready(NULL); /* that knows its name */
}

/* The last one is opened first. */
struct sink *edits_open(const struct edit_conf *conf, struct sink *next,
			struct err *err)
{
	size_t i;

	for (i = conf->secrets.n; next && i > 0; i--)
		next = add_secrets(conf->secrets.item[i - 1], next, err);
	if (next && (conf->comments.n > 0 || conf->drop_comments ||
		     edits_change_bytes(conf)))
		next = add_comments(conf, next, err);
	if (next && conf->linktype)
		next = add_linktype(conf->linktype, next, err);
	if (next && conf->snaplen)
		next = add_snaplen(conf->snaplen, next, err);
	for (i = conf->chop.n; next && i > 0; i--)
		next = add_chop(conf->chop.item[i - 1], next, err);
	if (next && conf->shift != 0)
		next = shift_open(conf->shift, next, err);
	return next;
}

bool edits_check(const struct edit_conf *conf, struct err *err)
{
	struct sink *s = edits_open(conf, sink_nothing(), err);

	sink_close(s, NULL);
	return s != NULL;
}
