# capture --serve, -w tcp-listen: readers that connect and get savefiles.

load helper
load live

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
	mkfifo fifo
}

teardown()
{
	exec 4>&- 5<&- 6<&-
	[ -z "${capturer-}" ] || kill -9 "$capturer" 2>/dev/null || true
}

# serve ARGS: capture in the background what is written to descriptor 4, and
# have readers connect to $port.
serve()
{
	: >said
	"$pcaptool" capture -i ./fifo -v "$@" >out 2>said 3>&- &
	capturer=$!
	exec 4>fifo
	wait_for grep -q 'serving packets on' said
	port=$(sed -n 's/^pcaptool: serving packets on .*://p' said)
}

# connected N: so many readers have been.
connected()
{
	[ "$(grep -c '^pcaptool: reader .* has connected$' said)" = "$1" ]
}

# done_with: the input ends; $status is that of the capture.
done_with()
{
	exec 4>&-
	status=0
	wait "$capturer" || status=$?
}

count()
{
	"$pcaptool" filter --count '' "$1"
}

has_packets()
{
	[ "$(count "$1")" -ge "$2" ]
}

# of EXPR: what the Python expression makes of the summary j.
of()
{
	python3 -c 'import json, sys
j = json.load(open("summary"))
print(eval(sys.argv[1]))' "$1"
}

@test "each reader gets a savefile from its connection on" {
	need tcpdump
	serve -w tcp-listen:127.0.0.1:0 --print
	head -c 100 sample.pcap >&4
	wait_for test -s out
	exec 5<>/dev/tcp/127.0.0.1/"$port"
	wait_for connected 1
	tcpdump -nn -tttt -r - <&5 >first 2>errors 3>&- 4>&- &
	"$pcaptool" capture -i "tcp://127.0.0.1:$port" -w second.pcapng \
		>/dev/null 2>&1 3>&- 4>&- 5<&- &
	local second=$!
	wait_for connected 2
	tail -c +101 sample.pcap >&4
	done_with
	[ "$status" = 0 ]
	exec 5<&-
	wait
	tcpdump -nn -tttt -r sample.pcap 2>/dev/null | tail -n +2 >want
	diff -u want first
	tcpdump -nn -tttt -r second.pcapng 2>/dev/null | diff -u want -
	! grep -v '^reading from' errors
	grep -q '^2 readers served$' said
	grep -q '^0 packets dropped for readers$' said
}

@test "beside a savefile, in pcap, with what options select" {
	need tcpdump
	serve --serve :0 -w all.pcapng --format pcap -f tcp
	exec 5<>/dev/tcp/127.0.0.1/"$port"
	wait_for connected 1
	cat <&5 >got.pcap 3>&- 4>&- &
	cat sample.pcap >&4
	done_with
	exec 5<&-
	wait
	diff -u <(tcpdump -nn -tttt -r sample.pcap tcp 2>/dev/null) \
		<(tcpdump -nn -tttt -r got.pcap 2>/dev/null)
	[ "$(count all.pcapng)" = "$(count got.pcap)" ]
	[ "$(od -An -tx4 -N4 got.pcap)" = ' a1b2c3d4' ]
}

# packets N: so many of 1000 bytes, after a file header if there is an argument
# more.
packets()
{
	python3 -c 'import struct, sys
if len(sys.argv) > 2:
    sys.stdout.buffer.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0,
        262144, 1))
one = struct.pack("<IIII", 1700000000, 5, 1000, 1000) + bytes(1000)
sys.stdout.buffer.write(one * int(sys.argv[1]))' "$@"
}

@test "a slow reader loses whole packets, which are counted, and no other does" {
	need python3
	serve -w tcp-listen::0 --write-buffer 8M --json-summary
	exec 5<>/dev/tcp/127.0.0.1/"$port"
	wait_for connected 1
	"$pcaptool" capture -i "tcp://127.0.0.1:$port" -w fast.pcapng -U \
		>/dev/null 2>&1 3>&- 4>&- 5<&- &
	local fast=$! i
	wait_for connected 2
	# never more on their way than half of the write buffer
	packets 1750 >some
	packets 1750 header >&4
	for ((i = 1; i < 20; i++)); do
		cat some >&4
		wait_for has_packets fast.pcapng $((1750 * i))
	done
	wait_for has_packets fast.pcapng 35000
	# now it reads
	cat <&5 >slow.pcapng 3>&- 4>&- &
	wait_for has_packets slow.pcapng 1000
	done_with
	exec 5<&-
	wait $fast
	wait
	mv out summary
	[ "$(of 'j["captured"]')" = 35000 ]
	[ "$(count fast.pcapng)" = 35000 ]
	local dropped
	dropped=$(of 'j["readers_dropped"]')
	[ "$dropped" -gt 1000 ]
	[ $((dropped + $(count slow.pcapng))) = 35000 ]
	[ "$(of 'sorted((r["packets"] + r["dropped"], r["dropped"] > 0)
for r in j["readers"])')" = "[(35000, False), (35000, True)]" ]
	grep -q "^$dropped packets dropped for readers\$" said
	grep -q "^reader 127.0.0.1:[0-9]*: $dropped packets dropped\$" said
}

@test "one that takes nothing does not delay the end, one that leaves is gone" {
	need python3
	serve -w tcp-listen:localhost:0 --write-buffer 2M --json-summary
	exec 5<>/dev/tcp/127.0.0.1/"$port"
	exec 6<>/dev/tcp/127.0.0.1/"$port"
	wait_for connected 2
	packets 20000 header >&4
	exec 6<&-
	wait_for grep -q '^pcaptool: reader .* has gone' said
	done_with
	[ "$status" = 0 ]
	mv out summary
	[ "$(of 'len(j["readers"]), j["readers_served"]')" = "(1, 2)" ]
	[ "$(of 'j["readers"][0]["packets"] + j["readers"][0]["dropped"]')" \
		= 20000 ]
	# of what was sent to it, all but the last record is whole
	timeout 20 cat <&5 >late.pcapng
	[ "$(count late.pcapng 2>/dev/null)" = \
		"$(of 'j["readers"][0]["packets"]')" ]
}

@test "the loopback address by default, and what cannot be listened on" {
	need python3
	serve -w tcp-listen::0
	grep -q "^pcaptool: serving packets on 127.0.0.1:$port\$" said
	run -1 "$pcaptool" capture -i ./fifo -w "tcp-listen::$port"
	[[ $output == *":$port: cannot listen: Address already in use"* ]]
	run -2 "$pcaptool" capture -i ./fifo -w tcp-listen:here
	[[ $output == *"expected [HOST]:PORT"* ]]
	run -2 "$pcaptool" capture -i ./fifo --serve :0 --compress gzip
	[[ $output == *"--compress: not for readers"* ]]
	run -2 "$pcaptool" write sample.pcap -w tcp-listen::0
	[[ $output == *"only capture has readers connect"* ]]
	done_with
	serve --serve 0.0.0.0:0
	grep -q "^pcaptool: serving packets on 0.0.0.0:$port\$" said
	done_with
}
