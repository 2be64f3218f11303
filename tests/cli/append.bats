# Adding to savefiles: by --append, and where --split-... opens a part again.
# The judges of the files are tcpdump and capinfos.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
	sample=sample.pcap
	capture 200.000000 >one.pcap
}

# capture TIME [LINE...]: a capture of one packet of 20 bytes; LINEs come first.
capture()
{
	local time=$1
	shift
	printf '%s\n' "$@" "packet $time" '00 01 02 03 04 05 06 07 08 09' \
		'0a 0b 88 b5 04 05 06 07 08 09' |
		"$top_builddir/tests/tools/hex2pcap"
}

# patch FILE OFFSET BYTES: BYTES as printf takes them.
patch()
{
	printf "$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# times FILE: of all packets, as tcpdump reads them.
times()
{
	tcpdump -nn -tt -r "$1" 2>/dev/null | grep -oE '^[0-9.]+' | tr '\n' ' '
}

@test "what is added has the file's format, resolution and byte order" {
	need tcpdump capinfos
	local word
	for word in big nano big\ nano; do
		capture 100.000000 ${word// /$'\n'} >x.pcap
		cp x.pcap old.pcap
		"$pcaptool" write one.pcap --append -w x.pcap
		cmp <(head -c 60 x.pcap) old.pcap
		[ "$(stat -c %s x.pcap)" = 96 ]
		[ "$(times x.pcap)" = "100.000000 200.000000 " ]
		run -3 "$pcaptool" write one.pcap --append --format pcapng \
			-w x.pcap
		[[ $output == *"cannot append: it is pcap"* ]]
	done
	"$pcaptool" write one.pcap --format pcapng --compress gzip -w odd.pcap
	"$pcaptool" write one.pcap --append -w odd.pcap
	[ "$(gzip -dc odd.pcap | capinfos -c -M - |
		sed -n 's/.*packets: *//p')" = 2 ]
}

@test "files that are not written are not added to" {
	capture 100.000000 >modified.pcap
	patch modified.pcap 0 '\x34\xcd\xb2\xa1'
	printf '\0\0\0\0\0\0\0\0' | cat <(head -c 40 modified.pcap) - \
		<(tail -c 20 modified.pcap) >m && mv m modified.pcap
	capture 100.000000 >v22.pcap
	patch v22.pcap 6 '\x02'
	cp v22.pcap v23.pcap
	patch v23.pcap 6 '\x03'
	"$pcaptool" write one.pcap -w padded.pcap.gz
	head -c 512 /dev/zero >>padded.pcap.gz
	xz -c one.pcap >packed.pcap.xz
	head -c 50 one.pcap >cut.pcap
	for f in modified.pcap v22.pcap v23.pcap padded.pcap.gz packed.pcap.xz \
		cut.pcap; do
		cp $f old
		run -3 "$pcaptool" write one.pcap --append -w $f
		cmp $f old
	done
	[[ "$("$pcaptool" write one.pcap --append -w modified.pcap 2>&1)" == \
		*"modified pcap, which is read, but not written"* ]]
}

@test "an empty file is begun, and no packets add nothing" {
	need tcpdump
	local f
	for f in x.pcap x.pcapng x.pcap.gz; do
		: >$f
		"$pcaptool" filter 'ip6 proto 250' one.pcap --append -w $f
		[ ! -s $f ]
		"$pcaptool" write one.pcap --append -w $f
		[ "$("$pcaptool" filter --count '' $f)" = 1 ]
		cp $f old
		"$pcaptool" filter 'ip6 proto 250' "$sample" --append -w $f
		cmp $f old
	done
}

@test "the snapshot length is raised for what is added" {
	need tcpdump
	capture 100.000000 'snaplen 30' >x.pcap
	capture 100.000000 'snaplen 30' big >big.pcap
	gzip -c x.pcap >x.pcap.gz
	for f in x.pcap big.pcap; do
		"$pcaptool" write "$sample" --append -w $f
		diff <(tcpdump -nn -xx -tt -r "$sample" 2>/dev/null) \
			<(tcpdump -nn -xx -tt -r $f 2>/dev/null | sed 1,3d)
	done
	"$pcaptool" write one.pcap --append -w x.pcap.gz
	cp x.pcap.gz old
	run -3 "$pcaptool" write "$sample" --append -w x.pcap.gz
	[[ $output == *"its snapshot length is 30, and a packet has"* ]]
	cmp x.pcap.gz old
}

@test "merged captures have the largest snapshot length" {
	need tcpdump
	local f
	capture 100.000000 'snaplen 30' >short.pcap
	capture 100.000000 'snaplen 30' big >big.pcap
	"$pcaptool" write short.pcap "$sample" -w merged.pcap
	"$pcaptool" write --concat short.pcap "$sample" -w one-by-one.pcap
	"$pcaptool" write --concat big.pcap "$sample" -w big-first.pcap
	"$pcaptool" write --concat short.pcap "$sample" -w - --format pcap \
		>piped.pcap
	"$pcaptool" write --concat short.pcap "$sample" -w packed.pcap.gz
	gzip -dc packed.pcap.gz >packed.pcap
	# interfaces that the writer learns of late
	"$pcaptool" write short.pcap -w late.pcapng
	"$pcaptool" write "$sample" --append -w late.pcapng
	"$pcaptool" write late.pcapng -w late.pcap
	"$pcaptool" write late.pcapng -w - --format pcap | cat >late-piped.pcap
	for f in merged one-by-one big-first piped packed late late-piped; do
		diff <(tcpdump -nn -xx -tt -r "$sample" 2>/dev/null | sort) \
			<(tcpdump -nn -xx -tt -r $f.pcap 2>/dev/null | sed 1,3d |
				sort)
	done
	[ "$("$pcaptool" write short.pcap -w - --format pcap | cat | cmp - \
		short.pcap)" = "" ]
}

@test "a file cannot be input and output" {
	local f
	for f in one.pcap one.pcapng; do
		capture 200.000000 | "$pcaptool" write - --force -w $f
		ln -s $f link && ln $f hard
		cp $f old
		for name in $f link hard; do
			run -3 "$pcaptool" write $f --append -w $name
			[[ $output == *"is both input and output"* ]]
			run -3 "$pcaptool" filter '' $f --append -w $name
			run -3 "$pcaptool" write "$sample" - --append -w $name <$f
		done
		for command in "write -w -" read stats "filter ''" "read -o json"; do
			status=0
			eval "$pcaptool $command $f" >>$f 2>said || status=$?
			[ $status = 2 ]
			grep "$f: is both input and output" said
		done
		cmp $f old
		rm link hard
		# but it can be replaced
		"$pcaptool" write $f $f --force -w $f
		[ "$("$pcaptool" filter --count '' $f)" = 2 ]
	done
	run -3 "$pcaptool" write one.pcap --engine libpcap --append -w one.pcap
	[[ $output == *"is both input and output"* ]]
}

@test "parts that were closed are opened again, in any format" {
	need tcpdump
	local i word
	# twice each of 70 hosts, more than are open at a time
	for word in '' big nano big\ nano; do
		for i in {1..70} {1..70}; do
			printf 'packet %d.0\n02 00 00 00 00 01 02 00 00 00 00 02 ' \
				$((i * 60))
			printf '08 00 45 00 00 14 00 00 00 00 40 3b 00 00 '
			printf '0a 00 00 %02x 0a 00 00 %02x\n' $i $i
		done | cat <(printf '%s\n' ${word// /$'\n'}) - |
			"$top_builddir/tests/tools/hex2pcap" >in.pcap
		for suffix in pcap pcapng pcap.gz pcapng.zst; do
			rm -f part*
			"$pcaptool" write in.pcap --split-by host -w part.$suffix
			[ "$(ls part* | wc -l)" = 70 ]
			[ "$("$pcaptool" filter --count '' part* |
				grep -c ':2$')" = 70 ]
			rm -f part*
			"$pcaptool" write in.pcap --split-time 1m -w part.$suffix
			[ "$("$pcaptool" filter --count '' part* |
				grep -c ':2$')" = 70 ]
		done
		# their sizes count what they had before
		rm -f part*
		"$pcaptool" write in.pcap --split-by host --split-size 100 \
			-w part.pcap
		[ "$(ls part* | wc -l)" = 140 ]
		for f in part*; do tcpdump -nn -r $f >/dev/null 2>&1; done
	done
}

@test "parts are not larger than asked for, options included" {
	local i size
	for i in {1..40}; do echo one.pcap; done |
		xargs "$pcaptool" write --concat -w many.pcapng
	for i in {1..40}; do
		printf -- '--packet-comment\n%d:%0400d\n' $i $i
	done | xargs "$pcaptool" write many.pcapng -w comments.pcapng
	for size in 2k 8k; do
		rm -f part*
		"$pcaptool" write comments.pcapng --split-size $size \
			-w part.pcapng
		[ "$(find part* -size +${size%k}k | wc -l)" = 0 ]
		[ "$("$pcaptool" filter --count '' part* |
			cut -d: -f2 | paste -sd+ | bc)" = 40 ]
		(($(ls part* | wc -l) <= 40 * 500 / (${size%k} * 1024 - 900) + 1))
	done
}

@test "a frame check sequence is claimed only where all packets have one" {
	need tcpdump capinfos
	cp one.pcap fcs.pcap
	patch fcs.pcap 20 '\x01\0\0\x24' # 4 bytes
	"$pcaptool" write fcs.pcap fcs.pcap -w both.pcap
	cmp <(head -c 24 both.pcap) <(head -c 24 fcs.pcap)
	for options in '' --concat; do
		for files in 'fcs.pcap one.pcap' 'one.pcap fcs.pcap'; do
			"$pcaptool" write $options $files --force -w x.pcap 2>said
			grep "1 frame check sequence" said
			[ "$(od -An -tx1 -j20 -N4 x.pcap)" = ' 01 00 00 00' ]
			[ "$(tcpdump -nn -e -r x.pcap 2>/dev/null |
				grep -oE 'length [0-9]+' | sort | tr '\n' ' ')" = \
				"length 16 length 20 " ]
			"$pcaptool" write $options $files --force -w x.pcapng
			"$pcaptool" write x.pcapng --force -w y.pcap
			cmp x.pcap y.pcap
		done
	done
	cp fcs.pcap x.pcap
	run -3 "$pcaptool" write one.pcap --append -w x.pcap
	[[ $output == *"one length of frame check sequences: it has 4"* ]]
	cmp x.pcap fcs.pcap
	cp one.pcap x.pcap
	"$pcaptool" write fcs.pcap --append -w x.pcap
	[ "$(stat -c %s x.pcap)" = 92 ]
}
