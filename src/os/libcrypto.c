/* Loads libcrypto, or has it linked. */
#include "config.h"

#ifdef HAVE_CRYPTO
#include "os/libcrypto.h"

#ifdef LIBCRYPTO_FILE
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

static struct libcrypto loaded;
static bool whole; /* all functions are in loaded */

/* A pointer to a function cannot be had from one to an object by a cast. */
static bool find(void *library, const char *name, void *slot)
{
	void *address = dlsym(library, name);

	memcpy(slot, &address, sizeof(address));
	return address;
}

static void load(void)
{
	void *library = dlopen(LIBCRYPTO_FILE, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		return;
	whole = true;
#define FUNCTION(name) whole &= find(library, #name, &loaded.name);
#include "os/libcrypto.def"
}

const struct libcrypto *libcrypto_get(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return whole ? &loaded : NULL;
}

#else

static const struct libcrypto linked = {
#define FUNCTION(name) .name = name,
#include "os/libcrypto.def"
};

const struct libcrypto *libcrypto_get(void)
{
	return &linked;
}

#endif
#endif
