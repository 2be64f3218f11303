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
	diff -u <(find tests/cli -name '*.bats' | sort) \
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

@test "commands.def has a row for every command, and cmd/ a file" {
	diff -u <(sed -n 's/^const struct command \([a-z0-9_]*\)_command = .*/\1/p' \
		src/cmd/*.c | sort) <(rows COMMAND src/cmd/commands.def)
	local name
	for name in $(rows COMMAND src/cmd/commands.def); do
		grep -q "^const struct command ${name}_command" "src/cmd/$name.c"
	done
}

@test "pcaplib.def says which commands reach a function, and they do" {
	local bad=0 slot commands command
	local called
	called=$(grep -rhoE '(libpcap|lib)->[a-z0-9_]+|pcaplib_need\([a-z0-9_]+' src \
		--include='*.c' | sed 's/.*[>(]//' | sort -u)
	while IFS='|' read -r slot commands; do
		if grep -qx "$slot" <<<"$called"; then
			[ -n "$commands" ] || {
				echo "$slot is called, but by no command"
				bad=1
			}
		elif [ -n "$commands" ]; then
			echo "$slot is not called, but by $commands"
			bad=1
		fi
		for command in $commands; do
			case $command in start-up | --version) continue ;; esac
			grep -q "^COMMAND($command)" src/cmd/commands.def || {
				echo "$slot: there is no command $command"
				bad=1
			}
		done
	done < <(sed -nE 's/^(NEEDED|OPTIONAL|REMOTE)\(.*, ([a-z0-9_]+), (pcap|bpf)_[a-z0-9_]+, \(.*\), "[^"]*", "([^"]*)"\)$/\2|\4/p' \
		src/capture/pcaplib.def)
	[ $bad = 0 ]
}
