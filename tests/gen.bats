# rw-gen: its files, its lines, and refused input. gen-documents.bats tests the
# documents.

load gen_helpers

# ---- files and lines -------------------------------------------------------

@test "each follower of the example gets two files" {
	gen <"$DUE"
	assert_status 0
	assert_stderr ""
	printf '%s\n' "$output" >out
	assert_lines "$(wc -l <"$DUE")" out
	assert_equal "$(json .follower_id out)" "$(json .follower_id "$DUE")"
	while IFS=$'\t' read -r path sha bytes; do
		assert_equal "$(sha256sum "$path" | cut -d ' ' -f 1)" "$sha"
		assert_equal "$(stat -c '%s %a' "$path")" "$bytes 600"
	done < <(jq -r '[.pdf_path, .pdf_sha256, .pdf_bytes],
		[.excel_path, .excel_sha256, .excel_bytes] | @tsv' out)
	assert_equal "$(find reports -type d -printf '%m\n' | sort -u)" 700
	[ -s reports/2025-06/follower-123/report_2025-06.pdf ]
	[ -s reports/2025-06/follower-123/report_2025-06.xlsx ]
	assert_equal "$(find reports -name '.*' | wc -l)" 0
}

@test "files are synced before the line is written, unless --no-sync is given" {
	need_plain_build	# the leak checker cannot be traced
	need_command strace
	line '"daily_pnl":{"2025-06-02":1}' >due
	strace -f -qq -e trace=fsync,rename,write -o trace \
		rw-gen --out reports <due >out
	# Syncs each file before its rename, then both names, then writes the
	# line.
	sed -nE 's/.* (fsync|rename)\(.*/\1/p; s/.* write\(1, .*/line/p' \
		trace >order
	assert_equal "$(tr '\n' ' ' <order)" \
		'fsync rename fsync rename fsync line '
	rm -r reports
	strace -f -qq -e trace=fsync,fdatasync,sync,syncfs -o trace \
		rw-gen --out reports --no-sync <due >unsynced
	assert_lines 0 trace
	assert_equal "$(cat unsynced)" "$(cat out)"
	assert_equal "$(find reports -type f | wc -l)" 2
}

@test "the example contains the difficult months" {
	gen <"$DUE"
	printf '%s\n' "$output" >out
	[ "$(wc -l <out)" -ge 12 ]
	# A loss, a month without a day, a single day, no IBAN, yen, no
	# commission, four decimals, ten million, a long name, a name outside
	# Latin-1.
	for filter in '.total_pnl|startswith("-")' '.daily_pnl=={}' \
		'(.daily_pnl|length)==1' '.iban==null' '.currency=="JPY"' \
		'.commission_pct==0' '(.total_pnl|split(".")[1]|length)==4' \
		'(.total_pnl|tonumber)>1e7' '(.name|length)==90' \
		'.name|test("[Α-ω]")' '.name|test("[А-я]")'; do
		[ "$(log_count out "$filter")" -ge 1 ] || fail "none: $filter"
	done
}

@test "new members follow the record's own members, which do not change" {
	line '"x":[1.0, 2e5],"daily_pnl":{"2025-06-02":"10.005"}' >due
	gen <due
	assert_status 0
	[[ $output == "$(head -c -2 due)"',"total_pnl":"10.005","commission_amount":"2.00","content_sha256":"'*'","pdf_path":"reports/2025-06/f-1/report_2025-06.pdf","excel_path":"reports/2025-06/f-1/report_2025-06.xlsx","pdf_sha256":"'* ]] ||
		fail "not as expected"
}

@test "a record that fails has no members of an earlier run" {
	line '"daily_pnl":{"2025-06-02":1}' >due
	gen <due
	gen <<<"${output/\"2025-06-02\":1/\"2025-06-02\":null}"
	assert_status 1
	assert_json "$output" '[.total_pnl, .commission_amount, .pdf_path, .excel_sha256, .excel_bytes]' \
		'[null,null,null,null,null]'
	# A report that is made again has each member once.
	gen <due
	gen <<<"$output"
	assert_equal "$(grep -o pdf_path <<<"$output" | wc -l)" 1
}

@test "expected figures are compared, and do not change the documents" {
	line '"daily_pnl":{"2025-06-02":100}' >plain
	line '"expected_total_pnl":"100.00","expected_commission":20,"expected_commission_pct":"20","daily_pnl":{"2025-06-02":100}' >due
	gen <plain
	mv reports without
	gen <due
	assert_status 0
	diff -r reports without
	rm -r reports
	sed 's/"expected_commission":20/"expected_commission":25/;
		s/"expected_commission_pct":"20"/"expected_commission_pct":"25"/' due >other
	gen <other
	assert_status 1
	refute test -e reports
	assert_json "$output" '[.error.tool, .error.kind, .error.retryable, .error.message, has("pdf_path", "total_pnl")]' \
		'["rw-gen","data",false,"expected_commission is 25.00 EUR, and the commission comes to 20.00 (expected_commission_pct is 25, and commission_pct 20)",false,false]'
	# After the operator has accepted it, or has disabled the check.
	gen --accept <<<"$output"
	assert_status 0
	assert_stderr 'rw-gen: warning: f-1 2025-06: accepted: expected_commission is 25.00 EUR, and the commission comes to 20.00 (expected_commission_pct is 25, and commission_pct 20)'
	diff -r reports without
	RW_COMMISSION_CHECK=off gen <other
	assert_status 0
	assert_stderr ''
	RW_COMMISSION_CHECK=of gen <other
	assert_status 78
	assert_stderr_has RW_COMMISSION_CHECK
	# A value that is not an amount is an error, accepted or not.
	sed 's/"expected_total_pnl":"100.00"/"expected_total_pnl":"1.00 EUR"/' due >other
	gen --accept <other
	assert_status 1
	assert_json "$output" .error.kind data
	RW_COMMISSION_CHECK=off gen <other
	assert_status 0
}

@test "a revision has its own files and its number on the page" {
	line '"daily_pnl":{"2025-06-02":1},"revision":2' >due
	gen <due
	assert_status 0
	assert_json "$output" .pdf_path reports/2025-06/f-1/report_2025-06_r2.pdf
	assert_json "$output" .excel_path reports/2025-06/f-1/report_2025-06_r2.xlsx
	pdftotext reports/2025-06/f-1/report_2025-06_r2.pdf text
	assert_file_has text 2025-06-f-1-r2
}

@test "without --out the files go to the state directory" {
	run --separate-stderr rw-gen <<<"$(line '"daily_pnl":{}')"
	assert_status 0
	assert_json "$output" .pdf_path \
		"$RW_STATE_DIR/reports/2025-06/f-1/report_2025-06.pdf"
	[ -s "$RW_STATE_DIR/reports/2025-06/f-1/report_2025-06.pdf" ]
}

@test "--dry-run computes and writes nothing" {
	gen --dry-run <"$DUE"
	assert_status 0
	refute test -e reports
	assert_json "${lines[0]}" '[.total_pnl, .commission_amount, .pdf_sha256]' \
		'["1642.85","328.57",null]'
}

@test "--period fills in a missing period and refuses a different one" {
	printf '%s\n' '{"follower_id":"a","commission_pct":1,"daily_pnl":{"20250601":1}}' \
		'{"follower_id":"b","report_period":"2025-05","commission_pct":1,"daily_pnl":{}}' >due
	gen --period 2025-06 <due
	assert_status 1
	assert_json "${lines[0]}" .total_pnl 1.00
	assert_json "${lines[1]}" .error.kind data
}

@test "a directory that is not UTF-8 is refused" {
	run rw-gen --out $'d\xff' <"$DUE"
	assert_status 64
	assert_output 'rw-gen: error: --out is not UTF-8: no line can name files in it'
	RW_STATE_DIR=$BATS_TEST_TMPDIR/$'d\xff' run rw-gen <"$DUE"
	assert_status 78
	refute compgen -G 'd*'
}

@test "a fault in a foreign text is described in a readable line" {
	local euros
	euros=$(printf '€%.0s' {1..60})
	gen < <(printf '{"follower_id":"f","report_period":"2025-06",%s}\n' \
		"\"commission_pct\":1,\"daily_pnl\":{},\"currency\":\"$euros\"" \
		"\"commission_pct\":1,\"daily_pnl\":{\"$euros\":1}" \
		"\"commission_pct\":\"x$euros\",\"daily_pnl\":{}")
	assert_status 1
	printf '%s\n' "${lines[@]}" >made
	iconv -f UTF-8 -t UTF-8 made >/dev/null
	rw-presign <made >passed
	cmp made passed
}

# ---- the same bytes --------------------------------------------------------

@test "the same record gives the same bytes, at any time and in any way" {
	gen -j 1 <"$DUE"
	mv reports first
	sleep 1.1
	tac "$DUE" >backwards
	TZ=Asia/Tokyo gen -j 4 <backwards
	diff -r first reports
}

@test "the months of one input do not affect each other" {
	for i in $(seq 150); do
		for month in 01 02 06 11; do
			printf '{"follower_id":"f-%s","report_period":"2025-%s","commission_pct":1,"daily_pnl":{}}\n' \
				"$i" "$month"
		done
	done >due
	out=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
	rw-gen -j 1 --out "$out" <due | json .excel_sha256 >one
	rw-gen -j 8 --out "$out" <due | json .excel_sha256 >eight
	rm -r "$out"
	cmp one eight
}

@test "SOURCE_DATE_EPOCH is the date inside, and changes nothing else" {
	line '"daily_pnl":{"2025-06-02":1}' >due
	SOURCE_DATE_EPOCH=1751328000 gen <due
	one=$(json .pdf_sha256,.excel_sha256 <<<"$output")
	SOURCE_DATE_EPOCH=1751328000 gen <due
	assert_equal "$(json .pdf_sha256,.excel_sha256 <<<"$output")" "$one"
	run pdfinfo -isodates reports/2025-06/f-1/report_2025-06.pdf
	assert_output_has "CreationDate:    2025-07-01T00:00:00Z"
	SOURCE_DATE_EPOCH=0 gen <due
	refute test "$(json .pdf_sha256,.excel_sha256 <<<"$output")" = "$one"
	gen <due
	assert_equal "$(json .pdf_sha256 <<<"$output")" "$(head -n 1 <<<"$one")" \
		"without it: the end of the month"
}

# ---- refused input ---------------------------------------------------------

@test "a missing or wrong member is an error of its record; the other records pass" {
	# members | part of the message
	cat >cases <<'END'
"x":1|daily_pnl
"daily_pnl":null|daily_pnl
"daily_pnl":[]|daily_pnl is an array
"daily_pnl":{"2025-06-02":"1","20250602":"1"}|daily_pnl "20250602": duplicate day
"daily_pnl":{"2025-07-01":"1"}|this day is not in 2025-06
"daily_pnl":{"2025-06-31":"1"}|2025-06-31
"daily_pnl":{"soon":"1"}|soon
"daily_pnl":{"2025-06-02":null}|expected a decimal number, found null
"daily_pnl":{"2025-06-02":"1,5"}|"1,5" is not a decimal number
"daily_pnl":{"2025-06-02":"NaN"}|"NaN" is not a decimal number
"daily_pnl":{"2025-06-02":1e-5}|more than 4 decimals
"daily_pnl":{"2025-06-02":1e300}|digits before the point
"daily_pnl":{},"currency":"XYZ"|currency "XYZ"
"daily_pnl":{},"currency":"eur"|currency "eur"
"daily_pnl":{},"iban":"DE00370400440532013000"|check digits
"daily_pnl":{},"iban":"DE8937040044053201300"|not the 22
"daily_pnl":{},"name":"a\r\nb"|name has a control character
"daily_pnl":{},"name":7|name
"daily_pnl":{},"revision":0|revision
END
	while IFS='|' read -r members _; do
		line "$members"
	done <cases >due
	printf '%s\n' '{"follower_id":"a","report_period":"2025-06","commission_pct":101,"daily_pnl":{}}' \
		'{"follower_id":"a","report_period":"2025-06","commission_pct":-1,"daily_pnl":{}}' \
		'{"follower_id":"a","report_period":"2025-06","daily_pnl":{}}' >>due
	printf '|%s\n' "between 0 and 100" "between 0 and 100" commission_pct >>cases
	line '"daily_pnl":{}' >>due
	gen <due
	assert_status 1
	printf '%s\n' "$output" >out
	assert_lines "$(wc -l <due)" out
	paste -d '\n' <(cut -d '|' -f 2 cases) <(head -n -1 out) |
		while read -r words && IFS= read -r got; do
			assert_json "$got" '[.error.tool, .error.kind, .error.retryable, .pdf_path]' \
				'["rw-gen","data",false,null]'
			message=$(json .error.message <<<"$got")
			[[ $message == *"$words"* ]] || fail "expected: $words" "     got: $message"
		done
	assert_json "$(tail -n 1 out)" .error null
}

@test "a sum that overflows is an error, never a wrong figure" {
	"$PYTHON" - >due <<'END'
import json
print(json.dumps({"follower_id": "f", "report_period": "2025-06",
      "commission_pct": 20, "daily_pnl": {f"2025-06-{d:02}":
      "99999999999999.9999" for d in range(1, 31)}}))
END
	gen <due
	assert_status 1
	assert_json "$output" .error.message "the sum of daily_pnl is too large"
	refute test -e reports
}

# chart_of FOLLOWER: prints the first chart of the workbook.
chart_of() {
	"$PYTHON" -c 'import sys, zipfile
print(zipfile.ZipFile(sys.argv[1]).read("xl/charts/chart1.xml").decode())' \
		"reports/2025-06/$1/report_2025-06.xlsx"
}

@test "the only day of a month is visible in the workbook's charts" {
	local month='"report_period":"2025-06","commission_pct":20,"daily_pnl":{"2025-06-02":"1.00"'
	printf '{"follower_id":"one",%s}}\n{"follower_id":"two",%s,"2025-06-03":"2.00"}}\n' \
		"$month" "$month" >due
	gen --out reports <due
	assert_status 0
	run chart_of one
	assert_output_has '<c:symbol val="circle"/>'
	run chart_of two
	assert_output_has '<c:symbol val="none"/>'
}

@test "the error of a record without a rate names the setting" {
	printf '%s\n' '{"follower_id":"f","report_period":"2025-06","daily_pnl":{}}' >due
	gen <due
	assert_json "$output" .error.message 'commission_pct is missing, and DEFAULT_COMMISSION_PERCENTAGE is not set'
}

@test "a duplicate follower in one input does not replace the files of the first line" {
	for i in 1 2 3 1 5 6 7 8; do
		line "\"daily_pnl\":{\"2025-06-02\":$i}"
	done >due
	gen -j 4 <due
	assert_status 1
	assert_stderr_has "expected one line for each follower and month"
	printf '%s\n' "$output" >out
	assert_equal "$(json .error.kind out | tr '\n' ' ')" \
		'null data data null data data data data '
	assert_equal "$(sha256sum <reports/2025-06/f-1/report_2025-06.pdf)" \
		"$(head -n 1 out | json .pdf_sha256)  -"
	assert_equal "$(sha256sum <reports/2025-06/f-1/report_2025-06.xlsx)" \
		"$(head -n 1 out | json .excel_sha256)  -"
}

@test "hwm requires the mark and the balance, and never treats a missing one as 0" {
	{
		line '"opening_balance":"1000","daily_pnl":{}'
		line '"high_water_mark":"1000","daily_pnl":{}'
	} >due
	gen --fee-model hwm <due
	assert_status 1
	assert_json "${lines[0]}" .error.message \
		"the fee model hwm needs high_water_mark, from the line or the ledger"
	assert_json "${lines[1]}" .error.message \
		"the fee model hwm needs opening_balance"
}

@test "wrong settings end the run before the first line" {
	while read -r status words setting; do
		run --separate-stderr env "$setting" rw-gen --out reports <"$DUE"
		assert_status "$status"
		assert_output ""
		assert_stderr_has "$words"
	done <<'END'
78 RW_PAPER RW_PAPER=a5
78 RW_LOGO RW_LOGO=missing.png
78 RW_LOGO RW_LOGO=/etc/passwd
78 RW_FONT_DIR RW_FONT_DIR=/etc
78 RW_BRAND RW_BRAND=🚀
78 MARKET_CLOSE_TIMEZONE MARKET_CLOSE_TIMEZONE=Mars/Olympus
78 DEFAULT_COMMISSION_PERCENTAGE DEFAULT_COMMISSION_PERCENTAGE=120
78 SOURCE_DATE_EPOCH SOURCE_DATE_EPOCH=yesterday
END
	gen --fee-model fair <"$DUE"
	assert_status 64
	assert_stderr_has '"fair" is not a fee model'
	refute test -e reports
}

@test "a full disk is an I/O error and leaves no partial file" {
	[ "$(id -u)" -eq 0 ] || skip "only root can mount a small file system"
	mkdir small
	mount -t tmpfs -o size=64k tmpfs small 2>/dev/null ||
		skip "no file system can be mounted here"
	run --separate-stderr rw-gen --out small <"$DUE"
	find small -name '.*' -type f >left
	umount small
	assert_status 74
	assert_stderr_has "No space left on device"
	assert_lines 0 left
	[ "$(log_count <(printf '%s\n' "$output") '.error.kind=="io"')" -ge 1 ]
	[ "$(log_count <(printf '%s\n' "$output") '.error==null')" -ge 1 ]
}

@test "output that cannot be written is an error, and ends the run" {
	run --separate-stderr sh -c 'rw-gen --out reports <"$DUE" >/dev/full'
	assert_status 74
	assert_stderr_has "standard output"
	run --separate-stderr sh -c 'rw-gen --out reports <"$DUE" >&-'
	assert_status 74
}

@test "hostile lines are refused one by one, and the other reports are made" {
	deep=$(printf '[%.0s' $(seq 3000))
	{
		printf '%s\n' '{"follower_id":"../../etc","report_period":"2025-06","commission_pct":1,"daily_pnl":{}}' \
			'{"follower_id":"a","report_period":"2025-13","commission_pct":1,"daily_pnl":{}}' \
			"{\"follower_id\":\"a\",\"x\":$deep" 'not JSON' \
			'{"follower_id":"a","report_period":"2025-06","commission_pct":1,"daily_pnl":{"2025-06-02":1,"2025-06-02":2}}'
		line "\"daily_pnl\":{\"2025-06-02\":$(printf '7%.0s' $(seq 400))}"
		line '"daily_pnl":{"2025-06-02":1}'
	} >due
	gen --rejects bad <due
	assert_status 65
	assert_lines 2 bad
	assert_equal "$(find reports -type f | wc -l)" 2
	assert_equal "$(json '.error.kind' <<<"$output" | tr '\n' ' ')" \
		"data data data data null "
}

# ---- killed ----------------------------------------------------------------

@test "killed between its two files, it makes the same report again" {
	line '"daily_pnl":{"2025-06-02":1}' >due
	gen <due
	whole=$output
	for point in pdf-renamed xlsx-renamed; do
		rm -r reports
		RW_FAULT=rw-gen:$point gen <due
		assert_status 137
		gen <due
		assert_output "$whole"
	done
}

# ---- memory ----------------------------------------------------------------

@test "memory does not grow with the number of lines" {
	need_plain_build
	days='{"2025-06-02":"12.5","2025-06-03":"-3.25","2025-06-04":"8"}'
	for i in $(seq 4000); do
		printf '{"follower_id":"f-%s","report_period":"2025-06","commission_pct":20,"daily_pnl":%s}\n' \
			"$i" "$days"
	done >due
	out=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
	few=$(head -n 500 due | peak "$out")
	many=$(peak "$out" <due)
	rm -r "$out"
	[ "$many" -lt 32768 ] || fail "$many KiB"
	[ $((many - few)) -lt 4096 ] || fail "$few KiB grew to $many KiB"
}

# peak DIR: prints the KiB of memory that rw-gen uses for standard input.
peak() {
	/usr/bin/time -f %M -o peak rw-gen --out "$1" >/dev/null
	cat peak
}

@test "the error of a later tool is removed, and the report is made" {
	local tool
	for tool in rw-sign rw-put rw-presign rw-verify rw-mail; do
		printf '{"follower_id":"f-1","report_period":"2025-06","commission_pct":20,"daily_pnl":{"2025-06-02":"1"},"pdf_path":"/etc/passwd","pdf_url":"https://evil.example/x","pdf_key":"k","email_sent":true,"claim":"c","state":"sent","z":0.10,"error":{"tool":"%s","kind":"data"}}\n' \
			"$tool" >due
		run --separate-stderr rw-gen --out reports <due
		assert_status 0
		assert_stderr ''
		assert_json "$output" '[has("error","pdf_url","pdf_key","email_sent","claim","state")] | any' false
		assert_json "$output" .pdf_path reports/2025-06/f-1/report_2025-06.pdf
		assert_output_has '"z":0.10'
	done
	for tool in rw-list rw-record rw-other; do
		printf '{"follower_id":"f-1","report_period":"2025-06","error":{"tool":"%s"}}\n' "$tool" >due
		run --separate-stderr rw-gen --out reports <due
		assert_status 0
		assert_output "$(cat due)"
	done
}

@test "a name: blanks count as no name, invisible characters are not drawn, all others are" {
	{
		line '"daily_pnl":{"2025-06-02":1},"name":" \u00a0\u200b"'
		line '"daily_pnl":{"2025-06-02":1},"name":"An\u200bna\u3000Kel\u00adler"' |
			sed 's/f-1/f-2/'
		line '"daily_pnl":{"2025-06-02":1},"name":"a _x000A_ b"' |
			sed 's/f-1/f-3/'
		line '"daily_pnl":{"2025-06-02":1},"name":"a\ufffe"' |
			sed 's/f-1/f-4/'
		line '"daily_pnl":{"2025-06-02":1},"name":"a\ud83f\udfff"' |
			sed 's/f-1/f-5/'
	} >due
	gen <due
	assert_status 1
	assert_stderr_has 'f-4 2025-06: name has U+FFFE, which is not a character'
	assert_stderr_has 'f-5 2025-06: name has U+1FFFF, which is not a character'
	run pdftotext reports/2025-06/f-1/report_2025-06.pdf -
	assert_output_has f-1
	assert_output_lacks 'cannot show'
	run pdftotext reports/2025-06/f-2/report_2025-06.pdf -
	assert_output_has 'Anna Keller'
	run unzip -p reports/2025-06/f-3/report_2025-06.xlsx xl/sharedStrings.xml
	assert_output_has 'a _x005F_x000A_ b'
}
