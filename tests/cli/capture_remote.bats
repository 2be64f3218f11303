# capture from interfaces of other machines: what libpcap is asked for, and that
# packets of a handle that only can wait arrive like others. The fake libpcap is
# a server that has the interfaces of its script.

load helper
load live
load terminal

setup()
{
	cd "$BATS_TEST_TMPDIR"
}

teardown()
{
	term_end
}

@test "packets arrive, in order, and each is counted" {
	need tcpdump
	script 'log log' 'interface x up' \
		'packet count=30000 pad=1400 number=20' 'pause 60000'
	play -i rpcap://host:2002/x -c 30000 -w f.pcap 2>said
	[ "$(summary captured)" = 30000 ]
	[ "$(summary received by filter)" = 30000 ]
	[ "$(summary dropped by kernel)" = 0 ]
	tcpdump -xnr f.pcap 2>/dev/null | awk '$1 == "0x0000:" { n++ }
		END { exit n != 30000 }'
	"$pcaptool" read f.pcap -o csv --fields frame.number,data.data | awk -F, '
		NR > 1 { if (substr($2, 13, 8) != sprintf("%08x", $1)) bad++ }
		END { exit bad || NR != 30001 }'
	grep -q '^x open snaplen 262144 flags 5 as -:-' log
}

@test "the filter is the server's; SIGINT ends it with what has come" {
	script 'log log' 'interface x up' 'packet count=7 pad=60' \
		'packet count=5 pad=100' 'pause 60000'
	"$pcaptool" --libpcap "$fake" capture -i rpcap://host/x -f 'len = 100' \
		-o csv --fields frame.len 2>said >out 3>&- &
	capturer=$!
	wait_for eval '[ "$(wc -l <out)" = 6 ]'
	stop_capture
	[ "$status" = 0 ]
	[ "$(sort -u out | xargs)" = "100 frame.len" ]
	grep -q '^x setfilter' log
	[ "$(summary captured)" = 5 ] && [ "$(summary received by filter)" = 5 ]
}

@test "local and remote interfaces in one capture" {
	script 'interface x up' 'packet count=10 pad=60' 'pause 300' \
		'error gone' 'interface y up' 'packet count=20 pad=60' \
		'pause 60000'
	run -3 play -i y -i rpcap://host/x --for 1s -w f.pcapng
	[[ $output == *"rpcap://host/x: gone (the capture goes on without it)"* ]]
	[ "$("$pcaptool" read f.pcapng -o csv --fields frame.interface_name |
		sort | uniq -c | xargs)" = \
		"1 frame.interface_name 10 rpcap://host/x 20 y" ]
}

@test "a user and a password, from a file or the terminal" {
	script 'log log' 'interface x up' 'packet pad=60'
	printf 'open sesame\nand more\n' >secret
	play -i rpcap://host/x -c 1 --remote-user me \
		--remote-password-file secret -w - >/dev/null 2>&1
	grep -q 'as me:open sesame$' log
	"$pcaptool" --libpcap "$fake" list --remote rpcap://host \
		--remote-user me --remote-password-file secret >out
	grep -q 'rpcap://host/x' out
	run -2 setsid "$pcaptool" --libpcap "$fake" capture \
		-i rpcap://host/x --remote-user me
	[ "$output" = "pcaptool: no terminal to ask for the password on" ]
	: >secret
	run -1 play -i rpcap://host/x --remote-user me \
		--remote-password-file secret
	[ "$output" = "pcaptool: secret: it is empty" ]
}

@test "the password is typed unseen" {
	script 'log log' 'interface x up' 'packet pad=60'
	term_start "$pcaptool" --libpcap "$fake" capture -i rpcap://host/x \
		-c 1 --remote-user me -w f.pcap
	wait_for eval 'term_screen | grep -q "^Password of me for rpcap://host/x:"'
	term_type secret
	term_key Enter
	wait_for grep -q 'as me:secret$' log
	run -1 eval 'term_screen | grep secret'
}

@test "sampling" {
	script 'log log' 'interface x up' 'packet pad=60' 'interface y up' \
		'packet pad=60'
	play -c 2 -i rpcap://host/x --remote-sampling 1/10 \
		-i rpcap://host/y --remote-sampling 50ms -w f.pcapng
	grep -q '^x sampling 1 10$' log && grep -q '^y sampling 2 50$' log
	run -2 play -i rpcap://host/x --remote-sampling 2/3
	[ "$output" = "pcaptool: option --remote-sampling: '2/3' is neither of the form 1/N nor a duration of 1ms and more" ]
}

@test "what cannot be is refused, with its name" {
	script 'interface x up' 'interface down' 'activate -9 not up'
	run -2 play -i x --remote-user me
	[ "$output" = "pcaptool: option --remote-user: 'x' is not a remote interface (rpcap://HOST/IFACE)" ]
	run -2 play -i rpcap://host/x --remote-password-file f
	[ "$output" = "pcaptool: option --remote-password-file requires --remote-user" ]
	run -2 play -i rpcap://host/x -Q in
	[ "$output" = "pcaptool: rpcap://host/x: option --direction: not for remote interfaces" ]
	run -1 play -i rpcap://host/down
	[[ $output == "pcaptool: rpcap://host/down: "* ]]
	run -2 timeout 20 "$pcaptool" \
		--libpcap "$top_builddir/tests/fake/libpcap-old.so" \
		capture -i rpcap://host/x
	[ "$output" = "pcaptool: libpcap 1.0.0 has no pcap_open (since 1.9, when built with remote capture)" ]
}
