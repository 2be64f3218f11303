# A terminal of 24 lines of 80 columns for tests: tmux types the keys and shows
# the screen. Load helper before, and call term_end in teardown.

need_tmux()
{
	need tmux
	tmux -L "$term_name-try" -f /dev/null new-session -d true 2>/dev/null ||
		skip "tmux does not start here"
}

term_name=pt-$$-$BATS_TEST_NUMBER

# term_start COMMAND...: run it in the terminal.
term_start()
{
	need_tmux
	# a server that is about to end takes no session: then again
	wait_for tmux -L "$term_name" -f /dev/null new-session -d -x 80 -y 24 \
		env -u TMUX LC_ALL=C.UTF-8 PS1='$ ' "$@"
	tmux -L "$term_name" set-option -g escape-time 0
}

term_end()
{
	tmux -L "$term_name" kill-server 2>/dev/null || true
}

# term_type TEXT: the characters as they are.
term_type()
{
	tmux -L "$term_name" send-keys -l -- "$1"
}

# term_key KEY...: keys by tmux's names, such as Enter, Tab, C-c, Up.
term_key()
{
	tmux -L "$term_name" send-keys -- "$@"
}

# term_screen: what is on the screen now.
term_screen()
{
	tmux -L "$term_name" capture-pane -p
}

# term_shows REGEX: wait, at most two minutes, for a line of the screen that
# matches; what is there is printed if none comes.
term_shows()
{
	local i
	for ((i = 0; i < 2400; i++)); do
		if term_screen 2>/dev/null | grep -qE -e "$1"; then
			return 0
		fi
		sleep 0.05
	done
	echo "no line matches: $1"
	term_screen
	return 1
}

# term_ended: wait until what runs in the terminal has ended.
term_ended()
{
	local i
	for ((i = 0; i < 2400; i++)); do
		tmux -L "$term_name" has-session 2>/dev/null || return 0
		sleep 0.05
	done
	term_screen
	return 1
}
