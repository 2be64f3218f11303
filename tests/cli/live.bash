# Loaded after helper.bash by tests that capture: from the fake libpcap, or in
# namespaces of the test's own.

fake=$top_builddir/tests/fake/libpcap.so
export PCAPTOOL_FAKE=$BATS_TEST_TMPDIR/script

# script LINE...: what the fake libpcap plays.
script()
{
	need_choice
	printf '%s\n' "$@" >script
}

# play ARGS: capture from the fake libpcap.
play()
{
	timeout 20 "$pcaptool" --libpcap "$fake" capture "$@"
}

# summary WORD...: the number before these words in the summary in `said`.
summary()
{
	sed -n "s/^\([a-z0-9]*\) packets $*\$/\1/p" said
}

# value KEY: the values of KEY in the JSON lines of `lines`, in one line.
value()
{
	sed -n 's/.*"'"$1"'":"\{0,1\}\([^",}]*\).*/\1/p' lines | xargs
}

# listening FILE: the capture whose stderr that is has begun.
listening()
{
	grep -q '^pcaptool: listening' "$1"
}

# start_in_b ARGS: capture in namespace b, in the background ($capturer).
start_in_b()
{
	: >said
	ip netns exec "$ns_b" "$pcaptool" capture "$@" >out 2>said 3>&- &
	capturer=$!
	wait_for eval 'listening said || ! kill -0 "$capturer"'
	listening said || cat said
	listening said
}

# stop_capture [SIGNAL]: end it; $status is its exit status.
stop_capture()
{
	kill -"${1-INT}" "$capturer"
	status=0
	wait "$capturer" || status=$?
}

# make_disk: a file system that can be frozen, at `disk`.
make_disk()
{
	[ "$(id -u)" = 0 ] || skip "not root"
	need losetup mkfs.ext4 fsfreeze
	truncate -s 256M image
	mkfs.ext4 -q image
	loop=$(losetup -f --show image 2>/dev/null) || skip "no loop device"
	mkdir disk
	mount "$loop" disk 2>/dev/null || skip "may not mount"
	chmod 777 disk
}

# end_disk: in teardown.
end_disk()
{
	fsfreeze -u disk 2>/dev/null || true
	umount disk 2>/dev/null || true
	[ -z "$loop" ] || losetup -d "$loop" 2>/dev/null || true
}

# captured N: the capture in the background says that it has so many.
captured()
{
	kill -USR1 "$capturer" && grep "^$1 packets captured" said
}

# empty_disk: remove all files of the file system disk, and wait until their
# room is free: the kernel keeps a file that a sandbox has a rule for until a
# little after its last process has ended.
empty_disk()
{
	rm disk/*
	wait_for eval '[ "$(stat -f -c %f disk)" = "$(stat -f -c %b disk)" ]'
}
