# Loaded by every Bats file: "load helper" (or "load ../cli/helper").
#
# $pcaptool is the binary under test, $top_srcdir the source tree, and
# $BATS_TEST_TMPDIR a directory that is the test's own. The user's settings are
# out of sight. Run by hand, outside make check: PCAPTOOL=build/pcaptool bats
# tests/cli/list.bats (that path is the default).

bats_require_minimum_version 1.5.0

top_srcdir=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
top_builddir=${TOP_BUILDDIR:-$top_srcdir/build}
pcaptool=${PCAPTOOL:-$top_builddir/pcaptool}

export LC_ALL=C TZ=UTC XDG_CONFIG_HOME=/nonexistent
unset PCAPTOOL_LIBPCAP

# make_pcap NAME: the capture that tests/data/NAME.hex describes, as
# $BATS_TEST_TMPDIR/NAME.pcap.
make_pcap()
{
	"$top_builddir/tests/tools/hex2pcap" \
		"$top_srcdir/tests/data/$1.hex" >"$BATS_TEST_TMPDIR/$1.pcap"
}

# need PROGRAM...: skip this test unless each is there.
need()
{
	local program
	for program; do
		command -v "$program" >/dev/null || skip "no $program here"
	done
}

# need_netns: skip this test unless network namespaces can be made.
need_netns()
{
	need ip
	local name=pt-try-$$-$BATS_TEST_NUMBER
	if ! ip netns add "$name" 2>/dev/null ||
		! ip netns exec "$name" true 2>/dev/null; then
		ip netns del "$name" 2>/dev/null || true
		skip "may not use network namespaces"
	fi
	ip netns del "$name"
}

# make_veth: two namespaces of this test alone, $ns_a and $ns_b, joined by
# interfaces va (02:00:00:00:00:01, 10.0.0.1/24) and vb (...02, 10.0.0.2/24);
# both loopbacks are up, and nothing speaks unasked (no IPv6). Call
# drop_veth in teardown.
make_veth()
{
	need_netns
	ns_a=pt-a-$$-$BATS_TEST_NUMBER ns_b=pt-b-$$-$BATS_TEST_NUMBER
	local ns
	for ns in "$ns_a" "$ns_b"; do
		ip netns add "$ns"
		ip netns exec "$ns" sh -c '
			for x in all default; do
				echo 1 >/proc/sys/net/ipv6/conf/$x/disable_ipv6
			done' 2>/dev/null || true
		ip -n "$ns" link set lo up
	done
	ip -n "$ns_a" link add va address 02:00:00:00:00:01 type veth \
		peer name vb address 02:00:00:00:00:02 netns "$ns_b"
	ip -n "$ns_a" addr add 10.0.0.1/24 dev va
	ip -n "$ns_b" addr add 10.0.0.2/24 dev vb
	ip -n "$ns_a" link set va up
	ip -n "$ns_b" link set vb up
}

drop_veth()
{
	local ns
	for ns in "${ns_a-}" "${ns_b-}"; do
		[ -z "$ns" ] || ip netns del "$ns" 2>/dev/null || true
	done
}

# in_a COMMAND..., in_b COMMAND...: run it in one of the two namespaces.
in_a()
{
	ip netns exec "$ns_a" "$@"
}

in_b()
{
	ip netns exec "$ns_b" "$@"
}

# need_choice: skip this test if the tool cannot load another libpcap.
need_choice()
{
	! "$pcaptool" --version | grep -q '^  one static file .*yes$' ||
		skip "a static pcaptool loads no other libpcap"
}

# wait_for COMMAND...: until it succeeds, at most two minutes.
wait_for()
{
	local i
	for ((i = 0; i < 2400; i++)); do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.05
	done
	return 1
}
