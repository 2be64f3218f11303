# capture -i - and -i FIFO: savefiles that come in as if they were interfaces.

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
	[ -z "${writer-}" ] || kill "$writer" 2>/dev/null || true
	[ -z "${capturer-}" ] || kill -9 "$capturer" 2>/dev/null || true
	drop_veth
}

# lines FILE [ARGS]: its packets as tcpdump prints them.
lines()
{
	tcpdump -nn -tttt -r "$@" 2>/dev/null
}

# same A B [ARGS]: the packets of both files are the same.
same()
{
	diff -u <(lines "$1" "${@:3}") <(lines "$2")
}

# trickle: the sample's header and two packets go into the FIFO, which
# $writer holds open until it is killed.
trickle()
{
	{
		head -c $((24 + 16 + 42 + 16 + 42)) sample.pcap
		exec sleep 1000
	} >fifo 3>&- &
	writer=$!
}

has_lines()
{
	[ "$(wc -l <"$1")" = "$2" ]
}

# run_capture ARGS: in the background, as $capturer.
run_capture()
{
	"$pcaptool" capture "$@" >out 2>said 3>&- &
	capturer=$!
}

@test "standard input: all of it, and the end of the stream is that of the run" {
	need tcpdump
	cat sample.pcap | "$pcaptool" capture -i - -w out.pcapng 2>said
	same sample.pcap out.pcapng
	[ "$(summary captured)" = "$(lines sample.pcap | wc -l)" ]
	"$pcaptool" capture -i - -w file.pcap <sample.pcap 2>said
	same sample.pcap file.pcap
	gzip -c sample.pcap | "$pcaptool" capture -i - -w gz.pcap 2>said
	same sample.pcap gz.pcap
}

@test "all magics: both byte orders, both units, pcapng" {
	need tcpdump python3
	python3 - <<-'END'
		import struct
		s = open("sample.pcap", "rb").read()
		for name, order, magic, unit in (
		    ("be", ">", 0xa1b2c3d4, 1), ("ns", "<", 0xa1b23c4d, 1000),
		    ("bens", ">", 0xa1b23c4d, 1000)):
		    out = struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 262144, 1)
		    at = 24
		    while at < len(s):
		        sec, frac, cap, wire = struct.unpack_from("<IIII", s, at)
		        out += struct.pack(order + "IIII", sec, frac * unit, cap, wire)
		        out += s[at + 16:at + 16 + cap]
		        at += 16 + cap
		    open(name + ".in", "wb").write(out)
	END
	"$pcaptool" write sample.pcap -w ng.pcapng
	mv ng.pcapng ng.in
	local kind
	for kind in be ns bens ng; do
		cat $kind.in | "$pcaptool" capture -i - -w $kind.pcapng 2>said
		same sample.pcap $kind.pcapng
	done
}

@test "packets are there as they come, and SIGINT ends the run" {
	trickle
	run_capture -i ./fifo -w out.pcapng --print
	wait_for has_lines out 2
	stop_capture
	[ "$status" = 0 ]
	[ "$(summary captured)" = 2 ]
	[ "$("$pcaptool" filter --count '' out.pcapng)" = 2 ]
}

@test "a FIFO is waited for, --for ends it, -c takes no more" {
	"$pcaptool" capture -i ./fifo --for 200ms -w none.pcapng 2>said
	[ "$(summary captured)" = 0 ]
	cat sample.pcap >fifo 3>&- &
	"$pcaptool" capture -i ./fifo -c 3 -w three.pcap 2>said
	[ "$("$pcaptool" filter --count '' three.pcap)" = 3 ]
	[ "$(summary captured)" = 3 ]
}

@test "what was on its way when the signal came is still taken" {
	need python3
	python3 - <<-'END' >count 3>&- &
		import os, signal, struct, subprocess, sys, time
		p = subprocess.Popen([os.environ.get("PCAPTOOL") or
		    "../../build/pcaptool", "capture", "-i", "-", "-Uw", "late.pcap"],
		    stdin=subprocess.PIPE, stderr=open("said", "w"))
		s = open("sample.pcap", "rb").read()
		p.stdin.write(s[:24 + 16 + 42])
		p.stdin.flush()
		while not os.path.exists("late.pcap") or \
		    os.path.getsize("late.pcap") < 24:
		    time.sleep(0.02)
		p.send_signal(signal.SIGINT)
		p.stdin.write(s[24 + 16 + 42:])
		p.stdin.close()
		print(p.wait())
	END
	wait $!
	[ "$(cat count)" = 0 ]
	need tcpdump
	same sample.pcap late.pcap
}

@test "a damaged stream: the place, status 1, and all before it" {
	head -c 700 sample.pcap >cut.pcap
	run -1 --separate-stderr "$pcaptool" capture -i - -w out.pcapng <cut.pcap
	[[ $stderr == *"-: offset 663 (packet 9): truncated packet"* ]]
	[ "$("$pcaptool" filter --count '' out.pcapng)" = 8 ]
	run -2 bash -c "echo this is no capture | '$pcaptool' capture -i -"
	[[ $output == *"not a capture file (looks like text)"* ]]
}

@test "expressions, programs and fields select, in the order of an interface" {
	need tcpdump
	"$pcaptool" capture -i - -f tcp port 80 -w f.pcap <sample.pcap 2>said
	same sample.pcap f.pcap 'tcp and port 80'
	[ "$(summary captured)" = "$(lines f.pcap | wc -l)" ]
	"$pcaptool" capture -i - --invert tcp -w i.pcap <sample.pcap 2>said
	same sample.pcap i.pcap 'not tcp'
	"$pcaptool" compile -y EN10MB -ddd udp >udp.bpf
	"$pcaptool" capture -i - --bpf udp.bpf -w b.pcap <sample.pcap 2>said
	same sample.pcap b.pcap udp
	"$pcaptool" capture -i - -f tcp -Y 'tcp.flags.syn == 1' -w y.pcap \
		<sample.pcap 2>said
	[ "$(summary matched)" = "$(lines sample.pcap 'tcp[13] & 2 != 0' |
		wc -l)" ]
	"$pcaptool" capture -i - -s 20 -w s.pcap <sample.pcap 2>said
	run -0 "$pcaptool" stats s.pcap
	[ "$("$pcaptool" filter --count 'len > 40' s.pcap)" = \
		"$("$pcaptool" filter --count 'len > 40' sample.pcap)" ]
	[ "$(capinfos -Tmd s.pcap 2>/dev/null | tail -n 1 | cut -d, -f 2)" = \
		$((20 * $(lines sample.pcap | wc -l))) ] || ! command -v capinfos
	run -2 "$pcaptool" capture -i - -f 'prot 80' <sample.pcap
}

@test "a pcapng stream keeps interfaces, comments, units and names" {
	need tshark python3
	python3 - <<-'END'
		import struct
		def block(kind, body):
		    n = struct.pack("<I", len(body) + 12)
		    return struct.pack("<I", kind) + n + body + n
		def opt(code, value):
		    return struct.pack("<HH", code, len(value)) + value + \
		        b"\0" * (-len(value) % 4)
		end = struct.pack("<I", 0)
		open("in.pcapng", "wb").write(
		    block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)) +
		    block(1, struct.pack("<HHI", 1, 0, 96) + opt(2, b"eth7") +
		          opt(9, b"\x09") + end) +
		    block(1, struct.pack("<HHI", 101, 0, 0) + opt(2, b"tun1") +
		          opt(3, b"the way out") + opt(9, b"\x03") + end) +
		    block(4, struct.pack("<HH", 1, 12) + bytes([192, 0, 2, 1]) +
		          b"gateway\0" + end) +
		    block(6, struct.pack("<IIIII", 0, 0x18000000, 123456789, 20, 20) +
		          b"\2" * 14 + b"\1" * 6 + opt(1, b"the first") + end) +
		    block(6, struct.pack("<IIIII", 1, 400, 5, 4, 4) + b"\x45\0\0\0") +
		    block(5, struct.pack("<III", 0, 0x18000000, 9) +
		          opt(7, struct.pack("<Q", 77)) + end))
	END
	"$pcaptool" capture -i - -w out.pcapng --json-summary <in.pcapng \
		>summary 2>said
	tshark -r out.pcapng -T fields -e frame.interface_name \
		-e frame.interface_description -e frame.time_epoch \
		-e frame.comment 2>/dev/null >shown
	tshark -r in.pcapng -T fields -e frame.interface_name \
		-e frame.interface_description -e frame.time_epoch \
		-e frame.comment 2>/dev/null | diff -u - shown
	grep -q 'eth7.*the first' shown
	grep -q 'tun1.*the way out' shown
	"$pcaptool" stats out.pcapng | grep -qi 'name resolution'
	grep -q '"dropped_by_kernel":77,' summary
	capinfos out.pcapng | grep -A 9 'Name = tun1' |
		grep -q 'Time precision = milliseconds'
}

@test "rotation, the ring, and %i" {
	"$pcaptool" capture -i - -w 'r-%i-%n.pcapng' --rotate-packets 5 \
		--stats-json lines <sample.pcap 2>said
	[ "$(value packets)" = "5 5 4" ]
	[ "$(value name)" = \
		"r-stdin-00001.pcapng r-stdin-00002.pcapng r-stdin-00003.pcapng" ]
	"$pcaptool" capture -i - -w t.pcapng --ring 1M --trigger 'udp src port 53' \
		--before 10s --after 0s <sample.pcap 2>said
	[ "$("$pcaptool" filter --count '' t*.pcapng)" = 4 ]
}

@test "two streams and an interface in one capture" {
	need python3
	script 'interface x up' 'packet count=3 pad=70'
	cat sample.pcap >fifo 3>&- &
	head -c 700 sample.pcap | { play -i ./fifo -i x -i - --for 1s -w all.pcapng \
		--json-summary >summary 2>said || echo $? >status; }
	[ "$(cat status)" = 1 ]
	[ "$(python3 -c 'import json
print([(i["name"], i["captured"]) for i in json.load(open("summary"))
["interfaces"]])')" = "[('x', 3), ('./fifo', 14), ('stdin', 8)]" ]
	grep -q 'warning: stdin: .*(the capture goes on without it)' said
	[ "$("$pcaptool" filter --count '' all.pcapng)" = 25 ]
}

@test "options that a stream cannot have are refused" {
	local option
	for option in -p -I '-y EN10MB' '-j host' '-B 8M' '-Q in' \
		--immediate-mode --micro --nano; do
		run -2 "$pcaptool" capture -i - $option <sample.pcap
		[[ $output == *"option ${option% *}: not for a stream"* ]]
	done
	run -2 "$pcaptool" capture -i - -i - <sample.pcap
	[[ $output == *"one stream only"* ]]
	run -2 "$pcaptool" capture -i - -- true <sample.pcap
	[[ $output == *"read by COMMAND"* ]]
	run -2 "$pcaptool" capture -i ./sample.pcap
	[[ $output == *"neither an interface nor a FIFO"* ]]
}

# ---- TCP ---------------------------------------------------------------------

# serve FILE [HOST]: to the first who connects, once; $port is where. A
# "port" beside it says it is ready.
serve()
{
	need python3
	rm -f port
	python3 -c 'import os, socket, sys
s = socket.create_server((sys.argv[2], 0),
    family=socket.AF_INET6 if ":" in sys.argv[2] else socket.AF_INET)
open("port~", "w").write(str(s.getsockname()[1]))
os.rename("port~", "port")
c, _ = s.accept()
c.sendall(open(sys.argv[1], "rb").read())
c.close()' "$1" "${2-127.0.0.1}" 3>&- &
	writer=$!
	wait_for test -e port
	port=$(cat port)
}

@test "tcp://: IPv4, names, and IPv6 in brackets" {
	need tcpdump
	local host
	for host in 127.0.0.1 localhost '[::1]'; do
		[ "$host" != '[::1]' ] || [ -e /proc/net/if_inet6 ] || continue
		if [ "$host" = '[::1]' ]; then
			serve sample.pcap ::1
		else
			serve sample.pcap
		fi
		"$pcaptool" capture -i "tcp://$host:$port" --force -w 'tcp.pcap' \
			2>said
		same sample.pcap tcp.pcap
	done
	serve sample.pcap
	"$pcaptool" capture -i "tcp://127.0.0.1:$port" -w '%i-%n.pcap' -W 1 \
		2>said
	[ -e "127.0.0.1:$port-00001.pcap" ]
}

@test "tcp://: what cannot be connected to, and what is meant" {
	serve sample.pcap
	"$pcaptool" capture -i "tcp://127.0.0.1:$port" 2>said >out
	wait $writer
	run -1 "$pcaptool" capture -i "tcp://127.0.0.1:$port"
	[[ $output == *"tcp://127.0.0.1:$port: cannot connect: Connection refused" ]]
	run -2 "$pcaptool" capture -i tcp://no-such-host.invalid:1
	[[ $output == *"no-such-host.invalid: "* ]]
	run -2 "$pcaptool" capture -i tcp://::1:80
	[[ $output == *"expected tcp://HOST:PORT, with an IPv6 address"* ]]
	run -2 "$pcaptool" capture -i TCP@192.0.2.1:19000
	[[ $output == *"use tcp://192.0.2.1:19000"* ]]
}

@test "tcp://: an answer that does not come is not waited for after SIGINT" {
	make_veth
	: >said
	ip netns exec "$ns_a" "$pcaptool" capture -i tcp://10.0.0.77:1 2>said \
		3>&- &
	capturer=$!
	wait_for in_a grep -q ':0001 02 ' /proc/net/tcp
	kill -INT $capturer
	wait $capturer || [ $? = 1 ]
	grep -q 'cannot connect: Operation canceled' said
}

@test "an interface is lost, and then the stream ends: so does the capture" {
	script 'interface x up' 'packet count=3 pad=70' 'error it is gone'
	trickle
	play -i x -i ./fifo -w both.pcapng 2>said 3>&- &
	capturer=$!
	wait_for grep -q 'it is gone (the capture goes on without it)' said
	kill $writer
	status=0
	wait $capturer || status=$?
	[ "$status" = 3 ]
	[ "$("$pcaptool" filter --count '' both.pcapng)" = 5 ]
}
