/* Owns the checksums of files. */
#include "config.h"

#include "file/digest.h"

#ifdef HAVE_CRYPTO
#include <stdlib.h>
#include <string.h>

#include "base/fmt.h"
#include "os/infile.h"
#include "os/libcrypto.h"
#include "os/tempfile.h"

enum { KINDS = 3, PIECE = 1 << 18 };

static void start(const struct libcrypto *lib, EVP_MD_CTX **all)
{
	static const char *const names[KINDS] = {"SHA256", "RIPEMD160", "SHA1"};
	unsigned i;

	for (i = 0; i < KINDS; i++) {
		EVP_MD *kind = lib->EVP_MD_fetch(NULL, names[i], NULL);

		all[i] = kind ? lib->EVP_MD_CTX_new() : NULL;
		if (all[i] && !lib->EVP_DigestInit_ex(all[i], kind, NULL)) {
			lib->EVP_MD_CTX_free(all[i]);
			all[i] = NULL;
		}
		lib->EVP_MD_free(kind);
	}
}

static void end(const struct libcrypto *lib, EVP_MD_CTX *one, char *text)
{
	unsigned char sum[EVP_MAX_MD_SIZE];
	unsigned n = 0, i;

	if (one && lib->EVP_DigestFinal_ex(one, sum, &n))
		for (i = 0; i < n; i++)
			text = fmt_hex(text, sum[i], 2);
	*text = '\0';
	lib->EVP_MD_CTX_free(one);
}

static bool add_all(const struct libcrypto *lib, EVP_MD_CTX **all,
		    struct infile *in, struct err *err)
{
	uint8_t *buf = malloc(PIECE);
	ptrdiff_t n = -1;
	unsigned i;

	if (!buf)
		return err_nomem(err, "checksums");
	while ((n = infile_read(in, buf, PIECE, NULL, err)) > 0)
		for (i = 0; i < KINDS; i++)
			if (all[i])
				lib->EVP_DigestUpdate(all[i], buf, (size_t)n);
	free(buf);
	return n == 0;
}

void digests_load(void)
{
	libcrypto_get();
}

bool file_digests(const char *path, struct digests *d, struct err *err)
{
	const struct libcrypto *lib = libcrypto_get();
	EVP_MD_CTX *all[KINDS];
	struct infile in;
	bool good;

	if (!lib)
		return err_set(err, ERR_USAGE,
			       "no checksums: libcrypto is not installed");
	if (!tempfile_needless(path) || !strcmp(path, "-")) {
		err_set(err, ERR_USAGE,
			"no checksums: it can be read only once");
		return err_in_file(err, path);
	}
	if (!infile_open(&in, path, err))
		return false;
	start(lib, all);
	good = add_all(lib, all, &in, err) || err_in_file(err, path);
	end(lib, all[0], d->sha256);
	end(lib, all[1], d->ripemd160);
	end(lib, all[2], d->sha1);
	infile_close(&in);
	return good;
}

#else

void digests_load(void)
{
}

bool file_digests(const char *path, struct digests *d, struct err *err)
{
	(void)path;
	(void)d;
	return err_set(err, ERR_USAGE, "no checksums: built without libcrypto");
}

#endif
