# help: pages by man(1), and the text that is built in.

load helper

setup()
{
	# no man here, but what a test puts there
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	without_man=$BATS_TEST_TMPDIR/bin
}

help_without_man()
{
	PATH=$without_man "$pcaptool" help "$@"
}

@test "without an operand: all commands and topics" {
	run --separate-stderr "$pcaptool" help
	[ "$status" = 0 ]
	for name in $("$pcaptool" --options-as words | grep -v '^-') \
		fields formats json tutorial; do
		grep -E "^  $name( |\$)" <<<"$output"
	done
}

@test "commands: what --help prints, where there is no man" {
	local command
	for command in $("$pcaptool" --options-as words | grep -v '^-'); do
		diff <(help_without_man "$command") \
			<("$pcaptool" "$command" --help)
	done
}

@test "topics: the text built in has all that the page has" {
	local topic
	for topic in fields formats json tutorial; do
		run --separate-stderr help_without_man "$topic"
		[ "$status" = 0 ]
		[ -z "$stderr" ]
		grep -x DESCRIPTION <<<"$output"
		# nothing of the page's markup is left
		! grep -nE '^\.|\\[&e-]|^@|(^| )(Fl|Xr|Ar|Ns|Li) ' <<<"$output"
		[ -f "$top_builddir/man/pcaptool-$topic.7" ] || continue
		need mandoc
		# the words of the page, in their order
		words()
		{
			tr -s '[:space:]' '\n' | tr -d "'\"‘’“”" | grep .
		}
		diff <(mandoc -T ascii "$top_builddir/man/pcaptool-$topic.7" |
			col -bx | sed '1d;$d; /^NAME$/,/^$/d' | words | sort -u) \
			<(words <<<"$output" | sort -u) >"$BATS_TEST_TMPDIR/differences" ||
			[ "$(grep -c '^[<>]' "$BATS_TEST_TMPDIR/differences")" -lt 40 ]
	done
	diff <(help_without_man fields | sed '1,/^ALL FIELDS/d' |
		awk '/^    [a-z_0-9]+\.?/ &&
		$2 ~ /^(unsigned|signed|float|boolean|ipv4|ipv6|ether|bytes|text|time|epoch|duration|label)$/ {
			print $1 }' | sort) \
		<("$pcaptool" list fields | awk 'NR > 1 { print $1 }' | sort)
}

@test "the page of fields has every field, with its type" {
	[ -f "$top_builddir/man/pcaptool-fields.7" ] || skip "no man pages"
	diff <(sed -n 's/^\.It Li \\&\([^ ]*\) Pq \\&\(.*\)/\1 \2/p' \
		"$top_builddir/man/pcaptool-fields.7" | sort) \
		<("$pcaptool" list fields | awk 'NR > 1 { print $1, $2 }' |
			sort)
}

@test "man is asked for the page" {
	cat >"$without_man/man" <<-'END'
		#!/bin/sh
		echo "man was asked: $*"
	END
	chmod +x "$without_man/man"
	[ "$(PATH=$without_man:$PATH "$pcaptool" help read)" = \
		'man was asked: 1 pcaptool-read' ]
	[ "$(PATH=$without_man:$PATH "$pcaptool" help tutorial)" = \
		'man was asked: 7 pcaptool-tutorial' ]
	diff <(PATH=$without_man:$PATH "$pcaptool" help --text read) \
		<("$pcaptool" read --help)
	# one that knows nothing of it
	printf '#!/bin/sh\necho no entry >&2; exit 16\n' >"$without_man/man"
	run --separate-stderr env PATH="$without_man:$PATH" "$pcaptool" help read
	[ "$status" = 0 ]
	[ -z "$stderr" ]
	diff <(echo "$output") <("$pcaptool" read --help)
}

@test "man(1) itself shows the pages that were built" {
	need man
	[ -f "$top_builddir/man/pcaptool.1" ] || skip "no man pages were built"
	mkdir -p "$BATS_TEST_TMPDIR/man/man1" "$BATS_TEST_TMPDIR/man/man7"
	cp "$top_builddir"/man/*.1 "$BATS_TEST_TMPDIR/man/man1"
	cp "$top_builddir"/man/*.7 "$BATS_TEST_TMPDIR/man/man7"
	MANPATH=$BATS_TEST_TMPDIR/man man -w 7 pcaptool-tutorial ||
		skip "man finds nothing by MANPATH"
	export MANPATH=$BATS_TEST_TMPDIR/man PAGER=cat MANPAGER=cat
	"$pcaptool" help tutorial | grep -i 'the first hour'
	"$pcaptool" help filter | grep 'PCAPTOOL-FILTER(1)'
}

@test "unknown pages" {
	run --separate-stderr "$pcaptool" help tutorail
	[ "$status" = 2 ]
	[ -z "$output" ]
	[[ "$stderr" == *"'tutorail'; did you mean 'tutorial'?"* ]]
	run --separate-stderr "$pcaptool" help read write
	[ "$status" = 2 ]
}

@test "in the shell, its own commands too" {
	run "$pcaptool" shell <<<'help undo'
	[ "$status" = 0 ]
	[ "${lines[0]}" = 'Usage: undo [N | all]' ]
	"$pcaptool" shell <<<help | grep '^  history '
	"$pcaptool" shell <<<'help --text read' |
		diff - <("$pcaptool" read --help)
}
