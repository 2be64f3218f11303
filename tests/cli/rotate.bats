# capture into one file after another: what begins a file, what it is called,
# which stay, and what is told of each. Limits one by one are in
# tests/unit/rotate.c.

load helper
load live

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

teardown()
{
	umount disk 2>/dev/null || true
	drop_veth
}

# counts FILE...: the number of packets in each, in one line.
counts()
{
	local f
	for f; do
		"$pcaptool" filter --count 'len >= 0' "$f"
	done | xargs
}

# three_files ARGS: 25 packets, ten in a file, to %n.pcap.
three_files()
{
	script 'interface x up' 'packet count=25 pad=60'
	play -i x -c 25 --rotate-packets 10 -w %n.pcap "$@" 2>said
}

@test "the example: by time and size, a ring, a command for each file" {
	script 'interface x up' 'packet count=3000 pad=1400'
	play -i x -c 3000 -w 'name-%H%M%S.pcap' -G 60 -C 1 -W 3 -z 'echo whole' \
		>out 2>said
	[ "$(find . -name 'name-??????*.pcap' | wc -l)" = 3 ]
	[ "$(sort -u out | grep -c '^whole name-[0-9_]*.pcap$')" = 5 ]
	[ "$(summary captured)" = 3000 ]
}

@test "lines that nobody takes at the end are waited for, files are whole" {
	mkfifo lines
	exec 9<>lines
	head -c 65536 /dev/zero >&9
	three_files --print >lines 9>&- &
	wait_for [ -e 00003.pcap ]
	[ "$(counts 0000?.pcap)" = "10 10 5" ]
	head -c 65536 <&9 >/dev/null
	wait $!
	exec 9>&-
	[ "$(summary captured)" = 25 ]
}

@test "each file has its own blocks, with the counters of its time" {
	script 'interface x up' 'packet count=3 pad=60' 'dropped 5' \
		'pause 100' 'signal HUP' 'pause 100' 'packet count=2 pad=60' \
		'dropped 7' 'pause 100' 'signal INT'
	play -i x -W 5 -w %n.pcapng --stats-json lines 2>said
	[ "$(value packets)" = "3 2" ] && [ "$(value dropped)" = "5 7" ]
	[ "$(value bytes)" = "$(stat -c %s 0000?.pcapng | xargs)" ]
	[ "$(value name)" = "00001.pcapng 00002.pcapng" ]
	[ "$(summary dropped by kernel)" = 12 ]
	"$pcaptool" stats --by interfaces 00002.pcapng | grep -q '^x .* 7$'
}

# in_files COUNTS: the packets that are in each file, the one at work last.
in_files()
{
	[ "$(counts ?????.pcapng.gz 00003.pcapng.gz.part-*)" = "$1" ]
}

@test "a file has its name once it is whole; -U, and kill, leave the last one" {
	script 'interface x up' 'packet count=25 pad=60' 'pause 600000'
	"$pcaptool" --libpcap "$fake" capture -i x --rotate-packets 10 \
		-w %n.pcapng.gz -U 2>said 3>&- &
	wait_for in_files "10 10 5"
	kill -KILL $!
	wait $! || true
	in_files "10 10 5"
}

@test "commands: the last file's too, failures are told, one line from each" {
	three_files --on-file-shell 'test "$1" != 00002.pcap' --stats-json fd:3 \
		3>lines
	grep -q "00002.pcap: 'test .*' failed with status 1" said
	[ "$(grep -c failed said)" = 1 ]
	[ "$(value packets)" = "10 10 5" ]
	rm ./*.pcap
	three_files -z 'wc -c' >out
	[ "$(sort out | xargs)" = "404 00003.pcap 784 00001.pcap 784 00002.pcap" ]
	rm ./*.pcap
	three_files -z no-such-command
	[ "$(grep -c "cannot run 'no-such-command'" said)" = 3 ]
}

@test "commands and files are those of the user who is left" {
	[ "$(id -u)" = 0 ] || skip "not root"
	chmod a+rx "$BATS_TEST_TMPDIR"
	mkdir -m 777 open
	script 'interface x up' 'packet count=2 pad=60'
	play -i x -c 2 --rotate-packets 1 -Z nobody -w open/%n.pcap \
		--on-file-shell 'id -un' --sync rotate >out 2>said
	[ "$(xargs <out)" = "nobody nobody" ]
	[ "$(stat -c %U open/* | xargs)" = "nobody nobody" ]
}

@test "it stops at --max-files, or before files are replaced" {
	script 'interface x up' 'packet count=100 pad=60'
	play -i x --rotate-packets 10 --max-files 2 -w %n.pcap 2>said
	[ "$(counts ?????.pcap)" = "10 10" ]
	run -3 play -i x --rotate-packets 10 -w %n.pcap
	[[ $output == *"00001.pcap: file exists"* ]]
	play -i x -c 30 --rotate-packets 10 -w %n.pcap --force 2>said
	[ "$(counts ?????.pcap)" = "10 10 10" ]
}

@test "what cannot be is refused" {
	local words
	script 'interface x up'
	for words in '-C 1' '-w - -C 1' '-w f --on-full pause' '-w f -C lots' \
		'-w f-%H.pcap -G 60' '-w f -G 9us'; do
		# shellcheck disable=SC2086
		run -2 play -i x -c 1 $words
	done
}

@test "a full disk: it stops, makes room, or waits for room" {
	mkdir disk
	mount -t tmpfs -o size=256k tmpfs disk 2>/dev/null ||
		skip "may not mount"
	script 'interface x up' 'packet count=1000 pad=600'
	run -3 play -i x -C 64k -w disk/%n.pcap
	[[ $output == *"No space left"* ]]
	[ "$(sed -n 's/ packets captured//p' <<<"$output")" = \
		"$(counts disk/* | tr ' ' + | bc)" ]
	empty_disk
	play -i x -c 1000 -C 64k -w disk/%n.pcap --on-full drop-oldest \
		--stats-json lines 2>said
	[ "$(value packets | tr ' ' + | bc)" = 1000 ]
	grep -q 'disk/00001.pcap: removed, the disk is full' said
	empty_disk
	rm lines
	script 'interface x up' 'packet count=1000 pad=600' 'pause 1200' \
		'packet count=10 pad=600' 'signal INT'
	play -i x -C 64k -w disk/%n.pcap --on-full pause 2>said 3>&- &
	wait_for grep 'nothing is written until there is room' said
	mount -o remount,size=8m disk
	wait
	grep -q 'packets were not written' said
	[ "$(summary captured | tail -n 1)" = \
		"$(counts disk/* | tr ' ' + | bc)" ]
}

@test "a ring of files on an interface: the same as with tcpdump and dumpcap" {
	need tcpdump dumpcap
	make_veth
	ip netns exec "$ns_b" tcpdump -i vb -B 16384 -c 3000 -C 1 -w t -Z root \
		2>told 3>&- &
	ip netns exec "$ns_b" dumpcap -i vb -P -B 16 -c 3000 -b packets:700 \
		-b files:3 -w d.pcap 2>dumped 3>&- &
	wait_for grep -q 'listening on' told
	wait_for grep -q File: dumped
	start_in_b -i vb -c 3000 --rotate-packets 700 -W 3 -w p.pcap
	mv said ring
	start_in_b -i vb -c 3000 -C 1 -w c%n.pcap
	in_a "$top_builddir/tests/tools/flood" va 6000 1400
	wait
	[ "$(summary captured)" = 3000 ]
	[ "$(counts c*)" = "$(counts t t1 t2 t3 t4)" ]
	[ "$(counts c*)" = "707 707 707 707 172" ]
	[ "$(stat -c %s c* | xargs)" = "$(stat -c %s t t? | xargs)" ]
	[ "$(counts p_*)" = "$(counts d_*)" ]
	[ "$(ls p_* | cut -c 3-7 | xargs)" = "$(ls d_* | cut -c 3-7 | xargs)" ]
}

@test "by time on an interface: as many files as tcpdump, and no packet lost" {
	need tcpdump
	make_veth
	ip netns exec "$ns_b" tcpdump -i vb -G 1 -W 2 -w 't-%s' -Z root \
		2>told 3>&- &
	local tcpdump=$!
	wait_for grep -q 'listening on' told
	# commands get no way to packets
	start_in_b -i vb -G 1 --max-files 2 -w 'p-%s' \
		--on-file-shell 'readlink /proc/self/fd/*' icmp
	in_a ping -c 14 -i 0.2 -q 10.0.0.2 >/dev/null
	wait "$capturer"
	wait "$tcpdump"
	[ "$(ls p-* | wc -l)" = "$(ls t-* | wc -l)" ]
	grep /dev/null out
	[ -z "$(grep socket out)" ]
	[ "$(summary captured)" = "$(counts p-* | tr ' ' + | bc)" ]
	[ "$(summary captured)" = "$(summary received by filter)" ]
}

@test "hundreds of rotations under load: each packet once, each file whole" {
	need tcpdump
	make_veth
	start_in_b -i vb -w %n.pcapng --rotate-packets 50 -C 100k
	in_a "$top_builddir/tests/tools/flood" va 20000 60
	stop_capture
	local captured
	captured=$(summary captured)
	[ "$captured" = $(($(summary received by filter) - \
		$(summary dropped by kernel))) ]
	[ "$(find . -name '*.pcapng' | wc -l)" = $(((captured + 49) / 50)) ]
	"$pcaptool" filter --concat 'len = 60' ./*.pcapng -w - |
		tcpdump -tnxr - 2>/dev/null | awk '
		function hex(s,  i, v) {
			for (i = 1; i <= 4; i++)
				v = v * 16 + index("0123456789abcdef",
					substr(s, i, 1)) - 1
			return v
		}
		/0x0000:/ { if (seen++ && hex($3) <= last) bad++; last = hex($3) }
		END { if (bad || seen != packets) { print bad, seen; exit 1 } }
		' packets="$captured"
}
