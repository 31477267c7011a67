#!/usr/bin/env bats
# The contract of the ledger (ledger_helpers.bash): --init, --lookup, and modes
# that change nothing. The other parts are in ledger-*.bats.

load ledger_helpers

# ---- making one ------------------------------------------------------------

@test "without a ledger, every mode but --init ends with 78 and makes none" {
	without_ledger
	local mode
	for mode in --lookup --claim --result '--resolve sent' '--claim --check'; do
		# shellcheck disable=SC2086
		run rw-record $mode <<<'{"follower_id":"a","report_period":"2025-06"}'
		assert_status 78
		assert_output_has 'rw-record --init'
	done
	run rw-status
	assert_status 78
	[ ! -e "$BATS_TEST_TMPDIR/ledger.db" ]
	rw-record --init
	run rw-record --claim <<<'{"follower_id":"a","report_period":"2025-06"}'
	assert_status 0
}

@test "--init does not change an existing ledger" {
	lines 1 | rw-record --claim >/dev/null
	run rw-record --init
	assert_status 0
	assert_output ''
	assert_entry f-1 .state claimed
}

@test "exactly one mode is required, and options are checked" {
	run rw-record
	assert_status 64
	run rw-record --lookup --claim
	assert_status 64
	run rw-record --lookup --again --revise
	assert_status 64
	run rw-record --resolve maybe
	assert_status 64
	run rw-record --claim --in-doubt perhaps
	assert_status 64
	RW_LEASE=soon run rw-record --claim
	assert_status 78
	run rw-record --claim --run-id ../x </dev/null
	assert_status 78
	RW_STATE_DIR=$BATS_TEST_TMPDIR/$'\xff' run rw-record --claim </dev/null
	assert_status 78
	assert_output_has "the state directory's name is not UTF-8 (RW_STATE_DIR)"
	mkdir -p "$RW_STATE_DIR"
	printf '\xff\xfe' >"$RW_STATE_DIR/id"
	run rw-record --claim </dev/null
	assert_status 78
	assert_output_has "$RW_STATE_DIR/id is damaged"
}

@test "--check names the ledger, and reads no input" {
	run rw-record --claim --check
	assert_status 0
	assert_output_has 'the ledger is '
}

# ---- lookup ----------------------------------------------------------------

@test "only --lookup sets the revision and what was sent" {
	printf '%s\n' '{"follower_id":"f-1","report_period":"2025-06","revision":7,"sent_figures":"1","sent_content_sha256":"2","sent_drawn_sha256":"2","revised_figures":"1","stored_as_sent":true,"stored_pdf_version_id":"v","stored_pdf_sha256":"3","stored_excel_sha256":"4","x":0.10}' >in
	run --separate-stderr rw-record --lookup <in
	assert_status 0
	assert_output '{"follower_id":"f-1","report_period":"2025-06","x":0.10}'
}

@test "within a run an error of rw-record itself stays" {
	local line='{"follower_id":"f-1","report_period":"2025-06","error":{"tool":"rw-record","kind":"data","message":"m","retryable":false}}'
	RW_RUN_ID=r1 run --separate-stderr rw-record --lookup <<<"$line"
	assert_output "$line"
	RW_RUN_ID=r1 run --separate-stderr rw-record --claim <<<"$line"
	assert_json "$output" .error.tool rw-record
	RW_RUN_ID=r1 run --separate-stderr rw-record --result <<<"$output"
	assert_json "$output" '[.state,.error.message]' '["failed","m"]'
}

@test "--lookup drops sent reports, and passes the others byte for byte, in order" {
	lines 5 >in
	rw-record --claim <in | mailed | jq -c 'select(.follower_id | IN("f-2", "f-4"))' |
		rw-record --result >/dev/null
	RW_RUN_ID=r9 run --separate-stderr rw-record --lookup <in
	assert_status 0
	assert_stderr ''
	assert_output "$(sed -n '1p;3p;5p' in)"
	assert_equal "$(rw-status --run r9 --json | json .already_sent)" 2
	assert_entry f-1 .state claimed
}

# month PERIOD MARK OUTCOME: records a month of f-1.
month() {
	lines 1 "$1" "\"high_water_mark_after\":\"$2\"" |
		rw-record --claim | "$3" | rw-record --result >/dev/null
}

@test "--lookup adds the mark of the last month, if that month was sent" {
	month 2025-03 100.00 mailed
	month 2025-04 250.50 mailed
	month 2025-05 900.00 refused
	assert_json "$(lines 1 2025-05 | rw-record --lookup)" .high_water_mark 250.50
	# Its contribution is missing in April's mark.
	assert_json "$(lines 1 | rw-record --lookup)" 'has("high_water_mark")' false
	month 2025-05 900.00 doubtful
	assert_json "$(lines 1 | rw-record --lookup)" 'has("high_water_mark")' false
	month 2025-05 900.00 mailed
	assert_json "$(lines 1 | rw-record --lookup)" .high_water_mark 900.00
	assert_json "$(lines 1 2025-04 | rw-record --lookup --again)" .high_water_mark 100.00
	assert_json "$(lines 1 2025-06 '"high_water_mark":"7"' | rw-record --lookup)" \
		.high_water_mark 7
	assert_json "$(lines 2 | rw-record --lookup | tail -n 1)" \
		'has("high_water_mark")' false
	# The last month has no mark, and an older mark would be wrong.
	lines 1 2025-06 | rw-record --claim | mailed | rw-record --result >/dev/null
	assert_json "$(lines 1 2025-07 | rw-record --lookup)" \
		'has("high_water_mark")' false
}

@test "--lookup adds no mark of a different currency" {
	lines 2 2025-05 '"high_water_mark_after":"10500.00"' |
		jq -c 'if .follower_id == "f-2" then .currency = "USD" else . end' |
		rw-record --claim | mailed | rw-record --result >/dev/null
	assert_equal "$(lines 2 | rw-record --lookup | jq -c .high_water_mark | tr '\n' ' ')" \
		'"10500.00" null '
	assert_equal "$(lines 2 2025-06 '"currency":"USD"' | rw-record --lookup |
		jq -c .high_water_mark | tr '\n' ' ')" 'null "10500.00" '
	assert_equal "$(lines 2 2025-06 '"currency":"EUR"' | rw-record --lookup |
		jq -c .high_water_mark | tr '\n' ' ')" '"10500.00" null '
}

@test "--lookup adds no mark when the input has an earlier month, too" {
	month 2024-12 100.00 mailed
	{
		lines 1 2025-01
		lines 1 2025-02
	} | rw-record --lookup >out
	assert_equal "$(jq -c .high_water_mark out | tr '\n' ' ')" '"100.00" null '
}

@test "a late month names the months that were sent without it" {
	month 2025-04 100.00 mailed
	month 2025-06 110.00 mailed
	month 2025-07 120.00 refused
	run --separate-stderr rw-record --lookup < <(lines 2 2025-05)
	assert_status 0
	assert_stderr_has '1 of 2 set the high-water mark that later months were made with: revise 2025-06 too, after this one'
	assert_json "$(head -n 1 <<<"$output")" .high_water_mark 100.00
	# No month follows July, and June has not changed.
	run --separate-stderr rw-record --lookup < <(lines 2 2025-07)
	assert_stderr ''
	run --separate-stderr rw-record --lookup --again < <(lines 1 2025-06)
	assert_stderr ''
	# Months without marks depend on no month.
	lines 1 2025-09 | rw-record --claim | mailed | rw-record --result >/dev/null
	run --separate-stderr rw-record --lookup < <(lines 1 2025-08)
	assert_stderr ''
}

@test "--revise names the later months that depend on the mark, in order" {
	month 2025-04 100.00 mailed
	month 2025-05 200.00 mailed
	month 2025-06 300.00 mailed
	month 2025-07 400.00 doubtful
	month 2025-08 500.00 refused
	run --separate-stderr rw-record --lookup --revise < <(lines 2 2025-05)
	assert_status 0
	assert_stderr_has '1 of 2 set the high-water mark that later months were made with: revise 2025-06, 2025-07 too, in this order'
	run --separate-stderr rw-record --lookup --revise < <(lines 1 2025-07)
	assert_stderr ''
	run --separate-stderr rw-record --lookup --again < <(lines 1 2025-05)
	assert_stderr ''
	# After a month with a different fee model no month depends on it.
	lines 1 2025-06 | rw-record --lookup --revise 2>/dev/null |
		rw-record --claim --revise | mailed | rw-record --result >/dev/null
	run --separate-stderr rw-record --lookup --revise < <(lines 1 2025-05)
	assert_stderr ''
}

@test "a new attempt forgets the figures of the previous attempt" {
	month 2025-05 900.00 refused
	lines 1 2025-05 | rw-record --claim | jq -c '.email_sent = true' |
		rw-record --result >/dev/null
	assert_entry f-1 .high_water_mark_after null
	assert_json "$(lines 1 | rw-record --lookup)" 'has("high_water_mark")' false
}

# ---- dry run, counts -------------------------------------------------------

@test "--dry-run and DRY_RUN_MODE change nothing, and pass on the same lines" {
	lines 1 | rw-record --claim | mailed >done
	lines 2 >in
	run --separate-stderr rw-record --claim --dry-run --verbose <in
	assert_status 0
	assert_output "$(sed -n 2p in)"
	assert_stderr_has 'dry run: 1 of 2 would be claimed, and nothing was written'
	DRY_RUN_MODE=true run rw-record --result <done
	assert_status 0
	assert_entry f-1 .state claimed
	assert_entry f-2 .state ''
}

@test "--claim does not repeat the errors of --lookup" {
	printf '%s\n' '{"follower_id":"a b","report_period":"2025-06"}' \
		'{"follower_id":"c","report_period":"2025-13"}' >in
	run --separate-stderr rw-record --lookup <in
	assert_status 1
	assert_stderr_has 'line 1: follower_id is "a b"'
	echo "$output" >looked
	run --separate-stderr rw-record --claim <looked
	assert_status 1
	assert_stderr ''
	assert_equal "$(json .error <<<"$output")" "$(json .error <looked)"
	sed -i s/2025-13/2025-14/ looked
	run --separate-stderr rw-record --claim <looked
	assert_stderr_has '"2025-14" is not a valid month'
	assert_stderr_lacks 'a b'
}

@test "lines of rw-put --dry-run are neither claimed nor recorded" {
	lines 2 2025-06 '"dry_run":true' >in
	run --separate-stderr rw-record --claim <in
	assert_status 1
	assert_stderr_has 'f-1 2025-06: it comes from rw-put --dry-run'
	assert_json "${lines[0]}" '[.error.tool,.error.kind,has("claim")]' \
		'["rw-record","data",false]'
	run --separate-stderr rw-record --result < <(mailed <in)
	assert_status 1
	assert_stderr_has 'it comes from rw-put --dry-run'
	assert_equal "$(rw-status --all --json)" ''
	run --separate-stderr rw-record --claim --dry-run <in
	assert_status 0
	assert_output "$(cat in)"
	run --separate-stderr rw-record --lookup <in
	assert_output "$(cat in)"
}

@test "the counts of a run add up" {
	export RW_RUN_ID=r1
	lines 9 | rw-record --lookup | rw-record --claim |
		sed -n '1,6p' >claimed
	{
		sed -n '1,3p' claimed | mailed
		sed -n 4p claimed | mailed | jq -c '.delivery = "attachments"'
		sed -n 5p claimed | refused
		sed -n 6p claimed | doubtful
		echo '{"follower_id":"..","report_period":"2025-06"}'
		echo 'no record'
	} | rw-record --result >/dev/null 2>&1 || true
	run rw-status --run r1 --json
	assert_json "$output" '[.run_id,.sent,.links,.attachments,.failed,.in_doubt,.unfinished,.malformed,.unreadable]' \
		'["r1",4,3,1,1,1,3,1,1]'
	run rw-status --run r1 --prom
	assert_output_has 'report_worker_run_reports{outcome="sent"} 4'
	assert_output_has 'report_worker_run_info{run_id="r1"} 1'
	run rw-status --run r1
	assert_output_has '4  sent'
}
