/*
 * Conversations with state: an array of sessions, of which one that was silent
 * for long makes way; and what protocols keep of some of them.
 */
#include <stdlib.h>

#include "decode/engine/plan.h"
#include "decode/flow/tcp_session.h"

/* ---- what protocols keep ------------------------------------------------ */

static void app_data_drop(struct tcp_reassembly *s, uint32_t i)
{
	struct app_state *app = &s->sessions[s->owners[i]].app;

	protos[app->owner]->free_state(app, &s->kept);
	app->data = NULL;
	s->owners[i] = s->owners[--s->n_owners];
}

void app_data_forget(struct tcp_reassembly *s, uint32_t session)
{
	uint32_t i;

	if (!s->sessions[session].app.data)
		return;
	for (i = 0; s->owners[i] != session; i++)
		continue;
	app_data_drop(s, i);
}

/* One other than this, which was not used of late, makes way. */
static void app_data_evict(struct tcp_reassembly *s, uint32_t spare)
{
	struct tcp_session *t;

	for (;; s->app_data_hand++) {
		s->app_data_hand %= s->n_owners;
		t = &s->sessions[s->owners[s->app_data_hand]];
		if (s->owners[s->app_data_hand] == spare)
			continue;
		if (!t->recent)
			break;
		t->recent = false;
	}
	app_data_drop(s, s->app_data_hand);
	s->losses.sessions++;
}

void app_data_account(struct tcp_reassembly *s, uint32_t session, bool fresh)
{
	if (fresh) {
		if (s->n_owners == REASSEMBLY_KEPT)
			app_data_evict(s, session);
		s->owners[s->n_owners++] = session;
	}
	while (s->kept > REASSEMBLY_KEPT_TOTAL && s->n_owners > 1)
		app_data_evict(s, session);
}

uint8_t *message_note(struct app_message *msg, size_t n)
{
	struct stream_note *note;

	if (n > msg->room)
		return NULL;
	note = replay_log_put(msg->log, sizeof(*note) + n);
	if (!note)
		return NULL;
	msg->room -= n;
	note->next = NULL;
	note->n = n;
	*msg->last = note;
	msg->last = &note->next;
	++*msg->n_notes;
	return note->bytes;
}

/* ---- sessions -------------------------------------------------------------
 */

void tcp_session_clear(struct tcp_reassembly *s, struct tcp_session *t)
{
	unsigned i;

	for (i = 0; i < 2; i++)
		if (t->side[i].pending)
			partial_message_drop(s, t->side[i].pending);
	app_data_forget(s, (uint32_t)(t - s->sessions));
	tcp_pair_fini(&t->tcp, &s->budget);
}

/* A session that nobody uses; when all are in use, one that was not used since
   the hand went by makes way. */
static uint32_t track_room(struct tcp_reassembly *s)
{
	struct tcp_session *sessions;
	uint32_t i;

	if (s->n == s->room && s->room < REASSEMBLY_SESSIONS) {
		sessions =
		    realloc(s->sessions, 2 * s->room * sizeof(*sessions));
		if (sessions) {
			s->sessions = sessions;
			s->room *= 2;
		}
	}
	if (s->n < s->room)
		return s->n++;
	while (s->sessions[s->hand].recent) {
		s->sessions[s->hand].recent = false;
		s->hand = (s->hand + 1) % s->n;
	}
	i = s->hand;
	s->hand = (s->hand + 1) % s->n;
	tcp_session_clear(s, &s->sessions[i]);
	s->losses.sessions++;
	return i;
}

struct tcp_session *tcp_session_find(struct tcp_reassembly *s, uint32_t stream,
				     uint32_t slot)
{
	struct tcp_session *t;

	if (slot == 0 || slot > s->n)
		return NULL;
	t = &s->sessions[slot - 1];
	if (t->stream != stream)
		return NULL;
	t->recent = true;
	return t;
}

struct tcp_session *tcp_session_new(struct tcp_reassembly *s, uint32_t stream,
				    uint32_t *slot)
{
	uint32_t i = track_room(s);

	s->sessions[i] = (struct tcp_session){.stream = stream, .recent = true};
	tcp_pair_init(&s->sessions[i].tcp);
	*slot = i + 1;
	return &s->sessions[i];
}
