# write: converting, merging and editing, compared with what editcap, mergecap
# and capinfos make and say of the same files.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
	sample=sample.pcap
}

# Packets as lines: time, lengths, all bytes.
lines()
{
	tcpdump -nn -tt -e -xx -S -r "$@" 2>/dev/null
}

# like_editcap EDITCAP_OPTIONS -- OUR_OPTIONS: the same packets come out, in
# bytes as in times and lengths.
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

# bytes HEX...: these bytes.
bytes()
{
	printf '%b' "$(printf '%s' "$*" | tr -d ' ' | sed 's/../\\x&/g')"
}

# A section, an interface, a packet, a block of unknown type with $1 bytes, the
# packet again.
long_block()
{
	local packet='06000000 24000000 00000000 00000000 60e31600 04000000
		04000000 61626364 24000000' len
	len=$(printf '%08x' $(($1 + 12)))
	len=${len:6:2}${len:4:2}${len:2:2}${len:0:2}
	packet=${packet//[[:space:]]/}
	bytes 0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffffffffffff 1c000000
	bytes 01000000 14000000 01000000 00000000 14000000
	bytes "$packet" 99090000 "$len"
	head -c "$1" /dev/zero | tr '\0' 'U'
	bytes "$len" "$packet"
}

@test "long blocks of unknown kind are copied without being held" {
	need tshark
	long_block 17000000 >17m.pcapng
	[ "$(tshark -r 17m.pcapng -T fields -e frame.number | wc -l)" = 2 ]
	"$pcaptool" write 17m.pcapng -w copy.pcapng
	cmp 17m.pcapng copy.pcapng
	long_block 60000000 >60m.pcapng
	"$pcaptool" write - -w - <60m.pcapng | cmp - 60m.pcapng
	"$pcaptool" write 60m.pcapng -w copy.pcapng.gz
	gzip -dc copy.pcapng.gz | cmp - 60m.pcapng
	"$pcaptool" write copy.pcapng.gz --force -w copy.pcapng
	cmp 60m.pcapng copy.pcapng
	"$pcaptool" write 60m.pcapng --sort --force -w copy.pcapng
	[ "$("$pcaptool" filter --count '' copy.pcapng)" = 2 ]
	# If the input ends within the block, nothing of it is written.
	run -1 "$pcaptool" write - -w cut.pcapng \
		< <(head -c 50000000 60m.pcapng)
	[[ "$output" == *"offset 84 "*"60000012 bytes: the file ends before"* ]]
	cmp cut.pcapng <(head -c 84 60m.pcapng)
	run -1 "$pcaptool" write - -w cut.pcapng.gz \
		< <(head -c 50000000 60m.pcapng)
	gzip -dc cut.pcapng.gz | cmp - cut.pcapng
	rm ./*.pcapng
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

@test "-s N cuts packets, -s headers after the transport header" {
	need editcap tcpdump
	like_editcap -s 60 -- -s 60
	"$pcaptool" write "$sample" -s headers -w short.pcap
	# ARP is whole; of UDP and TCP only what is after the header is gone.
	diff <(lines "$sample" arp) <(lines short.pcap arp)
	run lines short.pcap udp
	[ "$(tcpdump -nn -r short.pcap udp 2>/dev/null | grep -c '\[|')" = 2 ]
	"$pcaptool" write short.pcap -w again.pcap -s headers
	cmp short.pcap again.pcap
	run -2 "$pcaptool" write "$sample" -s some -w none.pcap
	[[ "$output" == *"neither a number"* ]]
	[ ! -e none.pcap ]
}

@test "--chop cuts bytes out, as editcap -L -C does" {
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

# time_epochs FILE: the times of its packets, as tshark reads them.
time_epochs()
{
	tshark -r "$1" -T fields -e frame.time_epoch 2>/dev/null
}

@test "--shift says in an offset what an interface cannot say, or that it cannot" {
	need tshark
	printf 'linktype 1\npacket 5.25\n00\npacket 50.5\n00\n' |
		"$top_builddir/tests/tools/hex2pcap" >early.pcap
	run -0 "$pcaptool" write early.pcap --shift -10s -w before.pcapng
	[ -z "$output" ]
	run -0 "$pcaptool" read -tt -o tsv --no-header \
		--fields frame.time_epoch before.pcapng
	[ "$output" = $'-4.750000000\n40.500000000' ]
	"$pcaptool" write before.pcapng --shift 10s -w again.pcapng
	[ "$(time_epochs again.pcapng)" = $'5.250000000\n50.500000000' ]
	# below the unit: the interface gets a finer one
	"$pcaptool" write early.pcap --shift 1500ns -w fine.pcapng
	[ "$(time_epochs fine.pcapng)" = $'5.250001500\n50.500001500' ]
	# pcap has no offset
	run -0 "$pcaptool" write early.pcap --shift -10s -w before.pcap
	[[ "$output" == *"timestamp(s) unknown or out of range"* ]]
	run -0 "$pcaptool" write early.pcap --shift 9223372036s -w far.pcapng
	[[ "$output" == *"2 timestamp(s) would leave the range"* ]]
}

# ng_file BLOCK...: a pcapng file of a section and these blocks, in hex.
ng_file()
{
	xxd -r -p <<<"0a0d0d0a 1c000000 4d3c2b1a 01000000 ffffffffffffffff
		1c000000 $*"
}

@test "--shift loses no unit of any resolution, and moves statistics" {
	need xxd tshark
	local option packet='06000000 24000000 00000000'
	# 2^-10 s from 1000000000 on: 5.5 s and 4.9990234375 s
	ng_file 01000000 2c000000 01000000 00000000 09000100 8a000000 \
		0e000800 00ca9a3b00000000 00000000 2c000000 \
		"$packet 00000000 00160000 01000000 01000000 aa000000 24000000" \
		"$packet 00000000 ff130000 01000000 01000000 aa000000 24000000" \
		>halves.pcapng
	"$pcaptool" write halves.pcapng --shift 1.25s -w x.pcapng
	[ "$(time_epochs x.pcapng)" = \
		$'1000000006.750000000\n1000000006.249023437' ]
	# 10^-20 s: 0.1 s
	ng_file 01000000 20000000 01000000 00000000 09000100 14000000 \
		00000000 20000000 \
		"$packet 0423c78a 0000e889 01000000 01000000 aa000000 24000000" \
		>tens.pcapng
	"$pcaptool" write tens.pcapng --shift 10ms -w y.pcapng
	run -0 "$pcaptool" read -o tsv --no-header --fields frame.time_epoch \
		y.pcapng
	[ "$output" = 0.110000000 ]
	# a time that only its interface's offset brings into our range
	ng_file 01000000 24000000 01000000 00000000 0e000800 \
		fc823edafdffffff 00000000 24000000 \
		"$packet 18090000 00a0724e 01000000 01000000 aa000000 24000000" \
		>far.pcapng
	"$pcaptool" write far.pcapng --shift 9223372036s -w z.pcapng
	[ "$(time_epochs z.pcapng)" = 10000000.000000000 ]
	# a count at 1700000010 s, begun at 1700000000 s, in both directions
	ng_file 01000000 14000000 01000000 00000000 14000000 \
		"$packet 240a0600 00401e18 01000000 01000000 aa000000 24000000" \
		05000000 34000000 00000000 240a0600 80d6b618 \
		02000800 240a0600 00401e18 04000800 0500000000000000 \
		00000000 34000000 >count.pcapng
	for option in 1s -1s; do
		"$pcaptool" write count.pcapng --shift $option -w x.pcapng --force
		"$pcaptool" write x.pcapng --shift "$((-${option%s}))s" \
			-w back.pcapng --force
		run -0 "$pcaptool" stats --by interfaces --json back.pcapng
		[ "$(sed 's/back\.pcapng/X/g' <<<"$output")" = \
			"$("$pcaptool" stats --by interfaces --json count.pcapng |
				sed 's/count\.pcapng/X/g')" ]
	done
	"$pcaptool" write count.pcapng --shift 1s -w x.pcapng --force
	xxd -p x.pcapng | tr -d '\n' | grep -q 240a060040822d18
	xxd -p x.pcapng | tr -d '\n' | grep -q 240a0600c018c618
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

@test "--sort puts packets in the order of time, and says how many moved" {
	need tcpdump
	"$pcaptool" write --concat -r "$sample" -w late.pcap tcp
	"$pcaptool" write --concat -r "$sample" -w early.pcap not tcp
	"$pcaptool" write --concat late.pcap early.pcap -w mixed.pcap
	run ! cmp mixed.pcap "$sample"
	run --separate-stderr "$pcaptool" write --sort mixed.pcap -w sorted.pcap
	[ "$stderr" = "pcaptool: 4 of 14 packets were out of order" ]
	cmp sorted.pcap "$sample"
	run --separate-stderr "$pcaptool" write --sort sorted.pcap -w again.pcap
	[ "$stderr" = "pcaptool: the packets are in order: none had to move" ]
	cmp again.pcap "$sample"
	"$pcaptool" write --sort -w piped.pcap < <(cat mixed.pcap)
	cmp piped.pcap "$sample"
}

@test "--split-packets, -time and -size make parts of the whole" {
	need tcpdump
	"$pcaptool" write "$sample" --split-packets 5 -w n.pcap
	[ "$(echo n-*.pcap)" = "n-00001.pcap n-00002.pcap n-00003.pcap" ]
	diff <(lines "$sample") <(for f in n-*; do lines "$f"; done)
	"$pcaptool" write "$sample" --split-time 10ms -w '{time}.pcap'
	local start=20260101T000000
	[ "$(echo 2026*)" = "$start.010000000Z.pcap $(
		)$start.020000000Z.pcap ${start}Z.pcap" ]
	diff <(lines "$sample") <(lines ${start}Z.pcap
		lines $start.010000000Z.pcap; lines $start.020000000Z.pcap)
	"$pcaptool" write "$sample" --split-size 500 -w s.pcap
	diff <(lines "$sample") <(for f in s-*; do lines "$f"; done)
	local f
	for f in s-*.pcap; do [ "$(wc -c <"$f")" -le 500 ]; done
	run -2 "$pcaptool" write "$sample" --split-packets 5 -w 'x-{key}.pcap'
	[[ "$output" == *"two parts are to be named x-all.pcap"* ]]
	run -2 "$pcaptool" write "$sample" --split-packets 5 -w -
	[[ "$output" == *"cannot be split"* ]]
}

@test "a file that cannot be written: it is said once" {
	local i args
	"$pcaptool" write $(for ((i = 0; i < 60; i++)); do echo "$sample"; done) \
		-w large.pcap
	for args in 'write large.pcap -w o.pcap' 'write large.pcap -w o.pcapng' \
		'write large.pcap --sort -w o.pcap' \
		'write large.pcap --split-packets 10000 -w o.pcap' \
		'filter -w o.pcap ip large.pcap' \
		'write large.pcap --engine libpcap -w o.pcap'; do
		run -3 bash -c "ulimit -f 8; trap '' XFSZ; '$pcaptool' $args"
		[ "$(grep -c 'File too large' <<<"$output")" = 1 ]
		rm -f o.pcap
	done
}

@test "--max-files: no more are made, those before are whole, status 3" {
	local n
	"$pcaptool" write "$sample" --split-packets 1 -w all.pcap
	n=$(ls all-* | wc -l)
	[ "$n" -gt 3 ]
	run -3 "$pcaptool" write "$sample" --split-packets 1 --max-files 3 \
		-w few.pcap
	[[ $output == *"stopped: more than 3 files would be made (--max-files)"* ]]
	[ "$(ls few-* | wc -l)" = 3 ]
	for name in few-*; do
		cmp "$name" "all-${name#few-}"
	done
	"$pcaptool" write "$sample" --split-packets 1 --max-files "$n" -w n.pcap
	run -3 "$pcaptool" write "$sample" --split-by flow --max-files 1 -w f.pcap
	[ "$(ls f-* | wc -l)" = 1 ]
	run -2 "$pcaptool" write "$sample" --split-by flow --max-files 0 -w z.pcap
}

@test "--split-by flow, host, interface and link type" {
	need tcpdump capinfos
	"$pcaptool" write "$sample" --split-by flow -w f.pcapng
	diff <(lines "$sample" tcp) \
		<(lines f-tcp-192.0.2.10.40000-192.0.2.80.80.pcapng)
	diff <(lines "$sample" udp) \
		<(lines f-udp-192.0.2.10.41000-192.0.2.53.53.pcapng)
	diff <(lines "$sample" arp) <(lines f-other.pcapng)
	[ "$(echo f-* | wc -w)" = 3 ]
	"$pcaptool" write "$sample" --split-by host -w h.pcap
	diff <(lines "$sample" host 192.0.2.10) <(lines h-192.0.2.10.pcap)
	diff <(lines "$sample" host 192.0.2.53) <(lines h-192.0.2.53.pcap)
	"$pcaptool" write "$sample" --linktype RAW -w raw.pcap
	"$pcaptool" write "$sample" raw.pcap -w two.pcapng
	run -3 "$pcaptool" write two.pcapng -w one.pcap
	"$pcaptool" write two.pcapng --split-by linktype -w l.pcap
	cmp l-EN10MB.pcap "$sample"
	cmp l-RAW.pcap raw.pcap
	"$pcaptool" write two.pcapng --split-by interface -w i.pcap
	cmp i-interface0.pcap "$sample"
}

@test "comments and secrets are added and dropped" {
	need capinfos tshark
	echo CLIENT_RANDOM 00 00 >keys
	"$pcaptool" write "$sample" --packet-comment 2:two \
		--packet-comment=5:five --secrets tls:keys -w c.pcapng
	[ "$(tshark -r c.pcapng -T fields -e frame.number -e frame.comment \
		-Y frame.comment 2>/dev/null)" = $'2\ttwo\n5\tfive' ]
	[[ "$(capinfos c.pcapng)" == *"Decryption Secrets in file: 1"* ]] ||
		[[ "$(capinfos c.pcapng)" == *"decryption secrets"* ]]
	"$pcaptool" write c.pcapng --drop-comments -w d.pcapng
	[ -z "$(tshark -r d.pcapng -Y frame.comment 2>/dev/null)" ]
	diff <(lines "$sample") <(lines d.pcapng)
	run -2 "$pcaptool" write "$sample" --packet-comment two -w e.pcapng
	run -2 "$pcaptool" write "$sample" --secrets tsl:keys -w e.pcapng
	[ ! -e e.pcapng ]
}

@test "comments on packets that are not there are told" {
	run -0 "$pcaptool" write --packet-comment 14:last \
		--packet-comment 15:beyond "$sample" -w a.pcapng
	[ "$output" = "pcaptool: comment on packet 15 dropped: no such packet was written" ]
	run -2 "$pcaptool" write --packet-comment 0:x "$sample" -w b.pcapng
	[[ "${lines[0]}" == *"'0:x' is about packet 0, but they are counted from 1" ]]
	[ ! -e b.pcapng ]
}

@test "a name with % is just that, and a note says so" {
	run -0 "$pcaptool" write "$sample" -w a%H.pcap
	[[ "$output" == *"a%H.pcap: no %-sequences in names"* ]]
	[ -e a%H.pcap ]
	run -0 "$pcaptool" write "$sample" --split-packets 7 -w b%H.pcap
	[[ "$output" == *"{n}, {time} and {key}"* ]]
	run -0 "$pcaptool" write "$sample" -w c.pcap
	[ -z "$output" ]
}

@test "a pcap file cares for the link types of its packets only" {
	need capinfos
	"$pcaptool" write --linktype RAW "$sample" -w raw.pcapng
	"$pcaptool" write "$sample" -w eth.pcapng
	"$pcaptool" write --concat eth.pcapng raw.pcapng -w both.pcapng
	"$pcaptool" write both.pcapng --packets 15-20 -w raw.pcap
	capinfos -T -E raw.pcap | grep rawip
	"$pcaptool" filter both.pcapng -f '' --packets 1-14 -w eth.pcap
	cmp eth.pcap "$sample"
	"$pcaptool" filter -f '' --packets 99 raw.pcapng -w none.pcap
	capinfos -T -E none.pcap | grep rawip
	run -3 "$pcaptool" write both.pcapng -w both.pcap
	[[ "$output" == *"one link type"* ]]
	[ ! -e both.pcap ]
}

@test "an expression selects what is written" {
	need tcpdump
	"$pcaptool" write -r "$sample" tcp port 80 -w web.pcap
	diff <(lines "$sample" 'tcp port 80') <(lines web.pcap)
}

@test "--hex reads the dumps of tcpdump, tshark, xxd, od and hexdump" {
	need tcpdump tshark xxd od
	tcpdump -r "$sample" -xx -tttt -nn 2>/dev/null >dump
	"$pcaptool" write --hex dump -w a.pcap
	cmp a.pcap "$sample"
	tcpdump -r "$sample" -XX -tt -nn -v 2>/dev/null |
		"$pcaptool" write --hex -w b.pcap
	cmp b.pcap "$sample"
	tcpdump -r "$sample" -x -nn udp 2>/dev/null |
		"$pcaptool" write --hex --linktype RAW -w raw.pcap
	[ "$(tcpdump -nn -t -r raw.pcap 2>/dev/null)" = \
		"$(tcpdump -nn -t -r "$sample" udp 2>/dev/null)" ]
	tshark -r "$sample" -x 2>/dev/null | "$pcaptool" write --hex -w c.pcap
	diff <(tcpdump -nn -t -xx -r c.pcap 2>/dev/null) \
		<(tcpdump -nn -t -xx -r "$sample" 2>/dev/null)
	# One packet: the bytes of the whole file.
	local dump
	for dump in xxd 'xxd -g 4' 'xxd -c 8' 'od -Ax -tx1' 'od -tx1' \
		'od -Ad -tx1' 'od -Ax -tx1z' 'hexdump -C'; do
		command -v ${dump%% *} >/dev/null || continue
		{ head -c 100 "$sample"; head -c 200 /dev/zero
			cat "$sample"; } >bytes
		$dump bytes | "$pcaptool" write --hex --force -w d.pcap
		echo "$dump"
		cmp bytes <(tail -c +41 d.pcap)
	done
}

@test "--hex takes what text2pcap does, and tells of faults" {
	need text2pcap tcpdump
	cat >dump <<-'END'
	I 2026-01-01 00:00:01.5
	000000 ff ff ff ff ff ff 02 00 00 00 00 01 08 06 00 01  ab cd ef
	000010 08 00

	O 2026-01-01 00:00:02.25
	0000 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e
	END
	text2pcap -q -D -t '%Y-%m-%d %H:%M:%S.%f' dump theirs.pcapng ||
		skip "an older text2pcap"
	"$pcaptool" write --hex dump -w ours.pcapng
	diff <(tcpdump -nn -tt -xx -r theirs.pcapng 2>/dev/null) \
		<(tcpdump -nn -tt -xx -r ours.pcapng 2>/dev/null)
	sed 's/^/> /' dump | "$pcaptool" write --hex -w quoted.pcapng
	cmp quoted.pcapng ours.pcapng
	[ "$("$pcaptool" filter --count '' --direction in ours.pcapng)" = 1 ]
	[ "$("$pcaptool" filter --count '' --direction out ours.pcapng)" = 1 ]
	printf '000 01 02 03 04\n0010 05 06\n' >dump
	run -1 "$pcaptool" write --hex dump -w none.pcap
	[[ "$output" == *"dump: line 2: the offset does not follow"* ]]
}

@test "--hex: text without a packet is an error" {
	echo 'nothing but words' >words
	run -2 "$pcaptool" write --hex words -w a.pcap
	[[ "$output" == "pcaptool: words: no packet found"* ]]
	: >empty
	run -2 "$pcaptool" write --hex empty -w b.pcap
	# all of several have to have one
	echo '0000 01 02 03' >dump
	run -2 "$pcaptool" write --hex dump words -w c.pcap
	[[ "$output" == "pcaptool: words: no packet found"* ]]
	[ ! -e a.pcap ] && [ ! -e b.pcap ] && [ ! -e c.pcap ]
}

@test "long work shows its progress on a terminal" {
	need script
	mkfifo pipe
	{ cat "$sample"; sleep 1.2; tail -c +25 "$sample"; } >pipe &
	run script -qec "$pcaptool write pipe -w out.pcap" /dev/null
	[[ "$output" == *"28 packets"*"/s"* ]]
	run script -qec "$pcaptool -q write $sample -w out2.pcap" /dev/null
	[ -z "$output" ]
}

# large: large.pcap, of 57344 packets.
large()
{
	local i
	cp "$sample" large.pcap
	for ((i = 0; i < 12; i++)); do
		"$pcaptool" write --concat large.pcap large.pcap -w twice.pcap
		mv twice.pcap large.pcap
	done
}

# part_has N PART: can N packets be read of what is written so far?
part_has()
{
	[ "$("$pcaptool" -q filter --count '' "$2")" = "$1" ]
}

@test "of compressed output that is cut all but the last frame is read" {
	need zstd gzip
	large
	local all suffix size rest n
	all=$("$pcaptool" filter --count '' large.pcap)
	size=$(($(stat -c %s large.pcap) / all + 1))
	for suffix in zst gz lz4; do
		"$pcaptool" write large.pcap -w "large.pcap.$suffix"
		for rest in 1 10 100; do
			head -c -$rest "large.pcap.$suffix" >"cut.$suffix"
			n=$("$pcaptool" -q filter --count '' "cut.$suffix") ||
				true
			((n > 0 && (all - n) * size <= (1 << 20) + 4096))
		done
	done
	for suffix in zst gz; do
		n=$({ [ $suffix = gz ] && gzip -dc cut.gz || zstd -dcf cut.zst; } \
			2>/dev/null | wc -c)
		((n >= $(stat -c %s large.pcap) - (1 << 20) - 4096))
	done
}

@test "a bomb is unpacked in little memory" {
	need zstd
	(ulimit -v 200000 && "$pcaptool" --version >/dev/null 2>&1) ||
		skip "this build needs more address space"
	local i
	# 6400 packets of 65520 zeros, 1 : 10000
	for ((i = 0; i < 64; i++)); do
		bytes 01000000 00000000 f0ff0000 f0ff0000
		head -c 65520 /dev/zero
	done >some
	{
		bytes d4c3b2a1 02000400 0000000000000000 00000400 01000000 |
			zstd -qc
		zstd -qc some >some.zst
		for ((i = 0; i < 100; i++)); do cat some.zst; done
	} >bomb.pcap.zst
	(($(stat -c %s bomb.pcap.zst) < 100000))
	run bash -c "ulimit -v 200000; '$pcaptool' filter --count '' bomb.pcap.zst"
	[ "$output" = 6400 ]
	run bash -c "ulimit -v 200000
		'$pcaptool' write bomb.pcap.zst -s 64 -w small.pcap"
	[ "$status" = 0 ]
	[ "$(stat -c %s small.pcap)" = $((24 + 6400 * 80)) ]
}

@test "a killed writer leaves what it was given a second before" {
	large
	local suffix pid part
	for suffix in zst gz lz4; do
		mkfifo "in.$suffix"
		"$pcaptool" -q write "in.$suffix" -w "out.pcap.$suffix" 3>&- &
		pid=$!
		exec 8>"in.$suffix"
		cat large.pcap >&8
		wait_for compgen -G "out.pcap.$suffix.part-*"
		part=$(compgen -G "out.pcap.$suffix.part-*")
		# Nothing more comes, and yet all goes out.
		wait_for part_has 57344 "$part"
		kill -9 $pid
		wait $pid || true
		exec 8>&-
		part_has 57344 "$part"
		[ ! -e "out.pcap.$suffix" ]
	done
}

# evil: evil.pcapng and evil.txt, with escape sequences, C1, bidi controls and
# what is no UTF-8 in a comment, in names, in a description.
evil()
{
	printf 'x\033[2J\302\2331m\033]52;c;eA==\007\r\n\342\200\256\377\000' >evil.txt
	local text
	text=$(od -An -v -tx1 evil.txt | tr -d ' \n')
	bytes 0a0d0d0a 40000000 4d3c2b1a 01000000 ffffffffffffffff
	bytes 01001c00 "$text" 00000000 40000000
	bytes 01000000 74000000 01000000 00000000 01001c00 "$text"
	bytes 02001c00 "$text" 03001c00 "$text" 74000000
	bytes 06000000 44000000 00000000 00000000 60e31600 04000000 04000000
	bytes 61626364 01001c00 "$text" 44000000
	bytes 06000000 0b000000 00000000
}

# harmless FILE: no control characters but our own.
harmless()
{
	! LC_ALL=C grep -aqP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]' "$1"
}

@test "foreign text does nothing to the terminal" {
	evil >evil.pcapng
	local name
	name=$(printf 'a\033[2J\302\233b')
	cp evil.pcapng "$name.pcapng"
	printf 'no capture' >"$name.txt"
	for form in text detail json csv hex; do
		run ! "$pcaptool" read -o $form "$name.pcapng" >out 2>&1
		echo "$output" >>out
		harmless out
	done
	"$pcaptool" write "$name.pcapng" --force -w out.pcap >out 2>&1 || true
	grep "offset 248 " out
	harmless out
	"$pcaptool" write "$name.pcapng" -w "$name.pcapng" >out 2>&1 || true
	"$pcaptool" filter '' "$name.txt" "$name.none" >>out 2>&1 || true
	"$pcaptool" filter --count '' "$name.pcapng" "$name.pcapng" \
		>>out 2>&1 || true
	"$pcaptool" write "$name.pcapng" --split-by interface -w {key}.pcap \
		>>out 2>&1 || true
	[ "$(wc -l <out)" -ge 6 ]
	harmless out
	ls x_* >out
	harmless out
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
	# What the file had before stays, and what is added ends at a packet.
	head -c 5000 /dev/zero >has
	(trap '' XFSZ; ulimit -f 6
		"$pcaptool" write "$sample" "$sample" "$sample" "$sample" \
			--format pcap -w - >>has) 2>said && false
	grep 'cannot write' said
	cmp <(head -c 5000 has) <(head -c 5000 /dev/zero)
	(($(stat -c %s has) >= 5000 && $(stat -c %s has) <= 6144))
	if [ -c /dev/full ]; then
		run -3 "$pcaptool" write "$sample" -w /dev/full
		[[ "$output" == *"/dev/full"* ]]
	fi
}

@test "a write that fails leaves the file it was to replace or add to" {
	for i in {1..300}; do echo "$sample"; done |
		xargs "$pcaptool" write --concat -w big.pcap
	cp "$sample" old.pcap
	trap '' XFSZ
	for options in --force --append --force\ --engine=libpcap \
		--force\ --sort; do
		(ulimit -f 10; ! "$pcaptool" write big.pcap $options \
			-w old.pcap 2>said)
		grep 'old.pcap: cannot write: File too large' said
		cmp "$sample" old.pcap
		[ "$(ls old*)" = old.pcap ]
	done
}

# headers_capture LINKTYPE [LINE...] <BYTES: one packet, in a file that LINEs
# say more about.
headers_capture()
{
	local linktype=$1
	shift
	{
		printf '%s\n' "linktype $linktype" "$@" 'packet 1.0'
		cat
	} | "$top_builddir/tests/tools/hex2pcap"
}

# headers LINKTYPE ORDER: the same packet as a machine of that byte order (le
# or be) captures it.
headers()
{
	local l=$1 o=$2
	local -A w
	# word NAME BYTES: $w[NAME] in that order, of bytes in network order
	word()
	{
		w[$1]=$2
		[ $o = be ] || w[$1]=$(tac -s ' ' <<<"$2 " | tr '\n' ' ')
	}
	word four '00 00 00 04'
	word bus '00 01'
	word big '01 02 03 04 05 06 07 08'
	word can '80 00 01 23'
	word tlv '00 08'
	word type '00 0a'
	case $l in
	189 | 220)
		echo "${w[big]} 53 00 81 05 ${w[bus]} 00 00"
		echo "${w[big]} ${w[four]} ${w[four]} ${w[four]} ${w[four]}"
		echo "${w[four]} ${w[four]}"
		[ $l = 189 ] || {
			word one '00 00 00 01'
			echo "${w[four]} ${w[four]} ${w[four]} ${w[one]}"
			echo "${w[four]} ${w[four]} ${w[four]} 00 00 00 00"
		}
		echo '01 02 03 04'
		;;
	239)
		echo '02 00 00 05' "${w[tlv]}" "${w[type]}" '"ab" 63 00'
		word tlv '00 07'
		echo "${w[tlv]}" "${w[type]}" '"xy" 00'
		;;
	117)
		echo '3d 02 00 00 "em0" 00 00 00 00 00 00 00 00 00 00 00 00 00'
		printf '%s\n' '00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00'
		echo '00 00 00 07 00 00 00 00' "${w[four]} ${w[can]}"
		echo "${w[four]} ${w[can]}" '01 00 00 00'
		;;
	113)
		echo '00 01 01 18 00 00 00 00 00 00 00 00 00 00 00 0c'
		echo "${w[can]}" '01 00 00 00 aa'
		;;
	276)
		echo '00 0e 00 00 00 00 00 02 01 18 00 00 00 00 00 00 00 00 00 00'
		word len '00 01'
		echo "${w[can]} 80 06 ${w[len]} ${w[four]} aa"
		;;
	esac
}

@test "headers in the byte order of the machine are those of the file" {
	need tcpdump
	local l f
	for l in 189 220 239 117 113 276; do
		headers $l le | headers_capture $l >le.pcap
		headers $l be | headers_capture $l big >be.pcap
		diff <("$pcaptool" read -v -xx le.pcap) \
			<("$pcaptool" read -v -xx be.pcap)
		# back in the order of the file, through pcapng too
		"$pcaptool" write be.pcap --force -w again.pcap
		cmp be.pcap again.pcap
		"$pcaptool" write be.pcap --force -w be.pcapng
		"$pcaptool" write le.pcap --force -w le.pcapng
		cmp <(tail -c 28 be.pcapng) <(tail -c 28 le.pcapng)
		"$pcaptool" write be.pcapng --force -w again.pcap
		cmp be.pcap again.pcap
		# merged, in the order of the first one, or of a section
		for f in 'le be' 'be le'; do
			set -- $f
			"$pcaptool" write $1.pcap $2.pcap --force -w both.pcap
			cmp <(cat $1.pcap <(tail -c +25 $1.pcap)) both.pcap
		done
		"$pcaptool" write be.pcap --append -w both.pcap
		[ "$("$pcaptool" read -xx both.pcap | sort | uniq -c |
			grep -vc '^ *3 ')" = 0 ]
	done
	if [ "$(tcpdump --version 2>&1 | grep -c 'version 1.10')" = 1 ]; then
		for l in 189 220 239; do
			headers $l be | headers_capture $l big >be.pcap
			diff <("$pcaptool" read -n -xx be.pcap | sed 1d) \
				<(tcpdump -n -xx -r be.pcap 2>/dev/null |
					sed 1d)
		done
	fi
}

@test "the text beside the bytes of a dump is never data" {
	local text options
	for text in 'ab cdefg' '01 02 03' 'ab cd ef gh ab' '00 11 22 33 44 55 66'; do
		for options in '-c8 -g1' '-c8 -g2' -g1 '-c4 -g1' '-c16 -g8'; do
			printf '%s' "$text" | xxd $options |
				"$pcaptool" write --hex --force -w x.pcap
			[ "$(tail -c +41 x.pcap)" = "$text" ]
		done
	done
}

@test "a closed descriptor is not that of the file that is written" {
	"$pcaptool" write "$sample" -w want.pcapng
	for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-' '>&- 2>&-'; do
		rm -f x.pcapng x.pcap
		eval "\"\$pcaptool\" write want.pcapng -w x.pcapng $closed"
		cmp x.pcapng want.pcapng
		# with something to be said of what is lost
		eval "\"\$pcaptool\" write \"\$sample\" want.pcapng -w x.pcap $closed"
		"$pcaptool" -q read x.pcap >/dev/null
	done
	run -3 bash -c '"$1" read "$2" >&-' - "$pcaptool" "$sample"
}

# named NAME...: names.pcapng with interfaces of these names, and packets of the
# first, the second, ... and the first.
named()
{
	python3 - "$@" <<-'END'
	import struct, sys
	def block(kind, body):
	    body += b'\0' * (-len(body) % 4)
	    n = struct.pack('<I', len(body) + 12)
	    return struct.pack('<I', kind) + n + body + n
	out = block(0x0a0d0d0a, struct.pack('<IHHq', 0x1a2b3c4d, 1, 0, -1))
	for word in sys.argv[1:]:
	    name = word.encode() + b'\0' * (-len(word) % 4)
	    out += block(1, struct.pack('<HHIHH', 1, 0, 0, 2, len(word)) +
	                 name + b'\0\0\0\0')
	for i in [*range(len(sys.argv) - 1), 0]:
	    out += block(6, struct.pack('<IIIII', i, 0, 1, 4, 4) + b'abcd')
	open('names.pcapng', 'wb').write(out)
	END
}

@test "long names of interfaces are shortened in those of files" {
	need python3
	local name
	printf -v name '%0300d' 7
	named "${name}1" "${name}2" # differ only at their end
	"$pcaptool" write names.pcapng --split-by interface -w part.pcapng
	[ "$(ls part* | wc -l)" = 2 ]
	[ "$("$pcaptool" filter --count '' part* | cut -d: -f2 | sort |
		tr '\n' ' ')" = "1 2 " ]
	"$pcaptool" write part* -w again.pcapng
	[ "$("$pcaptool" filter --count '' again.pcapng)" = 3 ]
}

@test "interfaces whose names are the same in a file's get numbers" {
	need python3
	named a/b a_b 'a b'
	"$pcaptool" write names.pcapng --split-by interface --split-packets 1 \
		-w n.pcapng
	[ "$(ls n-* | wc -l)" = 4 ]
	"$pcaptool" write names.pcapng --split-by interface -w part.pcapng
	[ "$(ls part-*)" = "$(printf '%s\n' part-a_b-00002.pcapng \
		part-a_b-00003.pcapng part-a_b.pcapng)" ]
	[ "$("$pcaptool" filter --count '' part-a_b.pcapng)" = 2 ]
	"$pcaptool" write part* -w again.pcapng
	[ "$("$pcaptool" filter --count '' again.pcapng)" = 4 ]
}
