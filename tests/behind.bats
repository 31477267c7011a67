#!/usr/bin/env bats
# The months behind: what a run says of the months before its own, and the
# history of runs that it keeps. On SQLite, and as behind-mongo.bats, a link to
# this file, on MongoDB.
#
# bats file_tags=plain

load helpers
load run_helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export REPORT_SENDER_EMAIL=reports@example.com
	export RW_MAIL_TRANSPORT=maildir:$BATS_TEST_TMPDIR/mail
	case $BATS_TEST_FILENAME in
	*-mongo.bats) new_database ;;
	*) export RW_LEDGER=$BATS_TEST_TMPDIR/ledger.db ;;
	esac
	rw-record --init
}

# due MONTH ID...
due() {
	local month=$1 id
	shift
	for id; do
		printf '{"follower_id":"%s","report_period":"%s","email":"%s@example.com","commission_pct":20,"daily_pnl":{"%s-02":"100"}}\n' \
			"$id" "$month" "$id" "$month"
	done
}

report() {
	run --separate-stderr rw-report --input due "$@"
}

month() {
	due "$@" >due
	rw-report --input due --quiet 2>/dev/null || true
}

@test "failed, in doubt, claimed and missing months: a warning, behind, metrics; status 0" {
	export RW_METRICS_FILE=$PWD/m.prom
	{ due 2025-03 a; due 2025-03 b | sed 's/,"email":"[^"]*"//'; } >due
	rw-report --input due --quiet 2>/dev/null || true
	due 2025-05 c | RW_HOST=other RW_STATE_DIR=$PWD/other \
		rw-record --claim --run-id theirs >/dev/null
	due 2025-05 d | rw-record --claim --run-id x |
		sed 's/"state":"claimed"/"state":"in_doubt"/' |
		rw-record --result --run-id x >/dev/null
	due 2025-06 a b >due
	report --json
	assert_status 0
	assert_stderr 'rw-report: warning: earlier months are not complete: 2025-05: 1 in doubt, 1 claimed; 2025-04: no finished run; 2025-03: 1 failed; see rw-status --unsent'
	assert_json "$output" .behind \
		'[{"period":"2025-05","failed":0,"in_doubt":1,"claimed":1,"finished":true},{"period":"2025-04","failed":0,"in_doubt":0,"claimed":0,"finished":false},{"period":"2025-03","failed":1,"in_doubt":0,"claimed":0,"finished":true}]'
	assert_file_has m.prom 'report_worker_behind_failed 1'
	assert_file_has m.prom 'report_worker_behind_in_doubt 1'
	assert_file_has m.prom 'report_worker_behind_claimed 1'
	assert_file_has m.prom 'report_worker_behind_months 1'
	RW_LOOK_BACK=1 report --json
	assert_json "$output" '[.behind[].period]' '["2025-05"]'
	RW_LOOK_BACK=0 report --json
	assert_json "$output" .behind '[]'
	assert_stderr ''
	RW_LOOK_BACK=many report
	assert_status 78
}

@test "a month that is complete, or before the first one, is not behind" {
	month 2025-05 a
	due 2025-06 a >due
	report --json
	assert_status 0
	assert_stderr ''
	assert_json "$output" .behind '[]'
}

@test "a run that fails looks, too, and its own months are not named" {
	month 2025-04 a
	{ due 2025-06 a; due 2025-05 b; } | sed 's/,"email":"[^"]*"//' >due
	report --json
	assert_status 1
	assert_stderr_lacks 'earlier months'
	assert_json "$output" .behind '[]'
	due 2025-07 a >due
	report --dry-run --json
	assert_stderr_has 'earlier months are not complete: 2025-06: 1 failed; 2025-05: 1 failed; see'
	assert_json "$output" '.behind | length' 2
}

@test "some followers are not the month; all shards are" {
	month 2025-04 a
	due 2025-05 a b c d e f >due
	rw-report --input due --follower a --quiet
	due 2025-06 a >later
	run --separate-stderr rw-report --input later
	assert_stderr_has '2025-05: no finished run'
	rw-report --input due --shard 1/2 --quiet 2>/dev/null
	run --separate-stderr rw-report --input later
	assert_stderr_has '2025-05: no finished run'
	rw-report --input due --shard 2/2 --quiet 2>/dev/null
	run --separate-stderr rw-report --input later
	assert_stderr ''
}

@test "each run is in the history, with its end; a rehearsal is not" {
	due 2025-06 a >due
	report --json
	local id
	id=$(jq -r .run_id <<<"$output")
	report --dry-run
	report --to me@example.com
	run rw-status --runs --json
	assert_lines 1 <(echo "$output")
	assert_json "$output" '[.run_id,.period,.shard,.status,.finished,.sent]' \
		"[\"$id\",\"2025-06\",null,0,true,1]"
	# One that was killed has no end.
	due 2025-06 b >due
	RW_FAULT=rw-mail:accepted rw-report --input due --quiet 2>/dev/null || true
	rw-record --note-run 'began=1' --run-id dead
	run rw-status --runs --json
	assert_lines 3 <(echo "$output")
	assert_json "${lines[2]}" '[.run_id,.ended_at]' '["dead",null]'
}

@test "what two shards have written is two files with a label" {
	export RW_METRICS_FILE=$PWD/m.prom
	due 2025-06 a b c d e f >due
	report --shard 1/2
	report --shard 2/2
	[ ! -e m.prom ]
	assert_file_has m-1of2.prom 'report_worker_last_run_status{shard="1/2"} 0'
	assert_file_has m-2of2.prom 'report_worker_run_reports{shard="2/2",outcome="sent"}'
	[ "$(cat m-?of2.prom | awk '/outcome="sent"/ {n += $2} END {print n}')" = 6 ]
	# What is not known keeps its value.
	local before
	before=$(grep last_success m-1of2.prom)
	sed 's/,"email":"[^"]*"//' due >broken
	run rw-report --input broken --shard 1/2 --again
	assert_file_has m-1of2.prom 'report_worker_last_run_status{shard="1/2"} 1'
	assert_file_has m-1of2.prom "${before##*$'\n'}"
}

@test "held reports do not stop the heartbeat" {
	own_server http-script '{"rules": [{"status": 200}]}'
	export RW_HEARTBEAT_URL=$MINIO_ENDPOINT_URL/ping
	unset MINIO_ENDPOINT_URL
	due 2025-06 a >due
	RW_FAULT=rw-mail:accepted run rw-report --input due
	: >"$HTTP_SCRIPT_LOG"
	run rw-report --input due --in-doubt hold
	assert_status 0
	run jq -r 'select(.event == "request").target' "$HTTP_SCRIPT_LOG"
	assert_output '/ping/start
/ping'
}
