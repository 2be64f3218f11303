# compile: programs in all forms (tcpdump is the oracle), what is refused, and
# runs over savefiles.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
	sample=sample.pcap
}

compile()
{
	"$pcaptool" compile "$@"
}

# same_as_tcpdump FROM STEP: every STEPth expression of the list, optimized and
# not, each time in one of the three dumps (in all of them if ALL_TESTS is set).
# Prints those that differ, then "N compared".
same_as_tcpdump()
{
	local i=-1 n=0 linktype text flag dump dumps=(-d -dd -ddd)
	local list=$top_srcdir/tests/data/expressions.txt
	while read -r linktype text; do
		i=$((i + 1))
		[ $((i % $2)) = "$1" ] || continue
		for flag in '' -O; do
			for dump in ${ALL_TESTS:+-d -dd -ddd} \
				${dumps[(i / $2 + ${#flag}) % 3]}; do
				tcpdump -y "$linktype" $flag $dump -- "$text" \
					>"$1.want" 2>/dev/null || continue 3
				compile -y "$linktype" $flag $dump -- "$text" \
					>"$1.got"
				cmp -s "$1.want" "$1.got" ||
					echo "differs: $linktype $flag $dump $text"
			done
		done
		n=$((n + 1))
	done < <(grep -v '^#' "$list" | grep .)
	echo "$n compared"
}

@test "-d, -dd and -ddd are those of tcpdump for each expression of the list" {
	need tcpdump
	local list=$top_srcdir/tests/data/expressions.txt
	[ "$(grep -c '^[A-Z]' "$list")" -ge 500 ]
	[ "$(grep '^[A-Z]' "$list" | cut -d' ' -f1 | sort -u | wc -l)" -ge 8 ]
	same_as_tcpdump 0 2 >half &
	same_as_tcpdump 1 2 >other
	wait
	cat half other
	! grep -q differs half other
	[ "$(cat half other | awk '{ n += $1 } END { print n }')" -ge 500 ]
}

@test "the examples of the manual page do what it says" {
	local page=$top_srcdir/man/pcaptool-compile.1.in count=0 line
	local command='' want=''
	check_example()
	{
		[ -n "$command" ] || return 0
		local got
		got=$(eval "${command/pcaptool/\"\$pcaptool\"}" 2>&1 || true)
		diff -u <(echo "${want%$'\n'}") <(echo "$got")
		count=$((count + 1))
		command='' want=''
	}
	while IFS= read -r line; do
		case $line in
		'$ '*) command=${line#'$ '} ;;
		.Ed) check_example ;;
		*) [ -z "$command" ] || want+=$line$'\n' ;;
		esac
	done <"$page"
	[ $count -ge 7 ]
}

@test "an expression is words, a file, or nothing" {
	compile -d tcp port 80 >want
	compile -d 'tcp port 80' | cmp - want
	printf 'tcp # all of it\n port 80\n' >expr
	compile -d -F expr | cmp - want
	compile -d -F - <expr | cmp - want
	[ "$(compile -d)" = "(000) ret      #262144" ]
	[ "$(compile -d -s 96 '')" = "(000) ret      #96" ]
	run -2 compile -F expr tcp
	[[ $output == *"an expression in a file (-F) and one on"* ]]
	run -2 compile -F nowhere
	[[ $output == *"nowhere: cannot be opened"* ]]
}

@test "link types have names and numbers" {
	compile -y RAW tcp >want
	compile -y 101 tcp | cmp - want
	compile -y DLT_RAW tcp | cmp - want
	compile -y linktype_raw tcp | cmp - want
	! compile tcp | cmp -s - want
	compile -r "$sample" tcp | diff - <(compile -y EN10MB tcp)
	run -2 compile -y NONE tcp
	[[ $output == *"unknown link type 'NONE'"* ]]
	run -2 compile -y 70000 tcp
	run -2 compile -y 9999 ip
	run -2 compile -r nowhere tcp
}

@test "-m is the netmask for ip broadcast" {
	compile -m 255.255.255.0 'ip broadcast' >want
	grep -q 'jset     #0xff ' want
	compile -m 0xffffff00 'ip broadcast' | cmp - want
	compile -m 24 'ip broadcast' | cmp - want
	run -2 compile -m 33 -m x 'ip broadcast'
	[[ $output == *"invalid netmask 'x'"* ]]
}

@test "each form is read back as the same program" {
	compile -ddd 'tcp port 80 and host 192.0.2.1' >want
	local form
	for form in asm c decimal list json xt_bpf cbpf dot explain; do
		compile -y EN10MB --as $form \
			'tcp port 80 and host 192.0.2.1' >"x.$form"
		compile --bpf "x.$form" -ddd | cmp - want
		compile --bpf - -ddd <"x.$form" | cmp - want
	done
	compile --bpf x.cbpf --json | grep -q '"linktype":1,'
	compile --bpf x.cbpf --as explain | grep -q 'destination port 80 (http)'
}

@test "an explanation follows link types, VLAN tags and protocols" {
	compile --as explain 'vlan and net 192.0.2.0/24' >x
	grep -q 'EtherType 0x8100 (802.1Q VLAN tag)? yes: L1' x
	grep -q 'A = EtherType (bytes 16-17)$' x
	grep -q 'is IP source address in 192.0.2.0/24? yes: accept' x
	grep -q 'A = ARP target protocol address (bytes 42-45)$' x
	compile --as explain -y RAW 'icmp6[0] = 135 or udp src port 53' >x
	grep -q 'is IP version & 0xf0 = 0x60 (IPv6)?' x
	grep -q 'is ICMPv6 type 135 (neighbor solicitation)?' x
	grep -q 'is source port 53 (domain)?' x
	compile --as explain -y LINUX_SLL2 'outbound and tcp[tcpflags] & tcp-rst != 0' >x
	grep -q 'is packet type 4 (from us)?' x
	grep -q 'A = TCP flags (byte 33 + IP header length)$' x
	grep -q 'is any bit set in TCP flags & 0x4 (RST)?' x
	# nothing is known of a link type that has no IP in sight
	compile --as explain -y USB_LINUX 'link[0] = 1' >x
	grep -q 'is A 1? yes: accept, no: reject$' x
}

@test "a cBPF savefile is as its format says" {
	compile -y RAW -s 100 -O -m 24 --as cbpf icmp >x
	# header: magic, name, 1.1, flags, snaplen 100, DLT_RAW, 7 instructions
	[ "$(head -c 20 x | od -An -v -tx1 | tr -d ' \n')" = \
		a1b2c3cb63425046010100030000006400"0c0007" ]
	# OptReq: type 3, length 1, 0; Netmask: type 4, length 4
	od -An -v -tx1 x | tr -d ' \n' | grep -q 0003000100
	od -An -v -tx1 x | tr -d ' \n' | grep -q 00040004ffffff00
	grep -q icmp x
	compile --bpf x --as asm >y
	diff y <(compile -y RAW -s 100 -O --as asm icmp)
}

@test "JSON is valid, whatever is in it" {
	need python3
	local args
	for args in "--json tcp" "--json ''" "tcp --run $sample --json" \
		"tcp --profile $sample --json" "tcp --trace $sample:3 --json" \
		"tcp --compare udp $sample --json" "--verify --json tcp" \
		"--verify --json ip6 protochain 6" \
		"tcp --compare tcp $sample --json"; do
		eval "compile $args" >x.json || [ $? = 1 ]
		python3 -c 'import json; json.load(open("x.json"))'
	done
}

@test "--run counts what tcpdump counts" {
	need tcpdump
	local expr
	for expr in tcp udp arp 'port 80' 'len > 100' 'not ip' 'ip[8] < 10'; do
		local n
		n=$(tcpdump -r "$sample" "$expr" 2>/dev/null | wc -l)
		run -0 compile "$expr" --run "$sample"
		[[ ${lines[0]} == "$n of 14 packets match"* ]]
		[[ ${lines[1]} =~ ^[0-9.]+\ s,\ [0-9]+\ packets/s$ ]]
	done
}

@test "--profile adds up" {
	compile 'tcp port 80' --profile "$sample" >x
	grep -q '^link type EN10MB: 10 of 14 packets match$' x
	grep -q '^ *14  100.0%  (000) ldh      \[12\]$' x
	# what reaches the two rets is every packet
	[ "$(awk '/ ret / { n += $1 } END { print n }' x)" = 14 ]
	# a test's two ways are its hits
	awk '/yes/ { sub(",", "", $(NF - 2)); if ($(NF - 2) + $NF != $1) bad = 1 }
		END { exit bad }' x
}

@test "--trace ends as --run counts" {
	local n matches=0
	for n in $(seq 14); do
		if compile 'tcp port 80' --trace "$sample:$n" |
			grep -q 'verdict: 262144, a match'; then
			matches=$((matches + 1))
		fi
	done
	[ $matches = 10 ]
	run -0 compile 'ip[2000] = 1' --trace "$sample:3"
	[[ $output == *"bytes 2014-2014 are not there: of 71 bytes 71 were captured"* ]]
	[[ $output == *"verdict: 0, no match, because of a load beyond"* ]]
	run -1 compile tcp --trace "$sample:15"
	[[ $output == *"sample.pcap: no packet 15: the last is 14"* ]]
	run -2 compile tcp --trace "$sample"
	[[ $output == *"not of the form FILE:N"* ]]
	run -2 compile tcp --trace "$sample:0"
	run -2 compile tcp --trace nowhere:1
}

@test "what this libpcap has no name for is listed all the same" {
	# ldx len, which its bpf_image() calls unimp
	echo '3,129 0 0 0,135 0 0 0,22 0 0 0' >x
	run -0 compile --bpf x -d
	[ "${lines[0]}" = "(000) ldx      #pktlen" ]
	compile --bpf x -d >y
	[ "$(compile --bpf y --as xt_bpf)" = "$(cat x)" ]
}

@test "--compare tells packets by number" {
	run -1 compile tcp --compare 'tcp and len > 70' "$sample"
	[ "${lines[0]}" = $'5\tonly the first' ]
	run -1 compile 'udp port 1' --compare 'udp' "$sample"
	[ "${lines[0]}" = $'3\tonly the second' ]
	[ "${lines[1]}" = $'4\tonly the second' ]
	[ "${lines[2]}" = "2 of 14 packets differ" ]
	run -0 compile 'tcp port 80 or arp' --compare -O "$sample"
	[ "$output" = "0 of 14 packets differ" ]
	compile -ddd tcp >x
	run -0 compile --bpf x --compare 'ip proto 6' "$sample"
	run -2 compile --bpf x --compare -O "$sample"
	run -2 compile --compare tcp
	[[ $output == *"no file to compare on"* ]]
}

@test "a savefile with several link types gets a program for each" {
	printf 'linktype 101\npacket 1.0\n45 00 00 14 00 00 00 00 40 06 00 00 c0 00 02 01 c0 00 02 02\n' >raw.hex
	"$top_builddir/tests/tools/hex2pcap" raw.hex >raw.pcap
	"$pcaptool" filter '' "$sample" raw.pcap >both.pcapng
	run -0 compile tcp --run both.pcapng
	[[ $output == "11 of 15 packets match"* ]]
	run -0 compile tcp --profile both.pcapng
	[[ $output == *"link type EN10MB: 10 of 14"*"link type RAW: 1 of 1"* ]]
	run -0 compile 'ether src 02:00:00:00:00:0a' --run both.pcapng
	[[ $output == *"warning: no packet of link type 101 matches"* ]]
	run -2 compile 'ether[0] = ' --run both.pcapng
}

@test "--verify says what the kernel would" {
	run -0 compile --verify tcp
	[ "$output" = "valid: 12 instructions" ]
	printf 'ld M[0]\nret a\n' >x
	run -1 compile --verify --bpf x
	[ "$output" = "not valid: instruction 0: reads M[0], which not every way to it has written" ]
}

@test "programs that jump backwards need --allow-loops" {
	compile -ddd ip6 protochain 6 >x
	run -2 compile --bpf x -d
	[[ $output == *"x: instruction 18: jumps backwards, to 4"* ]]
	compile --bpf x --allow-loops -ddd | cmp - x
}

@test "what is not a program is refused with its place" {
	printf 'ldh [12]\n jeq #0x800, yes\n' >x
	run -2 compile --bpf x
	[ "${lines[0]}" = "pcaptool: x: line 2, column 14: unknown label" ]
	[ "${lines[1]}" = '   jeq #0x800, yes' ]
	[ "${lines[2]}" = '               ^~~' ]
	# each as numbers: a jump back, M[16], a division by 0, no return, no code
	local numbers
	for numbers in '2,5 0 0 4294967295,6 0 0 0' '2,96 0 0 16,6 0 0 0' \
		'2,52 0 0 0,6 0 0 0' '1,0 0 0 0' '1,65535 0 0 0' \
		'2,21 1 0 0,6 0 0 0' '0'; do
		echo "$numbers" >x
		run -2 compile --bpf x
		[[ ${lines[0]} == "pcaptool: x: "* ]]
	done
	head -c 30 <(compile --as cbpf tcp) >x
	run -2 compile --bpf x
	[[ $output == *"x: offset 30: the file ends too early" ]]
	run -2 compile --bpf nowhere
	run -2 compile --bpf .
}

@test "an expression's fault is marked" {
	run -2 compile 'port http or port zzz and tcp'
	[ "${lines[0]}" = "pcaptool: unknown port 'zzz'" ]
	[ "${lines[2]}" = '                    ^~~' ]
	run -2 compile $'tcp and \e[31mfoo'
	[[ $output != *$'\e'* ]]
	run -2 compile 'tcp and'
	[ "${lines[2]}" = '         ^' ]
	run -2 compile 'ip[0] = 99999999999'
	[ "${lines[2]}" = '          ^~~~~~~~~~~' ]
}

# ends_soon COMMAND...: within five seconds, with 0 or 2, without a crash.
ends_soon()
{
	run timeout 20 "$@"
	[ "$status" = 0 ] || [ "$status" = 2 ]
	[[ $output != *Sanitizer* ]]
}

@test "hostile filters are compiled or refused" {
	{
		printf ip
		for ((i = 0; i < 20000; i++)); do
			printf ' and not host 10.%d.%d.9' $((i / 256)) $((i % 256))
		done
	} >x
	ends_soon "$pcaptool" compile -F x
	{
		printf '(%.0s' $(seq 20000)
		printf tcp
		printf ')%.0s' $(seq 20000)
	} >x
	ends_soon "$pcaptool" compile -F x
	printf 'not %.0s' $(seq 100000) >x
	echo tcp >>x
	ends_soon "$pcaptool" compile -F x
	# on this the optimizer goes from one program to another and back
	ends_soon "$pcaptool" compile \
		'(ip[12:4] = 7 or ip[16:4] = 7) and not (ip[12:4] = 8 or ip[16:4] = 8)'
	ends_soon "$pcaptool" compile 'ip[0x7fffffff] = 1'
	run -2 compile 'ip[0] / 0 = 1'
	[[ $output == *"division by zero"* ]]
	run -2 compile 'ip[0] = 4294967296'
	printf 'tcp\0udp' >x
	run -2 compile -F x
	[[ $output == *"x: byte 4 is NUL"* ]]
}

@test "--libpcap chooses whose compiler it is" {
	run -2 "$pcaptool" --libpcap /nonexistent.so compile tcp
	local lib
	lib=$("$pcaptool" --version | sed -n 's/^  from //p')
	[ -n "$lib" ] || skip "the file of the library is not known"
	"$pcaptool" --libpcap "$(readlink -f "$lib")" compile -d tcp |
		diff - <(compile -d tcp)
}

@test "--engine libpcap is a second opinion" {
	local flag
	for flag in -d -dd -ddd; do
		diff <(compile $flag 'tcp port 80') \
			<(compile --engine libpcap $flag 'tcp port 80')
	done
	diff <(compile --as asm tcp) <(compile --engine libpcap --as asm tcp)
	run -0 compile tcp --engine libpcap --run "$sample"
	[[ $output == "10 of 14 packets match"* ]]
	run -1 compile tcp --engine libpcap --compare 'tcp and len > 70' "$sample"
	diff <(echo "$output") <(compile tcp --compare 'tcp and len > 70' "$sample")
	run -2 compile --engine libpcap 'tcp prt'
	[ "${lines[2]}" = '      ^~~' ]
	run -2 compile tcp --engine libpcap --trace "$sample:1"
}

@test "-i takes the interface's link type and what its kernel knows" {
	make_veth
	run -0 in_a "$pcaptool" compile -i va -d vlan
	[[ $output == *"[vlanp]"* ]]
	run -0 in_a "$pcaptool" compile -i va -d 'ip broadcast'
	[[ $output == *"#0xff "* ]]
	diff <(in_a tcpdump -i va -d 'vlan 5 and tcp' 2>/dev/null) \
		<(in_a "$pcaptool" compile -i va -d 'vlan 5 and tcp')
	run -2 in_a "$pcaptool" compile -i nowhere -d tcp
	[[ $output == *nowhere* ]]
}

teardown()
{
	drop_veth
}

@test "iptables is warned about programs that it would not take" {
	run -0 compile --as xt_bpf -y EN10MB tcp
	[[ $output == *"-y RAW is for that"* ]]
	local i hosts='host 10.0.0.1'
	for ((i = 2; i < 60; i++)); do
		hosts+=" or host 10.0.0.$i"
	done
	run -0 compile --as xt_bpf "$hosts"
	[[ $output == *"iptables accepts at most 64 instructions"* ]]
	run -0 compile --as xt_bpf tcp
	[[ $output != *warning* ]]
}

@test "options that exclude each other are told" {
	run -2 compile tcp -d --as asm
	run -2 compile tcp --json --as asm
	run -2 compile tcp --run "$sample" -d
	run -2 compile tcp --run "$sample" -y RAW
	run -2 compile tcp -y RAW -r "$sample"
	run -2 compile tcp --run "$sample" --profile "$sample"
	compile -ddd tcp >x
	run -2 compile --bpf x tcp
	run -2 compile tcp --run "$top_srcdir/README.md"
}

@test "faults of long filters have a line and a column" {
	cd "$BATS_TEST_TMPDIR"
	printf '# hosts\ntcp or udp\nor (host 192.0.2.1\n   and port port 5)\n' >f
	run -2 "$pcaptool" compile -F f
	[[ "${lines[0]}" == "pcaptool: line 4, column 13: "*"syntax error" ]]
	[ "${lines[1]}" = "     and port port 5)" ]
	local many
	many=$(printf 'port %d or ' {1..200})
	run -2 "$pcaptool" compile "${many}port port 5"
	[[ "${lines[0]}" == "pcaptool: column $((${#many} + 6)): "*"syntax error" ]]
	# longer ones, too
	many=$(printf 'host 192.0.2.%d or ' {1..250} {1..250} {1..250} {1..250})
	run -2 "$pcaptool" compile "${many}port port 5"
	[[ "${lines[0]}" == "pcaptool: column $((${#many} + 6)): "*"syntax error" ]]
	# what can be seen needs no numbers
	run -2 "$pcaptool" compile 'port port 5'
	[ "${lines[0]}" = "pcaptool: can't parse filter expression: syntax error" ]
}
