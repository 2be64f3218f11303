# capture: what is counted is what is written, to the packet, however a capture
# is disturbed or ended. The frames are numbered, and savefiles are taken apart
# by od, not by us.

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

# facts FILE: of a pcap file of frames of 60 bytes from flood: "PACKETS TORN
# FLOODS LOST LAST", where LOST are numbers left out within a flood, and LAST is
# the last flood's last number.
facts()
{
	tail -c +25 "$1" | od -An -v -tu1 -w76 | awk '
		NF != 76 || $9 != 60 || $10 + $11 + $12 || $13 != 60 ||
		$29 != 136 || $30 != 181 { torn++; next }
		{
			n = (($31 * 256 + $32) * 256 + $33) * 256 + $34
			if (!count || n <= last) { floods++; last = -1 }
			lost += n - last - 1
			last = n
			count++
		}
		END { print count + 0, torn + 0, floods + 0, lost + 0, last }'
}

# check_counts FILE FLOODS SENT: the file has what was received less what was
# dropped, in order, and SENT frames were received.
check_counts()
{
	local packets torn floods lost last
	read -r packets torn floods lost last < <(facts "$1")
	echo "$packets packets, $torn torn, $floods floods, $lost lost, last $last"
	[ "$torn" = 0 ] && [ "$floods" = "$2" ]
	[ "$(summary received by filter | tail -n 1)" = "$3" ]
	[ "$(summary captured | tail -n 1)" = "$packets" ]
	[ "$(summary dropped by kernel | tail -n 1)" = $(($3 - packets)) ]
}

@test "ended right after the last frame: received less dropped is in the file" {
	make_veth
	local way signal frames pause
	for way in INT:1:0 TERM:10:0.01 INT:300:0.05 TERM:4000:0 INT:30000:0.03; do
		IFS=: read -r signal frames pause <<<"$way"
		start_in_b -i vb --force -w f.pcap
		in_a "$flood" va "$frames" 60
		sleep "$pause"
		stop_capture "$signal"
		[ "$status" = 0 ]
		check_counts f.pcap 1 "$frames"
		[ "$(summary dropped by kernel)" = 0 ]
	done
	start_in_b -i vb --force -w f.pcap --for 300ms
	in_a "$flood" va 2000 60
	wait "$capturer"
	# the frames may have come too late
	local received
	received=$(summary received by filter)
	check_counts f.pcap $((received > 0)) "$received"
}

# drained SENT: so many were received, and what was not dropped is captured.
drained()
{
	kill -USR1 "$capturer"
	[ "$(summary received by filter | tail -n 1)" = "$1" ] &&
		[ "$(summary captured | tail -n 1)" = \
			$(($1 - $(summary dropped by kernel | tail -n 1))) ]
}

@test "SIGSTOP under load, SIGCONT: drops are the gaps, order is kept, it goes on" {
	make_veth
	start_in_b -i vb -B 1024 -w f.pcap
	in_a "$flood" va 500 60
	wait_for drained 500
	kill -STOP "$capturer"
	in_a "$flood" va 60000 60
	kill -CONT "$capturer"
	wait_for drained 60500
	in_a "$flood" va 700 60
	stop_capture
	[ "$status" = 0 ]
	check_counts f.pcap 3 61200
	[ "$(summary dropped by kernel | tail -n 1)" -gt 0 ]
	# the last flood is whole: nothing is stuck
	facts f.pcap | grep -q ' 699$'
	tail -c $((700 * 76)) f.pcap >tail
	(head -c 24 f.pcap; cat tail) >last
	[ "$(facts last)" = '700 0 1 0 699' ]
}

# storm: signals that do not end a capture, some thousand a second and at least
# a thousand, until `calm` exists.
storm()
{
	local sent=0 signal
	while [ ! -e calm ] || [ $sent -lt 1000 ]; do
		for signal in USR{1,2} WINCH CHLD ALRM USR{1,2} WINCH CHLD ALRM; do
			kill -"$signal" "$capturer"
			sent=$((sent + 1))
		done
		sleep 0.002
	done
}

# slow: copy standard input, in pieces and with pauses.
slow()
{
	while dd bs=65536 count=1 2>/dev/null >piece && [ -s piece ]; do
		cat piece
		sleep 0.01
	done
}

# arrived FILE: all that was captured is in it.
arrived()
{
	drained 50000 &&
		[ "$(stat -c %s "$1")" = \
			$((24 + 76 * $(summary captured | tail -n 1))) ]
}

@test "a thousand signals a second: no torn record, to a file and to a slow pipe" {
	make_veth
	mkfifo fifo
	local out reader stormer
	slow <fifo >got.pcap 3>&- &
	reader=$!
	for out in f.pcap fifo; do
		rm -f calm
		start_in_b -i vb --force --format pcap -w $out
		storm 3>&- &
		stormer=$!
		in_a "$flood" va 25000 60
		in_a "$flood" va 25000 60
		sleep 0.3
		touch calm
		wait "$stormer"
		[ $out = f.pcap ] || wait_for arrived got.pcap
		stop_capture
		[ "$status" = 0 ]
		check_counts "${out/fifo/got.pcap}" 2 50000
	done
	wait "$reader"
}
