# capture from several interfaces: their packets in the order of time.

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
	tcpdump -xx -nr "$1" 2>/dev/null | awk '/0x0000:/ { print $9 $10 }'
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
	[ "$(wc -l <got)" = 20000 ]
	sort -c got
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
}
