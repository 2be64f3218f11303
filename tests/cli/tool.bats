# The tool itself: what is said without a command, or with an unknown one.

load helper

@test "--help: on stdout, status 0, every command" {
	run --separate-stderr "$pcaptool" --help
	[ "$status" = 0 ]
	[ -z "$stderr" ]
	[[ "$output" == "Usage: pcaptool "* ]]
	for command in $("$pcaptool" --options-as words | grep -v '^-'); do
		grep "^  $command " <<<"$output"
		run --separate-stderr "$pcaptool" "$command" --help
		[ "$status" = 0 ]
		[[ "$output" == "Usage: pcaptool $command "* ]]
		run --separate-stderr "$pcaptool" --help
	done
}

@test "--version: the tool, its libpcap, what was built in" {
	run --separate-stderr "$pcaptool" --version
	[ "$status" = 0 ]
	[[ "${lines[0]}" =~ ^pcaptool\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
	grep -E '^libpcap version [0-9.]+' <<<"$output"
	local feature
	for feature in libcap-ng libedit zlib libzstd liblz4 liblzma; do
		grep -E "\\($feature\\) +(yes|no)\$" <<<"$output"
	done
	# and that agrees with what configure found
	[ -f "$top_builddir/config.h" ] || skip "no config.h here"
	for feature in LIBCAP_NG:libcap-ng LIBEDIT:libedit ZLIB:zlib ZSTD:libzstd LZ4:liblz4 \
		LZMA:liblzma; do
		if grep -q "^#define HAVE_${feature%%:*} 1" \
			"$top_builddir/config.h"; then
			grep "(${feature#*:}) .*yes\$" <<<"$output"
		else
			grep "(${feature#*:}) .*no\$" <<<"$output"
		fi
	done
}

@test "usage errors: status 2, nothing on stdout, a hint" {
	run --separate-stderr "$pcaptool"
	[ "$status" = 2 ]
	[ -z "$output" ]
	[[ "$stderr" == *"no command given"* ]]
	[[ "$stderr" == *"pcaptool --help"* ]]

	run --separate-stderr "$pcaptool" raed
	[ "$status" = 2 ]
	[ -z "$output" ]
	[[ "$stderr" == *"unknown command 'raed'; did you mean 'read'?"* ]]

	run --separate-stderr "$pcaptool" --versoin
	[ "$status" = 2 ]
	[[ "$stderr" == *"--versoin"*"--version"* ]]

	run --separate-stderr "$pcaptool" read --skpi=1
	[ "$status" = 2 ]
	[[ "$stderr" == *"--skpi"*"--skip"* ]]
	[[ "$stderr" == *"pcaptool read --help"* ]]
}

@test "what the user typed cannot steer the terminal" {
	run --separate-stderr "$pcaptool" $'\e[31mread\a'
	[ "$status" = 2 ]
	[[ "$stderr" != *$'\e'* ]]
	[[ "$stderr" != *$'\a'* ]]
}

@test "options of the tool stand before the command, and may be shortened" {
	run --separate-stderr "$pcaptool" --vers
	[ "$status" = 0 ]
	[[ "${lines[0]}" == pcaptool* ]]
	run --separate-stderr "$pcaptool" --libpcap=system -q --version
	[ "$status" = 0 ]
	# what two names begin with is refused, with both of them
	run --separate-stderr "$pcaptool" read --p
	[ "$status" = 2 ]
	[ -z "$output" ]
}

@test "after -- is a command as without it" {
	make_pcap sample
	cd "$BATS_TEST_TMPDIR"
	[ "$("$pcaptool" -- read -c 1 sample.pcap)" = \
		"$("$pcaptool" read -c 1 sample.pcap)" ]
	run -2 "$pcaptool" -- -q read sample.pcap
	[[ "$output" == *"unknown command '-q'"* ]]
	# the words to complete, with and without it
	[ "$("$pcaptool" --options-as=completion read --fields ip.sr)" = \
		"$("$pcaptool" --options-as completion -- read --fields ip.sr)" ]
	"$pcaptool" --options-as=completion read --fields ip.sr | grep -x ip.src
	run -0 "$pcaptool" --options-as=completion
}

# status_of COMMAND...: of a pcaptool whose reader goes away at once.
status_of()
{
	(
		set +e +o pipefail
		"$pcaptool" "$@" 2>said | :
		echo "${PIPESTATUS[0]}$(cat said)"
	)
}

@test "a reader that goes away has had enough: quiet, status 0" {
	make_pcap sample
	cd "$BATS_TEST_TMPDIR"
	[ "$(status_of list fields)" = 0 ]
	[ "$(status_of list protocols)" = 0 ]
	[ "$(status_of list linktypes --json)" = 0 ]
	[ "$(status_of help tutorial)" = 0 ]
	[ "$(status_of --help)" = 0 ]
	[ "$(status_of read --help)" = 0 ]
	[ "$(status_of --version)" = 0 ]
	[ "$(status_of stats sample.pcap)" = 0 ]
	[ "$(status_of stats --by rate --interval 1us --json sample.pcap)" = 0 ]
	[ "$(status_of read sample.pcap)" = 0 ]
	[ "$(status_of compile tcp)" = 0 ]
}

@test "stdout that cannot be written is an error: status 3" {
	[ -e /dev/full ] || skip "no /dev/full here"
	run --separate-stderr bash -c "'$pcaptool' --help >/dev/full"
	[ "$status" = 3 ]
	[ -n "$stderr" ]
	# a reader that has enough is none
	run bash -c "'$pcaptool' --help | head -n 1"
	[ "$status" = 0 ]
	[ "${#lines[@]}" = 1 ]
}
