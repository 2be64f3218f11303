# capture --json-summary: the counters at the end, for programs.

load helper
load live

setup()
{
	cd "$BATS_TEST_TMPDIR"
	need python3
}

# of EXPR [FILE]: what the Python expression makes of the object j in FILE.
of()
{
	python3 -c 'import json, sys
text = open(sys.argv[2]).read()
assert text.endswith("}\n") and text.count("\n") == 1, text
j = json.loads(text)
print(eval(sys.argv[1]))' "$1" "${2-summary}"
}

@test "the object has what the text says, for all and for each interface" {
	script 'interface x up' 'packet count=100 pad=60' 'dropped 3' \
		'interface y up' 'packet count=7 pad=80'
	play -i x -i y --for 300ms -w f.pcapng --json-summary >summary 2>said
	[ "$(of 'j["status"], j["captured"], j["packets"], j["bytes"]')" = \
		"(0, 107, 107, $((100 * 60 + 7 * 80)))" ]
	[ "$(of 'j["received"]')" = "$(summary received by filter)" ]
	[ "$(of 'j["dropped"], j["dropped_by_kernel"]')" = "(3, 3)" ]
	[ "$(of '[(i["name"], i["captured"]) for i in j["interfaces"]]')" = \
		"[('x', 100), ('y', 7)]" ]
	[ "$(of '0.2 < j["ended"] - j["begun"] < 60')" = True ]
	[ "$(of '"matched" in j, j["not_written"]')" = "(False, 0)" ]
}

@test "what options select, a status, and numbers that are not known" {
	script 'interface x up' 'packet count=9 pad=60' 'stats-fail no'
	run -7 play -i x --sample 1/3 -w f.pcap --json-summary=summary \
		-- sh -c 'echo chat; sleep 0.2; exit 7'
	[ "$(of 'j["status"], j["captured"], j["matched"]')" = "(7, 9, 3)" ]
	[ "$(of 'j["packets"], j["dropped"], j["interfaces"][0]["received"]')" \
		= "(3, None, None)" ]
}

@test "a file, a descriptor, and never among the packets" {
	script 'interface x up' 'packet count=2'
	play -i x -c 2 --json-summary=fd:5 5>five >packets 2>said
	[ "$(of 'j["captured"]' five)" = 2 ]
	[ "$(wc -l <packets)" = 2 ]
	run -2 play -i x -c 2 --json-summary
	[[ $output == *"standard output is taken by the packets"* ]]
	run -2 play -i x -c 2 --json-summary -w -
	[[ $output == *"standard output is taken by the packets"* ]]
	play -i x -w e.pcap --json-summary -- sh -c 'echo chat; sleep 0.2' \
		>clean 2>said
	[ "$(of 'j["captured"]' clean)" = 2 ]
	run -3 play -i x -c 2 -w g.pcap --json-summary=five
	[[ $output == *"five"*"exists"* ]]
	run -3 play -i x -c 2 -w h.pcap --json-summary=/dev/full
	[[ $output == *"/dev/full: cannot write"* ]]
}

@test "triggers are in it" {
	script 'interface x up' 'packet count=3 pad=60'
	play -i x --for 300ms --ring 1M --trigger 'len = 60' --after 0s \
		-w t.pcapng --json-summary=summary 2>said
	[ "$(of 'j["triggers"], j["refused"], j["files"] > 0')" = \
		"(3, 0, True)" ]
}
