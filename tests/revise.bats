#!/usr/bin/env bats
# rw-report --again and --revise: their selection, and reports that are not
# revised.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_MAIL_TRANSPORT=maildir:$BATS_TEST_TMPDIR/mail
	rw-record --init
}

# due ID P&L [MORE]: prints one line; MORE: further members.
due() {
	printf '{"follower_id":"%s","report_period":"2025-06","email":"%s@example.com","commission_pct":20,"daily_pnl":{"2025-06-02":"%s"}%s}\n' \
		"$1" "$1" "$2" "${3:+,$3}"
}

# Three followers were sent their reports, and the first report has changed.
one_of_three_has_changed() {
	{ due f-1 100 && due f-2 200 && due f-3 300; } >due
	rw-report --input due
	{ due f-1 111 && due f-2 200 && due f-3 300; } >due
}

assert_mails() {
	assert_equal "$(find mail/new -type f | wc -l)" "$1" "mails in the box"
}

# states: prints the state and the revision of each follower.
states() {
	rw-status --all --json | jq -r '"\(.follower_id) \(.state) \(.revision)"'
}

@test "--again and --revise require a selection or --all" {
	local mode
	for mode in --again --revise; do
		run rw-report $mode
		assert_status 64
		assert_output "rw-report: error: $mode requires --follower, --select, --input or --all"
		run rw-report $mode --shard 1/2 --period 2025-06
		assert_status 64
		# Each selection passes this check, and fails at the next one.
		for selection in '--follower f-1' '--select none' '--input none' --all; do
			# shellcheck disable=SC2086
			run rw-report $mode $selection
			refute [ "$status" = 64 ]
		done
	done
	run rw-report --all
	assert_status 64
	assert_output_has '--all belongs to --again and --revise'
	run rw-report --again --all --follower f-1
	assert_status 64
	assert_output_has '--all excludes --follower and --select'
	for mode in '' --again; do
		# shellcheck disable=SC2086
		run rw-report $mode --force --follower f-1
		assert_status 64
		assert_output_has '--force requires --revise'
	done
}

@test "rw-record as a filter needs no selection" {
	due f-1 100 | rw-record --lookup --revise | rw-record --claim --revise >out
	assert_json "$(cat out)" .follower_id f-1
}

@test "--revise of a file: unchanged reports are dropped, counted and named once" {
	one_of_three_has_changed
	run --separate-stderr rw-report --input due --revise --json
	assert_status 0
	assert_mails 4
	assert_equal "$(states)" $'f-1 sent 2\nf-2 sent 1\nf-3 sent 1'
	assert_json "$output" '[.status,.due,.sent,.unchanged]' '[0,3,1,2]'
	assert_equal "$(grep -c unchanged <<<"$stderr")" 1
	assert_stderr_has 'rw-gen: warning: 2 are unchanged since the newest revision that was sent, and are not revised (--force revises them all the same): f-'
	[[ $stderr == *f-2\ 2025-06* && $stderr == *f-3\ 2025-06* ]]
	# All reports are unchanged the second time.
	run --separate-stderr rw-report --input due --revise --json
	assert_status 0
	assert_mails 4
	assert_json "$output" '[.status,.due,.sent,.unchanged]' '[0,3,0,3]'
	run rw-report --input due --revise --verbose
	assert_status 0
	assert_output_has '3 due, 3 unchanged: no mail to send'
}

@test "--revise --select: the same" {
	one_of_three_has_changed
	printf 'f-1\nf-2\n' >chosen
	run --separate-stderr rw-report --input due --select chosen --revise
	assert_status 0
	assert_stderr_has '1 are unchanged'
	assert_equal "$(states)" $'f-1 sent 2\nf-2 sent 1\nf-3 sent 1'
}

@test "--revise --follower: an unchanged report is status 1, the other reports are sent" {
	one_of_three_has_changed
	run --separate-stderr rw-report --input due --follower f-2 --revise
	assert_status 1
	assert_stderr_has '1 of 1 reports are unchanged and were not revised; --revise --force revises them'
	assert_stderr_has 'f-2 2025-06'
	assert_mails 3
	assert_equal "$(states)" $'f-1 sent 1\nf-2 sent 1\nf-3 sent 1'
	run rw-report --input due --follower f-1 --follower f-2 --revise
	assert_status 1
	assert_mails 4
	assert_equal "$(states)" $'f-1 sent 2\nf-2 sent 1\nf-3 sent 1'
}

@test "--revise --force sends an unchanged report" {
	one_of_three_has_changed
	rw-report --input due --follower f-2 --revise --force
	assert_mails 4
	assert_equal "$(states)" $'f-1 sent 1\nf-2 sent 2\nf-3 sent 1'
	rw-report --input due --revise --force
	assert_mails 7
	assert_equal "$(states)" $'f-1 sent 2\nf-2 sent 3\nf-3 sent 2'
	# The newest sent revision is compared, not the first.
	run rw-report --input due --revise
	assert_status 0
	assert_mails 7
}

@test "a report that changes back counts as changed" {
	due f-1 100 >due
	rw-report --input due
	due f-1 111 >due
	rw-report --input due --revise
	due f-1 100 >due
	rw-report --input due --revise
	assert_mails 3
	assert_equal "$(states)" 'f-1 sent 3'
}

@test "visible changes count: a different name, a different brand" {
	due f-1 100 >due
	rw-report --input due
	due f-1 100 '"name":"Anna"' >due
	rw-report --input due --revise
	assert_equal "$(states)" 'f-1 sent 2'
	due f-1 100 '"name":"Anna","unknown":1' >due
	rw-report --input due --revise
	assert_equal "$(states)" 'f-1 sent 2'
	RW_BRAND=Another rw-report --input due --revise
	assert_equal "$(states)" 'f-1 sent 3'
}

@test "a revision that failed or is in doubt is never unchanged" {
	one_of_three_has_changed
	RW_MAIL_TRANSPORT=smtp://127.0.0.1:1 SMTP_TLS=false \
		run rw-report --input due --follower f-1 --revise
	assert_equal "$(states)" $'f-1 failed 2\nf-2 sent 1\nf-3 sent 1'
	rw-report --input due --follower f-1 --revise
	assert_equal "$(states)" $'f-1 sent 2\nf-2 sent 1\nf-3 sent 1'
	RW_FAULT=rw-mail:accepted run rw-report --input due --follower f-2 --revise --force
	run rw-report --input due --follower f-3 --in-doubt hold
	rw-record --claim < <(due f-3 300) >/dev/null
	assert_equal "$(states)" $'f-1 sent 2\nf-2 in_doubt 2\nf-3 sent 1'
	rw-report --input due --follower f-2 --revise
	assert_equal "$(states)" $'f-1 sent 2\nf-2 sent 3\nf-3 sent 1'
}

@test "a dry run and a rehearsal leave out unchanged reports, too" {
	one_of_three_has_changed
	run rw-report --input due --revise --dry-run
	assert_status 0
	assert_output_has '3 due, 0 sent before, 2 unchanged, 1 would be mailed'
	run rw-report --input due --revise --to test@example.com
	assert_status 0
	assert_mails 4
	assert_equal "$(states)" $'f-1 sent 1\nf-2 sent 1\nf-3 sent 1'
}

@test "--again sends unchanged reports, and only these" {
	one_of_three_has_changed
	run --separate-stderr rw-report --input due --again
	assert_status 1
	assert_mails 5
	assert_equal "$(states)" $'f-1 sent 1\nf-2 sent 1\nf-3 sent 1'
	assert_json "$(rw-status --follower f-1 --json)" \
		'.last_error | startswith("it was not sent once more: rw-gen: it was sent, or may have been, with 100.00 EUR")' true
	# The next run has nothing to do, and --revise has.
	run rw-report --input due
	assert_status 0
	rw-report --input due --revise
	assert_equal "$(states)" $'f-1 sent 2\nf-2 sent 1\nf-3 sent 1'
}

@test "rw-gen makes unchanged corrections, unless --unchanged names a file for them" {
	due f-1 100 | rw-gen --out out >made
	sums=$(jq -r '"\"revised_content_sha256\":\"\(.content_sha256)\",\"revised_drawn_sha256\":\"\(.drawn_sha256)\""' made)
	line=$(due f-1 100 "\"revision\":2,$sums")
	rw-gen --out out <<<"$line" >again
	assert_json "$(cat again)" '.pdf_path | endswith("_r2.pdf")' true
	rm -r out
	run --separate-stderr rw-gen --out out --unchanged left <<<"$line"
	assert_status 0
	assert_output ''
	assert_equal "$(cat left)" "$line"
	assert_equal "$(find out -type f)" ''
	run --separate-stderr rw-gen --out out --unchanged left \
		<<<"${line/:\"100\"/:\"101\"}"
	assert_json "$output" .total_pnl 101.00
	assert_stderr ''
	# Of an entry without digests the figures and the currency are known.
	line=$(due f-1 100 '"revision":2,"revised_figures":"100.00 EUR and a commission of 20.00 EUR"')
	run --separate-stderr rw-gen --out out --unchanged left <<<"$line"
	assert_output ''
	run --separate-stderr rw-gen --out out --unchanged left <<<"${line/{/{\"currency\":\"USD\",}"
	assert_json "$output" .revision 2
	run rw-gen --out out --unchanged /nowhere/left <<<"$line"
	assert_status 74
}
