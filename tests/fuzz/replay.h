/*
 * Packets of raw IP, one after the other, with everything remembered of the
 * ones before: what a thread makes of them at once has to be what another one
 * makes of the record.
 */
#ifndef TESTS_FUZZ_REPLAY_H
#define TESTS_FUZZ_REPLAY_H

#include "base/array.h"
#include "decode/dissect.h"
#include "decode/flow/flow_table.h"
#include "fuzz/fuzz.h"

struct replay {
	struct flow_context context, record;
	struct flow_fact facts[4 * DISSECT_LAYERS];
	struct replay_log log;
	struct dissect *live, *replayed;
};

static inline void replay_open(struct replay *r)
{
	static struct plan *plan;
	static struct dissect *live, *replayed;
	const struct hash_seed seed = {1, 2};
	struct err err;

	if (!plan) {
		plan = plan_open(&err);
		plan_want_all(plan);
		plan_ready(plan);
		live = dissect_open(plan, &err);
		replayed = dissect_open(plan, &err);
	}
	*r = (struct replay){.live = live, .replayed = replayed};
	if (!flow_context_open(&r->context, plan, &seed, false,
			       REASSEMBLE_MESSAGES | REASSEMBLE_FRAGMENTS,
			       &err))
		exit(1);
	r->record = r->context;
	r->record.mode = FLOW_RECORD;
	r->record.log = &r->log;
	r->record.facts = r->facts;
	r->record.room = ARRAY_LEN(r->facts);
}

static inline void replay_compare(const struct dissect *a,
				  const struct dissect *b)
{
	unsigned i;

	if (a->n_values != b->n_values || a->n_layers != b->n_layers)
		abort();
	for (i = 0; i < a->n_values; i++)
		if (a->values[i].field != b->values[i].field ||
		    a->values[i].len != b->values[i].len)
			abort();
}

static inline void replay_packet(struct replay *r, const struct pkt *pkt)
{
	static const struct iface iface = {
	    .linktype = 101, .tsresol = 9, .fcslen = -1};
	struct flow_context replay;

	replay_log_rewind(&r->log);
	r->record.n = 0;
	r->live->context = &r->record;
	dissect_packet(r->live, pkt, &iface);
	replay = r->record;
	replay.mode = FLOW_REPLAY;
	replay.room = r->record.n;
	replay.n = 0;
	replay_log_seek(&r->log, (struct replay_log_mark){0});
	r->replayed->context = &replay;
	dissect_packet(r->replayed, pkt, &iface);
	replay_compare(r->live, r->replayed);
}

static inline void replay_close(struct replay *r)
{
	replay_log_fini(&r->log);
	flow_context_close(&r->context);
}

#endif
