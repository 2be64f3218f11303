# capture --hosts, --bpf, --sample, --skip, --invert, --dedup: what the kernel
# does, what is left to pcaptool, and the counts of both.

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

# in_file FILE: how many packets it has.
in_file()
{
	"$pcaptool" filter --count '' "$1"
}

# counts CAPTURED MATCHED RECEIVED: the summary in `said`; MATCHED may be "".
counts()
{
	cat said
	[ "$(summary captured)" = "$1" ]
	[ "$(summary matched)" = "$2" ]
	[ "$(summary received by filter)" = "$3" ]
	[ "$(summary dropped by kernel)" = 0 ]
}

# ping_both: 4 requests and 4 replies of ICMP each, with 10.0.0.2 and 10.0.0.3.
ping_both()
{
	ip -n "$ns_b" addr add 10.0.0.3/24 dev vb 2>/dev/null || true
	in_a ping -c 4 -i 0.01 -q 10.0.0.2 >/dev/null
	in_a ping -c 4 -i 0.01 -q 10.0.0.3 >/dev/null
}

@test "--hosts: a hundred thousand addresses; written and printed" {
	make_veth
	need ping
	awk 'BEGIN { for (i = 0; i < 100000; i++)
		printf "172.%d.%d.%d\n", 16 + i / 65536, i / 256 % 256, i % 256
		print "10.0.0.3/32 # the one that answers" }' >hosts
	start_in_b -i vb --hosts hosts -w f.pcapng --print -f icmp
	ping_both
	stop_capture
	[ "$status" = 0 ]
	counts 16 8 16
	[ "$(in_file f.pcapng)" = 8 ]
	[ "$("$pcaptool" filter --count 'host 10.0.0.3' f.pcapng)" = 8 ]
	[ "$(grep -c 'ICMP echo' out)" = 8 ]
	! grep -q '10\.0\.0\.2' out
}

@test "--hosts: what is wrong in the file is found before the capture starts" {
	script "log $PWD/log" 'interface x up' 'packet count=3 pad=60'
	echo '10.0.0.300' >hosts
	run -2 play -i x -w f.pcapng --hosts hosts
	[[ $output == *hosts*10.0.0.300* ]]
	run -2 play -i x --hosts no-such-file
	[[ $output == *no-such-file* ]]
	run -2 play -i x --sample 1/0
	run -2 play -i x --dedup=1
	run -2 play -i x --dedup-ignore ttl
	run -2 play -i x --invert
	[[ $output == *"--invert needs an expression"* ]]
	[ ! -e f.pcapng ]
	! grep -q activate log
}

@test "--bpf: every form that compile prints, run by the kernel" {
	make_veth
	need ping
	local form
	for form in asm decimal c json cbpf xt_bpf; do
		"$pcaptool" compile -y EN10MB --as "$form" \
			'icmp and host 10.0.0.3' >"prog.$form"
	done
	for form in asm decimal c json cbpf xt_bpf; do
		start_in_b -i vb --bpf "prog.$form" -w "$form.pcap"
		ping_both
		stop_capture
		counts 8 '' 8
		[ "$(in_file "$form.pcap")" = 8 ]
	done
	# both have to match, whatever the one before has in its registers
	start_in_b -i vb --bpf prog.asm -w both.pcap 'icmp[0] == 8'
	ping_both
	stop_capture
	counts 4 '' 4
	# not cut to the length that a program says
	"$pcaptool" compile -y EN10MB -s 20 --as asm icmp >short
	start_in_b -i vb --bpf short -c 2 -w whole.pcap
	ping_both
	wait "$capturer"
	[ "$("$pcaptool" filter --count 'len > 0' -Y 'frame.cap_len == 98' \
		whole.pcap)" = 2 ]
}

@test "--bpf on any, and with what only the kernel knows" {
	make_veth
	need ping
	"$pcaptool" compile -y LINUX_SLL2 --as asm 'icmp[0] == 8' >prog
	start_in_b -i any --bpf prog -w f.pcapng
	ping_both
	stop_capture
	counts 8 '' 8
	in_b "$pcaptool" compile -i vb --as asm 'inbound and icmp' >prog
	start_in_b -i vb --bpf prog -w g.pcapng
	ping_both
	stop_capture
	counts 8 '' 8
	[ "$("$pcaptool" filter --count 'icmp[0] == 8' g.pcapng)" = 8 ]
	run -2 in_b "$pcaptool" capture -i vb --bpf prog --invert
	[[ $output == *"only the kernel knows"*"--invert"* ]]
}

@test "--bpf: the wrong link type, and what is no program" {
	script 'interface x up' 'packet count=3 pad=60'
	"$pcaptool" compile -y LINUX_SLL2 --as json ip >prog
	run -2 play -i x -w f.pcapng --bpf prog
	[[ $output == *"x: the program is for link type LINUX_SLL2, the interface has EN10MB"* ]]
	[ ! -e f.pcapng ]
	echo 'ldh [' >prog
	run -2 play -i x --bpf prog
	[[ $output == *prog* ]]
}

@test "--bpf: a program that the kernel would refuse runs here" {
	script "log $PWD/log" 'interface x up' 'packet count=3 pad=60' \
		'packet count=2 pad=70' 'signal INT'
	# 5,000 instructions that do nothing
	{
		echo 'ld #len'
		yes 'add #0' | head -5000
		printf '%s\n' 'jeq #70, yes' 'ret #0' 'yes: ret #1'
	} >prog
	play -i x -w f.pcapng --bpf prog 2>said
	counts 5 2 5
	[ "$(in_file f.pcapng)" = 2 ]
	! grep -q setfilter log
}

@test "--invert: what does not match, also of packets that are too short" {
	script 'interface x up' 'packet count=3 pad=60' \
		'packet count=2 pad=70' 'signal INT'
	play -i x -w f.pcapng --invert 'len == 60' 2>said
	counts 5 2 5
	# true of none: these have no byte 65, and those have zero there
	play -w g.pcapng --invert -f 'ether[65] = 1' -i x 2>said
	counts 5 5 5
	# with a program too
	"$pcaptool" compile -y EN10MB --as asm 'len == 70' >prog
	play -i x -w h.pcapng --invert --bpf prog 2>said
	counts 5 3 5
	# each interface with an expression of its own makes no sense
	run -2 play -i x -f ip --invert
	[[ $output == *"--invert"*"before the first -i"* ]]
	run -2 play -f 'tcp prot 80' -i x -w w.pcapng --invert
	[[ $output == *"syntax error"* ]]
}

@test "--sample, --skip and -c, of what the others left" {
	script 'interface x up' 'packet count=3 pad=60' \
		'packet count=20 pad=70 number=14' 'signal INT'
	play -i x -w f.pcapng --sample 1/5 'len == 70' 2>said
	counts 20 4 20
	play -i x -w g.pcapng --skip 18 'len == 70' 2>said
	counts 20 2 20
	[ "$("$pcaptool" filter --count 'ether[14:4] == 19' g.pcapng)" = 1 ]
	play -i x -w h.pcapng --skip 2 --sample 1/3 -c 2 -Y 'frame.len == 70' \
		2>said
	[ "$(summary captured)" = 9 ]
	[ "$(summary matched)" = 2 ]
	[ "$("$pcaptool" filter --count \
		'ether[14:4] == 3 or ether[14:4] == 6' h.pcapng)" = 2 ]
	# lines are printed for the same packets
	play -i x --sample 1/10 -f 'len == 70' >out 2>said
	[ "$(grep -c '802.3, length 0' out)" = 2 ]
	counts 20 2 20
}

@test "--dedup: duplicates are left out, by number or time" {
	script 'interface x up' 'packet count=3 pad=60' \
		'packet count=2 pad=70' 'packet pad=60' 'signal INT'
	play -i x -w f.pcapng --dedup 2>said
	counts 6 2 6
	play -i x -w g.pcapng --dedup=2 2>said
	counts 6 3 6
	# 1,000,001 ns from packet to packet
	play -i x -w h.pcapng --dedup=2ms 2>said
	counts 6 3 6
}

@test "rotated files and pcapng statistics have what is selected" {
	script 'interface x up' 'packet count=30 pad=60 number=14' 'signal INT'
	play -i x -w r-%n.pcap --sample 1/3 --rotate-packets 4 \
		--stats-json lines 2>said
	counts 30 10 30
	[ "$(sed 's/.*"packets":\([0-9]*\).*/\1/' lines | xargs)" = '4 4 2' ]
}

@test "-s headers: cut after the headers, once selected" {
	make_veth
	need ping
	start_in_b -i vb -s headers -w f.pcapng -Y 'frame.len == 142' \
		-f 'icmp[0] == 8'
	in_a ping -c 2 -i 0.01 -s 100 -q 10.0.0.2 >/dev/null
	in_a ping -c 2 -i 0.01 -s 200 -q 10.0.0.2 >/dev/null
	stop_capture
	counts 4 2 4
	# Ethernet, IP and 8 bytes of ICMP
	[ "$("$pcaptool" filter --count f.pcapng \
		-Y 'frame.cap_len == 42 and frame.len == 142')" = 2 ]
	# any, without other options; the same as write makes of it
	start_in_b -i any -s headers -w a.pcap udp or icmp
	in_a ping -c 2 -i 0.01 -q 10.0.0.2 >/dev/null
	stop_capture
	counts 4 '' 4

	"$pcaptool" write a.pcap -s headers -w b.pcap
	cmp a.pcap b.pcap
}

@test "-s headers: all interfaces or none, and link types that are known" {
	script "log $PWD/log" 'interface x up' 'packet count=3 pad=60' \
		'signal INT' 'interface y up' 'interface z up' 'linktypes DOCSIS'
	run -2 play -i x -s headers -i y -w f.pcap
	[[ $output == *"-s headers must be the same for all interfaces"* ]]
	run -2 play -i z -s headers -w f.pcap
	[[ $output == *"z: -s headers: the headers of link type 143 are not known"* ]]
	run -2 play -i x -s 12x -w f.pcap
	[[ $output == *"neither a number of bytes"* ]]
	[ ! -e f.pcap ]
	play -s headers -i x -i y -w f.pcap 2>said
	[ "$(summary captured)" = 3 ]
	# taken back for the interface
	play -s headers -i x -s 20 -w g.pcap 2>said
	[ "$("$pcaptool" filter --count -Y 'frame.cap_len == 20' g.pcap)" = 3 ]
}

@test "a list too long for libpcap: a note names --hosts, not with -q" {
	script 'interface x up' 'packet count=3 pad=60'
	make_pcap sample
	local list note='the filter has 3000 addresses.*--hosts FILE'
	list=$(awk 'BEGIN { for (i = 0; i < 3000; i++)
		printf "%shost 10.%d.%d.7", i ? " or " : "", i / 250, i % 250 }')
	run -2 play -i x -w f.pcapng "$list"
	[ "$(grep -c "$note" <<<"$output")" = 1 ]
	run -2 "$pcaptool" filter "$list" sample.pcap
	[ "$(grep -c "$note" <<<"$output")" = 1 ]
	run -2 "$pcaptool" -q --libpcap "$fake" capture -i x "$list"
	[[ $output != *--hosts* ]]
	# and not about what is wrong otherwise
	run -2 play -i x 'host 10.0.0.1 or or'
	[[ $output != *--hosts* ]]
}
