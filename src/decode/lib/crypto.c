/* Owns the calls of libcrypto for decoders. */
#include "config.h"

#include "decode/lib/crypto.h"

#ifdef HAVE_CRYPTO
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "os/libcrypto.h"

enum { BLOCK_SIZE = 64, HMAC_MOST = 128 };

struct crypto {
	const struct libcrypto *lib;
	EVP_MD *md5, *sha256;
	EVP_MD_CTX *digest;
	EVP_CIPHER *ecb, *gcm;
	EVP_CIPHER_CTX *block, *aead;
};

const char *crypto_missing(void)
{
	return libcrypto_get() ? NULL : "libcrypto is not installed";
}

struct crypto *crypto_open(void)
{
	const struct libcrypto *lib = libcrypto_get();
	struct crypto *cr = lib ? calloc(1, sizeof(*cr)) : NULL;

	if (!cr)
		return NULL;
	cr->lib = lib;
	cr->md5 = cr->lib->EVP_MD_fetch(NULL, "MD5", NULL);
	cr->sha256 = cr->lib->EVP_MD_fetch(NULL, "SHA256", NULL);
	cr->digest = cr->lib->EVP_MD_CTX_new();
	cr->ecb = cr->lib->EVP_CIPHER_fetch(NULL, "AES-128-ECB", NULL);
	cr->gcm = cr->lib->EVP_CIPHER_fetch(NULL, "AES-128-GCM", NULL);
	cr->block = cr->lib->EVP_CIPHER_CTX_new();
	cr->aead = cr->lib->EVP_CIPHER_CTX_new();
	if (cr->sha256 && cr->digest && cr->ecb && cr->gcm && cr->block &&
	    cr->aead)
		return cr;
	crypto_close(cr);
	return NULL;
}

void crypto_close(struct crypto *cr)
{
	if (!cr)
		return;
	cr->lib->EVP_MD_CTX_free(cr->digest);
	cr->lib->EVP_CIPHER_CTX_free(cr->block);
	cr->lib->EVP_CIPHER_CTX_free(cr->aead);
	cr->lib->EVP_MD_free(cr->md5);
	cr->lib->EVP_MD_free(cr->sha256);
	cr->lib->EVP_CIPHER_free(cr->ecb);
	cr->lib->EVP_CIPHER_free(cr->gcm);
	free(cr);
}

static bool digest(struct crypto *cr, const EVP_MD *kind, const void *bytes,
		   size_t n, uint8_t *out)
{
	return kind && cr->lib->EVP_DigestInit_ex(cr->digest, kind, NULL) &&
	       cr->lib->EVP_DigestUpdate(cr->digest, bytes, n) &&
	       cr->lib->EVP_DigestFinal_ex(cr->digest, out, NULL);
}

bool crypto_md5(struct crypto *cr, const void *bytes, size_t n,
		uint8_t out[MD5_SIZE])
{
	return digest(cr, cr->md5, bytes, n, out);
}

bool crypto_sha256(struct crypto *cr, const void *bytes, size_t n,
		   uint8_t out[SHA256_SIZE])
{
	return digest(cr, cr->sha256, bytes, n, out);
}

bool crypto_hmac(struct crypto *cr, const void *key, size_t n_key,
		 const void *bytes, size_t n, uint8_t mac[SHA256_SIZE])
{
	uint8_t inner[BLOCK_SIZE + HMAC_MOST] = {0};
	uint8_t outer[BLOCK_SIZE + SHA256_SIZE] = {0};
	unsigned i;

	if (n_key > BLOCK_SIZE || n > HMAC_MOST)
		return false;
	memcpy(inner, key, n_key);
	memcpy(outer, key, n_key);
	for (i = 0; i < BLOCK_SIZE; i++) {
		inner[i] ^= 0x36;
		outer[i] ^= 0x5c;
	}
	memcpy(inner + BLOCK_SIZE, bytes, n);
	return crypto_sha256(cr, inner, BLOCK_SIZE + n, outer + BLOCK_SIZE) &&
	       crypto_sha256(cr, outer, sizeof(outer), mac);
}

bool crypto_aes(struct crypto *cr, const uint8_t key[AES_SIZE],
		const uint8_t in[AES_SIZE], uint8_t out[AES_SIZE])
{
	int n = 0;

	return cr->lib->EVP_EncryptInit_ex(cr->block, cr->ecb, NULL, key,
					   NULL) &&
	       cr->lib->EVP_CIPHER_CTX_set_padding(cr->block, 0) &&
	       cr->lib->EVP_EncryptUpdate(cr->block, out, &n, in, AES_SIZE) &&
	       n == AES_SIZE;
}

bool crypto_gcm_open(struct crypto *cr, const uint8_t key[AES_SIZE],
		     const uint8_t iv[GCM_IV_SIZE], const uint8_t *head,
		     size_t n_head, const uint8_t *bytes, size_t n,
		     uint8_t *out)
{
	uint8_t tag[AES_SIZE];
	int done = 0;

	if (n < AES_SIZE || n > INT_MAX || n_head > INT_MAX)
		return false;
	n -= AES_SIZE;
	memcpy(tag, bytes + n, AES_SIZE);
	return cr->lib->EVP_DecryptInit_ex(cr->aead, cr->gcm, NULL, key, iv) &&
	       cr->lib->EVP_DecryptUpdate(cr->aead, NULL, &done, head,
					  (int)n_head) &&
	       (n == 0 || cr->lib->EVP_DecryptUpdate(cr->aead, out, &done,
						     bytes, (int)n)) &&
	       cr->lib->EVP_CIPHER_CTX_ctrl(cr->aead, EVP_CTRL_AEAD_SET_TAG,
					    AES_SIZE, tag) &&
	       cr->lib->EVP_DecryptFinal_ex(cr->aead, out + n, &done);
}

#else

const char *crypto_missing(void)
{
	return "built without libcrypto";
}

struct crypto *crypto_open(void)
{
	return NULL;
}

void crypto_close(struct crypto *cr)
{
	(void)cr;
}

/* Without libcrypto all of these fail. */

bool crypto_md5(struct crypto *cr, const void *bytes, size_t n,
		uint8_t out[MD5_SIZE])
{
	(void)cr, (void)bytes, (void)n, (void)out;
	return false;
}

bool crypto_sha256(struct crypto *cr, const void *bytes, size_t n,
		   uint8_t out[SHA256_SIZE])
{
	(void)cr, (void)bytes, (void)n, (void)out;
	return false;
}

bool crypto_hmac(struct crypto *cr, const void *key, size_t n_key,
		 const void *bytes, size_t n, uint8_t mac[SHA256_SIZE])
{
	(void)cr, (void)key, (void)n_key, (void)bytes, (void)n, (void)mac;
	return false;
}

bool crypto_aes(struct crypto *cr, const uint8_t key[AES_SIZE],
		const uint8_t in[AES_SIZE], uint8_t out[AES_SIZE])
{
	(void)cr, (void)key, (void)in, (void)out;
	return false;
}

bool crypto_gcm_open(struct crypto *cr, const uint8_t key[AES_SIZE],
		     const uint8_t iv[GCM_IV_SIZE], const uint8_t *head,
		     size_t n_head, const uint8_t *bytes, size_t n,
		     uint8_t *out)
{
	(void)cr, (void)key, (void)iv, (void)head;
	(void)n_head, (void)bytes, (void)n, (void)out;
	return false;
}

#endif
