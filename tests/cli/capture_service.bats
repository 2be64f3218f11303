# capture as a service: what a service manager is told, and the unit for it.

load helper
load live

teardown()
{
	drop_veth
}

setup()
{
	cd "$BATS_TEST_TMPDIR"
	need python3
	script 'interface x up' 'packet count=9 pad=60'
}

# manage ADDRESS [NAME=VALUE...]: capture for 400 ms as a service manager would
# have it; what it is told is in `told`, a line a message.
manage()
{
	python3 - "$pcaptool" "$fake" "$@" <<-'END'
		import os, socket, subprocess, sys
		tool, fake, address, *more = sys.argv[1:]
		s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
		s.bind("\0" + address[1:] if address[0] == "@" else address)
		env = dict(os.environ, NOTIFY_SOCKET=address)
		env.update(m.split("=") for m in more)
		p = subprocess.Popen([tool, "--libpcap", fake, "capture", "-i",
		    "x", "-w", "f.pcapng", "--force", "--for", "400ms", "--",
		    "sh", "-c", "env >env; sleep 2"],
		    env=env, stderr=subprocess.DEVNULL)
		p.wait()
		s.setblocking(False)
		with open("told", "w") as told:
		    try:
		        while True:
		            told.write(s.recv(1000).decode() + "\n")
		    except BlockingIOError:
		        pass
	END
}

# in_order: what was told, without repetitions.
in_order()
{
	grep -v '^WATCHDOG' told | uniq | xargs
}

@test "ready, status and stop, by the name of a socket and an abstract one" {
	local want='^READY=1 STATUS=[09] packets captured, 0 dropped STOPPING=1$'
	manage "$PWD/socket"
	in_order | grep -qE "$want"
	! grep -q WATCHDOG told
	manage "@pcaptool-$$-$BATS_TEST_NUMBER"
	in_order | grep -qE "$want"
	# it is not for children
	! grep -E 'NOTIFY_SOCKET|WATCHDOG' env
}

@test "signs of life in half the time, if they are for this process" {
	manage "$PWD/socket" WATCHDOG_USEC=100000
	[ "$(grep -c '^WATCHDOG=1$' told)" -ge 3 ]
	[ "$(grep -c '^WATCHDOG=1$' told)" -le 12 ]
	rm socket
	manage "$PWD/socket" WATCHDOG_USEC=100000 WATCHDOG_PID=1
	! grep -q WATCHDOG told
}

@test "nobody listens: nothing is different" {
	NOTIFY_SOCKET=/nonexistent WATCHDOG_USEC=1000 \
		play -i x -c 9 -w f.pcapng 2>said
	NOTIFY_SOCKET=nonsense play -i x -c 9 -w g.pcapng 2>said
	[ "$(summary captured)" = 9 ]
}

@test "the unit is one that systemd reads, and its command line one of ours" {
	local unit=$top_srcdir/contrib/systemd/pcaptool@.service line
	line=$(sed -n 's/^ExecStart=[^ ]* -q capture //p' "$unit" | sed 's/%%/%/g
		s/%[iI]/x/g; s,\${LOGS_DIRECTORY},.,; s/\$PCAPTOOL_MORE//')
	line=${line/\$PCAPTOOL_RING/$(sed -n 's/^Environment="PCAPTOOL_RING=\(.*\)"/\1/p' \
		"$unit")}
	play $line -c 9 2>said
	[ "$(summary captured)" = 9 ]
	ls x-20*.pcapng
	need systemd-analyze
	mkdir units
	sed "s,/usr/bin/pcaptool,$pcaptool," "$unit" >'units/pcaptool@.service'
	run systemd-analyze verify ./units/pcaptool@x.service
	! grep -v "Command 'man " <<<"$output" | grep pcaptool@
	! command -v systemd-sysusers || systemd-sysusers --dry-run \
		"$top_srcdir/contrib/systemd/sysusers.conf"
}

@test "the capabilities of the unit are enough" {
	need setpriv ping
	make_veth
	ip netns exec "$ns_b" setpriv --reuid 65534 --regid 65534 \
		--clear-groups --no-new-privs --bounding-set=-all,+net_raw,+net_admin \
		--inh-caps=+net_raw,+net_admin --ambient-caps=+net_raw,+net_admin \
		"$pcaptool" capture -i vb -c 1 -w - icmp >out 2>said 3>&- &
	capturer=$!
	wait_for listening said
	in_a ping -q -c 1 10.0.0.2 >/dev/null
	wait $capturer
	[ "$("$pcaptool" filter --count '' out)" = 1 ]
}
