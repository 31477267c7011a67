#!/usr/bin/env bats
# The contract of the ledger (ledger_helpers.bash): claims.

load ledger_helpers

@test "a claim adds its members and leaves all others byte for byte" {
	local line='{"x":0.10,"follower_id":"f-1","n":12345678901234567890,"report_period":"2025-06","ü":"\u0041"}'
	run --separate-stderr rw-record --claim --run-id r1 <<<"$line"
	assert_status 0
	assert_stderr ''
	[[ $output == "${line%\}}"',"run_id":"r1","claim":"'* ]] ||
		fail 'the line was changed'
	assert_json "$output" '[.revision,.sequence,.state]' '[1,0,"claimed"]'
	[[ $(json .claim <<<"$output") =~ ^[0-9a-f]{32}-[0-9a-f]{8}$ ]]
	[[ $(json .lease_until <<<"$output") == 20*Z ]]
	[[ $(json .mail_date <<<"$output") == 20*Z ]]
	assert_entry f-1 '[.state,.email_sent,.minio_upload,.run_id,.attempts]' \
		'["claimed",false,false,"r1",1]'
}

@test "an outcome that is already on a line does not count for the new mail" {
	run rw-record --claim <<<'{"follower_id":"f-1","report_period":"2025-06","email_sent":true,"sent_timestamp":"2025-01-01T00:00:00Z","message_id":"m","delivery":"links"}'
	assert_json "$output" '[has("email_sent"),has("sent_timestamp"),has("message_id"),has("delivery")]' \
		'[false,false,false,false]'
}

@test "eight processes at once: exactly one process passes each of 2,000 followers" {
	lines 2000 >in
	claim_eightfold 2000
}

@test "eight processes at once over failed entries: the same" {
	lines 1000 >in
	rw-record --claim <in | refused | rw-record --result >/dev/null
	claim_eightfold 1000
}

@test "a duplicate follower in one input passes once, at any distance" {
	{
		lines 2
		lines 1
		lines 1200 | tail -n 1100
		lines 2
	} >in
	rw-record --claim --verbose <in >out 2>err
	assert_lines 1102 out
	assert_file_has err '3 of 1105 are duplicates of earlier lines of this input'
	assert_equal "$(jq -r .follower_id out | sort | uniq -d)" ''
}

@test "parallel batches keep the order of the lines, and count all lines" {
	lines 1500 >in
	sed -n '300,999p' in | rw-record --claim | mailed | rw-record --result >/dev/null
	{
		cat in
		lines 1500 2025-07
		cat in
	} >all
	rw-record --claim --batch 100 --run-id r2 <all >out 2>err
	jq -r '[.follower_id, .report_period] | @tsv' out >passed
	{
		sed '300,999d' in
		lines 1500 2025-07
	} | jq -r '[.follower_id, .report_period] | @tsv' | cmp - passed
	assert_equal "$(rw-status --run r2 --json |
		json '[.duplicate,.already_sent]')" '[800,1400]'
}

@test "the first line of a follower passes, with any batch size" {
	local batch i
	for batch in 1 2 3; do
		for ((i = 1; i <= 60; i++)); do
			lines 1 "2025-0$batch" "\"n\":$i"
		done >in
		rw-record --claim --batch "$batch" <in >out
		assert_equal "$(jq .n out)" 1
	done
}

@test "a duplicate follower with one malformed line: the good line is mailed" {
	local order
	for order in 'broken cat' 'cat broken' 'broken cat broken'; do
		export RW_RUN_ID=r-${order// /-} RW_LEDGER=$order.db
		[ -z "${MONGO_URI:-}" ] || new_database
		rw-record --init
		for how in $order; do
			lines 1 | $how
		done | rw-record --claim >claimed
		assert_equal "$(jq -r 'select(.error == null) | .claim' claimed | wc -l)" 1
		jq -c 'select(.error == null)' claimed | mailed >done
		jq -c 'select(.error != null)' claimed >>done
		run --separate-stderr rw-record --result <done
		assert_status 0
		assert_stderr ''
		assert_lines "$(wc -l <done)" <(printf '%s\n' "$output")
		assert_entry f-1 '[.state,.email_sent,.last_error]' '["sent",true,null]'
		assert_equal "$(rw-status --run "$RW_RUN_ID" --json |
			json '.sent + .duplicate')" "$(wc -w <<<"$order")" "$order"
	done
}

@test "a duplicate follower: the malformed line is recorded before the good line arrives" {
	mkfifo pipe
	export RW_RUN_ID=r1
	rw-record --claim <pipe >claimed 2>err 3>&- &
	local claim=$!
	exec 7>pipe
	lines 1 | broken >&7
	wait_for 5 test -s claimed
	rw-record --result <claimed >/dev/null
	assert_entry f-1 .state failed
	lines 1 >&7
	exec 7>&-
	wait "$claim"
	sed -n 2p claimed | mailed | rw-record --result >/dev/null
	assert_entry f-1 '[.state,.last_error]' '["sent",null]'
	assert_equal "$(rw-status --run r1 --json | json '[.sent,.failed,.duplicate]')" \
		'[1,0,1]'
}

@test "a malformed line before a good one: --again and --revise count from the same entry" {
	local how
	lines 1 | rw-record --claim | mailed | rw-record --result >/dev/null
	for how in --again --revise; do
		lines 1 | rw-record --lookup $how >looked
		{ broken <looked; cat looked; } | rw-record --claim $how >claimed
		assert_lines 2 claimed
		assert_equal "$(sed -n 2p claimed | json '[.revision,.sequence]')" \
			"$(sed -n 1p claimed | json '[.revision,.sequence]')"
		{ sed -n 2p claimed | mailed; sed -n 1p claimed; } |
			rw-record --result >/dev/null
		assert_entry f-1 '[.state,.email_sent]' '["sent",true]'
	done
	assert_entry f-1 '[.revision,.sequence]' '[2,0]'
}

@test "a report that a live run has claimed is not passed on" {
	start_run r1
	lines 3 | rw-record --claim >/dev/null
	RW_RUN_ID=r2 RW_LEASE=1 run rw-record --claim --verbose < <(lines 3)
	assert_status 0
	assert_output_has '3 of 3 are claimed by a run that is still running'
	assert_output_lacks follower_id
}

@test "a live run keeps its claims after their lease has ended" {
	start_run r1
	lines 1 | RW_LEASE=1 rw-record --claim >/dev/null
	sleep 2.1
	RW_RUN_ID=r2 run rw-record --claim < <(lines 1)
	assert_output ''
}

@test "the claims of a dead run are taken over at once" {
	start_run r1
	lines 3 | rw-record --claim >first
	kill_run
	run --separate-stderr rw-record --claim --run-id r2 < <(lines 3)
	assert_status 0
	assert_stderr ''
	assert_equal "$(json .run_id <<<"$output" | sort -u)" r2
	assert_entry f-1 '[.attempts,.state]' '[2,"claimed"]'
	assert_equal "$(jq -r .mail_date first | head -n 1)" \
		"$(head -n 1 <<<"$output" | json .mail_date)"
}

@test "an orphaned stage counts as living" {
	start_run r1
	lines 1 | rw-record --claim >/dev/null
	# flock(1) represents the script, and sleep a stage that outlives it.
	local stage
	stage=$(pgrep -P "$holder")
	kill -9 "$holder"
	wait "$holder" 2>/dev/null || true
	RW_RUN_ID=r2 run rw-record --claim < <(lines 1)
	assert_output ''
	kill -9 "$stage"
	wait_for 5 eval '! is_locked "$RW_STATE_DIR/runs/r1.lock"'
	RW_RUN_ID=r2 run rw-record --claim < <(lines 1)
	assert_output_has follower_id
	holder=
}

@test "a claim made by hand ends with its lease, and is not in doubt" {
	lines 1 | RW_LEASE=2 rw-record --claim >/dev/null
	run rw-record --quiet --claim < <(lines 1)
	assert_output ''
	sleep 2.1
	run --separate-stderr rw-record --claim < <(lines 1)
	assert_output_has follower_id
	assert_stderr ''
}

@test "a claim made by hand: other processes report it, and the operator frees it" {
	lines 1 | rw-record --claim >claimed
	run --separate-stderr rw-record --claim --run-id r2 < <(lines 1)
	assert_output ''
	assert_stderr_has '1 of 1 are claimed by a pipeline typed by hand'
	assert_equal "$(rw-status --run r2 --json | json .claimed_elsewhere)" 1
	# The report certainly was not sent: rw-mail had not begun.
	run --separate-stderr rw-record --resolve sent <claimed
	assert_status 1
	assert_stderr_has 'it is claimed by run '
	rw-record --resolve retry <claimed >out
	assert_json "$(cat out)" .state failed
	run rw-record --claim < <(lines 1)
	assert_output_has follower_id
	# The former holder of the claim cannot write.
	run rw-record --result < <(mailed <claimed)
	assert_status 1
}

@test "a claim of a live run is not freed" {
	start_run r1
	lines 1 | rw-record --claim >claimed
	run --separate-stderr rw-record --resolve retry <claimed
	assert_status 1
	assert_stderr_has 'it is claimed by run '
}

@test "no other process claims a report that rw-mail is sending, even after its lease" {
	lines 2 | RW_LEASE=1 rw-record --claim >claimed
	sed -n 1p claimed | begun | journal hand
	hold "$RW_STATE_DIR/journal/hand.1.20250701.jsonl"
	sleep 1.1
	run rw-record --claim --run-id r2 < <(lines 2)
	assert_equal "$(json .follower_id <<<"$output")" f-2
	assert_equal "$(rw-status --run r2 --json | json .claimed_elsewhere)" 1
	run --separate-stderr rw-record --resolve retry < <(sed -n 1p claimed)
	assert_status 1
	assert_stderr_has 'it is claimed by run '
	run rw-record --result < <(sed -n 1p claimed | mailed)
	assert_status 0
	assert_entry f-1 .state sent
}

@test "the claim of a different host ends with its lease, and is in doubt" {
	start_run r1
	lines 1 | RW_HOST=elsewhere RW_LEASE=2 rw-record --claim >first
	kill_run
	run rw-record --claim < <(lines 1)
	assert_output ''
	sleep 2.1
	run --separate-stderr rw-record --claim --in-doubt hold --run-id r2 \
		< <(lines 1)
	assert_output ''
	assert_stderr_has '1 of 1 are in doubt and were held back'
	run --separate-stderr rw-record --claim --run-id r3 < <(lines 1)
	assert_output_has follower_id
	assert_stderr_has 'the same message may go out a second time'
	# The same message: its id and date derive from these.
	assert_equal "$(json '[.revision,.sequence,.mail_date]' <<<"$output")" \
		"$(json '[.revision,.sequence,.mail_date]' first)"
	assert_equal "$(rw-status --run r2 --json | json .held)" 1
	assert_equal "$(rw-status --run r3 --json | json .resent)" 1
}

@test "the same host with a different state directory counts as a different host" {
	start_run r1
	lines 1 | RW_LEASE=60 rw-record --claim >/dev/null
	kill_run
	RW_STATE_DIR=$BATS_TEST_TMPDIR/other run rw-record --claim < <(lines 1)
	assert_output ''
}

@test "a run with a name that rw-mail refuses claims nothing" {
	RW_RUN_ID=a:b run --separate-stderr rw-record --claim < <(lines 1)
	assert_status 78
	assert_output ''
	run -78 rw-record --claim --run-id ../a < <(lines 1)
	assert_entry f-1 .state ''
}

@test "a second host with the same name and paths counts as a different host" {
	start_run r1
	lines 1 | RW_LEASE=60 rw-record --claim >/dev/null
	# The view of a copy of this container.
	mv "$RW_STATE_DIR" elsewhere
	run rw-record --claim --run-id r2 < <(lines 1)
	assert_output ''
	mv "$RW_STATE_DIR" another
	mv elsewhere "$RW_STATE_DIR"
	kill_run
	run rw-record --claim --run-id r3 < <(lines 1)
	assert_output_has follower_id
}

@test "processes that begin together use the same ID of the state directory" {
	local i pids=()
	rm -rf "$RW_STATE_DIR"
	for i in 1 2 3 4 5 6 7 8; do
		lines 1 "2025-0$i" | rw-record --claim 3>&- >/dev/null &
		pids+=($!)
	done
	wait "${pids[@]}"
	assert_equal "$(rw-status --all --json | jq -r .state_dir | sort -u | wc -l)" 1
	assert_equal "$(find "$RW_STATE_DIR" -maxdepth 1 -type f | wc -l)" 1
}
