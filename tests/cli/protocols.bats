# Every protocol's test is data: captures in tests/data that say beside each
# packet what is to be read of it,
#	#= FIELD VALUE     what read --fields FIELD prints (several by commas)
#	#=+ FIELD VALUE    the same, if libcrypto is built in
#	#=h FIELD VALUE    the same, if libnghttp2 is built in
#	#> TEXT            the packet's line, without its time and blanks at its end
#	#>h TEXT           the same, if libnghttp2 is built in
#	#>-OPTION TEXT     one of the packet's lines with that option, as -v or -q
#	#! --as RULE       what is to be forced, before the first packet
# as in "#= ospf.area_id 0.0.0.1". Field values were compared with tshark's
# when they were written.

load helper

# signs KIND: which lines of that kind count, = or >, as a pattern of awk.
signs()
{
	local signs="$1"
	if "$pcaptool" --version | grep -q '(libcrypto) *yes'; then
		signs+="|$1[+]"
	fi
	if "$pcaptool" --version | grep -q '(libnghttp2) *yes'; then
		signs+="|$1h"
	fi
	echo "^#($signs)\$"
}

# expected FILE: "NUMBER FIELD VALUE" of every such line.
expected()
{
	awk -v signs="$(signs =)" '$1 == "packet" { n++ }
		$1 ~ signs {
			f = $2
			sub(/^#=[+h]? [^ ]* ?/, "")
			print n, f, $0
		}' "$1"
}

# read_back FILE FIELD...: the same of what the tool reads, for these fields.
read_back()
{
	local file=$1
	shift
	"$pcaptool" read "${rules[@]}" -o tsv --no-header --fields "$(IFS=, && echo "$*")" \
		"$file" | awk -v names="$*" '
		BEGIN { n = split(names, name, " "); FS = "\t" }
		{ for (i = 1; i <= n; i++) print NR, name[i], $i }'
}

# rules FILE: what it says is to be forced, as options, in $rules.
rules()
{
	local rule
	rules=()
	while read -r rule; do
		rules+=(--as "$rule")
	done < <(sed -n 's/^#! --as //p' "$1")
}

# described: the names of the captures that have such lines.
described()
{
	cd "$top_srcdir/tests/data"
	grep -l '^#[=>]' -- *.hex | sed 's/\.hex$//'
}

@test "fields are as the captures describe them" {
	local name fields bad=0 seen=0
	cd "$BATS_TEST_TMPDIR"
	for name in $(described); do
		make_pcap "$name"
		expected "$top_srcdir/tests/data/$name.hex" | sort >want
		[ -s want ] || continue
		rules "$top_srcdir/tests/data/$name.hex"
		mapfile -t fields < <(cut -d' ' -f2 want | sort -u)
		read_back "$name.pcap" "${fields[@]}" | sort >got
		comm -23 want got >lost
		if [ -s lost ]; then
			bad=1
			echo "$name.hex: packet, field, expected:"
			cat lost
			echo "read:"
			awk 'NR == FNR { want[$1 " " $2]; next }
				($1 " " $2) in want' lost got
		fi
		seen=$((seen + $(wc -l <want)))
	done
	[ $bad = 0 ]
	[ $seen -gt 0 ]
}

@test "lines are as the captures describe them" {
	local name bad=0
	cd "$BATS_TEST_TMPDIR"
	for name in $(described); do
		make_pcap "$name"
		awk -v signs="$(signs '>')" '$1 == "packet" { n++ }
			$1 ~ signs { sub(/^#>h? /, ""); print n ": " $0 }' \
			"$top_srcdir/tests/data/$name.hex" >want
		[ -s want ] || continue
		rules "$top_srcdir/tests/data/$name.hex"
		"$pcaptool" read "${rules[@]}" -t "$name.pcap" | grep -v '^	' |
			awk '{ sub(/ +$/, ""); print NR ": " $0 }' >got
		awk 'NR == FNR { want[$0]; next } !($0 in want) { next }
			{ delete want[$0] }
			END { for (line in want) { print line; bad = 1 }
			exit bad }' want got && continue
		echo "^ $name.hex; read:"
		cat got
		bad=1
	done
	[ $bad = 0 ]
}

# packet_lines: the packets' lines, each with the packet's number and without
# blanks at its end; what starts with a blank belongs to the packet before.
packet_lines()
{
	awk '/^[^ \t]/ { n++ }
		{ sub(/[ \t]+$/, ""); print n ": " $0 }'
}

@test "lines with options are as the captures describe them" {
	local name option bad=0 seen=0
	cd "$BATS_TEST_TMPDIR"
	for name in $(cd "$top_srcdir/tests/data" && grep -l '^#>-' -- *.hex); do
		name=${name%.hex}
		make_pcap "$name"
		rules "$top_srcdir/tests/data/$name.hex"
		for option in $(grep -o '^#>-[a-zA-Z]*' \
			"$top_srcdir/tests/data/$name.hex" | sort -u); do
			awk -v sign="$option" '$1 == "packet" { n++ }
				$1 == sign {
					print n ": " substr($0, length(sign) + 2)
				}' "$top_srcdir/tests/data/$name.hex" | sort >want
			"$pcaptool" read "${rules[@]}" -t "${option#'#>'}" \
				"$name.pcap" | packet_lines | sort >got
			comm -23 want got >lost
			seen=$((seen + $(wc -l <want)))
			[ -s lost ] || continue
			bad=1
			echo "$name.hex, ${option#'#>'}: expected:"
			cat lost
			echo "read:"
			cat got
		done
	done
	[ $bad = 0 ]
	[ $seen -gt 0 ]
}
