# read: colours and other things of the printed form.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
}

@test "colours: on a terminal, or always; never in pipes" {
	need script
	"$pcaptool" read sample.pcap >plain
	"$pcaptool" --color=always read sample.pcap >always
	grep -q $'^[0-9:.]* \e\[0;33mARP, .*\e\[0m$' always
	sed $'s/\e\\[[0-9;]*m//g' always | diff -u plain -
	"$pcaptool" --color=auto read sample.pcap | diff -u plain -
	# what script runs has a terminal as its output
	export TERM=xterm
	script -qec "'$pcaptool' read sample.pcap" /dev/null </dev/null |
		tr -d '\r' >term
	diff -u always term
	NO_COLOR=1 script -qec "'$pcaptool' read sample.pcap" /dev/null \
		</dev/null | tr -d '\r' | diff -u plain -
	script -qec "'$pcaptool' --color never read sample.pcap" /dev/null \
		</dev/null | tr -d '\r' | diff -u plain -
	TERM=dumb script -qec "'$pcaptool' read sample.pcap" /dev/null \
		</dev/null | tr -d '\r' | diff -u plain -
	run -2 "$pcaptool" --color=sometimes read sample.pcap
	for form in json csv hex; do
		"$pcaptool" --color=always read -o $form sample.pcap >got
		! grep -q $'\e' got
	done
	"$pcaptool" --color=always read -o detail sample.pcap >got
	grep -q $'^\e\[1mAddress Resolution.*\e\[0m$' got
}

@test "detail is a tree: parts of a field are below it" {
	run -0 "$pcaptool" read -o detail -f 'tcp[13] & 2 != 0' -c 1 sample.pcap
	[[ $output == "Frame "*": "*" bytes, "*" of them captured"* ]]
	[[ $output == *$'\nInternet Protocol Version 4, Src: 1'*", Dst: 1"* ]]
	grep -A2 '^    Differentiated services field: ' <<<"$output" |
		grep -q '^        Differentiated services code point: .*\[ip.dsfield.dscp\]$'
	grep -q '^        Syn: set  \[tcp.flags.syn\]$' <<<"$output"
	grep -q '^    Window: .*  \[tcp.window_size_value\]$' <<<"$output"
}

@test "JSON: what pcaptool-json(7) says of keys and values" {
	need python3
	"$pcaptool" read -o json sample.pcap >out
	TZ=Asia/Tokyo LC_ALL=C.UTF-8 "$pcaptool" read -o json --jobs 3 \
		sample.pcap | cmp - out
	python3 - <<-'END'
	import json, re
	first = ["frame.number", "frame.time", "frame.time_epoch",
	         "frame.time_delta", "frame.time_relative", "frame.len",
	         "frame.cap_len", "frame.interface_id"]
	for line in open("out"):
	    packet = json.loads(line)
	    assert list(packet)[:8] == first
	    assert isinstance(packet["frame.protocols"], str)
	    assert re.fullmatch(r"[\d-]{10}T[\d:]{8}\.\d{9}Z", packet["frame.time"])
	    assert '"frame.time_delta":' in line
	    assert re.search(r'"frame.time_delta":\d+\.\d{9},', line)
	    assert None not in packet.values()
	    assert "tcp.payload" not in packet and "udp.payload" not in packet
	END
	run -0 "$pcaptool" -q read -o json --fields arp.opcode -c 1 \
		-f 'not arp' sample.pcap
	[ -z "$output" ]
}

# part FROM TO: these bytes of the sample's packets, counted from 0.
part()
{
	tail -c "+$(($1 + 1))" sample.pcap | head -c "$(($2 - $1))"
}

# lines_are N: wait until the file out has N lines.
lines_are()
{
	for i in $(seq 100); do
		[ "$(wc -l <out)" = "$1" ] && return
		sleep 0.1
	done
	cat out
	return 1
}

@test "--follow goes on with a file that takes the name of the one it reads" {
	local size=$(stat -c %s sample.pcap) at
	part 0 24 >grows.pcap
	"$pcaptool" read --follow --no-header \
		--fields frame.number,frame.interface_id grows.pcap \
		>out 2>said &
	local reader=$!
	# in small steps, through the middle of headers and packets
	for ((at = 24; at < size; at += 101)); do
		part $at $((at + 101 < size ? at + 101 : size)) >>grows.pcap
	done
	lines_are 14
	# renamed, written on, and then made anew
	mv grows.pcap old.pcap
	part 24 "$size" >>old.pcap
	lines_are 28
	part 0 300 >new.pcap
	mv new.pcap grows.pcap
	part 300 "$size" >>grows.pcap
	lines_are 42
	# cut, and filled again
	part 0 24 >grows.pcap
	sleep 0.3
	part 24 "$size" >>grows.pcap
	lines_are 56
	# removed, and made again at once
	rm grows.pcap
	cp sample.pcap grows.pcap
	lines_are 70
	rm grows.pcap
	wait $reader
	[ "$(cut -f1 out | tr '\n' ' ')" = "$(seq -s ' ' 70) " ]
	[ "$(cut -f2 out | sort -u)" = 0 ]
	[ "$(grep -c 'a new file' said)" = 3 ]
}

@test "columns: all values, the first or the last; separators" {
	one()
	{
		"$pcaptool" read --fields frame.number,tcp.option_kind --no-header \
			-c 1 -f 'tcp[13] & 2 != 0' "$@" sample.pcap
	}
	[ "$(one)" = $'5\t2,1,3' ]
	[ "$(one --occurrence all)" = $'5\t2,1,3' ]
	[ "$(one --occurrence first)" = $'5\t2' ]
	[ "$(one --occurrence last)" = $'5\t3' ]
	[ "$(one --separator ' | ')" = '5 | 2,1,3' ]
	[ "$(one -o csv)" = '5,"2,1,3"' ]
	[ "$(one -o csv --separator '\t')" = $'5\t2,1,3' ]
	run -2 one --occurrence second
}

@test "a separator of any length is printed whole" {
	local long
	make_pcap sample
	cd "$BATS_TEST_TMPDIR"
	long=$(printf '%0200d' 7)
	run -0 "$pcaptool" read -c 1 --fields frame.number,frame.len \
		--no-header --separator "$long" sample.pcap
	[ "$output" = "1${long}42" ]
}

@test "packets that have none of the fields" {
	make_pcap sample
	cd "$BATS_TEST_TMPDIR"
	local jobs
	for jobs in 1 2; do
		run -0 --separate-stderr "$pcaptool" read --jobs $jobs \
			--fields dns.qry.name,dns.a --no-header sample.pcap
		[ "${#lines[@]}" -le 14 ]
		[ "$(grep -c . <<<"$output")" = 14 ]
		[ "$stderr" = "pcaptool: 12 packet(s) have none of the fields: --only-with-fields leaves them out" ]
		run -0 "$pcaptool" read --jobs $jobs --fields dns.qry.name,dns.a \
			--no-header --only-with-fields sample.pcap
		[ "$output" = $'example.net\t\nexample.net\t192.0.2.80' ]
		run -0 "$pcaptool" read --jobs $jobs -o csv --only-with-fields \
			--fields dns.a sample.pcap
		[ "$output" = $'dns.a\n192.0.2.80' ]
		# no {} in JSON
		run -0 "$pcaptool" read --jobs $jobs -o json --fields dns.a \
			sample.pcap
		[ "$output" = '{"dns.a":"192.0.2.80"}' ]
	done
	# nothing to say where each has one, or with -q
	run -0 "$pcaptool" read -c 2 --fields frame.number,dns.a sample.pcap
	[ "$output" = $'frame.number\tdns.a\n1\t\n2\t' ]
	run -0 "$pcaptool" -q read --fields dns.a --no-header sample.pcap
	[[ "$output" != *none* ]]
}

@test "CSV is read back as it was, whatever text is in it" {
	need python3
	"$pcaptool" -q write sample.pcap -c 2 -w text.pcapng \
		--packet-comment $'1:say "a, b"' --packet-comment '2:plain'
	"$pcaptool" read -o csv --fields frame.comment,frame.number \
		text.pcapng >out
	python3 - <<-'END'
	import csv
	rows = list(csv.reader(open("out", newline=""), strict=True))
	assert rows == [["frame.comment", "frame.number"],
	                ['say "a, b"', "1"], ["plain", "2"]], rows
	END
}

@test "-A shows line ends as tcpdump does" {
	need python3 tcpdump
	python3 - <<-'END'
	import random, struct
	random.seed(1)
	with open("ends.pcap", "wb") as f:
	    f.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
	    for i in range(300):
	        text = bytes(random.choice(b"\r\r\r\n\nab\t\xff ")
	                     for _ in range(random.randrange(1, 9)))
	        packet = bytes.fromhex("020000000001020000000002 0800 4500") + \
	            struct.pack(">H", 28 + len(text)) + \
	            bytes.fromhex("00010000 40110000 0a000001 0a000002") + \
	            struct.pack(">4H", 5000, 5001, 8 + len(text), 0) + text
	        f.write(struct.pack("<4I", i, 0, len(packet), len(packet)) + packet)
	END
	for options in -A -AA; do
		tcpdump -n -t $options -r ends.pcap 2>/dev/null >want
		"$pcaptool" read -t $options ends.pcap | diff -u want -
	done
}
