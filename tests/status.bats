#!/usr/bin/env bats
# rw-status: queries of the ledger.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export RW_LEDGER=$PWD/ledger.db
	rw-record --init
}

# record ID MEMBERS [PERIOD]: makes an entry by an outcome without a claim.
record() {
	echo "{\"follower_id\":\"$1\",\"report_period\":\"${3:-2025-06}\",$2}" |
		rw-record --result >/dev/null
}

sent() {
	record "$1" "\"email_sent\":true,\"delivery\":\"links\",\"sent_timestamp\":\"2025-07-01T00:00:00Z\",\"pdf_url\":\"https://s/p?X-Amz-Signature=secret\",\"excel_url\":\"https://s/x?X-Amz-Signature=secret\",\"url_expires_at\":\"$2\"" "${3:-}"
}

failed() {
	record "$1" '"email_sent":false,"error":{"tool":"rw-mail","kind":"refused","message":"550 \u001b[31mno","retryable":false}'
}

ids() {
	rw-status --json "$@" | jq -r .follower_id | tr '\n' ' '
}

in_days() {
	date -u -d "$1 days" +%Y-%m-%dT%H:%M:%SZ
}

@test "an empty ledger has nothing to show" {
	run --separate-stderr rw-status
	assert_status 0
	assert_output ''
	assert_stderr ''
}

@test "a run that the ledger does not know is not a run of 0 reports" {
	run rw-status --run 20250701T061000Z-nowhere-1
	assert_status 0
	assert_output 'run 20250701T061000Z-nowhere-1
          this ledger has no entry of this run'
	run rw-status --run 20250701T061000Z-nowhere-1 --line
	assert_output '0 sent'
}

@test "a table for people: no signed link, no control character" {
	sent a "$(in_days 3)"
	failed b
	run rw-status
	assert_status 0
	assert_output_has 'MONTH    FOLLOWER'
	assert_output_has 'rw-mail: 550 \x1b[31mno'
	assert_output_lacks Signature
	run rw-status --show-urls
	assert_output_has 'https://s/p?X-Amz-Signature=secret'
}

@test "lines for programs: no signed link and no claim, unless asked" {
	sent a "$(in_days 3)"
	run rw-status --json
	assert_json "$output" '[.follower_id,.report_period,.state,.email_sent,has("pdf_url"),has("claim")]' \
		'["a","2025-06","sent",true,false,false]'
	run rw-status --json --show-urls
	assert_json "$output" .pdf_url 'https://s/p?X-Amz-Signature=secret'
}

@test "entries are selected by month, follower, state and end of links" {
	sent late "$(in_days -1)"
	sent soon "$(in_days 3)"
	sent far "$(in_days 20)"
	sent old "$(in_days -40)" 2025-05
	failed f
	record d '"state":"in_doubt","error":{"tool":"rw-mail","kind":"in_doubt","message":"lost","retryable":true}'
	assert_equal "$(ids --failed)" 'f '
	assert_equal "$(ids --in-doubt)" 'd '
	assert_equal "$(ids --unsent)" 'd f '
	assert_equal "$(ids --expired)" 'late old '
	assert_equal "$(ids --expired --period 2025-05)" 'old '
	assert_equal "$(ids --expiring 7)" 'soon '
	assert_equal "$(ids --expiring 30)" 'far soon '
	assert_equal "$(ids --failed --in-doubt)" 'd f '
	assert_equal "$(ids --follower soon --follower far)" 'soon far '
	run rw-status --expiring soon
	assert_status 64
	run rw-status --period 2025-13
	assert_status 64
}

@test "an object that expires before its link ends the link" {
	record a "\"email_sent\":true,\"delivery\":\"links\",\"url_expires_at\":\"$(in_days 20)\",\"object_expires_at\":\"$(in_days 2)\""
	assert_equal "$(ids --expiring 7)" 'a '
}

@test "attachments do not expire" {
	record a "\"email_sent\":true,\"delivery\":\"attachments\",\"url_expires_at\":\"$(in_days -2)\""
	assert_equal "$(ids --expired)" ''
}

@test "its lines select followers for rw-list" {
	sent a "$(in_days 3)"
	failed b
	rw-status --failed --json >chosen
	printf '%s\n' '{"follower_id":"a","report_period":"2025-06"}' \
		'{"follower_id":"b","report_period":"2025-06"}' >in
	run rw-list --input in --select chosen
	assert_output "$(tail -n 1 in)"
}

@test "the entries of a run, and its counts" {
	RW_RUN_ID=r1 sent a "$(in_days 3)"
	RW_RUN_ID=r2 sent b "$(in_days 3)"
	RW_RUN_ID=r2 failed c
	assert_equal "$(ids --run r2 --failed)" 'c '
	run rw-status --run r2 --json
	assert_json "$output" '[.sent,.failed,.links]' '[1,1,1]'
	run rw-status --run none --json
	assert_json "$output" '[.sent,.failed]' '[0,0]'
	run rw-status --run r2 --line
	assert_output '1 sent, 1 links, 1 failed'
	run rw-status --run none --line
	assert_output '0 sent'
	run rw-status --line
	assert_output '2 sent, 2 links, 1 failed'
	run rw-status --prom
	assert_output_has 'report_worker_reports{outcome="sent"} 2'
	local form other
	for form in --line --prom; do
		for other in --json --failed; do
			run rw-status $form $other
			assert_status 64
		done
	done
}

@test "Prometheus takes what --prom writes" {
	RW_RUN_ID=r1 sent a "$(in_days 3)"
	rw-status --run r1 --prom >prom
	# Each sample line belongs to a metric that was declared before it.
	run awk '/^# TYPE/ {known[$3]; next} /^#/ {next}
		{name = $1; sub(/[{].*/, "", name)
		if (!(name in known) || $NF !~ /^[0-9]+$/) print}' prom
	assert_output ''
	assert_file_has prom 'report_worker_run_info{run_id="r1"} 1'
}

@test "a full disk is 74" {
	sent a "$(in_days 3)"
	run sh -c 'rw-status >/dev/full'
	assert_status 74
}

@test "a file that is not a ledger is refused, and not changed" {
	echo 'not a database, but long enough to look at: here it stands' >x
	cp x y
	RW_LEDGER=$PWD/x run rw-status
	assert_status 78
	RW_LEDGER=$PWD/x run rw-record --init
	assert_status 78
	cmp x y
	sqlite3 other.db 'CREATE TABLE t(a)'
	RW_LEDGER=$PWD/other.db run rw-record --claim
	assert_status 78
	assert_output_has 'is an SQLite file, but not a ledger of report-worker'
}
