# capture --ring: which packets around a trigger are in which file, and what
# happens when there can be none. More of that is in tests/unit/recorder.c.

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

# in_file FILE...: how many packets each has, as another tool reads it.
in_file()
{
	need capinfos
	capinfos -Mc "$@" | sed -n 's/^Number of packets: *//p' | xargs
}

# said NUMBER WORD...: the summary in `said` has that line.
said()
{
	grep -qx "$*" said
}

# files N: there are so many finished files r*.
files()
{
	[ "$(find . -name 'r*' ! -name '*.part-*' | wc -l)" = "$1" ]
}

# written N: the capture has told of so many files.
written()
{
	[ "$(wc -l <lines)" = "$1" ]
}

@test "a filter: before and after each match, in files named by time" {
	need capinfos
	script 'log log' 'interface x up' 'packet count=100 pad=60' \
		'packet pad=200' 'packet count=200 pad=60' 'packet pad=300' \
		'packet count=50 pad=60'
	play -i x -c 352 --ring 1M --trigger 'len = 200' --trigger 'len = 300' \
		--before 10ms --after 20ms -w 'r-%H%M%S.pcapng' \
		--stats-json lines -z 'echo whole' >out 2>said
	[ "$(find . -name 'r-*' | sort | xargs)" = \
		"./r-221320.pcapng ./r-221320_1.pcapng" ]
	[ "$(sort out | xargs)" = \
		"whole r-221320.pcapng whole r-221320_1.pcapng" ]
	# the time of a packet is its number in ms and ns
	[ "$(capinfos -aeS r-221320.pcapng | grep -o '[0-9.]*$' | xargs)" = \
		"1700000000.091000091 1700000000.119000119" ]
	[ "$(in_file r-221320.pcapng r-221320_1.pcapng)" = "29 29" ]
	[ "$(value packets)" = "29 29" ] && [ "$(value triggers)" = "1 1" ]
	[ "$(value bytes)" = "$(stat -c %s r-221320.pcapng r-221320_1.pcapng |
		xargs)" ]
	grep -q '^x set_buffer_size 8388608$' log
	said 352 packets captured
	said 2 triggers && said 0 triggers refused && said 2 files written
}

@test "before the ring is filled, overlapping triggers: one whole file" {
	script 'interface x up' 'packet count=10 pad=60' 'packet pad=200' \
		'packet count=10 pad=60' 'packet pad=200' \
		'packet count=10 pad=60'
	play -i x -c 32 --ring 1M --trigger 'len = 200' --after 15ms \
		-w r.pcap.gz --format pcap-ns --stats-json lines 2>said ||
		skip "no gzip"
	[ "$(in_file r_00001_20231114221320.pcap.gz)" = 32 ]
	[ "$(value triggers)" = 2 ]
	said 2 triggers && said 1 files written
}

@test "a ring that has gone round: the last packets, each once, in order" {
	need tcpdump
	make_veth
	start_in_b -i vb --ring 1M -w r.pcapng --trigger 'len = 200'
	in_a "$top_builddir/tests/tools/flood" va 30000 100
	in_a "$top_builddir/tests/tools/flood" va 1 200
	wait_for files 1
	stop_capture
	[ "$status" = 0 ]
	[ "$(stat -c %s r_*)" -gt 1000000 ]
	[ "$(stat -c %s r_*)" -lt 1050000 ]
	tcpdump -txnr r_* 'len = 100' 2>/dev/null | awk '
		function hex(s,  i, v) {
			for (i = 1; i <= 4; i++)
				v = v * 16 + index("0123456789abcdef",
					substr(s, i, 1)) - 1
			return v
		}
		/0x0000:/ {
			n = hex($2) * 65536 + hex($3)
			if (seen++ && n != last + 1)
				bad++
			last = n
		}
		END { print seen, bad, last
			exit bad || last != 29999 || seen < 7000 }'
	said 0 packets dropped by kernel
}

# pings FILE: kind and number of each, as another tool reads it.
pings()
{
	tcpdump -nr "$1" icmp 2>/dev/null |
		sed 's/.*echo \([a-z]*\).* seq \([0-9]*\),.*/\1 \2/'
}

@test "signals, fields and lines of a command, while the ring goes on" {
	need ping tcpdump
	make_veth
	chmod a+rx "$BATS_TEST_TMPDIR"
	mkfifo lines_in
	chmod a+r lines_in
	start_in_b -i vb --ring 1M -w r-%n.pcapng --trigger SIGUSR2 \
		--trigger 'cmd:cat lines_in' --trigger-where 'icmp.seq == 3' \
		--before 10s --after 100ms --stats-json lines
	exec 4>lines_in
	in_a ping -c 3 -i 0.05 -q 10.0.0.2 >/dev/null
	wait_for written 1
	in_a ping -c 2 -i 0.05 -q 10.0.0.2 >/dev/null
	kill -USR2 "$capturer"
	wait_for written 2
	echo now >&4
	echo and now >&4
	wait_for written 3
	exec 4>&-
	wait_for grep -q "'cat' has ended and triggers nothing any more" said
	stop_capture
	[ "$status" = 0 ]
	[ "$(pings r-00001.pcapng | tail -n 1)" = "reply 3" ]
	[ "$(pings r-00002.pcapng | xargs)" = "$(pings r-00003.pcapng | xargs)" ]
	[ "$(pings r-00002.pcapng | wc -l)" = 10 ]
	[ "$(value name)" = "r-00001.pcapng r-00002.pcapng r-00003.pcapng" ]
	said 3 files written && said 0 triggers refused
}

@test "commands and files are those of the user who is left" {
	[ "$(id -u)" = 0 ] || skip "not root"
	chmod a+rx "$BATS_TEST_TMPDIR"
	mkdir -m 777 open
	script 'interface x up' 'packet count=2 pad=60' 'pause 60000'
	printf '#!/bin/sh\nid -un >open/who\n' >who
	chmod a+rx who
	"$pcaptool" --libpcap "$fake" capture -i x -Z nobody --ring 1M \
		--trigger cmd:./who -w open/r%n.pcap --sync rotate \
		2>said 3>&- &
	capturer=$!
	wait_for test -e open/r00001.pcap
	stop_capture
	[ "$(cat open/who)" = nobody ]
	[ "$(stat -c %U open/r00001.pcap)" = nobody ]
}

# full: the capture has told of a full disk.
full()
{
	grep -q 'No space left on device (triggers are refused' said
}

@test "a full disk: no file and a refusal; then the ring goes on" {
	mkdir disk
	mount -t tmpfs -o size=256k tmpfs disk 2>/dev/null ||
		skip "may not mount"
	script 'interface x up' 'packet count=1000 pad=600' 'signal USR2' \
		'pause 900000'
	"$pcaptool" --libpcap "$fake" capture -i x --ring 1M \
		--trigger SIGUSR2 -w disk/r%n.pcap 2>said 3>&- &
	capturer=$!
	wait_for full
	[ -z "$(ls disk)" ]
	mount -o remount,size=8m disk
	kill -USR2 "$capturer"
	wait_for test -e disk/r00001.pcap
	stop_capture
	[ "$status" = 3 ]
	[ "$(in_file disk/r00001.pcap)" = 1000 ]
	said 2 triggers && said 1 triggers refused && said 1 files written
	grep -q 'triggers refused: 1' said
}

@test "kill -9 leaves no file that is not whole" {
	script 'interface x up' 'packet count=1000 pad=600' 'signal USR2' \
		'pause 600' 'packet count=1000 pad=600' 'pause 900000'
	"$pcaptool" --libpcap "$fake" capture -i x --ring 1M --trigger SIGUSR2 --after 900s \
		-w r%n.pcap 2>said 3>&- &
	capturer=$!
	wait_for sh -c 'test $(stat -c %s r*.part-*) -gt 1200000'
	stop_capture KILL
	files 0
}

@test "what cannot be is refused, with the option's name" {
	local words
	script 'interface x up' 'packet'
	while IFS=: read -r option words; do
		# shellcheck disable=SC2086
		run -2 play -i x -c 1 $words
		echo "$words: $output"
		[[ $output == *"--$option"* ]]
	done <<-'END'
	trigger:-w f --trigger SIGUSR2
	trigger-where:-w f --trigger-where ip
	before:-w f --before 1s
	ring:-w f --ring 1M
	ring:--ring 1M --trigger ip
	ring:-w - --ring 1M --trigger ip
	ring:-w f --ring 1k --trigger ip
	ring:-w f --ring 1M,1s --trigger ip
	before:-w f --ring 10s --before 11s --trigger ip
	rotate-size:-w f --ring 1M --trigger ip -C 1
	sync:-w f --ring 1M --trigger ip --sync 3
	on-full:-w f --ring 1M --trigger ip --on-full pause
	append:-w f --ring 1M --trigger ip --append
	max-bytes:-w f --ring 1M --trigger ip --max-bytes 3
	END
	run -2 play -i x -w f --ring 1M --trigger 'no such'
	run -2 play -i x -w f --ring 1M --trigger-where 'no.such == 1'
	run -2 play -i x -w f --ring 1M --trigger 'cmd:no-such-command'
	run -3 play -i x -w none/f --ring 1M --trigger ip
	[[ $output == *"none/f_"*"No such file or directory"* ]]
	run -3 play -i x -w f.xz --ring 1M --trigger ip
	run -1 play -i x -w f --ring 900000G --trigger ip
	[[ $output == *"879 TiB and 32.0 MiB besides are more than the"* ]]
	files 0
}
