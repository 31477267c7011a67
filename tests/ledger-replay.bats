#!/usr/bin/env bats
# rw-record --replay records the outcomes of runs again in a ledger that has
# lost them. On both back ends; sqlite-copy.bats tests an older copy of a SQLite
# file.

load ledger_helpers

# run_done ID [COMMAND]: COMMAND gives the claimed lines on standard input an
# outcome, which the run ID records.
run_done() {
	mkdir -p "$RW_STATE_DIR/runs/$1"
	: >"$RW_STATE_DIR/runs/$1.lock"
	RW_RUN_ID=$1 rw-record --claim ${3:+"$3"} | ${2:-mailed} |
		RW_RUN_ID=$1 rw-record --result \
			>"$RW_STATE_DIR/runs/$1/done" || true
}

# Replaces the ledger by a new, empty one.
lose_ledger() {
	case ${MONGO_URI:+mongo} in
	mongo) new_database ;;
	*) rm -f "$RW_LEDGER"* ;;
	esac
	rw-record --init 2>/dev/null
	assert_equal "$(rw-status --all --json)" ''
}

assert_replayed() {
	assert_status "${2:-0}"
	assert_output_has "$1"
}

@test "a lost ledger is restored: no follower is mailed a second time" {
	lines 5 2025-06 '"total_pnl":"85.25","commission_amount":"17.05"' |
		run_done 20250701T060000Z-a
	lines 7 2025-07 | run_done 20250801T060000Z-a
	rw-status --all --json --show-urls | jq -c 'del(.updated_at, .created_at,
		.lease_until, .lease_boot_ms, .run_locked, .run_lock, .boot_id,
		.attempts)' >before
	lose_ledger
	run rw-record --replay "$RW_STATE_DIR"
	assert_replayed 'found 12 lines of 2 runs, the oldest 20250701T060000Z-a; applied 12, known before 0'
	rw-status --all --json --show-urls | jq -c 'del(.updated_at, .created_at,
		.lease_until, .lease_boot_ms, .run_locked, .run_lock, .boot_id,
		.attempts)' >after
	diff before after
	run rw-record --lookup < <(lines 7 2025-07)
	assert_status 0
	assert_output ''
	run rw-record --claim < <(lines 5)
	assert_status 0
	assert_output ''
}

@test "a lost ledger knows the edition of a mail in doubt again" {
	lines 1 | run_done 20250701T060000Z-a doubtful
	lines 1 2025-07 | run_done 20250801T060000Z-a doubtful
	# The second run was of release 1.0.0.
	sed -i 's/"mail_edition":2,//' "$RW_STATE_DIR"/runs/20250801*/done
	lose_ledger
	rw-record --replay "$RW_STATE_DIR"
	assert_json "$(lines 1 | rw-record --claim 2>/dev/null)" .mail_edition 2
	assert_json "$(lines 1 2025-07 | rw-record --claim 2>/dev/null)" \
		.mail_edition 1
}

@test "a second replay changes nothing" {
	lines 3 | run_done 20250701T060000Z-a
	lose_ledger
	rw-record --replay "$RW_STATE_DIR"
	rw-status --all --json >before
	run rw-record --replay "$RW_STATE_DIR"
	assert_replayed 'applied 0, known before 3'
	rw-status --all --json | diff before -
}

@test "each state is restored, and has the same effect" {
	lines 1 2025-06 | run_done 20250701T060000Z-a
	lines 2 2025-06 | tail -n 1 | run_done 20250701T060000Z-b refused
	lines 3 2025-06 | tail -n 1 | run_done 20250701T060000Z-c doubtful
	lose_ledger
	run rw-record --replay "$RW_STATE_DIR"
	assert_replayed 'applied 3'
	assert_entry f-1 '[.state, .email_sent, .run_id]' \
		'["sent",true,"20250701T060000Z-a"]'
	assert_entry f-2 '[.state, .email_sent]' '["failed",false]'
	assert_entry f-3 '[.state, .email_sent]' '["in_doubt",false]'
	run --separate-stderr rw-record --claim < <(lines 3)
	assert_status 0
	assert_equal "$(jq -r .follower_id <<<"$output" | xargs)" 'f-2 f-3'
	assert_stderr_has 'the same message may go out a second time'
}

@test "sent again and revised: the last sending counts, in any order" {
	lines 1 | run_done 20250701T060000Z-a
	lines 1 | run_done 20250702T060000Z-a mailed --again
	lines 1 2025-06 '"revision":2' | run_done 20250703T060000Z-a mailed --revise
	assert_entry f-1 '[.revision, .sequence, .state]' '[2,0,"sent"]'
	# The newest outcome comes first.
	mv "$RW_STATE_DIR/runs/20250703T060000Z-a" \
		"$RW_STATE_DIR/runs/20240703T060000Z-a"
	lose_ledger
	run rw-record --replay "$RW_STATE_DIR"
	assert_replayed 'applied 1, known before 2'
	assert_entry f-1 '[.revision, .sequence, .state]' '[2,0,"sent"]'
	lose_ledger
	mv "$RW_STATE_DIR/runs/20240703T060000Z-a" \
		"$RW_STATE_DIR/runs/20250703T060000Z-a"
	run rw-record --replay "$RW_STATE_DIR"
	assert_replayed 'applied 3, known before 0'
	assert_entry f-1 '[.revision, .sequence, .state]' '[2,0,"sent"]'
}

@test "a line that is not newer than the entry changes nothing" {
	lines 1 | run_done 20250701T060000Z-a
	lines 1 2025-06 '"revision":2' | run_done 20250703T060000Z-a refused --revise
	rw-status --all --json >before
	run rw-record --replay "$RW_STATE_DIR"
	assert_replayed 'applied 0, known before 2'
	rw-status --all --json | diff before -
}

@test "failed, tried again and sent: the state is sent" {
	lines 1 | run_done 20250701T060000Z-a refused
	lines 1 | run_done 20250702T060000Z-a
	# The order of the names has no meaning.
	mv "$RW_STATE_DIR/runs/20250701T060000Z-a" \
		"$RW_STATE_DIR/runs/20250703T060000Z-a"
	lose_ledger
	run rw-record --replay "$RW_STATE_DIR"
	assert_replayed 'applied 1, known before 1'
	assert_entry f-1 .state sent
}

@test "the claims of a live run are not changed, and are named" {
	lines 2 | run_done 20250701T060000Z-a
	lose_ledger
	start_run live-1
	lines 1 | rw-record --claim >claimed
	entry f-1 . >before
	run rw-record --replay "$RW_STATE_DIR"
	assert_status 75
	assert_output_has 'f-1 2025-06: run live-1 has claimed it and may still be running'
	assert_output_has 'applied 1'
	entry f-1 . | diff before -
	assert_entry f-2 .state sent
	# Its outcome is recorded as usual.
	mailed <claimed | rw-record --result >done
	kill_run
	assert_entry f-1 '[.state, .run_id]' '["sent","live-1"]'
}

@test "a sent mail replaces the claim of a dead run" {
	lines 1 | run_done 20250701T060000Z-a
	lose_ledger
	start_run dead-1
	lines 1 | rw-record --claim >claimed
	kill_run
	run rw-record --replay "$RW_STATE_DIR"
	assert_replayed 'applied 1'
	assert_entry f-1 '[.state, .run_id]' '["sent","20250701T060000Z-a"]'
}

@test "a claim in the copy gets the outcome that was recorded for it" {
	lines 2 | RW_RUN_ID=r1 rw-record --claim >claimed
	mkdir -p "$RW_STATE_DIR/runs/r1"
	mailed <claimed | jq -c '. + {state: "sent"}' >"$RW_STATE_DIR/runs/r1/done"
	run rw-record --replay "$RW_STATE_DIR"
	assert_replayed 'applied 2'
	assert_entry f-1 '[.state, .email_sent, .attempts]' '["sent",true,1]'
}

@test "outcomes that only a journal has are replayed too, and the journal stays" {
	start_run r1
	lines 3 | rw-record --claim >claimed
	{
		begun <claimed
		head -n 1 claimed | mailed |
			jq -c '{journal: "sent"} + .'
		sed -n 2p claimed | refused | jq -c '{journal: "failed"} + .'
	} | journal r1
	kill_run
	mkdir -p "$RW_STATE_DIR/runs"
	lose_ledger
	run rw-record --replay "$RW_STATE_DIR"
	assert_replayed 'found 3 lines of 0 runs'
	assert_entry f-1 .state sent
	assert_entry f-2 .state failed
	assert_entry f-3 .state in_doubt
	ls "$RW_STATE_DIR"/journal/*.jsonl
	lines 3 | rw-record --claim >claimed
	assert_equal "$(jq -r .follower_id claimed | xargs)" 'f-2 f-3'
	refute ls "$RW_STATE_DIR"/journal/*.jsonl
	assert_entry f-1 .state sent
}

@test "lines without an outcome, damaged and foreign ones" {
	lines 2 | run_done 20250701T060000Z-a
	mkdir "$RW_STATE_DIR/runs/b" "$RW_STATE_DIR/runs/c"
	{
		lines 1 | jq -c '. + {follower_id: "f-8", state: "claimed"}'
		lines 1 | jq -c '. + {follower_id: "f-9", state: "rehearsed",
			email_sent: false}'
	} >"$RW_STATE_DIR/runs/b/done"
	{
		echo '{"some":"thing"}'
		echo '{"follower_id":"f-7","report_per'
		lines 1
	} >"$RW_STATE_DIR/runs/c/done"
	lose_ledger
	run rw-record --replay "$RW_STATE_DIR"
	assert_status 65
	assert_output_has 'found 7 lines of 3 runs'
	assert_output_has 'applied 2, known before 0, without an outcome 2, damaged 3'
	assert_output_has "$RW_STATE_DIR/runs/c/done, line 1: "
	assert_output_has "$RW_STATE_DIR/runs/c/done, line 2: "
	assert_output_has "$RW_STATE_DIR/runs/c/done, line 3: "
	refute grep -q f-8 <(rw-status --all --json)
	refute grep -q f-9 <(rw-status --all --json)
}

@test "mailed under a claim that was lost counts as sent" {
	mkdir -p "$RW_STATE_DIR/runs/a"
	lines 1 | rw-record --claim | mailed | jq -c '. + {error: {tool: "rw-record",
		kind: "refused", message: "the claim was lost", retryable: false}}' \
		>"$RW_STATE_DIR/runs/a/done"
	lose_ledger
	rw-record --replay "$RW_STATE_DIR"
	assert_entry f-1 .state sent
}

@test "a killed replay is begun again" {
	lines 250 | run_done 20250701T060000Z-a
	lose_ledger
	RW_FAULT=rw-record:replay-committed:2 run rw-record --replay "$RW_STATE_DIR"
	assert_status 137
	[ "$(rw-status --all --json | wc -l)" = 200 ]
	run rw-record --replay "$RW_STATE_DIR"
	assert_status 0
	run rw-record --claim < <(lines 250)
	assert_output ''
}

@test "--dry-run reports the actions, and does nothing" {
	lines 2 | run_done 20250701T060000Z-a
	lose_ledger
	run rw-record --replay "$RW_STATE_DIR" --dry-run
	assert_replayed 'applied 2'
	assert_equal "$(rw-status --all --json)" ''
}

@test "a directory without runs, a link and a pipe" {
	run rw-record --replay "$PWD/nowhere"
	assert_status 78
	assert_output_has "$PWD/nowhere/runs"
	mkdir -p d/runs/a d/runs/b d/runs/c/done
	ln -s /etc/passwd d/runs/a/done
	mkfifo d/runs/b/done
	run timeout 20 rw-record --replay d
	assert_status 0
	assert_output_has 'found 0 lines of 0 runs'
}

@test "--init reports runs to replay, and --replay reports that older runs are missing" {
	lines 1 | run_done 20250701T060000Z-a
	case ${MONGO_URI:+mongo} in
	mongo) new_database ;;
	*) rm -f "$RW_LEDGER"* ;;
	esac
	run rw-record --init
	assert_status 0
	assert_output_has "rw-record --replay $RW_STATE_DIR brings that back"
	run rw-record --replay "$RW_STATE_DIR"
	assert_status 0
	assert_output_has 'the oldest run that is kept, 20250701T060000Z-a, ended at'
	assert_output_has 'cannot be known here (RW_KEEP_DAYS)'
	run rw-record --init
	assert_output_lacks 'brings that back'
}

@test "outcomes that a later run took from a journal are replayed too" {
	start_run r1
	mkdir -p "$RW_STATE_DIR/runs/r1"
	lines 3 | rw-record --claim >claimed
	{
		begun <claimed
		head -n 1 claimed | mailed | jq -c '{journal: "sent"} + .'
	} | journal r1
	kill_run
	printf '{"follower_id":"f-9","report_period":"2025-06"}\n' |
		rw-record --claim --in-doubt hold >/dev/null
	refute ls "$RW_STATE_DIR"/journal/*.jsonl
	assert_entry f-1 .state sent
	assert_entry f-2 .state in_doubt
	assert_lines 3 "$RW_STATE_DIR/runs/r1/folded"
	lose_ledger
	run rw-record --replay "$RW_STATE_DIR"
	assert_replayed 'found 3 lines of 1 runs, the oldest r1; applied 3'
	assert_entry f-1 .state sent
	assert_entry f-2 .state in_doubt
	assert_entry f-3 .state in_doubt
}
