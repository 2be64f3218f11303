# capture into an output that takes nothing for a while: the writer's buffer
# keeps what comes meanwhile, and when it is full the kernel counts what is lost.

load helper
load live

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

teardown()
{
	end_disk
	drop_veth
}

# read_fifo: from now on the pipe that descriptor 9 keeps open has a reader, who
# copies it to `got`, and no one else has it.
read_fifo()
{
	rm -f got
	cat fifo >got 9>&- &
	wait_for test -s got
	exec 9>&-
}

# summed FILE...: the packets in it, or FILE:PACKETS for each.
summed()
{
	"$pcaptool" filter --count 'len >= 0' "$@"
}

@test "a reader that stands still: the capture goes on, and nothing is lost" {
	local form
	script 'interface x up' 'packet count=5000 pad=600' 'pause 600000'
	mkfifo fifo
	for form in pcap pcapng; do
		exec 9<>fifo
		: >said
		"$pcaptool" --libpcap "$fake" capture -i x -w - \
			--format=$form >fifo 2>said 3>&- 9>&- &
		capturer=$!
		wait_for listening said
		wait_for captured 5000
		read_fifo
		stop_capture
		[ "$status" = 0 ]
		wait
		[ "$(summed got)" = 5000 ]
		[ "$(summary captured | tail -n 1)" = 5000 ]
		! grep waits said
	done
}

@test "a reader that is slow: the capture waits when the buffer is full" {
	script 'interface x up' 'packet count=5000 pad=600'
	mkfifo fifo
	exec 9<>fifo
	"$pcaptool" --libpcap "$fake" capture -i x -c 5000 -w - \
		--write-buffer 64k >fifo 2>said 3>&- 9>&- &
	capturer=$!
	wait_for listening said
	# it answers, and has to wait with most of the packets
	wait_for captured '[1-9][0-9]*'
	read_fifo
	wait
	[ "$(summed got)" = 5000 ]
	[ "$(summary captured | tail -n 1)" = 5000 ]
	grep -qE '^[1-9][0-9]* waits for the output, [0-9]+\.[0-9]{3} s$' said
}

@test "a disk that stalls: packets wait in the buffer, and none is lost" {
	make_disk
	make_veth
	start_in_b -i vb -B 32M -w disk/f.pcapng
	fsfreeze -f disk
	in_a "$top_builddir/tests/tools/flood" va 20000 1000
	wait_for captured 20000
	fsfreeze -u disk
	stop_capture
	[ "$(summary dropped by kernel | tail -n 1)" = 0 ]
	[ "$(summed disk/f.pcapng)" = 20000 ]
	! grep waits said
}

@test "a disk that stalls while files are rotated: none is lost" {
	make_disk
	make_veth
	start_in_b -i vb -B 32M --rotate-packets 5000 -W 9 -w disk/%n.pcap \
		--sync rotate --stats-json lines
	in_a "$top_builddir/tests/tools/flood" va 4000 1000
	wait_for captured 4000
	fsfreeze -f disk
	in_a "$top_builddir/tests/tools/flood" va 500 1000
	wait_for captured 4500
	# the next file cannot be opened before the disk goes on
	in_a "$top_builddir/tests/tools/flood" va 10000 1000
	fsfreeze -u disk
	wait_for captured 14500
	stop_capture
	[ "$(summary dropped by kernel | tail -n 1)" = 0 ]
	[ "$(summed disk/0000?.pcap | cut -d: -f2 | xargs)" = \
		"5000 5000 4500" ]
	[ "$(sed 's/.*"packets":\([0-9]*\),.*/\1/' lines | xargs)" = \
		"5000 5000 4500" ]
	grep -q '"waits":0,"waited":0.000000000' lines
}

@test "a disk that stalls too long: the kernel counts what is lost" {
	make_disk
	make_veth
	start_in_b -i vb -B 256 --write-buffer 64k -w disk/f.pcapng
	fsfreeze -f disk
	in_a "$top_builddir/tests/tools/flood" va 20000 1000
	wait_for captured '[0-9]*'
	fsfreeze -u disk
	stop_capture
	[ "$(summary dropped by kernel | tail -n 1)" -gt 0 ]
	[ "$(summary captured | tail -n 1)" = \
		$((20000 - $(summary dropped by kernel | tail -n 1))) ]
	[ "$(summed disk/f.pcapng)" = "$(summary captured | tail -n 1)" ]
	grep -q 'waits for the output' said
}
