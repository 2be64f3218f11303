# shellcheck shell=sh
# Read by ./check and .ci/run: adds up what "make check" says.

# shellcheck disable=SC2034 # for those who read this
passed=0 failed=0 skipped=0

# add_counts FILE: the totals that the test harness printed into it.
add_counts()
{
	eval "$(awk '
		/^# PASS: /	{ pass += $3 }
		/^# XFAIL: /	{ pass += $3 }
		/^# SKIP: /	{ skip += $3 }
		/^# (FAIL|XPASS|ERROR): / { fail += $3 }
		END {
			printf "passed=$((passed + %d));", pass
			printf "failed=$((failed + %d));", fail
			printf "skipped=$((skipped + %d))\n", skip
		}' "$1")"
}

# add_result STATUS WHAT: one step that passed or failed as a whole.
add_result()
{
	if [ "$1" -eq 0 ]; then
		passed=$((passed + 1))
		echo "passed: $2"
	else
		failed=$((failed + 1))
		echo "FAILED: $2"
	fi
}
