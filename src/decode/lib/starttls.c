/* Protocols of lines that may go on with TLS. */
#include "decode/lib/starttls.h"
#include "decode/lib/textline.h"
#include "decode/proto_ids.h"

bool starttls_message(struct cur c, struct framing *f)
{
	f->size = cur_left(&c);
	return true;
}

void starttls_follow(struct app_message *f, const char *command,
		     const char *yes, bool tagged)
{
	struct cur c = f->message, line, word;

	/* the last line of a segment decides */
	while (text_last_line(&c, &line))
		continue;
	word = text_word(&line);
	if (tagged)
		word = text_word(&line);
	if (f->to_server) {
		f->app->state = text_is(&word, command);
		return;
	}
	if (f->app->state && text_is(&word, yes))
		f->then = PROTO_tls;
	f->app->state = 0;
}

void starttls_line(struct summary *l, const char *name)
{
	const struct layer *layer = l->layer;
	struct cur c = cur_over(layer->data, layer->caplen, layer->len), line;

	summary_puts(l, name);
	if (!text_last_line(&c, &line) || !cur_left(&line))
		return;
	summary_puts(l, ": ");
	summary_foreign(l, line.pos, cur_left(&line));
}
