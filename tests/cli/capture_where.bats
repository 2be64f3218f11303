# capture -Y: what of the captured packets is printed and written, what is
# counted, and that conversations are followed whatever is selected.

load helper
load live

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

teardown()
{
	drop_veth
}

# in_file FILE: how many packets it has, as another tool reads it.
in_file()
{
	capinfos -Mc "$1" | sed -n 's/^Number of packets: *//p'
}

# delivered FILE: isb_usrdeliv of its statistics blocks, a line each.
delivered()
{
	od -An -v -t u4 -w4 "$1" | awk '
		left && left-- { n += $1; if (!left) print n; next }
		$1 == 524296 { left = 2; n = 0 }'
}

# ping_and_flood: 4 requests and 4 replies of ICMP, 10 frames of another
# protocol, and some ARP.
ping_and_flood()
{
	in_a ping -c 4 -i 0.01 -q 10.0.0.2 >/dev/null
	in_a "$top_builddir/tests/tools/flood" va 10 60
}

# counts CAPTURED MATCHED: the summary in `said`, of a capture without drops.
counts()
{
	cat said
	[ "$(summary captured)" = "$1" ]
	[ "$(summary matched)" = "$2" ]
	[ "$(summary received by filter)" = "$1" ]
	[ "$(summary dropped by kernel)" = 0 ]
}

@test "printed: only what matches, of what passes the capture filter" {
	make_veth
	need ping
	start_in_b -i vb -f 'icmp or ether proto 0x88b5' -Y 'icmp.type == 8'
	ping_and_flood
	stop_capture
	[ "$status" = 0 ]
	[ "$(grep -c 'echo request' out)" = 4 ]
	[ "$(wc -l <out)" = 4 ]
	counts 18 4
}

@test "written: only what matches, and counted so in the file" {
	make_veth
	need ping capinfos
	start_in_b -i vb -w f.pcapng --where='icmp.type == 8' \
		icmp or ether proto 0x88b5
	ping_and_flood
	stop_capture
	counts 18 4
	[ "$(in_file f.pcapng)" = 4 ]
	[ "$(delivered f.pcapng)" = 4 ]
	[ "$("$pcaptool" filter --count -Y 'icmp.type == 8' f.pcapng)" = 4 ]
}

@test "written and printed: the file has what matches, lines follow all of it" {
	make_veth
	need capinfos
	start_in_b -i lo -w f.pcapng --print -Y 'tcp.len > 0' tcp
	in_b "$top_builddir/tests/tools/talk"
	stop_capture
	[ "$(summary matched)" = 3 ]
	[ "$(summary captured)" -gt 8 ]
	[ "$(in_file f.pcapng)" = 3 ]
	# relative to a SYN that was not selected
	grep -q 'seq 1:19, ack 1,' out
	grep -q 'seq 1:29, ack 19,' out
	grep -q 'seq 19:39, ack 29,' out
	[ "$(wc -l <out)" = 3 ]
}

@test "conversations are those of all that is captured" {
	make_veth
	start_in_b -i lo -w f.pcapng -Y 'tcp.seq == 19 and tcp.stream == 1' tcp
	in_b "$top_builddir/tests/tools/talk"
	in_b "$top_builddir/tests/tools/talk"
	stop_capture
	# the last words, the acknowledgement of the answer before
	[ "$("$pcaptool" filter --count -Y 'tcp.len == 20' f.pcapng)" = 1 ]
	[ "$("$pcaptool" filter --count -Y 'tcp.len > 20' f.pcapng)" = 0 ]
}

@test "-c counts packets that match" {
	make_veth
	need ping
	start_in_b -i vb -c 3 -w f.pcap -Y 'icmp.type == 0'
	in_a ping -c 4 -i 0.01 -q 10.0.0.2 >/dev/null
	wait "$capturer"
	[ "$(summary matched)" = 3 ]
	[ "$(summary captured)" -ge 6 ]
	[ "$("$pcaptool" filter --count '' f.pcap)" = 3 ]
	start_in_b -i vb -c 3 -Y 'icmp.type == 0'
	in_a ping -c 4 -i 0.01 -q 10.0.0.2 >/dev/null
	wait "$capturer"
	[ "$(wc -l <out)" = 3 ]
}

@test "several interfaces, and any: each has its counts" {
	make_veth
	need ping
	start_in_b -i vb -f icmp -i lo -f tcp -w f.pcapng \
		-Y 'icmp.type == 8 or tcp.len > 0'
	ping_and_flood
	in_b "$top_builddir/tests/tools/talk"
	stop_capture
	counts "$(summary captured)" 7
	grep -q '^vb: 8 captured, 4 matched, 8 received' said
	grep -q '^lo: [0-9]* captured, 3 matched, ' said
	[ "$(delivered f.pcapng | xargs)" = '4 3' ]
	start_in_b -i any -w a.pcapng -Y 'icmp.type == 8 or tcp.len > 0' \
		icmp or tcp
	ping_and_flood
	in_b "$top_builddir/tests/tools/talk"
	stop_capture
	counts "$(summary captured)" 7
	# the device itself, then its interfaces
	[ "$(delivered a.pcapng | xargs)" = '7 4 3' ]
}

@test "-w - to a pipe, --fields, -o json, -U" {
	make_veth
	need tcpdump
	in_b sh -c "'$pcaptool' capture -i lo -Y 'tcp.len > 0' -c 3 -w - 2>said |
		tcpdump -nr - 2>/dev/null >lines" 3>&- &
	local pid=$!
	wait_for listening said
	in_b "$top_builddir/tests/tools/talk"
	wait "$pid"
	[ "$(wc -l <lines)" = 3 ]
	start_in_b -i lo -Y 'tcp.len > 0' --fields tcp.len -c 3
	in_b "$top_builddir/tests/tools/talk"
	wait "$capturer"
	[ "$(xargs <out)" = 'tcp.len 18 28 20' ]
	start_in_b -i lo -Y 'tcp.len > 0' -o json -U -c 3 --jobs 2
	in_b "$top_builddir/tests/tools/talk"
	wait "$capturer"
	[ "$(grep -c '"tcp.len": *[12]' out)" = 3 ]
	[ "$(wc -l <out)" = 3 ]
}

@test "USR1 says how many matched; --for ends it" {
	script 'interface x up' 'packet count=3 pad=60' 'packet count=2 pad=70' \
		'signal USR1' 'pause 600000'
	play -i x -Y 'frame.len == 70' --for 400ms -w f.pcapng 2>said
	[ "$(summary captured | xargs)" = '5 5' ]
	[ "$(summary matched | xargs)" = '2 2' ]
	[ "$("$pcaptool" filter --count '' f.pcapng)" = 2 ]
	# without -Y nothing is said of it
	play -i x --for 100ms -w g.pcapng 2>said
	[ "$(summary matched)" = "" ]
}

@test "what is not written is counted among what matches" {
	script 'interface x up' 'packet count=9 pad=60' 'packet count=3000 pad=600'
	run -3 bash -c "ulimit -f 512; exec '$pcaptool' --libpcap '$fake' \
		capture -i x -w f.pcapng -Y 'frame.len == 600' 2>said"
	[ "$(summary matched)" = "$("$pcaptool" filter --count 'len > 0' f.pcapng)" ]
	[ "$(summary matched)" -gt 100 ]
	[ "$(summary not written)" -gt 0 ]
}

@test "--max-bytes counts what matches" {
	script 'interface x up' 'packet count=50 pad=60' \
		'packet count=900 pad=100'
	play -i x --max-bytes 1000 -Y 'frame.len == 100' 2>said >out
	[ "$(summary captured)" = 60 ]
	[ "$(summary matched)" = 10 ]
}

@test "--where-file, --as, notes, and a regular expression" {
	script 'interface x up' 'packet 02000000000b02000000000a080045000039006540004011b60fc000020ac0000235a028003500250353123401000001000000000000076578616d706c65036e65740000010001'
	echo '# names' >expr
	echo 'dns.qry.name == "example.net"' >>expr
	play -i x -c 1 --where-file expr -w f.pcapng 2>said
	[ "$(summary matched)" = 1 ]
	play -i x -c 1 --as 'udp port 53=ntp' -Y ntp >out 2>said
	[ "$(summary matched)" = 1 ]
	play -i x -c 1 -Y '!(ip.addr == 192.0.2.1)' >out 2>said
	grep -q 'without the field' said
	timeout 20 "$pcaptool" -q --libpcap "$fake" capture -i x -c 1 \
		-Y '!(ip.addr == 192.0.2.1)' >out 2>said
	! grep -q 'without the field' said
	[ "$(summary matched)" = 1 ]
}

@test "a wrong expression is refused before the capture starts" {
	script "log $PWD/log" 'interface x up' 'packet count=3 pad=60'
	run -2 play -i x -w f.pcapng -Y 'tcp.prt == 80'
	[ "${lines[0]}" = "pcaptool: unknown field; did you mean 'tcp.port'?" ]
	[ "${lines[1]}" = "  tcp.prt == 80" ]
	[ "${lines[2]}" = "  ^~~~~~~" ]
	[ ! -e f.pcapng ]
	! grep -q activate log
	run -2 play -i x -Y 'tcp port 80'
	[ "${lines[-1]}" = "That is a capture filter, which is for -f. As a field expression: -Y 'tcp.port == 80'" ]
	run -2 play -i x --where-file no-such-file
	[[ "$output" = *no-such-file* ]]
}

@test "a field expression as a capture filter leads to -Y" {
	script 'interface x up' 'packet count=3 pad=60'
	run -2 play -i x -f 'http.host contains "x"'
	[ "${lines[-1]}" = "That is a field expression: use -Y 'http.host contains \"x\"'" ]
	run -2 play -i x 'http.host contains "x"'
	[ "${lines[-1]}" = "That is a field expression: use -Y 'http.host contains \"x\"'" ]
	# what the kernel can do is told too
	run -2 play -i x -f 'ip.addr == 192.0.2.1'
	[ "${lines[-2]}" = "That is a field expression: use -Y 'ip.addr == 192.0.2.1'" ]
	[ "${lines[-1]}" = "As a pcap-filter(7) expression: 'host 192.0.2.1'" ]
}

@test "macros, columns that are expressions, and text to look for" {
	script 'interface x up' 'packet 02000000000b02000000000a080045000039006540004011b60fc000020ac0000235a028003500250353123401000001000000000000076578616d706c65036e65740000010001' \
		'packet count=3 pad=60' 'signal INT'
	echo 'lookup = udp.port == $1' >macros
	play -i x --macros macros -Y '$lookup(53)' -w f.pcapng 2>said
	[ "$("$pcaptool" filter --count f.pcapng -Y udp)" = 1 ]
	run -0 --separate-stderr play -i x --macros macros --no-header \
		--contains EXAMPLE --ignore-case \
		--fields 'len(udp.payload),$lookup(53)'
	[ "$output" = $'29\t1' ]
	run -0 --separate-stderr play -i x --no-header --match '^example' \
		--fields frame.number
	[ "$output" = "" ]
}
