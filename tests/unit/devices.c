/* The list of devices, and which one a word means. */
#include "capture/devices.h"

#include "fake.h"
#include "tap.h"

static const char *const network =
    "interface eth0 up running connected\n"
    "description first\n"
    "mac 02:00:00:00:00:01\n"
    "address 192.0.2.1/24 broadcast 192.0.2.255\n"
    "address 192.0.2.9/32 broadcast 192.0.2.9\n"
    "address 198.51.100.1/32 broadcast 198.51.100.2\n"
    "address 2001:db8::1/61\n"
    "interface 3 wireless disconnected\n"
    "interface lo up loopback not-applicable\n";

static void resolves(const char *word, const char *want, const char *what)
{
	struct err err = {0};
	char *name;

	if (!device_resolve(word, &name, &err))
		printf("# %s\n", err.text);
	is_str(name ? name : "nothing", want, what);
	free(name);
}

static void test_list(void)
{
	struct devices devices;
	struct err err = {0};
	const struct device *d;
	uint8_t mac[6] = {2, 0, 0, 0, 0, 1};

	ok(devices_init(&devices, &err), "a list");
	is_int(devices.n, 3, "of three");
	d = devices_find(&devices, "eth0");
	ok(d == devices_default(&devices), "the first is the default");
	ok_all("and says so", eq(d->number, 1), d->is_default, d->flags_known);
	ok_all("its flags", d->up, d->running, !d->loopback, !d->wireless);
	is_int(d->link, DEVICE_CONNECTED, "its link");
	is_str(d->description, "first", "its description");
#ifdef __linux__
	ok_all("its MAC address", d->has_mac, !memcmp(d->mac, mac, 6));
#endif
	is_int(d->n_addresses, 4, "its addresses");
	ok_all("one with a broadcast address", eq(d->addresses[0].bits, 24),
	       d->addresses[0].has_broadcast, !d->addresses[0].has_peer);
	ok_all("one whose broadcast address is itself has none",
	       !d->addresses[1].has_broadcast, !d->addresses[1].has_peer);
	ok_all("one beyond the network is a peer", d->addresses[2].has_peer,
	       !d->addresses[2].has_broadcast,
	       eq(d->addresses[2].peer.bytes[3], 2));
	ok_all("an odd prefix", eq(d->addresses[3].addr.version, 6),
	       eq(d->addresses[3].bits, 61));
	d = devices_find(&devices, "3");
	ok_all("a name that is a number comes before the number", d,
	       eq(d->number, 2), d->wireless, eq(d->link, DEVICE_DISCONNECTED));
	d = devices_find(&devices, "1");
	ok_all("a number", d, eq_str(d->name, "eth0"));
	ok_all("and nothing else", !devices_find(&devices, "4"),
	       !devices_find(&devices, "0"), !devices_find(&devices, "eth"));
	devices_fini(&devices);
	ok(!devices_default(&devices), "nothing is left");
}

static void test_resolve(void)
{
	struct err err = {0};
	char *name;

	resolves(NULL, "eth0", "the default");
	resolves("lo", "lo", "a name");
	resolves("1", "eth0", "a number");
	resolves("3", "3", "a name that is a number");
	resolves("usbmon0", "usbmon0", "a name that is not in the list");
	ok_all("a number beyond the list", !device_resolve("4", &name, &err),
	       eq(err.kind, ERR_USAGE));
	is_str(err.text, "no interface number 4: the last is 3",
	       "and its message");
	fake_play("");
	ok_all("no default in an empty list",
	       !device_resolve(NULL, &name, &err), eq(err.kind, ERR_FAULT));
	fake_play("no-devices because\n");
	ok_all("no list", !device_resolve("lo", &name, &err), !name);
	is_str(err.text, "the interfaces cannot be listed: because",
	       "and its message");
	fake_play(network);
}

static void refusal(int status, const char *reason, enum err_kind kind,
		    const char *want, const char *what)
{
	struct err err = {0};

	ok_all(what, !device_refused("eth1", status, reason, &err),
	       eq(err.kind, kind));
	if (!ok(strstr(err.text, want) != NULL, "and its message"))
		printf("#  got: %s\n# want: %s\n", err.text, want);
}

static void test_refusals(void)
{
	refusal(PCAP_ERROR_NO_SUCH_DEVICE, "", ERR_USAGE,
		"unknown interface 'eth1': did you mean 'eth0'?",
		"an unknown name");
	refusal(PCAP_ERROR_PERM_DENIED, "socket: no", ERR_FAULT, "CAP_NET_RAW",
		"no right");
	refusal(PCAP_ERROR_PROMISC_PERM_DENIED, "", ERR_FAULT,
		"promiscuous mode (-p captures without it)",
		"no right to promiscuous mode");
	refusal(PCAP_ERROR, "it broke", ERR_FAULT,
		"eth1: cannot capture: it broke", "another error");
	refusal(PCAP_ERROR_IFACE_NOT_UP, "", ERR_FAULT,
		"eth1: That device is not up", "an interface that is down");
	refusal(PCAP_ERROR_IFACE_NOT_UP, "That device is not up", ERR_FAULT,
		"eth1: That device is not up", "which is said once");
}

int main(void)
{
	struct devices devices;
	struct err err = {0};

	fake_start("libpcap.so");
	fake_play(network);
	test_list();
	test_resolve();
	test_refusals();
	fake_play("interface eth0\ninterface lo loopback\n");
	if (ok(devices_init(&devices, &err), "a list in which none is up"))
		ok(!devices.item[0].flags_known, "is from an old library");
	devices_fini(&devices);
	return done();
}
