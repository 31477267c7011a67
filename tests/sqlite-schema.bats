#!/usr/bin/env bats
# The schema of the SQLite ledger: files of earlier releases are read without
# changes, and migrated when they are opened for writing. Release 1.0.0 made
# tests/data/1.0.0 (see make.sh there), which never changes.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export RW_LEDGER=$PWD/ledger.db
	old=$ROOT/tests/data/1.0.0
	cp "$old/ledger.db" .
	chmod u+w ledger.db
}

sql() {
	sqlite3 "${2:-$RW_LEDGER}" "$1"
}

version() {
	sql 'PRAGMA user_version' "$@"
}

# Prints the version that this program writes.
current() {
	[ -e new.db ] || RW_LEDGER=$PWD/new.db rw-record --init 2>/dev/null
	version new.db
}

one_line() {
	printf '{"follower_id":"%s","report_period":"2025-06"}\n' "$1"
}

# Expects every member that release 1.0.0 printed, with its value.
assert_known() {
	rw-status --all --json --show-urls >now
	assert_lines "$(wc -l <"$old/status.jsonl")" now
	jq -s -e '[.[:length / 2], .[length / 2:]] | transpose |
		all(.[1] == .[1] + .[0])' "$old/status.jsonl" now >/dev/null ||
		fail 'something of the old ledger is lost' \
			"$(diff "$old/status.jsonl" now)"
}

@test "a ledger of 1.0.0 is read without being changed" {
	assert_known
	assert_equal "$(rw-status --run 20250701T071000Z --json |
		jq -c .already_sent)" 2
	run rw-record --claim --dry-run < <(one_line f-sent && one_line f-new)
	assert_status 0
	assert_output_has f-new
	assert_output_lacks f-sent
	cmp ledger.db "$old/ledger.db"
	# This release counts the lines that it drops.
	run rw-record --lookup < <(one_line f-links && one_line f-new)
	assert_status 0
	assert_output "$(one_line f-new)"
	assert_equal "$(version)" 1
}

@test "a ledger of 1.0.0 is migrated when it is opened for writing" {
	rw-record --claim </dev/null
	assert_equal "$(version)" "$(current)"
	[ "$(version)" -gt 1 ]
	assert_known
	assert_equal "$(rw-status --run 20250701T071000Z --json |
		jq -c .already_sent)" 2
	assert_equal "$(sql 'PRAGMA integrity_check')" ok
}

@test "a migrated ledger and a new one have the same tables" {
	rw-record --claim </dev/null
	current >/dev/null
	local table
	for table in report_sent report_sent_history report_runs report_ledger; do
		assert_equal "$(sql "PRAGMA table_info($table)")" \
			"$(sql "PRAGMA table_info($table)" new.db)"
	done
	# So that the complete earlier entry is copied to the history.
	assert_equal "$(sql "SELECT name FROM pragma_table_info('report_sent')")" \
		"$(sql "SELECT name FROM pragma_table_info('report_sent_history')")"
}

@test "each ledger gets an id of its own" {
	rw-record --claim </dev/null
	current >/dev/null
	local id
	id=$(sql 'SELECT id FROM report_ledger')
	[[ $id =~ ^[0-9a-f]{32}$ ]]
	[ "$id" != "$(sql 'SELECT id FROM report_ledger' new.db)" ]
}

@test "a migrated ledger works: after a report is sent again, the history has the previous entry" {
	one_line f-sent | rw-record --claim --again >claimed
	assert_lines 1 claimed
	assert_equal "$(sql "SELECT state, high_water_mark_after
		FROM report_sent_history WHERE follower_id='f-sent'")" \
		'sent|1200.25'
	one_line f-links | rw-record --claim >claimed
	assert_lines 0 claimed
}

@test "mail that 1.0.0 left in doubt has the first edition, new mail has not" {
	{
		one_line f-doubt
		one_line f-failed
		one_line f-new
	} | rw-record --claim >claimed 2>/dev/null
	assert_equal "$(json '[.follower_id, .mail_edition]' claimed | sort)" \
		$'["f-doubt",1]\n["f-failed",2]\n["f-new",2]'
}

@test "eight processes migrate at once: one migrates, and all continue" {
	local i pids=()
	for i in 1 2 3 4 5 6 7 8; do
		one_line "f-$i" | rw-record --claim >"out.$i" 2>"err.$i" 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || fail "a process failed" "$(cat err.*)"
	done
	assert_lines 8 <(cat out.*)
	assert_equal "$(version)" "$(current)"
	assert_equal "$(sql 'SELECT count(*) FROM report_ledger')" 1
	assert_equal "$(sql 'PRAGMA integrity_check')" ok
}

@test "a migration that is killed leaves the old file, and is done again" {
	RW_FAULT=rw-record:schema-changed run rw-record --claim < <(one_line f-1)
	assert_status 137
	assert_known
	assert_equal "$(version)" 1
	one_line f-1 | rw-record --claim >claimed
	assert_lines 1 claimed
	assert_equal "$(version)" "$(current)"
}

@test "data in the write-ahead log is migrated too" {
	mkdir copy
	sqlite3 "$RW_LEDGER" >/dev/null <<-'SQL'
		PRAGMA wal_autocheckpoint=0;
		UPDATE report_sent SET last_error='from the log'
			WHERE follower_id='f-failed';
		.shell cp ledger.db ledger.db-wal copy/
	SQL
	[ -s copy/ledger.db-wal ]
	export RW_LEDGER=$PWD/copy/ledger.db
	rw-record --claim </dev/null
	assert_equal "$(version)" "$(current)"
	assert_equal "$(rw-status --failed --json | jq -r .last_error)" \
		'from the log'
}

@test "a migration meets a reader and a writer of the old file" {
	sqlite3 "$RW_LEDGER" >/dev/null 3>&- < <(
		echo 'BEGIN IMMEDIATE; SELECT count(*) FROM report_sent;'
		sleep 2
		echo "UPDATE report_sent SET last_error='late'
			WHERE follower_id='f-failed'; COMMIT;"
	) &
	sleep 0.5
	rw-record --claim </dev/null
	assert_equal "$(version)" "$(current)"
	assert_equal "$(rw-status --failed --json | jq -r .last_error)" late
}

@test "a newer ledger is refused with a message, by every tool" {
	rw-record --claim </dev/null
	sql 'PRAGMA user_version=99' >/dev/null
	local args
	for args in 'rw-record --lookup' 'rw-record --claim' 'rw-record --result' \
		'rw-record --check --claim' 'rw-record --init' \
		'rw-record --resolve sent' 'rw-status'; do
		# shellcheck disable=SC2086
		run $args < <(one_line f-sent)
		assert_status 78
		assert_output_has "$RW_LEDGER has schema version 99"
		assert_output_has "versions up to $(current)"
	done
	assert_equal "$(version)" 99
}

@test "--init migrates an old ledger, and keeps its contents" {
	rw-record --init
	assert_equal "$(version)" "$(current)"
	assert_known
}

@test "an old read-only file is read, and refused for writing" {
	[ "$(id -u)" != 0 ] || skip 'root may write any file'
	chmod 400 ledger.db
	assert_known
	run rw-record --claim < <(one_line f-new)
	assert_status 74
	assert_output_has "cannot migrate the ledger $RW_LEDGER: attempt to write a readonly database"
}

@test "a newer program migrates the file while this one is running: 78" {
	mkfifo pipe
	rw-record --claim --batch 1 <pipe >out 2>err 3>&- &
	local pid=$! status=0
	exec 4>pipe
	one_line f-1 >&4
	wait_for 10 test -s out
	sql 'PRAGMA user_version=99' >/dev/null
	one_line f-2 >&4
	exec 4>&-
	wait "$pid" || status=$?
	assert_equal "$status" 78
	assert_file_has err 'has schema version 99'
	assert_equal "$(jq -r .follower_id out)" f-1
}
