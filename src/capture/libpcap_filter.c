/* Programs in the hands of libpcap. */
#include "capture/libpcap_filter.h"

#include "capture/pcaplib.h"

_Static_assert(sizeof(struct insn) == sizeof(struct bpf_insn),
	       "a program can be handed to libpcap as it is");

static struct bpf_program theirs(const struct program *p)
{
	return (struct bpf_program){.bf_len = p->n,
				    .bf_insns = (void *)p->insns};
}

bool libpcap_filter_list(const struct program *p, struct str *out)
{
	struct bpf_program program = theirs(p);

	if (!libpcap()->bpf_image)
		return false;
	for (u_int i = 0; i < program.bf_len; i++) {
		str_puts(out,
			 libpcap()->bpf_image(&program.bf_insns[i], (int)i));
		str_putc(out, '\n');
	}
	return true;
}

bool libpcap_filter_dump(const struct program *p, int form, struct err *err)
{
	struct bpf_program program = theirs(p);

	if (!pcaplib_need(bpf_dump, err))
		return false;
	libpcap()->bpf_dump(&program, form);
	return true;
}

bool libpcap_filter_check(const struct program *p, struct err *err)
{
	struct bpf_program program = theirs(p);

	if (!pcaplib_need(bpf_validate, err))
		return false;
	return libpcap()->bpf_validate(program.bf_insns, (int)program.bf_len) ||
	       err_set(err, ERR_USAGE, "%s refuses the program",
		       pcaplib_name());
}

bool libpcap_filter_runs(struct err *err)
{
	return pcaplib_need(bpf_filter, err) &&
	       pcaplib_need(offline_filter, err);
}

uint32_t libpcap_filter_verdict(const struct program *p, const struct pkt *pkt)
{
	struct bpf_program program = theirs(p);

	return libpcap()->bpf_filter(program.bf_insns, pkt->data, pkt->wirelen,
				     pkt->caplen);
}

bool libpcap_filter_matches(const struct program *p, const struct pkt *pkt)
{
	struct bpf_program program = theirs(p);
	struct pcap_pkthdr header = {.caplen = pkt->caplen,
				     .len = pkt->wirelen};

	return libpcap()->offline_filter(&program, &header, pkt->data) != 0;
}
