#!/usr/bin/env bats
# An older copy of the SQLite ledger. The state directory counts the writes, and
# a file with fewer writes is refused, so that nobody is mailed twice because a
# report is missing in the copy. No other file is refused.

load helpers

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export RW_LEDGER=$PWD/ledger.db
	rw-record --init
}

line() {
	printf '{"follower_id":"f-%s","report_period":"2025-06"}\n' "$@"
}

# sent N...: records these followers as mailed.
sent() {
	line "$@" | rw-record --claim | jq -c '. + {email_sent: true,
		delivery: "links", message_id: "<\(.follower_id)@x>",
		pdf_url: "https://s/p", excel_url: "https://s/x"}' |
		rw-record --result >done
	assert_lines $# done
}

copy() {
	sqlite3 "$RW_LEDGER" "VACUUM INTO '$1'"
}

# Replaces the ledger by the copy.
restore() {
	rm -f "$RW_LEDGER"*
	cp "$1" "$RW_LEDGER"
}

id() {
	sqlite3 "$RW_LEDGER" 'SELECT id FROM report_ledger'
}

# Prints the count in the state directory.
counted() {
	awk '{ print $2 + 0 }' "$RW_STATE_DIR/ledgers/$(id)"
}

writes() {
	sqlite3 "$RW_LEDGER" 'SELECT writes FROM report_ledger'
}

assert_old() {
	local args
	for args in --lookup '--lookup --chosen' --claim --result --check \
		'--resolve retry'; do
		# shellcheck disable=SC2086
		run --separate-stderr rw-record $args < <(line 1 2)
		assert_status 78
		assert_output ''
		assert_stderr_has "the ledger $RW_LEDGER is an older copy"
		assert_stderr_has "rw-record --replay $RW_STATE_DIR"
	done
}

assert_current() {
	run --separate-stderr rw-record --lookup < <(line "$@")
	assert_status 0
	assert_output ''
	assert_stderr ''
}

@test "each write is counted, in the file and in the state directory" {
	local before
	before=$(writes)
	sent 1
	[ "$(writes)" -ge $((before + 2)) ]
	assert_equal "$(counted)" "$(writes)"
	assert_equal "$(stat -c %a "$RW_STATE_DIR/ledgers/$(id)")" 600
}

@test "an older copy is refused by every tool that would rely on it" {
	sent 1
	copy backup.db
	sent 2
	restore backup.db
	assert_old
	# Reading changes nothing.
	run --separate-stderr rw-status --all --json
	assert_status 0
	assert_lines 1 <(printf '%s\n' "$output")
	assert_stderr_has 'is an older copy'
	run --separate-stderr rw-record --lookup --dry-run < <(line 2)
	assert_status 0
	assert_equal "$(jq -r .follower_id <<<"$output")" f-2
	assert_stderr_has 'is an older copy'
	assert_old
}

@test "rw-report mails nobody with an older copy" {
	copy backup.db
	sent 1 2
	restore backup.db
	line 1 2 | jq -c '. + {email: "\(.follower_id)@example.com",
		commission_pct: 20, daily_pnl: {"2025-06-02": "1"}}' >due
	export RW_MAIL_TRANSPORT=maildir:$PWD/mails SMTP_TLS=false \
		REPORT_SENDER_EMAIL=reports@example.com
	run rw-report --input due --period 2025-06
	assert_status 78
	assert_output_has "rw-record --replay $RW_STATE_DIR"
	refute ls mails/new/*
}

@test "a write-ahead log that was lost makes an older copy" {
	sent 1
	sqlite3 "$RW_LEDGER" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
	# While a process has the file open, writes stay in the log.
	mkfifo pipe
	sqlite3 "$RW_LEDGER" <pipe >/dev/null 3>&- &
	local pid=$!
	exec 4>pipe
	echo 'PRAGMA wal_autocheckpoint=0; SELECT count(*) FROM report_sent;' >&4
	sent 2
	[ -s ledger.db-wal ]
	cp ledger.db cut.db
	exec 4>&-
	wait "$pid"
	restore cut.db
	assert_old
}

@test "killed between the commit and the counter: the ledger is ahead, and accepted" {
	line 1 | RW_FAULT=rw-record:ledger-committed rw-record --claim >out ||
		assert_equal $? 137
	[ "$(counted)" -lt "$(writes)" ]
	run --separate-stderr rw-record --resolve retry < <(line 1)
	assert_status 0
	assert_equal "$(counted)" "$(writes)"
}

@test "eight processes write at once: the counter has the last number" {
	local i pids=()
	for i in 1 2 3 4 5 6 7 8; do
		line {1..20} | sed "s/f-/f-$i-/" |
			rw-record --claim --batch 1 >"out.$i" 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i" || fail "a process failed"
	done
	[ "$(writes)" -gt 160 ]
	assert_equal "$(counted)" "$(writes)"
}

@test "processes that begin together in a new state directory do not refuse the ledger" {
	local i pids=() round
	for round in 1 2 3; do
		rm -rf "$RW_STATE_DIR"
		for i in 1 2 3 4 5 6 7 8; do
			line {1..5} | sed "s/f-/f-$round-$i-/" |
				rw-record --claim --batch 1 >/dev/null 3>&- &
			pids+=($!)
		done
		for i in "${pids[@]}"; do
			wait "$i" || fail "a process failed"
		done
		pids=()
	done
}

@test "a state directory without a counter, or with an older one, proves nothing" {
	sent 1
	cp -r "$RW_STATE_DIR" older
	copy backup.db
	sent 2
	rm -r "$RW_STATE_DIR"
	mv older "$RW_STATE_DIR"
	assert_current 1 2
	rm -r "$RW_STATE_DIR"
	restore backup.db
	assert_current 1
	# The count begins here.
	copy again.db
	sent 2
	restore again.db
	assert_old
}

@test "a ledger that was moved or renamed is the same ledger" {
	sent 1
	copy backup.db
	sent 2
	mkdir there
	mv "$RW_LEDGER" there/renamed.db
	export RW_LEDGER=$PWD/there/renamed.db
	assert_current 1 2
	sent 3
	restore backup.db
	assert_old
}

@test "a different ledger in its place is not compared with it" {
	sent 1 2 3
	mv ledger.db other.db
	rm -f ledger.db-*
	rw-record --init
	run rw-record --lookup < <(line 1)
	assert_status 0
	assert_output "$(line 1)"
	sent 1
	mv other.db ledger.db
	rm -f ledger.db-*
	assert_current 1 2 3
}

@test "two state directories share a ledger: each has its own counter" {
	local first=$RW_STATE_DIR second=$PWD/second
	sent 1
	RW_STATE_DIR=$second sent 2
	copy backup.db
	sent 3
	assert_current 1 2 3
	restore backup.db
	export RW_STATE_DIR=$first
	assert_old
	# This state directory has seen no later write.
	RW_STATE_DIR=$second assert_current 1 2
}

@test "a copy with its own state directory is accepted" {
	sent 1
	copy rehearsal.db
	RW_LEDGER=$PWD/rehearsal.db RW_STATE_DIR=$PWD/elsewhere sent 2 3
	assert_current 1
	sent 4
	assert_current 1 4
}

@test "a copy from before a migration, in place of a newer file" {
	cp "$ROOT/tests/data/1.0.0/ledger.db" old.db
	chmod u+w old.db
	export RW_LEDGER=$PWD/migrated.db
	restore old.db
	rw-record --resolve sent < <(printf '{"follower_id":"%s","report_period":"2025-06"}\n' f-doubt)
	run rw-record --lookup < <(line 1)
	assert_status 0
	sent 1
	restore old.db
	assert_old
}

@test "--init begins a count only for a new ledger" {
	sent 1
	copy backup.db
	sent 2
	restore backup.db
	run rw-record --init
	assert_status 0
	assert_old
	rm -f "$RW_LEDGER"*
	rw-record --init
	assert_equal "$(counted)" "$(writes)"
	run rw-record --lookup < <(line 1)
	assert_status 0
	assert_output "$(line 1)"
}

@test "a damaged counter is named" {
	sent 1
	echo nonsense >"$RW_STATE_DIR/ledgers/$(id)"
	run rw-record --claim < <(line 2)
	assert_status 74
	assert_output_has "$RW_STATE_DIR/ledgers/$(id) is damaged"
}

# done_by RUN N...: makes the files that rw-report keeps of a run.
done_by() {
	local run=$1
	shift
	sent "$@"
	mkdir -p "$RW_STATE_DIR/runs/$run"
	cp done "$RW_STATE_DIR/runs/$run/done"
}

@test "an older copy is brought up to date by --replay" {
	done_by 20250701T060000Z-a 1
	copy backup.db
	done_by 20250702T060000Z-a 2 3
	restore backup.db
	assert_old
	run rw-record --replay "$RW_STATE_DIR"
	assert_status 0
	assert_output_has 'found 3 lines of 2 runs, the oldest 20250701T060000Z-a; applied 2, known before 1'
	assert_equal "$(counted)" "$(writes)"
	assert_current 1 2 3
	done_by 20250703T060000Z-a 4
	assert_current 1 2 3 4
}

@test "--replay --none accepts the copy by the operator's decision" {
	sent 1
	copy backup.db
	sent 2
	restore backup.db
	mkdir -p "$RW_STATE_DIR/runs"
	run rw-record --replay "$RW_STATE_DIR"
	assert_status 78
	assert_output_has 'since nothing was found'
	assert_output_has 'rw-record --replay --none'
	assert_old
	run rw-record --replay --none
	assert_status 0
	assert_output_has 'is current as it is'
	assert_current 1
}

@test "with a damaged line the ledger stays refused until the operator accepts it" {
	copy backup.db
	done_by 20250701T060000Z-a 1 2
	echo '{"follower_id":"f-3' >>"$RW_STATE_DIR/runs/20250701T060000Z-a/done"
	restore backup.db
	run rw-record --replay "$RW_STATE_DIR"
	assert_status 78
	assert_output_has 'done, line 3'
	assert_output_has 'since not every line was applied'
	assert_old
	rw-record --replay --none
	assert_current 1 2
}

@test "each state directory that shares an older copy has to replay" {
	local first=$RW_STATE_DIR second=$PWD/second i
	sent 1
	RW_STATE_DIR=$second sent 2
	copy backup.db
	done_by 20250701T060000Z-a 3
	export RW_STATE_DIR=$second
	done_by 20250701T060000Z-b 4
	restore backup.db
	assert_old
	RW_STATE_DIR=$first rw-record --replay "$first"
	# With any number of later writes.
	for i in 10 11 12 13 14 15 16; do
		RW_STATE_DIR=$first sent $i
	done
	assert_old
	rw-record --replay "$second"
	assert_current 1 2 3 4
	RW_STATE_DIR=$first assert_current 1 2 3 4
}

@test "the file that an older copy has replaced now counts as older" {
	done_by 20250701T060000Z-a 1
	copy backup.db
	done_by 20250702T060000Z-a 2
	cp ledger.db original.db
	restore backup.db
	rw-record --replay "$RW_STATE_DIR" >/dev/null
	sent 3
	restore original.db
	assert_old
}

@test "a copy from before a migration is brought up to date" {
	mkdir older
	export RW_LEDGER=$PWD/older/ledger.db
	cp "$ROOT/tests/data/1.0.0/ledger.db" older/
	chmod u+w "$RW_LEDGER"
	done_by 20250701T060000Z-a 1
	restore "$ROOT/tests/data/1.0.0/ledger.db"
	chmod u+w "$RW_LEDGER"
	assert_old
	rw-record --replay "$RW_STATE_DIR"
	assert_current 1
}

@test "a run after the replay mails only the followers who were not mailed" {
	line {1..6} | jq -c '. + {email: "\(.follower_id)@example.com",
		commission_pct: 20, daily_pnl: {"2025-06-02": "1"}}' >due
	export RW_MAIL_TRANSPORT=maildir:$PWD/mails SMTP_TLS=false \
		REPORT_SENDER_EMAIL=reports@example.com
	copy backup.db
	head -n 3 due >some
	run rw-report --input some --period 2025-06
	assert_status 0
	restore backup.db
	run rw-report --input due --period 2025-06
	assert_status 78
	rw-record --replay "$RW_STATE_DIR"
	run rw-report --input due --period 2025-06
	assert_status 0
	assert_equal "$(cat mails/new/* | grep -ci '^To:')" 6
	assert_equal "$(cat mails/new/* | grep -i '^To:' | sort | uniq -d)" ''
}
