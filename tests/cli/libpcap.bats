# Which libpcap is used: the choice by option, environment and configuration
# file, and what becomes of a bad one.

load helper

setup()
{
	need_choice
	cd "$BATS_TEST_TMPDIR"
	fake=$top_builddir/tests/fake/libpcap.so
	old=$top_builddir/tests/fake/libpcap-old.so
	broken=$top_builddir/tests/fake/libpcap-broken.so
	export XDG_CONFIG_HOME=$PWD/config
	mkdir -p config/pcaptool
}

teardown()
{
	[ -z "${public-}" ] || rm -r "$public"
}

# version ARGS: the libpcap that is used, "1.10.3".
version()
{
	"$pcaptool" "$@" --version | sed -n 's/.*libpcap version \([^ ]*\).*/\1/p'
}

config()
{
	printf '%s\n' "$@" >config/pcaptool/config
}

@test "the system's, and the same by its path" {
	local lib
	"$pcaptool" --version | grep '^libpcap version 1\.'
	[ "$(version)" = "$(version --libpcap system)" ]
	lib=$("$pcaptool" --version | sed -n 's/^  from //p')
	[ -n "$lib" ] || skip "libpcap is part of the program"
	[ "$("$pcaptool" --version)" = \
		"$("$pcaptool" --libpcap "$lib" --version)" ]
}

@test "another one: option, environment, configuration, in this order" {
	[ "$(version --libpcap "$fake")" = 1.99.0 ]
	"$pcaptool" --libpcap "$fake" --version | grep -Fx "  from $fake"
	config "libpcap = $fake"
	[ "$(version)" = 1.99.0 ]
	[ "$(PCAPTOOL_LIBPCAP=$old version)" = 1.0.0 ]
	[ "$(PCAPTOOL_LIBPCAP='' version)" = 1.99.0 ]
	[ "$(PCAPTOOL_LIBPCAP=$old version --libpcap "$fake")" = 1.99.0 ]
	[ "$(PCAPTOOL_LIBPCAP=$fake version --libpcap system)" != 1.99.0 ]
	XDG_CONFIG_HOME=relative HOME=$PWD/home
	mkdir -p home/.config/pcaptool
	mv config/pcaptool/config home/.config/pcaptool/
	[ "$(version)" = 1.99.0 ]
}

@test "all calls go to the chosen one" {
	printf 'interface made-up up\nlinktypes RAW\n' >script
	export PCAPTOOL_FAKE=$PWD/script
	"$pcaptool" --libpcap "$fake" list -L -i made-up | grep RAW
	"$pcaptool" --libpcap "$old" list -L -i made-up | grep RAW
	run -2 "$pcaptool" list -L -i made-up
	[[ $output == *"unknown interface 'made-up'"* ]]
}

@test "what an old library lacks is refused by name where it is used" {
	printf 'interface made-up up\n' >script
	export PCAPTOOL_FAKE=$PWD/script
	"$pcaptool" --libpcap "$old" list | grep made-up
	run -2 "$pcaptool" --libpcap "$old" list -J
	[ "$output" = "pcaptool: libpcap 1.0.0 has no pcap_list_tstamp_types (since 1.2)" ]
	run -2 "$pcaptool" --libpcap "$old" list resolve tcp
	[ "$output" = "pcaptool: libpcap 1.0.0 has no pcap_nametoaddrinfo (since 0.6)" ]
}

# refused LIB REASON: exit status 2, and a message with the file and the reason.
refused()
{
	run -2 "$pcaptool" --libpcap "$1" --version
	[[ ${lines[0]} == "pcaptool: "*"$2"* ]] || {
		echo "$output"
		return 1
	}
}

@test "no libpcap: a text, another library, a directory, nothing, a name" {
	echo 'not a library' >text.so
	refused "$PWD/text.so" "$PWD/text.so: cannot be loaded as libpcap: "
	refused "$PWD" "$PWD: is not a file"
	refused "$PWD/nothing.so" 'nothing.so: cannot be loaded'
	refused text.so "no libpcap is called 'text.so'"
	refused npcap 'only available on Windows'
	refused tcpdump '/libpcap.so: cannot be loaded'
	refused "$broken" \
		"$broken: libpcap 1.99.0 has no pcap_dispatch, which is required"
	mkfifo fifo.so
	refused "$PWD/fifo.so" 'is not a file'
	local libm
	libm=$(ldd "$pcaptool" | sed -n 's/.* => \(.*\)\/libc\.so\.6.*/\1\/libm.so.6/p')
	if [ -e "$libm" ]; then
		refused "$libm" "$libm: is not libpcap: pcap_lib_version not found"
	fi
}

@test "configuration files with mistakes name the line" {
	config '# the library' 'libpcpa = /x'
	run -2 "$pcaptool" --version
	[ "${lines[0]}" = "pcaptool: $PWD/config/pcaptool/config: line 2: unknown key 'libpcpa': did you mean 'libpcap'?" ]
	config "libpcap = $PWD/nothing.so"
	run -2 "$pcaptool" --version
	[[ ${lines[0]} == *"(chosen by $PWD/config/pcaptool/config)" ]]
	# help needs no libpcap
	"$pcaptool" --help >/dev/null
}

# need_stranger: the tool and the fake library where every user can read them,
# $public; skips the test where they cannot be run as another user.
need_stranger()
{
	[ "$(id -u)" = 0 ] || skip "not root"
	need setpriv
	public=$(mktemp -d /tmp/pcaptool-test-XXXXXX)
	chmod 755 "$public"
	cp "$pcaptool" "$public/pcaptool"
	cp "$fake" "$public/libpcap.so"
	setpriv --reuid 65534 --regid 65534 --clear-groups \
		"$public/pcaptool" --version >/dev/null ||
		skip "nobody cannot run the tool"
}

# stranger COMMAND...: run it as a user without any right.
stranger()
{
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

# ignored WHAT COMMAND...: its --version warns that WHAT is ignored, and heeds
# that.
ignored()
{
	local warning="the libpcap chosen by $1 is ignored"
	shift
	run --separate-stderr stranger "$@" --version
	[ "$status" = 0 ]
	[[ $output != *1.99.0* ]]
	[[ $stderr == *"$warning"* ]]
}

@test "a set-user-id copy ignores the choice and says so" {
	need_stranger
	[ "$(stranger "$public/pcaptool" --libpcap "$public/libpcap.so" \
		--version | grep -c 1.99.0)" = 1 ]
	chmod 4755 "$public/pcaptool"
	cp "$(command -v id)" "$public/id"
	chmod 4755 "$public/id"
	[ "$(stranger "$public/id" -u)" = 0 ] || skip "set-user-id has no effect"
	ignored --libpcap "$public/pcaptool" --libpcap "$public/libpcap.so"
	PCAPTOOL_LIBPCAP=$public/libpcap.so \
		ignored '$PCAPTOOL_LIBPCAP' "$public/pcaptool"
	mkdir -p "$public/config/pcaptool"
	echo "libpcap = $public/libpcap.so" >"$public/config/pcaptool/config"
	export XDG_CONFIG_HOME=$public/config
	run --separate-stderr stranger "$public/pcaptool" --version
	[[ $output != *1.99.0* ]]
	[[ $stderr == *"$public/config/pcaptool/config is not read"* ]]
}

@test "a copy with file capabilities does the same" {
	need_stranger
	need setcap
	setcap cap_net_raw+ep "$public/pcaptool" 2>/dev/null ||
		skip "no file capabilities here"
	ignored --libpcap "$public/pcaptool" --libpcap "$public/libpcap.so"
}

# survives WHAT COMMAND...: under the script, with WHAT refused, the command
# ends by itself; where it fails it says why, and it leaves no half a file.
survives()
{
	local what=$1
	shift
	run timeout 20 "$pcaptool" --libpcap "${library-$fake}" "$@" </dev/null
	if [ "$status" -gt 3 ] || ls ./*.part* 2>/dev/null ||
		{ [ "$status" != 0 ] &&
			! grep 'pcaptool: ' <<<"$output" | grep -qv 'listening on'; }; then
		echo "$what refused, $*: status $status: $output"
		return 1
	fi
}

# world: the interfaces that are captured from when something is refused.
world()
{
	cat <<-'EOF'
		interface made-up up running
		linktypes EN10MB RAW
		tstamp-types host adapter
		rfmon
		packet count=4 pad=60
		interface any up running
		linktypes LINUX_SLL LINUX_SLL2
		packet count=4 pad=60
	EOF
}

# tried COMMAND WHAT: that command in its main uses, WHAT being refused.
tried()
{
	case $1 in
	capture)
		survives "$2" capture -i made-up -c 2 --force -w x.pcapng tcp or not tcp
		survives "$2" capture -i made-up -c 1 -Q in --linktype RAW
		survives "$2" capture -i made-up -c 1 -I --nano --immediate-mode \
			-j adapter -B 4m -p -s 64
		survives "$2" capture -i any -c 2 not tcp
		survives "$2" stats --live made-up --for 10ms
		;;
	list)
		survives "$2" list
		survives "$2" list -i made-up -L
		survives "$2" list -i made-up -J
		survives "$2" list linktypes
		survives "$2" list resolve tcp
		;;
	filter)
		survives "$2" filter --count tcp sample.pcap
		survives "$2" filter 'tcp prt 80' slip.pcap
		;;
	read)
		survives "$2" read -f 'ether host 1' slip.pcap
		survives "$2" stats -f 'tcp prt 80' slip.pcap
		;;
	write) survives "$2" write --force -f 'tcp' -w y.pcap slip.pcap ;;
	compile)
		survives "$2" compile tcp
		survives "$2" compile -i made-up tcp
		survives "$2" compile --run slip.pcap tcp prt 80
		survives "$2" compile --engine libpcap --run sample.pcap tcp
		;;
	start-up) survives "$2" list ;;
	esac
}

@test "each function of libpcap refused: a message, never a signal" {
	local function since kind present commands command
	make_pcap sample
	make_pcap slip
	export PCAPTOOL_FAKE=$PWD/script
	"$pcaptool" --libpcap "$fake" list api >functions
	while read -r function since kind present commands; do
		[ "$present" = present ] || continue
		{ echo "refuse $function"; world; } >script
		for command in ${commands//,/ }; do
			tried "$command" "$function"
		done
		{ echo "refuse $function:2"; world; } >script
		[[ $commands != *capture* ]] || tried capture "$function:2"
	done <functions
}

@test "each filter refused: a message, or the packets without it" {
	local word library
	make_pcap sample
	make_pcap slip
	export PCAPTOOL_FAKE=$PWD/script
	for library in "$fake" "$old"; do
		for word in tcp ifindex outbound ether; do
			{ echo "refuse-filter $word"; world; } >script
			tried capture "$word"
			tried filter "$word"
			tried read "$word"
			tried write "$word"
			tried compile "$word"
		done
		# a library that does not know which packets were sent, or through
		# which interface, still captures from all
		echo 'refuse-filter ifindex' >script
		world >>script
		run -0 "$pcaptool" --libpcap "$library" capture -i any -c 2
		[[ $output == *"2 packets captured"* ]]
		sed 's/ifindex/outbound/; s/pad/dir=out pad/' script >outbound
		PCAPTOOL_FAKE=$PWD/outbound run -0 \
			"$pcaptool" --libpcap "$library" capture -i made-up -Q out -c 2
		[[ $output == *"2 packets captured"* ]]
	done
}

@test "a wrong expression is the message on every link type" {
	local command
	make_pcap slip
	for command in 'filter --count' 'read -f' 'stats -f' 'compile --run'; do
		# shellcheck disable=SC2086
		case $command in
		filter*) run -2 "$pcaptool" filter --count 'tcp prt 80' slip.pcap ;;
		compile*) run -2 "$pcaptool" $command slip.pcap 'tcp prt 80' ;;
		*) run -2 "$pcaptool" $command 'tcp prt 80' slip.pcap ;;
		esac
		[ "${lines[0]}" = "pcaptool: can't parse filter expression: syntax error" ]
		[ "${lines[1]}" = '  tcp prt 80' ]
	done
	run -2 "$pcaptool" write -f 'tcp prt 80' -w out.pcap slip.pcap
	[ -z "$(ls out.pcap* 2>/dev/null)" ]
}

# loads LIBRARY ARGS: does the dynamic loader bring it for that?
loads()
{
	local library=$1
	shift
	LD_DEBUG=files "$pcaptool" "$@" 2>&1 >/dev/null |
		grep -q "calling init: .*/$library"
}

spares()
{
	if loads "$@"; then
		echo "$1 is loaded for $*"
		return 1
	fi
}

@test "libraries are loaded when they are needed" {
	printf 'one\n' >text
	printf '000000 02 00 00 00 00 01 02 00 00 00 00 02 08 06\n' |
		"$pcaptool" write --hex - -w one.pcap
	loads libpcap read -f arp one.pcap ||
		skip "linked, or the loader does not say what it does"
	loads libpcap list
	loads libpcap --version
	spares libpcap read one.pcap
	spares libpcap read -Y arp one.pcap
	spares libpcap stats one.pcap
	spares libpcap write -w two.pcap one.pcap
	spares libpcre2 read -Y arp one.pcap
	spares libnghttp2 read --json one.pcap
	spares libcrypto read --json one.pcap
	spares libedit shell --batch /dev/null
	[ "$("$pcaptool" --version | grep -c 'libpcre2) *yes')" = 0 ] ||
		loads libpcre2 read -Y 'frame matches "x"' one.pcap
}

@test "a libpcap that cannot be loaded: only what needs it fails" {
	local lib command
	lib=$("$pcaptool" --version | sed -n 's/^  from //p')
	loads libpcap list || skip "linked"
	unshare -m true 2>/dev/null || skip "no mount namespaces"
	printf '000000 02 00 00 00 00 01 02 00 00 00 00 02 08 06\n' |
		"$pcaptool" write --hex - -w one.pcap
	echo 'no library' >text
	without()
	{
		unshare -m sh -c 'mount --bind text "$0" && exec "$@"' \
			"$(realpath "$lib")" "$@"
	}
	without "$pcaptool" read one.pcap | grep -F arp
	without "$pcaptool" read -Y arp one.pcap | grep -F arp
	without "$pcaptool" --version | grep -Fx 'no libpcap'
	for command in 'list' 'list linktypes' 'list api' \
		'capture -i lo -c 1' 'compile arp' 'filter -f arp one.pcap' \
		'read -f arp one.pcap' 'stats -f arp one.pcap' \
		'write --linktype RAW -w two.pcap one.pcap'; do
		run -1 --separate-stderr without "$pcaptool" $command
		echo "$command: $stderr"
		[[ $stderr = *'libpcap cannot be loaded: '* ]]
		[ ! -e two.pcap ]
	done
}
