# write: converting, merging and editing, compared with what editcap, mergecap
# and capinfos make and say of the same files.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
	sample=sample.pcap
}

# Packets as lines: time, lengths, all octets.
lines()
{
	tcpdump -nn -tt -e -xx -S -r "$@" 2>/dev/null
}

# like_editcap EDITCAP_OPTIONS -- OUR_OPTIONS: the same packets come out, in
# octets as in times and lengths.
like_editcap()
{
	local theirs=()
	while [ "$1" != -- ]; do theirs+=("$1"); shift; done
	shift
	editcap -F pcap "${theirs[@]}" "$sample" theirs.pcap
	"$pcaptool" write "$sample" "$@" --force -w ours.pcap
	[ -s ours.pcap ]
	cmp <(tail -c +25 theirs.pcap) <(tail -c +25 ours.pcap)
}

@test "pcap to pcapng and back loses nothing" {
	need capinfos
	"$pcaptool" write "$sample" -w a.pcapng
	[[ "$(capinfos -tT a.pcapng)" == *pcapng* ]]
	"$pcaptool" write a.pcapng -w b.pcap
	cmp b.pcap "$sample"
}

@test "two files are merged as mergecap does" {
	need mergecap editcap
	editcap -F pcap -t 0.000123 "$sample" later.pcap
	mergecap -F pcap -w theirs.pcap "$sample" later.pcap
	"$pcaptool" write "$sample" later.pcap -w ours.pcap
	cmp <(tail -c +25 theirs.pcap) <(tail -c +25 ours.pcap)
	mergecap -a -F pcap -w theirs.pcap later.pcap "$sample"
	"$pcaptool" write --concat later.pcap "$sample" --force -w ours.pcap
	cmp <(tail -c +25 theirs.pcap) <(tail -c +25 ours.pcap)
}

@test "-s N cuts packets, -s headers behind the transport header" {
	need editcap tcpdump
	like_editcap -s 60 -- -s 60
	"$pcaptool" write "$sample" -s headers -w short.pcap
	# ARP is whole; of UDP and TCP only what is behind the header is gone.
	diff <(lines "$sample" arp) <(lines short.pcap arp)
	run lines short.pcap udp
	[ "$(tcpdump -nn -r short.pcap udp 2>/dev/null | grep -c '\[|')" = 2 ]
	"$pcaptool" write short.pcap -w again.pcap -s headers
	cmp short.pcap again.pcap
	run -2 "$pcaptool" write "$sample" -s some -w none.pcap
	[[ "$output" == *"neither a number"* ]]
	[ ! -e none.pcap ]
}

@test "--chop cuts octets out, as editcap -L -C does" {
	need editcap
	like_editcap -L -C 14 -- --chop 14
	like_editcap -L -C -14 -- --chop -14
	like_editcap -L -C 12:4 -- --chop 12:4
	like_editcap -L -C -20:4 -- --chop -20:4
	like_editcap -L -C 14 -C -4 -- --chop 14 --chop=-4
	run -2 "$pcaptool" write "$sample" --chop 1:2:3 -w none.pcap
	[ ! -e none.pcap ]
}

@test "--shift moves packets in time" {
	need editcap
	like_editcap -t 3600.25 -- --shift 1h250ms
	like_editcap -t -0.5 -- --shift -500ms
}

@test "--linktype says another link type and changes nothing else" {
	need capinfos
	"$pcaptool" write "$sample" --linktype RAW -w raw.pcap
	[[ "$(capinfos -E raw.pcap)" == *"Raw IP"* ]]
	cmp <(tail -c +25 raw.pcap) <(tail -c +25 "$sample")
	"$pcaptool" write "$sample" --linktype 147 -w user.pcap
	[[ "$(capinfos -E user.pcap)" == *"USER 0"* ]]
	run -2 "$pcaptool" write "$sample" --linktype mine -w none.pcap
	[ ! -e none.pcap ]
}

@test "an expression selects what is written" {
	need tcpdump
	"$pcaptool" write -r "$sample" tcp port 80 -w web.pcap
	diff <(lines "$sample" 'tcp port 80') <(lines web.pcap)
}

@test "nothing is written where nothing can be" {
	run -2 "$pcaptool" write "$sample"
	[[ "$output" == *"-w FILE"* ]]
	run -3 "$pcaptool" write "$sample" -w "$PWD/none/out.pcap"
	run -2 "$pcaptool" write "$PWD/none/in.pcap" -w none.pcap
	[ ! -e none.pcap ]
	echo "no capture" >text
	run -2 "$pcaptool" write text -w none.pcap
	[ ! -e none.pcap ]
	if [ -c /dev/full ]; then
		run -3 "$pcaptool" write "$sample" -w /dev/full
		[[ "$output" == *"/dev/full"* ]]
	fi
}
