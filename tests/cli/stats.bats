# stats: totals and reports.

load helper
load terminal

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
	sample=$BATS_TEST_TMPDIR/sample.pcap
}

teardown()
{
	drop_veth
	term_end
}

# column KEY: that column of the CSV on stdin, without its head.
column()
{
	awk -F, -v key="$1" '
		NR == 1 { for (i = 1; i <= NF; i++) if ($i == key) at = i; next }
		/^$/ { exit }
		{ print $at }'
}

@test "an overview: totals, protocols, who talks, sizes" {
	run -0 "$pcaptool" stats "$sample"
	[[ $output == *"File:"*"sample.pcap"* ]]
	[[ $output == *"Packets:"* ]]
	[[ $output == *"PROTOCOL"*"frame"*"eth"* ]]
	[[ $output == *"conversations"* ]]
	[[ $output == *"endpoints"* ]]
}

@test "the summary is what capinfos says" {
	need capinfos
	run -0 "$pcaptool" stats --by summary:capture --csv "$sample"
	csv=$output
	capinfos -TrmQM -csdu "$sample" | tr -d '"' \
		>"$BATS_TEST_TMPDIR/theirs"
	IFS=, read -r _ packets size data duration <"$BATS_TEST_TMPDIR/theirs"
	[ "$(column packets <<<"$csv")" = "$packets" ]
	[ "$(column size <<<"$csv")" = "$size" ]
	[ "$(column bytes <<<"$csv")" = "$data" ]
	awk -v a="$(column duration <<<"$csv")" -v b="$duration" \
		'BEGIN { exit !(a - b < 1e-6 && b - a < 1e-6) }'
}

@test "protocols are counted as tshark's hierarchy does" {
	need tshark
	# one line a node: its path, packets, bytes; what it makes of the body
	# of HTTP is no protocol
	tshark -n -r "$sample" -q -z io,phs | grep -v data-text-lines | awk '
		/frames:/ {
			depth = match($0, /[^ ]/) - 1
			path[depth] = $1
			line = ""
			for (i = 0; i <= depth; i += 2) line = line path[i] ":"
			sub(/.*frames:/, ""); sub(/bytes:/, "")
			print line, $1, $2
		}' | sed 's/^\([^ ]*\):/\1/' | sort >"$BATS_TEST_TMPDIR/theirs"
	"$pcaptool" stats --by protocols --csv "$sample" | awk -F, '
		NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
		{ print $at["path"], $at["packets"], $at["bytes"] }' |
		sed 's/^frame://; s/^frame /frame /' | sort \
		>"$BATS_TEST_TMPDIR/ours"
	grep -v '^frame ' "$BATS_TEST_TMPDIR/theirs" | sed 's/^frame://' |
		sort | diff - <(grep -v '^frame ' "$BATS_TEST_TMPDIR/ours")
}

@test "protocols: a layer whose name is several names counts for each" {
	make_pcap tunnels_more
	"$pcaptool" stats --by protocols --csv tunnels_more.pcap >tree
	grep -q '^ *mpls,frame:eth:mpls,2,8,' tree
	grep -q '^ *pwethheuristic,frame:eth:mpls:pwethheuristic,3,7,' tree
	# no packet is counted below what does not have it
	awk -F, 'NR > 1 { n[$2] = $4 } END { for (path in n) {
		above = path; sub(/:[^:]*$/, "", above)
		if (n[above] + 0 < n[path]) { print path; bad = 1 } } exit bad }' tree
}

@test "conversations and endpoints are counted as tshark counts them" {
	need tshark
	local kind
	for kind in eth ip ipv6 tcp udp; do
		# total packets of each, ends in any order
		tshark -n -r "$sample" -q -z "conv,$kind" | awk '
			/<->/ {
				a = $1 < $3 ? $1 " " $3 : $3 " " $1
				for (i = 4; i <= NF; i++) if ($i ~ /^[0-9]+$/) n[++k] = $i
				print a, n[k - 1]; k = 0
			}' | wc -l >"$BATS_TEST_TMPDIR/theirs"
		"$pcaptool" stats --by "conversations:$kind" --csv "$sample" |
			tail -n +2 | wc -l | diff "$BATS_TEST_TMPDIR/theirs" -
		tshark -n -r "$sample" -q -z "endpoints,$kind" |
			awk -v ports="$kind" '
			/^[0-9a-f]+[.:]/ {
				at = ports ~ /tcp|udp/ ? 2 : 1
				print $1 (at == 2 ? "," $2 : ","), $(at + 1),
					$(at + 3), $(at + 5)
			}' | sort >"$BATS_TEST_TMPDIR/theirs"
		"$pcaptool" stats --by "endpoints:$kind" --csv "$sample" |
			awk -F, 'NR > 1 { print $1 "," $2, $3, $5, $7 }' |
			sort | diff "$BATS_TEST_TMPDIR/theirs" -
	done
}

@test "counts do not depend on the number of threads" {
	"$pcaptool" stats --jobs 1 --json "$sample" >"$BATS_TEST_TMPDIR/one"
	"$pcaptool" stats --jobs 3 --json "$sample" |
		diff "$BATS_TEST_TMPDIR/one" -
}

@test "--json is an object with a member for each report" {
	need jq
	run -0 --separate-stderr "$pcaptool" stats --json "$sample" \
		--by summary:capture --by sizes --by conversations
	jq -e '.summary.capture.packets == ([.sizes[].packets] | add)' \
		<<<"$output"
	jq -e '.conversations | keys == ["eth", "ip", "ipv6", "sctp", "tcp", "udp"]' \
		<<<"$output"
	run -0 --separate-stderr "$pcaptool" stats --json "$sample"
	jq -e .protocols[0].packets <<<"$output"
}

@test "--count gives a column for each filter" {
	run -0 "$pcaptool" stats --by protocols --count tcp \
		--count 'udp port 53' --csv "$sample"
	[ "$(column tcp <<<"$output" | head -1)" = \
		"$("$pcaptool" filter --count tcp "$sample")" ]
	[ "$(column 'udp port 53' <<<"$output" | head -1)" = \
		"$("$pcaptool" filter --count 'udp port 53' "$sample")" ]
}

@test "--top and --sort choose rows" {
	run -0 "$pcaptool" stats --by endpoints:ip --csv --sort packets \
		--top 2 "$sample"
	[ ${#lines[@]} = 3 ]
	"$pcaptool" stats --by endpoints:ip --csv "$sample" | column packets |
		sort -rn | head -2 | diff - <(column packets <<<"$output")
	run -0 "$pcaptool" stats --by endpoints:ip --csv --sort packets \
		--ascending --top 1 "$sample"
	[ "$(column packets <<<"$output")" = "$("$pcaptool" stats --csv \
		--by endpoints:ip "$sample" | column packets | sort -n | head -1)" ]
	run -2 "$pcaptool" stats --sort nothing "$sample"
	[[ $output == *"no report has a column 'nothing'"* ]]
}

@test "unknown reports and kinds are told with the nearest" {
	run -2 "$pcaptool" stats --by protocol "$sample"
	[[ $output == *"did you mean 'protocols'?"* ]]
	run -2 "$pcaptool" stats --by conversations:tpc "$sample"
	[[ $output == *"has no kind 'tpc'; did you mean 'tcp'?"* ]]
}

@test "rates fall into intervals, and their sum is all" {
	run -0 "$pcaptool" stats --by rate --interval 10ms --origin first --csv \
		"$sample"
	[ "$(column packets <<<"$output" | awk '{ n += $1 } END { print n }')" = \
		"$("$pcaptool" filter --count '' "$sample")" ]
}

# cut N: the sample in pieces of N packets, part-*.pcap.
cut_up()
{
	"$pcaptool" -q write "$sample" -w "$BATS_TEST_TMPDIR/part.pcap" \
		--split-packets "$1"
}

# All reports whose counts do not depend on the order of packets.
mergeable="--by summary --by protocols --by conversations --by endpoints
	--by ports --by sizes --by rate --by interfaces --by dns --by http
	--by tls --by icmp --by vlan --by hosts-new --count tcp"

@test "--merge of what pieces saved is what one run over them counts" {
	cd "$BATS_TEST_TMPDIR"
	local n piece
	for n in 1 3 5; do
		rm -f part*
		cut_up $n
		for piece in part*.pcap; do
			"$pcaptool" stats $mergeable --save "$piece.state" \
				"$piece"
		done
		"$pcaptool" stats $mergeable --json part*.pcap >whole
		"$pcaptool" stats --merge --json part*.state | diff whole -
		# in another order, and in two steps
		ls part*.state | sort -r | xargs "$pcaptool" stats --merge \
			--save - | "$pcaptool" stats --merge --json - |
			diff whole -
	done
}

@test "--merge shows what was counted, or a part of that" {
	cd "$BATS_TEST_TMPDIR"
	"$pcaptool" stats --by conversations --save state "$sample"
	"$pcaptool" stats --merge state --by endpoints:tcp --csv |
		diff <("$pcaptool" stats --by endpoints:tcp --csv "$sample") -
	run -2 "$pcaptool" stats --merge state --by rate
	[[ $output == *"report rate was not counted"* ]]
	"$pcaptool" stats --by sizes --save other "$sample"
	run -2 "$pcaptool" stats --merge state other
	[[ $output == *"other: reports differ from"* ]]
	run -2 "$pcaptool" stats --merge state -c 3
	[[ $output == *"cannot be selected, or counted"* ]]
}

@test "a state that is damaged, cut or no state is refused" {
	cd "$BATS_TEST_TMPDIR"
	"$pcaptool" stats --save state "$sample"
	run -3 "$pcaptool" stats --save state "$sample"
	[[ $output == *"--force"* ]]
	"$pcaptool" stats --save state --force "$sample"
	head -c -20 state >short
	run -1 "$pcaptool" stats --merge short
	[[ $output == *"short: no state to merge: it ends too early"* ]]
	{ head -c 1000 state; printf x; tail -c +1002 state; } >changed
	run -1 "$pcaptool" stats --merge changed
	[[ $output == *"changed: no state to merge: "* ]]
	{ cat state; echo; } >long
	run -1 "$pcaptool" stats --merge long
	[[ $output == *"trailing data"* ]]
	run -1 "$pcaptool" stats --merge "$sample"
	[[ $output == *"was not written by --save"* ]]
}


# ---- charts ----

@test "--plot: a chart below each table that has one" {
	run -0 "$pcaptool" stats --plot --by sizes --by rate \
		--by conversations:udp --by summary:capture "$sample"
	[[ $output == *"40-79 "*"█"* ]]
	[[ $output == *" 0 │"* ]]
	[[ $output =~ 192\.0\.2\.[0-9]+:[0-9]+\ -\ 192\.0\.2\.[0-9]+:[0-9]+ ]]
	# the longest bar is that of the most packets
	"$pcaptool" stats --plot --by sizes "$sample" | sed '1,/^$/d' |
		awk '/^[0-9]+-/ { n = gsub("█", ""); if (n > most) { most = n; at = $2 }
			if ($2 + 0 > big) big = $2 + 0 } END { exit at != big }'
}

@test "--svg: one picture that is XML, without scripts, of harmless text" {
	need python3
	cd "$BATS_TEST_TMPDIR"
	run -0 "$pcaptool" stats --svg all.svg --by sizes --by rate \
		--by endpoints:ip "$sample"
	python3 - <<-'END'
		import xml.etree.ElementTree as tree
		root = tree.parse("all.svg").getroot()
		names = {e.tag.split("}")[1] for e in root.iter()}
		assert names <= {"svg", "title", "style", "rect", "path", "g",
			"text"}, names
		texts = [e.text for e in root.iter() if e.tag.endswith("}text")]
		assert "192.0.2.10" in texts, texts
		# what the axes are, with units, and the zone of times
		assert any(t.startswith("Bit rate (") for t in texts), texts
		assert "Time (UTC)" in texts and "Packets" in texts, texts
		assert sum(":" in t and len(t) <= 15 for t in texts if t) <= 8, texts
		style = root.find("{http://www.w3.org/2000/svg}style").text
		assert "prefers-color-scheme:dark" in style
		assert not any("href" in k or k.startswith("on")
			for e in root.iter() for k in e.attrib)
	END
	run -3 "$pcaptool" stats --svg all.svg "$sample"
	[[ $output == *"all.svg: file exists"* ]]
	run -0 "$pcaptool" stats --svg all.svg --force "$sample"
	# a host name from a packet that looks like markup
	cat >markup.hex <<-'END'
		packet 1767225600.0
		02 00 00 00 00 02 02 00 00 00 00 01 08 00
		45 00 00 4e 00 01 40 00 40 06 00 00 c0 00 02 01 c0 00 02 02
		12 34 00 50 00 00 00 01 00 00 00 01 50 18 10 00 00 00 00 00
		"GET / HTTP/1.1" 0d 0a "Host: <script>&'x'" 0d 0a 0d 0a
	END
	"$top_builddir/tests/tools/hex2pcap" markup.hex >markup.pcap
	run -0 "$pcaptool" stats --by http:hosts --svg markup.svg markup.pcap
	[[ $output == *"<script>&'x'"* ]]
	grep -F "&lt;script&gt;&amp;'x'" markup.svg
	run -1 grep -F '<script' markup.svg
}

# ---- live ----

# live LINE...: what the fake libpcap plays.
live()
{
	need_choice
	printf '%s\n' 'interface eth0 up running' "$@" >"$BATS_TEST_TMPDIR/script"
	export PCAPTOOL_FAKE=$BATS_TEST_TMPDIR/script
	export PCAPTOOL_LIBPCAP=$top_builddir/tests/fake/libpcap.so
}

# A UDP packet of 60 bytes from 192.0.2.1 to 192.0.2.2.
udp='02000000000202000000000108004500002e0001000040110000c0000201c0000202'
udp+='30390035001a0000'

@test "--live: a line of JSON for each interval, and the totals" {
	need jq
	live "packet count=5 pad=60 $udp" 'dropped 3' 'pause 1500' \
		"packet count=2 pad=60 $udp" 'signal INT'
	timeout 20 "$pcaptool" stats -i eth0 --interval 500ms \
		--by endpoints:ip --by protocols >lines
	[ "$(jq -s 'map(select(.time)) | length >= 2' lines)" = true ]
	[ "$(jq -s 'map(select(.end)) | length' lines)" = 1 ]
	# the intervals add up to the whole, and nothing is counted twice
	[ "$(jq -s 'map(select(.time).reports.protocols[0].packets // 0) | add <= 7' lines)" = true ]
	[ "$(jq -s 'last.reports.protocols[0].packets' lines)" = 7 ]
	[ "$(jq -s 'last.interfaces[0].dropped' lines)" = 3 ]
	[ "$(jq -s 'last.interfaces[0].received' lines)" = 10 ]
	[ "$(jq -s 'map(select(.time).interfaces[0].dropped) | add' lines)" = 3 ]
	[ "$(jq -sc '[last.reports.endpoints.ip[].address] | sort' lines)" = \
		'["192.0.2.1","192.0.2.2"]' ]
}

@test "--live: an expression, -c and --for end and select" {
	need jq
	live "packet count=50 pad=60 $udp" 'pause 60000'
	timeout 20 "$pcaptool" stats -i eth0 -c 10 --by protocols udp port 53 |
		tail -n 1 >last
	[ "$(jq '.reports.protocols[0].packets' last)" = 10 ]
	timeout 20 "$pcaptool" stats -i eth0 --for 200ms --by protocols tcp |
		tail -n 1 >last
	[ "$(jq '.reports.protocols | length' last)" = 0 ]
	run -2 "$pcaptool" stats -i eth0 --csv
	run -2 "$pcaptool" stats -i eth0 -r "$sample"
	run -2 "$pcaptool" stats -i eth0 --whole-flows
	run -2 "$pcaptool" stats -i eth1
	[[ $output == *"unknown interface 'eth1'"* ]]
}

@test "--live: a screen that is drawn again, and left as it was" {
	need_tmux
	live "packet count=9000 wait=20 pad=60 $udp"
	term_start sh -c "trap : INT; echo before; '$pcaptool' stats -i eth0 --interval 300ms; cat"
	term_shows 'Protocols'
	term_shows 'eth0, [0-9]* received, 0 dropped by the kernel'
	term_shows 'ADDRESS A'
	! term_screen | grep -q '^before'
	term_key C-c
	# the totals are below what was there before
	wait_for sh -c "tmux -L '$term_name' capture-pane -p -S - |
		grep -q '^Packets: '"
	tmux -L "$term_name" capture-pane -p -S - | grep -q '^before'
	term_end
}

@test "--live: figures are whole on a narrow terminal, rates of the interval, q ends" {
	need_tmux
	live "packet count=9000 wait=20 pad=60 $udp"
	term_start sh -c "'$pcaptool' stats -i eth0 --interval 2s --by endpoints:ip; echo status \$?; cat"
	tmux -L "$term_name" resize-window -x 50 -y 24
	# columns that do not fit are not there, those that are are whole
	term_shows '^ADDRESS +PACKETS +BYTES +SENT +BYTES$'
	term_shows '^192\.0\.2\.1 +[0-9]+ +[0-9.]+ k?B +[0-9]+ +[0-9.]+ k?B$'
	tmux -L "$term_name" resize-window -x 120 -y 24
	term_shows 'DURATION +RATE$'
	term_type q
	term_shows 'status 0'
	term_end
}

@test "--live: real packets, counted as tcpdump counts them" {
	make_veth
	need jq
	in_a timeout 20 "$pcaptool" stats -i va --for 6s --by protocols \
		'icmp and icmp[0] = 8' >lines &
	wait_for in_a sh -c '[ "$(wc -l </proc/net/packet)" -gt 1 ]'
	sleep 1
	in_b ping -q -c 5 -i 0.1 10.0.0.1 >/dev/null
	wait
	[ "$(tail -n 1 lines | jq '.reports.protocols[0].packets')" = 5 ]
}

@test "tables that are full drop the least, say so, and keep the sums" {
	need perl
	cd "$BATS_TEST_TMPDIR"
	# 5000 conversations of one packet, between them 312 packets of another;
	# times out of order, up to the year 2096
	perl -e '
		binmode STDOUT;
		print pack("LSSlLLL", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101);
		for my $i (0 .. 5299) {
			my $n = $i % 17 ? $i : 0x10000;
			print pack("LLLL", ($i * 7919) % 100000 * 40000, 0, 28, 28),
				pack("CCnNCCnNNnnnn", 0x45, 0, 28, 0, 64, 17, 0,
				0x0a000000 + $n, 0xc0000201, 1024, 53, 8, 0);
		}' >flows.pcap
	run -0 --separate-stderr "$pcaptool" stats --by conversations:udp \
		--by summary:capture --max-flows 64 --csv --jobs 1 flows.pcap
	[[ $stderr == *"udp conversations were dropped"*"--max-flows"* ]]
	[[ ${lines[1]} == 10.1.0.0,1024,192.0.2.1,53,312,* ]]
	[ ${#lines[@]} = 67 ]
	[[ $output == *",5300,148400,148400,"* ]]
	# without a limit all are there, and their sum is the whole
	run -0 --separate-stderr "$pcaptool" stats --by conversations:udp \
		--csv flows.pcap
	[ -z "$stderr" ]
	[ "$(column packets <<<"$output" | awk '{ n += $1 } END { print n }')" = 5300 ]
}

# pcap_of NAME: a raw IP capture of what the Perl on stdin puts into @packets
# ([seconds, bytes] each), with ip(), udp() and tcp() to make them.
pcap_of()
{
	need perl
	{
		cat <<-'END'
			binmode STDOUT;
			sub ip { pack("CCnNCCnNN", 0x45, 0, 20 + length $_[3],
				0, 64, $_[2], 0, $_[0], $_[1]) . $_[3] }
			sub udp { pack("nnnn", 1000, 2000, 8, 0) }
			sub tcp { pack("nnNNCCnnn", 1000, 80, 1, 1, 0x50, 16,
				1000, 0, 0) }
			my @packets;
		END
		cat
		cat <<-'END'
			print pack("LSSlLLL", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101);
			print pack("LLLL", $_->[0], 0, length $_->[1],
				length $_->[1]), $_->[1] for @packets;
		END
	} | perl - >"$1"
}

@test "the largest host has all its packets, however small the tables" {
	cd "$BATS_TEST_TMPDIR"
	# 20,000 packets of 10.0.0.1, with as many others among them
	pcap_of many.pcap <<-'END'
		for my $i (0 .. 19999) {
			my $other = 0x0b000000 + $i * 7919 % 5000;
			push @packets, [$i, $i % 2
				? ip(0x0a000001, $other, 17, udp())
				: ip($other, 0x0a000001, 17, udp())];
			push @packets, [$i, ip(0x0c000000 + $i % 6000,
				0x0d000000 + $i % 5500, 17, udp())];
		}
	END
	local jobs kind
	for jobs in 1 4; do
		for kind in ip udp; do
			run -0 --separate-stderr "$pcaptool" stats --csv \
				--by "endpoints:$kind" --max-flows 64 \
				--jobs $jobs many.pcap
			[[ ${lines[1]} == 10.0.0.1,*,20000,560000,10000,* ||
				$kind == udp ]]
			[[ $stderr == *"endpoints: "*" entries of $kind endpoints were dropped"*"no row lacks more than "* ]]
		done
	done
	# and from states that were made with small tables
	"$pcaptool" -q write many.pcap --split-packets 13333 -w part.pcap
	for piece in part*.pcap; do
		"$pcaptool" -q stats --by conversations --max-flows 64 \
			--save "$piece.state" "$piece"
	done
	run -0 "$pcaptool" -q stats --merge --max-flows 64 --csv \
		--by endpoints:ip part*.state
	[[ ${lines[1]} == 10.0.0.1,,20000,560000,10000,* ]]
	# without a limit the other order of the same packets is the same
	"$pcaptool" stats --by endpoints:ip --csv many.pcap >whole
	"$pcaptool" stats --merge --csv --by endpoints:ip <(
		"$pcaptool" stats --by endpoints:ip --save - many.pcap) |
		diff whole -
}

@test "the tree of protocols keeps its sums with more paths than --max-flows" {
	cd "$BATS_TEST_TMPDIR"
	# IP in IP, up to 30 deep, ended by TCP or by UDP in TCP's place
	pcap_of paths.pcap <<-'END'
		for my $i (0 .. 39) {
			push @packets, [$i, ip(1, 2, 6, tcp())];
		}
		for my $deep (1 .. 30) {
			for my $end (6, 17) {
				my $p = ip(1, 2, $end, $end == 6 ? tcp() : udp());
				$p = ip(1, 2, 4, $p) for 1 .. $deep;
				push @packets, [$deep, $p];
			}
		}
	END
	"$pcaptool" stats --by protocols --csv paths.pcap >whole
	[ "$(wc -l <whole)" -gt 64 ]
	grep -q ',frame:raw:ip:tcp,3,40,\|,frame:ip:tcp,2,40,' whole
	"$pcaptool" stats --by protocols --jobs 1 --max-flows 64 --csv \
		paths.pcap | diff whole -
	"$pcaptool" stats --by protocols --jobs 4 --max-flows 64 --csv \
		paths.pcap | diff whole -
}

@test "intervals become longer before one is dropped" {
	cd "$BATS_TEST_TMPDIR"
	pcap_of rate.pcap <<-'END'
		push @packets, [1000000000 + 7 * $_, ip(1, 2, 17, udp())]
			for 0 .. 2999;
	END
	local jobs
	for jobs in 1 4; do
		run -0 --separate-stderr "$pcaptool" stats --by rate --csv \
			--max-flows 64 --jobs $jobs rate.pcap
		[ "$(column packets <<<"$output" | awk '{ n += $1 } END { print n }')" = 3000 ]
		[ -z "$stderr" ]
		"$pcaptool" stats --by rate --csv rate.pcap | diff - <(echo "$output")
		# chosen ones too, with a warning
		run -0 --separate-stderr "$pcaptool" stats --by rate --csv \
			--max-flows 64 --jobs $jobs --interval 1s rate.pcap
		[ "$(column packets <<<"$output" | awk '{ n += $1 } END { print n }')" = 3000 ]
		[ "$(column interval <<<"$output" | sort -u)" = 1000.000000000 ]
		[[ $stderr == *"rate: intervals are 1000 times as long"* ]]
	done
}

@test "an --origin far from the packets gives the same intervals" {
	cd "$BATS_TEST_TMPDIR"
	pcap_of three.pcap <<-'END'
		push @packets, [1700000000 + $_, ip(1, 2, 17, udp())]
			for 1, 5, 3;
	END
	"$pcaptool" stats --by rate --interval 1s --csv three.pcap >plain
	[ "$(column packets <plain | paste -sd' ')" = "1 0 1 0 1" ]
	local origin
	for origin in -9000000000 -9223372036 9223372036 1700000003 2000000000; do
		"$pcaptool" stats --by rate --interval 1s --origin="$origin" \
			--csv three.pcap | diff plain -
	done
}

# segments NAME PERL: a capture of 192.0.2.1:40000 and 192.0.2.2:80, with
# seg(time, 1 or 2, flags, seq, ack) in the Perl; flags 2: SYN, 16: ACK, 17: FIN.
segments()
{
	pcap_of "$1" <<-END
		sub seg {
			my (\$t, \$from, \$flags, \$seq, \$ack) = @_;
			my @port = \$from == 1 ? (40000, 80) : (80, 40000);
			push @packets, [\$t, ip(0xc0000200 + \$from,
				0xc0000203 - \$from, 6, pack("nnNNCCnnn",
				@port, \$seq, \$ack, 0x50, \$flags, 1000, 0, 0))];
		}
		$2
	END
}

@test "a connection that uses ports again has a row of its own" {
	cd "$BATS_TEST_TMPDIR"
	# ended by FINs, by a reset, by nothing but a new beginning
	segments reused.pcap '
		for my $n (0 .. 3) {
			my ($t, $a, $b) = ($n * 100, 1000 + $n * 100000, 5000 + $n * 7777777);
			seg($t, 1, 2, $a, 0);
			seg($t + 1, 2, 18, $b, $a + 1);
			seg($t + 2, 1, 16, $a + 1, $b + 1);
			if ($n == 0) {
				seg($t + 3, 1, 17, $a + 1, $b + 1);
				seg($t + 4, 2, 17, $b + 1, $a + 2);
				seg($t + 5, 1, 16, $a + 2, $b + 2);
			} elsif ($n == 1) {
				seg($t + 3, 2, 20, $b + 1, $a + 1);
			}
		}'
	run -0 "$pcaptool" stats --by tcp --csv reused.pcap
	[ "$(column packets <<<"$output" | sort | paste -sd' ')" = "3 3 4 6" ]
	[ "$(column duration <<<"$output" | sort -u | paste -sd' ')" = \
		"2.000000000 3.000000000 5.000000000" ]
	# as tshark counts them, and as there are streams
	need tshark
	tshark -n -r reused.pcap -q -z conv,tcp | awk '/<->/ { print $10 }' |
		sort | diff - <(column packets <<<"$output" | sort)
	[ "$("$pcaptool" read --fields tcp.stream reused.pcap | tail -n 1)" = 3 ]
	# connections that different runs counted stay apart
	"$pcaptool" -q write reused.pcap --split-packets 10 -w half.pcap
	for half in half*.pcap; do
		"$pcaptool" stats --by tcp --save "$half.state" "$half"
	done
	run -0 "$pcaptool" stats --merge --by tcp --csv half*.state
	[ "$(column packets <<<"$output" | awk '{ n += $1 } END { print n, NR }')" = "16 4" ]
}

@test "round trips are negative where the clock was set back" {
	cd "$BATS_TEST_TMPDIR"
	segments back.pcap 'seg(10, 1, 2, 100, 0); seg(8, 2, 18, 900, 101);
		seg(7, 1, 16, 101, 901);'
	run -0 "$pcaptool" stats --by tcp --csv back.pcap
	[ "$(column rtt_mean <<<"$output")" = -1.500000000 ]
	[ "$(column rtt_max <<<"$output")" = -1.000000000 ]
	[ "$(column handshake <<<"$output")" = -3.000000000 ]
}

@test "times are in one zone, which is said" {
	cd "$BATS_TEST_TMPDIR"
	pcap_of one.pcap <<-'END'
		push @packets, [1767225600, ip(1, 2, 17, udp())],
			[1782864000, ip(3, 2, 17, udp())];
	END
	export TZ=America/New_York
	[ -e /usr/share/zoneinfo/$TZ ] || export TZ=EST5EDT,M3.2.0,M11.1.0
	run -0 "$pcaptool" stats --by hosts-new:ip one.pcap
	[[ ${lines[1]} == "FIRST SEEN (EST/EDT) "*"LAST SEEN (EST/EDT)"* ]]
	[[ ${lines[2]} == "2025-12-31 19:00:00.000000 "*" 2025-12-31 19:00:00.000000" ]]
	[[ ${lines[3]} == "2026-06-30 20:00:00.000000 "* ]]
	# as read prints them
	run -0 "$pcaptool" read -tttt one.pcap
	[[ ${lines[0]} == "2025-12-31 19:00:00.000000 "* ]]
	run -0 "$pcaptool" stats one.pcap
	[[ $output == *"First packet:"*"2025-12-31 19:00:00.000000 EST"* ]]
	[[ $output == *"Last packet:"*"2026-06-30 20:00:00.000000 EDT"* ]]
	run -0 "$pcaptool" stats --utc --by hosts-new:ip one.pcap
	[[ ${lines[1]} == "FIRST SEEN (UTC) "* ]]
	[[ ${lines[2]} == "2026-01-01 00:00:00.000000 "* ]]
	# a state has no zone
	"$pcaptool" stats --by hosts-new:ip --save state one.pcap
	run -0 "$pcaptool" stats --merge --utc state
	[[ ${lines[2]} == "2026-01-01 00:00:00.000000 "* ]]
	# and machines get seconds
	run -0 "$pcaptool" stats --csv --by hosts-new:ip one.pcap
	[ "$(column first <<<"$output" | head -n 1)" = 1767225600.000000000 ]
}

@test "--sort: texts from a to z, empty cells last, headings are taken" {
	cd "$BATS_TEST_TMPDIR"
	segments some.pcap 'seg(10, 1, 2, 100, 0); seg(12, 2, 18, 900, 101);
		seg(13, 1, 16, 101, 901);
		push @packets, [14, ip(5, 6, 6, tcp())], [15, ip(7, 6, 6, tcp())];'
	local order
	for order in "" --ascending; do
		run -0 "$pcaptool" stats --by tcp --sort handshake $order --csv \
			some.pcap
		[ "$(column handshake <<<"$output" | paste -sd,)" = 3.000000000,, ]
		run -0 "$pcaptool" stats --by tcp --sort "ADDRESS A" $order --csv \
			some.pcap
		[ "$(column address_a <<<"$output" | paste -sd' ')" = \
			"0.0.0.5 0.0.0.7 192.0.2.1" ]
	done
	run -0 "$pcaptool" stats --by endpoints:ip --sort sent --csv --ascending \
		some.pcap
	[ "$(column packets_sent <<<"$output" | paste -sd' ')" = "0 1 1 1 2" ]
	run -2 "$pcaptool" stats --by tcp --sort nothing some.pcap
}

@test "an empty table says so, and JSON has each key once" {
	need jq
	run -0 "$pcaptool" stats --by icmp:v6 --by rate --count tcp --count tcp \
		--json "$sample"
	[[ $output == *'"tcp": '*'"count tcp": '*'"count 2 tcp": '* ]]
	# jq keeps the last of two with the same key
	[ "$(grep -o '"[^"]*": ' <<<"$(grep '"start"' <<<"$output" | head -n 1)" | sort | uniq -d)" = "" ]
	run -0 "$pcaptool" stats --by tls:names --by vlan "$sample"
	[[ $output == *"TLS server names: none"* ]]
	# expressions with commas are one column of CSV
	run -0 "$pcaptool" stats --by sizes --csv --count 'tcp[13] = 2 or ip host 1,2' "$sample" || true
}

@test "text is the same with any LANG" {
	LC_ALL=C "$pcaptool" stats --plot --by rate --by sizes "$sample" >c
	LC_ALL=C.UTF-8 "$pcaptool" stats --plot --by rate --by sizes "$sample" |
		diff c -
	LC_ALL=C "$pcaptool" stats "$sample" >c
	LC_ALL=C.UTF-8 "$pcaptool" stats "$sample" | diff c -
}

@test "files that are no captures are left out, and said" {
	cd "$BATS_TEST_TMPDIR"
	echo text >notcap
	"$pcaptool" stats --by protocols --csv "$sample" "$sample" >good
	run -2 --separate-stderr "$pcaptool" stats --by protocols --csv \
		"$sample" notcap "$sample" nofile
	diff good <(echo "$output")
	[[ $stderr == *"notcap: "*"nofile: "* ]]
	run -2 "$pcaptool" stats notcap nofile
	run -2 "$pcaptool" stats --merge nofile
	[[ $output == "pcaptool: nofile: cannot be opened"* ]]
}

@test "--merge shows of a report what was counted" {
	cd "$BATS_TEST_TMPDIR"
	"$pcaptool" stats --save state "$sample"
	"$pcaptool" stats --merge --by summary --csv state |
		diff <("$pcaptool" stats --by summary:capture --csv "$sample") -
	run -2 "$pcaptool" stats --merge --by summary:files state
	[[ $output == *"report summary was not counted"* ]]
}

@test "a reader that goes away is not an error" {
	cd "$BATS_TEST_TMPDIR"
	pcap_of hosts.pcap <<-'END'
		push @packets, [$_, ip($_, $_ + 1, 17, udp())] for 1 .. 20000;
	END
	local args
	for args in "stats --by conversations:ip --csv hosts.pcap" "list fields" \
		"help read" "help" "compile tcp" "filter --count tcp hosts.pcap"; do
		{
			"$pcaptool" $args
			echo $? >status
		} | true
		[ "$(cat status)" = 0 ]
	done
	if [ -e /dev/full ]; then
		run -3 sh -c '"$1" list fields >/dev/full' sh "$pcaptool"
	fi
}

@test "an IPv6 address is written as read writes it" {
	cd "$BATS_TEST_TMPDIR"
	pcap_of six.pcap <<-'END'
		push @packets, [1, pack("NnCCa16a16", 0x60000000, 8, 17, 64,
			"\0" x 12 . "\1\2\3\4", pack("N4", 0xfe800000, 0, 0, 1))
			. udp()],
			[2, pack("NnCCa16a16", 0x60000000, 8, 17, 64,
			pack("nnN3", 0x64, 0xff9b, 0, 0, 0x01020304),
			pack("N4", 0, 0, 0xffff, 0x01020304)) . udp()];
	END
	run -0 "$pcaptool" stats --by endpoints:ipv6 --csv six.pcap
	[ "$(column address <<<"$output" | sort)" = "$("$pcaptool" read \
		--fields ipv6.src,ipv6.dst six.pcap | tail -n +2 | tr '\t' '\n' | sort)" ]
}

@test "parts of a protocol are no protocols of their own" {
	local name
	for name in wlan_mgt web; do
		make_pcap $name
		run -0 "$pcaptool" stats --by protocols --reassemble --csv \
			"$BATS_TEST_TMPDIR/$name.pcap"
		[ ${#lines[@]} -gt 2 ]
		[[ $output != *":,"* && $output != *"::"* ]]
	done
}

@test "--hash: checksums of the file" {
	run "$pcaptool" stats --hash --by summary:capture --csv "$sample"
	[[ $output != *"built without libcrypto"* ]] || skip "built without libcrypto"
	[ "$status" = 0 ]
	[ "$(column sha256 <<<"$output")" = "$(sha256sum <"$sample" | cut -d' ' -f1)" ]
	[ "$(column sha1 <<<"$output")" = "$(sha1sum <"$sample" | cut -d' ' -f1)" ]
	run -2 "$pcaptool" stats --hash - <"$sample"
	[[ $output == *"no checksums: it can be read only once"* ]]
}

@test "cipher suites and alerts have names" {
	cd "$BATS_TEST_TMPDIR"
	make_pcap tls
	run -0 "$pcaptool" stats --csv --by tls:ciphers tls.pcap
	[[ $output == *"0x1301 TLS_AES_128_GCM_SHA256,1,"* ]]
	[[ $output == *"0xc02f TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,1,"* ]]
	run -0 "$pcaptool" stats --csv --by tls:alerts tls.pcap
	[[ $output == *"0 close_notify,1,"* ]]
	run -0 "$pcaptool" read -o detail tls.pcap
	[[ $output == *"Alert: "*close_notify* ]]
}

@test "fingerprints are counted, and server names in QUIC" {
	"$pcaptool" --version | grep -q '(libcrypto) *yes' ||
		skip "built without libcrypto"
	cd "$BATS_TEST_TMPDIR"
	make_pcap quic_initial
	make_pcap tls_hello
	make_pcap ssh
	run -0 "$pcaptool" stats --csv --by fingerprints:ja4 quic_initial.pcap
	[[ $output = *q13d0211an_62ed6f6ca7ad_4d634acda6c0,4,* ]]
	run -0 "$pcaptool" stats --csv --by tls:names quic_initial.pcap
	[[ $output = *example.com,4,* ]]
	run -0 "$pcaptool" stats --reassemble --csv --by fingerprints \
		tls_hello.pcap ssh.pcap
	[[ $output = *t13d1516h2_8daaf6152771_e5627efa2ab1,1,* ]]
	[[ $output = *fadfe77f37198691906262699f4fe8bb,1,* ]]
	[[ $output = *341d232d3db09751cbbab2ac625147eb,2,* ]]
}

@test "server names and fingerprints are counted in tunnels of HTTP" {
	cd "$BATS_TEST_TMPDIR"
	make_pcap http_talk
	run -0 "$pcaptool" stats --csv --by tls:names http_talk.pcap
	[[ $output = *early.example.net,1,* ]]
	run -0 "$pcaptool" stats --reassemble --csv --by tls:names http_talk.pcap
	[[ $output = *host.example.net,3,* ]]
	[[ $output = *mail.example.net,1,* ]]
	"$pcaptool" --version | grep -q '(libcrypto) *yes' || return 0
	run -0 "$pcaptool" stats --reassemble --csv --by fingerprints:ja4 \
		http_talk.pcap
	[[ $output = *t12d020100_62ed6f6ca7ad_000000000000,5,* ]]
}

@test "without libcrypto fingerprints are refused" {
	! "$pcaptool" --version | grep -q '(libcrypto) *yes' ||
		skip "built with libcrypto"
	run -2 "$pcaptool" stats --by fingerprints:ja3 /dev/null
	[[ $output = *"no 'tls.handshake.ja3': built without libcrypto"* ]]
	run -2 "$pcaptool" read --fields tls.handshake.ja4 /dev/null
	[[ $output = *"built without libcrypto"* ]]
}

# ---- by fields ----

# counted FIELD FILE: "packets value", as read prints the values.
counted()
{
	"$pcaptool" read --no-reassemble --fields "$1" --no-header "$2" |
		sed '/^$/d' | sort | uniq -c | awk '{ n = $1; sub(/^ *[0-9]+ /, "")
			print n, $0 }' | sort
}

# by LIST FILE: the same, of the report.
by()
{
	"$pcaptool" -q stats --csv --by "fields:$1" "$2" | awk -F, '
		NR > 1 { print $2, $1 }' | sort
}

@test "--by fields: packets by a field's values, as read prints them" {
	local name field
	for name in sample dns tls ssh; do
		make_pcap $name
		for field in ip.src tcp.dstport eth.type ip.ttl tcp.flags \
			frame.len udp.length ip.checksum frame.time_epoch \
			dns.flags.response tcp.time_delta frame.time_delta; do
			diff <(counted $field $name.pcap) <(by $field $name.pcap)
		done
		diff <(counted 'len(tcp.payload)' $name.pcap) \
			<(by 'len(tcp.payload)' $name.pcap)
		diff <(counted 'tcp.port == 80' $name.pcap) \
			<(by 'tcp.port == 80' $name.pcap)
	done
}

@test "--by fields: a packet counts for each distinct value, tuples for all" {
	need jq
	run -0 --separate-stderr "$pcaptool" stats --json \
		--by fields:ip.addr,tcp.port --by sizes --by fields:http.host \
		"$sample"
	[[ $stderr == *"fields:http.host: 13 of 14 packets do not have it"* ]]
	[[ $stderr == *"fields:ip.addr,tcp.port: 2 of 14 packets have none of them"* ]]
	# 10 segments, each with two addresses and two ports
	[ "$(jq '[.fields["ip.addr,tcp.port"][] | select(."tcp.port" != null).packets] | add' <<<"$output")" = 40 ]
	# the two of DNS: two addresses, and no port
	[ "$(jq -c '[.fields["ip.addr,tcp.port"][] | select(."tcp.port" == null) | [."ip.addr", .packets]] | sort' <<<"$output")" = \
		'[["192.0.2.10",2],["192.0.2.53",2]]' ]
	[ "$(jq -c '.fields["http.host"] | map([."http.host", .packets])' <<<"$output")" = \
		'[["example.net",1]]' ]
	[ "$(jq -c keys <<<"$output")" = '["fields","sizes"]' ]
	# equal addresses count once
	pcap_of same.pcap <<-'END'
		push @packets, [1, ip(5, 5, 17, udp())], [2, ip(5, 6, 17, udp())];
	END
	[ "$(by ip.addr same.pcap)" = $'1 0.0.0.6\n2 0.0.0.5' ]
}

@test "--by fields: text says how many packets have none, -q does not matter" {
	run -0 --separate-stderr "$pcaptool" stats --by fields:ip.src,tcp.dstport \
		--plot "$sample"
	[ "${lines[0]}" = "Packets by ip.src, tcp.dstport (2 of 14 packets have none of them)" ]
	[[ ${lines[1]} =~ ^'ip.src '\ +'tcp.dstport  PACKETS   SHARE  BYTES'$ ]]
	[[ ${lines[2]} =~ ^192\.0\.2\.10\ +80\ +6\ +42\.86%\ +369\ B$ ]]
	[[ $output == *"█"* ]]
	[ -z "$stderr" ]
	run -0 "$pcaptool" stats --by fields:tcp.dstport --sort tcp.dstport \
		--csv --top 1 "$sample"
	[[ ${lines[1]} == 40000,* ]] || [[ ${lines[2]} == 40000,* ]]
}

@test "--by fields: commas in expressions, names twice, and what is wrong" {
	run -0 "$pcaptool" -q stats --csv \
		--by 'fields:ip.ttl in {1, 64}, ip.src,ip.src' "$sample"
	[[ ${lines[0]} == '"ip.ttl in {1, 64}",ip.src,ip.src (2),packets,share,bytes,first,last' ]]
	run -0 "$pcaptool" -q stats --csv --by 'fields:http.host == "a,b"' "$sample"
	[[ ${lines[1]} == 0,14,100,* ]]
	run -2 "$pcaptool" stats --by fields:ip.scr "$sample"
	message=$output
	[[ $output == *"'ip.scr'; did you mean 'ip.src'?"* ]]
	run -2 "$pcaptool" read --fields ip.scr "$sample"
	[ "${output%%$'\n'*}" = "${message%%$'\n'*}" ]
	run -2 "$pcaptool" stats --by 'fields:ip.src,len(tcp' "$sample"
	[[ $output == *$'\n  len(tcp\n'*'^'* ]]
	run -2 "$pcaptool" stats --by fields "$sample"
	[[ $output == *"report fields needs what it counts by"* ]]
	run -2 "$pcaptool" stats --by fields:ip.src,,tcp "$sample"
	[[ $output == *"the list of fields has an empty name"* ]]
	run -2 "$pcaptool" stats --by "fields:$(printf 'ip.src,%.0s' {1..16})ip.dst" \
		"$sample"
	[[ $output == *"more than 16 fields"* ]]
	run -0 --separate-stderr "$pcaptool" stats --by 'fields:ip.addr !== 1.2.3.4' \
		"$sample"
	[[ $stderr == *"hold if any value differs"* ]]
}

@test "--by fields: threads, parts and the whole agree" {
	cd "$BATS_TEST_TMPDIR"
	local lists=(--by fields:ip.addr,tcp.port --by fields:frame.len
		--by 'fields:tcp.port == 80,udp.length' --count udp
		--count-where 'tcp.flags.syn == 1' --by rate)
	make_pcap dns
	"$pcaptool" -q stats "${lists[@]}" --json --jobs 1 "$sample" dns.pcap >one
	"$pcaptool" -q stats "${lists[@]}" --json --jobs 4 "$sample" dns.pcap |
		diff one -
	"$pcaptool" -q write "$sample" dns.pcap -w part.pcap --split-packets 4
	for piece in part*.pcap; do
		"$pcaptool" -q stats "${lists[@]}" --save "$piece.state" "$piece"
	done
	"$pcaptool" -q stats --merge --json part*.state | diff one -
	ls part*.state | sort -r | xargs "$pcaptool" stats --merge --save - |
		"$pcaptool" -q stats --merge --json - | diff one -
	# one of the lists
	"$pcaptool" -q stats --merge --by fields:frame.len --csv part*.state |
		diff <("$pcaptool" -q stats --csv --count udp --count-where \
			'tcp.flags.syn == 1' --by fields:frame.len \
			"$sample" dns.pcap) -
	run -2 "$pcaptool" stats --merge --by fields:frame.time part*.state
	[[ $output == *"report fields:frame.time was not counted"* ]]
	run -2 "$pcaptool" stats --merge --count-where tcp part.pcap.state
	[[ $output == *"option --merge:"* ]]
	"$pcaptool" -q stats --by fields:ip.src --save other "$sample"
	"$pcaptool" -q stats --by fields:ip.dst --save another "$sample"
	run -2 "$pcaptool" stats --merge other another
	[[ $output == *"another: reports differ from"* ]]
}

@test "--by fields: values of conversations, messages and times are those of read" {
	cd "$BATS_TEST_TMPDIR"
	make_pcap http_talk
	local field
	for field in tcp.stream tcp.seq tcp.analysis.flags frame.time_relative \
		frame.time_delta_displayed; do
		diff <("$pcaptool" read --no-reassemble -Y tcp.len --fields $field \
			--no-header http_talk.pcap | sed '/^$/d' | sort | uniq -c |
			awk '{ print $1, $2 }' | sort) \
			<("$pcaptool" -q stats --csv -Y tcp.len --by fields:$field \
			http_talk.pcap | awk -F, 'NR > 1 { print $2, $1 }' | sort)
	done
	diff <("$pcaptool" read --fields http.request.uri --no-header \
		http_talk.pcap | sed '/^$/d' | tr , '\n' | sort -u) \
		<("$pcaptool" -q stats --reassemble --csv \
		--by fields:http.request.uri http_talk.pcap | tail -n +2 |
		cut -d, -f1 | sort -u)
}

@test "--by fields: full tables drop the least, and keep shares right" {
	cd "$BATS_TEST_TMPDIR"
	pcap_of many.pcap <<-'END'
		push @packets, [$_, ip($_ % 3 ? 0x0b000000 + $_ : 0x0a000001, 2, 17,
			udp())] for 0 .. 2999;
	END
	local jobs
	for jobs in 1 4; do
		run -0 --separate-stderr "$pcaptool" stats --csv --max-flows 64 \
			--by fields:ip.src --jobs $jobs many.pcap
		[[ ${lines[1]} == 10.0.0.1,1000,33.33333333,* ]]
		[ ${#lines[@]} = 65 ]
		[[ $stderr == *"fields:ip.src: "*" entries of values were dropped"* ]]
	done
}

@test "--by fields: text is harmless, long values are cut, HTML leads to packets" {
	cd "$BATS_TEST_TMPDIR"
	cat >odd.hex <<-'END'
		packet 1767225600.0
		02 00 00 00 00 02 02 00 00 00 00 01 08 00
		45 00 00 5a 00 01 40 00 40 06 00 00 c0 00 02 01 c0 00 02 02
		12 34 00 50 00 00 00 01 00 00 00 01 50 18 10 00 00 00 00 00
		"GET / HTTP/1.1" 0d 0a "Host: a" 1b "[2J,<b>'" 22 5c 0d 0a 0d 0a
	END
	"$top_builddir/tests/tools/hex2pcap" odd.hex >odd.pcap
	run -0 "$pcaptool" stats --by fields:http.host,tcp.payload odd.pcap
	[[ $output != *$'\e'* ]]
	run -0 "$pcaptool" stats --csv --by fields:http.host odd.pcap
	[[ $output != *$'\e'* ]]
	"$pcaptool" -q stats --by fields:http.host --html page.html odd.pcap
	run -1 grep -F '<b>' page.html
	# what the page leads to finds the packet
	options=$(grep -o 'data-s="[^"]*"' page.html | head -n 1 |
		sed 's/^data-s="//; s/"$//; s/&quot;/"/g; s/&#39;/'"'"'/g
			s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g')
	[[ $options == *"-Y "* ]]
	run -0 eval "'$pcaptool' read odd.pcap $options"
	[ ${#lines[@]} = 1 ]
	# a terminal is safe from names in states, too
	"$pcaptool" -q stats --save state --by fields:'http.host == "'$'\e''"' \
		--count-where 'http.host == "'$'\e''"' odd.pcap
	run -0 "$pcaptool" -q stats --merge state
	[[ $output != *$'\e'* ]]
	run -0 "$pcaptool" -q stats --csv --merge state
	[[ $output != *$'\e'* ]]
}

@test "--live: --by fields and --count-where" {
	need jq
	live "packet count=5 pad=60 $udp" 'signal INT'
	timeout 20 "$pcaptool" -q stats -i eth0 --interval 500ms \
		--by fields:ip.src,udp.dstport --by rate \
		--count-where 'udp.port == 53' --count-where tcp >lines
	[ "$(jq -sc 'last.reports.fields["ip.src,udp.dstport"] | map([."ip.src", ."udp.dstport", .packets, ."udp.port == 53", .tcp])' lines)" = \
		'[["192.0.2.1",53,5,5,0]]' ]
	[ "$(jq -s '[last.reports.rate[]["udp.port == 53"]] | add' lines)" = 5 ]
	run -2 "$pcaptool" stats -i eth0 --by fields:ip.scr
	run -2 "$pcaptool" stats -i eth0 --count-where 'ip.scr == 1'
}

@test "--count-where gives a column for each field expression" {
	need jq
	run -0 "$pcaptool" stats --by protocols --by rate --json --count tcp \
		--count-where tcp --count-where tcp --count-where 'ip.ttl == 64' \
		"$sample"
	[ "$(jq -c '.protocols[0] | [.tcp, ."where tcp", ."where 2 tcp", ."ip.ttl == 64"]' <<<"$output")" = \
		"[$("$pcaptool" filter --count tcp "$sample"),$(for expr in tcp tcp 'ip.ttl == 64'; do
			"$pcaptool" filter --count -Y "$expr" "$sample"; done | paste -sd,)]" ]
	[ "$(jq '[.rate[]["ip.ttl == 64"]] | add' <<<"$output")" = \
		"$("$pcaptool" filter --count -Y 'ip.ttl == 64' "$sample")" ]
	run -2 "$pcaptool" stats --count-where 'tcp port 80' "$sample"
	[[ $output == *"is for --count. As a field expression: --count-where 'tcp.port == 80'" ]]
	run -2 "$pcaptool" stats --count 'frame contains "x"' "$sample"
	[[ $output == *"use --count-where 'frame contains \"x\"'" ]]
	run -2 "$pcaptool" stats --count-where 'ip.scr == 1' "$sample"
	[[ $output == *"did you mean 'ip.src'?"*'^~~~~~'* ]]
	# with -Y it sees what -Y refuses, as conversations go on there
	make_pcap http_talk
	local both='tcp.analysis.flags or http.response.code'
	run -0 "$pcaptool" stats --by summary:capture --csv -Y 'tcp.srcport == 80' \
		--count-where "$both" http_talk.pcap
	[ "$(column "$both" <<<"$output")" = "$("$pcaptool" filter --count \
		-Y "tcp.srcport == 80 and ($both)" http_talk.pcap)" ]
}

@test "--by fields: names of fields are completed, after commas too" {
	run -0 "$pcaptool" --options-as completion -- stats \
		--by fields:ip.src,tcp.dstp
	[[ $output == *$'\n'"fields:ip.src,tcp.dstport" ]]
	run -0 "$pcaptool" --options-as completion -- stats --by=fields:ip.ds
	[[ $output == *$'\n'"--by=fields:ip.dst"* ]]
	run -0 "$pcaptool" --options-as completion -- stats --by tcp
	[[ $output != *tcp.port* ]]
}
