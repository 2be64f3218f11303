/*
 * Owns the table of libpcap functions: the system's library by default, loaded
 * when it is needed, and the loading of another one in its place.
 */
#include "config.h"

#include "capture/pcaplib.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"

#ifndef LIBPCAP_FILE
/*
 * The functions of the linked library under names of our own, since a header
 * of an older version declares some of them with other consts. Those that are
 * not needed are weak references: the linker and the loader leave NULL where
 * the library lacks one, so that one binary runs with older and newer libraries
 * alike.
 */
#define LABEL_TEXT(prefix) #prefix
#define LABEL(prefix) LABEL_TEXT(prefix)
#define NEEDED(type, name, symbol, args, since, commands)                      \
	extern type linked_##name args __asm__(                                \
	    LABEL(__USER_LABEL_PREFIX__) #symbol);
#define OPTIONAL(type, name, symbol, args, since, commands)                    \
	extern type linked_##name args __asm__(                                \
	    LABEL(__USER_LABEL_PREFIX__) #symbol) __attribute__((weak));
#include "capture/pcaplib.def"

static const struct pcaplib linked = {
#define FUNCTION(type, name, symbol, args, since, commands)                    \
	.name = linked_##name,
#include "capture/pcaplib.def"
};
#endif

static const struct pcaplib_row rows[] = {
#define ROW(kind, type, name, symbol, args, since, commands, offset)           \
	{kind, #type, #name, #symbol, #args, since, commands, offset},
#define SLOT_ROW(kind, type, name, symbol, args, since, commands)              \
	ROW(kind, type, name, symbol, args, since, commands,                   \
	    offsetof(struct pcaplib, name))
#define NEEDED(...) SLOT_ROW(PCAPLIB_NEEDED, __VA_ARGS__)
#define OPTIONAL(...) SLOT_ROW(PCAPLIB_OPTIONAL, __VA_ARGS__)
#define REMOTE(...) SLOT_ROW(PCAPLIB_REMOTE, __VA_ARGS__)
#define WINDOWS(...) ROW(PCAPLIB_WINDOWS, __VA_ARGS__, SIZE_MAX)
#include "capture/pcaplib.def"
};

#define ROWS ARRAY_LEN(rows)

static struct pcaplib chosen, systems;	       /* filled when they are loaded */
static _Atomic(const struct pcaplib *) in_use; /* NULL: the system's, later */

typedef void any_function(void);

static any_function *slot_get(const struct pcaplib *lib, size_t offset)
{
	any_function *function;

	memcpy(&function, (const char *)lib + offset, sizeof(function));
	return function;
}

const struct pcaplib_row *pcaplib_rows(size_t *count)
{
	*count = ROWS;
	return rows;
}

bool pcaplib_has(const struct pcaplib_row *row)
{
	return row->kind != PCAPLIB_WINDOWS && slot_get(libpcap(), row->offset);
}

const char *pcaplib_version(void)
{
	return pcaplib_ready(NULL) ? libpcap()->lib_version() : NULL;
}

/* "..., based on libpcap version 1.10.3 (...)" -> "libpcap 1.10.3" */
static const char *version_name(const char *version, char *buf, size_t size)
{
	static const char mark[] = "libpcap version ";
	const char *number = version ? strstr(version, mark) : NULL;

	if (!number)
		return "this libpcap";
	number += sizeof(mark) - 1;
	snprintf(buf, size, "libpcap %.*s", (int)strcspn(number, " ,()"),
		 number);
	return buf;
}

const char *pcaplib_name(void)
{
	static char name[64];

	return version_name(pcaplib_version(), name, sizeof(name));
}

const char *pcaplib_file(void)
{
	any_function *theirs = (any_function *)libpcap()->lib_version;
	any_function *ours = (any_function *)pcaplib_file;
	void *address;
	Dl_info info, self;

	if (!theirs)
		return NULL;
	memcpy(&address, &theirs, sizeof(address));
	if (!dladdr(address, &info) || !info.dli_fname)
		return NULL;
	memcpy(&address, &ours, sizeof(address));
	if (dladdr(address, &self) && self.dli_fbase == info.dli_fbase)
		return NULL;
	return info.dli_fname;
}

bool pcaplib_lacks(const char *slot, struct err *err)
{
	const struct pcaplib_row *row = rows;

	if (!pcaplib_ready(err))
		return false;
	while (row < rows + ROWS && strcmp(row->slot, slot) != 0)
		row++;
	if (row == rows + ROWS)
		return err_set(err, ERR_USAGE, "%s has no %s", pcaplib_name(),
			       slot);
	return err_set(err, ERR_USAGE, "%s has no %s (since %s%s)",
		       pcaplib_name(), row->symbol, row->since,
		       row->kind == PCAPLIB_REMOTE
			   ? ", when built with remote capture"
			   : "");
}

/*
 * RTLD_DEEPBIND: where libpcap is linked, it comes first in the scope in which
 * a second one would look up even the functions that it calls itself. With this
 * flag it prefers its own; without it pcap_activate() of the one could end in
 * pcap_close() of the other. musl and the sanitizers' run-time do not have it;
 * there a library is safe if it was linked with -Bsymbolic.
 */
static int dlopen_flags(void)
{
	int flags = RTLD_NOW | RTLD_LOCAL;

#if defined(RTLD_DEEPBIND) && !defined(SANITIZERS)
	flags |= RTLD_DEEPBIND;
#endif
	return flags;
}

static void *open_library(const char *path, struct err *err)
{
	size_t len = strlen(path);
	struct stat st;
	const char *why;
	void *handle;

	/* dlopen() would wait for ever for the writer of a FIFO */
	if (!stat(path, &st) && !S_ISREG(st.st_mode)) {
		err_set(err, ERR_USAGE, "is not a file: no libpcap to load");
		err_in_file(err, path);
		return NULL;
	}
#ifdef STATIC
	err_set(err, ERR_USAGE,
		"cannot be loaded as libpcap: this pcaptool is one static file "
		"and keeps the libpcap that it was built with");
	err_in_file(err, path);
	return NULL;
#endif
	handle = dlopen(path, dlopen_flags());
	if (handle)
		return handle;
	why = dlerror();
	if (!why)
		why = "unknown reason";
	if (!strncmp(why, path, len) && !strncmp(why + len, ": ", 2))
		why += len + 2;
	err_set(err, ERR_USAGE, "cannot be loaded as libpcap: %s", why);
	err_in_file(err, path);
	return NULL;
}

/* Fill every slot of *lib from handle; false: a needed function is missing. */
static bool bind_library(struct pcaplib *lib, void *handle, struct err *err)
{
	const char *(*version)(void) = NULL;
	const struct pcaplib_row *row;
	char name[64];
	void *address;

	for (row = rows; row < rows + ROWS; row++) {
		if (row->kind == PCAPLIB_WINDOWS)
			continue;
		address = dlsym(handle, row->symbol);
		memcpy((char *)lib + row->offset, &address, sizeof(address));
	}
	version = lib->lib_version;
	if (!version)
		return err_set(err, ERR_USAGE,
			       "is not libpcap: pcap_lib_version not found");
	for (row = rows; row < rows + ROWS; row++)
		if (row->kind == PCAPLIB_NEEDED && !slot_get(lib, row->offset))
			return err_set(
			    err, ERR_USAGE, "%s has no %s, which is required",
			    version_name(version(), name, sizeof(name)),
			    row->symbol);
	return true;
}

/* Tell the library that our texts are UTF-8 (it is the default everywhere but
   on Windows), and let it complain before anything else is asked of it. */
static bool init_library(const struct pcaplib *lib, struct err *err)
{
	char errbuf[PCAP_ERRBUF_SIZE] = "";

	if (lib->init && lib->init(PCAP_CHAR_ENC_UTF_8, errbuf))
		return err_set(err, ERR_FAULT, "libpcap does not start: %s",
			       errbuf);
	return true;
}

/* Fill *lib from handle, which goes if that fails; messages name the file. */
static bool take_library(struct pcaplib *lib, void *handle, const char *file,
			 struct err *err)
{
	struct pcaplib found;

	memset(&found, 0, sizeof(found));
	if (!bind_library(&found, handle, err) || !init_library(&found, err)) {
		dlclose(handle);
		return err_in_file(err, file);
	}
	*lib = found;
	return true;
}

void pcaplib_use(const struct pcaplib *table)
{
	atomic_store(&in_use, table);
}

static bool load_file(const char *path, struct err *err)
{
	void *handle = open_library(path, err);

	if (!handle || !take_library(&chosen, handle, path, err))
		return false;
	pcaplib_use(&chosen);
	return true;
}

/* ---- the system's --------------------------------------------------------*/

static bool load_systems(struct err *err)
{
#ifdef LIBPCAP_FILE
	void *handle = dlopen(LIBPCAP_FILE, RTLD_NOW | RTLD_LOCAL);

	if (!handle)
		return err_set(err, ERR_FAULT, "libpcap cannot be loaded: %s",
			       dlerror());
	return take_library(&systems, handle, LIBPCAP_FILE, err);
#else
	systems = linked;
	return init_library(&systems, err);
#endif
}

bool pcaplib_ready(struct err *err)
{
	static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
	static bool whole; /* systems is filled */
	bool good;

	if (atomic_load(&in_use))
		return true;
	pthread_mutex_lock(&lock);
	if (!whole)
		whole = load_systems(err);
	if (whole)
		pcaplib_use(&systems);
	good = whole;
	pthread_mutex_unlock(&lock);
	return good;
}

const struct pcaplib *libpcap(void)
{
	static const struct pcaplib none;

	return pcaplib_ready(NULL) ? atomic_load(&in_use) : &none;
}

bool pcaplib_load(const char *choice, struct err *err)
{
	if (!strcmp(choice, "system")) {
		pcaplib_use(NULL);
		return true;
	}
	if (!strcmp(choice, "npcap") || !strcmp(choice, "wpcap"))
		return err_set(err, ERR_USAGE,
			       "%s is only available on Windows", choice);
	if (!strcmp(choice, "tcpdump"))
		return load_file(PKGLIBDIR "/libpcap.so", err);
	if (choice[0] != '/')
		return err_set(err, ERR_USAGE,
			       "no libpcap is called '%s': use system, tcpdump "
			       "or an absolute path",
			       choice);
	return load_file(choice, err);
}
