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

@test "Makefile.am lists all that is under tests/" {
	diff -u <(find tests/unit -name '*.c' | sed 's/\.c$//' | sort) \
		<(variable unit_tests | sort)
	diff -u <(find tests/cli -name '*.bats' | sort) \
		<(variable cli_tests | sort)
	diff -u <(find tests/tools -name '*.c' | sed 's/\.c$//' | sort) \
		<(variable test_tools | sort)
	diff -u <(find tests/data -type f | sort) <(variable test_data | sort)
	diff -u <(find tests/lint -name '*.bats' | sort) \
		<(variable lint_tests | sort)
}
