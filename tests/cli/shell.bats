# shell: as a script, and through a real terminal: keys typed, screens read.

load helper
load terminal

setup()
{
	make_pcap sample
	cd "$BATS_TEST_TMPDIR"
	export HOME=$BATS_TEST_TMPDIR XDG_STATE_HOME=$BATS_TEST_TMPDIR/state
}

teardown()
{
	term_end
}

# shell_says FILE...: what the script on stdin prints on stdout; its messages
# are in ./messages.
shell_says()
{
	"$pcaptool" shell "$@" 2>messages
}

need_editing()
{
	"$pcaptool" --version | grep -q '(libedit) *yes' || skip "no libedit"
}

start_shell()
{
	need_editing
	term_start HOME="$HOME" XDG_STATE_HOME="$XDG_STATE_HOME" PAGER=cat \
		"$pcaptool" shell "$@"
	term_shows '> *$'
}

# the prompt, and that nothing follows it
at_prompt()
{
	term_shows "${1:-pcaptool}> *\$"
}

# ---- scripts -----------------------------------------------------------

@test "a script's commands say what they say by themselves" {
	diff <(echo read | shell_says sample.pcap) <("$pcaptool" read sample.pcap)
	[ "$(cat messages)" = '14 packets' ]
	diff <(echo 'read -o json -c 3 --skip 1' | shell_says sample.pcap) \
		<("$pcaptool" read -o json -c 3 --skip 1 sample.pcap)
	diff <(printf 'open sample.pcap\npcaptool read -c 2\n' | shell_says) \
		<("$pcaptool" read -c 2 sample.pcap)
	# a file that is named is what it is about
	"$pcaptool" write -c 1 sample.pcap -w one.pcap
	diff <(echo 'read one.pcap' | shell_says sample.pcap) \
		<("$pcaptool" read one.pcap)
	diff <(echo 'filter --count udp one.pcap' | shell_says sample.pcap) \
		<("$pcaptool" filter --count udp one.pcap)
	diff <(printf 'filter tcp\nstats --by protocols --csv' |
		shell_says sample.pcap) \
		<("$pcaptool" stats -r sample.pcap --by protocols --csv tcp)
	diff <(echo list formats | shell_says) <("$pcaptool" list formats)
	diff <(echo compile -d tcp port 80 | shell_says) \
		<("$pcaptool" compile -d tcp port 80)
}

@test "filter narrows what the others are shown; view and undo" {
	shell_says sample.pcap >said <<-'END'
		filter tcp
		filter port 80 and len > 60
		view
		read
		filter --count
		filter --count src host 192.0.2.10
		undo
		filter --count
		read --invert -f 'dst port 80'
		undo
		filter --count
	END
	count()
	{
		"$pcaptool" filter --count "$1" sample.pcap
	}
	cat messages
	{
		printf '%10d  sample.pcap\n' 14
		printf '%10d  filter tcp\n' "$(count tcp)"
		printf '%10d  filter port 80 and len > 60\n' \
			"$(count 'tcp port 80 and len > 60')"
		"$pcaptool" read -f 'tcp port 80 and len > 60' sample.pcap
		count 'tcp port 80 and len > 60'
		count 'tcp port 80 and len > 60 and src host 192.0.2.10'
		count tcp
		"$pcaptool" read -f 'tcp and not dst port 80' sample.pcap
		echo 14
	} | diff said -
	grep -x "$(count tcp) of 14 packets" messages
	# with an option it is the command, on what is in view
	printf 'filter tcp\nfilter dst port 80 -w out.pcapng\nview' |
		shell_says sample.pcap | grep -c filter | grep -x 1
	[ "$("$pcaptool" filter --count '' out.pcapng)" = \
		"$(count 'tcp dst port 80')" ]
	[ ! -e 60 ]
}

# narrows LINE WHAT PACKETS: "filter LINE" is understood as WHAT, and leaves as
# many packets.
narrows()
{
	echo "filter $1" | shell_says sample.pcap
	cat messages
	[ "$(sed -n 2p messages)" = "understood as a $2" ]
	[ "$(sed -n 3p messages)" = "$3 of 14 packets" ]
}

@test "filter takes either language, and says which it understood" {
	narrows 'port 80' 'capture filter' 10
	narrows 'tcp' 'capture filter; as a field expression: filter -Y tcp' 10
	narrows 'tcp[13] == 2' 'capture filter; as a field expression: filter -Y tcp[13] == 2' 1
	narrows '-Y tcp' 'field expression' 10
	narrows '--where tcp' 'field expression' 10
	narrows 'tcp.port == 80 && tcp.len > 0' 'field expression' 2
	# quotes around all of it are the shell's, those inside are not
	narrows 'frame contains "GET"' 'field expression' 1
	narrows "'frame contains \"GET\"'" 'field expression' 1
	narrows "'frame contains \"GET\"' and tcp" 'field expression' 1
	narrows '"dns or arp"' 'field expression' 4
	narrows 'ip.src in {192.0.2.10, 192.0.2.53} # both' 'field expression' 8
	# macros are a user's own
	mkdir pcaptool
	echo 'web = tcp.port == 80' >pcaptool/macros
	export XDG_CONFIG_HOME=$PWD
	narrows '$web && tcp.len > 0' 'field expression' 2
	narrows '$web' 'field expression' 10
	echo 'filter dns' | "$pcaptool" -q shell sample.pcap 2>messages
	[ ! -s messages ]
}

@test "filters of both languages narrow one after the other" {
	shell_says sample.pcap >said <<-'END'
		filter tcp.len > 0
		filter src host 192.0.2.80
		filter tcp.stream == 0
		view
		filter --count
		filter --count -Y 'tcp.seq == 1'
		write -w out.pcapng
		stats --by protocols --csv
		undo 2
		filter --count dst port 80
		read --fields frame.number,tcp.seq --no-header
		undo
		filter --count
	END
	cat messages
	{
		printf '%10d  %s\n' 14 sample.pcap 2 'filter -Y tcp.len > 0' \
			1 'filter src host 192.0.2.80' \
			1 'filter -Y tcp.stream == 0'
		printf '1\n1\n'
		"$pcaptool" stats --by protocols --csv -f 'src host 192.0.2.80' \
			-Y 'tcp.len > 0' sample.pcap
		echo 1
		"$pcaptool" read --fields frame.number,tcp.seq --no-header \
			-Y 'tcp.len > 0' sample.pcap
		echo 14
	} | diff said -
	[ "$("$pcaptool" filter --count '' out.pcapng)" = 1 ]
}

@test "what a later filter leaves out still counts for conversations" {
	make_pcap http_talk
	local all last
	all=$("$pcaptool" read --fields tcp.stream --no-header -Y tcp \
		http_talk.pcap | sort -nu)
	last=$(tail -n 1 <<<"$all")
	[ "$last" -gt 0 ]
	shell_says http_talk.pcap >said <<-END
		filter tcp.len > 0
		filter tcp.stream == $last
		read --fields tcp.stream --no-header
		read --fields tcp.stream --no-header -Y 'tcp.stream == $last'
	END
	[ "$(sort -u said)" = "$last" ]
}

@test "a filter in neither language has the error of the one it is like" {
	fails()
	{
		run shell_says sample.pcap <<<"filter $1"
		[ "$status" = 2 ]
		sed -n 2,4p messages | diff - <(printf '%s\n' "$2" "  $1" "  $3")
	}
	fails 'tcp.prt == 80' "pcaptool: unknown field; did you mean 'tcp.port'?" \
		'^~~~~~~'
	fails 'not (tcp and tcp.port = 80)' 'pcaptool: equality is written ==' \
		'                      ^'
	fails 'tcp prot 80' "pcaptool: can't parse filter expression: syntax error" \
		'    ^~~~'
	fails 'prt 80' "pcaptool: can't parse filter expression: syntax error" \
		'^~~'
}

@test "several files, none, and files that are no captures" {
	diff <(printf 'files\nread' | shell_says sample.pcap sample.pcap) \
		<(printf 'sample.pcap\nsample.pcap\n'
			"$pcaptool" read sample.pcap sample.pcap)
	printf 'view\nclose\nfiles\nview\n' | shell_says sample.pcap >said
	printf '%10d  sample.pcap\nno file is open\nno file is open\n' 14 |
		diff said -
	run shell_says <<<'read'
	[ "$status" = 2 ]
	grep 'no file given, and none is open' messages
	run shell_says <<<'open messages'
	[ "$status" = 2 ]
	run shell_says nothing-here <<<'list formats'
	[ "$status" = 2 ]
	[ -z "$output" ]
}

@test "pipes and files" {
	diff <(echo 'read -o json | grep -c tcp | cat' | shell_says sample.pcap) \
		<("$pcaptool" read -o json sample.pcap | grep -c tcp)
	printf '%s\n' 'read -c 1 > a b' 'read -c 1 >> "a b"' |
		shell_says sample.pcap || true
	[ ! -e 'a b' ]
	printf '%s\n' 'read -c 1 > "a b"' 'read -c 1>>"a b"' 'view | tr a-z A-Z' |
		shell_says sample.pcap >said
	diff 'a b' <("$pcaptool" read -c 1 sample.pcap
		"$pcaptool" read -c 1 sample.pcap)
	[ "$(cat said)" = '        14  SAMPLE.PCAP' ]
	# what is open is not overwritten
	run shell_says ./sample.pcap <<<'read > sample.pcap'
	[ "$status" = 2 ]
	grep 'this file is open' messages
	[ "$("$pcaptool" filter --count '' sample.pcap)" = 14 ]
	# a reader that has enough is no error
	echo 'read | head -n 1' | shell_says sample.pcap | grep -c . | grep -x 1
	# the program's status counts
	run shell_says sample.pcap <<<'read | grep -q nothing-of-that'
	[ "$status" = 1 ]
}

@test "a script ends at the first error, with its line and status" {
	printf '%s\n' '# a comment' 'list formats' '' 'read --max-packets=x' \
		'list formats' >script
	run --separate-stderr "$pcaptool" shell --batch script
	[ "$status" = 2 ]
	diff <(echo "$output") <("$pcaptool" list formats)
	[[ "$stderr" == *'script: line 4: ended with status 2' ]]
	run --separate-stderr "$pcaptool" shell --batch - <script
	[ "$status" = 2 ]
	[[ "$stderr" == *'standard input: line 4: ended with status 2' ]]
	run --separate-stderr "$pcaptool" shell --batch nothing-here
	[ "$status" = 2 ]
	[[ "$stderr" == *'nothing-here: cannot be read'* ]]
	# quit ends it before
	printf 'quit\nread x\n' | "$pcaptool" shell
	# commands of a script do not read it
	printf 'read -\nlist formats\n' >script
	run "$pcaptool" shell <script
	[ "$status" = 2 ]
}

@test "errors put a mark under the word" {
	marks()
	{
		run shell_says sample.pcap <<<"$1"
		[ "$status" != 0 ]
		grep -v '^14 packets$' messages | sed -n 2,3p | diff - <(
			printf '  %s\n  %s\n' "$1" "$2")
	}
	marks 'raed -c 1' '^~~~'
	marks 'read --max-packets x' '                   ^'
	marks 'read --max-packets=x' '     ^~~~~~~~~~~~~~~'
	marks 'read -n --fiels x' '        ^~~~~~~'
	marks 'read -c 1  nofile' '           ^~~~~~'
	marks 'list fromats' '     ^~~~~~~'
	marks 'list fields frob' '            ^~~~'
	marks 'read "x' '     ^~'
	marks 'read > ' '     ^'
	marks 'read | ' '     ^~'
	marks 'open sample.pcap nofile' '                 ^~~~~~'
	run shell_says sample.pcap <<<'filter tcp prot 80'
	grep -A 1 '^  tcp prot 80$' messages | grep '^      ^~~~$'
}

@test "names of files cannot steer the terminal" {
	local name=$'\e[31mred\a.pcap'
	cp sample.pcap "$name"
	printf 'files\nview\n' | "$pcaptool" shell "$name" >said 2>&1
	! grep $'[\a\e]' said
	grep -F 'red' said
	printf '%s\n' "read $name.x" | "$pcaptool" shell >said 2>&1 || true
	! grep $'[\a\e]' said
}

# ---- at a terminal -----------------------------------------------------

@test "terminal: prompts, commands, completion, narrowing" {
	start_shell sample.pcap
	at_prompt sample.pcap
	term_type 'rea'
	term_key Tab
	term_shows '^sample.pcap> read +read \[OPTIONS\] \[FILE...\]$'
	term_type '--outp'
	term_key Tab
	term_type 'cs'
	term_key Tab
	term_type '--fields ip.sr'
	term_key Tab
	term_shows '^sample.pcap> read --output csv --fields ip.src'
	term_key C-u
	term_type 'filter tcp po'
	term_key Tab Tab
	term_shows '^port +portrange$'
	term_type ' 80'
	term_key Enter
	term_shows '^understood as a capture filter$'
	term_shows '^10 of 14 packets$'
	at_prompt 'sample.pcap \[10/14\]'
	term_type 'read --skip 2 -c 1'
	term_key Enter
	term_shows "^$("$pcaptool" read -f 'tcp port 80' --skip 2 -c 1 sample.pcap |
		cut -c 1-70 | sed 's/[][.*^$]/./g')"
	term_type 'undo'
	term_key Enter
	at_prompt sample.pcap
	term_type 'list -i l'
	term_key Tab
	term_shows 'list -i lo'
	term_key C-u
	term_type 'compile -y EN10'
	term_key Tab
	term_shows 'compile -y EN10MB'
	term_key C-u
	term_type 'read --max-packets '
	term_shows '--max-packets=N  Stop after N '
	term_key C-u
	term_key C-d
	term_ended
}

@test "terminal: what is open stays when another file cannot be opened" {
	start_shell sample.pcap
	at_prompt sample.pcap
	term_type 'open nofile'
	term_key Enter
	term_shows 'nofile: cannot be opened'
	at_prompt sample.pcap
	term_type 'view'
	term_key Enter
	term_shows '^ +14  sample.pcap'
}

@test "! gives a line to the system's shell" {
	printf '!echo here | tr a-z A-Z\n!exit 3\nread -c 1\n' >lines
	run shell_says sample.pcap <lines
	[ "$status" = 3 ]
	[ "$output" = HERE ]
	run shell_says <<<'! '
	[ "$status" = 2 ]
	grep 'a command must follow the !' messages
	# an expression may begin with it all the same
	shell_says sample.pcap <<<'filter !tcp'
	grep '^4 of 14 packets' messages
}

@test "terminal: colours stay on it, clear clears it, hints end with a word" {
	start_shell sample.pcap
	at_prompt sample.pcap
	term_type 'read -c 1 >out'
	term_key Enter
	at_prompt sample.pcap
	term_type 'read -c 1 | cat >piped'
	term_key Enter
	at_prompt sample.pcap
	diff out <("$pcaptool" read -c 1 sample.pcap)
	diff piped out
	term_type 'read -c 1 -n'
	term_key Enter
	term_shows 'ARP, Request'
	term_type 'clear'
	term_key Enter
	at_prompt sample.pcap
	wait_for eval '! term_screen | grep -q Request'
	# cut after a word, and it says so
	term_type 'write --snapshot-length '
	term_shows '--snapshot-length=N.* \.\.$'
}

@test "terminal: fields, operators and values are completed after filter" {
	start_shell sample.pcap
	term_type 'filter tcp.srcp'
	term_key Tab
	term_shows '> filter tcp.srcport +tcp.srcport: Source port$'
	term_type '== 80 and ip.pro'
	term_key Tab
	term_type '== TC'
	term_key Tab
	term_shows '> filter tcp.srcport == 80 and ip.proto == TCP'
	term_key C-u
	term_type 'filter http.request.me'
	term_key Tab
	term_type 'con'
	term_key Tab
	term_type '"G" and dns.qry.na'
	term_key Tab
	term_shows '> filter http.request.method contains "G" and dns.qry.name'
	term_key C-u
	# beginnings of many names, without a blank after them
	term_type 'filter tcp.port == 1 or mysql'
	term_key Tab Tab
	term_shows '^mysql +mysql\.$'
	term_key C-u
	term_type 'filter -Y tcp.dstp'
	term_key Tab
	term_type '== 80 and udp.srcp'
	term_key Tab
	term_shows '> filter -Y tcp.dstport == 80 and udp.srcport'
	term_key C-u
	term_type "read -Y 'tcp.len > 0 and tcp.srcp"
	term_key Tab
	term_shows "> read -Y 'tcp.len > 0 and tcp.srcport"
}

@test "terminal: file names are completed, hostile ones are not" {
	touch 'two words.pcap' $'esc\e[31mape.pcap' 'quote'\''s.pcap'
	mkdir folder
	touch folder/inside.pcap
	start_shell
	term_type 'open two'
	term_key Tab
	term_shows '> open two\\ words.pcap'
	term_key C-u
	term_type "open 'two"
	term_key Tab
	term_shows "> open 'two words.pcap"
	term_key C-u
	term_type 'open quo'
	term_key Tab
	term_shows "> open quote\\\\'s.pcap"
	term_key C-u
	term_type 'open esc'
	term_key Tab
	sleep 0.3
	term_shows '> open esc( |$)'
	term_key C-u
	term_type 'open fol'
	term_key Tab
	term_type 'in'
	term_key Tab
	term_shows '> open folder/inside.pcap'
	term_key C-u
	term_type 'read > fol'
	term_key Tab
	term_shows '> read > folder/'
}

@test "terminal: Ctrl-C gives a line up, and stops a command, not the shell" {
	start_shell sample.pcap
	term_type 'this is nothing'
	term_key C-c
	term_type 'view'
	term_key Enter
	term_shows '^ +14  sample.pcap$'
	# a batch run (interrupt.c): a pipe that never comes to an end
	mkfifo endless.pcap
	exec 7<>endless.pcap
	cat sample.pcap >&7
	term_type 'read endless.pcap'
	term_key Enter
	term_shows 'ack 89'
	term_key C-c
	term_shows 'pcaptool: interrupted: the rest was not read'
	exec 7>&-
	# a program after a pipe
	term_type 'read | sed s/ack/ACK/ | cat - /dev/tty'
	term_key Enter
	term_shows 'ACK 89'
	term_key C-c
	term_type 'list formats'
	term_key Enter
	term_shows '^pcap-ns '
	at_prompt sample.pcap
}

@test "terminal: Ctrl-C ends a capture in order" {
	need_editing
	printf '%s\n' 'interface fake0 up running' 'packet count=3 pad=60' \
		'pause 100000' >script
	term_start PCAPTOOL_FAKE="$PWD/script" "$pcaptool" \
		--libpcap "$top_builddir/tests/fake/libpcap.so" shell --no-history
	at_prompt
	term_type 'capture -i fake0 -w caught.pcap'
	term_key Enter
	wait_for test -e caught.pcap
	sleep 0.5
	term_key C-c
	term_shows '3 packets captured'
	term_type 'open caught.pcap'
	term_key Enter
	at_prompt caught.pcap
	term_shows '^3 packets$'
}

@test "terminal: history, kept for the user alone, and Ctrl-R" {
	start_shell
	term_type 'list formats'
	term_key Enter
	term_shows '^pcap-ns '
	at_prompt
	term_type ' list tstamp-types'
	term_key Enter
	term_shows '^host_lowprec'
	term_type 'quit'
	term_key Enter
	term_ended
	diff state/pcaptool/history <(printf 'list formats\nquit\n')
	[ "$(stat -c %a state/pcaptool/history)" = 600 ]
	[ "$(stat -c %a state/pcaptool)" = 700 ]
	start_shell
	term_key Up Up
	term_shows '> list formats'
	term_key C-c
	term_key C-r
	term_type 'form'
	term_shows '> list formats'
	term_key Enter
	term_shows '^pcap-ns '
	at_prompt
	term_type 'history off'
	term_key Enter
	term_type 'list protocols | head -n 1'
	term_key Enter
	term_shows '^NAME '
	at_prompt
	term_key C-d
	term_ended
	! grep protocols state/pcaptool/history
	tail -n 1 state/pcaptool/history | grep -x 'history off'
}

@test "terminal: --no-history keeps none, and a file that is not ours is left" {
	start_shell --no-history
	term_type 'list formats'
	term_key Enter
	term_shows '^pcap-ns '
	at_prompt
	term_key C-d
	term_ended
	[ ! -e state ]
	mkdir -p state/pcaptool
	echo precious >elsewhere
	ln -s "$PWD/elsewhere" state/pcaptool/history
	start_shell
	term_shows 'symbolic links'
	term_type 'list formats'
	term_key Enter
	term_shows '^pcap-ns '
	[ "$(cat elsewhere)" = precious ]
}

@test "terminal: keys of vi by .editrc" {
	echo 'bind -v' >.editrc
	start_shell
	term_type 'lust formats'
	term_key Escape
	term_type '0lri'
	term_key Enter
	term_shows '^pcap-ns '
}

@test "without a terminal's help lines are read plainly" {
	# stdout is no terminal: no editing
	term_start HOME="$HOME" bash -c "'$pcaptool' shell sample.pcap | cat"
	term_shows '^sample.pcap> *$'
	term_type 'view'
	term_key Enter
	term_shows '^ +14  sample.pcap$'
	at_prompt sample.pcap
	term_key C-d
	term_ended
}
