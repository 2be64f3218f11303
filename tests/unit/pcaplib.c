/* The table of libpcap functions: what is refused leaves it as it was. */
#include "capture/pcaplib.h"

#include "tap.h"
#include <config.h>

/* Where the installed header is new enough to have all of them in the same
   words, the compiler compares it with the rows. */
#ifdef PCAP_AVAILABLE_1_10
#define FUNCTION(type, name, symbol, args, since, commands)                    \
	extern type symbol args;
#include "capture/pcaplib.def"
#endif

static void refused(const char *choice, const char *want, const char *what)
{
	const struct pcaplib *before = libpcap();
	struct err err = {0};

	ok_all(what, !pcaplib_load(choice, &err), eq(err.kind, ERR_USAGE));
	if (!ok(strstr(err.text, want) != NULL, "it says why"))
		printf("#  got: %s: %s\n# want: %s\n", err.file, err.text,
		       want);
	ok(libpcap() == before, "and the table is the one before");
}

int main(void)
{
	char file[4096], version[256];
	struct err err = {0};
	size_t count, i, unbound = 0;
	const struct pcaplib_row *rows = pcaplib_rows(&count);

	for (i = 0; i < count; i++)
		if (rows[i].kind == PCAPLIB_NEEDED && !pcaplib_has(&rows[i]))
			unbound++;
	ok_all("the system's library has all needed ones", count > 100,
	       !unbound);
	ok(strstr(pcaplib_version(), "libpcap version") != NULL, "its version");
	snprintf(version, sizeof(version), "%s", pcaplib_version());
	ok(!strncmp(pcaplib_name(), "libpcap 1.", 10), "its name");
	ok(pcaplib_load("system", &err), "it starts");
	ok(pcaplib_need(create, &err), "a function that is there");
	ok(!pcaplib_lacks("set_tstamp_precision", &err), "one that is not");
	ok(strstr(err.text, "has no pcap_set_tstamp_precision (since 1.5)") !=
	       NULL,
	   "is named with its version");

	refused("npcap", "only available on Windows", "a library for Windows");
	refused("libpcap.so", "absolute path", "no absolute path");
#ifndef STATIC
	refused("/nonexistent/libpcap.so", "No such file", "no file");
#endif
	refused("/dev/null", "is not a file", "a device");
	refused("/etc/passwd", "cannot be loaded as libpcap", "a text file");

	if (pcaplib_file()) {
		snprintf(file, sizeof(file), "%s", pcaplib_file());
		ok(pcaplib_load(file, &err), "the same library by its path");
		is_str(pcaplib_version(), version, "is of the same version");
		is_str(pcaplib_file(), file, "and says so");
		refused("/etc/passwd", "cannot be loaded",
			"a text file, again");
		ok(pcaplib_load("system", &err), "back to the system's");
	}
	return done();
}
