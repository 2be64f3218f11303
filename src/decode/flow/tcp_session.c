/*
 * Conversations with state: an array of sessions; one is evicted for
 * another when there are too many; and what protocols keep of some of them.
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

/* Evict one other than this that was not used lately. */
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

void *message_note(struct app_message *msg, uint8_t kind, size_t n)
{
	struct stream_note *note;

	if (n > msg->room)
		return NULL;
	note = replay_log_put(msg->log, REPLAY_PART, sizeof(*note) + n);
	if (!note)
		return NULL;
	msg->room -= n;
	note->next = NULL;
	note->n = (uint32_t)n;
	note->owner = msg->app->owner;
	note->kind = kind;
	*msg->last = note;
	msg->last = &note->next;
	++*msg->n_notes;
	return note->bytes;
}

/* ---- sessions -------------------------------------------------------------
 */

void tcp_session_clear(struct tcp_reassembly *s, struct tcp_session *t)
{
	uint32_t i = (uint32_t)(t - s->sessions);
	unsigned from;

	for (from = 0; from < 2; from++) {
		if (t->side[from].pending)
			partial_message_drop(s, t->side[from].pending);
		tcp_order_clear(&t->side[from].order);
	}
	app_data_forget(s, i);
	if (s->talks)
		tcp_pair_fini(&s->talks[i], &s->budget);
}

static void weak_unlink(struct tcp_reassembly *s, const struct tcp_session *t)
{
	*(t->before != TRACK_NONE ? &s->sessions[t->before].after
				  : &s->first_weak) = t->after;
	*(t->after != TRACK_NONE ? &s->sessions[t->after].before
				 : &s->last_weak) = t->before;
}

void track_strengthen(struct tcp_reassembly *s, struct tcp_session *t)
{
	if (t->weak)
		weak_unlink(s, t);
	t->weak = false;
}

void track_weaken(struct tcp_reassembly *s, struct tcp_session *t)
{
	uint32_t i = (uint32_t)(t - s->sessions);

	if (t->weak)
		return;
	t->weak = true;
	t->before = s->last_weak;
	t->after = TRACK_NONE;
	*(s->last_weak != TRACK_NONE ? &s->sessions[s->last_weak].after
				     : &s->first_weak) = i;
	s->last_weak = i;
}

bool track_room_left(const struct tcp_reassembly *s)
{
	return s->n < REASSEMBLY_SESSIONS;
}

/* Twice as many. */
static void grow(struct tcp_reassembly *s)
{
	struct tcp_session *sessions;
	struct tcp_pair *talks;

	if (s->talks) {
		talks = realloc(s->talks, 2 * s->room * sizeof(*talks));
		if (!talks)
			return;
		s->talks = talks;
	}
	sessions = realloc(s->sessions, 2 * s->room * sizeof(*sessions));
	if (!sessions)
		return;
	s->sessions = sessions;
	s->room *= 2;
}

/* The one that is evicted next: the oldest of the weak, or one that was not
   used since the hand went by. */
static uint32_t find_victim(struct tcp_reassembly *s)
{
	uint32_t i = s->first_weak;

	if (i != TRACK_NONE)
		return i;
	while (s->sessions[s->hand].recent) {
		s->sessions[s->hand].recent = false;
		s->hand = (s->hand + 1) % s->n;
	}
	i = s->hand;
	s->hand = (s->hand + 1) % s->n;
	return i;
}

/* A session that is unused, or no longer used. */
static uint32_t track_room(struct tcp_reassembly *s)
{
	uint32_t i;

	if (s->n == s->room && s->room < REASSEMBLY_SESSIONS)
		grow(s);
	if (s->n < s->room)
		return s->n++;
	i = find_victim(s);
	track_strengthen(s, &s->sessions[i]);
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
	if (s->talks)
		tcp_pair_init(&s->talks[i]);
	track_weaken(s, &s->sessions[i]);
	*slot = i + 1;
	return &s->sessions[i];
}
