# What commands write to: what a name may be, what is replaced, and who may read
# the file that is made.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	fake=$top_builddir/tests/fake/libpcap.so
	export PCAPTOOL_FAKE=$BATS_TEST_TMPDIR/script
	printf '%s\n' 'interface x up' 'packet count=5 pad=60' >script
	make_pcap sample
}

# written BY NAME [OPTION]: have the command BY write the file NAME.
written()
{
	local by=$1 name=$2
	shift 2
	case $by in
	write) "$pcaptool" write "$@" sample.pcap -w "$name" ;;
	libpcap) "$pcaptool" write --engine libpcap "$@" sample.pcap -w "$name" ;;
	filter) "$pcaptool" filter "$@" -w "$name" tcp sample.pcap ;;
	save) "$pcaptool" stats --by protocols "$@" --save "$name" sample.pcap ;;
	svg) "$pcaptool" stats --by rate "$@" --svg "$name" sample.pcap ;;
	capture)
		timeout 20 "$pcaptool" --libpcap "$fake" capture -i x -c 5 "$@" \
			-w "$name"
		;;
	esac
}

writers='write libpcap filter save svg capture'

# refused NAME WHY [OPTION]: nobody writes to it.
refused()
{
	local by name=$1 why=$2
	shift 2
	for by in $writers; do
		run -3 written "$by" "$name" "$@"
		[[ $output == *"$name: "*"$why"* ]] || {
			echo "$by: $output"
			return 1
		}
		[ -z "$(ls -- *.part* 2>/dev/null)" ]
	done
}

@test "a symbolic link is not followed, and --force replaces it" {
	local by
	need_choice
	echo kept >target
	ln -s target link.pcap
	ln -s /dev/null null.pcap
	ln -s nowhere dangling.pcap
	refused link.pcap 'is a symbolic link'
	refused null.pcap 'is a symbolic link'
	refused dangling.pcap 'is a symbolic link'
	[ ! -e nowhere ]
	for by in $writers; do
		for name in link null dangling; do
			ln -sf "$(readlink $name.pcap)" x.pcap
			written "$by" x.pcap --force
			[ ! -L x.pcap ]
			[ -s x.pcap ]
			rm x.pcap
		done
	done
	[ "$(cat target)" = kept ]
	[ ! -e nowhere ]
}

@test "a FIFO is written to with --force, if it is the user's own" {
	local by
	need_choice
	mkfifo pipe.pcap
	refused pipe.pcap 'is a named pipe (--force writes to it)'
	for by in $writers; do
		[ $by != libpcap ] || continue
		written "$by" pipe.pcap --force &
		[ "$(timeout 20 head -c 4 pipe.pcap | wc -c)" = 4 ]
		wait $! || true
		[ -p pipe.pcap ]
	done
	[ "$(id -u)" = 0 ] || return 0
	chown 65534 pipe.pcap
	refused pipe.pcap 'is a named pipe of another user' --force
}

@test "devices by their names below /dev only, and descriptors" {
	local by
	need_choice
	for by in $writers; do
		written "$by" /dev/null
		[ -c /dev/null ]
	done
	for by in write filter capture; do
		written "$by" /dev/fd/1 2>/dev/null | head -c 4 | grep -q .
		written "$by" /dev/stdout 2>/dev/null | head -c 4 | grep -q .
	done
	mknod null.pcap c 1 3 2>/dev/null || return 0
	refused null.pcap 'is a device' --force
}

@test "directories and sockets are refused" {
	need_choice
	mkdir folder
	refused folder 'is a directory'
	refused folder 'is a directory' --force
	need python3
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("sock")'
	refused sock 'is not a regular file' --force
}

@test "a file is replaced by another one: what reads the old one goes on" {
	local by
	need_choice
	for by in $writers; do
		echo old >f.pcap
		exec 8<f.pcap
		run -3 written "$by" f.pcap
		[[ $output == *'file exists'* ]]
		[ "$(cat f.pcap)" = old ]
		written "$by" f.pcap --force
		[ "$(cat <&8)" = old ]
		[ "$(head -c 3 f.pcap)" != old ]
		exec 8<&-
	done
}

@test "nothing is appended through a link, or as root to another's file" {
	make_pcap slip
	cp sample.pcap f.pcap
	ln -s f.pcap link.pcap
	run -3 "$pcaptool" write sample.pcap --append -w link.pcap
	cmp f.pcap sample.pcap
	run -3 "$pcaptool" write --engine libpcap sample.pcap --append -w link.pcap
	cmp f.pcap sample.pcap
	[ "$(id -u)" = 0 ] || return 0
	chown 65534 f.pcap
	run -3 "$pcaptool" write sample.pcap --append -w f.pcap
	[[ $output == *"a file of another user"* ]]
	cmp f.pcap sample.pcap
}

@test "the mode is the umask's; what root captures is for root alone" {
	local by mask
	need_choice
	for mask in 022 077 002; do
		umask $mask
		for by in write filter save svg; do
			written "$by" "$by-$mask"
			[ "$(stat -c %a "$by-$mask")" = \
				"$(printf %o $((0666 & ~mask)))" ]
			written "$by" "$by-$mask" --force
			[ "$(stat -c %a "$by-$mask")" = \
				"$(printf %o $((0666 & ~mask)))" ]
		done
	done
	umask 022
	written capture c.pcapng
	written capture forced.pcapng
	written capture forced.pcapng --force
	if [ "$(id -u)" = 0 ]; then
		[ "$(stat -c %a c.pcapng)$(stat -c %a forced.pcapng)" = 600600 ]
	else
		[ "$(stat -c %a c.pcapng)$(stat -c %a forced.pcapng)" = 644644 ]
	fi
}
