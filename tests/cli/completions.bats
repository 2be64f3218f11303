# The completion scripts in the shells that they are for, as typed: a terminal,
# keys, and what is on the screen then.

load helper
load terminal

setup()
{
	export HOME=$BATS_TEST_TMPDIR XDG_DATA_HOME=$BATS_TEST_TMPDIR
	cd "$BATS_TEST_TMPDIR"
	touch 'lib one.so' 'capture.pcap' 'lib$(touch evil)'
}

teardown()
{
	term_end
}

start_bash()
{
	term_start PATH="$(dirname "$pcaptool"):$PATH" INPUTRC=/dev/null \
		bash --norc --noprofile
	wait_for only_prompt
	term_type "source $top_srcdir/completions/bash/pcaptool; clear"
	term_key Enter
}

start_zsh()
{
	need zsh
	mkdir -p functions
	cp "$top_srcdir/completions/zsh/_pcaptool" functions/
	cat >.zshrc <<-'END'
		PS1='$ '
		fpath=($HOME/functions $fpath)
		autoload -Uz compinit
		compinit -u -D
	END
	term_start PATH="$(dirname "$pcaptool"):$PATH" ZDOTDIR="$HOME" \
		zsh -o no_global_rcs
	wait_for only_prompt
	term_type 'clear'
	term_key Enter
}

start_fish()
{
	need fish
	term_start PATH="$(dirname "$pcaptool"):$PATH" XDG_CONFIG_HOME="$HOME" \
		fish --no-config
	term_shows '[>#] *$'
	term_type 'function fish_prompt; echo "\$ "; end; clear'
	term_key Enter
	term_type "source $top_srcdir/completions/fish/pcaptool.fish; clear"
	term_key Enter
}

# only_prompt: nothing else is on the screen, so that all keys before were taken;
# what a shell has not read yet is lost when Ctrl-C comes.
only_prompt()
{
	[[ $(term_screen | grep -v '^ *$') =~ ^\$\ *$ ]] && return
	term_key C-l
	return 1
}

# becomes TYPED LINE: typed and a Tab, LINE is in the command line; the line is
# left again.
becomes()
{
	wait_for only_prompt
	term_type "$1"
	term_key Tab
	term_shows "^\\$ $2([ ']|\$)" || return 1
	term_key C-c
	sleep 0.1
	term_key C-l
}

on_screen()
{
	term_screen | tail -n +2 | grep -qE -e "$1"
}

# lists TYPED WORD...: typed and Tabs, the words are on the screen.
lists()
{
	local typed=$1 word tabs i
	shift
	wait_for only_prompt
	term_type "$typed"
	# how many it takes is the shell's affair
	for ((tabs = 0; tabs < 5; tabs++)); do
		term_key Tab
		for ((i = 0; i < 8; i++)); do
			on_screen "(^| )$1( |\$)" && break 2
			sleep 0.05
		done
	done
	for word; do
		term_shows "(^| )$word( |\$)" || return 1
	done
	term_key C-c
	sleep 0.1
	term_key C-c
	term_key C-l
}

in_every_shell()
{
	becomes 'pcaptool rea' 'pcaptool read'
	becomes 'pcaptool --libpcap sys' 'pcaptool --libpcap system'
	becomes 'pcaptool -q --libpcap=system wri' \
		'pcaptool -q --libpcap=system write'
	becomes 'pcaptool read --occ' 'pcaptool read --occurrence'
	becomes 'pcaptool read -n --output=de' \
		'pcaptool read -n --output=detail'
	becomes 'pcaptool read -no js' 'pcaptool read -no json'
	becomes 'pcaptool read --fields ip.src,tcp.dstp' \
		'pcaptool read --fields ip.src,tcp.dstport'
	becomes 'pcaptool write -w capt' 'pcaptool write -w capture.pcap'
	becomes 'pcaptool read capt' 'pcaptool read capture.pcap'
	becomes 'pcaptool write --write=capt' \
		'pcaptool write --write=capture.pcap'
	becomes 'pcaptool compile tcp src portr' \
		'pcaptool compile tcp src portrange'
	becomes "pcaptool filter 'ether dst host x an" \
		"pcaptool filter 'ether dst host x and"
	becomes 'pcaptool compile -y EN10' 'pcaptool compile -y EN10MB'
	becomes 'pcaptool list -i l' 'pcaptool list -i lo'
	becomes 'pcaptool list fields icmpv' 'pcaptool list fields icmpv6'
	becomes 'pcaptool read -Y tcp.srcp' 'pcaptool read -Y tcp.srcport'
	becomes 'pcaptool read --where=tcp.srcp' \
		'pcaptool read --where=tcp.srcport'
	becomes "pcaptool stats -Y 'ip.ttl == 3 and tcp.srcp" \
		"pcaptool stats -Y 'ip.ttl == 3 and tcp.srcport"
	becomes "pcaptool capture -Y 'http.host cont" \
		"pcaptool capture -Y 'http.host contains"
	becomes "pcaptool filter -Y 'ip.proto == TC" \
		"pcaptool filter -Y 'ip.proto == TCP"
	lists 'pcaptool read -Y icmp.' icmp.code icmp.type
	lists 'pcaptool read -Y tcp' 'tcp\.'
	lists 'pcaptool ' list capture read write filter compile
	lists 'pcaptool write --format pcap' pcap-ns pcapng
	lists 'pcaptool compile tcp port 80 ' and or
	[ ! -e evil ]
}

@test "bash: as typed" {
	start_bash
	in_every_shell
	becomes 'true; pcaptool rea' 'true; pcaptool read'
	becomes 'pcaptool read lib\ o' 'pcaptool read lib\\ one.so'
}

@test "zsh: as typed" {
	start_zsh
	in_every_shell
	becomes 'true; pcaptool rea' 'true; pcaptool read'
	becomes 'pcaptool read lib\ o' 'pcaptool read lib\\ one.so'
}

@test "fish: as typed" {
	start_fish
	in_every_shell
	becomes 'true; pcaptool rea' 'true; pcaptool read'
	becomes 'pcaptool read lib\ o' 'pcaptool read lib\\ one.so'
}

@test "the tool: every option of every command, commands, nothing that is not" {
	local command
	said()
	{
		"$pcaptool" --options-as completion -- "$@" | tail -n +2
	}
	diff <(said '' | sort) \
		<("$pcaptool" --options-as words | grep -v '^-' | sort)
	for command in $("$pcaptool" --options-as words | grep -v '^-'); do
		diff <(said "$command" - | sort) \
			<("$pcaptool" --options-as words "$command" | sort)
		diff <(said --libpcap=system -q "$command" -- | sort) \
			<("$pcaptool" --options-as words "$command" |
				grep '^--' | sort)
	done
	[ -z "$(said no-such-command -)" ]
	# after -- there is no option
	[ "$(said read -- -)" = '@files ' ]
	# an option's argument is no option and no command
	diff <(said read -c read -o js) <(echo json)
}

@test "the scripts are valid" {
	bash -n "$top_srcdir/completions/bash/pcaptool"
	! command -v zsh || zsh -n "$top_srcdir/completions/zsh/_pcaptool"
	! command -v fish ||
		XDG_CONFIG_HOME=$BATS_TEST_TMPDIR fish -n \
			"$top_srcdir/completions/fish/pcaptool.fish"
}
