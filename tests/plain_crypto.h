/*
 * The functions of decode/lib/crypto.c without secrets, for tests that send
 * Initials of QUIC: the linker puts these before those (--wrap).
 */
#ifndef TESTS_PLAIN_CRYPTO_H
#define TESTS_PLAIN_CRYPTO_H

#include <string.h>

#include "decode/lib/crypto.h"

enum { PLAIN_TAG = 16 };

const char *__wrap_crypto_missing(void);
struct crypto *__wrap_crypto_open(void);
void __wrap_crypto_close(struct crypto *cr);
bool __wrap_crypto_md5(struct crypto *cr, const void *bytes, size_t n,
		       uint8_t digest[MD5_SIZE]);
bool __wrap_crypto_sha256(struct crypto *cr, const void *bytes, size_t n,
			  uint8_t digest[SHA256_SIZE]);
bool __wrap_crypto_hmac(struct crypto *cr, const void *key, size_t n_key,
			const void *bytes, size_t n, uint8_t mac[SHA256_SIZE]);
bool __wrap_crypto_aes(struct crypto *cr, const uint8_t key[AES_SIZE],
		       const uint8_t in[AES_SIZE], uint8_t out[AES_SIZE]);
bool __wrap_crypto_gcm_open(struct crypto *cr, const uint8_t key[AES_SIZE],
			    const uint8_t iv[GCM_IV_SIZE], const uint8_t *head,
			    size_t n_head, const uint8_t *bytes, size_t n,
			    uint8_t *out);

const char *__wrap_crypto_missing(void)
{
	return NULL;
}

struct crypto *__wrap_crypto_open(void)
{
	static char one;

	return (struct crypto *)&one;
}

void __wrap_crypto_close(struct crypto *cr)
{
	(void)cr;
}

/* All bytes are read, so that a sanitizer sees what is not there. */
static bool sum(const void *bytes, size_t n, uint8_t *out, size_t n_out)
{
	const uint8_t *p = bytes;
	uint8_t all = 0;
	size_t i;

	for (i = 0; i < n; i++)
		all ^= p[i];
	memset(out, all, n_out);
	return true;
}

bool __wrap_crypto_md5(struct crypto *cr, const void *bytes, size_t n,
		       uint8_t digest[MD5_SIZE])
{
	(void)cr;
	return sum(bytes, n, digest, MD5_SIZE);
}

bool __wrap_crypto_sha256(struct crypto *cr, const void *bytes, size_t n,
			  uint8_t digest[SHA256_SIZE])
{
	(void)cr;
	return sum(bytes, n, digest, SHA256_SIZE);
}

/* The keys are the same for all, */
bool __wrap_crypto_hmac(struct crypto *cr, const void *key, size_t n_key,
			const void *bytes, size_t n, uint8_t mac[SHA256_SIZE])
{
	(void)cr, (void)key, (void)n_key;
	sum(bytes, n, mac, SHA256_SIZE);
	memset(mac, 0, SHA256_SIZE);
	return true;
}

/* headers are not protected, */
bool __wrap_crypto_aes(struct crypto *cr, const uint8_t key[AES_SIZE],
		       const uint8_t in[AES_SIZE], uint8_t out[AES_SIZE])
{
	(void)cr, (void)key;
	sum(in, AES_SIZE, out, AES_SIZE);
	memset(out, 0, AES_SIZE);
	return true;
}

/* and payloads neither; a tag that begins with 1 is wrong. */
bool __wrap_crypto_gcm_open(struct crypto *cr, const uint8_t key[AES_SIZE],
			    const uint8_t iv[GCM_IV_SIZE], const uint8_t *head,
			    size_t n_head, const uint8_t *bytes, size_t n,
			    uint8_t *out)
{
	uint8_t all;

	(void)cr, (void)key, (void)iv;
	sum(head, n_head, &all, 1);
	if (n < PLAIN_TAG || bytes[n - PLAIN_TAG] == 1)
		return false;
	memmove(out, bytes, n - PLAIN_TAG);
	return true;
}

#endif
