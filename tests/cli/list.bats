# list: interfaces as tcpdump, dumpcap and ip see them; the fake libpcap for what
# this machine does not have; the tables of what the tool knows.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

teardown()
{
	drop_veth
}

# play: read a script from stdin, and use the fake libpcap with it.
play()
{
	need_choice
	cat >script
	export PCAPTOOL_FAKE=$PWD/script
	export PCAPTOOL_LIBPCAP=$top_builddir/tests/fake/libpcap.so
}

# need_modern: skip this test if the linked libpcap is not the one of the other
# tools, which know more or less than we do then.
need_modern()
{
	need tcpdump
	tcpdump --version 2>&1 |
		grep -qF "$("$pcaptool" --version | grep '^libpcap version')" ||
		skip "tcpdump has another libpcap"
}

# family ADDRESS PREFIX BROADCAST of each interface, by us and by ip.
our_addresses()
{
	"$@" "$pcaptool" -q list --json | jq -r '.[] | .name as $n |
		(select(.mac) | "\($n) ether \(.mac)"),
		(.addresses[] | "\($n) \(.family) \(.address)/\(.prefix)" +
			" \(.broadcast // "")")' | sort
}

ip_addresses()
{
	"$@" ip -j addr | jq -r '.[] | .ifname as $n |
		(select(.link_type == "ether") | "\($n) ether \(.address)"),
		(.addr_info[] | "\($n) \(.family) \(.local)/\(.prefixlen)" +
			" \(.broadcast // "")")' | sort
}

@test "interfaces: numbers, names and flags of tcpdump -D" {
	need_modern
	need jq
	diff -u <(tcpdump -D | sed -E 's/ \(.*\)//; s/Associated/Connected/
			s/Not associated/Disconnected/
			s/, [A-Za-z]* status unknown//
			s/\[[A-Za-z]* status unknown\]/[none]/') \
		<("$pcaptool" -q list --json | jq -r '.[] |
			[if .up then "Up" else empty end,
			if .running then "Running" else empty end,
			if .loopback then "Loopback" else empty end,
			if .wireless then "Wireless" else empty end,
			if .connection == "connected" then "Connected"
			elif .connection == "disconnected" then "Disconnected"
			else empty end] as $flags |
			"\(.number).\(.name) [\($flags | join(", "))]" |
			sub("\\[\\]"; "[none]")')
	"$pcaptool" -q list | grep -E '^ +1\. .*default'
}

@test "interfaces: addresses of dumpcap -D -M" {
	need_modern
	need dumpcap jq
	diff -u <(dumpcap -D -M | awk -F'\t' '{
			sub(/^[0-9]*\. /, "", $1); print $1, $5 }') \
		<("$pcaptool" -q list --json | jq -r '.[] |
			.name + " " + ([.addresses[].address] | join(","))')
}

@test "interfaces: addresses, prefixes, broadcasts, MACs of ip addr" {
	need_modern
	need ip jq
	diff -u <(ip_addresses env) <(our_addresses env)
	our_addresses env | grep '^lo inet 127.0.0.1/8'
}

@test "interfaces: the same in a namespace with more to see" {
	need_modern
	need jq
	make_veth
	in_a ip addr add 192.0.2.17/28 broadcast 192.0.2.31 dev va
	in_a ip addr add 198.51.100.1 peer 198.51.100.2/32 dev va
	in_b ip link set vb down
	diff -u <(ip_addresses in_a) <(our_addresses in_a)
	our_addresses in_a | grep '^va inet 192.0.2.17/28 192.0.2.31'
	in_a "$pcaptool" list --json | jq -e '.[] | select(.name == "va") |
		.addresses[] | select(.address == "198.51.100.1") |
		.peer == "198.51.100.2"'
	in_a "$pcaptool" list --json | jq -e '.[] | select(.name == "va") |
		.connection == "disconnected" and .running == false and .up'
	in_b "$pcaptool" list --json | jq -e '.[] | select(.name == "vb") |
		.up == false and .linktypes == null and
		(.linktypes_error | test("not up"))'
}

@test "-L and -J are those of tcpdump" {
	need_modern
	need jq
	tcpdump -L -i lo >/dev/null 2>&1 || skip "may not open interfaces"
	diff -u <(tcpdump -L -i lo 2>&1 | sed -n 's/^  //p') \
		<("$pcaptool" list -L -i lo --json |
			jq -r '.[] | "\(.name) (\(.description))"')
	diff -u <(tcpdump -L -i any 2>&1 | sed -n 's/^  //p') \
		<("$pcaptool" list -L -i any --json |
			jq -r '.[] | "\(.name) (\(.description))"')
	diff -u <(tcpdump -J -i lo 2>&1 | sed -n 's/^  //p') \
		<("$pcaptool" list -J -i lo --json |
			jq -r '.[] | "\(.name) (\(.description))"')
}

@test "the text for people" {
	play <<-'END'
	interface fake0 up running connected
	mac 02:00:00:00:00:01
	address 192.0.2.1/24 broadcast 192.0.2.255
	address 2001:db8::1/64
	interface radio0 wireless disconnected
	description a radio
	address 198.51.100.1/32 peer 198.51.100.2
	interface nflog
	description packets of the firewall
	interface lo up running loopback
	linktypes EN10MB RAW 290
	END
	# only what the system knows as interfaces is opened unasked: lo here
	"$pcaptool" list >got
	diff -u - got <<-'END'
	  1. fake0   up, running, connected, default
	      ether       02:00:00:00:00:01
	      inet        192.0.2.1/24 broadcast 192.0.2.255
	      inet6       2001:db8::1/64
	  2. radio0  wireless, disconnected  a radio
	      inet        198.51.100.1/32 peer 198.51.100.2
	  3. nflog   -                       packets of the firewall
	  4. lo      up, running, loopback
	      link types  EN10MB (Ethernet), RAW (Raw IP), 290
	END
}

@test "-i: one interface, by name or number, and how others are refused" {
	play <<-'END'
	interface fake0 up
	interface fake1 up
	linktypes RAW
	END
	"$pcaptool" list -i fake1 >got
	diff -u - got <<-'END'
	  2. fake1  up
	      link types  RAW (Raw IP)
	END
	diff -u got <("$pcaptool" list -i 2)
	run -2 "$pcaptool" list -i fkae1
	[ "$output" = "pcaptool: unknown interface 'fkae1': did you mean 'fake1'?" ]
	run -2 "$pcaptool" list -L -i fkae1
	[ "$output" = "pcaptool: unknown interface 'fkae1': did you mean 'fake1'?" ]
	run -2 "$pcaptool" list -i nonesuch
	[ "$output" = "pcaptool: unknown interface 'nonesuch' (see 'pcaptool list')" ]
	run -2 "$pcaptool" list -J -i 3
	[ "$output" = "pcaptool: no interface number 3: the last is 2" ]
}

@test "JSON: every documented key" {
	need jq
	play <<-'END'
	interface fake0 up running connected
	description one "quoted"
	mac 02:00:00:00:00:01
	address 192.0.2.1/24 broadcast 192.0.2.255
	address 198.51.100.1/32 peer 198.51.100.2
	linktypes EN10MB 290
	END
	jq -cS . >want <<-'END'
	[{"number": 1, "name": "fake0", "description": "one \"quoted\"",
	"default": true, "up": true, "running": true, "loopback": false,
	"wireless": false, "connection": "connected",
	"mac": "02:00:00:00:00:01",
	"addresses": [
	{"family": "inet", "address": "192.0.2.1", "prefix": 24,
	"broadcast": "192.0.2.255"},
	{"family": "inet", "address": "198.51.100.1", "prefix": 32,
	"peer": "198.51.100.2"}],
	"linktypes": [
	{"dlt": 1, "name": "EN10MB", "description": "Ethernet",
	"default": true},
	{"dlt": 290, "name": null, "description": null, "default": false}]}]
	END
	diff -u want <("$pcaptool" list -i fake0 --json | jq -cS .)
	# each of them stands in the manual page
	local key
	for key in $(jq -r '.. | objects | keys[]' want); do
		grep -Eq "^\.(It )?Cm (.* )?$key( |\$)" \
			"$top_srcdir/man/pcaptool-list.1.in" || {
			echo "$key is not documented"
			return 1
		}
	done
}

@test "no interfaces at all" {
	play </dev/null
	[ "$("$pcaptool" list)" = "" ]
	[ "$("$pcaptool" list --json)" = "[]" ]
	run -1 "$pcaptool" list -L
	[ "$output" = "pcaptool: no interface to capture from" ]
	play <<<'no-devices the list is on fire'
	run -1 "$pcaptool" list
	[ "$output" = "pcaptool: the interfaces cannot be listed: the list is on fire" ]
}

@test "an interface that may not be opened" {
	play <<-'END'
	interface lo up loopback
	activate PCAP_ERROR_PERM_DENIED go away
	END
	run --separate-stderr "$pcaptool" list
	[ "$status" = 0 ]
	[ "$output" = "  1. lo  up, loopback, default" ]
	[[ $stderr == *"link types are not shown"*CAP_NET_RAW* ]]
	run -1 "$pcaptool" list -L
	[[ $output == *"lo: not permitted to capture: "*setcap* ]]
}

@test "-I: monitor mode" {
	play <<-'END'
	interface lo up
	interface radio0 up wireless
	rfmon
	linktypes IEEE802_11_RADIO
	log log
	END
	"$pcaptool" list -L -I -i radio0 | grep IEEE802_11_RADIO
	grep 'radio0 set_rfmon 1' log
	run -2 "$pcaptool" list -L -I -i lo
	[[ $output == "pcaptool: lo: "* ]]
	run -2 "$pcaptool" list -I
	run -2 "$pcaptool" list -I -J -i radio0
	run -2 "$pcaptool" list -L -J
}

@test "--remote: the interfaces of a capture server" {
	play <<-'END'
	interface lo up loopback
	address 127.0.0.1/8
	END
	"$pcaptool" list --remote rpcap://host:2002 >got
	diff -u - got <<-'END'
	  1. rpcap://host:2002/lo  up, loopback
	      inet        127.0.0.1/8
	END
	diff -u got <("$pcaptool" list --remote rpcap://host:2002/)
	diff -u got <("$pcaptool" list --remote rpcap://host:2002 -i 1)
	run -2 "$pcaptool" list --remote host
	[ "$output" = "pcaptool: 'host' is not a remote capture server: use rpcap://HOST or rpcap://HOST:PORT" ]
	run -2 "$pcaptool" list --remote rpcap://host -L
	run -2 "$pcaptool" list --remote rpcap://host formats
	play <<<'no-devices nobody is there'
	run -1 "$pcaptool" list --remote rpcap://host
	[ "$output" = "pcaptool: rpcap://host: nobody is there" ]
	PCAPTOOL_LIBPCAP=$top_builddir/tests/fake/libpcap-old.so
	run -2 "$pcaptool" list --remote rpcap://host
	[ "$output" = "pcaptool: libpcap 1.0.0 has no pcap_findalldevs_ex (since 1.9, when built with remote capture)" ]
}

@test "foreign text is harmless on a terminal" {
	printf 'interface f\033[2Jake0 up\ndescription \033]0;x\007\302\233\n' >evil
	play <evil
	"$pcaptool" list >got
	"$pcaptool" list --json >>got
	"$pcaptool" list -i nonesuch 2>>got || true
	! grep -q "$(printf '[\033\007\302]')" got
	grep -F 'f\x1b[2Jake0' got
}

@test "linktypes, tstamp-types, formats" {
	need_modern
	need jq
	"$pcaptool" list linktypes | grep -E '^ +1 +1 +EN10MB +Ethernet$'
	"$pcaptool" list linktypes | grep -E '^ +101 +[0-9]+ +RAW +'
	"$pcaptool" list linktypes --json |
		jq -e '.[] | select(.name == "LINUX_SLL2").linktype == 276'
	"$pcaptool" list tstamp-types --json | jq -e '.[0].name == "host"'
	"$pcaptool" list formats | grep -E '^pcapng +\.pcapng'
	"$pcaptool" list formats --json |
		jq -e '.[] | select(.name == "pcap").suffixes[0] == ".pcap"'
}

@test "protocols and fields: those that read shows" {
	need jq
	"$pcaptool" list protocols | grep -E '^udp  .*ip proto 17'
	"$pcaptool" list protocols --json >protocols
	jq -e '.[] | select(.name == "ip") |
		.found_by | index("ethertype 0x0800") != null' protocols
	"$pcaptool" list fields ip | grep -E '^ip\.src +ipv4 '
	"$pcaptool" list fields --json >fields
	# as many as the protocols say, each of them once
	[ "$(jq 'map(.fields) | add' protocols)" = "$(jq length fields)" ]
	jq -e '(map(.name) | unique | length) == length and
		all(.[]; .type and .description and .protocol)' fields
	diff <("$pcaptool" list fields --json ip | jq -r '.[].name') \
		<(jq -r '.[] | select(.protocol == "ip").name' fields)
	# and each can be asked for
	make_pcap sample
	"$pcaptool" read --no-header sample.pcap 2>said >/dev/null \
		--fields "$(jq -r 'map(.name) | join(",")' fields)" ||
		grep 'built without libcrypto' said
	run -2 "$pcaptool" list fields ipv
	[[ $output == *"unknown protocol 'ipv': did you mean 'ip"* ]]
}

@test "fields: Wireshark knows them by the same names" {
	need tshark jq
	"$pcaptool" list fields --json | jq -r '.[].name' | sort >ours
	tshark -G fields 2>/dev/null | awk -F'\t' '$1 == "F" { print $3 }' |
		sort -u >theirs
	tshark -G protocols 2>/dev/null | awk -F'\t' '{ print $3 }' |
		sort -u >>theirs
	sort -u -o theirs theirs
	comm -23 ours theirs >strange
	cat strange
	# names come and go between versions of Wireshark: most must agree
	[ "$(($(wc -l <strange) * 50))" -le "$(wc -l <ours)" ]
}

@test "api: a row for each function, and which of them are there" {
	need_modern
	need jq
	"$pcaptool" list api --json >api
	jq -e 'length > 110 and all(.[]; .function and .type and .arguments and
		.since and .kind and .present != null and .commands)' api
	jq -e '.[] | select(.function == "pcap_activate") | .present and
		(.commands | index("list") != null) and .kind == "needed"' api
	jq -e '.[] | select(.function == "pcap_getevent") | .present == false and
		.kind == "windows"' api
	# what the library exports is what we call present
	local lib
	lib=$("$pcaptool" --version | sed -n 's/^  from //p')
	if [ -n "$lib" ] && command -v nm >/dev/null; then
		diff -u <(jq -r '.[] | select(.present).function' api | sort) \
			<(nm -D "$lib" | sed -En 's/.* T ((pcap|bpf)_.*)/\1/p' |
				grep -E 'pcap_|bpf_(dump|filter|image|validate)' | sort)
	fi
	"$pcaptool" --libpcap "$top_builddir/tests/fake/libpcap-old.so" list api |
		grep -E '^pcap_set_tstamp_precision +1.5 +optional +missing'
}

@test "resolve: each kind of name, as the filter compiler sees it" {
	run -0 "$pcaptool" list resolve 192.0.2.7
	[[ ${lines[1]} =~ ^host\ +192\.0\.2\.7\ +host\ 192\.0\.2\.7$ ]]
	"$pcaptool" list resolve 2001:db8::0:1 | grep -E '^host +2001:db8::1 '
	"$pcaptool" list resolve tcp | grep -E '^protocol +6 +ip proto \\tcp$'
	"$pcaptool" list resolve arp | grep -E '^ethertype +0x0806 +ether proto'
	"$pcaptool" list resolve stp | grep -E '^llc +0x42 +'
	"$pcaptool" list resolve 2:0:0:0:0:1F |
		grep -E '^ethernet host +02:00:00:00:00:1f '
	"$pcaptool" list resolve 8000-8080 | grep -E '^port range +8000-8080 +tcp'
	if grep -q '^domain[[:space:]]*53/udp' /etc/services; then
		"$pcaptool" list resolve domain |
			grep -E '^port +53 +tcp, udp, sctp +port domain$'
	fi
	for mac in a1b2c3d4e5f6 a1b2.c3d4.e5f6 A1-b2-c3-d4-e5-f6; do
		"$pcaptool" list resolve $mac |
			grep -E '^ethernet host +a1:b2:c3:d4:e5:f6 '
	done
	# libpcap would take the lower 16 bits
	run -0 "$pcaptool" list resolve 65535
	[[ $output == *"port 65535"* ]]
	for port in 65536 65616 80-65616; do
		run "$pcaptool" list resolve $port
		[[ $output != *"port 80"* && $output != *"port "* ]]
	done
	run -1 "$pcaptool" list resolve no-such-name.invalid
	[ "$output" = "pcaptool: 'no-such-name.invalid' means nothing in a filter" ]
	[ "$("$pcaptool" list resolve --json no-such-name.invalid 2>/dev/null)" = "[]" ]
}

@test "resolve: what it says of a filter compiles to that" {
	need tcpdump jq
	local expression
	for name in 192.0.2.7 tcp arp stp 2:0:0:0:0:1f 8000-8080 ip; do
		"$pcaptool" list resolve --json "$name" |
			jq -r '.[].expression'
	done >expressions
	[ "$(wc -l <expressions)" -ge 7 ]
	while read -r expression; do
		tcpdump -y EN10MB -d "$expression" >/dev/null || {
			echo "no filter: $expression"
			return 1
		}
	done <expressions
}

@test "wrong words" {
	run -2 "$pcaptool" list fromats
	[ "${lines[0]}" = "pcaptool: unknown list 'fromats': did you mean 'formats'?" ]
	run -2 "$pcaptool" list resolve
	run -2 "$pcaptool" list devices extra
	run -2 "$pcaptool" list formats -i lo
	[[ $output == *"do not go with 'list formats'"* ]]
}

@test "output that cannot be written" {
	[ -e /dev/full ] || skip "no /dev/full"
	run -3 sh -c '"$1" list >/dev/full' sh "$pcaptool"
}
