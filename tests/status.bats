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

@test "a run of which the ledger knows nothing is status 1" {
	local how
	for how in '' --line --json --prom --shell '--failed' '--unsent --json'; do
		# shellcheck disable=SC2086
		run --separate-stderr rw-status --run 20250701T061000Z-nowhere-1 $how
		assert_status 1
		assert_output ''
		assert_stderr "rw-status: error: run 20250701T061000Z-nowhere-1 is unknown to the ledger SQLite $RW_LEDGER; rw-status --runs lists the runs"
	done
}

@test "the history of runs: begin, end, host, counts, status; the newest first" {
	run rw-status --runs
	assert_output ''
	RW_RUN_ID=r1 RW_HOST=h1 rw-record --note-run \
		'began=1751328000 period=2025-06 whole=yes'
	RW_RUN_ID=r2 RW_HOST=h2 rw-record --note-run \
		'began=1751330000 ended=1751330060 status=1 period=2025-06 shard=2/4 whole=yes finished=yes'
	RW_RUN_ID=r2 sent a "$(in_days 3)"
	RW_RUN_ID=r2 failed b
	run rw-status --runs
	assert_output "RUN                               BEGAN                  ENDED                  HOST          MONTH    OF      STATUS  REPORTS
r2                                2025-06-30 20:33 EDT   2025-06-30 20:34 EDT   h2            2025-06  2/4          1  1 sent, 1 links, 1 failed
r1                                2025-06-30 20:00 EDT   -                      h1            2025-06  all          -  0 sent"
	run rw-status --runs --json
	assert_json "${lines[0]}" '[.run_id,.host,.period,.shard,.began_at,.ended_at,.status,.finished,.sent,.failed]' \
		'["r2","h2","2025-06","2/4","2025-07-01T00:33:20Z","2025-07-01T00:34:20Z",1,true,1,1]'
	assert_json "${lines[1]}" '[.run_id,.ended_at,.status,.finished]' '["r1",null,null,false]'
	# The end is written in place of the begin, and the run is known.
	RW_RUN_ID=r1 RW_HOST=h1 rw-record --note-run \
		'began=1751328000 ended=1751328001 status=0 period=2025-06 whole=yes finished=yes'
	MARKET_CLOSE_TIMEZONE=Asia/Tokyo run rw-status --runs --period 2025-06
	assert_output_has 'r1                                2025-07-01 09:00 JST   2025-07-01 09:00 JST   h1            2025-06  all          0  0 sent'
	run rw-status --run r1 --line
	assert_status 0
	assert_output '0 sent'
	run rw-status --runs --period 2025-05
	assert_output ''
	MARKET_CLOSE_TIMEZONE=Nowhere/Else run rw-status --runs
	assert_status 78
	local words
	for words in 'ended=1' 'began=x' 'began=1 nonsense=1' 'began=1 x'; do
		run rw-record --note-run "$words"
		assert_status 64
	done
}

@test "without a choice the newest month is shown, and said" {
	sent old "$(in_days 3)" 2025-05
	sent new "$(in_days 3)"
	run --separate-stderr rw-status
	assert_output_has ' new '
	assert_output_lacks ' old '
	assert_stderr 'rw-status: this is the newest month, 2025-06; --period selects another month, --all shows all months'
	assert_equal "$(ids 2>/dev/null)" 'new '
	assert_equal "$(ids --all)" 'new old '
	run --separate-stderr rw-status --all
	assert_stderr ''
	run rw-status --all --period 2025-05
	assert_status 64
}

@test "amounts and times are as the documents have them" {
	record a '"email_sent":true,"delivery":"links","sent_timestamp":"2025-07-01T00:30:00Z","total_pnl":"-1234567.5","commission_amount":"0","currency":"JPY"'
	record b '"email_sent":true,"delivery":"links","sent_timestamp":"2025-12-01T12:00:00Z","total_pnl":"1234.5","commission_amount":"246.905","currency":"KWD"'
	run rw-status --period 2025-06
	assert_output_has '-1,234,567.5 JPY'
	assert_output_has '1,234.500 KWD'
	assert_output_has '246.905 KWD'
	assert_output_has '2025-06-30 20:30 EDT'
	assert_output_has '2025-12-01 07:00 EST'
}

@test "the table names host, run, attempts and the last error" {
	printf '{"follower_id":"f","report_period":"2025-06","email":"f@x"}\n' |
		RW_HOST=here rw-record --claim --run-id run-7 |
		sed 's/}$/,"email_sent":false,"error":{"tool":"rw-mail","kind":"refused","message":"550 no","retryable":false}}/' |
		RW_HOST=here rw-record --result --run-id run-7 >/dev/null
	run rw-status --failed
	assert_output_has 'HOST          RUN                               ATTEMPTS  LAST ERROR'
	assert_output_has 'here          run-7                                    1  rw-mail: 550 no'
}

@test "one follower: every month and every sending in one view" {
	line() {
		printf '{"follower_id":"f","report_period":"%s","email":"f@x"}\n' "$1"
	}
	send() {
		rw-record --claim --run-id "$1" ${2+"$2"} |
			sed 's/}$/,"email_sent":true,"delivery":"links","total_pnl":"10"}/' |
			rw-record --result --run-id "$1" >/dev/null
	}
	line 2025-06 | send r1
	line 2025-05 | send r2
	line 2025-06 | rw-record --lookup --revise | send r3 --revise
	run rw-status --follower f
	assert_status 0
	assert_output_has 'LINKS END              BOUNCES'
	assert_lines 4 <(echo "$output")
	assert_equal "$(tail -n +2 <<<"$output" | awk '{print $1, $3, $4}' | tr '\n' ',')" \
		'2025-05 sent r1,2025-06 sent r1,2025-06 sent r2,'
	# For programs there are the entries only.
	run rw-status --follower f --json
	assert_lines 2 <(echo "$output")
}

@test "an empty selection says so on a terminal, and is status 0" {
	need_command script
	local how
	for how in '' --failed '--follower x' '--period 2025-06' --runs --all; do
		run script -qec "rw-status $how" /dev/null
		assert_status 0
		assert_output_has 'the ledger has no such '
		# shellcheck disable=SC2086
		run rw-status $how
		assert_status 0
		assert_output ''
	done
	run script -qec 'rw-status --failed --json' /dev/null
	assert_output ''
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
	assert_status 1
	run rw-status --run r2 --line
	assert_output '1 sent, 1 links, 1 failed'
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
