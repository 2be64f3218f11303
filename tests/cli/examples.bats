# The examples of the man pages and of --help are run as they stand: what they
# print where a page shows that, else that they work.

load helper

setup()
{
	need jq xxd
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
	"$pcaptool" write sample.pcap -w in.pcapng
	local name
	for name in a old big in; do cp sample.pcap $name.pcap; done
	for name in a b new capture; do cp in.pcapng $name.pcapng; done
	gzip <sample.pcap >b.pcap.gz
	echo 192.0.2.53 >list
	printf 'filter tcp\nread -c 1\n' >commands.txt
	printf 'CLIENT_RANDOM 00 00\n' >keys.log
	# what is captured from is played by the fake library
	export PCAPTOOL_FAKE=$PWD/script XDG_STATE_HOME=$PWD
	cat >script <<-'END'
		interface eth0 up running
		tstamp-types host adapter
		packet count=20 pad=60
		signal INT
		interface eth1 up running
		interface any up running
		packet count=20 pad=60
		signal INT
		interface lo up running loopback
		packet count=5 pad=60
		signal INT
	END
	mkdir bin
	ln -s "$pcaptool" bin/pcaptool
	printf '#!/bin/sh\nexit 0\n' >bin/curl
	cp bin/curl bin/tcpdump
	cp bin/curl bin/journalctl
	printf '#!/bin/sh\ncat in.pcap\n' >bin/ssh
	chmod +x bin/*
	PATH=$PWD/bin:$PATH
	rm -f new.pcapng
}

# Text of mdoc as it is typed.
typed()
{
	sed 's/\\-/-/g; s/\\&//g; s/\\e/\\/g; s/\\(dq/"/g'
}

# there LINE: the same with this process in place of namespaces, and of processes.
there()
{
	sed -E "s/\\bns:(w|web|[0-9]+)\\//ns:$$\\//g
		s/(--netns[ =])[0-9]+/\\1$$/" <<<"$1"
}

# One command line of a page: what it prints is in ./said.
try()
{
	local line
	line=$(there "${1//\/opt\/libpcap-1.4\/lib\/libpcap.so/$old}")
	case $line in
	*capture\ * | *' -i '* | *'list' | *'list -'* | *'list --json'*)
		export PCAPTOOL_LIBPCAP=$top_builddir/tests/fake/libpcap.so ;;
	*) unset PCAPTOOL_LIBPCAP ;;
	esac
	tried=$((tried + 1))
	timeout 30 bash -c "$line" >said 2>&1 </dev/null || return
	# the tutorial's packets are to be worth a look
	[[ $line != *first.pcapng ]] || [[ $line != *capture* ]] ||
		cp in.pcapng first.pcapng
}

# What the EXAMPLES of a page show: "C line" for a command, "M line" for more of
# it, "O line" for what it prints; "B" begins a display.
shown()
{
	awk '
		/^\.Sh/ { on = $2 == "EXAMPLES" }
		on && /^\.Dl / { print "C " substr($0, 5) }
		on && /^\.Ed/ { literal = 0 }
		on && literal && more {
			print "M " $0
			more = /[|\\]$/
			next
		}
		on && literal && /^\$ / {
			print "C " substr($0, 3)
			more = /[|\\]$/
			next
		}
		on && literal && /^(pcaptool|if) / {
			print "C " $0; next }
		on && literal { print "O " $0 }
		on && /^\.Bd -literal/ { literal = 1; more = 0; print "B" }' "$1" | typed
}

# Try all examples of a page.
try_page()
{
	local line command='' want='' bad=0 status=0
	check()
	{
		[ -n "$command" ] || return 0
		status=0
		try "$command" || status=$?
		if [ -n "$want" ]; then
			diff <(printf '%s' "$want") said && return 0
		elif [ $status = 0 ] || grep -q 'built without\|CAP_SYS_ADMIN' said; then
			return 0
		fi
		echo "$1: status $status: $command"
		cat said
		bad=1
	}
	while IFS= read -r line; do
		case $line in
		'C '*)
			check "$1"
			command=${line#C } want=''
			;;
		'M '*) command+=$'\n'${line#M } ;;
		B)
			check "$1"
			command='' want=''
			;;
		*) want+=${line#O }$'\n' ;;
		esac
	done < <(shown "$1")
	check "$1"
	return $bad
}

@test "EXAMPLES of the man pages" {
	local page tried=0 bad=0 before
	old=$top_builddir/tests/fake/libpcap-old.so
	for page in "$top_srcdir"/man/*.in; do
		before=$tried
		try_page "$page" || bad=1
		[ $tried -gt $before ] || {
			echo "no examples in $page"
			bad=1
		}
		rm -f hour-* web.pcapng https.pcapng headers.pcap* both.pcapng \
			merged.pcapng small.pcapng with-keys.pcapng curl.pcapng
	done
	[ $bad = 0 ]
	[ $tried -gt 50 ]
}

@test "examples of --help, two or three of each command" {
	local command line tried=0 bad=0 n
	old=$top_builddir/tests/fake/libpcap-old.so
	for command in $("$pcaptool" --options-as words | grep -v '^-'); do
		n=0
		rm -f *.pcapng.gz new.pcapng both.pcapng https.pcapng small.pcapng \
			out.pcapng frame.pcap
		printf '\0\0\0\0\0\0\0\0\0\0\0\0\10\0' >frame.bin
		while IFS= read -r line; do
			n=$((n + 1))
			case $line in
			*'in.pcap:17'*) line=${line/:17/:7} ;;
			esac
			try "$line" || {
				echo "status $?: $line"
				cat said
				bad=1
			}
		done < <("$pcaptool" "$command" --help |
			sed -n '/^Examples:/,$s/^  \([^ ].*\)/\1/p')
		[ $n -ge 2 ] || {
			echo "$command has $n examples"
			bad=1
		}
	done
	[ $bad = 0 ]
	[ $tried -gt 15 ]
}

@test "README: what replaces other tools' command lines works as it stands" {
	need awk
	tried=0
	cp a.pcap b.pcap
	xxd -g1 -r -p <<<"$(printf '02%.0s' {1..28})" | xxd -g1 >dump.txt
	local line
	while read -r line; do
		rm -f [abc].pcap*
		cp sample.pcap b.pcap
		[[ $line == *'-w a.pcap' ]] || cp b.pcap a.pcap
		try "$line" || {
			echo "$line"
			cat said
			false
		}
	done < <(sed -n '/^You used/,/^How fast/p' "$top_srcdir/README.md" | awk '
		/^    / {
			line = line substr($0, 5)
			if (sub(/ *\\$/, " ", line))
				next
			sub(/^.*[^ ]  +pcaptool/, "pcaptool", line)
			print line
			line = ""
		}')
	[ "$tried" -gt 15 ]
}
