# Lines from outside are only input: rw-report with the real tools, and lines
# with members that only later tools set.

load helpers

setup() {
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_MAIL_TRANSPORT=maildir:$BATS_TEST_TMPDIR/mail
	cd "$BATS_TEST_TMPDIR"
	rw-record --init
	printf 'the secret of another' >secret
}

# line ID MEMBERS: prints a report that is due, with more members.
line() {
	printf '{"follower_id":"%s","report_period":"2025-06","email":"%s@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"125.50"}%s}\n' \
		"$1" "$1" "${2:+,$2}"
}

report() {
	run --separate-stderr rw-report --input due "$@"
}

# Prints for each mail the recipient, the number of links and of attachments.
mails() {
	"$PYTHON" "$ROOT/tests/read_mail.py" mail/new |
		jq -c '[.to, (.links | length), (.attachments | length)]' | sort
}

last_run() {
	local runs=("$RW_STATE_DIR"/runs/*/)
	printf '%s' "${runs[-1]%/}"
}

@test "files, links and keys of the input are not mailed, with any error on the line" {
	local tool n=0
	: >due
	for tool in rw-gen rw-sign rw-put rw-presign rw-verify rw-mail; do
		n=$((n + 1))
		line "f-$n" "\"pdf_path\":\"/etc/passwd\",\"excel_path\":\"$PWD/secret\",\"error\":{\"tool\":\"$tool\",\"kind\":\"data\",\"message\":\"m\",\"retryable\":false}" >>due
		line "l-$n" "\"pdf_url\":\"https://evil.example/a\",\"excel_url\":\"https://evil.example/b\",\"pdf_key\":\"k\",\"excel_key\":\"k\",\"minio_upload\":true,\"error\":{\"tool\":\"$tool\",\"kind\":\"data\",\"message\":\"m\",\"retryable\":false}" >>due
	done
	line "f-0" '"pdf_path":"/etc/passwd","excel_path":"/etc/passwd","pdf_url":"https://evil.example/a","excel_url":"https://evil.example/b"' >>due
	report
	assert_status 0
	assert_equal "$(mails | jq -c '.[1:]' | sort | uniq -c | tr -s ' ')" ' 13 [0,2]'
	refute grep -rqE 'evil\.example|root:' mail/new
	refute grep -rqF "$(base64 <secret)" mail/new
}

@test "an error that is not from a later tool stays: not made, not mailed, status 1" {
	local error n=0
	line good >due
	for error in '{"tool":"rw-list","kind":"data","message":"m","retryable":false}' \
		'{"tool":"rw-record","kind":"data","message":"m","retryable":false}' \
		'{"tool":"rw-evil","kind":"data","message":"m","retryable":false}' \
		'{"tool":"rw-put "}' '{"tool":["rw-put"]}' '"rw-put"' '{}' 7; do
		n=$((n + 1))
		line "f-$n" "\"pdf_path\":\"$PWD/secret\",\"excel_path\":\"$PWD/secret\",\"pdf_url\":\"https://evil.example/a\",\"excel_url\":\"https://evil.example/b\",\"error\":$error" >>due
	done
	report --out out
	assert_status 1
	assert_equal "$(mails)" '["good@example.com",0,2]'
	assert_equal "$(ls out/2025-06)" good
	assert_stderr_has 'f-3 2025-06: its report is not made: the line has an error of "rw-evil" (m)'
	assert_equal "$(rw-status --all --json | jq -r .state | sort | uniq -c | tr -s ' ')" \
		' 8 failed
 1 sent'
	# The same again, until the line is repaired.
	report --out out
	assert_status 1
	assert_equal "$(mails | wc -l)" 1
	sed -i 's/,"pdf_path.*/}/' due
	report --out out
	assert_status 0
	assert_equal "$(mails | wc -l)" 9
}

@test "the done file of a run, corrected, makes new documents" {
	line f-1 >due
	line f-2 >>due
	report --out out
	assert_status 0
	cp "$(last_run)/done" due
	sed -i 's/125\.50"/225.50"/' due
	# Nobody is mailed a second document of the same revision.
	report --out out
	assert_status 0
	assert_equal "$(mails | wc -l)" 2
	report --out out --again
	assert_status 1
	assert_stderr_has 'it was sent, or may have been, with 125.50 EUR and a commission of 25.10 EUR, and has 225.50 EUR'
	assert_equal "$(mails | wc -l)" 2
	rm mail/new/*
	report --out out --revise
	assert_status 0
	assert_equal "$(mails)" '["f-1@example.com",0,2]
["f-2@example.com",0,2]'
	assert_equal "$("$PYTHON" "$ROOT/tests/read_mail.py" mail/new |
		jq -r '.attachments[]' | sort)" \
		"$(sha256sum out/*/*/*_r2.* | cut -d ' ' -f 1 | sort)"
	assert_equal "$(rw-status --all --json | jq -c '[.revision,.total_pnl]' | sort -u)" \
		'[2,"225.50"]'
}

@test "no member of an earlier run is trusted: claim, state, revision, digests" {
	line f-1 '"revision":5,"claim":"x","run_id":"y","lease_until":"2000-01-01T00:00:00Z","state":"sent","sequence":9,"mail_date":"2000-01-01T00:00:00Z","email_sent":true,"sent_timestamp":"2000-01-01T00:00:00Z","message_id":"<x@y>","delivery":"links","sent_figures":"1","sent_content_sha256":"0","sent_drawn_sha256":"0","revised_content_sha256":"0","stored_as_sent":true,"stored_pdf_sha256":"0","dry_run":true,"pdf_sha256":"0","total_pnl":"9.99","kept":0.10' >due
	report
	assert_status 0
	assert_equal "$(mails)" '["f-1@example.com",0,2]'
	assert_json "$(cat "$(last_run)/done")" \
		'[.revision,.sequence,.total_pnl,.state,.delivery]' \
		'[1,0,"125.50","sent","attachments"]'
	assert_file_has "$(last_run)/done" '"kept":0.10'
	assert_equal "$(rw-status --all --json | jq -c '[.revision,.sequence]')" '[1,0]'
}
