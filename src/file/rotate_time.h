/* When a rotation by time is due. */
#ifndef FILE_ROTATE_TIME_H
#define FILE_ROTATE_TIME_H

#include <stdbool.h>
#include <stdint.h>

struct rotate_time {
	int64_t period_ns; /* 0: never */
	bool align;	   /* to the local clock: hours begin on the hour */
	int64_t until_ns;  /* packets from here on are the next period's */
	int64_t due_ns;	   /* steady clock: the period ends without them */
};

/* Begin at that time, wall and steady clock. */
void rotate_time_begin(struct rotate_time *, int64_t wall_ns,
		       int64_t steady_ns);

/* A packet of that time, not before until_ns, has come: returns when the period
   that it is in began. */
int64_t rotate_time_packet(struct rotate_time *, int64_t time_ns,
			   int64_t steady_ns);

/* No other period follows: it ends by the clock alone. */
void rotate_time_last(struct rotate_time *);

/* The period has ended, by the steady clock: returns when the next one began,
   by the wall clock. */
int64_t rotate_time_over(struct rotate_time *, int64_t wall_ns,
			 int64_t steady_ns);

#endif
