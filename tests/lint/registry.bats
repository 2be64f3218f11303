# A thing that is added is one new file and one line in a table: these tests
# notice when one of the two was forgotten.

load ../cli/helper

setup()
{
	cd "$top_srcdir"
}

# The words of a Makefile.am variable, one a line.
variable()
{
	awk -v name="$1" '
		$1 == name && $2 == "=" { on = 1; $1 = $2 = "" }
		on {
			more = /\\$/
			sub(/\\$/, "")
			for (i = 1; i <= NF; i++) if ($i !~ /^(\\)?$/) print $i
			on = more
		}' Makefile.am
}

@test "Makefile.am lists every file under src/ once, in its layer" {
	local layer
	for layer in base os pkt capture file bpf decode output stats cmd; do
		[ -d "src/$layer" ] || continue
		diff -u <(find "src/$layer" -type f | sort) \
			<(variable ${layer}_sources | sort) ||
			{ echo "src/$layer and ${layer}_sources differ"; false; }
	done
}

@test "Makefile.am lists all tests and test data" {
	diff -u <(find tests/unit -name '*.c' | sed 's/\.c$//' | sort) \
		<(variable unit_tests | sort)
	diff -u <(find tests/fuzz -name '*.c' | sed 's/\.c$//' | sort) \
		<(variable fuzz_tests | sort)
	diff -u <(find tests/cli -name '*.bats' -o -name '*.tap' | sort) \
		<(variable cli_tests | sort)
	diff -u <(find tests/tools -name '*.c' | sed 's/\.c$//' | sort) \
		<(variable test_tools | sort)
	diff -u <(find tests/data -name '*.hex' | sort) <(variable test_data | sort)
	diff -u <(find tests -name '*.h' | sort) <(variable test_headers | sort)
	diff -u <(find tests/lint -name '*.bats' | sort) \
		<(variable lint_tests | sort)
}

# rows MACRO FILE: the first argument of each MACRO(...) in FILE, sorted.
rows()
{
	sed -n "s/^$1(\"\{0,1\}\([a-z0-9_]*\).*/\1/p" "$2" | sort
}

# one_file_a_row MACRO FILE DIRECTORY PATTERN: each row stands for an object
# whose definition matches PATTERN (NAME in it is the row's), and each such
# object has a row.
one_file_a_row()
{
	diff -u <(sed -n "s/^\(extern \)\{0,1\}${4//NAME/\\([a-z0-9_]*\\)}.*/\2/p" \
		$(find "$3" -name "*.c") | sort) <(rows "$1" "$2")
}

@test "commands.def: a row for every command, and a file of its name" {
	one_file_a_row COMMAND src/cmd/commands.def src/cmd \
		'const struct command NAME_command = '
	local name
	for name in $(rows COMMAND src/cmd/commands.def); do
		grep -q "^const struct command ${name}_command" "src/cmd/$name.c"
	done
}

@test "protos.def: a row for every protocol" {
	one_file_a_row PROTO src/decode/protos.def src/decode \
		'const struct proto proto_NAME = '
}

@test "stats.def: a row for every report" {
	one_file_a_row REPORT src/stats/stats.def src/stats \
		'const struct report report_NAME = '
}

@test "outputs.def: a row for every presentation" {
	one_file_a_row OUTPUT src/output/outputs.def src/output \
		'const struct presenter_ops presenter_NAME = '
}

@test "codecs.def: a file for every row" {
	local name
	for name in $(rows CODEC src/file/codecs.def); do
		grep -q "${name}_ops" "src/file/$name.c"
	done
}

# Values of other fields are there by chance: when somebody else asked for them.
@test "a field that a summary shows is marked for lines" {
	run -0 awk '
		FNR == 1 { delete rows; name = "" }
		/^[ \t]*\[[A-Z][A-Z0-9_]*\] *=/ {
			name = $0
			sub(/^[ \t]*\[/, "", name)
			sub(/\].*/, "", name)
		}
		/^};/ { name = "" }
		name { rows[name] = rows[name] $0 }
		{
			text = $0
			while (match(text, /(summary_(num|has|value)\([^()]*, |\.v\[)[A-Z][A-Z0-9_]*[])]/)) {
				used = substr(text, RSTART, RLENGTH - 1)
				sub(/.*[ [(]/, "", used)
				if (used in rows && rows[used] !~ /LINE/)
					print FILENAME ": " used
				text = substr(text, RSTART + RLENGTH)
			}
		}' src/decode/*/*.c
	echo "$output"
	[ "$output" = '' ]
}
