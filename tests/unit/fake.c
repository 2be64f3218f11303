/* The fake libpcap, through the table: what other tests rely on. */
#include "fake.h"

#include <poll.h>
#include <signal.h>

#include "tap.h"

struct seen {
	unsigned count;
	struct pcap_pkthdr last;
	u_char bytes[64];
	pcap_t *break_after_first;
};

static volatile sig_atomic_t got_signal;

static void on_signal(int number)
{
	got_signal = number;
}

static void handler(u_char *user, const struct pcap_pkthdr *header,
		    const u_char *data)
{
	struct seen *seen = (void *)user;

	seen->count++;
	seen->last = *header;
	memcpy(seen->bytes, data,
	       header->caplen < sizeof(seen->bytes) ? header->caplen
						    : sizeof(seen->bytes));
	if (seen->break_after_first)
		libpcap()->breakloop(seen->break_after_first);
}

static int dispatch(pcap_t *p, int count, struct seen *seen)
{
	memset(seen, 0, sizeof(*seen));
	return libpcap()->dispatch(p, count, handler, (u_char *)seen);
}

static pcap_t *start(const char *name, bool nonblock)
{
	char errbuf[PCAP_ERRBUF_SIZE] = "";
	pcap_t *p = libpcap()->create(name, errbuf);

	if (!p) {
		printf("Bail out! %s\n", errbuf);
		exit(EXIT_FAILURE);
	}
	libpcap()->set_tstamp_precision(p, 1);
	libpcap()->set_timeout(p, 100);
	if (libpcap()->activate(p) < 0)
		printf("# %s\n", libpcap()->geterr(p));
	libpcap()->setnonblock(p, nonblock, errbuf);
	return p;
}

static bool readable(pcap_t *p, int ms)
{
	struct pollfd pfd = {.fd = libpcap()->get_selectable_fd(p),
			     .events = POLLIN};

	return poll(&pfd, 1, ms) == 1;
}

static void test_packets(void)
{
	struct bpf_program program;
	struct seen seen;
	pcap_t *p;

	fake_play("interface eth0 up\n"
		  "packet count=3 number=0 pad=8 time=5.25 step=7\n"
		  "packet dir=out wire=100 0102 03\n");
	p = start("eth0", true);
	is_int(libpcap()->get_selectable_fd(p) >= 0, 1, "a descriptor");
	ok(readable(p, 0), "it is readable while packets wait");
	is_int(dispatch(p, 2, &seen), 2, "no more than asked for");
	is_int(seen.bytes[3], 2, "the second has its number");
	is_int(seen.last.caplen, 8, "all of it");
	is_int(seen.last.ts.tv_sec, 5, "its second");
	is_int(seen.last.ts.tv_usec, 250000007, "its nanosecond");
	is_int(dispatch(p, -1, &seen), 2, "the rest of them");
	is_int(seen.last.caplen, 3, "captured length");
	is_int(seen.last.len, 100, "length on the wire");
	is_int(seen.bytes[2], 3, "bytes");
	is_int(dispatch(p, -1, &seen), 0, "then none");
	ok(!readable(p, 0), "and the descriptor is not readable");
	libpcap()->close(p);

	p = start("eth0", true);
	is_int(libpcap()->compile(p, &program, "ether[3] = 3", 1, 0), 0,
	       "a filter compiles");
	is_int(libpcap()->setfilter(p, &program), 0, "and is set");
	libpcap()->freecode(&program);
	is_int(dispatch(p, -1, &seen), 1, "one packet passes");
	is_int(seen.bytes[3], 3, "the right one");
	is_int(libpcap()->compile(p, &program, "no such thing", 1, 0), -1,
	       "a bad filter does not compile");
	ok(libpcap()->geterr(p)[0] != '\0', "and says why");
	libpcap()->close(p);

	p = start("eth0", true);
	libpcap()->setdirection(p, PCAP_D_OUT);
	is_int(dispatch(p, -1, &seen), 1, "only what goes out");
	libpcap()->close(p);
}

static void test_waiting(void)
{
	struct seen seen;
	pcap_t *p;

	fake_play("interface eth0\npacket\npacket wait=20 01\n");
	p = start("eth0", false);
	is_int(dispatch(p, -1, &seen), 1, "the first is there");
	is_int(dispatch(p, -1, &seen), 1, "the second is waited for");
	is_int(dispatch(p, -1, &seen), 0, "the third never comes");
	libpcap()->breakloop(p);
	is_int(dispatch(p, -1, &seen), PCAP_ERROR_BREAK, "a loop is broken");
	libpcap()->close(p);

	p = start("eth0", true);
	is_int(dispatch(p, -1, &seen), 1, "without waiting: the first");
	ok(readable(p, 5000), "the descriptor wakes us for the second");
	is_int(dispatch(p, -1, &seen), 1, "which is there");
	libpcap()->close(p);

	fake_play("interface eth0\npacket\nsignal USR1\npacket\n");
	signal(SIGUSR1, on_signal);
	p = start("eth0", true);
	is_int(dispatch(p, 1, &seen), 1, "a packet before the signal");
	ok(!got_signal, "which has not come yet");
	is_int(dispatch(p, -1, &seen), 1, "a packet after it");
	is_int(got_signal, SIGUSR1, "the signal came");
	libpcap()->close(p);
}

static void test_faults(void)
{
	char errbuf[PCAP_ERRBUF_SIZE] = "";
	struct pcap_stat stats;
	pcap_if_t *devices;
	struct seen seen;
	pcap_t *p;

	fake_play("interface eth0\nreceived 4294967290\npacket count=10\n"
		  "dropped 7\nif-dropped 1\nerror The interface disappeared\n"
		  "interface eth1\nactivate PCAP_ERROR_PERM_DENIED not you\n"
		  "interface eth2\npromisc PCAP_WARNING_PROMISC_NOTSUP\n"
		  "stats-fail no counters\n");
	p = start("eth0", true);
	is_int(dispatch(p, -1, &seen), 10, "the packets before the fault");
	is_int(libpcap()->stats(p, &stats), 0, "statistics");
	is_int(stats.ps_recv, 11, "wrap at 2^32");
	is_int(stats.ps_drop, 7, "dropped");
	is_int(stats.ps_ifdrop, 1, "dropped by the interface");
	is_int(dispatch(p, -1, &seen), -1, "then the fault");
	is_str(libpcap()->geterr(p), "The interface disappeared", "its text");
	libpcap()->close(p);

	p = libpcap()->create("eth1", errbuf);
	is_int(libpcap()->activate(p), PCAP_ERROR_PERM_DENIED, "not permitted");
	is_str(libpcap()->geterr(p), "not you", "its text");
	libpcap()->close(p);
	p = libpcap()->create("eth3", errbuf);
	is_int(libpcap()->activate(p), PCAP_ERROR_NO_SUCH_DEVICE,
	       "no such one");
	libpcap()->close(p);
	p = libpcap()->create("eth2", errbuf);
	libpcap()->set_promisc(p, 1);
	is_int(libpcap()->activate(p), PCAP_WARNING_PROMISC_NOTSUP,
	       "a warning");
	is_int(libpcap()->set_snaplen(p, 1), PCAP_ERROR_ACTIVATED, "too late");
	is_int(libpcap()->stats(p, &stats), -1, "no statistics");
	libpcap()->close(p);

	fake_play("interface eth0\nfrobnicate\n");
	ok(!libpcap()->create("eth0", errbuf), "a script with a mistake");
	ok(strstr(errbuf, "line 2: frobnicate") != NULL, "is refused by line");
	fake_play("no-devices out of order\n");
	is_int(libpcap()->findalldevs(&devices, errbuf), -1, "no list");
	is_str(errbuf, "out of order", "and its reason");
}

int main(void)
{
	struct err err = {0};

	fake_start("libpcap.so");
	is_str(pcaplib_name(), "libpcap 1.99.0", "its version");
	test_packets();
	test_waiting();
	test_faults();

	ok(!fake_load("libpcap-broken.so", &err), "a needed function missing");
	is_str(err.text,
	       "libpcap 1.99.0 has no pcap_dispatch, which is required",
	       "is refused by name");
	is_str(pcaplib_name(), "libpcap 1.99.0", "the one before stays");
	ok(fake_load("libpcap-old.so", &err), "optional ones missing");
	is_str(pcaplib_name(), "libpcap 1.0.0", "do not matter");
	ok(!pcaplib_need(set_tstamp_precision, &err), "but say so when asked");
	is_str(err.text,
	       "libpcap 1.0.0 has no pcap_set_tstamp_precision (since 1.5)",
	       "by name");
	return done();
}
