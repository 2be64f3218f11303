# read: colours and other things of the printed form.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	make_pcap sample
}

@test "colours: on a terminal, or always; never in pipes" {
	need script
	"$pcaptool" read sample.pcap >plain
	"$pcaptool" --color=always read sample.pcap >always
	grep -q $'^[0-9:.]* \e\[0;33mARP, .*\e\[0m$' always
	sed $'s/\e\\[[0-9;]*m//g' always | diff -u plain -
	"$pcaptool" --color=auto read sample.pcap | diff -u plain -
	# what script runs has a terminal as its output
	export TERM=xterm
	script -qec "'$pcaptool' read sample.pcap" /dev/null </dev/null |
		tr -d '\r' >term
	diff -u always term
	NO_COLOR=1 script -qec "'$pcaptool' read sample.pcap" /dev/null \
		</dev/null | tr -d '\r' | diff -u plain -
	script -qec "'$pcaptool' --color never read sample.pcap" /dev/null \
		</dev/null | tr -d '\r' | diff -u plain -
	TERM=dumb script -qec "'$pcaptool' read sample.pcap" /dev/null \
		</dev/null | tr -d '\r' | diff -u plain -
	run -2 "$pcaptool" --color=sometimes read sample.pcap
	for form in json csv hex; do
		"$pcaptool" --color=always read -o $form sample.pcap >got
		! grep -q $'\e' got
	done
	"$pcaptool" --color=always read -o detail sample.pcap >got
	grep -q $'^\e\[1mAddress Resolution.*\e\[0m$' got
}
