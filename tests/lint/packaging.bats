# What packagers get: one version everywhere, files that their tools read, and
# an installation that can be taken away again.

load ../cli/helper

setup()
{
	cd "$BATS_TEST_DIRNAME/../.."
	version=$("$pcaptool" --version | sed -n 's/^pcaptool //p')
}

# installed TARGET: what make does to an empty root. All is built before tests
# run, and not remade while they do.
installed()
{
	env -u MAKEFLAGS -u MFLAGS make -s -C "$top_builddir" -o all "$@" \
		DESTDIR="$BATS_TEST_TMPDIR/root" \
		>"$BATS_TEST_TMPDIR/log" 2>&1 || {
		cat "$BATS_TEST_TMPDIR/log"
		return 1
	}
}

@test "one version" {
	grep -q "^Version: *$version\$" contrib/rpm/pcaptool.spec
	grep -qx "pkgver=$version" contrib/alpine/APKBUILD
	[[ $(head -n 1 contrib/debian/changelog) == "pcaptool ($version-"*")"* ]]
	grep -q "^$version " CHANGES
}

@test "the RPM specification is read by rpmspec" {
	need rpmspec
	run -0 rpmspec --query --queryformat '%{NAME} %{VERSION} %{LICENSE}\n' \
		contrib/rpm/pcaptool.spec
	[ "${lines[0]}" = "pcaptool $version BSD-3-Clause" ]
}

@test "the RPM specification has every file that is installed" {
	need rpmspec
	local patterns file pattern found
	installed install prefix=/usr sysconfdir=/etc
	mapfile -t patterns < <(rpmspec -P contrib/rpm/pcaptool.spec |
		sed -n '/^%files/,/^%changelog/s/^\//\//p')
	while IFS= read -r file; do
		found=no
		for pattern in "${patterns[@]}"; do
			# shellcheck disable=SC2053
			[[ $file != $pattern ]] || found=yes
		done
		[ $found = yes ] || {
			echo "not packaged: $file"
			return 1
		}
	done < <(find "$BATS_TEST_TMPDIR/root" ! -type d -printf '/%P\n')
}

@test "the Alpine recipe is a shell script with what abuild needs" {
	sh -n contrib/alpine/APKBUILD
	# shellcheck disable=SC1091
	(
		. contrib/alpine/APKBUILD
		for name in pkgname pkgver pkgrel pkgdesc url arch license source; do
			[ -n "${!name}" ] || exit
		done
		for name in build check package; do
			[ "$(type -t "$name")" = function ] || exit
		done
	)
}

@test "the Debian files are read by Debian's tools" {
	need dpkg-parsechangelog
	[ "$(dpkg-parsechangelog -l contrib/debian/changelog -S Source)" = pcaptool ]
	[[ $(dpkg-parsechangelog -l contrib/debian/changelog -S Version) == "$version-"* ]]
	[ -x contrib/debian/rules ]
	run -0 make -n -f contrib/debian/rules build
}

@test "fish finds its completion where it is installed" {
	need fish
	local file
	for prefix in /usr /usr/local; do
		rm -rf "$BATS_TEST_TMPDIR/root"
		installed install-dist_fishcompletionDATA prefix=$prefix
		file=$(find "$BATS_TEST_TMPDIR/root" -name pcaptool.fish \
			-printf '/%P\n')
		env -u XDG_DATA_DIRS fish -c \
			"contains -- ${file%/*} \$fish_complete_path"
	done
}

@test "what is installed can be uninstalled" {
	installed install
	[ -x "$(find "$BATS_TEST_TMPDIR/root" -path '*/bin/pcaptool')" ]
	[ "$(find "$BATS_TEST_TMPDIR/root" -name 'pcaptool*.1' | wc -l)" -gt 5 ]
	installed uninstall
	[ -z "$(find "$BATS_TEST_TMPDIR/root" ! -type d)" ]
}
