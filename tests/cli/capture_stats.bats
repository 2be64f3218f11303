# capture --stats-interval: the counters as JSON lines while it runs.

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

# sum KEY: of all interfaces in the last line.
sum()
{
	tail -n 1 lines | python3 -c 'import json, sys
print(sum(i[sys.argv[1]] for i in json.load(sys.stdin)["interfaces"]))' "$1"
}

@test "--stats-interval: a line each time, and the last one has the sums" {
	need python3
	make_veth
	start_in_b -i vb -i lo -w f.pcapng --stats-json lines \
		--stats-interval 50ms
	in_a "$top_builddir/tests/tools/flood" va 500 100
	wait_for captured 500
	wait_for grep -q '"name":"vb","captured":500' lines
	stop_capture
	[ "$status" = 0 ]
	[ "$(wc -l <lines)" -ge 2 ]
	[ "$(sum captured)" = 500 ]
	[ "$(sum received)" = 500 ]
	[ "$(sum dropped)" = 0 ]
	[ "$(sum late)" = 0 ]
	python3 -c 'import json, sys
lines = [json.loads(line) for line in open("lines")]
assert [i["name"] for i in lines[-1]["interfaces"]] == ["vb", "lo"]
assert lines[-1]["output"]["waits"] == 0
times = [line["seconds"] for line in lines]
assert times == sorted(times) and times[0] >= 0.05, times'
}

@test "--stats-interval with files and sockets: what each was given" {
	need python3
	make_veth
	start_in_b -i vb --fanout 2 -w f.pcapng --rotate-packets 200 \
		--stats-json lines --stats-interval 50ms
	in_a bash -c 'for i in {1..300}; do echo x >/dev/udp/10.0.0.2/$i; done'
	stop_capture
	python3 -c 'import json, sys
lines = [json.loads(line) for line in open("lines")]
files = [line for line in lines if "number" in line]
all = [line for line in lines if "capture" in line][-1]["interfaces"][0]
assert sum(file["packets"] for file in files) == all["captured"] >= 300
sockets = all["sockets"]
assert len(sockets) == 2 and all["dropped"] == 0
assert sum(s["captured"] for s in sockets) == all["captured"]
assert min(s["captured"] for s in sockets) > 50, sockets'
}

@test "a reader of the lines that stands still holds up nothing" {
	script 'interface x up' 'packet count=200 wait=5' 'pause 600000'
	mkfifo fifo
	exec 9<>fifo
	: >said
	"$pcaptool" --libpcap "$fake" capture -i x -w f.pcapng \
		--stats-json fd:9 --stats-interval 1ms 2>said 3>&- &
	capturer=$!
	wait_for listening said
	# a pipe holds 64 KiB, less than half of these lines
	wait_for captured 200
	stop_capture
	[ "$(summary captured | tail -n 1)" = 200 ]
	[ "$(tcpdump -nr f.pcapng 2>/dev/null | wc -l)" = 200 ]
	exec 9>&-
}

@test "--stats-interval needs --stats-json, which then needs no rotation" {
	script 'interface x up'
	run -2 play -i x -w f.pcapng --stats-interval 1s
	[[ "$output" = *"option --stats-interval: needs --stats-json"* ]]
	run -2 play -i x -w f.pcapng --stats-json lines
	[[ "$output" = *"needs rotation"* ]]
	play -i x --for 10ms --stats-json lines --stats-interval 1s
	[ "$(wc -l <lines)" = 1 ]
}
