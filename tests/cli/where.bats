# Field expressions (-Y): which packets they select in each command, what is
# said of those that are wrong or misleading, and what conversations show.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
}

# Captures of many link types, tags, tunnels, fragments, cut packets.
captures='sample links frames cuts odd fragments several sll routed
	tunnels_more teredo gtpv2 services tcpopts short_headers onward deep'

# numbers OPTIONS...: the numbers of the packets that read prints.
numbers()
{
	"$pcaptool" -q read --fields frame.number --no-header "$@" | xargs
}

# said LINE: standard error and output of a command that fails are $output.
said()
{
	run bash -c "$1"
	echo "$output"
	[ "$status" = 2 ]
}

@test "every expression of the list selects its packets" {
	local file expr want got bad=0 n=0
	while IFS=$'\t' read -r file want expr; do
		[[ -n $file && $file != '#'* ]] || continue
		[ -e "$file.pcap" ] || make_pcap "$file"
		got=$(numbers -Y "$expr" "$file.pcap")
		n=$((n + 1))
		[ "$got" = "${want%-}" ] && continue
		echo "$file: $expr: $got, not $want"
		bad=1
	done <"$top_srcdir/tests/data/where.txt"
	[ $n -gt 100 ]
	[ $bad = 0 ]
}

@test "the expressions that are compared with others are understood" {
	local list=$top_srcdir/tests/data/where_list.txt row numbers n=0
	[ "$(grep -vc '^#' "$list")" -ge 450 ]
	"$top_builddir/tests/tools/where_list" "$list" sample.pcap >all
	[ "$(wc -l <all)" = "$(grep -vc '^#' "$list")" ]
	# and the tool that asks them all says what -Y does
	while IFS=$'\t' read -r _ row numbers; do
		n=$((n + 1))
		[ $((n % 40)) = 0 ] || continue
		row=$(sed -n "${row}p" "$list" | cut -f 2)
		echo "$row: $numbers"
		[ "$(numbers -Y "$row" sample.pcap)" = "$numbers" ]
	done <all
}

@test "headers decide only what decoding would say" {
	local list=$top_srcdir/tests/data/where_list.txt name files=()
	local tool=$top_builddir/tests/tools/where_list
	for name in $captures; do
		[ -e "$name.pcap" ] || make_pcap "$name"
		files+=("$name.pcap")
	done
	# and below zero, where Wireshark 4.0 has no sign; and what is not there
	{
		cat "$list"
		printf '4.0\t%s\n' 'ip.ttl > -1' \
			'ip.ttl * 2 > frame.len - tcp.window_size_value' \
			'{ip.len - 20} * {ip.ttl - 64} < 0' \
			'{ip.len - 99} * {ip.ttl - 64} < ip.id * {ip.proto - 10}' \
			'tcp.port == 443 and ip.ttl > 20' 'not tcp.port == 80' \
			'ip.ttl == 30 and tcp' 'ipv6.hlim < 40 and udp' \
			'ip.dst == 203.0.113.1' 'ip.addr == 198.51.100.1' \
			'vlan.id == 11 and ip' 'all vlan.id > 10' 'mpls and tcp' \
			'tcp.port != 443 or udp.port != 443' 'tcp xor udp' \
			'not tcp and not udp' 'not data and tcp.port == 80' \
			'_ws.malformed and ip.ttl > 20' 'not _ws.malformed' \
			'tcp.urgent_pointer == 0 and ip.len != 1' \
			'ip.len == 40' 'ipv6.plen == 0' 'udp.length == 8' \
			'frame.time_delta > 0.0005 and tcp.port == 80' \
			'frame.time_delta_displayed > 0.0015 or udp'
	} >list
	"$tool" list "${files[@]}" >by-headers
	"$tool" -a list "${files[@]}" >decoded
	[ -s decoded ]
	diff by-headers decoded
}

@test "a TCP header that cannot be is decoded" {
	# data offset 2
	echo '0000 45 00 00 28 00 00 00 00 40 06 00 00 c0 00 02 01 c0 00 02 02' \
		'00 50 00 50 00 00 00 00 00 00 00 00 20 12 00 00 00 00 00 00' >hex
	"$pcaptool" write --hex --linktype raw hex -w bad.pcap
	[ "$(numbers -Y 'tcp.srcport == 80' bad.pcap)" = 1 ]
	[ "$(numbers -Y 'tcp[13] == 0x12' bad.pcap)" = "" ]
}

# selects EXPR FILTER: --as pcap makes this filter of the expression, and both
# select the same packets of the sample.
selects()
{
	run "$pcaptool" -q compile --as pcap --where "$1"
	echo "$1: $output"
	[ "$output" = "$2" ]
	[ "$(numbers -Y "$1" sample.pcap)" = "$(numbers -f "$2" sample.pcap)" ]
}

@test "compile --where --as pcap: the capture filter that does the same" {
	selects tcp tcp
	selects 'tcp.port == 80' 'tcp port 80'
	selects 'tcp.port != 80' '(tcp and not tcp port 80)'
	selects 'tcp.port === 80' '(tcp src port 80 and tcp dst port 80)'
	selects 'tcp.port !== 80' \
		'(tcp and not (tcp src port 80 and tcp dst port 80))'
	selects 'udp.dstport in {1..53, 99}' \
		'(udp dst portrange 1-53 or udp dst port 99)'
	selects 'ip.src == 192.0.2.0/26 or not arp' \
		'ip src net 192.0.2.0/26 or not arp'
	selects 'eth.addr == ff:ff:ff:ff:ff:ff' 'ether host ff:ff:ff:ff:ff:ff'
	selects 'ipv6.addr == 2001:db8::/32' 'ip6 net 2001:db8::/32'
	selects 'frame.len > 60 and ip.ttl <= 64' '(len >= 61) and (ip[8:1] <= 64)'
	selects 'eth.src[0:3] == 02:00:00' '((ether[6:4] & 0xffffff00) = 33554432)'
	selects 'tcp.flags.syn == 1' \
		'(((tcp[12:2] & 0x2) = 2) or (ip6[6:1] = 6 and ((ip6[52:2] & 0x2) = 2)))'
	selects 'tcp[1:2] == 50:a0' \
		'((tcp[1:2] = 20640) or (ip6[6:1] = 6 and (ip6[41:2] = 20640)))'
}

@test "compile --where --as pcap: says what capture filters do not see" {
	run -0 --separate-stderr "$pcaptool" compile --as pcap --where tcp
	[[ $stderr == *'do not look past VLAN tags'* ]]
	run -0 --separate-stderr "$pcaptool" compile --as pcap \
		--where 'frame.len > 100'
	[ -z "$stderr" ]
}

@test "compile --where --as pcap: what stands in the way" {
	run -1 "$pcaptool" compile --as pcap --where 'tcp and http.host contains "x"'
	[ "$output" = "pcaptool: no capture filter says the same: 'http.host contains \"x\"' is not in headers at fixed places" ]
	run -1 "$pcaptool" compile --as pcap --where 'tcp xor ip'
	run -1 "$pcaptool" compile --as pcap --where 'vlan.id == 3'
	run -2 "$pcaptool" compile --as pcap tcp
	run -2 "$pcaptool" compile --as list --where tcp
	run -2 "$pcaptool" compile --where tcp udp
	run -2 "$pcaptool" compile --where 'tcp port 80'
	[[ "$output" = *"As a field expression"* ]]
}

@test "compile --where: the stages of an expression" {
	run "$pcaptool" compile --where 'http.host and ip.ttl < 9'
	[[ "$output" = "fields decoded"$'\n'"  http.host ip.ttl"* ||
		"$output" = "fields decoded"$'\n'"  ip.ttl http.host"* ]]
	[[ "$output" = *"messages reassembled from TCP segments"* ]]
	[[ "$output" = *": any ip.ttl < 9"* ]]
	[[ "$output" = *"prefilter for EN10MB"*"ldh      [12]"* ]]
	# it computes, too
	run "$pcaptool" compile --where 'ip.ttl * 2 > frame.len - ip.len'
	[[ "$output" = *"mul      #2"* ]]
	run "$pcaptool" compile --where 'frame contains "x"'
	[[ "$output" = *"none: every packet is decoded"* ]]
	run "$pcaptool" compile --json -y RAW --where 'udp.port == 53'
	[[ "$output" = '{"linktype":101,"prefilter":["(000) '*'"fields":["udp.port"]'* ]]
	[[ "$output" = *'"program":["0: any udp.port == 53",'* ]]
	[ "$("$pcaptool" compile --as json --where tcp)" = \
		"$("$pcaptool" compile --json --where tcp)" ]
	# the file's link type
	[ "$("$pcaptool" compile -r sample.pcap --where tcp)" = \
		"$("$pcaptool" compile --where tcp)" ]
}

@test "read, filter, write and stats take -Y" {
	[ "$(numbers -Y dns sample.pcap)" = "3 4" ]
	[ "$("$pcaptool" filter --count -Y dns sample.pcap)" = 2 ]
	[ "$("$pcaptool" filter --count --where=dns sample.pcap)" = 2 ]
	"$pcaptool" write -Y dns sample.pcap -w dns.pcap
	[ "$(numbers dns.pcap)" = "1 2" ]
	run "$pcaptool" stats --by protocols --csv -Y dns sample.pcap
	[[ "${lines[1]}" = *frame*,2,* ]]
	"$pcaptool" filter -q -Y dns sample.pcap
	run "$pcaptool" filter -q -Y sctp sample.pcap
	[ "$status" = 1 ]
}

@test "macros: a file that is named, configured, or the user's own" {
	cat >macros <<-'END'
		# two of them
		web = tcp.port in {80, 443}
		"between","$1 >= $2 and $1 <= $3"
	END
	want=$(numbers -Y 'tcp.port in {80, 443}' sample.pcap)
	[ "$(numbers --macros macros -Y '$web' sample.pcap)" = "$want" ]
	[ "$(numbers --macros macros -Y '$web and ${between;ip.len;60;90}' \
		sample.pcap)" = 8 ]
	echo 'udp or $between(ip.len, 42, 90)' >expr
	[ "$(numbers --macros macros --where-file expr -Y ip sample.pcap)" = \
		"$(numbers -Y 'udp or (42 <= ip.len <= 90)' sample.pcap)" ]
	[ "$("$pcaptool" filter --count --macros macros -Y '$web' \
		sample.pcap)" = "$(wc -w <<<"$want")" ]
	run -0 "$pcaptool" read --no-header --macros macros --packets 8,3 \
		--fields 'frame.number,$web,len(tcp.payload)' sample.pcap
	[ "$output" = $'3\t0\t\n8\t1\t37' ]

	export XDG_CONFIG_HOME=$PWD/home
	mkdir -p home/pcaptool
	run -2 "$pcaptool" read -Y '$web' sample.pcap
	[[ $output == *"no such macro (--macros names their file)"*$'\n  $web\n  ^~~~'* ]]
	cp macros home/pcaptool/macros
	[ "$(numbers -Y '$web' sample.pcap)" = "$want" ]
	run -2 "$pcaptool" filter '$web' sample.pcap
	[[ $output == *"That is a field expression: use -Y '\$web'"* ]]
	echo 'web = udp' >mine
	echo "macros = $PWD/mine" >home/pcaptool/config
	[ "$(numbers -Y '$web' sample.pcap)" = "3 4" ]
	[ "$(numbers --macros macros -Y '$web' sample.pcap)" = "$want" ]
	# where no expression needs it, it is not read
	echo "macros = $PWD/nowhere" >home/pcaptool/config
	[ "$(numbers -Y udp sample.pcap)" = "3 4" ]
	run -2 "$pcaptool" read -Y '$web' sample.pcap
	[[ $output == *"/nowhere: "* ]]
}

@test "macros: errors say where and in which one" {
	printf '%s\n' 'old = tcp.prt == $1' 'a = $b' 'b = $a' >macros
	run -2 "$pcaptool" read --macros macros -Y 'tcp and $old(80)' sample.pcap
	[[ $output == *"did you mean 'tcp.port'? (in macro 'old')"*$'\n  tcp and $old(80)\n          ^~~~~~~~'* ]]
	run -2 "$pcaptool" read --macros macros -Y '$a' sample.pcap
	[[ $output == *"macro 'a' is in its own text (in macro 'b')"* ]]
	run -2 "$pcaptool" read --macros macros -Y 'ip.src == ${ip.dst}' sample.pcap
	[[ $output == *"a reference to a field is about the packet"* ]]
	echo 'no macro' >>macros
	run -2 "$pcaptool" read --macros macros -Y tcp sample.pcap
	[[ $output == *"macros: line 4: 'name = text' expected"* ]]
}

@test "--contains and --match look into payloads, or whole packets" {
	[ "$(numbers --contains GET sample.pcap)" = 8 ]
	[ "$(numbers --contains 0x474554 sample.pcap)" = 8 ]
	[ "$(numbers --contains get sample.pcap)" = "" ]
	[ "$(numbers --contains get --ignore-case sample.pcap)" = 8 ]
	[ "$(numbers --match 'g.t /' sample.pcap)" = "" ]
	[ "$(numbers --match 'g.t /' --ignore-case sample.pcap)" = 8 ]
	[ "$(numbers --match '^HTTP/\d\.\d 2\d\d' sample.pcap)" = 10 ]
	[ "$(numbers --match '^GET|^HTTP' --contains Host sample.pcap)" = 8 ]
	# DNS over UDP, and what has no transport
	[ "$(numbers --contains example -f udp sample.pcap)" = "3 4" ]
	[ "$(numbers --contains 0xc000020a sample.pcap)" = "1 2" ]
	[ "$(numbers --contains 0xc000020a --search-in frame -f ip -c 3 \
		sample.pcap)" = "3 4 5" ]
	[ "$(numbers --contains 0xc000020a --search-in payload -f ip \
		sample.pcap)" = "" ]
	# with other expressions, and in all commands
	[ "$(numbers --contains example -Y dns.qry.name sample.pcap)" = "3 4" ]
	[ "$(numbers --contains example -Y 'tcp or udp' -f tcp sample.pcap)" = 8 ]
	echo 'dns.flags.response == 1' >expr
	[ "$(numbers --contains example -Y udp --where-file expr sample.pcap)" = 4 ]
	[ "$("$pcaptool" filter --count --contains GET sample.pcap)" = 1 ]
	"$pcaptool" write --match '^GET' sample.pcap -w get.pcap
	[ "$(numbers get.pcap)" = 1 ]
	run "$pcaptool" stats --by protocols --csv --contains GET sample.pcap
	[[ "${lines[1]}" = *frame*,1,* ]]
}

@test "--contains takes any text as it is, --match any expression" {
	printf '\x00\xff"\\x41 \x41$web\n.\x80' >payload
	{
		printf '0000'
		printf '\x45\0\0\x2c\0\0\0\0\x40\x11\0\0\xc0\0\2\1\xc0\0\2\2\0\7\0\7\0\x18\0\0' |
			cat - payload | od -An -v -tx1 | tr -d '\n'
		echo
	} >hex
	"$pcaptool" write --hex --linktype raw hex -w odd.pcap
	for text in '"\x41 A$web' '\' '"' '$web' $'\n.'; do
		[ "$(numbers --contains "$text" odd.pcap)" = 1 ]
		[ "$(numbers --contains "$text" --ignore-case odd.pcap)" = 1 ]
	done
	[ "$(numbers --contains '$WEB' --ignore-case odd.pcap)" = 1 ]
	[ "$(numbers --contains 0x00ff22 odd.pcap)" = 1 ]
	[ "$(numbers --match '"\\x4' odd.pcap)" = 1 ]
	[ "$(numbers --match '\x41\$web\n\.' odd.pcap)" = 1 ]
	[ "$(numbers --match '"' odd.pcap)" = 1 ]
	[ "$(numbers --match '.A$web' odd.pcap)" = "" ]
}

@test "--contains and --match: what makes no sense" {
	run -2 "$pcaptool" read --match 'a(b' sample.pcap
	[[ $output == *"option --match: regular expression: missing closing parenthesis"*$'\n  a(b\n     ^'* ]]
	run -2 "$pcaptool" read --contains 0x414 sample.pcap
	[[ $output == *"'0x414' is not pairs of hexadecimal digits"* ]]
	run -2 "$pcaptool" read --contains '' sample.pcap
	run -2 "$pcaptool" read --match '' sample.pcap
	run -2 "$pcaptool" read --contains 0x41 --ignore-case sample.pcap
	run -2 "$pcaptool" read --ignore-case sample.pcap
	run -2 "$pcaptool" read --search-in frame -Y tcp sample.pcap
	run -2 "$pcaptool" filter --macros /dev/null udp sample.pcap
	# the mark is in what was typed
	run -2 "$pcaptool" read --contains GET -Y 'ip and tcp.prt' sample.pcap
	[[ $output == *$'\n  ip and tcp.prt\n         ^~~~~~~'* ]]
}

@test "it is ANDed with the capture filter and with other conditions" {
	[ "$(numbers -f 'host 192.0.2.53' -Y 'dns.flags.response == 1' \
		sample.pcap)" = 4 ]
	[ "$(numbers -Y tcp -c 2 sample.pcap)" = "5 6" ]
	[ "$(numbers -Y tcp --skip 8 sample.pcap)" = "13 14" ]
	[ "$(numbers -Y tcp --packets 1-6 sample.pcap)" = "5 6" ]
	[ "$("$pcaptool" filter --count 'udp' -Y 'frame.len > 75' \
		sample.pcap)" = 1 ]
}

@test "files follow -Y without a capture filter" {
	cp sample.pcap other.pcap
	run "$pcaptool" filter --count -Y dns sample.pcap other.pcap
	[ "$output" = "sample.pcap:2
other.pcap:2" ]
}

@test "--where-file: comments are lines, and -Y has to match too" {
	printf '# names\ndns\n  # of hosts\nand frame.number#1 > 3\n' >expr
	[ "$(numbers --where-file expr sample.pcap)" = 4 ]
	[ "$(numbers --where-file expr -Y 'udp or tcp' sample.pcap)" = 4 ]
	[ "$(numbers --where-file expr -Y tcp sample.pcap)" = "" ]
	printf 'dns and\ntcp.prt == 3' >expr
	said "'$pcaptool' read --where-file expr sample.pcap"
	[[ "$output" = *"expr: unknown field; did you mean 'tcp.port'?"* ]]
	[ "${lines[1]}" = "  tcp.prt == 3" ]
	[ "${lines[2]}" = "  ^~~~~~~" ]
}

@test "errors have a mark under what is wrong" {
	said "'$pcaptool' read -Y 'ip.src == 192.0.2.1 and tcp.prt > 3' sample.pcap"
	[ "${lines[0]}" = "pcaptool: unknown field; did you mean 'tcp.port'?" ]
	[ "${lines[1]}" = "  ip.src == 192.0.2.1 and tcp.prt > 3" ]
	[ "${lines[2]}" = "                          ^~~~~~~" ]
	said "'$pcaptool' stats -Y 'tcp.port == x' sample.pcap"
	[ "${lines[2]}" = "              ^" ]
}

@test "a capture filter as -Y leads to -f, and to the expression for it" {
	said "'$pcaptool' read -Y 'tcp port 80 and not host 192.0.2.1' sample.pcap"
	[ "${lines[-1]}" = "That is a capture filter, which is for -f. As a field expression: -Y 'tcp.port == 80 and not ip.addr == 192.0.2.1'" ]
	said "'$pcaptool' read -Y 'tcp[13] = 2' sample.pcap"
	[ "${lines[-1]}" = "That is a capture filter: use -f 'tcp[13] = 2'" ]
	# what is neither is not explained
	said "'$pcaptool' read -Y 'tcp port' sample.pcap"
	[[ "$output" != *"capture filter"* ]]
}

@test "a field expression as -f or as an operand leads to -Y" {
	said "'$pcaptool' read -f 'http.host contains \"x\"' sample.pcap"
	[ "${lines[-1]}" = "That is a field expression: use -Y 'http.host contains \"x\"'" ]
	said "'$pcaptool' filter --count 'tcp.port == 80' sample.pcap"
	[ "${lines[-1]}" = "That is a field expression: use -Y 'tcp.port == 80'" ]
	run "$pcaptool" read sample.pcap 'ip.ttl > 3'
	[[ "$output" = *"Use: pcaptool read sample.pcap -Y 'ip.ttl > 3'"* ]]
}

# note EXPR TEXT: it is said once, and not with -q.
note()
{
	local text
	text=$("$pcaptool" filter --count -Y "$1" sample.pcap sample.pcap 2>&1 >/dev/null)
	echo "$text"
	[[ "$text" = *"$2"* ]]
	text=$("$pcaptool" -q read -Y "$1" sample.pcap 2>&1 >/dev/null)
	[ -z "$text" ]
	text=$("$pcaptool" read -Y "$1" sample.pcap 2>&1 >/dev/null)
	[ "$(wc -l <<<"$text")" = 1 ]
}

@test "a negated equality is noted, as it keeps packets without the field" {
	note '!(ip.addr == 192.0.2.10)' 'without the field'
	[ "$(numbers -Y '!(ip.addr == 192.0.2.10)' sample.pcap)" = "1 2" ]
	[ "$(numbers -Y 'ip.addr != 192.0.2.10' sample.pcap)" = "" ]
}

@test "!== and ~= are noted, as they are what != was" {
	note 'ip.addr !== 192.0.2.53' 'any value differs'
	note 'ip.addr ~= 192.0.2.53' 'any value differs'
	[ "$(numbers -Y 'ip.addr ~= 192.0.2.53' sample.pcap | wc -w)" = 12 ]
}

@test "a boolean alone is noted, as its presence is not its truth" {
	note tcp.flags.syn 'tcp.flags.syn == 1'
	[ "$(numbers -Y tcp.flags.syn sample.pcap | wc -w)" = 10 ]
	[ "$(numbers -Y 'tcp.flags.syn == 1' sample.pcap)" = "5 6" ]
}

@test "'or' beside 'and' is noted, as 'and' binds tighter" {
	note 'arp or udp and ip.ttl > 3' "'and' binds tighter than 'or'"
	run "$pcaptool" read -Y 'arp or (udp and ip.ttl > 3)' sample.pcap
	[[ "$output" != *binds* ]]
}

@test "what is printed is the same as without -Y" {
	local name jobs form
	for name in sample media_talk http_talk fragments; do
		make_pcap $name
		for jobs in 1 3; do
			for form in text json; do
				"$pcaptool" -q read -# -o $form --jobs $jobs -v \
					-Y 'frame.number > 3' $name.pcap >some
				"$pcaptool" -q read -# -o $form --jobs $jobs -v \
					$name.pcap >all
				# every line that came out is one of all
				[ -s some ]
				[ "$(grep -cxFf all some)" = "$(wc -l <some)" ]
			done
		done
	done
}

@test "state is that of the whole input" {
	# the numbers of streams, and times since the packet before
	local fields=tcp.stream,tcp.seq,frame.time_delta,frame.time_relative
	local jobs
	for jobs in 1 3; do
		"$pcaptool" read --fields frame.number,$fields --jobs $jobs \
			--no-header -Y 'tcp.len > 0' sample.pcap >some
		"$pcaptool" read --fields frame.number,$fields --no-header \
			sample.pcap >all
		[ "$(wc -l <some)" = 2 ]
		[ -z "$(grep -vxFf all some)" ]
	done
	[ "$("$pcaptool" read --fields frame.time_delta_displayed --no-header \
		-Y 'frame.number in {1, 14}' sample.pcap | tail -n 1)" = \
		0.025850000 ]
	# of the first packet of a stream alone, too
	[ "$(numbers -Y 'tcp.stream == 0 and tcp.seq == 38' sample.pcap)" != "" ]
}

@test "whole flows of what matches" {
	[ "$(numbers --whole-flows -Y 'http.request' sample.pcap)" = \
		"5 6 7 8 9 10 11 12 13 14" ]
}

@test "--as and --no-reassemble mean the same for -Y" {
	[ "$(numbers -Y ntp sample.pcap)" = "" ]
	[ "$(numbers --as 'udp port 53=ntp' -Y ntp sample.pcap)" = "3 4" ]
	make_pcap fragments
	[ "$(numbers -Y 'ip.reassembled.length' fragments.pcap)" != "" ]
	[ "$(numbers --no-reassemble -Y 'ip.reassembled.length' \
		fragments.pcap)" = "" ]
}

@test "a regular expression that takes too many steps ends, and that is said" {
	"$pcaptool" --version | grep -q 'libpcre2) *yes' ||
		skip "built without libpcre2"
	# of 3000 times the letter a
	printf '%s' "$(head -c 3000 /dev/zero | tr '\0' a)" | xxd -g 1 >dump
	"$pcaptool" -q write --hex --linktype 147 dump -w a.pcap
	run "$pcaptool" filter --count -Y 'frame matches "^(a+)+[bc]"' a.pcap
	echo "$output"
	[[ "$output" = *"too many steps 1 time(s), which counts as no match"* ]]
	[ "${lines[-1]}" = 0 ] || [ "${lines[0]}" = 0 ]
}

@test "help where shows the page with its tables" {
	run "$pcaptool" help --text where
	[ "$status" = 0 ]
	[[ "$output" = *"===, all_eq"* ]]
	[[ "$output" = *"ip_rfc1918"* ]]
}
