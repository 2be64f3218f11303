# Loaded by bench/files, bench/read and bench/stats: their options, the large capture, and
# what measuring needs. The loader has set usage to the name of its own file,
# whose first comment is the help, and is in the top folder of the sources.
#
# The capture is made by $PTBENCH_MIX, a program that is called with OUT.pcap
# MEGABYTES FOLDER, from the captures in $PTBENCH_FOLDER; without these by
# ../shared/bench/mkmix.py, if that is there, from ../shared/captures; else it
# is grown from tests/data/sample.hex. $PTBENCH_FILE is taken as it is.
# $PCAPTOOL names the pcaptool to use, else build/pcaptool; $HEX2PCAP the program
# of the tests that makes captures.
#
# Sets $megabytes, $runs, $pcaptool, $files (a folder that goes at the end) and
# $in (the capture); `shift $((OPTIND - 1))` is left to the loader.
usage=${usage:?} megabytes=1000 runs=5 where=/dev/shm
while getopts m:r:d:h letter; do
	case $letter in
	m) megabytes=$OPTARG ;;
	r) runs=$OPTARG ;;
	d) where=$OPTARG ;;
	*)
		sed -n '2,/^set/s/^# \{0,1\}//p' "$usage"
		exit 2
		;;
	esac
done

die()
{
	echo "$usage: $*" >&2
	exit 1
}

pcaptool=${PCAPTOOL:-build/pcaptool}
[ -x "$pcaptool" ] || die "no pcaptool: $pcaptool"
files=$(mktemp -d "$where/ptbench.XXXXXX") || exit
trap 'rm -rf "$files"' EXIT
trap 'exit 1' INT TERM
in=$files/in.pcap

# Twice as much each time, the second half later than the first.
grow()
{
	local shift=1 size
	"${HEX2PCAP:-build/tests/tools/hex2pcap}" tests/data/sample.hex \
		>"$files/a.pcap" || exit
	while size=$(wc -c <"$files/a.pcap"); ((size < megabytes * 1000000)); do
		"$pcaptool" -q write "$files/a.pcap" --shift "${shift}s" \
			-w "$files/b.pcap" &&
			"$pcaptool" -q write --concat "$files/a.pcap" \
				"$files/b.pcap" -w "$files/c.pcap" || exit
		mv "$files/c.pcap" "$files/a.pcap"
		rm "$files/b.pcap"
		shift=$((shift * 2))
	done
	mv "$files/a.pcap" "$in"
}

make_capture()
{
	local mix=${PTBENCH_MIX-../shared/bench/mkmix.py}
	local folder=${PTBENCH_FOLDER-../shared/captures}

	if [ -n "${PTBENCH_FILE-}" ]; then
		cp "$PTBENCH_FILE" "$in" || exit
	elif [ -x "$mix" ]; then
		"$mix" "$in" "$megabytes" "$folder" >&2 || die "$mix failed"
	elif [ -f "$mix" ]; then
		python3 "$mix" "$in" "$megabytes" "$folder" >&2 ||
			die "$mix failed"
	else
		grow
	fi
	echo "$(wc -c <"$in") bytes," \
		"$("$pcaptool" filter --count '' "$in") packets," \
		"median of $runs runs"
}

median()
{
	sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# The most memory a command has resident, in KiB.
memory_of()
{
	local pid peak=0 now
	"$@" >/dev/null 2>&1 &
	pid=$!
	while kill -0 $pid 2>/dev/null; do
		now=$(awk '/^VmHWM/ { print $2 }' /proc/$pid/status 2>/dev/null)
		[ -n "$now" ] && peak=$now
		sleep 0.02
	done
	wait $pid
	echo "$peak"
}

# timed NAME COMMAND...: one more measurement under that name: processor and
# elapsed time in milliseconds.
timed()
{
	local name=$1 TIMEFORMAT='%U %S %R'
	shift
	{ time "$@" >/dev/null 2>"$files/said"; } 2>"$files/time" ||
		die "$*: $(tail -1 "$files/said")"
	awk -v cpu="$files/cpu.$name" -v wall="$files/wall.$name" '{
		print ($1 + $2) * 1000 >>cpu
		print $3 * 1000 >>wall
	}' "$files/time"
}

# of cpu|wall NAME: the median; "-" if nothing was measured.
of()
{
	if [ -s "$files/$1.$2" ]; then median <"$files/$1.$2"; else echo -; fi
}

# part WHAT cpu|wall OURS PEER AIM: a line that compares two medians. AIM is
# how many times less is wanted, or with a minus sign, what part of it (or how
# many times it) is allowed.
part()
{
	awk -v what="$1" -v kind="$2" -v a="$(of "$2" "$3")" \
		-v b="$(of "$2" "$4")" -v aim="$5" -v peer="$4" 'BEGIN {
		if (b == "-") {
			printf "  %-24s %s is not here: left out\n", what, peer
			exit
		}
		printf "  %-24s %-4s %6d ms, %s %d ms: ", what, kind, a, peer, b
		if (aim < 0)
			printf "%.2f of it (aim: %g)%s\n", a / b, -aim,
				(a / b > -aim ? "  MISSED" : "")
		else
			printf "1/%.1f (aim: 1/%d)%s\n", b / a, aim,
				(b / a < aim ? "  MISSED" : "")
	}'
}

# memory AIM COMMAND...: the most that it takes, in MiB.
memory()
{
	local aim=$1
	shift
	echo "  memory                   $(($(memory_of "$@") / 1024)) MiB" \
		"(aim: $aim)"
}

have()
{
	command -v "$1" >/dev/null
}
