# The project's own probes.

# PT_GNU11: the C dialect, unless the compiler's default is that or newer.
AC_DEFUN([PT_GNU11], [
AC_MSG_CHECKING([whether $CC takes -std=gnu11])
pt_save=$CFLAGS
CFLAGS="$CFLAGS -std=gnu11"
AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
  [AC_MSG_RESULT([yes])],
  [AC_MSG_RESULT([no])
   AC_MSG_ERROR([a C11 compiler is needed])])
CFLAGS=$pt_save
AC_SUBST([LANG_CFLAGS], [-std=gnu11])
])

# PT_TRY_CFLAG(VARIABLE, FLAG): add FLAG to VARIABLE if the compiler takes it
# without a word.
AC_DEFUN([PT_TRY_CFLAG], [
AC_MSG_CHECKING([whether $CC takes $2])
pt_save=$CFLAGS
CFLAGS="$CFLAGS -Werror $2"
AC_LINK_IFELSE([AC_LANG_PROGRAM()],
  [AC_MSG_RESULT([yes]); $1="$$1 $2"],
  [AC_MSG_RESULT([no])])
CFLAGS=$pt_save
])

AC_DEFUN([PT_WARNINGS], [
WARN_CFLAGS=
m4_foreach_w([pt_flag], [-Wall -Wextra -Wshadow -Wpointer-arith -Wcast-align
  -Wwrite-strings -Wstrict-prototypes -Wmissing-prototypes
  -Wold-style-definition -Wundef -Wvla -Wformat=2 -Winit-self
  -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wrestrict
  -Wnull-dereference -Wimplicit-fallthrough -Walloca
  -Wno-missing-field-initializers -Wno-string-concatenation],
  [PT_TRY_CFLAG([WARN_CFLAGS], pt_flag)])
])

# PT_HARDENING: what distributions build with. Not with sanitizers.
AC_DEFUN([PT_HARDENING], [
HARDEN_CFLAGS=
HARDEN_LDFLAGS=
AS_IF([test -z "$sanitizers" && test "x$enable_fuzzing" != xyes], [
  m4_foreach_w([pt_flag], [-fstack-protector-strong -fstack-clash-protection
    -fcf-protection -fPIE],
    [PT_TRY_CFLAG([HARDEN_CFLAGS], pt_flag)])
  AS_CASE(["$CPPFLAGS $CFLAGS"], [*_FORTIFY_SOURCE*], [],
    [HARDEN_CFLAGS="$HARDEN_CFLAGS -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2"])
  AS_IF([test "x$enable_static" != xyes],
    [PT_TRY_CFLAG([HARDEN_LDFLAGS], [-pie])])
  m4_foreach([pt_flag], [[-Wl,-z,relro], [-Wl,-z,now]],
    [PT_TRY_CFLAG([HARDEN_LDFLAGS], [pt_flag])])
])
AC_SUBST([HARDEN_CFLAGS])
AC_SUBST([HARDEN_LDFLAGS])
])

AC_DEFUN([PT_SANITIZERS], [
SAN_CFLAGS=
AS_IF([test -n "$1"], [
  pt_san="-fsanitize=$1 -fno-sanitize-recover=all -fno-omit-frame-pointer"
  pt_save=$CFLAGS
  CFLAGS="$CFLAGS $pt_san"
  AC_MSG_CHECKING([whether $CC links with -fsanitize=$1])
  AC_LINK_IFELSE([AC_LANG_PROGRAM()], [AC_MSG_RESULT([yes])],
    [AC_MSG_RESULT([no])
     AC_MSG_ERROR([this compiler cannot build with -fsanitize=$1])])
  CFLAGS=$pt_save
  SAN_CFLAGS=$pt_san
  AC_DEFINE_UNQUOTED([SANITIZERS], ["$1"], [Sanitizers built in.])
])
AC_SUBST([SAN_CFLAGS])
])

# PT_FUZZING: FUZZ_CFLAGS for all code, FUZZ_LDFLAGS for the fuzz targets, which
# keep large blocks (tests/fuzz/blocks.h).
AC_DEFUN([PT_FUZZING], [
FUZZ_CFLAGS=
FUZZ_LDFLAGS=
AS_IF([test "x$enable_fuzzing" = xyes], [
  FUZZ_CFLAGS="-fsanitize=fuzzer-no-link"
  FUZZ_LDFLAGS="-fsanitize=fuzzer -Wl,--wrap=malloc,--wrap=calloc"
  FUZZ_LDFLAGS="$FUZZ_LDFLAGS,--wrap=realloc,--wrap=free"
  pt_save=$CFLAGS
  CFLAGS="$CFLAGS $FUZZ_CFLAGS"
  AC_MSG_CHECKING([whether $CC has libFuzzer])
  AC_LINK_IFELSE([AC_LANG_PROGRAM()], [AC_MSG_RESULT([yes])],
    [AC_MSG_RESULT([no])
     AC_MSG_ERROR([--enable-fuzzing needs clang with libFuzzer (CC=clang)])])
  CFLAGS=$pt_save
  AC_DEFINE([FUZZING], [1], [Define when built for fuzzing.])
])
AC_SUBST([FUZZ_CFLAGS])
AC_SUBST([FUZZ_LDFLAGS])
])

# PT_STATIC: link everything in; before any library is looked for. -static-pie
# keeps the random addresses, where the compiler can.
AC_DEFUN([PT_STATIC], [
STATIC_LDFLAGS=
AS_IF([test "x$enable_static" = xyes], [
  PKG_PROG_PKG_CONFIG
  PKG_CONFIG="$PKG_CONFIG --static"
  PCAP_CONFIG_STATIC=--static
  PT_TRY_CFLAG([STATIC_LDFLAGS], [-static-pie])
  AS_IF([test -z "$STATIC_LDFLAGS"], [STATIC_LDFLAGS=-static])
  LDFLAGS="$LDFLAGS $STATIC_LDFLAGS"
  AC_DEFINE([STATIC], [1], [Define when no other libpcap can be loaded.])
])
])

# PT_LIB_PCAP: libpcap by pkg-config, else pcap-config, else by trying -lpcap.
AC_DEFUN([PT_LIB_PCAP], [
PKG_PROG_PKG_CONFIG
PKG_CHECK_MODULES([PCAP], [libpcap], [], [
  AC_PATH_PROG([PCAP_CONFIG], [pcap-config])
  AS_IF([test -n "$PCAP_CONFIG"],
    [PCAP_CFLAGS=$($PCAP_CONFIG --cflags)
     PCAP_LIBS=$($PCAP_CONFIG $PCAP_CONFIG_STATIC --libs)],
    [PCAP_LIBS=-lpcap])
])
pt_save_flags=$CPPFLAGS pt_save_libs=$LIBS
CPPFLAGS="$CPPFLAGS $PCAP_CFLAGS" LIBS="$PCAP_LIBS $LIBS"
AC_CHECK_HEADER([pcap/pcap.h], [],
  [AC_MSG_ERROR([no pcap/pcap.h: install libpcap's development files
                 (Debian: libpcap-dev)])])
AC_CHECK_FUNC([pcap_create], [],
  [AC_MSG_ERROR([libpcap 1.0 or later is needed])])
CPPFLAGS=$pt_save_flags LIBS=$pt_save_libs
AC_SUBST([PCAP_CFLAGS])
AC_SUBST([PCAP_LIBS])
])

# PT_OPTIONAL_LIB(MODULE, OPTION, PREFIX, WHAT FOR, DEBIAN PACKAGE)
# --with-OPTION=yes demands it, =no leaves it out; the default takes it if it
# is there. Defines HAVE_PREFIX, and remembers a line for the summary.
AC_DEFUN([PT_OPTIONAL_LIB], [
AC_ARG_WITH([$2], [AS_HELP_STRING([--without-$2],
  [build without $1 ($4)])], [], [with_$2=auto])
pt_have_$3=no
AS_IF([test "x$with_$2" != xno],
  [PKG_CHECK_MODULES([$3], [$1], [pt_have_$3=yes],
    [AS_IF([test "x$with_$2" = xyes],
      [AC_MSG_ERROR([$1 was asked for and is not there (Debian: $5)])])])])
AS_IF([test $pt_have_$3 = yes],
  [AC_DEFINE([HAVE_$3], [1], [Define if $1 is there ($4).])])
m4_append([PT_SUMMARY_LINES],
  [  m4_format([%-24s], [$4]) ${pt_have_$3} ($1)
])
])

# PT_LOADED_LIB(NAME, PREFIX, INCLUDES, STATEMENT): the library NAME, which is in
# PREFIX_LIBS if it is used, is loaded when it is needed, by the file name that
# programs which are linked with it ask for: PREFIX_FILE. Where that cannot be
# found out, or the program is one static file, it is linked.
AC_DEFUN([PT_LOADED_LIB], [
AS_IF([test -n "$$2_LIBS" && test "x$enable_static" != xyes],
  [AC_CHECK_TOOL([READELF], [readelf])
  AC_CACHE_CHECK([for the file of $1], [AS_TR_SH([pt_cv_$1_file])],
    [AS_TR_SH([pt_cv_$1_file])=
    pt_save_LIBS=$LIBS pt_save_CPPFLAGS=$CPPFLAGS
    LIBS="$$2_LIBS $LIBS" CPPFLAGS="$CPPFLAGS $$2_CFLAGS"
    AC_LINK_IFELSE([AC_LANG_PROGRAM([$3], [$4])],
      [AS_IF([test -n "$READELF"],
        [AS_TR_SH([pt_cv_$1_file])=`$READELF -d conftest$EXEEXT 2>/dev/null |
          sed -n '/NEEDED/s/.*@<:@@<:@@:>@\($1@<:@^@:>@@:>@*\)@:>@.*/\1/p'`])])
    LIBS=$pt_save_LIBS CPPFLAGS=$pt_save_CPPFLAGS])
  AS_IF([test -n "$AS_TR_SH([pt_cv_$1_file])"],
    [$2_LIBS=`AS_ECHO([" $$2_LIBS"]) | sed 's/ -l@<:@^ @:>@*//g'`
    AC_DEFINE_UNQUOTED(AS_TR_CPP([$1_FILE]), ["$AS_TR_SH([pt_cv_$1_file])"],
      [The file of $1 to load; undefined: it is linked.])])])
])

# PT_COMPLETION_DIR(SHELL, DEFAULT): where that shell's completion goes.
AC_DEFUN([PT_COMPLETION_DIR], [
AC_ARG_WITH([$1-completion-dir], [AS_HELP_STRING(
  [--with-$1-completion-dir=DIR], [install the $1 completion there (default:
   $2)])], [], [with_$1_completion_dir=yes])
AS_CASE([$with_$1_completion_dir],
  [yes], [$1completiondir='$2'],
  [no], [$1completiondir=],
  [$1completiondir=$with_$1_completion_dir])
AC_SUBST([$1completiondir])
])

# PT_FISH_DIR: the same for fish. One of a system reads nothing below /usr/local,
# but what its administrator put into /etc. Whatever prefix "make install" is
# given decides.
AC_DEFUN([PT_FISH_DIR], [
PT_COMPLETION_DIR([fish], [${datadir}/fish/vendor_completions.d])
AS_IF([test "x$with_fish_completion_dir" = xyes &&
    test ! -d /usr/local/share/fish/completions],
  [fishcompletiondir='$(if $(filter /usr/local,$(prefix)),/etc/fish/completions,$(datadir)/fish/vendor_completions.d)'])
])

# PT_MAN_PAGES: which pcaptool prints the options for the man pages: the one
# just built, or one of the build machine when that cannot run here.
AC_DEFUN([PT_MAN_PAGES], [
AC_ARG_VAR([PCAPTOOL_FOR_BUILD],
  [a pcaptool of this version that runs on the build machine; for the man
   pages when cross-compiling])
pt_man_pages=yes
AS_IF([test -z "$PCAPTOOL_FOR_BUILD"],
  [AS_IF([test "x$cross_compiling" = xyes],
    [pt_man_pages="no (cross-compiling; set PCAPTOOL_FOR_BUILD)"],
    [PCAPTOOL_FOR_BUILD='./pcaptool$(EXEEXT)'])])
AM_CONDITIONAL([MAN_PAGES], [test "$pt_man_pages" = yes])
])

AC_DEFUN([PT_SUMMARY], [
cat <<EOF

$PACKAGE_NAME $PACKAGE_VERSION will be built with
  compiler                 $CC $CFLAGS
  libpcap                  ${pt_cv_libpcap_file:-$PCAP_LIBS}
PT_SUMMARY_LINES[]dnl
  sanitizers               ${sanitizers:-none}
  fuzz targets             $enable_fuzzing
  one static file          $enable_static
  man pages                $pt_man_pages
  installed under          $prefix

EOF
])
