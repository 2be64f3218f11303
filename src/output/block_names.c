/* Owns the names of a savefile: a hash table that grows. */
#include "output/block_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/log.h"
#include "os/seed.h"
#include "pkt/options.h"

enum { BLOCK_NAMES = 4, NAMES_IPV4 = 1, NAMES_IPV6 = 2 };

/* At most so many addresses have names, which together take so much memory:
   the table and the names stay below 48 MiB whatever is in the file. */
#define ENTRIES_MAX (1U << 18)
#define TEXT_MAX ((size_t)16 << 20)

struct entry {
	uint8_t n; /* bytes of the address; 0: free */
	uint8_t address[16];
	char *name;
};

struct block_names {
	struct hash_seed seed;
	struct entry *entries;
	size_t n, room; /* room: a power of two, at least twice n */
	size_t text;	/* bytes of all names */
	bool full;	/* some were left out, and that was said */
};

struct block_names *block_names_open(void)
{
	struct block_names *names = calloc(1, sizeof(*names));

	if (names)
		seed_get(&names->seed);
	return names;
}

void block_names_close(struct block_names *names)
{
	if (!names)
		return;
	for (size_t i = 0; i < names->room; i++)
		free(names->entries[i].name);
	free(names->entries);
	free(names);
}

/* The entry of the address, or the free one where it belongs. */
static struct entry *entry_of(const struct block_names *names,
			      const uint8_t *bytes, size_t n)
{
	struct hash h = hash_start(&names->seed);
	uint8_t key[16] = {0};
	size_t at;

	memcpy(key, bytes, n);
	hash_add(&h, key, sizeof(key), &names->seed);
	for (at = (size_t)h.a + n;; at++) {
		struct entry *e = &names->entries[at & (names->room - 1)];

		if (e->n == 0 || (e->n == n && !memcmp(e->address, bytes, n)))
			return e;
	}
}

static bool grow(struct block_names *names)
{
	struct block_names more = *names;

	if (names->n * 2 < names->room)
		return true;
	more.room = names->room ? names->room * 2 : 64;
	more.entries = names->n < ENTRIES_MAX
			   ? calloc(more.room, sizeof(*more.entries))
			   : NULL;
	if (!more.entries)
		return false;
	for (size_t i = 0; i < names->room; i++) {
		const struct entry *e = &names->entries[i];

		if (e->n)
			*entry_of(&more, e->address, e->n) = *e;
	}
	free(names->entries);
	*names = more;
	return true;
}

/* Names of addresses that have none so far are left out from here. */
static void refuse(struct block_names *names)
{
	if (!names->full)
		log_warn("only the first %zu names of the file's name "
			 "resolution blocks are used (limits: %u names, %zu "
			 "MiB)",
			 names->n, ENTRIES_MAX, TEXT_MAX >> 20);
	names->full = true;
}

static void add(struct block_names *names, const uint8_t *bytes, size_t n,
		const char *name, size_t len)
{
	struct entry *e;
	char *copy;

	if (names->full || names->text + len > TEXT_MAX || !grow(names)) {
		refuse(names);
		return;
	}
	copy = strndup(name, len);
	if (!copy)
		return;
	e = entry_of(names, bytes, n);
	names->n += e->n == 0;
	names->text += strlen(copy);
	if (e->name)
		names->text -= strlen(e->name);
	free(e->name);
	e->n = (uint8_t)n;
	memcpy(e->address, bytes, n);
	e->name = copy;
}

/* A record: an address, then names that each end with a NUL. */
static void add_record(struct block_names *names, const uint8_t *value,
		       size_t len, size_t n)
{
	const char *name = (const char *)value + n;
	const char *end = (const char *)value + len, *next;

	for (; name < end; name = next + 1) {
		next = memchr(name, '\0', (size_t)(end - name));
		if (!next)
			next = end;
		if (next > name)
			add(names, value, n, name, (size_t)(next - name));
	}
}

void block_names_add(struct block_names *names, const struct block *block)
{
	/* records have the form of options, with a type of 0 at their end */
	struct options records =
	    options_of(block->body, block->len, block->swapped);
	struct option record;

	if (block->type != BLOCK_NAMES || block->before)
		return;
	if (block->after) {
		log_warn("a name resolution block is too long to be used");
		return;
	}
	while (options_next(&records, &record)) {
		size_t n = record.code == NAMES_IPV4   ? 4
			   : record.code == NAMES_IPV6 ? 16
						       : 0;

		if (n && record.len > n)
			add_record(names, record.value, record.len, n);
	}
}

const char *block_names_find(const struct block_names *names,
			     const uint8_t *bytes, size_t n)
{
	return names->room ? entry_of(names, bytes, n)->name : NULL;
}
