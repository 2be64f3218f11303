# The completion scripts, asked in the shells that they are for.

load ../cli/helper

# complete_bash WORD...: what bash offers for the last word (may be empty).
# Words are as bash splits them: --name = value is three.
complete_bash()
{
	bash --norc -c '
		source "$1"
		shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
		_pcaptool
		((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}"' bash \
		"$top_srcdir/completions/bash/pcaptool" "$pcaptool" "$@"
}

@test "bash: commands, global options and their values" {
	diff <(complete_bash '' | sort) \
		<("$pcaptool" --options-as words | grep -v '^-' | sort)
	diff <(complete_bash -- | sort) \
		<("$pcaptool" --options-as words | grep '^--' | sort)
	[ "$(complete_bash --libpcap sys)" = system ]
	[ "$(complete_bash --libpcap = sys)" = system ]
	[ "$(complete_bash --libpcap =)" = "$(complete_bash --libpcap '')" ]
}

@test "bash: every option of every command, also behind global ones" {
	local command
	for command in $("$pcaptool" --options-as words | grep -v '^-'); do
		diff <("$pcaptool" --options-as words "$command") \
			<(complete_bash "$command" -; complete_bash "$command" -- |
				grep -v '^--' || true)
		diff <("$pcaptool" --options-as words "$command") \
			<(complete_bash --libpcap system -q "$command" -)
		diff <("$pcaptool" --options-as words "$command") \
			<(complete_bash --libpcap = system "$command" -)
	done
}

@test "bash: file names where a file is taken, and nothing is evaluated" {
	cd "$BATS_TEST_TMPDIR"
	touch 'lib one.so' 'lib$(touch evil)'
	run complete_bash --libpcap lib
	[ "${#lines[@]}" = 2 ]
	[ "${lines[0]}" = 'lib one.so' ] || [ "${lines[1]}" = 'lib one.so' ]
	[ ! -e evil ]
}

@test "zsh: the script is valid" {
	need zsh
	zsh -n "$top_srcdir/completions/zsh/_pcaptool"
}

@test "zsh: commands and options are offered" {
	need zsh
	# compadd is all that a completion function gives back: keep what it
	# gets.
	run zsh -f -c '
		compadd() { print -l -- ${(P)@[-1]} }
		_files() { print -l -- FILES }
		compset() { PREFIX=${PREFIX#*=} }
		source "$1"
		words=("$2" --lib "") CURRENT=2 PREFIX=--lib
		_pcaptool
		print --
		words=("$2" --libpcap "") CURRENT=3 PREFIX=
		_pcaptool' zsh "$top_srcdir/completions/zsh/_pcaptool" "$pcaptool"
	echo "$output"
	diff <(echo "$output" | sed -n '1,/^$/p' | grep '^-' | sort) \
		<("$pcaptool" --options-as words | grep '^-' | sort)
	diff <(echo "$output" | sed '1,/^$/d' | sort) \
		<("$pcaptool" --options-as values '' --libpcap |
			sed 's/@files/FILES/' | sort)
}

@test "fish: commands, options and values are offered" {
	need fish
	export HOME=$BATS_TEST_TMPDIR
	fish -n "$top_srcdir/completions/fish/pcaptool.fish"
	ask_fish()
	{
		fish -N -c 'source $argv[1]; complete -C $argv[2]' \
			"$top_srcdir/completions/fish/pcaptool.fish" "$1" | cut -f 1
	}
	PATH=$(dirname "$pcaptool"):$PATH
	diff <(ask_fish 'pcaptool ' | sort) \
		<("$pcaptool" --options-as words | grep -v '^-' | sort)
	diff <(ask_fish 'pcaptool --' | sort) \
		<("$pcaptool" --options-as words | grep '^--' | sort)
	ask_fish 'pcaptool --libpcap sy' | grep -x system
	ask_fish 'pcaptool --libpcap=sy' | grep -x -e --libpcap=system
}
