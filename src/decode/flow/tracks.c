/*
 * Conversations with state: an array of tracks, of which one that was silent
 * for long makes way; and what protocols keep of some of them.
 */
#include <stdlib.h>

#include "decode/engine/plan.h"
#include "decode/flow/tracks.h"

/* ---- what protocols keep ------------------------------------------------ */

static void keeper_drop(struct streams *s, uint32_t i)
{
	struct talk *talk = &s->tracks[s->keepers[i]].talk;

	protos[talk->keeper]->forget(talk, &s->kept);
	talk->kept = NULL;
	s->keepers[i] = s->keepers[--s->n_keepers];
}

void keeper_forget(struct streams *s, uint32_t track)
{
	uint32_t i;

	if (!s->tracks[track].talk.kept)
		return;
	for (i = 0; s->keepers[i] != track; i++)
		continue;
	keeper_drop(s, i);
}

/* One other than this, which was not used of late, makes way. */
static void keeper_evict(struct streams *s, uint32_t spare)
{
	struct track *t;

	for (;; s->keeper_hand++) {
		s->keeper_hand %= s->n_keepers;
		t = &s->tracks[s->keepers[s->keeper_hand]];
		if (s->keepers[s->keeper_hand] == spare)
			continue;
		if (!t->recent)
			break;
		t->recent = false;
	}
	keeper_drop(s, s->keeper_hand);
	s->losses.tracks++;
}

void keeper_account(struct streams *s, uint32_t track, bool fresh)
{
	if (fresh) {
		if (s->n_keepers == STREAMS_KEPT)
			keeper_evict(s, track);
		s->keepers[s->n_keepers++] = track;
	}
	while (s->kept > STREAMS_KEPT_TOTAL && s->n_keepers > 1)
		keeper_evict(s, track);
}

uint8_t *follow_note(struct follower *follow, size_t n)
{
	struct stream_note *note;

	if (n > follow->room)
		return NULL;
	note = tape_put(follow->tape, sizeof(*note) + n);
	if (!note)
		return NULL;
	follow->room -= n;
	note->next = NULL;
	note->n = n;
	*follow->last = note;
	follow->last = &note->next;
	++*follow->n_notes;
	return note->octets;
}

/* ---- tracks ------------------------------------------------------------- */

void track_clear(struct streams *s, struct track *t)
{
	unsigned i;

	for (i = 0; i < 2; i++)
		if (t->side[i].pending)
			pending_drop(s, t->side[i].pending);
	keeper_forget(s, (uint32_t)(t - s->tracks));
	tcp_talk_fini(&t->tcp, &s->budget);
}

/* A track that nobody uses; when all are in use, one that was not used since
   the hand went by makes way. */
static uint32_t track_room(struct streams *s)
{
	struct track *tracks;
	uint32_t i;

	if (s->n == s->room && s->room < STREAMS_TRACKS) {
		tracks = realloc(s->tracks, 2 * s->room * sizeof(*tracks));
		if (tracks) {
			s->tracks = tracks;
			s->room *= 2;
		}
	}
	if (s->n < s->room)
		return s->n++;
	while (s->tracks[s->hand].recent) {
		s->tracks[s->hand].recent = false;
		s->hand = (s->hand + 1) % s->n;
	}
	i = s->hand;
	s->hand = (s->hand + 1) % s->n;
	track_clear(s, &s->tracks[i]);
	s->losses.tracks++;
	return i;
}

struct track *track_find(struct streams *s, uint32_t stream, uint32_t slot)
{
	struct track *t;

	if (slot == 0 || slot > s->n)
		return NULL;
	t = &s->tracks[slot - 1];
	if (t->stream != stream)
		return NULL;
	t->recent = true;
	return t;
}

struct track *track_new(struct streams *s, uint32_t stream, uint32_t *slot)
{
	uint32_t i = track_room(s);

	s->tracks[i] = (struct track){.stream = stream, .recent = true};
	tcp_talk_init(&s->tracks[i].tcp);
	*slot = i + 1;
	return &s->tracks[i];
}
