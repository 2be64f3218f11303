# capture --not-me: the ssh connection is found, and left out by the kernel.

load helper
load live

setup()
{
	cd "$BATS_TEST_TMPDIR"
	connection='10.0.0.1 4022 10.0.0.2 22'
	note='leaving out the ssh connection from 10.0.0.1 port 4022 to 10.0.0.2 port 22'
}

teardown()
{
	[ -z "${server-}" ] || kill "$server" 2>/dev/null || true
	drop_veth
}

# connect PORT: from 10.0.0.1 port 4022 to that port, where nothing listens.
connect()
{
	in_a python3 -c 'import socket, sys
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("10.0.0.1", 4022))
s.connect_ex(("10.0.0.2", int(sys.argv[1])))' "$1"
}

@test "left out is that connection alone, and the note names it" {
	make_veth
	need python3
	export SSH_CONNECTION=$connection
	start_in_b -i vb --not-me -w f.pcapng tcp
	grep -q "$note" said
	connect 22
	connect 23
	stop_capture
	[ "$(summary captured)" = 2 ]
	[ "$(summary received by filter)" = 2 ]
	[ "$("$pcaptool" filter --count 'port 23' f.pcapng)" = 2 ]
	# whatever else selects
	start_in_b -f 'port 23' -i vb --not-me --invert -w g.pcapng
	connect 22
	connect 23
	in_a ping -c 1 -q 10.0.0.2 >/dev/null
	stop_capture
	[ "$("$pcaptool" filter --count tcp g.pcapng)" = 0 ]
	[ "$("$pcaptool" filter --count icmp g.pcapng)" = 2 ]
}

@test "the variable of a parent process, as sudo leaves it to be found" {
	[ -r /proc/self/environ ] || skip "no /proc"
	script 'interface x up' 'packet count=3 pad=60' 'signal INT'
	SSH_CONNECTION=$connection sh -c "env -u SSH_CONNECTION sh -c \
		\"'$pcaptool' --libpcap '$fake' capture -i x --not-me -w f.pcap; :\"
		:" 2>said
	grep -q "$note" said
	SSH_CONNECTION=$connection "$pcaptool" -q --libpcap "$fake" capture \
		-i x --not-me -w g.pcap 2>said
	! grep -q leaving said
}

@test "sshd itself, by its socket" {
	make_veth
	need python3 unshare
	unshare -pf --mount-proc true || skip "may not use process namespaces"
	cat >listen.py <<-'END'
	import socket, sys
	s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1]
		else socket.AF_INET)
	s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
	s.bind((sys.argv[1], 22))
	s.listen()
	print("ready", flush=True)
	c, where = s.accept()
	open("/proc/self/comm", "w").write("sshd-session")
	import subprocess
	subprocess.run(sys.argv[2:])
	END
	local addr
	for addr in 10.0.0.2 ::ffff:10.0.0.2; do
		in_b env -u SSH_CONNECTION unshare -pf --mount-proc \
			python3 listen.py "$addr" "$pcaptool" \
			--libpcap "$fake" capture -i x --not-me -w f.pcap --force \
			>ready 2>said 3>&- &
		server=$!
		script 'interface x up' 'packet count=3 pad=60' 'signal INT'
		wait_for grep -q ready ready
		in_a python3 -c 'import socket
s = socket.socket()
s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("10.0.0.1", 4022))
s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
s.connect(("10.0.0.2", 22))
s.recv(1)'
		wait "$server"
		grep -q "$note" said
		: >ready
	done
}

@test "none: an error before anything is opened" {
	need unshare
	unshare -pf --mount-proc true || skip "may not use process namespaces"
	script "log $PWD/log" 'interface x up' 'packet count=3 pad=60'
	run -2 env -u SSH_CONNECTION unshare -pf --mount-proc "$pcaptool" \
		--libpcap "$fake" capture -i x --not-me -w f.pcap
	[[ $output == *"--not-me: no ssh connection found"* ]]
	# a variable that says something else is as good as none
	run -2 env SSH_CONNECTION='a 1 b or' unshare -pf --mount-proc \
		"$pcaptool" --libpcap "$fake" capture -i x --not-me -w f.pcap
	[ ! -e f.pcap ]
	! grep -q activate log
}
