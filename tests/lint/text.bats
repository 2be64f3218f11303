# What every file of the source tree keeps to.

load ../cli/helper

setup()
{
	cd "$top_srcdir"
}

# All that is ours: in a clone what git knows, else (a release) what is there
# and was not generated.
files()
{
	if [ -e .git ] && command -v git >/dev/null &&
		git ls-files >/dev/null 2>&1; then
		git ls-files
	else
		find src tests man completions scripts bench m4 [A-Z]* \
			configure.ac Makefile.am quickstart check \
			-type f 2>/dev/null
	fi | grep -vE '^(tests/lint/text\.bats|COPYING|Makefile\.in)$' |
		while read -r f; do [ ! -f "$f" ] || echo "$f"; done
}

@test "C sources are formatted (clang-format 14)" {
	local tool
	for tool in clang-format-14 clang-format; do
		case $($tool --version 2>/dev/null) in
		*' version 14.'*) break ;;
		esac
		tool=
	done
	[ -n "$tool" ] || skip "no clang-format of version 14 here"
	[ -f .clang-format ]
	run $tool --dry-run --Werror $(files | grep '\.[ch]$')
	echo "$output"
	[ "$status" = 0 ]
}

@test "no mark of unfinished work is left" {
	run grep -nIE '\b(TODO|FIXME|XXX|HACK|TBD)\b|[Nn]ot (yet )?implemented' \
		$(files)
	echo "$output"
	[ "$status" = 1 ]
}

@test "no file speaks of the place where it was written" {
	run grep -nIE '(^|[^[:alnum:]_.])/(work|tmp/wt|root|home)/|issues show|\bAI (model|assistant)\b|language model' \
		$(files)
	echo "$output"
	[ "$status" = 1 ]
}

@test "no line ends in blanks, and every file ends in a newline" {
	local bad=0 f
	run grep -nIE '[[:blank:]]+$' $(files)
	echo "$output"
	[ "$status" = 1 ]
	for f in $(files); do
		[ -s "$f" ] || continue
		[ "$(tail -c 1 "$f" | od -An -tx1 | tr -d ' ')" = 0a ] && continue
		echo "$f ends without a newline"
		bad=1
	done
	[ $bad = 0 ]
}

@test "no binary file is in the tree" {
	run grep -LI '' $(for f in $(files); do [ ! -s "$f" ] || echo "$f"; done)
	echo "$output"
	[ -z "$output" ]
}

@test "every C source opens with what it owns" {
	local bad=0 f
	for f in $(files | grep '^src/.*/.*\.[ch]$'); do
		[ "$(head -c 2 "$f")" = '/*' ] && continue
		echo "$f does not open with a comment"
		bad=1
	done
	[ $bad = 0 ]
}

@test "headers are guarded by their own name" {
	local bad=0 f guard
	for f in $(files | grep '^src/.*\.h$'); do
		guard=$(echo "${f#src/}" | tr 'a-z/.-' 'A-Z___')
		grep -q "^#ifndef $guard\$" "$f" &&
			grep -q "^#define $guard\$" "$f" && continue
		echo "$f has no guard $guard"
		bad=1
	done
	[ $bad = 0 ]
}

@test "shell scripts pass shellcheck" {
	need shellcheck
	run shellcheck -x $(files | while read -r f; do
		case $(head -n 1 "$f" 2>/dev/null | tr -d '\0') in
		'#!/bin/sh'* | '#!/bin/bash'*) echo "$f" ;;
		esac
	done)
	echo "$output"
	[ "$status" = 0 ]
}
