# Packets that were made to hurt: what nests without end, points in circles,
# lies about its length, or is full of options. Each is one line with a mark
# where something is wrong; the run goes on, and ends with status 0.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	hex="$BATS_TEST_TMPDIR/hostile.hex"
	: >"$hex"
	packets=0
}

ether='020000000002 020000000001'

# packet WORD...: one more packet of these bytes.
packet()
{
	printf 'packet %d.0\n' $((1767225600 + packets)) >>"$hex"
	fold -s -w 70 <<<"$*" >>"$hex"
	packets=$((packets + 1))
}

# times N TEXT
times()
{
	local i
	for ((i = 0; i < $1; i++)); do printf '%s ' "$2"; done
}

# ipv4 PROTOCOL BYTES: an IPv4 header that promises so many bytes after it.
ipv4()
{
	printf '4500 %04x 0001 0000 40 %s 0000 c0000201 c0000202' \
		$((20 + $2)) "$1"
}

# read_all: every form survives, and JSON has an object for each packet.
read_all()
{
	local form
	"$top_builddir/tests/tools/hex2pcap" "$hex" >hostile.pcap
	for form in text detail hex json tsv; do
		"$pcaptool" read -vv -o "$form" hostile.pcap >"$form"
	done
	"$pcaptool" read -t hostile.pcap >lines
	[ "$(wc -l <json)" = $packets ]
	# (what VXLAN carries is on lines of its own)
	[ "$(wc -l <lines)" -ge $packets ]
}

# layers N: the layers of packet N; -1 if it is not there.
layers()
{
	"$pcaptool" read --no-header --fields frame.protocols hostile.pcap |
		sed -n "$1p" | tr ':' '\n' | grep -vxc ethertype
}

@test "nesting ends at a limit" {
	packet "$ether" "$(times 300 '8100 0064')" 0800
	packet "$ether" 0800 "$(times 100 "$(ipv4 04 1400)")"
	packet "$ether" 0800 "$(times 60 "$(ipv4 2f 1400) 0000 0800")"
	packet "$ether" 8847 "$(times 300 '00064040')"
	packet "$ether" 86dd 60000000 7000 00 40 "$(times 32 00)" \
		"$(times 1000 '0000 01040000 0000')"
	packet "$ether" 86dd "$(times 40 "60000000 0500 29 40 $(times 32 00)")"
	packet "$ether" 0800 "$(times 40 "$(ipv4 11 1400) 1234 12b5 0400 0000 \
		08000000 00000100 $ether 0800")"
	read_all
	for ((i = 1; i <= packets; i++)); do
		[ "$(layers $i)" -le 32 ]
		[ "$(layers $i)" -gt 0 ]
	done
	[ "$(layers 1)" -ge 30 ]
	[ "$(layers 2)" -ge 30 ]
}

@test "names that point in circles, forward or deep" {
	udp() { printf '%s 0035 0036 %04x 0000' "$(ipv4 11 $((8 + $1)))" $((8 + $1)); }
	# to itself; to a later one; two that point to each other
	packet "$ether" 0800 "$(udp 18) 0001 0100 0001 0000 0000 0000 c00c 0001 0001"
	packet "$ether" 0800 "$(udp 18) 0001 0100 0001 0000 0000 0000 c010 0001 0001"
	packet "$ether" 0800 "$(udp 20) 0001 0100 0001 0000 0000 0000 c00e c00c 0001 0001"
	# a chain of 300 backwards
	packet "$ether" 0800 "$(udp 632) 0001 8100 0001 0001 0000 0000" \
		"$(times 1 '01 61 00 0001 0001')" 00 000a 0001 00000000 0258 \
		"$(for ((i = 0; i < 300; i++)); do
			printf 'c0%02x ' $((i < 100 ? 12 + i : 112)); done)"
	# 65,535 questions and records, of which none is there
	packet "$ether" 0800 "$(udp 12) 0001 0100 ffff ffff ffff ffff"
	read_all
	run -0 "$pcaptool" read --no-header --fields dns.qry.name hostile.pcap
	[ "${lines[0]}" = '<Name contains a pointer that loops>' ]
	grep -q '\[|dns\]' lines
}

@test "lengths that lie" {
	# IPv4 header length 0 to 4, total length below the header's, and 0
	for n in 0 1 2 3 4; do
		packet "$ether" 0800 "4$n" 00 0014 0001 0000 40 06 0000 c0000201 c0000202
	done
	packet "$ether" 0800 4500 0013 0001 0000 40 06 0000 c0000201 c0000202
	packet "$ether" 0800 4500 0000 0001 0000 40 06 0000 c0000201 c0000202
	packet "$ether" 0800 4500 ffff 0001 0000 40 06 0000 c0000201 c0000202
	# TCP header length 0 and 15 words; options of length 0, 1, too long
	for n in 0 f; do
		packet "$ether" 0800 "$(ipv4 06 20)" 0001 0002 00000001 \
			00000002 "${n}010" 0400 0000 0000
	done
	for option in '0200 0000' '0201 0000' '05ff 0000' '1e02 0500'; do
		packet "$ether" 0800 "$(ipv4 06 24)" 0001 0002 00000001 \
			00000002 6010 0400 0000 0000 "$option"
	done
	# IPv4 options of length 0 and 1, a UDP length of 0 and too much
	packet "$ether" 0800 46 00 0018 0001 0000 40 06 0000 c0000201 c0000202 0700 0000
	packet "$ether" 0800 46 00 0018 0001 0000 40 06 0000 c0000201 c0000202 4401 0000
	packet "$ether" 0800 "$(ipv4 11 8)" 0001 0002 0000 0000
	packet "$ether" 0800 "$(ipv4 11 8)" 0001 0002 ffff 0000
	# a jumbogram that is none; fragments that overlap
	packet "$ether" 86dd 60000000 0000 00 40 "$(times 32 00)" 3b00 c204 ffffffff
	packet "$ether" 0800 45 00 001c 0007 2000 40 11 0000 c0000201 c0000202 0001 0002 0010 0000
	packet "$ether" 0800 45 00 001c 0007 0000 40 11 0000 c0000201 c0000202 0001 0002 0010 0000
	# neighbour discovery and SCTP chunks of length 0
	packet "$ether" 86dd 60000000 0020 3a ff "$(times 32 fe)" 8700 0000 00000000 \
		"$(times 16 fe)" 0100 0000 0000 0000
	packet "$ether" 0800 "$(ipv4 84 16)" 0001 0002 00000000 00000000 0000 0000
	read_all
	[ "$(grep -c 'bad-hlen' lines)" = 5 ]
	[ "$(grep -c 'bad hdr length' lines)" = 2 ]
	[ "$(grep -c 'bad opt' lines)" -ge 3 ]
	grep -q 'bad-len 19' lines
	grep -q 'undersized-udplength' lines
}

@test "a packet full of options and values" {
	# 60,000 bytes of extension header options, of DHCP options, of names
	packet "$ether" 86dd 60000000 ea60 3c 40 "$(times 32 00)" 3bff \
		"$(times 29000 '01 00')"
	packet "$ether" 0800 "$(ipv4 11 60000)" 0043 0044 ea60 0000 0201 0600 \
		"$(times 232 00)" 63825363 "$(times 29000 '0c 00')"
	packet "$ether" 0800 "$(ipv4 11 60000)" 0035 0036 ea60 0000 0001 8100 \
		2000 0000 0000 0000 "$(times 10000 '00 0001 0001')"
	read_all
	run -0 "$pcaptool" read --no-header -o tsv --fields dns.qry.type hostile.pcap
	[ "$(tr ',' '\n' <<<"$output" | grep -c 1)" -le 10000 ]
}

# hostile ARGUMENT...: a savefile of tests/tools/hostile, as h.pcap.
hostile()
{
	"$top_builddir/tests/tools/hostile" "$@" >h.pcap
}

limits='(limits: 32 layers, 10000 values, 1000 comments, 256 KiB of options)'

@test "of 300,000 comments on a packet the first 1000 are shown" {
	hostile options 300000 0
	for jobs in 1 2; do
		run -0 --separate-stderr "$pcaptool" read --jobs $jobs h.pcap
		[ "${#lines[@]}" -eq 2 ]
		[ "$stderr" = "" ]
		run -0 --separate-stderr "$pcaptool" read --jobs $jobs -o detail \
			h.pcap
		[ "$(grep -c '\[frame.comment\]' <<<"$output")" -eq 1000 ]
		[ "$(grep -c '\[ip.src\]' <<<"$output")" -eq 2 ]
		[ "$(grep -Fc '[there is more than is shown]' <<<"$output")" -eq 1 ]
		[ "$stderr" = "pcaptool: packet 1 is shown in part $limits" ]
		run -0 --separate-stderr "$pcaptool" read --jobs $jobs \
			--fields frame.comment,ip.src --no-header h.pcap
		[ "$(tr ',' '\n' <<<"${lines[0]}" | grep -c '^c0')" -eq 1000 ]
		[ "${lines[1]}" = "	10.0.0.7" ]
		[ "$stderr" = "pcaptool: packet 1 is shown in part $limits" ]
	done
}

@test "a million options, and options without end in each kind of block" {
	for kind in 'options 0 1000000' 'everywhere 300000 300000'; do
		# shellcheck disable=SC2086
		hostile $kind
		for form in text detail json csv hex; do
			"$pcaptool" read -o $form h.pcap >$form 2>err
		done
		[ "$(wc -l <text)" -eq 2 ]
		[ "$(wc -l <json)" -eq 2 ]
		[ "$(wc -l <csv)" -eq 3 ]
		run -0 "$pcaptool" write -w copy.pcapng --force h.pcap
		cmp copy.pcapng h.pcap
		run -0 "$pcaptool" filter udp -w copy.pcapng --force h.pcap
		cmp copy.pcapng h.pcap
		run -0 "$pcaptool" stats --json h.pcap
		[[ $output == *'"packets": 2,'* ]]
	done
}
