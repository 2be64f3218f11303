# What the documents show has to work: every command line in them names a
# command and options that there are.

load ../cli/helper

# The words of "pcaptool ..." lines that are shown indented, up to a pipe.
shown()
{
	sed -n "s/^[[:blank:]]\{1,\}pcaptool \([a-z].*\)/\1/p
		s/^\.D[l1] pcaptool \([a-z].*\)/\1/p" "$@" |
		sed "s/'[^']*'/QUOTED/g; s/ | .*//; s/\\\\-/-/g; s/ -- .*//"
}

@test "what README shows is what its command lines print" {
	need jq
	"$top_srcdir/scripts/tour" --check "$pcaptool" \
		"$top_builddir/tests/data/sample.pcap" "$top_srcdir/README.md"
}

@test "the picture in README shows what its command lines print" {
	diff -u "$top_srcdir/doc/terminal.svg" <("$top_srcdir/scripts/picture" \
		"$pcaptool" "$top_builddir/tests/data/sample.pcap")
}

@test "commands and options in README and the man pages exist" {
	local bad=0 seen=0 words word command line
	while IFS= read -r line; do
		seen=$((seen + 1))
		read -ra words <<<"$line"
		command=${words[0]}
		known=$("$pcaptool" --options-as words "$command" 2>/dev/null) || {
			echo "no such command: pcaptool $line"
			bad=1
			continue
		}
		for word in "${words[@]:1}"; do
			case $word in
			--?*) word=${word%%=*} ;;
			-[a-zA-Z]?*) word=${word:0:2} ;;
			-?) ;;
			*) continue ;;
			esac
			grep -qxF -e "$word" <<<"$known" && continue
			echo "no option $word: pcaptool $line"
			bad=1
		done
	done < <(shown "$top_srcdir/README.md" "$top_srcdir/man/pcaptool.1.in"
		for command in $("$pcaptool" --options-as words | grep -v '^-'); do
			shown "$top_srcdir/man/pcaptool-$command.1.in"
		done)
	[ $seen -gt 15 ]
	[ $bad = 0 ]
}

@test "HACKING.md names only files that there are" {
	local bad=0 file
	for file in $(grep -oE '`[A-Za-z./_]+/[A-Za-z._0-9]*\.(c|h|bats|def|am|ac)`' \
		"$top_srcdir/HACKING.md" | tr -d '`' | grep -v 'NAME\|COMMAND'); do
		[ -e "$top_srcdir/$file" ] || [ -e "$top_srcdir/src/$file" ] &&
			continue
		echo "HACKING.md names $file"
		bad=1
	done
	[ $bad = 0 ]
}
