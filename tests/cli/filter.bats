# filter: which packets it selects (tcpdump and capinfos are the oracles), and
# what it prints and returns.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
	sample=sample.pcap
}

# text FILE [EXPR]: its packets, one a line, none of which depends on others.
text()
{
	tcpdump -nn -tttt -S -r "$@" 2>/dev/null
}

# selected OPTIONS: the packets that come out, in tcpdump's words.
selected()
{
	local out=$BASHPID.pcapng
	"$pcaptool" filter "$@" >"$out"
	text "$out"
}

# as_tcpdump EXPR [OPTIONS]: the same packets come out as tcpdump selects.
as_tcpdump()
{
	diff -u <(text "$sample" "$1") \
		<(selected "$@" "$sample")
}

# numbers OPTIONS: the numbers of the packets of the sample that come out.
numbers()
{
	text "$sample" >all
	selected "$@" | grep -nxFf - all | cut -d: -f1 | tr '\n' ' '
}

@test "an expression selects what tcpdump selects" {
	need tcpdump
	as_tcpdump 'tcp port 80'
	as_tcpdump 'arp'
	as_tcpdump 'udp and not src port 53'
	as_tcpdump 'tcp[tcpflags] & tcp-syn != 0'
	as_tcpdump ''
	as_tcpdump 'host 203.0.113.77'
	[ "$(selected 'tcp' "$sample" | wc -l)" -gt 3 ]
}

@test "--invert turns the expression around and nothing else" {
	need tcpdump
	diff -u <(text "$sample" 'not tcp') \
		<(selected --invert tcp "$sample")
	[ "$(numbers --invert tcp --packets 2-5 "$sample")" = "2 3 4 " ]
	run -2 "$pcaptool" filter -r "$sample" --invert
	[[ "$output" == *"--invert needs an expression"* ]]
}

@test "the expression from -f, -F, the operands, and all of them" {
	need tcpdump
	echo 'tcp # not the others' >expr
	[ "$(selected -f tcp "$sample")" = "$(selected tcp "$sample")" ]
	[ "$(selected -F expr "$sample")" = "$(selected tcp "$sample")" ]
	[ "$(selected -r "$sample" tcp dst port 80)" = \
		"$(selected 'tcp dst port 80' "$sample")" ]
	[ "$(selected -f 'tcp or arp' -F expr "$sample")" = \
		"$(selected tcp "$sample")" ]
	[ "$(selected -f 'udp or arp' -r "$sample" arp or tcp)" = \
		"$(selected arp "$sample")" ]
}

@test "what libpcap optimizes wrongly matches as without its optimizer" {
	# Nothing is both of a host and not of it, but libpcap 1.10 says that
	# this echo reply is.
	local expr='host 192.0.2.1 and not ((host 192.0.2.77 or host 192.0.2.78)'
	expr+=' and icmp) and not (host 192.0.2.78 or host 192.0.2.1)'
	local option
	"$top_builddir/tests/tools/hex2pcap" >echo.pcap <<-'END'
		linktype 1
		packet 1.0
		02 00 00 00 00 0b 02 00 00 00 00 0a 08 00
		45 00 00 1c 00 00 00 00 40 01 f6 ab c0 00 02 01 c0 00 02 33
		00 00 ff f8 00 06 00 01
	END
	for option in '' -O --no-optimize '--engine libpcap'; do
		run -0 "$pcaptool" filter $option --count "$expr" echo.pcap
		[ "$output" = 0 ]
		run -0 "$pcaptool" filter $option --count "not ($expr)" echo.pcap
		[ "$output" = 1 ]
		run -0 "$pcaptool" read $option -r echo.pcap -f "$expr"
		[ -z "$output" ]
		run -0 "$pcaptool" write $option -f "$expr" echo.pcap -w out.pcap \
			--force
		run -0 "$pcaptool" filter --count "" out.pcap
		[ "$output" = 0 ]
	done
	run -0 "$pcaptool" stats -O --by rate --csv --count "$expr" echo.pcap
	[[ "${lines[0]}" == *"host 192.0.2.1"* ]]
	[[ "${lines[1]}" == *,0 ]]
}

@test "what of a packet was not captured is missing to every program" {
	need tcpdump
	# libpcap's optimizer leaves out loads that end the program on these
	local length expr
	for length in 14 20 24 34 36 38 54 60; do
		"$pcaptool" write "$sample" -s "$length" -w "cut$length.pcap"
	done
	"$pcaptool" write --concat "$sample" cut*.pcap -w all.pcap
	for expr in 'port 80 or port 53' 'tcp or arp or ip6' \
		'host 192.0.2.1 or host 192.0.2.80 or host 192.0.2.53' \
		'not (tcp port 80 or udp port 53)'; do
		tcpdump -O -r all.pcap --count "$expr" >want 2>/dev/null
		run -0 "$pcaptool" filter --count "$expr" all.pcap
		[ "$output packets" = "$(cat want)" ]
		run -0 "$pcaptool" filter -O --count "$expr" all.pcap
		[ "$output packets" = "$(cat want)" ]
	done
}

@test "on BSD loopback the byte order and all systems' numbers count" {
	need tcpdump xxd
	# IPv6 is 30 in files of macOS, 28 in FreeBSD's: never Linux's 10.
	local order ip6 body option
	body='6000000000083a40 00000000000000000000000000000001'
	body+=' 00000000000000000000000000000001 8000000000010002'
	for order in little big; do
		if [ $order = little ]; then
			ip6=1e000000
			printf '\xd4\xc3\xb2\xa1\x02\0\x04\0%b\0\0\4\0\0\0\0\0' \
				'\0\0\0\0\0\0\0\0' >null.pcap
			printf '\1\0\0\0\0\0\0\0\x34\0\0\0\x34\0\0\0' >>null.pcap
		else
			ip6=0000001e
			printf '\xa1\xb2\xc3\xd4\0\x02\0\x04%b\0\4\0\0\0\0\0\0' \
				'\0\0\0\0\0\0\0\0' >null.pcap
			printf '\0\0\0\1\0\0\0\0\0\0\0\x34\0\0\0\x34' >>null.pcap
		fi
		xxd -r -p <<<"$ip6 $body" >>null.pcap
		[ "$(tcpdump -r null.pcap --count ip6 2>/dev/null)" = "1 packet" ]
		run -0 "$pcaptool" filter --count ip6 null.pcap
		[ "$output" = 1 ]
		run -0 "$pcaptool" filter --count 'not ip6' null.pcap
		[ "$output" = 0 ]
		run -0 "$pcaptool" filter --engine libpcap --count ip6 null.pcap
		[ "$output" = 1 ]
		for option in -O ''; do
			tcpdump -d $option -r null.pcap ip6 2>/dev/null >want
			"$pcaptool" compile -d $option -r null.pcap ip6 | diff want -
		done
	done
	run -2 "$pcaptool" filter inbound "$sample"
	[[ "$output" == *inbound* ]]
}

@test "--bpf takes a compiled program" {
	need tcpdump
	"$pcaptool" compile -y EN10MB tcp >prog
	diff <(text "$sample" tcp) <(selected --bpf prog "$sample")
	tcpdump -ddd -y EN10MB tcp 2>/dev/null >prog
	diff <(text "$sample" tcp) <(selected --bpf prog "$sample")
	diff <(text "$sample" 'not tcp') \
		<(selected --bpf prog --invert "$sample")
	diff <(text "$sample" 'not (tcp and src port 80)') \
		<(selected --bpf prog -f 'src port 80' --invert "$sample")
	echo "no program" >prog
	run -2 "$pcaptool" filter --bpf prog "$sample"
}

@test "--packets, --skip, --sample and -c, alone and together" {
	need tcpdump
	[ "$(numbers '' --packets 1-2,5,13- "$sample")" = "1 2 5 13 14 " ]
	[ "$(numbers '' -c 3 "$sample")" = "1 2 3 " ]
	[ "$(numbers '' --skip 12 "$sample")" = "13 14 " ]
	[ "$(numbers '' --sample 1/5 "$sample")" = "1 6 11 " ]
	[ "$(numbers '' --packets 2-9 --skip 1 --sample 1/3 -c 2 \
		"$sample")" = "3 6 " ]
}

@test "--from and --to" {
	need tcpdump
	[ "$(numbers '' --to 1767225600.001 "$sample")" = "1 2 " ]
	[ "$(numbers '' --from 1767225600.001 -c 1 "$sample")" = "3 " ]
	[ "$(numbers '' --from 2026-01-01T00:00:00.00035Z \
		--to 2026-01-01T00:00:00.001Z "$sample")" = "2 " ]
}

@test "--from and --to: times of day, after the first and before the last packet" {
	need tcpdump
	# the sample's packets are in the first 26 ms after midnight UTC
	[ "$(numbers '' --to 00:00:00.001 "$sample")" = "1 2 " ]
	[ "$(numbers '' --from 00:00:00.001 --to 00:01 -c 1 "$sample")" = "3 " ]
	[ -z "$(numbers '' --from 00:01 "$sample")" ]
	[ "$(numbers '' --from 00:00:00.02 --to 00:00 "$sample")" = \
		"$(numbers '' --from 1767225600.02 "$sample")" ]
	[ "$(numbers '' --to +250us "$sample")" = "1 " ]
	[ "$(numbers '' --to +250001ns "$sample")" = "1 2 " ]
	[ "$(numbers '' --from +25ms "$sample")" = \
		"$(numbers '' --from 1767225600.0251 "$sample")" ]
	[ "$(numbers '' --from -0s "$sample")" = "14 " ]
	[ "$(numbers '' --from -20ms --to -15ms "$sample")" = \
		"$(numbers '' --from 1767225600.00595 \
			--to 1767225600.01095 "$sample")" ]
	[ "$("$pcaptool" filter --count '' --from -0s <"$sample")" = 1 ]
	[ "$(cat "$sample" | "$pcaptool" filter --count --from -0s)" = 1 ]
	# by the clock of the user's zone
	[ "$(TZ=EST5 "$pcaptool" filter --count --to 19:00:00.001 "$sample")" = 2 ]
	# the latest packet counts, wherever it stands
	"$pcaptool" filter --packets 1-3 "$sample" -w a.pcap
	"$pcaptool" filter --packets 14 "$sample" -w b.pcap
	[ "$(numbers '' --from -0s --concat b.pcap a.pcap)" = "14 " ]
	run -2 "$pcaptool" filter '' --from 12:60 "$sample"
	[[ "$output" == *"--from: '12:60' is not a time"* ]]
	run -2 "$pcaptool" read --follow --from -5m "$sample"
	[[ "$output" == *"needs the end of a file that is followed"* ]]
}

@test "options that select are enough: a file alone is a file" {
	need tcpdump
	[ "$("$pcaptool" filter --dedup --count "$sample")" = 14 ]
	[ "$("$pcaptool" filter --from 00:00 --count "$sample")" = 14 ]
	[ "$("$pcaptool" filter -c 3 --count <"$sample")" = 3 ]
	[ "$("$pcaptool" filter -c 3 --count - <"$sample")" = 3 ]
	[ "$("$pcaptool" filter -c 1 arp --count "$sample")" = 1 ]
	# what was decided is told where it was wrong
	echo >arp
	run -2 "$pcaptool" filter -c 3 arp <"$sample"
	[[ "$output" == *"'arp' was taken for a file, as options select"* ]]
	run -2 "$pcaptool" filter --dedup nofile.pcap <"$sample"
	[[ "$output" == *"'nofile.pcap' was taken for the expression, as there is no such file"* ]]
	run -2 "$pcaptool" filter arp nofile.pcap
	[[ "$output" == *"'arp' was taken for the expression, as it comes before the files"* ]]
	run -2 "$pcaptool" filter "$sample" </dev/null
	[ "${lines[0]}" = "pcaptool: no expression given: 'sample.pcap' is a savefile" ]
	[ "${lines[1]}" = "Use: pcaptool filter EXPRESSION sample.pcap" ]
	# no word of that where it works
	run -0 "$pcaptool" filter --count arp "$sample"
	[ "$output" = 2 ]
}

@test "--hosts selects by any of many addresses" {
	need tcpdump
	{
		echo "# none of them but one"
		for i in {1..200}; do echo "198.51.100.$i, 2001:db8::$i"; done
		echo 192.0.2.53/32
	} >hosts
	diff -u <(text "$sample" host 192.0.2.53) \
		<(selected '' --hosts hosts "$sample")
	[ -z "$(selected 'arp' --hosts hosts "$sample")" ]
	echo 192.0.2.300 >hosts
	run -2 "$pcaptool" filter '' --hosts hosts "$sample"
	[[ "$output" == *'hosts: line 1: "192.0.2.300" is not an address or prefix'* ]]
}

@test "--whole-flows brings the other packets of the flows, from a pipe too" {
	need tcpdump
	local syn='tcp[tcpflags] & (tcp-syn|tcp-ack) = tcp-syn'
	[ "$(selected "$syn" "$sample" | wc -l)" = 1 ]
	diff -u <(text "$sample" tcp) \
		<(selected --whole-flows "$syn" "$sample")
	diff -u <(text "$sample" tcp) \
		<(TMPDIR=$PWD selected --whole-flows "$syn" < <(cat "$sample"))
	diff -u <(text "$sample" 'udp or arp src 192.0.2.80') \
		<(selected --whole-flows 'src 192.0.2.53 or arp src 192.0.2.80' \
			"$sample")
	run ls "$PWD"
	[[ "$output" != *pcaptool-* ]]
	# A count limits what is looked for, not what comes with it.
	diff -u <(text "$sample" tcp) \
		<(selected --whole-flows -c 1 tcp "$sample")
}

@test "--whole-flows=N: no more flows than that, and a warning" {
	# 100 flows, then another packet of each
	"$top_builddir/tests/tools/hostile" udpflows 100 >one.pcap
	"$pcaptool" write --concat -w two.pcap one.pcap one.pcap
	run -0 --separate-stderr "$pcaptool" filter --count --whole-flows=64 \
		--packets 1-100 two.pcap
	[ "$output" = 164 ]
	[[ $stderr == *'more than 64 flows are selected'*' 36 packets '* ]]
	run -0 --separate-stderr "$pcaptool" filter --count --whole-flows \
		--packets 1-100 two.pcap
	[ "$output" = 200 ]
	[ "$stderr" = "" ]
	run -2 "$pcaptool" filter --whole-flows=63 udp two.pcap
}

@test "--dedup leaves out what editcap does" {
	need editcap tcpdump
	for i in 1 2 3; do "$pcaptool" filter '' -w $i.pcap "$sample"; done
	"$pcaptool" filter '' --concat 1.pcap 2.pcap 3.pcap -w all.pcap
	local window
	for window in 2 5 14 15 28 29 1000; do
		editcap -F pcap -D "$window" all.pcap theirs.pcap 2>/dev/null
		diff <(text theirs.pcap) \
			<(selected --dedup=$window '' all.pcap)
	done
	editcap -F pcap -t 0.005 "$sample" later.pcap
	"$pcaptool" filter '' 1.pcap later.pcap -w all.pcap --force
	for window in 0.0001 0.004999 0.005 100; do
		editcap -F pcap -w "$window" all.pcap theirs.pcap 2>/dev/null
		diff <(text theirs.pcap) \
			<(selected --dedup=${window}s '' all.pcap)
	done
	diff <(text "$sample") <(selected --dedup '' 1.pcap 2.pcap 3.pcap)
	run -2 "$pcaptool" filter --dedup=1 '' all.pcap
	run -2 "$pcaptool" filter --dedup=soon '' all.pcap
	run -2 "$pcaptool" filter --dedup --dedup-ignore=ttl,dns '' all.pcap
	[[ "$output" == *"'ttl,dns' is not a list"* ]]
}

@test "--count prints numbers as grep -c does" {
	run -0 "$pcaptool" filter --count arp "$sample"
	[ "$output" = 2 ]
	cp "$sample" b.pcap
	run -0 "$pcaptool" filter --count arp "$sample" b.pcap
	[ "$output" = "sample.pcap:2"$'\n'"b.pcap:2" ]
	run -0 "$pcaptool" filter --count 'port 9' <"$sample"
	[ "$output" = 0 ]
}

@test "-q says it with the exit status" {
	run -0 "$pcaptool" filter -q arp "$sample"
	[ -z "$output" ]
	run -1 "$pcaptool" filter -q 'port 9' "$sample"
	[ -z "$output" ]
	run -2 "$pcaptool" filter -q 'no such thing' "$sample"
	run -2 "$pcaptool" filter -q arp /nonexistent
}

@test "two inputs are merged by time, or one follows the other" {
	need tcpdump
	"$pcaptool" filter '' --packets 1-4 -w a.pcap "$sample"
	"$pcaptool" filter '' --packets 3-9 -w b.pcap "$sample"
	[ "$(numbers '' a.pcap b.pcap)" = "$(numbers '' -c 9 "$sample")" ]
	[ "$(selected '' a.pcap b.pcap | wc -l)" = 11 ]
	diff <(selected '' --concat b.pcap a.pcap) \
		<(selected '' b.pcap; selected '' a.pcap)
}

@test "-w: format by suffix or by name, and nothing is overwritten" {
	need capinfos
	"$pcaptool" filter '' -w a.pcap "$sample"
	cmp a.pcap "$sample"
	"$pcaptool" filter '' -w a.any --format pcap "$sample"
	cmp a.any "$sample"
	"$pcaptool" filter '' -w a.pcapng --comment 'why not' "$sample"
	capinfos -t a.pcapng | grep -q 'Wireshark/.*pcapng'
	capinfos -k a.pcapng | grep -q 'why not'
	run -3 "$pcaptool" filter arp -w a.pcap "$sample"
	[[ "$output" == *"--force"* ]]
	cmp a.pcap "$sample"
	"$pcaptool" filter '' -w a.pcap --force "$sample"
}

@test "on a terminal the packets are printed" {
	need script
	run script -qec "$pcaptool filter 'udp' $sample" /dev/null
	[ "${#lines[@]}" = 2 ]
	[[ "${lines[0]}" == *"192.0.2.10.41000 > 192.0.2.53.53"* ]]
}

@test "an interrupt ends the input, and what was read is written" {
	need tcpdump
	mkfifo pipe
	"$pcaptool" filter '' -w out.pcap pipe 2>said &
	local pid=$! status=0
	{ cat "$sample"; wait_for test -e done; } >pipe &
	sleep 0.5
	kill -TERM $pid
	wait $pid || status=$?
	touch done
	[ $status = 1 ]
	grep -q interrupted said
	cmp out.pcap "$sample"
}

@test "what is wrong is said, with its place and its exit status" {
	run -2 "$pcaptool" filter 'tcp port' "$sample"
	[[ "$output" == *"syntax error"* ]]
	run -2 "$pcaptool" filter
	[[ "$output" == *"no expression"* ]]
	head -c 200 "$sample" >cut.pcap
	run -1 --separate-stderr "$pcaptool" filter --count '' cut.pcap
	[ "$output" = 2 ]
	[[ "$stderr" == "pcaptool: cut.pcap: offset "*"(packet 3)"* ]]
}

@test "libpcap as the engine reads and writes the same packets" {
	"$pcaptool" filter '' --engine libpcap "$sample" -w by-libpcap.pcap
	"$pcaptool" filter '' "$sample" -w by-us.pcap
	cmp by-libpcap.pcap by-us.pcap
	"$pcaptool" filter '' "$sample" -w us.pcapng
	"$pcaptool" filter '' --engine libpcap us.pcapng -w 2.pcap
	cmp 2.pcap by-us.pcap
	run -2 "$pcaptool" filter '' --engine libpcap "$sample" -w x.pcapng
	[[ $output == *"libpcap does not write pcapng"* ]]
}

@test "what is compressed is read again, and --append adds to it" {
	local suffix
	for suffix in gz zst lz4; do
		"$pcaptool" filter '' "$sample" -w "a.pcap.$suffix"
		"$pcaptool" filter '' "$sample" -w "a.pcap.$suffix" --append
		"$pcaptool" filter '' "a.pcap.$suffix" -w "$suffix.pcap"
		[ "$(text "$suffix.pcap" | wc -l)" = 28 ]
	done
}

@test "with --recover packets after damage are found" {
	{
		head -c 200 "$sample"
		printf 'thirty-seven bytes of other things..'
		tail -c +201 "$sample"
	} >damaged.pcap
	run -1 "$pcaptool" filter '' damaged.pcap -w cut.pcapng
	[[ $output == *"offset"* ]]
	run -1 "$pcaptool" filter '' --recover damaged.pcap -w all.pcapng
	[[ $output == *"skipped bytes"* ]]
	[ "$(text all.pcapng | wc -l)" -ge 13 ]
	run -1 --separate-stderr "$pcaptool" filter --count '' --recover \
		damaged.pcap
	[ "$output" -ge 13 ]
	run -1 --separate-stderr "$pcaptool" filter --count '' damaged.pcap
	[ "$output" -lt 13 ]
}

@test "ip broadcast on a savefile: both addresses that are one anywhere" {
	local to
	cd "$BATS_TEST_TMPDIR"
	for to in 'ff ff ff ff' '00 00 00 00' 'c0 00 02 ff'; do
		printf 'linktype 101\npacket 1.0\n%s %s\n' \
			'45 00 00 14 00 00 00 00 40 fd 00 00 c0 00 02 01' "$to" |
			"$top_builddir/tests/tools/hex2pcap" >"${to// /}.pcap"
	done
	for to in ffffffff 00000000; do
		run -0 "$pcaptool" read -f 'ip broadcast' $to.pcap
		[ -n "$output" ]
	done
	run -0 "$pcaptool" read -f 'ip broadcast' c00002ff.pcap
	[ -z "$output" ]
}

@test "--count --json: each file's name and number, and the sum" {
	need python3
	cp "$sample" 'a"b.pcap'
	"$pcaptool" filter --count --json tcp "$sample" 'a"b.pcap' >out
	python3 - "$("$pcaptool" filter --count tcp "$sample")" <<-'END'
		import json, sys
		n = int(sys.argv[1])
		assert n > 0 and json.load(open("out")) == {"files": [
		    {"name": name, "packets": n, "status": 0}
		    for name in ("sample.pcap", 'a"b.pcap')], "packets": 2 * n}
	END
	head -c -1 "$sample" >cut.pcap
	run -1 --separate-stderr "$pcaptool" filter --count --json '' cut.pcap
	[[ $output == *'"status":1}'* ]]
	run -2 "$pcaptool" filter --json tcp "$sample"
	[[ $output == *"--json: needs --count"* ]]
}
