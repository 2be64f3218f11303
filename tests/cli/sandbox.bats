#!/usr/bin/env bats
# The sandbox: what is given up before packets are read, and that nothing which
# worked before does not any more.

load helper
load live

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
	sample=$BATS_TEST_TMPDIR/sample.pcap
	unset PCAPTOOL_SANDBOX
	policy=$top_builddir/tests/tools/policy
}

teardown()
{
	[ -z "${running-}" ] || kill "$running" 2>/dev/null || true
	drop_veth
}

# need_all: skip this test unless all of the sandbox can be had here.
need_all()
{
	"$pcaptool" --sandbox=require read -c 1 "$sample" >/dev/null 2>&1 ||
		skip "the sandbox is not complete here"
}

# refuses THREADS ARGUMENTS...: at least that many threads of the command are
# refused all acts, and it works.
refuses()
{
	local threads=$1 refused
	shift
	"$pcaptool" --sandbox-test "$@" >out 2>said || {
		cat said
		return 1
	}
	refused=$(sed -n 's/.*all of [1-9][0-9]* acts refused in //p' said)
	[ "${refused%% *}" -ge "$threads" ] || {
		echo "$*: $refused"
		cat said
		return 1
	}
}

@test "every thread of every command is refused what it does not need" {
	need_all
	gzip -k sample.pcap
	"$pcaptool" write sample.pcap -w z.pcapng.zst
	"$pcaptool" stats --save a.state sample.pcap
	refuses 2 read sample.pcap
	refuses 3 read --jobs 2 -o json sample.pcap.gz
	refuses 2 read -N -v sample.pcap z.pcapng.zst
	refuses 1 read --stream 0 sample.pcap
	refuses 1 filter 'tcp port 80' sample.pcap -w f.pcap
	refuses 1 filter -Y 'http.request' --count sample.pcap z.pcapng.zst
	refuses 1 write sample.pcap -w w.pcapng --sort
	refuses 1 write sample.pcap -w s.pcap --split-by flow
	refuses 1 stats --jobs 2 sample.pcap
	refuses 1 stats --hash --by summary --html s.html --svg s.svg \
		--by rate sample.pcap
	refuses 1 stats --merge a.state
	refuses 1 compile tcp --run sample.pcap
	refuses 1 compile tcp --compare 'ip proto 6' sample.pcap
}

@test "--sandbox-test fails where an act is not refused, or nothing is entered" {
	run -1 "$pcaptool" --sandbox=off --sandbox-test filter tcp sample.pcap
	[[ $output == *"no sandbox was entered"* ]]
	run -1 "$policy" eperm "$pcaptool" --sandbox-test read -c 1 sample.pcap
	[[ $output == *"not refused: read a file"* ]]
	[[ $output == *"acts not refused"* ]]
}

@test "strict: a system call that is not needed ends the process" {
	need_all
	run "$pcaptool" --sandbox=strict --sandbox-test read sample.pcap
	[ "$status" -eq $((128 + $(kill -l SYS))) ]
	run -0 "$pcaptool" --sandbox=strict read sample.pcap
	[ "$output" = "$("$pcaptool" --sandbox=off read sample.pcap)" ]
}

# status_of PID KEY: the values of all its threads in /proc, each once.
status_of()
{
	sed -n "s/^$2:[[:blank:]]*//p" /proc/"$1"/task/*/status | sort -u
}

# is_sandboxed PID: all threads of the process have given up all.
is_sandboxed()
{
	local key
	[ "$(status_of "$1" NoNewPrivs)" = 1 ]
	[ "$(status_of "$1" Seccomp)" = 2 ]
	for key in CapInh CapPrm CapEff CapBnd CapAmb; do
		[ "$key" = CapBnd ] && [ "$(id -u)" != 0 ] && continue
		[ "$(status_of "$1" $key)" = 0000000000000000 ] || {
			echo "$key: $(status_of "$1" $key)"
			return 1
		}
	done
}

@test "/proc says so of a reader, a counter and captures" {
	need_all
	mkfifo fifo
	"$pcaptool" read fifo >out 3>&- &
	running=$!
	exec {held}<>fifo
	cat sample.pcap >&"$held"
	wait_for grep -q "Seccomp:.2" /proc/"$running"/status
	is_sandboxed "$running"
	if [ "$(id -u)" = 0 ]; then
		[[ $(status_of "$running" Uid) != 0* ]]
	fi
	kill "$running"
	exec {held}>&-
	make_veth
	# not through in_a: ip becomes the command
	ip netns exec "$ns_a" "$pcaptool" capture -i va -w f.pcapng 2>said \
		3>&- &
	running=$!
	wait_for grep -q listening said
	is_sandboxed "$running"
	[ "$(ls -d /proc/"$running"/task/* | wc -l)" -ge 2 ]
	kill "$running"
	wait "$running"
}

@test "a policy that answers with errors, or kills: as much as can be had" {
	local how
	"$policy" enosys true || skip "no seccomp filter can be set"
	for how in enosys eperm kill; do
		"$policy" $how "$pcaptool" -v read sample.pcap >out 2>said
		cmp out <("$pcaptool" --sandbox=off read sample.pcap)
		grep -q 'Landlock refused' said
		run -1 "$policy" $how "$pcaptool" --sandbox=require read \
			sample.pcap
		[[ $output == *"the sandbox is not complete: "* ]]
	done
}

@test "levels: of the option, the environment, the files" {
	local level
	mkdir -p home/pcaptool
	export XDG_CONFIG_HOME=$PWD/home
	run -0 "$pcaptool" -v read -c 1 sample.pcap
	[[ $output == *"sandbox: best"* ]]
	echo 'sandbox = off' >home/pcaptool/config
	run -0 "$pcaptool" -v read -c 1 sample.pcap
	[[ $output != *"sandbox: "* ]]
	PCAPTOOL_SANDBOX=best run -0 "$pcaptool" -v read -c 1 sample.pcap
	[[ $output == *"sandbox: best"* ]]
	PCAPTOOL_SANDBOX=best run -0 "$pcaptool" --sandbox=off -v read -c 1 \
		sample.pcap
	[[ $output != *"sandbox: "* ]]
	PCAPTOOL_SANDBOX=tight run -2 "$pcaptool" read sample.pcap
	[[ $output == *"'tight' is not a level of the sandbox"* ]]
	run -0 "$pcaptool" --version
	[[ $output == *"sandbox: off"* ]]
}

@test "root reads and writes what only its capabilities reach" {
	[ "$(id -u)" = 0 ] || skip "not root"
	mkdir theirs
	cp sample.pcap theirs/a.pcap
	chmod 600 theirs/a.pcap
	chown -R 12345:12345 theirs
	chmod 755 theirs
	run -0 "$pcaptool" -v read theirs/a.pcap
	[[ $output == *"HTTP"* ]]
	"$pcaptool" write sample.pcap -w theirs/b.pcap
	cmp sample.pcap theirs/b.pcap
	[ "$(stat -c %u theirs/b.pcap)" = 0 ]
}

@test "many inputs, and what is reached by a link or a descriptor" {
	local i
	mkdir many
	for i in {1..500}; do
		cp sample.pcap many/$i.pcap
	done
	ln -s ../sample.pcap many/link.pcap
	[ "$("$pcaptool" filter '' many/*.pcap | "$pcaptool" filter --count '')" = \
		$((501 * $("$pcaptool" filter --count '' sample.pcap))) ]
	run -0 "$pcaptool" read -c 1 /dev/fd/5 5<sample.pcap
	run -0 "$pcaptool" read -c 1 <(cat sample.pcap)
	"$pcaptool" write sample.pcap -w /dev/stdout | cat >w.pcapng
	[ "$("$pcaptool" filter --count '' w.pcapng)" -gt 0 ]
}

@test "the child that runs --on-file runs nothing else" {
	script 'interface x up' 'packet count=40 pad=60' 'signal INT'
	"$pcaptool" --libpcap "$fake" capture -i x -w f.pcap \
		--rotate-packets 10 --on-file-shell 'echo "$1" >>ran' 2>said ||
		{ cat said; false; }
	[ "$(sort ran | wc -l)" = "$(ls f*.pcap | wc -l)" ]
}
