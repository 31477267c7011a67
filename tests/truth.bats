#!/usr/bin/env bats
# The worst faults: a follower gets a wrong statement, a duplicate, or silently
# no statement. The whole pipeline, with unusual input and at unusual moments.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_MAIL_TRANSPORT=maildir:$BATS_TEST_TMPDIR/mail
	rw-record --init
}

# due ID PERIOD P&L [MORE]: prints one line; MORE: further members.
due() {
	printf '{"follower_id":"%s","report_period":"%s","email":"%s@example.com","commission_pct":20,"daily_pnl":{"%s-02":"%s"}%s}\n' \
		"$1" "$2" "$1" "$2" "$3" "${4:+,$4}"
}

mails() {
	find mail/new -type f | wc -l
}

assert_mails() {
	assert_equal "$(mails)" "$1" "mails in the box"
}

# entry FILTER [PERIOD]: prints values from the ledger's entry of f-1.
entry() {
	rw-status --follower f-1 --period "${2:-2025-06}" --json |
		jq -r -c "$1"
}

no_mail_server() {
	SMTP_TLS=false RW_MAIL_TRANSPORT=smtp://127.0.0.1:1 "$@"
}

# ---- the summary ----------------------------------------------------------

@test "a report that was sent before is counted once, a held report is not sent" {
	due f-1 2025-06 100 >due
	rw-report --input due
	due f-2 2025-06 100 >>due
	RW_FAULT=rw-mail:accepted run rw-report --input due
	run rw-report --input due --in-doubt hold --json
	run --separate-stderr rw-report --input due --in-doubt hold --json
	assert_status 0
	assert_stderr_has 'in doubt and were held back'
	assert_json "$output" '[.due,.already_sent,.held,.sent]' '[2,1,1,0]'
	due f-3 2025-06 100 >>due
	run --separate-stderr rw-report --input due --in-doubt hold --json
	assert_json "$output" '[.due,.already_sent,.held,.sent]' '[3,1,1,1]'
	run rw-report --input due --in-doubt hold --verbose
	assert_output_has '3 due, 2 sent before, 1 held: no mail to send'
}

# ---- rehearsals -------------------------------------------------------------

@test "a rehearsal mails no follower, now or later" {
	due f-1 2025-06 100 >due
	due f-2 2025-06 100 '"iban":"DE00"' >>due
	run rw-report --input due --json --to me@example.com
	assert_status 1
	assert_mails 1
	grep -q '^To: me@example.com' mail/new/*
	assert_equal "$(rw-status --all --json)" ''
	rm mail/new/*
	run rw-report --input due
	assert_mails 1
	grep -q '^To: f-1@example.com' mail/new/*
	rw-status --follower f-1 --json --show-urls >before
	run rw-report --input due --to me@example.com
	assert_status 1
	assert_mails 2
	rw-status --follower f-1 --json --show-urls | cmp before -
	# By hand, and with a dry run after a claim.
	rw-record --lookup --again <due | rw-gen --out out |
		rw-record --claim --again | rw-mail --dry-run |
		rw-record --result >/dev/null || true
	rw-status --follower f-1 --json --show-urls | cmp before -
	run rw-report --input due
	assert_mails 2
}

@test "a rehearsal that the server refuses is still a rehearsal" {
	due f-1 2025-06 100 >due
	rw-report --input due
	rw-status --all --json --show-urls >before
	run no_mail_server rw-report --input due --to me@example.com
	assert_status 69
	rw-status --all --json --show-urls | cmp before -
	run rw-report --input due
	assert_status 0
	assert_mails 1
}

# ---- links to other files -------------------------------------------------

@test "stored files of an earlier attempt are not linked" {
	own_server http-script '{"rules":[]}'
	due f-1 2025-06 100 >due
	run no_mail_server rw-report --input due
	assert_status 69
	assert_equal "$(entry .pdf_key)" \
		reports/2025-06/f-1/report_2025-06.pdf
	due f-1 2025-06 555 >due
	RW_FAULT=rw-put:line-read run rw-report --input due
	assert_status 0
	assert_mails 1
	assert_equal "$(entry '.state, .total_pnl, .delivery')" \
		$'sent\n555.00\nattachments'
}

@test "links on an input line are not mailed for new files" {
	due f-1 2025-06 100 '"pdf_url":"http://old/p","excel_url":"http://old/x","pdf_key":"old.pdf","excel_key":"old.xlsx","minio_upload":true' >due
	run rw-report --input due
	assert_status 0
	assert_equal "$(entry '.delivery, .minio_upload, .pdf_url')" \
		$'attachments\nfalse\nnull'
}

@test "two reports of one follower in one input: the first one counts" {
	{
		due f-1 2025-06 100
		due f-2 2025-06 100
		due f-1 2025-06 200
		due f-2 2025-06 100
	} >due
	run rw-gen -j 2 --out out <due
	assert_status 1
	assert_equal "$(jq -c '.error.kind' < <(grep '^{' <<<"$output") |
		tr '\n' ' ')" 'null null "data" null '
	assert_equal "$(sha256sum <out/2025-06/f-1/report_2025-06.pdf)" \
		"$(json -s '.[0].pdf_sha256' < <(grep '^{' <<<"$output"))  -"
	# The next run may have other figures.
	due f-1 2025-06 200 | rw-gen --out out >/dev/null
	run rw-report --input due
	assert_status 1
	assert_mails 2
	assert_equal "$(entry '.state, .total_pnl')" $'sent\n100.00'
}

@test "two lines that differ in the address alone: the first one counts, with a message" {
	due f-1 2025-06 100 >due
	sed 's/"email":"[^"]*"/"email":"other@example.com"/' due >>due2
	cat due due2 >both
	refute cmp -s due due2
	run --separate-stderr rw-report --input both
	assert_status 0
	assert_mails 1
	assert_stderr_has '1 of 2 are duplicates of earlier lines of this input'
}

@test "of three reports made at the same time the first one always counts" {
	local i
	for i in 100 200 300; do
		due f-1 2025-06 "$i"
	done >due
	for i in {1..30}; do
		rw-gen -j 4 --no-sync --out "out$i" <due >made 2>/dev/null || :
		assert_equal "$(sha256sum <"out$i/2025-06/f-1/report_2025-06.pdf")" \
			"$(head -n 1 made | json .pdf_sha256)  -"
	done
}

@test "--again sends the same report, and no other under its number" {
	due f-1 2025-06 100 >due
	rw-report --input due
	run rw-report --input due --again
	assert_status 0
	assert_mails 2
	due f-1 2025-06 777 >due
	run rw-report --input due --again
	assert_status 1
	assert_output_has 'was sent, or may have been, with 100.00 EUR and a commission of 20.00 EUR'
	assert_mails 2
	assert_equal "$(entry '.email_sent, .total_pnl')" $'true\n100.00'
	assert_equal "$(entry '.state, .sequence')" $'sent\n1'
	# It is not sent later by itself either.
	run rw-report --input due
	assert_status 0
	assert_mails 2
	run rw-report --input due --revise
	assert_status 0
	assert_mails 3
	assert_equal "$(entry '.state, .revision, .total_pnl')" \
		$'sent\n2\n777.00'
}

# days A B: prints two days of f-1.
days() {
	printf '{"follower_id":"f-1","report_period":"2025-06","email":"f-1@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"%s","2025-06-03":"%s"}}\n' \
		"$1" "$2"
}

@test "--again with other days of the same sum is a different report" {
	days 60 40 >due
	rw-report --input due
	days 40 60 >due
	run rw-report --input due --again
	assert_status 1
	assert_output_has 'it was sent, or may have been, with different content'
	assert_output_has '--revise sends this one as a correction'
	assert_mails 1
	days 60 40 >due
	run rw-report --input due --again
	assert_status 0
	assert_mails 2
}

@test "in doubt, and the figures change: nothing is stored, sent or forgotten" {
	own_server http-script '{"rules":[]}'
	due f-1 2025-06 100 >due
	RW_FAULT=rw-mail:accepted run rw-report --input due
	assert_mails 1
	# The link that may have arrived leads to this document.
	local link=$MINIO_ENDPOINT_URL/$MINIO_BUCKET_NAME/reports/2025-06/f-1/report_2025-06.pdf
	curl -fsS "$link" -o first
	due f-1 2025-06 555 >due
	run rw-report --input due
	assert_status 1
	assert_output_has 'it was sent, or may have been, with different content'
	assert_output_has 'rw-record --resolve settles them'
	assert_mails 1
	assert_equal "$(entry .state)" in_doubt
	curl -fsS "$link" | cmp - first
	rw-status --in-doubt --json | rw-record --resolve sent >/dev/null
	run rw-report --input due --revise
	assert_status 0
	assert_mails 2
	assert_equal "$(entry '.state, .revision, .total_pnl')" \
		$'sent\n2\n555.00'
	curl -fsS "$link" | cmp - first
}

@test "--again in a different currency is a different report" {
	due f-1 2025-06 100 '"currency":"EUR"' >due
	rw-report --input due
	due f-1 2025-06 100 '"currency":"USD"' >due
	run rw-report --input due --again
	assert_status 1
	assert_mails 1
}

@test "the ledger, not the line, decides about an earlier mail" {
	due f-1 2025-06 100 '"sent_figures":"1.00 EUR and a commission of 0.20 EUR","high_water_mark_after":"5"' >due
	run rw-report --input due
	assert_status 0
	assert_mails 1
	assert_equal "$(entry .high_water_mark_after)" null
}

# ---- outcomes of an earlier day ---------------------------------------------

@test "a report that could not be made is not sent, with any members on its line" {
	due f-1 2025-06 abc '"email_sent":true,"sent_timestamp":"2025-01-01T00:00:00Z"' >due
	rw-gen <due | rw-mail | rw-record --result >done || true
	assert_equal "$(jq -c '[.email_sent, .state]' done)" \
		'[null,"failed"]'
	assert_equal "$(entry '.state, .email_sent')" $'failed\nfalse'
}

@test "a report that could not be claimed is not sent, with any members on its line" {
	due f-1 2025-06 100 '"email_sent":true,"revision":3' >due
	rw-gen <due | rw-record --claim | rw-mail | rw-record --result >done ||
		true
	assert_equal "$(jq -c '[.email_sent, .state, .error.tool]' done)" \
		'[null,"failed","rw-record"]'
	assert_equal "$(entry '.state, .email_sent')" $'failed\nfalse'
	run mails
	assert_output 0
}

@test "an accepted mail is not in doubt, with any members on its line" {
	due f-1 2025-06 100 '"state":"in_doubt"' >due
	rw-gen <due | rw-mail | rw-record --result >done
	assert_mails 1
	assert_equal "$(jq -c '[.email_sent, .state]' done)" '[true,"sent"]'
	assert_equal "$(entry '.state, .email_sent')" $'sent\ntrue'
}

# ---- stopped -----------------------------------------------------------------

@test "an interrupted pipeline by hand: sent reports are recorded" {
	local i
	cat >slow <<-'SH'
		#!/bin/sh
		cat >/dev/null
		sleep 0.3
		echo "$5" >>sent
	SH
	chmod +x slow
	export RW_MAIL_TRANSPORT=sendmail:$BATS_TEST_TMPDIR/slow
	for i in 1 2 3 4 5 6; do
		due "f-$i" 2025-06 100
	done | rw-gen >made
	# The shell of a terminal leaves the signal to the tools.
	setsid sh -c 'trap : INT TERM
		rw-record --claim <made | rw-mail | rw-record --result >done' \
		2>words 3>&- &
	wait_for 10 test -s sent
	kill -TERM -- "-$!"
	wait "$!" || true
	[ "$(wc -l <sent)" -lt 6 ]
	assert_equal "$(rw-status --all --json | json -s '[.[] | select(.state == "sent")] | length')" \
		"$(wc -l <sent)"
	assert_equal "$(rw-status --all --json | json -s '[.[] | select(.state == "claimed")] | length')" 0
}

# ---- the same claim twice ------------------------------------------------------

@test "claimed lines that are mailed again after a crash: no second mail" {
	local i
	for i in 1 2 3 4; do
		due "f-$i" 2025-06 100
	done | rw-gen | rw-record --claim >claimed
	RW_FAULT=rw-mail:journal-outcome-synced:2 rw-mail -j 1 <claimed >/dev/null ||
		true
	assert_mails 2
	# The operator continues where the pipeline was aborted.
	run --separate-stderr rw-mail <claimed
	printf '%s\n' "$output" >done
	assert_stderr_has 'a mail was already begun for this claim'
	# The third mail was begun, and its outcome is unknown; the fourth was
	# not begun.
	assert_mails 3
	assert_equal "$(cat mail/new/* | grep -ai '^message-id:' | sort | uniq -d)" ''
	rw-record --result <done >/dev/null
	run rw-record --claim --in-doubt hold --run-id r2 < <(due f-9 2025-06 1)
	assert_equal "$(rw-status --all --json | jq -r 'select(.follower_id != "f-9") | .state' | sort | uniq -c | tr -s ' ')" $' 1 in_doubt\n 3 sent'
}

@test "claimed lines that are mailed twice: no second mail" {
	due f-1 2025-06 100 | rw-gen | rw-record --claim >claimed
	rw-mail <claimed | rw-record --result >/dev/null
	run --separate-stderr rw-mail <claimed
	assert_stderr_has 'a mail was already begun for this claim'
	rw-record --result <<<"$output" >/dev/null
	assert_mails 1
	assert_equal "$(entry .state)" sent
}
