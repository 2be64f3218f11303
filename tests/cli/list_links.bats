# list -v and list --watch: what the system knows of interfaces, with ip(8) and
# what was sent as the oracles.

load helper
load terminal

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_veth
	need jq ping
}

teardown()
{
	term_end
	drop_veth
}

# ours IFACE FILTER: what jq makes of the interface in `list -v --json`.
ours()
{
	in_a "$pcaptool" -q list -v --json -i "$1" | jq -rc ".[0] | $2"
}

@test "-v: MTU, kind, parent and master as ip tells them" {
	ip -n "$ns_a" link set va mtu 1400
	ip -n "$ns_a" link add vc type veth peer name vd
	ip -n "$ns_a" link add vbr type bridge 2>/dev/null || skip "no bridge here"
	ip -n "$ns_a" link set vc master vbr
	local name
	for name in lo va vc vd vbr; do
		diff <(ip -n "$ns_a" -d -j link show "$name" | jq -rc '.[0] |
			[.mtu, .linkinfo.info_kind, .master,
			.link // (.link_index // 0 |
			if . == 0 then null else tostring end)]') \
			<(ours $name '[.mtu, .kind, .master, .parent]')
	done
	[ "$(ours va .parent_elsewhere)" = true ]
	[ "$(ours vd .parent_elsewhere)" = false ]
	[ "$(ours va .driver)" = veth ]
	[ "$(ours va .namespace)" = "$ns_a" ]
	[ "$(ours va .namespace_id)" = "$(in_a readlink /proc/self/ns/net)" ]
	[ "$(ours lo '[.speed, .rx_ring, .bus]')" = '[null,null,null]' ]
	run -0 in_a "$pcaptool" -q list -v -i va
	[[ $output == *"      MTU         1400"* ]]
	[[ $output == *"      kind        veth"* ]]
	[[ $output == *"      parent      "*" in another namespace"* ]]
	[[ $output == *"      namespace   $ns_a net:["* ]]
	[[ $output != *"rx ring"* ]]
}

@test "-v: speed and offloads as ethtool tells them" {
	need ethtool
	[ "$(ours va '.speed / 1000000')" = \
		"$(in_a ethtool va | sed -n 's/.*Speed: \([0-9]*\)Mb.*/\1/p')" ]
	in_a ethtool -K va gro off tso off
	[ "$(ours va '.offloads | index("tso")')" = null ]
	in_a ethtool -K va tso on
	[ "$(ours va '.offloads | index("tso") != null')" = true ]
}

@test "what does not go together" {
	run -2 "$pcaptool" list -v --remote rpcap://localhost
	run -2 "$pcaptool" list -v -L
	run -2 "$pcaptool" list --watch -L
	run -2 "$pcaptool" list --watch formats
	[[ $output == *"--watch do not go with 'list formats'"* ]]
	run -2 "$pcaptool" list --watch=0
}

# watch ARGS: in the background, as $watcher, into `lines`.
watch()
{
	ip netns exec "$ns_a" "$pcaptool" list "$@" >lines 2>said 3>&- &
	watcher=$!
	wait_for test -s lines
}

end_watch()
{
	kill -INT $watcher
	wait $watcher
}

@test "--watch: totals and rates in JSON are what was sent" {
	watch --watch=100ms --json -i va
	in_b ping -q -c 20 -i 0.01 -s 100 10.0.0.1 >/dev/null
	packets_are()
	{
		# and perhaps ARP
		jq -se 'last.interfaces[0].rx_packets -
			.[0].interfaces[0].rx_packets >= 20' lines
	}
	wait_for packets_are
	end_watch
	# the rates of all intervals sum up to the total
	jq -se '(.[1:] | map(.interfaces[0].per_second.rx_bytes * .seconds) | add)
		as $sum | (last.interfaces[0].rx_bytes -
		.[0].interfaces[0].rx_bytes) as $all |
		$all >= 18 * 142 and ($sum - $all | fabs) < $all / 50' lines
	[ "$(jq -s 'last.interfaces[0].rx_bytes' lines)" = \
		"$(ip -n "$ns_a" -s -j link show va | jq '.[0].stats64.rx.bytes')" ]
	jq -se '.[0].interfaces[0].per_second == null' lines
}

@test "--watch: lines, and interfaces that come and go" {
	watch --watch=50ms
	ip -n "$ns_a" link add vn type veth peer name vm
	wait_for grep -q ' vn ' lines
	ip -n "$ns_a" link del vn
	wait_for grep -q 'vn: the interface has gone' said
	end_watch
	grep -q '^pcaptool: vn: the interface is there now$' said
	[ "$(head -n 1 lines | wc -w)" = 18 ]
	[ -z "$(awk 'NF != 18' lines)" ]
	grep -q '^[0-9:]* va - - ' lines
	# its reader goes
	in_a "$pcaptool" list --watch=10ms | head -n 1 >/dev/null
}

@test "--watch: a screen on a terminal, which q ends" {
	need_tmux
	term_start ip netns exec "$ns_a" sh -c \
		"'$pcaptool' list --watch=100ms -i va; echo status \$?; cat"
	term_shows '^INTERFACE +RX PACKETS +RX BYTES +DROPS +ERRORS'
	in_b ping -q -c 3 -i 0.01 10.0.0.1 >/dev/null
	term_shows '^va +[1-9][0-9]* '
	term_type q
	term_shows 'status 0'
}
