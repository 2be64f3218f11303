/*
 * What decoders need of cryptography, by libcrypto: digests for fingerprints,
 * and what opens the packets of QUIC whose keys are public. One thread's; what
 * it allocates it allocates once.
 */
#ifndef DECODE_LIB_CRYPTO_H
#define DECODE_LIB_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MD5_SIZE = 16, SHA256_SIZE = 32, AES_SIZE = 16, GCM_IV_SIZE = 12 };

struct crypto;

/* Returns NULL if libcrypto can be used, else a message that says why not
   ("built without libcrypto"). The first call loads the library. */
const char *crypto_missing(void);

/* Returns NULL if libcrypto is missing or lacks an algorithm, or without
   memory. */
struct crypto *crypto_open(void);
/* Frees what it allocated; keys are the caller's. */
void crypto_close(struct crypto *cr);

/* Digests of n bytes. false: this libcrypto refuses (MD5 may be forbidden). */
bool crypto_md5(struct crypto *cr, const void *bytes, size_t n,
		uint8_t digest[MD5_SIZE]);
bool crypto_sha256(struct crypto *cr, const void *bytes, size_t n,
		   uint8_t digest[SHA256_SIZE]);

/* HMAC with SHA-256 (RFC 2104) of no more than 128 bytes, with a key of no
   more than 64. */
bool crypto_hmac(struct crypto *cr, const void *key, size_t n_key,
		 const void *bytes, size_t n, uint8_t mac[SHA256_SIZE]);

/* One block of AES-128. */
bool crypto_aes(struct crypto *cr, const uint8_t key[AES_SIZE],
		const uint8_t in[AES_SIZE], uint8_t out[AES_SIZE]);

/*
 * Open n bytes of AES-128-GCM; the last 16 are the tag; out has room
 * for the others, and may be `bytes`. head: what is authenticated beside them.
 * false: it was not sealed with this key, or was changed.
 */
bool crypto_gcm_open(struct crypto *cr, const uint8_t key[AES_SIZE],
		     const uint8_t iv[GCM_IV_SIZE], const uint8_t *head,
		     size_t n_head, const uint8_t *bytes, size_t n,
		     uint8_t *out);

#endif
