# capture: live packets. The logic against the fake libpcap, without any
# privilege; the whole against real interfaces in namespaces of the test's own.

load helper
load live

setup()
{
	cd "$BATS_TEST_TMPDIR"
	old=$top_builddir/tests/fake/libpcap-old.so
}

teardown()
{
	umount disk 2>/dev/null || true
	drop_veth
}

# The signals that end a capture; HUP does not where it was ignored before, as
# under nohup.
ending_signals()
{
	echo INT TERM
	grep -q '^SigIgn:.*[13579bdf]$' /proc/self/status 2>/dev/null ||
		echo HUP
}

# ---- what ends a capture ---------------------------------------------------

@test "-c: exactly that many packets" {
	script 'interface x up' 'packet count=100 pad=60 number=14'
	play -i x -c 7 -w f.pcapng 2>said
	[ "$(summary captured)" = 7 ]
	need tcpdump
	[ "$(tcpdump -nr f.pcapng 2>/dev/null | wc -l)" = 7 ]
}

@test "--for ends a capture to which no packet comes" {
	script 'interface x up'
	play -i x --for 300ms -w f.pcapng 2>said
	[ "$(summary captured)" = 0 ]
}

@test "--max-bytes ends it at that size of the savefile" {
	script 'interface x up' 'packet count=1000 pad=100'
	play -i x --max-bytes 10k -w f.pcap 2>said
	local size
	size=$(stat -c %s f.pcap)
	[ "$size" -ge 10240 ] && [ "$size" -lt $((10240 + 116)) ]
}

@test "signals: INT, TERM and HUP end it, what was received is written" {
	local signal
	for signal in $(ending_signals); do
		script 'interface x up' 'packet count=500 pad=60' \
			"signal $signal" 'packet count=9 pad=60'
		play -i x -w "$signal.pcapng" 2>said
		[ "$(summary captured)" = "$(summary received by filter)" ]
		[ "$(summary captured)" -ge 500 ]
	done
}

@test "USR1 prints the counters and the capture goes on" {
	script 'interface x up' 'packet count=3 pad=60' 'signal USR1' \
		'pause 300' 'packet count=2 pad=60'
	play -i x -c 5 -w f.pcapng 2>said
	[ "$(grep -c 'packets captured' said)" = 2 ]
	[ "$(summary captured | tail -n 1)" = 5 ]
}

@test "USR2 writes out what is there, and ALRM does nothing" {
	local name
	script 'interface x up' 'signal ALRM' 'packet count=3 pad=60' \
		'signal USR2' 'pause 100' 'signal KILL'
	need tcpdump
	for name in f.pcapng f.pcap f.pcapng.gz; do
		run -137 play -i x -w "$name"
		[ "$("$pcaptool" filter --count 'len > 0' "$name")" = 3 ]
	done
	script 'interface x up' 'signal USR2' 'signal ALRM' \
		'packet count=3 pad=60'
	play -i x -c 3 -w g.pcapng
}

@test "a command: the capture lasts as long, its exit status is passed on" {
	script 'interface x up' 'packet count=5 wait=10 pad=60'
	run -7 play -i x -w f.pcapng -- sh -c 'sleep 0.5; exit 7'
	run -2 play -i x -w g.pcapng -- no-such-command-here
	[[ $output == *"cannot run 'no-such-command-here'"* ]]
	play -i x -w - -- echo hello >data 2>said
	grep -q '^hello' said
	! grep -aq hello data
}

@test "a command killed by a signal: 128 and its number" {
	script 'interface x up'
	run -137 play -i x -w f.pcapng -- sh -c 'kill -KILL $$'
}

# ---- counters --------------------------------------------------------------

@test "drops are counted beyond 32 bits" {
	script 'interface x up' 'packet pad=60' 'dropped 4000000000' \
		'pause 1100' 'dropped 4000000000' 'pause 1100' 'packet pad=60'
	play -i x --for 3s -w f.pcapng 2>said
	[ "$(summary dropped by kernel)" = 8000000000 ]
	[ "$(summary received by filter)" = 8000000002 ]
	need tshark
	tshark -r f.pcapng -q -z io,stat,0 >/dev/null
}

@test "unknown counters are called unknown" {
	script 'interface x up' 'stats-fail no statistics' 'packet pad=60'
	play -i x -c 1 -w f.pcapng 2>said
	[ "$(summary received by filter)" = unknown ]
	[ "$(summary dropped by kernel)" = unknown ]
	[ "$(summary dropped by interface)" = unknown ]
}

# ---- faults ----------------------------------------------------------------

@test "an interface that vanishes: the savefile is whole, status 3" {
	script 'interface x up' 'packet count=20 pad=60' \
		'error The interface disappeared'
	run -3 play -i x -w f.pcapng
	[[ $output == *"x: The interface disappeared"* ]]
	[[ $output == *"20 packets captured"* ]]
	need tcpdump
	[ "$(tcpdump -nr f.pcapng 2>/dev/null | wc -l)" = 20 ]
}

@test "one of two vanishes: the other one goes on, the loss is said, status 3" {
	script 'interface x up' 'packet count=3 pad=60' \
		'pause 100' 'error The interface disappeared' \
		'interface y up' 'packet count=4 pad=60' \
		'pause 600' 'packet count=5 pad=60' 'signal INT'
	run -3 play -i x -i y -w f.pcapng
	[ "$(grep -c 'x: The interface disappeared' <<<"$output")" = 1 ]
	[[ $output == *"warning: x: The interface disappeared (the capture goes on without it)"* ]]
	[[ $output == *"x: 3 captured"* ]]
	[[ $output == *"y: 9 captured"* ]]
	# and in whatever order they are named
	run -3 play -i y -i x -w g.pcapng
	[[ $output == *"y: 9 captured"* ]]
	# nothing is left when the second one is lost, too
	script 'interface x up' 'packet count=3 pad=60' \
		'error The interface disappeared' \
		'interface y up' 'packet count=4 pad=60' \
		'pause 300' 'error The interface disappeared'
	run -3 play -i x -i y -w h.pcapng
	[ "$(grep -c 'The interface disappeared' <<<"$output")" = 2 ]
	[[ $output == *"7 packets captured"* ]]
}

@test "an unknown interface suggests one that is near" {
	script 'interface enp3s0 up' 'interface wlan0 up'
	run play -i enp3so -w f.pcapng
	[ "$status" -ne 0 ]
	[[ $output == *enp3s0* ]]
	[ ! -e f.pcapng ]
}

@test "not permitted: the capability and the command that grants it" {
	script 'interface x up' 'activate PCAP_ERROR_PERM_DENIED socket: denied'
	run -1 play -i x -w f.pcapng
	[[ $output == *CAP_NET_RAW* ]]
	[[ $output == *setcap* ]]
	[ ! -e f.pcapng ]
}

@test "a bad filter: libpcap's reason and the expression, status 2" {
	script 'interface x up'
	run -2 play -i x -f 'tcp prot 80'
	[[ $output == *"tcp prot 80"* ]]
	[[ $output == *"syntax error"* ]]
}

@test "a savefile that exists is refused without --force" {
	script 'interface x up' 'packet count=3 pad=60'
	echo precious >f.pcapng
	run -3 play -i x -c 3 -w f.pcapng
	[[ $output == *"exists"* ]]
	[ "$(cat f.pcapng)" = precious ]
	play -i x -c 3 -w f.pcapng --force
	[ "$(stat -c %s f.pcapng)" -gt 100 ]
}

@test "a full disk: message, status 3, the file ends at a whole record" {
	script 'interface x up' 'packet count=3000 pad=600'
	run -3 bash -c "ulimit -f 512; exec '$pcaptool' --libpcap '$fake' \
		capture -i x -w f.pcapng"
	[[ $output == *"f.pcapng: "*"File too large"* ]]
	need capinfos
	capinfos -c f.pcapng
	! capinfos -c f.pcapng 2>&1 | grep -i 'cut short'
}

@test "/dev/full: status 3" {
	[ -e /dev/full ] || skip "no /dev/full"
	script 'interface x up' 'packet count=3 pad=60'
	run -3 play -i x -c 3 -w /dev/full
	[[ $output == *"No space left"* ]]
}

@test "a reader that goes away ends it quietly" {
	script 'interface x up' 'packet count=100000 pad=600'
	play -i x -w - 2>said | head -c 100 >/dev/null
	! grep -i pipe said
	play -i x 2>said | head -n 1 | grep -q .
	! grep -i pipe said
}

@test "a reader that goes away ends it, though no more packets come" {
	script 'interface x up' 'packet count=5 pad=60' 'pause 600000'
	play -i x 2>said | head -n 1 | grep -q .
	[ "$(summary captured)" = 5 ]
	play -i x -w - 2>said | head -c 100 >/dev/null
	[ "$(summary captured)" = 5 ]
	play -i x --print -w f.pcapng 2>said | head -n 1 | grep -q .
	[ "$(summary captured)" = 5 ]
	need capinfos
	[ "$(capinfos -Mc f.pcapng | sed -n 's/^Number of packets: *//p')" = 5 ]
	timeout 20 "$pcaptool" --libpcap "$fake" stats --live x --json | head -n 1
}

@test "the file goes on when the reader of the lines goes away" {
	script 'interface x up' 'packet count=5 pad=60' 'pause 100' \
		'packet count=100 wait=10 pad=60' 'pause 600000'
	play -i x --print -w f.pcapng 2>said | head -n 1 | grep -q .
	need capinfos
	[ "$(capinfos -Mc f.pcapng | sed -n 's/^Number of packets: *//p')" = \
		"$(summary captured)" ]
}

# blocked ARGS: capture into the pipe `fifo`, which descriptor 9 keeps open and
# nobody reads; in the background ($capturer), and full.
blocked()
{
	script 'interface x up' 'packet count=5000 pad=600' 'pause 600000'
	: >said
	"$pcaptool" --libpcap "$fake" capture -i x "$@" \
		>fifo 2>said 3>&- 9>&- &
	capturer=$!
	wait_for listening said
	# it answers although it cannot write
	wait_for reports
}

reports()
{
	kill -USR1 "$capturer" && grep 'packets captured' said
}

# in_fifo: how many whole packets the pipe holds.
in_fifo()
{
	dd if=/proc/self/fd/9 iflag=nonblock of=got bs=1M 2>/dev/null
	tcpdump -nr got 2>/dev/null | wc -l
}

@test "INT, TERM, HUP and --for end it while the output takes nothing" {
	need tcpdump
	local signal form
	[ -e /proc/self/fd ] || skip "no /proc"
	mkfifo fifo
	for signal in $(ending_signals); do
		for form in pcap pcapng; do
			exec 9<>fifo
			blocked -w - --format="$form"
			stop_capture "$signal"
			[ "$status" = 3 ]
			[ "$(grep -c 'the output was blocked' said)" = 1 ]
			[ "$(summary captured | tail -n 1)" -gt 0 ]
			[ "$(summary captured | tail -n 1)" = "$(in_fifo)" ]
			exec 9>&-
		done
	done
	exec 9<>fifo
	run -3 play -i x --force -w fifo --for 300ms 9>&-
	[ "$(sed -n 's/ packets captured//p' <<<"$output")" = "$(in_fifo)" ]
	# lines, too; and those on stderr
	run -3 bash -c "exec timeout 20 '$pcaptool' --libpcap '$fake' capture \
		-i x --for 300ms >fifo 9>&-"
	timeout 20 "$pcaptool" --libpcap "$fake" capture -i x --for 300ms \
		>fifo 2>&1 9>&- || [ $? = 3 ]
	exec 9>&-
}

@test "signals and --for end it while its FIFO has no reader" {
	script 'log calls' 'interface x up' 'packet count=5 pad=60' \
		'pause 600000'
	mkfifo fifo
	run -3 play -i x --force -w fifo --for 100ms
	[[ $output == *"fifo: no reader had opened it by the end"* ]]
	[[ $output == *"0 packets captured"* ]]
	rm calls
	"$pcaptool" --libpcap "$fake" capture -i x --force -w fifo 2>said 3>&- &
	capturer=$!
	wait_for grep activate calls
	wait_for reports
	stop_capture INT
	[ "$status" = 3 ]
	# and who comes late gets all of it
	rm calls
	"$pcaptool" --libpcap "$fake" capture -i x -c 5 --force -w fifo 2>said 3>&- &
	capturer=$!
	wait_for grep activate calls
	wait_for reports
	need tcpdump
	[ "$(tcpdump -nr fifo 2>/dev/null | wc -l)" = 5 ]
	wait "$capturer"
}

# small_disk: a file system of 64 KiB, at `disk`.
small_disk()
{
	mkdir -p disk
	mount -t tmpfs -o size=64k tmpfs disk 2>/dev/null ||
		skip "may not mount"
}

@test "a full disk: the counts are those of the file in every format, said once" {
	need tcpdump
	local form pack name
	small_disk
	script 'interface x up' 'packet count=30000 pad=600 number=20' \
		'pause 100' 'packet count=30000 pad=600 number=20'
	for form in pcap pcapng; do
		for pack in none gzip zstd lz4; do
			name=disk/$form-$pack
			play -i x -w "$name" --format="$form" --compress="$pack" \
				2>said && [ "$pack" != none ] && continue
			[ "$(grep -c 'No space left' said)" = 1 ]
			[ "$(summary captured)" -gt 0 ]
			[ "$(summary captured)" = \
				"$("$pcaptool" filter --count 'len > 0' "$name")" ]
			empty_disk
		done
	done
	umount disk
}

@test "options that contradict each other, and values out of range" {
	run -2 play -i x --micro --nano
	run -2 play -i x -w - --print
	run -2 play -i x -s 262145
	[[ $output == *"0 to 262144"* ]]
	run -2 play -i x -B lots
	run -2 play -i x -Q sideways
	[[ $output == *"in, out"* || $output == *"inout, in, out"* ]]
}

# ---- options reach libpcap -------------------------------------------------

@test "each interface gets its own options" {
	script "log $PWD/log" 'interface x up' 'linktypes EN10MB DOCSIS' \
		'packet pad=60' 'interface y up' 'packet pad=60'
	play -s 1000 -i x -s 96 -p -y DOCSIS -i y -B 4M -c 2 -w f.pcapng
	grep -q '^x .*snaplen.*\<96\>' log
	grep -q '^y .*snaplen.*\<1000\>' log
	grep -q '^x .*promisc.*\<0\>' log
	grep -q '^y .*promisc.*\<1\>' log
	grep -q '^y .*buffer.*\<4194304\>' log
	need tshark
	tshark -r f.pcapng -T fields -e frame.interface_name | sort >names
	printf 'x\ny\n' | diff - names
}

@test "nanoseconds by default, microseconds on request" {
	script 'interface x up' 'packet time=1700000000.123456789 pad=60'
	play -i x -c 1 -w n.pcapng
	play -i x -c 1 -w n.pcap --format pcap-ns
	play -i x -c 1 --micro -w u.pcapng
	need tshark
	local f
	for f in n.pcapng n.pcap; do
		[ "$(tshark -r $f -T fields -e frame.time_epoch)" = \
			1700000000.123456789 ]
	done
	[ "$(tshark -r u.pcapng -T fields -e frame.time_epoch)" = \
		1700000000.123456000 ]
	need capinfos
	capinfos -I u.pcapng | grep -q 'microseconds (6)'
}

@test "a library without nanoseconds or immediate mode" {
	script 'interface x up' 'packet time=1700000000.123456789 pad=60'
	timeout 20 "$pcaptool" --libpcap "$old" capture -i x -c 1 -w u.pcapng
	run -2 timeout 20 "$pcaptool" --libpcap "$old" capture -i x -c 1 --nano
	[[ $output == *"libpcap 1.0.0 has no pcap_set_tstamp_precision"* ]]
	run -2 timeout 20 "$pcaptool" --libpcap "$old" capture -i x -c 1 \
		--immediate-mode
	[[ $output == *"pcap_set_immediate_mode"* ]]
}

@test "interface block and statistics block say what is known" {
	script 'interface x up' 'description A made-up interface' \
		'packet count=5 pad=60' 'dropped 3'
	play -i x -f 'greater 1' --for 400ms -w f.pcapng
	need tshark capinfos
	capinfos -I f.pcapng >info
	grep -q 'Name = x' info
	grep -q 'Description = A made-up interface' info
	grep -q 'Filter string = greater 1' info
	grep -q 'Number of stat entries = 1' info
}

@test "without -w: a line per packet, and each reaches a pipe at once" {
	script 'interface x up' \
		'packet 02000000000202000000000108004500001c000100004001000001020304050607080800f7ff00000000' \
		'pause 3000' 'signal INT'
	: >lines
	play -i x 2>said | cat >lines 3>&- &
	wait_for grep -q 'IP 1.2.3.4 > 5.6.7.8: ICMP echo request' lines
	# the capture is not over yet
	! grep -q captured said
	wait
	grep -q captured said
}

# ---- real interfaces -------------------------------------------------------

@test "100,000 numbered frames: received minus dropped is in the file, in order, byte for byte" {
	make_veth
	need tcpdump capinfos
	start_in_b -i vb -w f.pcapng
	in_a "$top_builddir/tests/tools/flood" va 100000 100
	stop_capture INT
	[ "$status" = 0 ]
	local captured
	captured=$(summary captured)
	[ "$captured" = \
		$(($(summary received by filter) - $(summary dropped by kernel))) ]
	[ "$(summary received by filter)" = 100000 ]
	[ "$(capinfos -Mc f.pcapng | sed -n 's/^Number of packets: *//p')" = \
		"$captured" ]
	# every byte, as tcpdump reads them: the number rises, the rest follows
	tcpdump -tnxxr f.pcapng 2>/dev/null | awk -v packets="$captured" '
		function check(	i, n, want) {
			if (length(h) != 200 ||
			    substr(h, 1, 28) != "ffffffffffff02000000000188b5")
				bad = bad " header:" seen
			n = hex(substr(h, 29, 8))
			if (n <= last) bad = bad " order:" n
			last = n
			for (i = 18; i < 100; i++)
				if (substr(h, 2 * i + 1, 2) != two[(n + i) % 256])
					bad = bad " byte:" n "/" i
			seen++
		}
		function hex(s,  i, v) {
			for (i = 1; i <= length(s); i++)
				v = v * 16 + index("0123456789abcdef",
					substr(s, i, 1)) - 1
			return v
		}
		BEGIN {
			last = -1
			for (i = 0; i < 256; i++) two[i] = sprintf("%02x", i)
		}
		/^[^\t ]/ { if (h != "") check(); h = ""; next }
		{ sub(/^[^:]*: */, ""); gsub(/ /, ""); h = h $0 }
		END {
			check()
			if (seen != packets) bad = bad " count:" seen
			if (bad != "") { print substr(bad, 1, 300); exit 1 }
		}'
}

@test "two interfaces in one file, as tshark reads it" {
	make_veth
	need tshark capinfos
	start_in_b -i vb -i lo -w f.pcapng
	in_a "$top_builddir/tests/tools/flood" va 10 60
	in_b "$top_builddir/tests/tools/talk"
	stop_capture TERM
	[ "$status" = 0 ]
	tshark -r f.pcapng -T fields -e frame.interface_name 2>/dev/null |
		sort -u >names
	printf 'lo\nvb\n' | diff - names
	capinfos -I f.pcapng >info
	[ "$(grep -c 'nanoseconds (9)' info)" = 2 ]
	[ "$(grep -c 'Number of stat entries = 1' info)" = 2 ]
	grep -q '^vb: 10 captured, 10 received' said
	# the loopback interface shows each packet once
	[ "$(summary captured)" = "$(summary received by filter)" ]
}

@test "any: each packet keeps its interface and direction" {
	make_veth
	need tshark
	start_in_b -i any -w f.pcapng
	in_a "$top_builddir/tests/tools/flood" va 4 60
	in_b "$top_builddir/tests/tools/flood" vb 3 60
	in_b "$top_builddir/tests/tools/talk"
	stop_capture
	tshark -r f.pcapng -T fields -e frame.interface_name \
		-e frame.packet_flags_direction -Y 'sll.etype == 0x88b5' \
		2>/dev/null | sort | uniq -c |
		awk '{ print $1, $2, $3 }' | sort >got
	printf '3 vb 0x00000002\n4 vb 0x00000001\n' | diff - got
	tshark -r f.pcapng -T fields -e frame.interface_name 2>/dev/null |
		sort -u >names
	printf 'lo\nvb\n' | diff - names
	[ "$(summary captured)" = "$(summary received by filter)" ]
}

@test "any on the screen: interface and direction in each line" {
	make_veth
	start_in_b -i any -c 1 icmp
	in_a ping -c 1 -q 10.0.0.2 >/dev/null || true
	wait "$capturer"
	grep -q 'vb *In *IP 10.0.0.1 > 10.0.0.2: ICMP echo request' out
}

@test "several interfaces on the screen: each line names its own" {
	script 'interface x0 up' 'packet pad=60' 'interface y1 up' \
		'packet pad=60' 'pause 60000'
	play -i x0 -i y1 -c 2 >out 2>/dev/null
	[ "$(awk '/^[0-9]/ { print $2 }' out | sort | xargs)" = "x0 y1" ]
	play -i x0 -c 1 >out 2>/dev/null
	[ "$(grep -c ' x0 ' out)" = 0 ]
}

@test "a filter, and directions, are honoured and counted in the kernel" {
	make_veth
	need ping
	start_in_b -i vb -Q in -w in.pcapng icmp
	in_a ping -c 3 -i 0.01 -q 10.0.0.2 >/dev/null
	in_a "$top_builddir/tests/tools/flood" va 100 60
	stop_capture
	[ "$(summary captured)" = 3 ] && [ "$(summary received by filter)" = 3 ]
	start_in_b -i vb -Q out -w out.pcapng icmp
	in_a ping -c 3 -i 0.01 -q 10.0.0.2 >/dev/null
	stop_capture
	[ "$(summary captured)" = 3 ] && [ "$(summary received by filter)" = 3 ]
	"$pcaptool" read out.pcapng | grep -c 'echo reply' | grep -qx 3
}

@test "-w - into tcpdump" {
	make_veth
	need tcpdump
	in_b sh -c "'$pcaptool' capture -i lo -f tcp -c 10 -w - 2>said |
		tcpdump -nr - 2>/dev/null >lines" 3>&- &
	local pid=$!
	wait_for listening said
	in_b "$top_builddir/tests/tools/talk"
	wait "$pid"
	[ "$(grep -c Flags lines)" = 10 ]
}

@test "a real interface that is deleted: message, whole file, status 3" {
	make_veth
	need capinfos
	start_in_b -i vb -w f.pcapng
	in_a "$top_builddir/tests/tools/flood" va 50 60
	sleep 0.3
	ip -n "$ns_b" link del vb
	status=0
	wait "$capturer" || status=$?
	[ "$status" = 3 ]
	[ "$(capinfos -Mc f.pcapng | sed -n 's/^Number of packets: *//p')" = 50 ]
}

@test "down and up again: one warning, the capture goes on" {
	make_veth
	start_in_b -i vb -w f.pcapng
	in_a "$top_builddir/tests/tools/flood" va 5 60
	ip -n "$ns_b" link set vb down
	sleep 0.2
	ip -n "$ns_b" link set vb up
	sleep 0.2
	in_a "$top_builddir/tests/tools/flood" va 5 60
	sleep 0.2
	stop_capture
	[ "$status" = 0 ]
	[ "$(grep -c 'went down' said)" = 1 ]
	[ "$(summary captured)" = 10 ]
}

@test "kill -9: the file reads up to the last second" {
	make_veth
	need capinfos
	start_in_b -i vb -w f.pcapng
	in_a "$top_builddir/tests/tools/flood" va 1000 100
	sleep 1.5
	kill -KILL "$capturer"
	wait "$capturer" || true
	[ "$(capinfos -Mc f.pcapng | sed -n 's/^Number of packets: *//p')" = 1000 ]
}

@test "no rights are left when packets are looked at" {
	make_veth
	start_in_b -i vb -w f.pcapng
	grep -E '^Cap(Inh|Prm|Eff|Amb):' "/proc/$capturer/status" >caps
	[ "$(grep -c '0000000000000000$' caps)" = 4 ]
	grep -q '^NoNewPrivs:.*1' "/proc/$capturer/status"
	stop_capture
	start_in_b -i vb -Z nobody -w g.pcapng
	[ "$(stat -c %U "/proc/$capturer")" = nobody ]
	[ "$(stat -c %U g.pcapng)" = nobody ]
	stop_capture
	[ "$status" = 0 ]
	SUDO_UID=$(id -u nobody) start_in_b -i vb -w h.pcapng
	[ "$(stat -c %U "/proc/$capturer")" = nobody ]
	stop_capture
}

@test "the interface's netmask: ip broadcast" {
	make_veth
	start_in_b -i vb -w f.pcapng ip broadcast
	in_a ping -c 1 -W 1 -b -q 10.0.0.255 >/dev/null 2>&1 || true
	in_a ping -c 1 -q 10.0.0.2 >/dev/null
	stop_capture
	[ "$(summary captured)" = 1 ]
}

@test "a filter that is too long for the kernel works, with a warning" {
	make_veth
	local i expr='ether proto 0x88b5 and (ether[20] = 1'
	for ((i = 0; i < 500; i++)); do
		expr+=" or ether[22:4] = $((i + 70000))"
	done
	start_in_b -O -i vb -w f.pcapng "$expr)"
	in_a "$top_builddir/tests/tools/flood" va 300 60
	stop_capture
	grep -q 'too long for the kernel' said
	# the byte at 20 is the number plus 20, modulo 256: number 237 alone
	[ "$(summary captured)" = 1 ]
}
