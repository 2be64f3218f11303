# capture: interfaces of other network namespaces, and those that come and go.

load helper
load live

setup()
{
	cd "$BATS_TEST_TMPDIR"
	flood=$top_builddir/tests/tools/flood
}

teardown()
{
	drop_veth
}

# start ARGS: capture in the background ($capturer), from where we are.
start()
{
	: >said
	"$pcaptool" capture "$@" >out 2>said 3>&- &
	capturer=$!
}

# packets FILE: how many are in it, as capinfos counts.
packets()
{
	capinfos -Mc "$1" | sed -n 's/^Number of packets: *//p'
}

# numbers FILE: the numbers in the frames of flood, a line each.
numbers()
{
	tshark -r "$1" -T fields -e data.data 2>/dev/null |
		while read -r bytes; do echo $((0x${bytes:0:8})); done
}

# names FILE: how many packets each interface has.
names()
{
	tshark -r "$1" -T fields -e frame.interface_name -Y 'eth.type == 0x88b5 or sll.etype == 0x88b5' \
		2>/dev/null | sort | uniq -c | awk '{ print $1, $2 }'
}

# ---- network namespaces ----------------------------------------------------

@test "interfaces of two namespaces in one file, under the names given" {
	make_veth
	need tshark
	start -i "ns:$ns_a/va" -i "ns:$ns_b/vb" -w f.pcapng
	wait_for listening said
	in_a "$flood" va 20 60
	in_b "$flood" vb 10 60
	stop_capture
	[ "$status" = 0 ]
	names f.pcapng >got
	printf '30 %s\n' "ns:$ns_a/va" "ns:$ns_b/vb" | diff - got
	grep -q "^ns:$ns_a/va: 30 captured, 30 received.* 0 dropped by interface" said
	capinfos -I f.pcapng | grep -q 'Number of stat entries = 1'
}

@test "a namespace by process id and by path, and any in it with its names" {
	make_veth
	need tshark
	local pid
	ip netns exec "$ns_b" sleep 60 3>&- &
	pid=$!
	wait_for test "/proc/$pid/ns/net" -ef "/run/netns/$ns_b"
	start -i "ns:$pid/any" -w f.pcapng
	wait_for listening said
	ip -n "$ns_b" link add later type veth peer name later2
	ip -n "$ns_b" link set later up
	ip -n "$ns_b" link set later2 up
	in_a "$flood" va 7 60
	in_b "$flood" later 5 60
	stop_capture
	kill "$pid"
	names f.pcapng >got
	printf '%s\n' "5 ns:$pid/later" "5 ns:$pid/later2" "7 ns:$pid/vb" |
		diff - got
	start -i "ns:/run/netns/$ns_b/vb" -c 3 -w g.pcapng
	wait_for listening said
	in_a "$flood" va 3 60
	wait "$capturer"
	[ "$(summary captured)" = 3 ]
}

@test "namespaces and interfaces that there are not, and no right to enter" {
	make_veth
	run -2 "$pcaptool" capture -i ns:no-such-name/eth0
	[[ $output == *"unknown network namespace 'no-such-name'"* ]]
	run -2 "$pcaptool" capture -i ns:../eth0
	[[ $output == *"unknown network namespace '..'"* ]]
	run -2 "$pcaptool" capture -i "ns:$ns_b/bv"
	[[ $output == *"unknown interface 'ns:$ns_b/bv': did you mean 'ns:$ns_b/vb'?"* ]]
	run -2 "$pcaptool" capture -i "ns:$ns_b"
	[[ $output == *"use ns:NAMESPACE/INTERFACE"* ]]
	run -2 "$pcaptool" capture -i ns:/etc/passwd/eth0
	[[ $output == *"'/etc/passwd' is not a network namespace"* ]]
	need setpriv
	run -1 setpriv --reuid nobody --clear-groups \
		"$pcaptool" capture -i "ns:$ns_b/vb"
	[[ $output == *"CAP_SYS_ADMIN is missing"* ]]
}

@test "list and stats see other namespaces, too" {
	make_veth
	vb_runs()
	{
		"$pcaptool" list --netns "$ns_b" | grep '\. vb .*running'
	}
	wait_for vb_runs
	diff <(in_b "$pcaptool" list) <("$pcaptool" list --netns "$ns_b")
	"$pcaptool" list -L -i "ns:$ns_b/vb" | grep -q EN10MB
	run -2 "$pcaptool" list --netns "$ns_b" formats
	run -2 "$pcaptool" list --netns "$ns_b" -i "ns:$ns_a/va"
	"$pcaptool" --options-as completion -- list --netns "$ns_b" |
		grep -qx "$ns_b"
	"$pcaptool" stats --live "ns:$ns_b/vb" --for 100ms --json |
		tail -n 1 | grep -q "\"name\": \"ns:$ns_b/vb\", \"received\": 0, \"dropped\": 0, \"ifdropped\": 0"
}

# ---- interfaces that are not there yet -------------------------------------

@test "--wait-interface: from the moment it is up, others from the start" {
	make_veth
	need tshark
	start -i "ns:$ns_b/vb" -i "ns:$ns_b/late" --wait-interface -w f.pcapng
	wait_for grep "waiting for interface 'ns:$ns_b/late'" said
	in_a "$flood" va 8 60
	ip -n "$ns_b" link add late address 02:00:00:00:00:03 type veth \
		peer name late2
	ip -n "$ns_b" link set late2 up
	! listening said
	ip -n "$ns_b" link set late up
	wait_for listening said
	in_b "$flood" late2 5 60
	stop_capture
	[ "$status" = 0 ]
	names f.pcapng >got
	printf '%s\n' "5 ns:$ns_b/late" "8 ns:$ns_b/vb" | diff - got
	[ "$(grep -c 'waiting for' said)" = 1 ]
	[ "$(summary captured)" = "$(summary received by filter)" ]
	# with the address that nobody knew at the start
	LC_ALL=C grep -aqP '\x06\x00\x06\x00\x02\x00\x00\x00\x00\x03' f.pcapng
}

@test "--wait-interface: a namespace that is made later" {
	make_veth
	start -i "ns:$ns_a-later/lo" --wait-interface -c 2 -w f.pcapng
	wait_for grep 'waiting for' said
	ip netns add "$ns_a-later"
	ip -n "$ns_a-later" link set lo up
	wait_for listening said
	ip netns exec "$ns_a-later" "$top_builddir/tests/tools/talk"
	wait "$capturer"
	ip netns del "$ns_a-later"
	[ "$(summary captured)" = 2 ]
}

@test "--wait-interface=DURATION, signals, and other errors end the wait" {
	run -2 "$pcaptool" capture -i nonesuch0 --wait-interface=50ms -w f.pcapng
	[[ $output == *"unknown interface 'nonesuch0'"* ]]
	start -i nonesuch0 --wait-interface -w f.pcapng -- touch ran
	wait_for grep 'waiting for' said
	stop_capture TERM
	[ "$status" = 0 ]
	[ "$(summary captured)" = 0 ] && [ "$(summary received by filter)" = 0 ]
	[ ! -e f.pcapng ] && [ ! -e ran ]
	script "log $PWD/log" 'interface x up' 'packet count=3 pad=60' \
		'refuse pcap_activate:1 PCAP_ERROR_IFACE_NOT_UP'
	# every second, where the system says nothing
	play -i x --wait-interface -c 3 2>said
	[ "$(summary captured)" = 3 ]
	script 'interface x up' 'activate PCAP_ERROR_PERM_DENIED socket: denied'
	run -1 play -i x --wait-interface
	[[ $output != *waiting* ]]
}

# ---- interfaces that vanish ------------------------------------------------

# join: vb is there (again).
join()
{
	ip -n "$ns_a" link add va address 02:00:00:00:00:01 type veth \
		peer name vb address 02:00:00:00:00:02 netns "$ns_b"
	ip -n "$ns_a" link set va up
	ip -n "$ns_b" link set vb up
}

# warned COUNT TEXT: TEXT was said that often.
warned()
{
	[ "$(grep -c "$2" said)" = "$1" ]
}

@test "--reopen: deleted and made again, moved away and back, without any right" {
	make_veth
	need tshark
	start -i "ns:$ns_b/vb" --reopen -Z nobody -w f.pcapng ether proto 0x88b5
	wait_for listening said
	in_a "$flood" va 20 60
	ip -n "$ns_b" link del vb
	wait_for warned 1 'The interface disappeared at .*; waiting'
	join
	wait_for warned 1 'captured again since'
	in_a "$flood" va 30 60
	ip -n "$ns_b" link set vb netns "$ns_a"
	wait_for warned 2 'The interface disappeared'
	ip -n "$ns_a" link set vb netns "$ns_b"
	ip -n "$ns_b" link set vb up
	wait_for warned 2 'captured again since'
	ip -n "$ns_b" -d link show vb | grep -q 'promiscuity [12]'
	in_a "$flood" va 10 60
	grep -E '^Cap(Prm|Eff):' "/proc/$capturer/status" >caps
	[ "$(grep -c '0000000000000000$' caps)" = 2 ]
	stop_capture
	[ "$status" = 0 ]
	numbers f.pcapng >got
	(seq 0 19; seq 0 29; seq 0 9) | diff - got
	[ "$(summary captured)" = 60 ] && [ "$(summary received by filter)" = 60 ]
	[ "$(summary dropped by interface)" = 0 ]
	grep -q '^2 gaps without the interface, [0-9.]* s$' said
	# one interface, with one count of all
	[ "$(capinfos -I f.pcapng | grep -c 'Name = ')" = 1 ]
	[ "$(capinfos -I f.pcapng | grep -c 'Number of stat entries = 1')" = 1 ]
}

@test "--reopen=DURATION: the others go on, status 3 when it did not come back" {
	make_veth
	start -i "ns:$ns_a/lo" -i "ns:$ns_b/vb" --reopen=200ms -w f.pcapng
	wait_for listening said
	ip -n "$ns_b" link del vb
	wait_for warned 1 'vb: it did not come back (the capture goes on without it)'
	in_a "$top_builddir/tests/tools/talk"
	stop_capture
	[ "$status" = 3 ]
	[ "$(packets f.pcapng)" = "$(summary captured)" ]
	[ "$(packets f.pcapng)" -gt 5 ]
	run -2 "$pcaptool" capture -i lo --reopen -I
	run -2 "$pcaptool" capture -i lo --reopen -j adapter
}

@test "--reopen: another link layer under the same name is refused" {
	make_veth
	ip -n "$ns_a" tuntap add try mode tun 2>/dev/null || skip "no tun devices"
	start -i "ns:$ns_b/vb" --reopen -w f.pcapng
	wait_for listening said
	ip -n "$ns_b" link del vb
	ip -n "$ns_b" tuntap add vb mode tun
	ip -n "$ns_b" link set vb up
	wait_for warned 1 'vb: it is back, and cannot be captured: it has another link layer'
	ip -n "$ns_b" link del vb
	join
	wait_for warned 1 'captured again'
	in_a "$flood" va 5 60
	stop_capture
	[ "$status" = 0 ] && [ "$(summary captured)" = 5 ]
}

# begin SCRIPT-LINES -- ARGS: capture from the fake libpcap in the background,
# which plays these lines. It is not opened again by them: another script has to
# be there first.
begin()
{
	local lines=() n
	for n in 2 3 4 5 6 7; do
		lines+=("refuse pcap_activate:$n PCAP_ERROR_NO_SUCH_DEVICE")
	done
	while [ "$1" != -- ]; do
		lines+=("$1")
		shift
	done
	shift
	script "${lines[@]}"
	: >said
	"$pcaptool" --libpcap "$fake" capture "$@" >out 2>said 3>&- &
	capturer=$!
	wait_for listening said
}

@test "--reopen with a new handle: counters go on, the filter is the one in force" {
	need tshark
	echo 'greater 1' >filter
	begin "log $PWD/log" 'interface x up' 'packet count=3 pad=60' \
		'dropped 4' 'pause 300' 'error The driver gave up' \
		-- -i x -F filter --reopen -w f.pcapng
	echo 'less 80' >filter
	kill -HUP "$capturer"
	wait_for grep 'filter was read again' said
	script "log $PWD/log" 'interface x up' 'packet count=5 pad=60' \
		'packet count=2 pad=90' 'dropped 2' 'signal INT'
	wait "$capturer"
	grep -q 'x: The driver gave up at .*; waiting for it to come back' said
	[ "$(summary captured)" = 8 ]
	[ "$(summary received by filter)" = 14 ]
	[ "$(summary dropped by kernel)" = 6 ]
	grep -q '^1 gaps' said
	[ "$(capinfos -I f.pcapng | grep -c 'Name = x')" = 1 ]
	[ "$(tshark -r f.pcapng -T fields -e frame.len 2>/dev/null | sort -u)" = 60 ]
}

@test "--reopen with another link type: a new interface in pcapng, refused for pcap" {
	need tshark
	# in the sandbox the fake library could not read its script again
	export PCAPTOOL_SANDBOX=off
	local name
	for name in f.pcapng f.pcap; do
		begin 'interface x up' 'packet count=3 pad=60' 'dropped 4' \
			'pause 300' 'error The interface disappeared' \
			-- -i x --reopen -w $name
		script 'interface x up' 'linktypes RAW' 'dropped 1' \
			'packet count=5 4500003c00000000400100007f0000017f000001 pad=60' \
			'signal INT'
		[ $name = f.pcapng ] || break
		wait "$capturer"
	done
	wait_for grep 'cannot be captured' said
	stop_capture
	[ "$status" = 0 ]
	grep -q 'cannot be captured: it has link type RAW, and the savefile can hold only one' said
	[ "$(summary captured)" = 3 ]
	[ "$(packets f.pcap)" = 3 ]
	[ "$(packets f.pcapng)" = 8 ]
	capinfos -I f.pcapng >info
	grep -q 'Encapsulation = Raw IP' info
	tshark -r f.pcapng -T fields -e frame.interface_id -e frame.protocols \
		2>/dev/null | sort | uniq -c >got
	[ "$(awk '{ print $1, $2 }' got | xargs)" = '3 0 5 1' ]
	grep -q '5 1.*raw:ip:icmp' got
}

@test "an interface that fails over and over is reopened once a second" {
	script 'interface x up' 'packet pad=60' 'error It failed'
	play -i x --reopen --for 1500ms -w f.pcapng 2>said
	[ "$(grep -c 'captured again' said)" -ge 1 ]
	[ "$(grep -c 'captured again' said)" -le 3 ]
}

@test "a new name: no gap, with and without --reopen" {
	make_veth
	local option
	for option in "" --reopen; do
		start -i "ns:$ns_b/vb" $option --force -w f.pcapng
		wait_for listening said
		in_a "$flood" va 5 60
		ip -n "$ns_b" link set vb down
		ip -n "$ns_b" link set vb name vc
		wait_for warned 1 'vb: the interface is called vc now'
		ip -n "$ns_b" link set vc up
		in_a "$flood" va 5 60
		stop_capture
		[ "$status" = 0 ]
		[ "$(summary captured)" = 10 ] &&
			[ "$(packets f.pcapng)" = 10 ]
		ip -n "$ns_b" link set vc down
		ip -n "$ns_b" link set vc name vb
		ip -n "$ns_b" link set vb up
	done
}

@test "gone right after the last frame: all is written; removed namespaces go on" {
	make_veth
	start -i "ns:$ns_b/vb" -w f.pcapng
	wait_for listening said
	ip netns del "$ns_b"
	in_a "$flood" va 500 60
	ip -n "$ns_a" link del va
	status=0
	wait "$capturer" || status=$?
	[ "$status" = 3 ]
	[ "$(packets f.pcapng)" = 500 ]
	[ "$(summary captured)" = 500 ]
}
