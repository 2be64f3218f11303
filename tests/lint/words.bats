# Phrases that this project does not use, in its documents, messages and
# comments. HACKING.md says what to write; each row here has a better word.

load ../cli/helper

# PATTERN, a tab and what to write instead.
phrases()
{
	cat <<-'END'
	\bbehind\b	after
	\b(is|are|was|were|be) no (a |an )?[a-z]+	is not a ...
	\b(put|puts|putting) together\b	reassembled, joined, composed
	\bmak(e|es|ing) way\b	is evicted
	\bat hand\b	current
	\banew\b	again
	\bof which\b	two sentences, or whose
	\b[Nn]obody\b|\b[Ss]omebody\b	the passive, or who it is
	\b(go|goes|going) by\b	depends on
	\bstands? (behind|before|at)\b	is, comes before
	\b(can|may) stand\b	can be
	\ball that is\b	everything, the rest
	\bso as to\b	to
	\bas long as it (is|stays|holds)\b	while, unless
	\bno matter\b	irrelevant
	\b[Oo]ctets?\b	byte
	\b(is|are|was|were) told\b	is reported, gets
	\bhand(s|ed)? it on\b	passes it on
	END
}

# Names, and words of protocols and of other tools.
allowed='[Tt]here (is|are|was|were|must be|would be) no |(is|are) no (longer|more|lower|higher)\b|-Z nobody|-u nobody|= nobody|^[^:]*:[0-9]*:.*nobody (cannot|is there)|octet-stream|[Oo]ctetstring|"octet 6, |octetcount"|[Ss]ender.s octet|Acct.(In|Out)put|[-] octet|"octet" too'

@test "documents, messages and comments have plain words" {
	cd "$top_srcdir"
	local bad=0 pattern better found files
	mapfile -t files < <(find src man completions tests/unit tests/fuzz \
		tests/fake tests/tools tests/*.h README* HACKING.md SECURITY \
		CHANGES -type f \( -name '*.[ch]' -o -name '*.def' -o \
		-name '*.in' -o -name '*.md' -o ! -name '*.*' \))
	[ ${#files[@]} -gt 100 ]
	while IFS=$'\t' read -r pattern better; do
		found=$(grep -nE "$pattern" "${files[@]}" |
			grep -vE "$allowed" || true)
		[ -n "$found" ] || continue
		echo "$found"
		echo "... better: $better"
		bad=1
	done < <(phrases)
	[ $bad = 0 ]
}
