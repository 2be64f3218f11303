# Every decoder, and what is not as it should be.

load helper

setup_file()
{
	local hex
	cd "$BATS_FILE_TMPDIR"
	mkdir whole damaged
	for hex in "$top_srcdir"/tests/data/*.hex; do
		hex=${hex##*/}
		"$top_builddir/tests/tools/hex2pcap" \
			"$top_srcdir/tests/data/$hex" >"whole/${hex%.hex}.pcap"
	done
}

setup()
{
	cd "$BATS_FILE_TMPDIR"
}

# A protocol is reached if frame.protocols or a field names it. The rest are
# parts of others, whose fields have other names, or need a library.
@test "every decoder is reached by a capture in tests/data" {
	local file
	for file in whole/*.pcap; do
		"$pcaptool" read -o json "$file" | tr ',{' '\n\n' |
			sed -n -e '/^"frame.protocols"/{s/[:"]/\n/g;p;d}' \
				-e 's/^"\([a-z0-9_.-]*\)\.[^".]*":.*/\1/p'
	done 2>/dev/null | sort -u >reached
	"$pcaptool" list protocols | awk 'NR > 1 { print $1 }' | sort -u >known
	printf '%s\n' _ws.malformed frame grpc ipv6.dstopts wlan.mgt \
		wlan_aggregate |
		sort - reached | comm -23 known - >missing
	cat missing
	[ ! -s missing ]
}

@test "damaged packets of every protocol are shown, in every form" {
	local file n
	for file in whole/*.pcap; do
		"$top_builddir/tests/tools/damage" 12 <"$file" \
			>"damaged/${file##*/}"
	done
	"$pcaptool" write damaged/*.pcap -w all.pcapng 2>/dev/null
	n=$("$pcaptool" filter --count '' all.pcapng)
	[ "$n" -gt 8000 ]
	"$pcaptool" read -o json all.pcapng >json 2>/dev/null
	[ "$(wc -l <json)" = "$n" ]
	"$pcaptool" read -o csv --no-header all.pcapng >csv 2>/dev/null
	[ "$(wc -l <csv)" = "$n" ]
	"$pcaptool" read -vve -X all.pcapng >text
	"$pcaptool" read -o detail --no-reassemble all.pcapng >detail
	[ "$(grep -c '^Frame [0-9]*:' detail)" = "$n" ]
	"$pcaptool" stats --json all.pcapng >stats
	for file in damaged/*.pcap; do
		"$pcaptool" read -o detail --jobs 3 "$file"
	done >/dev/null
}
