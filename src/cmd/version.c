/* What --version prints: the tool, its libpcap, its features. */
#include "cmd/version.h"

#include "capture/pcaplib.h"
#include <config.h>

#ifndef SANITIZERS
#define SANITIZERS "none"
#endif

struct feature {
	const char *name;
	bool built_in;
};

static const struct feature features[] = {
#ifdef HAVE_LIBCAP_NG
    {"capabilities (libcap-ng)", true},
#else
    {"capabilities (libcap-ng)", false},
#endif
};

void version_text(struct str *out)
{
	const char *file = pcaplib_file();
	size_t i;

	str_puts(out, PACKAGE_STRING "\n");
	str_printf(out, "%s\n", pcaplib_version());
	if (file)
		str_printf(out, "  from %s\n", file);
	for (i = 0; i < sizeof(features) / sizeof(features[0]); i++)
		str_printf(out, "%-28s %s\n", features[i].name,
			   features[i].built_in ? "yes" : "no");
	str_puts(out, "sanitizers                   " SANITIZERS "\n");
}
