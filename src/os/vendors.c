/* The registered beginnings of MAC addresses, sorted. */
#include "config.h"

#include "os/vendors.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/str.h"

/* Far more than have been assigned; a file that has more is not read on. */
enum { VENDORS_MOST = 1 << 20, LINE_MOST = 4096 };

struct vendor {
	uint64_t prefix; /* in the upper of 48 bits */
	uint32_t bits;
	uint32_t name; /* where it begins in names */
};

struct vendors {
	struct vendor *list;
	size_t n, room;
	struct str names; /* each ends with a NUL */
};

static int compare(const void *a, const void *b)
{
	const struct vendor *x = a, *y = b;

	if (x->prefix != y->prefix)
		return x->prefix < y->prefix ? -1 : 1;
	return (x->bits > y->bits) - (x->bits < y->bits);
}

static bool vendor_add(struct vendors *v, uint64_t prefix, unsigned bits,
		       const char *name, size_t n)
{
	struct vendor *list;

	if (v->n == v->room) {
		v->room = v->room ? 2 * v->room : 16384;
		list = realloc(v->list, v->room * sizeof(*list));
		if (!list)
			return false;
		v->list = list;
	}
	v->list[v->n++] = (struct vendor){prefix, bits, (uint32_t)v->names.len};
	str_put(&v->names, name, n);
	str_putc(&v->names, '\0');
	return !v->names.failed;
}

/* A line: registry, hexadecimal digits, name, which may be quoted ("" in it is
   one quote), address. Others are passed over. false: no memory. */
static bool take_line(struct vendors *v, char *line)
{
	char *digits = strchr(line, ','), *name, *end, *to;
	uint64_t prefix;
	unsigned bits;

	if (!digits)
		return true;
	prefix = strtoull(++digits, &end, 16);
	bits = (unsigned)(end - digits) * 4;
	if (*end != ',' || bits < 24 || bits > 44)
		return true;
	name = to = end + 1;
	if (*name != '"') {
		to = name + strcspn(name, ",\r\n");
	} else {
		for (end = ++name; *end && (*end != '"' || end[1] == '"');
		     end++) {
			end += *end == '"';
			*to++ = *end;
		}
		name--;
	}
	while (to > name && to[-1] == ' ')
		to--;
	return to == name || vendor_add(v, prefix << (48 - bits), bits, name,
					(size_t)(to - name));
}

/* false: no memory. */
static bool take_file(struct vendors *v, const char *directory,
		      const char *name)
{
	char path[4096], line[LINE_MOST];
	bool good = true;
	FILE *f;

	if (snprintf(path, sizeof(path), "%s/%s", directory, name) >=
	    (int)sizeof(path))
		return true;
	f = fopen(path, "re");
	if (!f)
		return true;
	while (good && v->n < VENDORS_MOST && fgets(line, sizeof(line), f))
		good = take_line(v, line);
	fclose(f);
	return good;
}

struct vendors *vendors_open(const char *directory, struct err *err)
{
	static const char *const files[] = {"oui.csv", "mam.csv", "oui36.csv",
					    "iab.csv"};
	struct vendors *v = calloc(1, sizeof(*v));
	bool good = v != NULL;
	size_t i;

	if (!directory)
		directory = IEEE_DATA_DIR;
	for (i = 0; good && i < ARRAY_LEN(files); i++)
		good = take_file(v, directory, files[i]);
	if (good && v->n) {
		qsort(v->list, v->n, sizeof(*v->list), compare);
		return v;
	}
	if (good)
		err_set(err, ERR_FAULT, "%s: no registry of MAC addresses",
			directory);
	else
		err_nomem(err, "names of vendors");
	vendors_close(v);
	return NULL;
}

void vendors_close(struct vendors *vendors)
{
	if (!vendors)
		return;
	free(vendors->list);
	str_fini(&vendors->names);
	free(vendors);
}

/* The last one that is not after the key, or NULL. */
static const struct vendor *find(const struct vendors *v,
				 const struct vendor *key)
{
	size_t from = 0, to = v->n, middle;

	while (from < to) {
		middle = from + (to - from) / 2;
		if (compare(&v->list[middle], key) <= 0)
			from = middle + 1;
		else
			to = middle;
	}
	return from ? &v->list[from - 1] : NULL;
}

const char *vendors_name(const struct vendors *vendors, const uint8_t mac[6])
{
	static const unsigned lengths[] = {44, 40, 36, 32, 28, 24};
	struct vendor key = {0};
	uint64_t all = 0;
	size_t i;

	for (i = 0; i < 6; i++)
		all = all << 8 | mac[i];
	for (i = 0; i < ARRAY_LEN(lengths); i++) {
		const struct vendor *found;

		key.bits = lengths[i];
		key.prefix = all >> (48 - key.bits) << (48 - key.bits);
		found = find(vendors, &key);
		if (found && !compare(found, &key))
			return str_text(&vendors->names) + found->name;
	}
	return NULL;
}
