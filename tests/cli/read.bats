# read: what it prints of packets. tcpdump is the oracle of lines, and the sample
# capture says itself what is in it.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
}

@test "lines are those of tcpdump -n" {
	need tcpdump
	tcpdump -nr sample.pcap arp 2>/dev/null >want
	"$pcaptool" read -f arp sample.pcap >got
	diff -u want got
	[ -s got ]
}

@test "TCP segments without data are those of tcpdump -n" {
	need tcpdump
	tcpdump -nr sample.pcap 2>/dev/null | grep 'length 0$' >want
	"$pcaptool" read sample.pcap | grep 'length 0$' >got
	diff -u want got
	[ -s got ]
}

@test "-e, -S and each -t are those of tcpdump -n" {
	need tcpdump
	for options in -e -S -t -tt -ttt -tttt -ttttt '-# -e'; do
		tcpdump -n $options -r sample.pcap 2>/dev/null |
			grep 'length 0$' >want
		"$pcaptool" read $options sample.pcap |
			grep 'length 0$' >got
		diff -u want got
	done
}

@test "-N: the names that a pcapng file has of its own" {
	need xxd
	local names
	# 192.0.2.10 client.example and alias.example, 192.0.2.80 of this block
	# only, 2001:db8::80 v6.example, an unknown kind, the end
	names='01002100c000020a 636c69656e742e6578616d706c6500
		616c6961732e6578616d706c6500 000000
		01000800c0000250 7a5a1b00
		02001b00 20010db8000000000000000000000080
		76362e6578616d706c6500 00 09000200 ffff0000 00000000'
	{
		xxd -r -p <<-END
			0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffffffffffff
			1c000000 01000000 14000000 65000000 00000000 14000000
			06000000 40000000 00000000 00000000 00000000 20000000
			20000000 45000020 00010000 4011f76b c000020a c0000250
			00010002 000cffff 78787878 40000000
			04000000 6c000000 $names 6c000000
			06000000 40000000 00000000 00000000 00000000 20000000
			20000000 45000020 00010000 4011f76b c000020a c0000250
			00010002 000cffff 78787878 40000000
		END
	} >names.pcapng
	run -0 "$pcaptool" read -N -t names.pcapng
	[ "${#lines[@]}" = 2 ]
	[[ "${lines[1]}" == "IP alias.example."*" > zZ\\x1b."*": UDP, length 4" ]]
	[[ "$("$pcaptool" read -t names.pcapng)" == *"IP 192.0.2.10.1 > "*$'\n'*"IP 192.0.2.10.1 > "* ]]
}

@test "times before 1970 in every form" {
	printf 'linktype 1\nnano\npacket 2.5\n00\npacket 3.000000001\n00\npacket 5\n00\n' |
		"$top_builddir/tests/tools/hex2pcap" >late.pcap
	"$pcaptool" write late.pcap --shift -2000000000s -w early.pcapng
	times()
	{
		"$pcaptool" read "$@" early.pcapng | sed 's/  \[.*//'
	}
	[ "$(times -tt)" = \
		$'-1999999997.500000\n-1999999996.999999\n-1999999995.000000' ]
	[ "$(times -tt --nano | head -2)" = \
		$'-1999999997.500000000\n-1999999996.999999999' ]
	[ "$(times | head -1)" = 20:26:42.500000 ]
	[ "$(times -ttt | head -2)" = $' 00:00:00.000000\n 00:00:00.500000' ]
	[ "$(times -tttt | head -1)" = "1906-08-16 20:26:42.500000" ]
	[ "$(times -ttttt | tail -1)" = " 00:00:02.500000" ]
	run -0 "$pcaptool" read -o csv --no-header \
		--fields frame.time_epoch,frame.time_relative early.pcapng
	[ "${lines[1]}" = -1999999996.999999999,0.500000001 ]
	run -0 "$pcaptool" read -o json -f 'less 1' early.pcapng
	[[ "${lines[0]}" == *'"frame.time_epoch":-1999999997.500000000,'* ]]
	run -0 "$pcaptool" read -o detail early.pcapng
	[[ "$output" == *"Epoch time: -1999999995.000000000 "* ]]
}

@test "-x and -X show the bytes as tcpdump does" {
	need tcpdump
	for options in -x -xx -X -XX; do
		tcpdump -n $options -r sample.pcap arp 2>/dev/null >want
		"$pcaptool" read $options -f arp sample.pcap >got
		diff -u want got
	done
}

@test "columns: names, values, several values, quotes" {
	run -0 "$pcaptool" read -o csv -c 2 \
		--fields frame.number,arp.opcode,eth.src,ip.src sample.pcap
	[ "${lines[0]}" = frame.number,arp.opcode,eth.src,ip.src ]
	[ "${lines[1]}" = 1,1,02:00:00:00:00:0a, ]
	[ "${lines[2]}" = 2,2,02:00:00:00:00:0b, ]
	run -0 "$pcaptool" read --fields frame.number,eth.type --no-header \
		--separator ';' -c 1 sample.pcap
	[ "$output" = '1;0x0806' ]
}

@test "columns are tshark's" {
	need tshark
	fields=(frame.number frame.time_epoch eth.src ip.src ip.dst ip.ttl
		tcp.srcport tcp.dstport tcp.flags tcp.stream tcp.seq tcp.ack
		udp.srcport udp.length)
	tshark -r sample.pcap -T fields "${fields[@]/#/-e}" 2>/dev/null >want
	list=$(IFS=,; echo "${fields[*]}")
	"$pcaptool" read --no-header --fields "$list" sample.pcap >got
	diff -u want got
}

@test "columns: expressions, with commas and quotes in them" {
	list='frame.number,len(tcp.payload),tcp.payload[0,1],ip.len * 8'
	list+=',tcp.port == 80,http.host contains "a,b",udp, tcp.port + 0 '
	names=(frame.number 'len(tcp.payload)' 'tcp.payload[0,1]' 'ip.len * 8'
		'tcp.port == 80' 'http.host contains "a,b"' udp 'tcp.port + 0')
	run -0 "$pcaptool" read --packets 1,4,8 --fields "$list" sample.pcap
	[ "${lines[0]}" = "$(IFS=$'\t'; echo "${names[*]}")" ]
	[ "${lines[1]}" = $'1\t\t\t\t0\t0\t\t' ]
	[ "${lines[2]}" = $'4\t\t\t584\t0\t0\t1\t' ]
	[ "${lines[3]}" = $'8\t37\t4745\t616\t1\t0\t\t40000,80' ]

	run -0 "$pcaptool" read -o csv --packets 8 --fields "$list" sample.pcap
	[ "${lines[0]}" = 'frame.number,len(tcp.payload),"tcp.payload[0,1]",ip.len * 8,tcp.port == 80,"http.host contains ""a,b""",udp,tcp.port + 0' ]
	[ "${lines[1]}" = '8,37,4745,616,1,0,,"40000,80"' ]

	run -0 "$pcaptool" read -o json --packets 1,8 --fields "$list" sample.pcap
	[ "${lines[0]}" = '{"frame.number":1,"tcp.port == 80":false,"http.host contains \"a,b\"":false}' ]
	[ "${lines[1]}" = '{"frame.number":8,"len(tcp.payload)":37,"tcp.payload[0,1]":"4745","ip.len * 8":616,"tcp.port == 80":true,"http.host contains \"a,b\"":false,"tcp.port + 0":[40000,80]}' ]

	run -0 "$pcaptool" read -o detail --packets 8 --fields "$list" sample.pcap
	[[ $output == *$'Expressions\n    len(tcp.payload): 37\n    tcp.payload[0,1]: 4745\n'* ]]
	[[ $output != *'[tcp.payload]'* && $output == *'[frame.number]'* ]]
}

@test "columns: what expressions share with fields" {
	run -0 "$pcaptool" read -o json --packets 8 \
		--fields 'ip.ttl + 1,ip.ttl + 1' sample.pcap
	[ "$output" = '{"ip.ttl + 1":65}' ]
	run -0 "$pcaptool" read --no-header --occurrence last --packets 8 \
		--fields 'tcp.port,tcp.port + 0' sample.pcap
	[ "$output" = $'80\t80' ]
	run -0 "$pcaptool" read --no-header --occurrence first --packets 8 \
		--fields 'tcp.port + 0,ip.ttl * 0.1' sample.pcap
	[ "$output" = $'40000\t6.4' ]
	# a condition that is 0 is no value
	run -0 "$pcaptool" read --no-header --only-with-fields \
		--fields 'len(udp.payload),tcp.len == 37' sample.pcap
	[ "$output" = $'29\t0\n45\t0\n\t1' ]
	run -0 "$pcaptool" read -o json --fields 'tcp.len == 37' sample.pcap
	[ "$output" = '{"tcp.len == 37":true}' ]
	# threads print the same
	list='frame.number,tcp.port + 0,tcp.payload matches "get",hex(ip.ttl)'
	"$pcaptool" read --jobs 1 --fields "$list" sample.pcap >want
	for jobs in 2 3; do
		"$pcaptool" read --jobs $jobs --fields "$list" sample.pcap |
			diff want -
	done
}

@test "columns: errors and notes of expressions" {
	run -2 "$pcaptool" read --fields 'ip.src,len(tcp.paylod),ip.dst' sample.pcap
	[[ $output == *"unknown field; did you mean 'tcp.payload'?"*$'\n  len(tcp.paylod)\n      ^~~~~~~~~~'* ]]
	run -2 "$pcaptool" read --fields 'max(tcp.port,udp.port' sample.pcap
	[[ $output == *"the expression ends where , or ) is expected"* ]]
	run -2 "$pcaptool" read --fields 5 sample.pcap
	[[ $output == *"unknown field '5'"* ]]
	run -0 "$pcaptool" read --no-header --packets 8 \
		--fields '!(ip.addr == 192.0.2.1)' sample.pcap
	[ "${lines[0]}" = "pcaptool: not (FIELD == VALUE) also holds for packets without the field; FIELD != VALUE does not" ]
	[ "${lines[1]}" = 1 ]
}

@test "an unknown field suggests a near one" {
	run -2 "$pcaptool" read --fields ip.scr sample.pcap
	[[ $output == *"unknown field 'ip.scr'; did you mean 'ip.src'?"* ]]
	run -2 "$pcaptool" read --fields ip.src,,ip.dst sample.pcap
	[[ $output == *"empty name"* ]]
}

@test "JSON is JSON, with arrays for what occurs several times" {
	need python3
	"$pcaptool" read -o json sample.pcap >out
	python3 - <<-END
	import json
	rows = [json.loads(line) for line in open("out")]
	assert len(rows) == 14, len(rows)
	assert [r["frame.number"] for r in rows] == list(range(1, 15))
	assert rows[0]["arp.opcode"] == 1
	assert rows[0]["frame.time"] == "2026-01-01T00:00:00.000100000Z"
	assert any(isinstance(r.get("tcp.option_kind"), list) for r in rows)
	assert any(r.get("tcp.flags.syn") is True for r in rows)
	END
}

@test "detail shows titles and names" {
	run -0 "$pcaptool" read -o detail -c 1 sample.pcap
	[[ $output == *"    Operation: 1 (Request)  [arp.opcode]"* ]]
}

@test "hex is read back by text2pcap" {
	need text2pcap
	"$pcaptool" read -o hex sample.pcap | text2pcap - back.pcap 2>/dev/null
	"$pcaptool" read -t -X sample.pcap >want
	"$pcaptool" read -t -X back.pcap >got
	diff -u want got
}

@test "any number of jobs prints the same" {
	set --
	for i in $(seq 300); do set -- "$@" sample.pcap; done
	for form in text json tsv; do
		"$pcaptool" read --concat --jobs 1 -o $form "$@" >one
		"$pcaptool" read --concat --jobs 3 -o $form "$@" >three
		cmp one three
	done
	[ "$(wc -l <one)" -gt 4000 ]
}

@test "threads know the conversation of a TCP header that is too short" {
	# of the last packet: other ports, four 32-bit words
	cp sample.pcap bad.pcap
	printf '\x01\x02\x03\x04' | dd of=bad.pcap bs=1 seek=1150 conv=notrunc
	printf '\x40' | dd of=bad.pcap bs=1 seek=1162 conv=notrunc
	for jobs in 1 3; do
		run -0 --separate-stderr "$pcaptool" read --jobs $jobs \
			--no-header --fields frame.number,tcp.stream bad.pcap
		[ "${lines[13]}" = $'14\t1' ]
	done
}

@test "threads say the same of every test capture" {
	local hex name as
	for hex in "$top_srcdir"/tests/data/*.hex; do
		name=$(basename "$hex" .hex)
		make_pcap "$name"
		for as in 'tcp port 9=http' 'ip proto 17=tcp' \
			'ethertype 0x0800=arp'; do
			"$pcaptool" read --as "$as" --jobs 1 "$name.pcap" >one
			"$pcaptool" read --as "$as" --jobs 3 "$name.pcap" >three
			cmp one three
		done
		"$pcaptool" read -o json --jobs 1 "$name.pcap" >one
		"$pcaptool" read -o json --jobs 3 "$name.pcap" >three
		cmp one three
	done
}

@test "--as decodes a port as another protocol" {
	run -0 "$pcaptool" read --as 'udp port 53=arp' --fields arp.opcode \
		--no-header sample.pcap
	[[ $output == *[0-9]* ]]
	run -2 "$pcaptool" read --as 'udp port 53=nonsense' sample.pcap
	[[ $output == *"unknown protocol 'nonsense'"* ]]
	run -2 "$pcaptool" read --as 'frog 53=arp' sample.pcap
}

@test "selection, standard input and a closed pipe" {
	run -0 "$pcaptool" read -f arp --fields frame.number --no-header - \
		<sample.pcap
	[ "${lines[*]}" = "1 2" ]
	run -0 bash -c '"$1" read sample.pcap | head -1' - "$pcaptool"
	[ "${#lines[@]}" -eq 1 ]
	run -3 bash -c '"$1" read sample.pcap >/dev/full' - "$pcaptool"
}

@test "--follow prints what is appended, until the file is removed" {
	head -c 700 sample.pcap >grows.pcap
	"$pcaptool" read --follow --fields frame.number --no-header \
		grows.pcap >out &
	local reader=$!
	"$pcaptool" read --follow -Y 'tcp.len > 0 || tcp.analysis.acks_frame' \
		grows.pcap >selected &
	local selecting=$!
	sleep 0.5
	tail -c +701 sample.pcap >>grows.pcap
	for i in $(seq 100); do
		[ "$(wc -l <out)" = 14 ] && break
		sleep 0.1
	done
	[ "$(wc -l <out)" = 14 ]
	rm grows.pcap
	wait $reader $selecting
	diff selected <("$pcaptool" read sample.pcap \
		-Y 'tcp.len > 0 || tcp.analysis.acks_frame')
	run -2 "$pcaptool" read --follow sample.pcap sample.pcap
	[[ $output == *"one savefile at a time"* ]]
}

@test "-N -e shows the vendors of MAC addresses as tcpdump -e does" {
	[ -e /usr/share/ieee-data/oui.csv ] || skip "no ieee-data"
	need tcpdump
	run -0 "$pcaptool" read -N -e -f arp -c 2 sample.pcap
	[[ ${lines[0]} == *" 02:00:00:00:00:0a (oui Unknown) > Broadcast, "* ]]
	diff <(tcpdump -e -c 1 -r sample.pcap arp 2>/dev/null | cut -d' ' -f2-7) \
		<("$pcaptool" read -N -e -f arp -c 1 sample.pcap | cut -d' ' -f2-7)
	# the same addresses, as those of Cisco's first block
	sed 's/02 \{0,1\}00 \{0,1\}00 \{0,1\}00/00 00 0c 00/g' "$BATS_TEST_DIRNAME/../data/sample.hex" \
		>cisco.hex
	"$top_builddir/tests/tools/hex2pcap" cisco.hex >cisco.pcap
	"$pcaptool" read -N -e cisco.pcap | grep -F ' (oui Cisco Systems, Inc)'
	"$pcaptool" list resolve 00:00:0c:01:02:03 | grep 'vendor: Cisco'
}

@test "-N shows names of ports, -n numbers" {
	grep -q '^http[[:space:]]*80/tcp' /etc/services || skip "no services"
	run -0 "$pcaptool" read -N -f 'tcp port 80' -c 1 sample.pcap
	[[ $output == *".http: Flags"* ]]
	run -0 "$pcaptool" read -N -n -f 'tcp port 80' -c 1 sample.pcap
	[[ $output == *".80: Flags"* ]]
}

@test "HTTP/2 on a port of HTTP has a line of its own without reassembly" {
	cd "$BATS_TEST_TMPDIR"
	make_pcap http2
	run -0 "$pcaptool" read --no-reassemble -c 1 http2.pcap
	[[ $output == *"length 39: HTTP/2 Magic, SETTINGS[0]" ]]
}

@test "messages longer than a segment are reassembled, or not" {
	cd "$BATS_TEST_TMPDIR"
	make_pcap parts
	run -0 "$pcaptool" -q read --no-header --fields dns.qry.name,dns.id parts.pcap
	[ "$output" = $'\t\nabcdef.example\t0x1234' ]
	run -0 "$pcaptool" read --no-reassemble --no-header --fields dns.id parts.pcap
	[ "${lines[0]}" = 0x1234 ]
	# the same by one thread and by several
	"$pcaptool" read --jobs 1 -o json parts.pcap >one
	"$pcaptool" read --jobs 4 -o json parts.pcap >four
	cmp one four
}

@test "what is not decoded is dumped once, in the form asked for" {
	cd "$BATS_TEST_TMPDIR"
	make_pcap undecoded
	run -0 "$pcaptool" read -t undecoded.pcap
	[ "$(grep -c $'^\t0x0000' <<<"$output")" -ge 1 ]
	# with a dump asked for, that is the only one
	run -0 "$pcaptool" read -t -xx -c 1 undecoded.pcap
	[ "$(grep -c $'^\t0x0000' <<<"$output")" = 1 ]
	run -0 "$pcaptool" read -t -XX -c 1 undecoded.pcap
	[ "$(grep -c $'^\t0x0000' <<<"$output")" = 1 ]
}

@test "-v says options of neighbour discovery and multicast listeners as tcpdump does" {
	cd "$BATS_TEST_TMPDIR"
	make_pcap neighbours
	run -0 "$pcaptool" read -t -v neighbours.pcap
	[[ $output == *"	hop limit 64, Flags [managed, other stateful], pref high, router"* ]]
	[[ $output == *"	  mtu option (5), length 8 (1):  1500"* ]]
	[[ $output == *" [gaddr ff02::6 is_in, 1 source(s)]"* ]]
	need tcpdump
	for v in -v -vv; do
		"$pcaptool" read -t $v neighbours.pcap >ours
		tcpdump -n -t $v -r neighbours.pcap >theirs 2>/dev/null
		diff theirs ours
	done
}

@test "-v says whether checksums are right, as tcpdump does" {
	cd "$BATS_TEST_TMPDIR"
	make_pcap checksums
	run -0 "$pcaptool" read -t -vv checksums.pcap
	[[ ${lines[1]} == *"Flags [P.], cksum 0xa98e (correct), seq"* ]]
	[[ ${lines[3]} == *": [udp sum ok] UDP, length 3" ]]
	[[ ${lines[8]} == *": [icmp6 sum ok] ICMP6, echo request"* ]]
	[[ ${lines[10]} == *"cksum 0xa971 (incorrect -> 0xa98e)"* ]]
	[[ ${lines[12]} == *": [bad udp cksum 0x7e12 -> 0x7eed!] UDP"* ]]
	[[ ${lines[14]} == *"(wrong icmp cksum 33c8 (->3337)!)" ]]
	[[ $output == *": [no cksum] UDP, length 3"* ]]
	[[ $output == *", bad cksum f7c9 (->f6c9)!)"* ]]
	need tcpdump
	"$pcaptool" read -t -vv checksums.pcap >ours
	tcpdump -nvv -t -r checksums.pcap >theirs 2>/dev/null
	diff ours theirs
}

@test "--stream: the payload of one conversation" {
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
	run -0 "$pcaptool" read --stream 0 sample.pcap
	[ "${lines[0]}" = '# tcp stream 0, > 192.0.2.10:40000 < 192.0.2.80:80' ]
	[ "${lines[1]}" = '> GET / HTTP/1.1' ]
	[[ $output == *$'\n< HTTP/1.1 200 OK\n'* ]]
	run -0 "$pcaptool" read --stream tcp:192.0.2.80:80,192.0.2.10:40000 \
		--stream-as raw sample.pcap
	[[ $output == 'GET / HTTP/1.1'*'Nothing but packets.'* ]]
	run -0 "$pcaptool" read --stream udp:0 --stream-as hex sample.pcap
	[[ ${lines[1]} == '> 00000000 12 34 01 00 '* ]]
	make_pcap stream
	run -0 "$pcaptool" read --stream 0 stream.pcap
	[ "${lines[1]}" = '> abc\x0ddef' ]
	[ "${lines[2]}" = '> ghi' ]
	[ "${lines[3]}" = '< and back\x0d' ]
	# of what is in tunnels, too
	run -0 "$pcaptool" read --stream udp:1 stream.pcap
	[ "${lines[0]}" = '# udp stream 1, > 198.51.100.1:1111 < 198.51.100.2:2222' ]
	[ "${lines[1]}" = '> inner one' ]
	[ "${lines[2]}" = '< inner two' ]
	run -0 --separate-stderr "$pcaptool" read --stream 7 sample.pcap
	[ -z "$output" ]
	[[ $stderr == *'no packet is part of'* ]]
	run -2 "$pcaptool" read --stream tcp:1.2.3.4:5 sample.pcap
}

@test "a link type without a decoder: its number, name, length, bytes" {
	cd "$BATS_TEST_TMPDIR"
	make_pcap undecoded
	run -0 "$pcaptool" read -t undecoded.pcap
	[[ ${lines[0]} == "link type 235 (DVB_CI), length 7: " ]]
	[[ ${lines[1]} == *"0102 0304 6162 63 "*"....abc" ]]
}

@test "read -v: QUIC, with the server's name" {
	local name=' TLS Client Hello example.com'
	"$pcaptool" --version | grep -q '(libcrypto) *yes' || name=
	cd "$BATS_TEST_TMPDIR"
	make_pcap quic_initial
	run -0 "$pcaptool" read -v -c 1 quic_initial.pcap
	[[ ${lines[1]} = *": QUIC, length 1200: Initial${name:+,}$name" ]]
	run -0 "$pcaptool" read -c 1 quic_initial.pcap
	[[ ${lines[0]} = *": UDP, length 1200" ]]
}

@test "read: QUIC is opened by several threads as by one" {
	cd "$BATS_TEST_TMPDIR"
	make_pcap quic_initial
	"$pcaptool" read --jobs=1 -o json quic_initial.pcap >one
	"$pcaptool" read --jobs=3 -o json quic_initial.pcap >three
	cmp one three
	grep -q '"quic.packet_length"' one
}

@test "of what is damaged after it was compressed all is read that can be" {
	need zstd lz4 gzip
	local size end options tool
	# packets that do not get much shorter
	awk 'BEGIN {
		srand(1)
		for (n = 1; n <= 700; n++) {
			print "packet", n ".0"
			for (i = 0; i < 500; i++)
				printf "%02x ", int(rand() * 16) * 16
			print ""
		}
	}' | "$top_builddir/tests/tools/hex2pcap" >large.pcap
	# tool, its options, how far from the end the damage is
	while read -r tool options end; do
		$tool $options -c large.pcap >bad 2>/dev/null
		size=$(stat -c %s bad)
		printf '\377\376\375\374' |
			dd of=bad bs=1 seek=$((size - end)) conv=notrunc \
				status=none
		$tool -dc bad >theirs.pcap 2>/dev/null || true
		[ "$(stat -c %s theirs.pcap)" -gt 100000 ]
		"$pcaptool" -q write bad --force -w ours.pcap 2>said || true
		"$pcaptool" -q write theirs.pcap --force -w whole.pcap \
			2>/dev/null || true
		cmp <(head -c "$(stat -c %s whole.pcap)" ours.pcap) whole.pcap
		grep -q " data: " said
	done <<-END
	zstd --check 4
	zstd --check 2000
	zstd -1 3000
	zstd --no-check 2000
	lz4 -B4 4
	lz4 -BX 4
	lz4 -B4BX 40
	lz4 -B4BX 5000
	lz4 -B4BD 5000
	gzip -1 8
	END
}

@test "--fields: what joins a datagram is there when nothing above it is wanted" {
	make_pcap fragments
	local field
	for field in ip.fragment ip.fragment.count ip.reassembled.length \
		ipv6.fragment ipv6.fragment.count ipv6.reassembled.length; do
		"$pcaptool" read -q --fields "$field,frame.protocols" \
			fragments.pcap | cut -f 1 >with
		"$pcaptool" read -q --fields "$field" fragments.pcap | diff - with
		[ "$(grep -c '[0-9]' with)" -gt 0 ]
	done
}

@test "fragments of other networks and interfaces are not mixed" {
	cd "$BATS_TEST_TMPDIR"
	make_pcap fragments_in
	run -0 "$pcaptool" read --fields dns.qry.name fragments_in.pcap
	local one=$output
	run -0 "$pcaptool" read --jobs 4 --fields dns.qry.name fragments_in.pcap
	[ "$output" = "$one" ]
	# fragments of a first and of a second datagram, on two interfaces
	local head='45 00 00 2c 00 4d 20 00 40 11 00 00 c0 00 02 01 c0 00 02 02'
	local tail='45 00 00 32 00 4d 00 03 40 11 00 00 c0 00 02 01 c0 00 02 02'
	local udp='13 88 00 35 00 36 00 00 00 07 01 00 00 01 00 00 00 00 00 00'
	local rest='"aaaaaaaaaaaaa" 07 "example" 03 "net" 00 00 01 00 01'
	"$top_builddir/tests/tools/hex2pcap" >a.pcap <<-EOF
		linktype 101
		packet 1.1
		$head $udp 10 "aaa"
		packet 1.4
		$tail $rest
	EOF
	"$top_builddir/tests/tools/hex2pcap" >b.pcap <<-EOF
		linktype 101
		snaplen 1000
		packet 1.2
		$head $udp 10 "bbb"
		packet 1.3
		$tail ${rest/aaaaaaaaaaaaa/bbbbbbbbbbbbb}
	EOF
	"$pcaptool" write a.pcap b.pcap -w two.pcapng
	run -0 "$pcaptool" read -o csv --fields frame.number,dns.qry.name two.pcapng
	[[ $output = *3,bbbbbbbbbbbbbbbb.* ]]
	[[ $output = *4,aaaaaaaaaaaaaaaa.* ]]
}

@test "the ServerHello of an early draft of TLS 1.3 has no session id" {
	"$top_builddir/tests/tools/hex2pcap" >draft.pcap <<-EOF
		linktype 101
		packet 1.1
		45 00 00 5e 00 01 00 00 40 06 00 00 c0 00 02 01 c0 00 02 02
		01 bb 9c 40 00 00 00 01 00 00 00 01 50 18 02 00 00 00 00 00
		16 03 01 00 2a 02 00 00 26 7f 10 $(printf '%.0s11 ' {1..32})
		13 03 00 00 17 03 01 00 02 aa bb
	EOF
	run -0 "$pcaptool" read --no-header --fields tls.handshake.ciphersuite \
		draft.pcap
	[ "$output" = 0x1303 ]
	run -0 "$pcaptool" read --no-header --fields tls.record.opaque_type \
		draft.pcap
	[ "$output" = 23 ]
}
