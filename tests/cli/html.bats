# stats --html: one page, and what it does in a browser.

load helper

setup()
{
	cd "$BATS_TEST_TMPDIR"
	need python3
	make_pcap sample
	sample=$BATS_TEST_TMPDIR/sample.pcap
}

@test "--html: a page that is whole by itself, and takes no foreign script" {
	run -0 "$pcaptool" stats --html page.html --by rate --by protocols \
		--by endpoints:ip --by tls "$sample"
	python3 - <<-'END'
		import base64, hashlib, re
		text = open("page.html").read()
		policy = re.search('Content-Security-Policy" content="(.*?)"', text)[1]
		assert policy.startswith("default-src 'none'; "), policy
		for tag in "style", "script":
		    body = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.S)
		    assert len(body) == 1, tag
		    digest = hashlib.sha256(body[0].encode()).digest()
		    want = "sha256-" + base64.b64encode(digest).decode()
		    assert f"{tag}-src '{want}'" in policy, (tag, want)
		# nothing from elsewhere, no handlers, no styles of elements
		text = text.replace('xmlns="http://www.w3.org/2000/svg"', "")
		assert not re.search(r'(src|href)="(?!#)|https?:|\son\w+=|style="', text)
		assert text.count("<table>") == 3 and text.count("<svg") == 3
		assert "TLS server names" in text and "<p>None.</p>" in text
	END
	run -3 "$pcaptool" stats --html page.html "$sample"
	[[ $output == *"page.html: file exists"* ]]
	run -0 "$pcaptool" stats --html page.html --force "$sample"
	[[ $output == *"Protocols"* ]]
	grep -q 'IPv4 conversations' page.html
	run -2 "$pcaptool" stats -i eth0 --html other.html
}

@test "--html: foreign text is text" {
	cat >markup.hex <<-'END'
		packet 1767225600.0
		02 00 00 00 00 02 02 00 00 00 00 01 08 00
		45 00 00 4e 00 01 40 00 40 06 00 00 c0 00 02 01 c0 00 02 02
		12 34 00 50 00 00 00 01 00 00 00 01 50 18 10 00 00 00 00 00
		"GET / HTTP/1.1" 0d 0a "Host: <script>&'x'" 0d 0a 0d 0a
	END
	"$top_builddir/tests/tools/hex2pcap" markup.hex >"it's <b>.pcap"
	run -0 "$pcaptool" stats --by http:hosts --html page.html "it's <b>.pcap"
	[ "$(grep -c '<script' page.html)" = 1 ]
	grep -qF "&lt;script&gt;&amp;'x'" page.html
	grep -qF '<h1>it'"'"'s &lt;b&gt;.pcap</h1>' page.html
	grep -qF "data-c=\"pcaptool read -r 'it'\\''s &lt;b&gt;.pcap'\"" page.html
}

@test "--html: numbers of packets lead to what shows them" {
	run -0 "$pcaptool" stats --html page.html --by endpoints --by conversations \
		--by ports --by hosts-new --by rate "$sample"
	python3 - <<-'END' >rows
		import html, re
		for cell, s, n in re.findall(
		    r'<td class="n" data-v="(\d+)"><a href="#command" '
		    r'data-s="(.*?)" title=".*?">(\d+)</a>', open("page.html").read()):
		    print(cell, html.unescape(s), sep="\t")
	END
	[ "$(wc -l <rows)" -gt 20 ]
	local packets expression
	while IFS=$'\t' read -r packets expression; do
		if [[ $expression == --* ]]; then
			run -0 "$pcaptool" filter --count $expression '' "$sample"
		else
			run -0 "$pcaptool" filter --count "$expression" "$sample"
		fi
		[ "$output" = "$packets" ] ||
			{ echo "$expression: $packets"; echo "$output"; false; }
	done < <(awk 'NR % 5 == 1' rows)
}

@test "--html: numbers of values lead to what shows the packets" {
	local capture packets command n=0
	for capture in dns tls tls_hello icmpv6 web ssh tunnels_more; do
		make_pcap $capture
	done
	run -0 "$pcaptool" stats --html page.html --by dns --by tls --by http \
		--by icmp --by vlan --by sizes --by fingerprints \
		--by protocols ./*.pcap
	python3 - <<-'END' >rows
		import html, re
		page = open("page.html").read()
		base = html.unescape(re.search('data-c="(.*?)"', page).group(1))
		for s, n in re.findall(r'data-s="(.*?)" title=".*?">(\d+)</a>', page):
		    s = html.unescape(s)
		    if not s.startswith("--"):
		        s = "'" + s + "' --fields frame.number"
		    print(n, base, s)
	END
	sed -i "s|pcaptool read|'$pcaptool' read|" rows
	while read -r packets command; do
		run -0 bash -c "$command"
		[ "$(grep -vc '^frame.number' <<<"$output")" = "$packets" ] || {
			echo "$command: $packets, but:"
			echo "$output"
			false
		}
		n=$((n + 1))
	done < <(grep -v "^0 " rows)
	[ $n -gt 80 ]
}

@test "--html in a browser: sorting, searching, command lines, dark, 10,000 rows" {
	local chromium
	chromium=$(command -v chromium || command -v chromium-browser ||
		command -v google-chrome) || skip "there is no Chromium"
	need perl
	perl -e '
		binmode STDOUT;
		print pack("LSSlLLL", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101);
		for my $i (0 .. 11999) {
			print pack("LLLL", $i, 0, 28, 28),
				pack("CCnNCCnNNnnnn", 0x45, 0, 28, 0, 64, 17, 0,
				0x0a000000 + $i, 0xc0000201, 1024, 53, 8, 0);
		}' >hosts.pcap
	"$pcaptool" stats --html page.html --by endpoints:ip --by rate \
		hosts.pcap >/dev/null
	PYTHONPATH=$BATS_TEST_DIRNAME CHROMIUM=$chromium python3 -B - <<-'END'
		import os
		from browser import Browser
		with Browser(os.environ["CHROMIUM"], "page.html") as page:
		    table = "document.querySelector('#v0 table')"
		    def first(column):
		        return page.run(f"{table}.tBodies[0].rows[0].cells[{column}].textContent")
		    # 10,000 of 12,001 hosts, of which the page holds few at a time
		    assert page.run(f"{table}.tBodies[0].rows.length") == 200
		    assert "200 of 10000 rows" in page.run("document.querySelector('#v0 .tools').textContent")
		    assert first(0) == "192.0.2.1" and first(1) == "12000"
		    page.run("document.querySelector('#v0 .more').click()")
		    assert page.run(f"{table}.tBodies[0].rows.length") == 1200
		    # by a click, up and down; rows without a value stay last
		    page.run(f"{table}.querySelectorAll('th button')[1].click()")
		    page.run(f"{table}.querySelectorAll('th button')[1].click()")
		    assert page.run(f"{table}.querySelectorAll('th')[1].ariaSort") == "ascending"
		    assert first(1) == "1"
		    page.run(f"{table}.querySelectorAll('th button')[0].click()")
		    assert first(0) == "10.0.0.0"
		    # words are found in all rows, not only in those that are there
		    page.run("""(() => { const f = document.querySelector('#v0 input');
		        f.value = '10.0.30.7'; f.dispatchEvent(new Event('input')); })()""")
		    assert first(0) == "10.0.30.7"
		    # a number shows the command line
		    page.run(f"{table}.querySelector('a').click()")
		    assert page.run("document.querySelector('#command').hidden") is False
		    assert page.run("document.querySelector('#command code').textContent") \
		        == "pcaptool read -r 'hosts.pcap' 'ip host 10.0.30.7'"
		    # other scripts do not run
		    page.run("""(() => { const s = document.createElement('script');
		        s.textContent = 'window.foreign = 1';
		        document.body.append(s); })()""")
		    assert page.run("window.foreign") is None
		    colors = []
		    for scheme in "light", "dark":
		        page.media(prefers_color_scheme=scheme)
		        colors.append(page.run("""getComputedStyle(document.body).backgroundColor
		            + getComputedStyle(document.querySelector('.c-data')).fill"""))
		    assert colors[0] != colors[1], colors
		    page.media("print")
		    assert page.run("getComputedStyle(document.querySelector('nav')).display") == "none"
	END
}
