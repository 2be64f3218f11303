# examples/: that the scripts do what they say.

load helper

setup()
{
	make_pcap sample
	cd "$BATS_TEST_TMPDIR"
	mkdir captures
	"$pcaptool" -q write sample.pcap -w captures/part.pcap --split-packets 4
	cp sample.pcap "captures/with space's.pcap"
	examples=$top_srcdir/examples
	export PCAPTOOL=$pcaptool
}

teardown()
{
	[ -z "${server-}" ] || kill "$server" 2>/dev/null || true
}

@test "stats-parallel: GNU parallel counts, and the whole is what one run says" {
	need parallel
	parallel --version | grep -q GNU || skip "another parallel"
	parallel --will-cite </dev/null >/dev/null 2>&1 || true
	cd captures
	"$examples/stats-parallel" -j 2 -- --by summary --by conversations \
		--by rate --interval 1ms --count 'tcp port 80' --json -- *.pcap \
		>../merged
	"$pcaptool" stats --by summary --by conversations --by rate \
		--interval 1ms --count 'tcp port 80' --json *.pcap |
		diff - ../merged
	[ -z "$(ls | grep state)" ]
	# a file that is not a capture file: that is said, and nothing is shown
	echo no >bad.pcap
	run "$examples/stats-parallel" -j 2 -- --by sizes -- *.pcap
	[ "$status" != 0 ]
	[[ $output == *bad.pcap* ]]
}

# sbatch that runs the job at once: --array tasks one after the other.
fake_slurm()
{
	mkdir bin
	cat >bin/sbatch <<-'END'
		#!/bin/sh
		set -eu
		for word; do
			case $word in
			--array=*) last=${word#--array=1-}; last=${last%%\%*} ;;
			--*) ;;
			*) script=$word ;;
			esac
		done
		echo 7
		output=$(sed -n 's/^#SBATCH.*--output=//p' "$script")
		if [ -n "${last-}" ]; then
			i=0
			while [ $((i += 1)) -le "$last" ]; do
				SLURM_ARRAY_TASK_ID=$i sh "$script" >&2
			done
		else
			sh "$script" >"$output"
		fi
	END
	ln -s "$pcaptool" bin/pcaptool
	chmod +x bin/sbatch
	PATH=$PWD/bin:$PATH
}

@test "stats-slurm: a job array counts, one more job merges" {
	fake_slurm
	REPORTS="--by conversations --by sizes" \
		"$examples/stats-slurm" captures/*.pcap
	"$pcaptool" stats --by conversations --by sizes captures/*.pcap |
		diff - stats.*/report
}

@test "rows-sqlite: packets as rows" {
	need sqlite3
	"$examples/rows-sqlite" db sample.pcap captures/part*.pcap -- \
		'select count(*), sum("frame.len") from packets' >said
	[ "$(cat said)" = "28|1844" ]
}

@test "rows-clickhouse: packets as rows" {
	PATH=$PATH:/usr/sbin
	need clickhouse-server
	need clickhouse-client
	local port=$((20000 + $$ % 20000))
	cat >users.xml <<-END
		<yandex><profiles><default/></profiles><quotas><default/></quotas>
		<users><default><password/><networks><ip>127.0.0.1</ip></networks>
		<profile>default</profile><quota>default</quota></default></users>
		</yandex>
	END
	cat >config.xml <<-END
		<yandex><logger><level>none</level></logger>
		<tcp_port>$port</tcp_port><listen_host>127.0.0.1</listen_host>
		<path>$PWD/data/</path><tmp_path>$PWD/tmp/</tmp_path>
		<users_config>users.xml</users_config>
		<default_profile>default</default_profile>
		<default_database>default</default_database>
		<mark_cache_size>1048576</mark_cache_size></yandex>
	END
	clickhouse-server --config-file="$PWD/config.xml" >said 2>&1 3>&- &
	server=$!
	wait_for clickhouse-client --port $port --query 'select 1' ||
		skip "this ClickHouse does not start"
	"$examples/rows-clickhouse" --port $port -- sample.pcap captures/part*.pcap
	[ "$(clickhouse-client --port $port --query '
		select count(), sum(`frame.len`), countIf(`tcp.dstport` = 80)
		from packets' | tr '\t' '|')" = "28|1844|$((2 * $("$pcaptool" \
		filter --count 'tcp dst port 80' sample.pcap)))" ]
}
