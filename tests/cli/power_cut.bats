# capture and what is left of its files after a power cut: a file system that is
# shut down with all that it has not written, and mounted again.

load helper
load live

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_disk
	make_veth
}

teardown()
{
	end_disk
	drop_veth
}

# cut_power: nothing that is in memory reaches the disk any more (the ioctl
# EXT4_IOC_SHUTDOWN without a flush of the journal); then as after a start.
cut_power()
{
	python3 -c '
import fcntl, os, struct
fcntl.ioctl(os.open("disk", os.O_RDONLY), 0x8004587d, struct.pack("I", 2))'
	kill -KILL "$capturer"
	wait "$capturer" || true
	umount disk
	mount "$loop" disk
}

# finished N: the capture has told of so many files.
finished()
{
	[ "$(wc -l <lines)" -ge "$1" ]
}

@test "--sync rotate: each file that has its name is whole" {
	need python3 capinfos
	: >lines
	chmod 666 lines
	start_in_b -i vb -w 'disk/%n.pcapng' --rotate-packets 100 \
		--sync rotate --stats-json lines --force
	in_a "$top_builddir/tests/tools/flood" va 1050 60
	wait_for finished 10
	cut_power
	ls -l disk
	[ "$(find disk -name '*.pcapng' | wc -l)" = 10 ]
	[ "$(capinfos -Mc disk/*.pcapng | awk '/^Number/ { n += $NF }
		END { print n }')" = 1000 ]
}

@test "--sync 1: what is older than a second is there" {
	need python3
	start_in_b -i vb -w 'disk/f-%n.pcapng' -C 100M --sync 1
	in_a "$top_builddir/tests/tools/flood" va 500 60
	sleep 2.2
	in_a "$top_builddir/tests/tools/flood" va 10 60
	cut_power
	ls -l disk
	run -0 "$pcaptool" -q filter --count 'len = 60' disk/f-*
	[ "${output##*:}" -ge 500 ]
}

@test "kill -9 of a packed file: all but the last part is read" {
	need python3 zstd
	local suffix
	for suffix in zst gz; do
		start_in_b -i vb -w "disk/f.pcapng.$suffix" -U
		in_a "$top_builddir/tests/tools/flood" va 3000 60
		wait_for eval 'kill -USR1 "$capturer" && grep "^3000 packets captured" said'
		kill -KILL "$capturer"
		wait "$capturer" || true
		run "$pcaptool" -q filter --count 'len = 60' \
			disk/f.pcapng."$suffix"*
		echo "$output"
		[ "${lines[0]##*:}" -ge 2990 ]
	done
}
