# shellcheck shell=sh
# Read by ./quickstart, ./check and .ci/run: installs what packages.list names
# and this machine lacks. Says what it will run, and what for, before it does;
# where all is there it neither says nor does anything. $packages_list names the
# list; with INSTALL=no nothing is installed, and what is missing is told.

# The package manager of this machine, or nothing.
package_manager()
{
	for manager in apt-get dnf apk pacman; do
		if command -v $manager >/dev/null 2>&1; then
			echo $manager
			return
		fi
	done
}

# links COMPILER FLAG SOURCE
links()
{
	echo "$3" | "$1" "$2" -x c -o /dev/null - >/dev/null 2>&1
}

# is_there KIND:WHAT|WHAT...
is_there()
{
	there_kind=${1%%:*}
	there_any=$(echo "${1#*:}" | tr '|' ' ')
	for there in $there_any; do
		case $there_kind in
		cmd) command -v "$there" >/dev/null 2>&1 ;;
		pc) pkg-config --exists "$there" 2>/dev/null ;;
		link) links "${CC:-cc}" "$there" 'int main(void) { return 0; }' ;;
		clang) links clang "$there" \
			'int LLVMFuzzerTestOneInput(void) { return 0; }' ;;
		gnu) "$there" --version 2>/dev/null | grep -q GNU ;;
		file) [ -e "$there" ] ;;
		hdr) echo "#include <$there>" |
			${CC:-cc} -E - >/dev/null 2>&1 ;;
		*) false ;;
		esac && return 0
	done
	return 1
}

# missing "PURPOSE..." MANAGER: "needed PACKAGE" or "wanted PACKAGE" for each
# line of the list whose thing is not there.
missing()
{
	case $2 in
	apt-get) column=3 ;;
	dnf) column=4 ;;
	apk) column=5 ;;
	pacman) column=6 ;;
	*) column=3 ;;
	esac
	awk -v purposes=" $1 " -v column=$column '
		/^#/ || NF < 6 { next }
		{
			rank = "needed"
			if (sub(/\?$/, "", $1)) rank = "wanted"
			if (index(purposes, " " $1 " "))
				print rank, $2, $column
		}' "${packages_list:?}" |
		while read -r rank probe package; do
			if [ "$package" != - ] && ! is_there "$probe"; then
				echo "$rank $package"
			fi
		done
}

# How to become root: "" (we are), "sudo", "sudo -n" (nobody to ask for a
# password); false where there is no way.
root_by()
{
	if [ "$(id -u)" -eq 0 ]; then
		echo
	elif ! command -v sudo >/dev/null 2>&1; then
		return 1
	elif [ -t 0 ]; then
		echo sudo
	else
		sudo -n true 2>/dev/null && echo 'sudo -n'
	fi
}

# As root, by way of $by; says what it runs.
run_as_root()
{
	echo "+ ${by:+$by }$*" >&2
	# shellcheck disable=SC2086 # sudo and its option are two words
	$by "$@" </dev/null >&2
}

# install_with MANAGER PACKAGE...
install_with()
{
	manager=$1
	shift
	case $manager in
	apt-get)
		set -- env DEBIAN_FRONTEND=noninteractive apt-get install -y \
			--no-install-recommends "$@"
		# Package lists may be absent or old: fetch them and try again.
		if [ -n "$(find /var/lib/apt/lists -name '*_Packages*' \
			2>/dev/null | head -n 1)" ]; then
			run_as_root "$@" && return
		fi
		run_as_root apt-get update && run_as_root "$@"
		;;
	dnf) run_as_root dnf install -y "$@" ;;
	apk) run_as_root apk add "$@" ;;
	pacman) run_as_root pacman -Sy --needed --noconfirm "$@" ;;
	esac
}

# say_what_for MANAGER PURPOSE...: what is missing, by what needs it.
say_what_for()
{
	say_manager=$1
	shift
	for purpose; do
		names=$(missing "$purpose" "$say_manager" |
			awk '!seen[$2]++ { printf " %s", $2 }')
		[ -n "$names" ] || continue
		case $purpose in
		build) echo "Missing, to build pcaptool:$names" ;;
		test) echo "Missing, for tests that compare with other tools" \
			"(a test without its tool is skipped;" \
			"on a bare system these are hundreds of megabytes," \
			"most of it tshark; INSTALL=no goes on without):$names" ;;
		*) echo "Missing, for checks of changes:$names" ;;
		esac >&2
	done
}

# install_packages PURPOSE...: false when something needed is still missing.
install_packages()
{
	manager=$(package_manager)
	lacking=$(missing "$*" "$manager")
	[ -n "$lacking" ] || return 0

	say_what_for "$manager" "$@"
	names=$(echo "$lacking" | awk '!seen[$2]++ { printf "%s ", $2 }')
	if [ "${INSTALL-}" = no ]; then
		echo "INSTALL=no: nothing is installed" >&2
	elif [ -z "$manager" ]; then
		echo "No apt-get, dnf, apk or pacman here. Please install" \
			"(Debian's names): $names" >&2
	elif ! by=$(root_by); then
		echo "Neither root nor allowed to use sudo. Please install" \
			"with $manager: $names" >&2
	else
		# shellcheck disable=SC2086 # one word a package
		if ! install_with "$manager" $names; then
			# One that cannot be had must not keep the others away.
			for name in $names; do
				install_with "$manager" "$name" || :
			done
		fi
	fi

	lacking=$(missing "$*" "$manager")
	wanted=$(echo "$lacking" | awk '$1 == "wanted" { printf " %s", $2 }')
	needed=$(echo "$lacking" | awk '$1 == "needed" { printf " %s", $2 }')
	[ -z "$wanted" ] || echo "Going on without:$wanted" >&2
	[ -z "$needed" ] || echo "Still missing:$needed" >&2
	[ -z "$needed" ]
}
