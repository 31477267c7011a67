# rw-report (report_helpers.bash): parallel runs, ended runs, and their files.

load report_helpers

# ---- locks -----------------------------------------------------------------

# A run that stays in rw-gen until "go" exists; its process is $held.
hold_run() {
	stub gen 'while [ ! -e "$calls.go" ]; do sleep 0.1; done; exec cat'
	dash "$bin/rw-report" --input "$due_file" 3>&- &
	held=$!
	wait_for 10 called gen
}

@test "a second run on the host: 75, and the holder of the lock is named" {
	hold_run
	report
	assert_status 75
	assert_stderr_has "rw-run: error: run $(basename "$(last_run)") (process $held) is already running on this host"
	touch "$calls.go"
	wait "$held"
}

@test "--lock-wait waits for the other run" {
	hold_run
	report --lock-wait 1
	assert_status 75
	(sleep 1; touch "$calls.go") 3>&- &
	report --lock-wait 30
	assert_status 0
	wait "$held"
	local runs=("$RW_STATE_DIR"/runs/*.lock)
	assert_equal "${#runs[@]}" 2
}

@test "runs of different shards run in parallel, others exclude each other" {
	stub list 'exec cat "'"$due_file"'"'
	stub gen 'while [ ! -e "$calls.go" ]; do sleep 0.1; done; exec cat'
	dash "$bin/rw-report" --shard 1/2 3>&- &
	held=$!
	wait_for 10 called gen
	run dash "$bin/rw-report" --shard 1/2
	assert_status 75
	run dash "$bin/rw-report" --period 2025-06
	assert_status 75
	stub gen 'exec cat'
	run dash "$bin/rw-report" --shard 2/2
	assert_status 0
	touch "$calls.go"
	wait "$held"
}

@test "the script killed: its run is alive while a stage is, the host's lock is free" {
	hold_run
	local lock
	lock=$(last_run).lock
	kill -9 "$held"
	wait "$held" || true
	run flock -n "$lock" true
	assert_status 1
	stub gen 'exec cat'
	report
	assert_status 0
	touch "$calls.go"
	wait_for 10 flock -n "$lock" true
}

# terminate_during STAGE: a run, in $held, gets TERM while STAGE is running. The
# stage continues until $calls.go exists.
terminate_during() {
	: >"$calls"
	rm -f "$calls.go"
	stub "$1" 'trap "" TERM; echo "ready now" >>"$calls"; while [ ! -e "$calls.go" ]; do sleep 0.1; done; exec cat'
	# shellcheck disable=SC2086
	setsid ${sh} "$bin/rw-report" --input "$due_file" \
		2>"$BATS_TEST_TMPDIR/words" 3>&- &
	held=$!
	wait_for 10 called ready
	kill -TERM -- "-$held"
}

@test "asked to terminate: the current stage ends, no other begins, 143" {
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		terminate_during gen
		touch "$calls.go"
		status=0
		wait "$held" || status=$?
		assert_status 143
		assert_file_has "$BATS_TEST_TMPDIR/words" \
			'stopped by a request to terminate'
		refute called put
		refute called mail
	done
}

@test "asked to terminate during the mail: the run waits for rw-mail's end" {
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		terminate_during mail
		sleep 0.3
		[ -d "$(last_run)/reports" ] || [ -d "$(last_run)" ]
		kill -0 "$held" || fail 'the script did not wait'
		touch "$calls.go"
		status=0
		wait "$held" || status=$?
		assert_status 143
	done
}

@test "asked to terminate during the mail: what was sent is recorded" {
	for sh in "${SHELLS[@]}"; do
		use_shell "$sh"
		: >"$calls"
		rm -f "$calls.go"
		stub mail 'trap "" TERM; read -r first; echo "got it" >>"$calls"
			while [ ! -e "$calls.go" ]; do sleep 0.1; done
			echo "$first"; exec cat'
		stub result 'cat >"$calls.recorded"'
		# shellcheck disable=SC2086
		setsid ${sh} "$bin/rw-report" --input "$due_file" \
			2>"$BATS_TEST_TMPDIR/words" 3>&- &
		held=$!
		wait_for 10 called got
		kill -TERM -- "-$held"
		sleep 0.3
		touch "$calls.go"
		status=0
		wait "$held" || status=$?
		assert_status 143
		assert_lines 5 "$calls.recorded"
	done
}

# ---- the state directory ---------------------------------------------------

@test "only the owner can read the state directory" {
	umask 000
	report --keep
	assert_status 0
	run find "$RW_STATE_DIR" -perm /077
	assert_output ''
}

@test "reports are removed with the run, and kept with --keep and --out" {
	stub gen 'shift; mkdir -p "$1" && : >"$1/report.pdf"; exec cat'
	report
	assert_equal "$(find "$RW_STATE_DIR" -name report.pdf)" ''
	report --keep
	assert_equal "$(find "$RW_STATE_DIR" -name report.pdf)" \
		"$RW_STATE_DIR/reports/report.pdf"
	report --out "$BATS_TEST_TMPDIR/o o"
	[ -e "$BATS_TEST_TMPDIR/o o/report.pdf" ]
}

@test "files that are removed with the run need no sync, others do" {
	report
	assert_file_has "$calls" '--no-sync'
	report --dry-run --keep
	assert_equal "$(grep -c -e --no-sync "$calls")" 2
	: >"$calls"
	report --keep
	report --out "$BATS_TEST_TMPDIR/out"
	assert_equal "$(grep -c '^gen ' "$calls")" 2
	refute grep -e --no-sync "$calls"
}

@test "the files of old runs are removed, those of live runs are not" {
	local where=$RW_STATE_DIR/runs
	mkdir -p "$where"/{old,killed,alive}/reports
	touch "$where"/{killed,alive}.lock
	touch -d '40 days ago' "$where"/{old,alive}.lock
	exec 8>>"$where/alive.lock"
	touch -d '40 days ago' "$where/alive.lock"
	flock 8
	report
	exec 8>&-
	assert_status 0
	[ ! -e "$where/old" ]
	[ ! -e "$where/old.lock" ]
	[ -e "$where/killed" ]
	[ ! -e "$where/killed/reports" ]
	[ -e "$where/alive/reports" ]
}

@test "a search for old files does not make a dead run look alive" {
	local where=$RW_STATE_DIR/runs
	mkdir -p "$where"
	touch "$where/dead.lock"
	# The check of rw-record --claim in a different shard.
	flock -s -F "$where/dead.lock" sleep 20 3>&- &
	mkdir -p "$where/dead/reports"
	sleep 0.2
	report
	kill "$!"
	assert_status 0
	[ ! -e "$where/dead/reports" ]
}

@test "no state directory is 78" {
	unset RW_STATE_DIR XDG_STATE_HOME
	HOME='' report
	assert_status 78
	assert_stderr_has 'no place for state'
}

@test "a full disk in the state directory: 74, nobody is mailed, the reason is named" {
	[ "$(id -u)" = 0 ] || skip 'only root may mount'
	local small=$BATS_TEST_TMPDIR/small
	mkdir "$small"
	mount -t tmpfs -o size=64k tmpfs "$small" || skip 'no tmpfs here'
	seq -f '{"follower_id":"f-%g","x":"0123456789012345678901234567890"}' \
		400 >"$due_file"
	stub gen 'cat || exit 74'
	RW_STATE_DIR=$small report
	local got=$status
	umount "$small"
	assert_equal "$got" 74
	assert_stderr_has 'rw-report: error: '
	refute called mail
}
