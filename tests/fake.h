/*
 * For unit tests that play a script through the fake libpcap: fake_load() says
 * which of the libraries, fake_play() what it plays. tests/fake/script.h
 * describes scripts.
 */
#ifndef TESTS_FAKE_H
#define TESTS_FAKE_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "capture/pcaplib.h"
#include <config.h>

static char fake_script[] = "/tmp/pcaptool-fake-XXXXXX";

static inline void fake_gone(void)
{
	unlink(fake_script);
}

/* Use tests/fake/NAME of the build tree as libpcap from now on. */
static inline bool fake_load(const char *name, struct err *err)
{
	const char *top = getenv("TOP_BUILDDIR");
	char path[4096], here[2048] = ".";

	if (!top)
		top = getcwd(here, sizeof(here)) ? here : ".";
	snprintf(path, sizeof(path), "%s/tests/fake/%s", top, name);
	return pcaplib_load(path, err);
}

/* The same, first of all: without that library the test ends here, and is
   skipped if this is a static program. */
static inline void fake_start(const char *name)
{
	struct err err = {0};

	if (fake_load(name, &err))
		return;
#ifdef STATIC
	puts("1..0 # SKIP a static program loads no other libpcap");
	exit(EXIT_SUCCESS);
#endif
	printf("Bail out! %s: %s\n", err.file, err.text);
	exit(EXIT_FAILURE);
}

/* What all handles and lists that are opened from now on play. */
static inline void fake_play(const char *script)
{
	static bool made;
	FILE *f;

	if (!made) {
		int fd = mkstemp(fake_script);

		if (fd < 0)
			exit(EXIT_FAILURE);
		close(fd);
		atexit(fake_gone);
		setenv("PCAPTOOL_FAKE", fake_script, 1);
		made = true;
	}
	f = fopen(fake_script, "w");
	if (!f || fputs(script, f) < 0 || fclose(f))
		exit(EXIT_FAILURE);
}

#endif
