# Commands and options are described once, in their rows: --help, the man
# pages and the completion words come from there, and these tests compare what
# comes out.

load ../cli/helper

setup()
{
	commands=$("$pcaptool" --options-as words | grep -v '^-' || true)
}

# The options in --help, a line each; $1: the command, or nothing.
in_help()
{
	"$pcaptool" ${1:+"$1"} --help | awk '
		/^  -.,? / { print substr($1, 1, 2) }
		/^  (-., |    )--/ {
			sub(/^  (-., |    )/, "")
			sub(/[^-a-z0-9].*/, "")
			print
		}' | sort
}

# The options in the OPTIONS section of the man page.
in_man()
{
	awk '
		/^\.Sh/ { on = $2 == "OPTIONS" }
		on && /^\.It Fl / {
			for (i = 2; i < NF; i++) {
				if ($i != "Fl") continue
				name = $(i + 1)
				sub(/^\\-/, "-", name)
				print "-" name
			}
		}' "$top_builddir/man/pcaptool${1:+-$1}.1" | sort
}

# What completion offers, without --help.
in_words()
{
	"$pcaptool" --options-as words ${1:+"$1"} | grep '^-' |
		grep -vx -e --help | sort
}

@test "options: help = man page = completion words" {
	local command
	for command in '' $commands; do
		echo "comparing: pcaptool $command"
		[ -n "$(in_words "$command")" ]
		diff -u <(in_help "$command") <(in_words "$command")
		[ -f "$top_builddir/man/pcaptool.1" ] || continue
		diff -u <(in_man "$command") <(in_words "$command")
	done
}

@test "every command is in the help, has a man page and tests" {
	local command
	for command in $commands; do
		echo "looking for: $command"
		"$pcaptool" --help | grep -q "^  $command "
		[ -f "$top_srcdir/man/pcaptool-$command.1.in" ]
		grep -q "^[[:blank:]]man/pcaptool-$command\.1\( \|\$\)" \
			"$top_srcdir/Makefile.am"
		[ -f "$top_srcdir/tests/cli/$command.bats" ]
	done
}

@test "--help goes to stdout, succeeds, and fits 80 columns" {
	local command
	for command in '' $commands; do
		run --separate-stderr "$pcaptool" ${command:+"$command"} --help
		[ "$status" = 0 ]
		[ -z "$stderr" ]
		[ "${#lines[@]}" -gt 5 ]
		run awk 'length > 80 || /[[:blank:]]$/' <<<"$output"
		echo "$output"
		[ -z "$output" ]
	done
}

# An option's name may be shortened, but not two options be named the same.
@test "no command has two options of one name or letter" {
	local command
	for command in '' $commands; do
		run uniq -d < <(in_words "$command")
		echo "twice in pcaptool $command: $output"
		[ -z "$output" ]
	done
}

@test "man pages name only options that there are" {
	[ -f "$top_builddir/man/pcaptool.1" ] || skip "no man pages were built"
	local page command known all
	all=$(for command in '' $commands; do in_words "$command"; done
		printf '%s\n' --help --name --)
	for page in "$top_builddir"/man/*.[17]; do
		command=$(basename "$page")
		command=${command%.1}
		command=${command#pcaptool}
		command=${command#-}
		known=$(in_words "$command"; in_words ''; printf '%s\n' --help --)
		[ -n "$command" ] && [[ $page == *.1 ]] || known=$all
		run grep -vxF -e "$known" < <(awk '/^\.[A-Z]/ {
			for (i = 1; i < NF; i++) if ($i ~ /^\.?Fl$/) {
				name = $(i + 1)
				sub(/^\\-/, "-", name)
				print "-" name
			} }' "$page")
		echo "unknown in $page: $output"
		[ -z "$output" ]
	done
}

@test "man pages pass mandoc -T lint" {
	need mandoc
	[ -n "$commands" ] || skip "no command yet: an empty list"
	[ -f "$top_builddir/man/pcaptool.1" ] || skip "no man pages were built"
	# References to pages that are not installed are no fault of the page.
	run --separate-stderr mandoc -T lint -W style "$top_builddir"/man/*.[17]
	output=$(grep -vE 'referenced manual not found|outdated mandoc.db' \
		<<<"$output" || true)
	echo "$output"
	[ -z "$output" ]
}

# Fingers learn a letter once. -q is tcpdump's "quick" where packets are
# printed and grep's "quiet" where they are only looked for. stats -i is --live:
# its --interface selects packets of files, as that of read and filter.
@test "a letter has the same long name in every command" {
	run sort -u < <(for command in $commands; do
		"$pcaptool" "$command" --help |
			sed -n 's/^  -\([^q]\), --\([a-z0-9-]*\).*/\1 \2/p'
	done)
	output=$(awk '$0 != "i live" && seen[$1]++' <<<"$output")
	echo "second names: $output"
	[ -z "$output" ]
}
