#!/usr/bin/env bats
# The contract of the ledger (ledger_helpers.bash): journals of dead runs, and
# rw-record killed in the middle.

load ledger_helpers

@test "the journal of a dead run is replayed before its claims are taken" {
	start_run r1
	lines 4 | rw-record --claim >claimed
	{
		sed -n '1,3p' claimed | begun
		sed -n 1p claimed | mailed | jq -c '{journal: "sent"} + .'
		sed -n 2p claimed | refused | jq -c '{journal: "failed"} + .'
	} | journal r1
	kill_run
	run --separate-stderr rw-record --claim --run-id r2 < <(lines 4)
	assert_status 0
	assert_stderr_has 'the journal of a run that ended early: 2 outcomes recorded, 1 in doubt'
	# f-1 is sent, f-2 failed, f-3 was begun, f-4 was not begun.
	assert_equal "$(json .follower_id <<<"$output" | tr '\n' ' ')" 'f-2 f-3 f-4 '
	assert_entry f-1 '[.state,.run_id,.pdf_url]' '["sent","r1","https://s/p"]'
	assert_equal "$(rw-status --run r2 --json | json .resent)" 1
	assert_equal "$(find "$RW_STATE_DIR/journal" -name '*.jsonl')" ''
}

@test "the journal of a run without unrecorded outcomes causes no message" {
	start_run r1
	lines 2 | rw-record --claim >claimed
	sed -n 1p claimed | mailed >done
	sed -n 2p claimed | doubtful >>done
	{
		begun <claimed
		sed -n 1p done | jq -c '{journal: "sent"} + .'
		sed -n 2p done | jq -c '{journal: "in_doubt"} + .'
	} | journal r1
	rw-record --result <done >/dev/null
	kill_run
	run --separate-stderr rw-record --claim --run-id r2 < <(lines 1 2025-07)
	assert_status 0
	assert_stderr ''
	assert_equal "$(find "$RW_STATE_DIR/journal" -name '*.jsonl')" ''
}

@test "the journal of a different ledger is not touched" {
	start_run r1
	lines 2 | rw-record --claim >claimed
	mailed <claimed | jq -c '{journal: "sent"} + .' | journal r1
	kill_run
	(
		unset MONGO_URI
		export RW_LEDGER=$BATS_TEST_TMPDIR/another.db
		rw-record --init
		lines 2 2025-05 | rw-record --claim --run-id r2 >/dev/null
		assert_equal "$(rw-status --run r2 --json | json .not_done)" 0
	)
	run rw-record --claim --run-id r3 < <(lines 2)
	assert_output_lacks follower_id
	assert_entry f-1 .state sent
	assert_equal "$(find "$RW_STATE_DIR/journal" -name '*.jsonl')" ''
}

@test "the journal of a live writer is not touched" {
	lines 1 | rw-record --claim >claimed
	begun <claimed | journal hand
	local file=$RW_STATE_DIR/journal/hand.1.20250701.jsonl
	hold "$file"
	lines 2 | rw-record --claim >/dev/null
	[ -s "$file" ]
	assert_entry f-1 .state claimed
	pkill -9 -P "$holder"
	wait "$holder" 2>/dev/null || true
	holder=
	run rw-record --claim --in-doubt hold < <(lines 1)
	assert_entry f-1 .state in_doubt
}

@test "a run dies while a second run claims: its journal is replayed first" {
	start_run r1
	lines 3 | sed 2d | rw-record --claim >claimed
	# The second run has replayed the journals, and waits for its input.
	mkfifo pipe
	RW_RUN_ID=r2 rw-record --claim <pipe >second 2>err 3>&- &
	local second=$!
	exec 7>pipe
	lines 2 | tail -n 1 >&7
	wait_for 5 test -s second
	sed -n 1p claimed | mailed | jq -c '{journal: "sent"} + .' | journal r1
	kill_run
	lines 3 | sed 2d >&7
	exec 7>&-
	wait "$second"
	assert_equal "$(jq -r .follower_id second | tr '\n' ' ')" 'f-2 f-3 '
	assert_entry f-1 .state sent
}

@test "killed between a write and the removal: the journal is replayed again" {
	start_run r1
	lines 2 | rw-record --claim >claimed
	{
		begun <claimed
		sed -n 1p claimed | mailed | jq -c '{journal: "sent"} + .'
	} | journal r1
	kill_run
	RW_FAULT=rw-record:journal-replayed run rw-record --claim < <(lines 2)
	assert_status 137
	assert_output ''
	# The operator settles the doubt; the journal must not undo it.
	rw-status --in-doubt --json | rw-record --resolve sent >/dev/null
	run rw-record --claim < <(lines 2)
	assert_output_lacks follower_id
	assert_entry f-1 .state sent
	assert_entry f-2 .state sent
}

@test "killed after a claim was written: nothing was sent, the next run takes it over" {
	start_run r1
	RW_FAULT=rw-record:claim-committed run rw-record --claim < <(lines 3)
	assert_status 137
	assert_output ''
	kill_run
	run rw-record --claim < <(lines 3)
	assert_lines 3 <(printf '%s\n' "$output")
}

@test "at most --batch reports are claimed at a time" {
	RW_FAULT=rw-record:claim-committed run rw-record --claim --batch 2 \
		< <(lines 5)
	assert_status 137
	assert_equal "$(rw-status --all --json | grep -c '"state":"claimed"')" 2
	local batch
	for batch in 0 501 many; do
		run --separate-stderr rw-record --claim --batch $batch </dev/null
		assert_status 64
		assert_stderr "rw-record: error: --batch is \"$batch\": expected a whole number from 1 to 500"
	done
}

@test "killed between the history and the entry: the report is sent once" {
	lines 1 | rw-record --claim --run-id r1 | mailed | rw-record --result >/dev/null
	RW_FAULT=rw-record:history-kept run rw-record --claim --again --run-id r2 \
		< <(lines 1)
	assert_status 137
	assert_entry f-1 '[.state,.sequence,.run_id]' '["sent",0,"r1"]'
	assert_equal "$(rw-status --run r1 --json | json '[.sent,.links]')" '[1,1]'
	run rw-record --lookup < <(lines 1)
	assert_output ''
	lines 1 | rw-record --claim --again --run-id r3 | mailed |
		rw-record --result >/dev/null
	assert_entry f-1 '[.state,.sequence,.run_id]' '["sent",1,"r3"]'
	assert_equal "$(rw-status --run r1 --json | json .sent)" 1
	assert_equal "$(rw-status --run r3 --json | json .sent)" 1
}

@test "killed: no files are left in /dev/shm" {
	RW_FAULT=rw-record:claim-committed rw-record --claim < <(lines 1) &
	local pid=$!
	wait "$pid" || true
	[ ! -e "/dev/shm/mongoc-$pid" ]
}

@test "killed after an outcome was written: the ledger has it once" {
	lines 3 | rw-record --claim --run-id r1 | mailed >done
	RW_FAULT=rw-record:result-committed run rw-record --result <done
	assert_status 137
	assert_equal "$(rw-status --run r1 --json | json .sent)" 3
	rw-record --result <done >/dev/null
	assert_equal "$(rw-status --run r1 --json | json .sent)" 3
}
