/* Waiting for a device that does not exist yet, or is down. */
#ifndef CAPTURE_WAIT_H
#define CAPTURE_WAIT_H

#include "capture/handle.h"

struct wait_options {
	int wake_fd; /* readable when ending() should be asked; -1: none */
	bool (*ending)(void *arg); /* give up? NULL: never */
	void *arg;
};

/*
 * Open a device for which handle_open() said absent as soon as it is there, at
 * most options->wait_ns after begun (steady clock); that it is waited for is
 * noted. false: *err says why, as handle_open() does; or ending() said so, and
 * *err is not set.
 */
bool wait_for_device(struct handle *h, const struct handle_options *options,
		     int64_t begun, const struct wait_options *wait,
		     struct err *err);

#endif
