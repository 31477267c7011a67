# shellcheck shell=bash
# For tests of the ledger: live and dead runs, and parallel runs.

teardown() {
	[ -z "${holder:-}" ] || kill_run
	drop_database
	stop_own_servers
}

# A run that is alive until it is told to end; RW_RUN_ID is its ID.
start_run() {
	mkdir -p "$RW_STATE_DIR/runs"
	export RW_RUN_ID=$1
	flock "$RW_STATE_DIR/runs/$1.lock" sleep 300 3>&- &
	holder=$!
	wait_for 5 is_locked "$RW_STATE_DIR/runs/$1.lock"
}

is_locked() {
	[ -e "$1" ] && ! flock -n "$1" true
}

# The sleep inherits the lock, as a stage of rw-report does.
kill_run() {
	pkill -9 -P "$holder"
	wait "$holder" 2>/dev/null || true
	holder=
	unset RW_RUN_ID
}

# hold FILE: holds the lock of the file like its writer, until kill_run.
hold() {
	flock "$1" sleep 300 3>&- &
	holder=$!
	wait_for 5 is_locked "$1"
}

# Eight processes claim the lines in the file "in", each in a different order:
# exactly one process passes each of N followers.
claim_eightfold() {
	local i pids=()
	for i in 1 2 3 4 5 6 7 8; do
		shuf in | rw-record --claim >"out.$i" 2>"err.$i" 3>&- &
		pids+=($!)
	done
	wait "${pids[@]}"
	assert_equal "$(grep -hv 'claimed by a pipeline typed by hand' err.*)" ''
	jq -r .follower_id out.* | sort >ids
	assert_lines "$1" ids
	assert_equal "$(uniq -d ids)" ''
}
