# capture -F: on SIGHUP the file is read again, and the new filter is put in
# force without an end of the capture and without a loss.

load helper
load live

setup()
{
	cd "$BATS_TEST_TMPDIR"
	! grep -q '^SigIgn:.*[13579bdf]$' /proc/self/status ||
		skip "SIGHUP is ignored here"
}

teardown()
{
	drop_veth
}

# reread N: it was read again N times.
reread()
{
	[ "$(grep -c 'read again and is in force' said)" = "$1" ]
}

# flood COUNT: that many frames of protocol 0x88b5 to vb.
flood()
{
	in_a "$top_builddir/tests/tools/flood" va "$1" 60
}

# change N: send SIGHUP and wait until the filter was read for the Nth time.
change()
{
	kill -HUP "$capturer"
	wait_for reread "$1"
}

in_file()
{
	"$pcaptool" filter --count "$1" "$2"
}

@test "another filter, of an interface and of any" {
	make_veth
	need ping
	local iface n=0
	for iface in vb any; do
		echo 'icmp[0] == 8 # requests' >expr
		start_in_b -i "$iface" -F expr -w "$iface.pcapng"
		in_a ping -c 3 -i 0.01 -q 10.0.0.2 >/dev/null
		flood 5
		echo 'ether proto 0x88b5' >expr
		[ "$iface" != any ] || echo 'ether[0:2] == 0x88b5' >expr
		change 1
		in_a ping -c 3 -i 0.01 -q 10.0.0.2 >/dev/null
		flood 7
		# all of them, at last
		: >expr
		change 2
		in_a ping -c 2 -i 0.01 -q 10.0.0.2 >/dev/null
		stop_capture
		[ "$status" = 0 ]
		[ "$(in_file 'icmp[0] == 8' "$iface.pcapng")" = 5 ]
		[ "$(in_file icmp "$iface.pcapng")" = 7 ]
		[ "$(summary captured)" = "$(in_file '' "$iface.pcapng")" ]
		[ "$(summary captured)" = "$(summary received by filter)" ]
		[ "$(summary captured)" -ge 14 ]
	done
	[ "$(in_file 'ether proto 0x88b5' vb.pcapng)" = 7 ]
}

@test "what both filters accept is not lost, whenever the filter changes" {
	make_veth
	echo 'ether proto 0x88b5' >expr
	start_in_b -i vb -F expr -B 64M -w f.pcap
	flood 30000 &
	local flooder=$! i
	for ((i = 1; i <= 20; i++)); do
		echo "ether proto 0x88b5 or port $i" >expr
		change $i
	done
	wait $flooder
	flood 10
	stop_capture
	[ "$(summary captured)" = 30010 ]
	[ "$(summary dropped by kernel)" = 0 ]
	[ "$(in_file '' f.pcap)" = 30010 ]
}

@test "a filter that is wrong or gone: that is said, and the old one stays" {
	make_veth
	need ping
	echo 'icmp[0] == 8' >expr
	start_in_b -i vb -F expr -w f.pcapng
	echo 'icmp or or' >expr
	kill -HUP "$capturer"
	wait_for grep -q 'the filter stays as it was' said
	grep -q 'syntax error' said
	rm expr
	kill -HUP "$capturer"
	wait_for grep -q 'expr: cannot be opened' said
	mkfifo expr
	kill -HUP "$capturer"
	wait_for grep -q 'expr: is not a regular file' said
	in_a ping -c 2 -i 0.01 -q 10.0.0.2 >/dev/null
	rm expr
	echo 'icmp[0] == 0' >expr
	change 1
	in_a ping -c 2 -i 0.01 -q 10.0.0.2 >/dev/null
	stop_capture
	[ "$status" = 0 ]
	[ "$(summary captured)" = 4 ]
	[ "$(in_file 'icmp[0] == 8' f.pcapng)" = 2 ]
}

@test "with rotation a new file begins as well" {
	make_veth
	need ping
	echo 'icmp[0] == 8' >expr
	start_in_b -i vb -F expr -w r-%n.pcap --rotate-packets 1000
	in_a ping -c 3 -i 0.01 -q 10.0.0.2 >/dev/null
	echo 'icmp' >expr
	change 1
	wait_for test -e r-00001.pcap
	in_a ping -c 3 -i 0.01 -q 10.0.0.2 >/dev/null
	stop_capture
	# the kernel's buffer may have held some of the first three
	[ $(($(in_file '' r-00001.pcap) + $(in_file '' r-00002.pcap))) = 9 ]
	[ "$(in_file 'icmp[0] == 0' r-00001.pcap)" = 0 ]
	[ "$(in_file 'icmp[0] == 0' r-00002.pcap)" = 3 ]
}

@test "one interface of two, with its other filters and a program" {
	make_veth
	need ping
	"$pcaptool" compile -y EN10MB --as asm 'icmp[0] == 8' >prog
	echo 'host 10.0.0.9' >expr
	start_in_b --bpf prog -i lo -i vb -F expr -f 'dst 10.0.0.2' -w f.pcap
	in_a ping -c 2 -i 0.01 -q 10.0.0.2 >/dev/null
	echo 'icmp' >expr
	change 1
	ip -n "$ns_b" addr add 10.0.0.3/24 dev vb
	in_a ping -c 2 -i 0.01 -q 10.0.0.2 >/dev/null
	in_a ping -c 2 -i 0.01 -q 10.0.0.3 >/dev/null
	in_b ping -c 1 -q 127.0.0.1 >/dev/null
	stop_capture
	[ "$(in_file 'icmp[0] == 8 and dst 10.0.0.2' f.pcap)" = 2 ]
	# of lo only what --bpf accepts
	[ "$(summary captured)" = 3 ]
}

@test "by another libpcap; with --invert or without -F HUP ends it" {
	script 'interface x up' 'packet count=10000 wait=10 pad=60'
	echo 'len == 70' >expr
	"$pcaptool" --libpcap "$fake" capture -i x -F expr -c 5 -w f.pcapng \
		2>said 3>&- &
	local pid=$!
	wait_for listening said
	echo 'len == 60' >expr
	kill -HUP "$pid"
	wait "$pid"
	reread 1
	[ "$(summary captured)" = 5 ]
	script 'interface x up' 'packet count=3 pad=60' 'packet count=2 pad=70' \
		'signal HUP' 'pause 60000'
	echo 'len == 70' >expr
	play -F expr -i x -w g.pcapng --invert 2>said
	[ "$(summary captured)" = 5 ]
	play -i x -w h.pcapng 2>said
	[ "$(summary captured)" = 5 ]
}
