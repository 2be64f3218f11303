# What users of other tools type: the message has the command line to use, and
# that line works.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
	cp sample.pcap a.pcap
	cp sample.pcap b.pcap
	mkdir bin
	ln -s "$pcaptool" bin/pcaptool
	PATH=$PWD/bin:$PATH
	# what is captured from is played by the fake library
	cat >script <<-'END'
		interface eth0 up running
		packet count=20 pad=60
		signal INT
		interface lo up running loopback
		packet count=20 pad=60
		signal INT
	END
	export PCAPTOOL_FAKE=$PWD/script
	export PCAPTOOL_LIBPCAP=$top_builddir/tests/fake/libpcap.so
}

# said LINE: what is printed for a command line that is refused.
said()
{
	run bash -c "$1 </dev/null"
	[ "$status" -eq 2 ] || {
		echo "$1: status $status, not 2"
		echo "$output"
		return 1
	}
}

# leads: from stdin "what is typed => the line to use", which has to work.
leads()
{
	local line typed use n=0
	while IFS= read -r line; do
		[ -n "$line" ] || continue
		typed="pcaptool ${line%% => *}"
		use="pcaptool ${line#* => }"
		said "$typed"
		grep -Fxq "Use: $use" <<<"$output" || {
			printf '%s\nwant: Use: %s\ngot:\n%s\n' "$typed" \
				"$use" "$output"
			return 1
		}
		use=${use//OUTPUT/out}
		rm -f out.pcapng c.*
		case $use in
		*capture* | *' -i '* | *'list') need_choice ;;
		*) ;;
		esac
		[[ $use == *EXPRESSION* || $use == *shell* ]] ||
			timeout 30 bash -c "$use" >printed 2>&1 </dev/null || {
			echo "$use: status $?"
			cat printed
			return 1
		}
		n=$((n + 1))
	done
	[ "$n" -gt 0 ]
}

@test "a file, tcpdump's options: read" {
	leads <<-'END'
		a.pcap => read a.pcap
		a.pcap b.pcap => read a.pcap b.pcap
		a.pcap tcp port 80 => read a.pcap -f 'tcp port 80'
		-r a.pcap => read -r a.pcap
		-ra.pcap => read -r a.pcap
		-nr a.pcap tcp port 80 => read -n -r a.pcap tcp port 80
		-r a.pcap -c 3 -vv => read -v -v -r a.pcap -c 3
		-r a.pcap -w c.pcap tcp => write -r a.pcap tcp -w c.pcap
		--count -r a.pcap => filter --count -r a.pcap
		tcpdump -nr a.pcap tcp => read -n -r a.pcap tcp
		-d tcp port 80 => compile -d tcp port 80
	END
}

@test "tshark's options: fields, forms, statistics, streams" {
	leads <<-'END'
		-r a.pcap -T fields -e ip.src -e ip.dst => read -r a.pcap --fields ip.src,ip.dst
		-r a.pcap -Tfields -e ip.src -E header=n -E separator=, => read -r a.pcap --no-header --separator , --fields ip.src
		-r a.pcap -T json => read -r a.pcap -o json
		-r a.pcap -V => read -r a.pcap -o detail
		-r a.pcap -t ad => read -r a.pcap -tttt
		-q -z conv,tcp -r a.pcap => stats --by conversations:tcp -r a.pcap
		-r a.pcap -qz io,phs => stats -r a.pcap --by protocols
		-r a.pcap -q -z io,stat,1 => stats -r a.pcap --by rate --interval 1s
		-r a.pcap -q -z endpoints,ip => stats -r a.pcap --by endpoints:ip
		tshark -r a.pcap -qz follow,tcp,ascii,0 => read -q -r a.pcap --stream 0
		-r a.pcap -d tcp.port==8888,http => read -r a.pcap --as 'tcp port 8888=http'
		-G fields => list fields
		read a.pcap -T fields -e ip.src => read --fields ip.src a.pcap
		read a.pcap -V => read -o detail a.pcap
		read a.pcap -z conv,tcp => stats --by conversations:tcp a.pcap
		stats -z io,phs a.pcap => stats --by protocols a.pcap
		read a.pcap -w c.pcapng => write a.pcap -w c.pcapng
	END
}

@test "ngrep's lines lead to --match" {
	leads <<-'END'
		ngrep -I a.pcap GET => read -A -r a.pcap --match GET
		ngrep -q -I a.pcap -i 'get /' tcp port 80 => read -q -A -r a.pcap --ignore-case --match 'get /' tcp port 80
		ngrep -W byline -n 3 -I a.pcap '^HTTP' => read -A -c 3 -r a.pcap --match ^HTTP
		ngrep -d eth0 GET => capture -A -i eth0 --match GET
	END
}

@test "display filters lead to -Y, and to capture filters where they can" {
	leads <<-'END'
		-r a.pcap -Y dns => read -r a.pcap -Y dns
		-r a.pcap -Y 'ip.addr == 192.0.2.80 && tcp.port==80' => read -r a.pcap -Y 'ip.addr == 192.0.2.80 && tcp.port==80'
		-r a.pcap -Y dns -w c.pcap => write -r a.pcap -Y dns -w c.pcap
		-r a.pcap -Y dns -R udp => read -r a.pcap -Y '(dns) && (udp)'
		read a.pcap 'ip.addr==192.0.2.53' => read a.pcap -Y ip.addr==192.0.2.53
		read a.pcap 'http.host contains "x"' => read a.pcap -Y 'http.host contains "x"'
		stats a.pcap dns => stats a.pcap -Y dns
		stats a.pcap tcp => stats a.pcap -f tcp
		-i eth0 -Y dns -c 1 => capture -i eth0 -c 1 -Y dns
	END
	[ "$(pcaptool filter --count 'arp or (udp and src host 192.0.2.10)' \
		a.pcap)" = 3 ]
	said "pcaptool read -f 'ip.addr == 192.0.2.53' a.pcap"
	[ "${lines[-1]}" = "That is a field expression: use -Y 'ip.addr == 192.0.2.53'" ]
	said "pcaptool compile ip.addr == 192.0.2.53"
	[ "${lines[-1]}" = "As a pcap-filter(7) expression: 'host 192.0.2.53'" ]
	said "pcaptool capture tcp.port==80"
	[ "${lines[-2]}" = "That is a field expression: use -Y tcp.port==80" ]
	[ "${lines[-1]}" = "As a pcap-filter(7) expression: 'tcp port 80'" ]
	# an expression that is one is not explained
	said "pcaptool read -f 'tcp port' a.pcap"
	[[ "$output" != *"As a"* && "$output" != *"That is"* ]]
}

@test "interfaces and dumpcap's limits: capture" {
	need_choice
	leads <<-'END'
		-D => list
		--list-interfaces => list
		read -D => list
		capture -D => list
		-i eth0 -w c.pcap => capture -i eth0 -w c.pcap
		-ni eth0 tcp => capture -n -i eth0 tcp
		-i eth0 -f 'tcp port 80' -c 1 => capture -i eth0 -c 1 -f 'tcp port 80'
		-i eth0 -a duration:10 -w c.pcap => capture -i eth0 --for 10s -w c.pcap
		dumpcap -i eth0 -a filesize:100 -w c.pcap => capture -i eth0 --max-bytes 100k -w c.pcap
		dumpcap -i eth0 -b filesize:100 -b files:5 -w c.pcap => capture -i eth0 --rotate-size 100000B --keep 5 -w c.pcap
		capture -i eth0 -a packets:5 => capture -i eth0 -c 5
		eth0 => capture -i eth0
		eth0 udp => capture -i eth0 udp
		sniff eth0 => capture -i eth0
		tcp port 80 => capture tcp port 80
		capture eth0 => capture -i eth0
		capture -c 2 eth0 udp => capture -c 2 -i eth0 udp
		read eth0 => capture -i eth0
	END
	said "pcaptool stats eth0"
	grep -Fx "Use: pcaptool stats -i eth0" <<<"$output"
}

@test "verbs of other tools" {
	leads <<-'END'
		info a.pcap => stats a.pcap
		capinfos -c a.pcap b.pcap => stats a.pcap b.pcap
		merge a.pcap b.pcap => write a.pcap b.pcap -w OUTPUT.pcapng
		mergecap -w c.pcapng a.pcap b.pcap => write a.pcap b.pcap -w c.pcapng
		mergecap -a -w c.pcapng a.pcap b.pcap => write --concat a.pcap b.pcap -w c.pcapng
		convert a.pcap c.pcapng => write a.pcap -w c.pcapng
		convert a.pcap => write a.pcap -w OUTPUT.pcapng
		editcap -s 64 a.pcap c.pcapng => write -s 64 a.pcap -w c.pcapng
		editcap -d -F pcap a.pcap c.cap => write --dedup --format pcap a.pcap -w c.cap
		editcap -A 2026-01-01T00:00:00 a.pcap c.pcap => write --from 2026-01-01T00:00:00 a.pcap -w c.pcap
		follow a.pcap => read --stream 0 a.pcap
		follow udp 0 a.pcap => read --stream udp:0 a.pcap
		sort a.pcap c.pcap => write --sort a.pcap -w c.pcap
		open a.pcap => shell a.pcap
		show a.pcap => read a.pcap
		count a.pcap tcp => filter --count a.pcap -f tcp
		protocols => list protocols
		version => --version
		-v => --version
		-h => --help
	END
}

@test "an expression among files" {
	leads <<-'END'
		read a.pcap 'tcp port 80' => read a.pcap -f 'tcp port 80'
		read -v a.pcap tcp port 80 => read -v a.pcap -f 'tcp port 80'
		read 'tcp port 80' a.pcap => read -f 'tcp port 80' a.pcap
		filter --count tcp port 80 a.pcap => filter --count -f 'tcp port 80' a.pcap
		stats a.pcap b.pcap udp => stats a.pcap b.pcap -f udp
	END
}

@test "what no tool has is only refused" {
	local line
	for line in xyz '-r a.pcap --xyz' 'read nofile.pcap' \
		'read -k a.pcap' '-r a.pcap -z rtp,streams'; do
		said "pcaptool $line"
		[[ "$output" != *Use:* ]]
	done
	said "pcaptool reed a.pcap"
	[[ "$output" == *"did you mean 'read'?"* ]]
	# a name that would be dangerous as it stands is quoted
	cp a.pcap "a'b;c.pcap"
	run -2 "$pcaptool" "a'b;c.pcap"
	[ "${lines[1]}" = "Use: pcaptool read 'a'\\''b;c.pcap'" ]
}

@test "in the shell, too" {
	run bash -c "echo 'info a.pcap' | pcaptool shell"
	[[ "$output" == *"Use: stats a.pcap"* ]]
	run bash -c "echo 'filter sample.pcap' | pcaptool shell a.pcap"
	[[ "$output" == *"Use: open sample.pcap"* ]]
}
