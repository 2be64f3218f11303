/* Keeping what a source only lends: interfaces. */
#include "pkt/ifcopy.h"

#include <stdlib.h>
#include <string.h>

/* The copy, and where its next bytes go. */
struct piece {
	struct iface iface;
	struct pkt_meta meta;
	char bytes[];
};

static const void *put(char **at, const void *from, size_t n)
{
	char *to = *at;

	if (!from)
		return NULL;
	if (n > 0)
		memcpy(to, from, n);
	*at += n;
	return to;
}

static size_t text_size(const char *text)
{
	return text ? strlen(text) + 1 : 0;
}

struct iface *iface_copy(const struct iface *iface, struct err *err)
{
	const char *const *texts[] = {&iface->name,	&iface->description,
				      &iface->hardware, &iface->os,
				      &iface->filter,	NULL};
	size_t size = iface->mac ? 6 : 0, i;
	struct piece *p;
	char *at;

	for (i = 0; texts[i]; i++)
		size += text_size(*texts[i]);
	if (iface->meta)
		size += iface->meta->options_len;
	p = malloc(sizeof(*p) + size);
	if (!p) {
		err_nomem(err, "interfaces");
		return NULL;
	}
	p->iface = *iface;
	at = p->bytes;
#define PUT(text) p->iface.text = put(&at, iface->text, text_size(iface->text))
	PUT(name);
	PUT(description);
	PUT(hardware);
	PUT(os);
	PUT(filter);
#undef PUT
	p->iface.mac = put(&at, iface->mac, 6);
	if (iface->meta) {
		p->meta = *iface->meta;
		p->meta.options =
		    put(&at, iface->meta->options, iface->meta->options_len);
		p->iface.meta = &p->meta;
	}
	return &p->iface;
}

struct iface *iface_copy_shown(const struct iface *iface, struct err *err)
{
	struct iface shown = *iface;

	shown.meta = NULL;
	return iface_copy(&shown, err);
}
