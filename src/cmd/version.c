/* What --version prints: the tool, its libpcap, its features. */
#include "cmd/version.h"

#include <stdio.h>
#include <string.h>

#include "capture/pcaplib.h"
#include "file/codec.h"
#include "os/sandbox.h"
#include <config.h>

#ifndef SANITIZERS
#define SANITIZERS "none"
#endif

#ifdef STATIC
#define IS_STATIC true
#else
#define IS_STATIC false
#endif

#ifdef HAVE_LIBCAP_NG
#define WITH_LIBCAP_NG true
#else
#define WITH_LIBCAP_NG false
#endif

#ifdef HAVE_LIBEDIT
#define WITH_LIBEDIT true
#else
#define WITH_LIBEDIT false
#endif

#ifdef HAVE_CRYPTO
#define WITH_CRYPTO true
#else
#define WITH_CRYPTO false
#endif

#ifdef HAVE_NGHTTP2
#define WITH_NGHTTP2 true
#else
#define WITH_NGHTTP2 false
#endif

#ifdef HAVE_SECCOMP
#define WITH_SECCOMP true
#else
#define WITH_SECCOMP false
#endif

#ifdef HAVE_PCRE2
#define WITH_PCRE2 true
#else
#define WITH_PCRE2 false
#endif

static void put_feature(struct str *out, const char *what, const char *library,
			bool built_in)
{
	size_t start = out->len;

	str_printf(out, "  %s (%s)", what, library);
	str_pad(out, ' ', 36 - (out->len - start));
	str_puts(out, built_in ? "yes\n" : "no\n");
}

void version_text(struct str *out)
{
	const char *library = pcaplib_version(), *file = pcaplib_file();
	const struct codec *codec;
	char what[64];

	str_puts(out, PACKAGE_STRING "\n");
	str_printf(out, "%s\n", library ? library : "no libpcap");
	if (file)
		str_printf(out, "  from %s\n", file);
	str_puts(out, "features\n");
	put_feature(out, "dropping capabilities", "libcap-ng", WITH_LIBCAP_NG);
	for (codec = codecs; codec->name; codec++) {
		snprintf(what, sizeof(what), "%s savefiles", codec->name);
		put_feature(out, what, codec->library, codec->ops != NULL);
	}
	put_feature(out, "digests, opening QUIC", "libcrypto", WITH_CRYPTO);
	put_feature(out, "headers of HTTP/2", "libnghttp2", WITH_NGHTTP2);
	put_feature(out, "regular expressions", "libpcre2", WITH_PCRE2);
	put_feature(out, "system call filter", "libseccomp", WITH_SECCOMP);
	put_feature(out, "one static file", "--enable-static", IS_STATIC);
	put_feature(out, "editing in the shell", "libedit", WITH_LIBEDIT);
	put_feature(out, "sanitizers", SANITIZERS,
		    strcmp(SANITIZERS, "none") != 0);
	sandbox_describe_offer(out);
	str_putc(out, '\n');
}
