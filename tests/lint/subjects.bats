# .ci/subjects finds subjects of commits that are not as HACKING.md asks.

load ../cli/helper

@test "subjects of commits: faults are found, and good ones pass" {
	need git
	local tree=$BATS_TEST_TMPDIR/tree subject
	mkdir -p "$tree/.ci"
	cp "$top_srcdir/.ci/subjects" "$tree/.ci"
	cd "$tree"
	run .ci/subjects
	[ "$status" = 0 ]
	git init -q .
	export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@b GIT_CONFIG_NOSYSTEM=1 \
		GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@b
	for subject in 'pcap: read files' 'where, cmd: process addresses' \
		'file/out: bring the end' 'Revert "Nothing; at all."'; do
		git commit -q --allow-empty -m "$subject"
	done
	run .ci/subjects HEAD
	[ "$status" = 0 ]
	for subject in 'Read files' 'pcap: reads files' 'pcap: added files' \
		'pcap: read files; write them' 'pcap: read files.' \
		"pcap: read $(printf '%070d' 0)"; do
		git commit -q --allow-empty -m "$subject"
	done
	run .ci/subjects HEAD
	echo "$output"
	[ "$status" = 1 ]
	[ ${#lines[@]} = 6 ]
}
