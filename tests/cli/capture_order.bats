# capture from several interfaces and sockets: packets in the order of time, and
# where the threads run.

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

# make_two: a second pair beside va and vb: vc and vd.
make_two()
{
	make_veth
	ip -n "$ns_a" link add vc type veth peer name vd netns "$ns_b"
	ip -n "$ns_a" link set vc up
	ip -n "$ns_b" link set vd up
}

flood()
{
	in_a "$top_builddir/tests/tools/flood" "$@"
}

# numbers FILE: those in the frames of flood, in hex, in the order of the file.
numbers()
{
	tcpdump -xx -nr "$1" 2>/dev/null | awk '
		/0x0000:/ { high = $9 }
		/0x0010:/ { print high $2 }'
}

# disorder FILE: how many packets have a time before that of the one before.
disorder()
{
	tcpdump -tt --nano -nr "$1" 2>/dev/null | awk '
		/^[0-9]/ && $1 "" < last "" { n++ }
		/^[0-9]/ { last = $1 }
		END { print n + 0 }'
}

@test "frames sent to two interfaces in turn are in the file in their order" {
	need tcpdump
	make_two
	start_in_b -i vb -i vd -w f.pcapng
	flood va,vc 20000 200
	stop_capture
	[ "$status" = 0 ]
	[ "$(summary captured | tail -n 1)" = 20000 ]
	! grep late said
	[ "$(disorder f.pcapng)" = 0 ]
	numbers f.pcapng >got
	seq 0 19999 | xargs printf '%08x\n' | diff -q - got
}

@test "a busy interface beside a quiet one: its packets do not wait for the window" {
	need tcpdump
	make_two
	start_in_b -i vb -i vd -w f.pcapng --order-window 60s
	flood vc 1 60
	flood va 5000 1000
	wait_for captured 5001
	flood vc 1 60
	wait_for captured 5002
	stop_capture
	[ "$(disorder f.pcapng)" = 0 ]
	! grep late said
}

@test "without a window packets of several interfaces go on as they come" {
	need tcpdump
	make_two
	start_in_b -i vb -i vd -w f.pcapng --order-window 0
	flood va,vc 2000 200
	stop_capture
	[ "$(summary captured | tail -n 1)" = 2000 ]
	[ "$(disorder f.pcapng)" -gt 0 ]
	numbers f.pcapng >got
	! sort -c got
}

@test "--fanout: several buffers, one interface, in order, and all is counted" {
	need tcpdump
	make_veth
	start_in_b -i vb -B 2M --fanout 2 -w f.pcapng
	in_a bash -c 'for i in {1..100}; do echo x >/dev/udp/10.0.0.2/$i; done'
	stop_capture
	[ "$status" = 0 ]
	[ "$(tcpdump -nr f.pcapng udp 2>/dev/null | wc -l)" = 100 ]
	[ "$(disorder f.pcapng)" = 0 ]
	# the frames of one flow: when its buffer is full, they go to the other
	start_in_b -i vb -B 2M --fanout 2 -w g.pcapng
	kill -STOP "$capturer"
	flood va 5000 1000
	kill -CONT "$capturer"
	stop_capture
	numbers g.pcapng >got
	sort -c got
	[ "$(wc -l <got)" -gt 2100 ]
	[ "$(summary captured)" = "$(wc -l <got)" ]
	# what is dropped are the gaps
	[ "$(summary received by filter)" = 5000 ]
	[ "$(summary dropped by kernel)" = $((5000 - $(sort -u got | wc -l))) ]
	tshark -r g.pcapng -T fields -e frame.interface_name 2>/dev/null |
		sort -u >names
	echo vb | diff - names
}

@test "--fanout on the loopback interface: each packet once" {
	make_veth
	start_in_b -i lo --fanout 2 -w f.pcapng
	in_b "$top_builddir/tests/tools/talk"
	stop_capture
	[ "$(summary captured)" -gt 0 ]
	[ "$(summary captured)" = "$(summary received by filter)" ]
}

@test "--fanout: not of any, and only where there are packet sockets" {
	make_veth
	run -2 in_b "$pcaptool" capture -i any --fanout 2 -w f.pcapng
	[[ "$output" = *"any is not an interface"* ]]
	script 'interface x up'
	run -2 play -i x --fanout 2 -w f.pcapng
	[[ "$output" = *"x: option --fanout: "* ]]
}

# threads: how each of them runs, the loop first.
threads()
{
	local t
	for t in /proc/"$capturer"/task/*; do
		echo "$(awk '/^Cpus_allowed_list/ { print $2 }' "$t/status")" \
			"$(awk '{ print $(NF - 11), $19 }' "$t/stat")"
	done
}

@test "--cpu and --priority: the loop is placed, and the writer beside it" {
	local last=$(($(nproc) - 1))
	make_veth
	start_in_b -i vb -w f.pcapng --cpu "0,$last" --priority high
	threads >got
	stop_capture
	printf '%s\n' '0 0 -20' "$last 0 0" | diff - got
	start_in_b -i vb -w g.pcapng --cpu 0 --priority realtime
	threads >got
	stop_capture
	printf '%s\n' '0 1 0' '0 0 0' | diff - got
	run -2 in_b "$pcaptool" capture -i vb --cpu 2-1 -w h.pcapng
	[[ "$output" = *"invalid list of processors '2-1'"* ]]
	run -2 in_b "$pcaptool" capture -i vb --cpu 1023 -w h.pcapng
	[[ "$output" = *"cannot run on processor 1023"* ]]
}

@test "--priority where it is not permitted: a warning" {
	need setpriv
	make_veth
	in_b setpriv --bounding-set -sys_nice "$pcaptool" capture -i vb \
		--priority realtime --for 10ms -w f.pcapng 2>said
	grep -q 'warning: option --priority: Operation not permitted' said
}
