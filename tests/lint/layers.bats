# Each folder of src/ includes only from itself and from the layers below it,
# and only src/cmd/ and src/main.c print or exit. HACKING.md says why.

load ../cli/helper

# may_use LAYER: the layers that LAYER may include from, itself too.
may_use()
{
	local low='base os pkt'
	local middle='capture file bpf decode'
	case $1 in
	base) echo 'base' ;;
	os) echo 'base os' ;;
	pkt) echo "$low" ;;
	capture | file | bpf | decode) echo "$low $1" ;;
	where) echo "$low bpf decode where" ;;
	output | stats) echo "$low $middle where $1" ;;
	cmd) echo "$low $middle where output stats cmd" ;;
	main.c) echo "$low $middle where output stats cmd" ;;
	esac
}

sources()
{
	find . \( -name '*.[ch]' -o -name '*.def' \) | sed 's|^\./||' | sort
}

# no_code LINES: of these "file:line:text" all are comments.
no_code()
{
	local code
	code=$(grep -vE '^[^:]*:[0-9]*:[[:space:]]*(/?\*|//)' <<<"$1" || true)
	echo "$code"
	[ -z "$code" ]
}

@test "every folder of src/ is a known layer" {
	cd "$top_srcdir/src"
	local bad=0
	for folder in */; do
		[ -z "$(may_use "${folder%/}")" ] || continue
		echo "src/$folder is in no layer"
		bad=1
	done
	[ $bad = 0 ]
}

@test "includes point from a layer to itself and those below" {
	cd "$top_srcdir/src"
	local bad=0 seen=0 where target
	while IFS='|' read -r where target; do
		seen=$((seen + 1))
		# these two are made by the build
		case $target in config.h | cmd/pages.inc) continue ;; esac
		case " $(may_use "${where%%/*}") " in
		*" ${target%%/*} "*) [ -f "$target" ] && continue ;;
		esac
		echo "src/$where may not include \"$target\""
		bad=1
	done < <(sources | xargs grep -E '^[[:space:]]*#[[:space:]]*include' \
		/dev/null | sed -n 's|^\([^:]*\):[^"]*"\([^"]*\)".*|\1\|\2|p')
	[ $seen -gt 10 ]
	[ $bad = 0 ]
}

@test "headers do not include each other in a circle" {
	cd "$top_srcdir/src"
	local edges
	edges=$(sources | grep '\.h$' | xargs grep -E '^#include "' /dev/null |
		sed -n 's|^\([^:]*\):[^"]*"\([^"]*\.h\)".*|\1 \2|p')
	[ "$(wc -l <<<"$edges")" -gt 100 ]
	# of a circle it tells on stderr
	run tsort <<<"$edges"
	[ "$status" = 0 ] || grep 'tsort:' <<<"$output"
	[ "$status" = 0 ]
}

@test "nothing below cmd/ prints or exits" {
	cd "$top_srcdir/src"
	# base/log is where notes and warnings go out; os/lineedit is what a
	# person types and sees of that; a child that os/ made and
	# that cannot run its command has to leave by _exit().
	local word='(^|[^[:alnum:]_])'
	local calls='(v?printf|puts|putchar|perror|exit|_Exit|abort|errx?|warnx?)'
	run grep -nE "$word$calls\\(|$word(stdout|stderr)([^[:alnum:]_]|\$)" \
		$(sources | grep -vE '^(main\.c|cmd/|base/log\.[ch]|os/lineedit\.c)')
	no_code "$output"
	run grep -nE "${word}_exit\\(" \
		$(sources | grep -vE '^(main\.c|cmd/|os/)')
	no_code "$output"
}

@test "only os/ and capture/ ask which system this is" {
	cd "$top_srcdir/src"
	run grep -nE '^[[:space:]]*#[[:space:]]*(if|ifdef|ifndef|elif).*(__linux|__unix|__APPLE__|__FreeBSD|__NetBSD|__OpenBSD|__sun|_WIN32|__CYGWIN__)' \
		$(sources | grep -vE '^(os|capture)/')
	echo "$output"
	[ "$status" = 1 ]
}

@test "only capture/ calls libpcap" {
	cd "$top_srcdir/src"
	run grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<pcap|(^|[^[:alnum:]_])(pcap_(open|create|activate|dispatch|loop|next|compile|setfilter|findalldevs|lookup|close|inject|sendpacket|stats|datalink|geterr|lib_version)[a-z_]*|bpf_(filter|validate|image|dump))[[:space:]]*\(' \
		$(sources | grep -v '^capture/')
	no_code "$output"
}


# may_include_in_decode FOLDER TARGET: TARGET is a header below src/decode.
may_include_in_decode()
{
	case $1 in
	.) [[ $2 != */* || $2 = engine/* || $2 = flow/* ]] ;;
	lib) [[ $2 != */* || $2 = lib/* || $2 = engine/summary.h ]] ;;
	engine) [[ $2 != */* || $2 = engine/* || $2 = lib/* ]] ;;
	flow) [[ $2 != */* || $2 = flow/* || $2 = engine/* || $2 = lib/* ]] ;;
	*) [[ $2 != */* || $2 = "$1"/* || $2 = lib/* || $2 = flow/* ||
		$2 = engine/summary.h ]] ;;
	esac
}

@test "in decode/ a protocol includes its own folder, lib, flow and no other" {
	cd "$top_srcdir/src/decode"
	local bad=0 seen=0 where target
	while IFS='|' read -r where target; do
		seen=$((seen + 1))
		may_include_in_decode "$(dirname "$where")" "$target" &&
			continue
		echo "src/decode/$where may not include \"decode/$target\""
		bad=1
	done < <(sources | grep '\.[ch]$' | xargs grep -E '^#include "decode/' \
		/dev/null | sed -n 's|^\([^:]*\):[^"]*"decode/\([^"]*\)".*|\1\|\2|p')
	[ $seen -gt 100 ]
	[ $bad = 0 ]
}

@test "in decode/ only lib moves a cursor by hand" {
	cd "$top_srcdir/src/decode"
	# decoders take, peek and compare through base/cursor.h; a replay log
	# has a position of its own
	local other
	other=$(sources | grep -vE '^(lib/|flow/replay_log\.)' |
		xargs grep -nE '(->|\.)pos([^[:alnum:]_]|$)' || true)
	no_code "$other"
}

@test "the engine of decode/ names no protocol but IP, the root, the rest and the fault" {
	cd "$top_srcdir/src/decode/engine"
	local other
	other=$(grep -nE '\bPROTO_[a-z]' *.c *.h |
		grep -vE '\bPROTO_(frame|data|malformed|ip|ipv6|ipv6_[a-z]+)\b' || true)
	no_code "$other"
}

@test "nobody reads the error that it may be handed as NULL" {
	cd "$top_srcdir/src"
	# cmd/message.c prints errors, and takes no NULL
	run grep -nE '(^|[^[:alnum:]_])err->|(^|[^[:alnum:]_])\*err = ' \
		$(sources | grep -vE '^(base/err\.c|cmd/message\.c)$')
	no_code "$output"
}
