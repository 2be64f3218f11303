# Habits of the C sources. The lists of exceptions here only ever shrink.

load ../cli/helper

# FILE FUNCTION LINES: those that are longer than 60 lines, and how long.
long_functions()
{
	cat <<-'END'
	src/bpf/vm.c execute 131
	src/file/pcap_in.c pcapin_batch_in 72
	END
}

# FILE FUNCTION: what calls the system outside of os/ and capture/.
system_calls()
{
	cat <<-'END'
	src/cmd/capture_conf.o fstat
	src/cmd/capture_conf.o stat
	src/cmd/config.o access
	src/file/create.o close
	src/file/create.o fchown
	src/file/create.o fstat
	src/file/create.o isatty
	src/file/create.o lseek
	src/file/create.o lstat
	src/file/out.o clock_gettime
	src/file/out.o close
	src/file/out.o fcntl
	src/file/out.o fdatasync
	src/file/out.o fstat
	src/file/out.o ftruncate
	src/file/out.o lseek
	src/file/out.o pwrite
	src/file/out.o rename
	src/file/out.o unlink
	src/where/names.o pthread_once
	END
}

# same LIST FOUND WHAT: each line of FOUND is in LIST, and the other way round.
same()
{
	local new old
	new=$(comm -13 <(sort <<<"$1") <(sort <<<"$2"))
	old=$(comm -23 <(sort <<<"$1") <(sort <<<"$2"))
	[ -z "$new" ] || echo "$3: $new"
	[ -z "$old" ] || echo "take from the list here, it is mended: $old"
	[ -z "$new$old" ]
}

@test "functions have at most 60 lines" {
	cd "$top_srcdir"
	same "$(long_functions)" "$(find src -name '*.c' -exec awk '
		FNR == 1 { start = 0 }
		/^[a-z_].*\(/ && !/;$/ { name = $0 }
		/^\{/ { start = FNR }
		/^\}/ && start {
			if (FNR - start >= 60) {
				sub(/\(.*/, "", name)
				sub(/.*[ *]/, "", name)
				print FILENAME, name, FNR - start + 1
			}
			start = 0
		}' {} +)" "too long"
}

@test "arrays are counted by ARRAY_LEN" {
	cd "$top_srcdir"
	run grep -nE 'sizeof[^;]*[^*]/ *sizeof' -r src tests --include='*.[ch]'
	echo "$output"
	[ "$(wc -l <<<"$output")" = 1 ]
	[[ $output == src/base/array.h:* ]]
}

# symbols: FILE TYPE NAME of all objects that the tool is made of.
symbols()
{
	find src -name '*.o' -exec nm -A {} + |
		sed -nE 's/^([^:]*):[0-9a-f ]* ([A-Z]) ([A-Za-z_0-9]+)$/\1 \2 \3/p'
}

setup_objects()
{
	need nm
	cd "$top_builddir"
	[ -f src/main.o ] || skip "the tool was not built here"
	# with sanitizers or a static library, objects hold other names too
	! grep -q '^#define SANITIZERS' config.h || skip "sanitizers"
}

@test "only os/ and capture/ call the system" {
	setup_objects
	local calls='open|openat|close|read|write|writev|pread|pwrite|lseek'
	calls+='|f?stat|lstat|fstatat|unlink|unlinkat|rename|renameat|mkdir'
	calls+='|mkstemp|ftruncate|fsync|fdatasync|f?chown|f?chmod|umask'
	calls+='|pipe2?|dup[23]?|fcntl|ioctl|poll|fork|execvp?|waitpid|kill'
	calls+='|sigaction|pthread_[a-z_]+|mmap|munmap|isatty|sysconf|socket'
	calls+='|clock_gettime|nanosleep|usleep|access|readlink|opendir'
	calls+='|get(e?[ug]id|pid)|getpw[a-z_]+|setitimer|alarm|dlopen|uname'
	same "$(system_calls)" "$(symbols | sed 's/64$//' |
		awk -v calls="^($calls)\$" '$2 == "U" && $3 ~ calls &&
			$1 !~ /^src\/(os|capture)\// { print $1, $3 }')" \
		"calls the system"
}

@test "what a file exports is used by another one, or by a test" {
	setup_objects
	local name file bad=0
	while read -r file name; do
		grep -rqw "$name" "$top_srcdir/tests" --include='*.[ch]' &&
			continue
		echo "$name of $file is for that file alone: make it static"
		bad=1
	done < <(symbols | awk '
		$2 == "U" { uses[$3] = uses[$3] " " $1 }
		$2 ~ /^[TDRB]$/ { file[$3] = $1 }
		END {
			for (name in file)
				if (name != "main" && !(name in uses))
					print file[name], name
		}')
	[ $bad = 0 ]
}

@test "unit tests say which part of an assertion does not hold" {
	cd "$top_srcdir"
	run grep -nE '\bok\([^|"]*&&' -r tests/unit
	echo "$output"
	[ "$status" = 1 ]
}

@test "the lists of files in Makefile.am are sorted" {
	cd "$top_srcdir"
	awk '
		/^[a-z_]+ = *\\$/ { name = $1; last = ""; next }
		/^[^\t]/ { name = "" }
		name ~ /_tests$|_sources$|^test_(data|headers)$/ && $1 ~ /\// {
			if ($1 < last) {
				print name ": " $1 " after " last
				bad = 1
			}
			last = $1
		}
		END { exit bad }' Makefile.am
}
