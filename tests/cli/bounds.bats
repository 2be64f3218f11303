# Memory has a bound, whatever a file holds: 64 MiB resident at most, measured
# by getrusage(2) over the whole run.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	tools=$top_builddir/tests/tools
}

# Sanitizers need memory of their own.
bounded()
{
	local limit=64
	! grep -q '__asan_init\|__tsan_init' "$pcaptool" || limit=100000
	"$tools/within" $limit "$pcaptool" "$@"
}

# make_long MIB: two packets of that length between usual ones, as long.pcap and
# long.pcapng.
make_long()
{
	len=$(($1 << 20))
	"$tools/hostile" long 2 $len >long.pcap
	"$tools/hostile" longng 2 $len >long.pcapng
}

@test "long packets are copied bit for bit, from and to every kind of file" {
	make_long 12
	for from in pcap pcapng; do
		for to in pcap pcapng pcap.zst pcapng.gz; do
			bounded write --force -w copy.$to long.$from
		done
		cmp copy.pcap long.pcap
		cmp copy.$from long.$from
	done
	bounded write -w again.pcap copy.pcap.zst
	cmp again.pcap long.pcap
	bounded write -w again.pcapng copy.pcapng.gz
	cmp again.pcapng long.pcapng
}

@test "packets of 100 MiB" {
	"$tools/hostile" long 1 $((100 << 20)) >long.pcap
	bounded write -w copy.pcapng long.pcap
	bounded write -w copy.pcap copy.pcapng
	cmp copy.pcap long.pcap
	run -0 bounded read copy.pcapng
	[ "$(grep -c ' > 192.0.2.1' <<<"$output")" -eq 3 ]
}

@test "long packets come through a pipe, are sorted, split and selected whole" {
	make_long 6
	bounded write --format pcap -w - - <long.pcap | cmp - long.pcap
	bounded write --format pcap -w - - < <(cat long.pcap) | cmp - long.pcap
	bounded write --sort -w sorted.pcap long.pcap
	cmp sorted.pcap long.pcap
	bounded filter 'udp src port 1000' -w two.pcap long.pcap
	tail -c +83 long.pcap | head -c -58 | cmp - <(tail -c +25 two.pcap)
	# of the two, which are equal, the second one goes
	bounded filter --dedup -w one.pcap long.pcap
	[ "$(stat -c %s one.pcap)" = $((24 + 58 + 16 + len)) ]
	# but not if they differ in their last byte
	printf 'x' | dd of=long.pcap bs=1 conv=notrunc \
		seek=$((24 + 58 + 2 * (16 + len) - 1)) 2>dd
	bounded filter --dedup -w both.pcap long.pcap
	[ "$(stat -c %s both.pcap)" = $((24 + 58 + 2 * (16 + len))) ]
	bounded write --snap 2000000 -w snap.pcap long.pcap
	[ "$(stat -c %s snap.pcap)" = $((24 + 58 * 2 + 2 * (16 + 2000000))) ]
	tail -c +83 snap.pcap | tail -c +17 | head -c 2000000 |
		cmp - <(tail -c +99 long.pcap | head -c 2000000)
}

@test "all bytes of a long packet are dumped, by threads or without" {
	need xxd
	"$tools/hostile" long 1 $((3 << 20)) >long.pcap
	"$tools/hostile" longng 1 $((3 << 20)) >long.pcapng
	tail -c +99 long.pcap | head -c $((3 << 20)) >bytes
	for file in long.pcap long.pcapng; do
		for jobs in 1 3; do
			bounded read -xx -c 1 --skip 1 --jobs $jobs $file |
				sed -n 's/^\t0x[0-9a-f]*: *//p' | xxd -r -p |
				cmp - bytes
			bounded read -XX -c 1 --skip 1 --jobs $jobs $file |
				sed -n 's/^\t0x[0-9a-f]*: *\(.\{40\}\).*/\1/p' |
				xxd -r -p | cmp - bytes
			bounded read -o hex -c 1 --skip 1 --jobs $jobs $file |
				sed -n 's/^[0-9a-f]\{4,8\}  \(.\{48\}\).*/\1/p' |
				xxd -r -p | cmp - bytes
			bounded read -AA -c 1 --skip 1 --jobs $jobs $file >ascii
			[ "$(stat -c %s ascii)" -gt 3000000 ]
		done
	done
}

@test "printing and counting long packets" {
	make_long 6
	"$pcaptool" write -w long.pcap.gz long.pcap
	for from in long.pcap.gz long.pcapng; do
		for jobs in 1 2; do
			run -0 bounded read --jobs $jobs --no-header --fields \
				frame.number,frame.cap_len,frame.len $from
			[ "$(grep -c "^[23]	$len	$len\$" <<<"$output")" -eq 2 ]
			for form in text detail json; do
				bounded read --jobs $jobs -o $form $from >$form
			done
			[ "$(wc -l <json)" -eq 4 ]
			[ "$(grep -c ' > 192.0.2.1' text)" -eq 4 ]
		done
		run -0 bounded stats --json $from
		[[ $output == *"\"captured\": $((2 * len + 84)),"* ]]
	done
}

@test "a long packet that is cut ends the file, and what is before it is there" {
	make_long 6
	head -c $((4 << 20)) long.pcap >cut.pcap
	head -c $((4 << 20)) long.pcapng >cut.pcapng
	gzip -1 <cut.pcap >cut.pcap.gz
	for file in cut.pcap cut.pcapng cut.pcap.gz; do
		run -1 bounded read $file
		[[ $output == *' > 192.0.2.1'* ]]
		[[ $output == *"packet 2"* ]]
		run -1 bounded write --force -w copy.pcap $file
		[ "$(stat -c %s copy.pcap)" = $((24 + 58)) ]
	done
}

@test "many values and much text of packets" {
	"$tools/hostile" radius 700 2000 >radius.pcap
	for jobs in 1 2; do
		for form in text detail json csv; do
			bounded read --jobs $jobs -o $form radius.pcap >$form.$jobs
		done
		bounded read -v --jobs $jobs radius.pcap >v.$jobs
	done
	for form in text detail json csv v; do
		cmp $form.1 $form.2
	done
	[ "$(wc -l <json.1)" -eq 700 ]
}

@test "many interfaces with many options" {
	"$tools/hostile" interfaces 200 130000 >interfaces.pcapng
	for jobs in 1 2; do
		run -0 bounded read --jobs $jobs interfaces.pcapng
		[[ $output == *' > 192.0.2.1'* ]]
		bounded stats --jobs $jobs --by protocols interfaces.pcapng
	done
	bounded read --stream udp:0 interfaces.pcapng
	bounded write -w copy.pcapng interfaces.pcapng
	cmp copy.pcapng interfaces.pcapng
}

@test "of a file's own names a quarter million are kept" {
	"$tools/hostile" names 300000 >names.pcapng
	run -0 --separate-stderr bounded read -N names.pcapng
	[[ $output == *'IP ab.echo > '* ]]
	[[ $stderr == *'only the first 262144 names '* ]]
	"$tools/hostile" names 2000000 >names.pcapng
	run -0 --separate-stderr bounded read -N names.pcapng
	[[ $output == *'IP 10.0.0.7.echo > '* ]]
	[[ $stderr == *'name resolution block is too long'* ]]
}
