#!/usr/bin/env bats
# What a statement shows of other months and of the revision that it replaces:
# members of --lookup, and the documents of rw-gen.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export RW_LEDGER=$PWD/ledger.db
	rw-record --init
}

# line MONTH P&L [MEMBERS]: 10 percent of commission.
line() {
	printf '{"follower_id":"f-1","report_period":"%s","email":"a@example.com","commission_pct":10,"daily_pnl":{"%s-02":"%s"}%s}\n' \
		"$1" "$1" "$2" "${3:+,$3}"
}

mailed() {
	jq -c '. + {email_sent: true, delivery: "attachments",
		sent_timestamp: "2025-07-01T00:10:00Z", message_id: "<a@x>"}'
}

send() {
	rw-record --lookup | rw-gen --out out | rw-record --claim | mailed |
		rw-record --result >/dev/null
}

earlier() {
	line "$1" 1 | rw-record --lookup | jq -c ".earlier_months$2"
}

pages() {
	pdftotext -layout "$1" - | tr -s ' '
}

@test "without an earlier month there is no member, and no strip" {
	assert_equal "$(earlier 2025-06 '')" null
	line 2025-06 100 | rw-gen --out out >/dev/null
	run pages out/2025-06/f-1/report_2025-06.pdf
	assert_output_lacks 'Twelve months'
	assert_equal "$(unzip -p out/2025-06/f-1/report_2025-06.xlsx xl/workbook.xml | grep -c Months)" 0
}

@test "the last twelve months, the year and the start: what was sent, in one currency" {
	local month
	for month in 2024-03 2024-05 2024-06 2024-08 2025-01 2025-02 2025-04; do
		line $month 100.25 '"opening_balance":"1000"' | send
	done
	line 2025-03 7 '"currency":"USD"' | send
	line 2025-05 9 | rw-record --lookup | rw-gen --out out |
		rw-record --claim >/dev/null
	assert_equal "$(earlier 2025-06 '.months | [.[].report_period]')" \
		'["2024-06","2024-08","2025-01","2025-02","2025-04"]'
	assert_equal "$(earlier 2025-06 '.months[0]')" \
		'{"report_period":"2024-06","total_pnl":"100.25","commission_amount":"10.03","opening_balance":"1000"}'
	assert_equal "$(earlier 2025-06 .year_to_date)" \
		'{"months":3,"first":"2025-01","total_pnl":"300.75","commission_amount":"30.09"}'
	assert_equal "$(earlier 2025-06 .since_start)" \
		'{"months":7,"first":"2024-03","total_pnl":"701.75","commission_amount":"70.21"}'
	assert_equal "$(earlier 2026-01 .year_to_date.months)" 0
	assert_equal "$(earlier 2024-02 '')" null
	line 2025-06 50 | rw-record --lookup | rw-gen --out out >made
	assert_json "$(cat made)" .error null
	pages out/2025-06/f-1/report_2025-06.pdf >text
	assert_file_has text 'Twelve months'
	assert_file_has text 'Jul 2024'
	assert_file_has text 'Year to date 350.75 EUR, commission 35.09 EUR, 4 months since Jan 2025'
	assert_file_has text 'Since start 751.75 EUR, commission 75.21 EUR, 8 months since Mar 2024'
	unzip -p out/2025-06/f-1/report_2025-06.xlsx xl/workbook.xml >book
	assert_file_has book 'name="Months"'
}

@test "a sum that does not fit is an error, and nobody is mailed" {
	local month
	for month in 2024-01 2024-02 2024-03 2024-04 2024-05 2024-06 2024-07 \
		2024-08 2024-09 2024-10; do
		line $month 1 | rw-record --claim | jq -c '. + {total_pnl: "99999999999999", commission_amount: "0"}' |
			mailed | rw-record --result >/dev/null
	done
	run --separate-stderr rw-record --lookup < <(line 2025-06 1)
	assert_status 1
	assert_json "$output" '[.error.tool, has("earlier_months")]' '["rw-record",false]'
	assert_stderr_has 'the sum of the earlier months in the ledger is too large'
}

@test "an older ledger and a month without a balance: P&L and commission only" {
	line 2025-05 100 | send
	assert_equal "$(earlier 2025-06 '.months[0] | has("opening_balance")')" false
	cp "$ROOT/tests/data/1.0.0/ledger.db" old.db
	export RW_LEDGER=$PWD/old.db RW_STATE_DIR=$PWD/old
	assert_equal "$(printf '%s\n' '{"follower_id":"f-sent","report_period":"2025-07"}' |
		rw-record --lookup --chosen | jq -c '.earlier_months.since_start')" \
		'{"months":2,"first":"2025-05","total_pnl":"300.25","commission_amount":"60.05"}'
}

@test "months of many days have the strip on a third page" {
	line 2025-06 1 | send
	jq -c -n '{follower_id: "f-1", report_period: "2025-07", commission_pct: 1,
		daily_pnl: ([range(1; 32) | {("2025-07-" + (. + 100 | tostring)[1:]): "1"}] | add)}' |
		rw-record --lookup | RW_PAPER=letter rw-gen --out out >/dev/null
	pages out/2025-07/f-1/report_2025-07.pdf >text
	assert_file_has text 'Page 3 of 3'
	assert_file_has text 'Twelve months'
	line 2025-08 1 | rw-record --lookup | rw-gen --out out >/dev/null
	pages out/2025-08/f-1/report_2025-08.pdf >text
	assert_file_has text 'Page 2 of 2'
}

@test "a correction names what it replaces and lists what changed" {
	line 2025-06 100 '"issue_date":"2025-07-03"' | send
	line 2025-06 90.5 '"opening_balance":"1000"' | sed 's/"2025-06-02"/"2025-06-04"/' >fixed
	rw-record --lookup --revise <fixed >looked
	assert_json "$(cat looked)" .replaces \
		'{"revision":1,"total_pnl":"100.00","commission_amount":"10.00","commission_pct":"10","issue_date":"2025-07-03","daily_pnl":{"2025-06-02":"100"}}'
	rw-gen --out out <looked >made
	pages out/2025-06/f-1/report_2025-06_r2.pdf >text
	assert_file_has text 'Corrected statement, replaces 2025-06-f-1 of 3 July 2025.'
	assert_file_has text 'Net P&L 100.00 90.50'
	assert_file_has text 'Commission 10.00 9.05'
	assert_file_has text '2 June 100.00 –'
	assert_file_has text '4 June – 90.50'
	assert_file_has text 'Opening balance – 1,000.00'
	unzip -p out/2025-06/f-1/report_2025-06_r2.xlsx xl/sharedStrings.xml >book
	assert_file_has book 'Corrected statement, replaces 2025-06-f-1 of 3 July 2025.'
	assert_file_has book '4 June'
}

@test "the mail of a correction has the same table, and no other mail has" {
	export REPORT_SENDER_EMAIL=reports@example.com \
		RW_MAIL_TRANSPORT=maildir:$PWD/mail
	line 2025-06 1000 >due
	rw-report --input due
	run grep -r 'Corrected statement' mail
	assert_status 1
	rm -r mail
	line 2025-06 -90.5 >due
	rw-report --input due --revise
	"$PYTHON" - mail/new/* >bodies <<-'PY'
		import email, email.policy, sys
		message = email.message_from_binary_file(open(sys.argv[1], "rb"),
		    policy=email.policy.default)
		for kind in ("plain", "html"):
		    print(message.get_body((kind,)).get_content())
	PY
	assert_equal "$(grep -c '^Corrected statement, replaces 2025-06-f-1 of 1 July 2025.$' bodies)" 1
	assert_equal "$(grep -c 'Corrected statement, replaces 2025-06-f-1 of 1 July 2025.$' bodies)" 2
	assert_equal "$(grep -Ec 'Net P&(amp;)?L +1,000.00 +-90.50$' bodies)" 2
	assert_equal "$(grep -Ec '^Commission +100.00 +0.00$' bodies)" 2
	assert_equal "$(grep -Ec '^2 June +1,000.00 +-90.50' bodies)" 2
}

@test "a correction that is tried again, or sent again, replaces the same revision" {
	line 2025-06 100 | send
	line 2025-06 90 >fixed
	rw-record --lookup --revise <fixed | rw-gen --out out |
		rw-record --claim --revise | jq -c '. + {error: {tool: "rw-mail", kind: "refused", message: "550", retryable: false}}' |
		rw-record --result >/dev/null
	assert_json "$(rw-record --lookup <fixed)" '[.revision,.replaces.revision,.replaces.total_pnl]' '[2,1,"100.00"]'
	send <fixed
	assert_json "$(rw-record --lookup --again <fixed)" '[.revision,.replaces.revision,.replaces.total_pnl]' '[2,1,"100.00"]'
	assert_json "$(rw-record --lookup --revise <fixed)" '[.revision,.replaces.revision,.replaces.total_pnl]' '[3,2,"90.00"]'
	# No other line says so.
	assert_json "$(jq -c '. + {replaces: {revision: 1}, earlier_months: 1}' fixed | rw-list --input - 2>/dev/null | head -1)" \
		'[has("replaces"),has("earlier_months")]' '[false,false]'
}

# days MONTH N: a line with N days of the largest amount.
days() {
	jq -c -n --arg month "$1" --argjson n "$2" '{follower_id: "f-1",
		report_period: $month, email: "a@example.com", commission_pct: 10,
		daily_pnl: [range(1; $n + 1) |
			{("\($month)-0\(.)"): "99999999999999"}] | add}'
}

@test "a sum with more digits than a day is part of the year, and can be corrected" {
	days 2025-01 2 | send
	assert_json "$(line 2025-02 1 | rw-record --lookup)" '.earlier_months.since_start.total_pnl' 199999999999998.00
	days 2025-01 3 | rw-record --lookup --revise | rw-gen --out out >revised
	assert_json "$(cat revised)" '[.error,.correction.changes[1][1:]]' \
		'[null,["199,999,999,999,998.00","299,999,999,999,997.00"]]'
	run rw-status --all
	assert_output_has '199,999,999,999,998.00 EUR'
	days 2025-02 8 | rw-record --lookup >looked
	run rw-gen --out out <looked
	assert_status 1
	assert_output_has 'f-1 2025-02: the sum of the months is too large'
}

@test "a correction of other details says that the figures are the same" {
	line 2025-06 100 | send
	line 2025-06 100 '"name":"Anna"' | rw-record --lookup --revise |
		rw-gen --out out >/dev/null
	run pages out/2025-06/f-1/report_2025-06_r2.pdf
	assert_output_has 'Corrected statement, replaces 2025-06-f-1 of 1 July 2025. These figures are the same; a name, an account or a date may differ.'
}

@test "a correction of the currency names it beside each figure" {
	line 2025-06 100.5 | send
	line 2025-06 100.5 '"currency":"JPY"' | rw-record --lookup --revise |
		rw-gen --out out >revised
	assert_json "$(cat revised)" '.correction.changes[:2]' \
		'[["","Before","Now"],["Net P&L","100.50 EUR","100.5 JPY"]]'
}

@test "a correction with a long ID is readable in full" {
	local id
	id=$(printf '%0128d' 0)
	line 2025-06 100 | jq -c ".follower_id = \"$id\"" >long
	send <long
	jq -c '. + {name: "Anna"}' long | rw-record --lookup --revise |
		rw-gen --out out >/dev/null
	run pages "out/2025-06/$id/report_2025-06_r2.pdf"
	assert_output_has 'of 1 July 2025. These figures are the same;'
	assert_output_has 'a date may differ.'
}

# full N: a line with N days, the longest ID, and a balance.
full() {
	jq -c -n --argjson n "$1" '{follower_id: ("w" * 128),
		report_period: "2025-06", email: "a@example.com",
		commission_pct: 10, opening_balance: "500", name: ("X" * 90),
		daily_pnl: ([range(1; $n + 1) |
			{("2025-06-\(if . < 10 then "0" else "" end)\(.)"): "\(.)00.5"}]
			| add // {})}'
}

@test "what has no room on a full first page is on a page of its own" {
	local id
	export RW_ISSUER_NAME=Issuer RW_ISSUER_FOOTER RW_PAYEE_NAME=Payee
	export RW_PAYEE_IBAN=DE89370400440532013000
	RW_ISSUER_FOOTER=$(printf 'Foot text. %.0s' {1..35})
	id=$(full 0 | jq -r .follower_id)
	full 1 | jq -c '.report_period = "2025-05" |
		.daily_pnl = {"2025-05-02": "1"}' | send
	full 30 | send
	# The months and the definitions of a month without days.
	full 0 | rw-record --lookup --revise | rw-gen --out out >/dev/null
	run pages "out/2025-06/$id/report_2025-06_r2.pdf"
	assert_output_has 'Page 1 of 2'
	run pdftotext -f 2 -l 2 "out/2025-06/$id/report_2025-06_r2.pdf" -
	assert_output_has 'Twelve months'
	assert_output_has 'Definitions'
	# The charts.
	full 30 | jq -c '.daily_pnl |= map_values("1" + .)' |
		rw-record --lookup --revise | rw-gen --out other >/dev/null
	run pages "other/2025-06/$id/report_2025-06_r2.pdf"
	assert_output_has 'Page 4 of 4'
	run pdftotext -f 1 -l 1 "other/2025-06/$id/report_2025-06_r2.pdf" -
	refute grep -q 'Cumulative P&L' <<<"$output"
	run pdftotext -f 2 -l 2 "other/2025-06/$id/report_2025-06_r2.pdf" -
	assert_output_has 'Cumulative P&L'
	assert_output_has 'Daily P&L'
}

@test "a member of --lookup of a wrong form is refused" {
	local wrong
	for wrong in '"earlier_months":{"months":[{}]}' '"replaces":{"revision":"x"}' \
		'"earlier_months":{"months":[],"year_to_date":{"months":0,"total_pnl":"0","commission_amount":"0"}}' \
		'"replaces":{"revision":1,"daily_pnl":{"2025-06-99":"1"}}'; do
		run --separate-stderr rw-gen --out out < <(line 2025-06 1 "$wrong")
		assert_status 1
		assert_json "$output" .error.kind data
	done
}
