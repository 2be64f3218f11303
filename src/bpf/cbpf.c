/*
 * The binary cBPF savefile, as libpcap's cbpf-savefile(5) describes it
 * (version 1.1): a header of 20 bytes, the instructions, then TLVs, all of it
 * big-endian.
 *
 *   0xA1 0xB2 0xC3 0xCB "cBPF" major minor flags(2) snaplen(4) linktype(2)
 *   instructions(2), then per instruction: opcode(2) jt jf k(4)
 */
#include <string.h>

#include "base/cursor.h"
#include "bpf/syntax.h"

static const char magic[8] = "\xA1\xB2\xC3\xCB"
			     "cBPF";

/* Valid instructions of the dialect: ours has modulus and xor. */
enum { FLAG_MOD = 1, FLAG_XOR = 2, FLAG_COP = 4, FLAG_COPX = 8, FLAG_RND = 16 };

enum tlv {
	TLV_END,
	TLV_LINKTYPE_NAME,
	TLV_FILTER,
	TLV_OPTIMIZED,
	TLV_NETMASK,
	TLV_COMMENT,
	TLV_TIME,
	TLV_COUNT
};

/* ---- writing -------------------------------------------------------------*/

static void put_be(struct str *out, uint64_t value, int bytes)
{
	while (bytes-- > 0)
		str_putc(out, (char)(value >> (8 * bytes)));
}

static void put_text(struct str *out, enum tlv type, const char *text)
{
	size_t n = text ? strlen(text) : 0;

	if (!text || n > UINT16_MAX)
		return; /* all TLVs are optional; this one would not fit */
	put_be(out, type, 2);
	put_be(out, n, 2);
	str_put(out, text, n);
}

static void put_value(struct str *out, enum tlv type, uint64_t value, int bytes)
{
	put_be(out, type, 2);
	put_be(out, (uint64_t)bytes, 2);
	put_be(out, value, bytes);
}

void syntax_put_cbpf(const struct doc *doc, struct str *out)
{
	const struct program *p = &doc->program;

	str_put(out, magic, sizeof(magic));
	put_be(out, 1, 1);
	put_be(out, 1, 1);
	put_be(out, FLAG_MOD | FLAG_XOR, 2);
	put_be(out, doc->snaplen == DOC_UNKNOWN ? 0 : doc->snaplen, 4);
	put_be(out, doc->dlt == DOC_UNKNOWN ? 0 : doc->dlt, 2);
	put_be(out, p->n, 2);
	for (size_t i = 0; i < p->n; i++) {
		put_be(out, p->insns[i].code, 2);
		put_be(out, p->insns[i].jt, 1);
		put_be(out, p->insns[i].jf, 1);
		put_be(out, p->insns[i].k, 4);
	}
	put_text(out, TLV_LINKTYPE_NAME, doc->linktype_name);
	put_text(out, TLV_FILTER, doc->expression);
	if (doc->optimized != DOC_UNKNOWN)
		put_value(out, TLV_OPTIMIZED, doc->optimized, 1);
	if (doc->netmask != DOC_UNKNOWN)
		put_value(out, TLV_NETMASK, doc->netmask, 4);
	put_text(out, TLV_COMMENT, doc->comment);
	if (doc->made >= 0)
		put_value(out, TLV_TIME, (uint64_t)doc->made, 8);
	put_value(out, TLV_END, 0, 0);
}

/* ---- reading -------------------------------------------------------------*/

bool syntax_probe_cbpf(const char *text, size_t len)
{
	return len >= sizeof(magic) && !memcmp(text, magic, sizeof(magic));
}

static bool bad(struct err *err, const struct cur *c, const char *text,
		const char *why)
{
	err_set(err, ERR_USAGE, "%s", why);
	return err_at(err, (uint64_t)((const char *)c->pos - text), 0);
}

static bool get_tlv(enum tlv type, const char *value, size_t n, struct doc *doc,
		    struct err *err)
{
	struct cur c = cur_over((const uint8_t *)value, n, n);

	switch (type) {
	case TLV_LINKTYPE_NAME:
		return doc_text(&doc->linktype_name, value, n, err);
	case TLV_FILTER:
		return doc_text(&doc->expression, value, n, err);
	case TLV_COMMENT:
		return doc_text(&doc->comment, value, n, err);
	case TLV_OPTIMIZED:
		doc->optimized = cur_u8(&c);
		return n == 1 && doc->optimized <= 1;
	case TLV_NETMASK:
		doc->netmask = cur_be32(&c);
		return n == 4;
	case TLV_TIME:
		doc->made = (int64_t)((uint64_t)cur_be32(&c) << 32);
		doc->made |= cur_be32(&c);
		return n == 8;
	default:
		return n == 0;
	}
}

/* The TLVs after the instructions; unknown types are passed over. */
static bool get_tlvs(struct cur *c, const char *text, struct doc *doc,
		     struct err *err)
{
	bool seen[TLV_COUNT] = {false};

	while (cur_left(c) > 0) {
		struct cur start = *c;
		uint16_t type = cur_be16(c), n = cur_be16(c);
		const uint8_t *value = cur_bytes(c, n);
		struct err why;

		if (c->state != CUR_OK)
			return bad(err, &start, text,
				   "a TLV goes beyond the end of the file");
		if (type >= TLV_COUNT)
			continue;
		if (seen[type])
			return bad(err, &start, text, "a TLV comes twice");
		seen[type] = true;
		why.kind = ERR_NONE;
		if (!get_tlv(type, (const char *)value, n, doc, &why))
			return why.kind ? err_copy(err, &why)
					: bad(err, &start, text,
					      "a TLV's length or value is "
					      "wrong");
		if (type == TLV_END && cur_left(c) > 0)
			return bad(err, c, text, "trailing data");
	}
	return true;
}

bool syntax_get_cbpf(const char *text, size_t len, struct doc *doc,
		     struct err *err)
{
	struct cur c = cur_over((const uint8_t *)text, len, len);
	uint8_t major;
	uint16_t n;

	cur_skip(&c, sizeof(magic));
	major = cur_u8(&c);
	if (c.state == CUR_OK && major != 1)
		return err_set(err, ERR_USAGE,
			       "unsupported cBPF file version %d", major);
	cur_skip(&c, 1 + 2);
	doc->snaplen = cur_be32(&c);
	doc->dlt = cur_be16(&c);
	n = cur_be16(&c);
	for (size_t i = 0; i < n && c.state == CUR_OK; i++) {
		struct insn in = {.code = cur_be16(&c)};

		in.jt = cur_u8(&c);
		in.jf = cur_u8(&c);
		in.k = cur_be32(&c);
		if (c.state == CUR_OK && !doc_add(doc, in, err))
			return false;
	}
	if (c.state != CUR_OK)
		return bad(err, &c, text, "the file ends too early");
	return get_tlvs(&c, text, doc, err);
}
