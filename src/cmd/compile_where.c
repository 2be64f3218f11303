/* The stages of field expressions as text and as JSON. */
#include "cmd/compile_where.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "bpf/disasm.h"
#include "capture/linktype.h"
#include "cmd/message.h"
#include "cmd/selection.h"
#include "where/capture_filter.h"
#include "where/stages.h"

static void list_prefilter(const struct program *p, struct str *out)
{
	uint32_t i;

	for (i = 0; i < p->n; i++) {
		disasm_line(p, i, out);
		str_putc(out, '\n');
	}
}

/* ---- text --------------------------------------------------------------- */

/* Lines, each indented; a word if there are none. */
static void put_lines(struct str *out, const char *title,
		      const struct str *lines, const char *none)
{
	const char *at = str_text(lines);
	size_t n;

	str_printf(out, "%s\n", title);
	if (!*at)
		str_printf(out, "  %s\n", none);
	for (; *at; at += n + 1) {
		n = strcspn(at, "\n");
		str_puts(out, "  ");
		str_put(out, at, n);
		str_putc(out, '\n');
	}
}

/* Words on as many lines as they need. */
static void put_words(struct str *out, const char *title,
		      const struct str *lines, const char *none)
{
	enum { WIDTH = 78 };
	const char *at = str_text(lines);
	size_t n, column = 1;

	str_printf(out, "%s\n ", title);
	if (!*at)
		str_printf(out, " %s", none);
	for (; *at; at += n + 1) {
		n = strcspn(at, "\n");
		if (column + 1 + n > WIDTH) {
			str_puts(out, "\n ");
			column = 1;
		}
		str_putc(out, ' ');
		str_put(out, at, n);
		column += 1 + n;
	}
	str_putc(out, '\n');
}

static void put_text(struct str *out, const struct where_stages *s,
		     uint32_t linktype)
{
	struct str program = STR_INIT, title = STR_INIT;
	const char *name = linktype_name(linktype);

	put_words(out, "fields decoded", &s->fields, "none");
	put_words(out, "protocols looked into", &s->protocols, "none");
	put_lines(out, "state from packet to packet", &s->state, "none");
	put_lines(out, "program", &s->program, "empty: every packet matches");
	list_prefilter(&s->prefilter, &program);
	str_printf(&title,
		   "prefilter for %s (0: decode, 1: no match, 2: match)",
		   name ? name : "this link type");
	put_lines(out, str_text(&title), &program,
		  "none: every packet is decoded");
	str_fini(&program);
	str_fini(&title);
}

/* ---- JSON --------------------------------------------------------------- */

static void put_array(struct str *out, const char *name,
		      const struct str *lines)
{
	const char *at = str_text(lines);
	size_t n;
	bool first = true;

	str_printf(out, ",\"%s\":[", name);
	for (; *at; at += n + 1) {
		n = strcspn(at, "\n");
		if (!first)
			str_putc(out, ',');
		first = false;
		str_json(out, at, n);
	}
	str_putc(out, ']');
}

static void put_json(struct str *out, const struct where_stages *s,
		     uint32_t linktype)
{
	struct str program = STR_INIT;

	list_prefilter(&s->prefilter, &program);
	str_printf(out, "{\"linktype\":%" PRIu32, linktype);
	put_array(out, "prefilter", &program);
	put_array(out, "fields", &s->fields);
	put_array(out, "protocols", &s->protocols);
	put_array(out, "state", &s->state);
	put_array(out, "program", &s->program);
	str_puts(out, "}\n");
	str_fini(&program);
}

/* ---- both --------------------------------------------------------------- */

static bool put_stages(const struct where *w, uint32_t linktype, bool json,
		       struct str *out, struct err *err)
{
	struct where_stages stages = {.prefilter = {.insns = NULL}};
	bool good = where_stages(w, linktype, &stages, err);

	if (good && json)
		put_json(out, &stages, linktype);
	else if (good)
		put_text(out, &stages, linktype);
	where_stages_fini(&stages);
	return good;
}

/* The translation, and what it leaves out. */
static bool put_filter(const struct where *w, struct str *out, struct err *err)
{
	bool deep;

	if (!where_capture_filter(w, out, &deep, err))
		return false;
	str_putc(out, '\n');
	if (deep)
		log_note("capture filters do not look past VLAN tags, into "
			 "tunnels and into fragments");
	return true;
}

int compile_where(const struct compile_conf *conf, uint32_t linktype)
{
	bool json = conf->json || conf->form == COMPILE_FORM_json;
	struct str out = STR_INIT;
	struct err err = {0};
	struct selection selection;
	int status = 0;

	if (!selection_init(&selection, &conf->select, NULL, NULL, &err) ||
	    (conf->form == COMPILE_FORM_PCAP
		 ? !put_filter(selection.where, &out, &err)
		 : !put_stages(selection.where, linktype, json, &out, &err)))
		status = message_err(&err);
	else if (!message_out(&out))
		status = report_out_status();
	selection_fini(&selection);
	str_fini(&out);
	return status;
}
