# shellcheck shell=sh
# Read by ./quickstart and ./check: makes configure, configures and builds, out
# of tree, and only what is out of date.

cores=$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)

# quietly LOG COMMAND...: the output is shown only when it fails.
quietly()
{
	quietly_log=$1
	shift
	if ! "$@" >"$quietly_log" 2>&1 </dev/null; then
		echo "failed: $*" >&2
		tail -n 40 "$quietly_log" >&2
		echo "(all of it: $quietly_log)" >&2
		return 1
	fi
}

# build SOURCE DIRECTORY [CONFIGURE ARGUMENTS]
build()
{
	build_source=$1 build_in=$2
	shift 2
	mkdir -p "$build_in" || return
	# Once there is a configure, make remakes it when it is out of date.
	if [ ! -f "$build_source/configure" ]; then
		echo "Making configure (autoreconf)" >&2
		quietly "$build_in/autoreconf.log" "$build_source/autogen.sh" ||
			return
	fi
	if [ ! -f "$build_in/Makefile" ]; then
		echo "Configuring in $build_in" >&2
		(cd "$build_in" && quietly configure.log \
			"$build_source/configure" "$@") || return
	fi
	echo "Building in $build_in" >&2
	quietly "$build_in/make.log" make -C "$build_in" -j "$cores" all
}
